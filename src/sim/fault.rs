//! The fault plan: which request meets which trouble. The listener and the dispatch play it; here it is only read and counted.
//!
//! A plan is a list of entries, `OPERATION#N:KIND` or `OPERATION#N:KIND=MILLISECONDS`, separated by commas:
//! `receive#3:close` closes the connection on the third Receive instead of answering it. `#*` means every one.
//!
//! # What exsh's client makes of each
//!
//! | kind | while a session opens | while a cmdlet runs |
//! |---|---|---|
//! | `close`, `reset`, `truncate` | one error; a shell that may have been made is deleted. Only a connection that never came about is tried again | the session is lost; neither the cmdlet nor the Receive is repeated |
//! | `stall` | an error after `OpenTimeout` | whole once it is answered; an error after `OperationTimeout` and 30 s more; Ctrl-C ends it within `CancelTimeout` |
//! | `503` | tried again, `MaxConnectionRetryCount` times | the session is lost |
//! | `html` | one error with what the page says | the session is lost |
//! | `slow` | nothing but time | nothing but time |
//! | `duplicate`, `reorder` | one error of the stream | the pipeline fails: objects are numbered, and what comes twice or late is noticed; the session stays |
//! | `gone-shell`, `lost-cookie` | one error with a hint, or tried again | the session is lost |
//! | `quota` | one error with a hint; no second try | the pipeline fails with the server's words |
//! | `load-quota` | asked again after the time it says, at most five times | the same: a refused request was not executed |
//! | `micro-delay` | nothing | a warning before the output |
//!
//! At Signal and Delete any of them costs at most `CancelTimeout`; closing never fails. Whoever held a lost session is told
//! once, with a hint that what ran may have been done. The next call of a script opens a new session and says so; the call
//! that was cut off is never replayed. `tests/remote/faults.rs` tries every kind at every operation and counts writes.

use std::sync::Mutex;
use std::time::Duration;

use super::SimError;

/// Which request an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultOperation {
    /// Any request.
    Any,
    /// Create, a new shell.
    Create,
    /// Command, a new pipeline.
    Command,
    /// Send, input or an answer.
    Send,
    /// Receive, for the pool or for a pipeline.
    Receive,
    /// Receive for a pipeline only.
    Output,
    /// Signal, stop or terminate.
    Signal,
    /// Delete, the end of a shell.
    Delete,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The connection is closed without an answer.
    Close,
    /// The connection is reset (RST).
    Reset,
    /// Half of the body comes, then the connection is closed.
    Truncate,
    /// No answer comes for so long (for ever without milliseconds).
    Stall(Option<Duration>),
    /// HTTP 503.
    Unavailable,
    /// An HTML page instead of SOAP.
    Html,
    /// The answer drips: a piece, a pause, a piece.
    Slow(Duration),
    /// The same Receive answer comes twice.
    Duplicate,
    /// This Receive answer and the next are swapped.
    Reorder,
    /// The shell is gone.
    GoneShell,
    /// The affinity cookie did not arrive where it should.
    LostCookie,
    /// Too many shells.
    Quota,
    /// Too many requests; the answer says for how long.
    LoadQuota(Duration),
    /// A throttling warning before the pipeline's output.
    MicroDelay(Duration),
}

/// One entry of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Which request.
    pub operation: FaultOperation,
    /// Which one of them, from 1; `None` for all.
    pub nth: Option<u64>,
    /// What happens.
    pub kind: FaultKind,
}

/// A list of faults; the default one is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaultPlan {
    /// The entries; of several that fit, the first is played.
    pub faults: Vec<Fault>,
}

impl FaultPlan {
    /// Reads a plan; the empty text is the empty plan.
    ///
    /// # Errors
    /// When an entry has an unknown operation or kind, or a number that is none.
    pub fn parse(text: &str) -> Result<Self, SimError> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        Ok(Self { faults: entries.map(parse_entry).collect::<Result<_, _>>()? })
    }
}

fn parse_entry(entry: &str) -> Result<Fault, SimError> {
    let fail = |reason| SimError::FaultPlan { entry: entry.to_owned(), reason };
    let (place, what) = entry.split_once(':').ok_or(fail("expected OPERATION#N:KIND"))?;
    let (operation, nth) = place.split_once('#').unwrap_or((place, "1"));
    let operation = match operation.to_ascii_lowercase().as_str() {
        "any" | "*" => FaultOperation::Any,
        "create" => FaultOperation::Create,
        "command" => FaultOperation::Command,
        "send" => FaultOperation::Send,
        "receive" => FaultOperation::Receive,
        "output" => FaultOperation::Output,
        "signal" => FaultOperation::Signal,
        "delete" => FaultOperation::Delete,
        _ => return Err(fail("unknown operation (any, create, command, send, receive, output, signal, delete)")),
    };
    let nth = match nth {
        "*" => None,
        number => match number.parse() {
            Ok(number) if number > 0 => Some(number),
            _ => return Err(fail("after # comes a number from 1, or *")),
        },
    };
    let (name, value) = what.split_once('=').map_or((what, None), |(name, value)| (name, Some(value)));
    let span = match value {
        None => None,
        Some(text) => Some(Duration::from_millis(text.parse().map_err(|_| fail("after = come milliseconds"))?)),
    };
    let kind = kind_of(name, span).ok_or(fail(
        "unknown kind (close, reset, truncate, stall, 503, html, slow, duplicate, reorder, gone-shell, lost-cookie, \
         quota, load-quota, micro-delay)",
    ))?;
    Ok(Fault { operation, nth, kind })
}

fn kind_of(name: &str, span: Option<Duration>) -> Option<FaultKind> {
    Some(match name.to_ascii_lowercase().as_str() {
        "close" => FaultKind::Close,
        "reset" => FaultKind::Reset,
        "truncate" => FaultKind::Truncate,
        "stall" => FaultKind::Stall(span),
        "503" => FaultKind::Unavailable,
        "html" => FaultKind::Html,
        "slow" => FaultKind::Slow(span.unwrap_or(Duration::from_millis(50))),
        "duplicate" => FaultKind::Duplicate,
        "reorder" => FaultKind::Reorder,
        "gone-shell" => FaultKind::GoneShell,
        "lost-cookie" => FaultKind::LostCookie,
        "quota" => FaultKind::Quota,
        "load-quota" => FaultKind::LoadQuota(span.unwrap_or(Duration::from_millis(1000))),
        "micro-delay" => FaultKind::MicroDelay(span.unwrap_or(Duration::from_millis(10))),
        _ => return None,
    })
}

/// Counts requests and says which fault each one meets.
#[derive(Debug, Default)]
pub(crate) struct FaultPlayer {
    plan: FaultPlan,
    seen: Mutex<Vec<u64>>,
}

impl FaultPlayer {
    pub(crate) fn new(plan: FaultPlan) -> Self {
        let seen = Mutex::new(vec![0; plan.faults.len()]);
        Self { plan, seen }
    }

    /// The fault of a request of these operations, if the plan has one. Counts the request.
    pub(crate) fn next(&self, operations: &[FaultOperation]) -> Option<FaultKind> {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut played = None;
        for (fault, count) in self.plan.faults.iter().zip(seen.iter_mut()) {
            if fault.operation != FaultOperation::Any && !operations.contains(&fault.operation) {
                continue;
            }
            *count += 1;
            if fault.nth.is_none_or(|nth| nth == *count) && played.is_none() {
                played = Some(fault.kind);
            }
        }
        played
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_names_operation_number_and_kind() {
        let plan = FaultPlan::parse("receive#3:close, create#*:load-quota=1500").unwrap();
        assert_eq!(
            plan.faults,
            [
                Fault { operation: FaultOperation::Receive, nth: Some(3), kind: FaultKind::Close },
                Fault {
                    operation: FaultOperation::Create,
                    nth: None,
                    kind: FaultKind::LoadQuota(Duration::from_millis(1500))
                },
            ]
        );
    }

    #[test]
    fn a_plan_with_an_unknown_kind_says_which_entry_is_wrong() {
        let error = FaultPlan::parse("receive#1:explode").unwrap_err();
        assert!(error.to_string().contains("receive#1:explode"), "{error}");
    }

    #[test]
    fn the_player_counts_each_operation_by_itself() {
        let player = FaultPlayer::new(FaultPlan::parse("receive#2:close").unwrap());
        assert_eq!(player.next(&[FaultOperation::Receive]), None);
        assert_eq!(player.next(&[FaultOperation::Send]), None);
        assert_eq!(player.next(&[FaultOperation::Receive]), Some(FaultKind::Close));
        assert_eq!(player.next(&[FaultOperation::Receive]), None);
    }
}
