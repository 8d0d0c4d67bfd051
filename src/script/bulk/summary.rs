//! What is told of a job at its end: counts, uncertain rows, failures as CSV, and the record the script gets.
//!
//! Not here: the work (`run`).

use std::path::{Path, PathBuf};

use rhai::{Array, Dynamic, INT};

use crate::clixml::{PsObject, PsValue};
use crate::render::convert::{CsvOptions, CsvWriter, Quotes};

use super::super::basics::files;
use super::super::state::{RhaiResult, State};
use super::super::ui::MessageKind;
use super::super::value::ordered;
use super::rows::Row;
use super::run::Outcome;

/// Uncertain rows named on the screen; all are in the record.
const NAMED_MAX: usize = 20;

/// How many rows came to which end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) done: usize,
    pub(super) before: usize,
    pub(super) failed: usize,
    pub(super) uncertain: usize,
    pub(super) not_begun: usize,
}

impl Counts {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        outcomes.iter().fold(Self::default(), |mut counts, outcome| {
            match outcome {
                Outcome::Done => counts.done += 1,
                Outcome::DoneBefore => counts.before += 1,
                Outcome::Failed(_) => counts.failed += 1,
                Outcome::Uncertain(_) => counts.uncertain += 1,
                Outcome::NotBegun => counts.not_begun += 1,
            }
            counts
        })
    }

    /// `250 rows: 200 done, 47 done before, 2 failed, 1 uncertain`.
    pub(super) fn text(&self, pretends: bool) -> String {
        let all = self.done + self.before + self.failed + self.uncertain + self.not_begun;
        let rows = if all == 1 { "row" } else { "rows" };
        let done = if pretends { "would be done" } else { "done" };
        let parts = [
            (self.done, done),
            (self.before, "done before"),
            (self.failed, "failed"),
            (self.uncertain, "uncertain"),
            (self.not_begun, "not begun"),
        ];
        let told = parts.iter().enumerate().filter(|(index, (count, _))| *index == 0 || *count > 0);
        let told: Vec<String> = told.map(|(_, (count, word))| format!("{count} {word}")).collect();
        format!("{all} {rows}: {}", told.join(", "))
    }
}

/// Where failures are written: beside the journal, unless somebody said where.
pub(super) fn failures_path(given: Option<String>, journal: Option<&str>) -> Option<PathBuf> {
    match (given, journal) {
        (Some(path), _) => Some(path.into()),
        (None, Some(journal)) => Some(Path::new(journal).with_extension("failures.csv")),
        (None, None) => None,
    }
}

/// Writes the failed and uncertain rows with what went wrong; a list of an earlier run goes when there are none.
fn write_failures(path: &Path, rows: &[Row], outcomes: &[Outcome]) -> RhaiResult<bool> {
    let shown = path.display().to_string();
    let mut lines = Vec::new();
    let mut writer = CsvWriter::new(CsvOptions { quotes: Quotes::AsNeeded, ..CsvOptions::default() });
    for (row, outcome) in rows.iter().zip(outcomes) {
        let (state, error) = match outcome {
            Outcome::Failed(error) => ("failed", error),
            Outcome::Uncertain(error) => ("uncertain", error),
            _ => continue,
        };
        let mut entries = row.open_properties();
        entries.push(("BulkState".to_owned(), state.into()));
        entries.push(("BulkError".to_owned(), error.as_str().into()));
        let object = PsObject::bag(entries.iter().map(|(name, value)| (name.as_str(), value.clone())));
        lines.extend(writer.push(&PsValue::from(object)));
    }
    if lines.is_empty() {
        let _ = std::fs::remove_file(path); // it need not be there
        return Ok(false);
    }
    files::replace(path, |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
        .map_err(|error| files::unwritable(&shown, &error))?;
    Ok(true)
}

/// Tells the person and writes the failures; gives their file, if there is one.
pub(super) fn tell(
    state: &State,
    rows: &[Row],
    outcomes: &[Outcome],
    failures: Option<&Path>,
    pretends: bool,
) -> RhaiResult<Option<String>> {
    let file = match failures.filter(|_| !pretends) {
        Some(path) if write_failures(path, rows, outcomes)? => Some(path.display().to_string()),
        _ => None,
    };
    let uncertain = rows.iter().zip(outcomes).enumerate().filter_map(|(place, (row, outcome))| match outcome {
        Outcome::Uncertain(why) => Some((place, row, why)),
        _ => None,
    });
    for (place, row, why) in uncertain.take(NAMED_MAX) {
        let text = format!("row {} ({}) is uncertain: {why}", place + 1, row.key);
        state.ui.message(MessageKind::Warning, &text);
    }
    let place = file.as_ref().map(|file| format!("; see {file}")).unwrap_or_default();
    state.ui.message(MessageKind::Status, &format!("{}{place}", Counts::of(outcomes).text(pretends)));
    Ok(file)
}

/// The record that the script gets.
pub(super) fn record(rows: &[Row], outcomes: &[Outcome], file: Option<String>) -> Dynamic {
    let counts = Counts::of(outcomes);
    let list = |wanted: fn(&Outcome) -> Option<&String>| -> Array {
        let record = |(place, (row, outcome)): (usize, (&Row, &Outcome))| {
            let error = wanted(outcome)?;
            Some(ordered([
                ("Row", number(place + 1)),
                ("Key", row.key.clone().into()),
                ("Error", error.clone().into()),
            ]))
        };
        rows.iter().zip(outcomes).enumerate().filter_map(record).collect()
    };
    let failed = list(|outcome| if let Outcome::Failed(error) = outcome { Some(error) } else { None });
    let uncertain = list(|outcome| if let Outcome::Uncertain(why) = outcome { Some(why) } else { None });
    ordered([
        ("Rows", number(rows.len())),
        ("Done", number(counts.done)),
        ("DoneBefore", number(counts.before)),
        ("Failed", number(counts.failed)),
        ("Uncertain", number(counts.uncertain)),
        ("NotBegun", number(counts.not_begun)),
        ("Failures", failed.into()),
        ("UncertainRows", uncertain.into()),
        ("FailuresFile", file.map_or(Dynamic::UNIT, Into::into)),
    ])
}

fn number(count: usize) -> Dynamic {
    INT::try_from(count).unwrap_or(INT::MAX).into()
}
