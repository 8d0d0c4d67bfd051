//! Who hears of what happens beside the records of a pipeline, and who answers when the server asks.

use std::time::Duration;

use crate::psrp::{HostCall, HostReply};

/// The session's view of the person in front of it. Every method has a default that does nothing, or refuses.
///
/// [`SessionObserver::host_call`] runs on a thread of its own and may take its time; the others must be quick.
pub trait SessionObserver: Send + Sync + 'static {
    /// A warning that belongs to no pipeline.
    fn warning(&self, text: &str) {
        let _ = text;
    }

    /// The session is being opened at another address, with the same credential.
    fn redirected(&self, uri: &str) {
        let _ = uri;
    }

    /// The server is busy; the same request goes out again after that time.
    fn throttled(&self, wait: Duration, reason: &str) {
        let _ = (wait, reason);
    }

    /// The connection could not be made and is tried again.
    fn reconnecting(&self, attempt: u32, reason: &str) {
        let _ = (attempt, reason);
    }

    /// The server calls the host. Only calls that want an answer and void calls that no record repeats come here.
    fn host_call(&self, call: &HostCall) -> HostReply {
        let _ = call;
        HostReply::refused("there is nobody to answer")
    }
}

/// Nobody: warnings are dropped, questions are refused.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl SessionObserver for Nobody {}
