//! The terminal side of a script: data on standard output, everything else on standard error, questions answered.
//!
//! The only code that draws on the terminal while scripts run; what values look like is decided in `render`.

mod answer;
mod console;
mod grid;
mod mode;
mod page;
mod progress;
mod show;
mod waiting;

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(super) use self::mode::Mode;
use self::page::{Page, Pager};
use self::progress::ProgressBars;
use self::show::Show;
use self::waiting::Waiting;
use super::args::{GlobalArgs, OutputFormat};
use crate::clixml::{ProgressRecord, PsValue};
use crate::render::report::Screen;
use crate::render::view::Shape;
use crate::render::{Formatter, Output, Part, Theme};
use crate::script::{Answer, Choice, CmdletError, Grid, MessageKind, ScriptResult, ShowError, Ui, View};
use crate::secret::SecretString;

/// Cells of the screen where nobody can say.
const WIDTH_DEFAULT: usize = 120;

/// A [`Ui`] on the standard streams of the process.
pub(super) struct Terminal {
    /// How results are printed, when the command line says.
    output: Mutex<Option<OutputFormat>>,
    /// Which properties are printed, when the command line says.
    fields: Vec<String>,
    /// How messages are coloured.
    theme: Theme,
    /// What `-v` asked for: 0 to 3.
    verbose: u8,
    /// Whether somebody reads what is shown as it is shown: then long output has pages.
    is_read: bool,
    /// Whether somebody is asked before very much is shown.
    is_prompt: bool,
    /// Whether a pager has the keyboard.
    is_paging: AtomicBool,
    /// Whether somebody is being asked.
    waiting: Waiting,
    /// Milliseconds that somebody read in pagers and tables.
    read: AtomicU64,
    /// Records shown so far.
    rows: AtomicUsize,
    progress: ProgressBars,
    /// Views that servers have described.
    formatter: Mutex<Formatter>,
}

impl Terminal {
    /// A terminal side; `theme` is for standard error.
    pub(super) fn new(global: &GlobalArgs, theme: Theme) -> Self {
        Self {
            output: Mutex::new(global.output),
            fields: global.fields.clone(),
            theme,
            verbose: global.verbose,
            is_read: false,
            is_prompt: false,
            is_paging: AtomicBool::new(false),
            waiting: Waiting::default(),
            read: AtomicU64::new(0),
            rows: AtomicUsize::new(0),
            progress: ProgressBars::new(io::stderr().is_terminal()),
            formatter: Mutex::new(Formatter::new(WIDTH_DEFAULT)),
        }
    }

    /// For somebody who reads what is shown: page by page where it is longer than the screen.
    pub(super) fn with_pages(self) -> Self {
        Self { is_read: io::stdin().is_terminal() && io::stdout().is_terminal(), ..self }
    }

    /// For a prompt: with pages, and questions before very much is shown.
    pub(super) fn for_prompt(self) -> Self {
        Self { is_prompt: true, ..self.with_pages() }
    }

    /// Whether a pager has the keyboard: then Ctrl-C is its business.
    pub(super) fn is_paging(&self) -> bool {
        self.is_paging.load(Ordering::Relaxed)
    }

    /// Ctrl-C or a signal: nobody answers the question that is open.
    pub(super) fn interrupt(&self) {
        self.waiting.interrupt();
    }

    /// Says how many records were shown and how long it took, to somebody who looks on.
    pub(super) fn tell_rows(&self, elapsed: Duration) {
        let rows = self.rows.load(Ordering::Relaxed);
        if rows > 0 && io::stdout().is_terminal() && io::stderr().is_terminal() {
            let noun = if rows == 1 { "row" } else { "rows" };
            self.message(MessageKind::Status, &format!("{:.1} s, {rows} {noun}", elapsed.as_secs_f64()));
        }
    }

    fn pager(&self) -> Option<Pager> {
        let (width, lines) = terminal_size::terminal_size_of(io::stdout())?;
        let variable = std::env::var("PAGER").ok();
        self.is_read.then(|| Pager::new(variable.as_deref(), usize::from(lines.0), usize::from(width.0))).flatten()
    }

    fn may_go_on(&self, question: &str) -> bool {
        let answer = |label: &str, help: &str| Answer { label: label.to_owned(), help: help.to_owned() };
        let question = Choice {
            message: question.to_owned(),
            answers: vec![answer("&Yes", "show all of them"), answer("&No", "leave it")],
            default: Some(1),
            ..Choice::default()
        };
        self.ask_choice(&question) == Some(0)
    }

    /// Changes how results are printed; `None` leaves it to them.
    pub(super) fn set_output(&self, output: Option<OutputFormat>) {
        *lock(&self.output) = output;
    }

    /// How results are printed: the richer view only for a person at a terminal.
    fn form(&self) -> (Output, Option<Shape>) {
        let screen = if io::stdout().is_terminal() { Output::Terminal(self.theme) } else { Output::Plain };
        match *lock(&self.output) {
            None => (screen, None),
            Some(OutputFormat::Table) => (screen, Some(Shape::Table)),
            Some(OutputFormat::List) => (screen, Some(Shape::List)),
            Some(OutputFormat::Json) => (Output::Json, None),
            Some(OutputFormat::Jsonl) => (Output::JsonLines, None),
            Some(OutputFormat::Csv) => (Output::Csv, None),
            Some(OutputFormat::Md) => (Output::Markdown, None),
            Some(OutputFormat::None) => (Output::Nothing, None),
            // Tasks make these themselves; other commands refuse them.
            Some(OutputFormat::Html | OutputFormat::Xlsx) => (screen, None),
        }
    }

    /// A line on standard error, above any progress bar.
    fn say(&self, line: &str) {
        self.progress.suspend(|| {
            let _ = writeln!(io::stderr().lock(), "{line}");
        });
    }
}

impl Ui for Terminal {
    fn print(&self, text: &str) -> io::Result<()> {
        self.progress.suspend(|| {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.write_all(b"\n")?;
            out.flush()
        })
    }

    fn show(&self, values: &mut dyn Iterator<Item = ScriptResult<PsValue>>, view: &View) -> Result<(), ShowError> {
        // A copy, so that a value whose making shows other values does not wait for itself.
        let mut formatter = lock(&self.formatter).clone();
        formatter.width = width();
        let warn = |text: &str| self.message(MessageKind::Warning, text);
        let ask = |question: &str| self.may_go_on(question);
        let (output, shape) = self.form();
        let mut counted = values.inspect(|value| {
            let is_row = matches!(value, Ok(PsValue::Object(_)));
            self.rows.fetch_add(usize::from(is_row), Ordering::Relaxed);
        });
        Show {
            output,
            shape,
            fields: &self.fields,
            formatter: &formatter,
            page: Page::new(&self.progress, self.pager(), &self.is_paging, &self.read),
            is_seen: is_terminal(),
            ask: (self.is_prompt && self.is_interactive()).then_some(&ask),
            warn: &warn,
        }
        .show(&mut counted, view)
    }

    fn screen(&self) -> Screen {
        Screen { width: width(), unicode: has_unicode(|name| std::env::var(name).ok()) }
    }

    fn formats(&self, definitions: Vec<PsValue>) {
        lock(&self.formatter).views.add_format_data(&definitions);
    }

    fn message(&self, kind: MessageKind, text: &str) {
        let line = match kind {
            MessageKind::Warning => format!("{} {text}", self.theme.paint(Part::Warning, "warning:")),
            MessageKind::Verbose => format!("{} {text}", self.theme.paint(Part::Muted, "verbose:")),
            MessageKind::Debug => format!("{} {text}", self.theme.paint(Part::Muted, "debug:")),
            MessageKind::Information => text.to_owned(),
            MessageKind::Status => self.theme.paint(Part::Muted, text),
        };
        self.say(&line);
    }

    fn error(&self, error: &CmdletError) {
        self.say(&format!("{} {error}", self.theme.paint(Part::Error, "error:")));
        for hint in error.hints() {
            self.say(&format!("{} {hint}", self.theme.paint(Part::Hint, "hint:")));
        }
        for line in error.detail_lines().iter().filter(|_| self.verbose > 0) {
            self.say(&self.theme.paint(Part::Muted, &format!("  {line}")));
        }
    }

    fn progress(&self, progress: &ProgressRecord) {
        self.progress.update(progress);
    }

    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn ask_line(&self, prompt: &str) -> Option<String> {
        self.progress.suspend(|| answer::line(prompt, &self.waiting))
    }

    fn ask_secret(&self, prompt: &str) -> Option<SecretString> {
        self.progress.suspend(|| answer::secret(prompt, &self.waiting))
    }

    fn ask_choice(&self, question: &Choice) -> Option<usize> {
        self.progress.suspend(|| answer::choice(question, self.theme, &self.waiting))
    }

    fn look_through(&self, table: &Grid) -> Option<Vec<usize>> {
        if !self.is_interactive() {
            return None;
        }
        let look = grid::Look { theme: self.theme, unicode: self.screen().unicode };
        let begun = Instant::now();
        let taken = self.progress.suspend(|| grid::look(table, look, &self.waiting));
        self.read.fetch_add(u64::try_from(begun.elapsed().as_millis()).unwrap_or(0), Ordering::Relaxed);
        taken
    }

    fn reading_time(&self) -> Duration {
        Duration::from_millis(self.read.load(Ordering::Relaxed))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the screen has letters beyond ASCII, as far as the environment says.
fn has_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if set("TERM").is_some_and(|terminal| terminal == "linux" || terminal == "dumb") {
        return false; // the console of the kernel has no Braille
    }
    match set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")) {
        Some(locale) => locale.to_ascii_lowercase().replace('-', "").contains("utf8"),
        None => cfg!(windows) || cfg!(target_os = "macos"),
    }
}

/// Whether somebody looks at standard output.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Cells of the screen: the terminal's, else what COLUMNS says.
pub(super) fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(columns).filter(|width| *width > 0).unwrap_or(WIDTH_DEFAULT)
}
