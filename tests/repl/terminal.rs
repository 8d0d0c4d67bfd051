//! A prompt on a terminal of a given size, and what its screen shows; and servers for it to talk to.
//!
//! The screen is kept by `vt100`, a terminal of its own: what is looked at is what a person would see.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use expectrl::Session;
use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use tempfile::TempDir;

/// How long anything may take before its test has failed.
const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) struct Terminal {
    pub(crate) session: OsSession,
    pub(crate) screen: vt100::Parser,
    pub(crate) home: TempDir,
    /// How often the editor got ready for a line, and how often that was waited for.
    ready: (usize, usize),
    /// Dropped when the test is over: then nobody watches any more.
    _watched: Sender<()>,
}

/// What a terminal is started with.
pub(crate) struct Start<'a> {
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    /// Shell words; `EXSH` is the program.
    pub(crate) command: &'a str,
    pub(crate) variables: &'a [(&'a str, &'a str)],
}

impl Default for Start<'_> {
    fn default() -> Self {
        Self { columns: 100, rows: 40, command: "exec EXSH demo", variables: &[("NO_COLOR", "1")] }
    }
}

impl Terminal {
    /// The prompt of the demo organization, ready for a line.
    pub(crate) fn demo() -> Self {
        let mut terminal = Self::start(&Start::default());
        terminal.wait_for_prompt();
        terminal
    }

    pub(crate) fn start(start: &Start<'_>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &start.command.replace("EXSH", env!("CARGO_BIN_EXE_exsh"))]);
        command.env_clear().env("HOME", home.path()).env("TERM", "xterm-256color").env("PAGER", "");
        command.env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8").envs(start.variables.iter().copied());
        command.current_dir(home.path());
        let mut session = Session::spawn(command).unwrap();
        session.get_process_mut().set_window_size(start.columns, start.rows).unwrap();
        let (watched, end) = channel();
        let process = session.get_process().pid().to_string();
        std::thread::spawn(move || kill_late(&end, &process));
        Self {
            session,
            screen: vt100::Parser::new(start.rows.try_into().unwrap(), start.columns.try_into().unwrap(), 0),
            home,
            ready: (0, 0),
            _watched: watched,
        }
    }

    pub(crate) fn keys(&mut self, keys: &str) {
        self.session.write_all(keys.as_bytes()).unwrap();
        self.session.flush().unwrap();
    }

    /// What the screen shows, line by line, without blanks at the ends.
    pub(crate) fn text(&self) -> String {
        let contents = self.screen.screen().contents();
        contents.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    /// Reads until the screen is as it should be.
    pub(crate) fn wait(&mut self, what: &str, is_there: impl Fn(&str) -> bool) {
        let mut bytes = [0; 4096];
        loop {
            let text = self.text();
            if is_there(&text) {
                return;
            }
            let count = self.session.read(&mut bytes).unwrap_or(0);
            assert!(count > 0, "waited for {what} on\n{text}");
            self.process(&bytes[..count]);
        }
    }

    fn process(&mut self, bytes: &[u8]) {
        self.ready.0 += String::from_utf8_lossy(bytes).matches(super::READY).count();
        self.screen.process(bytes);
    }

    pub(crate) fn wait_for(&mut self, part: &str) {
        // a long line goes on in the next row
        self.wait(part, |text| text.replace('\n', "").contains(part) || text.contains(part));
    }

    /// Waits until another line can be typed: the sign is the last thing on the screen.
    pub(crate) fn wait_for_prompt(&mut self) {
        let mut bytes = [0; 4096];
        while self.ready.0 <= self.ready.1 || !self.text().ends_with('>') {
            let count = self.session.read(&mut bytes).unwrap_or(0);
            assert!(count > 0, "waited for a prompt on\n{}", self.text());
            self.process(&bytes[..count]);
        }
        self.ready.1 = self.ready.0;
    }

    /// Leaves nothing on the screen but the sign.
    pub(crate) fn clear(&mut self) {
        self.keys("\u{c}");
        self.wait("an empty screen", |text| text.lines().count() == 1 && text.ends_with('>'));
        self.ready.1 = self.ready.0;
    }

    /// Types a line on a cleared screen and gives what it showed.
    pub(crate) fn line(&mut self, line: &str) -> String {
        self.clear();
        self.keys(line);
        self.keys("\r");
        self.wait_for_prompt();
        let text = self.text();
        let shown = text.lines().skip(1).take(text.lines().count() - 2);
        shown.filter(|line| !tells_time(line)).collect::<Vec<_>>().join("\n")
    }

    /// The last line that has anything in it.
    pub(crate) fn last_line(&self) -> String {
        self.text().lines().last().unwrap_or_default().to_owned()
    }

    /// Reads to the end; gives the exit code.
    pub(crate) fn end(&mut self) -> i32 {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = self.session.read(&mut bytes) {
            self.process(&bytes[..count]);
        }
        match self.session.get_process().wait().unwrap() {
            WaitStatus::Exited(_, code) => code,
            other => panic!("{other:?}\n{}", self.text()),
        }
    }

    /// Ctrl-D on an empty line.
    pub(crate) fn leave(mut self) {
        self.keys("\u{4}");
        assert_eq!(self.end(), 0);
    }
}

/// `0.1 s, 3 rows`
fn tells_time(line: &str) -> bool {
    line.split_once(" s")
        .is_some_and(|(seconds, rest)| seconds.parse::<f32>().is_ok() && (rest.is_empty() || rest.starts_with(',')))
}

/// A test that waits for what never comes fails, for the program it waits for is gone.
fn kill_late(end: &Receiver<()>, process: &str) {
    if end.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
        let _ = Command::new("kill").args(["-KILL", process]).status();
    }
}

/// `exsh sim` in a process of its own; stopped on drop.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    _home: TempDir,
}

impl Server {
    pub(crate) fn start(options: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_exsh"))
            .arg("sim")
            .args(options)
            .env_clear()
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned(), _home: home }
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, name: &str) {
        let process = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &process]).status().unwrap().success());
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        self.url.trim_start_matches("http://").split('/').next().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A prompt with a session to `url`, signed in by hand.
pub(crate) fn connected(url: &str, options: &str, user: &str) -> Terminal {
    let command = format!("exec EXSH {options} connect {url}");
    let mut terminal = Terminal::start(&Start { command: &command, ..Start::default() });
    terminal.wait_for("User:");
    terminal.keys(&format!("{user}\r"));
    terminal.wait_for("assword");
    terminal.keys("Passw0rd!x\r");
    terminal.wait_for_prompt();
    terminal
}
