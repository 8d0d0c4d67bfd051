//! Standard output, page by page where it is longer than the screen: `PAGER`, else `less -FRX`.
//!
//! Not here: whether anybody is there to turn the pages.

use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::progress::ProgressBars;

/// What comes slower than this is watched as it comes, not read page by page.
const PATIENCE: Duration = Duration::from_millis(300);

/// One output.
pub(super) struct Page<'a> {
    progress: &'a ProgressBars,
    way: Way,
    /// Told while a pager has the keyboard.
    paging: &'a AtomicBool,
    /// Milliseconds that pagers were read after all was written.
    read: &'a AtomicU64,
}

/// Where the text goes.
enum Way {
    /// To the terminal or wherever standard output goes.
    Straight,
    /// Nowhere yet: it may be longer than the screen.
    Waiting { pager: Pager, text: String, since: Instant },
    /// To a pager.
    Paging { child: Child, left: bool },
}

/// The program that shows pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pager {
    /// The program with its arguments.
    words: Vec<String>,
    /// Lines of the screen.
    lines: usize,
    /// Cells of a line.
    width: usize,
}

impl Pager {
    /// What `PAGER` says, for a screen of this size; `None` when it is empty or `cat`.
    pub(super) fn new(variable: Option<&str>, lines: usize, width: usize) -> Option<Self> {
        let words: Vec<String> = variable.unwrap_or("less -FRX").split_whitespace().map(str::to_owned).collect();
        let is_pager = words.first().is_some_and(|program| program != "cat") && lines > 0;
        is_pager.then_some(Self { words, lines, width: width.max(1) })
    }

    /// Whether the text leaves no line for the prompt.
    fn is_filled_by(&self, text: &str) -> bool {
        let rows = |line: &str| crate::render::width::of(line).div_ceil(self.width).max(1);
        text.lines().map(rows).sum::<usize>() >= self.lines
    }

    fn start(&self) -> io::Result<Child> {
        let (program, arguments) = self.words.split_first().ok_or(io::ErrorKind::NotFound)?;
        Command::new(program).args(arguments).stdin(Stdio::piped()).spawn()
    }
}

impl<'a> Page<'a> {
    /// An output that makes progress bars step aside; with a pager where there is one.
    pub(super) fn new(
        progress: &'a ProgressBars,
        pager: Option<Pager>,
        paging: &'a AtomicBool,
        read: &'a AtomicU64,
    ) -> Self {
        let way = match pager {
            Some(pager) => Way::Waiting { pager, text: String::new(), since: Instant::now() },
            None => Way::Straight,
        };
        Self { progress, way, paging, read }
    }

    /// Whether a pager shows it.
    pub(super) const fn is_paging(&self) -> bool {
        matches!(self.way, Way::Paging { .. })
    }

    /// Whether the reader has left the pager.
    pub(super) const fn was_left(&self) -> bool {
        matches!(self.way, Way::Paging { left: true, .. })
    }

    /// Writes text.
    ///
    /// # Errors
    /// When standard output cannot be written; leaving the pager is no error.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        match &mut self.way {
            Way::Straight => straight(self.progress, text),
            Way::Paging { child, left } => {
                *left = *left || child.stdin.as_mut().is_none_or(|pipe| pipe.write_all(text.as_bytes()).is_err());
                Ok(())
            }
            Way::Waiting { pager, text: held, since } => {
                held.push_str(text);
                if pager.is_filled_by(held) {
                    let held = std::mem::take(held);
                    self.way = match pager.start() {
                        Ok(child) => {
                            self.paging.store(true, Ordering::Relaxed);
                            Way::Paging { child, left: false }
                        }
                        Err(_) => Way::Straight, // no such program: everything at once is better than nothing
                    };
                    return self.write(&held);
                }
                if since.elapsed() >= PATIENCE {
                    return self.straight_on();
                }
                Ok(())
            }
        }
    }

    fn straight_on(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.way, Way::Straight) {
            Way::Waiting { text, .. } if !text.is_empty() => straight(self.progress, &text),
            _ => Ok(()),
        }
    }

    /// The end of the text: waits until the reader has left the pager.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(super) fn end(&mut self) -> io::Result<()> {
        if let Way::Paging { child, .. } = &mut self.way {
            drop(child.stdin.take());
            let written = Instant::now();
            let ended = child.wait();
            self.read.fetch_add(u64::try_from(written.elapsed().as_millis()).unwrap_or(0), Ordering::Relaxed);
            self.paging.store(false, Ordering::Relaxed);
            ended?;
        }
        self.straight_on()
    }
}

impl Drop for Page<'_> {
    /// After an error what waits is shown all the same, and no pager is left behind.
    fn drop(&mut self) {
        let _ = self.end();
    }
}

fn straight(progress: &ProgressBars, text: &str) -> io::Result<()> {
    progress.suspend(|| {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_fills_the_screen_is_paged() {
        let pager = Pager::new(None, 4, 10).unwrap();
        assert_eq!(pager.words, ["less", "-FRX"]);
        assert!(!pager.is_filled_by("a\nb\nc\n"));
        assert!(pager.is_filled_by("a\nb\nc\nd\n"));
        assert!(pager.is_filled_by(&format!("{}\n", "x".repeat(31))), "long lines take several");
        assert!(!pager.is_filled_by("\u{1b}[32maaaaaaaaaa\u{1b}[0m\nb\nc"), "colours take no room");
    }

    #[test]
    fn who_wants_no_pager_has_none() {
        assert_eq!(Pager::new(Some(""), 24, 80), None);
        assert_eq!(Pager::new(Some("cat"), 24, 80), None);
        assert_eq!(Pager::new(Some("more -d"), 24, 80).unwrap().words, ["more", "-d"]);
    }
}
