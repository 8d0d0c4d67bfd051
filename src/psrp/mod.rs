//! The PowerShell Remoting Protocol ([MS-PSRP]): messages, fragments, runspace pool, pipeline, host calls, session key.
//!
//! Both roles, [`ClientPool`] and [`ServerPool`], are state machines without I/O: bytes, ids and keys come in, bytes and
//! events go out. Not here: what carries the bytes (`wsman`, `process`) and how values are written (`clixml`).

mod bag;
mod capability;
mod client;
mod error;
mod error_record;
mod fragment;
mod host;
mod host_method;
mod key;
mod message;
mod metadata;
mod outbox;
mod pipeline;
mod record;
mod secrets;
mod server;
mod state;
pub mod trace;

pub use capability::{PROTOCOL_2_0, PROTOCOL_2_3, PROTOCOL_2_4, PoolRequest, VersionTable};
pub use client::{Availability, ClientEvent, ClientPool, PoolOptions, UserEvent};
pub use error::PsrpError;
pub use error_record::{ErrorCategory, ErrorRecord};
pub use fragment::{
    Defragmenter, FRAGMENT_BYTES_DEFAULT, FRAGMENT_HEADER_BYTES, FragmentError, FragmentHeader, Fragmenter,
    ReceiveLimits,
};
pub use host::{HostCall, HostCoordinates, HostDefaultData, HostInfo, HostReply, HostResponse, HostSize, VOID_CALL_ID};
pub use host_method::HostMethod;
pub use key::{KeyProblem, RSA_BITS, public_key_from_text, public_key_text};
pub use message::{BYTE_ORDER_MARK, Destination, MESSAGE_HEADER_BYTES, Message, MessageType};
pub use metadata::{CommandQuery, CommandTypes};
pub use outbox::Packing;
pub use pipeline::{
    ApartmentState, Argument, CommandSpec, MERGE_INFORMATION_SINCE, MERGE_STREAMS_SINCE, Merges, PipelineSpec,
    RemoteStreamOptions, ResultTypes,
};
pub use record::{InformationRecord, InformationalRecord, ProgressRecord, Record};
pub use secrets::reveal_secrets;
pub use server::{ServerEvent, ServerOptions, ServerPool};
pub use state::{InvocationState, Packet, RunspacePoolState, StreamName, Target};
