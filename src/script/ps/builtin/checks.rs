//! What arguments of built-in commands must be: whole numbers, within ranges.
//!
//! How arguments find their parameters is in `bind`.

use super::super::bind::Bound;
use super::super::fault::{Fault, Problem, Res, summary};
use super::super::number::{self, Num};
use super::super::text::to_string;
use super::super::value::V;

/// Parameters that take a whole number: the commands (`*` all), the name, the least and the greatest value.
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

/// Parameters that take a name of an enumeration: the command, the parameter, the type, its names.
const CHOICES: &[(&str, &str, &str, &str)] = &[
    ("ConvertTo-Csv", "UseQuotes", QUOTES, "Never, Always, AsNeeded"),
    ("Export-Csv", "UseQuotes", QUOTES, "Never, Always, AsNeeded"),
    ("ConvertTo-Json", "EscapeHandling", "Newtonsoft.Json.StringEscapeHandling", "Default, EscapeNonAscii, EscapeHtml"),
    ("Test-Path", "PathType", "Microsoft.PowerShell.Commands.TestPathType", "Any, Container, Leaf"),
    (
        "ConvertFrom-Json",
        "DateKind",
        "Microsoft.PowerShell.Commands.JsonDateKind",
        "Default, Local, Utc, Offset, String",
    ),
    ("*", "ErrorAction", ACTION, ACTIONS),
    ("*", "WarningAction", ACTION, ACTIONS),
    ("*", "InformationAction", ACTION, ACTIONS),
];

const QUOTES: &str = "Microsoft.PowerShell.Commands.BaseCsvWritingCommand+QuoteKind";
const ACTION: &str = "System.Management.Automation.ActionPreference";
const ACTIONS: &str = "SilentlyContinue, Stop, Continue, Inquire, Ignore, Suspend, Break";

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

fn choices(command: &str, id: &str, bound: &Bound) -> Res<()> {
    for (_, name, kind, names) in CHOICES.iter().filter(|(own, ..)| *own == command || *own == "*") {
        let Some(V::Str(text)) = bound.get(name) else { continue };
        let fits = |known: &&str| known.to_lowercase().starts_with(&text.trim().to_lowercase());
        if names.split(", ").filter(fits).count() == 0 && text.trim().parse::<i32>().is_err() {
            let message = format!(
                "Cannot bind parameter '{name}'. Cannot convert value \"{text}\" to type \"{kind}\". Error: \"Unable to match the identifier name {text} to a valid enumerator name. Specify one of the following enumerator names and try again:\n{names}\""
            );
            let exception = "System.Management.Automation.ParameterBindingException";
            return problem(id, "CannotConvertArgumentNoMessage", "InvalidArgument", message, exception).err();
        }
    }
    for (_, name, words) in WORDS.iter().filter(|(own, ..)| *own == command) {
        let Some(text) = bound.text(name) else { continue };
        if !words.split(',').any(|word| word.eq_ignore_ascii_case(&text)) {
            let message = format!(
                "Cannot validate argument on parameter '{name}'. The argument \"{text}\" does not belong to the set \"{words}\" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again."
            );
            let exception = "System.Management.Automation.ParameterBindingValidationException";
            return problem(id, "ParameterArgumentValidationError", "InvalidData", message, exception).err();
        }
    }
    for (_, name) in TEXTS.iter().filter(|(own, _)| *own == command) {
        if matches!(bound.get(name), Some(V::List(list)) if list.is_array()) {
            let message = format!(
                "Cannot convert 'System.Object[]' to the type 'System.String' required by parameter '{name}'. Specified method is not supported."
            );
            let exception = "System.Management.Automation.ParameterBindingException";
            return problem(id, "CannotConvertArgument", "InvalidArgument", message, exception).err();
        }
    }
    encoding(id, bound)
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
    let message = format!(
        "Cannot process argument transformation on parameter 'Encoding'. '{name}' is not a supported encoding name. For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method. (Parameter 'name')"
    );
    let exception = "System.Management.Automation.ParameterBindingArgumentTransformationException";
    problem(id, "ParameterArgumentTransformationError", "InvalidData", message, exception).err()
}

/// Whether a command can do its work with what it was given.
///
/// # Errors
/// When an argument is no number where one is wanted, is out of its range, or a parameter is missing.
pub(in crate::script::ps) fn check(command: &str, id: &str, bound: &Bound, piped: bool) -> Res<()> {
    for (_, name, least, most) in NUMBERS.iter().filter(|(own, ..)| *own == command) {
        if let Some(value) = bound.get(name) {
            number_within(id, name, value, *least, *most)?;
        }
    }
    choices(command, id, bound)?;
    let missing = NEEDED.iter().find(|(own, name)| *own == command && !bound.has(name) && !piped);
    match missing {
        Some((_, name)) if !["LiteralPath", "ComObject", "InputStream"].iter().any(|other| bound.has(other)) => {
            problem(
                id,
                "MissingMandatoryParameter",
                "InvalidArgument",
                format!("Cannot process command because of one or more missing mandatory parameters: {name}."),
                "System.Management.Automation.ParameterBindingException",
            )
            .err()
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
    match NO_NULL.iter().find(|(own, _)| *own == command && input.is_null()) {
        // Its own validation comes before the refusal of null.
        Some(("ConvertFrom-Csv", name)) => problem(
            id,
            "ParameterArgumentValidationError",
            "InvalidData",
            format!("Cannot validate argument on parameter '{name}'. The argument is null or empty. Provide an argument that is not null or empty, and then try the command again."),
            "System.Management.Automation.ParameterBindingValidationException",
        )
        .err(),
        Some((_, name)) => problem(
            id,
            "ParameterArgumentValidationErrorNullNotAllowed",
            "InvalidData",
            format!("Cannot bind argument to parameter '{name}' because it is null."),
            "System.Management.Automation.ParameterBindingValidationException",
        )
        .err(),
        None => Ok(()),
    }
}

fn problem(id: &str, kind: &str, category: &'static str, message: String, exception: &'static str) -> Problem {
    Problem::new(format!("{kind},{id}"), category, message).exception(exception)
}

fn number_within(id: &str, name: &str, value: &V, least: i64, most: i64) -> Res<()> {
    let target = if most == i64::MAX { "System.Int64" } else { "System.Int32" };
    let found = match super::super::cast::cast(target, value) {
        Ok(found) => number::plain(&found).and_then(Num::long).unwrap_or(0),
        Err(fault) => {
            let Fault::Error(record, _) = *fault else { return Err(fault) };
            let (message, ..) = summary(&record);
            return problem(
                id,
                "CannotConvertArgumentNoMessage",
                "InvalidArgument",
                format!("Cannot bind parameter '{name}'. {message}"),
                "System.Management.Automation.ParameterBindingException",
            )
            .err();
        }
    };
    let (word, limit, way) = if found < least {
        ("less than the minimum", least, "greater")
    } else if found > most {
        ("greater than the maximum", most, "less")
    } else {
        return Ok(());
    };
    problem(
        id,
        "ParameterArgumentValidationError",
        "InvalidData",
        format!(
            "Cannot validate argument on parameter '{name}'. The {} argument is {word} allowed range of {limit}. Supply an argument that is {way} than or equal to {limit} and then try the command again.",
            to_string(value)
        ),
        "System.Management.Automation.ParameterBindingValidationException",
    )
    .err()
}
