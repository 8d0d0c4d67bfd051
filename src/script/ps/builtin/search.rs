//! `Select-String`: lines that match, in the pipeline and in files.
//!
//! Patterns are compiled in `regexes`.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V, lock};
use super::{Builtin, Ctx, Memory, edges};

pub(super) const COMMANDS: &[Builtin] = &[edges("Select-String", None, select_string, piped_with_context)];

fn select_string(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let mut sources: Vec<(String, Vec<V>)> = Vec::new();
    if let Some(V::Str(line)) = &input
        && c.bound.has("Context")
    {
        // What stands after a line comes later.
        lock(memory).values.push(V::Str(line.clone()));
        return Ok(());
    }
    if let Some(item) = input.or_else(|| c.bound.get("InputObject").cloned()) {
        if let V::Obj(object) = &item
            && object.is("System.IO.FileInfo")
        {
            let path = to_string(&object.note("FullName").unwrap_or_default());
            sources.push((path.clone(), super::super::files::lines(cx, &path)?));
        } else {
            sources.push(("InputStream".to_owned(), item.unrolled()));
        }
    }
    for path in c.bound.texts("Path").into_iter().chain(c.bound.texts("LiteralPath")) {
        for path in super::files::expanded(cx, &path) {
            if !super::super::files::resolve(cx, &path).exists() {
                return super::files::missing(cx, c, &path).err();
            }
            sources.push((path.clone(), super::super::files::lines(cx, &path)?));
        }
    }
    let simple = c.bound.flag("SimpleMatch");
    for (path, lines) in sources {
        for (index, line) in lines.iter().enumerate() {
            let text = interpolated(line);
            let at = if path == "InputStream" {
                lock(memory).count += 1;
                lock(memory).count
            } else {
                index + 1
            };
            let place = Place { path: &path, line: at, index, lines: &lines };
            let matched = string_match(cx, c, memory, &text, &place, simple)?;
            if matched && c.bound.flag("List") && path != "InputStream" {
                break; // one of a file is enough
            }
        }
    }
    Ok(())
}

/// Piped lines, when all are there, so that each has its neighbours.
fn piped_with_context(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>) -> Res<()> {
    let lines = std::mem::take(&mut lock(memory).values);
    for (index, line) in lines.iter().enumerate() {
        let place = Place { path: "InputStream", line: index + 1, index, lines: &lines };
        string_match(cx, c, memory, &interpolated(line), &place, c.bound.flag("SimpleMatch"))?;
    }
    Ok(())
}

/// Where a line stands.
struct Place<'a> {
    path: &'a str,
    line: usize,
    index: usize,
    lines: &'a [V],
}

/// The lines around a match, as `-Context` asks for them: before and after.
fn context(c: &Ctx<'_>, place: &Place<'_>) -> Option<(Vec<String>, Vec<String>)> {
    let given: Vec<usize> = c
        .bound
        .list("Context")
        .iter()
        .filter_map(|value| super::super::number::plain(value)?.long().and_then(|n| usize::try_from(n).ok()))
        .collect();
    let (before, after) = (*given.first()?, given.get(1).or(given.first()).copied()?);
    let shown = |lines: &[V]| lines.iter().map(interpolated).collect::<Vec<_>>();
    let start = place.index.saturating_sub(before);
    let end = (place.index + 1 + after).min(place.lines.len());
    Some((shown(place.lines.get(start..place.index)?), shown(place.lines.get(place.index + 1..end)?)))
}

fn string_match(
    cx: Cx<'_>,
    c: &Ctx<'_>,
    memory: &Mutex<Memory>,
    text: &str,
    place: &Place<'_>,
    simple: bool,
) -> Res<bool> {
    let (path, line) = (place.path, place.line);
    let mut found = Vec::new();
    let mut pattern = String::new();
    for wanted in c.bound.texts("Pattern") {
        let expression = if simple { regex::escape(&wanted) } else { wanted.clone() };
        let compiled = super::super::regexes::compile(&expression, !c.bound.flag("CaseSensitive")).or_else(|_| {
            let reason = super::super::regex_error::message(&wanted);
            let message = format!("The string {wanted} is not a valid regular expression: {reason}");
            c.problem("InvalidRegex", "InvalidArgument", message).exception("System.ArgumentException").err()
        })?;
        found = super::super::regexes::all_matches(&compiled, text)?;
        pattern = wanted;
        if !found.is_empty() {
            break;
        }
    }
    if found.is_empty() != c.bound.flag("NotMatch") {
        return Ok(false);
    }
    if c.bound.flag("Quiet") {
        if !std::mem::replace(&mut lock(memory).flag, true) {
            c.push(cx, V::Bool(true))?;
        }
        return Ok(true);
    }
    if !c.bound.flag("AllMatches") {
        found.truncate(1);
    }
    let full = super::super::files::shown(cx.rt, &super::super::files::resolve(cx, path));
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let relative = full.strip_prefix(&format!("{}/", super::super::files::shown_folder(cx.rt))).unwrap_or(&full);
    let labelled = |line: usize, text: &str| {
        if path == "InputStream" { text.to_owned() } else { format!("{relative}:{line}:{text}") }
    };
    let around = context(c, place);
    let mut shown = labelled(line, text);
    if let Some((before, after)) = &around {
        let mut lines = Vec::new();
        for (at, text) in before.iter().enumerate() {
            lines.push(format!("  {}", labelled(line - before.len() + at, text)));
        }
        lines.push(format!("> {shown}"));
        for (at, text) in after.iter().enumerate() {
            lines.push(format!("  {}", labelled(line + 1 + at, text)));
        }
        shown = lines.join("\n");
    }
    let texts = |lines: &[String]| V::array(lines.iter().map(|line| V::from(line.as_str())).collect());
    let around = around.map_or(V::Null, |(before, after)| {
        V::Obj(Obj::new(
            "Microsoft.PowerShell.Commands.MatchInfoContext",
            [("PreContext", texts(&before)), ("PostContext", texts(&after))],
        ))
    });
    let object = Obj::new(
        "Microsoft.PowerShell.Commands.MatchInfo",
        [
            ("IgnoreCase", V::Bool(!c.bound.flag("CaseSensitive"))),
            ("LineNumber", V::count(line)),
            ("Line", V::from(text)),
            ("Filename", V::from(name)),
            ("Path", V::from(if path == "InputStream" { path } else { &full })),
            ("Pattern", V::from(pattern)),
            ("Context", around),
            ("Matches", V::array(found)),
            ("__computedLine", V::from(shown.as_str())),
        ],
    );
    c.push(cx, if c.bound.flag("Raw") { V::from(text) } else { V::Obj(object.with_text(&shown)) })?;
    Ok(true)
}
