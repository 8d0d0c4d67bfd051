//! Arithmetic, concatenation, repetition, ranges and bits: `+ - * / % .. -band …`.
//!
//! The left operand's type decides, as in PowerShell.

use std::ops::{BitAnd, BitOr, BitXor, Shl, Shr};

use rust_decimal::Decimal;

use super::fault::{Problem, Res};
use super::number::{self, Num};
use super::text::interpolated;
use super::value::{Hash, HashKind, V};
use crate::clixml::{PsDateTime, PsTimeSpan};

/// The left value's type has no such operator; where that is a number, the right one's.
fn missing_operator(left: &V, right: &V, name: &str) -> Problem {
    let is_primitive = |value: &V| {
        matches!(value, V::Bool(_) | V::Char(_) | V::Null | V::Nothing)
            || number::plain(value).is_some() && !matches!(value, V::Str(_) | V::Decimal(_) | V::Obj(_) | V::Big(_))
    };
    let owner = if is_primitive(left) && !is_primitive(right) { right } else { left };
    let owner = match owner {
        V::Obj(object) if object.is_custom() => "System.Management.Automation.PSObject".into(),
        other => other.type_name(),
    };
    Problem::new(
        "MethodNotFound",
        "InvalidOperation",
        format!("Method invocation failed because [{owner}] does not contain a method named '{name}'."),
    )
}

/// `left + right`.
///
/// # Errors
/// When the values cannot be added.
pub(super) fn add(left: &V, right: &V) -> Res<V> {
    match left {
        V::Null | V::Nothing => Ok(if matches!(right, V::Nothing) { V::Null } else { right.clone() }),
        V::Str(text) => Ok(V::from(format!("{text}{}", interpolated(right)))),
        V::Char(c) => Ok(V::from(format!("{c}{}", interpolated(right)))),
        V::List(list) => {
            let mut items = list.items();
            match right {
                V::List(more) => items.extend(more.items()),
                V::Nothing => {}
                other => items.push(other.clone()),
            }
            Ok(V::array(items))
        }
        V::Hash(hash) => merge(hash, right),
        V::Date(date) => shift_date(*date, right, 1),
        V::Span(span) => match super::cast::to_span(right) {
            Some(other) => Ok(V::Span(PsTimeSpan { ticks: span.ticks.saturating_add(other.ticks) })),
            None => missing_operator(left, right, "op_Addition").err(),
        },
        V::Obj(object) if super::dotnet::offset::is(object) => moved(object, "add", left, right),
        V::Obj(object) if !object.base().is_null() && !matches!(object.base(), V::Obj(_)) => add(&object.base(), right),
        _ if number::plain(left).is_some() => {
            if matches!(right, V::List(_) | V::Hash(_)) || matches!(right, V::Obj(_)) && number::plain(right).is_none()
            {
                return missing_operator(left, right, "op_Addition").err();
            }
            numeric(left, right, '+')
        }
        _ => missing_operator(left, right, "op_Addition").err(),
    }
}

/// A moment and a time span, or two moments.
fn moved(moment: &super::value::Obj, method: &str, left: &V, right: &V) -> Res<V> {
    let other = match right {
        V::Obj(_) | V::Span(_) => right.clone(),
        V::Date(_) if method == "subtract" => super::dotnet::offset::cast(right).unwrap_or_default(),
        other => super::cast::to_span(other).map_or(V::Null, V::Span),
    };
    let operator = if method == "add" { "op_Addition" } else { "op_Subtraction" };
    if other.is_null() {
        return missing_operator(left, right, operator).err();
    }
    super::dotnet::offset::method(moment, method, &[other])?
        .map_or_else(|| missing_operator(left, right, operator).err(), Ok)
}

/// A quotient with as many decimals as .NET keeps: those of its operands when they do, else only those it needs.
fn quotient(a: Decimal, b: Decimal) -> Option<Decimal> {
    let mut found = a.checked_div(b)?.normalize();
    let kept = a.scale().saturating_sub(b.scale());
    if found.scale() < kept {
        found.rescale(kept);
    }
    Some(found)
}

fn merge(hash: &Hash, right: &V) -> Res<V> {
    let V::Hash(other) = right else {
        return Problem::new(
            "AddHashTableToNonHashTable",
            "InvalidOperation",
            "A hash table can only be added to another hash table.",
        )
        .err();
    };
    let sum = Hash::from_entries(HashKind::Table, hash.entries());
    for (key, value) in other.entries() {
        if sum.get(&key).is_some() {
            let text = interpolated(&key);
            return Problem::new(
                "System.ArgumentException",
                "OperationStopped",
                format!("Item has already been added. Key in dictionary: '{text}'  Key being added: '{text}'"),
            )
            .exception("System.ArgumentException")
            .err();
        }
        sum.set(key, value);
    }
    Ok(V::Hash(sum))
}

/// A date cannot be moved by another.
fn no_span(by: &V) -> Problem {
    let text = super::text::to_string(by);
    Problem::new(
        "MethodArgumentConversionInvalidCastArgument",
        "NotSpecified",
        format!(
            "Cannot convert argument \"t\", with value: \"{text}\", for \"op_Addition\" to type \"System.TimeSpan\": \"Cannot convert the \"{text}\" value of type \"{}\" to type \"System.TimeSpan\".\"",
            by.type_name()
        ),
    )
    .exception("System.Management.Automation.MethodException")
}

fn shift_date(date: PsDateTime, by: &V, sign: i64) -> Res<V> {
    let ticks = match by {
        V::Span(span) => span.ticks,
        V::Str(_) | V::Int(_) | V::Long(_) | V::Double(_) => match super::cast::to_span(by) {
            Some(span) => span.ticks,
            None => return number::cannot_convert(by, "System.TimeSpan").err(),
        },
        V::Date(_) => return no_span(by).err(),
        _ => return missing_operator(&V::Date(date), by, "op_Addition").err(),
    };
    let moved = date.ticks + sign * ticks;
    if !(0..=PsDateTime::TICKS_MAX).contains(&moved) {
        return super::fault::method_threw(
            "op_Addition",
            2,
            "System.ArgumentOutOfRangeException",
            "The added or subtracted value results in an un-representable DateTime. (Parameter 't')",
        )
        .err();
    }
    Ok(V::Date(super::dates::settled(PsDateTime { ticks: moved, ..date })))
}

/// `left - right`.
///
/// # Errors
/// When the values cannot be subtracted.
pub(super) fn subtract(left: &V, right: &V) -> Res<V> {
    match (left, right) {
        (V::Date(a), V::Date(b)) => Ok(V::Span(PsTimeSpan { ticks: a.ticks - b.ticks })),
        (V::Date(a), V::Span(b)) => shift_date(*a, &V::Span(*b), -1),
        (V::Date(_), V::Str(_) | V::Int(_) | V::Long(_) | V::Double(_)) => Problem::new(
            "MethodCountCouldNotFindBest",
            "NotSpecified",
            "Multiple ambiguous overloads found for \"op_Subtraction\" and the argument count: \"2\".",
        )
        .exception("System.Management.Automation.MethodException")
        .err(),
        (V::Span(a), _) if super::cast::to_span(right).is_some() => {
            let b = super::cast::to_span(right).unwrap_or_default();
            Ok(V::Span(PsTimeSpan { ticks: a.ticks - b.ticks }))
        }
        (V::List(_) | V::Hash(_) | V::Date(_), _) => missing_operator(left, right, "op_Subtraction").err(),
        (V::Obj(object), _) if super::dotnet::offset::is(object) => moved(object, "subtract", left, right),
        (V::Obj(object), _) if number::plain(left).is_none() && object.base().is_null() => {
            missing_operator(left, right, "op_Subtraction").err()
        }
        (_, V::List(_) | V::Hash(_)) => missing_operator(left, right, "op_Subtraction").err(),
        _ => numeric(left, right, '-'),
    }
}

/// `left * right`.
///
/// # Errors
/// When the values cannot be multiplied.
pub(super) fn multiply(left: &V, right: &V) -> Res<V> {
    match left {
        V::Null | V::Nothing => Ok(V::Null),
        V::Str(text) => Ok(V::from(text.repeat(within_memory(text.len(), times(right)?)?))),
        V::Char(c) => Ok(V::from(c.to_string().repeat(within_memory(4, times(right)?)?))),
        V::List(list) => {
            let items = list.items();
            Ok(V::array((0..within_memory(items.len(), times(right)?)?).flat_map(|_| items.iter().cloned()).collect()))
        }
        V::Hash(_) | V::Date(_) => missing_operator(left, right, "op_Multiply").err(),
        V::Span(span) => {
            let factor = number::of(right, "System.Double")?.double();
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
            Ok(V::Span(PsTimeSpan { ticks: (span.ticks as f64 * factor).round() as i64 }))
        }
        _ => match right {
            V::List(_) | V::Hash(_) => missing_operator(left, right, "op_Multiply").err(),
            _ => numeric(left, right, '*'),
        },
    }
}

fn times(value: &V) -> Res<usize> {
    let count = number::of(value, "System.Int32")?.long().unwrap_or_default();
    if count < 0 {
        let message = "Specified argument was out of the range of valid values. (Parameter 'times')";
        let kind = "System.ArgumentOutOfRangeException";
        return super::fault::Problem::new(kind, "OperationStopped", message).exception(kind).err();
    }
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Refuses what is too much to hold.
fn within_memory(length: usize, count: usize) -> Res<usize> {
    const LENGTH_MAX: usize = 1 << 28;
    if length.checked_mul(count).is_some_and(|whole| whole <= LENGTH_MAX) {
        return Ok(count);
    }
    let message = "Insufficient memory to continue the execution of the program.";
    Problem::new("System.OutOfMemoryException", "OperationStopped", message)
        .exception("System.OutOfMemoryException")
        .err()
}

/// `left / right`.
///
/// # Errors
/// Division by zero, or values that are no numbers.
pub(super) fn divide(left: &V, right: &V) -> Res<V> {
    if let V::Span(span) = left {
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
        return match right {
            V::Span(other) => Ok(V::Double(span.ticks as f64 / other.ticks as f64)),
            _ => Ok(V::Span(PsTimeSpan {
                ticks: (span.ticks as f64 / number::of(right, "System.Double")?.double()) as i64,
            })),
        };
    }
    if matches!(left, V::List(_) | V::Hash(_) | V::Date(_)) {
        return missing_operator(left, right, "op_Division").err();
    }
    numeric(left, right, '/')
}

/// `left % right`.
///
/// # Errors
/// Division by zero, or values that are no numbers.
pub(super) fn remainder(left: &V, right: &V) -> Res<V> {
    if matches!(left, V::List(_) | V::Hash(_) | V::Date(_)) {
        return missing_operator(left, right, "op_Modulus").err();
    }
    numeric(left, right, '%')
}

fn by_zero() -> Problem {
    Problem::new("RuntimeException", "NotSpecified", "Attempted to divide by zero.")
        .inner("System.DivideByZeroException", "Attempted to divide by zero.")
}

fn numeric(left: &V, right: &V, op: char) -> Res<V> {
    if let Some(found) = super::big::arithmetic(left, right, op)? {
        return Ok(found);
    }
    let a = number::of(left, "System.Int32")?;
    let b = number::of(right, "System.Int32")?;
    match (a, b) {
        (Num::Double(_), _) | (_, Num::Double(_)) => Ok(V::Double(double(a.double(), b.double(), op))),
        (Num::Decimal(_), _) | (_, Num::Decimal(_)) => {
            let (Some(x), Some(y)) = (a.decimal(), b.decimal()) else {
                return Ok(V::Double(double(a.double(), b.double(), op)));
            };
            decimal(x, y, op)
        }
        (Num::ULong(_), Num::UInt(_) | Num::ULong(_)) | (Num::UInt(_), Num::ULong(_)) => {
            whole(a, b, op, |value| u64::try_from(value).ok().map(|value| Num::ULong(value).value()))
        }
        (Num::ULong(_), _) | (_, Num::ULong(_)) => {
            let (Some(x), Some(y)) = (a.decimal(), b.decimal()) else { return Ok(V::Null) };
            decimal(x, y, op)
        }
        (Num::UInt(_), Num::UInt(_)) => {
            whole(a, b, op, |value| u32::try_from(value).ok().map(|value| Num::UInt(value).value()))
        }
        (Num::Int(_), Num::Int(_)) => whole(a, b, op, |value| i32::try_from(value).ok().map(V::Int)),
        _ => whole(a, b, op, |value| i64::try_from(value).ok().map(V::Long)),
    }
}

fn double(a: f64, b: f64, op: char) -> f64 {
    match op {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        '/' => a / b,
        _ => a % b,
    }
}

fn decimal(a: Decimal, b: Decimal, op: char) -> Res<V> {
    let result = match op {
        '+' => a.checked_add(b),
        '-' => a.checked_sub(b),
        '*' => a.checked_mul(b),
        _ if b.is_zero() => return by_zero().err(),
        '/' => quotient(a, b),
        _ => a.checked_rem(b),
    };
    result.map(V::Decimal).ok_or_else(|| {
        Problem::new("RuntimeException", "NotSpecified", "Value was either too large or too small for a Decimal.")
            .inner("System.OverflowException", "Value was either too large or too small for a Decimal.")
            .fault()
    })
}

fn whole(a: Num, b: Num, op: char, fits: impl Fn(i128) -> Option<V>) -> Res<V> {
    let (x, y) = (a.whole().unwrap_or_default(), b.whole().unwrap_or_default());
    let exact = match op {
        '+' => x + y,
        '-' => x - y,
        '*' => x * y,
        _ if y == 0 => return by_zero().err(),
        '/' if x % y != 0 => return Ok(V::Double(a.double() / b.double())),
        '/' => x / y,
        _ => x % y,
    };
    Ok(fits(exact).unwrap_or(V::Double(double(a.double(), b.double(), op))))
}

/// `-value`.
///
/// # Errors
/// When it is no number.
pub(super) fn negate(value: &V) -> Res<V> {
    if let V::Span(span) = value {
        return Ok(V::Span(PsTimeSpan { ticks: -span.ticks }));
    }
    subtract(&V::Int(0), value)
}

/// `+value`.
///
/// # Errors
/// When it is no number.
pub(super) fn positive(value: &V) -> Res<V> {
    add(&V::Int(0), value)
}

/// `from..to`.
///
/// # Errors
/// When an end is no number.
pub(super) fn range(from: &V, to: &V) -> Res<V> {
    if let (Some(a), Some(b)) = (single_char(from), single_char(to)) {
        let (low, high) = (a.min(b), a.max(b));
        let mut items: Vec<V> = (low..=high).map(V::Char).collect();
        if a > b {
            items.reverse();
        }
        return Ok(V::array(items));
    }
    let bound = |value: &V| -> Res<i64> { Ok(number::of(value, "System.Int32")?.long().unwrap_or_default()) };
    let (a, b) = (bound(from)?, bound(to)?);
    if (a - b).abs() > 5_000_000 {
        return Problem::new("RangeTooLarge", "InvalidOperation", "the range has too many items").err();
    }
    let items = if a <= b { (a..=b).map(V::integer).collect() } else { (b..=a).rev().map(V::integer).collect() };
    Ok(V::array(items))
}

fn single_char(value: &V) -> Option<char> {
    match value {
        V::Char(c) => Some(*c),
        V::Str(text) if text.chars().count() == 1 => text.chars().next().filter(|c| !c.is_ascii_digit()),
        _ => None,
    }
}

/// `-band`, `-bor`, `-bxor`, `-shl`, `-shr`.
///
/// # Errors
/// When an operand is no number.
pub(super) fn bits(left: &V, op: &str, right: &V) -> Res<V> {
    let a = number::of(left, "System.Int32")?;
    let b = number::of(right, "System.Int32")?;
    let shifts = matches!(op, "-shl" | "-shr");
    if let Some(found) = unsigned_bits(a, op, if shifts { None } else { Some(b) }, b) {
        return Ok(found);
    }
    let long = matches!(a, Num::Long(_)) || !shifts && matches!(b, Num::Long(_) | Num::UInt(_) | Num::ULong(_));
    let (x, y) = (a.long().unwrap_or_default(), b.long().unwrap_or_default());
    let amount = u32::try_from(y & if long { 63 } else { 31 }).unwrap_or_default();
    let result = combined(op, x, y, amount);
    #[expect(clippy::cast_possible_truncation, reason = "shifting an Int32 drops its high bits")]
    let value = if long { V::Long(result) } else { V::Int(result as i32) };
    if let V::Enum(kind) = left
        && let V::Int(number) = value
        && let Some(found) = super::enums::by_number(&kind.type_name, number)
    {
        return Ok(found);
    }
    Ok(value)
}

/// Two numbers by an operator of bits, or one of them shifted by `amount`.
fn combined<N>(op: &str, x: N, y: N, amount: u32) -> N
where
    N: BitAnd<Output = N> + BitOr<Output = N> + BitXor<Output = N> + Shl<u32, Output = N> + Shr<u32, Output = N>,
{
    match op {
        "-band" => x & y,
        "-bor" => x | y,
        "-bxor" => x ^ y,
        "-shl" => x << amount,
        _ => x >> amount,
    }
}

/// The operators of bits where the numbers have no sign; `other` is the number that is combined, `by` how far to shift.
fn unsigned_bits(a: Num, op: &str, other: Option<Num>, by: Num) -> Option<V> {
    let unsigned = |number: Num| matches!(number, Num::UInt(_) | Num::ULong(_));
    let not_negative = |number: Num| number.whole().is_some_and(|number| number >= 0);
    if !(unsigned(a) && other.is_none_or(not_negative) || other.is_some_and(unsigned) && not_negative(a)) {
        return None;
    }
    let wide = |number: Num| matches!(number, Num::ULong(_) | Num::Long(_));
    let wide = wide(a) || other.is_some_and(wide);
    let x = u64::try_from(a.whole()?).ok()?;
    let y = u64::try_from(by.whole()?).ok()?;
    let amount = u32::try_from(y & if wide { 63 } else { 31 }).ok()?;
    let result = combined(op, x, y, amount);
    #[expect(clippy::cast_possible_truncation, reason = "shifting an UInt32 drops its high bits")]
    let narrow = result as u32;
    Some(if wide { Num::ULong(result).value() } else { Num::UInt(narrow).value() })
}

/// `++` and `--`: null counts as 0.
///
/// # Errors
/// When the value is no number.
pub(super) fn step(value: &V, up: bool) -> Res<V> {
    if !value.is_null() && number::plain(value).is_none() {
        let op = if up { "++" } else { "--" };
        return Problem::new(
            "OperatorRequiresNumber",
            "InvalidOperation",
            format!("The '{op}' operator works only on numbers. The operand is a '{}'.", value.type_name()),
        )
        .err();
    }
    let from = if value.is_null() { V::Int(0) } else { value.clone() };
    numeric(&from, &V::Int(1), if up { '+' } else { '-' })
}
