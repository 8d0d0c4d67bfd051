//! Records of the streams beside the output and the errors: warning, verbose, debug, information, progress.
//!
//! How a record looks on a screen is `render`'s business.

use std::sync::Arc;

use super::bag::{Bag, bag, enumeration};
use super::{ErrorRecord, MessageType, PsrpError};
use crate::clixml::{Base, ListKind, Member, PsDateTime, PsObject, PsString, PsValue, TypeNames};

pub use crate::clixml::ProgressRecord;

/// One item on a PowerShell stream.
#[derive(Debug, Clone)]
pub enum Record {
    /// An output object.
    Output(PsValue),
    /// A non-terminating error.
    Error(Box<ErrorRecord>),
    /// A warning.
    Warning(InformationalRecord),
    /// A verbose record.
    Verbose(InformationalRecord),
    /// A debug record.
    Debug(InformationalRecord),
    /// An information record; Write-Host writes these.
    Information(Box<InformationRecord>),
    /// Progress.
    Progress(Arc<ProgressRecord>),
}

impl Record {
    /// The message that carries it.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        match self {
            Self::Output(_) => MessageType::PipelineOutput,
            Self::Error(_) => MessageType::ErrorRecord,
            Self::Warning(_) => MessageType::WarningRecord,
            Self::Verbose(_) => MessageType::VerboseRecord,
            Self::Debug(_) => MessageType::DebugRecord,
            Self::Information(_) => MessageType::InformationRecord,
            Self::Progress(_) => MessageType::ProgressRecord,
        }
    }

    /// As the data of that message.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        match self {
            Self::Output(value) => value.clone(),
            Self::Error(record) => record.to_value(),
            Self::Warning(record) => record.to_value("System.Management.Automation.WarningRecord"),
            Self::Verbose(record) => record.to_value("System.Management.Automation.VerboseRecord"),
            Self::Debug(record) => record.to_value("System.Management.Automation.DebugRecord"),
            Self::Information(record) => record.to_value(),
            Self::Progress(record) => progress_to_value(record),
        }
    }

    /// From the data of a message; `None` when the message carries no record.
    pub fn from_value(message: MessageType, value: PsValue) -> Result<Option<Self>, PsrpError> {
        if value.is_null() && message != MessageType::PipelineOutput {
            return Err(PsrpError::NullBody { message });
        }
        Ok(Some(match message {
            MessageType::PipelineOutput => Self::Output(value),
            MessageType::ErrorRecord => Self::Error(Box::new(ErrorRecord::from_value(&value)?)),
            MessageType::WarningRecord => Self::Warning(InformationalRecord::from_value(&value)?),
            MessageType::VerboseRecord => Self::Verbose(InformationalRecord::from_value(&value)?),
            MessageType::DebugRecord => Self::Debug(InformationalRecord::from_value(&value)?),
            MessageType::InformationRecord => Self::Information(Box::new(InformationRecord::from_value(&value)?)),
            MessageType::ProgressRecord => Self::Progress(Arc::new(progress_from_value(&value)?)),
            _ => return Ok(None),
        }))
    }
}

/// A warning, verbose or debug record ([MS-PSRP] 2.2.2.22 to 2.2.2.24).
#[derive(Debug, Clone)]
pub struct InformationalRecord {
    /// The text.
    pub message: PsString,
    /// Where it came from: members such as `InvocationInfo_Line` and `CommandInfo_Name`; `None` when the server did not say.
    pub invocation: Option<Vec<(Arc<str>, PsValue)>>,
}

impl InformationalRecord {
    /// A record with nothing but a text.
    pub fn new(message: impl Into<PsString>) -> Self {
        Self { message: message.into(), invocation: None }
    }

    fn to_value(&self, type_name: &str) -> PsValue {
        let types = [type_name, "System.Management.Automation.InformationalRecord", "System.Object"];
        let mut object = PsObject::builder()
            .types(TypeNames::new(types))
            .to_string_text(self.message.clone())
            .extended("InformationalRecord_Message", PsValue::String(self.message.clone()))
            .extended("InformationalRecord_SerializeInvocationInfo", self.invocation.is_some());
        for (name, value) in self.invocation.iter().flatten() {
            object = object.extended(name.clone(), value.clone());
        }
        object.build().into()
    }

    fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("informational record", value)?;
        let message = bag.optional_string("InformationalRecord_Message")?.unwrap_or_default();
        let has_invocation = bag.optional_bool("InformationalRecord_SerializeInvocationInfo")?.unwrap_or(false);
        let own = ["InformationalRecord_Message", "InformationalRecord_SerializeInvocationInfo"];
        let invocation = has_invocation.then(|| members_except(value, &own));
        Ok(Self { message, invocation })
    }
}

/// Extended properties other than the named ones, in order.
pub(super) fn members_except(value: &PsValue, names: &[&str]) -> Vec<(Arc<str>, PsValue)> {
    let members = value.as_object().and_then(PsObject::extended).unwrap_or_default();
    members
        .into_iter()
        .filter_map(|member| match member {
            Member::Property { name, value } if !names.contains(&&*name) => Some((name, value)),
            _ => None,
        })
        .collect()
}

/// An information record ([MS-PSRP] 2.2.2.26).
#[derive(Debug, Clone)]
pub struct InformationRecord {
    /// What is told; Write-Host sends a `HostInformationMessage`.
    pub message_data: PsValue,
    /// Who tells it.
    pub source: Option<PsString>,
    /// When.
    pub time_generated: Option<PsDateTime>,
    /// Tags, as they came; a list of strings.
    pub tags: PsValue,
    /// The user.
    pub user: Option<PsString>,
    /// The computer.
    pub computer: Option<PsString>,
    /// The process.
    pub process_id: u32,
    /// The thread of the system.
    pub native_thread_id: u32,
    /// The thread of .NET.
    pub managed_thread_id: u32,
}

impl InformationRecord {
    /// A record with a text, a source, a time and tags.
    #[must_use]
    pub fn new(message: &str, source: &str, time: PsDateTime, tags: &[&str]) -> Self {
        let items: Vec<PsValue> = tags.iter().map(|tag| PsValue::from(*tag)).collect();
        let list = PsObject::builder()
            .types(TypeNames::new([STRING_LIST, "System.Object"]))
            .base(Base::List(ListKind::List, items.into()))
            .build();
        Self {
            message_data: message.into(),
            source: Some(source.into()),
            time_generated: Some(time),
            tags: list.into(),
            user: None,
            computer: None,
            process_id: 0,
            native_thread_id: 0,
            managed_thread_id: 0,
        }
    }

    /// The text to show.
    #[must_use]
    pub fn text(&self) -> PsString {
        match &self.message_data {
            PsValue::String(text) => text.clone(),
            PsValue::Object(object) => match object.get("Message") {
                Some(PsValue::String(text)) => text,
                _ => object.to_string_text().unwrap_or_default(),
            },
            _ => PsString::default(),
        }
    }

    fn to_value(&self) -> PsValue {
        let text = |text: &Option<PsString>| super::bag::string_or_null(text.as_ref());
        bag([
            ("MessageData", self.message_data.clone()),
            ("Source", text(&self.source)),
            ("TimeGenerated", self.time_generated.map_or(PsValue::Null, PsValue::DateTime)),
            ("Tags", self.tags.clone()),
            ("User", text(&self.user)),
            ("Computer", text(&self.computer)),
            ("ProcessId", PsValue::U32(self.process_id)),
            ("NativeThreadId", PsValue::U32(self.native_thread_id)),
            ("ManagedThreadId", PsValue::U32(self.managed_thread_id)),
        ])
    }

    fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("information record", value)?;
        let number = |property| -> Result<u32, PsrpError> {
            Ok(bag.optional_number(property)?.and_then(|n| u32::try_from(n).ok()).unwrap_or(0))
        };
        Ok(Self {
            message_data: bag.required("MessageData")?,
            source: bag.optional_string("Source")?,
            time_generated: bag.optional_date_time("TimeGenerated")?,
            tags: bag.optional("Tags").unwrap_or(PsValue::Null),
            user: bag.optional_string("User")?,
            computer: bag.optional_string("Computer")?,
            process_id: number("ProcessId")?,
            native_thread_id: number("NativeThreadId")?,
            managed_thread_id: number("ManagedThreadId")?,
        })
    }
}

const STRING_LIST: &str = "System.Collections.Generic.List`1[[System.String, System.Private.CoreLib, Version=10.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e]]";

/// [MS-PSRP] 2.2.2.25, PROGRESS_RECORD.
fn progress_to_value(record: &ProgressRecord) -> PsValue {
    let (text, number) = if record.completed { ("Completed", 1) } else { ("Processing", 0) };
    bag([
        ("Activity", PsValue::String(record.activity.clone())),
        ("ActivityId", record.activity_id.into()),
        ("StatusDescription", PsValue::String(record.status_description.clone())),
        ("CurrentOperation", super::bag::string_or_null(record.current_operation.as_ref())),
        ("ParentActivityId", record.parent_activity_id.into()),
        ("PercentComplete", record.percent_complete.into()),
        ("Type", enumeration("System.Management.Automation.ProgressRecordType", text, number)),
        ("SecondsRemaining", record.seconds_remaining.into()),
    ])
}

/// A progress record from the property bag that host calls and PROGRESS_RECORD carry.
pub(super) fn progress_from_value(value: &PsValue) -> Result<ProgressRecord, PsrpError> {
    if let PsValue::Progress(record) = value {
        return Ok((**record).clone());
    }
    let bag = Bag::new("progress record", value)?;
    let number = |property, default| -> Result<i32, PsrpError> {
        Ok(bag.optional_number(property)?.and_then(|n| i32::try_from(n).ok()).unwrap_or(default))
    };
    Ok(ProgressRecord {
        activity: bag.string("Activity")?,
        activity_id: number("ActivityId", 0)?,
        current_operation: bag.optional_string("CurrentOperation")?,
        parent_activity_id: number("ParentActivityId", -1)?,
        percent_complete: number("PercentComplete", -1)?,
        completed: number("Type", 0)? == 1,
        seconds_remaining: number("SecondsRemaining", -1)?,
        status_description: bag.optional_string("StatusDescription")?.unwrap_or_default(),
    })
}
