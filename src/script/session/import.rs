//! `import_session`: asks a session what cmdlets it offers and makes them functions of the language.
//!
//! What may be imported is decided in `filter`; calling is `dispatch`'s business.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rhai::Map;

use crate::catalog::{Catalog, Cmdlet, CommandMetadata, CommandType, canonical_key, snake_name};
use crate::clixml::{ProgressRecord, PsValue};
use crate::psrp::{Argument, CommandQuery, CommandSpec, CommandTypes, PipelineSpec, Record};
use crate::remote::{RemoteError, Running};

use super::super::call::{Policy, Reporter, remote_failure, trouble};
use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::registry::Command;
use super::super::state::{RhaiResult, State};
use super::super::ui::MessageKind;
use super::super::value::{list_of, whole_number};
use super::filter::{Refusal, Wanted, refusal, unusual_names};
use super::{ImportedModule, Session};

const OPTIONS: &[Known] = &[
    ("CommandName", &["Name"]),
    ("CommandType", &["Type"]),
    ("Module", &["PSSnapin"]),
    ("ArgumentList", &["Args"]),
    ("FormatTypeName", &[]),
    ("Prefix", &[]),
    ("AllowClobber", &[]),
    ("DisableNameChecking", &[]),
];

/// What is asked of every command, by the metadata message and by the pipeline that stands in for it.
const PROPERTIES: [&str; 7] =
    ["Name", "Namespace", "HelpUri", "CommandType", "ResolvedCommandName", "OutputType", "Parameters"];

/// Between two progress reports.
const PROGRESS_PAUSE: Duration = Duration::from_millis(200);

/// What a script asked for.
struct Request {
    wanted: Wanted,
    kinds: CommandTypes,
    modules: Vec<String>,
    arguments: PsValue,
    formats: Vec<String>,
    prefix: String,
    allow_clobber: bool,
    check_names: bool,
    with_commands: bool,
    with_formats: bool,
}

/// Imports the cmdlets of a session.
pub(super) fn import(state: &Arc<State>, session: &Session, options: Map) -> RhaiResult<ImportedModule> {
    let request = read(options)?;
    session.make_way(state)?;
    let reporter = Reporter::new(state, session, "import_session", Policy::default(), rhai::Position::NONE);
    let mut progress = Progress::new(state);
    let described = if request.with_commands { describe(session, &reporter, &request, &mut progress)? } else { vec![] };
    let offers_formats = !request.with_commands
        || !request.wanted.is_everything()
        || described.iter().any(|command| command.name.eq_ignore_ascii_case("Get-FormatData"));
    if request.with_formats && offers_formats {
        let formats = formats(session, &reporter, &request.formats, &mut progress)?;
        state.ui.formats(formats);
    }
    drop(progress);
    let commands = choose(state, session, &request, described)?;
    let mut registry = state.registry_mut();
    for command in &commands {
        registry.add(session, command.clone());
    }
    drop(registry);
    session.keep_commands(commands.iter().cloned());
    Ok(ImportedModule::new(session, commands))
}

fn read(options: Map) -> RhaiResult<Request> {
    let mut options = Options::read("import_session", OPTIONS, options)?;
    let names = options.texts("CommandName")?;
    let modules = options.texts("Module")?;
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
        with_commands: commands_asked || formats.is_none(),
        with_formats: formats.is_some() || !commands_asked,
        wanted: Wanted::new(names.unwrap_or_default()),
        kinds: command_types(kinds)?,
        modules: modules.unwrap_or_default(),
        arguments,
        formats: formats.unwrap_or_else(|| vec!["*".into()]),
        prefix,
        allow_clobber: options.truth("AllowClobber")?.unwrap_or(false),
        check_names: !options.truth("DisableNameChecking")?.unwrap_or(false),
    })
}

fn command_types(names: Option<Vec<String>>) -> RhaiResult<CommandTypes> {
    const NAMES: [(&str, i32); 9] = [
        ("Alias", 1),
        ("Function", 2),
        ("Filter", 4),
        ("Cmdlet", 8),
        ("ExternalScript", 16),
        ("Application", 32),
        ("Script", 64),
        ("Configuration", 256),
        ("All", 511),
    ];
    let Some(names) = names else { return Ok(CommandTypes::IMPORTABLE) };
    let mut flags = 0;
    for name in names.iter().flat_map(|names| names.split(',')) {
        match NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())) {
            Some((_, flag)) => flags |= flag,
            None => {
                let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
                return Err(Failure::script(format!("import_session: there is no CommandType {name}"))
                    .hint(format!("it is one of {}", known.join(", ")))
                    .into());
            }
        }
    }
    Ok(CommandTypes(flags))
}

/// All commands the server describes, readable ones only.
fn describe(
    session: &Session,
    reporter: &Reporter,
    request: &Request,
    progress: &mut Progress,
) -> RhaiResult<Vec<CommandMetadata>> {
    progress.say("asking for cmdlets", -1);
    let mut query = CommandQuery::new(request.wanted.patterns().iter().map(String::as_str));
    query.kinds = request.kinds;
    query.modules = request.modules.iter().map(|name| name.as_str().into()).collect();
    query.arguments = request.arguments.clone();
    let remote = session.remote();
    let started = reporter.state().wait(async move { remote.command_metadata(query).await })?;
    let first = started.map(|running| receive(running, reporter, progress));
    let values = match first {
        Ok(Ok(values)) => values,
        // A server of the first protocol, or one that refuses the message: its commands are asked for as anybody's.
        Ok(Err(Trouble::Remote(RemoteError::Failed(_) | RemoteError::FailedSilently))) => {
            let remote = session.remote();
            let spec = stand_in(request);
            let started = reporter.state().wait(async move { remote.start(spec).await })?;
            let running = started.map_err(|error| remote_failure(reporter, &error))?;
            receive(running, reporter, progress).map_err(|trouble| trouble.into_error(reporter))?
        }
        Ok(Err(trouble)) => return Err(trouble.into_error(reporter)),
        Err(error) => return Err(trouble(&error).into()),
    };
    let mut commands = Vec::with_capacity(values.len());
    let mut unreadable = 0_usize;
    for value in values {
        match CommandMetadata::from_value(&value) {
            Ok(command) => commands.push(command),
            Err(_) => unreadable += 1,
        }
    }
    if unreadable > 0 {
        let text =
            format!("the server described {unreadable} cmdlets in a form that cannot be read; they are left out");
        reporter.state().ui.message(MessageKind::Warning, &text);
    }
    Ok(commands)
}

/// `Get-Command | Select-Object`: two commands and no script, for endpoints without a language.
fn stand_in(request: &Request) -> PipelineSpec {
    let texts = |names: &[String]| list_of(names.iter().map(|name| name.as_str().into()).collect());
    let mut get = CommandSpec::new("Get-Command");
    get = get.argument(Argument::named("Name", texts(request.wanted.patterns())));
    if request.kinds != CommandTypes::IMPORTABLE {
        get = get.argument(Argument::named("CommandType", request.kinds.to_value()));
    }
    if !request.modules.is_empty() {
        get = get.argument(Argument::named("Module", texts(&request.modules)));
    }
    let properties: Vec<String> = PROPERTIES.iter().map(ToString::to_string).collect();
    let select = CommandSpec::new("Select-Object").argument(Argument::named("Property", texts(&properties)));
    PipelineSpec::new(vec![get, select])
}

fn formats(
    session: &Session,
    reporter: &Reporter,
    types: &[String],
    progress: &mut Progress,
) -> RhaiResult<Vec<PsValue>> {
    progress.say("asking for views", -1);
    let names = list_of(types.iter().map(|name| name.as_str().into()).collect());
    let get = CommandSpec::new("Get-FormatData").argument(Argument::named("TypeName", names));
    let remote = session.remote();
    let started = reporter.state().wait(async move { remote.start(PipelineSpec::new(vec![get])).await })?;
    let received = match started {
        Ok(running) => receive(running, reporter, progress),
        Err(error) => Err(Trouble::Remote(error)),
    };
    match received {
        Ok(formats) => Ok(formats),
        // Views are a convenience: an endpoint without Get-FormatData has none.
        Err(Trouble::Remote(RemoteError::Failed(_) | RemoteError::FailedSilently)) => Ok(Vec::new()),
        Err(trouble) => Err(trouble.into_error(reporter)),
    }
}

enum Trouble {
    Remote(RemoteError),
    Script(super::super::state::RhaiError),
}

impl Trouble {
    fn into_error(self, reporter: &Reporter) -> super::super::state::RhaiError {
        match self {
            Self::Remote(error) => remote_failure(reporter, &error),
            Self::Script(error) => error,
        }
    }
}

/// All output; a leading count only tells how far along we are.
fn receive(mut running: Running, reporter: &Reporter, progress: &mut Progress) -> Result<Vec<PsValue>, Trouble> {
    let mut values = Vec::new();
    let mut expected = None;
    loop {
        let next = reporter.state().wait(running.next()).map_err(Trouble::Script)?;
        let record = match next {
            None => return Ok(values),
            Some(record) => record.map_err(Trouble::Remote)?,
        };
        if matches!(record, Record::Progress(_)) {
            continue; // ours says more
        }
        let Some(value) = reporter.take(record).map_err(Trouble::Script)? else { continue };
        if let (true, Some(count)) = (values.is_empty() && expected.is_none(), count_of(&value)) {
            expected = Some(count);
            continue;
        }
        values.push(value);
        progress.count(values.len(), expected);
    }
}

/// The number in the object that precedes the descriptions.
fn count_of(value: &PsValue) -> Option<i64> {
    let object = value.as_object()?;
    if object.get("Name").is_some() || object.get("TypeName").is_some() {
        return None;
    }
    object.get("Count").as_ref().and_then(whole_number)
}

/// The commands to import; what is left out is said in one line for each reason.
fn choose(
    state: &State,
    session: &Session,
    request: &Request,
    described: Vec<CommandMetadata>,
) -> RhaiResult<Vec<Arc<Command>>> {
    let received = described.len();
    let mut refused: Vec<(Refusal, Vec<String>)> = Vec::new();
    let mut chosen: Vec<(CommandType, Arc<Command>)> = Vec::new();
    let resolve = |name: &str| described.iter().find(|other| other.name.eq_ignore_ascii_case(name));
    for said in &described {
        let function = snake_name(&prefixed(&said.name, &request.prefix));
        let shadows = !request.allow_clobber && state.hides(session, &function);
        let mut refusal = refusal(&request.wanted, said);
        let target = match said.resolved_name.as_deref().filter(|_| said.command_type == CommandType::Alias) {
            Some(name) => resolve(name),
            None if said.command_type == CommandType::Alias => None,
            None => Some(said),
        };
        if target.is_none() {
            refusal = refusal.or(Some(Refusal::UnresolvedAlias));
        }
        if state.is_native(&function) {
            refusal = refusal.or(Some(Refusal::OwnFunction));
        } else if shadows {
            refusal = refusal.or(Some(Refusal::Clobber));
        }
        match (refusal, target) {
            (None, Some(target)) => chosen.push((said.command_type, Arc::new(command(target, function)))),
            (refusal, _) => note(&mut refused, refusal.unwrap_or(Refusal::UnresolvedAlias), &said.name),
        }
    }
    let clobbers: usize =
        refused.iter().filter(|(why, _)| *why == Refusal::Clobber).map(|(_, names)| names.len()).sum();
    if chosen.is_empty() && clobbers > 0 {
        return Err(Failure::script("no cmdlet was imported: each would hide a function that is there already")
            .hint("AllowClobber: true replaces them; Prefix: \"X\" gives them other names")
            .into());
    }
    if received == 0 && request.with_commands && !request.wanted.is_everything() {
        let text = format!("the session offers no cmdlet called {}", request.wanted.patterns().join(" or "));
        return Err(Failure::script(text).hint("its user's roles decide which cmdlets there are").into());
    }
    for (why, names) in &refused {
        if let Some(text) = why.told(names) {
            state.ui.message(MessageKind::Warning, &text);
        }
    }
    if request.check_names {
        for text in unusual_names(chosen.iter().map(|(_, command)| command.name.as_str())) {
            state.ui.message(MessageKind::Warning, &text);
        }
    }
    Ok(without_duplicates(chosen))
}

fn note(refused: &mut Vec<(Refusal, Vec<String>)>, why: Refusal, name: &str) {
    match refused.iter_mut().find(|(known, _)| *known == why) {
        Some((_, names)) => names.push(name.to_owned()),
        None => refused.push((why, vec![name.to_owned()])),
    }
}

/// Of equal names an alias wins over a function, a function over a cmdlet.
fn without_duplicates(mut chosen: Vec<(CommandType, Arc<Command>)>) -> Vec<Arc<Command>> {
    let rank = |kind: CommandType| match kind {
        CommandType::Alias => 0,
        CommandType::Function | CommandType::Filter | CommandType::Script => 1,
        CommandType::Cmdlet => 2,
        _ => 3,
    };
    chosen.sort_by_key(|(kind, command)| (canonical_key(&command.function), rank(*kind)));
    chosen.dedup_by(|(_, later), (_, first)| canonical_key(&later.function) == canonical_key(&first.function));
    chosen.into_iter().map(|(_, command)| command).collect()
}

/// `Get-Mailbox` with the prefix `Exo`: `Get-ExoMailbox`.
fn prefixed(name: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return name.to_owned();
    }
    let mut letters = prefix.chars();
    let prefix: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    match name.split_once('-') {
        Some((verb, noun)) => format!("{verb}-{prefix}{noun}"),
        None => format!("{prefix}{name}"),
    }
}

fn command(said: &CommandMetadata, function: String) -> Command {
    let documented = Catalog::built_in().find(&said.name);
    let cmdlet = Cmdlet::merged(documented.as_deref(), said);
    Command { name: said.name.clone(), function, cmdlet: Some(Arc::new(cmdlet)) }
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
