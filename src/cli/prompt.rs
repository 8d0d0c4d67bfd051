//! The prompt as a program: a host whose messages go above the line, signals, and no session left behind.
//!
//! What the prompt can do is `repl`'s business.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clap::ValueEnum as _;

use super::args::OutputFormat;
use super::exit::ExitCode;
use super::opening::Opening;
use super::program::Setting;
use super::report::Report;
use super::run::{CLOSE_DEADLINE, quit};
use super::runtime::{self, Signal, Signals};
use super::ui::{Mode, Terminal};
use crate::config::Paths;
use crate::remote::SessionInfo;
use crate::repl::{self, Accent, Connect, First, PromptOptions, Refusal, Screen};
use crate::script::{Host, HostOptions, Ui};

/// Runs the prompt, with a session opened and imported first.
///
/// # Errors
/// When the terminal cannot be read.
pub(super) fn run(setting: &Setting, opening: Option<&Opening>) -> Result<ExitCode, Report> {
    let runtime = runtime::start()?;
    let terminal = Arc::new(setting.terminal().for_prompt());
    let screen = Arc::new(Screen::new(terminal.clone()));
    let host = Arc::new(setting.host(screen.clone(), &runtime)?);
    let interrupts = Arc::new(AtomicU32::new(0));
    watch_signals(&runtime, &host, &terminal, interrupts.clone());
    let screen_of_host: Arc<dyn Ui> = screen.clone();
    let options = PromptOptions {
        screen,
        history_file: setting.paths.as_ref().map(Paths::history_file),
        theme: setting.theme,
        is_verbose: setting.global.verbose > 0,
        accent: accent(setting),
        connect: connect(setting),
        profiles: setting.config.profiles.keys().cloned().collect(),
        demo: demo(setting, &screen_of_host, &runtime),
        set_output: Arc::new(move |form| match (form, OutputFormat::from_str(form, true)) {
            ("auto", _) => {
                terminal.set_output(None);
                true
            }
            (_, Ok(OutputFormat::Html | OutputFormat::Xlsx) | Err(_)) => false,
            (_, Ok(form)) => {
                terminal.set_output(Some(form));
                true
            }
        }),
        before_input: Arc::new(move || interrupts.store(0, Ordering::SeqCst)),
        module_folders: setting.module_folders(),
        first: opening.map(|opening| First {
            code: opening.code(),
            told: opening.told(),
            is_demo: opening.is_demo(),
            hint_on_refusal: format!("`exsh login {}` keeps another password in the keyring", opening.name),
        }),
    };
    let left = repl::run(&host, &options);
    host.close_all_sessions(CLOSE_DEADLINE);
    match left {
        Ok(0) => Ok(ExitCode::Ok),
        Ok(code) => Ok(ExitCode::Script(code)),
        Err(error) => Err(Report::failed(format!("cannot read from the terminal: {error}"))),
    }
}

/// Sessions to a profile's server have the profile's colour, however they were opened.
fn accent(setting: &Setting) -> Accent {
    let profiles = setting.config.profiles.clone();
    let same = |a: &str, b: &str| a.trim_end_matches('/').eq_ignore_ascii_case(b.trim_end_matches('/'));
    Arc::new(move |session: &SessionInfo| {
        let by_address = profiles.values().find(|profile| same(&profile.uri, &session.uri));
        let profile = profiles.get(&session.name).or(by_address)?;
        profile.color
    })
}

/// What `:connect` runs; what a profile forbids is settled when exsh starts.
fn connect(setting: &Setting) -> Connect {
    let setting = setting.clone();
    Arc::new(move |name| {
        let opening = Opening::of(&setting, name)
            .map_err(|report| Refusal { sentence: report.message, hint: report.hints.into_iter().next() })?;
        if opening.is_read_only() && !setting.global.read_only {
            return Err(Refusal {
                sentence: format!("the profile `{name}` refuses changes, and this prompt does not"),
                hint: Some(format!("`exsh connect {name}` opens a prompt that does")),
            });
        }
        Ok(opening.code_beside())
    })
}

/// Starts hosts for examples: on the same terminal, under no rules, for nothing real is within their reach.
fn demo(
    setting: &Setting,
    ui: &Arc<dyn Ui>,
    runtime: &tokio::runtime::Runtime,
) -> Arc<dyn Fn() -> std::io::Result<Host> + Send + Sync> {
    let (ui, runtime, folders) = (ui.clone(), runtime.handle().clone(), setting.module_folders());
    Arc::new(move || {
        let mut options = HostOptions::new(ui.clone(), runtime.clone());
        options.module_folders.clone_from(&folders);
        Host::new(options)
    })
}

/// Ctrl-C stops what runs and keeps the prompt; pressed again before that has ended, it ends the process. Any other
/// signal removes the sessions and ends the process.
fn watch_signals(
    runtime: &tokio::runtime::Runtime,
    host: &Arc<Host>,
    terminal: &Arc<Terminal>,
    interrupts: Arc<AtomicU32>,
) {
    let terminal = terminal.clone();
    let host = Arc::downgrade(host);
    let mode = Mode::now();
    let _guard = runtime.enter();
    let mut signals = Signals::listen();
    runtime.spawn(async move {
        loop {
            let signal = signals.next().await;
            let Some(host) = host.upgrade() else { quit() };
            if signal == Signal::Interrupt && terminal.is_paging() {
                continue; // the key was for the pager
            }
            host.interrupt();
            terminal.interrupt();
            if signal == Signal::Terminate {
                let mode = mode.clone();
                std::thread::spawn(move || {
                    host.close_all_sessions(CLOSE_DEADLINE);
                    mode.restore();
                    quit();
                });
            } else if interrupts.fetch_add(1, Ordering::SeqCst) > 0 {
                quit();
            }
        }
    });
}
