//! `send_mail`: a report on its way to people.
//!
//! Not here: the protocol (`transport`).

use std::sync::Arc;

use rhai::{Dynamic, Map, Module};

use crate::secret::Credential;
use crate::transport::{Mail, MailError, MailSecurity, MailServer, send_mail};

use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::outcome::ErrorKind;
use super::super::state::{RhaiResult, State};
use super::described;
use super::files::failed;

const OPTIONS: [Known; 14] = [
    ("Server", &["SmtpServer"]),
    ("Port", &[]),
    ("Security", &["Tls"]),
    ("SkipCACheck", &[]),
    ("Credential", &[]),
    ("From", &[]),
    ("To", &[]),
    ("Cc", &[]),
    ("Bcc", &[]),
    ("ReplyTo", &[]),
    ("Subject", &[]),
    ("Body", &["Text"]),
    ("Html", &[]),
    ("Attachments", &["Attachment"]),
];

const SEND: &str = "Sends a mail by SMTP. Options: `Server`, `From`, `To`, `Cc`, `Bcc` (one address or several), `ReplyTo`,\n\
    `Subject`, `Body` (text), `Html`, `Attachments` (paths), `Port` (587), `Security` (starttls, tls, opportunistic,\n\
    none; found from the port), `Credential`. A password travels only encrypted, except to this machine.\n\
    # Example\n\
    ```rhai\n\
    try {\n\
    \u{20}   send_mail(#{ Server: \"mail.contoso.com\", From: \"nobody\", To: \"ann@contoso.com\", Subject: \"x\", Body: \"y\" });\n\
    } catch (error) { print(error.message); }\n\
    ```\n\
    ```text\n\
    \"nobody\" is no mail address\n\
    ```";

/// Registers the function.
pub(super) fn register(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    described("send_mail", &["mail: map", "()"], SEND).set_into_module(module, move |mail: Map| send(&shared, mail));
}

fn send(state: &State, mail: Map) -> RhaiResult<()> {
    let mut options = Options::read("send_mail", &OPTIONS, mail)?;
    let needed = |name: &str| Failure::script(format!("send_mail needs {name}"));
    let host = options.text("Server")?.filter(|host| !host.trim().is_empty()).ok_or_else(|| needed("Server"))?;
    let port = options.take("Port").map_or(Ok(587), |port| {
        let number = port.as_int().ok().and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0);
        number.ok_or_else(|| Failure::script("Port of send_mail is a number from 1 to 65535"))
    })?;
    let security = security(options.text("Security")?, port)?;
    let skip_ca_check = options.truth("SkipCACheck")?.unwrap_or(false);
    let credential = options.take("Credential").map(|value| {
        let credential = value.try_cast::<Credential>();
        credential.ok_or_else(|| Failure::script("Credential of send_mail is what get_credential() gives"))
    });
    let server = MailServer { host, port, security, credential: credential.transpose()?, skip_ca_check };
    let mut attachments = Vec::new();
    for path in options.texts("Attachments")?.unwrap_or_default() {
        let bytes = std::fs::read(&path).map_err(failed("read", &path))?;
        let name = std::path::Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned());
        attachments.push((name.unwrap_or(path), bytes));
    }
    let mail = Mail {
        from: options.text("From")?.ok_or_else(|| needed("From"))?,
        to: options.texts("To")?.filter(|all| !all.is_empty()).ok_or_else(|| needed("To"))?,
        cc: options.texts("Cc")?.unwrap_or_default(),
        bcc: options.texts("Bcc")?.unwrap_or_default(),
        reply_to: options.text("ReplyTo")?,
        subject: options.text("Subject")?.unwrap_or_default(),
        text: options.take("Body").map(|body: Dynamic| super::super::value::text_of(&body)),
        html: options.text("Html")?,
        attachments,
    };
    let sent = state.wait(async move { send_mail(&server, mail).await })?;
    Ok(sent.map_err(|error| explained(&error))?)
}

fn security(asked: Option<String>, port: u16) -> Result<MailSecurity, Failure> {
    match asked.map(|text| text.to_ascii_lowercase()).as_deref() {
        Some("starttls") => Ok(MailSecurity::StartTls),
        Some("tls" | "ssl") => Ok(MailSecurity::Tls),
        Some("opportunistic") => Ok(MailSecurity::Opportunistic),
        Some("none") => Ok(MailSecurity::Plain),
        Some(other) => Err(Failure::script(format!("Security of send_mail is {other}"))
            .hint("it is one of starttls, tls, opportunistic, none")),
        None => Ok(match port {
            465 => MailSecurity::Tls,
            25 => MailSecurity::Opportunistic,
            _ => MailSecurity::StartTls,
        }),
    }
}

fn explained(error: &MailError) -> Failure {
    let kind = match error {
        MailError::Refused { sign_in: true, .. } => ErrorKind::SignIn,
        MailError::Refused { .. } => ErrorKind::Network,
        _ => ErrorKind::Script,
    };
    let failure = Failure::new(kind, error.to_string());
    match error {
        MailError::PlainPassword { .. } => failure.hint("say Security: \"starttls\" or \"tls\""),
        _ => failure,
    }
}
