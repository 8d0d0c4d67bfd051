//! `exsh run`, `exsh eval`, scripts on standard input and the prompt: a host, the signals, an exit code.
//!
//! What the language can do is `script`'s business, what the prompt can do `repl`'s.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use clap::CommandFactory as _;

use super::args::{Cli, RunArgs};
use super::exit::ExitCode;
use super::opening::Opening;
use super::program::Setting;
use super::report::Report;
use super::runtime::{self, Signal, Signals};
use super::ui::Terminal;
use crate::render::{Part, diagnostic};
use crate::script::{ErrorKind, Host, ScriptError, ScriptOutcome, ScriptResult, Ui as _, View};

/// How long the way out may take: stopping pipelines, deleting shells.
pub(super) const CLOSE_DEADLINE: Duration = Duration::from_secs(10);

/// `exsh run FILE ARGS` and `exsh FILE ARGS`; `-` is standard input.
pub(super) fn words(setting: &Setting, opening: Option<&Opening>, run: &RunArgs) -> Result<ExitCode, Report> {
    let (file, args) = run.words.split_first().ok_or_else(|| Report::usage("which script?"))?;
    if file == "-" {
        return standard_input(setting, opening, run, args);
    }
    let path = Path::new(file);
    if !path.exists() {
        return Err(missing(file));
    }
    if super::powershell::is_script(path) {
        let (run, args) = super::powershell::own_options(run, args)?;
        return super::powershell::run(setting, opening, &run, path, &args);
    }
    perform(setting, opening, setting.terminal(), |host| host.run_file(path, args))
}

/// A script on standard input.
pub(super) fn standard_input(
    setting: &Setting,
    opening: Option<&Opening>,
    run: &RunArgs,
    args: &[String],
) -> Result<ExitCode, Report> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| unreadable(&error))?;
    if crate::script::ps::wants(&text) {
        let (run, args) = super::powershell::own_options(run, args)?;
        return super::powershell::text(setting, opening, &run, None, &text, &args);
    }
    perform(setting, opening, setting.terminal(), |host| host.run_text("<stdin>", &text, args))
}

/// `exsh eval CODE`. Somebody at a terminal asked for its result: what is longer than the screen has pages. What a
/// script prints on its way has none.
pub(super) fn code(setting: &Setting, opening: Option<&Opening>, code: &str) -> Result<ExitCode, Report> {
    if crate::script::ps::wants(code) {
        return super::powershell::text(setting, opening, &RunArgs::default(), None, code, &[]);
    }
    perform(setting, opening, setting.terminal().with_pages(), |host| host.eval(code))
}

/// The prompt, with a session opened and imported first.
pub(super) fn prompt(setting: &Setting, opening: Option<&Opening>) -> Result<ExitCode, Report> {
    if !std::io::stdin().is_terminal() {
        return standard_input(setting, opening, &RunArgs::default(), &[]); // nobody types: standard input is the script
    }
    super::prompt::run(setting, opening)
}

/// Runs `work` on a host of its own, shows what comes of it, and leaves no session behind.
pub(super) fn perform(
    setting: &Setting,
    opening: Option<&Opening>,
    terminal: Terminal,
    work: impl FnOnce(&Host) -> ScriptResult<ScriptOutcome>,
) -> Result<ExitCode, Report> {
    let ui = Arc::new(terminal);
    hosted(setting, ui.clone(), |host| {
        if let Some(opening) = opening {
            open(host, opening)?;
        }
        let begun = Instant::now();
        let outcome = work(host)?;
        host.show(&outcome, &View::default())?;
        ui.tell_rows(begun.elapsed().saturating_sub(ui.reading_time()));
        Ok(match outcome.exit_code {
            Some(code) => ExitCode::Script(code),
            None if host.last_statement_failed() => ExitCode::Failed,
            None => ExitCode::Ok,
        })
    })
}

/// Runs `work` on a host of its own and leaves no session behind.
pub(super) fn hosted(
    setting: &Setting,
    ui: Arc<Terminal>,
    work: impl FnOnce(&Host) -> ScriptResult<ExitCode>,
) -> Result<ExitCode, Report> {
    let runtime = runtime::start()?;
    let host = Arc::new(setting.host(ui.clone(), &runtime)?);
    watch_signals(&runtime, &host, ui);
    let ended = work(&host);
    host.close_all_sessions(CLOSE_DEADLINE);
    Ok(ended.unwrap_or_else(|error| tell(setting, &error)))
}

/// The three steps, before the script.
pub(super) fn open(host: &Host, opening: &Opening) -> ScriptResult<()> {
    match host.run_text(&format!("<{}>", opening.name), &opening.code(), &[]) {
        Ok(_) => Ok(()),
        Err(error) if error.kind == ErrorKind::SignIn => {
            Err(error.hint(format!("`exsh login {}` keeps another password in the keyring", opening.name)))
        }
        Err(error) => Err(error),
    }
}

/// The first signal ends what runs, so that sessions are removed; the second ends the process.
pub(super) fn watch_signals(runtime: &Runtime, host: &Arc<Host>, terminal: Arc<Terminal>) {
    let host = Arc::downgrade(host);
    let mut seen = 0;
    let _guard = runtime.enter();
    let mut signals = Signals::listen();
    runtime.spawn(async move {
        loop {
            let signal = signals.next().await;
            if signal == Signal::Interrupt && terminal.is_paging() {
                continue; // the pager's business
            }
            seen += 1;
            let Some(host) = host.upgrade() else { quit() };
            if seen > 1 {
                quit();
            }
            if signal == Signal::Interrupt {
                tracing::info!("interrupted; a second Ctrl-C quits at once");
            }
            host.interrupt();
            terminal.interrupt();
        }
    });
}

#[expect(clippy::exit, reason = "the user insists: nothing may hold the process any longer")]
pub(super) fn quit() -> ! {
    std::process::exit(i32::from(ExitCode::Interrupted.code()))
}

/// Writes an error to standard error and says how the program ends.
pub(super) fn tell(setting: &Setting, error: &ScriptError) -> ExitCode {
    if error.kind != ErrorKind::OutputClosed {
        let (name, text) =
            error.source.as_ref().map_or(("", ""), |source| (source.name.as_ref(), source.text.as_ref()));
        let shown = diagnostic(&error.diagnostic, text, name, setting.theme);
        let mut err = std::io::stderr().lock();
        let _ = err.write_all(shown.as_bytes());
        for line in error.detail_lines().iter().filter(|_| setting.global.verbose > 0) {
            let _ = writeln!(err, "{}", setting.theme.paint(Part::Muted, &format!("  {line}")));
        }
    }
    match error.kind {
        ErrorKind::OutputClosed => ExitCode::Ok,
        ErrorKind::Script => ExitCode::Failed,
        ErrorKind::Usage => ExitCode::Usage,
        ErrorKind::SignIn => ExitCode::SignIn,
        ErrorKind::Network => ExitCode::Network,
        ErrorKind::Interrupted => ExitCode::Interrupted,
    }
}

fn unreadable(error: &std::io::Error) -> Report {
    Report::failed(format!("cannot read the script from standard input: {error}"))
}

fn missing(file: &str) -> Report {
    if Path::new(file).extension().is_some() {
        return Report::usage(format!("there is no script `{file}`"));
    }
    let known: Vec<String> = Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let distance = |name: &str| strsim::damerau_levenshtein(name, file);
    let nearest = known.iter().min_by_key(|name| distance(name)).filter(|name| distance(name) <= 2);
    let report = Report::usage(format!("there is no command and no script `{file}`"));
    match nearest {
        Some(name) => report.hint(format!("did you mean `exsh {name}`?")),
        None => report.hint("`exsh --help` lists the commands"),
    }
}
