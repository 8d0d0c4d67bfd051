//! `exsh port`: a PowerShell file as a Rhai script to keep.
//!
//! Reads, writes and reports; the translation itself is `port`'s business.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{PortArgs, ReportFormat};
use super::exit::ExitCode;
use super::input;
use super::program::{Setting, print};
use super::report::Report;
use crate::diagnostic::{Diagnostic, Severity};
use crate::port::{self, Kept, Parsed};
use crate::render::diagnostic;
use crate::script::decoded;

/// The words of the command line, where `-o` after `port` is `--out`: elsewhere it is the format of results.
pub(super) fn with_out(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut ports = false;
    words
        .enumerate()
        .map(|(at, word)| {
            if ports && word == "-o" {
                return "--out".into();
            }
            ports |= at > 0 && word == "port";
            word
        })
        .collect()
}

/// Carries out `exsh port`.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn run(setting: &Setting, args: &PortArgs) -> Result<ExitCode, Report> {
    if let Some(code) = &args.explain {
        return explain(code);
    }
    if let Some(file) = &args.as_powershell {
        let (text, name) = read(file)?;
        return match crate::script::as_powershell(&text) {
            Ok(text) => print(&text),
            Err(found) => {
                tell(setting, std::slice::from_ref(&found), &text, &name);
                Ok(ExitCode::Failed)
            }
        };
    }
    let file = args.file.as_deref().ok_or_else(|| Report::usage("which file? `-` reads standard input"))?;
    let (text, name) = read(file)?;
    let parsed = port::parse(&text);
    let kept = port::keep(&text, &parsed, &name);
    let broken: Vec<Diagnostic> = parsed.failures().map(port::ParseError::diagnostic).collect();
    if args.report == Some(ReportFormat::Json) {
        print(&format!("{:#}\n", report(&text, &name, &parsed, &kept)))?;
    } else {
        tell(setting, &broken, &text, &name);
        tell(setting, &kept.diagnostics, &text, &name);
    }
    let writes = broken.is_empty() || args.force;
    if writes && !args.check {
        match &args.out {
            Some(out) => write(out, &kept.text)?,
            None if args.report.is_none() => {
                print(&kept.text)?;
            }
            None => {}
        }
    }
    let fails = !broken.is_empty() || args.check && !kept.is_complete();
    Ok(if fails { ExitCode::Failed } else { ExitCode::Ok })
}

fn explain(code: &str) -> Result<ExitCode, Report> {
    if code == "all" {
        let pages: Vec<String> = port::diagnostic::PAGES.iter().map(port::diagnostic::Page::text).collect();
        return print(&pages.join("\n"));
    }
    match port::diagnostic::page(code) {
        Some(page) => print(&page.text()),
        None => {
            Err(Report::usage(format!("there is no diagnostic {code}"))
                .hint("`exsh port --explain all` prints every page"))
        }
    }
}

fn read(file: &Path) -> Result<(String, String), Report> {
    let text = decoded(&input::bytes(file)?);
    let name = if input::is_standard(file) {
        "<stdin>".into()
    } else {
        file.file_name().unwrap_or_default().to_string_lossy()
    };
    Ok((text, name.into_owned()))
}

/// Writes a file whole or not at all.
fn write(out: &Path, text: &str) -> Result<(), Report> {
    let failed = |error: std::io::Error| Report::failed(format!("cannot write {}: {error}", out.display()));
    let mut beside = out.as_os_str().to_owned();
    beside.push(".part");
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, out));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside); // the failure that matters is reported
    }
    written.map_err(failed)
}

fn tell(setting: &Setting, found: &[Diagnostic], text: &str, name: &str) {
    let shown: String = found.iter().map(|found| diagnostic(found, text, name, setting.theme)).collect();
    let _ = std::io::stderr().lock().write_all(shown.as_bytes()); // nobody is left to tell
}

/// What `--report json` prints.
fn report(text: &str, name: &str, parsed: &Parsed, kept: &Kept) -> Value {
    let errors: Vec<Value> = parsed
        .failures()
        .map(|error| {
            let mut entry = described(&error.diagnostic(), text);
            entry["id"] = error.id.into();
            entry
        })
        .collect();
    let found: Vec<Value> = kept.diagnostics.iter().map(|found| described(found, text)).collect();
    let compiled = crate::script::ps::check(&kept.text);
    json!({
        "file": name,
        "parsed": errors.is_empty(),
        "errors": errors,
        "diagnostics": found,
        "carried_over": errors.is_empty() && kept.is_complete(),
        "unsupported": kept.unsupported(),
        "compiles": compiled.is_ok(),
        "compile_error": compiled.err(),
        "rhai": kept.text,
    })
}

fn described(found: &Diagnostic, text: &str) -> Value {
    let at = found.labels.first().map_or(0, |label| label.span.start);
    let before = text.get(..at).unwrap_or_default();
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    json!({
        "code": found.code,
        "severity": severity,
        "line": before.matches('\n').count() + 1,
        "column": before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
        "message": found.message,
    })
}
