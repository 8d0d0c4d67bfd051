//! Validation attributes: `ValidateSet`, `ValidateRange` and their kin.
//!
//! Only says whether a value passes and why not.

use super::compare::{equal, order, truthy};
use super::fault::Res;
use super::state::Cx;
use super::text::interpolated;
use super::value::{Hash, V};

/// Why a value does not pass; `None` when it does.
#[must_use]
pub(super) fn check(validations: &[(String, Vec<V>)], value: &V) -> Option<String> {
    validations.iter().find_map(|(name, args)| {
        let (args, named) = split(args);
        one(&name.to_ascii_lowercase(), args, named, value)
    })
}

/// The arguments of an attribute, those with names apart.
fn split(args: &[V]) -> (&[V], Option<&Hash>) {
    match args.split_last() {
        Some((V::Hash(named), args)) => (args, Some(named)),
        _ => (args, None),
    }
}

/// The message that an attribute brings along, filled in.
fn own_message(named: Option<&Hash>, values: &[V]) -> Option<String> {
    let message = interpolated(&named?.text("errormessage")?);
    let text = super::operators::format(&message, values, &crate::render::text::Culture::EN_US).ok()?;
    Some(interpolated(&text))
}

fn one(name: &str, args: &[V], named: Option<&Hash>, value: &V) -> Option<String> {
    let items = value.clone().unrolled();
    match name {
        "validateset" => {
            let exact = named.and_then(|named| named.text("ignorecase")).is_some_and(|ignores| !truthy(&ignores));
            let bad =
                items.iter().find(|item| !args.iter().any(|arg| equal(&V::from(interpolated(arg)), item, exact)))?;
            let list: Vec<String> = args.iter().map(interpolated).collect();
            if let Some(message) = own_message(named, &[V::from(interpolated(bad)), V::from(list.join(","))]) {
                return Some(message);
            }
            Some(format!(
                "The argument \"{}\" does not belong to the set \"{}\" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.",
                interpolated(bad),
                list.join(",")
            ))
        }
        "validaterange" if args.len() == 1 => {
            let kind = interpolated(args.first()?).to_lowercase();
            let (fits, what): (fn(f64) -> bool, &str) = match kind.as_str() {
                "positive" => (|n| n > 0.0, "greater than zero"),
                "nonnegative" => (|n| n >= 0.0, "greater than or equal to zero"),
                "negative" => (|n| n < 0.0, "less than zero"),
                "nonpositive" => (|n| n <= 0.0, "less than or equal to zero"),
                _ => return None,
            };
            let bad = items.iter().find(|item| super::number::plain(item).is_some_and(|n| !fits(n.double())))?;
            Some(format!("The argument \"{}\" cannot be validated because its value is not {what}.", interpolated(bad)))
        }
        "validaterange" => {
            let (low, high) = (args.first()?, args.get(1)?);
            items.iter().find_map(|item| {
                let below = order(item, low, false).ok()?? == std::cmp::Ordering::Less;
                let above = order(item, high, false).ok()?? == std::cmp::Ordering::Greater;
                if above {
                    Some(format!("The {} argument is greater than the maximum allowed range of {}. Supply an argument that is less than or equal to {} and then try the command again.", interpolated(item), interpolated(high), interpolated(high)))
                } else if below {
                    Some(format!("The {} argument is less than the minimum allowed range of {}. Supply an argument that is greater than or equal to {} and then try the command again.", interpolated(item), interpolated(low), interpolated(low)))
                } else {
                    None
                }
            })
        }
        "validatepattern" => {
            let pattern = interpolated(args.first()?);
            let regex = super::regexes::compile(&pattern, true).ok()?;
            let bad = items.iter().find(|item| !regex.is_match(&interpolated(item)).unwrap_or(false))?;
            if let Some(message) = own_message(named, &[V::from(interpolated(bad)), V::from(pattern.as_str())]) {
                return Some(message);
            }
            Some(format!(
                "The argument \"{}\" does not match the \"{pattern}\" pattern. Supply an argument that matches \"{pattern}\" and try the command again.",
                interpolated(bad)
            ))
        }
        "validatelength" => {
            let low = super::number::plain(args.first()?)?.long()?;
            let high = super::number::plain(args.get(1)?)?.long()?;
            let length = i64::try_from(interpolated(value).chars().count()).ok()?;
            if length < low {
                Some(format!("The character length ({length}) of the argument is too short. Specify an argument with a length that is greater than or equal to \"{low}\", and then try the command again."))
            } else {
                (length > high).then(|| format!("The character length of the {length} argument is too long. Shorten the character length of the argument so it is fewer than or equal to \"{high}\" characters, and then try the command again."))
            }
        }
        "validatecount" => {
            let low = super::number::plain(args.first()?)?.long()?;
            let high = super::number::plain(args.get(1)?)?.long()?;
            let count = i64::try_from(items.len()).ok()?;
            (count < low || count > high).then(|| {
                if low == high {
                    format!("The parameter requires exactly {low} value(s) - {count} value(s) were provided.")
                } else {
                    format!("The parameter requires at least {low} value(s) and no more than {high} value(s) - {count} value(s) were provided.")
                }
            })
        }
        "validatedrive" | "validateuserdrive" => on_drive(args, value),
        "validatenotnullorwhitespace" => interpolated(value).trim().is_empty().then(|| {
            "The argument is null, empty, or consists of only white-space characters. Provide an argument that contains non white-space characters, and then try the command again.".to_owned()
        }),
        "validatenotnullorempty" if matches!(value, V::List(list) if list.is_empty() || list.items().iter().any(V::is_null)) => {
            Some("The argument is null, empty, or an element of the argument collection contains a null value. Supply a collection that does not contain any null values and then try the command again.".to_owned())
        }
        "validatenotnullorempty" => {
            let empty = value.is_null() || interpolated(value).is_empty();
            empty.then(|| "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.".to_owned())
        }
        "validatenotnull" => value.is_null().then(|| {
            "The argument is null. Provide a valid value for the argument, and then try running the command again."
                .to_owned()
        }),
        _ => None,
    }
}

/// A path is on one of these drives, or on the user's.
fn on_drive(args: &[V], value: &V) -> Option<String> {
    let path = interpolated(value);
    let drive = path.split_once(':').map_or("C", |(drive, _)| drive);
    let user = [V::from("User")];
    let approved: Vec<String> = if args.is_empty() { &user } else { args }.iter().map(interpolated).collect();
    let refused = !approved.iter().any(|known| known.eq_ignore_ascii_case(drive));
    refused.then(|| {
        format!("The path argument drive {drive} does not belong to the set of approved drives: {}. Supply a path argument with an approved drive.", approved.join(","))
    })
}

/// Why `ValidateScript` refuses a value; `None` when its block says true for every item.
///
/// # Errors
/// What the block gives.
pub(super) fn by_script(cx: Cx<'_>, validations: &[(String, Vec<V>)], value: &V) -> Res<Option<String>> {
    for (name, args) in validations {
        let Some(V::Block(block)) = args.first().filter(|_| name.eq_ignore_ascii_case("validatescript")) else {
            continue;
        };
        for item in value.clone().unrolled() {
            let answer = super::invoke::collect_with_item(cx, block, item.clone(), Vec::new())?;
            if !super::compare::truthy(&V::from_outputs(answer)) {
                if let Some(message) = own_message(split(args).1, &[item.clone(), V::from(block.text())]) {
                    return Ok(Some(message));
                }
                return Ok(Some(format!(
                    "The \"{}\" validation script for the argument with value \"{}\" did not return a result of True. Determine why the validation script failed, and then try the command again.",
                    block.text(),
                    interpolated(&item)
                )));
            }
        }
    }
    Ok(None)
}
