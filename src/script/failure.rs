//! Errors that host functions throw: a map with a message, what to blame and hints, which a script can catch and read.
//!
//! Not here: turning an uncaught one into a [`super::ScriptError`] (`diagnose`).

use rhai::{Dynamic, EvalAltResult, Map, Position};

use super::outcome::ErrorKind;
use super::state::RhaiError;

/// Builds the map that a failing host function throws.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    kind: ErrorKind,
    fields: Map,
    hints: Vec<String>,
    position: Position,
}

impl Failure {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let mut fields = Map::new();
        fields.insert("message".into(), message.into().into());
        Self { kind, fields, hints: Vec::new(), position: Position::NONE }
    }

    /// A mistake in how the script called us.
    pub(super) fn script(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Script, message)
    }

    /// Adds a fact a script may want to look at.
    pub(super) fn with(mut self, name: &str, value: impl Into<Dynamic>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Adds what to do about it.
    pub(super) fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }

    /// Adds "did you mean" when there is something near.
    pub(super) fn did_you_mean(self, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.hint(format!("did you mean {near}?")),
            None => self,
        }
    }

    /// Says where, for those failures that Rhai gives no position.
    pub(super) fn at(mut self, position: Position) -> Self {
        self.position = position;
        self
    }
}

impl From<Failure> for RhaiError {
    fn from(failure: Failure) -> Self {
        let position = failure.position;
        EvalAltResult::ErrorRuntime(fields_of(failure).into(), position).into()
    }
}

/// The map that a script catches.
pub(super) fn fields_of(failure: Failure) -> Map {
    let Failure { kind, mut fields, hints, position } = failure;
    fields.insert("kind".into(), kind_name(kind).into());
    if !hints.is_empty() {
        fields.insert("hints".into(), hints.into_iter().map(Dynamic::from).collect::<Vec<_>>().into());
    }
    if let Some(line) = position.line() {
        fields.insert("line".into(), as_int(line).into());
        fields.insert("position".into(), as_int(position.position().unwrap_or(0)).into());
    }
    fields
}

fn as_int(number: usize) -> rhai::INT {
    rhai::INT::try_from(number).unwrap_or(rhai::INT::MAX)
}

const KINDS: [(ErrorKind, &str); 5] = [
    (ErrorKind::Script, "script"),
    (ErrorKind::Usage, "usage"),
    (ErrorKind::SignIn, "sign_in"),
    (ErrorKind::Network, "network"),
    (ErrorKind::Interrupted, "interrupted"),
];

fn kind_name(kind: ErrorKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("script", |(_, name)| name)
}

/// The field of an error that says which cmdlet no session has.
pub(super) const MISSING_CMDLET: &str = "missing_cmdlet";

/// What an error map that reached the top says to blame.
pub(super) fn kind_of(fields: &Map) -> ErrorKind {
    let name = fields.get("kind").and_then(|kind| kind.as_immutable_string_ref().ok().map(|name| name.to_string()));
    KINDS.iter().find(|(_, known)| name.as_deref() == Some(known)).map_or(ErrorKind::Script, |(kind, _)| *kind)
}

/// The hints of an error map that reached the top.
pub(super) fn hints_of(fields: &Map) -> Vec<String> {
    texts_of(fields, "hints")
}

/// A list of texts in an error map that reached the top.
pub(super) fn texts_of(fields: &Map, name: &str) -> Vec<String> {
    let texts = fields.get(name).and_then(|texts| texts.as_array_ref().ok());
    texts.iter().flat_map(|texts| texts.iter()).map(ToString::to_string).collect()
}
