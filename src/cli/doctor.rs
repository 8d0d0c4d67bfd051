//! `exsh doctor`: what stands between this computer and a session, each step with its outcome and what to do.
//!
//! The steps themselves are examined in `remote`.

use std::fmt::Write as _;
use std::sync::Arc;

use super::args::{DoctorArgs, OutputFormat};
use super::exit::ExitCode;
use super::opening::Opening;
use super::program::{Setting, print};
use super::report::Report;
use super::run::{tell, watch_signals};
use super::runtime;
use crate::remote::doctor::{Check, Examination, Finding, Status};
use crate::remote::{ConnectOptions, ConnectionRequest};
use crate::render::{Part, Theme};
use crate::sim::{SimOptions, Simulator};

/// Carries out `exsh doctor`.
///
/// # Errors
/// A name that is no server.
pub(super) fn run(setting: &Setting, args: &DoctorArgs) -> Result<ExitCode, Report> {
    let name = args.name.as_deref().or(setting.global.profile.as_deref()).unwrap_or("demo:");
    let opening = Opening::of(setting, name)?;
    let runtime = runtime::start()?;
    let mut options = ConnectOptions {
        basic_enabled: setting.config.auth.basic,
        allow_unencrypted: setting.config.network.allow_unencrypted,
        trace: setting.trace()?,
        ..ConnectOptions::default()
    };
    opening.settle(&mut options);
    let demo = match opening.uri().starts_with("demo:") {
        true => Some(runtime.block_on(Simulator::start(SimOptions::default()))?),
        false => None,
    };
    let uri = demo.as_ref().map_or(opening.uri(), |demo| demo.url()).to_owned();
    let mut examination = Examination::new(ConnectionRequest { uri, credential: None, options });
    runtime.block_on(examination.examine_way());
    if examination.goes_on() {
        let credential = match &demo {
            Some(_) => Some(crate::secret::Credential::new(SimOptions::ADMIN, SimOptions::PASSWORD.into())),
            None => {
                let terminal = Arc::new(setting.terminal());
                let host = Arc::new(setting.host(terminal.clone(), &runtime)?);
                watch_signals(&runtime, &host, terminal);
                match host.credential(opening.uri(), args.user.as_deref().or(opening.user())) {
                    Ok(credential) => credential,
                    Err(error) => return Ok(tell(setting, &error)),
                }
            }
        };
        if let Some(credential) = credential {
            runtime.block_on(examination.examine_session(credential));
        }
    }
    let findings = examination.findings();
    let code = exit_code(&findings);
    if args.json || matches!(setting.global.output, Some(OutputFormat::Json)) {
        print(&json(&findings))?;
    } else {
        let colours = super::program::theme(&setting.global, Some(&setting.config), super::ui::is_terminal());
        print(&text(&findings, colours))?;
    }
    Ok(code)
}

/// By the first step that failed.
fn exit_code(findings: &[Finding]) -> ExitCode {
    let failed = findings.iter().find(|finding| finding.status == Status::Fail).map(|finding| finding.check);
    match failed {
        None => ExitCode::Ok,
        Some(Check::Name | Check::Port | Check::Tls | Check::Endpoint) => ExitCode::Network,
        Some(Check::SignIn | Check::RemotePowerShell) => ExitCode::SignIn,
        Some(Check::Address | Check::Configuration | Check::Sessions) => ExitCode::Failed,
    }
}

fn text(findings: &[Finding], theme: Theme) -> String {
    let width = Check::ALL.iter().map(|check| check.words().len()).max().unwrap_or(0);
    let mut text = String::new();
    for finding in findings {
        let part = match finding.status {
            Status::Ok => Part::Note,
            Status::Warn => Part::Warning,
            Status::Fail => Part::Error,
            Status::Skipped => Part::Muted,
        };
        let word = theme.paint(part, &format!("{:<7}", finding.status.word()));
        let _ = writeln!(text, "{word}  {:<width$}  {}", finding.check.words(), finding.found); // a string takes all
        for fix in &finding.fixes {
            let _ = writeln!(text, "{:9}{:width$}  {} {fix}", "", "", theme.paint(Part::Hint, "hint:"));
        }
    }
    text
}

fn json(findings: &[Finding]) -> String {
    let finding = |finding: &Finding| {
        serde_json::json!({
            "check": finding.check.words(),
            "status": finding.status.word(),
            "found": finding.found,
            "hints": finding.fixes,
        })
    };
    let all: Vec<serde_json::Value> = findings.iter().map(finding).collect();
    format!("{:#}\n", serde_json::Value::from(all))
}
