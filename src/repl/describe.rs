//! Documentation of a name as text: a cmdlet's parameters, a function's forms and comments, a library function's
//! options; and its examples.
//!
//! Not here: help that a server has, running examples, and printing.

use std::fmt::Write as _;

use crate::catalog::{Catalog, Cmdlet, similar};
use crate::script::scan;
use crate::script::{Document, LibraryModule, describe_cmdlet};

use super::vocabulary::{Function, Vocabulary};

/// How many names a search lists.
const FOUND_MAX: usize = 24;

/// What is known about `name`; otherwise names that look like it.
///
/// # Errors
/// Similar names, best first, when nothing is called so.
pub fn describe(vocabulary: &Vocabulary, name: &str) -> Result<String, Vec<String>> {
    if let Some(cmdlet) = vocabulary.cmdlet(name) {
        return Ok(with_examples(describe_cmdlet(cmdlet, true), &examples(vocabulary, name)));
    }
    if let Some(function) = vocabulary.function(name) {
        return Ok(describe_function(function));
    }
    if let Some((module, document)) = documented(vocabulary, name) {
        return Ok(describe_document(module, document));
    }
    if let Some(module) = vocabulary.module(name) {
        return Ok(describe_module(module));
    }
    if let Some(cmdlet) = Catalog::built_in().find(name) {
        return Ok(describe_cmdlet(&cmdlet, false));
    }
    let functions = vocabulary.functions().map(|function| function.name.as_str());
    let near = similar(name, functions.chain(vocabulary.cmdlets().map(|(name, _)| name)));
    if near.is_empty() {
        return Err(Catalog::built_in().similar(name));
    }
    Err(near.into_iter().map(str::to_owned).collect())
}

/// The code of the examples of a name, to be run on a demo organization.
#[must_use]
pub(super) fn examples(vocabulary: &Vocabulary, name: &str) -> Vec<String> {
    if let Some(cmdlet) = vocabulary.cmdlet(name).cloned().or_else(|| Catalog::built_in().find(name)) {
        return example_of_cmdlet(&cmdlet).into_iter().collect();
    }
    if let Some(function) = vocabulary.function(name) {
        return code_blocks(&function.documentation);
    }
    let document = documented(vocabulary, name).and_then(|(_, document)| document.example.as_ref());
    document.map(|example| example.code.clone()).into_iter().collect()
}

/// The source text of a function of the standard library or of an earlier input.
#[must_use]
pub(super) fn source<'a>(
    vocabulary: &'a Vocabulary,
    inputs: impl Iterator<Item = &'a str>,
    name: &str,
) -> Option<String> {
    let own = inputs.filter_map(|input| function_text(input, name)).last();
    own.or_else(|| {
        let (module, document) = documented(vocabulary, name)?;
        function_text(&module.text, &document.name)
    })
}

/// Names and summaries in which all words of `text` occur: functions, cmdlets, tasks.
#[must_use]
pub(super) fn search(vocabulary: &Vocabulary, text: &str) -> Vec<(String, String)> {
    let words: Vec<String> = text.to_lowercase().split([' ', '-', '_']).map(str::to_owned).collect();
    let fits = |name: &str, summary: &str| {
        let all = format!("{name} {summary}").to_lowercase();
        words.iter().all(|word| all.contains(word.as_str()))
    };
    let functions = vocabulary.functions().map(|function| (function.name.clone(), summary_of(function)));
    let tasks = vocabulary.modules().flat_map(|module| {
        let path = |document: &Document| format!("{}::{}", module.name, document.name);
        module.functions.iter().map(move |document| (path(document), document.summary.clone()))
    });
    let cmdlets = vocabulary.cmdlets().map(|(name, cmdlet)| (name.to_owned(), cmdlet.name.to_string()));
    let mut found: Vec<(String, String)> =
        tasks.chain(functions).chain(cmdlets).filter(|(name, summary)| fits(name, summary)).collect();
    found.truncate(FOUND_MAX);
    found
}

fn documented<'a>(vocabulary: &'a Vocabulary, name: &str) -> Option<(&'a LibraryModule, &'a Document)> {
    match name.split_once("::") {
        Some((alias, _)) => Some((vocabulary.module(alias)?, vocabulary.document(name)?)),
        None => vocabulary.task(name),
    }
}

fn summary_of(function: &Function) -> String {
    function.documentation.lines().next().unwrap_or_default().to_owned()
}

fn describe_function(function: &Function) -> String {
    let mut text = function.signatures.join("\n");
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in function.documentation.lines() {
        match line {
            _ if line.starts_with("```") => is_code = !is_code,
            "# Example" => lines.extend([String::new(), "example:".to_owned()]),
            line if is_code => lines.push(format!("  {line}")),
            line => lines.push(line.to_owned()),
        }
    }
    if !lines.is_empty() {
        let _ = write!(text, "\n\n{}", lines.join("\n")); // writing to a string cannot fail
    }
    text
}

fn describe_module(module: &LibraryModule) -> String {
    let mut text = format!("import \"{}\" as …;\n{}\n", module.name, module.summary);
    let width = module.functions.iter().map(|function| function.name.len()).max().unwrap_or(0);
    for function in &module.functions {
        let _ = write!(text, "\n{:<width$}  {}", function.name, function.summary);
    }
    text
}

fn describe_document(module: &LibraryModule, document: &Document) -> String {
    let mut text = format!("{}::{}(#{{ … }})\n\n{}\n", module.name, document.name, document.summary);
    if !document.details.is_empty() {
        let _ = writeln!(text, "{}", document.details);
    }
    if !document.parameters.is_empty() {
        text.push_str("\noptions:\n");
    }
    let width = document.parameters.iter().map(|parameter| parameter.name.len()).max().unwrap_or(0);
    for parameter in &document.parameters {
        let mut remark = parameter.shape.to_string();
        match &parameter.default {
            _ if parameter.required => remark.push_str(", required"),
            Some(default) => {
                let _ = write!(remark, ", else {default}");
            }
            None => {}
        }
        let _ = writeln!(text, "  {:<width$}  {} ({remark})", parameter.name, parameter.about);
    }
    if document.changes {
        text.push_str("\nit changes something: it asks first, and WhatIf: true only shows what it would do\n");
    }
    for (label, names) in [("cmdlets", &document.cmdlets), ("roles", &document.roles)] {
        if !names.is_empty() {
            let _ = write!(text, "\n{label}: {}", names.join(", "));
        }
    }
    let example = document.example.as_ref().map(|example| example.code.clone());
    with_examples(text, &example.into_iter().collect::<Vec<_>>())
}

fn with_examples(text: String, examples: &[String]) -> String {
    let mut text = text.trim_end().to_owned();
    for example in examples {
        let lines: Vec<String> = example.lines().map(|line| format!("  {line}")).collect();
        let _ = write!(text, "\n\nexample:\n{}", lines.join("\n"));
    }
    text
}

/// A call that shows something and changes nothing.
fn example_of_cmdlet(cmdlet: &Cmdlet) -> Option<String> {
    let name = cmdlet.snake_name();
    let reads = cmdlet.name.starts_with("Get-");
    let few = if cmdlet.parameter("ResultSize").is_some() { "#{ ResultSize: 3 }" } else { "" };
    reads.then(|| format!("{name}({few})"))
}

/// The blocks of code in a comment.
fn code_blocks(documentation: &str) -> Vec<String> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    let mut is_code = false;
    for line in documentation.lines() {
        match line.strip_prefix("```") {
            Some("rhai") => {
                is_code = true;
                blocks.push(Vec::new());
            }
            Some(_) => is_code = false,
            None if is_code => blocks.iter_mut().next_back().into_iter().for_each(|block| block.push(line)),
            None => {}
        }
    }
    blocks.into_iter().map(|block| block.join("\n")).collect()
}

/// The text of `fn name(…) { … }` in a source, with the comment before it.
fn function_text(text: &str, name: &str) -> Option<String> {
    let pieces = scan::pieces(text);
    let is_word = |piece: &scan::Piece| piece.kind != scan::Kind::Space;
    let words: Vec<&scan::Piece> = pieces.iter().filter(|piece| is_word(piece)).collect();
    let at = words.windows(2).position(|pair| pair[0].text(text) == "fn" && pair[1].text(text) == name)?;
    let (mut depth, mut end) = (0, None);
    for piece in &words[at..] {
        match piece.text(text) {
            "{" | "#{" => depth += 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    end = Some(piece.end);
                    break;
                }
            }
            _ => {}
        }
    }
    text.get(words[at].start..end?).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Library;

    fn vocabulary() -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        vocabulary.set_library(Library::read(&[]).0);
        vocabulary.learn("import \"mailboxes\" as m;");
        vocabulary
    }

    #[test]
    fn a_documented_cmdlet_is_described_even_when_not_imported() {
        let text = describe(&Vocabulary::default(), "get_mailbox_statistics").unwrap();
        assert!(
            text.starts_with("Get-MailboxStatistics  (in scripts: get_mailbox_statistics)\nnot imported"),
            "{text}"
        );
        assert!(text.contains("without names: Identity"), "{text}");
        assert!(text.contains("MailboxIdParameter"), "{text}");
    }

    #[test]
    fn an_unknown_name_gives_similar_ones() {
        assert_eq!(
            describe(&Vocabulary::default(), "get_mailbx").unwrap_err().first().map(String::as_str),
            Some("get_mailbox")
        );
    }

    #[test]
    fn a_library_function_is_described_by_its_own_name_or_through_its_module() {
        for name in ["mailbox_sizes", "m::mailbox_sizes"] {
            let text = describe(&vocabulary(), name).unwrap();
            assert!(text.starts_with("mailboxes::mailbox_sizes(") && text.contains("LargerThan"), "{text}");
            assert!(examples(&vocabulary(), name)[0].contains("import \"mailboxes\""), "{text}");
        }
        assert!(describe(&vocabulary(), "mailboxes").unwrap().contains("mailbox_sizes"));
    }

    #[test]
    fn the_source_of_a_function_is_found_in_inputs_and_in_modules() {
        let inputs = ["fn f(a) { 1 }", "let x = 1; fn f(a) { if a { #{ b: 2 } } } x"];
        assert_eq!(source(&vocabulary(), inputs.into_iter(), "f").unwrap(), "fn f(a) { if a { #{ b: 2 } } }");
        let text = source(&vocabulary(), std::iter::empty(), "mailbox_sizes").unwrap();
        assert!(text.starts_with("fn mailbox_sizes(") && text.ends_with('}'), "{text}");
    }

    #[test]
    fn a_search_looks_at_names_and_summaries() {
        let found = search(&vocabulary(), "quota used");
        assert!(found.iter().any(|(name, _)| name == "mailboxes::mailbox_sizes"), "{found:?}");
    }

    #[test]
    fn examples_are_the_blocks_of_code_in_a_comment() {
        assert_eq!(code_blocks("x\n```rhai\na\nb\n```\ny\n```rhai\nc\n```"), ["a\nb", "c"]);
    }
}
