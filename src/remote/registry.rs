//! All sessions of a program, so that every way out can close them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connect::{ConnectionRequest, open};
use super::{RemoteError, Session, SessionObserver, SessionState};

/// The sessions of a program; clones are handles to the same list.
#[derive(Clone, Default)]
pub struct SessionRegistry {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    sessions: Mutex<Vec<Session>>,
    leaving: CancellationToken,
    opening: TaskTracker,
}

impl SessionRegistry {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn sessions(&self) -> MutexGuard<'_, Vec<Session>> {
        self.shared.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a session and keeps it in the list. Dropping the future, or [`SessionRegistry::close_all`] meanwhile,
    /// takes the shell away again.
    ///
    /// # Errors
    /// As [`super::connect()`].
    pub async fn connect(
        &self,
        request: ConnectionRequest,
        observer: Arc<dyn SessionObserver>,
    ) -> Result<Session, RemoteError> {
        let cancel = self.shared.leaving.child_token();
        let guard = cancel.clone().drop_guard();
        let registry = self.clone();
        let opening = async move {
            let session = open(request, observer, cancel.clone()).await?;
            if cancel.is_cancelled() {
                session.close().await;
                return Err(RemoteError::Stopped);
            }
            registry.sessions().push(session.clone());
            Ok(session)
        };
        let opened = self.shared.opening.spawn(opening).await;
        guard.disarm();
        opened
            .unwrap_or_else(|lost| Err(RemoteError::Carrier { what: "opening the session", reason: lost.to_string() }))
    }

    /// The sessions that were not closed, in the order in which they were opened; lost ones are among them.
    #[must_use]
    pub fn list(&self) -> Vec<Session> {
        let mut sessions = self.sessions();
        sessions.retain(|session| !matches!(session.state(), SessionState::Closed));
        sessions.clone()
    }

    /// Closes one session and takes it off the list. Doing it again does nothing.
    pub async fn close(&self, session: &Session) {
        session.close().await;
        self.sessions().retain(|own| !own.same(session));
    }

    /// Closes all sessions at once, those still being opened too, and waits at most until the deadline.
    /// Gives true when all are closed. No session can be opened afterwards.
    pub async fn close_all(&self, deadline: Duration) -> bool {
        self.shared.leaving.cancel();
        let sessions: Vec<Session> = self.sessions().drain(..).collect();
        let closing: Vec<_> =
            sessions.into_iter().map(|session| tokio::spawn(async move { session.close().await })).collect();
        self.shared.opening.close();
        let all = async {
            for one in closing {
                let _ = one.await;
            }
            self.shared.opening.wait().await;
            // one that was just opened when the list was emptied
            let late: Vec<Session> = self.sessions().drain(..).collect();
            for session in late {
                session.close().await;
            }
        };
        tokio::time::timeout(deadline, all).await.is_ok()
    }
}

impl std::fmt::Debug for SessionRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.sessions().iter()).finish()
    }
}
