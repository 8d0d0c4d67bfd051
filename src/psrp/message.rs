//! The message: a 40-byte header and a CLIXML body ([MS-PSRP] 2.2.1).
//!
//! Only the header is read here. What a body means is told by `pipeline`, `host` and the record types.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use uuid::Uuid;

use super::PsrpError;

/// Bytes of a message header ([MS-PSRP] 2.2.1).
pub const MESSAGE_HEADER_BYTES: usize = 40;

/// The byte order mark that PowerShell puts before every body that is not empty.
pub const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// To whom a message goes ([MS-PSRP] 2.2.1, Destination).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Destination {
    /// 1: from the server to the client.
    Client,
    /// 2: from the client to the server.
    Server,
}

impl Destination {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Client => 1,
            Self::Server => 2,
        }
    }
}

macro_rules! message_types {
    ($($(#[$doc:meta])* $variant:ident = $value:literal, $name:literal;)+) => {
        /// What a message is ([MS-PSRP] 2.2.1, MessageType).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum MessageType {
            $($(#[$doc])* $variant,)+
        }

        impl MessageType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> u32 {
                match self { $(Self::$variant => $value,)+ }
            }

            /// The type with that number.
            #[must_use]
            pub const fn from_number(number: u32) -> Option<Self> {
                match number { $($value => Some(Self::$variant),)+ _ => None }
            }

            /// The name in the protocol document.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

message_types! {
    /// Versions of one end (2.2.2.1).
    SessionCapability = 0x0001_0002, "SESSION_CAPABILITY";
    /// The client closes the pool (unused over WS-Management).
    CloseSession = 0x0001_0003, "CLOSE_SESSION";
    /// The client asks for a runspace pool (2.2.2.2).
    InitRunspacePool = 0x0001_0004, "INIT_RUNSPACEPOOL";
    /// The client's public key (2.2.2.3).
    PublicKey = 0x0001_0005, "PUBLIC_KEY";
    /// The session key, encrypted with the client's public key (2.2.2.4).
    EncryptedSessionKey = 0x0001_0006, "ENCRYPTED_SESSION_KEY";
    /// The server wants the client's public key (2.2.2.5).
    PublicKeyRequest = 0x0001_0007, "PUBLIC_KEY_REQUEST";
    /// The client connects to a disconnected pool (2.2.2.28).
    ConnectRunspacePool = 0x0001_0008, "CONNECT_RUNSPACEPOOL";
    /// New maximum of runspaces (2.2.2.6).
    SetMaxRunspaces = 0x0002_1002, "SET_MAX_RUNSPACES";
    /// New minimum of runspaces (2.2.2.7).
    SetMinRunspaces = 0x0002_1003, "SET_MIN_RUNSPACES";
    /// Answer to the requests about runspaces (2.2.2.8).
    RunspaceAvailability = 0x0002_1004, "RUNSPACE_AVAILABILITY";
    /// State of the pool (2.2.2.9).
    RunspacePoolState = 0x0002_1005, "RUNSPACEPOOL_STATE";
    /// The client starts a pipeline (2.2.2.10).
    CreatePipeline = 0x0002_1006, "CREATE_PIPELINE";
    /// How many runspaces are free (2.2.2.11).
    GetAvailableRunspaces = 0x0002_1007, "GET_AVAILABLE_RUNSPACES";
    /// A forwarded event (2.2.2.12).
    UserEvent = 0x0002_1008, "USER_EVENT";
    /// The server's private data (2.2.2.13).
    ApplicationPrivateData = 0x0002_1009, "APPLICATION_PRIVATE_DATA";
    /// The client asks for cmdlet metadata (2.2.2.14).
    GetCommandMetadata = 0x0002_100A, "GET_COMMAND_METADATA";
    /// Sizes of a pool that was connected to (2.2.2.29).
    RunspacePoolInitData = 0x0002_100B, "RUNSPACEPOOL_INIT_DATA";
    /// The client resets the runspace (2.2.2.32).
    ResetRunspaceState = 0x0002_100C, "RESET_RUNSPACE_STATE";
    /// The pool calls the client's host (2.2.2.15).
    RunspacePoolHostCall = 0x0002_1100, "RUNSPACEPOOL_HOST_CALL";
    /// The host's answer to the pool (2.2.2.16).
    RunspacePoolHostResponse = 0x0002_1101, "RUNSPACEPOOL_HOST_RESPONSE";
    /// One input object (2.2.2.17).
    PipelineInput = 0x0004_1002, "PIPELINE_INPUT";
    /// No more input (2.2.2.18).
    EndOfPipelineInput = 0x0004_1003, "END_OF_PIPELINE_INPUT";
    /// One output object (2.2.2.19).
    PipelineOutput = 0x0004_1004, "PIPELINE_OUTPUT";
    /// A non-terminating error (2.2.2.20).
    ErrorRecord = 0x0004_1005, "ERROR_RECORD";
    /// State of a pipeline (2.2.2.21).
    PipelineState = 0x0004_1006, "PIPELINE_STATE";
    /// A debug record (2.2.2.22).
    DebugRecord = 0x0004_1007, "DEBUG_RECORD";
    /// A verbose record (2.2.2.23).
    VerboseRecord = 0x0004_1008, "VERBOSE_RECORD";
    /// A warning (2.2.2.24).
    WarningRecord = 0x0004_1009, "WARNING_RECORD";
    /// A progress record (2.2.2.25).
    ProgressRecord = 0x0004_1010, "PROGRESS_RECORD";
    /// An information record (2.2.2.26).
    InformationRecord = 0x0004_1011, "INFORMATION_RECORD";
    /// A pipeline calls the client's host (2.2.2.27).
    PipelineHostCall = 0x0004_1100, "PIPELINE_HOST_CALL";
    /// The host's answer to a pipeline (2.2.2.28).
    PipelineHostResponse = 0x0004_1101, "PIPELINE_HOST_RESPONSE";
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A message whose header was read and whose body was not ([MS-PSRP] 2.2.1).
///
/// Numbers are little-endian, GUIDs in .NET's mixed order; the body keeps its byte order mark.
///
/// ```
/// use exsh::psrp::{Destination, Message, MessageType};
/// let message = Message {
///     destination: Destination::Server.number(),
///     kind: MessageType::EndOfPipelineInput.number(),
///     pool: uuid::Uuid::nil(),
///     pipeline: uuid::Uuid::nil(),
///     body: bytes::Bytes::new(),
/// };
/// let bytes = message.encode();
/// assert_eq!(&bytes[..8], [2, 0, 0, 0, 0x03, 0x10, 0x04, 0x00]);
/// assert_eq!(Message::decode(bytes.into())?, message);
/// # Ok::<(), exsh::psrp::PsrpError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The destination as it stands in the header.
    pub destination: u32,
    /// The message type as it stands in the header; see [`Message::message_type`].
    pub kind: u32,
    /// The runspace pool (RPID); all zero on capability and session-key messages of a server.
    pub pool: Uuid,
    /// The pipeline (PID); all zero on messages of the pool.
    pub pipeline: Uuid,
    /// The serialized data, with its byte order mark if it has one; may be empty.
    pub body: Bytes,
}

impl Message {
    /// Reads the header and keeps the rest as the body, without copying it.
    pub fn decode(bytes: Bytes) -> Result<Self, PsrpError> {
        if bytes.len() < MESSAGE_HEADER_BYTES {
            return Err(PsrpError::MessageTooShort { bytes: bytes.len() });
        }
        let mut guid = [0; 16];
        guid.copy_from_slice(&bytes[8..24]);
        let pool = Uuid::from_bytes_le(guid);
        guid.copy_from_slice(&bytes[24..40]);
        let pipeline = Uuid::from_bytes_le(guid);
        Ok(Self {
            destination: u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            kind: u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
            pool,
            pipeline,
            body: bytes.slice(MESSAGE_HEADER_BYTES..),
        })
    }

    /// The message as bytes, to be cut into fragments.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(MESSAGE_HEADER_BYTES + self.body.len());
        self.write_header(&mut out);
        out.extend_from_slice(&self.body);
        out
    }

    /// The message type, if it is a known one.
    #[must_use]
    pub const fn message_type(&self) -> Option<MessageType> {
        MessageType::from_number(self.kind)
    }

    /// The pipeline it is for; `None` for the pool.
    pub(super) fn pipeline(&self) -> Option<Uuid> {
        (!self.pipeline.is_nil()).then_some(self.pipeline)
    }

    /// The body without its byte order mark.
    #[must_use]
    pub fn body_without_mark(&self) -> &[u8] {
        self.body.strip_prefix(&BYTE_ORDER_MARK).unwrap_or(&self.body)
    }

    fn write_header(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.destination.to_le_bytes());
        out.extend_from_slice(&self.kind.to_le_bytes());
        out.extend_from_slice(&self.pool.to_bytes_le());
        out.extend_from_slice(&self.pipeline.to_bytes_le());
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.message_type().map_or_else(|| format!("{:#010x}", self.kind), |kind| kind.to_string());
        f.debug_struct("Message")
            .field("destination", &self.destination)
            .field("kind", &kind)
            .field("pool", &self.pool)
            .field("pipeline", &self.pipeline)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// A message to be sent, written in one piece: header, byte order mark unless the body is empty, body.
pub(super) fn encode_parts(
    destination: Destination,
    kind: MessageType,
    pool: Uuid,
    pipeline: Uuid,
    body: &[u8],
) -> Bytes {
    let mut out = BytesMut::with_capacity(MESSAGE_HEADER_BYTES + BYTE_ORDER_MARK.len() + body.len());
    out.put_u32_le(destination.number());
    out.put_u32_le(kind.number());
    out.put_slice(&pool.to_bytes_le());
    out.put_slice(&pipeline.to_bytes_le());
    if !body.is_empty() {
        out.put_slice(&BYTE_ORDER_MARK);
        out.put_slice(body);
    }
    out.freeze()
}
