//! What parameters of built-in commands take, beyond what their notation says: types, ranges, words, what is needed.
//!
//! The binder goes by it as by the declarations of a function; only what parameter sets would decide is looked at here.

use super::super::bind::{Bound, NULL, ParamSpec, failed};
use super::super::fault::Res;
use super::super::value::V;
use crate::catalog::Name;
use crate::catalog::bind::BindProblem;

/// Parameters that take a whole number: the command, the name, the least and the greatest value.
const NUMBERS: &[(&str, &str, i64, i64)] = &[
    ("Select-Object", "First", 0, MAX),
    ("Select-Object", "Last", 0, MAX),
    ("Select-Object", "Skip", 0, MAX),
    ("Select-Object", "SkipLast", 0, MAX),
    ("Sort-Object", "Top", 1, MAX),
    ("Sort-Object", "Bottom", 1, MAX),
    ("ConvertTo-Json", "Depth", 0, 100),
    ("ConvertFrom-Json", "Depth", 0, MAX),
    ("Get-Content", "TotalCount", 0, i64::MAX),
    ("Get-Content", "Tail", 0, MAX),
    ("Get-Content", "ReadCount", 0, i64::MAX),
    ("Out-String", "Width", 2, MAX),
    ("Out-File", "Width", 2, MAX),
    ("Format-Wide", "Column", 1, MAX),
    ("Get-Random", "Count", 1, MAX),
    ("Get-Date", "Year", 1, 9999),
    ("Get-Date", "Month", 1, 12),
    ("Get-Date", "Day", 1, 31),
    ("Get-Date", "Hour", 0, 23),
    ("Get-Date", "Minute", 0, 59),
    ("Get-Date", "Second", 0, 59),
    ("Get-Date", "Millisecond", 0, 999),
    ("New-TimeSpan", "Days", MIN, MAX),
    ("New-TimeSpan", "Hours", MIN, MAX),
    ("New-TimeSpan", "Minutes", MIN, MAX),
    ("New-TimeSpan", "Seconds", MIN, MAX),
    ("New-TimeSpan", "Milliseconds", MIN, MAX),
    ("Start-Sleep", "Milliseconds", 0, MAX),
    ("Write-Progress", "PercentComplete", -1, 100),
    ("Write-Progress", "SecondsRemaining", MIN, MAX),
    ("Write-Progress", "Id", 0, MAX),
];

const MIN: i64 = i32::MIN as i64;
const MAX: i64 = i32::MAX as i64;

/// Parameters without which a command cannot work.
const NEEDED: &[(&str, &str)] = &[
    ("Write-Progress", "Activity"),
    ("Write-Warning", "Message"),
    ("Write-Verbose", "Message"),
    ("Write-Debug", "Message"),
    ("Import-PowerShellDataFile", "Path"),
    ("New-Object", "TypeName"),
    ("Out-File", "FilePath"),
    ("Select-String", "Pattern"),
    ("Get-Content", "Path"),
    ("Get-Item", "Path"),
    ("Set-Content", "Path"),
    ("Add-Content", "Path"),
    ("Clear-Content", "Path"),
    ("Remove-Item", "Path"),
    ("Copy-Item", "Path"),
    ("Move-Item", "Path"),
    ("Rename-Item", "Path"),
    ("Split-Path", "Path"),
    ("Join-Path", "Path"),
    ("Get-FileHash", "Path"),
    ("Set-Variable", "Name"),
    ("New-Variable", "Name"),
    ("Remove-Variable", "Name"),
    ("ConvertFrom-Json", "InputObject"),
    ("ConvertFrom-Csv", "InputObject"),
    ("Invoke-Expression", "Command"),
];

/// Parameters that take a name of an enumeration: the command, the parameter, the type.
const CHOICES: &[(&str, &str, &str)] = &[
    ("ConvertTo-Csv", "UseQuotes", QUOTES),
    ("Export-Csv", "UseQuotes", QUOTES),
    ("ConvertTo-Json", "EscapeHandling", "Newtonsoft.Json.StringEscapeHandling"),
    ("Test-Path", "PathType", "Microsoft.PowerShell.Commands.TestPathType"),
    ("ConvertFrom-Json", "DateKind", "Microsoft.PowerShell.Commands.JsonDateKind"),
];

const QUOTES: &str = "Microsoft.PowerShell.Commands.BaseCsvWritingCommand+QuoteKind";

/// Parameters that take one of a few words: the command, the parameter, the words.
const WORDS: &[(&str, &str, &str)] =
    &[("ConvertTo-Html", "As", "Table,List"), ("ConvertTo-Xml", "As", "Stream,String,Document")];

/// Parameters that take one text and no list.
const TEXTS: &[(&str, &str)] = &[
    ("Write-Warning", "Message"),
    ("Write-Verbose", "Message"),
    ("Write-Debug", "Message"),
    ("Write-Error", "Message"),
];

/// Parameters of a plain type: the command, the parameter, the type.
const TYPES: &[(&str, &str, &str)] = &[("Start-Sleep", "Seconds", "double"), ("Start-Sleep", "Duration", "timespan")];

/// Gives parameters their types and validations.
pub(super) fn refine(command: &str, params: &mut [ParamSpec]) {
    for param in params {
        let is_it = |own: &str, name: &str| own == command && name == param.name;
        let text = |text: &str| Some(text.to_owned());
        if let Some((.., least, most)) = NUMBERS.iter().find(|(own, name, ..)| is_it(own, name)) {
            param.type_name = text(if *most == i64::MAX { "long" } else { "int" });
            param.validations.push(("ValidateRange".to_owned(), vec![V::Long(*least), V::Long(*most)]));
        }
        if let Some((.., kind)) = CHOICES.iter().find(|(own, name, _)| is_it(own, name)) {
            param.type_name = text(kind);
        }
        if let Some((.., words)) = WORDS.iter().find(|(own, name, _)| is_it(own, name)) {
            param.validations.push(("ValidateSet".to_owned(), words.split(',').map(V::from).collect()));
        }
        if let Some((.., kind)) = TYPES.iter().find(|(own, name, _)| is_it(own, name)) {
            param.type_name = text(kind);
        }
        if TEXTS.iter().any(|(own, name)| is_it(own, name)) {
            param.type_name = text("string");
        }
    }
}

/// Whether `-Encoding` names one that there is.
fn encoding(id: &str, bound: &Bound) -> Res<()> {
    const KNOWN: [&str; 16] = [
        "ascii",
        "ansi",
        "bigendianunicode",
        "bigendianutf32",
        "byte",
        "default",
        "oem",
        "string",
        "unicode",
        "unknown",
        "utf7",
        "utf8",
        "utf8bom",
        "utf8nobom",
        "utf32",
        "latin1",
    ];
    let Some(V::Str(name)) = bound.get("Encoding") else { return Ok(()) };
    let plain = name.trim().to_lowercase();
    let is_page = plain.parse::<u32>().is_ok() || plain.contains('-') || plain.starts_with("windows");
    if is_page || KNOWN.contains(&plain.as_str()) {
        return Ok(());
    }
    let reason = format!(
        "'{name}' is not a supported encoding name. For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method. (Parameter 'name')"
    );
    super::super::wording::not_transformed(id, "Encoding", &reason).err()
}

/// Required parameters that take texts and refuse null, empty ones and empty lists: the command and its parameters.
const FILLED: &[(&str, &[&str])] = &[
    ("Get-Content", &["Path", "LiteralPath"]),
    ("Get-Item", &["Path", "LiteralPath"]),
    ("Get-ItemProperty", &["Path", "LiteralPath"]),
    ("Remove-Item", &["Path", "LiteralPath"]),
    ("Set-Content", &["Path", "LiteralPath"]),
    ("Add-Content", &["Path", "LiteralPath"]),
    ("Clear-Content", &["Path", "LiteralPath"]),
    ("Copy-Item", &["Path", "LiteralPath"]),
    ("Move-Item", &["Path", "LiteralPath"]),
    ("Rename-Item", &["Path", "LiteralPath", "NewName"]),
    ("Resolve-Path", &["Path", "LiteralPath"]),
    ("Convert-Path", &["Path", "LiteralPath"]),
    ("Split-Path", &["Path", "LiteralPath"]),
    ("Join-Path", &["Path"]),
    ("New-Item", &["Path"]),
    ("Get-FileHash", &["Path", "LiteralPath"]),
    ("Out-File", &["FilePath", "LiteralPath"]),
    ("New-Object", &["TypeName"]),
    ("Set-Variable", &["Name"]),
    ("Remove-Variable", &["Name"]),
    ("Clear-Variable", &["Name"]),
    ("Select-String", &["Pattern"]),
];

/// Those of them that take one text: null is an empty text there.
const SINGLE: &[&str] = &["Rename-Item", "Out-File", "New-Object"];

/// Parameters that are checked not to be null or empty.
const NOT_EMPTY: &[(&str, &str)] = &[("Import-Csv", "Path"), ("Export-Csv", "Path")];

/// Whether required texts are there.
fn filled(command: &str, id: &str, bound: &Bound) -> Res<()> {
    let names = FILLED.iter().find(|(own, _)| *own == command).map_or(&[][..], |(_, names)| *names);
    for (name, value) in names.iter().filter_map(|name| Some((name, bound.get(name)?))) {
        let empty = |value: &V| matches!(value, V::Str(text) if text.is_empty());
        let parameter = Name::Borrowed(*name);
        let problem = match value {
            V::Null | V::Nothing if SINGLE.contains(&command) => BindProblem::EmptyString { parameter },
            V::Null | V::Nothing => BindProblem::Null { parameter, id: NULL },
            V::List(list) if list.is_empty() => BindProblem::EmptyList { parameter, is_array: true },
            V::List(list) if list.items().iter().any(V::is_null) => BindProblem::Null { parameter, id: NULL },
            V::List(list) if list.items().iter().any(empty) => BindProblem::EmptyString { parameter },
            other if empty(other) => BindProblem::EmptyString { parameter },
            _ => continue,
        };
        return Err(failed(command, id, problem));
    }
    for (_, name) in NOT_EMPTY.iter().filter(|(own, _)| *own == command) {
        let Some(value) = bound.get(name) else { continue };
        let validation = [("ValidateNotNullOrEmpty".to_owned(), Vec::new())];
        if let Some(reason) = super::super::validate::check(&validation, value) {
            let parameter = Name::Borrowed(*name);
            return Err(failed(command, id, BindProblem::Validation { parameter, value: String::new(), reason }));
        }
    }
    Ok(())
}

/// Whether a command can do its work with what it was given.
///
/// # Errors
/// When a parameter is missing, or an encoding is none.
pub(in crate::script::ps) fn check(command: &str, id: &str, bound: &Bound, piped: bool) -> Res<()> {
    encoding(id, bound)?;
    filled(command, id, bound)?;
    let missing = NEEDED.iter().find(|(own, name)| *own == command && !bound.has(name) && !piped);
    match missing {
        Some((_, name)) if !["LiteralPath", "ComObject", "InputStream"].iter().any(|other| bound.has(other)) => {
            let parameters = vec![Name::Borrowed(*name)];
            Err(failed(command, id, BindProblem::MissingMandatory { parameters, piped: false }))
        }
        _ => Ok(()),
    }
}

/// Commands that refuse null from the pipeline, and what takes it.
const NO_NULL: &[(&str, &str)] = &[
    ("ConvertTo-Csv", "InputObject"),
    ("Export-Csv", "InputObject"),
    ("ConvertFrom-Csv", "InputObject"),
    ("ConvertFrom-Json", "InputObject"),
    ("ConvertFrom-StringData", "StringData"),
    ("Add-Member", "InputObject"),
];

/// Whether a command takes what is piped to it.
///
/// # Errors
/// When it takes no null.
pub(in crate::script::ps) fn check_input(command: &str, id: &str, input: &V) -> Res<()> {
    let Some((_, name)) = NO_NULL.iter().find(|(own, _)| *own == command && input.is_null()) else { return Ok(()) };
    let parameter = Name::Borrowed(*name);
    let problem = if command == "ConvertFrom-Csv" {
        // Its own validation comes before the refusal of null.
        let validation = [("ValidateNotNullOrEmpty".to_owned(), Vec::new())];
        let reason = super::super::validate::check(&validation, input).unwrap_or_default();
        BindProblem::Validation { parameter, value: String::new(), reason }
    } else {
        BindProblem::Null { parameter, id: "ParameterArgumentValidationErrorNullNotAllowed" }
    };
    Err(failed(command, id, problem))
}
