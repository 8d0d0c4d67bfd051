//! What the comment of a library function declares: its parameters, the cmdlets and roles it needs, its example.
//!
//! ````text
//! /// One sentence.
//! ///
//! /// # Parameters
//! /// - `Days` (count of days, default 90): how long ago
//! /// # Bulk                   (only where it works on rows with `bulk_steps`: adds the options of that)
//! /// # Asks                   (only where it asks about each value with `asking`: adds the option of that)
//! /// # Holds                  (only where it keeps what grows with the organization: what, and how much each is)
//! /// its rows, one a policy
//! /// # Changes                (only where it changes something)
//! /// # Online                 (only where the cmdlets are of Exchange Online only)
//! /// # Cmdlets
//! /// Get-Mailbox, Get-MailboxStatistics
//! /// # Roles
//! /// View-Only Recipients
//! /// # Example
//! /// ```rhai
//! /// import "mailboxes" as m;
//! /// m::mailbox_sizes(#{ ResultSize: 3 })
//! /// ```
//! /// ```text
//! /// what it prints
//! /// ```
//! ````
//!
//! Not here: reading values of the parameters (`shape`).

use super::shape::Shape;

/// The documentation of one function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The module it is in.
    pub module: String,
    /// Its name.
    pub name: String,
    /// The first sentence.
    pub summary: String,
    /// What follows the first sentence.
    pub details: String,
    /// What its map of options takes; the first may stand alone instead of the map.
    pub parameters: Vec<Parameter>,
    /// Whether it changes anything.
    pub changes: bool,
    /// Whether only Exchange Online has its cmdlets.
    pub online: bool,
    /// What it keeps until its end; where that is empty, its rows are given as they come, and nothing is kept.
    pub holds: String,
    /// The cmdlets it calls.
    pub cmdlets: Vec<String>,
    /// The management roles or role groups that offer these cmdlets.
    pub roles: Vec<String>,
    /// How to use it.
    pub example: Option<Example>,
}

/// A parameter of a library function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, spelt as a cmdlet's parameter.
    pub name: String,
    /// What values it takes.
    pub shape: Shape,
    /// Whether the function cannot do without it.
    pub required: bool,
    /// What it is when left out.
    pub default: Option<String>,
    /// What it means.
    pub about: String,
}

/// A tested example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Example {
    /// The script.
    pub code: String,
    /// What it prints.
    pub output: String,
}

impl Document {
    /// Reads the comment lines of a function, `///` included.
    #[must_use]
    pub fn read<S: AsRef<str>>(module: &str, name: &str, comments: &[S]) -> Self {
        let lines: Vec<String> = comments
            .iter()
            .flat_map(|comment| comment.as_ref().lines())
            .map(|line| {
                let line = line.trim_start().trim_start_matches("///");
                line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()
            })
            .collect();
        let mut document = Self { module: module.to_owned(), name: name.to_owned(), ..Self::default() };
        for (heading, body) in sections(&lines) {
            match heading {
                "" => document.opening(body),
                "Parameters" => document.parameters = parameters(body),
                "Bulk" => document.parameters.extend(of_rows()),
                "Asks" => document.parameters.extend(of_questions()),
                "Holds" => document.holds = body.join(" ").trim().to_owned(),
                "Changes" => document.changes = true,
                "Online" => document.online = true,
                "Cmdlets" => document.cmdlets = names(body),
                "Roles" => document.roles = names(body),
                "Example" => document.example = example(body),
                other => {
                    let text = format!("{other}\n{}", body.join("\n"));
                    document.details = format!("{}\n\n{}", document.details, text.trim()).trim().to_owned();
                }
            }
        }
        document
    }

    fn opening(&mut self, body: &[String]) {
        let end = body.iter().position(String::is_empty).unwrap_or(body.len());
        self.summary = body[..end].join(" ").trim_end_matches('.').to_owned();
        self.details = body[end..].join("\n").trim().to_owned();
    }

    /// The name it has on the command line.
    #[must_use]
    pub fn task_name(&self) -> String {
        self.name.replace('_', "-")
    }

    /// The example as a command line, when it is one call with written-out values.
    #[must_use]
    pub fn command_line(&self) -> Option<String> {
        let code = &self.example.as_ref()?.code;
        let call = format!("::{}(", self.name);
        let start = code.find(&call)? + call.len();
        let end = start + closing(&code[start..])?;
        let mut line = format!("exsh task {}", self.task_name());
        for (name, value) in self.values(&code[start..end])? {
            line.push_str(&format!(" --{}", super::shape::option_name(&name)));
            if let Some(value) = value {
                line.push(' ');
                line.push_str(&quoted(&value));
            }
        }
        Some(line)
    }

    /// The written-out arguments of a call; a flag has no value.
    fn values(&self, arguments: &str) -> Option<Vec<(String, Option<String>)>> {
        if arguments.trim().is_empty() {
            return Some(Vec::new());
        }
        let value = rhai::Engine::new_raw().eval_expression::<rhai::Dynamic>(arguments).ok()?;
        let Some(map) = value.as_map_ref().ok() else {
            return Some(vec![(self.parameters.first()?.name.clone(), Some(value.to_string()))]);
        };
        // In the order of the declaration: a map has none of its own.
        let declared = self.parameters.iter().map(|parameter| parameter.name.as_str()).chain(["WhatIf", "Confirm"]);
        let mut values = Vec::new();
        for name in declared {
            let Some(value) = map.get(name) else { continue };
            match (name, value.as_bool()) {
                ("Confirm", _) => values.push(("Yes".to_owned(), None)),
                (_, Ok(true)) => values.push((name.to_owned(), None)),
                (_, Ok(false)) => values.push((name.to_owned(), Some("false".to_owned()))),
                _ => match value.as_array_ref() {
                    Ok(items) => {
                        let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                        values.push((name.to_owned(), Some(items.join(","))));
                    }
                    Err(_) => values.push((name.to_owned(), Some(value.to_string()))),
                },
            }
        }
        Some(values)
    }
}

/// Where the parenthesis that is open at the start closes; quotes are respected.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (1_u32, false, false);
    for (index, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

/// A word for a shell.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,@%+=".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

/// The lines below each `# Heading`, those before the first under the empty heading; code blocks are left whole.
fn sections(lines: &[String]) -> Vec<(&str, &[String])> {
    let (mut found, mut heading, mut start, mut in_code) = (Vec::new(), "", 0, false);
    for (index, line) in lines.iter().enumerate() {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        if let Some(title) = line.strip_prefix("# ").filter(|_| !in_code) {
            found.push((heading, &lines[start..index]));
            (heading, start) = (title.trim(), index + 1);
        }
    }
    found.push((heading, &lines[start..]));
    found
}

/// Words between commas and line breaks.
fn names(body: &[String]) -> Vec<String> {
    let words = body.iter().flat_map(|line| line.split(','));
    words.map(|word| word.trim().trim_end_matches('.').to_owned()).filter(|word| !word.is_empty()).collect()
}

fn parameters(body: &[String]) -> Vec<Parameter> {
    let mut found: Vec<Parameter> = Vec::new();
    for line in body {
        match line.trim_start().strip_prefix("- `") {
            Some(item) => found.extend(parameter(item)),
            None => {
                if let Some(last) = found.last_mut().filter(|_| !line.trim().is_empty()) {
                    last.about = format!("{} {}", last.about, line.trim());
                }
            }
        }
    }
    found
}

/// What every task takes that works on rows.
fn of_rows() -> impl Iterator<Item = Parameter> {
    let declared = [
        ("Journal", "file: keeps account of the rows in this file; the same again goes on where it ended"),
        ("Parallel", "count of sessions, default 1: works in so many sessions at once"),
        ("Retry", "flag: rows that failed according to the journal once more"),
        ("Changed", "flag: goes on with a journal although the rows are others now"),
    ];
    declared.into_iter().filter_map(|(name, text)| Parameter::declared(name, text))
}

/// What every task takes that asks again about each of what it found.
fn of_questions() -> Option<Parameter> {
    Parameter::declared("Parallel", "count of sessions, default 2: asks in so many sessions beside its own")
}

/// ``Name` (kind, required): meaning`.
fn parameter(item: &str) -> Option<Parameter> {
    let (name, rest) = item.split_once('`')?;
    let (inside, about) = rest.trim_start().strip_prefix('(')?.split_once("):")?;
    Parameter::of(name, inside, about)
}

impl Parameter {
    /// From a declaration in a map: `kind, required: meaning`.
    pub(in crate::script) fn declared(name: &str, text: &str) -> Option<Self> {
        let (inside, about) = text.split_once(':')?;
        Self::of(name, inside, about)
    }

    fn of(name: &str, inside: &str, about: &str) -> Option<Self> {
        let (mut required, mut default, mut kind) = (false, None, inside);
        if let Some(before) = inside.strip_suffix(", required") {
            (required, kind) = (true, before);
        } else if let Some((before, value)) = inside.split_once(", default ") {
            (default, kind) = (Some(value.trim().to_owned()), before);
        }
        let shape = Shape::named(kind)?;
        Some(Self { name: name.to_owned(), shape, required, default, about: about.trim().to_owned() })
    }
}

fn example(body: &[String]) -> Option<Example> {
    let block = |language: &str| {
        let start = body.iter().position(|line| line.strip_prefix("```") == Some(language))? + 1;
        let len = body[start..].iter().position(|line| line == "```")?;
        Some(body[start..start + len].join("\n"))
    };
    Some(Example { code: block("rhai")?, output: block("text").unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMENT: &str = "/// Sets a thing.
///
/// More of it.
/// # Parameters
/// - `User` (text, required): who
/// - `Days` (count of days, default 90): how long
///   it lasts
/// - `Kind` (Full|Part, default Full): how much
/// - `Quietly` (flag): says nothing
/// # Changes
/// # Cmdlets
/// Get-Mailbox, Set-Mailbox
/// # Roles
/// Mail Recipients
/// # Example
/// ```rhai
/// import \"things\" as t;
/// t::set_thing(#{ User: \"ann@contoso.com\", Days: 7, Quietly: true, Kind: \"It's\" })
/// ```
/// ```text
/// done
/// ```";

    #[test]
    fn a_comment_declares_everything() {
        let document = Document::read("things", "set_thing", &[COMMENT]);
        assert_eq!(document.summary, "Sets a thing");
        assert_eq!(document.details, "More of it.");
        assert!(document.changes);
        assert_eq!(document.cmdlets, ["Get-Mailbox", "Set-Mailbox"]);
        assert_eq!(document.roles, ["Mail Recipients"]);
        assert_eq!(document.parameters.len(), 4);
        assert!(document.parameters[0].required);
        assert_eq!(document.parameters[1].default.as_deref(), Some("90"));
        assert_eq!(document.parameters[1].about, "how long it lasts");
        assert_eq!(document.example.as_ref().unwrap().output, "done");
    }

    #[test]
    fn the_example_is_a_command_line_too() {
        let document = Document::read("things", "set_thing", &[COMMENT]);
        assert_eq!(
            document.command_line().unwrap(),
            r"exsh task set-thing --user ann@contoso.com --days 7 --kind 'It'\''s' --quietly"
        );
    }
}
