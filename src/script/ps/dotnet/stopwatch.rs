//! `System.Diagnostics.Stopwatch`: time that passes while it runs.
//!
//! The clock of the script may stand still; this one never does.

use std::sync::OnceLock;
use std::time::Instant;

use super::super::value::{Obj, V, same_name};
use crate::clixml::PsTimeSpan;

/// The type.
pub(in crate::script::ps) const NAME: &str = "System.Diagnostics.Stopwatch";

/// Ticks of 100 ns since the first question.
fn ticks() -> i64 {
    static START: OnceLock<Instant> = OnceLock::new();
    i64::try_from(START.get_or_init(Instant::now).elapsed().as_nanos() / 100).unwrap_or(i64::MAX)
}

/// A stopwatch, running or not.
#[must_use]
pub(super) fn make(runs: bool) -> V {
    let begun = V::Long(ticks());
    V::Obj(Obj::new(NAME, [("IsRunning", V::Bool(runs)), ("__begun", begun), ("__before", V::Long(0))]))
}

fn long(own: &Obj, name: &str) -> i64 {
    if let Some(V::Long(value)) = own.note(name) { value } else { 0 }
}

fn elapsed(own: &Obj) -> i64 {
    let runs = matches!(own.note("IsRunning"), Some(V::Bool(true)));
    long(own, "__before") + if runs { ticks() - long(own, "__begun") } else { 0 }
}

/// `Start`, `Stop`, `Reset`, `Restart`.
#[must_use]
pub(super) fn methods(own: &Obj, name: &str) -> Option<V> {
    let kept = elapsed(own);
    let (runs, before) = match name {
        "start" => (true, kept),
        "stop" => (false, kept),
        "reset" => (false, 0),
        "restart" => (true, 0),
        _ => return None,
    };
    own.set("IsRunning", V::Bool(runs));
    own.set("__begun", V::Long(ticks()));
    own.set("__before", V::Long(before));
    Some(V::Nothing)
}

/// What it shows.
#[must_use]
pub(in crate::script::ps) fn property(own: &Obj, name: &str) -> Option<V> {
    let ticks = elapsed(own);
    if same_name(name, "Elapsed") {
        Some(V::Span(PsTimeSpan { ticks }))
    } else if same_name(name, "ElapsedMilliseconds") {
        Some(V::Long(ticks / 10_000))
    } else {
        same_name(name, "ElapsedTicks").then(|| V::Long(ticks.saturating_mul(100)))
    }
}
