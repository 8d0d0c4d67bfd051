//! The tour: what `docs/tour.md` shows is typed at the prompt, or run from a shell, and compared.

use std::process::Command;

use super::Prompt;

const TOUR: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tour.md"));

/// The lines of all blocks in a language, block by block.
fn blocks(language: &str) -> Vec<Vec<&'static str>> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    let mut inside = false;
    for line in TOUR.lines() {
        match line.strip_prefix("```") {
            Some(name) if name == language => {
                inside = true;
                blocks.push(Vec::new());
            }
            Some(_) => inside = false,
            None if inside => blocks.last_mut().unwrap().push(line),
            None => {}
        }
    }
    blocks
}

/// Lines that were typed, each with what is shown for it.
fn typed(lines: &[&'static str], sign: &str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        match line.strip_prefix(sign) {
            Some(input) => found.push((input, Vec::new())),
            None => found.last_mut().unwrap().1.push(line),
        }
    }
    found
}

#[test]
fn what_the_tour_types_at_the_prompt_shows_what_it_says() {
    let mut prompt = Prompt::start(&["demo"]);
    let lines: Vec<&str> = blocks("text").concat();
    assert!(lines.len() > 10, "the tour types something");
    for (input, shown) in typed(&lines, "exsh> ") {
        let output = prompt.line(input).replace('\r', "");
        for line in shown.iter().filter(|line| !line.trim().is_empty() && **line != "…") {
            assert!(output.contains(line.trim_end()), "{input}\nshould show {line:?}, but shows\n{output}");
        }
    }
    prompt.leave();
}

#[test]
fn what_the_tour_runs_from_a_shell_prints_what_it_says() {
    let home = tempfile::tempdir().unwrap();
    let mut count = 0;
    for block in blocks("console") {
        for (line, shown) in typed(&block, "$ ") {
            if line == "exsh demo" {
                continue; // the prompt, tried above
            }
            let program = env!("CARGO_BIN_EXE_exsh");
            let ran = Command::new("sh")
                .args(["-c", &line.replacen("exsh", program, 1)])
                .env_clear()
                .env("HOME", home.path())
                .env("PATH", "/usr/bin:/bin")
                .env("COLUMNS", "100")
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .output()
                .unwrap();
            let output = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
            for expected in shown.iter().filter(|line| !line.trim().is_empty() && **line != "…") {
                assert!(
                    output.contains(expected.trim_end()),
                    "{line}\nshould print {expected:?}, but prints\n{output}"
                );
            }
            count += 1;
        }
    }
    assert!(count >= 4, "the tour runs something");
}
