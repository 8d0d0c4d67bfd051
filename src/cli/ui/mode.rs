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

    /// Keys one by one and without echo, until it is set back.
    pub(super) fn take_keys(&self) {
        #[cfg(unix)]
        if let Some(mut raw) = self.saved.clone() {
            raw.make_raw();
            set(&raw); // where that fails, keys echo, no more
        }
    }

    /// Sets the terminal back to it.
    pub(super) fn set_back(&self) {
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

#[cfg(unix)]
fn set(mode: &rustix::termios::Termios) {
    let _ = rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, mode);
}
