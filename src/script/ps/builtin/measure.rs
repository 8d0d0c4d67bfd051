//! `Measure-Object` and `Measure-Command`.
//!
//! How values compare is in `compare`.

use std::sync::Mutex;
use std::time::Instant;

use super::super::compare::sort_order;
use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Obj, V, same_name};
use super::{Builtin, Ctx, Memory, all, each, selected};
use crate::clixml::PsTimeSpan;

pub(super) const COMMANDS: &[Builtin] = &[all("Measure-Object", measure), each("Measure-Command", measure_command)];

fn measure(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let items = c.input(input);
    if c.bound.flag("Line") || c.bound.flag("Word") || c.bound.flag("Character") {
        return measure_text(cx, c, &items);
    }
    let names = c.bound.list("Property");
    if names.is_empty() {
        let values: Vec<V> = items.into_iter().filter(|item| !item.is_null()).collect();
        return c.push(cx, statistics(cx, c, &values, "")?);
    }
    for name in measured(cx, &names, &items)? {
        let text = interpolated(&name);
        let mut values = Vec::new();
        for item in &items {
            let has = matches!(name, V::Block(_)) || super::super::member::has_property(item, &text);
            if has {
                let value = selected(cx, &name, item)?;
                if !value.is_null() {
                    values.push(value);
                }
            }
        }
        let known = items.iter().any(|item| super::super::member::has_property(item, &text));
        if values.is_empty() && !known {
            continue;
        }
        c.push(cx, statistics(cx, c, &values, &text)?)?;
    }
    Ok(())
}

/// The properties that are measured: patterns stand for those that objects have, none counts twice.
fn measured(cx: Cx<'_>, names: &[V], items: &[V]) -> Res<Vec<V>> {
    let mut found: Vec<V> = Vec::new();
    for name in names {
        let text = interpolated(name);
        if matches!(name, V::Block(_)) || !text.contains(['*', '?', '[']) {
            found.push(name.clone());
            continue;
        }
        for item in items {
            for (own, _) in super::super::member::properties(cx, item)? {
                if super::super::compare::like(&own, &text, false)
                    && !found.iter().any(|known| same_name(&interpolated(known), &own))
                {
                    found.push(V::Str(own));
                }
            }
        }
    }
    Ok(found)
}

fn statistics(cx: Cx<'_>, c: &Ctx<'_>, values: &[V], property: &str) -> Res<V> {
    let all = c.bound.flag("AllStats");
    let on = |name: &str| all || c.bound.flag(name);
    let (mut numbers, mut refused) = (Vec::new(), false);
    if on("Sum") || on("Average") || on("StandardDeviation") {
        for value in values {
            match super::super::number::of(value, "System.Double") {
                Ok(number) => numbers.push(number.double()),
                Err(_) => {
                    refused = true;
                    let text = interpolated(value);
                    c.out.error(
                        cx,
                        c.problem(
                            "NonNumericInputObject",
                            "InvalidType",
                            format!("Input object \"{text}\" is not numeric."),
                        )
                        .exception("System.Management.Automation.PSArgumentException"),
                    )?;
                }
            }
        }
    }
    // Not the empty sum of the library, which is -0.
    let sum = numbers.iter().fold(0.0, |sum: f64, number| sum + number);
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let average = sum / numbers.len().max(1) as f64;
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let deviation =
        (numbers.iter().map(|n| (n - average).powi(2)).sum::<f64>() / (numbers.len().max(2) - 1) as f64).sqrt();
    let parsed: Vec<f64> = values
        .iter()
        .filter_map(|value| super::super::number::of(value, "System.Double").ok().map(|n| n.double()))
        .collect();
    let textual =
        values.iter().any(|value| matches!(value, V::Str(_))) && parsed.len() == values.len() && !values.is_empty();
    let extreme = |maximum: bool| {
        if textual {
            let found = parsed.iter().copied().reduce(|a, b| if (a > b) == maximum { a } else { b });
            return found.map_or(V::Null, V::Double);
        }
        let picked = if maximum {
            values.iter().max_by(|a, b| sort_order(a, b, false))
        } else {
            values.iter().min_by(|a, b| sort_order(a, b, false))
        };
        picked.cloned().map_or(V::Null, |value| match super::super::number::plain(&value) {
            Some(number) if !matches!(value, V::Obj(_)) => V::Double(number.double()),
            _ => value,
        })
    };
    let optional = |wanted: bool, value: V| if wanted { value } else { V::Null };
    let numeric = values.iter().all(|value| super::super::number::plain(value).is_some());
    let kind = if numeric || on("Sum") || on("Average") {
        "Microsoft.PowerShell.Commands.MeasureInfo"
    } else {
        "Microsoft.PowerShell.Commands.GenericObjectMeasureInfo"
    };
    Ok(V::Obj(Obj::new(
        kind,
        [
            ("Count", V::count(values.len())),
            ("Average", optional(on("Average") && !numbers.is_empty() && !refused, V::Double(average))),
            ("Sum", optional(on("Sum") && !refused && (!numbers.is_empty() || property.is_empty()), V::Double(sum))),
            ("Maximum", optional(on("Maximum"), extreme(true))),
            ("Minimum", optional(on("Minimum"), extreme(false))),
            ("StandardDeviation", optional(on("StandardDeviation") && !refused, V::Double(deviation))),
            ("Property", if property.is_empty() { V::Null } else { V::from(property) }),
        ],
    )))
}

fn measure_text(cx: Cx<'_>, c: &Ctx<'_>, items: &[V]) -> Res<()> {
    let texts: Vec<String> = items.iter().map(interpolated).collect();
    let ignored = c.bound.flag("IgnoreWhiteSpace");
    let count = |wanted: bool, value: usize| if wanted { V::count(value) } else { V::Null };
    c.push(
        cx,
        V::Obj(Obj::new(
            "Microsoft.PowerShell.Commands.TextMeasureInfo",
            [
                ("Lines", count(c.bound.flag("Line"), texts.iter().map(|t| t.lines().count()).sum())),
                ("Words", count(c.bound.flag("Word"), texts.iter().map(|t| t.split_whitespace().count()).sum())),
                (
                    "Characters",
                    count(
                        c.bound.flag("Character"),
                        texts.iter().map(|t| t.chars().filter(|c| !(ignored && c.is_whitespace())).count()).sum(),
                    ),
                ),
                ("Property", V::Null),
            ],
        )),
    )
}

/// Runs a block, whose output is lost, and gives how long it took; nothing where the clock stands still.
fn measure_command(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let Some(V::Block(block)) = c.bound.get("Expression") else { return Ok(()) };
    let started = Instant::now();
    super::super::invoke::collect_with_item(cx, block, input.unwrap_or_default(), Vec::new())?;
    let ticks = if cx.rt.options.now.is_some() {
        0
    } else {
        i64::try_from(started.elapsed().as_nanos() / 100).unwrap_or_default()
    };
    c.push(cx, V::Span(PsTimeSpan { ticks }))
}
