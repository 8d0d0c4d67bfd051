//! `Get-Random` and `Get-SecureRandom`: numbers, and objects in another order.
//!
//! Where the numbers come from is `random`'s business.

use super::super::fault::Res;
use super::super::number::Num;
use super::super::random::{Seeded, Source};
use super::super::state::Cx;
use super::super::value::{V, lock};
use super::Ctx;

/// The command.
///
/// # Errors
/// When the least number is not below the greatest.
pub(super) fn random(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    if let Some(seed) = c.bound.integer("SetSeed").and_then(|seed| i32::try_from(seed).ok()) {
        *lock(&cx.rt.random) = Source::Seed(Box::new(Seeded::new(seed)));
    }
    let mut source = lock(&cx.rt.random).clone();
    let result = draw(cx, c, input, &mut source);
    *lock(&cx.rt.random) = source;
    result
}

fn draw(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>, source: &mut Source) -> Res<()> {
    let items: Vec<V> = if c.piped { input } else { c.bound.list("InputObject") };
    let named = matches!(c.bound.get("InputObject"), Some(V::List(_)));
    if items.len() > 1 || c.piped || named {
        let all = if c.bound.flag("Shuffle") { items.len() } else { 1 };
        let count = c.bound.integer("Count").and_then(|n| usize::try_from(n).ok()).unwrap_or(all);
        return chosen(items, count, source).into_iter().try_for_each(|item| c.push(cx, item));
    }
    let number = |name: &str| c.bound.get(name).and_then(super::super::number::plain);
    let (low, high) = (number("Minimum"), number("Maximum"));
    let count = c.bound.integer("Count").unwrap_or(1);
    if [low, high].iter().flatten().any(|n| matches!(n, Num::Double(_))) {
        let (low, high) = (low.map_or(0.0, Num::double), high.map_or(f64::MAX, Num::double));
        for _ in 0..count {
            c.push(cx, V::Double(low + source.unit() * (high - low)))?;
        }
        return Ok(());
    }
    let alone = items.first().and_then(super::super::number::plain);
    let bounded = low.is_some() || high.is_some() || alone.is_some();
    let low = low.and_then(Num::long).unwrap_or(0);
    let high = high.or(alone).and_then(Num::long).unwrap_or(i32::MAX.into());
    if low >= high {
        let message =
            format!("The Minimum value ({low}) cannot be greater than or equal to the Maximum value ({high}).");
        return c
            .problem("MinGreaterThanOrEqualMax", "InvalidArgument", message)
            .exception("System.ArgumentException")
            .err();
    }
    for _ in 0..count {
        c.push(cx, V::integer(if bounded { source.within(low, high) } else { source.any() }))?;
    }
    Ok(())
}

/// So many of the items, in the order that PowerShell draws them.
fn chosen(items: Vec<V>, count: usize, source: &mut Source) -> Vec<V> {
    let place = |found: i64| usize::try_from(found).unwrap_or(0);
    let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let mut kept: Vec<V> = Vec::new();
    for (seen, item) in items.into_iter().enumerate() {
        if seen < count {
            kept.push(item);
        } else if place(source.within(0, size(seen + 1))) < count {
            let at = place(source.within(0, size(kept.len())));
            kept[at] = item;
        }
    }
    for at in 0..kept.len() {
        let other = place(source.within(size(at), size(kept.len())));
        kept.swap(at, other);
    }
    kept
}
