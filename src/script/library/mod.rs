//! The standard library: modules of administration tasks inside the program, and what their comments declare.
//!
//! A folder of the user's goes before a module of the same name in here. Not here: `import` itself (`modules`).

mod built_in;
mod document;
mod given;
mod options;
mod page;
mod shape;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rhai::AST;

pub use document::{Document, Example, Parameter};
pub use options::{given_options, options_of};
pub use page::library_page;
pub use shape::{Misfit, Shape, option_name};

pub(super) use built_in::text_of as built_in;
pub(super) use given::{ask, given, register};

/// Modules of the program are called so in errors: `exsh:reports`.
pub(super) const SCHEME: &str = "exsh:";

/// A module with the functions it documents.
#[derive(Debug, Clone)]
pub struct LibraryModule {
    /// What `import` calls it.
    pub name: String,
    /// The first sentence of its `//!` comment.
    pub summary: String,
    /// Where it is, when it is a file.
    pub path: Option<PathBuf>,
    /// Its public functions with a declaration, in the order of the file.
    pub functions: Vec<Arc<Document>>,
    /// The whole text.
    pub text: Arc<str>,
}

/// Every module there is: the program's own, and those of folders, which go before them.
#[derive(Debug, Clone, Default)]
pub struct Library {
    modules: BTreeMap<String, LibraryModule>,
}

impl Library {
    /// Reads the modules of the program and of `folders`; a file that does not parse is left out with a sentence.
    #[must_use]
    pub fn read(folders: &[PathBuf]) -> (Self, Vec<String>) {
        let engine = super::engine::plain_compiler();
        let (mut library, mut complaints) = (Self::default(), Vec::new());
        let own = built_in::ALL.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned(), None));
        // The first folder goes before the second, so it is read last.
        let files = folders.iter().rev().flat_map(|folder| files_of(folder, &mut complaints)).collect::<Vec<_>>();
        for (name, text, path) in own.chain(files) {
            match engine.compile(&text) {
                Ok(ast) => {
                    let module = module_of(&name, &text, path, &ast);
                    library.modules.insert(name, module);
                }
                Err(error) => complaints.push(format!("the module {name} does not parse: {error}")),
            }
        }
        (library, complaints)
    }

    /// The modules in the order of their names.
    pub fn modules(&self) -> impl Iterator<Item = &LibraryModule> {
        self.modules.values()
    }

    /// A function by its name with `_` or `-`, and the module it is in.
    #[must_use]
    pub fn task(&self, name: &str) -> Option<(&LibraryModule, &Arc<Document>)> {
        let wanted = name.replace('-', "_").to_ascii_lowercase();
        self.tasks().find(|(_, function)| function.name == wanted)
    }

    /// All documented functions with their modules.
    pub fn tasks(&self) -> impl Iterator<Item = (&LibraryModule, &Arc<Document>)> {
        self.modules.values().flat_map(|module| module.functions.iter().map(move |function| (module, function)))
    }
}

fn files_of(folder: &Path, complaints: &mut Vec<String>) -> Vec<(String, String, Option<PathBuf>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() }; // a folder that is not there has none
    let mut found = Vec::new();
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let is_module = path.extension().is_some_and(|ending| ending == "rhai");
        let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|_| is_module) else { continue };
        match std::fs::read_to_string(&path) {
            Ok(text) => found.push((name.to_owned(), text, Some(path))),
            Err(error) => complaints.push(format!("cannot read {}: {error}", path.display())),
        }
    }
    found.sort();
    found
}

fn module_of(name: &str, text: &str, path: Option<PathBuf>, ast: &AST) -> LibraryModule {
    let summary = text.lines().find_map(|line| line.strip_prefix("//!")).unwrap_or_default().trim().to_owned();
    let functions = functions_of(name, text, ast);
    LibraryModule { name: name.to_owned(), summary, path, functions, text: text.into() }
}

/// The documented functions of a module, as they stand in its text.
pub(super) fn functions_of(module: &str, text: &str, ast: &AST) -> Vec<Arc<Document>> {
    let mut functions: Vec<Arc<Document>> = ast
        .iter_functions()
        .filter(|function| !function.access.is_private() && !function.comments.is_empty())
        .map(|function| Arc::new(Document::read(module, function.name, &function.comments)))
        .collect();
    functions.sort_by_key(|function| text.find(&format!("fn {}(", function.name)).unwrap_or(usize::MAX));
    functions
}
