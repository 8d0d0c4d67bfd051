//! The loop of the prompt: read a line, run it, show its result, remember it.
//!
//! Not here: reading keys (`rustyline`), running code (`script`), printing values (the terminal side).

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, mpsc};
use std::time::{Duration, Instant};

use rhai::Engine;
use rustyline::error::ReadlineError;
use rustyline::history::{FileHistory, History, SearchDirection};
use rustyline::{Cmd, CompletionType, Config, Editor, EventHandler, ExternalPrinter, KeyCode, KeyEvent, Modifiers};

use crate::config::ProfileColor;
use crate::remote::SessionState;
use crate::render::{Part, Theme, diagnostic};
use crate::script::ps::{Ended, Recognised};
use crate::script::{Answer, Choice, ErrorKind, Host, Library, MessageKind, ScriptError, ScriptOutcome, Ui, View};

use super::commands::{self, Flow};
use super::helper::{ByPrefix, LineHelper};
use super::history;
use super::powershell::{self, Mode, PromptConsole};
use super::screen::Screen;
use super::transcript::Entry;
use super::vocabulary::{Vocabulary, cmdlet_called};
use crate::script::scan::{self, Kind};

/// How many inputs the history file keeps.
const HISTORY_MAX: usize = 10_000;
/// Inputs that take longer tell their time unasked.
const SLOW: Duration = Duration::from_secs(2);

/// Changes the form in which results are printed; false when there is no such form.
pub type SetOutput = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What a prompt needs besides a host.
#[derive(Clone)]
pub struct PromptOptions {
    /// The terminal side that the host was started with.
    pub screen: Arc<Screen>,
    /// Where inputs are remembered; nowhere if `None`.
    pub history_file: Option<PathBuf>,
    /// Colours of prompt, line and errors.
    pub theme: Theme,
    /// The colour that the profile wants who is signed in to be shown in.
    pub accent: Option<ProfileColor>,
    /// Changes how results are printed.
    pub set_output: SetOutput,
    /// Starts a host for examples; its sessions end with it.
    pub demo: Arc<dyn Fn() -> std::io::Result<Host> + Send + Sync>,
    /// Called before each input runs.
    pub before_input: Arc<dyn Fn() + Send + Sync>,
    /// Where modules are that `import` finds by name, beside those of the program.
    pub module_folders: Vec<PathBuf>,
    /// Code to run before the first line, such as opening a session; shown to the user.
    pub first: Option<String>,
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
    if let Some(first) = &options.first {
        prompt.say(first);
        prompt.input(first);
    }
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

type LineEditor = Editor<LineHelper, FileHistory>;

fn editor(host: &Host, options: &PromptOptions) -> rustyline::Result<LineEditor> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .max_history_size(HISTORY_MAX)?
        .history_ignore_space(true)
        .bracketed_paste(true)
        .build();
    let mut editor = LineEditor::with_config(config)?;
    let key = |code| KeyEvent(code, Modifiers::NONE);
    editor.bind_sequence(key(KeyCode::Up), EventHandler::Conditional(Box::new(ByPrefix { backward: true })));
    editor.bind_sequence(key(KeyCode::Down), EventHandler::Conditional(Box::new(ByPrefix { backward: false })));
    editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
    editor.set_helper(Some(LineHelper {
        engine: host.engine().clone(),
        vocabulary: Arc::new(RwLock::new(Vocabulary::of(host.engine()))),
        colour: options.theme == Theme::Colour,
    }));
    if let Some(file) = &options.history_file
        && history::prepare(file).is_ok()
    {
        let _ = editor.load_history(file); // there may be none yet
    }
    if let Some(helper) = editor.helper() {
        read_library(helper.vocabulary.clone(), options.module_folders.clone());
    }
    print_above(&mut editor, &options.screen);
    Ok(editor)
}

/// Reads the standard library while somebody types; until then completion does without it.
fn read_library(vocabulary: Arc<RwLock<Vocabulary>>, folders: Vec<PathBuf>) {
    let read = move || {
        let (library, _) = Library::read(&folders); // what does not parse is said when it is imported
        vocabulary.write().unwrap_or_else(PoisonError::into_inner).set_library(library);
    };
    let _ = std::thread::Builder::new().name("library".into()).spawn(read); // without it, no more than completion is lost
}

/// Lines that arrive while somebody types go above the line; printing waits for the editor, so it has a thread.
fn print_above(editor: &mut LineEditor, screen: &Screen) {
    let Ok(mut printer) = editor.create_external_printer() else { return };
    let (lines, inbox) = mpsc::channel::<String>();
    let thread = std::thread::Builder::new().name("above the prompt".into()).spawn(move || {
        for line in inbox {
            if printer.print(format!("{line}\n")).is_err() {
                break;
            }
        }
    });
    if thread.is_ok() {
        screen.print_above(lines);
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
    console: Arc<PromptConsole>,
}

impl<'a> Prompt<'a> {
    fn new(host: &'a Host, options: &'a PromptOptions, editor: &'a mut LineEditor) -> Self {
        let vocabulary = editor.helper().map_or_else(Arc::default, |helper| helper.vocabulary.clone());
        let console = Arc::new(PromptConsole::new(options.screen.clone()));
        Self {
            host,
            options,
            editor,
            vocabulary,
            transcript: Vec::new(),
            timing: true,
            powershell: Mode::default(),
            console,
        }
    }

    /// The prompt, plain and coloured.
    fn text(&self) -> (String, String) {
        let theme = self.options.theme;
        let sessions = self.host.sessions();
        let Some(session) = sessions.last() else {
            return ("exsh> ".to_owned(), theme.paint(Part::Hint, "exsh> "));
        };
        let who = whose(&session.user, &session.computer_name);
        let more = if sessions.len() > 1 { format!(" +{}", sessions.len() - 1) } else { String::new() };
        let state = if session.state == SessionState::Opened {
            String::new()
        } else {
            format!(" ({})", session.state.to_string().to_lowercase())
        };
        let coloured = format!(
            "{}{more}{} {}",
            accented(&who, theme, self.options.accent),
            theme.paint(Part::Error, &state),
            theme.paint(Part::Hint, "exsh> ")
        );
        (format!("{who}{more}{state} exsh> "), coloured)
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
        match asked_about(text) {
            Some(Asked::Meaning(name)) => {
                commands::help_on(self, name);
                return Flow::GoOn;
            }
            Some(Asked::Source(name)) => {
                commands::source_of(self, name);
                return Flow::GoOn;
            }
            None => {}
        }
        self.input(line).map_or(Flow::GoOn, Flow::Leave)
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
        if self.powershell != Mode::Off
            && powershell::kind(self.host.engine(), &self.vocabulary(), code) == Recognised::Yes
        {
            return self.powershell_input(code);
        }
        let outcome = self.evaluate(code);
        if let Some(outcome) = &outcome {
            let shown = !outcome.value.is_unit() && !ends_in_semicolon(code);
            self.transcript.push(Entry { input: code.to_owned(), shown });
        }
        self.write_vocabulary().learn(code);
        outcome?.exit_code
    }

    /// Shows a PowerShell input in Rhai and runs it; the exit code if it asked for one.
    fn powershell_input(&mut self, code: &str) -> Option<u8> {
        let rhai = powershell::in_rhai(code);
        self.say(&rhai);
        if self.powershell == Mode::Ask && !self.may_run() {
            return None;
        }
        let begun = Instant::now();
        self.options.screen.take_rows();
        (self.options.before_input)();
        let ended = self.host.powershell_line(code, self.console.clone());
        self.console.finish();
        self.transcript.push(Entry { input: rhai, shown: false });
        let elapsed = begun.elapsed();
        if self.is_told(elapsed) {
            self.tell_time(elapsed);
        }
        self.refresh(code, None);
        for name in self.host.prompt_variables().iter().map(|(name, _)| name) {
            self.write_vocabulary().learn(&format!("let {name} = ();"));
        }
        match ended.map(|outcome| outcome.ended) {
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

    fn evaluate(&mut self, code: &str) -> Option<ScriptOutcome> {
        let begun = Instant::now();
        self.options.screen.take_rows();
        (self.options.before_input)();
        let ended = self.host.repl_line(code);
        let shown = ended.and_then(|outcome| {
            if !ends_in_semicolon(code) && outcome.exit_code.is_none() && !outcome.value.is_unit() {
                self.host.show(&outcome, &View::default())?;
            }
            Ok(outcome)
        });
        let elapsed = begun.elapsed();
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

    /// After results, unless `:time off`; what takes long says so in any case.
    fn is_told(&self, elapsed: Duration) -> bool {
        elapsed >= SLOW || self.timing && self.options.screen.rows() > 0
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
                let (name, code) = source.map_or(("", ""), |source| (&*source.name, &*source.text));
                let text = diagnostic(&error.diagnostic, code, name, self.options.theme);
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

/// Who is signed in, in the colour of the profile: red stands out from afar.
fn accented(who: &str, theme: Theme, accent: Option<ProfileColor>) -> String {
    let code = match (theme, accent) {
        (Theme::Plain, _) | (_, None) => return theme.paint(Part::Emphasis, who),
        (_, Some(ProfileColor::Red)) => "1;97;41",
        (_, Some(ProfileColor::Yellow)) => "1;33",
        (_, Some(ProfileColor::Green)) => "1;32",
        (_, Some(ProfileColor::Cyan)) => "1;36",
        (_, Some(ProfileColor::Blue)) => "1;34",
        (_, Some(ProfileColor::Magenta)) => "1;35",
    };
    format!("\u{1b}[{code}m{who}\u{1b}[0m")
}

/// Organization and user: `contoso.com/admin`; without a domain in the user's name, the server stands for it.
fn whose(user: &str, server: &str) -> String {
    match user.split_once('@') {
        Some((name, domain)) => format!("{domain}/{name}"),
        None => match user.split_once('\\') {
            Some((domain, name)) => format!("{domain}/{name}"),
            None if user.is_empty() => server.to_owned(),
            None => format!("{server}/{user}"),
        },
    }
}

/// What a line asks about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked<'a> {
    /// `name?`, `help name`, `help some words`.
    Meaning(&'a str),
    /// `name??`
    Source(&'a str),
}

fn asked_about(line: &str) -> Option<Asked<'_>> {
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':'));
    let name = |ending: &str| line.strip_suffix(ending).map(str::trim_end).filter(|name| is_name(name));
    if let Some(name) = name("??") {
        return Some(Asked::Source(name));
    }
    let words = line.strip_prefix("help ").map(str::trim);
    let words =
        words.filter(|words| !words.is_empty() && words.split(' ').all(|word| word.is_empty() || is_name(word)));
    name("?").or(words).map(Asked::Meaning)
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
    fn a_question_mark_or_help_asks_about_a_name() {
        assert_eq!(asked_about("get_mailbox?"), Some(Asked::Meaning("get_mailbox")));
        assert_eq!(asked_about("help Get-Mailbox"), Some(Asked::Meaning("Get-Mailbox")));
        assert_eq!(asked_about("help mailbox size"), Some(Asked::Meaning("mailbox size")));
        assert_eq!(asked_about("m::f??"), Some(Asked::Source("m::f")));
        assert_eq!(asked_about("a ?? b"), None);
        assert_eq!(asked_about("x.y?"), None);
        assert_eq!(asked_about("help(\"x\")"), None);
    }

    #[test]
    fn the_prompt_names_organization_and_user() {
        assert_eq!(whose("admin@contoso.com", "mail.contoso.com"), "contoso.com/admin");
        assert_eq!(whose("CONTOSO\\kim", "ex01"), "CONTOSO/kim");
        assert_eq!(whose("kim", "ex01"), "ex01/kim");
    }

    #[test]
    fn a_profile_may_colour_who_is_signed_in() {
        assert_eq!(accented("x/y", Theme::Colour, Some(ProfileColor::Red)), "\u{1b}[1;97;41mx/y\u{1b}[0m");
        assert_eq!(accented("x/y", Theme::Plain, Some(ProfileColor::Red)), "x/y");
    }

    #[test]
    fn a_semicolon_at_the_end_hides_the_value() {
        assert!(ends_in_semicolon("get_mailbox(); // all"));
        assert!(!ends_in_semicolon("get_mailbox()"));
        assert!(!ends_in_semicolon("\";\""));
    }
}
