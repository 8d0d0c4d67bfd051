//! Every example of the functions beside the cmdlets prints what its comment says.

use std::collections::BTreeMap;

use exsh::sim::SimOptions;
use rhai::FuncInfo;

use crate::transcript::{for_all, opened, plain};

/// Examples by the name of their function; the same comment is tried once.
fn examples() -> BTreeMap<String, (String, String)> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let host = crate::transcript::host(&runtime);
    let comment = |info: FuncInfo<'_>| {
        let lines = info.metadata.comments.iter().flat_map(|comment| comment.lines()).map(str::to_owned);
        Some((info.metadata.name.to_string(), lines.map(own).collect::<Vec<String>>()))
    };
    let mut found: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (name, text) in host.engine().collect_fn_metadata(None, comment, true) {
        let block = |language: &str| {
            let start = text.iter().position(|line| line.strip_prefix("```") == Some(language))? + 1;
            let len = text[start..].iter().position(|line| line == "```")?;
            Some(text[start..start + len].join("\n"))
        };
        let (Some(code), Some(output)) = (block("rhai"), block("text")) else { continue };
        if !found.values().any(|(known, _)| *known == code) {
            found.insert(name, (code, output));
        }
    }
    found
}

/// A line of a comment with its own indentation.
fn own(line: String) -> String {
    let line = line.trim_start_matches("///");
    line.strip_prefix(' ').unwrap_or(line).to_owned()
}

#[test]
fn every_example_of_a_function_prints_what_its_comment_says() {
    let examples: Vec<_> = examples().into_iter().collect();
    assert!(examples.len() > 10, "only {} examples were found", examples.len());
    let wrong = for_all(&examples, |bench, (name, (code, output))| {
        let got = if code.contains("session") {
            bench.with(SimOptions::default(), |bench, url| bench.printed(&format!("{}{code}", opened(url))))
        } else {
            bench.printed(code)
        };
        (got != plain(output)).then(|| format!("{name} prints\n{got}\n-- and its comment says\n{output}"))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
