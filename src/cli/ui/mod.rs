//! The terminal side of a script: data on standard output, everything else on standard error, questions answered.
//!
//! The only code that draws on the terminal while scripts run; what values look like is decided in `render`.

mod answer;
mod console;
mod progress;
mod show;

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use self::progress::ProgressBars;
use self::show::Output;
use super::args::OutputFormat;
use crate::clixml::{ProgressRecord, PsValue};
use crate::render::{Formatter, Part, Theme};
use crate::script::{Choice, CmdletError, MessageKind, ScriptResult, ShowError, Ui, View};
use crate::secret::SecretString;

/// Cells of the screen where nobody can say.
const WIDTH_DEFAULT: usize = 120;

/// A [`Ui`] on the standard streams of the process.
pub(super) struct Terminal {
    /// How results are printed, when the command line says.
    output: Mutex<Option<OutputFormat>>,
    /// How messages are coloured.
    theme: Theme,
    /// What `-v` asked for: 0 to 3.
    verbose: u8,
    progress: ProgressBars,
    /// Views that servers have described.
    formatter: Mutex<Formatter>,
}

impl Terminal {
    /// A terminal side; `theme` is for standard error.
    pub(super) fn new(output: Option<OutputFormat>, theme: Theme, verbose: u8) -> Self {
        Self {
            output: Mutex::new(output),
            theme,
            verbose,
            progress: ProgressBars::new(io::stderr().is_terminal()),
            formatter: Mutex::new(Formatter::new(WIDTH_DEFAULT)),
        }
    }

    /// Changes how results are printed; `None` leaves it to them.
    pub(super) fn set_output(&self, output: Option<OutputFormat>) {
        *lock(&self.output) = output;
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
        let format = *lock(&self.output);
        let rich = io::stdout().is_terminal().then_some(self.theme);
        let warn = |text: &str| self.message(MessageKind::Warning, text);
        Output { format, formatter: &formatter, progress: &self.progress, rich, warn: &warn }.show(values, view)
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
        if let Some(action) = &error.recommended_action {
            self.say(&format!("{} {action}", self.theme.paint(Part::Hint, "hint:")));
        }
        if self.verbose > 0 {
            self.say(&self.theme.paint(Part::Muted, &format!("  category: {}", error.category_line)));
            self.say(&self.theme.paint(Part::Muted, &format!("  error id: {}", error.error_id)));
        }
    }

    fn progress(&self, progress: &ProgressRecord) {
        self.progress.update(progress);
    }

    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn ask_line(&self, prompt: &str) -> Option<String> {
        self.progress.suspend(|| answer::line(prompt))
    }

    fn ask_secret(&self, prompt: &str) -> Option<SecretString> {
        self.progress.suspend(|| answer::secret(prompt))
    }

    fn ask_choice(&self, question: &Choice) -> Option<usize> {
        self.progress.suspend(|| answer::choice(question, self.theme))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Cells of the screen: the terminal's, else what COLUMNS says.
pub(super) fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(columns).filter(|width| *width > 0).unwrap_or(WIDTH_DEFAULT)
}
