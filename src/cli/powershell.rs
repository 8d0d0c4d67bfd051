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
use jiff::tz::TimeZone;

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
    let zone = zone(args.time_zone.as_deref())?;
    let now = args.now.as_deref().map(|text| moment(text, &zone)).transpose()?;
    let mut answers = String::new();
    if args.sandbox.is_some() && !std::io::stdin().is_terminal() {
        let _ = std::io::stdin().read_to_string(&mut answers); // without answers, prompts fail
    }
    Ok(RunOptions {
        sandbox: args.sandbox.as_deref().map(absolute),
        script: path.map(absolute),
        now,
        zone,
        arguments: words.iter().map(|word| argument(word)).collect(),
        answers: answers.lines().map(str::to_owned).collect(),
        width: super::ui::width(),
        colours: super::ui::is_terminal(),
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

/// `UTC`, `+02:00`, or a name of the time zone database; else this computer's zone.
fn zone(name: Option<&str>) -> Result<TimeZone, Report> {
    let Some(name) = name else { return Ok(TimeZone::system()) };
    if name.eq_ignore_ascii_case("utc") {
        return Ok(TimeZone::UTC);
    }
    let signed = name.strip_prefix('+').map(|rest| (1, rest)).or_else(|| name.strip_prefix('-').map(|rest| (-1, rest)));
    if let Some((sign, rest)) = signed
        && let Some((hours, minutes)) = rest.split_once(':')
        && let (Ok(hours @ 0..=14), Ok(minutes @ 0..60)) = (hours.parse::<i32>(), minutes.parse::<i32>())
        && let Ok(offset) = jiff::tz::Offset::from_seconds(sign * (hours * 60 + minutes) * 60)
    {
        return Ok(TimeZone::fixed(offset));
    }
    TimeZone::get(name).map_err(|_| Report::usage(format!("'{name}' is no time zone")))
}

/// The time that `--now` means, on the clock of the zone; a text with an offset of its own is turned into it.
fn moment(text: &str, zone: &TimeZone) -> Result<PsDateTime, Report> {
    let date = parse_date(text, None, 0).ok_or_else(|| Report::usage(format!("'{text}' is no time")))?;
    let plain = PsDateTime { kind: DateTimeKind::Unspecified, ..date };
    let civil: jiff::civil::DateTime =
        plain.to_string().parse().map_err(|_| Report::usage(format!("'{text}' is no time")))?;
    let placed = !matches!(date.kind, DateTimeKind::Unspecified);
    let timestamp = if placed { TimeZone::UTC.to_timestamp(civil) } else { zone.to_timestamp(civil) };
    let seconds = timestamp.map_or(0, |moment| zone.to_offset(moment).seconds());
    let kind = DateTimeKind::Local { offset_minutes: i16::try_from(seconds / 60).unwrap_or(0) };
    let ahead = if placed { i64::from(seconds) * PsDateTime::TICKS_PER_SECOND } else { 0 };
    Ok(PsDateTime { ticks: date.ticks + ahead, kind })
}
