//! What a pipeline shall do: commands, arguments and options, as CREATE_PIPELINE carries them ([MS-PSRP] 2.2.2.10).
//!
//! Nothing is bound or checked here: names and values travel as given, and the server decides.

use super::bag::{Bag, bag, enumeration, flags_text, list_of, object_list, string_or_null};
use super::{HostInfo, PsrpError};
use crate::clixml::{PsString, PsValue, PsVersion};

/// The first protocol version with `MergeError`, `MergeWarning`, `MergeVerbose`, `MergeDebug` and `ExtraCmds`.
pub const MERGE_STREAMS_SINCE: PsVersion = PsVersion::new(2, 2);
/// The first protocol version with `MergeInformation`.
pub const MERGE_INFORMATION_SINCE: PsVersion = PsVersion::new(2, 3);

const RESULT_TYPE: &str = "System.Management.Automation.Runspaces.PipelineResultTypes";
const RESULT_NAMES: [&str; 9] =
    ["None", "Output", "Error", "Warning", "Verbose", "Debug", "Information", "All", "Null"];

/// Where results go ([MS-PSRP] 2.2.3.31).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ResultTypes(pub i32);

impl ResultTypes {
    /// Nowhere else.
    pub const NONE: Self = Self(0);
    /// The output stream.
    pub const OUTPUT: Self = Self(1);
    /// The error stream.
    pub const ERROR: Self = Self(2);

    fn to_value(self) -> PsValue {
        let name = usize::try_from(self.0).ok().and_then(|index| RESULT_NAMES.get(index));
        match name {
            Some(name) => enumeration(RESULT_TYPE, name, self.0),
            None => enumeration(RESULT_TYPE, &self.0.to_string(), self.0),
        }
    }
}

/// Which streams of a command are merged into which ([MS-PSRP] 2.2.3.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merges {
    /// What is merged.
    pub my_result: ResultTypes,
    /// Into what.
    pub to_result: ResultTypes,
    /// What of the commands before.
    pub previous_results: ResultTypes,
    /// Errors; since 2.2.
    pub error: ResultTypes,
    /// Warnings; since 2.2.
    pub warning: ResultTypes,
    /// Verbose records; since 2.2.
    pub verbose: ResultTypes,
    /// Debug records; since 2.2.
    pub debug: ResultTypes,
    /// Information records; since 2.3.
    pub information: ResultTypes,
}

/// An argument ([MS-PSRP] 2.2.3.13): the name as text, exactly as it goes to the wire.
///
/// `-Identity:` and `-Identity` name a parameter whose value is `value`; with `-Force` and a null value it is a
/// bare switch; no name means a positional argument.
#[derive(Debug, Clone)]
pub struct Argument {
    /// The name; `None` for a positional argument.
    pub name: Option<PsString>,
    /// The value.
    pub value: PsValue,
}

impl Argument {
    /// `-Name:` and a value, as proxies of Import-PSSession send it.
    #[must_use]
    pub fn named(name: &str, value: PsValue) -> Self {
        Self { name: Some(format!("-{name}:").into()), value }
    }

    /// A positional argument.
    #[must_use]
    pub const fn positional(value: PsValue) -> Self {
        Self { name: None, value }
    }

    /// A switch that is set or not, as a value that every server binds.
    #[must_use]
    pub fn switch(name: &str, is_present: bool) -> Self {
        Self::named(name, PsValue::Bool(is_present))
    }

    /// The parameter's bare name: without the leading dash and the trailing colon.
    #[must_use]
    pub fn parameter_name(&self) -> Option<String> {
        let text = self.name.as_ref()?.to_text();
        let bare = text.strip_prefix('-').unwrap_or(&text);
        Some(bare.strip_suffix(':').unwrap_or(bare).to_owned())
    }

    fn to_value(&self) -> PsValue {
        bag([("N", string_or_null(self.name.as_ref())), ("V", self.value.clone())])
    }

    fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("argument", value)?;
        Ok(Self { name: bag.optional_string("N")?, value: bag.required("V")? })
    }
}

/// One command of a pipeline ([MS-PSRP] 2.2.3.12).
#[derive(Debug, Clone)]
pub struct CommandSpec {
    /// The name, or the text of a script.
    pub name: PsString,
    /// Whether `name` is a script; endpoints without a language refuse every one.
    pub is_script: bool,
    /// Whether it runs in a scope of its own; `None` leaves it to the server.
    pub use_local_scope: Option<bool>,
    /// Which streams are merged.
    pub merges: Merges,
    /// Named and positional arguments, in order.
    pub arguments: Vec<Argument>,
}

impl CommandSpec {
    /// A command by name, without arguments.
    pub fn new(name: impl Into<PsString>) -> Self {
        Self {
            name: name.into(),
            is_script: false,
            use_local_scope: None,
            merges: Merges::default(),
            arguments: Vec::new(),
        }
    }

    /// A script.
    pub fn script(text: impl Into<PsString>) -> Self {
        Self { is_script: true, ..Self::new(text) }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: Argument) -> Self {
        self.arguments.push(argument);
        self
    }

    fn to_value(&self, version: PsVersion) -> PsValue {
        let merges = &self.merges;
        let mut members = vec![
            ("Cmd", PsValue::String(self.name.clone())),
            ("IsScript", self.is_script.into()),
            ("UseLocalScope", self.use_local_scope.map_or(PsValue::Null, PsValue::Bool)),
            ("MergeMyResult", merges.my_result.to_value()),
            ("MergeToResult", merges.to_result.to_value()),
            ("MergePreviousResults", merges.previous_results.to_value()),
        ];
        if version >= MERGE_STREAMS_SINCE {
            members.extend([
                ("MergeError", merges.error.to_value()),
                ("MergeWarning", merges.warning.to_value()),
                ("MergeVerbose", merges.verbose.to_value()),
                ("MergeDebug", merges.debug.to_value()),
            ]);
        }
        if version >= MERGE_INFORMATION_SINCE {
            members.push(("MergeInformation", merges.information.to_value()));
        }
        members.push(("Args", object_list(self.arguments.iter().map(Argument::to_value).collect())));
        bag(members)
    }

    fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("command", value)?;
        let merge = |property| -> Result<ResultTypes, PsrpError> {
            let number = bag.optional_number(property)?.unwrap_or(0);
            Ok(ResultTypes(i32::try_from(number).unwrap_or(0)))
        };
        Ok(Self {
            name: bag.string("Cmd")?,
            is_script: bag.bool("IsScript")?,
            use_local_scope: bag.optional_bool("UseLocalScope")?,
            merges: Merges {
                my_result: merge("MergeMyResult")?,
                to_result: merge("MergeToResult")?,
                previous_results: merge("MergePreviousResults")?,
                error: merge("MergeError")?,
                warning: merge("MergeWarning")?,
                verbose: merge("MergeVerbose")?,
                debug: merge("MergeDebug")?,
                information: merge("MergeInformation")?,
            },
            arguments: bag.list("Args")?.iter().map(Argument::from_value).collect::<Result<_, _>>()?,
        })
    }
}

/// Which records carry the invocation they come from ([MS-PSRP] 2.2.3.8): 1 errors, 2 warnings, 4 debug, 8 verbose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RemoteStreamOptions(pub i32);

impl RemoteStreamOptions {
    /// No record does.
    pub const NONE: Self = Self(0);
    /// Every record does.
    pub const ADD_INVOCATION_INFO: Self = Self(15);

    fn to_value(self) -> PsValue {
        let names = [
            (1, "AddInvocationInfoToErrorRecord"),
            (2, "AddInvocationInfoToWarningRecord"),
            (4, "AddInvocationInfoToDebugRecord"),
            (8, "AddInvocationInfoToVerboseRecord"),
            (15, "AddInvocationInfo"),
        ];
        enumeration("System.Management.Automation.RemoteStreamOptions", &flags_text(self.0, &names), self.0)
    }
}

/// The apartment of COM threads ([MS-PSRP] 2.2.3.7): 0 STA, 1 MTA, 2 unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ApartmentState(pub i32);

impl ApartmentState {
    /// Nobody cares.
    pub const UNKNOWN: Self = Self(2);

    pub(super) fn to_value(self) -> PsValue {
        let name = match self.0 {
            0 => "STA",
            1 => "MTA",
            _ => "Unknown",
        };
        enumeration("System.Threading.ApartmentState", name, self.0)
    }
}

/// What a pipeline shall do ([MS-PSRP] 2.2.2.10).
///
/// ```
/// use exsh::psrp::{Argument, CommandSpec, PipelineSpec};
/// let get = CommandSpec::new("Get-Mailbox").argument(Argument::named("ResultSize", 10.into()));
/// let spec = PipelineSpec::new(vec![get]);
/// assert!(spec.no_input);
/// ```
#[derive(Debug, Clone)]
pub struct PipelineSpec {
    /// The commands, each fed by the one before.
    pub commands: Vec<CommandSpec>,
    /// Further statements, run one after the other; since 2.2.
    pub more_statements: Vec<Vec<CommandSpec>>,
    /// Whether there is no pipeline input. Otherwise the end of the input must be sent, even if there was none.
    pub no_input: bool,
    /// Whether the server remembers it in its history.
    pub add_to_history: bool,
    /// The text for the history.
    pub history: Option<PsString>,
    /// Whether it runs inside another pipeline.
    pub is_nested: bool,
    /// Which records carry invocation information.
    pub stream_options: RemoteStreamOptions,
    /// The apartment.
    pub apartment_state: ApartmentState,
    /// Whose host answers.
    pub host_info: HostInfo,
    /// Whether errors of native programs become error records.
    pub redirect_shell_error_output_pipe: bool,
}

impl PipelineSpec {
    /// One statement without input, as a proxy of Import-PSSession runs it.
    #[must_use]
    pub const fn new(commands: Vec<CommandSpec>) -> Self {
        Self {
            commands,
            more_statements: Vec::new(),
            no_input: true,
            add_to_history: true,
            history: None,
            is_nested: false,
            stream_options: RemoteStreamOptions::NONE,
            apartment_state: ApartmentState::UNKNOWN,
            host_info: HostInfo::of_pool(),
            redirect_shell_error_output_pipe: true,
        }
    }

    /// The same with pipeline input to come.
    #[must_use]
    pub fn with_input(mut self) -> Self {
        self.no_input = false;
        self
    }

    /// As the data of CREATE_PIPELINE, members in the order of PowerShell 7.6.5, for a server of that protocol version.
    pub fn to_value(&self, version: PsVersion) -> Result<PsValue, PsrpError> {
        let statement =
            |commands: &[CommandSpec]| object_list(commands.iter().map(|command| command.to_value(version)).collect());
        let mut power_shell = Vec::with_capacity(5);
        if !self.more_statements.is_empty() {
            if version < MERGE_STREAMS_SINCE {
                let (what, needed) = ("a pipeline of several statements", MERGE_STREAMS_SINCE);
                return Err(PsrpError::NotSupported { what, needed, spoken: version });
            }
            let all = std::iter::once(&self.commands).chain(&self.more_statements);
            power_shell.push(("ExtraCmds", object_list(all.map(|one| bag([("Cmds", statement(one))])).collect())));
        }
        power_shell.extend([
            ("Cmds", statement(&self.commands)),
            ("IsNested", self.is_nested.into()),
            ("History", string_or_null(self.history.as_ref())),
            ("RedirectShellErrorOutputPipe", self.redirect_shell_error_output_pipe.into()),
        ]);
        Ok(bag([
            ("PowerShell", bag(power_shell)),
            ("NoInput", self.no_input.into()),
            ("ApartmentState", self.apartment_state.to_value()),
            ("RemoteStreamOptions", self.stream_options.to_value()),
            ("AddToHistory", self.add_to_history.into()),
            ("HostInfo", self.host_info.to_value()),
            ("IsNested", self.is_nested.into()),
        ]))
    }

    /// From the data of CREATE_PIPELINE.
    pub fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let top = Bag::new("pipeline", value)?;
        let inner = top.required("PowerShell")?;
        let inner = Bag::new("PowerShell", &inner)?;
        let commands = |items: &[PsValue]| items.iter().map(CommandSpec::from_value).collect::<Result<Vec<_>, _>>();
        let mut statements = Vec::new();
        for statement in inner.list("ExtraCmds")?.iter() {
            let list = Bag::new("statement", statement)?.required("Cmds")?;
            statements.push(commands(&list_of(&list).unwrap_or_else(|| [].into()))?);
        }
        let small = |number: Option<i64>, default| number.and_then(|n| i32::try_from(n).ok()).unwrap_or(default);
        Ok(Self {
            commands: commands(&inner.list("Cmds")?)?,
            more_statements: if statements.is_empty() { statements } else { statements.split_off(1) },
            no_input: top.bool("NoInput")?,
            add_to_history: top.optional_bool("AddToHistory")?.unwrap_or(false),
            history: inner.optional_string("History")?,
            is_nested: inner.optional_bool("IsNested")?.or(top.optional_bool("IsNested")?).unwrap_or(false),
            stream_options: RemoteStreamOptions(small(top.optional_number("RemoteStreamOptions")?, 0)),
            apartment_state: ApartmentState(small(top.optional_number("ApartmentState")?, 2)),
            host_info: match top.optional("HostInfo") {
                None | Some(PsValue::Null) => HostInfo::of_pool(),
                Some(info) => HostInfo::from_value(&info)?,
            },
            redirect_shell_error_output_pipe: inner.optional_bool("RedirectShellErrorOutputPipe")?.unwrap_or(true),
        })
    }
}
