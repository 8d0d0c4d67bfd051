//! States of a runspace pool and of a pipeline, and where bytes belong.
//!
//! Only the names and numbers; the machines that move between them are `client` and `server`.

use std::fmt;

use uuid::Uuid;

/// State of a runspace pool ([MS-PSRP] 2.2.3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunspacePoolState {
    /// 0: nothing was sent.
    BeforeOpen,
    /// 1: opening.
    Opening,
    /// 2: usable.
    Opened,
    /// 3: closed.
    Closed,
    /// 4: closing.
    Closing,
    /// 5: broken.
    Broken,
    /// 6: capabilities were sent.
    NegotiationSent,
    /// 7: capabilities were agreed on.
    NegotiationSucceeded,
    /// 8: connecting.
    Connecting,
    /// 9: disconnected.
    Disconnected,
}

impl RunspacePoolState {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::BeforeOpen => 0,
            Self::Opening => 1,
            Self::Opened => 2,
            Self::Closed => 3,
            Self::Closing => 4,
            Self::Broken => 5,
            Self::NegotiationSent => 6,
            Self::NegotiationSucceeded => 7,
            Self::Connecting => 8,
            Self::Disconnected => 9,
        }
    }

    /// The state with that number.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::BeforeOpen,
            1 => Self::Opening,
            2 => Self::Opened,
            3 => Self::Closed,
            4 => Self::Closing,
            5 => Self::Broken,
            6 => Self::NegotiationSent,
            7 => Self::NegotiationSucceeded,
            8 => Self::Connecting,
            9 => Self::Disconnected,
            _ => return None,
        })
    }

    /// Whether nothing follows it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Broken)
    }
}

impl fmt::Display for RunspacePoolState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeforeOpen => "not opened",
            Self::Opening => "opening",
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Closing => "closing",
            Self::Broken => "broken",
            Self::NegotiationSent | Self::NegotiationSucceeded => "negotiating",
            Self::Connecting => "connecting",
            Self::Disconnected => "disconnected",
        })
    }
}

/// State of a pipeline ([MS-PSRP] 2.2.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvocationState {
    /// 0: not started.
    NotStarted,
    /// 1: running.
    Running,
    /// 2: stopping.
    Stopping,
    /// 3: stopped.
    Stopped,
    /// 4: completed, maybe with errors.
    Completed,
    /// 5: ended by a terminating error.
    Failed,
    /// 6: disconnected.
    Disconnected,
}

impl InvocationState {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::NotStarted => 0,
            Self::Running => 1,
            Self::Stopping => 2,
            Self::Stopped => 3,
            Self::Completed => 4,
            Self::Failed => 5,
            Self::Disconnected => 6,
        }
    }

    /// The state with that number.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::NotStarted,
            1 => Self::Running,
            2 => Self::Stopping,
            3 => Self::Stopped,
            4 => Self::Completed,
            5 => Self::Failed,
            6 => Self::Disconnected,
            _ => return None,
        })
    }

    /// Whether nothing follows it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Stopped | Self::Completed | Self::Failed)
    }
}

impl fmt::Display for InvocationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotStarted => "not started",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Disconnected => "disconnected",
        })
    }
}

/// Whose stream bytes belong to: the pool's own or that of one pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// The runspace pool.
    Pool,
    /// One pipeline.
    Pipeline(Uuid),
}

impl Target {
    /// From a pipeline id, all zero for the pool.
    #[must_use]
    pub fn from_pipeline_id(id: Uuid) -> Self {
        if id.is_nil() { Self::Pool } else { Self::Pipeline(id) }
    }

    /// The pipeline id, all zero for the pool.
    #[must_use]
    pub fn pipeline_id(self) -> Uuid {
        match self {
            Self::Pool => Uuid::nil(),
            Self::Pipeline(id) => id,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pool => f.write_str("the runspace pool"),
            Self::Pipeline(id) => write!(f, "pipeline {id}"),
        }
    }
}

/// Which of the client's two streams a packet goes to: `stdin` and `pr` over WS-Management.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StreamName {
    /// Everything but answers of the host.
    Default,
    /// Answers of the host; they overtake the rest.
    PromptResponse,
}

/// Bytes for the carrier: part of the stream of fragments of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Which stream.
    pub stream: StreamName,
    /// Fragments, cut where the room ended.
    pub bytes: bytes::Bytes,
}
