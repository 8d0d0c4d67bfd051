//! The error record: what went wrong, with which category, where ([MS-PSRP] 2.2.2.20).
//!
//! Rendering it with position and colour is `render`'s business.

use std::fmt;
use std::sync::Arc;

use super::PsrpError;
use super::bag::{Bag, string_or_null};
use super::record::members_except;
use crate::clixml::{Base, PsObject, PsString, PsValue, TypeNames};

macro_rules! categories {
    ($($name:ident = $number:literal, $doc:literal;)+) => {
        /// What kind of error it is ([MS-PSRP] 2.2.3.9).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCategory {
            $(#[doc = $doc] $name,)+
        }

        impl ErrorCategory {
            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self { $(Self::$name => $number,)+ }
            }

            /// The category with that number; an unknown one is not specified.
            #[must_use]
            pub const fn from_number(number: i64) -> Self {
                match number { $($number => Self::$name,)+ _ => Self::NotSpecified }
            }

            /// The name as PowerShell prints it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }
        }
    };
}

categories! {
    NotSpecified = 0, "Nobody said.";
    OpenError = 1, "Opening failed.";
    CloseError = 2, "Closing failed.";
    DeviceError = 3, "A device failed.";
    DeadlockDetected = 4, "A deadlock.";
    InvalidArgument = 5, "An argument is wrong.";
    InvalidData = 6, "Data is wrong.";
    InvalidOperation = 7, "It cannot be done now.";
    InvalidResult = 8, "A result is wrong.";
    InvalidType = 9, "A type is wrong.";
    MetadataError = 10, "Metadata is wrong.";
    NotImplemented = 11, "Nobody wrote it.";
    NotInstalled = 12, "Nobody installed it.";
    ObjectNotFound = 13, "It is not there.";
    OperationStopped = 14, "It was stopped.";
    OperationTimeout = 15, "It took too long.";
    SyntaxError = 16, "A command is misspelt.";
    ParserError = 17, "A script cannot be parsed.";
    PermissionDenied = 18, "It is not allowed.";
    ResourceBusy = 19, "Something is in use.";
    ResourceExists = 20, "It exists already.";
    ResourceUnavailable = 21, "Something cannot be had.";
    ReadError = 22, "Reading failed.";
    WriteError = 23, "Writing failed.";
    FromStdErr = 24, "A native program wrote it to its error stream.";
    SecurityError = 25, "Security forbids it.";
    ProtocolError = 26, "A protocol was broken.";
    ConnectionError = 27, "A connection failed.";
    AuthenticationError = 28, "Somebody could not be authenticated.";
    LimitsExceeded = 29, "A limit was exceeded.";
    QuotaExceeded = 30, "A quota was exceeded.";
    NotEnabled = 31, "It is switched off.";
}

/// An error record.
///
/// Members are kept as they came, so that a record can be sent on unchanged.
#[derive(Clone)]
pub struct ErrorRecord {
    /// The text that `ToString()` gave.
    pub text: Option<PsString>,
    /// The exception: type names and adapted properties such as `Message`.
    pub exception: PsValue,
    /// What the cmdlet worked on.
    pub target_object: PsValue,
    /// The id for searching.
    pub fully_qualified_error_id: PsString,
    /// The invocation as an object, if it was sent.
    pub invocation_info: PsValue,
    /// The category.
    pub category: ErrorCategory,
    /// What was being done: the cmdlet.
    pub category_activity: Option<PsString>,
    /// Why: the exception's name.
    pub category_reason: Option<PsString>,
    /// On what.
    pub category_target_name: Option<PsString>,
    /// Of which type.
    pub category_target_type: Option<PsString>,
    /// The whole category as text.
    pub category_message: Option<PsString>,
    /// A text that replaces the exception's message.
    pub details_message: Option<PsString>,
    /// What to do.
    pub details_recommended_action: Option<PsString>,
    /// Whether members named `InvocationInfo_…` follow.
    pub serialize_extended_info: bool,
    /// Further members, in order.
    pub extended_info: Vec<(Arc<str>, PsValue)>,
    /// Where in the script.
    pub script_stack_trace: Option<PsString>,
    /// `PSMessageDetails`, if it was sent.
    pub message_details: Option<PsValue>,
}

const KNOWN: [&str; 15] = [
    "Exception",
    "TargetObject",
    "FullyQualifiedErrorId",
    "InvocationInfo",
    "ErrorCategory_Category",
    "ErrorCategory_Activity",
    "ErrorCategory_Reason",
    "ErrorCategory_TargetName",
    "ErrorCategory_TargetType",
    "ErrorCategory_Message",
    "ErrorDetails_Message",
    "ErrorDetails_RecommendedAction",
    "SerializeExtendedInfo",
    "ErrorDetails_ScriptStackTrace",
    "PSMessageDetails",
];

impl ErrorRecord {
    /// A record with a plain exception.
    #[must_use]
    pub fn new(message: &str, error_id: &str, category: ErrorCategory) -> Self {
        Self::with_exception(
            &["System.InvalidOperationException", "System.SystemException"],
            message,
            error_id,
            category,
        )
    }

    /// A record whose exception has these type names, most derived first; `System.Exception` and `System.Object` follow.
    #[must_use]
    pub fn with_exception(type_names: &[&str], message: &str, error_id: &str, category: ErrorCategory) -> Self {
        let types = type_names.iter().copied().chain(["System.Exception", "System.Object"]);
        let most_derived = type_names.first().copied().unwrap_or("System.Exception");
        let data = PsObject::builder()
            .types(TypeNames::new(["System.Collections.ListDictionaryInternal", "System.Object"]))
            .base(Base::Dictionary([].into()))
            .build();
        let exception = PsObject::builder()
            .types(TypeNames::new(types))
            .to_string_text(format!("{most_derived}: {message}"))
            .adapted("TargetSite", PsValue::Null)
            .adapted("Message", message)
            .adapted("Data", data)
            .adapted("InnerException", PsValue::Null)
            .adapted("HelpLink", PsValue::Null)
            .adapted("Source", PsValue::Null)
            .adapted("HResult", -2_146_233_088)
            .adapted("StackTrace", PsValue::Null)
            .build();
        let reason = most_derived.rsplit('.').next().unwrap_or(most_derived);
        Self {
            text: Some(message.into()),
            exception: exception.into(),
            target_object: PsValue::Null,
            fully_qualified_error_id: error_id.into(),
            invocation_info: PsValue::Null,
            category,
            category_activity: Some(PsString::default()),
            category_reason: Some(reason.into()),
            category_target_name: Some(PsString::default()),
            category_target_type: Some(PsString::default()),
            category_message: None,
            details_message: None,
            details_recommended_action: None,
            serialize_extended_info: false,
            extended_info: Vec::new(),
            script_stack_trace: None,
            message_details: None,
        }
        .with_category_text()
    }

    /// Names the cmdlet it came from.
    #[must_use]
    pub fn activity(mut self, cmdlet: &str) -> Self {
        self.category_activity = Some(cmdlet.into());
        self.with_category_text()
    }

    /// Names the object it is about.
    #[must_use]
    pub fn target(mut self, name: &str, type_name: &str) -> Self {
        self.category_target_name = Some(name.into());
        self.category_target_type = Some(type_name.into());
        self.with_category_text()
    }

    fn with_category_text(mut self) -> Self {
        self.category_message = Some(self.category_info().into());
        self
    }

    /// The text to show: the details' message if there is one, else the exception's.
    #[must_use]
    pub fn message(&self) -> PsString {
        if let Some(message) = self.details_message.as_ref().filter(|message| !message.is_empty()) {
            return message.clone();
        }
        let exception = self.exception.as_object().and_then(|exception| exception.get("Message"));
        match exception {
            Some(PsValue::String(message)) => message,
            _ => self.text.clone().unwrap_or_default(),
        }
    }

    /// The category as PowerShell prints it: `ObjectNotFound: (bob:String) [Get-Mailbox], NotFoundException`.
    #[must_use]
    pub fn category_info(&self) -> String {
        let text = |part: &Option<PsString>| part.as_ref().map(|part| part.to_text().into_owned()).unwrap_or_default();
        format!(
            "{}: ({}:{}) [{}], {}",
            self.category.name(),
            text(&self.category_target_name),
            text(&self.category_target_type),
            text(&self.category_activity),
            text(&self.category_reason)
        )
    }

    /// The type name of the exception.
    #[must_use]
    pub fn exception_type(&self) -> Option<String> {
        let types = self.exception.as_object()?.type_names()?;
        let name = types.first()?;
        Some(name.strip_prefix("Deserialized.").unwrap_or(name).to_owned())
    }

    /// As an object of type `ErrorRecord`, the form of ERROR_RECORD.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        let types = TypeNames::new(["System.Management.Automation.ErrorRecord", "System.Object"]);
        let mut object = PsObject::builder().types(types);
        if let Some(text) = &self.text {
            object = object.to_string_text(text.clone());
        }
        for (name, value) in self.members() {
            object = object.extended(name, value);
        }
        object.build().into()
    }

    /// As a bare bag, the form of a refused host call.
    #[must_use]
    pub fn to_bag(&self) -> PsValue {
        PsObject::bag(self.members()).into()
    }

    fn members(&self) -> Vec<(Arc<str>, PsValue)> {
        let text = |text: &Option<PsString>| string_or_null(text.as_ref());
        let mut members: Vec<(Arc<str>, PsValue)> = Vec::with_capacity(KNOWN.len() + self.extended_info.len());
        let mut add = |name: &str, value: PsValue| members.push((name.into(), value));
        add("Exception", self.exception.clone());
        add("TargetObject", self.target_object.clone());
        add("FullyQualifiedErrorId", PsValue::String(self.fully_qualified_error_id.clone()));
        add("InvocationInfo", self.invocation_info.clone());
        add("ErrorCategory_Category", self.category.number().into());
        add("ErrorCategory_Activity", text(&self.category_activity));
        add("ErrorCategory_Reason", text(&self.category_reason));
        add("ErrorCategory_TargetName", text(&self.category_target_name));
        add("ErrorCategory_TargetType", text(&self.category_target_type));
        add("ErrorCategory_Message", text(&self.category_message));
        if self.details_message.is_some() || self.details_recommended_action.is_some() {
            add("ErrorDetails_Message", text(&self.details_message));
            add("ErrorDetails_RecommendedAction", text(&self.details_recommended_action));
        }
        add("SerializeExtendedInfo", self.serialize_extended_info.into());
        for (name, value) in &self.extended_info {
            add(name, value.clone());
        }
        if let Some(trace) = &self.script_stack_trace {
            add("ErrorDetails_ScriptStackTrace", PsValue::String(trace.clone()));
        }
        if let Some(details) = &self.message_details {
            add("PSMessageDetails", details.clone());
        }
        members
    }

    /// From an error record in either form.
    pub fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("error record", value)?;
        let text = match value {
            PsValue::Object(object) => object.to_string_text(),
            _ => None,
        };
        Ok(Self {
            text,
            exception: bag.optional("Exception").unwrap_or(PsValue::Null),
            target_object: bag.optional("TargetObject").unwrap_or(PsValue::Null),
            fully_qualified_error_id: bag.optional_string("FullyQualifiedErrorId")?.unwrap_or_default(),
            invocation_info: bag.optional("InvocationInfo").unwrap_or(PsValue::Null),
            category: ErrorCategory::from_number(bag.optional_number("ErrorCategory_Category")?.unwrap_or(0)),
            category_activity: bag.optional_string("ErrorCategory_Activity")?,
            category_reason: bag.optional_string("ErrorCategory_Reason")?,
            category_target_name: bag.optional_string("ErrorCategory_TargetName")?,
            category_target_type: bag.optional_string("ErrorCategory_TargetType")?,
            category_message: bag.optional_string("ErrorCategory_Message")?,
            details_message: bag.optional_string("ErrorDetails_Message")?,
            details_recommended_action: bag.optional_string("ErrorDetails_RecommendedAction")?,
            serialize_extended_info: bag.optional_bool("SerializeExtendedInfo")?.unwrap_or(false),
            extended_info: members_except(value, &KNOWN),
            script_stack_trace: bag.optional_string("ErrorDetails_ScriptStackTrace")?,
            message_details: bag.optional("PSMessageDetails"),
        })
    }
}

impl fmt::Debug for ErrorRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorRecord")
            .field("message", &self.message())
            .field("fully_qualified_error_id", &self.fully_qualified_error_id)
            .field("category", &self.category)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ErrorRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().to_text())
    }
}
