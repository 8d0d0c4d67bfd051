//! Errors as Exchange's cmdlets report them: exception, error id with server and request, category.

use std::sync::LazyLock;

use super::Context;
use crate::catalog::bind::BindError;
use crate::clixml::{Base, ListKind, PsObject, PsValue, TypeNames};
use crate::psrp::{ErrorCategory, ErrorRecord};
use crate::sim::Release;
use crate::sim::org::seed::{CONTROLLER, SERVER, mix};

/// What went wrong, before it is known where.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    message: String,
    /// Full name of the exception's type.
    exception: &'static str,
    category: ErrorCategory,
    target: Option<String>,
    /// An id of PowerShell's own; Exchange's ids are made from the exception.
    id: Option<String>,
}

impl Failure {
    fn exchange(exception: &'static str, message: String) -> Self {
        Self { message, exception, category: ErrorCategory::NotSpecified, target: None, id: None }
    }

    /// Nothing is called so.
    pub(crate) fn not_found(identity: &str, controller: Option<&str>) -> Self {
        let controller = controller.unwrap_or(CONTROLLER);
        Self::exchange(
            "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
            format!(
                "The operation couldn't be performed because object '{identity}' couldn't be found on '{controller}'."
            ),
        )
    }

    /// A canned organization has nothing of this name.
    pub(crate) fn no_canned_object(missing: &crate::sim::canned::NoSuchObject) -> Self {
        let exchange = Self::exchange("System.Management.Automation.RemoteException", missing.to_string());
        Self { id: Some("ObjectNotFound".to_owned()), ..exchange }
    }

    /// Several things are called so.
    pub(crate) fn ambiguous(identity: &str) -> Self {
        Self::exchange(
            "Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException",
            format!("The operation couldn't be performed because '{identity}' matches multiple entries."),
        )
    }

    /// Something is called so already.
    pub(crate) fn already_exists(what: &str, name: &str) -> Self {
        let message = format!("The {what} '{name}' is already in use. Choose another one.");
        Self {
            category: ErrorCategory::ResourceExists,
            ..Self::exchange("Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException", message)
        }
    }

    /// A value that does not do.
    pub(crate) fn invalid(parameter: &str, message: impl Into<String>) -> Self {
        let exchange = Self::exchange("Microsoft.Exchange.Data.DataValidationException", message.into());
        Self { category: ErrorCategory::InvalidArgument, target: Some(parameter.to_owned()), ..exchange }
    }

    /// It cannot be done as things are.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        let exchange =
            Self::exchange("Microsoft.Exchange.Management.Tasks.TaskInvalidOperationException", message.into());
        Self { category: ErrorCategory::InvalidOperation, ..exchange }
    }

    /// A value whose type does not fit a parameter.
    pub(crate) fn conversion(parameter: &str, value: &str, wanted: &str) -> Self {
        Self {
            message: format!(
                "Cannot process argument transformation on parameter '{parameter}'. Cannot convert value \"{value}\" to {wanted}."
            ),
            exception: "System.Management.Automation.ParameterBindingArgumentTransformationException",
            category: ErrorCategory::InvalidData,
            target: None,
            id: Some("ParameterArgumentTransformationError".to_owned()),
        }
    }

    /// No command of that name for this user.
    pub(crate) fn unknown_command(name: &str) -> Self {
        Self {
            message: format!(
                "The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. \
                 Check the spelling of the name, or if a path was included, verify that the path is correct and try again."
            ),
            exception: "System.Management.Automation.CommandNotFoundException",
            category: ErrorCategory::ObjectNotFound,
            target: Some(name.to_owned()),
            id: Some("CommandNotFoundException".to_owned()),
        }
    }

    /// Script text where none is taken.
    pub(crate) fn no_language() -> Self {
        Self {
            message:
                "The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode."
                    .to_owned(),
            exception: "System.Management.Automation.ParseException",
            category: ErrorCategory::ParserError,
            target: None,
            id: Some("ScriptsNotAllowed".to_owned()),
        }
    }

    /// Arguments that do not bind.
    pub(crate) fn binding(error: &BindError) -> Self {
        let category = match error.category() {
            "InvalidData" => ErrorCategory::InvalidData,
            _ => ErrorCategory::InvalidArgument,
        };
        let message = match error.id() {
            "NamedParameterNotFound" => format!(
                "A parameter cannot be found that matches parameter name '{}'.",
                error.parameter().unwrap_or_default()
            ),
            _ => error.problem.to_string(),
        };
        Self {
            message,
            exception: "System.Management.Automation.ParameterBindingException",
            category,
            target: error.parameter().map(ToOwned::to_owned),
            id: Some(error.id().to_owned()),
        }
    }

    /// A warning that the caller wanted to stop at.
    pub(crate) fn stopped_by_preference(preference: &str) -> Self {
        Self {
            message: format!("The running command stopped because {preference} is Stop."),
            exception: "System.Management.Automation.ActionPreferenceStopException",
            category: ErrorCategory::OperationStopped,
            target: None,
            id: Some("ActionPreferenceStop".to_owned()),
        }
    }

    /// A question that nobody answers.
    pub(crate) fn no_answer(reason: &str) -> Self {
        Self {
            message: format!("The confirmation question could not be asked: {reason}"),
            exception: "System.Management.Automation.Host.HostException",
            category: ErrorCategory::InvalidOperation,
            target: None,
            id: Some("InvalidOperation".to_owned()),
        }
    }

    /// The text as a release writes it: the cloud puts a code and the exception before it, `Ex6F9304|Microsoft.…|text`.
    fn message_in(&self, release: Release) -> String {
        if release != Release::Online || self.id.is_some() {
            return self.message.clone();
        }
        let code = match self.exception.rsplit('.').next() {
            // Known from traces of the service; the others are made up from the exception's name.
            Some("ManagementObjectNotFoundException") => 0x6F_9304,
            _ => self.exception.bytes().fold(0u64, |sum, byte| mix(sum ^ u64::from(byte))) & 0xFF_FFFF,
        };
        format!("Ex{code:06X}|{}|{}", self.exception, self.message)
    }

    /// The record for the wire.
    pub(crate) fn record(&self, context: &Context, cmdlet: &str) -> ErrorRecord {
        let short = self.exception.rsplit('.').next().unwrap_or(self.exception);
        let id = match &self.id {
            Some(id) if id == "CommandNotFoundException" || id == "ScriptsNotAllowed" => id.clone(),
            Some(id) => format!("{id},{cmdlet}"),
            None => {
                let stamp = context.organization.now().strftime("%-m/%-d/%Y %-I:%M:%S %p");
                if context.release == Release::Online {
                    let server = "AM0PR01MB0001";
                    let id =
                        format!("[Server={server},RequestId={},TimeStamp={stamp}],Write-ErrorMessage", context.request);
                    return self.finished(&id, context, cmdlet);
                }
                let number = self.message.bytes().fold(0u64, |sum, byte| mix(sum ^ u64::from(byte))) as u32;
                let task = cmdlet.replace('-', "");
                format!(
                    "[Server={SERVER},RequestId={},TimeStamp={stamp}] [FailureCategory=Cmdlet-{short}] \
                     {number:X},Microsoft.Exchange.Management.RecipientTasks.{task}",
                    context.request
                )
            }
        };
        self.finished(&id, context, cmdlet)
    }

    /// The record with its id.
    fn finished(&self, id: &str, context: &Context, cmdlet: &str) -> ErrorRecord {
        let message = self.message_in(context.release);
        let record = ErrorRecord::with_exception(&[self.exception], &message, id, self.category);
        let mut record = if cmdlet.is_empty() { record } else { record.activity(cmdlet) };
        record.script_stack_trace = Some("at <ScriptBlock>, <No file>: line 1".into());
        record.message_details = Some(PsValue::Null);
        if !cmdlet.is_empty() {
            record.invocation_info = invocation_info(cmdlet);
        }
        match &self.target {
            Some(target) => record.target(target, "String"),
            None => record,
        }
    }
}

/// How the cmdlet was called, as far as PowerShell's own server says it of a command without a script.
fn invocation_info(cmdlet: &str) -> PsValue {
    static TYPES: LazyLock<TypeNames> =
        LazyLock::new(|| TypeNames::new(["System.Management.Automation.InvocationInfo", "System.Object"]));
    let bound = PsObject::builder().types(TypeNames::new(["System.Collections.Hashtable", "System.Object"]));
    let unbound = PsObject::builder().types(TypeNames::new(["System.Object[]", "System.Array", "System.Object"]));
    PsObject::builder()
        .types(TYPES.clone())
        .to_string_text("System.Management.Automation.InvocationInfo")
        .adapted("MyCommand", cmdlet)
        .adapted("BoundParameters", bound.base(Base::Dictionary([].into())).build())
        .adapted("UnboundArguments", unbound.base(Base::List(ListKind::List, [].into())).build())
        .adapted("ScriptLineNumber", PsValue::I32(0))
        .adapted("OffsetInLine", PsValue::I32(0))
        .adapted("HistoryId", PsValue::I64(1))
        .adapted("ScriptName", "")
        .adapted("Line", "")
        .adapted("PositionMessage", "")
        .adapted("PSScriptRoot", "")
        .adapted("PSCommandPath", PsValue::Null)
        .adapted("InvocationName", cmdlet)
        .adapted("PipelineLength", PsValue::I32(0))
        .adapted("PipelinePosition", PsValue::I32(0))
        .adapted("ExpectingInput", false)
        .adapted("CommandOrigin", "Internal")
        .adapted("DisplayScriptPosition", PsValue::Null)
        .build()
        .into()
}
