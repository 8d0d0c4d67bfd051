//! What a run is given: folders, clock, answers, servers, and the console that its texts go to.
//!
//! What a running script knows is in `state`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::console::Reported;
use super::value::V;
use crate::clixml::PsDateTime;
use crate::script::Grid;

/// What a script may be given.
#[derive(Clone)]
pub struct RunOptions {
    /// The folder that stands for the whole file system; files outside are out of reach.
    pub sandbox: Option<PathBuf>,
    /// The script's current folder.
    pub folder: PathBuf,
    /// The script's own path, if it has one.
    pub script: Option<PathBuf>,
    /// The time, when it is to stand still.
    pub now: Option<PsDateTime>,
    /// Where local time is told.
    pub zone: jiff::tz::TimeZone,
    /// Arguments of the script, as PowerShell words or values.
    pub arguments: Vec<V>,
    /// Lines that answer prompts.
    pub answers: Vec<String>,
    /// When to give up.
    pub deadline: Option<Instant>,
    /// Who runs Exchange's cmdlets.
    pub exchange: Option<Arc<dyn super::exchange::Exchange>>,
    /// Who opens sessions; nobody in a run without a host.
    pub sessions: Option<Arc<dyn super::sessions::Sessions>>,
    /// Whether somebody pressed Ctrl-C.
    pub interrupted: Option<Interrupted>,
    /// Where text goes.
    pub console: Arc<dyn Console>,
    /// Whether the console shows colours; else their escape sequences are left out.
    pub colours: bool,
    /// Columns of the console.
    pub width: usize,
    /// Whether the aliases of Windows (`sort`, `ls`, `cat`) exist.
    pub windows_aliases: bool,
}

/// Says whether the script is to end now.
pub(super) type Interrupted = Arc<dyn Fn() -> bool + Send + Sync>;

impl RunOptions {
    /// A script in a folder: the real clock, UTC, 120 columns, nobody to answer and no cmdlets of Exchange.
    #[must_use]
    pub fn in_folder(folder: PathBuf, console: Arc<dyn Console>) -> Self {
        Self {
            sandbox: None,
            folder,
            script: None,
            now: None,
            zone: jiff::tz::TimeZone::UTC,
            arguments: Vec::new(),
            answers: Vec::new(),
            deadline: None,
            exchange: None,
            sessions: None,
            interrupted: None,
            console,
            colours: false,
            width: 120,
            windows_aliases: false,
        }
    }

    /// What messages call the script.
    #[must_use]
    pub fn script_name(&self) -> String {
        let file = self.script.as_deref().and_then(std::path::Path::file_name);
        file.map_or_else(|| "<script>".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// What lines of a prompt run with: no script, the real clock and files.
    #[must_use]
    pub fn at_prompt(console: Arc<dyn Console>) -> Self {
        let folder = std::env::current_dir().unwrap_or_default();
        Self {
            zone: jiff::tz::TimeZone::system(),
            windows_aliases: true,
            colours: true,
            ..Self::in_folder(folder, console)
        }
    }
}

/// Where a script's texts go. Called from the script's thread.
pub trait Console: Send + Sync {
    /// Text of output and `Write-Host`, with its line ends.
    fn out(&self, text: &str);
    /// A message beside the output.
    fn message(&self, kind: Message, text: &str);
    /// An answer typed by somebody who is there.
    fn ask(&self, _prompt: &str) -> Option<String> {
        None
    }
    /// Whether somebody is there whom [`Self::ask`] asks.
    fn answers(&self) -> bool {
        false
    }
    /// A table to look through, until somebody leaves it: the rows taken; `None` when nobody can look.
    fn look_through(&self, _: &Grid) -> Option<Vec<usize>> {
        None
    }
    /// Text beside the output, as the script writes it.
    fn talk(&self, _text: &str) {}
    /// An error that was reported.
    fn error(&self, error: &Reported<'_>);
}

/// The kinds of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// `Write-Warning`.
    Warning,
    /// `Write-Verbose`.
    Verbose,
    /// `Write-Debug`.
    Debug,
    /// `Write-Information`, shown or not.
    Information,
}
