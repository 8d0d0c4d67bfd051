//! Documentation of a name as text: a cmdlet's parameters, a function's forms and comments.
//!
//! Not here: help that a server has, and printing.

use std::fmt::Write as _;

use crate::catalog::{Catalog, Cmdlet, Parameter, ParameterSets};

use super::vocabulary::Vocabulary;

/// What is known about `name`; otherwise names that look like it.
///
/// # Errors
/// Similar names, best first, when nothing is called so.
pub fn describe(vocabulary: &Vocabulary, name: &str) -> Result<String, Vec<String>> {
    if let Some(cmdlet) = vocabulary.cmdlet(name) {
        return Ok(describe_cmdlet(cmdlet, true));
    }
    if let Some(function) = vocabulary.function(name) {
        let mut text = function.signatures.join("\n");
        if !function.documentation.is_empty() {
            let _ = write!(text, "\n\n{}", function.documentation); // writing to a string cannot fail
        }
        return Ok(text);
    }
    if let Some(cmdlet) = Catalog::built_in().find(name) {
        return Ok(describe_cmdlet(&cmdlet, false));
    }
    let mut similar: Vec<String> = vocabulary
        .functions()
        .map(|function| function.name.as_str())
        .chain(vocabulary.cmdlets().map(|(name, _)| name))
        .filter(|known| strsim::damerau_levenshtein(known, name) <= 2)
        .map(str::to_owned)
        .collect();
    if similar.is_empty() {
        similar = Catalog::built_in().similar(name);
    }
    Err(similar)
}

fn describe_cmdlet(cmdlet: &Cmdlet, imported: bool) -> String {
    let mut text = format!("{}  (in scripts: {})\n", cmdlet.name, cmdlet.snake_name());
    if !imported {
        text.push_str("not imported: import_session(session) brings the cmdlets that a server offers\n");
    }
    let releases: Vec<&str> = cmdlet.releases.iter().map(crate::catalog::Release::name).collect();
    if !releases.is_empty() {
        let _ = writeln!(text, "documented for {}", releases.join(", "));
    }
    let sets = cmdlet.default_set.map_or_else(|| cmdlet.all_sets(), ParameterSets::only);
    let positional: Vec<&str> = cmdlet.positional(sets).iter().map(|parameter| &*parameter.name).collect();
    if !positional.is_empty() {
        let _ = writeln!(text, "without names: {}", positional.join(", "));
    }
    let width = cmdlet.parameters.iter().map(|parameter| parameter.name.len()).max().unwrap_or(0);
    text.push_str("\nparameters:\n");
    let mut parameters: Vec<&Parameter> = cmdlet.parameters.iter().collect();
    parameters.sort_by_key(|parameter| ((parameter.required_in & sets).is_empty(), parameter.name.clone()));
    for parameter in parameters {
        let _ = writeln!(text, "  {:<width$}  {}", parameter.name, remark(parameter, sets));
    }
    text.trim_end().to_owned()
}

fn remark(parameter: &Parameter, sets: ParameterSets) -> String {
    let mut remark = if parameter.is_switch() { "switch".to_owned() } else { parameter.type_name.to_string() };
    if !(parameter.required_in & sets).is_empty() {
        remark.push_str(", required");
    }
    if parameter.pipeline.any() {
        remark.push_str(", takes piped objects");
    }
    if !parameter.values.is_empty() {
        let _ = write!(remark, ": {}", parameter.values.join(" | "));
    }
    remark
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
