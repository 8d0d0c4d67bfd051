//! The journal of a job: a line before and a line after each row, on the disk before anything goes on.
//!
//! A line that the end of the process cut is dropped; a row with a first line and no second may or may not be done,
//! and is said to be uncertain. Nothing secret is written: rows are known by hashes, keys and errors are redacted.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::rows::Row;

/// What the first line says it is.
const NAME: &str = "exsh bulk journal";
/// The form of the lines below.
const VERSION: u64 = 1;

/// What is known of a row from earlier runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Past {
    /// Done.
    Done,
    /// It failed, and nothing was left half-way.
    Failed(String),
    /// Begun, and nobody knows whether it was done.
    Uncertain(String),
}

/// Which job it is: another set of rows or another function make another job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) rows: usize,
    pub(super) rows_hash: String,
    pub(super) function_hash: String,
}

/// Why there is no journal to write in.
#[derive(Debug, thiserror::Error)]
pub(super) enum JournalError {
    #[error("cannot use the journal {path}")]
    Io { path: String, source: io::Error },
    #[error("another process is at work on the journal {path}")]
    Busy { path: String },
    #[error("{path} is no journal of exsh: line {line} is {found}")]
    Foreign { path: String, line: usize, found: String },
    #[error("{path} is a journal of version {version}; this exsh knows version {VERSION}")]
    Version { path: String, version: u64 },
    #[error("{path} is the journal of another job: {what} changed")]
    OtherJob { path: String, what: &'static str },
}

/// An open journal; nobody else can open it meanwhile.
pub(super) struct Journal {
    file: File,
    path: String,
}

impl Journal {
    /// Opens or begins a journal, and says what it knows. With `changed` it may be of a job with other rows.
    pub(super) fn open(path: &str, job: &Job, changed: bool) -> Result<(Self, HashMap<String, Past>), JournalError> {
        let failed = |source| JournalError::Io { path: path.to_owned(), source };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::Busy { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        if !begins_as_journal(&bytes) {
            return Err(JournalError::Foreign { path: path.to_owned(), line: 1, found: "something else".to_owned() });
        }
        // What the end of a process cut short was never promised to anybody.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        bytes.truncate(whole);
        let (known, past) = read(path, &bytes)?;
        if let Some(known) = &known
            && !changed
        {
            let what = if known.function_hash != job.function_hash { "the function" } else { "the rows" };
            if known != job {
                return Err(JournalError::OtherJob { path: path.to_owned(), what });
            }
        }
        file.set_len(whole as u64).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed)?;
        let mut journal = Self { file, path: path.to_owned() };
        if known.as_ref() != Some(job) {
            journal.write(&json!({
                "journal": NAME, "version": VERSION, "rows": job.rows,
                "rows_hash": job.rows_hash, "function_hash": job.function_hash, "at": now(),
            }))?;
            sync_folder(path);
        } else {
            journal.write(&json!({ "resumed": true, "at": now() }))?;
        }
        Ok((journal, past))
    }

    /// To be on the disk before the row's function is called.
    pub(super) fn begun(&mut self, place: usize, row: &Row) -> Result<(), JournalError> {
        self.write(
            &json!({ "row": place + 1, "id": row.id, "key": row.redacted(&row.key), "state": "begun", "at": now() }),
        )
    }

    /// To be on the disk before the next row is begun.
    pub(super) fn ended(&mut self, place: usize, row: &Row, end: &Past) -> Result<(), JournalError> {
        let (state, why) = match end {
            Past::Done => ("done", None),
            Past::Failed(error) => ("failed", Some(error)),
            Past::Uncertain(why) => ("uncertain", Some(why)),
        };
        let mut line = json!({ "row": place + 1, "id": row.id, "state": state, "at": now() });
        if let (Some(why), Value::Object(entries)) = (why, &mut line) {
            entries.insert("error".to_owned(), row.redacted(why).into());
        }
        self.write(&line)
    }

    fn write(&mut self, line: &Value) -> Result<(), JournalError> {
        let failed = |source| JournalError::Io { path: self.path.clone(), source };
        self.file.write_all(format!("{line}\n").as_bytes()).map_err(failed)?;
        self.file.sync_data().map_err(failed)
    }
}

/// Whether a file is empty, a journal, or the beginning of one.
fn begins_as_journal(bytes: &[u8]) -> bool {
    let first = format!("{{\"journal\":\"{NAME}\"");
    bytes.iter().zip(first.as_bytes()).all(|(found, wanted)| found == wanted)
}

fn now() -> String {
    format!("{:.3}", Timestamp::now())
}

/// The name of a new file is on the disk only when its folder is.
fn sync_folder(path: &str) {
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all(); // not every system can
    }
}

/// The latest job the lines are of, and what they know of rows.
fn read(path: &str, bytes: &[u8]) -> Result<(Option<Job>, HashMap<String, Past>), JournalError> {
    let (mut job, mut past) = (None, HashMap::new());
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let foreign =
            |found: &str| JournalError::Foreign { path: path.to_owned(), line: index + 1, found: found.to_owned() };
        let line: Value = serde_json::from_slice(line).map_err(|_| foreign("no JSON"))?;
        let text = |name: &str| line.get(name).and_then(Value::as_str);
        if text("journal") == Some(NAME) {
            match line.get("version").and_then(Value::as_u64) {
                Some(VERSION) => {}
                version => return Err(JournalError::Version { path: path.to_owned(), version: version.unwrap_or(0) }),
            }
            let hash = |name: &str| text(name).unwrap_or_default().to_owned();
            let rows =
                line.get("rows").and_then(Value::as_u64).and_then(|rows| usize::try_from(rows).ok()).unwrap_or(0);
            job = Some(Job { rows, rows_hash: hash("rows_hash"), function_hash: hash("function_hash") });
            continue;
        }
        if job.is_none() {
            return Err(foreign("not its first line"));
        }
        let (Some(id), Some(state)) = (text("id"), text("state")) else { continue };
        let error = text("error").unwrap_or_default().to_owned();
        let known = match state {
            "begun" => {
                Past::Uncertain(format!("begun at {}, and its end is not written down", text("at").unwrap_or("?")))
            }
            "done" => Past::Done,
            "failed" => Past::Failed(error),
            "uncertain" => Past::Uncertain(error),
            other => return Err(foreign(&format!("of the state {other}"))),
        };
        past.insert(id.to_owned(), known);
    }
    Ok((job, past))
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    fn job() -> Job {
        Job { rows: 2, rows_hash: "r".into(), function_hash: "f".into() }
    }

    fn two() -> Vec<Row> {
        let array: rhai::Array = rhai::Engine::new().eval(r#"[#{ Alias: "ann" }, #{ Alias: "bob" }]"#).unwrap();
        rows::read(array.into(), None).unwrap()
    }

    #[test]
    fn a_row_that_was_begun_and_not_ended_is_uncertain_and_a_cut_line_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("job.jsonl").display().to_string();
        let rows = two();
        let (mut journal, past) = Journal::open(&path, &job(), false).unwrap();
        assert!(past.is_empty());
        journal.begun(0, &rows[0]).unwrap();
        journal.ended(0, &rows[0], &Past::Done).unwrap();
        journal.begun(1, &rows[1]).unwrap();
        drop(journal);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{{\"row\":2,\"id\":\"{}\",\"state\":\"do", rows[1].id)).unwrap();
        let (_, past) = Journal::open(&path, &job(), false).unwrap();
        assert_eq!(past[&rows[0].id], Past::Done);
        assert!(matches!(past[&rows[1].id], Past::Uncertain(_)));
    }

    #[test]
    fn another_job_is_noticed_and_taken_over_only_when_that_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("job.jsonl").display().to_string();
        drop(Journal::open(&path, &job(), false).unwrap());
        let other = Job { function_hash: "g".into(), ..job() };
        assert!(matches!(
            Journal::open(&path, &other, false),
            Err(JournalError::OtherJob { what: "the function", .. })
        ));
        drop(Journal::open(&path, &other, true).unwrap());
        drop(Journal::open(&path, &other, false).unwrap());
    }

    #[test]
    fn two_at_once_cannot_write_in_one_journal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("job.jsonl").display().to_string();
        let first = Journal::open(&path, &job(), false).unwrap();
        assert!(matches!(Journal::open(&path, &job(), false), Err(JournalError::Busy { .. })));
        drop(first);
        drop(Journal::open(&path, &job(), false).unwrap());
    }

    #[test]
    fn a_file_that_is_no_journal_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.csv").display().to_string();
        for text in ["Name\nAnn\n", "no line break", "{}\n"] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Journal::open(&path, &job(), true), Err(JournalError::Foreign { line: 1, .. })));
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }
}
