//! The index page of the standard library, as Markdown, from what the modules declare.
//!
//! `exsh task --page` prints it; a test holds `stdlib/README.md` against it.

use std::fmt::Write as _;

use super::{Document, Library};

const OPENING: &str = "# The standard library of exsh

Importable Rhai modules of administration tasks, one topic a file. In a script or at the prompt:

```rhai
import \"mailboxes\" as m;
m::mailbox_sizes(#{ LargerThan: \"10 GB\" })
```

From a shell: `exsh task mailbox-sizes --connect demo: --larger-than 10GB --output csv`. Every function takes one map of
options; where there is only one to give, the first may stand alone. What changes something asks first, unless `Confirm:
false` (`--yes`) is given, and only shows what it would do with `WhatIf: true` (`--what-if`). Functions return records: show them
as a table, or write them with `write_csv`, `write_xlsx`, `write_html`, `write_json`.

What only looks gives its rows as they come, so that an organization of any size passes through in little memory; what it keeps
all the same is said with it (Holds). What changes rows of a file or a list keeps these rows, about 1 KB each.

This page is made by `exsh task --page`; do not edit it by hand.
";

/// The whole page.
#[must_use]
pub fn library_page(library: &Library) -> String {
    let mut page = OPENING.to_owned();
    page.push_str("\n| module | functions |\n|---|---|\n");
    for module in library.modules() {
        let names: Vec<String> =
            module.functions.iter().map(|function| format!("[{0}](#{0})", function.name)).collect();
        let _ = writeln!(page, "| [{0}](#{0}) | {1} |", module.name, names.join(", ")); // a string takes all
    }
    for module in library.modules() {
        let _ = write!(page, "\n## {}\n\n{}\n", module.name, module.summary);
        for function in &module.functions {
            page.push('\n');
            describe(&mut page, function);
        }
    }
    page
}

fn describe(page: &mut String, function: &Document) {
    let _ = write!(page, "### {}\n\n{}.", function.name, function.summary);
    if function.changes {
        page.push_str(" Changes something.");
    }
    if function.online {
        page.push_str(" Exchange Online only.");
    }
    page.push('\n');
    if !function.details.is_empty() {
        let _ = write!(page, "\n{}\n", function.details);
    }
    if !function.parameters.is_empty() {
        page.push_str("\n| option | takes | default | meaning |\n|---|---|---|---|\n");
    }
    for parameter in &function.parameters {
        let default = match (&parameter.default, parameter.required) {
            (_, true) => "required",
            (Some(default), _) => default,
            (None, _) => "",
        };
        let takes = parameter.shape.to_string().replace('|', "\\|");
        let _ = writeln!(page, "| `{}` | {takes} | {default} | {} |", parameter.name, parameter.about);
    }
    if !function.holds.is_empty() {
        let _ = write!(page, "\nHolds {}.\n", function.holds);
    }
    let _ = write!(page, "\nCmdlets: {}. Roles: {}.\n", function.cmdlets.join(", "), function.roles.join(", "));
    let Some(example) = &function.example else { return };
    let _ = write!(page, "\n```rhai\n{}\n```\n", example.code);
    if let Some(line) = function.command_line() {
        let _ = write!(page, "\n```console\n$ {line}\n```\n");
    }
    if !example.output.is_empty() {
        let _ = write!(page, "\n```text\n{}\n```\n", example.output);
    }
}
