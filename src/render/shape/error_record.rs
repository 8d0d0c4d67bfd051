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
    if is("System.Management.Automation.InformationalRecord") {
        return Some(string(value, "InformationalRecord_Message").unwrap_or_default());
    }
    if !is("System.Management.Automation.ErrorRecord") {
        return None;
    }
    let message = message(value);
    Some(match settings.error_view {
        ErrorView::Concise => format!("Error: {message}"),
        ErrorView::Category => string(value, "ErrorCategory_Message").filter(|_| false).unwrap_or_default(),
        ErrorView::Normal => {
            let mut lines = vec![message];
            let place = subject::property(value, "InvocationInfo")
                .and_then(|invocation| string(&invocation, "PositionMessage"))
                .filter(|place| !place.is_empty());
            lines.extend(place);
            let detail = |name| string(value, name).unwrap_or_default();
            lines.push(format!("+ CategoryInfo          : {}", detail("ErrorCategory_Message")));
            lines.push(format!("+ FullyQualifiedErrorId : {}", detail("FullyQualifiedErrorId")));
            lines.join("\n")
        }
    })
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
