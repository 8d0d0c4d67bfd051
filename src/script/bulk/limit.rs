//! A limit on how often something is done: so many times in a span, evenly spread, for several threads at once.
//!
//! No clock and no waiting here: it says for how long to wait.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::super::state::lock;

/// Nobody waits longer for a turn.
const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Gives turns at even distances.
#[derive(Debug)]
pub(super) struct Limit {
    between: Duration,
    free_at: Mutex<Option<Instant>>,
}

impl Limit {
    /// So many turns in a span; `None` when that is no limit.
    pub(super) fn new(count: f64, span: Duration) -> Option<Self> {
        let between = span.as_secs_f64() / count;
        let between = Duration::try_from_secs_f64(between).ok().filter(|between| *between <= FAR && !span.is_zero())?;
        Some(Self { between, free_at: Mutex::new(None) })
    }

    /// Takes the next turn and says how long it is until then.
    pub(super) fn turn(&self, now: Instant) -> Duration {
        let mut free_at = lock(&self.free_at);
        let at = free_at.map_or(now, |free_at| free_at.max(now));
        *free_at = Some(at + self.between);
        at - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_as_far_apart_as_the_limit_says_and_none_is_saved_up() {
        let limit = Limit::new(2.0, Duration::from_secs(10)).unwrap();
        let start = Instant::now();
        let seconds = |number| Duration::from_secs(number);
        assert_eq!([limit.turn(start), limit.turn(start), limit.turn(start)], [seconds(0), seconds(5), seconds(10)]);
        let late = start + seconds(60);
        assert_eq!([limit.turn(late), limit.turn(late)], [seconds(0), seconds(5)]);
        assert!(Limit::new(0.0, seconds(1)).is_none());
        assert!(Limit::new(-1.0, seconds(1)).is_none());
        assert!(Limit::new(1.0, seconds(0)).is_none());
        assert!(Limit::new(1e-18, seconds(1)).is_none(), "it would be beyond what clocks count");
    }
}
