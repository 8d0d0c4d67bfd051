//! Waiting for somebody's answer, which Ctrl-C ends: a line that is read has nothing else to end it.
//!
//! Not here: the questions (`answer`), what a signal means for what runs (`prompt`, `run`). From the first key of a
//! password on, the library that reads it sees Ctrl-C itself.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whether a question was given up.
#[derive(Debug, Default)]
pub(super) struct Waiting(AtomicBool);

impl Waiting {
    /// Ends the question that is open, if there is one.
    pub(super) fn interrupt(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// A question begins: earlier signals are not about it.
    pub(super) fn begin(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    /// Waits until the signal that was raised has arrived, so that what asked knows why nobody answered.
    pub(super) fn signalled(&self) {
        const PATIENCE: Duration = Duration::from_secs(1);
        let raised = Instant::now();
        while !self.0.load(Ordering::SeqCst) && raised.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until a line can be read from standard input; false when the question was given up.
    #[cfg(unix)]
    pub(super) fn is_answered(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        /// How long a signal may go unnoticed.
        const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
        let input = std::io::stdin();
        if !input.is_terminal() {
            return true;
        }
        while !self.0.load(Ordering::SeqCst) {
            match poll(&mut [PollFd::new(&input, PollFlags::IN)], Some(&PATIENCE)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                _ => return true, // a line, or the end of input
            }
        }
        false
    }

    /// Waits until a line can be read from standard input: there the system ends the reading.
    #[cfg(not(unix))]
    pub(super) fn is_answered(&self) -> bool {
        !(std::io::stdin().is_terminal() && self.0.load(Ordering::SeqCst))
    }
}
