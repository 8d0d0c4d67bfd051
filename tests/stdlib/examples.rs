//! Every example of the library's modules prints what its comment says, as a script and as a task.

use std::sync::Mutex;

use exsh::script::{Document, Library};

use crate::harness::Exsh;
use crate::transcript::{for_all, here, organization, plain, printed, rewrites};

fn tasks() -> Vec<Document> {
    let (library, complaints) = Library::read(&[]);
    assert_eq!(complaints, Vec::<String>::new());
    library.tasks().map(|(_, task)| (**task).clone()).collect()
}

#[test]
fn every_function_says_what_it_needs_and_gives_an_example() {
    for task in tasks() {
        let name = &task.name;
        assert!(!task.summary.is_empty(), "{name} has no summary");
        assert!(!task.cmdlets.is_empty(), "{name} names no cmdlets");
        assert!(!task.roles.is_empty(), "{name} names no roles");
        assert!(task.example.is_some(), "{name} has no example");
        assert!(task.command_line().is_some(), "the example of {name} is no single call with written-out values");
        for parameter in &task.parameters {
            assert!(!parameter.about.is_empty(), "{name} does not say what {} means", parameter.name);
            let default = parameter.default.clone().map(rhai::Dynamic::from);
            let read = default.map(|default| parameter.shape.read(&default));
            assert!(read.is_none_or(|read| read.is_ok()), "the default of {} of {name}", parameter.name);
        }
    }
}

#[test]
fn no_two_tasks_have_one_name() {
    let mut names: Vec<String> = tasks().iter().map(Document::task_name).collect();
    let before = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), before);
}

#[test]
fn every_named_cmdlet_is_documented_by_microsoft() {
    for task in tasks() {
        for cmdlet in &task.cmdlets {
            assert!(exsh::catalog::Catalog::built_in().find(cmdlet).is_some(), "{}: there is no {cmdlet}", task.name);
        }
    }
}

#[test]
fn every_example_prints_what_its_comment_says() {
    let rewritten = Mutex::new(Vec::new());
    let wrong = for_all(&tasks(), |task| {
        let example = task.example.as_ref()?;
        let code = format!(
            "let session = new_session(\"{}\"); import_session(session);
{}",
            organization(task.online),
            example.code
        );
        let output = printed(&code);
        if output == plain(&example.output) {
            return None;
        }
        rewritten.lock().unwrap().push((task.clone(), output.clone()));
        Some(format!("{}::{} prints\n{output}\n-- and its comment says\n{}", task.module, task.name, example.output))
    });
    if rewrites() {
        rewritten.into_inner().unwrap().iter().for_each(|(task, output)| rewrite(task, output));
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Puts what an example prints into its comment.
fn rewrite(task: &Document, output: &str) {
    let path = here(&format!("stdlib/{}.rhai", task.module));
    let text = std::fs::read_to_string(&path).unwrap();
    let code: String = task.example.as_ref().unwrap().code.lines().map(|line| format!("/// {line}\n")).collect();
    let start = text.find(&code).unwrap() + code.len();
    let (before, rest) = text.split_at(start);
    let rest = rest.strip_prefix("/// ```\n").unwrap();
    let rest = match rest.strip_prefix("/// ```text\n") {
        Some(block) => block.split_once("/// ```\n").unwrap().1,
        None => rest,
    };
    let output: String = output.lines().map(|line| format!("/// {line}").trim_end().to_owned() + "\n").collect();
    std::fs::write(path, format!("{before}/// ```\n/// ```text\n{output}/// ```\n{rest}")).unwrap();
}

#[test]
fn every_example_prints_the_same_as_a_task_of_the_shell() {
    let wrong = for_all(&tasks(), |task| {
        let line = task.command_line()?;
        let words = shell_words(line.strip_prefix("exsh ").unwrap());
        let folder = tempfile::tempdir().unwrap();
        let exsh = Exsh::new();
        let mut all: Vec<&str> = words.iter().map(String::as_str).collect();
        all.extend(["--connect", organization(task.online)]);
        // An example may make files first; the task finds them, as its user would have made them.
        let before = task.example.as_ref()?.code.lines().filter(|line| line.starts_with("write_")).collect::<Vec<_>>();
        if !before.is_empty() {
            std::fs::write(folder.path().join("before.rhai"), before.join("\n")).unwrap();
            let child = exsh.command(&["run", "before.rhai"]).current_dir(folder.path()).spawn().unwrap();
            crate::harness::ran(child).expect(0);
        }
        let child = exsh.command(&all).current_dir(folder.path()).spawn().unwrap();
        let ran = crate::harness::ran(child);
        // A step that failed is in the output, and the exit code besides.
        let errors = if ran.status.success() || !ran.stdout.is_empty() { "" } else { ran.stderr.as_str() };
        let output = plain(&format!("{}{errors}", ran.stdout));
        let expected = plain(&task.example.as_ref()?.output);
        (output != expected).then(|| format!("{line} prints\n{output}\n-- and its comment says\n{expected}"))
    });
    assert!(wrong.is_empty() || rewrites(), "{}", wrong.join("\n\n"));
}

/// Splits as a shell does: single quotes and backslashes, which is all that examples have.
pub(crate) fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => (quoted, begun) = (!quoted, true),
            '\\' if !quoted => word.extend(letters.next()),
            ' ' if !quoted => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            letter => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}
