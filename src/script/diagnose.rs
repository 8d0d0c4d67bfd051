//! Turns an error of Rhai into a [`ScriptError`]: sentence, place, hint, exit code.
//!
//! Drawing the place with a caret is `render`'s.

use std::collections::HashSet;
use std::sync::Arc;

use rhai::{EvalAltResult, ParseErrorType, Position};

use crate::diagnostic::{Diagnostic, Span};

use super::advice::{self, Advice};
use super::failure::{self, MISSING_CMDLET};
use super::library::SCHEME;
use super::outcome::{CmdletError, ErrorKind, Frame, ScriptError, ScriptOutcome, ScriptResult, SourceText};
use super::scan;
use super::state::{Ending, RhaiError, State, lock};
use super::value::{from_dynamic, text_of};
use crate::catalog::{Catalog, nearest_name};

/// The text an evaluation began in.
pub(super) struct Origin {
    pub(super) source: SourceText,
    /// At a prompt, the functions this input defines: places inside others are of earlier inputs.
    pub(super) own_functions: Option<HashSet<String>>,
}

/// What an error that reached the top means: some are no errors at all.
pub(super) fn ending(state: &State, error: &RhaiError, origin: Origin) -> ScriptResult<ScriptOutcome> {
    let unwrapped = unwrap(error, &origin.source);
    if let EvalAltResult::ErrorTerminated(token, _) = unwrapped.innermost {
        return match token.clone().try_cast::<Ending>() {
            Some(Ending::Exit(code)) => Ok(ScriptOutcome { exit_code: Some(code), ..ScriptOutcome::default() }),
            Some(Ending::OutputClosed) => {
                Err(ScriptError::new(ErrorKind::OutputClosed, "script::output_closed", "nobody reads the output"))
            }
            _ => Err(ScriptError::new(ErrorKind::Interrupted, "script::interrupted", "interrupted")),
        };
    }
    Err(explain(state, unwrapped, origin))
}

/// An error without the calls around it.
struct Unwrapped<'a> {
    innermost: &'a EvalAltResult,
    /// Innermost first.
    trace: Vec<Frame>,
    /// The source that the position of the innermost error belongs to.
    source: String,
}

/// The error at the bottom of nested calls, and the calls, innermost first.
fn unwrap<'a>(error: &'a EvalAltResult, source: &SourceText) -> Unwrapped<'a> {
    let (mut current, mut trace) = (error, Vec::new());
    let mut caller = source.name.to_string();
    loop {
        let (function, inside, inner, position) = match current {
            EvalAltResult::ErrorInFunctionCall(function, inside, inner, position) => {
                (function.clone(), inside.clone(), inner, position)
            }
            EvalAltResult::ErrorInModule(module, inner, position) => {
                (format!("import {module:?}"), module.clone(), inner, position)
            }
            _ => break,
        };
        let (line, column) = place(*position).unwrap_or_default();
        trace.push(Frame { function, source: caller.clone(), line, column });
        if !inside.is_empty() {
            caller = inside;
        }
        current = inner;
    }
    trace.reverse();
    Unwrapped { innermost: current, trace, source: caller }
}

fn explain(state: &State, unwrapped: Unwrapped<'_>, origin: Origin) -> Box<ScriptError> {
    let Unwrapped { innermost: error, trace, .. } = &unwrapped;
    let kind = kind_of_thrown(error);
    let missing = missing_cmdlet(state, error);
    let of_caller = caller_of_library(state, &unwrapped, &origin, missing.is_some());
    let (code, message, mut hints) = words(error);
    let is_ours = of_caller.is_some();
    let (source, mut position) = match of_caller {
        Some((source, position)) => (source, position),
        None => {
            let source = text_of_innermost(state, &unwrapped, origin);
            let position = place(error.position()).filter(|_| source.is_some());
            (source, position)
        }
    };
    let text = source.as_ref().map_or("", |source| &source.text);
    let mut advice = if is_ours { Advice::default() } else { advise(state, error, text, position) };
    if let Some(cmdlet) = missing.filter(|_| is_ours) {
        advice.message = Some(format!("{cmdlet} is needed here, and no session offers it"));
    }
    hints.extend(advice.hints);
    hints.extend(nearest(state, error, text));
    hints.dedup();
    let mut diagnostic = Diagnostic::error(code, advice.message.unwrap_or(message));
    diagnostic.hints = hints;
    if let Some(position) = &mut position {
        past_dot(text, position);
        let span = advice.span.unwrap_or_else(|| span_at(text, *position));
        *position = scan::line_and_column(text, span.start);
        diagnostic = diagnostic.at(span, "");
    }
    let cmdlet = cmdlet_of_thrown(error);
    let details = details_of_thrown(error);
    Box::new(ScriptError { kind, diagnostic, position, source, trace: trace.clone(), cmdlet, details })
}

/// The cmdlet that was called and is in no session, if that is what is wrong.
fn missing_cmdlet(state: &State, error: &EvalAltResult) -> Option<String> {
    let name = match error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => signature.split([' ', '(']).next()?.to_owned(),
        EvalAltResult::ErrorRuntime(value, _) => value.as_map_ref().ok()?.get(MISSING_CMDLET)?.to_string(),
        _ => return None,
    };
    let cmdlet = Catalog::built_in().find(&name)?;
    state.registry().find(&name).is_none().then(|| cmdlet.name.to_string())
}

/// A place in a script: its text, with line and column.
type Place = (Option<SourceText>, Option<(usize, usize)>);

/// Where a script called the library, when something in there was thrown or is missing: its author wrote no line of it.
fn caller_of_library(state: &State, unwrapped: &Unwrapped<'_>, origin: &Origin, is_missing: bool) -> Option<Place> {
    let is_said = is_missing || matches!(unwrapped.innermost, EvalAltResult::ErrorRuntime(..));
    if !is_said || !unwrapped.source.starts_with(SCHEME) {
        return None;
    }
    let frame = unwrapped.trace.iter().find(|frame| !frame.source.starts_with(SCHEME))?;
    let position = (frame.line > 0).then_some((frame.line, frame.column));
    if frame.source == *origin.source.name {
        return Some((Some(origin.source.clone()), position));
    }
    let sources = lock(&state.sources);
    let source = sources.get_key_value(frame.source.as_str());
    Some((source.map(|(name, text)| SourceText { name: name.clone(), text: text.clone() }), position))
}

/// The text that the innermost position refers to, if it is known.
fn text_of_innermost(state: &State, unwrapped: &Unwrapped<'_>, origin: Origin) -> Option<SourceText> {
    if unwrapped.source != *origin.source.name {
        let sources = lock(&state.sources);
        let (name, text) = sources.get_key_value(unwrapped.source.as_str())?;
        return Some(SourceText { name: name.clone(), text: text.clone() });
    }
    match (&origin.own_functions, unwrapped.trace.first()) {
        (Some(own), Some(frame)) if !own.contains(&frame.function) => None,
        _ => Some(origin.source),
    }
}

/// Line and column from 1, unless there is no place.
pub(super) fn place(position: Position) -> Option<(usize, usize)> {
    Some((position.line()?, position.position().unwrap_or(1)))
}

/// The word or sign at a line and column (characters, from 1).
fn span_at(text: &str, (line, column): (usize, usize)) -> Span {
    let mut start = 0;
    for (index, part) in text.split_inclusive('\n').enumerate() {
        if index + 1 == line {
            let offset = part.char_indices().nth(column.saturating_sub(1)).map_or(part.trim_end().len(), |(at, _)| at);
            let rest = part.get(offset..).unwrap_or_default();
            return Span::new(start + offset, start + offset + word_length(rest));
        }
        start += part.len();
    }
    Span::new(text.len(), text.len())
}

/// Rhai places a failing property at its dot; people look at the name.
fn past_dot(text: &str, (line, column): &mut (usize, usize)) {
    let mut letters =
        text.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars().skip(column.saturating_sub(1));
    let (first, second) = (letters.next(), letters.next());
    if first == Some('.') && second.is_some_and(|c| c.is_alphabetic() || c == '_') {
        *column += 1;
    } else if first == Some('?') && second == Some('.') {
        *column += 2;
    }
}

fn word_length(text: &str) -> usize {
    let word = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    match text.chars().next() {
        None | Some('\n' | '\r') => 0,
        Some(first) if word == 0 => first.len_utf8(),
        Some(_) => word,
    }
}

/// Code, sentence and hints of an error that has no calls around it.
fn words(error: &EvalAltResult) -> (&'static str, String, Vec<String>) {
    let none = Vec::new();
    match error {
        EvalAltResult::ErrorParsing(kind, _) => parse_words(kind),
        EvalAltResult::ErrorRuntime(value, _) => ("script::runtime", thrown(value), hints_of_thrown(value)),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            ("script::unknown_function", format!("there is no function {signature}"), none)
        }
        EvalAltResult::ErrorVariableNotFound(name, _) => {
            ("script::unknown_variable", format!("there is no variable {name}"), none)
        }
        EvalAltResult::ErrorPropertyNotFound(name, _) => {
            ("script::unknown_property", format!("there is no property {name}"), none)
        }
        EvalAltResult::ErrorModuleNotFound(name, _) => {
            ("script::unknown_module", format!("there is no module {name}"), none)
        }
        EvalAltResult::ErrorDataRace(_, _) => (
            "script::data_race",
            "a function in this chain uses the variable that the chain began with".into(),
            vec!["keep what comes before the function in a variable: let found = …; then found.map(…)".into()],
        ),
        EvalAltResult::ErrorStackOverflow(_) => (
            "script::call_depth",
            "the script's functions call each other too deeply".into(),
            vec!["a function that calls itself needs a condition that ends it".into()],
        ),
        other => {
            let mut text = other.to_string();
            if let Some(at) = text.rfind(" (line ") {
                text.truncate(at);
            }
            ("script::error", lower_first(&text), none)
        }
    }
}

fn parse_words(kind: &ParseErrorType) -> (&'static str, String, Vec<String>) {
    let (code, hints) = match kind {
        ParseErrorType::VariableUndefined(_) => ("script::unknown_variable", vec![]),
        ParseErrorType::Reserved(word) => {
            ("script::syntax", vec![format!("{word} is a word of the language; as a name in a map write \"{word}\"")])
        }
        _ => ("script::syntax", vec![]),
    };
    let message = match kind {
        ParseErrorType::VariableUndefined(name) => format!("there is no variable {name}"),
        other => lower_first(&other.to_string()),
    };
    (code, message, hints)
}

/// An error as one sentence, without its place.
pub(super) fn sentence(error: &EvalAltResult) -> String {
    words(error.unwrap_inner()).1
}

/// What `throw` was given, as a sentence.
fn thrown(value: &rhai::Dynamic) -> String {
    if let Ok(map) = value.as_map_ref()
        && let Some(message) = map.get("message")
    {
        return text_of(message);
    }
    text_of(value)
}

fn hints_of_thrown(value: &rhai::Dynamic) -> Vec<String> {
    value.as_map_ref().map(|fields| failure::hints_of(&fields)).unwrap_or_default()
}

/// What the text around a mistake tells beyond the error itself.
fn advise(state: &State, error: &EvalAltResult, text: &str, position: Option<(usize, usize)>) -> Advice {
    let at = position.and_then(|(line, column)| scan::offset(text, line, column)).unwrap_or(text.len());
    let only = |hint: Option<String>| Advice { hints: hint.into_iter().collect(), ..Advice::default() };
    match error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => on_unknown_call(state, signature),
        EvalAltResult::ErrorVariableNotFound(name, _)
        | EvalAltResult::ErrorParsing(ParseErrorType::VariableUndefined(name), _) => {
            let hint = advice::on_variable(name, text, at);
            only(hint.or_else(|| state.is_native(name).then(|| format!("{name} is a function: {name}(…) calls it"))))
        }
        EvalAltResult::ErrorParsing(kind, _) => advice::on_syntax(kind, text, at),
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) => Advice {
            message: Some(format!("{} is needed here, not {}", advice::kind_of(wanted), advice::kind_of(given))),
            ..Advice::default()
        },
        EvalAltResult::ErrorRuntime(value, _) => {
            let key = value.as_map_ref().ok().and_then(|fields| fields.get("parameter").map(ToString::to_string));
            Advice { span: key.and_then(|key| advice::key_of_call(text, at, &key)), ..Advice::default() }
        }
        _ => Advice::default(),
    }
}

/// A call that nothing answers: the function is not there, or takes other arguments.
fn on_unknown_call(state: &State, signature: &str) -> Advice {
    /// How many forms of a function a hint names.
    const FORMS_MAX: usize = 3;
    let name = signature.split(" (").next().unwrap_or_default();
    let is_known = state.is_native(name);
    let mut hints = Vec::new();
    if let (true, Some(engine)) = (is_known, state.engine.get().and_then(std::sync::Weak::upgrade)) {
        let own = |info: rhai::FuncInfo<'_>| {
            let data = info.metadata;
            let forms = data.params_info.get(..data.num_params).unwrap_or_default();
            let names: Vec<String> =
                forms.iter().map(|form| form.split(':').next().unwrap_or_default().trim().to_owned()).collect();
            let is_told = names.len() == data.num_params && names.iter().all(|name| name.len() > 1);
            let comments = data.comments.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            (data.name == name).then(|| (is_told.then(|| format!("{name}({})", names.join(", "))), comments))
        };
        let found: Vec<(Option<String>, String)> = engine.collect_fn_metadata(None, own, true);
        let mut forms: Vec<&String> = found.iter().filter_map(|(form, _)| form.as_ref()).collect();
        forms.sort_by_key(|form| (form.len(), form.as_str()));
        forms.dedup();
        forms.truncate(FORMS_MAX);
        if !forms.is_empty() {
            let forms: Vec<&str> = forms.into_iter().map(String::as_str).collect();
            hints.push(format!("it is called as {}", forms.join(" or ")));
        }
        hints.extend(found.iter().find_map(|(_, comments)| advice::example_in(comments)));
    }
    Advice { message: Some(advice::on_call(signature, is_known)), hints, ..Advice::default() }
}

/// What was probably meant where a name is unknown.
fn nearest(state: &State, error: &EvalAltResult, text: &str) -> Vec<String> {
    let near = |name: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let known = lock(&state.prompt_names);
        // Letters and short words are near to everything.
        let is_long = |word: &&str| word.len() > 2 && *word != name && !word.starts_with(char::is_numeric);
        let candidates = words.chain(known.iter().map(String::as_str)).filter(is_long);
        nearest_name(name, candidates).map(|near| format!("did you mean {near}?")).into_iter().collect()
    };
    match error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            let name = signature.split([' ', '(']).next().unwrap_or_default();
            if state.is_native(name) || !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                return Vec::new(); // the name is right, or it is an operator
            }
            let native = state.native.get().into_iter().flatten().map(String::as_str);
            state.registry().hints_for_unknown(name, native.filter(|known| *known != name && known.len() > 2))
        }
        EvalAltResult::ErrorVariableNotFound(name, _)
        | EvalAltResult::ErrorParsing(ParseErrorType::VariableUndefined(name), _) => near(name),
        _ => Vec::new(),
    }
}

/// The cmdlet's error behind a thrown map, for those who want more than a sentence.
fn cmdlet_of_thrown(error: &EvalAltResult) -> Option<Arc<CmdletError>> {
    let EvalAltResult::ErrorRuntime(value, _) = error else { return None };
    let fields = value.as_map_ref().ok()?;
    let text = |name: &str| fields.get(name).map(ToString::to_string).unwrap_or_default();
    let error_id = text("error_id");
    if error_id.is_empty() || !fields.contains_key("cmdlet") {
        return None;
    }
    Some(Arc::new(CmdletError {
        cmdlet: text("cmdlet"),
        message: text("message"),
        error_id,
        category: text("category"),
        category_line: text("category_info"),
        target: fields.get("target").and_then(|target| from_dynamic(target).ok()),
        recommended_action: fields.get("recommended_action").map(ToString::to_string),
        parameter: fields.get("parameter").map(ToString::to_string),
    }))
}

fn details_of_thrown(error: &EvalAltResult) -> Vec<String> {
    let EvalAltResult::ErrorRuntime(value, _) = error else { return Vec::new() };
    value.as_map_ref().map(|fields| failure::texts_of(&fields, "details")).unwrap_or_default()
}

fn kind_of_thrown(error: &EvalAltResult) -> ErrorKind {
    match error {
        EvalAltResult::ErrorRuntime(value, _) => {
            value.as_map_ref().map_or(ErrorKind::Script, |fields| failure::kind_of(&fields))
        }
        _ => ErrorKind::Script,
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// Remembers a text so that errors can point into it.
pub(super) fn remember(state: &State, source: &SourceText) {
    lock(&state.sources).insert(source.name.clone(), source.text.clone());
}
