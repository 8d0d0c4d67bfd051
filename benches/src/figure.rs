//! A figure: ours and the reference in turn, several times; the median of the ratios, and whether it meets its aim.
//!
//! These machines are shared: single times mean little, ratios taken side by side do.

use std::path::Path;
use std::time::{Duration, Instant};

/// Rounds of each figure, after one that warms up.
const ROUNDS: usize = 7;

/// What the ratio should be.
#[derive(Clone, Copy)]
pub enum Aim {
    /// At least so many times the reference's speed.
    TimesAsFast(f64),
    /// At most so many times the reference's time (or bytes).
    TimesAtMost(f64),
}

/// Collects and prints the figures of a run.
pub struct Figures {
    group: &'static str,
    ratios: serde_json::Map<String, serde_json::Value>,
}

impl Figures {
    /// Of one bench.
    pub fn new(group: &'static str) -> Self {
        println!("{:<58} {:>10} {:>8} {:>10} {:>10}", "figure", "ratio", "aim", "ours", "reference");
        Self { group, ratios: serde_json::Map::new() }
    }

    /// Times `ours` against `reference`, in turn.
    pub fn race(&mut self, name: &str, aim: Aim, mut ours: impl FnMut() -> Duration, mut reference: impl FnMut() -> Duration) {
        ours();
        reference();
        let mut pairs: Vec<(f64, f64)> =
            (0..ROUNDS).map(|_| (ours().as_secs_f64(), reference().as_secs_f64())).collect();
        pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
        let (ours, reference) = pairs[ROUNDS / 2];
        let ratio = match aim {
            Aim::TimesAsFast(_) => reference / ours,
            Aim::TimesAtMost(_) => ours / reference,
        };
        self.print(name, aim, ratio, &milliseconds(ours), &milliseconds(reference));
    }

    /// Notes a ratio of two amounts that need no rounds.
    pub fn amount(&mut self, name: &str, aim: Aim, ours: f64, reference: f64, unit: &str) {
        self.print(name, aim, ours / reference, &format!("{ours:.0} {unit}"), &format!("{reference:.0} {unit}"));
    }

    fn print(&mut self, name: &str, aim: Aim, ratio: f64, ours: &str, reference: &str) {
        let (met, aim) = match aim {
            Aim::TimesAsFast(least) => (ratio >= least, format!(">= {least}")),
            Aim::TimesAtMost(most) => (ratio <= most, format!("<= {most}")),
        };
        let mark = if met { "" } else { "  missed" };
        println!("{name:<58} {ratio:>9.2}x {aim:>8} {ours:>10} {reference:>10}{mark}");
        self.ratios.insert(name.to_owned(), ratio.into());
    }

    /// Keeps the ratios for the next comparison.
    pub fn finish(self) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
        let last = folder.join(format!("ratios-{}.json", self.group));
        let before = folder.join(format!("ratios-{}-before.json", self.group));
        let _ = std::fs::rename(&last, before); // there is none before the first run
        if let Err(error) = std::fs::write(&last, serde_json::Value::Object(self.ratios).to_string()) {
            eprintln!("cannot keep the ratios in {}: {error}", last.display());
        }
    }
}

/// How long `work` takes.
pub fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1e3)
}
