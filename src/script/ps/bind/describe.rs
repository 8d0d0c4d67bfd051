//! What `Get-Command` says of parameters: their table, their sets, and the syntax of a command in lines.
//!
//! The same for functions, built-ins and Exchange's cmdlets; nothing is bound here.

use super::super::types;
use super::super::value::{Hash, HashKind, Obj, V};
use super::param::ParamSpec;
use crate::catalog::{COMMON_PARAMETERS, Cmdlet, CommonParameter, Parameter, Use};

/// A command whose parameters are described.
#[derive(Clone, Copy)]
pub(in crate::script::ps) struct Described<'a> {
    /// Its parameters.
    pub cmdlet: &'a Cmdlet,
    /// Their declarations, where a script declares them.
    pub params: &'a [ParamSpec],
    /// Whether it takes the parameters that every cmdlet has.
    pub common: bool,
}

/// `Position` of a parameter that has none.
const NO_POSITION: i32 = i32::MIN;

/// One parameter in one set.
struct Entry<'a> {
    parameter: &'a Parameter,
    spec: Option<&'a ParamSpec>,
    own: Use,
    set: usize,
}

impl Entry<'_> {
    fn is_required(&self) -> bool {
        self.parameter.required_in.contains(self.set)
    }

    /// In the words of `Get-Command -Syntax`.
    fn syntax(&self) -> String {
        let name = &self.parameter.name;
        if self.parameter.is_switch() {
            return if self.is_required() { format!("-{name}") } else { format!("[-{name}]") };
        }
        let name = if self.own.position.is_some() { format!("[-{name}]") } else { format!("-{name}") };
        let with_type = format!("{name} <{}>", short_type(&self.parameter.type_name));
        if self.is_required() { with_type } else { format!("[{with_type}]") }
    }

    /// The position as it was written, or the place in the order of declaration.
    fn position(&self) -> i32 {
        let declared = self.spec.and_then(|spec| {
            let mut uses = spec.uses.iter();
            let written = uses.find(|own| own.position.is_some() && (spec.uses.len() == 1 || own.set.is_some()));
            written.and_then(|own| own.position).and_then(|at| i32::try_from(at).ok())
        });
        match self.own.position {
            Some(place) => declared.filter(|_| self.parameter.particular.is_empty()).unwrap_or_else(|| place.into()),
            None => NO_POSITION,
        }
    }

    fn object(&self) -> V {
        let pipeline = self.own.pipeline;
        V::Obj(Obj::new(
            "System.Management.Automation.CommandParameterInfo",
            [
                ("Name", V::from(&*self.parameter.name)),
                ("ParameterType", V::Type(full_type(&self.parameter.type_name))),
                ("IsMandatory", V::Bool(self.is_required())),
                ("IsDynamic", V::Bool(false)),
                ("Position", V::Int(self.position())),
                ("ValueFromPipeline", V::Bool(pipeline.by_value)),
                ("ValueFromPipelineByPropertyName", V::Bool(pipeline.by_property_name)),
                ("ValueFromRemainingArguments", V::Bool(self.parameter.takes_rest.contains(self.set))),
                ("Aliases", aliases(self.parameter)),
            ],
        ))
    }
}

impl<'a> Described<'a> {
    /// The parameters of a set, in the order in which they are shown.
    fn entries(self, set: usize) -> Vec<Entry<'a>> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        for (index, parameter) in self.cmdlet.parameters.iter().enumerate() {
            if let Some(own) = parameter.uses().find(|own| own.sets.contains(set)) {
                let own = Use { position: own.position.filter(|_| self.cmdlet.is_positional(index)), ..own };
                entries.push(Entry { parameter, spec: self.params.get(index), own, set });
            }
        }
        entries.sort_by_key(|entry| match entry.own.position {
            Some(place) => (0, place),
            None => (if entry.is_required() { 1 } else { 2 }, 0),
        });
        entries
    }

    /// A line for each parameter set, an empty one before each.
    pub(in crate::script::ps) fn syntax(self, name: &str) -> String {
        let mut text = String::new();
        for set in 0..self.cmdlet.sets.len() {
            let mut words: Vec<String> = vec![name.to_owned()];
            words.extend(self.entries(set).iter().map(Entry::syntax));
            if self.common {
                words.push("[<CommonParameters>]".to_owned());
            }
            let line = words.join(" ");
            text.push_str(&format!("\n{line}{}\n", if words.len() == 1 { " " } else { "" }));
        }
        text
    }

    /// As `ParameterSets` of a command.
    pub(in crate::script::ps) fn sets(self) -> V {
        let one = |(set, name): (usize, &crate::catalog::Name)| {
            let entries = self.entries(set);
            let words: Vec<String> = entries.iter().map(Entry::syntax).collect();
            let common = if self.common { " [<CommonParameters>]" } else { "" };
            let parameters = entries.iter().map(Entry::object).collect();
            V::Obj(
                Obj::new(
                    "System.Management.Automation.CommandParameterSetInfo",
                    [
                        ("Name", V::from(&**name)),
                        ("IsDefault", V::Bool(self.cmdlet.default_set == Some(set))),
                        ("Parameters", V::array(parameters)),
                    ],
                )
                .with_text(format!("{}{common}", words.join(" ")).trim()),
            )
        };
        V::array(self.cmdlet.sets.iter().enumerate().map(one).collect())
    }

    /// As `Parameters` of a command.
    pub(in crate::script::ps) fn parameters(self) -> V {
        let own = self.cmdlet.parameters.iter().enumerate().map(|(index, parameter)| {
            let spec = self.params.get(index);
            let mut attributes = self.uses(parameter);
            attributes.extend(spec.into_iter().flat_map(|spec| spec.validations.iter().filter_map(attribute)));
            if !parameter.aliases.is_empty() {
                let names = [("AliasNames", aliases(parameter))];
                attributes.push(V::Obj(Obj::new("System.Management.Automation.AliasAttribute", names)));
            }
            row(&parameter.name, &parameter.type_name, aliases(parameter), attributes)
        });
        let common = COMMON_PARAMETERS
            .iter()
            .filter(|_| self.common)
            .map(|common| row(common.name, type_of(common), V::array(vec![V::from(common.alias)]), Vec::new()));
        let kind =
            HashKind::Dictionary("System.String".into(), "System.Management.Automation.ParameterMetadata".into(), true);
        V::Hash(Hash::from_entries(kind, own.chain(common)))
    }

    /// A `Parameter` attribute for each way in which sets use it.
    fn uses(self, parameter: &Parameter) -> Vec<V> {
        let one = |own: Use| {
            let set = own.sets.first_index().filter(|_| own.sets.len() == 1 && self.cmdlet.sets.len() > 1);
            let set = set.and_then(|set| self.cmdlet.sets.get(set)).map_or("__AllParameterSets", |name| &**name);
            V::Obj(Obj::new(
                "System.Management.Automation.ParameterAttribute",
                [
                    ("Position", V::Int(own.position.map_or(NO_POSITION, i32::from))),
                    ("ParameterSetName", V::from(set)),
                    ("Mandatory", V::Bool(!(parameter.required_in & own.sets).is_empty())),
                    ("ValueFromPipeline", V::Bool(own.pipeline.by_value)),
                    ("ValueFromPipelineByPropertyName", V::Bool(own.pipeline.by_property_name)),
                    ("ValueFromRemainingArguments", V::Bool(!(parameter.takes_rest & own.sets).is_empty())),
                ],
            ))
        };
        parameter.uses().map(one).collect()
    }
}

fn row(name: &str, type_name: &str, aliases: V, attributes: Vec<V>) -> (V, V) {
    let full = full_type(type_name);
    let switch = &*full == "System.Management.Automation.SwitchParameter";
    let row = Obj::new(
        "System.Management.Automation.ParameterMetadata",
        [
            ("Name", V::from(name)),
            ("ParameterType", V::Type(full)),
            ("IsDynamic", V::Bool(false)),
            ("Aliases", aliases),
            ("Attributes", V::array(attributes)),
            ("SwitchParameter", V::Bool(switch)),
        ],
    );
    (V::from(name), V::Obj(row))
}

/// A validation as an object with the properties that scripts ask for.
fn attribute((name, args): &(String, Vec<V>)) -> Option<V> {
    let first = || args.first().cloned().unwrap_or_default();
    let second = || args.get(1).cloned().unwrap_or_default();
    let (type_name, properties): (&str, Vec<(&str, V)>) = match name.to_ascii_lowercase().as_str() {
        "validateset" => {
            let values = args.iter().filter(|arg| !matches!(arg, V::Hash(_))).cloned().collect();
            ("ValidateSetAttribute", vec![("ValidValues", V::array(values)), ("IgnoreCase", V::Bool(true))])
        }
        "validaterange" => ("ValidateRangeAttribute", vec![("MinRange", first()), ("MaxRange", second())]),
        "validatelength" => ("ValidateLengthAttribute", vec![("MinLength", first()), ("MaxLength", second())]),
        "validatecount" => ("ValidateCountAttribute", vec![("MinLength", first()), ("MaxLength", second())]),
        "validatepattern" => ("ValidatePatternAttribute", vec![("RegexPattern", first())]),
        "validatescript" => ("ValidateScriptAttribute", vec![("ScriptBlock", first())]),
        "validatenotnull" => ("ValidateNotNullAttribute", Vec::new()),
        "validatenotnullorempty" => ("ValidateNotNullOrEmptyAttribute", Vec::new()),
        "validatenotnullorwhitespace" => ("ValidateNotNullOrWhiteSpaceAttribute", Vec::new()),
        "allownull" => ("AllowNullAttribute", Vec::new()),
        "allowemptystring" => ("AllowEmptyStringAttribute", Vec::new()),
        "allowemptycollection" => ("AllowEmptyCollectionAttribute", Vec::new()),
        _ => return None,
    };
    Some(V::Obj(Obj::new(&format!("System.Management.Automation.{type_name}"), properties)))
}

fn aliases(parameter: &Parameter) -> V {
    V::array(parameter.aliases.iter().map(|alias| V::from(&**alias)).collect())
}

fn type_of(common: &CommonParameter) -> &'static str {
    match common.name {
        _ if common.is_switch => "SwitchParameter",
        "OutBuffer" => "int",
        name if name.ends_with("Action") => "System.Management.Automation.ActionPreference",
        _ => "string",
    }
}

fn full_type(name: &str) -> std::sync::Arc<str> {
    match name {
        "SwitchParameter" => "System.Management.Automation.SwitchParameter".into(),
        _ => {
            types::resolve(name).unwrap_or_else(|| if name == "Object" { "System.Object".into() } else { name.into() })
        }
    }
}

/// The names that PowerShell has for types, in which it shows them.
const SHORT: &[&str] = &[
    "string",
    "int",
    "long",
    "bool",
    "double",
    "decimal",
    "datetime",
    "timespan",
    "char",
    "byte",
    "float",
    "guid",
    "hashtable",
    "scriptblock",
    "array",
    "psobject",
    "pscredential",
    "securestring",
    "regex",
    "xml",
    "uri",
    "version",
    "ipaddress",
    "mailaddress",
    "cultureinfo",
    "switch",
    "type",
    "bigint",
    "uint",
    "ulong",
    "short",
    "ushort",
    "sbyte",
];

fn short_type(name: &str) -> String {
    if let Some(element) = name.strip_suffix("[]") {
        return format!("{}[]", short_type(element));
    }
    let full = full_type(name);
    let is_it = |short: &&&str| types::resolve(short).is_some_and(|known| known == full);
    SHORT.iter().find(is_it).map_or_else(|| types::short(&full), |short| (**short).to_owned())
}
