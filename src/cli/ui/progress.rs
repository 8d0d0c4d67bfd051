//! Progress on standard error, one bar an activity, only on a terminal and only after a moment.
//!
//! A short operation shows nothing: bars that flash by are noise.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clixml::ProgressRecord;

/// How long something must have run before it is drawn.
const PATIENCE: Duration = Duration::from_millis(500);

/// The bars of all running activities.
pub(super) struct ProgressBars {
    all: MultiProgress,
    activities: Mutex<HashMap<i32, Activity>>,
}

struct Activity {
    started: Instant,
    bar: Option<ProgressBar>,
}

impl ProgressBars {
    /// Bars on standard error if it is a terminal, else none.
    pub(super) fn new(terminal: bool) -> Self {
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { all: MultiProgress::with_draw_target(target), activities: Mutex::new(HashMap::new()) }
    }

    /// Does `work`, which writes to the terminal, with the bars out of the way.
    pub(super) fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        self.all.suspend(work)
    }

    /// Takes note of a record; a completed one removes its bar.
    pub(super) fn update(&self, record: &ProgressRecord) {
        let mut activities = self.activities.lock().unwrap_or_else(PoisonError::into_inner);
        if record.completed {
            if let Some(bar) = activities.remove(&record.activity_id).and_then(|activity| activity.bar) {
                bar.finish_and_clear();
            }
            return;
        }
        let activity =
            activities.entry(record.activity_id).or_insert_with(|| Activity { started: Instant::now(), bar: None });
        if activity.started.elapsed() < PATIENCE {
            return;
        }
        let bar = activity.bar.get_or_insert_with(|| self.all.add(ProgressBar::new(100)));
        match u64::try_from(record.percent_complete) {
            Ok(percent) => {
                bar.set_style(style("{prefix} {bar:24} {percent:>3}% {wide_msg}"));
                bar.set_position(percent.min(100));
            }
            Err(_) => bar.set_style(style("{spinner} {prefix} {wide_msg}")),
        }
        bar.set_prefix(record.activity.to_text().into_owned());
        bar.set_message(record.status_description.to_text().into_owned());
        bar.tick();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
