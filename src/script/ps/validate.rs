//! Validation attributes: `ValidateSet`, `ValidateRange` and their kin.
//!
//! Only says whether a value passes and why not.

use super::compare::{equal, order};
use super::text::interpolated;
use super::value::V;

/// Why a value does not pass; `None` when it does.
#[must_use]
pub(super) fn check(validations: &[(String, Vec<V>)], value: &V) -> Option<String> {
    validations.iter().find_map(|(name, args)| one(&name.to_ascii_lowercase(), args, value))
}

fn one(name: &str, args: &[V], value: &V) -> Option<String> {
    let items = value.clone().unrolled();
    match name {
        "validateset" => {
            let bad =
                items.iter().find(|item| !args.iter().any(|arg| equal(&V::from(interpolated(arg)), item, false)))?;
            let list: Vec<String> = args.iter().map(interpolated).collect();
            Some(format!(
                "The argument \"{}\" does not belong to the set \"{}\" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.",
                interpolated(bad),
                list.join(",")
            ))
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
            Some(format!(
                "The argument \"{}\" does not match the \"{pattern}\" pattern. Supply an argument that matches \"{pattern}\" and try the command again.",
                interpolated(bad)
            ))
        }
        "validatelength" => {
            let low = super::number::plain(args.first()?)?.long()?;
            let high = super::number::plain(args.get(1)?)?.long()?;
            let length = i64::try_from(interpolated(value).chars().count()).ok()?;
            (length < low || length > high)
                .then(|| format!("The character length of the {length} argument is outside of the allowed range."))
        }
        "validatecount" => {
            let low = super::number::plain(args.first()?)?.long()?;
            let high = super::number::plain(args.get(1)?)?.long()?;
            let count = i64::try_from(items.len()).ok()?;
            (count < low || count > high)
                .then(|| "The number of provided arguments is outside of the allowed range.".to_owned())
        }
        "validatenotnullorempty" | "validatenotnullorwhitespace" => {
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
