//! Sizes as Exchange has them: `1.5 GB (1,610,612,736 bytes)`, or no limit at all.
//!
//! They compare and calculate by their bytes and print as the server wrote them.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use rhai::{Engine, FLOAT, FuncRegistration, INT, Module};

use crate::clixml::{PsObject, PsValue, TypeNames};

use super::super::failure::Failure;
use super::super::state::RhaiResult;

const UNITS: [(&str, u64); 5] = [("B", 1), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40)];

/// A number of bytes, or no limit.
#[derive(Debug, Clone)]
pub struct Size {
    /// `None` for unlimited, which is larger than all.
    bytes: Option<i64>,
    /// As the server wrote it.
    text: Option<Arc<str>>,
}

impl Size {
    /// So many bytes.
    #[must_use]
    pub const fn of(bytes: i64) -> Self {
        Self { bytes: Some(bytes), text: None }
    }

    /// No limit.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { bytes: None, text: None }
    }

    /// The bytes, unless there is no limit.
    #[must_use]
    pub const fn bytes(&self) -> Option<i64> {
        self.bytes
    }

    /// From the text Exchange writes; only the exact form with the bytes in it, so that other text stays text.
    #[must_use]
    pub fn from_exchange(text: &str) -> Option<Self> {
        let (shown, exact) = text.strip_suffix(" bytes)")?.split_once(" (")?;
        let (number, unit) = shown.split_once(' ')?;
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.');
        if !plain(number) || !plain(exact) || !UNITS.iter().any(|(name, _)| *name == unit) {
            return None;
        }
        let bytes = exact.replace([',', '.'], "").parse().ok()?;
        Some(Self { bytes: Some(bytes), text: Some(text.into()) })
    }

    /// From an object of one of Exchange's size types.
    #[must_use]
    pub fn from_object(object: &PsObject, type_name: &str) -> Option<Self> {
        let name = type_name.strip_prefix("Deserialized.").unwrap_or(type_name);
        let unlimited = name.starts_with("Microsoft.Exchange.Data.Unlimited`1[[");
        if !unlimited && name != "Microsoft.Exchange.Data.ByteQuantifiedSize" {
            return None;
        }
        let text = object.to_string_text()?;
        if unlimited && text == "Unlimited" { Some(Self::unlimited()) } else { Self::from_exchange(&text.to_text()) }
    }

    /// From what people write: `1.5 GB`, `500MB`, `1024`, `unlimited`, or Exchange's own form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("unlimited") {
            return Some(Self::unlimited());
        }
        if let Some(size) = Self::from_exchange(text) {
            return Some(size);
        }
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let number: f64 = text[..end].parse().ok()?;
        let unit = text[end..].trim().to_ascii_uppercase();
        let unit = if unit.is_empty() || unit == "BYTES" { "B" } else { &unit };
        let factor = UNITS.iter().find(|(name, _)| *name == unit)?.1;
        in_bytes(number * factor as f64).map(Self::of)
    }

    /// What goes to the server: Exchange reads its own form.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        PsValue::from(self.to_string())
    }

    /// What a property of that size holds: text, or without a limit an object of Exchange's type, which is more than text.
    #[must_use]
    pub fn to_property(&self) -> PsValue {
        if self.bytes.is_some() {
            return self.to_value();
        }
        let name = "Deserialized.Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize]]";
        PsObject::builder()
            .types(TypeNames::new([name, "Deserialized.System.ValueType"]))
            .to_string_text("Unlimited")
            .adapted("IsUnlimited", true)
            .build()
            .into()
    }

    fn in_unit(&self, factor: u64) -> RhaiResult<FLOAT> {
        let bytes = self.bytes.ok_or_else(|| Failure::script("an unlimited size has no number"))?;
        Ok(bytes as FLOAT / factor as FLOAT)
    }
}

fn in_bytes(bytes: f64) -> Option<i64> {
    (bytes.is_finite() && bytes.abs() < i64::MAX as f64).then_some(bytes.round() as i64)
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.text, self.bytes) {
            (Some(text), _) => f.write_str(text),
            (None, None) => f.write_str("Unlimited"),
            (None, Some(bytes)) => {
                let (unit, factor) =
                    UNITS.iter().rev().find(|(_, factor)| bytes.unsigned_abs() >= *factor).unwrap_or(&UNITS[0]);
                let number = four_digits(bytes as f64 / *factor as f64);
                write!(f, "{number} {unit} ({} bytes)", grouped(bytes))
            }
        }
    }
}

/// Four significant digits without trailing zeros, as Exchange shows a size.
fn four_digits(number: f64) -> String {
    let before_point = (number.abs().max(1.0).log10().floor() as usize) + 1;
    let text = format!("{number:.*}", 4_usize.saturating_sub(before_point));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `1610612736` as `1,610,612,736`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl PartialEq for Size {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl PartialOrd for Size {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let order = |size: &Self| size.bytes.map_or((1, 0), |bytes| (0, bytes)); // unlimited comes last
        Some(order(self).cmp(&order(other)))
    }
}

/// Registers the type, its constructors, comparisons and arithmetic.
pub(crate) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Size>("Size");
    super::text_forms::<Size>(engine);
    super::comparisons::<Size, Size>(engine, |a, b| a.partial_cmp(b));
    super::comparisons::<Size, INT>(engine, |a, b| a.partial_cmp(&Size::of(*b)));
    super::comparisons::<Size, FLOAT>(engine, |a, b| in_bytes(*b).and_then(|b| a.partial_cmp(&Size::of(b))));
    super::comparisons::<Size, rhai::ImmutableString>(engine, |a, b| Size::parse(b).and_then(|b| a.partial_cmp(&b)));
    engine
        .register_fn("+", |a: Size, b: Size| sum(&a, &b, i64::checked_add))
        .register_fn("-", |a: Size, b: Size| sum(&a, &b, i64::checked_sub))
        .register_fn("+", |a: Size, b: INT| sum(&a, &Size::of(b), i64::checked_add))
        .register_fn("+", |a: INT, b: Size| sum(&Size::of(a), &b, i64::checked_add))
        .register_fn("-", |a: Size, b: INT| sum(&a, &Size::of(b), i64::checked_sub))
        .register_fn("*", |a: Size, b: INT| scaled(&a, b as FLOAT))
        .register_fn("*", |a: Size, b: FLOAT| scaled(&a, b))
        .register_fn("/", |a: Size, b: INT| scaled(&a, 1.0 / b as FLOAT))
        .register_fn("/", |a: Size, b: FLOAT| scaled(&a, 1.0 / b))
        .register_fn("/", |a: Size, b: Size| -> RhaiResult<FLOAT> { Ok(a.in_unit(1)? / b.in_unit(1)?) })
        .register_get("IsUnlimited", |size: &mut Size| size.bytes.is_none())
        .register_get("Value", |size: &mut Size| size.clone())
        .register_get("Bytes", |size: &mut Size| -> RhaiResult<INT> {
            size.bytes.ok_or_else(|| Failure::script("an unlimited size has no number").into())
        });
    let mut module = Module::new();
    for (name, factor) in [("bytes", 1), ("to_kb", 1 << 10), ("to_mb", 1 << 20), ("to_gb", 1 << 30), ("to_tb", 1 << 40)]
    {
        FuncRegistration::new(name)
            .with_params_info(["size: Size", "float"])
            .with_comments(["/// The size as a number of that unit; an unlimited size is an error."])
            .set_into_module(&mut module, move |size: &mut Size| size.in_unit(factor));
    }
    for (name, factor) in [("kb", 1_i64 << 10), ("mb", 1 << 20), ("gb", 1 << 30), ("tb", 1 << 40)] {
        FuncRegistration::new(name)
            .with_params_info(["number: int", "Size"])
            .with_comments(["/// A size of that many units, such as `gb(2)`."])
            .set_into_module(&mut module, move |number: INT| scaled(&Size::of(factor), number as FLOAT));
        FuncRegistration::new(name)
            .with_params_info(["number: float", "Size"])
            .with_comments(["/// A size of that many units, such as `gb(1.5)`."])
            .set_into_module(&mut module, move |number: FLOAT| scaled(&Size::of(factor), number));
    }
    FuncRegistration::new("size")
        .with_params_info(["bytes: int", "Size"])
        .with_comments(["/// A size of so many bytes."])
        .set_into_module(&mut module, |bytes: INT| Size::of(bytes));
    FuncRegistration::new("size")
        .with_params_info(["text: &str", "Size"])
        .with_comments(["/// A size from text such as `1.5 GB`, `500MB` or `unlimited`."])
        .set_into_module(&mut module, |text: &str| -> RhaiResult<Size> {
            Size::parse(text).ok_or_else(|| {
                Failure::script(format!("{text:?} is not a size"))
                    .hint("write it like 1.5 GB, 500MB or unlimited")
                    .into()
            })
        });
    engine.register_global_module(module.into());
}

fn sum(a: &Size, b: &Size, operation: fn(i64, i64) -> Option<i64>) -> RhaiResult<Size> {
    match (a.bytes, b.bytes) {
        (Some(a), Some(b)) => {
            operation(a, b).map(Size::of).ok_or_else(|| Failure::script("the size is too large").into())
        }
        _ => Ok(Size::unlimited()),
    }
}

fn scaled(size: &Size, factor: FLOAT) -> RhaiResult<Size> {
    match size.bytes {
        None => Ok(Size::unlimited()),
        Some(bytes) => {
            let scaled = in_bytes(bytes as FLOAT * factor).map(Size::of);
            scaled.ok_or_else(|| Failure::script("the size is too large").into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_and_write_the_form_exchange_uses() {
        // Texts of shared/data/exchange-clixml.
        for (text, bytes) in [
            ("35 MB (36,700,160 bytes)", 36_700_160),
            ("63.48 MB (66,560,000 bytes)", 66_560_000),
            ("109.8 MB (115,101,696 bytes)", 115_101_696),
        ] {
            let size = Size::from_exchange(text).unwrap();
            assert_eq!(size.bytes(), Some(bytes));
            assert_eq!(Size::of(bytes).to_string(), text);
        }
        assert_eq!(Size::of(0).to_string(), "0 B (0 bytes)");
        for other in ["", "(1 bytes)", "big (1,000 bytes)", "1 MB (x bytes)", "1.5 GB", "see (2 bytes)"] {
            assert!(Size::from_exchange(other).is_none(), "{other}");
        }
    }

    #[test]
    fn sizes_are_read_from_what_people_write() {
        assert_eq!(Size::parse("1.5 GB"), Some(Size::of(1_610_612_736)));
        assert_eq!(Size::parse("500mb"), Some(Size::of(524_288_000)));
        assert_eq!(Size::parse("Unlimited"), Some(Size::unlimited()));
        assert_eq!(Size::parse("lots"), None);
        assert!(Size::unlimited() > Size::of(i64::MAX));
    }
}
