//! Envelope bytes over HTTP(S): sign-in, TLS, proxy, cookies, and a redacted record of the wire; mail over SMTP.
//!
//! The only client sockets of the program. Nothing here knows what is in an envelope, follows a redirect or tries
//! anything again: `remote` decides that.

mod error;
mod http;
pub mod probe;
mod smtp;
mod tls;
mod trace;

pub use error::TransportError;
pub use http::{Answer, HttpClient, HttpOptions, ProxyChoice};
pub use reqwest::Url;
pub use smtp::{Mail, MailError, MailSecurity, MailServer, send_mail};
pub use trace::Trace;
