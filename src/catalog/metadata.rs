//! What a server says about its commands when they are imported, and how it joins what the catalogue knows.
//!
//! The wire has names, types and aliases of parameters and which are switches; it has no positions, sets,
//! required flags or accepted values. Not here: whether a name is safe to import, or fetching anything.

use std::collections::HashSet;
use std::sync::Arc;

use crate::clixml::{Base, PsObject, PsValue};

use super::{
    COMMON_PARAMETERS, Cmdlet, Name, Parameter, ParameterKind, ParameterSets, PipelineInput, Releases, ValueType,
};

/// One command as a server describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandMetadata {
    /// Its name at the server.
    pub name: String,
    /// The module or snap-in it comes from; empty when unknown.
    pub namespace: String,
    /// Where help is online; empty when unknown.
    pub help_uri: String,
    /// Cmdlet, function, alias...
    pub command_type: CommandType,
    /// What an alias stands for.
    pub resolved_name: Option<String>,
    /// Type names of its output.
    pub output_types: Vec<String>,
    /// Its parameters in the order received, common ones included.
    pub parameters: Vec<ParameterMetadata>,
}

/// One parameter as a server describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterMetadata {
    /// Its name.
    pub name: Arc<str>,
    /// The full name of its type; empty when the server did not say.
    pub type_name: Arc<str>,
    /// Other names.
    pub aliases: Arc<[Arc<str>]>,
    /// Whether it is a switch.
    pub is_switch: bool,
    /// Whether it exists only with certain arguments.
    pub is_dynamic: bool,
}

/// Names that many commands share, each kept once: thousands of parameters are called and typed alike.
#[derive(Debug, Default)]
pub struct SharedNames {
    names: HashSet<Arc<str>>,
    lists: HashSet<Arc<[Arc<str>]>>,
}

impl SharedNames {
    /// The shared copy of a name.
    pub fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let name: Arc<str> = text.into();
        self.names.insert(name.clone());
        name
    }

    /// The shared copy of a list of names.
    pub fn list<S: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = S>) -> Arc<[Arc<str>]> {
        let list: Vec<Arc<str>> = texts.into_iter().map(|text| self.name(text.as_ref())).collect();
        if let Some(known) = self.lists.get(&*list) {
            return known.clone();
        }
        let list: Arc<[Arc<str>]> = list.into();
        self.lists.insert(list.clone());
        list
    }
}

/// `System.Management.Automation.CommandTypes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it
#[repr(u16)]
pub enum CommandType {
    Alias = 1,
    Function = 2,
    Filter = 4,
    Cmdlet = 8,
    ExternalScript = 0x10,
    Application = 0x20,
    Script = 0x40,
    Workflow = 0x80,
    Configuration = 0x100,
}

impl CommandType {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Alias, "Alias"),
        (Self::Function, "Function"),
        (Self::Filter, "Filter"),
        (Self::Cmdlet, "Cmdlet"),
        (Self::ExternalScript, "ExternalScript"),
        (Self::Application, "Application"),
        (Self::Script, "Script"),
        (Self::Workflow, "Workflow"),
        (Self::Configuration, "Configuration"),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, name)| *name)
    }

    /// The kind of that number.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.iter().find(|(kind, _)| *kind as i64 == number).map(|(kind, _)| *kind)
    }

    /// The kind of that name, in any letter case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(kind, _)| *kind)
    }

    fn of(value: &PsValue) -> Option<Self> {
        match value {
            PsValue::String(text) => Self::from_name(&text.to_text()),
            PsValue::I32(number) => Self::from_number(i64::from(*number)),
            PsValue::I64(number) => Self::from_number(*number),
            PsValue::Object(object) => match object.base() {
                Base::Value(number) => Self::of(&number),
                _ => Self::from_name(&object.to_string_text()?.to_text()),
            },
            _ => None,
        }
    }
}

/// The data a server returned for a command do not have the expected form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// It is no object at all.
    #[error("the server described a command by a value without properties")]
    NotAnObject,
    /// A property is missing or of the wrong form.
    #[error("the server described {} without a usable {property}", command.as_deref().unwrap_or("a command"))]
    Property {
        /// The command, if that much was said.
        command: Option<String>,
        /// The property.
        property: &'static str,
    },
}

impl CommandMetadata {
    /// From an output object of the metadata request or of `Get-Command | Select-Object`
    /// ([MS-PSRP] 2.2.3.22, CommandMetadata). `names` are shared with the commands read before.
    ///
    /// # Errors
    /// [`MetadataError`] when it has no name, no known command type or unreadable parameters.
    pub fn from_value(value: &PsValue, names: &mut SharedNames) -> Result<Self, MetadataError> {
        let object = value.as_object().ok_or(MetadataError::NotAnObject)?;
        let name = text(object, "Name").filter(|name| !name.is_empty());
        let missing = |property| MetadataError::Property { command: name.clone(), property };
        let command_type =
            object.get("CommandType").as_ref().and_then(CommandType::of).ok_or_else(|| missing("CommandType"))?;
        let mut parameters = match object.get("Parameters") {
            None | Some(PsValue::Null) => Vec::new(),
            Some(PsValue::Object(table)) => match table.base() {
                Base::Dictionary(entries) => entries
                    .iter()
                    .map(|(_, parameter)| ParameterMetadata::from_value(parameter, names))
                    .collect::<Option<_>>()
                    .ok_or_else(|| missing("Parameters"))?,
                _ => return Err(missing("Parameters")),
            },
            Some(_) => return Err(missing("Parameters")),
        };
        parameters.shrink_to_fit(); // a session keeps thousands
        Ok(Self {
            namespace: text(object, "Namespace").unwrap_or_default(),
            help_uri: text(object, "HelpUri").unwrap_or_default(),
            command_type,
            resolved_name: text(object, "ResolvedCommandName"),
            output_types: object.get("OutputType").as_ref().map(texts).unwrap_or_default(),
            parameters,
            name: name.clone().ok_or_else(|| missing("Name"))?,
        })
    }

    /// Whether it has all parameters that every cmdlet has (those that all versions know).
    #[must_use]
    pub fn has_common_parameters(&self) -> bool {
        let newer = ["InformationAction", "InformationVariable", "ProgressAction"];
        COMMON_PARAMETERS
            .iter()
            .filter(|common| !newer.contains(&common.name))
            .all(|common| self.parameters.iter().any(|parameter| parameter.name.eq_ignore_ascii_case(common.name)))
    }
}

impl ParameterMetadata {
    fn from_value(value: &PsValue, names: &mut SharedNames) -> Option<Self> {
        let object = value.as_object()?;
        let flag = |name: &str| matches!(object.get(name), Some(PsValue::Bool(true)));
        Some(Self {
            name: names.name(&text(object, "Name")?),
            type_name: names.name(&text(object, "ParameterType").unwrap_or_default()),
            aliases: names.list(object.get("Aliases").as_ref().map(texts).unwrap_or_default()),
            is_switch: flag("SwitchParameter"),
            is_dynamic: flag("IsDynamic"),
        })
    }
}

fn text(object: &PsObject, name: &str) -> Option<String> {
    text_of(&object.get(name)?)
}

fn text_of(value: &PsValue) -> Option<String> {
    match value {
        PsValue::String(text) | PsValue::Uri(text) => Some(text.to_text().into_owned()),
        PsValue::Object(object) => Some(object.to_string_text()?.to_text().into_owned()),
        _ => None,
    }
}

fn texts(value: &PsValue) -> Vec<String> {
    let list = match value {
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => Some(items),
            _ => None,
        },
        _ => None,
    };
    list.map_or_else(|| text_of(value).into_iter().collect(), |items| items.iter().filter_map(text_of).collect())
}

/// The name of a type without namespace, assembly and `Nullable`.
///
/// ```
/// use exsh::catalog::short_type_name;
/// assert_eq!(short_type_name("System.Management.Automation.SwitchParameter"), "SwitchParameter");
/// assert_eq!(short_type_name("System.Nullable`1[[System.DateTime, mscorlib, Version=4.0.0.0]]"), "DateTime");
/// assert_eq!(short_type_name("Microsoft.Exchange.Data.Unlimited`1[[System.Int32, mscorlib]]"), "Unlimited");
/// assert_eq!(short_type_name("System.String[]"), "String[]");
/// ```
#[must_use]
pub fn short_type_name(full: &str) -> String {
    if let Some((outer, inner)) = full.split_once("`1[[") {
        let inner = inner.split([',', ']']).next().unwrap_or(inner);
        return if outer.ends_with("Nullable") { short_type_name(inner) } else { short_type_name(outer) };
    }
    let (plain, array) = full.strip_suffix("[]").map_or((full, ""), |element| (element, "[]"));
    let plain = plain.split(['`', '[', ',']).next().unwrap_or(plain);
    format!("{}{array}", plain.rsplit(['.', '+']).next().unwrap_or(plain))
}

impl Cmdlet {
    /// What the server says, completed by what is documented: the server decides which parameters there are, their
    /// types, aliases and switches; `documented` adds positions, sets, required flags, pipeline input and values.
    #[must_use]
    pub fn merged(documented: Option<&Self>, said: &CommandMetadata) -> Self {
        let should_process = ["WhatIf", "Confirm"]
            .iter()
            .all(|name| said.parameters.iter().any(|parameter| parameter.name.eq_ignore_ascii_case(name)));
        let known_place = |parameter: &ParameterMetadata| {
            let index = documented.and_then(|cmdlet| {
                cmdlet.parameters.iter().position(|known| known.name.eq_ignore_ascii_case(&parameter.name))
            });
            index.unwrap_or(usize::MAX)
        };
        let mut own: Vec<&ParameterMetadata> =
            said.parameters.iter().filter(|parameter| !is_common(&parameter.name)).collect();
        own.sort_by_key(|parameter| known_place(parameter)); // stable: unknown ones stay in the server's order
        let parameters = own
            .into_iter()
            .map(|parameter| merge_parameter(documented.and_then(|known| known.parameter(&parameter.name)), parameter))
            .collect();
        Self {
            name: Name::Owned(said.name.clone()),
            releases: documented.map_or(Releases::default(), |known| known.releases),
            sets: documented.map_or_else(|| vec![Name::Borrowed("(Default)")], |known| known.sets.clone()),
            default_set: documented.and_then(|known| known.default_set),
            parameters,
            supports_should_process: should_process,
        }
    }
}

fn is_common(name: &str) -> bool {
    name.eq_ignore_ascii_case("AsJob") || COMMON_PARAMETERS.iter().any(|common| common.name.eq_ignore_ascii_case(name))
}

fn merge_parameter(known: Option<&Parameter>, said: &ParameterMetadata) -> Parameter {
    let type_name = match known {
        // An Exchange proxy calls every type it does not share `Object`: the documented name says more and binds alike.
        Some(known) if is_vague(&said.type_name) && !said.is_switch && known.value_type() == ValueType::Object => {
            known.type_name.clone()
        }
        Some(known) if said.type_name.is_empty() && !said.is_switch => known.type_name.clone(),
        _ if said.is_switch => Name::Borrowed("SwitchParameter"),
        _ => Name::Owned(short_type_name(&said.type_name)),
    };
    let kind = match known {
        _ if said.is_switch => ParameterKind::Switch,
        Some(known)
            if known.type_name.eq_ignore_ascii_case(&type_name) || ValueType::of(&type_name) == known.value_type() =>
        {
            known.kind
        }
        _ => ParameterKind::of_type(&type_name),
    };
    Parameter {
        name: Name::Owned(said.name.to_string()),
        type_name,
        kind,
        aliases: said.aliases.iter().map(|alias| Name::Owned(alias.to_string())).collect(),
        releases: known.map_or(Releases::default(), |known| known.releases),
        sets: known.map_or(ParameterSets::ALL, |known| known.sets),
        required_in: known.map_or(ParameterSets::NONE, |known| known.required_in),
        position: known.and_then(|known| known.position),
        pipeline: known.map_or(PipelineInput::default(), |known| known.pipeline),
        particular: known.map_or_else(Vec::new, |known| known.particular.clone()),
        takes_rest: known.map_or(ParameterSets::NONE, |known| known.takes_rest),
        values: known.map_or_else(Vec::new, |known| known.values.clone()),
        default: known.and_then(|known| known.default.clone()),
    }
}

fn is_vague(type_name: &str) -> bool {
    matches!(
        type_name,
        "" | "System.Object" | "Object" | "System.Object[]" | "Object[]" | "System.Management.Automation.PSObject"
    )
}
