//! From the command line to an exit code: reads the arguments, carries out the command, reports a failure.
//!
//! What a command does is in its own file; only this one decides which.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use clap::Parser as _;
use tokio::runtime::Runtime;

use super::args::{Cli, ColorChoice, Command, GlobalArgs, OutputFormat, RunArgs};
use super::exit::ExitCode;
use super::opening::Opening;
use super::report::Report;
use super::ui::Terminal;
use super::{cache, config, definitions, doctor, endpoints, inspect, login, manual, port, run, sim, task, trace};
use crate::clixml::PsValue;
use crate::config::{Config, ConfigFile, Paths, SystemVault, Vault};
use crate::render::{Part, Theme};
use crate::script::{Host, HostOptions, Policy, ShowError, Ui, View};
use crate::transport::Trace;

/// What every command needs to know.
#[derive(Clone)]
pub(super) struct Setting {
    /// Options of the command line.
    pub(super) global: GlobalArgs,
    /// Where the user's files are.
    pub(super) paths: Option<Paths>,
    /// What the user has settled.
    pub(super) config: Config,
    /// How standard error is coloured.
    pub(super) theme: Theme,
}

impl Setting {
    /// Where modules of the user are.
    pub(super) fn module_folders(&self) -> Vec<std::path::PathBuf> {
        self.paths.iter().map(Paths::modules).collect()
    }

    /// The same with options of the command line that stood behind the name of a task.
    pub(super) fn with(&self, later: &GlobalArgs) -> Self {
        let mut setting = self.clone();
        let global = &mut setting.global;
        global.output = later.output.or(global.output);
        if !later.fields.is_empty() {
            global.fields.clone_from(&later.fields);
        }
        global.color = later.color.or(global.color);
        global.verbose = global.verbose.max(later.verbose);
        global.trace = later.trace.clone().or(global.trace.take());
        global.what_if |= later.what_if;
        global.read_only |= later.read_only;
        global.yes |= later.yes;
        global.no_cache |= later.no_cache;
        global.profile = later.profile.clone().or(global.profile.take());
        setting
    }

    /// The same for work at that server: a profile may refuse changes.
    pub(super) fn opening(&self, opening: Option<&Opening>) -> Self {
        let mut setting = self.clone();
        setting.global.read_only |= opening.is_some_and(Opening::is_read_only);
        setting
    }

    /// The terminal side of a command.
    pub(super) fn terminal(&self) -> Terminal {
        Terminal::new(&self.global, self.theme)
    }

    /// Where the wire is written to.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub(super) fn trace(&self) -> Result<Option<Arc<Trace>>, Report> {
        let Some(path) = &self.global.trace else { return Ok(None) };
        let unusable = |error| Report::usage(format!("cannot write the trace to {}: {error}", path.display()));
        Ok(Some(Arc::new(Trace::create(path).map_err(unusable)?)))
    }

    /// What scripts may do, by the configuration and the command line.
    ///
    /// # Errors
    /// When the file for the trace cannot be made.
    fn policy(&self) -> Result<Policy, Report> {
        let trace = self.trace()?;
        Ok(Policy {
            basic_enabled: self.config.auth.basic,
            allow_unencrypted: self.config.network.allow_unencrypted,
            trace,
            what_if: self.global.what_if,
            read_only: self.global.read_only,
            yes: self.global.yes,
            scripts: self.config.script_rules(),
        })
    }

    /// A host for scripts whose messages go to `ui`.
    ///
    /// # Errors
    /// When there is no thread for it, or the trace cannot be written.
    pub(super) fn host(&self, ui: Arc<dyn Ui>, runtime: &Runtime) -> Result<Host, Report> {
        let vault: Option<Arc<dyn Vault>> = if self.config.auth.keyring { Some(Arc::new(SystemVault)) } else { None };
        self.host_with(ui, runtime, vault)
    }

    /// As [`Setting::host`], for who asks for a password to keep.
    ///
    /// # Errors
    /// As [`Setting::host`].
    pub(super) fn host_without_vault(&self, ui: Arc<dyn Ui>, runtime: &Runtime) -> Result<Host, Report> {
        self.host_with(ui, runtime, None)
    }

    fn host_with(&self, ui: Arc<dyn Ui>, runtime: &Runtime, vault: Option<Arc<dyn Vault>>) -> Result<Host, Report> {
        let mut options = HostOptions::new(ui, runtime.handle().clone());
        options.vault = vault;
        options.policy = self.policy()?;
        options.cache = self.paths.as_ref().filter(|_| !self.global.no_cache).map(Paths::import_cache);
        options.module_folders = self.module_folders();
        Host::new(options).map_err(|error| Report::failed(format!("cannot start the script thread: {error}")))
    }

    /// Prints values as the command line asks for, else as `view` says.
    ///
    /// # Errors
    /// When the output cannot be written; a reader that has left is no failure.
    pub(super) fn show(&self, values: Vec<PsValue>, view: &View) -> Result<ExitCode, Report> {
        match self.terminal().with_pages().show(&mut values.into_iter().map(Ok), view) {
            Ok(()) => Ok(ExitCode::Ok),
            Err(ShowError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::Ok),
            Err(ShowError::Script(error)) => {
                let report =
                    Report { message: error.diagnostic.message, code: ExitCode::Usage, hints: error.diagnostic.hints };
                Err(report)
            }
            Err(error) => Err(Report::failed(error.to_string())),
        }
    }
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> std::process::ExitCode {
    let cli = match Cli::try_parse_from(port::with_out(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { ExitCode::Usage } else { ExitCode::Ok };
            let _ = error.print();
            return code.into();
        }
    };
    let theme = theme(&cli.global, None, std::io::stderr().is_terminal());
    match carry_out(cli) {
        Ok(code) => code.into(),
        Err(report) => {
            say(&report, theme);
            report.code.into()
        }
    }
}

fn carry_out(cli: Cli) -> Result<ExitCode, Report> {
    let paths = Paths::of_user();
    if let Some(Command::Config { action }) = &cli.command {
        // A broken file must not keep anybody from `config path`.
        return print(&config::run(action, paths.as_ref())?);
    }
    let config = match &paths {
        Some(paths) => ConfigFile::at(paths.config_file()).load()?,
        None => Config::default(),
    };
    if matches!(cli.global.output, Some(OutputFormat::Html | OutputFormat::Xlsx))
        && !matches!(cli.command, Some(Command::Task(_)))
    {
        return Err(Report::usage("pages and workbooks are for `exsh task`")
            .hint("in a script, write_html(rows, \"report.html\") and write_xlsx(rows, \"report.xlsx\") make them"));
    }
    let theme = theme(&cli.global, Some(&config), std::io::stderr().is_terminal());
    let setting = Setting { global: cli.global, paths, config, theme };
    let opening = opening(&setting, cli.command.as_ref())?;
    let opening = opening.as_ref();
    let setting = setting.opening(opening);
    match cli.command {
        None if std::io::stdin().is_terminal() => run::prompt(&setting, opening),
        None => run::standard_input(&setting, opening, &RunArgs::default(), &[]),
        Some(Command::Demo | Command::Connect { .. }) => run::prompt(&setting, opening),
        Some(Command::Run(run)) => run::words(&setting, opening, &run),
        Some(Command::File(words)) => run::words(&setting, opening, &RunArgs { words, ..RunArgs::default() }),
        Some(Command::Eval { code }) => run::code(&setting, opening, &code),
        Some(Command::Task(args)) => task::run(&setting, &args),
        Some(Command::Doctor(args)) => doctor::run(&setting, &args),
        Some(Command::Login(args)) => login::login(&setting, &args),
        Some(Command::Logout(args)) => login::logout(&setting, &args),
        Some(Command::Sim(args)) => sim::run(&setting, &args),

        Some(Command::Port(args)) => port::run(&setting, &args),
        Some(Command::Endpoints) => endpoints::run(&setting),
        Some(Command::Cache { action }) => print(&cache::run(action.as_ref(), setting.paths.as_ref())?),
        Some(Command::Inspect(args)) => inspect::run(&setting, &args),
        Some(Command::Trace(args)) => trace::run(&args),
        Some(Command::Definitions { file }) => definitions::run(&setting, opening, file.as_deref()),
        Some(Command::Completions { shell }) => print(&manual::completions(shell)),
        Some(Command::Man { folder }) => manual::pages(folder.as_deref()),
        Some(Command::Config { .. }) => Ok(ExitCode::Ok), // carried out above
    }
}

/// The session that a command opens first.
fn opening(setting: &Setting, command: Option<&Command>) -> Result<Option<Opening>, Report> {
    let name = match command {
        Some(Command::Demo) => return Ok(Some(Opening::demo())),
        Some(Command::Connect { name }) => Some(name),
        Some(Command::Run(run)) => run.connect.as_ref().or(setting.global.profile.as_ref()),
        None | Some(Command::File(_) | Command::Eval { .. } | Command::Definitions { .. }) => {
            setting.global.profile.as_ref()
        }
        Some(_) => None,
    };
    name.map(|name| Opening::of(setting, name)).transpose()
}

/// Writes data to standard output; a reader that has left is no failure.
pub(super) fn print(text: &str) -> Result<ExitCode, Report> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(ExitCode::Ok),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::Ok),
        Err(error) => Err(Report::failed(format!("cannot write the output: {error}"))),
    }
}

/// `error: …` and `hint: …` on standard error.
fn say(report: &Report, theme: Theme) {
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "{} {}", theme.paint(Part::Error, "error:"), report.message);
    for hint in &report.hints {
        let _ = writeln!(err, "{} {hint}", theme.paint(Part::Hint, "hint:"));
    }
}

/// Colours or none: `--color`, then the configuration, then `NO_COLOR` and `CLICOLOR_FORCE`, then whether it is a terminal.
pub(super) fn theme(global: &GlobalArgs, config: Option<&Config>, terminal: bool) -> Theme {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let configured = config.map_or("auto", |config| config.output.color.as_str());
    let colour = match (global.color, configured) {
        (Some(ColorChoice::Always), _) | (None, "always") => true,
        (Some(ColorChoice::Never), _) | (None, "never") => false,
        _ => (terminal || set("CLICOLOR_FORCE")) && !set("NO_COLOR"),
    };
    if colour { Theme::Colour } else { Theme::Plain }
}
