//! Starts the program in an environment of its own and reads what it says.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};

use tempfile::TempDir;

/// A home folder and the program to run in it.
pub(crate) struct Exsh {
    home: TempDir,
    variables: Vec<(String, String)>,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: ExitStatus,
}

impl Ran {
    /// The exit code; 128 + n for a signal.
    pub(crate) fn code(&self) -> i32 {
        use std::os::unix::process::ExitStatusExt as _;
        self.status.code().unwrap_or_else(|| 128 + self.status.signal().unwrap_or(0))
    }

    /// Fails with everything the run said unless it ended with `code`.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code(), code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

impl Exsh {
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    /// Sets a variable for all runs that follow.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// The program with a clean environment, nothing on standard input.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exsh"));
        command
            .args(args)
            .env_clear()
            .env("EXSH_HOME", self.home.path())
            .env("HOME", self.home.path())
            .env("LANG", "C.UTF-8")
            .env("COLUMNS", "100")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        ran(self.command(args).spawn().unwrap())
    }

    /// Runs to the end with `input` on standard input.
    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        ran(child)
    }
}

/// Waits for a process and reads what it said.
pub(crate) fn ran(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        status: output.status,
    }
}

/// `exsh sim` in a process of its own; stopped on drop.
pub(crate) struct Sim {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
    pub(crate) url: String,
}

impl Sim {
    pub(crate) fn start(exsh: &Exsh, args: &[&str]) -> Self {
        let mut all = vec!["sim"];
        all.extend_from_slice(args);
        let mut child = exsh.command(&all).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        lines.read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        assert!(url.starts_with("http"), "the first line is the address: {url:?}");
        Self { child, lines, url }
    }

    /// Stops it and gives what it counted.
    pub(crate) fn stop(mut self) -> serde_json::Value {
        signal(&self.child, "TERM");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut self.lines, &mut text).unwrap();
        self.child.wait().unwrap();
        serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{error}: {text:?}"))
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process.
pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status().unwrap();
    assert!(status.success());
}
