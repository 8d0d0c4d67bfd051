//! The cmdlets of a view command: their parameters, and what they do to the stream.

use std::sync::Arc;

use super::arguments::{Argument, Bound, Signature, Word, bad};
use super::{EachStatement, Stage, ViewCommand, parse, setup};
use crate::clixml::PsValue;
use crate::render::convert::{CsvOptions, CsvWriter, HtmlOptions, JsonOptions, Quotes, to_html, to_json};
use crate::render::request::{Column, Expand, Request};
use crate::render::select::{self, GroupOptions, MeasureOptions, SelectOptions, SortKey, SortOptions};
use crate::render::view::Shape;
use crate::render::{Formatter, RenderError, subject};

const TABLE: Signature = Signature {
    switches: &["AutoSize", "Wrap", "HideTableHeaders", "RepeatHeader", "Force", "ShowError", "DisplayError"],
    values: &["Property", "GroupBy", "View", "Expand", "ErrorAction", "WarningAction"],
    positions: &["Property"],
};
const LIST: Signature = Signature { switches: &["Force", "ShowError", "DisplayError"], ..TABLE };
const WIDE: Signature = Signature {
    switches: &["AutoSize", "Force", "ShowError", "DisplayError"],
    values: &["Property", "GroupBy", "View", "Expand", "Column", "ErrorAction", "WarningAction"],
    ..TABLE
};
const CUSTOM: Signature = Signature {
    switches: &["Force", "ShowError", "DisplayError"],
    values: &["Property", "GroupBy", "View", "Expand", "Depth", "ErrorAction", "WarningAction"],
    ..TABLE
};

const fn signature(shape: Shape) -> Signature {
    match shape {
        Shape::Table => TABLE,
        Shape::List => LIST,
        Shape::Wide => WIDE,
        Shape::Custom => CUSTOM,
    }
}

/// What a calculated property of that shape may say beside its expression.
const fn keys(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Table => &["expression", "formatstring", "label", "name", "alignment", "width"],
        Shape::List => &["expression", "formatstring", "label", "name"],
        Shape::Wide => &["expression", "formatstring"],
        Shape::Custom => &["expression", "depth"],
    }
}

const SELECTED: &[&str] = &["expression", "label", "name"];
const HTML_COLUMN: &[&str] = &["expression", "formatstring", "label", "name", "alignment", "width"];
const CSV: Signature = Signature {
    switches: &["NoTypeInformation", "IncludeTypeInformation", "NoHeader", "UseCulture", "Force", "Append"],
    values: &["Delimiter", "UseQuotes", "QuoteFields", "Path", "Encoding"],
    positions: &["Delimiter"],
};
const EXPORT_CSV: Signature = Signature { positions: &["Path", "Delimiter"], ..CSV };
const JSON: Signature = Signature {
    switches: &["Compress", "AsArray", "EnumsAsStrings"],
    values: &["Depth", "EscapeHandling", "WarningAction", "ErrorAction"],
    positions: &[],
};
const HTML: Signature = Signature {
    switches: &["Fragment", "Transitional"],
    values: &["Property", "As", "Title", "Head", "Body", "CssUri", "PreContent", "PostContent", "Charset", "Meta"],
    positions: &["Property", "Head", "Title", "Body"],
};
const SELECT: Signature = Signature {
    switches: &["Unique", "Wait", "CaseInsensitive"],
    values: &["Property", "ExcludeProperty", "ExpandProperty", "First", "Last", "Skip", "SkipLast", "Index"],
    positions: &["Property"],
};
const SORT: Signature = Signature {
    switches: &["Descending", "Unique", "Stable", "CaseSensitive"],
    values: &["Property", "Top", "Bottom", "Culture"],
    positions: &["Property"],
};
const GROUP: Signature = Signature {
    switches: &["NoElement", "CaseSensitive", "AsHashTable", "AsString"],
    values: &["Property", "Culture"],
    positions: &["Property"],
};
const MEASURE: Signature = Signature {
    switches: &["Sum", "Average", "Maximum", "Minimum", "StandardDeviation", "AllStats", "Line", "Word", "Character"],
    values: &["Property"],
    positions: &["Property"],
};
const MEMBER: Signature =
    Signature { switches: &["Static", "Force"], values: &["Name", "MemberType", "View"], positions: &["Name"] };
const OUT_STRING: Signature = Signature { switches: &["Stream", "NoNewline"], values: &["Width"], positions: &[] };
const BLOCK: Signature =
    Signature { switches: &[], values: &["FilterScript", "Process"], positions: &["FilterScript"] };

/// One cmdlet with its words.
pub(super) fn stage(name: &str, words: Vec<Word>) -> Result<Stage, RenderError> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "format-table" | "ft" => format(Shape::Table, words)?,
        "format-list" | "fl" => format(Shape::List, words)?,
        "format-wide" | "fw" => format(Shape::Wide, words)?,
        "format-custom" | "fc" => format(Shape::Custom, words)?,
        "convertto-csv" => csv(&CSV.bind(words)?)?,
        "export-csv" | "epcsv" => csv(&EXPORT_CSV.bind(words)?)?,
        "convertto-json" => json(&JSON.bind(words)?)?,
        "convertto-html" => html(&HTML.bind(words)?)?,
        "select-object" | "select" => {
            let bound = SELECT.bind(words)?;
            let places = |name| {
                bound.get(name).map(|list| list.items().iter().map(|place| place.number(0)).collect()).transpose()
            };
            Stage::Select(SelectOptions {
                properties: bound.columns("Property", SELECTED)?,
                exclude: bound.texts("ExcludeProperty").into_iter().map(Arc::from).collect(),
                expand: bound.text("ExpandProperty").map(Arc::from),
                first: bound.number("First", 0)?,
                last: bound.number("Last", 0)?,
                skip: bound.number("Skip", 0)?.unwrap_or(0),
                skip_last: bound.number("SkipLast", 0)?.unwrap_or(0),
                index: places("Index")?,
                unique: bound.is("Unique"),
            })
        }
        "sort-object" | "sort" => {
            let bound = SORT.bind(words)?;
            let items = bound.get("Property").map(Argument::items).unwrap_or_default();
            Stage::Sort(SortOptions {
                keys: items.iter().map(sort_key).collect::<Result<_, _>>()?,
                descending: bound.is("Descending"),
                unique: bound.is("Unique"),
                top: bound.number("Top", 1)?,
                bottom: bound.number("Bottom", 1)?,
            })
        }
        "group-object" | "group" => {
            let bound = GROUP.bind(words)?;
            Stage::Group(GroupOptions {
                keys: bound.columns("Property", &["expression"])?,
                no_element: bound.is("NoElement"),
            })
        }
        "measure-object" | "measure" => {
            let bound = MEASURE.bind(words)?;
            let all = bound.is("AllStats");
            if bound.is("Line") || bound.is("Word") || bound.is("Character") {
                return Err(bad("Measure-Object", "texts cannot be measured here"));
            }
            Stage::Measure(MeasureOptions {
                property: bound.text("Property").map(Arc::from),
                sum: all || bound.is("Sum"),
                average: all || bound.is("Average"),
                maximum: all || bound.is("Maximum"),
                minimum: all || bound.is("Minimum"),
                deviation: all || bound.is("StandardDeviation"),
            })
        }
        "get-member" | "gm" => Stage::Members(MEMBER.bind(words)?.texts("MemberType")),
        "where-object" | "where" | "?" => Stage::Where(filter(words)?),
        "foreach-object" | "foreach" | "%" => each(&BLOCK.bind(words)?)?,
        "out-string" => {
            let bound = OUT_STRING.bind(words)?;
            Stage::OutString {
                width: bound.number("Width", 2)?,
                lines: bound.is("Stream"),
                no_newline: bound.is("NoNewline"),
            }
        }
        "out-default" | "out-host" => Stage::Format(Box::default()),
        _ => return Err(bad(name, "this cmdlet shows nothing")),
    })
}

fn format(shape: Shape, words: Vec<Word>) -> Result<Stage, RenderError> {
    let bound = signature(shape).bind(words)?;
    let expand = match bound.text("Expand").map(|how| how.to_lowercase()).as_deref() {
        None | Some("enumonly") => Expand::Items,
        Some("coreonly") => Expand::Collection,
        Some("both") => Expand::Both,
        Some(other) => return Err(bad(other, "-Expand takes EnumOnly, CoreOnly or Both")),
    };
    let properties = bound.columns("Property", keys(shape))?;
    if bound.get("View").is_some() && !properties.is_empty() {
        return Err(bad("-View", "a view says itself what is shown: there can be no -Property"));
    }
    if bound.is("AutoSize") && bound.get("Column").is_some() {
        return Err(bad("-AutoSize", "it says itself how many columns there are: there can be no -Column"));
    }
    let group = bound.get("GroupBy").map(|by| by.column(&["expression", "formatstring", "label", "name", "depth"]));
    Ok(Stage::Format(Box::new(Request {
        shape: Some(shape),
        properties,
        view: bound.text("View").map(Arc::from),
        group_by: group.transpose()?,
        auto_size: bound.said("AutoSize"),
        wrap: bound.is("Wrap"),
        hide_headers: bound.said("HideTableHeaders"),
        columns: bound.number("Column", 1)?,
        depth: bound.number("Depth", 1)?,
        force: bound.is("Force"),
        expand,
    })))
}

fn csv(bound: &Bound) -> Result<Stage, RenderError> {
    if bound.is("UseCulture") && bound.get("Delimiter").is_some() {
        return Err(bad("-UseCulture", "there can be no -Delimiter beside it"));
    }
    let delimiter = match bound.text("Delimiter") {
        None => ',',
        Some(text) => text.chars().next().ok_or_else(|| bad("-Delimiter", "a delimiter is one character"))?,
    };
    let fields = bound.texts("QuoteFields");
    let quotes = match bound.text("UseQuotes").map(|how| how.to_lowercase()).as_deref() {
        _ if !fields.is_empty() => Quotes::Fields(fields.into_iter().map(Arc::from).collect()),
        None | Some("always") => Quotes::Always,
        Some("asneeded") => Quotes::AsNeeded,
        Some("never") => Quotes::Never,
        Some(other) => return Err(bad(other, "-UseQuotes takes Always, AsNeeded or Never")),
    };
    let header = !bound.is("NoHeader");
    Ok(Stage::Csv(CsvOptions {
        delimiter,
        quotes,
        header,
        type_line: bound.is("IncludeTypeInformation"),
        use_culture: bound.is("UseCulture"),
        ..CsvOptions::default()
    }))
}

fn json(bound: &Bound) -> Result<Stage, RenderError> {
    let escapes = bound.text("EscapeHandling").unwrap_or_default().to_lowercase();
    Ok(Stage::Json(JsonOptions {
        depth: bound.number("Depth", 0)?.unwrap_or(2),
        compress: bound.is("Compress"),
        as_array: bound.is("AsArray"),
        ascii: escapes == "escapenonascii",
        html: escapes == "escapehtml",
        // Enumeration values that were read back are numbers with a note: -EnumsAsStrings does not touch them.
        ..JsonOptions::default()
    }))
}

fn html(bound: &Bound) -> Result<Stage, RenderError> {
    Ok(Stage::Html(Box::new(HtmlOptions {
        properties: bound.columns("Property", HTML_COLUMN)?,
        as_list: bound.text("As").is_some_and(|how| how.eq_ignore_ascii_case("List")),
        fragment: bound.is("Fragment"),
        transitional: bound.is("Transitional"),
        charset: bound.text("Charset"),
        meta: match bound.get("Meta") {
            Some(Argument::Table(entries)) => {
                entries.iter().map(|(name, content)| (name.clone(), content.text())).collect()
            }
            _ => Vec::new(),
        },
        title: bound.text("Title"),
        head: bound.texts("Head"),
        body: bound.texts("Body"),
        css: bound.text("CssUri"),
        before: bound.texts("PreContent"),
        after: bound.texts("PostContent"),
    })))
}

/// A key of `Sort-Object`: a property, or a table that may say the direction.
fn sort_key(argument: &Argument) -> Result<SortKey, RenderError> {
    let says = |wanted: &str| match argument {
        Argument::Table(entries) => entries
            .iter()
            .find(|(key, _)| !key.is_empty() && wanted.starts_with(&key.to_lowercase()))
            .map(|(_, value)| *value == Argument::Bool(true)),
        _ => None,
    };
    let descending = says("descending").or_else(|| says("ascending").map(|ascending| !ascending)).unwrap_or(false);
    Ok(SortKey { by: argument.column(&["expression", "ascending", "descending"])?, descending })
}

/// `Where-Object { … }` or `Where-Object Name -like a*`.
fn filter(words: Vec<Word>) -> Result<Column, RenderError> {
    if let [Word::Argument(Argument::Script(script))] = words.as_slice() {
        return Ok(Column::script(script));
    }
    let mut parts = words.into_iter();
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Word::Argument(name)), None, None, None) => Ok(Column::script(&format!("$_.{}", name.text()))),
        (Some(Word::Argument(name)), Some(Word::Parameter(operator, None)), Some(Word::Argument(value)), None) => {
            let value = value.text().replace('\'', "''");
            Ok(Column::script(&format!("$_.{} -{operator} '{value}'", name.text())))
        }
        _ => Err(bad("Where-Object", "a script or a comparison is needed")),
    }
}

fn each(bound: &Bound) -> Result<Stage, RenderError> {
    let given = bound.get("FilterScript").or_else(|| bound.get("Process"));
    if let Some(Argument::Text(name)) = given {
        return Ok(Stage::ForEach(vec![EachStatement::Value(Column::property(name))]));
    }
    let Some(Argument::Script(body)) = given else {
        return Err(bad("ForEach-Object", "a script is needed"));
    };
    let mut statements = Vec::new();
    for statement in parse::split(body, ';')? {
        let statement = statement.trim();
        if statement.is_empty() {
            continue;
        }
        let parts = parse::split(statement, '|')?;
        statements.push(match parts.split_first() {
            Some((first, rest)) if first.trim() == "$_" && !rest.is_empty() => {
                EachStatement::Pipeline(parse::pipeline(&rest.join("|"))?)
            }
            _ => EachStatement::Value(Column::script(statement)),
        });
    }
    Ok(Stage::ForEach(statements))
}

/// What flows through the pipeline.
enum Flow {
    Values(Vec<PsValue>),
    /// Formatted text, which goes out as it is.
    Text(String),
    /// Lines, which go out with or without a last line end.
    Lines(Vec<String>),
}

/// The text of the whole command.
pub(super) fn run(command: &ViewCommand, formatter: &Formatter, values: &[PsValue]) -> Result<String, RenderError> {
    let mut formatter = formatter.clone();
    setup::apply(&command.setup, &mut formatter.settings);
    match pipeline(&command.stages, &formatter, values.to_vec())? {
        Flow::Text(text) => Ok(text),
        Flow::Lines(lines) => Ok(lines.into_iter().map(|line| line + "\n").collect()),
        Flow::Values(values) => formatter.default_output(&values),
    }
}

fn pipeline(stages: &[Stage], formatter: &Formatter, values: Vec<PsValue>) -> Result<Flow, RenderError> {
    // A list that comes as one object gives its items to the next cmdlet.
    let mut flow = Flow::Values(values);
    for (at, stage) in stages.iter().enumerate() {
        // What Format cmdlets give is laid out where it becomes text.
        let width = stages[at..].iter().find_map(|stage| match stage {
            Stage::OutString { width, .. } => *width,
            _ => None,
        });
        let formatter = match width {
            Some(width) => &Formatter { width, ..formatter.clone() },
            None => formatter,
        };
        flow = step(stage, formatter, flow)?;
    }
    Ok(flow)
}

fn step(stage: &Stage, formatter: &Formatter, flow: Flow) -> Result<Flow, RenderError> {
    let values = match flow {
        Flow::Values(values) => values,
        Flow::Text(text) => return Ok(out_string(stage, &text).unwrap_or(Flow::Text(text))),
        Flow::Lines(lines) => lines.into_iter().map(PsValue::from).collect(),
    };
    Ok(match stage {
        Stage::Format(request) => Flow::Text(formatter.format(&values, request)?),
        Stage::Csv(options) => {
            let culture = formatter.settings.culture;
            let delimiter = if options.use_culture { culture.list_separator() } else { options.delimiter };
            let mut writer = CsvWriter::new(CsvOptions { culture, delimiter, ..options.clone() });
            Flow::Lines(values.iter().flat_map(|value| writer.push(value)).collect())
        }
        Stage::Json(options) if values.is_empty() && !options.as_array => Flow::Lines(Vec::new()),
        Stage::Json(options) => Flow::Lines(vec![to_json(&values, options)?]),
        Stage::Html(options) => Flow::Lines(to_html(&values, options, &formatter.settings)),
        Stage::Select(options) => Flow::Values(select::select(&values, options)),
        Stage::Sort(options) => Flow::Values(select::sort(&values, options)),
        Stage::Group(options) => Flow::Values(select::group(&values, options)),
        Stage::Measure(options) => Flow::Values(select::measure(&values, options).into_iter().collect()),
        Stage::Members(kinds) => Flow::Values(select::members(&values, kinds)),
        Stage::Where(column) => {
            let mut kept = Vec::new();
            for value in values {
                if subject::is_true(&scripted(column, &value)?) {
                    kept.push(value);
                }
            }
            Flow::Values(kept)
        }
        Stage::ForEach(statements) => for_each(statements, formatter, &values)?,
        Stage::OutString { .. } => {
            let text = formatter.default_output(&values)?;
            out_string(stage, &text).unwrap_or(Flow::Text(text))
        }
    })
}

/// What `Out-String` makes of a text; any other cmdlet takes it as it is.
fn out_string(stage: &Stage, text: &str) -> Option<Flow> {
    let Stage::OutString { lines, no_newline, .. } = stage else { return None };
    Some(if *no_newline {
        Flow::Text(text.replace('\n', ""))
    } else if *lines {
        Flow::Lines(text.strip_suffix('\n').unwrap_or(text).split('\n').map(str::to_owned).collect())
    } else {
        Flow::Lines(vec![text.to_owned()])
    })
}

fn scripted(column: &Column, value: &PsValue) -> Result<PsValue, RenderError> {
    match &column.source {
        crate::render::view::Source::Script(script) => script.evaluate(value),
        crate::render::view::Source::Property(name) => Ok(subject::property(value, name).unwrap_or(PsValue::Null)),
    }
}

fn for_each(statements: &[EachStatement], formatter: &Formatter, values: &[PsValue]) -> Result<Flow, RenderError> {
    let formats = |statement: &EachStatement| matches!(statement, EachStatement::Pipeline(stages) if matches!(stages.last(), Some(Stage::Format(_))));
    if !statements.iter().any(formats) {
        let mut found = Vec::new();
        for value in values {
            for statement in statements {
                match statement {
                    EachStatement::Value(column) => found.push(scripted(column, value)?),
                    EachStatement::Pipeline(stages) => match pipeline(stages, formatter, vec![value.clone()])? {
                        Flow::Values(more) => found.extend(more),
                        Flow::Text(text) => found.push(text.into()),
                        Flow::Lines(lines) => found.extend(lines.into_iter().map(PsValue::from)),
                    },
                }
            }
        }
        return Ok(Flow::Values(found));
    }
    let mut out = String::new();
    for value in values {
        for statement in statements {
            match statement {
                EachStatement::Value(column) => out.push_str(&formatter.default_output(&[scripted(column, value)?])?),
                EachStatement::Pipeline(stages) => match pipeline(stages, formatter, vec![value.clone()])? {
                    Flow::Values(values) => out.push_str(&formatter.default_output(&values)?),
                    Flow::Text(text) => out.push_str(&text),
                    Flow::Lines(lines) => lines.iter().for_each(|line| {
                        out.push_str(line);
                        out.push('\n');
                    }),
                },
            }
        }
    }
    Ok(Flow::Text(out))
}
