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
];

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
    let missing = NEEDED.iter().find(|(own, name)| *own == command && !bound.has(name) && !piped);
    match missing {
        Some((_, name)) if !bound.has("LiteralPath") && !bound.has("ComObject") => problem(
            id,
            "MissingMandatoryParameter",
            "InvalidArgument",
            format!("Cannot process command because of one or more missing mandatory parameters: {name}."),
            "System.Management.Automation.ParameterBindingException",
        )
        .err(),
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
