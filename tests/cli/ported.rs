//! `exsh port` as people call it, and the twenty tasks of `scripts/ported` run against the demo organization.

use super::harness::{Exsh, Ran};

fn file(exsh: &Exsh, name: &str, text: &str) -> String {
    let path = exsh.home().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn run_task(exsh: &Exsh, file: &str) -> Ran {
    run_at(exsh, file, "demo:mailboxes=25,seed=7")
}

fn run_at(exsh: &Exsh, file: &str, demo: &str) -> Ran {
    let sandbox = exsh.home().join("sandbox");
    std::fs::create_dir_all(&sandbox).unwrap();
    let sandbox = sandbox.display().to_string();
    exsh.run(&["run", "--sandbox", &sandbox, "--now", "2026-01-15T10:00:00", "--connect", demo, file])
}

/// Names of the PowerShell scripts in a folder, without `.ps1`.
fn scripts(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ps1"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_twenty_tasks_do_the_same_in_powershell_and_ported() {
    let names = scripts("scripts/ported");
    assert!(names.len() >= 20);
    let outputs: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = names
            .chunks(names.len().div_ceil(2))
            .map(|half| {
                scope.spawn(move || {
                    let one = |name: &String| {
                        let first = run_task(&Exsh::new(), &format!("scripts/ported/{name}.ps1")).expect(0);
                        let ported = run_task(&Exsh::new(), &format!("scripts/ported/{name}.rhai")).expect(0);
                        assert_eq!(ported.stdout, first.stdout, "{name}");
                        format!("== {name}\n{}", ported.stdout)
                    };
                    half.iter().map(one).collect::<Vec<String>>()
                })
            })
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    let text: String = outputs.join("\n").lines().map(|line| format!("{}\n", line.trim_end())).collect();
    insta::assert_snapshot!("the_twenty_tasks", text);
}

/// What a run left in its folder: names and texts.
fn left_behind(exsh: &Exsh) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(exsh.home().join("sandbox"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            (path.file_name().unwrap().to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn whole_reports_print_and_write_the_same_in_powershell_and_ported() {
    let names = scripts("tests/port/reports");
    assert!(names.len() >= 20);
    let differing: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = names
            .chunks(names.len().div_ceil(2))
            .map(|half| scope.spawn(move || half.iter().filter_map(report_differs).collect::<Vec<String>>()))
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

fn report_differs(name: &String) -> Option<String> {
    let (original, ported) = (Exsh::new(), Exsh::new());
    let source = format!("tests/port/reports/{name}.ps1");
    let kept = ported.home().join(format!("{name}.rhai")).display().to_string();
    ported.run(&["port", &source, "-o", &kept]).expect(0);
    let online = ["mail_flow", "audit_log_search", "permission_audit"].contains(&name.as_str());
    let demo = if online {
        "demo:mailboxes=25,seed=7,release=online,now=2026-01-15T10:00:00Z"
    } else {
        "demo:mailboxes=25,seed=7"
    };
    let (first, second) = (run_at(&original, &source, demo), run_at(&ported, &kept, demo));
    let same = first.stdout == second.stdout && first.code() == second.code() && !first.stdout.is_empty();
    if same && left_behind(&original) == left_behind(&ported) {
        return None;
    }
    Some(format!(
        "== {name}: {} and {}\n{}\n{}\n-- ported\n{}\n{}\n-- files {:?}\n{:?}",
        first.code(),
        second.code(),
        first.stdout,
        first.stderr,
        second.stdout,
        second.stderr,
        left_behind(&original),
        left_behind(&ported)
    ))
}

#[test]
fn ported_text_runs_from_standard_input_and_as_code_too() {
    let text = "import \"powershell\" as ps;\nshow(get_mailbox(\"alice\").Alias);\n";
    let exsh = Exsh::new();
    let open = ["run", "--connect", "demo:", "-"];
    assert_eq!(exsh.run_with_input(&open, text).expect(0).stdout, "alice\n");
    let ran = exsh.run(&["eval", "import \"powershell\" as ps; show(\"{0:N2}\" like \"*N2*\")"]).expect(0);
    assert_eq!(ran.stdout, "True\n");
}

#[test]
fn port_writes_a_script_that_runs() {
    let exsh = Exsh::new();
    let source = file(&exsh, "a.ps1", "foreach ($m in Get-Mailbox -ResultSize 1) { \"$($m.Alias)\" }\n");
    let out = exsh.home().join("a.rhai").display().to_string();
    let ran = exsh.run(&["port", &source, "-o", &out]).expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let ran = run_task(&exsh, &out).expect(0);
    assert_eq!(ran.stdout, "alice\n");
}

#[test]
fn standard_input_is_ported_to_standard_output() {
    let ran = Exsh::new().run_with_input(&["port", "-"], "PS C:\\> Get-Mailbox alice\n").expect(0);
    assert!(ran.stdout.ends_with("show(get_mailbox(\"alice\"));\n"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_read_is_shown_and_nothing_is_written_unless_forced() {
    let exsh = Exsh::new();
    let source = file(&exsh, "bad.ps1", "$a = 1\nGet-Mailbox )\n$b = (2 + )\n");
    let out = exsh.home().join("bad.rhai");
    let ran = exsh.run(&["port", &source, "-o", &out.display().to_string()]).expect(1);
    assert!(ran.stderr.matches("error[port::parse]").count() >= 2 && ran.stderr.contains('^'), "{}", ran.stderr);
    assert!(!out.exists());
    exsh.run(&["port", &source, "--force", "-o", &out.display().to_string()]).expect(1);
    assert!(std::fs::read_to_string(&out).unwrap().contains("let a = 1;"));
}

#[test]
fn check_says_by_its_exit_code_whether_everything_was_carried_over() {
    let exsh = Exsh::new();
    let whole = file(&exsh, "whole.ps1", "Get-Mailbox\n");
    let part = file(&exsh, "part.ps1", "New-Object -ComObject Excel.Application\n");
    exsh.run(&["port", "--check", &whole]).expect(0);
    let ran = exsh.run(&["port", "--check", &part]).expect(1);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("port::com_object"), "{}", ran.stderr);
    exsh.run(&["port", &part]).expect(0);
}

#[test]
fn the_report_has_the_fields_the_help_names() {
    let exsh = Exsh::new();
    let source = file(&exsh, "part.ps1", "Get-Mailbox\n$x = New-Object -ComObject Excel.Application\n");
    let ran = exsh.run(&["port", "--report", "json", &source]).expect(0);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["parsed"], true);
    assert_eq!(report["carried_over"], false);
    assert_eq!(report["unsupported"], 1);
    assert_eq!(report["compiles"], true);
    let found = &report["diagnostics"][0];
    assert_eq!(
        (&found["code"], &found["line"], &found["column"], &found["severity"]),
        (&"port::com_object".into(), &2.into(), &6.into(), &"error".into())
    );
    assert!(report["rhai"].as_str().unwrap().contains("unsupported("));
}

#[test]
fn every_diagnostic_explains_itself() {
    let exsh = Exsh::new();
    let ran = exsh.run(&["port", "--explain", "com_object"]).expect(0);
    assert!(ran.stdout.contains("instead") && ran.stdout.contains("export_excel"), "{}", ran.stdout);
    exsh.run(&["port", "--explain", "nothing"]).expect(2);
}

#[test]
fn single_calls_go_back_to_powershell() {
    let exsh = Exsh::new();
    let text = "import \"powershell\" as ps;\nshow(get_mailbox(\"Anna Berg\", #{ ResultSize: 5 }).format_table([\"Name\", \"Alias\"]));\n\
                set_mailbox(\"alice\", #{ EmailAddresses: #{ Add: \"a@contoso.com\" }, Confirm: false });\n\
                set_mailbox(\"bob\", #{ HiddenFromAddressListsEnabled: true, Force: true });\n";
    let source = file(&exsh, "a.rhai", text);
    let ran = exsh.run(&["port", "--as-powershell", &source]).expect(0);
    assert_eq!(
        ran.stdout,
        "Get-Mailbox 'Anna Berg' -ResultSize 5 | Format-Table Name,Alias\n\
         Set-Mailbox alice -EmailAddresses @{ Add = 'a@contoso.com' } -Confirm:$false\n\
         Set-Mailbox bob -HiddenFromAddressListsEnabled $true -Force\n"
    );
    let source = file(&exsh, "b.rhai", "let x = 1;\n");
    let ran = exsh.run(&["port", "--as-powershell", &source]).expect(1);
    assert!(ran.stderr.contains("port::as_powershell"), "{}", ran.stderr);
}
