//! `ForEach-Object`, `Where-Object`, `Tee-Object`, `Get-Unique`, `Invoke-Expression`, `Invoke-Command`.
//!
//! Sorting and shaping are in `shape`.

use std::sync::Mutex;

use super::super::bind::failed;
use super::super::fault::{Fault, Res};
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{V, lock};
use super::{Builtin, Ctx, Memory, all, each, edges};
use crate::catalog::Name;
use crate::catalog::bind::BindProblem;

pub(super) const COMMANDS: &[Builtin] = &[
    edges("ForEach-Object", Some(foreach_begin), foreach, foreach_end),
    each("Where-Object", where_object),
    each("Tee-Object", tee),
    each("Get-Unique", unique),
    each("Invoke-Expression", invoke_expression),
    all("Invoke-Command", invoke_command),
];

/// Whether every object has a method of this name.
fn is_common(member: &str) -> bool {
    ["ToString", "GetType", "GetHashCode"].iter().any(|name| name.eq_ignore_ascii_case(member))
}

fn blocks(c: &Ctx<'_>) -> (Option<V>, Vec<V>, Option<V>) {
    let mut process = c.bound.list("Process");
    let mut begin = c.bound.get("Begin").cloned();
    let mut end = c.bound.get("End").cloned();
    if begin.is_none() && process.len() > 1 && process.iter().all(|value| matches!(value, V::Block(_))) {
        begin = Some(process.remove(0));
        if process.len() > 1 && end.is_none() {
            end = process.pop();
        }
    }
    (begin, process, end)
}

fn run(cx: Cx<'_>, c: &Ctx<'_>, block: &V, item: Option<V>) -> Res<()> {
    let V::Block(block) = block else { return Ok(()) };
    cx.with_sink(c.out.sink(), || super::super::invoke::inline(cx, block, item, Vec::new()))
}

fn foreach_begin(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>) -> Res<()> {
    match blocks(c).0 {
        Some(begin) => run(cx, c, &begin, None),
        None => Ok(()),
    }
}

fn foreach_end(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>) -> Res<()> {
    match blocks(c).2 {
        Some(end) => run(cx, c, &end, None),
        None => Ok(()),
    }
}

fn foreach(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let item = match input {
        Some(item) => item,
        None => match c.bound.get("InputObject") {
            Some(item) => item.clone(),
            None if c.piped => return Ok(()),
            None => V::Null,
        },
    };
    let (_, process, _) = blocks(c);
    let member = c.bound.text("MemberName").or_else(|| match process.first() {
        Some(V::Block(_)) | None => None,
        Some(name) => Some(interpolated(name)),
    });
    if let Some(member) = member {
        let mut args: Vec<V> = process.iter().skip(1).cloned().collect();
        args.extend(c.bound.list("ArgumentList"));
        let value = member_of(cx, c, &item, &member, &args)?;
        for value in value.unrolled() {
            c.push(cx, value)?;
        }
        return Ok(());
    }
    for block in &process {
        run(cx, c, block, Some(item.clone()))?;
    }
    // one after the other: the order of what comes out is one of those that PowerShell may give
    if let Some(V::Block(block)) = c.bound.get("Parallel") {
        let sink = c.out.sink();
        let frame = super::super::state::Frame::default();
        let alone = || super::super::invoke::inline(cx, block, Some(item.clone()), Vec::new());
        return cx.with_frame(frame, || cx.with_sink(sink, alone)).0;
    }
    Ok(())
}

/// What a member named to `ForEach-Object` gives: a method's result, a property, null where there is no such member.
fn member_of(cx: Cx<'_>, c: &Ctx<'_>, item: &V, member: &str, args: &[V]) -> Res<V> {
    if !args.is_empty() {
        if item.is_null() {
            c.out.error(
                cx,
                c.problem(
                    "InvokeMethodOnNull",
                    "InvalidOperation",
                    "You cannot call a method on a null-valued expression.",
                ),
            )?;
            return Ok(V::Nothing);
        }
        return super::super::dotnet::methods::invoke(cx, item, member, args);
    }
    if super::super::member::has_property(item, member) {
        return super::super::member::get(cx, item, member);
    }
    let callable = match item {
        V::Obj(object) => object.has_method(member) || !object.is_custom() || is_common(member),
        other => !matches!(other, V::Null | V::Nothing),
    };
    if !callable {
        return super::super::member::get(cx, item, member);
    }
    super::super::dotnet::methods::invoke(cx, item, member, args).or_else(|fault| match &*fault {
        Fault::Error(record, _) if is_missing(record) => super::super::member::get(cx, item, member),
        _ => Err(fault),
    })
}

/// Whether an error says that there is no method of the name.
fn is_missing(record: &super::super::value::Obj) -> bool {
    record.note("FullyQualifiedErrorId").is_some_and(|id| interpolated(&id).starts_with("MethodNotFound"))
}

fn where_object(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let Some(item) = input.or_else(|| c.bound.get("InputObject").cloned()) else { return Ok(()) };
    let test = match c.bound.get("Property") {
        Some(V::Block(block)) => {
            V::from_outputs(super::super::invoke::collect_with_item(cx, block, item.clone(), Vec::new())?)
        }
        Some(name) => {
            let left = super::super::member::get(cx, &item, &interpolated(name))?;
            let right = c.bound.get("Value").cloned().unwrap_or_default();
            let right = match right {
                V::Obj(object) if object.is("spelled") => object.base(),
                other => other,
            };
            simple(cx, c, &left, &right)?
        }
        None => V::Null,
    };
    if super::super::compare::truthy(&test) {
        return c.push(cx, item);
    }
    Ok(())
}

fn simple(cx: Cx<'_>, c: &Ctx<'_>, left: &V, right: &V) -> Res<V> {
    for (name, op) in [
        ("EQ", "-eq"),
        ("NE", "-ne"),
        ("GT", "-gt"),
        ("GE", "-ge"),
        ("LT", "-lt"),
        ("LE", "-le"),
        ("Like", "-like"),
        ("NotLike", "-notlike"),
        ("Contains", "-contains"),
        ("NotContains", "-notcontains"),
        ("In", "-in"),
        ("NotIn", "-notin"),
        ("CEQ", "-ceq"),
        ("CNE", "-cne"),
        ("CGT", "-cgt"),
        ("CGE", "-cge"),
        ("CLT", "-clt"),
        ("CLE", "-cle"),
        ("CNotLike", "-cnotlike"),
        ("CNotIn", "-cnotin"),
        ("CNotContains", "-cnotcontains"),
        ("CLike", "-clike"),
        ("CIn", "-cin"),
        ("CContains", "-ccontains"),
    ] {
        if c.bound.flag(name) {
            return super::super::compare::compare(left, op, right);
        }
    }
    for (name, op) in
        [("Match", "-match"), ("NotMatch", "-notmatch"), ("CMatch", "-cmatch"), ("CNotMatch", "-cnotmatch")]
    {
        if c.bound.flag(name) {
            return super::super::operators::matches(cx, left, op, right);
        }
    }
    for (name, wanted) in [("Is", true), ("IsNot", false)] {
        if c.bound.flag(name) {
            let kind = interpolated(right);
            let kind = kind.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&kind);
            return Ok(V::Bool(super::super::cast::is(left, kind) == wanted));
        }
    }
    if c.bound.flag("Not") {
        return Ok(V::Bool(!super::super::compare::truthy(left)));
    }
    Ok(V::Bool(super::super::compare::truthy(left)))
}

fn tee(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let given = || c.bound.get("InputObject").filter(|_| !c.piped).cloned();
    let Some(item) = input.or_else(given) else { return Ok(()) };
    lock(memory).values.push(item.clone());
    let values = lock(memory).values.clone();
    if let Some(variable) = c.bound.text("Variable") {
        cx.rt.set(&variable, V::from_outputs(values.clone()));
    }
    if c.bound.flag("Append")
        && let Some(path) = c.bound.text("FilePath")
    {
        let text = super::super::display::default_text(
            std::slice::from_ref(&item),
            &cx.rt.display.formatter(cx.rt.display.usable()),
        );
        super::super::files::write(cx, &path, text.as_bytes(), true).map_err(|problem| problem.fault())?;
    } else if let Some(path) = c.bound.text("FilePath") {
        let text = super::super::display::default_text(&values, &cx.rt.display.formatter(cx.rt.display.usable()));
        super::super::files::write(cx, &path, text.as_bytes(), false).map_err(|problem| problem.fault())?;
    }
    c.push(cx, item)
}

fn unique(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let Some(item) = input else { return Ok(()) };
    let exact = !c.bound.flag("CaseInsensitive");
    let last = lock(memory).values.last().cloned();
    let same = last.is_some_and(|last| {
        super::super::compare::equal(&last, &item, exact)
            || matches!((&last, &item), (V::Obj(_), V::Obj(_))) && interpolated(&last) == interpolated(&item)
    });
    if same {
        return Ok(());
    }
    lock(memory).values = vec![item.clone()];
    c.push(cx, item)
}

fn invoke_expression(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let text = input.or_else(|| c.bound.get("Command").cloned()).map(|value| interpolated(&value)).unwrap_or_default();
    if text.is_empty() {
        let empty = BindProblem::EmptyString { parameter: Name::Borrowed("Command") };
        return Err(failed("Invoke-Expression", c.id, empty));
    }
    let block = super::super::engine::compile_block(cx, &text).inspect_err(|fault| {
        if let Fault::Error(record, _) = &**fault {
            let id = super::super::text::to_string(&record.note("FullyQualifiedErrorId").unwrap_or_default());
            record.set("FullyQualifiedErrorId", V::from(format!("{id},{}", c.id)));
        }
    })?;
    cx.with_sink(c.out.sink(), || super::super::invoke::inline(cx, &block, None, Vec::new()))
}

fn invoke_command(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let Some(V::Block(block)) = c.bound.get("ScriptBlock") else { return Ok(()) };
    let input = c.piped.then_some(input);
    for value in super::super::invoke::call_block_with(cx, block, c.bound.list("ArgumentList"), input)? {
        c.push(cx, value)?;
    }
    Ok(())
}
