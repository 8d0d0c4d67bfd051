//! Whatever can be held is written and read back as itself, as a message and as a file, on both ways of reading.

use std::sync::Arc;

use exsh::clixml::reading::Readings;
use exsh::clixml::{
    Base, DateTimeKind, Decoder, ListKind, Member, ProgressRecord, PsDateTime, PsObject, PsString, PsTimeSpan, PsValue,
    PsVersion, ReadLimits, SecureText, SessionKey, TypeNames, read_document_text, read_fragment, write_document,
    write_fragment,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Strings as .NET has them, the troublesome ones often.
fn string() -> impl Strategy<Value = PsString> {
    let odd = [
        "",
        " ",
        "_x0041_",
        "_X005F_x",
        "]]>",
        "&<>\"'",
        "a\r\nb\tc",
        "\u{feff}",
        "\u{85}\u{2028}",
        "🍐",
        "Deserialized.",
    ];
    prop_oneof![
        ".{0,10}".prop_map(PsString::from),
        prop::sample::select(odd.to_vec()).prop_map(PsString::from),
        prop::collection::vec(any::<u16>(), 0..5).prop_map(|units| PsString::from_utf16(&units)),
    ]
}

fn primitive() -> impl Strategy<Value = PsValue> {
    let kind = prop_oneof![
        Just(DateTimeKind::Unspecified),
        Just(DateTimeKind::Utc),
        (-840..=840_i16).prop_map(|offset_minutes| DateTimeKind::Local { offset_minutes }),
    ];
    let numbers = prop_oneof![
        any::<u8>().prop_map(PsValue::U8),
        any::<i8>().prop_map(PsValue::I8),
        any::<u16>().prop_map(PsValue::U16),
        any::<i16>().prop_map(PsValue::I16),
        any::<u32>().prop_map(PsValue::U32),
        any::<i32>().prop_map(PsValue::I32),
        any::<u64>().prop_map(PsValue::U64),
        any::<i64>().prop_map(PsValue::I64),
        any::<u16>().prop_map(PsValue::Char),
        any::<f32>().prop_map(PsValue::F32),
        any::<f64>().prop_map(PsValue::F64),
        (any::<[u32; 3]>(), any::<bool>(), 0..=28_u32).prop_map(|([lo, mid, hi], negative, scale)| PsValue::Decimal(
            Decimal::from_parts(lo, mid, hi, negative, scale)
        )),
    ];
    prop_oneof![
        4 => string().prop_map(PsValue::String),
        3 => numbers,
        1 => Just(PsValue::Null),
        1 => any::<bool>().prop_map(PsValue::Bool),
        1 => (0..=PsDateTime::TICKS_MAX, kind).prop_map(|(ticks, kind)| PsValue::DateTime(PsDateTime { ticks, kind })),
        1 => any::<i64>().prop_map(|ticks| PsValue::TimeSpan(PsTimeSpan { ticks })),
        1 => any::<u128>().prop_map(|id| PsValue::Guid(uuid::Uuid::from_u128(id))),
        1 => prop::collection::vec(0..=i32::MAX, 2..=4).prop_map(|parts| PsValue::Version(PsVersion::from_parts(&parts).unwrap())),
        1 => prop::collection::vec(any::<u8>(), 0..6).prop_map(|bytes| PsValue::Bytes(Arc::from(bytes))),
        1 => "[a-z]{1,5}/[a-zé_x0-9]{0,9}".prop_map(|text| PsValue::Uri(text.into())),
        1 => string().prop_map(PsValue::ScriptBlock),
        1 => Just(PsValue::SecureString(SecureText::Encrypted("70006c00".into()))),
        1 => progress(),
    ]
}

fn progress() -> impl Strategy<Value = PsValue> {
    let text = || "[ -~]{1,8}".prop_map(PsString::from);
    (text(), 0..1000_i32, prop::option::of(text()), -1..=100_i32, any::<bool>(), text()).prop_map(
        |(activity, activity_id, current_operation, percent_complete, completed, status_description)| {
            PsValue::Progress(Arc::new(ProgressRecord {
                activity,
                activity_id,
                current_operation,
                parent_activity_id: -1,
                percent_complete,
                completed,
                seconds_remaining: -1,
                status_description,
            }))
        },
    )
}

/// Names that differ in more than case.
fn named(values: Vec<PsValue>, prefix: &str) -> Vec<(String, PsValue)> {
    values.into_iter().enumerate().map(|(index, value)| (format!("{prefix}{index}<é_x0020_\">"), value)).collect()
}

fn object(inner: impl Strategy<Value = PsValue> + Clone + 'static) -> impl Strategy<Value = PsValue> {
    let kinds = vec![ListKind::List, ListKind::Enumerable, ListKind::Stack, ListKind::Queue];
    let key = primitive().prop_filter("a key is not null", |key| !key.is_null());
    let base = prop_oneof![
        3 => Just(Base::None),
        1 => primitive().prop_filter("no value", |value| !value.is_null()).prop_map(Base::Value),
        2 => (prop::sample::select(kinds), prop::collection::vec(inner.clone(), 0..4))
            .prop_map(|(kind, items)| Base::List(kind, items.into())),
        1 => prop::collection::vec((key, inner.clone()), 0..3).prop_map(|entries| Base::Dictionary(entries.into())),
    ];
    let types = prop::option::of(prop::collection::vec("[A-Za-z.`\\[\\]é ]{1,12}", 0..3));
    let members = || prop::collection::vec(inner.clone(), 0..3);
    (types, prop::option::of(string()), base, members(), members(), prop::option::of(members())).prop_map(
        |(types, text, base, adapted, extended, set)| {
            let mut builder = PsObject::builder().base(base);
            if let Some(types) = types {
                builder = builder.types(TypeNames::new(types));
            }
            if let Some(text) = text {
                builder = builder.to_string_text(text);
            }
            for (name, value) in named(adapted, "P") {
                builder = builder.adapted(name, value);
            }
            for (name, value) in named(extended, "N") {
                builder = builder.extended(name, value);
            }
            if let Some(set) = set {
                let members: Vec<Member> =
                    named(set, "M").into_iter().map(|(name, value)| Member::property(name, value)).collect();
                builder = builder.extended_member(Member::Set { name: "Set".into(), members: members.into() });
            }
            builder.build().into()
        },
    )
}

fn value() -> impl Strategy<Value = PsValue> {
    primitive().boxed().prop_recursive(4, 30, 5, |inner| object(inner).boxed())
}

fn reading(value: &PsValue) -> String {
    Readings::default().reading(value).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_comes_out_of_a_message_as_it_went_in(value in value()) {
        let written = write_fragment(&value, None).unwrap();
        let read = read_fragment(&written, &ReadLimits::default()).unwrap();
        prop_assert_eq!(reading(&read), reading(&value));
        prop_assert_eq!(write_fragment(&read, None).unwrap(), written.clone());
        let mut decoder = Decoder::default();
        for _ in 0..2 {
            let quick = decoder.decode(&written).unwrap();
            prop_assert_eq!(write_fragment(&quick, None).unwrap(), written.clone());
        }
    }

    #[test]
    fn any_values_come_out_of_a_file_as_they_went_in(values in prop::collection::vec(value(), 0..4)) {
        let Ok(written) = write_document(&values) else {
            return Ok(()); // U+FFFE and U+FFFF have no place in a file
        };
        let read = read_document_text(&written, &ReadLimits::default()).unwrap();
        let all = |values: &[PsValue]| {
            let mut readings = Readings::default();
            values.iter().map(|value| readings.reading(value).to_string()).collect::<Vec<_>>()
        };
        prop_assert_eq!(all(&read), all(&values));
        prop_assert_eq!(write_document(&read).unwrap(), written);
    }

    #[test]
    fn any_bytes_are_a_secret_or_a_typed_error(text in "[A-Za-z0-9+/]{0,80}={0,2}|.{0,20}", key in any::<[u8; 32]>()) {
        let _ = SessionKey::new(key).decrypt(&text);
    }
}
