//! Error records and informational records as text.
//!
//! Records that were read back carry their category and place as notes; those of a script that runs know its line.

use crate::clixml::PsValue;
use crate::render::settings::{ErrorView, Settings};
use crate::render::subject::{self, without_prefix};
use crate::render::text;

/// The text of a record; `None` for any other value.
pub(super) fn text(value: &PsValue, type_names: &[String], settings: &Settings) -> Option<String> {
    let is = |name: &str| type_names.iter().any(|own| without_prefix(own).eq_ignore_ascii_case(name));
    if is("System.Management.Automation.InformationRecord") {
        return Some(text::interpolated(value));
    }
    if is("System.Management.Automation.InformationalRecord") {
        return Some(string(value, "InformationalRecord_Message").unwrap_or_default());
    }
    if !is("System.Management.Automation.ErrorRecord") {
        return None;
    }
    let message = message(value);
    let invocation = subject::property(value, "InvocationInfo").filter(|found| !found.is_null());
    Some(match settings.error_view {
        ErrorView::Concise if invocation.as_ref().is_some_and(is_placed) => {
            placed(value, invocation.as_ref().unwrap_or(value), &message)
        }
        ErrorView::Concise => {
            let command = invocation
                .as_ref()
                .and_then(|invocation| string(invocation, "MyCommand").filter(|command| !command.is_empty()))
                .or_else(|| invocation.as_ref().and_then(|invocation| string(invocation, "InvocationName")));
            let reason = command.filter(|command| !command.is_empty()).unwrap_or_else(|| "Error".to_owned());
            format!("{reason}: {message}")
        }
        // The category itself does not travel, only its text; PowerShell shows nothing then.
        ErrorView::Category => String::new(),
        ErrorView::Normal => normal(value, invocation.as_ref(), message),
    })
}

/// The columns that PowerShell breaks the message of a placed error at.
const COLUMNS: usize = 120;

/// Whether an error knows the script and line it is from.
fn is_placed(invocation: &PsValue) -> bool {
    ["ScriptName", "PositionMessage"].iter().all(|name| string(invocation, name).is_some_and(|text| !text.is_empty()))
}

/// The script with the line, the line itself, what in it is meant, and the message.
fn placed(value: &PsValue, invocation: &PsValue, message: &str) -> String {
    let detail = |name| string(invocation, name).unwrap_or_default();
    let position = detail("PositionMessage");
    let shown =
        |line: Option<&str>| line.map(|line| line.strip_prefix('+').unwrap_or(line).to_owned()).unwrap_or_default();
    let (line, marked) = (shown(position.lines().nth(1)), shown(position.lines().nth(2)));
    let number = detail("ScriptLineNumber");
    let wider = " ".repeat(number.chars().count().saturating_sub(4));
    let bar = format!("{wider}     | ");
    format!(
        "{}: {}:{number}\n{wider}Line |\n{number:>4} | {line}\n{bar}{marked}\n{}\n",
        reason(value, invocation),
        detail("ScriptName"),
        broken(&bar, &message.replace(['\n', '\t'], " "))
    )
}

/// What an error is called: by `throw`, by its command, by its category, or by its exception.
fn reason(value: &PsValue, invocation: &PsValue) -> String {
    let exception = subject::property(value, "Exception");
    let thrown = exception.as_ref().and_then(|exception| string(exception, "WasThrownFromThrowStatement"));
    if thrown.is_some_and(|thrown| thrown == "True") {
        return "Exception".to_owned();
    }
    let category = subject::property(value, "CategoryInfo");
    let of_category = |name| {
        let found = category.as_ref().and_then(|category| subject::property(category, name))?;
        match &found {
            // an enumeration is called by its name
            PsValue::Object(object) => object.to_string_text().map(|text| text.to_text().into_owned()),
            other => Some(text::interpolated(other)),
        }
    };
    [
        string(invocation, "MyCommand"),
        of_category("Activity"),
        string(invocation, "InvocationName"),
        of_category("Category").filter(|category| category != "NotSpecified"),
        of_category("Reason"),
    ]
    .into_iter()
    .flatten()
    .find(|text| !text.is_empty())
    .unwrap_or_else(|| "Error".to_owned())
}

/// A message behind the bar, broken at blanks where it reaches the last column.
fn broken(bar: &str, message: &str) -> String {
    let most = COLUMNS.saturating_sub(bar.chars().count());
    let mut rest = message.trim().to_owned();
    let mut lines = Vec::new();
    while rest.chars().count() > most {
        let head: String = rest.chars().take(most).collect();
        let cut = head.rfind(' ').filter(|cut| *cut > 0).unwrap_or(head.len());
        lines.push(format!("{bar}{}", head[..cut].trim_end()));
        rest = rest[cut..].trim().to_owned();
    }
    lines.push(format!("{bar}{rest}"));
    lines.join("\n")
}

/// Message, place, category, id and computer, each in a line of its own.
fn normal(value: &PsValue, invocation: Option<&PsValue>, message: String) -> String {
    let mut text = message;
    if let Some(details) = string(value, "PSMessageDetails").filter(|details| !details.is_empty()) {
        text.push_str(&format!(" : {details}"));
    }
    let mut lines = vec![text];
    let place = invocation.and_then(|invocation| string(invocation, "PositionMessage"));
    lines.extend(place.filter(|place| !place.is_empty()));
    let detail = |name| string(value, name).unwrap_or_default();
    lines.push(format!("+ CategoryInfo          : {}", detail("ErrorCategory_Message")));
    lines.push(format!("+ FullyQualifiedErrorId : {}", detail("FullyQualifiedErrorId")));
    let origin = subject::property(value, "OriginInfo").and_then(|origin| string(&origin, "PSComputerName"));
    lines.extend(origin.map(|name| format!("+ PSComputerName        : {name}")));
    lines.join("\n")
}

/// The exception's message, else the record's own text.
fn message(value: &PsValue) -> String {
    subject::property(value, "Exception")
        .and_then(|exception| string(&exception, "Message"))
        .unwrap_or_else(|| text::interpolated(value))
}

fn string(value: &PsValue, name: &str) -> Option<String> {
    subject::property(value, name).filter(|found| !found.is_null()).map(|found| text::interpolated(&found))
}
