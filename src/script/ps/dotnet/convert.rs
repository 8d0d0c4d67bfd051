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
        "toint32" | "toint64" if args.len() == 2 => {
            let radix = number::of(&args[1], "System.Int32")?.long().and_then(|n| u32::try_from(n).ok()).unwrap_or(10);
            V::integer(
                i64::from_str_radix(interpolated(&value).trim_start_matches("0x"), radix.clamp(2, 36))
                    .unwrap_or_default(),
            )
        }
        "toint32" => super::super::cast::cast("int", &value)?,
        "toint64" => super::super::cast::cast("long", &value)?,
        "todouble" => super::super::cast::cast("double", &value)?,
        "todecimal" => super::super::cast::cast("decimal", &value)?,
        "todatetime" => super::super::cast::cast("datetime", &value)?,
        "tostring" => match args.get(1).and_then(number::plain).and_then(Num::long) {
            Some(2) => V::from(format!("{:b}", number::of(&value, "System.Int32")?.long().unwrap_or_default())),
            Some(16) => V::from(format!("{:x}", number::of(&value, "System.Int32")?.long().unwrap_or_default())),
            Some(8) => V::from(format!("{:o}", number::of(&value, "System.Int32")?.long().unwrap_or_default())),
            _ => V::from(to_string(&value)),
        },
        "tobyte" => super::super::cast::cast("byte", &value)?,
        "tochar" => super::super::cast::cast("char", &value)?,
        _ => return Ok(None),
    }))
}
