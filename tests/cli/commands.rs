//! Commands that need no server: code, scripts, configuration, help, and what is said about mistakes.

use super::harness::Exsh;

#[test]
fn code_is_run_and_its_value_printed() {
    let ran = Exsh::new().run(&["eval", "1 + 1"]).expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("2\n", ""));
}

#[test]
fn standard_input_is_a_script_when_it_is_no_terminal() {
    let ran = Exsh::new().run_with_input(&[], "let x = 20;\nprint(x * 2);").expect(0);
    assert_eq!(ran.stdout, "40\n");
}

#[test]
fn a_script_gets_its_arguments_and_may_start_with_a_shebang() {
    let exsh = Exsh::new();
    let file = exsh.home().join("args.rhai");
    std::fs::write(&file, "#!/usr/bin/env exsh\nprint(args()[1]);\n").unwrap();
    let ran = exsh.run(&[file.to_str().unwrap(), "one", "--two"]).expect(0);
    assert_eq!(ran.stdout, "--two\n");
}

#[test]
fn a_script_chooses_its_exit_code() {
    Exsh::new().run(&["eval", "exit(7); print(\"not reached\")"]).expect(7);
}

/// `pwsh -Command` ends with 1 where `$?` is false at the end (about_Pwsh), a script with 0 unless something ends it.
#[test]
fn an_error_of_the_last_cmdlet_on_the_command_line_is_a_failure_and_in_a_script_is_none() {
    let exsh = Exsh::new();
    let begin = "import_session(new_session(\"demo:\"));";
    let cases = [
        ("get_mailbox(\"nobody\")", 1),
        ("for name in [\"alice\", \"nobody\"] { get_mailbox(name); }", 1),
        ("for name in [\"nobody\", \"alice\"] { get_mailbox(name); }", 0),
        ("get_mailbox(\"nobody\"); 1", 0),
        ("get_mailbox(\"nobody\"); get_mailbox(\"alice\")", 0),
    ];
    for (code, expected) in cases {
        let ran = exsh.run(&["eval", &format!("{begin} {code}")]);
        assert_eq!(ran.code(), expected, "{code}\n{}", ran.stderr);
    }
    let file = exsh.home().join("nobody.rhai");
    std::fs::write(&file, format!("{begin} get_mailbox(\"nobody\");")).unwrap();
    let ran = exsh.run(&["run", file.to_str().unwrap()]).expect(0);
    assert!(ran.stderr.contains("nobody"), "{}", ran.stderr);
}

#[test]
fn a_script_error_shows_file_line_column_and_caret() {
    let exsh = Exsh::new();
    let file = exsh.home().join("wrong.rhai");
    std::fs::write(&file, "let mailbox = 1;\nprint(mialbox);\n").unwrap();
    let ran = exsh.run(&["run", file.to_str().unwrap()]).expect(1);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("wrong.rhai:2:7"), "{}", ran.stderr);
    assert!(ran.stderr.contains("2 | print(mialbox);"), "{}", ran.stderr);
    assert!(ran.stderr.contains("^^^^^^^"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean mailbox?"), "{}", ran.stderr);
}

#[test]
fn a_misspelt_command_is_a_usage_error_with_a_suggestion() {
    let ran = Exsh::new().run(&["evil", "1"]).expect(2);
    assert_eq!(ran.stderr, "error: there is no command and no script `evil`\nhint: did you mean `exsh eval`?\n");
}

#[test]
fn settings_are_written_commented_changed_and_read_back() {
    let exsh = Exsh::new();
    let path = exsh.run(&["config", "path"]).expect(0).stdout;
    exsh.run(&["config", "init"]).expect(0);
    exsh.run(&["config", "init"]).expect(1);
    exsh.run(&["config", "set", "auth.basic", "false"]).expect(0);
    assert_eq!(exsh.run(&["config", "get", "auth.basic"]).expect(0).stdout, "false\n");
    let text = std::fs::read_to_string(path.trim()).unwrap();
    assert!(text.starts_with("# exsh configuration"), "{text}");
    exsh.run(&["config", "set", "auth.basic", "perhaps"]).expect(2);
}

#[test]
fn a_broken_configuration_names_file_and_line_and_keeps_config_path_working() {
    let exsh = Exsh::new();
    exsh.run(&["config", "init"]).expect(0);
    let path = exsh.run(&["config", "path"]).expect(0).stdout;
    std::fs::write(path.trim(), "[auth]\nbasic = maybe\n").unwrap();
    let ran = exsh.run(&["eval", "1"]).expect(1);
    assert!(ran.stderr.contains("config.toml"), "{}", ran.stderr);
    assert!(ran.stderr.contains("line 2"), "{}", ran.stderr);
    exsh.run(&["config", "path"]).expect(0);
}

#[test]
fn help_goes_to_standard_output_and_lists_the_exit_codes() {
    let ran = Exsh::new().run(&["--help"]).expect(0);
    assert!(ran.stdout.contains("130  interrupted by Ctrl-C"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_reader_that_leaves_early_ends_the_program_quietly() {
    let exsh = Exsh::new();
    let mut child = exsh.command(&["eval", "for i in 0..100000 { print(i); }"]).spawn().unwrap();
    drop(child.stdout.take());
    let ran = super::harness::ran(child);
    assert_eq!((ran.code(), ran.stderr.as_str()), (0, ""));
}

/// The document and what PowerShell reads in it: formatting.md 2.4 (notes come first), 3 (texts).
#[test]
fn a_saved_object_is_read_as_one_line_of_json() {
    let exsh = Exsh::new();
    let file = exsh.home().join("saved.xml");
    let text = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><TN RefId="0"><T>Demo.Box</T></TN><ToString>box</ToString><Props><I32 N="Size">5</I32></Props><MS><S N="Note">n</S></MS></Obj></Objs>"#;
    std::fs::write(&file, text).unwrap();
    let ran = exsh.run(&["inspect", file.to_str().unwrap(), "--reading"]).expect(0);
    let reading: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(reading["types"][0], "Deserialized.Demo.Box");
    assert_eq!(reading["properties"][0]["name"], "Note", "{reading}");
    std::fs::write(&file, text.replace("</Objs>", "")).unwrap();
    let ran = exsh.run(&["inspect", file.to_str().unwrap(), "--reading"]).expect(1);
    assert!(ran.stderr.contains("saved.xml"), "{}", ran.stderr);
}

#[test]
fn a_file_that_cannot_be_read_says_why_and_what_to_do_and_utf_16_is_read_as_it_is() {
    const START: &str = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">"#;
    let exsh = Exsh::new();
    let file = exsh.home().join("saved.xml");
    let path = file.to_str().unwrap();
    let whole = format!("{START}<S>box</S></Objs>");
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let read = [
        [b"\xFF\xFE".as_slice(), &utf16(&whole)].concat(),
        utf16(&whole), // without a mark, as .NET's reader takes it
        [b"\xEF\xBB\xBF", whole.as_bytes()].concat(),
        format!("#< CLIXML\r\n{whole}").into_bytes(), // what powershell -OutputFormat Xml writes
        b"<S>box</S>".to_vec(),                       // the body of a message
    ];
    for bytes in read {
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(exsh.run(&["inspect", path]).expect(0).stdout, "box\n", "{}", String::from_utf8_lossy(&bytes));
    }
    let refused: [(Vec<u8>, &str, &str); 7] = [
        (whole.as_bytes()[..whole.len() - 9].to_vec(), "ends inside", "cut off"),
        (format!("{START}{}", "<Obj><LST>".repeat(100_000)).into_bytes(), "nested more than 49 levels", "-Depth"),
        (b"{\"a\": 1}".to_vec(), "not CLIXML", "Export-Clixml"),
        (b"<!DOCTYPE html><html></html>".to_vec(), "DTD", "Export-Clixml"),
        (whole.replace("box", "b\u{e9}").chars().map(|c| c as u8).collect(), "not valid UTF-8", "save it again"),
        (whole.replace("1.1.0.1", "2.0").into_bytes(), "version 2.0", "1.1.0.1"),
        (whole.replace("<S>box</S>", "<I32>x</I32>").into_bytes(), "<I32>", "changed or damaged"),
    ];
    for (bytes, why, what_to_do) in refused {
        std::fs::write(&file, &bytes).unwrap();
        let ran = exsh.run(&["inspect", path]).expect(1);
        let (error, hint) = ran.stderr.split_once("hint: ").unwrap_or_else(|| panic!("no hint: {}", ran.stderr));
        assert!(error.contains(why) && hint.contains(what_to_do), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}
