//! `exsh endpoints`: the endpoints that Microsoft's documents name, and which of them still answer.
//!
//! The list itself is `remote`'s.

use super::exit::ExitCode;
use super::program::Setting;
use super::report::Report;
use crate::clixml::{PsObject, PsValue};
use crate::remote::{ENDPOINTS, Endpoint};
use crate::script::{Form, View};

/// Carries out `exsh endpoints`.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn run(setting: &Setting) -> Result<ExitCode, Report> {
    let view = View { form: Form::List, ..View::default() };
    setting.show(ENDPOINTS.iter().map(record).collect(), &view)
}

fn record(endpoint: &Endpoint) -> PsValue {
    let text = |text: &str| if text.is_empty() { PsValue::Null } else { PsValue::from(text) };
    PsObject::bag([
        ("Name", text(endpoint.name)),
        ("Aliases", text(&endpoint.aliases.join(", "))),
        ("Cloud", text(endpoint.cloud)),
        ("Uri", text(endpoint.uri)),
        ("State", text(endpoint.state.word())),
        ("Since", text(endpoint.since)),
        ("Instead", text(endpoint.instead)),
    ])
    .into()
}
