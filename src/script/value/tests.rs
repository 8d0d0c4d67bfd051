//! What scripts see of values, and what goes back.

use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, Scope};

use super::super::failure::hints_of;
use super::stream::Pull;
use super::*;
use crate::clixml::{ListKind, Member, PsDateTime, PsTimeSpan, SecureText, TypeNames};
use crate::secret::Credential;

fn enumeration(name: &str, text: &str, number: PsValue) -> PsValue {
    let types = TypeNames::new([name, "System.Enum", "System.ValueType", "System.Object"]);
    PsObject::builder().types(types).to_string_text(text).base(Base::Value(number)).build().into()
}

/// A mailbox in the shapes of shared/facts/exchange-wire.md.
fn mailbox(alias: &str) -> PsObject {
    let quota = PsObject::builder()
        .types(TypeNames::new([
            "Deserialized.Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data]]",
            "Deserialized.System.ValueType",
        ]))
        .to_string_text("Unlimited")
        .adapted("IsUnlimited", true)
        .build();
    let addresses = Base::List(ListKind::List, [PsValue::from("SMTP:a@x"), PsValue::from("smtp:b@x")].into());
    PsObject::builder()
        .types(TypeNames::new(["Deserialized.Microsoft.Exchange.Data.Directory.Management.Mailbox"]))
        .to_string_text(alias)
        .adapted("Alias", alias)
        .adapted("DisplayName", "Ann Example")
        .adapted("Size", "1.5 GB (1,610,612,736 bytes)")
        .adapted("ProhibitSendQuota", quota)
        .adapted("EmailAddresses", PsObject::builder().base(addresses).build())
        .adapted(
            "RecipientTypeDetails",
            enumeration("Deserialized.Microsoft.Exchange.RecipientTypeDetails", "UserMailbox", PsValue::I64(1)),
        )
        .adapted(
            "WhenCreated",
            PsValue::DateTime(PsDateTime { ticks: 638_425_731_060_000_000, kind: crate::clixml::DateTimeKind::Utc }),
        )
        .adapted("Age", PsValue::TimeSpan(PsTimeSpan { ticks: PsDateTime::TICKS_PER_DAY }))
        .adapted("Guid", PsValue::Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff".parse().unwrap()))
        .adapted("Version", PsValue::Version("15.1.2507.6".parse().unwrap()))
        .adapted("Price", PsValue::Decimal("1.10".parse().unwrap()))
        .adapted("Big", PsValue::U64(u64::MAX))
        .adapted("Small", PsValue::U8(7))
        .adapted("Nothing", PsValue::Null)
        .extended("PSComputerName", "server")
        .extended_member(Member::Set { name: "PSStandardMembers".into(), members: Arc::new([]) })
        .build()
}

fn run(code: &str) -> Result<Dynamic, Box<EvalAltResult>> {
    let mut engine = Engine::new();
    register(&mut engine, &(Arc::new(|_: &str| {}) as Warn));
    let handle = EngineHandle::default();
    let made = handle.clone();
    engine.register_fn("numbers", move |count: INT| {
        let mut next = 0;
        let pull: Pull = Box::new(move || {
            next += 1;
            (next <= count).then_some(Ok(PsValue::I64(next)))
        });
        RecordStream::new(pull, &made)
    });
    let engine = Arc::new(engine);
    handle.set(Arc::downgrade(&engine)).unwrap();
    let mut scope = Scope::new();
    scope.push("m", Record(mailbox("ann")));
    scope.push("one", Results([PsValue::from(mailbox("ann"))].into()));
    scope.push("two", Results([PsValue::from(mailbox("ann")), PsValue::from(mailbox("bob"))].into()));
    engine.eval_with_scope(&mut scope, code)
}

pub(super) fn text(code: &str) -> String {
    match run(code) {
        Ok(value) => text_of(&value),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn properties_are_read_in_any_spelling() {
    for code in ["m.DisplayName", "m.displayname", "m[\"DISPLAYNAME\"]", "m.display_name", "m.get(\"DisplayName\")"] {
        assert_eq!(text(code), "Ann Example", "{code}");
    }
    assert_eq!(text("m.get(\"nope\") == () && \"alias\" in m && !(\"nope\" in m) && m.get(\"nope\", 1) == 1"), "true");
    assert_eq!(text("m.keys()[0] + m.to_map().Alias + m.type_names().len()"), "PSComputerNameann1");
}

#[test]
fn a_missing_property_is_an_error_that_lists_what_there_is() {
    let error = *run("1;\n m.DisplayNam").unwrap_err();
    assert_eq!((error.position().line(), error.position().position()), (Some(2), Some(3)));
    let EvalAltResult::ErrorRuntime(thrown, _) = error else { panic!("{error:?}") };
    let hints = hints_of(&thrown.as_map_ref().unwrap());
    assert_eq!(hints[0], "did you mean DisplayName?");
    assert_eq!(hints.len(), 1, "the near name is enough: {hints:?}");
}

#[test]
fn typed_values_print_as_powershell_prints_them() {
    for (code, expected) in [
        ("m", "ann"),
        ("m.Size", "1.5 GB (1,610,612,736 bytes)"),
        ("m.ProhibitSendQuota", "Unlimited"),
        ("m.RecipientTypeDetails", "UserMailbox"),
        ("m.WhenCreated", "2/3/2024 4:05:06 PM"),
        ("m.Age", "1.00:00:00"),
        ("m.Guid", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("m.Version", "15.1.2507.6"),
        ("m.Price", "1.10"),
        ("m.Big", "18446744073709551615"),
        ("m.Small + 1", "8"),
        ("m.Nothing == ()", "true"),
        ("m.EmailAddresses[1]", "smtp:b@x"),
        (
            "`${m.Size}|${m.RecipientTypeDetails}` + m.Guid",
            "1.5 GB (1,610,612,736 bytes)|UserMailbox6f9619ff-8b86-d011-b42d-00c04fc964ff",
        ),
    ] {
        assert_eq!(text(code), expected, "{code}");
    }
}

#[test]
fn typed_values_compare_calculate_and_sort() {
    for code in [
        "m.Size > gb(1) && m.Size < 2 * 1024 * 1024 * 1024 && m.Size == \"1.5 GB\" && 1 < m.Size",
        "m.ProhibitSendQuota > m.Size && m.ProhibitSendQuota.IsUnlimited && m.ProhibitSendQuota == \"unlimited\"",
        "m.Size.to_mb() == 1536.0 && m.Size + mb(512) == gb(2) && m.Size / gb(1) == 1.5 && m.Size.Value.Bytes == 1610612736",
        "m.RecipientTypeDetails == \"usermailbox\" && m.RecipientTypeDetails == 1 && \"UserMailbox\" == m.RecipientTypeDetails",
        "m.RecipientTypeDetails != \"RoomMailbox\" && m.RecipientTypeDetails in [\"UserMailbox\"]",
        "m.WhenCreated - days(1) < m.WhenCreated && (m.WhenCreated + m.Age) - m.WhenCreated == hours(24)",
        "m.WhenCreated.Year == 2024 && m.WhenCreated.DayOfWeek == \"Saturday\" && m.Age.TotalHours == 24.0",
        "m.Guid == \"6F9619FF-8B86-D011-B42D-00C04FC964FF\" && m.Version > \"15.1\" && m.Version.Minor == 1",
        "m.Price == decimal(\"1.1\") && m.Price + 1 == decimal(\"2.10\") && m.Price < 2",
        "m == m && m == \"ann\" && m != \"bob\" && m != ()",
        "let a = [gb(2), mb(1), size(\"unlimited\"), m.Size]; a.sort(|x, y| if x < y { -1 } else { 1 }); a[0] == mb(1) && a[3].IsUnlimited",
    ] {
        assert_eq!(text(code), "true", "{code}");
    }
}

#[test]
fn one_result_is_read_like_its_object_and_several_are_not() {
    assert_eq!(text("one.DisplayName"), "Ann Example");
    assert_eq!(text("two[1].Alias + two[-1].alias + two.len() + two.first().Alias"), "bobbob2ann");
    assert!(text("two.DisplayName").contains("there are 2 results"));
    assert!(text("two[2]").contains("there are 2"));
    assert_eq!(text("let n = \"\"; for r in two { n += r.Alias; } n"), "annbob");
    assert_eq!(text("two.filter(|r| r.Alias == \"bob\")[0].Alias + two.map(|r| r.Alias)[0]"), "bobann");
    assert_eq!(text("let all = []; two.for_each(|| all.push(this.Alias)); all.len()"), "2");
    assert_eq!(text("(one + two).len()"), "3");
}

#[test]
fn a_stream_is_filtered_as_it_comes_and_read_once() {
    assert_eq!(text("let n = 0; for x in numbers(1000000000) { n += x; if x == 3 { break; } } n"), "6");
    assert_eq!(text("let k = 3; numbers(1000000000).filter(|x| x > k).map(|x| x * 2).take(2).to_array()"), "[8, 10]");
    assert_eq!(text("numbers(10).skip(7).count()"), "3");
    assert_eq!(text("numbers(1000000000).first()"), "1");
    assert_eq!(text("numbers(0).first() == ()"), "true");
    assert!(text("let s = numbers(3); s.count(); s.count()").contains("read already"));
    let wrong = text("let n = 0; for x in numbers(3).filter(|x| 1) { n += x; }");
    assert!(wrong.contains("needs true or false"), "{wrong}");
    assert_eq!(text("numbers(5).take(0).count()"), "0");
}

#[test]
fn a_record_shows_what_the_server_said_and_cannot_be_set() {
    assert!(text("m.DisplayName = 1").starts_with("error: "));
    assert_eq!(text("m.EmailAddresses.push(\"c\"); m.EmailAddresses.len()"), "2");
}

#[test]
fn values_go_to_the_server_as_powershell_sends_them() {
    let send = |code: &str| match from_dynamic(&run(code).unwrap()).unwrap() {
        PsValue::Object(object) => object.type_names().unwrap().first().unwrap().to_owned(),
        other => format!("{other:?}"),
    };
    assert_eq!(send("1"), "I32(1)");
    assert_eq!(send("4294967296"), "I64(4294967296)");
    assert_eq!(send("\"x\""), "String(\"x\")");
    assert_eq!(send("()"), "Null");
    assert_eq!(send("m.Size"), "String(\"1.5 GB (1,610,612,736 bytes)\")");
    assert_eq!(send("m.RecipientTypeDetails"), "String(\"UserMailbox\")");
    assert!(send("m.WhenCreated").contains("638425731060000000"));
    assert_eq!(send("[1, \"a\"]"), "System.Object[]");
    assert_eq!(send("#{ a: #{ b: 1 } }"), "System.Collections.Hashtable");
    assert!(send("one").ends_with("Management.Mailbox"));
    assert!(from_dynamic(&run("|x| x").unwrap()).is_err());
    let PsValue::Object(original) = from_dynamic(&Dynamic::from(Record(mailbox("ann")))).unwrap() else { panic!() };
    assert_eq!(original.to_string_text().unwrap(), "ann");
}

#[test]
fn a_credential_is_sent_as_a_credential_and_its_debug_form_is_redacted() {
    let credential = Credential::new("ann", "s3cret".into());
    let PsValue::Object(sent) = from_dynamic(&Dynamic::from(credential)).unwrap() else { panic!("no object") };
    assert!(sent.type_names().unwrap().contains("System.Management.Automation.PSCredential"));
    assert!(matches!(sent.get("UserName"), Some(PsValue::String(name)) if name == "ann"));
    assert!(matches!(sent.get("Password"), Some(PsValue::SecureString(SecureText::Plain(_)))));
    assert!(!format!("{sent:?}").contains("s3cret"));
}

#[test]
fn json_has_all_properties_and_numbers_as_numbers() {
    let json = text("one.to_json()");
    for part in [
        r#""DisplayName":"Ann Example""#,
        r#""EmailAddresses":["SMTP:a@x","smtp:b@x"]"#,
        r#""RecipientTypeDetails":"UserMailbox""#,
        r#""Small":7"#,
        r#""Nothing":null"#,
        r#""Price":1.10"#,
    ] {
        assert!(json.contains(part), "{part} in {json}");
    }
    assert!(json.starts_with("[{"));
}
