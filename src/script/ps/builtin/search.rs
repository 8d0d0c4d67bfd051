//! `Select-String`: lines that match, in the pipeline and in files.
//!
//! Patterns are compiled in `regexes`.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V, lock};
use super::{Builtin, Ctx, Memory, each};

pub(super) const COMMANDS: &[Builtin] = &[each(
    "Select-String",
    "Pattern@0 Path@1 InputObject^ SimpleMatch! CaseSensitive! Quiet! List! AllMatches! NotMatch! Context Raw! LiteralPath",
    select_string,
)];

fn select_string(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let mut sources: Vec<(String, Vec<V>)> = Vec::new();
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
        sources.push((path.clone(), super::super::files::lines(cx, &path)?));
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
            string_match(cx, c, memory, &text, &path, at, simple)?;
        }
    }
    Ok(())
}

fn string_match(
    cx: Cx<'_>,
    c: &Ctx<'_>,
    memory: &Mutex<Memory>,
    text: &str,
    path: &str,
    line: usize,
    simple: bool,
) -> Res<()> {
    let mut found = Vec::new();
    let mut pattern = String::new();
    for wanted in c.bound.texts("Pattern") {
        let expression = if simple { regex::escape(&wanted) } else { wanted.clone() };
        let compiled = super::super::regexes::compile(&expression, !c.bound.flag("CaseSensitive"))?;
        found = super::super::regexes::all_matches(&compiled, text)?;
        pattern = wanted;
        if !found.is_empty() {
            break;
        }
    }
    if found.is_empty() != c.bound.flag("NotMatch") {
        return Ok(());
    }
    if c.bound.flag("Quiet") {
        if !std::mem::replace(&mut lock(memory).flag, true) {
            c.push(cx, V::Bool(true))?;
        }
        return Ok(());
    }
    if !c.bound.flag("AllMatches") {
        found.truncate(1);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let shown = if path == "InputStream" { text.to_owned() } else { format!("{name}:{line}:{text}") };
    let object = Obj::new(
        "Microsoft.PowerShell.Commands.MatchInfo",
        [
            ("IgnoreCase", V::Bool(!c.bound.flag("CaseSensitive"))),
            ("LineNumber", V::count(line)),
            ("Line", V::from(text)),
            ("Filename", V::from(name)),
            ("Path", V::from(path)),
            ("Pattern", V::from(pattern)),
            ("Context", V::Null),
            ("Matches", V::array(found)),
        ],
    );
    c.push(cx, if c.bound.flag("Raw") { V::from(text) } else { V::Obj(object.with_text(&shown)) })
}
