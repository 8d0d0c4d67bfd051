//! Progress of long work on the screen: `watched` counts what passes through a stream, `progress` says how far a loop is.
//!
//! How it is drawn, and whether at all, is the screen's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use rhai::{INT, Module};

use crate::clixml::ProgressRecord;

use super::super::state::State;
use super::super::value::RecordStream;
use super::described;

/// How often a count is told.
const EVERY: Duration = Duration::from_millis(250);

/// Activities of ours, apart from those of servers.
static NEXT_ACTIVITY: AtomicI32 = AtomicI32::new(0x6578_0000);

const WATCHED: &str = "The same stream; the screen counts what passes through it, under this name.\n\
    # Example\n\
    ```rhai\n\
    stream(session, \"Get-Mailbox\", #{ ResultSize: 3 }).watched(\"mailboxes\").for_each(|it| print(it.Alias));\n\
    ```\n\
    ```text\n\
    alice\n\
    bob\n\
    carol\n\
    ```";
const PROGRESS: &str = "Says how far a loop has come: so many of so many; at the end the line goes.\n\
    # Example\n\
    ```rhai\n\
    for number in 1..=3 { progress(\"counting\", number, 3); }\n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    described("watched", &["stream: RecordStream", "activity: &str", "RecordStream"], WATCHED).set_into_module(
        module,
        move |stream: &mut RecordStream, activity: &str| {
            let mut watch = Watch::new(&shared, activity);
            stream.observed(Box::new(move |end| watch.count(end)))
        },
    );
    let shared = state.clone();
    described("progress", &["activity: &str", "done: int", "of: int", "()"], PROGRESS)
        .set_into_module(module, move |activity: &str, done: INT, of: INT| tell(&shared, activity, done, of));
}

/// Tells the screen how many of how many are done.
pub(in crate::script) fn tell(state: &State, activity: &str, done: INT, of: INT) {
    let percent = if of > 0 { i32::try_from(done.saturating_mul(100) / of).unwrap_or(100) } else { -1 };
    // The same name is the same activity, from call to call.
    let hash = activity.bytes().fold(0x6578_i32, |hash, byte| hash.wrapping_mul(31).wrapping_add(i32::from(byte)));
    state.ui.progress(&ProgressRecord {
        activity: activity.into(),
        activity_id: hash,
        parent_activity_id: -1,
        percent_complete: percent,
        completed: done >= of,
        seconds_remaining: -1,
        status_description: format!("{done} of {of}").as_str().into(),
        current_operation: None,
    });
}

struct Watch {
    state: Arc<State>,
    record: ProgressRecord,
    count: u64,
    told: Instant,
}

impl Watch {
    fn new(state: &Arc<State>, activity: &str) -> Self {
        let record = ProgressRecord {
            activity: activity.into(),
            activity_id: NEXT_ACTIVITY.fetch_add(1, Ordering::Relaxed),
            parent_activity_id: -1,
            percent_complete: -1,
            seconds_remaining: -1,
            ..ProgressRecord::default()
        };
        Self { state: state.clone(), record, count: 0, told: Instant::now() }
    }

    fn count(&mut self, end: bool) {
        self.count += u64::from(!end);
        if !end && self.told.elapsed() < EVERY {
            return;
        }
        self.told = Instant::now();
        self.record.status_description = format!("{} so far", self.count).as_str().into();
        self.record.completed = end;
        self.state.ui.progress(&self.record);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.count(true);
    }
}
