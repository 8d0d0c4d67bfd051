//! The list of tasks, the help of one, and the generated index page.

use crate::harness::Exsh;
use crate::transcript::{here, rewrites};

#[test]
fn tasks_are_listed_for_people_and_for_programs() {
    let exsh = Exsh::new();
    let shown = exsh.run(&["task", "--list"]).expect(0);
    assert!(shown.stdout.contains("mailbox-sizes"), "{}", shown.stdout);
    let listed = exsh.run(&["task", "--list", "--output", "json"]).expect(0);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let sizes = listed.as_array().unwrap().iter().find(|task| task["Name"] == "mailbox-sizes").unwrap();
    assert_eq!(sizes["Module"], "mailboxes");
    let option = &sizes["Parameters"][1];
    assert_eq!(option["Option"], "--larger-than");
}

#[test]
fn the_help_of_a_task_gives_its_options_and_its_example() {
    let help = Exsh::new().run(&["task", "mailbox-sizes", "--help"]).expect(0).stdout;
    for part in ["--larger-than <SIZE>", "Get-MailboxStatistics", "$ exsh task mailbox-sizes", "--connect"] {
        assert!(help.contains(part), "{part} is not in\n{help}");
    }
}

#[test]
fn mistakes_on_the_command_line_are_explained() {
    let exsh = Exsh::new();
    let unknown = exsh.run(&["task", "mailbox-size"]).expect(2);
    assert!(unknown.stderr.contains("did you mean `mailbox-sizes`?"), "{}", unknown.stderr);
    let misspelt = exsh.run(&["task", "mailbox-sizes", "--largerthan", "1 GB"]).expect(2);
    assert!(misspelt.stderr.contains("--larger-than"), "{}", misspelt.stderr);
    let nowhere = exsh.run(&["task", "mailbox-sizes"]).expect(2);
    assert!(nowhere.stderr.contains("--connect"), "{}", nowhere.stderr);
    let wrong = exsh.run(&["task", "mailbox-sizes", "--connect", "demo:", "--larger-than", "huge"]).expect(1);
    assert!(wrong.stderr.contains("a size such as 50 GB"), "{}", wrong.stderr);
}

#[test]
fn a_module_of_the_user_goes_before_ours() {
    let exsh = Exsh::new();
    let folder = exsh.home().join("config/modules");
    std::fs::create_dir_all(&folder).unwrap();
    let module = "//! Ours.\n/// Says hello.\n/// # Parameters\n/// - `Name` (text, default you): whom\n\
                  fn hello(options) { `hello ${given(\"hello\", options).Name}` }\n";
    std::fs::write(folder.join("mailboxes.rhai"), module).unwrap();
    let said = exsh.run(&["task", "hello", "--name", "Ann", "--connect", "demo:"]).expect(0);
    assert_eq!(said.stdout.trim(), "hello Ann");
    exsh.run(&["task", "mailbox-sizes", "--connect", "demo:"]).expect(2);
}

#[test]
fn the_index_page_is_what_the_modules_declare() {
    let page = Exsh::new().run(&["task", "--page"]).expect(0).stdout;
    let path = here("stdlib/README.md");
    if rewrites() {
        std::fs::write(path, page).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == page, "stdlib/README.md is not what `exsh task --page` prints");
}
