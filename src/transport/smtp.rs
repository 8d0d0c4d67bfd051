//! Sends a mail by SMTP: text, HTML, attachments, over TLS or STARTTLS, signed in or not.
//!
//! One connection a mail. Not here: how scripts say what is to be sent.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Body, Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::secret::{Credential, ExposeSecret as _};

/// How long each step of the conversation may take.
const STEP_MAX: Duration = Duration::from_secs(60);

/// A mail to be sent.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    /// Who sends it: `ann@contoso.com` or `Ann <ann@contoso.com>`.
    pub from: String,
    /// Who gets it.
    pub to: Vec<String>,
    /// Who gets a copy.
    pub cc: Vec<String>,
    /// Who gets a copy that nobody sees.
    pub bcc: Vec<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The body as text.
    pub text: Option<String>,
    /// The body as HTML.
    pub html: Option<String>,
    /// Names and contents of attachments.
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// The server that takes it.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Who signs in, if anybody.
    pub credential: Option<Credential>,
    /// Accept a certificate of an unknown authority.
    pub skip_ca_check: bool,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// Not at all.
    Plain,
    /// By STARTTLS if the server offers it.
    Opportunistic,
    /// By STARTTLS, or not at all sent.
    StartTls,
    /// From the first byte.
    Tls,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// An address cannot be read.
    #[error("{address:?} is no mail address")]
    Address {
        /// As it was given.
        address: String,
    },
    /// The message cannot be put together.
    #[error("the message cannot be put together: {reason}")]
    Message {
        /// What is missing.
        reason: String,
    },
    /// A password would travel in the clear.
    #[error("the password would travel to {host} unencrypted")]
    PlainPassword {
        /// The server.
        host: String,
    },
    /// The server or the way there refused.
    #[error("{host} did not take the mail: {reason}")]
    Refused {
        /// The server.
        host: String,
        /// In its words.
        reason: String,
        /// Whether signing in was refused.
        sign_in: bool,
    },
}

/// Sends `mail` through `server`.
///
/// # Errors
/// What kept it from being sent; then nobody got it.
pub async fn send_mail(server: &MailServer, mail: Mail) -> Result<(), MailError> {
    let message = message(mail)?;
    let host = server.host.as_str();
    let refused = |error: lettre::transport::smtp::Error| MailError::Refused {
        host: host.to_owned(),
        reason: reason(&error),
        sign_in: error.status().is_some_and(|code| code.to_string() == "535"),
    };
    let tls = || {
        TlsParameters::builder(host.to_owned())
            .dangerous_accept_invalid_certs(server.skip_ca_check)
            .build_rustls()
            .map_err(&refused)
    };
    let tls = match server.security {
        MailSecurity::Plain => Tls::None,
        MailSecurity::Opportunistic => Tls::Opportunistic(tls()?),
        MailSecurity::StartTls => Tls::Required(tls()?),
        MailSecurity::Tls => Tls::Wrapper(tls()?),
    };
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(server.port)
        .tls(tls)
        .timeout(Some(STEP_MAX));
    if let Some(credential) = &server.credential {
        let encrypted = matches!(server.security, MailSecurity::StartTls | MailSecurity::Tls);
        if !encrypted && !is_this_machine(host) {
            return Err(MailError::PlainPassword { host: host.to_owned() });
        }
        let password = credential.password().expose_secret().to_owned();
        transport = transport.credentials(Credentials::new(credential.user_name().to_owned(), password));
    }
    transport.build().send(message).await.map(|_| ()).map_err(refused)
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The innermost words of an error: the server's own, where it said something.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    inner.to_string()
}

fn address(text: &str) -> Result<Mailbox, MailError> {
    text.trim().parse().map_err(|_| MailError::Address { address: text.to_owned() })
}

fn message(mail: Mail) -> Result<Message, MailError> {
    let mut builder = Message::builder().from(address(&mail.from)?).subject(mail.subject);
    type Add = fn(MessageBuilder, Mailbox) -> MessageBuilder;
    let receivers: [(&[String], Add); 3] =
        [(&mail.to, MessageBuilder::to), (&mail.cc, MessageBuilder::cc), (&mail.bcc, MessageBuilder::bcc)];
    for (addresses, add) in receivers {
        for text in addresses {
            builder = add(builder, address(text)?);
        }
    }
    if let Some(text) = &mail.reply_to {
        builder = builder.reply_to(address(text)?);
    }
    let unmade = |error: lettre::error::Error| MailError::Message { reason: error.to_string() };
    let body = match (mail.text, mail.html) {
        (Some(text), Some(html)) => MultiPart::alternative_plain_html(text, html),
        (None, Some(html)) => MultiPart::mixed().singlepart(SinglePart::html(html)),
        (text, None) => MultiPart::mixed().singlepart(SinglePart::plain(text.unwrap_or_default())),
    };
    if mail.attachments.is_empty() {
        return builder.multipart(body).map_err(unmade);
    }
    let any = || ContentType::parse("application/octet-stream").unwrap_or(ContentType::TEXT_PLAIN);
    let parts = mail.attachments.into_iter().fold(MultiPart::mixed().multipart(body), |parts, (name, bytes)| {
        parts.singlepart(Attachment::new(name).body(Body::new(bytes), any()))
    });
    builder.multipart(parts).map_err(unmade)
}
