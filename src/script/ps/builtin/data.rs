//! CSV, JSON, HTML and CLIXML: converting, exporting, importing.
//!
//! The texts are written by `render::convert` and `clixml`.

use std::sync::{Arc, Mutex};

use super::super::fault::{Problem, Res};
use super::super::options::Message;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string, to_wire};
use super::super::value::{Obj, V};
use super::{Builtin, Ctx, Memory, all, each, entry};

use crate::render::convert::{CsvOptions, CsvWriter, HtmlOptions, Quotes, to_html};
use crate::render::{Column, Settings};

pub(super) const COMMANDS: &[Builtin] = &[
    all("ConvertTo-Csv", to_csv),
    all("Export-Csv", export_csv),
    all("ConvertFrom-Csv", from_csv),
    each("Import-Csv", import_csv),
    all("ConvertTo-Html", html),
    each("Import-PowerShellDataFile", import_data_file),
    all("Export-Clixml", export_clixml),
    each("Import-Clixml", import_clixml),
    all("Export-Excel", super::super::excel::export),
];

/// Rows whose properties are all plain values, as CSV needs them.
fn row(cx: Cx<'_>, value: &V) -> Res<V> {
    Ok(match value {
        V::Obj(object) => {
            let copy = Obj::custom(Vec::<(&str, V)>::new());
            copy.set_types(object.types());
            for (name, value) in super::super::member::properties(cx, &V::Obj(object.clone()))? {
                let value = match value {
                    V::List(list) => V::from(to_string(&V::List(list))),
                    V::Double(_) | V::Str(_) | V::Null | V::Nothing => value,
                    V::Obj(inner) if inner.is_custom() && inner.own_text().is_none() => {
                        V::from(interpolated(&V::Obj(inner)))
                    }
                    other => V::from(to_string(&other)),
                };
                copy.set(&name, value);
            }
            V::Obj(copy)
        }
        V::Hash(hash) => {
            V::Obj(Obj::custom(hash.entries().into_iter().map(|(key, value)| (interpolated(&key), value))))
        }
        other => other.clone(),
    })
}

fn csv_options(c: &Ctx<'_>) -> CsvOptions {
    let mut options = CsvOptions {
        delimiter: c.bound.text("Delimiter").and_then(|text| text.chars().next()).unwrap_or(','),
        ..CsvOptions::default()
    };
    options.quotes = match c.bound.text("UseQuotes").map(|text| text.to_lowercase()).as_deref() {
        Some("asneeded") => Quotes::AsNeeded,
        Some("never") => Quotes::Never,
        _ if c.bound.has("QuoteFields") => {
            Quotes::Fields(c.bound.texts("QuoteFields").into_iter().map(Arc::from).collect())
        }
        _ => Quotes::Always,
    };
    options.type_line = c.bound.flag("IncludeTypeInformation");
    options.header = !c.bound.flag("NoHeader");
    options
}

fn csv_lines(cx: Cx<'_>, options: CsvOptions, values: &[V]) -> Res<Vec<String>> {
    let mut writer = CsvWriter::new(options);
    let mut lines = Vec::new();
    for value in values {
        let written = writer.push(&to_wire(&row(cx, value)?));
        lines.extend(written.into_iter().map(|line| line.replace("#TYPE Deserialized.", "#TYPE ")));
    }
    Ok(lines)
}

fn to_csv(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let values: Vec<V> =
        c.input(input).into_iter().flat_map(|v| if c.piped { vec![v] } else { v.unrolled() }).collect();
    for line in csv_lines(cx, csv_options(c), &values)? {
        c.push(cx, V::from(line))?;
    }
    Ok(())
}

fn path_of(c: &Ctx<'_>) -> String {
    c.bound.text("Path").or_else(|| c.bound.text("LiteralPath")).unwrap_or_default()
}

fn named(c: &Ctx<'_>, problem: Problem) -> Problem {
    Problem { id: format!("{},{}", problem.id, c.id), ..problem }
}

/// That a file was named, in one way.
fn path_given(c: &Ctx<'_>) -> Res<()> {
    if c.bound.has("Path") != c.bound.has("LiteralPath") {
        return Ok(());
    }
    let message = "You must specify either the -Path or -LiteralPath parameters, but not both.";
    c.problem("CannotSpecifyPathAndLiteralPath", "InvalidData", message)
        .exception("System.InvalidOperationException")
        .err()
}

fn export_csv(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let values: Vec<V> =
        c.input(input).into_iter().flat_map(|v| if c.piped { vec![v] } else { v.unrolled() }).collect();
    path_given(c)?;
    let path = path_of(c);
    if c.only_shown(cx, "Export-Csv", &path) {
        return Ok(());
    }
    let target = super::super::files::resolve(cx, &path);
    if c.bound.flag("NoClobber") && target.exists() {
        return c
            .problem("NoClobber", "ResourceExists", format!("The file '{}' already exists.", target.display()))
            .exception("System.IO.IOException")
            .err();
    }
    let mut options = csv_options(c);
    let append = c.bound.flag("Append") && target.exists();
    let mut rows = Vec::new();
    for value in &values {
        rows.push(row(cx, value)?);
    }
    if append {
        let existing = std::fs::read(&target).map(|bytes| super::super::files::decoded(&bytes)).unwrap_or_default();
        let header: Vec<String> = read_csv(&existing, options.delimiter)
            .into_iter()
            .find(|fields| !fields.first().is_some_and(|f| f.starts_with('#')))
            .unwrap_or_default();
        if !header.is_empty() {
            options.header = false;
            let mut kept = Vec::new();
            for row in &rows {
                let V::Obj(object) = row else { continue };
                if let Some(missing) = header.iter().find(|name| object.prop(name).is_none())
                    && !c.bound.flag("Force")
                {
                    return c
                        .problem("CannotAppendCsvWithMismatchedPropertyNames", "InvalidData", format!("Cannot append CSV content to the following file: {path}. The appended object does not have a property that corresponds to the following column: {missing}. To continue with mismatched properties, add the -Force parameter, and then retry the command."))
                        .exception("System.InvalidOperationException")
                        .err();
                }
                kept.push(V::Obj(Obj::custom(
                    header.iter().map(|name| (name.as_str(), object.note(name).unwrap_or_default())),
                )));
            }
            rows = kept;
        }
    }
    let lines = csv_lines(cx, options, &rows)?;
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    let bytes = super::super::files::encoded(&text, &c.bound.text("Encoding").unwrap_or_default());
    super::super::files::write(cx, &path, &bytes, append).map_err(|problem| named(c, problem).fault())
}

/// Fields of CSV text, record by record.
fn read_csv(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let (mut record, mut field) = (Vec::new(), String::new());
    let (mut quoted, mut was_quoted, mut any) = (false, false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.trim().is_empty() && !was_quoted => {
                quoted = true;
                was_quoted = true;
                field.clear();
                any = true;
            }
            '\r' if !quoted => {}
            '\n' if !quoted => {
                if any || !field.is_empty() || !record.is_empty() {
                    record.push(finished(&mut field, was_quoted));
                    records.push(std::mem::take(&mut record));
                }
                (was_quoted, any) = (false, false);
            }
            c if c == delimiter && !quoted => {
                record.push(finished(&mut field, was_quoted));
                was_quoted = false;
                any = true;
            }
            ' ' if !quoted && field.is_empty() && !was_quoted => any = true,
            c => {
                field.push(c);
                any = true;
            }
        }
    }
    if any || !field.is_empty() || !record.is_empty() {
        record.push(finished(&mut field, was_quoted));
        records.push(record);
    }
    records
}

fn finished(field: &mut String, quoted: bool) -> String {
    let text = std::mem::take(field);
    if quoted { text } else { text.trim_end().to_owned() }
}

fn csv_rows(cx: Cx<'_>, c: &Ctx<'_>, text: &str) -> Res<()> {
    let delimiter = c.bound.text("Delimiter").and_then(|text| text.chars().next()).unwrap_or(',');
    let mut records = read_csv(text, delimiter).into_iter();
    let mut header = c.bound.texts("Header");
    if c.bound.get("Header").is_some_and(V::is_null) {
        let message = "Cannot validate argument on parameter 'Header'. The argument is null. Provide a valid value for the argument, and then try running the command again.";
        return c.problem("ParameterArgumentValidationError", "InvalidData", message).err();
    }
    let mut type_name = None;
    let mut unnamed = 0;
    if header.is_empty() {
        for record in records.by_ref() {
            if let Some(name) = record.first().and_then(|first| first.strip_prefix("#TYPE ")) {
                type_name = Some(name.to_owned());
                continue;
            }
            if record.first().is_some_and(|first| first.starts_with('#')) {
                continue;
            }
            header = record;
            break;
        }
        for name in &mut header {
            if name.trim().is_empty() {
                unnamed += 1;
                *name = format!("H{unnamed}");
            }
        }
        if unnamed > 0 {
            super::super::command::write_message(
                cx,
                Message::Warning,
                "One or more headers were not specified. Default names starting with \"H\" have been used in place of any missing headers.",
                &c.out.common(),
            )?;
        }
    }
    let twice = header
        .iter()
        .enumerate()
        .find(|(at, name)| header.iter().take(*at).any(|earlier| super::super::value::same_name(earlier, name)));
    for record in records {
        if record.len() == 1 && record[0].starts_with('#') {
            continue;
        }
        if let Some((_, name)) = twice {
            let message = format!("The member \"{name}\" is already present.");
            return c
                .problem("AlreadyPresentPSMemberInfoInternalCollectionAdd", "NotSpecified", message)
                .exception("System.Management.Automation.ExtendedTypeSystemException")
                .err();
        }
        let object = Obj::custom(
            header
                .iter()
                .enumerate()
                .map(|(at, name)| (name.as_str(), record.get(at).map_or(V::Null, |text| V::from(text.as_str())))),
        );
        if let Some(name) = &type_name {
            object.set_types(vec![format!("CSV:{name}").into(), super::super::value::CUSTOM_OBJECT.into()]);
        }
        c.push(cx, V::Obj(object))?;
    }
    Ok(())
}

fn from_csv(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let texts: Vec<String> =
        c.input(input).into_iter().flat_map(V::unrolled).map(|value| interpolated(&value)).collect();
    csv_rows(cx, c, &texts.join("\n"))
}

fn read_file(cx: Cx<'_>, c: &Ctx<'_>, path: &str) -> Res<String> {
    let target = super::super::files::resolve(cx, path);
    match std::fs::read(&target) {
        Ok(bytes) => match c.bound.text("Encoding").map(|name| name.to_lowercase()).as_deref() {
            Some("latin1" | "ansi") => Ok(super::super::dotnet::encoding::decoded("iso-8859-1", &bytes)),
            _ => Ok(super::super::files::decoded(&bytes)),
        },
        Err(_) => c
            .problem("FileOpenFailure", "OpenError", format!("Could not find file '{}'.", target.display()))
            .exception("System.IO.FileNotFoundException")
            .err(),
    }
}

fn import_csv(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    if input.is_none() {
        path_given(c)?;
    }
    let paths = input.map_or_else(
        || c.bound.list("Path").into_iter().chain(c.bound.list("LiteralPath")).collect(),
        |value| vec![value],
    );
    for path in paths {
        let path = super::files::item_path(&path);
        let text = read_file(cx, c, &path)?;
        csv_rows(cx, c, &text)?;
    }
    Ok(())
}

fn html(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let items: Vec<V> = c.input(input).into_iter().flat_map(V::unrolled).collect();
    let mut options = HtmlOptions {
        as_list: c.bound.text("As").is_some_and(|text| text.eq_ignore_ascii_case("list")),
        fragment: c.bound.flag("Fragment"),
        title: c.bound.text("Title"),
        head: c.bound.texts("Head"),
        body: c.bound.texts("Body"),
        css: c.bound.text("CssUri"),
        before: c.bound.texts("PreContent"),
        after: c.bound.texts("PostContent"),
        transitional: c.bound.flag("Transitional"),
        charset: c.bound.text("Charset"),
        ..HtmlOptions::default()
    };
    if let Some(V::Hash(meta)) = c.bound.get("Meta") {
        options.meta =
            meta.entries().iter().map(|(name, content)| (interpolated(name), interpolated(content))).collect();
    }
    let mut rows = Vec::new();
    let selectors = c.bound.list("Property");
    for item in &items {
        let mut shown = row(cx, item)?;
        if let V::Obj(object) = &shown {
            let copy = object.copy();
            for (index, selector) in selectors.iter().enumerate() {
                if matches!(selector, V::Hash(_) | V::Block(_)) {
                    copy.set(
                        &format!("__computed{index}"),
                        V::from(to_string(&super::selected(cx, selector, item).unwrap_or(V::Null))),
                    );
                }
            }
            shown = V::Obj(copy);
        }
        rows.push(to_wire(&shown));
    }
    for (index, selector) in selectors.iter().enumerate() {
        options.properties.push(match selector {
            V::Hash(hash) => {
                let mut column = Column::property(&format!("__computed{index}"));
                let label = entry(hash, &["Label", "Name"]).or_else(|| entry(hash, &["Expression"]));
                column.label = label.map(|label| interpolated(&label).into());
                column
            }
            V::Block(block) => {
                let mut column = Column::property(&format!("__computed{index}"));
                column.label = Some(block.text().into());
                column
            }
            name => Column::property(&interpolated(name)),
        });
    }
    for line in to_html(&rows, &options, &Settings::default()) {
        c.push(cx, V::from(line))?;
    }
    Ok(())
}

/// Whether a text is constants and tables of them: no commands, no calls, no variables but `$true` and its kin.
fn is_data(script: &crate::port::ast::Block) -> bool {
    use crate::port::ast::{ExprKind, StmtKind};
    use crate::port::ast_walk::{Node, walk_block};
    let mut plain = true;
    walk_block(script, &mut |node| {
        plain &= match node {
            Node::Command(_) => false,
            Node::Stmt(stmt) => matches!(stmt.kind, StmtKind::Pipeline(_)),
            Node::Expr(expr) => match &expr.kind {
                ExprKind::Variable(variable) => {
                    let known = ["true", "false", "null", "psculture", "psuiculture"];
                    known.iter().any(|name| variable.name.eq_ignore_ascii_case(name))
                }
                ExprKind::Call { .. } | ExprKind::Member { .. } | ExprKind::Step { .. } | ExprKind::Cast(..) => false,
                _ => true,
            },
        };
        plain
    });
    plain
}

/// A data file holds one table of constants and nothing that runs.
fn import_data_file(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in super::files::paths(c, input) {
        let target = super::super::files::resolve(cx, &path);
        let Ok(bytes) = std::fs::read(&target) else {
            c.out.error(cx, super::files::missing(cx, c, &path))?;
            continue;
        };
        let text = super::super::files::decoded(&bytes);
        let parsed = crate::port::parse(&text);
        if !parsed.errors.is_empty() || !is_data(&parsed.script) {
            let message = format!("The file '{path}' could not be parsed as a PowerShell Data File.");
            let problem = c.problem("CouldNotParseAsPowerShellDataFile", "InvalidData", message);
            c.out.error(cx, problem.exception("System.Management.Automation.PSInvalidOperationException"))?;
            continue;
        }
        let block = super::super::engine::compile_block(cx, &text)?;
        for value in super::super::invoke::call_block(cx, &block, Vec::new())? {
            c.push(cx, value)?;
        }
    }
    Ok(())
}

fn export_clixml(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let values: Vec<_> = c.input(input).iter().map(to_wire).collect();
    let Ok(bytes) = crate::clixml::write_document(&values) else {
        return c.problem("ClixmlError", "WriteError", "the objects cannot be written as CLIXML").err();
    };
    super::super::files::write(cx, &path_of(c), bytes.as_bytes(), false).map_err(|problem| named(c, problem).fault())
}

fn import_clixml(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let path = input.map_or_else(|| path_of(c), |value| interpolated(&value));
    let target = super::super::files::resolve(cx, &path);
    let Ok(bytes) = std::fs::read(&target) else {
        return c
            .problem("FileOpenFailure", "OpenError", format!("Could not find file '{}'.", target.display()))
            .exception("System.IO.FileNotFoundException")
            .err();
    };
    match crate::clixml::read_document(&bytes, &crate::clixml::ReadLimits::default()) {
        Ok(values) => {
            for value in values {
                c.push(cx, read_back(super::super::wire::from_wire(&value)))?;
            }
            Ok(())
        }
        Err(error) => c.problem("ClixmlError", "ReadError", error.to_string()).err(),
    }
}

/// What reading back makes of a value: lists without their kind, objects with the prefix on their types.
fn read_back(value: V) -> V {
    use super::super::value::{List, ListKind};
    match value {
        V::List(list) => V::List(List::of(ListKind::ArrayList, list.items().into_iter().map(read_back).collect())),
        V::Obj(object) => {
            for prop in object.props() {
                if let Some(inner) = object.note(&prop.name) {
                    object.set(&prop.name, read_back(inner));
                }
            }
            let types = object.types();
            object.set_types(
                types
                    .iter()
                    .map(|name| {
                        if name.starts_with("Deserialized.") {
                            name.clone()
                        } else {
                            format!("Deserialized.{name}").into()
                        }
                    })
                    .collect(),
            );
            V::Obj(object)
        }
        other => other,
    }
}
