//! Methods of lists, dictionaries, dates, time spans, script blocks and objects.
//!
//! Strings are in `method`. `None` means that there is no such method.

use super::block::Block;
use super::fault::{Problem, Res, method_threw};
use super::number;
use super::state::Cx;
use super::text::{interpolated, to_string};
use super::value::{Hash, HashKind, List, ListKind, Obj, V};
use crate::clixml::{PsDateTime, PsTimeSpan};
use crate::render::text::Culture;

fn int(args: &[V], at: usize) -> Res<i64> {
    match args.get(at) {
        Some(value) => Ok(number::of(value, "System.Int32")?.long().unwrap_or_default()),
        None => Ok(0),
    }
}

fn float(args: &[V], at: usize) -> Res<f64> {
    match args.get(at) {
        Some(value) => Ok(number::of(value, "System.Double")?.double()),
        None => Ok(0.0),
    }
}

fn fixed(method: &str, args: &[V]) -> Problem {
    method_threw(method, args.len(), "System.NotSupportedException", "Collection was of a fixed size.")
}

fn typed(list: &List, value: &V) -> Res<V> {
    match list.kind() {
        ListKind::Generic(item) | ListKind::Set(item) if &**item != "System.Object" && !item.contains('|') => {
            super::cast::cast(item, value).map_err(|fault| match *fault {
                super::fault::Fault::Error(record, _) => Problem::new(
                    "MethodArgumentConversionInvalidCastArgument",
                    "NotSpecified",
                    format!(
                        "Cannot convert argument \"item\", with value: \"{}\", for \"Add\" to type \"{item}\": \"{}\"",
                        interpolated(value),
                        super::fault::summary(&record).0
                    ),
                )
                .exception("System.Management.Automation.MethodException")
                .fault(),
                other => Box::new(other),
            })
        }
        _ => Ok(value.clone()),
    }
}

/// Methods of lists.
#[expect(clippy::too_many_lines, reason = "one arm a method")]
pub fn list(cx: Cx<'_>, list: &List, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = || args.first().cloned().unwrap_or_default();
    let set = matches!(list.kind(), ListKind::Set(_));
    if let Some(found) = super::method_predicate::call(cx, list, name, args)? {
        return Ok(Some(found));
    }
    Ok(Some(match name {
        "tostring" if !args.is_empty() => {
            return Problem::new(
                "MethodCountCouldNotFindBest",
                "NotSpecified",
                format!("Cannot find an overload for \"ToString\" and the argument count: \"{}\".", args.len()),
            )
            .exception("System.Management.Automation.MethodException")
            .err();
        }
        "add" | "addrange" | "remove" | "removeat" | "insert" | "clear" | "removerange" | "removeall"
            if list.is_array() =>
        {
            let method = match name {
                "add" => "Add",
                "clear" => return Ok(clear_array(list)),
                "removeat" => "RemoveAt",
                "insert" => "Insert",
                "remove" => "Remove",
                _ => return Ok(None),
            };
            return fixed(method, args).err();
        }
        "add" if set => {
            let value = typed(list, &first())?;
            let exact = !ignores(list);
            let known = list
                .lock()
                .iter()
                .any(|own| super::compare::equal(own, &value, exact) && own.type_name() == value.type_name());
            if !known {
                list.lock().push(value);
            }
            V::Bool(!known)
        }
        "add" => {
            let value = typed(list, &first())?;
            let mut items = list.lock();
            items.push(value);
            if matches!(list.kind(), ListKind::ArrayList) { V::count(items.len() - 1) } else { V::Nothing }
        }
        "addrange" | "unionwith" => {
            for value in first().unrolled() {
                let value = typed(list, &value)?;
                let known = set && list.lock().iter().any(|own| super::compare::equal(own, &value, true));
                if !known {
                    list.lock().push(value);
                }
            }
            V::Nothing
        }
        "remove" => {
            let value = first();
            let at = list.lock().iter().position(|own| super::compare::equal(own, &value, true));
            if let Some(at) = at {
                list.lock().remove(at);
            }
            if matches!(list.kind(), ListKind::ArrayList) { V::Nothing } else { V::Bool(at.is_some()) }
        }
        "removeat" | "removerange" => {
            let at = usize::try_from(int(args, 0)?).unwrap_or(usize::MAX);
            let count = if name == "removeat" { 1 } else { usize::try_from(int(args, 1)?).unwrap_or(0) };
            if at.saturating_add(count) > list.len() {
                return method_threw("RemoveAt", args.len(), "System.ArgumentOutOfRangeException", "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')").err();
            }
            list.lock().drain(at..at + count);
            V::Nothing
        }
        "insert" => {
            let at = usize::try_from(int(args, 0)?).unwrap_or(0);
            let value = typed(list, &args.get(1).cloned().unwrap_or_default())?;
            let mut items = list.lock();
            let at = at.min(items.len());
            items.insert(at, value);
            V::Nothing
        }
        "clear" => {
            list.lock().clear();
            V::Nothing
        }
        "contains" => {
            let value = first();
            let exact = !ignores(list);
            V::Bool(list.items().iter().any(|own| super::compare::equal(own, &value, exact)))
        }
        "indexof" => {
            let value = first();
            let at = list.items().iter().position(|own| super::compare::equal(own, &value, true));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        "toarray" => match list.kind() {
            ListKind::Generic(item) | ListKind::Array(item) => {
                V::List(List::of(ListKind::Array(item.clone()), list.items()))
            }
            ListKind::Set(item) => {
                let item = item.trim_end_matches("|ignorecase");
                V::List(List::of(ListKind::Array(item.into()), list.items()))
            }
            ListKind::Queue(Some(item)) | ListKind::Stack(Some(item)) => {
                V::List(List::of(ListKind::Array(item.clone()), list.items()))
            }
            _ => V::array(list.items()),
        },
        "lastindexof" => {
            let value = first();
            let at = list.items().iter().rposition(|own| super::compare::equal(own, &value, true));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        "insertrange" => {
            let at = usize::try_from(int(args, 0)?).unwrap_or(0).min(list.len());
            let values: Res<Vec<V>> =
                args.get(1).cloned().unwrap_or_default().unrolled().iter().map(|value| typed(list, value)).collect();
            list.lock().splice(at..at, values?);
            V::Nothing
        }
        "binarysearch" => {
            let value = first();
            let found = list.lock().binary_search_by(|own| super::compare::sort_order(own, &value, true));
            match found {
                Ok(at) => V::count(at),
                Err(at) => V::Int(-i32::try_from(at).unwrap_or(i32::MAX) - 1),
            }
        }
        "issubsetof" | "issupersetof" | "overlaps" | "setequals" | "symmetricexceptwith" => {
            return set_method(list, name, &first().unrolled()).map(Some);
        }
        "clone" => V::List(List::of(list.kind().clone(), list.items())),
        "getenumerator" => V::array(list.items()),
        "reverse" => {
            list.lock().reverse();
            V::Nothing
        }
        "sort" => {
            list.lock().sort_by(|a, b| super::compare::sort_order(a, b, true));
            V::Nothing
        }
        "getvalue" | "item" | "get" => super::member::index(cx, &V::List(list.clone()), &first())?,
        "setvalue" | "set" => {
            super::member::set_index(cx, &V::List(list.clone()), &args.get(1).cloned().unwrap_or_default(), first())?;
            V::Nothing
        }
        "getlength" | "getupperbound" => V::count(list.len().saturating_sub(usize::from(name == "getupperbound"))),
        "foreach" | "where" => return super::method_query::query(cx, &list.items(), name, args, list.kind()).map(Some),
        "enqueue" | "push" => {
            list.lock().push(first());
            V::Nothing
        }
        "dequeue" | "pop" | "peek" => return taken(list, name, args).map(Some),
        "exceptwith" | "intersectwith" => {
            let others = first().unrolled();
            let keep = name == "intersectwith";
            list.lock().retain(|own| others.iter().any(|other| super::compare::equal(own, other, true)) == keep);
            V::Nothing
        }
        "copyto" | "trimexcess" => V::Nothing,
        "getrange" => {
            let at = usize::try_from(int(args, 0)?).unwrap_or(0);
            let count = usize::try_from(int(args, 1)?).unwrap_or(0);
            V::List(List::of(list.kind().clone(), list.items().into_iter().skip(at).take(count).collect()))
        }
        _ => return Ok(None),
    }))
}

fn set_method(list: &List, name: &str, others: &[V]) -> Res<V> {
    let exact = !ignores(list);
    let items = list.items();
    let within = |item: &V, all: &[V]| all.iter().any(|other| super::compare::equal(item, other, exact));
    let subset = |a: &[V], b: &[V]| a.iter().all(|item| within(item, b));
    Ok(V::Bool(match name {
        "issubsetof" => subset(&items, others),
        "issupersetof" => subset(others, &items),
        "overlaps" => items.iter().any(|item| within(item, others)),
        "setequals" => subset(&items, others) && subset(others, &items),
        _ => {
            let mut kept: Vec<V> = items.iter().filter(|item| !within(item, others)).cloned().collect();
            kept.extend(others.iter().filter(|item| !within(item, &items)).cloned());
            *list.lock() = kept;
            return Ok(V::Nothing);
        }
    }))
}

/// Whether a set was made to ignore case.
fn ignores(list: &List) -> bool {
    matches!(list.kind(), ListKind::Set(item) if item.ends_with("|ignorecase"))
}

fn clear_array(list: &List) -> Option<V> {
    for item in list.lock().iter_mut() {
        *item = V::Null;
    }
    Some(V::Nothing)
}

fn taken(list: &List, name: &str, args: &[V]) -> Res<V> {
    let queue = matches!(list.kind(), ListKind::Queue(_));
    let mut items = list.lock();
    if items.is_empty() {
        drop(items);
        let (method, what) = if queue { ("Dequeue", "Queue") } else { ("Pop", "Stack") };
        return method_threw(method, args.len(), "System.InvalidOperationException", &format!("{what} empty.")).err();
    }
    Ok(match (name, queue) {
        ("peek", true) => items[0].clone(),
        ("peek", false) => items.last().cloned().unwrap_or_default(),
        (_, true) => items.remove(0),
        (_, false) => items.pop().unwrap_or_default(),
    })
}

/// Methods of dictionaries.
pub fn hash(cx: Cx<'_>, hash: &Hash, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = || args.first().cloned().unwrap_or_default();
    let second = || args.get(1).cloned().unwrap_or_default();
    Ok(Some(match name {
        "add" => {
            let key = first();
            if hash.get(&key).is_some() {
                let text = interpolated(&key);
                let message = match hash.kind() {
                    HashKind::Dictionary(..) => {
                        format!("An item with the same key has already been added. Key: {text}")
                    }
                    _ => format!("Item has already been added. Key in dictionary: '{text}'  Key being added: '{text}'"),
                };
                return method_threw("Add", 2, "System.ArgumentException", &message).err();
            }
            hash.set(
                key,
                match hash.kind() {
                    HashKind::Dictionary(_, item, _) if &**item != "System.Object" => {
                        super::cast::cast(item, &second())?
                    }
                    _ => second(),
                },
            );
            V::Nothing
        }
        "remove" => {
            let removed = hash.remove(&first());
            if matches!(hash.kind(), HashKind::Dictionary(..)) { V::Bool(removed) } else { V::Nothing }
        }
        "removeat" => {
            let at = usize::try_from(int(args, 0)?).unwrap_or(usize::MAX);
            if let Some((key, _)) = hash.entries().get(at) {
                hash.remove(key);
            }
            V::Nothing
        }
        "insert" => {
            hash.insert(
                usize::try_from(int(args, 0)?).unwrap_or(0),
                second(),
                args.get(2).cloned().unwrap_or_default(),
            );
            V::Nothing
        }
        "clear" => {
            hash.clear();
            V::Nothing
        }
        "containskey" if *hash.kind() == HashKind::Ordered => return Ok(None),
        "contains" if matches!(hash.kind(), HashKind::Dictionary(..)) => return Ok(None),
        "containskey" | "contains" => V::Bool(hash.get(&first()).is_some()),
        "containsvalue" => {
            let value = first();
            V::Bool(hash.entries().iter().any(|(_, own)| super::compare::equal(own, &value, true)))
        }
        "getenumerator" => V::array(hash.entries().into_iter().map(|(key, value)| entry(key, value)).collect()),
        "clone" => V::Hash(Hash::from_entries(hash.kind().clone(), hash.entries())),
        "item" | "get_item" => hash.get(&first()).unwrap_or_default(),
        "set_item" => {
            hash.set(first(), second());
            V::Nothing
        }
        "trygetvalue" => {
            let found = hash.get(&first());
            if let Some(reference @ V::Obj(_)) = args.get(1) {
                super::member::set(cx, reference, "Value", found.clone().unwrap_or_default())?;
            }
            V::Bool(found.is_some())
        }
        "tryadd" => {
            let added = hash.get(&first()).is_none();
            if added {
                hash.set(first(), second());
            }
            V::Bool(added)
        }
        "getvalueordefault" => hash.get(&first()).unwrap_or_else(second),
        "indexofkey" => {
            let key = first();
            let at = hash.entries().iter().position(|(own, _)| super::compare::equal(own, &key, false));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        "copyto" => V::Nothing,
        _ => return Ok(None),
    }))
}

/// An entry of a dictionary as an object.
#[must_use]
pub fn entry(key: V, value: V) -> V {
    let text = format!("[{}, {}]", to_string(&key), to_string(&value));
    let object =
        Obj::new("System.Collections.DictionaryEntry", [("Name", key.clone()), ("Key", key), ("Value", value)]);
    let _ = text;
    V::Obj(object.with_text("System.Collections.DictionaryEntry"))
}

/// Methods of dates.
pub fn date(cx: Cx<'_>, date: PsDateTime, name: &str, args: &[V]) -> Res<Option<V>> {
    let offset = cx.rt.options.offset_minutes;
    let out_of_range = |method: &str| {
        method_threw(
            method,
            args.len(),
            "System.ArgumentOutOfRangeException",
            "The added or subtracted value results in an un-representable DateTime. (Parameter 'value')",
        )
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
    let shifted = |unit: i64, method: &str| -> Res<V> {
        let ticks = date.ticks + (float(args, 0)? * unit as f64).round() as i64;
        if (0..=PsDateTime::TICKS_MAX).contains(&ticks) {
            Ok(V::Date(PsDateTime { ticks, ..date }))
        } else {
            out_of_range(method).err()
        }
    };
    let culture = Culture::EN_US;
    let formatted = |format: &str| V::from(super::text::formatted(&V::Date(date), format, &culture));
    Ok(Some(match name {
        "adddays" => shifted(864_000_000_000, "AddDays")?,
        "addhours" => shifted(36_000_000_000, "AddHours")?,
        "addminutes" => shifted(600_000_000, "AddMinutes")?,
        "addseconds" => shifted(10_000_000, "AddSeconds")?,
        "addmilliseconds" => shifted(10_000, "AddMilliseconds")?,
        "addticks" => shifted(1, "AddTicks")?,
        "addmonths" | "addyears" => {
            let months = int(args, 0)? * if name == "addyears" { 12 } else { 1 };
            match super::dates::add_months(date, months) {
                Some(date) => V::Date(date),
                None => return out_of_range("AddMonths").err(),
            }
        }
        "add" => super::arith::add(&V::Date(date), &args.first().cloned().unwrap_or_default())?,
        "subtract" => super::arith::subtract(&V::Date(date), &args.first().cloned().unwrap_or_default())?,
        "touniversaltime" => V::Date(super::dates::to_utc(date, offset)),
        "tolocaltime" => V::Date(super::dates::to_local(date, offset)),
        "toshortdatestring" => formatted("d"),
        "tolongdatestring" => formatted("D"),
        "toshorttimestring" => formatted("t"),
        "tolongtimestring" => formatted("T"),
        "tofiletime" | "tofiletimeutc" => {
            let utc = super::dates::to_utc(date, offset);
            V::Long(utc.ticks - 504_911_232_000_000_000)
        }
        "tooadate" =>
        {
            #[expect(clippy::cast_precision_loss, reason = "that is what .NET does")]
            V::Double((date.ticks - 599_264_352_000_000_000) as f64 / 864_000_000_000.0)
        }
        "tounixtimeseconds" => {
            V::Long((super::dates::to_utc(date, offset).ticks - super::dates::UNIX_EPOCH_TICKS) / 10_000_000)
        }
        "tounixtimemilliseconds" => {
            V::Long((super::dates::to_utc(date, offset).ticks - super::dates::UNIX_EPOCH_TICKS) / 10_000)
        }
        "getdatetimeformats" => V::array(
            ["d", "D", "f", "F", "g", "G", "m", "o", "r", "s", "t", "T", "u", "y"]
                .iter()
                .map(|format| formatted(format))
                .collect(),
        ),
        "isdaylightsavingtime" => V::Bool(false),
        "equals" => V::Bool(matches!(args.first(), Some(V::Date(other)) if other.ticks == date.ticks)),
        _ => return Ok(None),
    }))
}

/// Methods of time spans.
pub fn span(span: PsTimeSpan, name: &str, args: &[V]) -> Res<Option<V>> {
    let other = || args.first().and_then(super::cast::to_span).unwrap_or_default().ticks;
    Ok(Some(V::Span(PsTimeSpan {
        ticks: match name {
            "add" => span.ticks + other(),
            "subtract" => span.ticks - other(),
            "negate" => -span.ticks,
            "duration" => span.ticks.abs(),
            _ => return Ok(None),
        },
    })))
}

/// Methods of script blocks.
pub fn block(cx: Cx<'_>, block: &Block, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "invoke" => V::array(super::invoke::call_block(cx, block, args.to_vec())?),
        "invokereturnasis" => V::from_outputs(super::invoke::call_block(cx, block, args.to_vec())?),
        "getnewclosure" => V::Block(block.with_captured(cx.rt.visible_variables())),
        "tostring" => V::from(block.text()),
        _ => return Ok(None),
    }))
}

/// Methods of types.
pub fn type_method(full: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "tostring" => V::from(super::types::display(full)),
        "isinstanceoftype" => V::Bool(args.first().is_some_and(|value| super::cast::is(value, full))),
        _ => return Ok(None),
    }))
}

/// Methods of objects that the runtime makes.
pub fn object(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    if super::xml::is_node(object)
        && let Some(found) = super::xml::method(cx, object, name, args)?
    {
        return Ok(Some(found));
    }
    let kind = object.type_name();
    let own = || V::Obj(object.clone());
    Ok(Some(match (&*kind, name) {
        (super::walk::ENUMERATOR, _) => return Ok(super::walk::method(cx.rt, name)),
        (super::special::PROPERTIES, _) => return super::special::properties_method(object, name, args),
        ("System.Text.StringBuilder", _) => return string_builder(object, name, args),
        ("System.Diagnostics.Stopwatch", "start" | "stop" | "reset" | "restart") => {
            object.set("IsRunning", V::Bool(matches!(name, "start" | "restart")));
            V::Nothing
        }
        ("System.Management.Automation.PSObject", "copy") => match object.base() {
            V::Obj(inner) => V::Obj(inner.copy()),
            other => other,
        },
        ("System.Management.Automation.PSScriptCmdlet", "shouldcontinue") => V::Bool(true),
        ("System.Management.Automation.PSScriptCmdlet", "shouldprocess") => {
            let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
            let name = match object.note("MyInvocation") {
                Some(V::Obj(invocation)) => to_string(&invocation.note("InvocationName").unwrap_or_default()),
                _ => String::new(),
            };
            let what = match args.len() {
                0 | 1 => format!("Performing the operation \"{name}\" on target \"{}\".", text(0)),
                2 => format!("Performing the operation \"{}\" on target \"{}\".", text(1), text(0)),
                _ => text(0),
            };
            let only_shown = object.note("WhatIf").is_some_and(|value| super::compare::truthy(&value))
                || super::compare::truthy(&cx.rt.get("WhatIfPreference").unwrap_or_default());
            if only_shown {
                cx.rt.options.console.out(&format!("What if: {what}\n"));
            } else {
                super::command::write_message(
                    cx,
                    super::state::Message::Verbose,
                    &what,
                    &super::command::Common::default(),
                )?;
            }
            V::Bool(!only_shown)
        }
        ("System.Management.Automation.PSScriptCmdlet", "throwterminatingerror") => {
            if let Some(V::Obj(record)) = args.first() {
                return Err(Box::new(super::fault::Fault::Error(record.clone(), super::fault::Reach::Statement)));
            }
            V::Nothing
        }
        ("System.Management.Automation.PSScriptCmdlet", "writeverbose" | "writewarning" | "writedebug") => {
            let kind = match name {
                "writeverbose" => super::state::Message::Verbose,
                "writewarning" => super::state::Message::Warning,
                _ => super::state::Message::Debug,
            };
            super::command::write_message(
                cx,
                kind,
                &args.first().map(interpolated).unwrap_or_default(),
                &super::command::Common::default(),
            )?;
            V::Nothing
        }
        ("System.Collections.DictionaryEntry", "tostring") => V::from("System.Collections.DictionaryEntry"),
        _ if name == "gettype" && object.is_custom() => V::Type(super::value::CUSTOM_OBJECT.into()),
        _ if name == "tostring" && args.is_empty() => V::from(to_string(&own())),
        _ if name == "equals" => V::Bool(matches!(args.first(), Some(V::Obj(other)) if other.same(object))),
        _ => return super::statics::object_method(cx, object, name, args),
    }))
}

fn string_builder(object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = to_string(&object.base());
    let put = |text: String| {
        object.set_base(V::from(text));
        V::Obj(object.clone())
    };
    let first = args.first().map(interpolated).unwrap_or_default();
    Ok(Some(match name {
        "append" => put(format!("{text}{first}")),
        "appendline" => put(format!("{text}{first}\n")),
        "appendformat" => {
            let values: Vec<_> = args[1..]
                .iter()
                .flat_map(|arg| arg.clone().unrolled())
                .map(|value| super::text::to_wire(&value))
                .collect();
            put(format!(
                "{text}{}",
                crate::render::text::composite(&first, &values, &Culture::EN_US).unwrap_or_default()
            ))
        }
        "insert" => {
            let at = usize::try_from(int(args, 0)?).unwrap_or(0).min(text.len());
            let mut text = text;
            text.insert_str(at, &args.get(1).map(interpolated).unwrap_or_default());
            put(text)
        }
        "replace" => put(text.replace(&first, &args.get(1).map(interpolated).unwrap_or_default())),
        "remove" => {
            let (at, count) =
                (usize::try_from(int(args, 0)?).unwrap_or(0), usize::try_from(int(args, 1)?).unwrap_or(0));
            put(text
                .chars()
                .enumerate()
                .filter(|(index, _)| *index < at || *index >= at + count)
                .map(|(_, c)| c)
                .collect())
        }
        "clear" => put(String::new()),
        "tostring" => V::from(text),
        _ => return Ok(None),
    }))
}
