//! The exit codes of the program: few, documented, the same for every command.
//!
//! Which failure gets which code is decided where the failure is known.

use std::fmt;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// 0: all went well.
    Ok,
    /// 1: a script or a cmdlet failed.
    Failed,
    /// 2: the command line was not understood.
    Usage,
    /// 4: sign-in was refused.
    SignIn,
    /// 5: the network failed or a time-out passed.
    Network,
    /// 130: interrupted by Ctrl-C, as shells have it (128 + SIGINT).
    Interrupted,
    /// Any other code, asked for by a script with `exit(n)`.
    Script(u8),
}

impl ExitCode {
    /// The number the system sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::SignIn => 4,
            Self::Network => 5,
            Self::Interrupted => 130,
            Self::Script(code) => code,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}

impl fmt::Display for ExitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code())
    }
}

/// What `exsh --help` says about them.
pub(super) const EXIT_CODES_HELP: &str = "\
Exit codes:
  0    all went well
  1    a script or a cmdlet failed
  2    the command line was not understood
  4    sign-in was refused
  5    the network failed or a time-out passed
  130  interrupted by Ctrl-C";
