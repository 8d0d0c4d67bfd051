//! The session as its user sees it: start pipelines, ask for its state, close it.
//!
//! What moves the bytes is behind [`Link`]: runspace pools over WS-Management today, others behind the same face.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use tokio::runtime;
use uuid::Uuid;

use super::RemoteError;
use super::running::Running;
use crate::psrp::{CommandQuery, PipelineSpec};

/// A future in a box, for the seams.
pub(super) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The state of a session, with PowerShell's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// Being opened.
    Opening,
    /// Usable.
    Opened,
    /// Being closed.
    Closing,
    /// Closed in order.
    Closed,
    /// Lost.
    Broken,
}

impl fmt::Display for SessionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Opening => "Opening",
            Self::Opened => "Opened",
            Self::Closing => "Closing",
            Self::Closed => "Closed",
            Self::Broken => "Broken",
        })
    }
}

/// Whether a session can take a command, with PowerShell's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// It can.
    Available,
    /// A command is running.
    Busy,
    /// It is not open.
    None,
}

impl fmt::Display for Availability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Available => "Available",
            Self::Busy => "Busy",
            Self::None => "None",
        })
    }
}

impl Availability {
    /// Of a session in this state that runs something or not.
    pub(super) const fn of(state: SessionState, busy: bool) -> Self {
        match (state, busy) {
            (SessionState::Opened, false) => Self::Available,
            (SessionState::Opened, true) => Self::Busy,
            _ => Self::None,
        }
    }
}

/// What a list of sessions shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// A small number, unique in this process.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// The runspace pool's id.
    pub instance_id: Uuid,
    /// The host it ended up at, after redirects.
    pub computer_name: String,
    /// The full URI it ended up at.
    pub uri: String,
    /// The user, as signed in with.
    pub user: String,
    /// The configuration, without the prefix of its URI.
    pub configuration: String,
    /// Its state.
    pub state: SessionState,
    /// Whether it can take a command.
    pub availability: Availability,
}

/// One kind of session behind the face of [`Session`].
///
/// A REST connection to Exchange Online becomes another implementation: `start` posts one cmdlet and feeds the
/// records of its answer into a [`Running`], `command_metadata` answers from its own catalogue, `close` signs out.
pub(super) trait Link: Send + Sync {
    fn info(&self) -> SessionInfo;
    fn start(self: Arc<Self>, spec: PipelineSpec) -> Result<Running, RemoteError>;
    fn command_metadata(self: Arc<Self>, query: CommandQuery) -> Result<Running, RemoteError>;
    fn private_data(&self) -> Option<crate::clixml::PsValue>;
    fn close(self: Arc<Self>) -> BoxFuture<()>;
    /// The runtime it lives on.
    fn runtime(&self) -> &runtime::Handle;
    /// Why it broke, if it did.
    fn loss(&self) -> Option<RemoteError>;
}

/// A live session; clones are handles to the same one. It closes when asked to, or when the last handle goes.
#[derive(Clone)]
pub struct Session {
    link: Arc<Handle>,
}

/// Closes the session in the background when nobody holds it any more.
struct Handle(Arc<dyn Link>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.runtime().spawn(Arc::clone(&self.0).close());
    }
}

impl Session {
    pub(super) fn new(link: Arc<dyn Link>) -> Self {
        Self { link: Arc::new(Handle(link)) }
    }

    /// Starts a pipeline. Failures on the way to the server come out of [`Running::next`].
    ///
    /// # Errors
    /// When the session is not open, or still runs another pipeline.
    #[expect(clippy::unused_async, reason = "other kinds of sessions may have to wait")]
    pub async fn start(&self, spec: PipelineSpec) -> Result<Running, RemoteError> {
        Arc::clone(&self.link.0).start(spec)
    }

    /// Asks for the metadata of commands: the first output is their `Count`, then comes one object each.
    ///
    /// # Errors
    /// As [`Session::start`].
    #[expect(clippy::unused_async, reason = "other kinds of sessions may have to wait")]
    pub async fn command_metadata(&self, query: CommandQuery) -> Result<Running, RemoteError> {
        Arc::clone(&self.link.0).command_metadata(query)
    }

    /// What the server said of itself when the session was opened (`ApplicationPrivateData`).
    #[must_use]
    pub fn private_data(&self) -> Option<crate::clixml::PsValue> {
        self.link.0.private_data()
    }

    /// What a list of sessions shows.
    #[must_use]
    pub fn info(&self) -> SessionInfo {
        self.link.0.info()
    }

    /// Its state.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.info().state
    }

    /// Why the session broke, if it did.
    #[must_use]
    pub fn loss(&self) -> Option<RemoteError> {
        self.link.0.loss()
    }

    /// Stops what runs and removes the session from the server. Doing it again does nothing; failures are swallowed,
    /// since there is nothing left to do about them.
    pub async fn close(&self) {
        Arc::clone(&self.link.0).close().await;
    }

    /// Whether both are handles to one session.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.link, &other.link)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.info();
        write!(f, "Session({} {}, {})", info.id, info.name, info.state)
    }
}

pub(super) fn not_open(info: &SessionInfo, loss: Option<RemoteError>) -> RemoteError {
    match loss {
        Some(cause) => RemoteError::SessionLost { name: info.name.clone(), cause: Arc::new(cause) },
        None => RemoteError::NotOpen { name: info.name.clone(), state: info.state },
    }
}
