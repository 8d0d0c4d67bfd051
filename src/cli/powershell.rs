//! `exsh run FILE.ps1`: a PowerShell script, carried over in memory and run.
//!
//! What its statements mean is decided in `script::ps`; here are its surroundings: folder, clock, answers.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::RunArgs;
use super::exit::ExitCode;
use super::opening::Opening;
use super::program::Setting;
use super::report::Report;
use super::run::hosted;
use super::ui::Terminal;
use crate::catalog::bind::parse_date;
use crate::clixml::{DateTimeKind, PsDateTime};
use crate::script::decoded;
use crate::script::ps::{Ended, RunOptions, V};

/// Whether the file is a PowerShell script by its name, or a ported one by what it imports.
pub(super) fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ps1"))
        || std::fs::read(path).is_ok_and(|bytes| crate::script::ps::wants(&String::from_utf8_lossy(&bytes)))
}

/// Our options that stand behind the file: PowerShell's own parameters have one hyphen, so two can only mean us.
///
/// # Errors
/// When one of them lacks its value.
pub(super) fn own_options(run: &RunArgs, words: &[String]) -> Result<(RunArgs, Vec<String>), Report> {
    let mut run = run.clone();
    let mut rest = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            rest.extend(words.cloned());
            break;
        }
        let (name, value) =
            word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value.to_owned())));
        if !matches!(name, "--sandbox" | "--now" | "--time-zone" | "--connect") {
            rest.push(word.clone());
            continue;
        }
        let value = value.or_else(|| words.next().cloned());
        let value = value.ok_or_else(|| Report::usage(format!("{name} needs a value")))?;
        match name {
            "--sandbox" => run.sandbox = Some(value.into()),
            "--now" => run.now = Some(value),
            "--time-zone" => run.time_zone = Some(value),
            _ => run.connect = Some(value),
        }
    }
    Ok((run, rest))
}

/// Runs the script at `path`.
pub(super) fn run(
    setting: &Setting,
    opening: Option<&Opening>,
    args: &RunArgs,
    path: &Path,
    words: &[String],
) -> Result<ExitCode, Report> {
    let bytes =
        std::fs::read(path).map_err(|error| Report::failed(format!("cannot read '{}': {error}", path.display())))?;
    setting.config.script_rules().admit(path, &bytes)?;
    text(setting, opening, args, Some(path), &decoded(&bytes), words)
}

/// Runs PowerShell or ported text; `path` is the file it is from, if any.
pub(super) fn text(
    setting: &Setting,
    opening: Option<&Opening>,
    args: &RunArgs,
    path: Option<&Path>,
    source: &str,
    words: &[String],
) -> Result<ExitCode, Report> {
    let own = args.connect.as_deref().map(|name| Opening::of(setting, name)).transpose()?;
    let opening = own.as_ref().or(opening);
    let setting = &setting.opening(opening);
    let terminal = Arc::new(setting.terminal());
    let mut options = options(args, path, words, terminal.clone())?;
    options.windows_aliases |= opening.is_some();
    hosted(setting, terminal, |host| {
        if let Some(opening) = opening {
            let _ = host.eval(&opening.session())?;
        }
        let outcome = host.run_powershell(source, options)?;
        if let Ended::Stopped(_) = outcome.ended {
            return Ok(ExitCode::Interrupted);
        }
        Ok(match u8::try_from(outcome.exit_code() & 0xff) {
            Ok(0) => ExitCode::Ok,
            Ok(code) => ExitCode::Script(code),
            Err(_) => ExitCode::Failed,
        })
    })
}

fn options(
    args: &RunArgs,
    path: Option<&Path>,
    words: &[String],
    terminal: Arc<Terminal>,
) -> Result<RunOptions, Report> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let folder: PathBuf = match &args.sandbox {
        Some(sandbox) => {
            let failed = |error| Report::failed(format!("cannot make '{}': {error}", sandbox.display()));
            std::fs::create_dir_all(sandbox).map_err(failed)?;
            absolute(sandbox)
        }
        None => std::env::current_dir().map_err(|error| Report::failed(format!("no current folder: {error}")))?,
    };
    let given = args.now.as_deref();
    let read = |text: &str, offset| {
        parse_date(text, None, offset).ok_or_else(|| Report::usage(format!("'{text}' is no time")))
    };
    let moment = given.map(|text| read(text, 0).map(timestamp)).transpose()?.unwrap_or_else(jiff::Timestamp::now);
    let offset_minutes = offset(args.time_zone.as_deref(), moment)?;
    let kind = DateTimeKind::Local { offset_minutes };
    let now = given.map(|text| read(text, offset_minutes).map(|date| PsDateTime { kind, ..date })).transpose()?;
    let mut answers = String::new();
    if args.sandbox.is_some() && !std::io::stdin().is_terminal() {
        let _ = std::io::stdin().read_to_string(&mut answers); // without answers, prompts fail
    }
    Ok(RunOptions {
        sandbox: args.sandbox.as_deref().map(absolute),
        script: path.map(absolute),
        now,
        offset_minutes,
        arguments: words.iter().map(|word| argument(word)).collect(),
        answers: answers.lines().map(str::to_owned).collect(),
        width: super::ui::width(),
        ..RunOptions::in_folder(folder, terminal)
    })
}

/// A word of the command line: `-Name` is a parameter, all else a value.
fn argument(word: &str) -> V {
    match word.strip_prefix('-') {
        Some(name) if name.starts_with(|c: char| c.is_alphabetic()) => V::Param(name.into(), false),
        _ => V::from(word),
    }
}

/// Minutes ahead of UTC at this moment: `UTC`, `+02:00`, or a name of the time zone database; else this computer's zone.
fn offset(zone: Option<&str>, moment: jiff::Timestamp) -> Result<i16, Report> {
    let zone = match zone {
        None => jiff::tz::TimeZone::system(),
        Some(zone) if zone.eq_ignore_ascii_case("utc") => jiff::tz::TimeZone::UTC,
        Some(zone) => {
            let signed =
                zone.strip_prefix('+').map(|rest| (1, rest)).or_else(|| zone.strip_prefix('-').map(|rest| (-1, rest)));
            if let Some((sign, rest)) = signed
                && let Some((hours, minutes)) = rest.split_once(':')
                && let (Ok(hours @ 0..=14), Ok(minutes @ 0..60)) = (hours.parse::<i16>(), minutes.parse::<i16>())
            {
                return Ok(sign * (hours * 60 + minutes));
            }
            jiff::tz::TimeZone::get(zone).map_err(|_| Report::usage(format!("'{zone}' is no time zone")))?
        }
    };
    Ok(i16::try_from(zone.to_offset(moment).seconds() / 60).unwrap_or(0))
}

/// A date as a moment, taken for UTC.
fn timestamp(date: PsDateTime) -> jiff::Timestamp {
    let plain = PsDateTime { kind: DateTimeKind::Unspecified, ..date };
    format!("{plain}Z").parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}
