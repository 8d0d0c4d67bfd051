//! `System.Convert` and `System.BitConverter`.
//!
//! No other types.

use super::super::fault::{Res, method_threw};
use super::super::number::{self, Num};

use super::super::text::{interpolated, to_string};
use super::super::value::V;

use super::statics::byte_array;

pub(in crate::script::ps) fn statics(name: &str, args: &[V]) -> Res<Option<V>> {
    let value = args.first().cloned().unwrap_or_default();
    let culture_given = matches!(args.get(1), Some(V::Obj(_)));
    Ok(Some(match name {
        "tobase64string" => {
            V::from(base64_simd::STANDARD.encode_to_string(super::super::text::bytes(&value.unrolled())))
        }
        "frombase64string" => {
            let text = interpolated(&value);
            match base64_simd::forgiving_decode_to_vec(text.as_bytes()) {
                Ok(bytes) => byte_array(&bytes),
                Err(_) => return method_threw("FromBase64String", 1, "System.FormatException", "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.").err(),
            }
        }
        "toboolean" => match &value {
            V::Str(text) => match text.trim().to_lowercase().as_str() {
                "true" => V::Bool(true),
                "false" => V::Bool(false),
                _ => {
                    return method_threw(
                        "ToBoolean",
                        1,
                        "System.FormatException",
                        &format!("String '{text}' was not recognized as a valid Boolean."),
                    )
                    .err();
                }
            },
            other => V::Bool(super::super::compare::truthy(other)),
        },
        "toint32" | "toint64" | "toint16" | "tobyte" | "touint32" | "touint16" | "touint64"
            if args.len() == 2 && !culture_given =>
        {
            let radix = number::of(&args[1], "System.Int32")?.long().and_then(|n| u32::try_from(n).ok()).unwrap_or(10);
            let text = interpolated(&value);
            let digits = text.strip_prefix("0x").filter(|_| radix == 16).unwrap_or(&text);
            match i64::from_str_radix(digits, radix.clamp(2, 36)) {
                Ok(found) => from_radix(name, found)?,
                Err(_) => {
                    let message = "Could not find any recognizable digits.";
                    return method_threw(method_name(name), 2, "System.FormatException", message).err();
                }
            }
        }
        "toint32" | "toint64" | "toint16" | "tobyte" | "tosbyte" | "touint32" | "touint16" | "touint64"
        | "todouble" | "todecimal" | "tosingle" | "todatetime" | "tochar" => converted(name, args.len(), &value)?,
        "tostring" => radix_text(&value, args)?,
        "tohexstring" => V::from(hex(&value, |byte| format!("{byte:02X}"))),
        "tohexstringlower" => V::from(hex(&value, |byte| format!("{byte:02x}"))),
        "fromhexstring" => {
            let text = interpolated(&value);
            let bytes: Option<Vec<u8>> = (0..text.len())
                .step_by(2)
                .map(|at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
                .collect();
            match bytes {
                Some(bytes) => byte_array(&bytes),
                None => {
                    let message = "The input is not a valid hex string as its length is not a multiple of 2.";
                    return method_threw("FromHexString", 1, "System.FormatException", message).err();
                }
            }
        }
        "changetype" => {
            let target = args.get(1).map(to_string).unwrap_or_default();
            super::parse::convert_failure("ChangeType", args.len(), super::super::cast::cast(&target, &value))?
        }
        "isdbnull" => V::Bool(matches!(&value, V::Obj(object) if object.is("System.DBNull"))),
        "gettypecode" => V::from(super::super::types::short(&value.type_name())),
        _ => return Ok(None),
    }))
}

fn hex(value: &V, digit: fn(&u8) -> String) -> String {
    super::super::text::bytes(&value.clone().unrolled()).iter().map(digit).collect()
}

/// The name of a conversion method as it is written.
fn method_name(name: &str) -> &'static str {
    const NAMES: [&str; 13] = [
        "ToInt32",
        "ToInt64",
        "ToInt16",
        "ToByte",
        "ToSByte",
        "ToUInt32",
        "ToUInt16",
        "ToUInt64",
        "ToDouble",
        "ToDecimal",
        "ToSingle",
        "ToDateTime",
        "ToChar",
    ];
    NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or("ChangeType")
}

/// `ToInt32` and its kin: as a cast, but the words of what fails are the method's, and zeros stay.
fn converted(name: &str, count: usize, value: &V) -> Res<V> {
    let target = &name[2..];
    let result = match value {
        V::Str(text) if target == "decimal" => match text.trim().replace(',', "").parse() {
            Ok(exact) => Ok(V::Decimal(exact)),
            Err(_) => super::super::cast::cast(target, value),
        },
        V::Null | V::Nothing if target == "datetime" => {
            Ok(V::Date(crate::clixml::PsDateTime { ticks: 0, kind: crate::clixml::DateTimeKind::Unspecified }))
        }
        other => super::super::cast::cast(target, other),
    };
    super::parse::convert_failure(method_name(name), count, result)
}

/// A number read in another base, with the bits of its type.
#[expect(clippy::cast_possible_truncation, reason = "the bits are meant")]
fn from_radix(name: &str, found: i64) -> Res<V> {
    Ok(match name {
        "toint32" => V::Int(found as i32),
        "toint64" => V::Long(found),
        _ => super::super::cast::cast(&name[2..], &V::integer(found))?,
    })
}

/// `ToString(value, base)`: the bits in base 2, 8 or 16.
fn radix_text(value: &V, args: &[V]) -> Res<V> {
    let radix = args.get(1).and_then(number::plain).and_then(Num::long);
    let (Some(radix @ (2 | 8 | 16)), false) = (radix, matches!(value, V::Str(_))) else {
        return Ok(V::from(to_string(value)));
    };
    let whole = number::of(value, "System.Int32")?.long().unwrap_or_default();
    let narrow = matches!(value, V::Int(_));
    let text = match (radix, narrow) {
        #[expect(clippy::cast_possible_truncation, reason = "the bits of an Int32 are meant")]
        (2, true) => format!("{:b}", whole as i32),
        #[expect(clippy::cast_possible_truncation, reason = "the bits of an Int32 are meant")]
        (8, true) => format!("{:o}", whole as i32),
        #[expect(clippy::cast_possible_truncation, reason = "the bits of an Int32 are meant")]
        (_, true) => format!("{:x}", whole as i32),
        (2, false) => format!("{whole:b}"),
        (8, false) => format!("{whole:o}"),
        (_, false) => format!("{whole:x}"),
    };
    Ok(V::from(text))
}

/// `[BitConverter]::…`, little end first.
///
/// # Errors
/// When a place is no number.
pub(super) fn bits(name: &str, args: &[V]) -> Res<Option<V>> {
    let first = args.first().cloned().unwrap_or_default();
    let all = || super::super::text::bytes(&first.clone().unrolled());
    let start = usize::try_from(super::arguments::integer(args, 1)?).unwrap_or(0);
    let at = |count: usize| -> i64 {
        let bytes = all();
        let taken = bytes.get(start..).unwrap_or_default().iter().take(count);
        taken.enumerate().fold(0_i64, |sum, (place, byte)| sum | (i64::from(*byte) << (8 * place)))
    };
    #[expect(clippy::cast_possible_truncation, reason = "so many bytes were taken")]
    Ok(Some(match name {
        "tostring" => V::from(all().iter().skip(start).map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join("-")),
        "getbytes" => match &first {
            V::Long(number) => byte_array(&number.to_le_bytes()),
            V::Double(number) => byte_array(&number.to_le_bytes()),
            V::Bool(truth) => byte_array(&[u8::from(*truth)]),
            V::Char(c) => byte_array(&(u32::from(*c) as u16).to_le_bytes()),
            other => byte_array(&(number::of(other, "System.Int32")?.long().unwrap_or_default() as i32).to_le_bytes()),
        },
        "toint32" => V::Int(at(4) as i32),
        "toint16" => super::super::cast::cast("int16", &V::Int(i32::from(at(2) as i16)))?,
        "touint16" => super::super::cast::cast("uint16", &V::Int(at(2) as i32))?,
        "touint32" => super::super::cast::cast("uint32", &V::Long(at(4)))?,
        "toint64" => V::Long(at(8)),
        "toboolean" => V::Bool(at(1) != 0),
        _ => return Ok(None),
    }))
}
