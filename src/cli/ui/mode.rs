//! How the terminal was before a line was typed: echo, line by line. A signal may end the program in the middle of a line.
//!
//! And without lines, for who reads keys. Not here: how it is while a line is typed, which the line editor sets and takes
//! back.

/// The mode of the terminal at standard input.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Mode {
    #[cfg(unix)]
    saved: Option<rustix::termios::Termios>,
}

impl Mode {
    /// The mode as it is now.
    #[cfg(unix)]
    pub(in crate::cli) fn now() -> Self {
        Self { saved: rustix::termios::tcgetattr(std::io::stdin()).ok() }
    }

    /// The mode as it is now.
    #[cfg(not(unix))]
    pub(in crate::cli) fn now() -> Self {
        Self {} // the console of a program that has ended is set back by the system
    }

    /// Sets the terminal back to it.
    fn set_back(&self) {
        #[cfg(unix)]
        if let Some(saved) = &self.saved {
            set(saved);
        }
    }

    /// Sets the terminal back to it, without the brackets around pastes that only a line editor understands.
    pub(in crate::cli) fn restore(&self) {
        #[cfg(unix)]
        if self.saved.is_some() {
            self.set_back();
            let _ = std::io::Write::write_all(&mut std::io::stderr(), b"\x1b[?2004l\r\n");
        }
    }
}

/// Keys without echo, also between two of them; lines come back when this is dropped.
pub(super) struct Keys(Mode);

impl Keys {
    /// Every key as it is, and lines written as they are.
    pub(super) fn raw() -> Self {
        Self::taken(
            #[cfg(unix)]
            rustix::termios::Termios::make_raw,
        )
    }

    /// Keys of a secret, Ctrl-C among them. What reads it does so too, but after the question is seen: what is typed
    /// between would be shown, and Ctrl-C would end nothing.
    pub(super) fn secret() -> Self {
        Self::taken(
            #[cfg(unix)]
            |mode| {
                use rustix::termios::LocalModes;
                mode.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
            },
        )
    }

    fn taken(#[cfg(unix)] change: impl FnOnce(&mut rustix::termios::Termios)) -> Self {
        let before = Mode::now();
        #[cfg(unix)]
        if let Some(mut mode) = before.saved.clone() {
            change(&mut mode);
            set(&mode); // where that fails, keys echo, no more
        }
        Self(before)
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.0.set_back();
    }
}

#[cfg(unix)]
fn set(mode: &rustix::termios::Termios) {
    let _ = rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, mode);
}
