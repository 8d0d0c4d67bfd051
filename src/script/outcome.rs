//! How a script ended: its value, or an error that knows its place in the source and its exit code.
//!
//! Not here: drawing an error (`render`), turning Rhai's errors into these (`diagnose`).

use std::fmt;
use std::sync::Arc;

use rhai::Dynamic;

use crate::clixml::PsValue;
use crate::diagnostic::Diagnostic;

/// What a script that ended well left.
#[derive(Debug, Clone, Default)]
pub struct ScriptOutcome {
    /// The value of the last expression; `()` when there is none.
    pub value: Dynamic,
    /// Whether the last statement ended with a semicolon: then the value is not to be shown.
    pub is_quiet: bool,
    /// The exit code the script asked for with `exit(code)`.
    pub exit_code: Option<u8>,
}

/// What to blame, and so which exit code the program ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The script or a cmdlet it called: 1.
    Script,
    /// How exsh was called or configured: 2.
    Usage,
    /// Who signed in, or may not: 4.
    SignIn,
    /// The way there: unreachable, broken off, timed out: 5.
    Network,
    /// Somebody pressed Ctrl-C: 130.
    Interrupted,
    /// Whoever read our output has left: 0, and not a word.
    OutputClosed,
}

impl ErrorKind {
    /// The documented exit code.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::OutputClosed => 0,
            Self::Script => 1,
            Self::Usage => 2,
            Self::SignIn => 4,
            Self::Network => 5,
            Self::Interrupted => 130,
        }
    }
}

/// What running a script gives.
pub type ScriptResult<T> = Result<T, Box<ScriptError>>;

/// A source text an error points into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// What to call it: a path, or `<eval>` and the like.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

/// A call on the way to where an error arose, innermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The function that was called.
    pub function: String,
    /// The source it was called from.
    pub source: String,
    /// Line of the call, from 1; 0 when not known.
    pub line: usize,
    /// Column of the call in characters, from 1; 0 when not known.
    pub column: usize,
}

/// Why a script did not end well.
#[derive(Debug, Clone)]
pub struct ScriptError {
    /// What to blame.
    pub kind: ErrorKind,
    /// What happened, where, and what to do about it.
    pub diagnostic: Diagnostic,
    /// The text that the labels of the diagnostic point into.
    pub source: Option<SourceText>,
    /// Line and column (characters, from 1) of the first label.
    pub position: Option<(usize, usize)>,
    /// The calls in between.
    pub trace: Vec<Frame>,
    /// What the server said, when it was a cmdlet that failed.
    pub cmdlet: Option<Arc<CmdletError>>,
    /// What a server said as it said it, for who looks closer: the raw fault, its request id.
    pub details: Vec<String>,
}

impl ScriptError {
    /// An error without a place.
    #[must_use]
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            kind,
            diagnostic: Diagnostic::error(code, message),
            source: None,
            position: None,
            trace: Vec::new(),
            cmdlet: None,
            details: Vec::new(),
        })
    }

    /// The same where it points into a text that nobody wrote, and then without a place.
    #[must_use]
    pub fn not_in(mut self: Box<Self>, source: &str) -> Box<Self> {
        if self.source.as_ref().is_some_and(|known| *known.name == *source) {
            (self.source, self.position) = (None, None);
            self.diagnostic.labels.clear();
        }
        self
    }

    /// Adds what the user can do about it.
    #[must_use]
    pub fn hint(mut self: Box<Self>, text: impl Into<String>) -> Box<Self> {
        self.diagnostic.hints.push(text.into());
        self
    }
}

impl ScriptError {
    /// What the server said as it said it, line by line, for who asked for more than a sentence.
    #[must_use]
    pub fn detail_lines(&self) -> Vec<String> {
        self.cmdlet.iter().flat_map(|error| error.detail_lines()).chain(self.details.iter().cloned()).collect()
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(source), Some((line, column))) = (&self.source, self.position) {
            write!(f, "{}:{line}:{column}: ", source.name)?;
        }
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for ScriptError {}

/// What a cmdlet reported as an error, ready to read ([MS-PSRP] 2.2.3.15 carries it).
#[derive(Debug, Clone, Default)]
pub struct CmdletError {
    /// The cmdlet that reported it, such as `Get-Mailbox`.
    pub cmdlet: String,
    /// The sentence for people.
    pub message: String,
    /// The fully qualified error id.
    pub error_id: String,
    /// The category, such as `ObjectNotFound`.
    pub category: String,
    /// `ObjectNotFound: (nobody:String) [Get-Mailbox], ManagementObjectNotFoundException`.
    pub category_line: String,
    /// What the cmdlet was working on.
    pub target: Option<PsValue>,
    /// What the server advises, when it does.
    pub recommended_action: Option<String>,
    /// The parameter it is about, when it is about one.
    pub parameter: Option<String>,
}

impl CmdletError {
    /// Category and id, line by line, for who asked for more than a sentence.
    #[must_use]
    pub fn detail_lines(&self) -> Vec<String> {
        vec![format!("category: {}", self.category_line), format!("error id: {}", self.error_id)]
    }
}

impl fmt::Display for CmdletError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.cmdlet.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.cmdlet, self.message) }
    }
}

impl std::error::Error for CmdletError {}
