//! A figure: ours and a reference in turn, several times; the median of the ratios, and whether it meets its aim.
//!
//! These machines are shared: single times mean little, ratios taken side by side do.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

/// Rounds of each figure, after one that warms up.
const ROUNDS: usize = 9;

/// What is aimed at.
#[derive(Clone, Copy)]
pub enum Aim {
    /// At least so many times the reference's speed.
    TimesAsFast(f64),
    /// At most so many times the reference's time, memory or bytes.
    TimesAtMost(f64),
    /// Our own amount is at most this, whatever the reference's is; in the figure's unit.
    AtMost(f64),
}

/// What is measured.
#[derive(Clone, Copy, PartialEq)]
pub enum Unit {
    /// Seconds, printed as fits.
    Seconds,
    /// Bytes, printed as megabytes.
    Bytes,
    /// A number of things.
    Count,
}

/// Collects and prints the figures of a run.
#[derive(Default)]
pub struct Figures {
    /// Only figures whose names contain this are measured.
    wanted: String,
    kept: Map<String, Value>,
    over: usize,
}

impl Figures {
    /// An empty table.
    pub fn new(wanted: String) -> Self {
        println!("{:<62} {:>8} {:>10} {:>10} {:>10}  against", "figure", "ratio", "aim", "ours", "reference");
        Self { wanted, ..Self::default() }
    }

    /// Whether a figure of this name is asked for.
    pub fn wants(&self, name: &str) -> bool {
        name.contains(&self.wanted)
    }

    /// Times `ours` against `reference`, in turn.
    pub fn race(
        &mut self,
        name: &str,
        aim: Aim,
        against: &str,
        mut ours: impl FnMut() -> Duration,
        mut reference: impl FnMut() -> Duration,
    ) {
        if !self.wants(name) {
            return;
        }
        ours();
        reference();
        let mut pairs: Vec<(f64, f64)> =
            (0..ROUNDS).map(|_| (ours().as_secs_f64(), reference().as_secs_f64())).collect();
        pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
        let (ours, reference) = pairs[ROUNDS / 2];
        self.amount(name, aim, Unit::Seconds, ours, (against, reference));
    }

    /// Notes two amounts that need no rounds.
    pub fn amount(&mut self, name: &str, aim: Aim, unit: Unit, ours: f64, (against, reference): (&str, f64)) {
        let faster_is_more = matches!(aim, Aim::TimesAsFast(_));
        let ratio = if faster_is_more { reference / ours } else { ours / reference };
        let (met, shown) = match aim {
            Aim::TimesAsFast(least) => (ratio >= least, format!(">= {least}x")),
            Aim::TimesAtMost(most) => (ratio <= most, format!("<= {most:.2}x")),
            Aim::AtMost(most) => (ours <= most, format!("<= {}", in_unit(unit, most))),
        };
        self.over += usize::from(!met);
        let mark = if met { "ok" } else { "over" };
        let (ours, reference) = (in_unit(unit, ours), in_unit(unit, reference));
        println!("{name:<62} {ratio:>7.2}x {shown:>10} {ours:>10} {reference:>10}  {against}: {mark}");
        let better = if faster_is_more { "more" } else { "less" };
        self.kept.insert(
            name.to_owned(),
            json!({ "ratio": ratio, "better": better, "aim": shown, "met": met, "ours": ours, "against": against }),
        );
    }

    /// Keeps the ratios for the next comparison; says how many aims were not met.
    pub fn finish(self) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
        let last = folder.join("ratios.json");
        let _ = std::fs::rename(&last, folder.join("ratios-before.json")); // there is none before the first run
        let text = serde_json::to_string_pretty(&Value::Object(self.kept)).unwrap_or_default();
        match std::fs::write(&last, text) {
            Ok(()) => println!("kept in {}; benches/compare compares with the run before", last.display()),
            Err(error) => eprintln!("cannot keep the ratios in {}: {error}", last.display()),
        }
        self.over
    }
}

/// How long `work` takes; what it gives is dropped untimed.
pub fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let kept = std::hint::black_box(work());
    let taken = start.elapsed();
    drop(kept);
    taken
}

fn in_unit(unit: Unit, amount: f64) -> String {
    match unit {
        Unit::Seconds if amount < 1e-6 => format!("{:.0} ns", amount * 1e9),
        Unit::Seconds if amount < 1e-3 => format!("{:.2} us", amount * 1e6),
        Unit::Seconds => format!("{:.1} ms", amount * 1e3),
        Unit::Bytes => format!("{:.1} MB", amount / 1e6),
        Unit::Count => format!("{amount:.0}"),
    }
}
