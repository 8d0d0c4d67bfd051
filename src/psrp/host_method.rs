//! The methods of the client's host that a server may call ([MS-PSRP] 2.2.3.17).
//!
//! Names and numbers only; calls and answers are in `host`.

use std::fmt;

macro_rules! host_methods {
    ($($(#[$doc:meta])* $variant:ident = $value:literal, $void:literal;)+) => {
        /// A method of the host, named as on the wire.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum HostMethod {
            $($(#[$doc])* $variant,)+
        }

        impl HostMethod {
            /// Every method.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self { $(Self::$variant => $value,)+ }
            }

            /// The method with that number.
            #[must_use]
            pub const fn from_number(number: i32) -> Option<Self> {
                match number { $($value => Some(Self::$variant),)+ _ => None }
            }

            /// The name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }

            /// Whether no answer is wanted.
            #[must_use]
            pub const fn is_void(self) -> bool {
                match self { $(Self::$variant => $void,)+ }
            }
        }
    };
}

host_methods! {
    /// The host's name.
    GetName = 1, false;
    /// The host's version.
    GetVersion = 2, false;
    /// The host's id.
    GetInstanceId = 3, false;
    /// The culture.
    GetCurrentCulture = 4, false;
    /// The culture of texts.
    GetCurrentUICulture = 5, false;
    /// The session should end with an exit code.
    SetShouldExit = 6, true;
    /// A nested prompt begins.
    EnterNestedPrompt = 7, true;
    /// A nested prompt ends.
    ExitNestedPrompt = 8, true;
    /// A program takes the screen.
    NotifyBeginApplication = 9, true;
    /// A program gives the screen back.
    NotifyEndApplication = 10, true;
    /// A line is wanted.
    ReadLine = 11, false;
    /// A secret line is wanted.
    ReadLineAsSecureString = 12, false;
    /// Text.
    Write1 = 13, true;
    /// Coloured text.
    Write2 = 14, true;
    /// An empty line.
    WriteLine1 = 15, true;
    /// A line.
    WriteLine2 = 16, true;
    /// A coloured line.
    WriteLine3 = 17, true;
    /// An error line.
    WriteErrorLine = 18, true;
    /// A debug line.
    WriteDebugLine = 19, true;
    /// Progress.
    WriteProgress = 20, true;
    /// A verbose line.
    WriteVerboseLine = 21, true;
    /// A warning line.
    WriteWarningLine = 22, true;
    /// Several fields are wanted: caption, message, field descriptions.
    Prompt = 23, false;
    /// A credential is wanted: caption, message, user, target.
    PromptForCredential1 = 24, false;
    /// The same with allowed types and options.
    PromptForCredential2 = 25, false;
    /// One of several choices is wanted: caption, message, choices, default.
    PromptForChoice = 26, false;
    /// Foreground colour.
    GetForegroundColor = 27, false;
    /// Foreground colour.
    SetForegroundColor = 28, true;
    /// Background colour.
    GetBackgroundColor = 29, false;
    /// Background colour.
    SetBackgroundColor = 30, true;
    /// Cursor position.
    GetCursorPosition = 31, false;
    /// Cursor position.
    SetCursorPosition = 32, true;
    /// Window position.
    GetWindowPosition = 33, false;
    /// Window position.
    SetWindowPosition = 34, true;
    /// Cursor size.
    GetCursorSize = 35, false;
    /// Cursor size.
    SetCursorSize = 36, true;
    /// Buffer size.
    GetBufferSize = 37, false;
    /// Buffer size.
    SetBufferSize = 38, true;
    /// Window size.
    GetWindowSize = 39, false;
    /// Window size.
    SetWindowSize = 40, true;
    /// Window title.
    GetWindowTitle = 41, false;
    /// Window title.
    SetWindowTitle = 42, true;
    /// Largest window.
    GetMaxWindowSize = 43, false;
    /// Largest window on this screen.
    GetMaxPhysicalWindowSize = 44, false;
    /// Whether a key is waiting.
    GetKeyAvailable = 45, false;
    /// A key is wanted.
    ReadKey = 46, false;
    /// Waiting keys are dropped.
    FlushInputBuffer = 47, true;
    /// A rectangle of the screen is filled with given cells.
    SetBufferContents1 = 48, true;
    /// A rectangle of the screen is filled with one cell.
    SetBufferContents2 = 49, true;
    /// A rectangle of the screen is wanted; always refused.
    GetBufferContents = 50, false;
    /// A rectangle of the screen moves.
    ScrollBufferContents = 51, true;
    /// Another session is entered.
    PushRunspace = 52, true;
    /// The entered session is left.
    PopRunspace = 53, true;
    /// Whether another session was entered.
    GetIsRunspacePushed = 54, false;
    /// The session.
    GetRunspace = 55, false;
    /// Several of several choices are wanted.
    PromptForChoiceMultipleSelection = 56, false;
}

impl fmt::Display for HostMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
