//! Runs code as a user would, in a folder of its own, and compares what it prints; can also write down what it prints.
//!
//! `EXSH_REWRITE_EXAMPLES=1 cargo test --test stdlib` puts what examples print now into the comments; read the diff.

use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::{Exsh, ran};

/// The organization in which the examples of a task run; `exsh task … --connect` takes it, too.
pub(crate) const fn organization(online: bool) -> &'static str {
    if online {
        "demo:mailboxes=60,now=2026-11-20T12:00:00Z,release=online"
    } else {
        "demo:mailboxes=60,now=2026-11-20T12:00:00Z"
    }
}

/// Whether what comes out is to be written down.
pub(crate) fn rewrites() -> bool {
    std::env::var_os("EXSH_REWRITE_EXAMPLES").is_some()
}

/// What a script prints, its result included; errors follow as standard error has them.
pub(crate) fn printed(code: &str) -> String {
    let exsh = Exsh::new();
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("example.rhai");
    std::fs::write(&script, code).unwrap();
    let mut command = exsh.command(&["run", "example.rhai"]);
    let child = command.current_dir(folder.path()).stdin(Stdio::null()).spawn().unwrap();
    let ran = ran(child);
    let errors = if ran.status.success() { "" } else { ran.stderr.as_str() };
    plain(&format!("{}{errors}", ran.stdout))
}

/// Without the spaces at the ends of lines, which comments cannot keep, and the empty lines around.
pub(crate) fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Does `work` for all items on as many threads as there are processors; gives what failed.
pub(crate) fn for_all<T: Sync>(items: &[T], work: impl Fn(&T) -> Option<String> + Sync) -> Vec<String> {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(complaint) = work(item) {
                        failed.lock().unwrap().push(complaint);
                    }
                }
            });
        }
    });
    failed.into_inner().unwrap()
}

/// The path of something in this repository.
pub(crate) fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A host nobody looks at, for what it knows of its functions.
pub(crate) fn host(runtime: &tokio::runtime::Runtime) -> exsh::script::Host {
    let ui = std::sync::Arc::new(Nobody);
    exsh::script::Host::new(exsh::script::HostOptions::new(ui, runtime.handle().clone())).unwrap()
}

struct Nobody;

impl exsh::script::Ui for Nobody {
    fn print(&self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
    fn show(
        &self,
        _: &mut dyn Iterator<Item = exsh::script::ScriptResult<exsh::clixml::PsValue>>,
        _: &exsh::script::View,
    ) -> Result<(), exsh::script::ShowError> {
        Ok(())
    }
    fn message(&self, _: exsh::script::MessageKind, _: &str) {}
    fn error(&self, _: &exsh::script::CmdletError) {}
    fn progress(&self, _: &exsh::clixml::ProgressRecord) {}
    fn formats(&self, _: Vec<exsh::clixml::PsValue>) {}
    fn is_interactive(&self) -> bool {
        false
    }
    fn ask_line(&self, _: &str) -> Option<String> {
        None
    }
    fn ask_secret(&self, _: &str) -> Option<exsh::secret::SecretString> {
        None
    }
    fn ask_choice(&self, _: &exsh::script::Choice) -> Option<usize> {
        None
    }
}
