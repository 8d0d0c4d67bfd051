//! Live sessions: connect, run pipelines, stream their records, stop them, leave nothing behind.
//!
//! Joins the pure protocol rooms (`psrp`, `wsman`) with `transport`, the only one that knows both. Terminals,
//! prompts and Rhai are unknown here: whoever is in front hears of things through [`SessionObserver`].
//!
//! ```no_run
//! use std::sync::Arc;
//! use exsh::psrp::{Argument, CommandSpec, PipelineSpec, Record};
//! use exsh::remote::{ConnectionRequest, Nobody, RemoteError, connect};
//! use exsh::secret::{Credential, SecretString};
//!
//! # async fn example() -> Result<(), RemoteError> {
//! let credential = Credential::new("admin@contoso.com", SecretString::from("…"));
//! let session = connect(ConnectionRequest::new("https://mail.contoso.com/PowerShell/", credential), Arc::new(Nobody)).await?;
//! let command = CommandSpec::new("Get-Mailbox").argument(Argument::named("ResultSize", 10.into()));
//! let mut running = session.start(PipelineSpec::new(vec![command])).await?;
//! while let Some(record) = running.next().await {
//!     if let Record::Output(mailbox) = record? {
//!         let _ = mailbox;
//!     }
//! }
//! session.close().await;
//! # Ok(())
//! # }
//! ```

mod connect;
mod connect_options;
pub mod doctor;
pub mod endpoints;
mod error;
mod observer;
pub mod options;
mod phase;
mod pipeline;
mod process_address;
mod process_link;
mod process_pipeline;
mod psrp_link;
mod registry;
mod running;
mod session;
mod uri;
mod wsman_carrier;

pub use crate::psrp::Record;
pub use connect::{ConnectionRequest, check, connect};
pub use endpoints::{ENDPOINTS, Endpoint, EndpointState};
pub use error::{ErrorKind, Operation, RemoteError};
pub use observer::{Nobody, SessionObserver};
pub use options::{
    Authentication, ConnectOptions, OptionError, OutputBufferingMode, ProxyAccessType, ProxyAuthentication,
    SessionOption, Setting,
};
pub use process_address::{ProcessAddress, ProcessAddressError};
pub use registry::SessionRegistry;
pub use running::{Feeder, Running, Stopper};
pub use session::{Availability, Session, SessionInfo, SessionState};
pub use uri::{ConnectionUri, UriError};
