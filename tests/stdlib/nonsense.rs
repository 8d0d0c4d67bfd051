//! Nonsense given to the functions beside the cmdlets: each answers with one sentence, and leaves no half of a file behind.
//!
//! What an answer says is what a person needs to go on; the table is theirs to read.

use std::fmt::Write as _;

use crate::transcript::Bench;

/// Files that are there before.
const FILES: [(&str, &[u8]); 9] = [
    ("ok.csv", b"a,b\n1,2\n"),
    ("empty.csv", b""),
    ("twice.csv", b"a,A,b\n1,2,3\n"),
    ("nameless.csv", b"a,,\n1,2,3\n"),
    ("short.csv", b"a,b\n1\n"),
    ("long.csv", b"a,b\n1,2,3\n"),
    ("open.csv", b"a,b\n1,\"2\n3,4\n5,6\n"),
    ("quoted.csv", b"a,b\n1,\"2\n\"\"3\"\"\"\n5\" disk,6\n"),
    ("bytes.csv", b"a,b\n\xff\xfe\xe5,2\n"),
];

/// What is called, and what its answer begins with: a value, or after an exclamation mark an error and its first hint.
const CASES: &[(&str, &str)] = &[
    // files and paths
    (r#"read_text("missing.txt")"#, "!cannot read missing.txt: No such file"),
    (r#"read_text("folder")"#, "!cannot read folder: Is a directory"),
    (r#"read_text("")"#, "!cannot read a file without a name"),
    (r#"read_text("a\x00b")"#, "!cannot read a"),
    (r#"read_text("ok.csv", "utf7")"#, "!utf7 is no encoding exsh knows | it is one of utf8"),
    (r#"write_text("folder", "x")"#, "!cannot write folder: Is a directory"),
    (r#"write_text("", "x")"#, "!cannot write a file without a name"),
    (r#"write_text("/", "x")"#, "!cannot write /: it has no file name"),
    (r#"write_text("no/such/x.txt", "x")"#, "!cannot write no/such/x.txt: No such file"),
    (r#"append_text("folder", "x")"#, "!cannot write folder: Is a directory"),
    (r#"make_folder("")"#, "!cannot make a folder without a name"),
    (r#"make_folder("ok.csv")"#, "!cannot make ok.csv: File exists"),
    (r#"copy_file("ok.csv", "ok.csv")"#, "!cannot copy ok.csv to ok.csv: they are one file"),
    (r#"copy_file("ok.csv", "./folder/../ok.csv")"#, "!cannot copy ok.csv to ./folder/../ok.csv: they are one file"),
    (r#"copy_file("ok.csv", "folder")"#, "!cannot copy ok.csv to folder: Is a directory"),
    (r#"copy_file("folder", "z")"#, "!cannot copy folder to z: is a directory"),
    (r#"move_file("ok.csv", "no/such/y")"#, "!cannot move ok.csv to no/such/y: No such file"),
    (r#"delete_file("folder")"#, "!cannot delete folder: Is a directory"),
    (r#"list_files("missing")"#, "!cannot list missing: No such file"),
    (r#"list_files("ok.csv")"#, "!cannot list ok.csv: Not a directory"),
    (r#"list_files("folder", "[")"#, "[]"),
    (r#"file_hash("folder")"#, "!cannot read folder: Is a directory"),
    // CSV
    (r#"read_csv("empty.csv").len()"#, "0"),
    (r#"read_csv("twice.csv")"#, "!twice.csv has two columns called A | Header names them otherwise"),
    (r#"read_csv("nameless.csv")"#, "@{a=1; H2=2; H3=3}"),
    (r#"read_csv("short.csv")"#, "@{a=1; b=}"),
    (r#"read_csv("long.csv")"#, "!long.csv, row 1 has 3 cells, and there are 2 columns | a cell with the delimiter"),
    (r#"read_csv("open.csv")"#, "!open.csv, row 1: a quotation mark is opened and never closed"),
    (r#"read_csv("quoted.csv").len()"#, "2"),
    (r#"read_csv("bytes.csv").len()"#, "1"),
    (r#"read_csv("ok.csv", #{ Delimiter: "é" })"#, "!Delimiter is \"é\" | it is one sign"),
    (r#"read_csv("ok.csv", #{ Delimiter: ",," })"#, "!Delimiter is \",,\" | it is one sign"),
    (r#"read_csv("ok.csv", #{ Delimiter: "\"" })"#, "!Delimiter is \"\\\"\" | it is one sign"),
    (r#"read_csv("ok.csv", #{ Types: #{ c: "int" } })"#, "!ok.csv has no column c | it has a, b"),
    (
        r#"read_csv("ok.csv", #{ Types: #{ a: "number" } })"#,
        "!ok.csv, row 1: a is \"1\", not of a known type: the types are text",
    ),
    (r#"read_csv("ok.csv", #{ Types: "int" })"#, "!Types is a map from column to type"),
    (r#"read_csv("ok.csv", #{ Header: ["x", "x"] })"#, "!ok.csv has two columns called x"),
    (r#"write_csv([#{ a: 1 }], "folder")"#, "!cannot write folder: Is a directory"),
    (r#"write_csv([#{ a: "x" }], "q.csv", #{ Quotes: "some" })"#, "!Quotes is some | it is one of always"),
    (r#"write_csv([#{ a: "x" }], "q.csv", #{ Delimiter: "\n" })"#, "!Delimiter is \"\\n\" | it is one sign"),
    (
        r#"write_csv([#{ a: "\u263a" }], "q.csv", #{ Encoding: "latin1" })"#,
        "!'☺' cannot be written in this encoding | utf8bom",
    ),
    (r#"write_csv([1, 2, 3].map(|it| if it == 3 { throw "three" } else { it }), "t.csv")"#, "!three"),
    (r#"write_csv(in_turn([|| [1, 2, 3]]).map(|it| if it == 3 { throw "three" } else { it }), "t.csv")"#, "!three"),
    (r#"file_exists("t.csv")"#, "false"),
    (
        r#"to_csv([#{ a: "=1+1" }, #{ a: "-5" }, #{ a: -5 }, #{ a: "@x" }]).split("\n")"#,
        r#"["a", "'=1+1", "-5", "-5", "'@x""#,
    ),
    (r#"to_csv([])"#, ""),
    // JSON
    (r#"from_json("")"#, "!the text is no JSON"),
    (r#"from_json("NaN")"#, "!the text is no JSON"),
    (r#"from_json(deep(100000))"#, "!the text is no JSON: recursion limit"),
    (r#"read_json("ok.csv")"#, "!ok.csv is no JSON"),
    (r#"write_json([], "folder")"#, "!cannot write folder: Is a directory"),
    // patterns
    (r#"is_match("x", "(")"#, "!\"(\" is no pattern: unclosed group"),
    (r#"is_match("x", "(?:a{1000}){1000}")"#, "!\"(?:a{1000}){1000}\" is no pattern: Compiled regex exceeds"),
    (r#"is_match(deep(100000) + "!", "^(\\[+)+$")"#, "false"),
    (r#"find_matches("abc", "").len()"#, "4"),
    // dates and spans
    (r#"date("")"#, "!\"\" is no date | write 2026-01-31"),
    (r#"date("2026-02-30")"#, "!\"2026-02-30\" is no date"),
    (r#"date(99999, 1, 1)"#, "!\"99999-01-01\" is no date"),
    (r#"date("-000001-01-01")"#, "!\"-000001-01-01\" is no date"),
    (r#"date("9999-12-31").add_days(10)"#, "!the date is out of range"),
    (r#"date("2026-01-01").add_days(9223372036854775807)"#, "!the span of time is too long"),
    (r#"date("2026-01-01").to_zone("../../etc/passwd")"#, "!\"../../etc/passwd\" is no time zone | write it as"),
    (r#"date("2026-01-01").to_zone("")"#, "!\"\" is no time zone"),
    (r#"date("2026-01-01").format("%")"#, "!\"%\" is no pattern for a date: invalid format string"),
    (r#"days_ago(-9223372036854775807)"#, "!the date is out of range"),
    (r#"days(0.0/0.0)"#, "!the span of time is too long"),
    // sizes, passwords, hashes
    (r#"size("NaN GB")"#, "!\"NaN GB\" is not a size | write it like 1.5 GB"),
    (r#"size("-5 GB")"#, "!\"-5 GB\" is not a size"),
    (r#"size("99999999999 PB")"#, "!\"99999999999 PB\" is not a size"),
    (r#"new_password(#{ Length: -1 })"#, "!Length of new_password is a number from 8 to 128"),
    (r#"new_password(#{ Length: "16" })"#, "!Length of new_password is a number from 8 to 128"),
    (r#"from_base64("%%%")"#, "!the text is no Base64"),
    (r#"env("a=b")"#, ""),
    // arguments and mail
    (r#"args(#{ Days: "nonsense" })"#, "!args: Days is declared as \"nonsense\" | write \"text, required: meaning\""),
    (r#"args(#{ "": "text: x" })"#, "!args:  is declared as"),
    (r#"send_mail(#{ Server: "" })"#, "!send_mail needs Server"),
    (r#"send_mail(#{ Server: "h", From: "a@b.c", To: [] })"#, "!send_mail needs To"),
    (
        r#"send_mail(#{ Server: "h", From: "a@b.c\r\nBcc: x@y.z", To: "a@b.c" })"#,
        "!\"a@b.c\\r\\nBcc: x@y.z\" is no mail address",
    ),
    (r#"send_mail(#{ Server: "h", Port: 0, From: "a@b.c", To: "a@b.c" })"#, "!Port of send_mail is a number from 1"),
    (
        r#"send_mail(#{ Server: "h", From: "a@b.c", To: "a@b.c", Attachments: "folder" })"#,
        "!cannot read folder: Is a directory",
    ),
    // patience
    (r#"[1, 2].chunked(0)"#, "!chunked takes a size from 1 on"),
    (r#"[].chunked(9223372036854775807)"#, "[]"),
    (r#"retry_until(|| false, #{ Seconds: 0.0/0.0 })"#, "!retry_until: Seconds takes a number of seconds from 0 on"),
    (r#"retry_until(|| false, #{ Seconds: -1 })"#, "!retry_until: Seconds takes a number of seconds from 0 on, not -1"),
    (r#"retry_until(|| true, #{ Seconds: 1e300 })"#, "!retry_until: Seconds is too long"),
    (r#"retry_until(|| false, #{ Seconds: 0.02, Every: 0 })"#, "!there was nothing to be had within 0.02 seconds"),
    (r#"wait_for(|| 5)"#, "!wait_for needs true or false from its function, which gave i64"),
    (r#"rate_limiter(1, 0)"#, "!rate_limiter takes a number of turns and of seconds, both above zero"),
    (r#"rate_limiter(0.0/0.0, 1.0)"#, "!rate_limiter takes a number of turns"),
    (r#"rate_limiter(1e-18, 1.0)"#, "!rate_limiter takes a number of turns"),
    // reports
    (r#"to_html([#{ a: "<script>alert(1)</script>" }]).contains("<script>alert(1)")"#, "false"),
    (r#"to_html(()).len() > 100"#, "true"),
    (r#"to_html([#{}, 5, "x", [1]]).len() > 100"#, "true"),
    (r#"to_html([1], #{ Title: 5 })"#, "!the report: Title takes text"),
    (r#"to_xlsx([#{ a: deep(40000), b: 0.0/0.0, c: 1.0/0.0, d: date("0001-01-01") }]).len() > 100"#, "true"),
    (r#"to_xlsx([1], #{ Title: "a/b[c]*?:\\ and longer than thirty-one letters" }).len() > 100"#, "true"),
    (r#"write_xlsx([1], "folder")"#, "!cannot write folder: Is a directory"),
    (r#"to_markdown([#{ a: "x|y\nz" }]).contains("| x\\|y z |")"#, "true"),
    (r#"chart([#{ a: "x", b: 0.0/0.0 }, #{ a: "y", b: -5 }, #{ a: "z", b: 1e300 }]).to_string().len() > 0"#, "true"),
    (r#"chart([#{ a: "x" }], #{ Value: "nope" })"#, "!the rows have no nope"),
    (r#"chart([#{ a: "x" }])"#, "!no property of the rows has numbers | say which one"),
    (r#"chart([#{ a: 1 }], #{ Kind: "cake" })"#, "!there is no chart of kind cake | it is bar or line"),
    (r#"chart([#{ a: 1 }], #{ Top: 0 })"#, "!chart: Top takes a number above zero"),
    (r#"sparkline([1, "x"])"#, "!sparkline takes numbers"),
    (r#"sparkline([0.0/0.0, 1.0/0.0, 1]).len() > 0"#, "true"),
    // bulk and streams
    (r#"bulk((), |row| row, #{ Confirm: false }).Rows"#, "0"),
    (r#"bulk([1], |row| row, #{ Parallel: 19 })"#, "!bulk: Parallel is a number from 1 to 18"),
    (r#"bulk([1], |row| row, #{ Journal: "", Confirm: false })"#, "!bulk: Journal takes the path of a file"),
    (
        r#"bulk([1], |row| row, #{ Journal: "folder", Confirm: false })"#,
        "!cannot use the journal folder: Is a directory",
    ),
    (r#"bulk([1], |row| row, #{ Journal: "ok.csv", Confirm: false })"#, "!ok.csv is no journal"),
    (r#"bulk([1], |row| row, #{ Key: "Password", Confirm: false })"#, "!Password looks like a secret"),
    (r#"bulk([1], |row| row, #{ PerMinute: 0.0/0.0 })"#, "!bulk: PerMinute takes a number above zero, not NaN"),
    (r#"bulk([1], || 1, #{ Confirm: false }).Failed"#, "1"),
    (r#"bulk([1], |row| bulk([1], |it| it), #{ Confirm: false }).Failed"#, "1"),
    (r#"in_turn([5])"#, "!in_turn takes functions"),
    (r#"in_turn([|| [1]]).asking(|it| it, #{ Parallel: 0 })"#, "!asking: Parallel is a number from 1 to 18"),
    (r#"pages(|| { throw "x" }).count()"#, "!x"),
];

#[test]
fn nonsense_is_answered_with_a_sentence_and_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    for (name, bytes) in FILES {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let mut code = "fn deep(n) { let t = \"\"; t.pad(n, \"[\"); t }\n".to_owned();
    for (call, _) in CASES {
        let _ = writeln!(
            code,
            "try {{ let v = {call}; print(`>${{v}}`); }} catch (e) {{
                 let told = if type_of(e) == \"map\" {{ e.message }} else {{ `${{e}}` }};
                 if type_of(e) == \"map\" && e.contains(\"hints\") && e.hints.len() > 0 {{ told += \" | \" + e.hints[0]; }}
                 print(`>!${{told}}`);
             }}"
        );
    }
    std::fs::write(folder.path().join("all.rhai"), code).unwrap();
    let ran = Bench::new().run(&["run", "all.rhai"], folder.path()).expect(0);
    let answers: Vec<&str> = ran.stdout.strip_prefix('>').unwrap().split("\n>").collect();
    assert_eq!(answers.len(), CASES.len(), "{}", ran.stdout);
    let wrong: Vec<String> = (CASES.iter().zip(&answers))
        .filter(|((_, wanted), answer)| !answer.starts_with(wanted) || (wanted.is_empty() && !answer.trim().is_empty()))
        .map(|((call, wanted), answer)| format!("{call}\n   gives {answer}\n  wanted {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let left: Vec<String> = (std::fs::read_dir(folder.path()).unwrap())
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(std::fs::read(folder.path().join("ok.csv")).unwrap(), FILES[0].1, "it was only read");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_replaced_keeps_who_may_read_it_and_a_link_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("secret.txt"), folder.path().join("link.txt"));
    std::fs::write(&file, "old").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&file, &link).unwrap();
    std::fs::write(
        folder.path().join("w.rhai"),
        "write_text(\"link.txt\", \"new\"); copy_file(\"link.txt\", \"c.txt\");",
    )
    .unwrap();
    Bench::new().run(&["run", "w.rhai"], folder.path()).expect(0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    for name in ["secret.txt", "c.txt"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
