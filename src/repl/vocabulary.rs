//! What the prompt knows at this moment: cmdlets, functions, variables, properties of the last result, identities.
//!
//! A snapshot, renewed after each input, so that completion and highlighting never wait for anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::Engine;

use crate::catalog::{Cmdlet, canonical_key};
use crate::clixml::PsValue;
use crate::script::value::{Record, Results};

use crate::script::scan::{self, Kind};

/// The words of the language.
pub(super) const KEYWORDS: [&str; 24] = [
    "let", "const", "fn", "if", "else", "for", "in", "while", "loop", "do", "until", "break", "continue", "return",
    "throw", "try", "catch", "switch", "import", "export", "as", "true", "false", "private",
];

/// How many identities are remembered.
const IDENTITIES_MAX: usize = 1000;

/// A function of the host or of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// `name(a, b)`, one for each form.
    pub signatures: Vec<String>,
    /// Its documentation; empty when there is none.
    pub documentation: String,
}

/// Everything the prompt knows.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    cmdlets: BTreeMap<String, (String, Arc<Cmdlet>)>,
    functions: BTreeMap<String, Function>,
    variables: BTreeSet<String>,
    properties: BTreeSet<String>,
    identities: BTreeSet<String>,
}

impl Vocabulary {
    /// With the functions that scripts find in `engine`.
    #[must_use]
    pub fn of(engine: &Engine) -> Self {
        let mut functions: BTreeMap<String, Function> = BTreeMap::new();
        let found = engine.collect_fn_metadata(
            None,
            |info| {
                let name = info.metadata.name.to_string();
                let is_plain = name.starts_with(|c: char| c.is_alphabetic()) && !name.contains('$');
                is_plain.then(|| {
                    let parameters: Vec<String> =
                        info.metadata.params_info.iter().map(|parameter| parameter.to_string()).collect();
                    let comments: Vec<String> = info.metadata.comments.iter().map(ToString::to_string).collect();
                    (name, parameters, info.metadata.num_params, comments)
                })
            },
            true,
        );
        for (name, parameters, count, comments) in found {
            let entry = functions.entry(name.clone()).or_insert_with(|| Function {
                name: name.clone(),
                signatures: Vec::new(),
                documentation: String::new(),
            });
            let signature = signature(&name, &parameters, count);
            if !entry.signatures.contains(&signature) {
                entry.signatures.push(signature);
            }
            if entry.documentation.is_empty() {
                entry.documentation = plain_comments(&comments);
            }
        }
        Self { functions, ..Self::default() }
    }

    /// Replaces the imported cmdlets; each comes with the name that scripts call it by.
    pub fn set_cmdlets(&mut self, cmdlets: impl IntoIterator<Item = (String, Arc<Cmdlet>)>) {
        self.cmdlets = cmdlets.into_iter().map(|(name, cmdlet)| (canonical_key(&name), (name, cmdlet))).collect();
    }

    /// Replaces the properties that are offered after a point.
    pub fn set_properties(&mut self, names: impl IntoIterator<Item = String>) {
        self.properties = names.into_iter().collect();
    }

    /// Remembers an identity for later completion.
    pub fn add_identity(&mut self, identity: String) {
        if self.identities.len() < IDENTITIES_MAX {
            self.identities.insert(identity);
        }
    }

    /// Remembers the variables and functions that an input defines.
    pub fn learn(&mut self, input: &str) {
        let words: Vec<_> = scan::pieces(input).into_iter().filter(|piece| piece.kind != Kind::Space).collect();
        for pair in words.windows(2) {
            let [keyword, name] = pair else { continue };
            let name_text = name.text(input).to_owned();
            match keyword.text(input) {
                "let" | "const" | "as" if name.kind == Kind::Word => {
                    self.variables.insert(name_text);
                }
                "fn" if name.kind == Kind::Word => {
                    let rest = input.get(name.start..).unwrap_or("");
                    let signature =
                        rest.split_once(')').map_or_else(|| name_text.clone(), |(head, _)| format!("{head})"));
                    let signatures = vec![signature];
                    self.functions.insert(
                        name_text.clone(),
                        Function { name: name_text, signatures, documentation: String::new() },
                    );
                }
                _ => {}
            }
        }
    }

    /// The imported cmdlet called `name` in any spelling.
    #[must_use]
    pub fn cmdlet(&self, name: &str) -> Option<&Arc<Cmdlet>> {
        self.cmdlets.get(&canonical_key(name)).map(|(_, cmdlet)| cmdlet)
    }

    /// Imported cmdlets with the names that scripts call them by, in order.
    pub fn cmdlets(&self) -> impl Iterator<Item = (&str, &Arc<Cmdlet>)> {
        self.cmdlets.values().map(|(name, cmdlet)| (name.as_str(), cmdlet))
    }

    /// The function of this name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    /// All functions, in order.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.functions.values()
    }

    /// Variables that inputs have defined.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(String::as_str)
    }

    /// Properties of the last result.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().map(String::as_str)
    }

    /// Identities that results have shown.
    pub fn identities(&self) -> impl Iterator<Item = &str> {
        self.identities.iter().map(String::as_str)
    }

    /// Whether a call of `name` would find something.
    #[must_use]
    pub fn can_call(&self, name: &str) -> bool {
        KEYWORDS.contains(&name)
            || self.functions.contains_key(name)
            || self.variables.contains(name)
            || self.cmdlet(name).is_some()
    }
}

fn signature(name: &str, parameters: &[String], count: usize) -> String {
    // The last entry of a full list is the type of the result.
    let named = parameters.get(..count).unwrap_or(parameters);
    let shown: Vec<&str> = if named.len() == count && count > 0 {
        named.iter().map(|parameter| parameter.split(':').next().unwrap_or(parameter).trim()).collect()
    } else {
        vec!["_"; count]
    };
    format!("{name}({})", shown.join(", "))
}

/// Documentation comments without their slashes.
fn plain_comments(comments: &[String]) -> String {
    let lines = comments.iter().flat_map(|comment| comment.lines());
    let plain = lines.map(|line| {
        let bare = line.trim_start().trim_start_matches('/');
        bare.strip_prefix(' ').unwrap_or(bare).trim_end()
    });
    plain.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Property names and identities of a result, where it has some: of its first objects only.
pub(super) fn seen_in(value: &rhai::Dynamic) -> Option<(Vec<String>, Vec<String>)> {
    const OBJECTS_MAX: usize = 100;
    let records: Vec<Record> = if let Some(record) = value.read_lock::<Record>() {
        vec![record.clone()]
    } else {
        let results = value.read_lock::<Results>()?;
        let objects = results.0.iter().take(OBJECTS_MAX).filter_map(PsValue::as_object);
        objects.map(|object| Record(object.clone())).collect()
    };
    let properties = records.first()?.names();
    let text = |record: &Record| match record.get("Identity") {
        Some(PsValue::String(text)) => Some(text.to_text().into_owned()),
        _ => None,
    };
    Some((properties, records.iter().filter_map(text).collect()))
}
