//! Get-Command, and the answer to a client that imports: which commands there are for this user, with which parameters.
//!
//! The objects have the shape that PowerShell's own server was recorded to send for functions.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::call::Call;
use super::{CommandSet, Definition, Each, Outcome, Spec, select_object};
use crate::catalog::{COMMON_PARAMETERS, Cmdlet, Parameter, ParameterKind, ParameterSets, PipelineInput, Releases};
use crate::clixml::{Base, ListKind, PsObject, PsValue, TypeNames};
use crate::psrp::{CommandQuery, CommandTypes};
use crate::sim::org::value;

/// The commands are told as functions, as proxies are.
const FUNCTION: i32 = 2;
const MODULE: &str = "Microsoft.Exchange.Management.PowerShell.E2010";
const STRING_LIST: &str = "System.Collections.ObjectModel.Collection`1[[System.String, mscorlib, Version=4.0.0.0, \
                           Culture=neutral, PublicKeyToken=b77a5c561934e089]]";
const PARAMETER_TABLE: &str = "System.Collections.Generic.Dictionary`2[[System.String, mscorlib, Version=4.0.0.0, \
                               Culture=neutral, PublicKeyToken=b77a5c561934e089],\
                               [System.Management.Automation.ParameterMetadata, System.Management.Automation, \
                               Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]";
const TYPE_LIST: &str = "System.Collections.ObjectModel.ReadOnlyCollection`1[[System.Management.Automation.PSTypeName, \
                         System.Management.Automation, Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]";

/// What an importing client asks of each command.
const SELECTED: [&str; 7] =
    ["Name", "Namespace", "HelpUri", "CommandType", "ResolvedCommandName", "OutputType", "Parameters"];

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Get-Command",
        parameters: &[],
        output: "System.Management.Automation.FunctionInfo",
        start: |_| Box::new(Each(get)),
    }]
}

fn get(call: &mut Call<'_>) -> Outcome {
    let mut names = call.texts("Name");
    if names.is_empty() {
        names.push("*".to_owned());
    }
    if let Some(kinds) = call.text("CommandType").filter(|kinds| !allows_functions(kinds)) {
        return call.verbose(&format!("there are no commands of type {kinds}"));
    }
    let commands = std::sync::Arc::clone(&call.context.commands);
    for pattern in &names {
        let mut any = false;
        for definition in commands.iter().filter(|one| value::wildcard(pattern, &one.cmdlet.name)) {
            any = true;
            call.output(function_info(definition))?;
        }
        if !any && !pattern.contains(['*', '?']) {
            call.error(super::Failure::unknown_command(pattern))?;
        }
    }
    Ok(())
}

fn allows_functions(kinds: &str) -> bool {
    match kinds.parse::<i32>() {
        Ok(number) => number & FUNCTION != 0,
        Err(_) => kinds
            .split([',', ' '])
            .any(|kind| kind.eq_ignore_ascii_case("function") || kind.eq_ignore_ascii_case("all")),
    }
}

/// The answer to GET_COMMAND_METADATA: a count, then one object a command.
pub(crate) fn describe(commands: &CommandSet, query: &CommandQuery) -> Vec<PsValue> {
    let wanted = |definition: &Definition| {
        let named = query.names.is_empty()
            || query.names.iter().any(|pattern| value::wildcard(&pattern.to_text(), &definition.cmdlet.name));
        let in_module = query.modules.iter().all(|pattern| pattern.is_empty())
            || query.modules.iter().any(|pattern| value::wildcard(&pattern.to_text(), MODULE));
        named && in_module && query.kinds.0 & FUNCTION != 0
    };
    let found: Vec<PsObject> =
        commands.iter().filter(|definition| wanted(definition)).map(|definition| function_info(definition)).collect();
    let count = PsObject::builder()
        .types(TypeNames::new([
            "Selected.Microsoft.PowerShell.Commands.GenericMeasureInfo",
            "System.Management.Automation.PSCustomObject",
            "System.Object",
        ]))
        .extended("Count", PsValue::I32(i32::try_from(found.len()).unwrap_or(i32::MAX)))
        .build();
    let names = SELECTED.map(ToOwned::to_owned);
    std::iter::once(count.into())
        .chain(found.into_iter().map(|object| select_object::selected(&object.into(), &names)))
        .collect()
}

fn function_info(definition: &Definition) -> PsObject {
    let cmdlet = &definition.cmdlet;
    let outputs: Vec<PsValue> = (!definition.output.is_empty()).then(|| definition.output.into()).into_iter().collect();
    PsObject::builder()
        .types(TypeNames::new([
            "System.Management.Automation.FunctionInfo",
            "System.Management.Automation.CommandInfo",
            "System.Object",
        ]))
        .to_string_text(&*cmdlet.name)
        .adapted("Name", &*cmdlet.name)
        .adapted("Namespace", MODULE)
        .adapted("HelpUri", "")
        .adapted("CommandType", CommandTypes(FUNCTION).to_value())
        .adapted("ResolvedCommandName", PsValue::Null)
        .adapted("OutputType", list(TYPE_LIST, outputs))
        .adapted("Parameters", parameter_table(cmdlet))
        .adapted("Verb", cmdlet.verb())
        .adapted("Noun", cmdlet.noun())
        .adapted("ModuleName", MODULE)
        .build()
}

fn list(type_name: &'static str, items: Vec<PsValue>) -> PsValue {
    PsObject::builder()
        .types(TypeNames::new([type_name, "System.Object"]))
        .base(Base::List(ListKind::List, items.into()))
        .build()
        .into()
}

fn parameter_table(cmdlet: &Cmdlet) -> PsValue {
    let own = cmdlet.parameters.iter().map(|parameter| {
        let aliases = parameter.aliases.iter().map(|alias| PsValue::from(&**alias)).collect();
        metadata(&parameter.name, &full_type(&parameter.type_name), aliases, parameter.is_switch())
    });
    // -ProgressAction came with PowerShell 7.4; an Exchange server runs 5.1.
    let common = COMMON_PARAMETERS.iter().filter(|common| common.name != "ProgressAction").map(|common| {
        let is_switch = matches!(common.name, "Verbose" | "Debug");
        metadata(common.name, common_type(common.name), vec![common.alias.into()], is_switch)
    });
    let entries: Vec<(PsValue, PsValue)> = own.chain(common).collect();
    PsObject::builder()
        .types(TypeNames::new([PARAMETER_TABLE, "System.Object"]))
        .base(Base::Dictionary(entries.into()))
        .build()
        .into()
}

fn metadata(name: &str, type_name: &str, aliases: Vec<PsValue>, is_switch: bool) -> (PsValue, PsValue) {
    static TYPES: LazyLock<TypeNames> =
        LazyLock::new(|| TypeNames::new(["System.Management.Automation.ParameterMetadata", "System.Object"]));
    let object = PsObject::builder()
        .types(TYPES.clone())
        .to_string_text("System.Management.Automation.ParameterMetadata")
        .adapted("Name", name)
        .adapted("ParameterType", type_name)
        .adapted("Aliases", list(STRING_LIST, aliases))
        .adapted("IsDynamic", false)
        .adapted("SwitchParameter", is_switch)
        .build();
    (name.into(), object.into())
}

fn common_type(name: &str) -> &'static str {
    match name {
        "Verbose" | "Debug" => "System.Management.Automation.SwitchParameter",
        "ErrorAction" | "WarningAction" | "InformationAction" => "System.Management.Automation.ActionPreference",
        "OutBuffer" => "System.Int32",
        _ => "System.String",
    }
}

/// A type's name with its namespace, as a server says it.
fn full_type(short: &str) -> Cow<'_, str> {
    let (element, array) = short.strip_suffix("[]").map_or((short, ""), |element| (element, "[]"));
    let namespace = match element {
        "String" | "Boolean" | "Int32" | "Int64" | "UInt32" | "Byte" | "Double" | "DateTime" | "DateTimeOffset"
        | "TimeSpan" | "Guid" | "Uri" | "Version" | "Object" => "System.",
        "SwitchParameter" | "PSCredential" | "PSObject" => "System.Management.Automation.",
        "SecureString" => "System.Security.",
        "Hashtable" => "System.Collections.",
        "CultureInfo" => "System.Globalization.",
        "IPAddress" => "System.Net.",
        _ if element.contains('.') => "",
        _ if element.ends_with("IdParameter") => "Microsoft.Exchange.Configuration.Tasks.",
        _ => "Microsoft.Exchange.Data.",
    };
    if namespace.is_empty() { short.into() } else { format!("{namespace}{element}{array}").into() }
}

/// Metadata of the commands that belong to PowerShell and not to Exchange's catalogue.
pub(super) fn own_metadata(name: &str) -> Option<Cmdlet> {
    let by_value = PipelineInput { by_value: true, by_property_name: false, by_type: None };
    let nothing = PipelineInput::default();
    let text = |name, position| parameter(name, "String", ParameterKind::String, position, nothing);
    let texts = |name, position| parameter(name, "String[]", ParameterKind::String, position, nothing);
    let any = |name, position| parameter(name, "Object[]", ParameterKind::Object, position, nothing);
    let number = |name| parameter(name, "Int32", ParameterKind::Int, None, nothing);
    let switch = |name| parameter(name, "SwitchParameter", ParameterKind::Switch, None, nothing);
    let input = || parameter("InputObject", "PSObject", ParameterKind::Object, None, by_value);
    let parameters = match name {
        "Get-Command" => vec![
            Parameter { position: Some(0), ..texts("Name", None) },
            any("CommandType", None),
            texts("Module", None),
            any("ArgumentList", None),
            switch("ListImported"),
        ],
        "Get-FormatData" => vec![
            Parameter { position: Some(0), ..texts("TypeName", None) },
            parameter("PowerShellVersion", "Version", ParameterKind::String, None, nothing),
        ],
        "Get-Help" => {
            vec![text("Name", Some(0)), text("Parameter", None), switch("Full"), switch("Detailed"), switch("Examples")]
        }
        "Select-Object" => vec![
            any("Property", Some(0)),
            texts("ExcludeProperty", None),
            text("ExpandProperty", None),
            number("First"),
            number("Last"),
            number("Skip"),
            switch("Unique"),
            input(),
        ],
        "Measure-Object" => vec![
            any("Property", Some(0)),
            switch("Sum"),
            switch("Average"),
            switch("Maximum"),
            switch("Minimum"),
            input(),
        ],
        _ => return None,
    };
    Some(Cmdlet {
        name: name.to_owned().into(),
        releases: Releases::from_bits(u8::MAX),
        sets: vec!["Default".into()],
        default_set: Some(0),
        parameters,
        supports_should_process: false,
    })
}

fn parameter(
    name: &'static str,
    type_name: &'static str,
    kind: ParameterKind,
    position: Option<u8>,
    pipeline: PipelineInput,
) -> Parameter {
    Parameter {
        name: name.into(),
        type_name: type_name.into(),
        kind,
        aliases: Vec::new(),
        releases: Releases::from_bits(u8::MAX),
        sets: ParameterSets::only(0),
        required_in: ParameterSets::NONE,
        position,
        pipeline,
        particular: Vec::new(),
        takes_rest: ParameterSets::NONE,
        values: Vec::new(),
        default: None,
    }
}
