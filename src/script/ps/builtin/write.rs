//! `Write-Host` and its kin, `Out-Null`, `Out-String`, `Read-Host`.
//!
//! Where the text ends up is the console's business.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::options::Message;
use super::super::state::Cx;
use super::super::text::{host_text, interpolated, to_string};
use super::super::value::{Obj, V, lock};
use super::{Builtin, Ctx, Memory, all, each};

pub(super) const COMMANDS: &[Builtin] = &[
    each("Write-Host", write_host),
    each("Write-Output", write_output),
    each("Write-Warning", write_warning),
    each("Write-Verbose", |cx, c, _, input| message(cx, c, input, Message::Verbose)),
    each("Write-Debug", |cx, c, _, input| message(cx, c, input, Message::Debug)),
    each("Write-Information", write_information),
    each("Write-Error", write_error),
    each("Write-Progress", |_, _, _, _| Ok(())),
    each("Out-Null", |_, _, _, _| Ok(())),
    all("Out-String", out_string),
    all("Out-Host", out_host),
    all("Out-Default", out_host),
    each("Read-Host", read_host),
    each("pause", pause),
    each("Clear-Host", |_, _, _, _| Ok(())),
];

fn write_host(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for color in ["ForegroundColor", "BackgroundColor"] {
        if let Some(value) = c.bound.get(color) {
            super::super::cast::cast("System.ConsoleColor", value).map_err(|fault| match *fault {
                super::super::fault::Fault::Error(record, _) => {
                    let (message, _, _) = super::super::fault::summary(&record);
                    c.problem(
                        "CannotConvertArgumentNoMessage",
                        "InvalidArgument",
                        format!("Cannot bind parameter '{color}'. {message}"),
                    )
                    .exception("System.Management.Automation.ParameterBindingException")
                    .fault()
                }
                other => Box::new(other),
            })?;
        }
    }
    let object = input.or_else(|| c.bound.get("Object").cloned());
    let separator = c.bound.get("Separator").map_or_else(|| " ".to_owned(), interpolated);
    let text = match object {
        Some(V::List(list)) => list.items().iter().map(one).collect::<Vec<_>>().join(&separator),
        Some(other) => one(&other),
        None => String::new(),
    };
    let end = if c.bound.flag("NoNewline") { "" } else { "\n" };
    let said = Obj::new(
        "System.Management.Automation.HostInformationMessage",
        [
            ("Message", V::from(text.as_str())),
            ("NoNewLine", V::Bool(c.bound.flag("NoNewline"))),
            ("ForegroundColor", c.bound.get("ForegroundColor").cloned().unwrap_or_default()),
            ("BackgroundColor", c.bound.get("BackgroundColor").cloned().unwrap_or_default()),
        ],
    );
    let record = super::super::errors::information(V::Obj(said.with_text(&text)), &text, vec![V::from("PSHOST")]);
    if let Some(variable) = &c.out.common().information_variable {
        super::super::command::append(cx, variable, record.clone());
    }
    super::super::gather::add(cx, super::super::gather::Stream::Information, &record);
    if !cx.rt.redirected('6', &record) {
        let action = c.out.common().information_action.unwrap_or_default();
        if !matches!(action.as_str(), "Ignore" | "SilentlyContinue") {
            cx.rt.options.console.out(&format!("{text}{end}"));
        }
    }
    Ok(())
}

/// One object as `Write-Host` writes it; a dictionary is written entry by entry.
fn one(value: &V) -> String {
    match value {
        V::Hash(hash) => hash
            .entries()
            .iter()
            .map(|(key, value)| format!("[{}, {}]", to_string(key), host_text(value)))
            .collect::<Vec<_>>()
            .join(" "),
        V::Obj(object) if object.is("spelled") => object.own_text().map(|text| text.to_string()).unwrap_or_default(),
        other => host_text(other),
    }
}

fn write_output(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let value = match input {
        Some(value) => value,
        None => match c.bound.get("InputObject") {
            Some(value) => value.clone(),
            None => return Ok(()),
        },
    };
    if c.bound.flag("NoEnumerate") {
        return c.push(cx, value);
    }
    for item in value.unrolled() {
        c.push(cx, item)?;
    }
    Ok(())
}

fn message(cx: Cx<'_>, c: &Ctx<'_>, input: Option<V>, kind: Message) -> Res<()> {
    let value = input.or_else(|| c.bound.get("Message").cloned()).unwrap_or_default();
    super::super::command::write_message(cx, kind, &interpolated(&value), &c.out.common()).map(drop)
}

fn write_information(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let data = input.or_else(|| c.bound.get("MessageData").cloned()).unwrap_or_default();
    let text = interpolated(&data);
    let mut common = c.out.common();
    let record = super::super::errors::information(data, &text, c.bound.list("Tags"));
    if let Some(variable) = common.information_variable.take() {
        super::super::command::append(cx, &variable, record.clone());
    }
    super::super::gather::add(cx, super::super::gather::Stream::Information, &record);
    let action = common.information_action.clone().unwrap_or_else(|| cx.rt.get_text("InformationPreference"));
    match action.to_lowercase().as_str() {
        "ignore" => Ok(()),
        "continue" | "inquire" | "silentlycontinue" if cx.rt.redirected('6', &record) => Ok(()),
        "silentlycontinue" => {
            cx.rt.options.console.message(Message::Information, &format!("\u{0}{text}"));
            Ok(())
        }
        _ => super::super::command::write_message(cx, Message::Information, &text, &common).map(drop),
    }
}

fn write_warning(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    message(cx, c, input, Message::Warning)
}

fn write_error(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let own = cx
        .rt
        .options
        .script
        .as_ref()
        .and_then(|path| path.file_name())
        .map_or_else(|| "case.ps1".to_owned(), |name| name.to_string_lossy().into_owned());
    let caller = cx
        .rt
        .get("MyInvocation")
        .and_then(|invocation| super::super::member::plain_property(&invocation, "MyCommand"))
        .map_or(own.clone(), |command| to_string(&command));
    let caller = if caller.is_empty() { own } else { caller };
    let given = input.or_else(|| c.bound.get("Message").cloned());
    let record = match (c.bound.get("ErrorRecord").cloned().or(given.clone()), c.bound.get("Exception")) {
        (Some(V::Obj(record)), _) if record.is("System.Management.Automation.ErrorRecord") => record.copy(),
        (_, exception) => {
            let exception = match exception {
                Some(V::Obj(exception)) => exception.clone(),
                _ => super::super::fault::exception(
                    "Microsoft.PowerShell.Commands.WriteErrorException",
                    &given.as_ref().map(interpolated).unwrap_or_default(),
                ),
            };
            let id = c.bound.text("ErrorId").unwrap_or_else(|| exception.type_name().to_string());
            let category = c.bound.text("Category").unwrap_or_else(|| "NotSpecified".to_owned());
            super::super::fault::record(
                exception,
                &format!("{id},{caller}"),
                &category,
                c.bound.get("TargetObject").cloned().unwrap_or_default(),
            )
        }
    };
    if let Some(V::Obj(info)) = record.note("CategoryInfo") {
        name_category(c, &info);
    }
    if let Some(id) = record.note("FullyQualifiedErrorId").map(|id| to_string(&id)).filter(|id| !id.contains(',')) {
        record.set("FullyQualifiedErrorId", V::from(format!("{id},{caller}")));
    }
    if let Some(action) = c.bound.text("RecommendedAction") {
        let details = Obj::new(
            "System.Management.Automation.ErrorDetails",
            [("Message", V::from("")), ("RecommendedAction", V::from(action))],
        );
        record.set("ErrorDetails", V::Obj(details));
    }
    c.out.error_record(cx, &record)
}

/// The words of a category that parameters give; the activity is this command.
fn name_category(c: &Ctx<'_>, info: &Obj) {
    info.set("Activity", V::from("Write-Error"));
    for part in ["Activity", "Reason", "TargetName", "TargetType"] {
        if let Some(given) = c.bound.text(&format!("Category{part}")) {
            info.set(part, V::from(given));
        }
    }
    super::super::fault::word_category(info);
}

/// The objects as they would be shown on a screen of `width` cells.
fn shown(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>, width: usize) -> String {
    let values = c.input(input).into_iter().flat_map(V::unrolled);
    let values: Vec<V> = values.map(|value| super::super::member::settled(cx, &value)).collect();
    super::super::display::default_text(&values, &cx.rt.display.formatter(width))
}

fn out_string(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let width = c
        .bound
        .integer("Width")
        .and_then(|width| usize::try_from(width).ok())
        .unwrap_or_else(|| cx.rt.display.usable());
    let text = shown(cx, c, input, width);
    if c.bound.flag("Stream") {
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(&text).split('\n').collect();
        for line in lines {
            c.push(cx, V::from(line))?;
        }
        return Ok(());
    }
    c.push(cx, V::from(if c.bound.flag("NoNewline") { text.replace('\n', "") } else { text }))
}

fn out_host(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let text = shown(cx, c, input, cx.rt.display.usable());
    cx.rt.options.console.out(&text);
    Ok(())
}

/// Waits for Enter where somebody can press it.
fn pause(cx: Cx<'_>, _: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let prompt = "Press Enter to continue...: ";
    if lock(&cx.rt.answers).pop_front().is_some() {
        cx.rt.options.console.out(&format!("{prompt}\n"));
    } else {
        let _ = cx.rt.options.console.ask(prompt); // nobody there is an answer too
    }
    Ok(())
}

fn read_host(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let prompt = c.bound.list("Prompt").iter().map(interpolated).collect::<Vec<_>>().join(" ");
    let answer = lock(&cx.rt.answers).pop_front();
    let typed = if answer.is_none() { cx.rt.options.console.ask(&format!("{prompt}: ")) } else { None };
    if let Some(typed) = typed {
        let value = if c.bound.flag("AsSecureString") { V::Obj(secure(&typed)) } else { V::from(typed) };
        return c.push(cx, value);
    }
    let Some(answer) = answer else {
        return c
            .problem(
                "InvalidOperation",
                "InvalidOperation",
                "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
            )
            .exception("System.Management.Automation.PSInvalidOperationException")
            .err();
    };
    if !prompt.is_empty() {
        cx.rt.options.console.out(&format!("{prompt}: "));
    }
    let hidden = c.bound.flag("AsSecureString") || c.bound.flag("MaskInput");
    let echo = if hidden { "*".repeat(answer.chars().count()) } else { answer.clone() };
    cx.rt.options.console.out(&format!("{echo}\n"));
    if c.bound.flag("AsSecureString") {
        return c.push(cx, V::Obj(secure(&answer)));
    }
    c.push(cx, V::from(answer))
}

/// A secure string of the runtime.
#[must_use]
pub(crate) fn secure(plain: &str) -> Obj {
    Obj::new("System.Security.SecureString", [("Length", V::count(plain.chars().count())), ("__plain", V::from(plain))])
        .with_text("System.Security.SecureString")
}
