//! Error records and informational records as text.
//!
//! Only records that were read back: they carry their category and place as notes.

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
