//! Texts that nobody meant: any view command, format string or script ends in a text or a typed error.

use exsh::clixml::{DateTimeKind, PsDateTime, PsObject, PsTimeSpan, PsValue};
use exsh::render::text::{Culture, composite, format_value};
use exsh::render::{Script, inspect};
use proptest::prelude::*;

fn boat() -> PsValue {
    PsObject::bag([("Name", PsValue::from("Heron 林檎")), ("Tons", PsValue::I32(4)), ("Draft", PsValue::F64(-12.5))])
        .into()
}

fn samples() -> Vec<PsValue> {
    vec![
        PsValue::F64(-1234.5),
        PsValue::I64(i64::MIN),
        PsValue::Decimal("-0.005".parse().unwrap()),
        PsValue::DateTime(PsDateTime { ticks: PsDateTime::TICKS_MAX, kind: DateTimeKind::Utc }),
        PsValue::TimeSpan(PsTimeSpan { ticks: i64::MIN }),
        PsValue::from("é"),
    ]
}

proptest! {
    #[test]
    fn any_view_command_ends(command in "(Format-Table|fl|fw|fc|Select-Object|sort|ConvertTo-Html|where)? ?[ -~é林\\n]{0,60}", width in 0usize..200) {
        let _ = inspect(&[boat(), boat()], &[], &command, width);
    }

    #[test]
    fn any_script_ends(script in "[$_.a-zA-Z0-9()'\"{}\\[\\], +*/=;@!-]{0,80}") {
        let _ = Script::new(&script).evaluate(&boat());
    }

    #[test]
    fn any_format_string_ends(format in "[{}0-9,:.#%;a-zA-Z'\"\\\\é-]{0,40}") {
        for value in samples() {
            let _ = format_value(&value, &format, &Culture::EN_US);
            let _ = composite(&format, &[value], &Culture::EN_US);
        }
    }
}

#[test]
fn scripts_of_any_length_and_depth_end() {
    for piece in ["-", "(", "1+", "!", "[int]", "\"$(", "if (1) {", "$_.a[", "@(", "1,"] {
        let script = piece.repeat(100_000);
        assert!(Script::new(&script).evaluate(&boat()).is_err(), "{piece}");
    }
}

#[test]
fn formats_cannot_ask_for_more_than_a_line() {
    for format in ["{0,2000000000}", "{0:F999999}", "{0:D999999999}"] {
        let text = composite(format, &[PsValue::I32(1)], &Culture::EN_US);
        assert!(text.is_none_or(|text| text.len() < 2000), "{format}");
    }
    let long = "0".repeat(100_000);
    assert!(format_value(&PsValue::F64(1.5), &format!("{long}.{long}"), &Culture::EN_US).len() < 1000);
    let year = "y".repeat(100_000);
    let date = PsValue::DateTime(PsDateTime { ticks: 0, kind: DateTimeKind::Unspecified });
    assert!(format_value(&date, &year, &Culture::EN_US).len() < 1000);
}
