//! What a server says of its cmdlets, and what a person types, may be anything: it ends in a value or a typed error.

use exsh::catalog::bind::{parse_date, parse_number, parse_time_span, text_of};
use exsh::catalog::{Cmdlet, CommandMetadata, SharedNames, matches_wildcard, short_type_name};
use exsh::clixml::{ReadLimits, read_fragment};
use proptest::prelude::*;

/// Members that command metadata have ([MS-PSRP] 2.2.3.22), of right and of wrong types.
fn metadata() -> impl Strategy<Value = String> {
    let names = vec![
        "Name",
        "Namespace",
        "HelpUri",
        "CommandType",
        "ResolvedCommandName",
        "OutputType",
        "Parameters",
        "ParameterType",
        "Aliases",
        "IsDynamic",
        "SwitchParameter",
    ];
    let values = vec![
        "<S N=\"@\">Get-Mailbox</S>",
        "<Nil N=\"@\"/>",
        "<I32 N=\"@\">8</I32>",
        "<I64 N=\"@\">-9223372036854775808</I64>",
        "<B N=\"@\">true</B>",
        "<S N=\"@\">System.Nullable`1[[System.Int32[], x</S>",
        "<Obj N=\"@\"><LST><S>a</S><Nil/><I32>1</I32></LST></Obj>",
        "<Obj N=\"@\"><DCT><En><S N=\"Key\">Identity</S><Obj N=\"Value\"><MS><S N=\"Name\">Identity</S></MS></Obj></En>\
         <En><I32 N=\"Key\">5</I32><Nil N=\"Value\"/></En></DCT></Obj>",
        "<Obj N=\"@\"><ToString>Cmdlet</ToString><I32>8</I32></Obj>",
    ];
    let member = (prop::sample::select(names), prop::sample::select(values));
    let member = member.prop_map(|(name, value)| value.replace('@', name));
    prop::collection::vec(member, 0..8)
        .prop_map(|members| format!("<Obj RefId=\"0\"><MS>{}</MS></Obj>", members.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_metadata_are_a_cmdlet_or_a_typed_error(clixml in metadata()) {
        let value = read_fragment(clixml.as_bytes(), &ReadLimits::default()).unwrap();
        if let Ok(said) = CommandMetadata::from_value(&value, &mut SharedNames::default()) {
            let cmdlet = Cmdlet::merged(None, &said);
            prop_assert_eq!(&*cmdlet.name, &*said.name);
        }
    }

    #[test]
    fn any_text_is_a_date_a_span_a_number_or_none_of_them(
        text in "[0-9/:. TZ+apmAPM,-]{0,30}|[-+0-9a-fxEkmgtpbBKdDlLuUyYnNsS._]{0,24}|.{0,24}",
        offset in -840..=840_i16,
    ) {
        let _ = parse_date(&text, None, offset);
        let _ = parse_time_span(&text);
        if let Some(number) = parse_number(&text) {
            prop_assert!(!text_of(&number).is_empty());
        }
    }

    #[test]
    fn any_pattern_and_any_type_name_end(pattern in "[*?\\[\\]a-c`-]{0,30}|.{0,20}", text in "[a-c]{0,60}|.{0,20}") {
        let _ = matches_wildcard(&pattern, &text);
        let _ = short_type_name(&pattern);
    }
}

#[test]
fn a_pattern_of_many_stars_ends_soon() {
    assert!(!matches_wildcard(&"*a".repeat(5_000), &"a".repeat(4_999)));
    assert!(matches_wildcard(&"*".repeat(100_000), "alice"));
}
