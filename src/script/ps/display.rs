//! What a script puts out, as the console shows it: default views, rows held back until their widths are known.
//!
//! The layout is `render`'s; a thread holds its half-done stream, which cannot move between threads.

use std::sync::{Mutex, mpsc};

use super::value::{V, lock};
use crate::clixml::PsValue;
use crate::render::{Formatter, Problems, Request};

enum Job {
    Push(PsValue),
    End,
}

type Line = (mpsc::Sender<Job>, mpsc::Receiver<String>);

/// The end of a script's output.
pub(super) struct Display {
    formatter: Mutex<Formatter>,
    line: Mutex<Option<Line>>,
}

impl Display {
    /// For a console of a width, with further views.
    #[must_use]
    pub(super) fn new(width: usize, exchange: Option<&dyn super::exchange::Exchange>) -> Self {
        let mut formatter = Formatter::new(width.saturating_sub(1).max(20));
        if let Some(exchange) = exchange {
            exchange.add_views(&mut formatter.views);
        }
        Self { formatter: Mutex::new(formatter), line: Mutex::new(None) }
    }

    /// Learns views that have come since; gives the rest of what is held back.
    #[must_use]
    pub(super) fn learn(&self, exchange: &dyn super::exchange::Exchange) -> String {
        let rest = self.end();
        exchange.add_views(&mut lock(&self.formatter).views);
        *lock(&self.line) = None;
        rest
    }

    /// Changes how values look from now on (`$FormatEnumerationLimit`, `Update-TypeData`); gives what is held back.
    #[must_use]
    pub(super) fn change(&self, change: impl FnOnce(&mut crate::render::Settings)) -> String {
        let rest = self.end();
        change(&mut lock(&self.formatter).settings);
        *lock(&self.line) = None;
        rest
    }

    /// How values are laid out, in another width.
    #[must_use]
    pub(super) fn formatter(&self, width: usize) -> Formatter {
        Formatter { width, ..lock(&self.formatter).clone() }
    }

    /// Columns that can be used.
    #[must_use]
    pub(super) fn usable(&self) -> usize {
        lock(&self.formatter).width
    }

    fn ask(&self, job: Job) -> String {
        let mut line = lock(&self.line);
        let (sender, receiver) = line.get_or_insert_with(|| worker(lock(&self.formatter).clone()));
        if sender.send(job).is_err() {
            return String::new();
        }
        receiver.recv().unwrap_or_default()
    }

    /// Takes a value and gives what can be shown now.
    #[must_use]
    pub(super) fn push(&self, value: &V) -> String {
        if let V::Obj(object) = value
            && object.type_name().starts_with("Microsoft.PowerShell.Commands.Internal.Format")
        {
            let text = super::text::to_string(&object.note("__text").unwrap_or_default());
            if text.is_empty() {
                return text;
            }
            return format!("{}{text}", self.end());
        }
        if let V::Hash(hash) = value
            && let Some(pairs) = super::dotnet::pairs(hash)
        {
            return pairs.iter().map(|pair| self.ask(Job::Push(super::text::to_wire(pair)))).collect();
        }
        self.ask(Job::Push(super::text::to_wire(&shown(value))))
    }

    /// The rest of what is held back.
    #[must_use]
    pub(super) fn end(&self) -> String {
        if lock(&self.line).is_none() {
            return String::new();
        }
        self.ask(Job::End)
    }
}

/// An array within the output is shown by its properties.
fn shown(value: &V) -> V {
    let V::List(list) = value else { return value.clone() };
    if !list.is_array() {
        return value.clone();
    }
    let length = V::count(list.len());
    V::Obj(super::value::Obj::new(
        "System.Object[]",
        [
            ("Length", length.clone()),
            ("LongLength", length.clone()),
            ("Rank", V::Int(1)),
            ("SyncRoot", value.clone()),
            ("IsReadOnly", V::Bool(false)),
            ("IsFixedSize", V::Bool(true)),
            ("IsSynchronized", V::Bool(false)),
            ("Count", length),
        ],
    ))
}

fn worker(formatter: Formatter) -> Line {
    let (jobs, inbox) = mpsc::channel();
    let (outbox, replies) = mpsc::channel();
    std::thread::spawn(move || {
        let request = Request::default();
        let problems = Problems::default();
        let mut stream = formatter.stream(&request, &problems);
        let mut opened = false;
        for job in inbox {
            let text = match job {
                Job::Push(value) => {
                    let text = stream.push(&value).unwrap_or_else(|error| error.to_string());
                    // the blank line before a table comes at once, its rows when their widths are known
                    if text.is_empty() && !opened && stream.holds_back() {
                        opened = true;
                        "\n".to_owned()
                    } else {
                        without_blank(&mut opened, text)
                    }
                }
                Job::End => {
                    let text = without_blank(&mut opened, stream.end());
                    stream = formatter.stream(&request, &problems);
                    text
                }
            };
            if outbox.send(text).is_err() {
                return;
            }
        }
    });
    (jobs, replies)
}

/// Text whose first blank line was shown before.
fn without_blank(opened: &mut bool, text: String) -> String {
    if !*opened || text.is_empty() {
        return text;
    }
    *opened = false;
    text.strip_prefix('\n').map_or(text.clone(), str::to_owned)
}

/// The default text of values, as `Out-String` gives it.
#[must_use]
pub(super) fn default_text(values: &[V], formatter: &Formatter) -> String {
    let request = Request::default();
    let problems = Problems::default();
    let mut out = String::new();
    let mut stream = formatter.stream(&request, &problems);
    for value in values {
        if let V::Obj(object) = value
            && object.type_name().starts_with("Microsoft.PowerShell.Commands.Internal.Format")
        {
            out.push_str(&stream.end());
            stream = formatter.stream(&request, &problems);
            out.push_str(&super::text::to_string(&object.note("__text").unwrap_or_default()));
            continue;
        }
        let rows = match value {
            V::Hash(hash) => super::dotnet::pairs(hash),
            _ => None,
        };
        for row in rows.as_deref().unwrap_or(std::slice::from_ref(value)) {
            out.push_str(&stream.push(&super::text::to_wire(row)).unwrap_or_else(|error| error.to_string()));
        }
    }
    out.push_str(&stream.end());
    out
}
