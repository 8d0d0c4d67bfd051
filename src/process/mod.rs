//! The out-of-process carrier: the remoting protocol over a child's standard streams or an SSH subsystem.
//!
//! Lines come in and lines go out; starting programs and reading pipes is done by `remote` and `sim`.

mod acknowledge;
mod client;
mod packet;
mod server;
mod trace;

pub use acknowledge::{AcknowledgeAfter, Acknowledgements, Asked};
pub use client::ProcessClient;
pub use packet::{LINE_BYTES_MAX, PacketError, ProcessPacket};
pub use server::{ProcessServer, ProcessServerEvent};
pub use trace::{ProcessTrace, TracedLine};

use crate::psrp::PsrpError;

/// What can go wrong with a line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProcessError {
    /// The peer misbehaved: the line is no packet.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// The peer misbehaved: a packet that only the other side sends.
    #[error("a packet came from the side that does not send it")]
    WrongSide,
    /// The data break the remoting protocol.
    #[error(transparent)]
    Psrp(#[from] PsrpError),
}
