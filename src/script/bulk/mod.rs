//! Bulk work that survives: `bulk` does a change for each row over several sessions and keeps a journal of it.
//!
//! Also what long work needs besides: `asking`, `retry_until`, `wait_for`, `chunked`, `rate_limiter`. Not here: single calls (`call`).

mod asking;
mod journal;
pub(super) mod lane;
mod limit;
mod rows;
mod run;
mod steps;
mod summary;
mod waiting;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use rhai::{Dynamic, Engine, FLOAT, FnPtr, INT, Map, Module, NativeCallContext};

use super::failure::Failure;
use super::library::ask;
use super::options::{Known, Options};
use super::scan::{self, Kind};
use super::state::{RhaiError, RhaiResult, State, lock};
use super::ui::MessageKind;
use super::value::described;
use journal::{Job, Journal, JournalError, Past};
use limit::Limit;
use rows::Row;
pub(super) use run::is_trouble;
use run::{Outcome, Plan, Work};

/// Sessions that one user may have at an Exchange server, unless its throttling policy says otherwise.
const PARALLEL_MAX: usize = 18;

const OPTIONS: [Known; 12] = [
    ("Journal", &[]),
    ("Parallel", &["ThrottleLimit"]),
    ("Key", &[]),
    ("Check", &[]),
    ("Retry", &[]),
    ("Changed", &[]),
    ("Failures", &[]),
    ("PerMinute", &[]),
    ("StopAfter", &[]),
    ("What", &[]),
    ("WhatIf", &[]),
    ("Confirm", &[]),
];

const BULK: &str = "Calls `change` with each row, over several sessions at once, and gives a record of how it went: `Rows`, `Done`,\n\
    `DoneBefore`, `Failed`, `Uncertain`, `NotBegun`, `Failures`, `UncertainRows`, `FailuresFile`.\n\
    \n\
    With a journal the work survives its process: run the same script again, and rows that are done are not done\n\
    again. A row that was begun and whose end nobody wrote down is uncertain: it is listed and left alone, or `Check`\n\
    decides. An error that a cmdlet reports fails its row; lost connections make it uncertain. A server that is busy is\n\
    given the time it names. Each row works with copies of the script's variables. Passwords of rows are not written down.\n\
    \n\
    Options: `Journal` (path), `Parallel` (sessions at once, 1 to 18), `Key` (the property that names a row), `Check`\n\
    (a function: is this uncertain row done?), `Retry` (true: failed rows of earlier runs again), `Changed` (true: go on\n\
    although rows or function changed), `Failures` (path of the CSV with what failed, else beside the journal),\n\
    `PerMinute` (rows), `StopAfter` (failures), `What` (what is asked before it begins), `WhatIf`, `Confirm`.\n\
    # Example\n\
    ```rhai\n\
    let rows = [#{ Alias: \"alice\", Office: \"Oslo\" }, #{ Alias: \"bob\", Office: \"Rome\" }];\n\
    let change = |row| session.set_user(#{ Identity: row.Alias, Office: row.Office });\n\
    let first = bulk(rows, change, #{ Journal: \"offices.jsonl\", Parallel: 2, Confirm: false });\n\
    let again = bulk(rows, change, #{ Journal: \"offices.jsonl\", Parallel: 2, Confirm: false });\n\
    print(`${first.Done} done; then ${again.Done} done, ${again.DoneBefore} done before`);\n\
    ```\n\
    ```text\n\
    2 done; then 0 done, 2 done before\n\
    ```";

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    let mut module = Module::new();
    let shared = state.clone();
    described("bulk", &["rows: ?", "change: Fn", "record"], BULK).set_into_module(
        &mut module,
        move |context: NativeCallContext<'_>, rows: Dynamic, change: FnPtr| {
            bulk(&shared, &context, rows, change, Map::new())
        },
    );
    let shared = state.clone();
    described("bulk", &["rows: ?", "change: Fn", "options: map", "record"], BULK).set_into_module(
        &mut module,
        move |context: NativeCallContext<'_>, rows: Dynamic, change: FnPtr, options: Map| {
            bulk(&shared, &context, rows, change, options)
        },
    );
    asking::register(&mut module, state);
    steps::register(&mut module, state);
    waiting::register(engine, &mut module, state);
    engine.register_global_module(module.into());
}

/// What the options say.
struct Settings {
    journal: Option<String>,
    parallel: usize,
    key: Option<String>,
    check: Option<FnPtr>,
    retry: bool,
    changed: bool,
    failures: Option<String>,
    limit: Option<Limit>,
    failures_max: Option<usize>,
    what: Option<String>,
    pretends: bool,
    agreed: bool,
}

impl Settings {
    fn read(state: &State, given: Map) -> RhaiResult<Self> {
        let mut options = Options::read("bulk", &OPTIONS, given)?;
        let parallel = whole(&mut options, "Parallel", PARALLEL_MAX)?.unwrap_or(1);
        let check = match options.take("Check") {
            Some(check) => {
                let kind = check.type_name();
                Some(own(check.try_cast::<FnPtr>().ok_or_else(|| options.wrong("Check", "a function", kind))?))
            }
            None => None,
        };
        let limit = match options.take("PerMinute") {
            None => None,
            Some(value) => {
                let count = value.as_float().or_else(|_| value.as_int().map(|count| count as FLOAT));
                let limit = count.ok().and_then(|count| Limit::new(count, Duration::from_secs(60)));
                let wrong = || Failure::script(format!("bulk: PerMinute takes a number above zero, not {value}"));
                Some(limit.ok_or_else(wrong)?)
            }
        };
        let journal = options.text("Journal")?;
        if journal.as_deref() == Some("") {
            return Err(Failure::script("bulk: Journal takes the path of a file, not an empty text").into());
        }
        Ok(Self {
            journal,
            parallel,
            key: options.text("Key")?,
            check,
            retry: options.truth("Retry")?.unwrap_or(false),
            changed: options.truth("Changed")?.unwrap_or(false),
            failures: options.text("Failures")?,
            limit,
            failures_max: whole(&mut options, "StopAfter", usize::MAX)?,
            what: options.text("What")?,
            pretends: state.policy.what_if || options.truth("WhatIf")?.unwrap_or(false),
            agreed: state.policy.yes || options.truth("Confirm")? == Some(false),
        })
    }
}

fn whole(options: &mut Options, name: &str, most: usize) -> RhaiResult<Option<usize>> {
    let Some(value) = options.take(name) else { return Ok(None) };
    let function = options.function();
    let number = value.as_int().ok().and_then(|number: INT| usize::try_from(number).ok());
    match number.filter(|number| (1..=most).contains(number)) {
        Some(number) => Ok(Some(number)),
        None if most == usize::MAX => Err(Failure::script(format!("{function}: {name} is a number from 1 on")).into()),
        None => Err(Failure::script(format!("{function}: {name} is a number from 1 to {most}")).into()),
    }
}

/// A function whose captured variables are its own: threads share nothing of the script's.
fn own(mut function: FnPtr) -> FnPtr {
    for value in function.iter_curry_mut() {
        *value = rows::plain(value);
    }
    function
}

fn bulk(
    state: &Arc<State>,
    context: &NativeCallContext<'_>,
    given: Dynamic,
    change: FnPtr,
    options: Map,
) -> RhaiResult<Dynamic> {
    let settings = Settings::read(state, options)?;
    let function_hash = identity(state, context, &change);
    let finished = perform(state, context, given, change, settings, &function_hash, false)?;
    let file = finished.tell(state)?;
    match finished.ended {
        Some(error) => Err(error),
        None => Ok(summary::record(&finished.rows, &finished.outcomes, file)),
    }
}

/// What became of a job.
struct Finished {
    rows: Vec<Row>,
    outcomes: Vec<Outcome>,
    /// What the function gave for each row, where that was asked for.
    gave: Vec<Option<Dynamic>>,
    failures: Option<PathBuf>,
    pretends: bool,
    /// Why it came to its end early.
    ended: Option<RhaiError>,
}

impl Finished {
    fn tell(&self, state: &State) -> RhaiResult<Option<String>> {
        summary::tell(state, &self.rows, &self.outcomes, self.failures.as_deref(), self.pretends)
    }
}

/// Does a job: reads rows and journal, asks, and works.
fn perform(
    state: &Arc<State>,
    context: &NativeCallContext<'_>,
    given: Dynamic,
    change: FnPtr,
    settings: Settings,
    function_hash: &str,
    in_steps: bool,
) -> RhaiResult<Finished> {
    if lane::is_here() {
        return Err(Failure::script("bulk cannot be called for a row of bulk, or where asking asks").into());
    }
    let rows = rows::read(given, settings.key.as_deref())?;
    let function = own(change);
    let (journal, past) = open_journal(&settings, &rows, function_hash)?;
    let (plans, outcomes) = plan(&rows, &past, &settings);
    let open = plans.iter().filter(|plan| **plan != Plan::Leave).count();
    let known = rows.len() - open;
    if known > 0 || !past.is_empty() {
        let text = format!("going on: {known} of {} rows need nothing, {open} are to be done", rows.len());
        state.ui.message(MessageKind::Status, &text);
    }
    if open > 0 && !settings.pretends && !settings.agreed {
        let what = settings.what.clone().unwrap_or_else(|| "change something".to_owned());
        ask(state, &format!("{what}, for {open} rows"))?;
    }
    let engine = state.engine.get().and_then(Weak::upgrade);
    let engine = engine.ok_or_else(|| Failure::script("bulk has outlived its script"))?;
    #[allow(deprecated, reason = "stored call contexts are volatile, says Rhai, not deprecated; its version is pinned")]
    let stored = context.store_data();
    let work = Work {
        state,
        engine: &engine,
        context: &stored,
        function: &function,
        check: settings.check.as_ref(),
        rows: &rows,
        plans: &plans,
        parallel: settings.parallel.min(open),
        pretends: settings.pretends,
        failures_max: settings.failures_max,
        limit: settings.limit,
        journal,
        outcomes: Mutex::new(outcomes),
        next: AtomicUsize::new(0),
        failures: AtomicUsize::new(0),
        refused: AtomicBool::new(false),
        ending: Mutex::default(),
        gave: in_steps.then(|| Mutex::new(vec![None; rows.len()])),
    };
    work.run();
    let outcomes = std::mem::take(&mut *lock(&work.outcomes));
    let gave = work.gave.as_ref().map(|gave| std::mem::take(&mut *lock(gave))).unwrap_or_default();
    let ended = work.ended_by();
    let failures = summary::failures_path(settings.failures, settings.journal.as_deref());
    Ok(Finished { rows, outcomes, gave, failures, pretends: settings.pretends, ended })
}

/// A journal, and what it knows of rows by their ids.
type Kept = (Option<Mutex<Journal>>, HashMap<String, Past>);

/// The journal of a job and what it knows already; nothing of both when only pretending.
fn open_journal(settings: &Settings, rows: &[Row], function_hash: &str) -> RhaiResult<Kept> {
    let Some(path) = settings.journal.as_deref().filter(|_| !settings.pretends) else {
        return Ok((None, HashMap::new()));
    };
    let rows_hash = rows::hash_of(rows.iter().map(|row| row.id.as_str()));
    let job = Job { rows: rows.len(), rows_hash, function_hash: function_hash.to_owned() };
    let (journal, past) = Journal::open(path, &job, settings.changed).map_err(|error| unusable(&error))?;
    Ok((Some(Mutex::new(journal)), past))
}

/// What is to be done with each row, and what is known of it already.
fn plan(rows: &[Row], past: &HashMap<String, Past>, settings: &Settings) -> (Vec<Plan>, Vec<Outcome>) {
    let one = |row: &Row| match past.get(&row.id) {
        None => (Plan::Do, Outcome::NotBegun),
        Some(Past::Done) => (Plan::Leave, Outcome::DoneBefore),
        Some(Past::Failed(_)) if settings.retry => (Plan::Do, Outcome::NotBegun),
        Some(Past::Failed(error)) => (Plan::Leave, Outcome::Failed(error.clone())),
        Some(Past::Uncertain(why)) if settings.check.is_some() => (Plan::Ask, Outcome::Uncertain(why.clone())),
        Some(Past::Uncertain(why)) => (Plan::Leave, Outcome::Uncertain(why.clone())),
    };
    rows.iter().map(one).unzip()
}

/// A hash of what the function is: its text where it is written in the call, else the whole script.
fn identity(state: &State, context: &NativeCallContext<'_>, function: &FnPtr) -> String {
    let source = context.call_source().and_then(|name| lock(&state.sources).get(name).cloned()).unwrap_or_default();
    let position = context.call_position();
    let start = position.line().and_then(|line| scan::offset(&source, line, position.position()?));
    let written = start.and_then(|start| source.get(start..)).and_then(closure_in);
    match written {
        Some(text) if function.is_anonymous() => rows::hash_of([text.as_str()]),
        _ => rows::hash_of([words(&source).as_str()]),
    }
}

/// The text of the first argument that begins with `|`, in a call at the beginning of `text`.
fn closure_in(text: &str) -> Option<String> {
    let (mut depth, mut found, mut begins) = (0_i32, None::<String>, true);
    for piece in scan::pieces(text).iter().filter(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment { .. })) {
        let word = piece.text(text);
        match word {
            "(" | "[" | "{" | "#{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth <= 0 && matches!(word, ")" | "]" | "}") {
            return found;
        }
        if depth == 1 && word == "," {
            if found.is_some() {
                return found;
            }
            begins = true;
            continue;
        }
        if let Some(text) = &mut found {
            text.push_str(word);
            text.push(' ');
        } else if begins && depth == 1 && word.starts_with('|') {
            found = Some(format!("{word} "));
        }
        begins = depth == 1 && matches!(word, "(");
    }
    None
}

/// A text without what means nothing.
fn words(text: &str) -> String {
    let pieces = scan::pieces(text);
    let kept = pieces.iter().filter(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment { .. }));
    kept.map(|piece| piece.text(text)).collect::<Vec<_>>().join(" ")
}

fn unusable(error: &JournalError) -> RhaiError {
    let why = match error {
        JournalError::Io { source, .. } => format!("{error}: {source}"),
        _ => error.to_string(),
    };
    let failure = Failure::script(why);
    let failure = match error {
        JournalError::OtherJob { .. } => failure
            .hint("Changed: true goes on with it: rows are known by what is in them")
            .hint("another file for Journal begins a new job"),
        JournalError::Foreign { .. } => failure.hint("name another file for Journal"),
        _ => failure,
    };
    failure.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_is_found_in_the_call_and_comments_do_not_change_it() {
        let call = "bulk([1, 2], |row| { f(row, [1, 2]); }, #{ Parallel: 3 })";
        assert_eq!(closure_in(call).unwrap(), "| row | { f ( row , [ 1 , 2 ] ) ; } ");
        let commented = "bulk([1,2], /* all */ |row| { // one\n f(row, [1, 2]); }, #{ Parallel: 4 }) + g(|x| 3)";
        assert_eq!(closure_in(commented), closure_in(call));
        assert_eq!(closure_in("bulk(rows, change)"), None);
        assert_eq!(closure_in("bulk(|row| row)").unwrap(), "| row | row ");
    }
}
