//! Keeps the house in order: who may call whom, what pure rooms may not touch, how files open and how long they are.
//!
//! It reads the source as text; the rules are those of the crate documentation in `src/lib.rs`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the bottom up; a room may use those of lower layers.
const LAYERS: [&[&str]; 6] = [
    &["diagnostic", "secret"],
    &["clixml", "psrp", "wsman", "process", "catalog", "port"],
    &["transport"],
    &["remote", "sim"],
    &["script", "config", "render"],
    &["repl", "cli"],
];

/// The only ties between rooms of one layer.
const NEIGHBOURS: [(&str, &str); 8] = [
    ("psrp", "clixml"),
    ("catalog", "clixml"),
    ("port", "catalog"),
    ("process", "psrp"),
    ("process", "clixml"),
    ("script", "render"),
    ("script", "config"),
    ("cli", "repl"),
];

/// Ties that layers would allow and the plan forbids.
const FORBIDDEN: [(&str, &str); 2] = [("sim", "transport"), ("port", "clixml")];

const FILE_LINES_MAX: usize = 700;

struct Source {
    path: PathBuf,
    room: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&root).unwrap();
                let room = relative.components().next().unwrap().as_os_str().to_str().unwrap();
                let room = room.trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { path: relative.to_owned(), room, text });
            }
        }
    }
    assert!(found.len() > 10, "the source folder was not found");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// The part of a file before its unit tests, without comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

/// Rooms named behind `crate::` in a line, also in grouped imports such as `crate::{clixml::X, psrp}`.
fn rooms_named(line: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let first_word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (index, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && c.is_alphabetic() => {
                        rooms.push(first_word(&group[index..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            rooms.push(first_word(rest));
        }
    }
    rooms
}

#[test]
fn rooms_call_strictly_downward() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = layer(&source.room) else {
            assert!(
                ["lib", "main"].contains(&source.room.as_str()),
                "{} belongs to no room of the plan",
                source.path.display()
            );
            continue;
        };
        for (number, line) in code(&source.text) {
            for room in rooms_named(line) {
                let Some(other) = layer(&room) else { continue };
                let tie = (source.room.as_str(), room.as_str());
                let allowed = source.room == room || other < own || NEIGHBOURS.contains(&tie);
                if !allowed || FORBIDDEN.contains(&tie) {
                    wrong.push(format!("{}:{number}: {} may not use {room}", source.path.display(), source.room));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_touch_nothing_outside() {
    const OUTSIDE: [&str; 16] = [
        "std::fs",
        "std::net",
        "std::env",
        "std::io::std",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "tokio",
        "rhai::",
        "clap::",
        "reqwest",
        "rand::thread_rng",
        "OsRng",
        "Uuid::new_v4",
        "println!",
    ];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| matches!(layer(&source.room), Some(0 | 1))) {
        for (number, line) in code(&source.text) {
            for word in OUTSIDE.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number}: {word}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_their_owners_hold_sockets_the_home_folder_the_keyring_the_terminal_and_rhai() {
    const OWNERS: [(&str, &[&str]); 5] = [
        ("reqwest::", &["transport"]),
        ("TcpListener", &["sim"]),
        ("dirs::", &["config"]),
        ("keyring::", &["config"]),
        ("rhai::", &["script", "repl"]),
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        for (number, line) in code(&source.text) {
            for (word, rooms) in OWNERS {
                let used = line
                    .match_indices(word)
                    .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'));
                if used && !rooms.contains(&source.room.as_str()) {
                    wrong.push(format!("{}:{number}: {word}", source.path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_and_stays_readable() {
    let mut wrong = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            wrong.push(format!("{} does not open with //!", source.path.display()));
        }
        let lines = source.text.lines().count();
        if lines > FILE_LINES_MAX {
            wrong.push(format!("{} has {lines} lines: think what it is really two of", source.path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_room_is_a_drawer_for_odds_and_ends() {
    for source in sources() {
        for part in source.path.iter().filter_map(|part| part.to_str()) {
            let stem = part.trim_end_matches(".rs");
            assert!(!["utils", "util", "helpers", "common", "misc"].contains(&stem), "{}", source.path.display());
        }
    }
}

#[test]
fn grouped_imports_are_seen() {
    assert_eq!(rooms_named("use crate::{clixml::{PsValue, X}, psrp, sim::Y};"), ["clixml", "psrp", "sim"]);
    assert_eq!(rooms_named("let x = crate::remote::connect();"), ["remote"]);
}
