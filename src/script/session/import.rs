//! `import_session`: asks a session what cmdlets it offers and makes them functions of the language.
//!
//! What is asked is in `fetch`, what may be imported is decided in `filter` and `choice`; calling is `dispatch`'s business.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rhai::{Dynamic, Map};

use crate::catalog::{CommandType, snake_name};
use crate::clixml::{ProgressRecord, PsValue};
use crate::psrp::{CommandTypes, Record};
use crate::remote::Stopper;

use super::super::call::{Policy, Reporter, remote_failure};
use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::registry::Command;
use super::super::state::{RhaiResult, State};
use super::super::ui::MessageKind;
use super::check::Check;
use super::choice::{choose, prefixed};
use super::fetch::{Listener, Query, Trouble, fetch};
use super::filter::{Wanted, refusal};
use super::shelf::{Answer, Shelf};
use super::{ImportedModule, Session};

const OPTIONS: &[Known] = &[
    ("CommandName", &["Name"]),
    ("CommandType", &["Type"]),
    ("Module", &["PSSnapin"]),
    ("FullyQualifiedModule", &[]),
    ("ArgumentList", &["Args"]),
    ("FormatTypeName", &[]),
    ("Prefix", &[]),
    ("AllowClobber", &[]),
    ("DisableNameChecking", &[]),
];

/// Between two progress reports.
const PROGRESS_PAUSE: Duration = Duration::from_millis(200);

/// What a script asked for.
pub(super) struct Request {
    pub(super) query: Query,
    pub(super) prefix: String,
    pub(super) allow_clobber: bool,
    pub(super) check_names: bool,
}

impl Request {
    /// Whether this import may have brought the cmdlet as that function.
    pub(super) fn brings(&self, cmdlet: &str, function: &str) -> bool {
        self.query.wanted.matches(cmdlet) && snake_name(&prefixed(cmdlet, &self.prefix)) == function
    }
}

/// Imports the cmdlets of a session: from the cache when it knows them, else from the server.
pub(super) fn import(state: &Arc<State>, session: &Session, options: Map) -> RhaiResult<ImportedModule> {
    let request = read(options)?;
    session.make_way(state)?;
    let shelf = Shelf::of(state.cache.as_ref(), session, &request.query);
    if let Some((shelf, answer)) = shelf.as_ref().and_then(|shelf| Some((shelf, shelf.take()?))) {
        let commands = answer.commands.clone();
        let module = adopt(state, session, &request, answer)?;
        session.has_begun();
        session.check(state, Check { request, shelf: shelf.clone(), commands });
        session.keep_shelf(shelf.clone());
        return Ok(module);
    }
    let answer = ask(state, session, &request);
    session.has_begun();
    let answer = answer?;
    if let Some(shelf) = &shelf {
        shelf.keep(&answer);
    }
    adopt(state, session, &request, answer)
}

/// Asks the server, telling the person how it goes.
fn ask(state: &Arc<State>, session: &Session, request: &Request) -> RhaiResult<Answer> {
    let reporter = Reporter::new(state, session, "import_session", Policy::default(), rhai::Position::NONE);
    let remote = session.remote();
    let mut asking = Asking { reporter: &reporter, progress: Progress::new(state) };
    let fetched = state.wait(fetch(&remote, &request.query, &mut asking))?;
    drop(asking);
    let (answer, unreadable) = fetched.map_err(|problem| match problem {
        Trouble::Remote(error) => remote_failure(&reporter, &error),
        Trouble::Script(error) => error,
    })?;
    if unreadable > 0 {
        let text =
            format!("the server described {unreadable} cmdlets in a form that cannot be read; they are left out");
        state.ui.message(MessageKind::Warning, &text);
    }
    Ok(answer)
}

/// Makes functions of what the server offers.
fn adopt(state: &Arc<State>, session: &Session, request: &Request, answer: Answer) -> RhaiResult<ImportedModule> {
    if request.query.with_formats && !answer.formats.is_empty() {
        state.keep_formats(answer.formats);
    }
    let commands = choose(state, session, request, &answer.commands)?;
    let mut registry = state.registry_mut();
    for command in &commands {
        registry.add(session, command.clone());
    }
    drop(registry);
    session.keep_commands(commands.iter().cloned());
    Ok(ImportedModule::new(session, commands))
}

/// An import under way, as the person sees it.
struct Asking<'a> {
    reporter: &'a Reporter,
    progress: Progress,
}

impl Listener for Asking<'_> {
    fn asks(&mut self, for_what: &str, _stopper: Stopper) {
        self.progress.say(for_what, -1);
    }

    fn hears(&mut self, record: Record) -> RhaiResult<Option<PsValue>> {
        self.reporter.take(record)
    }

    fn counts(&mut self, received: usize, expected: Option<i64>) {
        self.progress.count(received, expected);
    }
}

/// What a session offers under these very names, for who imports no more than is called.
pub(in crate::script) fn offered(
    state: &Arc<State>,
    session: &Session,
    names: &[String],
) -> RhaiResult<Vec<Arc<Command>>> {
    let names: rhai::Array = names.iter().map(|name| name.as_str().into()).collect();
    let request = read(Map::from_iter([("CommandName".into(), names.into())]))?;
    session.make_way(state)?;
    let answer = ask(state, session, &request)?;
    let safe = answer.commands.into_iter().filter(|said| refusal(&request.query.wanted, said).is_none());
    Ok(safe
        .map(|said| {
            let function = snake_name(&said.name);
            Arc::new(Command::imported(said, function))
        })
        .collect())
}

/// Reads the views of what a session's cmdlets give.
pub(in crate::script) fn views(state: &Arc<State>, session: &Session) -> RhaiResult<()> {
    let request = read(Map::from_iter([("FormatTypeName".into(), "*".into())]))?;
    session.make_way(state)?;
    let answer = ask(state, session, &request)?;
    state.keep_formats(answer.formats);
    Ok(())
}

fn read(options: Map) -> RhaiResult<Request> {
    if options.keys().any(|name| name.eq_ignore_ascii_case("Certificate")) {
        return Err(Failure::script("import_session writes no files that a Certificate could sign")
            .hint("cmdlets become functions here; execution_policy is about scripts")
            .into());
    }
    let mut options = Options::read("import_session", OPTIONS, options)?;
    let names = options.texts("CommandName")?;
    let modules = match (options.texts("Module")?, options.take("FullyQualifiedModule")) {
        (Some(_), Some(_)) => {
            return Err(Failure::script("import_session takes Module or FullyQualifiedModule, not both").into());
        }
        (modules, None) => modules,
        (None, Some(specified)) => Some(specified_modules(specified)?),
    };
    let kinds = options.texts("CommandType")?;
    let formats = options.texts("FormatTypeName")?;
    let arguments = match options.take("ArgumentList") {
        Some(value) => super::super::value::from_dynamic(&value)?,
        None => PsValue::Null,
    };
    let prefix = options.text("Prefix")?.unwrap_or_default();
    if !prefix.chars().all(char::is_alphanumeric) {
        return Err(
            Failure::script(format!("import_session: the prefix {prefix:?} is not only letters and digits")).into()
        );
    }
    // As Import-PSSession: who asks for commands only gets no formats, and the other way round.
    let commands_asked = names.is_some() || modules.is_some() || kinds.is_some();
    Ok(Request {
        query: Query {
            with_commands: commands_asked || formats.is_none(),
            with_formats: formats.is_some() || !commands_asked,
            wanted: Wanted::new(names.unwrap_or_default()),
            kinds: command_types(kinds)?,
            modules: modules.unwrap_or_default(),
            arguments,
            formats: formats.unwrap_or_else(|| vec!["*".into()]),
        },
        prefix,
        allow_clobber: options.truth("AllowClobber")?.unwrap_or(false),
        check_names: !options.truth("DisableNameChecking")?.unwrap_or(false),
    })
}

/// The names in module specifications: a text, a table with `ModuleName`, or several. Versions cannot be asked for:
/// how the message of metadata would carry them is known of no server.
fn specified_modules(specified: Dynamic) -> RhaiResult<Vec<String>> {
    let wrong = |got: &str| {
        let text = format!("import_session: FullyQualifiedModule takes names and tables with ModuleName, not {got}");
        Failure::script(text).hint("write FullyQualifiedModule: #{ ModuleName: \"…\" }")
    };
    let specified = if specified.is_array() { specified.into_array().unwrap_or_default() } else { vec![specified] };
    let mut names = Vec::with_capacity(specified.len());
    for one in specified {
        if let Ok(name) = one.as_immutable_string_ref() {
            names.push(name.to_string());
            continue;
        }
        let mut parts = one.try_cast::<Map>().ok_or_else(|| wrong("a value of another type"))?;
        let at = parts.keys().find(|key| key.eq_ignore_ascii_case("ModuleName")).cloned();
        let name = at.and_then(|key| parts.remove(&key)).ok_or_else(|| wrong("a table without it"))?;
        if let Some(constraint) = parts.keys().next() {
            return Err(Failure::script(format!(
                "import_session cannot ask a server for the {constraint} of a module"
            ))
            .hint(format!("Module: \"{name}\" takes the one that the server has"))
            .into());
        }
        names.push(name.to_string());
    }
    Ok(names)
}

fn command_types(names: Option<Vec<String>>) -> RhaiResult<CommandTypes> {
    let Some(names) = names else { return Ok(CommandTypes::IMPORTABLE) };
    let mut flags = 0;
    for name in names.iter().flat_map(|names| names.split(',')).map(str::trim) {
        flags |= match CommandType::from_name(name) {
            Some(kind) => i32::from(kind as u16),
            None if name.eq_ignore_ascii_case("All") => CommandTypes::ALL.0,
            None => {
                return Err(Failure::script(format!("import_session: there is no CommandType {name}"))
                    .hint(format!("it is one of {}, All", CommandType::names().collect::<Vec<_>>().join(", ")))
                    .into());
            }
        };
    }
    Ok(CommandTypes(flags))
}

/// Tells how the import goes; completed in every case.
struct Progress {
    ui: Arc<dyn super::super::ui::Ui>,
    told: Option<Instant>,
}

impl Progress {
    fn new(state: &State) -> Self {
        Self { ui: state.ui.clone(), told: None }
    }

    fn record(status: &str, percent: i32) -> ProgressRecord {
        ProgressRecord {
            activity: "importing the session".into(),
            activity_id: 1,
            parent_activity_id: -1,
            percent_complete: percent,
            seconds_remaining: -1,
            status_description: status.into(),
            ..ProgressRecord::default()
        }
    }

    fn say(&mut self, status: &str, percent: i32) {
        self.told = Some(Instant::now());
        self.ui.progress(&Self::record(status, percent));
    }

    fn count(&mut self, received: usize, expected: Option<i64>) {
        if self.told.is_some_and(|told| told.elapsed() < PROGRESS_PAUSE) {
            return;
        }
        let received = i64::try_from(received).unwrap_or(i64::MAX);
        let percent = expected.filter(|expected| *expected > 0).map_or(-1, |expected| received * 100 / expected);
        self.say(&format!("{received} received"), i32::try_from(percent.min(100)).unwrap_or(-1));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.told.is_some() {
            self.ui.progress(&ProgressRecord { completed: true, ..Self::record("completed", 100) });
        }
    }
}
