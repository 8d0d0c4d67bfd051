//! The work itself: lanes take row after row, the journal is written around each, and an interrupt ends it in order.
//!
//! Not here: what the outcome is told as (`summary`), sessions of lanes (`lane`).

#![allow(deprecated, reason = "stored call contexts are volatile, says Rhai, not deprecated; its version is pinned")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext, NativeCallContextStore};

use super::super::basics::progress;
use super::super::diagnose::sentence;
use super::super::failure::{Failure, kind_of};
use super::super::host::STACK_BYTES;
use super::super::outcome::ErrorKind;
use super::super::state::{Ending, RhaiError, RhaiResult, State, lock};
use super::super::ui::MessageKind;
use super::journal::{Journal, Past};
use super::lane::{self, Purpose};
use super::limit::Limit;
use super::rows::Row;
use super::steps::failure;

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nobody began it.
    NotBegun,
    /// An earlier run had done it.
    DoneBefore,
    /// This run did it, or only showed what it would do.
    Done,
    /// It failed, now or in an earlier run.
    Failed(String),
    /// Nobody knows.
    Uncertain(String),
}

/// What is to be done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// Nothing: its outcome is known.
    Leave,
    /// Call the function.
    Do,
    /// Ask first whether an earlier run did it.
    Ask,
}

/// A job under way.
pub(super) struct Work<'a> {
    pub(super) state: &'a Arc<State>,
    pub(super) engine: &'a Engine,
    pub(super) context: &'a NativeCallContextStore,
    pub(super) function: &'a FnPtr,
    pub(super) check: Option<&'a FnPtr>,
    pub(super) rows: &'a [Row],
    pub(super) plans: &'a [Plan],
    pub(super) parallel: usize,
    pub(super) pretends: bool,
    /// So many failures end the job.
    pub(super) failures_max: Option<usize>,
    pub(super) limit: Option<Limit>,
    pub(super) journal: Option<Mutex<Journal>>,
    pub(super) outcomes: Mutex<Vec<Outcome>>,
    pub(super) next: AtomicUsize,
    pub(super) failures: AtomicUsize,
    /// Whether a session was refused: that is told once.
    pub(super) refused: AtomicBool,
    /// Why everything ends before its end.
    pub(super) ending: Mutex<Option<RhaiError>>,
    /// What the function gave for each row, where that is records of steps.
    pub(super) gave: Option<Mutex<Vec<Option<Dynamic>>>>,
}

/// What calling a function of the script for a row gave.
enum Called {
    Gave(Dynamic),
    Failed(String),
    Uncertain(String),
    /// The script ends: by Ctrl-C, by `exit`, or because nobody reads.
    Ends(RhaiError),
}

impl Work<'_> {
    /// Does all rows that are to be done. What ended it early is in `ending`.
    pub(super) fn run(&self) {
        thread::scope(|scope| {
            for number in 0..self.parallel {
                let spawned = thread::Builder::new()
                    .name(format!("bulk {number}"))
                    .stack_size(STACK_BYTES)
                    .spawn_scoped(scope, move || self.lane(number));
                if let Err(error) = spawned {
                    self.tell(&format!("the system gives no thread for another session: {error}"));
                    if number == 0 {
                        self.end(Failure::script("the system gives no thread").into());
                    }
                    break;
                }
            }
        });
    }

    fn lane(&self, number: usize) {
        let _here = match lane::enter(self.state, number, Purpose::Rows { pretends: self.pretends }) {
            Ok(entered) => entered,
            Err(_) if self.is_ending() => return,
            Err(error) => {
                if !self.refused.swap(true, Ordering::SeqCst) {
                    self.tell(&format!("no further session, going on with those there are: {}", sentence(&error)));
                }
                return;
            }
        };
        while !self.is_ending() {
            let place = self.next.fetch_add(1, Ordering::SeqCst);
            let (Some(row), Some(plan)) = (self.rows.get(place), self.plans.get(place)) else { return };
            if *plan == Plan::Leave {
                continue;
            }
            if let Err(error) = self.wait_for_turn().and_then(|()| self.row(place, row, *plan)) {
                self.end(error);
            }
        }
    }

    fn is_ending(&self) -> bool {
        let full = self.failures_max.is_some_and(|most| self.failures.load(Ordering::SeqCst) >= most);
        full || self.state.ending().is_some() || lock(&self.ending).is_some()
    }

    fn end(&self, error: RhaiError) {
        lock(&self.ending).get_or_insert(error);
    }

    fn tell(&self, text: &str) {
        self.state.ui.message(MessageKind::Status, text);
    }

    /// Waits as the server and the job's own limit want it.
    fn wait_for_turn(&self) -> RhaiResult<()> {
        while let Some(wait) = self.state.busy_for() {
            self.state.sleep(wait)?;
        }
        match &self.limit {
            Some(limit) => self.state.sleep(limit.turn(Instant::now())),
            None => Ok(()),
        }
    }

    fn row(&self, place: usize, row: &Row, plan: Plan) -> RhaiResult<()> {
        if plan == Plan::Ask && self.was_done(place, row)? {
            return Ok(());
        }
        self.write(|journal| journal.begun(place, row))?;
        let mut called = self.call(self.function, row);
        if let (Some(gave), Called::Gave(steps)) = (&self.gave, &called) {
            lock(gave)[place] = Some(steps.clone());
            if let Some(error) = failure(steps) {
                called = Called::Failed(error);
            }
        }
        let (outcome, past, ends) = match called {
            Called::Gave(_) => (Outcome::Done, Past::Done, None),
            Called::Failed(error) => (Outcome::Failed(row.redacted(&error)), Past::Failed(error), None),
            Called::Uncertain(why) => (Outcome::Uncertain(row.redacted(&why)), Past::Uncertain(why), None),
            Called::Ends(error) => {
                let why = "the script was ended while it was at it".to_owned();
                (Outcome::Uncertain(why.clone()), Past::Uncertain(why), Some(error))
            }
        };
        self.note(place, outcome);
        self.write(|journal| journal.ended(place, row, &past))?;
        ends.map_or(Ok(()), Err)
    }

    /// Asks the script whether an earlier run did a row.
    fn was_done(&self, place: usize, row: &Row) -> RhaiResult<bool> {
        let Some(check) = self.check else { return Ok(false) };
        let uncertain = match self.call(check, row) {
            Called::Gave(answer) => match answer.as_bool() {
                Ok(true) => {
                    self.note(place, Outcome::DoneBefore);
                    self.write(|journal| journal.ended(place, row, &Past::Done))?;
                    return Ok(true);
                }
                Ok(false) => return Ok(false),
                Err(kind) => return Err(Failure::script(format!("Check gives true or false, not {kind}")).into()),
            },
            Called::Failed(error) | Called::Uncertain(error) => error,
            Called::Ends(error) => return Err(error),
        };
        // It stays what it was; the next run can ask again.
        self.note(place, Outcome::Uncertain(row.redacted(&format!("Check failed: {uncertain}"))));
        Ok(true)
    }

    fn call(&self, function: &FnPtr, row: &Row) -> Called {
        let context = NativeCallContext::from_stored_data(self.engine, self.context);
        let called = catch_unwind(AssertUnwindSafe(|| function.call_raw(&context, None, [row.value.clone()])));
        match called {
            Ok(Ok(value)) => Called::Gave(value),
            Ok(Err(error)) if matches!(error.unwrap_inner(), EvalAltResult::ErrorTerminated(..)) => Called::Ends(error),
            Ok(Err(error)) if is_trouble(&error) => Called::Uncertain(sentence(&error)),
            Ok(Err(error)) => Called::Failed(sentence(&error)),
            Err(_) => Called::Uncertain("exsh itself failed while it was at it".to_owned()),
        }
    }

    fn write(&self, line: impl FnOnce(&mut Journal) -> Result<(), super::journal::JournalError>) -> RhaiResult<()> {
        match &self.journal {
            Some(journal) => line(&mut lock(journal)).map_err(|error| super::unusable(&error)),
            None => Ok(()),
        }
    }

    fn note(&self, place: usize, outcome: Outcome) {
        if matches!(outcome, Outcome::Failed(_)) {
            self.failures.fetch_add(1, Ordering::SeqCst);
        }
        let mut outcomes = lock(&self.outcomes);
        outcomes[place] = outcome;
        let done = outcomes.iter().filter(|outcome| **outcome != Outcome::NotBegun).count();
        let count = |number: usize| rhai::INT::try_from(number).unwrap_or(rhai::INT::MAX);
        progress::tell(self.state, "rows", count(done), count(self.rows.len()));
    }

    /// Why the script must end, if it must.
    pub(super) fn ended_by(&self) -> Option<RhaiError> {
        let own = lock(&self.ending).take();
        own.or_else(|| self.state.ending().map(Ending::into_error))
    }
}

/// Whether an error came from the way to the server and not from a cmdlet: then what was asked may have been done.
pub(in crate::script) fn is_trouble(error: &EvalAltResult) -> bool {
    let EvalAltResult::ErrorRuntime(thrown, _) = error.unwrap_inner() else { return false };
    thrown.as_map_ref().is_ok_and(|fields| {
        let on_the_way = fields.contains_key("session") && !fields.contains_key("category");
        on_the_way || kind_of(&fields) == ErrorKind::Network
    })
}
