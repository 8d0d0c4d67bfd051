//! Between the script host and the terminal while a prompt is open: messages and progress appear above the line being
//! typed, and rows are counted.
//!
//! Everything else goes to the terminal side that it wraps.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clixml::{ProgressRecord, PsValue};
use crate::script::{Choice, CmdletError, Grid, MessageKind, ScriptResult, ShowError, Ui, View};
use crate::secret::SecretString;

/// How long progress is silent above the line after it was told there.
const PROGRESS_PATIENCE: Duration = Duration::from_secs(1);

/// A terminal side for a host that a prompt drives.
pub struct Screen {
    inner: Arc<dyn Ui>,
    /// Whether a line is being typed right now.
    typing: AtomicBool,
    above: Mutex<Option<Sender<String>>>,
    rows: AtomicUsize,
    /// Whether an error was shown since the last input began.
    errors: AtomicBool,
    progress_told: Mutex<Option<Instant>>,
}

impl Screen {
    /// Wraps a terminal side.
    #[must_use]
    pub fn new(inner: Arc<dyn Ui>) -> Self {
        Self {
            inner,
            typing: AtomicBool::new(false),
            above: Mutex::new(None),
            rows: AtomicUsize::new(0),
            errors: AtomicBool::new(false),
            progress_told: Mutex::new(None),
        }
    }

    /// Lines for above the prompt go to `lines` from now on, while a line is being typed.
    pub(super) fn print_above(&self, lines: Sender<String>) {
        *self.above.lock().unwrap_or_else(PoisonError::into_inner) = Some(lines);
    }

    pub(super) fn set_typing(&self, typing: bool) {
        self.typing.store(typing, Ordering::Relaxed);
    }

    /// Whether progress may be told again: a line a second at most, and its end without words.
    fn is_due(&self, progress: &ProgressRecord) -> bool {
        let mut told = self.progress_told.lock().unwrap_or_else(PoisonError::into_inner);
        let due = !progress.completed && told.is_none_or(|told| told.elapsed() >= PROGRESS_PATIENCE);
        if due {
            *told = Some(Instant::now());
        }
        due
    }

    /// An input begins: rows and errors are counted anew.
    pub(super) fn begin(&self) {
        self.take_rows();
        self.errors.store(false, Ordering::Relaxed);
    }

    /// Whether an error was shown since the last input began.
    pub(super) fn has_seen_errors(&self) -> bool {
        self.errors.load(Ordering::Relaxed)
    }

    /// Rows shown since they were last taken.
    pub(super) fn rows(&self) -> usize {
        self.rows.load(Ordering::Relaxed)
    }

    /// Rows shown since the last question.
    pub(super) fn take_rows(&self) -> usize {
        self.rows.swap(0, Ordering::Relaxed)
    }

    /// Whether the text went above the line being typed.
    pub(super) fn above(&self, text: impl FnOnce() -> String) -> bool {
        if !self.typing.load(Ordering::Relaxed) {
            return false;
        }
        let above = self.above.lock().unwrap_or_else(PoisonError::into_inner);
        above.as_ref().is_some_and(|lines| lines.send(text()).is_ok())
    }
}

/// `Fetching views: Mailbox (40 %)`
fn progress_line(progress: &ProgressRecord) -> String {
    let mut line = progress.activity.to_text().into_owned();
    if !progress.status_description.is_empty() {
        line.push_str(": ");
        line.push_str(&progress.status_description.to_text());
    }
    if progress.percent_complete >= 0 {
        line.push_str(&format!(" ({} %)", progress.percent_complete));
    }
    line
}

impl Ui for Screen {
    fn print(&self, text: &str) -> io::Result<()> {
        if self.above(|| text.to_owned()) { Ok(()) } else { self.inner.print(text) }
    }

    fn show(&self, values: &mut dyn Iterator<Item = ScriptResult<PsValue>>, view: &View) -> Result<(), ShowError> {
        let mut counted = Counted { values, screen: self };
        self.inner.show(&mut counted, view)
    }

    fn message(&self, kind: MessageKind, text: &str) {
        let line = || match kind {
            MessageKind::Warning => format!("warning: {text}"),
            MessageKind::Verbose => format!("verbose: {text}"),
            MessageKind::Debug => format!("debug: {text}"),
            MessageKind::Information | MessageKind::Status => text.to_owned(),
        };
        if !self.above(line) {
            self.inner.message(kind, text);
        }
    }

    fn error(&self, error: &CmdletError) {
        self.errors.store(true, Ordering::Relaxed);
        if !self.above(|| format!("error: {error}")) {
            self.inner.error(error);
        }
    }

    fn formats(&self, definitions: Vec<PsValue>) {
        self.inner.formats(definitions);
    }

    fn screen(&self) -> crate::render::report::Screen {
        self.inner.screen()
    }

    fn progress(&self, progress: &ProgressRecord) {
        if !self.typing.load(Ordering::Relaxed) {
            self.inner.progress(progress);
        } else if self.is_due(progress) {
            self.above(|| progress_line(progress));
        }
    }

    fn is_interactive(&self) -> bool {
        self.inner.is_interactive()
    }

    fn ask_line(&self, prompt: &str) -> Option<String> {
        self.inner.ask_line(prompt)
    }

    fn ask_secret(&self, prompt: &str) -> Option<SecretString> {
        self.inner.ask_secret(prompt)
    }

    fn look_through(&self, grid: &Grid) -> Option<Vec<usize>> {
        self.inner.look_through(grid)
    }

    fn ask_choice(&self, question: &Choice) -> Option<usize> {
        self.inner.ask_choice(question)
    }

    fn reading_time(&self) -> Duration {
        self.inner.reading_time()
    }
}

/// Values on their way to the screen.
struct Counted<'a> {
    values: &'a mut dyn Iterator<Item = ScriptResult<PsValue>>,
    screen: &'a Screen,
}

impl Iterator for Counted<'_> {
    type Item = ScriptResult<PsValue>;

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.values.size_hint()
    }

    fn next(&mut self) -> Option<Self::Item> {
        let value = self.values.next()?;
        // A text or a number is no row.
        let is_row = matches!(value, Ok(PsValue::Object(_)));
        self.screen.rows.fetch_add(usize::from(is_row), Ordering::Relaxed);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    /// Remembers what reached the terminal itself.
    #[derive(Default)]
    struct Below(Mutex<Vec<String>>);

    impl Ui for Below {
        fn print(&self, text: &str) -> io::Result<()> {
            self.message(MessageKind::Information, text);
            Ok(())
        }

        fn show(&self, _: &mut dyn Iterator<Item = ScriptResult<PsValue>>, _: &View) -> Result<(), ShowError> {
            Ok(())
        }

        fn message(&self, _: MessageKind, text: &str) {
            self.0.lock().unwrap().push(text.to_owned());
        }

        fn error(&self, error: &CmdletError) {
            self.message(MessageKind::Information, &error.to_string());
        }

        fn progress(&self, progress: &ProgressRecord) {
            self.message(MessageKind::Status, &progress_line(progress));
        }

        fn formats(&self, _: Vec<PsValue>) {}

        fn is_interactive(&self) -> bool {
            false
        }

        fn ask_line(&self, _: &str) -> Option<String> {
            None
        }

        fn ask_secret(&self, _: &str) -> Option<SecretString> {
            None
        }

        fn ask_choice(&self, _: &Choice) -> Option<usize> {
            None
        }
    }

    fn progress(percent: i32) -> ProgressRecord {
        ProgressRecord {
            activity: "Fetching views".into(),
            status_description: "Mailbox".into(),
            percent_complete: percent,
            ..ProgressRecord::default()
        }
    }

    #[test]
    fn while_a_line_is_typed_everything_goes_above_it_and_progress_only_now_and_then() {
        let below = Arc::new(Below::default());
        let screen = Screen::new(below.clone());
        let (lines, above) = channel();
        screen.print_above(lines);
        screen.message(MessageKind::Warning, "before");
        screen.set_typing(true);
        screen.message(MessageKind::Warning, "odd");
        screen.error(&CmdletError { cmdlet: "Get-X".into(), message: "no".into(), ..CmdletError::default() });
        screen.progress(&progress(40));
        screen.progress(&progress(41));
        screen.progress(&ProgressRecord { completed: true, ..progress(100) });
        screen.set_typing(false);
        screen.progress(&progress(50));
        let above: Vec<String> = above.try_iter().collect();
        assert_eq!(above, ["warning: odd", "error: Get-X: no", "Fetching views: Mailbox (40 %)"]);
        assert_eq!(*below.0.lock().unwrap(), ["before", "Fetching views: Mailbox (50 %)"]);
    }
}
