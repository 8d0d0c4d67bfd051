//! How far a session is in its life, and what its holder is told of it; the same for every carrier.
//!
//! Who moves it from one phase to the next is the link's business.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{RemoteError, SessionState};
use crate::psrp::{ErrorRecord, InvocationState};

/// Where a session stands.
#[derive(Clone)]
enum Phase {
    Opening,
    Opened,
    Closing,
    Closed,
    Broken(RemoteError),
}

/// The phase of one session, and those who wait for the next one.
pub(super) struct Life(watch::Sender<Phase>);

impl Life {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Phase::Opening))
    }

    /// Waits until the session is open, or is not going to be. `name`: the session's.
    pub(super) async fn until_open(
        &self,
        deadline: Instant,
        too_slow: RemoteError,
        cancel: &CancellationToken,
        name: &str,
    ) -> Result<(), RemoteError> {
        let mut phase = self.0.subscribe();
        tokio::select! {
            reached = tokio::time::timeout_at(deadline, phase.wait_for(|phase| !matches!(phase, Phase::Opening))) => {
                match reached.map(|phase| phase.map(|phase| phase.clone())) {
                    Ok(Ok(Phase::Opened)) => Ok(()),
                    Ok(Ok(Phase::Broken(problem))) => Err(problem),
                    Ok(_) => Err(RemoteError::SessionClosed { name: name.to_owned() }),
                    Err(_) => Err(too_slow),
                }
            }
            () = cancel.cancelled() => Err(RemoteError::Stopped),
        }
    }

    fn leave(&self, is_left: impl Fn(&Phase) -> bool, next: impl FnOnce() -> Phase) -> bool {
        self.0.send_if_modified(|phase| {
            let leaves = is_left(phase);
            if leaves {
                *phase = next();
            }
            leaves
        })
    }

    /// The server has opened it.
    pub(super) fn opened(&self) {
        self.leave(|phase| matches!(phase, Phase::Opening), || Phase::Opened);
    }

    /// It is lost; whether that is news. Only the first loss counts.
    pub(super) fn broken(&self, problem: &RemoteError) -> bool {
        self.leave(|phase| matches!(phase, Phase::Opening | Phase::Opened), || Phase::Broken(problem.clone()))
    }

    /// Somebody closes it; whether there is anything to close.
    pub(super) fn closing(&self) -> bool {
        self.leave(|phase| matches!(phase, Phase::Opening | Phase::Opened), || Phase::Closing)
    }

    pub(super) fn closed(&self) {
        self.0.send_replace(Phase::Closed);
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(&*self.0.borrow(), Phase::Opened)
    }

    pub(super) fn state(&self) -> SessionState {
        match &*self.0.borrow() {
            Phase::Opening => SessionState::Opening,
            Phase::Opened => SessionState::Opened,
            Phase::Closing => SessionState::Closing,
            Phase::Closed => SessionState::Closed,
            Phase::Broken(_) => SessionState::Broken,
        }
    }

    /// Why it was lost, if it was.
    pub(super) fn loss(&self) -> Option<RemoteError> {
        match &*self.0.borrow() {
            Phase::Broken(cause) => Some(cause.clone()),
            _ => None,
        }
    }
}

/// What the holder of a pipeline is told when the server says how it ended. `session`: its name.
pub(super) fn end_of_pipeline(
    state: InvocationState,
    reason: Option<Box<ErrorRecord>>,
    stop_was_asked: bool,
    session: &str,
    loss: Option<RemoteError>,
) -> Result<(), RemoteError> {
    match (state, reason) {
        (InvocationState::Failed, Some(record)) => Err(RemoteError::Failed(record)),
        (InvocationState::Failed, None) => Err(match loss {
            Some(cause) => RemoteError::SessionLost { name: session.to_owned(), cause: Arc::new(cause) },
            None => RemoteError::FailedSilently,
        }),
        (InvocationState::Stopped, _) if !stop_was_asked => Err(RemoteError::Stopped),
        _ => Ok(()),
    }
}

/// The key pair with which a session agrees on the key for its secrets; takes a while.
pub(super) async fn key_pair() -> Result<rsa::RsaPrivateKey, RemoteError> {
    let what = "making a key for secrets";
    let made = tokio::task::spawn_blocking(|| rsa::RsaPrivateKey::new(&mut rand::rngs::OsRng, 2048)).await;
    match made {
        Ok(Ok(key)) => Ok(key),
        Ok(Err(problem)) => Err(RemoteError::Carrier { what, reason: problem.to_string() }),
        Err(problem) => Err(RemoteError::Carrier { what, reason: problem.to_string() }),
    }
}
