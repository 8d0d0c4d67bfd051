//! `exsh run FILE.ps1`: a PowerShell script, carried over in memory and run.
//!
//! What its statements mean is decided in `script::ps`; here are its surroundings: folder, clock, answers.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::RunArgs;
use super::exit::ExitCode;
use super::program::Setting;
use super::report::Report;
use crate::catalog::bind::parse_date;
use crate::clixml::{DateTimeKind, PsDateTime};
use crate::script::ps::{Canned, Ended, Outcome, RunOptions, V, run_source};

/// Deep scripts need a deep stack.
const STACK_BYTES: usize = 256 << 20;

/// Whether the file is a PowerShell script by its name.
pub(super) fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ps1"))
}

/// Runs the script at `path`.
pub(super) fn run(setting: &Setting, args: &RunArgs, path: &Path, words: &[String]) -> Result<ExitCode, Report> {
    let bytes =
        std::fs::read(path).map_err(|error| Report::failed(format!("cannot read '{}': {error}", path.display())))?;
    let text = String::from_utf8_lossy(&bytes);
    let source = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    let canned = match &args.objects {
        Some(file) => Some(Arc::new(objects(file)?)),
        None => None,
    };
    let options = options(setting, args, path, words, canned.clone())?;
    let outcome = std::thread::Builder::new()
        .name("powershell".into())
        .stack_size(STACK_BYTES)
        .spawn(move || run_source(&source, options))
        .map_err(|error| Report::failed(format!("no thread for the script: {error}")))?
        .join()
        .unwrap_or_else(|_| Outcome { ended: Ended::Stopped("exsh itself failed while it ran the script".to_owned()) });
    if let (Some(canned), Some(file)) = (&canned, &args.record) {
        let lines: String = canned.calls().iter().map(|call| format!("{call}\n")).collect();
        std::fs::write(file, lines)
            .map_err(|error| Report::failed(format!("cannot write '{}': {error}", file.display())))?;
    }
    Ok(match u8::try_from(outcome.exit_code() & 0xff) {
        Ok(0) => ExitCode::Ok,
        Ok(code) => ExitCode::Script(code),
        Err(_) => ExitCode::Failed,
    })
}

fn objects(file: &Path) -> Result<Canned, Report> {
    let bad = |reason: String| Report::failed(format!("cannot use '{}': {reason}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| bad(error.to_string()))?;
    let document = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    Canned::new(&document).map_err(bad)
}

fn options(
    setting: &Setting,
    args: &RunArgs,
    path: &Path,
    words: &[String],
    canned: Option<Arc<Canned>>,
) -> Result<RunOptions, Report> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let folder: PathBuf = match &args.sandbox {
        Some(sandbox) => absolute(sandbox),
        None => std::env::current_dir().map_err(|error| Report::failed(format!("no current folder: {error}")))?,
    };
    let offset_minutes = args.time_zone.as_deref().map_or(Ok(0), offset)?;
    let now = match &args.now {
        None => None,
        Some(text) => {
            let plain = text.strip_suffix('Z').unwrap_or(text);
            let date =
                parse_date(plain, None, offset_minutes).ok_or_else(|| Report::usage(format!("'{text}' is no time")))?;
            Some(PsDateTime { kind: DateTimeKind::Local { offset_minutes }, ..date })
        }
    };
    let mut answers = String::new();
    if args.sandbox.is_some() && !std::io::stdin().is_terminal() {
        let _ = std::io::stdin().read_to_string(&mut answers); // without answers, prompts fail
    }
    Ok(RunOptions {
        sandbox: args.sandbox.as_deref().map(absolute),
        folder,
        script: Some(absolute(path)),
        now,
        offset_minutes,
        arguments: words.iter().map(|word| argument(word)).collect(),
        answers: answers.lines().map(str::to_owned).collect(),
        deadline: None,
        windows_aliases: canned.is_some(),
        exchange: canned.map(|canned| canned as Arc<dyn crate::script::ps::Exchange>),
        console: Arc::new(setting.terminal()),
        width: super::ui::width(),
    })
}

/// A word of the command line: `-Name` is a parameter, all else a value.
fn argument(word: &str) -> V {
    match word.strip_prefix('-') {
        Some(name) if name.starts_with(|c: char| c.is_alphabetic()) => V::Param(name.into(), false),
        _ => V::from(word),
    }
}

/// Minutes ahead of UTC: `UTC`, `+02:00`, or a name of the time zone database.
fn offset(zone: &str) -> Result<i16, Report> {
    if zone.eq_ignore_ascii_case("utc") {
        return Ok(0);
    }
    let signed = zone.strip_prefix('+').map(|rest| (1, rest)).or_else(|| zone.strip_prefix('-').map(|rest| (-1, rest)));
    if let Some((sign, rest)) = signed
        && let Some((hours, minutes)) = rest.split_once(':')
        && let (Ok(hours), Ok(minutes)) = (hours.parse::<i16>(), minutes.parse::<i16>())
    {
        return Ok(sign * (hours * 60 + minutes));
    }
    let zone = jiff::tz::TimeZone::get(zone).map_err(|_| Report::usage(format!("'{zone}' is no time zone")))?;
    let seconds = zone.to_offset(jiff::Timestamp::now()).seconds();
    Ok(i16::try_from(seconds / 60).unwrap_or(0))
}
