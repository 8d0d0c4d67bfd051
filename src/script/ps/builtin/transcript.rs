//! `Start-Transcript` and `Stop-Transcript`: what the console shows, in a file.
//!
//! Noting the text is the business of `console`; the file gets it when the transcript stops or the script ends.

use std::sync::Mutex;

use super::super::dotnet::calendar::stamp;
use super::super::fault::Res;
use super::super::files::{resolve, shown, write};
use super::super::state::{Cx, Rt};
use super::super::value::{Obj, V};
use super::{Builtin, Ctx, Memory, each};

pub(super) const COMMANDS: &[Builtin] = &[each("Start-Transcript", start), each("Stop-Transcript", stop)];

const LINE: &str = "**********************\n";

fn start(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let now = super::super::dates::now(cx.rt);
    let path = c.bound.text("Path").or_else(|| c.bound.text("LiteralPath"));
    let path = path.unwrap_or_else(|| format!("PowerShell_transcript.{}.txt", stamp(now)));
    if cx.rt.transcript.runs() {
        let _ = finish(cx); // one at a time here; the earlier one is complete
    }
    let target = resolve(cx, &path);
    if c.bound.flag("NoClobber") && target.exists() && !c.bound.flag("Append") {
        let message =
            format!("Transcription cannot be started: file {path} already exists and -NoClobber was specified.");
        return c.problem("NoClobber", "ResourceExists", message).exception("System.IO.IOException").err();
    }
    if !c.bound.flag("Append") {
        write(cx, &path, b"", false).map_err(|problem| problem.fault())?;
    }
    let name = cx.rt.options.script.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    let opening = format!("{LINE}transcript start\nstart time: {}\nscript: {name}\n{LINE}", stamp(now));
    cx.rt.transcript.start(&shown(cx.rt, &target), &opening);
    let text = format!("Transcript started, output file is {path}");
    let line = Obj::new("System.String", [("Path", V::from(path.as_str()))]).with_base(V::from(text.as_str()));
    c.push(cx, V::Obj(line.with_text(&text)))
}

fn stop(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    match finish(cx)? {
        Some(path) => {
            let text = format!("Transcript stopped, output file is {path}");
            let line = Obj::new("System.String", [("Path", V::from(path.as_str()))]).with_base(V::from(text.as_str()));
            c.push(cx, V::Obj(line.with_text(&text)))
        }
        None => {
            let message = "An error occurred stopping transcription: The host is not currently transcribing.";
            c.problem("InvalidOperation", "InvalidOperation", message)
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err()
        }
    }
}

/// Writes down what is held back and what was noted; the path, if a transcript ran.
fn finish(cx: Cx<'_>) -> Res<Option<String>> {
    let rest = cx.rt.display.end();
    if !rest.is_empty() {
        cx.rt.options.console.out(&rest);
    }
    let Some((path, text)) = cx.rt.transcript.stop() else { return Ok(None) };
    let end = format!("{LINE}transcript end\nend time: {}\n{LINE}", stamp(super::super::dates::now(cx.rt)));
    write(cx, &path, format!("{text}{end}").as_bytes(), true).map_err(|problem| problem.fault())?;
    Ok(Some(path))
}

/// Writes what a transcript holds at the end of a script that did not stop it.
pub(in crate::script::ps) fn end(rt: &Rt) {
    if let Some((path, text)) = rt.transcript.stop() {
        super::super::files::append_line(rt, &path, text.trim_end_matches('\n'));
    }
}
