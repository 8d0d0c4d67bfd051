//! The terminal side of a PowerShell script: output on standard output, everything else on standard error.
//!
//! What the texts are is decided in `script::ps`.

use std::io::{self, Write as _};

use super::Terminal;
use crate::render::{Part, diagnostic};
use crate::script::ps::{Console, Message, Place, Reported};
use crate::script::{Grid, Ui};

impl Console for Terminal {
    fn out(&self, text: &str) {
        self.progress.suspend(|| {
            let mut out = io::stdout().lock();
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush()); // nobody reads any more
        });
    }

    fn message(&self, kind: Message, text: &str) {
        if text.starts_with('\0') {
            return; // information that was not asked for
        }
        match kind {
            Message::Information => self.out(&format!("{text}\n")),
            Message::Warning => self.say(&format!("{} {text}", self.theme.paint(Part::Warning, "warning:"))),
            Message::Verbose => self.say(&format!("{} {text}", self.theme.paint(Part::Muted, "verbose:"))),
            Message::Debug => self.say(&format!("{} {text}", self.theme.paint(Part::Muted, "debug:"))),
        }
    }

    fn error(&self, error: &Reported<'_>) {
        if let Some(Place::Source { found, source }) = error.place {
            for found in found {
                self.say(diagnostic(found, source, error.script, self.theme).trim_end());
            }
            return;
        }
        self.say(&format!("{} {}", self.theme.paint(Part::Error, "error:"), error.message));
        if let Some(Place::Statement { line, text }) = error.place {
            let place = format!(" --> {}:{line}: {text}", error.script);
            self.say(
                &self.theme.paint(Part::Muted, crate::render::width::head(&place, super::width().saturating_sub(1))),
            );
        }
        if self.verbose > 0 {
            self.say(&self.theme.paint(Part::Muted, &format!("  category: {}", error.category)));
            self.say(&self.theme.paint(Part::Muted, &format!("  error id: {}", error.id)));
        }
    }

    fn look_through(&self, grid: &Grid) -> Option<Vec<usize>> {
        Ui::look_through(self, grid)
    }

    fn answers(&self) -> bool {
        self.is_interactive()
    }

    fn talk(&self, text: &str) {
        self.progress.suspend(|| {
            let _ = io::stderr().lock().write_all(text.as_bytes()); // nobody reads any more
        });
    }

    fn ask(&self, prompt: &str) -> Option<String> {
        self.is_interactive().then(|| self.ask_line(prompt)).flatten()
    }
}
