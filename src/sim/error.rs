//! What can keep the simulator from starting. What a client does wrong is answered on the wire, not here.

use std::net::SocketAddr;

/// Why the simulator cannot start, or what was wrong with its options.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The address is in use or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// No certificate could be made for TLS.
    #[error("cannot make a certificate for the simulator: {reason}")]
    Certificate {
        /// What went wrong.
        reason: String,
    },
    /// A fault plan that cannot be read.
    #[error("fault plan, entry `{entry}`: {reason}")]
    FaultPlan {
        /// The entry, as written.
        entry: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A user that cannot be read.
    #[error("simulated user `{entry}`: {reason}")]
    User {
        /// The entry, its password left out.
        entry: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}
