//! Why a statement did not end as written: an error, a jump, the end of the script.
//!
//! Error records are plain objects ([`V::Obj`]) of type `ErrorRecord`; this file builds and reads them.

use super::value::{Obj, V};

/// What leaves a statement early.
#[derive(Debug, Clone)]
pub enum Fault {
    /// An error: the record, and how far it reaches.
    Error(Obj, Reach),
    /// `break` or `continue`, with a label.
    Jump {
        /// Whether it is `continue`.
        next: bool,
        /// Its label.
        label: Option<String>,
    },
    /// `return` from a block.
    Return,
    /// The end of the script, with the exit code.
    Exit(i32),
    /// A later stage of the pipeline with this number wants no more.
    Enough(u64),
    /// The host ends the script (interrupt, time limit).
    Stopped(String),
}

/// How far an error reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It ends the statement.
    Statement,
    /// It ends the script (`throw`, `-ErrorAction Stop`).
    Script,
}

/// A result of the runtime.
pub(super) type Res<T> = Result<T, Box<Fault>>;

/// What an error says; becomes a record.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The exception's type.
    pub exception: &'static str,
    /// Its message.
    pub message: String,
    /// The error id.
    pub id: String,
    /// The category.
    pub category: &'static str,
    /// The object it is about.
    pub target: V,
    /// The exception within, if there is one.
    pub inner: Option<(&'static str, String)>,
}

impl Problem {
    /// A `RuntimeException`.
    #[must_use]
    pub fn new(id: impl Into<String>, category: &'static str, message: impl Into<String>) -> Self {
        Self {
            exception: "System.Management.Automation.RuntimeException",
            message: message.into(),
            id: id.into(),
            category,
            target: V::Null,
            inner: None,
        }
    }

    /// Another exception type.
    #[must_use]
    pub fn exception(mut self, name: &'static str) -> Self {
        self.exception = name;
        self
    }

    /// The object it is about.
    #[must_use]
    pub fn target(mut self, target: V) -> Self {
        self.target = target;
        self
    }

    /// The exception within.
    #[must_use]
    pub fn inner(mut self, name: &'static str, message: impl Into<String>) -> Self {
        self.inner = Some((name, message.into()));
        self
    }

    /// As a record.
    #[must_use]
    pub fn record(self) -> Obj {
        let exception = exception(self.exception, &self.message);
        if let Some((name, message)) = self.inner {
            let inner = self::exception(name, &message);
            let is_cast = self.id.starts_with("InvalidCast") || self.id.starts_with("ConvertToFinal");
            if is_cast && !name.ends_with("PSInvalidCastException") {
                // A failed conversion is one exception more away.
                let cast = self::exception("System.Management.Automation.PSInvalidCastException", &self.message);
                cast.set("InnerException", V::Obj(inner));
                exception.set("InnerException", V::Obj(cast));
            } else {
                exception.set("InnerException", V::Obj(inner));
            }
        }
        let named = match self.exception.rsplit('.').next() {
            Some("CommandNotFoundException") => Some("CommandName"),
            Some("ItemNotFoundException") => Some("ItemName"),
            _ => None,
        };
        if let Some(name) = named {
            exception.set(name, self.target.clone());
        }
        record(exception, &self.id, self.category, self.target)
    }

    /// As an error that ends the statement.
    #[must_use]
    pub fn fault(self) -> Box<Fault> {
        Box::new(Fault::Error(self.record(), Reach::Statement))
    }

    /// As an error that ends the statement, in a result.
    ///
    /// # Errors
    /// Always.
    pub fn err<T>(self) -> Res<T> {
        Err(self.fault())
    }
}

/// A .NET method threw.
#[must_use]
pub(super) fn method_threw(method: &str, arguments: usize, exception: &'static str, message: &str) -> Problem {
    let id = exception.rsplit('.').next().unwrap_or(exception);
    Problem::new(
        id,
        "NotSpecified",
        format!("Exception calling \"{method}\" with \"{arguments}\" argument(s): \"{message}\""),
    )
    .exception("System.Management.Automation.MethodInvocationException")
    .inner(exception, message)
}

/// An exception object.
#[must_use]
pub(super) fn exception(type_name: &str, message: &str) -> Obj {
    let mut types = vec![type_name];
    types.extend(base_exceptions(type_name));
    let object = Obj::with_types(types, Vec::new());
    for (name, value) in [
        ("Message", V::from(message)),
        ("TargetSite", V::Null),
        ("Data", V::Hash(super::value::Hash::new(super::value::HashKind::Table))),
        ("InnerException", V::Null),
        ("HelpLink", V::Null),
        ("Source", V::Null),
        ("HResult", V::Int(-2_146_233_087)),
        ("StackTrace", V::Null),
    ] {
        object.set(name, value);
    }
    if let Some((_, rest)) = message.rsplit_once("(Parameter '")
        && let Some(parameter) = rest.strip_suffix("')")
    {
        object.set("ParamName", V::from(parameter));
    }
    object.with_text(&format!("{type_name}: {message}"))
}

/// The types an exception type derives from.
fn base_exceptions(name: &str) -> Vec<&'static str> {
    let own: &[&str] = match name.rsplit('.').next().unwrap_or(name) {
        "ArgumentNullException" | "ArgumentOutOfRangeException" => &["System.ArgumentException"],
        "FileNotFoundException" | "DirectoryNotFoundException" | "PathTooLongException" => &["System.IO.IOException"],
        "PSInvalidCastException" => &["System.InvalidCastException"],
        "DivideByZeroException" | "OverflowException" => &["System.ArithmeticException"],
        "ItemNotFoundException" => {
            &["System.Management.Automation.SessionStateException", "System.Management.Automation.RuntimeException"]
        }
        "CommandNotFoundException"
        | "MethodInvocationException"
        | "MethodException"
        | "ParameterBindingException"
        | "CmdletInvocationException"
        | "ActionPreferenceStopException"
        | "PropertyNotFoundException"
        | "RemoteException"
        | "PSArgumentException" => &["System.Management.Automation.RuntimeException"],
        "ParameterBindingValidationException" | "ParameterBindingArgumentTransformationException" => {
            &["System.Management.Automation.ParameterBindingException", "System.Management.Automation.RuntimeException"]
        }
        _ => &[],
    };
    let mut all = own.to_vec();
    if name != "System.Exception" {
        all.extend(["System.SystemException", "System.Exception"]);
    }
    all
}

/// The command an error id ends with, as it is called.
fn activity(id: &str) -> String {
    let Some((_, source)) = id.rsplit_once(',') else { return String::new() };
    match source.strip_prefix("Microsoft.PowerShell.Commands.").and_then(|class| class.strip_suffix("Command")) {
        Some(class) => super::builtin::name_of_class(class).unwrap_or_default().to_owned(),
        None if !source.contains(['.', ' ']) => source.to_owned(),
        None => String::new(),
    }
}

/// The name of a target in the text of a category.
fn shortened(name: &str) -> String {
    const CHARACTERS_MAX: usize = 40;
    let count = name.chars().count();
    if count <= CHARACTERS_MAX {
        return name.to_owned();
    }
    let half = CHARACTERS_MAX / 2 - 1;
    let start: String = name.chars().take(half).collect();
    let end: String = name.chars().skip(count - half).collect();
    format!("{start}...{end}")
}

/// Where an error comes from, as far as its id tells; the line is noted when it is reported.
fn invocation(activity: &str, id: &str, target: &V) -> Obj {
    let is_cmdlet = id.contains(",Microsoft.PowerShell.Commands.");
    let kind = if is_cmdlet { "Cmdlet" } else { "Function" };
    let command = (!activity.is_empty()).then(|| {
        Obj::new(
            &format!("System.Management.Automation.{kind}Info"),
            [("Name", V::from(activity)), ("CommandType", V::from(kind))],
        )
        .with_text(activity)
    });
    let named = match (activity, target) {
        ("", V::Str(name)) if id == "CommandNotFoundException" => name.to_string(),
        _ => activity.to_owned(),
    };
    Obj::new(
        "System.Management.Automation.InvocationInfo",
        [
            ("MyCommand", command.map_or(V::Null, V::Obj)),
            ("BoundParameters", V::Hash(super::value::Hash::new(super::value::HashKind::Table))),
            ("UnboundArguments", V::array(Vec::new())),
            ("ScriptLineNumber", V::Int(0)),
            ("OffsetInLine", V::Int(0)),
            ("HistoryId", V::Int(-1)),
            ("ScriptName", V::from("")),
            ("Line", V::from("")),
            ("PositionMessage", V::from("")),
            ("PSScriptRoot", V::from("")),
            ("PSCommandPath", V::from("")),
            ("InvocationName", V::from(named)),
            ("PipelineLength", V::Int(0)),
            ("PipelinePosition", V::Int(0)),
            ("ExpectingInput", V::Bool(false)),
            ("CommandOrigin", V::from("Internal")),
        ],
    )
}

/// Words the text of a category anew from its parts.
pub(super) fn word_category(info: &Obj) {
    let text = |name: &str| info.note(name).map(|value| super::text::to_string(&value)).unwrap_or_default();
    info.set_text(&format!(
        "{}: ({}:{}) [{}], {}",
        text("Category"),
        shortened(&text("TargetName")),
        shortened(&text("TargetType")),
        shortened(&text("Activity")),
        shortened(&text("Reason"))
    ));
}

/// An error record.
#[must_use]
pub(super) fn record(exception: Obj, id: &str, category: &str, target: V) -> Obj {
    let message = exception.note("Message").unwrap_or_default();
    // what a script throws has its text for an id
    let activity = if category == "OperationStopped" { String::new() } else { activity(id) };
    let invocation = invocation(&activity, id, &target);
    let info = Obj::new(
        "System.Management.Automation.ErrorCategoryInfo",
        [
            (
                "Category",
                V::Enum(std::sync::Arc::new(super::value::EnumValue {
                    type_name: "System.Management.Automation.ErrorCategory".into(),
                    name: category.to_owned(),
                    number: 0,
                })),
            ),
            ("Activity", V::from(activity.as_str())),
            ("Reason", V::from(exception.type_name().rsplit('.').next().unwrap_or_default())),
            ("TargetName", V::from(super::text::to_string(&target))),
            ("TargetType", V::from(target.type_name().rsplit('.').next().unwrap_or_default())),
        ],
    );
    word_category(&info);
    let text = super::text::to_string(&message);
    Obj::new(
        "System.Management.Automation.ErrorRecord",
        [
            ("Exception", V::Obj(exception)),
            ("TargetObject", target),
            ("CategoryInfo", V::Obj(info)),
            ("FullyQualifiedErrorId", V::from(id)),
            ("ErrorDetails", V::Null),
            ("InvocationInfo", V::Obj(invocation)),
            ("ScriptStackTrace", V::from("")),
            ("PipelineIterationInfo", V::array(Vec::new())),
        ],
    )
    .with_text(&text)
}

/// The parts of a record that people and tests read: message, id, category.
#[must_use]
pub(super) fn summary(record: &Obj) -> (String, String, String) {
    let text = |value: Option<V>| super::text::to_string(&value.unwrap_or_default());
    let message = match record.note("Exception") {
        Some(V::Obj(exception)) => text(exception.note("Message")),
        _ => String::new(),
    };
    let category = match record.note("CategoryInfo") {
        Some(V::Obj(info)) => text(info.note("Category")),
        _ => String::new(),
    };
    (message, text(record.note("FullyQualifiedErrorId")), category)
}
