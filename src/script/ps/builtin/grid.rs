//! `Out-GridView`: a table to look through.
//!
//! The screen with its keys is the terminal side's (`Ui::look_through`); what the cells are, the views'.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::value::{Obj, V, lock};
use super::{Builtin, Ctx, all};
use crate::render::{Request, view::Shape};
use crate::script::{Grid, Takes};

pub(super) const COMMANDS: &[Builtin] = &[all("Out-GridView", grid)];

/// A table to look through; with `-PassThru` somebody says which rows go on. Where nobody can look it is printed, and
/// the next answer, such as `1,3-5`, says which rows go on; without answers all do.
fn grid(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let values: Vec<V> = c.input(input).into_iter().flat_map(V::unrolled).collect();
    let mode = c.bound.text("OutputMode").unwrap_or_default().to_lowercase();
    let takes = match mode.as_str() {
        "single" => Takes::One,
        "multiple" => Takes::Many,
        _ if c.bound.flag("PassThru") => Takes::Many,
        _ => Takes::Nothing,
    };
    let (columns, rows) = cells(cx, &values)?;
    let console = &cx.rt.options.console;
    let title = c.bound.text("Title").unwrap_or_default();
    let table = Grid { title: title.clone(), columns, rows, takes };
    if let Some(chosen) = console.look_through(&table) {
        return chosen.into_iter().try_for_each(|at| c.push(cx, values[at].clone()));
    }
    if !title.is_empty() {
        console.out(&format!("\n{title}\n"));
    }
    console.out(&printed(cx, &table));
    if takes == Takes::Nothing {
        return Ok(());
    }
    let Some(answer) = lock(&cx.rt.answers).pop_front() else {
        return values.into_iter().try_for_each(|value| c.push(cx, value));
    };
    let most = if takes == Takes::One { 1 } else { values.len() };
    chosen(&answer, values.len()).into_iter().take(most).try_for_each(|at| c.push(cx, values[at].clone()))
}

/// The columns and cells of objects, as their view has them; of what has no properties, its text.
fn cells(cx: Cx<'_>, values: &[V]) -> Res<(Vec<String>, Vec<Vec<String>>)> {
    let wires = values.iter().map(|value| {
        let is_text = matches!(value, V::Str(_)) || super::super::member::properties(cx, value)?.is_empty();
        let row = if is_text { V::Obj(Obj::custom([("Value", value.clone())])) } else { value.clone() };
        Ok(super::super::text::to_wire(&row))
    });
    let wires = wires.collect::<Res<Vec<_>>>()?;
    Ok(cx.rt.display.formatter(cx.rt.display.usable()).cells(&wires).unwrap_or_default())
}

/// The same table as text, its rows counted.
fn printed(cx: Cx<'_>, table: &Grid) -> String {
    let rows = table.rows.iter().enumerate().map(|(at, cells)| {
        let row = Obj::custom([("#", V::count(at + 1))]);
        for (name, cell) in table.columns.iter().zip(cells) {
            row.set(name, V::from(cell.as_str()));
        }
        super::super::text::to_wire(&V::Obj(row))
    });
    let request = Request { auto_size: Some(true), ..Request::of(Shape::Table) };
    let rows: Vec<_> = rows.collect();
    cx.rt.display.formatter(cx.rt.display.usable()).format(&rows, &request).unwrap_or_default()
}

/// The places that `1,3-5` or `*` means, counted from one; what is out of reach is left out.
fn chosen(answer: &str, count: usize) -> Vec<usize> {
    if answer.trim() == "*" {
        return (0..count).collect();
    }
    let mut places = Vec::new();
    for part in answer.split([',', ' ']).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(from), Ok(to)) = (from.trim().parse::<usize>(), to.trim().parse::<usize>()) {
            places.extend((from.max(1)..=to.min(count)).map(|place| place - 1));
        }
    }
    places
}
