//! The out-of-process carrier: the remoting protocol over a child's standard streams or an SSH subsystem.
//!
//! Lines come in and lines go out; starting programs and reading pipes is done by `remote` and `sim`.

mod packet;

pub use packet::{LINE_BYTES_MAX, PacketError, ProcessPacket};
