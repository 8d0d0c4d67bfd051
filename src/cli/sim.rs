//! `exsh sim`: serves a simulated organization until interrupted.
//!
//! The first line on standard output is the URL, the last one the counters as JSON, for programs that start it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::args::{OutputFormat, SimArgs};
use super::exit::ExitCode;
use super::program::Setting;
use super::report::Report;
use super::runtime::{self, Signals};
use crate::sim::canned::CannedObjects;
use crate::sim::{CmdletCoverage, FaultPlan, Release, SimError, SimOptions, SimUser, Simulator, Size, coverage};

impl From<SimError> for Report {
    fn from(error: SimError) -> Self {
        let message = error.to_string();
        match error {
            SimError::Listen { .. } => Self { code: ExitCode::Network, ..Self::failed(message) }
                .hint("port 0 takes a free port: --listen 127.0.0.1:0"),
            SimError::FaultPlan { .. } | SimError::User { .. } => Self::usage(message),
            SimError::Certificate { .. } => Self::failed(message),
        }
    }
}

/// Carries out `exsh sim`.
///
/// # Errors
/// Options that cannot be read, or an address that cannot be had.
pub(super) fn run(setting: &Setting, args: &SimArgs) -> Result<ExitCode, Report> {
    let options = options(args)?;
    if args.coverage {
        return Ok(cover(setting, &options));
    }
    let runtime = runtime::start()?;
    if args.stdio {
        let served = runtime.block_on(Simulator::serve_pipes(options, tokio::io::stdin(), tokio::io::stdout()));
        // Reading standard input cannot be given up; the process ends without waiting for it.
        runtime.shutdown_background();
        return served.map(|_| ExitCode::Ok).map_err(|error| Report::failed(format!("the client was lost: {error}")));
    }
    runtime.block_on(async {
        // Before anybody knows of us: who starts us may end us as soon as the address is out.
        let mut signals = Signals::listen();
        let handle = Simulator::start(options).await?;
        let _ = announce(handle.url());
        if setting.global.verbose > 0
            && let Some(pem) = handle.certificate_pem()
        {
            let _ = std::io::stderr().write_all(pem.as_bytes());
        }
        signals.next().await;
        let counters = handle.shutdown().await;
        let _ = announce(&serde_json::to_string(&counters).unwrap_or_default());
        Ok(ExitCode::Ok)
    })
}

/// Prints the coverage table: cmdlet, parameters with an effect of all documented ones, those without, what else differs.
fn cover(setting: &Setting, options: &SimOptions) -> ExitCode {
    let rows = coverage(options.release);
    let text = match setting.global.output {
        Some(OutputFormat::Json) => serde_json::to_string_pretty(&rows).unwrap_or_default(),
        _ => table(&rows),
    };
    match announce(&text) {
        Ok(()) => ExitCode::Ok,
        Err(_) => ExitCode::Failed,
    }
}

fn table(rows: &[CmdletCoverage]) -> String {
    let all = |row: &CmdletCoverage| row.handled.len() + row.without_effect.len() + row.missing.len();
    let (handled, documented) =
        rows.iter().fold((0, 0), |(handled, documented), row| (handled + row.handled.len(), documented + all(row)));
    let joined = |names: &[String]| if names.is_empty() { "-".to_owned() } else { names.join(" ") };
    let mut text =
        String::from("| cmdlet | parameters | without effect | missing | differs |\n|---|---|---|---|---|\n");
    for row in rows {
        let (idle, missing) = (joined(&row.without_effect), joined(&row.missing));
        let count = row.handled.len();
        let _ = writeln!(text, "| {} | {count} of {} | {idle} | {missing} | {} |", row.cmdlet, all(row), row.differs);
    }
    let _ = write!(text, "\n{} cmdlets, {handled} of {documented} documented parameters", rows.len());
    text
}

/// One line for whoever started us, at once.
fn announce(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn options(args: &SimArgs) -> Result<SimOptions, Report> {
    let size = Size::from_name(&args.size)
        .ok_or_else(|| Report::usage(format!("there is no size `{}`", args.size)).hint("demo, office or company"))?;
    let mut options = SimOptions {
        listen: args.listen,
        mailboxes: args.mailboxes.unwrap_or(size.mailboxes()),
        size,
        seed: args.seed,
        redirect: args.redirect,
        tls: args.tls,
        ..SimOptions::default()
    };
    if let Some(milliseconds) = args.receive_wait {
        options.receive_wait = Duration::from_millis(milliseconds);
    }
    if let Some(sessions) = args.sessions_per_user {
        options.sessions_per_user = sessions;
    }
    if let Some(seconds) = args.idle_timeout {
        options.idle_timeout = Duration::from_secs(seconds);
    }
    for user in &args.user {
        options.users.push(SimUser::parse(user)?);
    }
    if let Some(name) = &args.release {
        options.release = Release::from_name(name)
            .ok_or_else(|| Report::usage(format!("there is no release `{name}`")).hint("2016, se or online"))?;
    }
    if let Some(file) = &args.objects {
        options.canned = Some(Arc::new(objects(file, args.record.as_deref())?));
    }
    if !args.fault.is_empty() {
        options.faults = FaultPlan::parse(&args.fault.join(","))?;
    }
    Ok(options)
}

/// Canned objects, whose calls are written to `record`. The file is opened for each call, so that who reads it may
/// empty or move it while we run.
fn objects(file: &Path, record: Option<&Path>) -> Result<CannedObjects, Report> {
    let bad = |reason: String| Report::failed(format!("cannot use '{}': {reason}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| bad(error.to_string()))?;
    let document = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    let objects = CannedObjects::new(&document).map_err(|reason| bad(reason.to_owned()))?;
    let Some(record) = record else { return Ok(objects) };
    std::fs::write(record, "")
        .map_err(|error| Report::failed(format!("cannot write '{}': {error}", record.display())))?;
    let record = record.to_path_buf();
    let one_at_a_time = Mutex::new(());
    Ok(objects.with_log(Arc::new(move |call| {
        let _guard = one_at_a_time.lock();
        let line = format!("{call}\n");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&record);
        if let Err(error) = file.and_then(|mut file| file.write_all(line.as_bytes())) {
            tracing::error!("cannot write '{}': {error}", record.display());
        }
    })))
}
