//! The loop of the prompt: read a line, run it, show its result, remember it.
//!
//! Not here: reading keys (`rustyline`), running code (`script`), printing values (the terminal side).

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use rhai::Engine;
use rustyline::error::ReadlineError;
use rustyline::history::{History, SearchDirection};

use crate::config::ProfileColor;
use crate::remote::SessionInfo;
use crate::render::{Part, Theme, brief_diagnostic, diagnostic};
use crate::script::ps::{Ended, Outcome, Recognised, wants};
use crate::script::value::Results;
use crate::script::{Answer, Choice, ErrorKind, Host, MessageKind, ScriptError, ScriptOutcome, Ui, View, in_rhai};

use super::asked::{Asked, asked_about, asked_by_word};
use super::commands::{self, Flow};
use super::editor::{LineEditor, editor};
use super::history;
use super::powershell::{self, Mode, PromptConsole};
use super::screen::Screen;
use super::transcript::Entry;
use super::vocabulary::{Vocabulary, cmdlet_called};
use crate::script::scan::{self, Kind};

/// Inputs that take longer tell their time unasked.
const SLOW: Duration = Duration::from_secs(2);

/// What an input is called as a source of errors.
const TYPED: &str = "<prompt>";

/// What to try on the demo organization.
const TRY: [&str; 3] = [
    "get_mailbox(#{ ResultSize: 3 })",
    "Get-Mailbox | Group-Object Database",
    "get_mailbox_statistics(\"alice\").TotalItemSize",
];

/// Changes the form in which results are printed; false when there is no such form.
pub type SetOutput = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// The colour in which a profile wants sessions to its server to be shown.
pub type Accent = Arc<dyn Fn(&SessionInfo) -> Option<ProfileColor> + Send + Sync>;

/// The code that opens and imports a session to a profile or a URI; else why not, and what to do.
pub type Connect = Arc<dyn Fn(&str) -> Result<String, Refusal> + Send + Sync>;

/// Why something cannot be done, in one sentence, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub sentence: String,
    /// What the user can do.
    pub hint: Option<String>,
}

/// What runs before the first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// The code, such as opening a session.
    pub code: String,
    /// What the user is told of it.
    pub told: String,
    /// Whether it leads to the organization for trying things.
    pub is_demo: bool,
    /// What to do when nobody may sign in.
    pub hint_on_refusal: String,
}

/// What a prompt needs besides a host.
#[derive(Clone)]
pub struct PromptOptions {
    /// The terminal side that the host was started with.
    pub screen: Arc<Screen>,
    /// Where inputs are remembered; nowhere if `None`.
    pub history_file: Option<PathBuf>,
    /// Colours of prompt, line and errors.
    pub theme: Theme,
    /// Whether what a server said is shown beneath an error.
    pub is_verbose: bool,
    /// The colour that a profile wants who is signed in to be shown in.
    pub accent: Accent,
    /// How to get to further servers.
    pub connect: Connect,
    /// Names of profiles, for completion.
    pub profiles: Vec<String>,
    /// Changes how results are printed.
    pub set_output: SetOutput,
    /// Starts a host for examples; its sessions end with it.
    pub demo: Arc<dyn Fn() -> std::io::Result<Host> + Send + Sync>,
    /// Called before each input runs.
    pub before_input: Arc<dyn Fn() + Send + Sync>,
    /// Where modules are that `import` finds by name, beside those of the program.
    pub module_folders: Vec<PathBuf>,
    /// What runs before the first line.
    pub first: Option<First>,
}

/// Reads and runs lines until the user leaves; gives the exit code.
///
/// The host's sessions are left open for the caller to close.
///
/// # Errors
/// When the terminal cannot be read.
pub fn run(host: &Host, options: &PromptOptions) -> std::io::Result<u8> {
    let mut editor = editor(host, options).map_err(io_error)?;
    let mut prompt = Prompt::new(host, options, &mut editor);
    prompt.begin();
    loop {
        let (plain, coloured) = prompt.text();
        options.screen.set_typing(true);
        let read = prompt.editor.readline(&(plain.as_str(), coloured.as_str()));
        options.screen.set_typing(false);
        match read {
            Ok(line) => {
                if let Flow::Leave(code) = prompt.line(&line) {
                    return Ok(code);
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(0),
            Err(error) => return Err(io_error(error)),
        }
    }
}

fn io_error(error: ReadlineError) -> std::io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => std::io::Error::other(other),
    }
}

/// A running prompt; what `:commands` work on.
pub(super) struct Prompt<'a> {
    host: &'a Host,
    options: &'a PromptOptions,
    editor: &'a mut LineEditor,
    vocabulary: Arc<RwLock<Vocabulary>>,
    transcript: Vec<Entry>,
    timing: bool,
    powershell: Mode,
    /// Whether an input asked that all that follow go by PowerShell's rules.
    all_ported: bool,
    console: Arc<PromptConsole>,
}

impl<'a> Prompt<'a> {
    fn new(host: &'a Host, options: &'a PromptOptions, editor: &'a mut LineEditor) -> Self {
        let vocabulary = editor.helper().map_or_else(Arc::default, |helper| helper.vocabulary.clone());
        let console = Arc::new(PromptConsole::new(options.screen.clone()));
        vocabulary.write().unwrap_or_else(PoisonError::into_inner).set_words("connect", options.profiles.clone());
        Self {
            host,
            options,
            editor,
            vocabulary,
            transcript: Vec::new(),
            timing: true,
            powershell: Mode::default(),
            all_ported: false,
            console,
        }
    }

    /// The prompt, plain and coloured.
    fn text(&self) -> (String, String) {
        let others = self.host.sessions().len().saturating_sub(1);
        let session = self.host.session_in_use();
        let accent = session.as_ref().and_then(|session| (self.options.accent)(session));
        super::sign::sign(session.as_ref(), others, self.options.theme, accent, self.cells())
    }

    /// What comes before the first line: the session that was asked for, and where to go from here.
    fn begin(&mut self) {
        let version = env!("CARGO_PKG_VERSION");
        let Some(first) = &self.options.first else {
            self.say(&format!(
                "exsh {version}; :connect goes to a server, :help says what else there is, Ctrl-D leaves"
            ));
            return;
        };
        self.say(&first.told);
        let begun = Instant::now();
        let opened = self.host.repl_line(&first.code);
        self.refresh(&first.code, opened.as_ref().ok());
        match opened {
            Ok(_) => {
                self.transcript.push(Entry::plain(&first.code, false));
                self.write_vocabulary().learn(&first.code);
                self.welcome(first.is_demo, begun.elapsed());
            }
            Err(mut error) => {
                error.source = None; // nobody typed it
                error.diagnostic.labels.clear();
                if error.kind == ErrorKind::SignIn {
                    error.diagnostic.hints.push(first.hint_on_refusal.clone());
                }
                self.report(&error);
            }
        }
    }

    fn welcome(&self, is_demo: bool, elapsed: Duration) {
        if is_demo {
            self.say("the demo organization is open, and nothing in it is real. Try");
            for line in TRY {
                self.say(&format!("  {line}"));
            }
        } else {
            let cmdlets = self.host.imported_cmdlets().len();
            let server = self.host.session_in_use().map(|session| session.computer_name).unwrap_or_default();
            self.say(&format!("{cmdlets} cmdlets of {server}, {:.1} s", elapsed.as_secs_f64()));
        }
        self.say(":help says what else there is, tab completes, Ctrl-D leaves");
    }

    /// One line as typed.
    fn line(&mut self, line: &str) -> Flow {
        let text = line.trim();
        if text.is_empty() {
            return Flow::GoOn;
        }
        self.remember(line);
        if text.starts_with(':') {
            return commands::run(self, text);
        }
        let is_free = !self.vocabulary().variables().any(|name| name == text);
        match asked_about(text).or_else(|| asked_by_word(text).filter(|_| is_free)) {
            Some(Asked::Meaning(name)) => commands::help_on(self, name),
            Some(Asked::Source(name)) => commands::source_of(self, name),
            Some(Asked::Command(name)) => return commands::run(self, name),
            Some(Asked::Clear) => {
                let _ = self.editor.clear_screen(); // a terminal that cannot keeps what it shows
            }
            None => return self.input(line).map_or(Flow::GoOn, Flow::Leave),
        }
        Flow::GoOn
    }

    fn remember(&mut self, line: &str) {
        if !history::may_be_remembered(line) || !self.editor.add_history_entry(line).unwrap_or(false) {
            return;
        }
        if let Some(file) = &self.options.history_file {
            let _ = self.editor.append_history(file); // a full disk must not keep anybody from working
        }
    }

    /// Runs code that belongs to the session and shows its value; the exit code if it asked for one.
    fn input(&mut self, code: &str) -> Option<u8> {
        let is_ported = |all| powershell::is_ported(self.host.engine(), &self.vocabulary(), code, all);
        if is_ported(false) {
            return self.ported_input(code);
        }
        if self.powershell != Mode::Off
            && powershell::kind(self.host.engine(), &self.vocabulary(), code) == Recognised::Yes
        {
            return self.powershell_input(code);
        }
        if self.all_ported && is_ported(true) {
            return self.ported_input(code);
        }
        let outcome = self.evaluate(code);
        if let Some(outcome) = &outcome {
            let shown = !outcome.value.is_unit() && !ends_in_semicolon(code);
            self.transcript.push(Entry::plain(code, shown));
        }
        self.write_vocabulary().learn(code);
        outcome?.exit_code
    }

    /// Shows a PowerShell input in Rhai and runs it; the exit code if it asked for one.
    fn powershell_input(&mut self, code: &str) -> Option<u8> {
        let known: Vec<String> = self.host.prompt_variables().into_iter().map(|(name, _)| name).collect();
        let rhai = in_rhai(code, &known);
        self.say(&rhai);
        if self.powershell == Mode::Ask && !self.may_run() {
            return None;
        }
        let needs_rules = powershell::is_ported(self.host.engine(), &self.vocabulary(), &rhai, false);
        let entry = Entry { input: rhai, shown: false, ported: needs_rules };
        self.by_powershells_rules(code, entry, |host, console| host.powershell_line(code, console))
    }

    /// Runs ported text; the exit code if it asked for one.
    fn ported_input(&mut self, code: &str) -> Option<u8> {
        self.all_ported |= wants(code);
        let entry = Entry::ported(code, !ends_in_semicolon(code));
        let exit = self.by_powershells_rules(code, entry, |host, console| host.kept_line(code, console));
        self.write_vocabulary().learn(code);
        exit
    }

    fn by_powershells_rules(
        &mut self,
        code: &str,
        entry: Entry,
        run: impl FnOnce(&Host, Arc<PromptConsole>) -> Result<Outcome, Box<ScriptError>>,
    ) -> Option<u8> {
        let (begun, read) = (Instant::now(), self.options.screen.reading_time());
        self.options.screen.begin();
        (self.options.before_input)();
        let ended = run(self.host, self.console.clone()).map(|outcome| outcome.ended);
        self.console.finish();
        if !matches!(ended, Err(_) | Ok(Ended::Error { .. })) {
            self.transcript.push(entry);
        }
        let elapsed = self.taken_since(begun, read);
        if self.is_told(elapsed) {
            self.tell_time(elapsed);
        }
        self.refresh(code, None);
        for name in self.host.prompt_variables().iter().map(|(name, _)| name) {
            self.write_vocabulary().learn(&format!("let {name} = ();"));
        }
        match ended {
            Ok(Ended::Exit(code)) => Some(u8::try_from(code & 0xff).unwrap_or(1)),
            Ok(Ended::Stopped(_)) => {
                self.say("stopped");
                None
            }
            Ok(_) => None,
            Err(error) => {
                self.report(&error);
                None
            }
        }
    }

    fn may_run(&self) -> bool {
        let answer = |label: &str, help: &str| Answer { label: label.to_owned(), help: help.to_owned() };
        let question = Choice {
            caption: String::new(),
            message: "run it?".to_owned(),
            answers: vec![answer("&Yes", "run it"), answer("&No", "leave it")],
            default: Some(0),
        };
        self.options.screen.ask_choice(&question) == Some(0)
    }

    /// What is done with PowerShell lines.
    pub(super) fn powershell(&self) -> Mode {
        self.powershell
    }

    pub(super) fn set_powershell(&mut self, mode: Mode) {
        self.powershell = mode;
    }

    /// What the server and the catalogue say about an imported cmdlet, through the host's own `help`.
    pub(super) fn help_of_server(&self, name: &str) -> Option<String> {
        let is_asked = self.vocabulary().cmdlet(name).is_some() && self.vocabulary().function("help").is_some();
        if !is_asked {
            return None;
        }
        (self.options.before_input)();
        // In a scope of its own: a question is no result.
        let answer = self.host.eval(&format!("help(\"{}\")", name.escape_default())).ok()?;
        answer.value.into_string().ok().filter(|text| !text.is_empty())
    }

    /// Runs examples on a demo organization of their own, each shown before its result.
    pub(super) fn run_on_demo(&self, examples: &[String]) {
        let demo = match (self.options.demo)() {
            Ok(demo) => demo,
            Err(error) => return self.complain(&format!("the demo organization cannot be started: {error}"), None),
        };
        (self.options.before_input)();
        let opened = demo.repl_line("let session = new_session(\"demo:\"); import_session(session);");
        let ran = opened.and_then(|_| {
            for example in examples {
                self.say(example);
                let outcome = demo.repl_line(example)?;
                demo.show(&outcome, &View::default())?;
            }
            Ok(())
        });
        if let Err(error) = ran {
            self.report(&error);
        }
    }

    /// Runs code and shows its value without remembering it.
    pub(super) fn evaluate_and_show(&mut self, code: &str) {
        let _ = self.evaluate(code);
    }

    /// Opens and imports a session to a profile or a URI.
    pub(super) fn connect(&mut self, name: &str) {
        match (self.options.connect)(name) {
            Ok(code) => {
                self.say(&format!("connecting to {name}"));
                self.input(&code);
            }
            Err(refusal) => self.complain(&refusal.sentence, refusal.hint.as_deref()),
        }
    }

    fn evaluate(&mut self, code: &str) -> Option<ScriptOutcome> {
        let (begun, read) = (Instant::now(), self.options.screen.reading_time());
        self.options.screen.begin();
        (self.options.before_input)();
        let ended = self.host.repl_line(code);
        let shown = ended.and_then(|outcome| {
            if !ends_in_semicolon(code) && outcome.exit_code.is_none() && !outcome.value.is_unit() {
                self.host.show(&outcome, &View::default())?;
                if self.found_nothing(code, &outcome) {
                    self.say("nothing was found");
                }
            }
            Ok(outcome)
        });
        let elapsed = self.taken_since(begun, read);
        let outcome = match shown {
            Ok(outcome) => Some(outcome),
            Err(error) => {
                self.report(&error);
                None
            }
        };
        if self.is_told(elapsed) {
            self.tell_time(elapsed);
        }
        self.refresh(code, outcome.as_ref());
        outcome
    }

    /// Without the time that somebody spent reading pages.
    fn taken_since(&self, begun: Instant, read: Duration) -> Duration {
        begun.elapsed().saturating_sub(self.options.screen.reading_time().saturating_sub(read))
    }

    /// After results, unless `:time off`; what takes long says so in any case.
    fn is_told(&self, elapsed: Duration) -> bool {
        elapsed >= SLOW || self.timing && self.options.screen.rows() > 0
    }

    /// Whether an input that only looks for something gave nothing, and no error says why.
    fn found_nothing(&self, code: &str, outcome: &ScriptOutcome) -> bool {
        let is_empty = outcome.value.read_lock::<Results>().is_some_and(|results| results.0.is_empty());
        is_empty && !self.options.screen.has_seen_errors() && super::vocabulary::only_looks(&self.vocabulary(), code)
    }

    fn tell_time(&self, elapsed: Duration) {
        let rows = match self.options.screen.take_rows() {
            0 => String::new(),
            1 => ", 1 row".to_owned(),
            rows => format!(", {rows} rows"),
        };
        self.say(&format!("{:.1} s{rows}", elapsed.as_secs_f64()));
    }

    /// Brings completion up to what is imported and shown now.
    fn refresh(&self, code: &str, outcome: Option<&ScriptOutcome>) {
        let variables = self.host.prompt_variables();
        let mut vocabulary = self.write_vocabulary();
        vocabulary.set_cmdlets(self.host.imported_cmdlets());
        vocabulary.set_variable_properties(variables);
        let sessions = self.host.sessions();
        vocabulary.set_words("use", sessions.iter().flat_map(|session| [session.id.to_string(), session.name.clone()]));
        if let Some((properties, identities)) = outcome.and_then(|outcome| super::vocabulary::seen_in(&outcome.value)) {
            if let Some(cmdlet) = cmdlet_called(&vocabulary, code) {
                vocabulary.set_properties_given_by(cmdlet, properties.clone());
            }
            vocabulary.set_properties(properties);
            identities.into_iter().for_each(|identity| vocabulary.add_identity(identity));
        }
    }

    /// An error of a script, with its place.
    fn report(&self, error: &ScriptError) {
        match error.kind {
            ErrorKind::OutputClosed => {}
            ErrorKind::Interrupted => self.say("stopped"),
            _ => {
                let source = error.source.as_ref();
                let (name, code) = source.map_or((TYPED, ""), |source| (&*source.name, &*source.text));
                let theme = self.options.theme;
                let mut text = if name == TYPED {
                    brief_diagnostic(&error.diagnostic, code, theme, self.options.screen.screen().width)
                } else {
                    diagnostic(&error.diagnostic, code, name, theme)
                };
                for line in error.detail_lines().iter().filter(|_| self.options.is_verbose) {
                    text.push_str(&theme.paint(Part::Muted, &format!("  {line}\n")));
                }
                self.options.screen.message(MessageKind::Information, text.trim_end());
            }
        }
    }

    /// An error of the prompt itself.
    pub(super) fn complain(&self, sentence: &str, hint: Option<&str>) {
        let theme = self.options.theme;
        let mut text = format!("{} {sentence}", theme.paint(Part::Error, "error:"));
        if let Some(hint) = hint {
            text.push_str(&format!("\n{} {hint}", theme.paint(Part::Hint, "hint:")));
        }
        self.options.screen.message(MessageKind::Information, &text);
    }

    /// A remark on standard error.
    pub(super) fn say(&self, sentence: &str) {
        self.options.screen.message(MessageKind::Status, sentence);
    }

    /// A line of what was asked for, on standard output.
    pub(super) fn print(&self, text: &str) {
        let _ = self.options.screen.print(text); // a closed output ends the prompt at the next line
    }

    /// Cells of the screen.
    pub(super) fn cells(&self) -> usize {
        self.options.screen.screen().width
    }

    pub(super) fn engine(&self) -> &Engine {
        self.host.engine()
    }

    pub(super) fn vocabulary(&self) -> RwLockReadGuard<'_, Vocabulary> {
        self.vocabulary.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_vocabulary(&self) -> std::sync::RwLockWriteGuard<'_, Vocabulary> {
        self.vocabulary.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Inputs of this session that worked.
    pub(super) fn transcript(&self) -> &[Entry] {
        &self.transcript
    }

    /// All remembered inputs, oldest first.
    pub(super) fn inputs(&self) -> Vec<String> {
        let history = self.editor.history();
        (0..history.len())
            .filter_map(|index| history.get(index, SearchDirection::Forward).ok()?)
            .map(|found| found.entry.into_owned())
            .collect()
    }

    pub(super) fn timing(&self) -> bool {
        self.timing
    }

    pub(super) fn set_timing(&mut self, timing: bool) {
        self.timing = timing;
    }

    pub(super) fn set_output(&self, form: &str) -> bool {
        (self.options.set_output)(form)
    }
}

/// Whether the last thing of an input is a semicolon: then its value is not shown.
fn ends_in_semicolon(code: &str) -> bool {
    let pieces = scan::pieces(code);
    let last = pieces.iter().rev().find(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment { .. }));
    last.is_some_and(|piece| piece.text(code) == ";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_at_the_end_hides_the_value() {
        assert!(ends_in_semicolon("get_mailbox(); // all"));
        assert!(!ends_in_semicolon("get_mailbox()"));
        assert!(!ends_in_semicolon("\";\""));
    }
}
