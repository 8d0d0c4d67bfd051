//! What the prompt knows at this moment: cmdlets, functions, variables, properties of the last result, identities.
//!
//! A snapshot, renewed after each input, so that completion and highlighting never wait for anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::Engine;

use crate::catalog::{Cmdlet, canonical_key};
use crate::clixml::PsValue;
use crate::script::value::{Record, Results};
use crate::script::{Document, Library, LibraryModule};

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
    /// Properties of variables, and of what cmdlets gave, by canonical name.
    properties_of: BTreeMap<String, BTreeSet<String>>,
    properties_given_by: BTreeMap<String, BTreeSet<String>>,
    identities: BTreeSet<String>,
    library: Library,
    /// What `import … as` calls modules.
    aliases: BTreeMap<String, String>,
    /// What may follow a `:command`, beside its own words.
    words: BTreeMap<&'static str, BTreeSet<String>>,
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
            // Of several forms the one with most to say; the engine gives them in no order.
            let said = plain_comments(&comments);
            if (said.len(), &said) > (entry.documentation.len(), &entry.documentation) {
                entry.documentation = said;
            }
        }
        for function in functions.values_mut() {
            function.signatures.sort_by_key(|signature| (signature.matches(',').count(), signature.clone()));
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

    /// Replaces what is known of the properties of variables.
    pub fn set_variable_properties(&mut self, variables: impl IntoIterator<Item = (String, Vec<String>)>) {
        self.properties_of.clear();
        for (name, properties) in variables {
            self.variables.insert(name.clone());
            if !properties.is_empty() {
                self.properties_of.insert(name, properties.into_iter().collect());
            }
        }
    }

    /// Remembers the properties of what a cmdlet gives.
    pub fn set_properties_given_by(&mut self, cmdlet: &str, names: impl IntoIterator<Item = String>) {
        self.properties_given_by.insert(canonical_key(cmdlet), names.into_iter().collect());
    }

    /// Properties of a variable, else of what a cmdlet gave earlier, else of the last result.
    pub fn properties_of(&self, variable: Option<&str>, cmdlet: Option<&str>) -> impl Iterator<Item = &str> {
        let of = variable.and_then(|name| self.properties_of.get(name));
        let by = || cmdlet.and_then(|name| self.properties_given_by.get(&canonical_key(name)));
        of.or_else(by).unwrap_or(&self.properties).iter().map(String::as_str)
    }

    /// Replaces the modules of the standard library.
    pub fn set_library(&mut self, library: Library) {
        self.library = library;
    }

    /// All modules that can be imported by name.
    pub fn modules(&self) -> impl Iterator<Item = &LibraryModule> {
        self.library.modules()
    }

    /// The module that is called so here.
    #[must_use]
    pub fn module(&self, alias: &str) -> Option<&LibraryModule> {
        let name = self.aliases.get(alias).map_or(alias, String::as_str);
        self.library.modules().find(|module| module.name == name)
    }

    /// The documentation of `alias::function`.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&Document> {
        let (alias, name) = path.split_once("::")?;
        self.module(alias)?.functions.iter().map(|function| &**function).find(|function| function.name == name)
    }

    /// The documentation of a library function by its own name, with the module it is in.
    #[must_use]
    pub fn task(&self, name: &str) -> Option<(&LibraryModule, &Document)> {
        self.library.task(name).map(|(module, document)| (module, &**document))
    }

    /// Replaces what may follow a `:command`, given without its colon.
    pub fn set_words(&mut self, command: &'static str, words: impl IntoIterator<Item = String>) {
        self.words.insert(command, words.into_iter().collect());
    }

    /// What may follow a `:command`, beside its own words.
    pub fn words(&self, command: &str) -> impl Iterator<Item = &str> {
        self.words.get(command).into_iter().flatten().map(String::as_str)
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
        for import in words.windows(4) {
            let [keyword, path, as_word, alias] = import else { continue };
            if keyword.text(input) == "import" && as_word.text(input) == "as" && alias.kind == Kind::Word {
                let name = path.text(input).trim_matches(['"', '`']).to_owned();
                self.aliases.insert(alias.text(input).to_owned(), name);
            }
        }
        for pair in words.windows(2) {
            let [keyword, name] = pair else { continue };
            let name_text = name.text(input).to_owned();
            match keyword.text(input) {
                "let" | "const" if name.kind == Kind::Word => {
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
        #[cfg(test)]
        tests::WALKS.with(|walks| walks.set(walks.get() + 1));
        self.cmdlets.values().map(|(name, cmdlet)| (name.as_str(), cmdlet))
    }

    /// The function of this name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    /// All functions, in order.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        #[cfg(test)]
        tests::WALKS.with(|walks| walks.set(walks.get() + 1));
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

/// The cmdlet that an input calls, when it calls one and gives what that gives.
pub(super) fn cmdlet_called<'a>(vocabulary: &Vocabulary, input: &'a str) -> Option<&'a str> {
    let pieces = scan::pieces(input);
    let mut calls = pieces.windows(2).filter(|pair| pair[0].kind == Kind::Word && pair[1].text(input) == "(");
    let name = calls.next()?[0].text(input);
    let is_only = calls.next().is_none();
    (is_only && vocabulary.cmdlet(name).is_some()).then_some(name)
}

/// Whether all cmdlets that an input calls only look for something, and it calls one.
pub(super) fn only_looks(vocabulary: &Vocabulary, input: &str) -> bool {
    let pieces = scan::pieces(input);
    let calls = pieces.windows(2).filter(|pair| pair[0].kind == Kind::Word && pair[1].text(input) == "(");
    let mut called = calls.filter_map(|pair| vocabulary.cmdlet(pair[0].text(input))).peekable();
    let looks = |verb: &str| matches!(verb, "Get" | "Search" | "Find");
    called.peek().is_some() && called.all(|cmdlet| looks(cmdlet.verb()))
}

/// Property names and identities of a result, where it has some: of its first objects only.
pub(super) fn seen_in(value: &rhai::Dynamic) -> Option<(Vec<String>, Vec<String>)> {
    const OBJECTS_MAX: usize = 1000;
    let records: Vec<Record> = if let Some(record) = value.read_lock::<Record>() {
        vec![record.clone()]
    } else if let Some(results) = value.read_lock::<Results>() {
        let objects = results.0.iter().take(OBJECTS_MAX).filter_map(PsValue::as_object);
        objects.map(|object| Record(object.clone())).collect()
    } else {
        let values = value.as_array_ref().ok()?;
        values.iter().take(OBJECTS_MAX).filter_map(|value| Some(value.read_lock::<Record>()?.clone())).collect()
    };
    let properties = records.first()?.names();
    Some((properties, records.iter().flat_map(identities_of).collect()))
}

/// What an object may be called in a call: its alias and address, else its name, as people type them.
fn identities_of(record: &Record) -> Vec<String> {
    let text = |name: &&str| match record.get(name) {
        Some(PsValue::String(text)) if !text.is_empty() => Some(text.to_text().into_owned()),
        Some(PsValue::Object(object)) => object.to_string_text().map(|text| text.to_text().into_owned()),
        _ => None,
    };
    let usual: Vec<String> = ["Alias", "PrimarySmtpAddress", "UserPrincipalName"].iter().filter_map(text).collect();
    if usual.is_empty() { ["Identity", "Name"].iter().find_map(text).into_iter().collect() } else { usual }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::catalog::Catalog;
    use crate::repl::{complete, highlight, hint};

    thread_local! {
        /// How often all cmdlets, or all functions, were gone through.
        pub(super) static WALKS: Cell<usize> = const { Cell::new(0) };
    }

    fn walks_of(work: impl FnOnce()) -> usize {
        WALKS.with(|walks| walks.set(0));
        work();
        WALKS.with(Cell::get)
    }

    /// An imported Exchange has some 900 cmdlets; what a key costs does not depend on them.
    #[test]
    fn a_key_goes_through_no_list_of_cmdlets_and_the_tab_key_through_each_once() {
        let engine = Engine::new();
        let mut vocabulary = Vocabulary::of(&engine);
        vocabulary.set_cmdlets(Catalog::built_in().cmdlets().take(900).map(|cmdlet| (cmdlet.snake_name(), cmdlet)));
        assert_eq!(vocabulary.cmdlets().count(), 900);
        let line = "let x = get_mailbox(#{ ResultSize: 10 }).where(|m| m.Alias == \"x\"); get_malbox(";
        let typed = || line.char_indices().map(|(at, letter)| &line[..at + letter.len_utf8()]);
        let walks = walks_of(|| {
            for line in typed() {
                let _ = highlight(&engine, &vocabulary, line, line.len());
                let _ = hint(&engine, &vocabulary, line, line.len(), ["get_mailbox(\"kim\")"]);
            }
        });
        assert_eq!(walks, 0);
        for (line, most) in [("get_mail", 2), ("get_mailbox(#{ Res", 0), ("get_mailbox(#{ Archive: ", 0), ("_.", 0)] {
            let walks = walks_of(|| drop(complete(&engine, &vocabulary, line, line.len())));
            assert!(walks <= most, "{line}: {walks}");
        }
    }
}
