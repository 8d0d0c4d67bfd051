//! What a client learns from the server.
//!
//! Data only.

use uuid::Uuid;

use crate::clixml::{PsDateTime, PsString, PsValue, PsVersion};
use crate::psrp::bag::{Bag, bag, string_or_null};
use crate::psrp::{ErrorRecord, HostCall, InvocationState, PsrpError, Record, RunspacePoolState};

/// The answer to a request about runspaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Whether the change was made.
    Accepted(bool),
    /// How many runspaces are free.
    Count(i64),
}

/// An event that the server forwards ([MS-PSRP] 2.2.2.12).
#[derive(Debug, Clone)]
pub struct UserEvent {
    /// Its number.
    pub event_id: i32,
    /// Its name.
    pub source_identifier: PsString,
    /// When it happened.
    pub time_generated: Option<PsDateTime>,
    /// Who sent it.
    pub sender: PsValue,
    /// With which arguments.
    pub source_arguments: PsValue,
    /// With which data.
    pub message_data: PsValue,
    /// On which computer.
    pub computer_name: Option<PsString>,
    /// In which runspace.
    pub runspace_id: Option<Uuid>,
}

impl UserEvent {
    /// As the data of USER_EVENT, members named as PowerShell names them.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        let text = |text: &Option<PsString>| string_or_null(text.as_ref());
        bag([
            ("PSEventArgs.EventIdentifier", self.event_id.into()),
            ("PSEventArgs.SourceIdentifier", PsValue::String(self.source_identifier.clone())),
            ("PSEventArgs.TimeGenerated", self.time_generated.map_or(PsValue::Null, PsValue::DateTime)),
            ("PSEventArgs.Sender", self.sender.clone()),
            ("PSEventArgs.SourceArgs", self.source_arguments.clone()),
            ("PSEventArgs.MessageData", self.message_data.clone()),
            ("PSEventArgs.ComputerName", text(&self.computer_name)),
            ("PSEventArgs.RunspaceId", self.runspace_id.map_or(PsValue::Null, PsValue::Guid)),
        ])
    }

    /// From the data of USER_EVENT.
    pub fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("user event", value)?;
        let any = |property| bag.optional(property).unwrap_or(PsValue::Null);
        Ok(Self {
            event_id: bag.number_i32("PSEventArgs.EventIdentifier")?,
            source_identifier: bag.optional_string("PSEventArgs.SourceIdentifier")?.unwrap_or_default(),
            time_generated: bag.optional_date_time("PSEventArgs.TimeGenerated")?,
            sender: any("PSEventArgs.Sender"),
            source_arguments: any("PSEventArgs.SourceArgs"),
            message_data: any("PSEventArgs.MessageData"),
            computer_name: bag.optional_string("PSEventArgs.ComputerName")?,
            runspace_id: bag.optional_guid("PSEventArgs.RunspaceId")?,
        })
    }
}

/// What happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ClientEvent {
    /// Both ends agree on a protocol version.
    Negotiated {
        /// The lower of both versions.
        protocol: PsVersion,
    },
    /// The server's private data came; only the first counts.
    PrivateData(PsValue),
    /// The pool changed its state: Opened, Closed, Broken.
    PoolState {
        /// The state.
        state: RunspacePoolState,
        /// Why, if the server said.
        reason: Option<Box<ErrorRecord>>,
    },
    /// A secret must be written or read: [`super::ClientPool::provide_key`] is waited for.
    KeyNeeded,
    /// A record.
    Record {
        /// From which pipeline; `None` for one that the pool itself sends, perhaps before it is opened.
        pipeline: Option<Uuid>,
        /// The record.
        record: Record,
    },
    /// A pipeline changed its state.
    PipelineState {
        /// The pipeline.
        pipeline: Uuid,
        /// The state.
        state: InvocationState,
        /// The terminating error, if there is one.
        reason: Option<Box<ErrorRecord>>,
    },
    /// The server calls the host. If the call wants an answer, [`super::ClientPool::respond_host_call`] must follow.
    HostCall {
        /// From which pipeline; `None` for the pool itself.
        pipeline: Option<Uuid>,
        /// The call.
        call: HostCall,
        /// Whether it only repeats the record before it: servers send most records twice when there is a host.
        repeats_record: bool,
    },
    /// The answer to a request about runspaces.
    Availability {
        /// The request's number.
        call_id: i64,
        /// The answer.
        answer: Availability,
    },
    /// Sizes of a pool that was connected to.
    PoolSizes {
        /// Runspaces at least.
        min_runspaces: i32,
        /// Runspaces at most.
        max_runspaces: i32,
    },
    /// A forwarded event.
    UserEvent(UserEvent),
}
