//! Every example of the library's modules prints what its comment says. That it does so as a task, too, is in `tasks`.

use std::sync::Mutex;

use exsh::script::{Document, Library};

use crate::transcript::{Bench, for_all, here, opened, plain, rewrites};

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

/// What is between the outputs of examples that run in one script.
const BETWEEN: &str = "\u{1f}";

/// Tasks that run in one script: any that change nothing, so many at most; what changes something has an organization of its own.
fn together() -> Vec<Vec<Document>> {
    let (changing, reading): (Vec<Document>, Vec<Document>) = tasks().into_iter().partition(|task| task.changes);
    let (online, here): (Vec<Document>, Vec<Document>) = reading.into_iter().partition(|task| task.online);
    let mut groups: Vec<Vec<Document>> = changing.into_iter().map(|task| vec![task]).collect();
    for all in [online, here] {
        groups.extend(all.chunks(8).map(<[Document]>::to_vec));
    }
    groups
}

/// An example in a block of its own, its value shown as that of a script is.
fn block(task: &Document) -> String {
    let lines: Vec<&str> = task.example.as_ref().unwrap().code.lines().collect();
    let last = lines.iter().rposition(|line| line.ends_with(';')).map_or(0, |at| at + 1);
    let (before, value) = (lines[..last].join("\n"), lines[last..].join("\n"));
    format!("{{\n{before}\nshow({value});\nprint(\"{BETWEEN}\");\n}}\n")
}

#[test]
fn every_example_prints_what_its_comment_says() {
    let rewritten = Mutex::new(Vec::new());
    let wrong = for_all(&together(), |bench, group| {
        let code: String = match group.as_slice() {
            [task] => task.example.as_ref()?.code.clone(),
            several => several.iter().map(block).collect(),
        };
        let online = group.first()?.online;
        let output = bench.with_organization(online, |bench, url| bench.printed(&format!("{}{code}", opened(url))));
        let outputs: Vec<String> = output.split(BETWEEN).map(plain).collect();
        let complaints = group.iter().enumerate().filter_map(|(at, task)| {
            let (got, said) = (outputs.get(at).cloned().unwrap_or_default(), plain(&task.example.as_ref()?.output));
            if got == said {
                return None;
            }
            rewritten.lock().unwrap().push((task.clone(), got.clone()));
            Some(format!("{}::{} prints\n{got}\n-- and its comment says\n{said}", task.module, task.name))
        });
        let complaints: Vec<String> = complaints.collect();
        (!complaints.is_empty()).then(|| complaints.join("\n\n"))
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

/// The words of a task's example, and a folder with the files that it makes first, as its user would have made them.
pub(crate) fn made_ready(bench: &Bench, task: &Document) -> (Vec<String>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let code = &task.example.as_ref().unwrap().code;
    let before: Vec<&str> = code.lines().filter(|line| line.starts_with("write_")).collect();
    if !before.is_empty() {
        std::fs::write(folder.path().join("before.rhai"), before.join("\n")).unwrap();
        bench.run(&["run", "before.rhai"], folder.path()).expect(0);
    }
    let line = task.command_line().unwrap();
    (shell_words(line.strip_prefix("exsh ").unwrap()), folder)
}

/// Splits as a shell does: single quotes and backslashes, which is all that examples have.
fn shell_words(line: &str) -> Vec<String> {
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
