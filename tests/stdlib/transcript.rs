//! Runs code as a user would, in a folder of its own, and compares what it prints; can also write down what it prints.
//!
//! `EXSH_REWRITE_EXAMPLES=1 cargo test --test stdlib` puts what examples print now into the comments; read the diff.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use exsh::sim::{Clock, Release, SimOptions, Simulator};
use tokio::runtime::Runtime;

use crate::harness::{Exsh, Ran, ran};

/// The organization in which the examples of a task run.
fn organization(online: bool) -> SimOptions {
    SimOptions {
        mailboxes: 60,
        clock: Clock::fixed("2026-11-20T12:00:00Z".parse().unwrap()),
        release: if online { Release::Online } else { Release::ServerSe },
        // Every run takes back what it opened; one that is killed does not.
        sessions_per_user: 50,
        ..SimOptions::default()
    }
}

/// A home whose cache knows the cmdlets, and an address for each release at which one organization after the other is
/// served: an import from the server is most of what a run costs, so only the first one at an address asks for it.
pub(crate) struct Bench {
    pub(crate) exsh: Exsh,
    runtime: Runtime,
    addresses: [SocketAddr; 3],
}

impl Bench {
    pub(crate) fn new() -> Self {
        let exsh = Exsh::new().with("EXSH_USERNAME", SimOptions::ADMIN).with("EXSH_PASSWORD", SimOptions::PASSWORD);
        Self { exsh, runtime: Runtime::new().unwrap(), addresses: [SocketAddr::from(([127, 0, 0, 1], 0)); 3] }
    }

    /// Does `work` with the address of a new organization.
    pub(crate) fn with_organization<T>(&mut self, online: bool, work: impl FnOnce(&Self, &str) -> T) -> T {
        self.with(organization(online), work)
    }

    /// As above, set up otherwise.
    pub(crate) fn with<T>(&mut self, options: SimOptions, work: impl FnOnce(&Self, &str) -> T) -> T {
        let at = |listen| Simulator::start(SimOptions { listen, ..options.clone() });
        let address = &mut self.addresses[options.release as usize];
        let sim = self.runtime.block_on(async {
            match at(*address).await {
                Ok(sim) => sim,
                // Somebody else has the address by now.
                Err(_) => at(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap(),
            }
        });
        let place = sim.url().strip_prefix("http://").unwrap().split('/').next().unwrap();
        *address = place.parse().unwrap();
        let url = sim.url().to_owned();
        let outcome = work(self, &url);
        self.runtime.block_on(sim.shutdown());
        outcome
    }

    /// Runs the program in a folder to its end.
    pub(crate) fn run(&self, words: &[&str], folder: &Path) -> Ran {
        ran(self.exsh.command(words).current_dir(folder).spawn().unwrap())
    }

    /// What a script prints, its result included; errors follow as standard error has them.
    pub(crate) fn printed(&self, code: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("example.rhai"), code).unwrap();
        let ran = self.run(&["run", "example.rhai"], folder.path());
        let errors = if ran.status.success() { "" } else { ran.stderr.as_str() };
        plain(&format!("{}{errors}", ran.stdout))
    }
}

/// What opens a session in a script and makes its cmdlets functions.
pub(crate) fn opened(url: &str) -> String {
    format!("let session = new_session(\"{url}\", get_credential()); import_session(session);\n")
}

/// Whether what comes out is to be written down.
pub(crate) fn rewrites() -> bool {
    std::env::var_os("EXSH_REWRITE_EXAMPLES").is_some()
}

/// What a script prints that needs no organization, or brings its own.
pub(crate) fn printed(code: &str) -> String {
    Bench::new().printed(code)
}

/// Without the spaces at the ends of lines, which comments cannot keep, and the empty lines around.
pub(crate) fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Does `work` for all items on as many threads as there are processors, each with a bench of its own; gives what failed.
pub(crate) fn for_all<T: Sync>(items: &[T], work: impl Fn(&mut Bench, &T) -> Option<String> + Sync) -> Vec<String> {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut bench = Bench::new();
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(complaint) = work(&mut bench, item) {
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

/// A screen nobody looks at.
pub(crate) struct Nobody;

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
