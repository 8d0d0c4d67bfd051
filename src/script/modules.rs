//! `import "name"`: a module beside the script that imports it, in a folder, or of the program itself, with
//! dispatchers for its own cmdlet calls.
//!
//! Not here: the language's `import` itself.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

type SharedModule = Shared<Module>;

use super::diagnose;
use super::dispatch::attach;
use super::failure::Failure;
use super::library::{self, SCHEME};
use super::outcome::SourceText;
use super::state::{RhaiResult, State, lock, write};

/// Finds modules beside the importing file, then in the folders given, then in the program.
pub(super) struct Resolver {
    state: Weak<State>,
    folders: Vec<PathBuf>,
    loaded: Mutex<HashMap<String, SharedModule>>,
}

impl Resolver {
    pub(super) fn new(state: &Arc<State>, folders: Vec<PathBuf>) -> Self {
        Self { state: Arc::downgrade(state), folders, loaded: Mutex::default() }
    }

    /// The file that a name means: as written, or with `.rhai`. Modules of the program have nothing beside them.
    fn locate(&self, source: Option<&str>, name: &str) -> Option<PathBuf> {
        let beside = match source {
            Some(own) if own.starts_with(SCHEME) => None,
            source => Some(source.map(Path::new).and_then(Path::parent).map_or_else(PathBuf::new, Path::to_path_buf)),
        };
        let folders = beside.iter().chain(&self.folders);
        let named = |folder: &PathBuf| {
            let plain = folder.join(name);
            let mut with_ending = plain.clone().into_os_string();
            with_ending.push(".rhai");
            [PathBuf::from(with_ending), plain]
        };
        folders.flat_map(named).find(|path| path.is_file())
    }

    /// The text of a file that may run.
    fn read(&self, place: &str) -> Result<String, Failure> {
        let text =
            std::fs::read_to_string(place).map_err(|error| Failure::script(format!("cannot read {place}: {error}")))?;
        let state = self.state.upgrade().ok_or_else(|| Failure::script("the host has ended"))?;
        state
            .policy
            .scripts
            .admit(Path::new(place), text.as_bytes())
            .map_err(|refused| refused.hints().into_iter().fold(Failure::script(refused.to_string()), Failure::hint))?;
        Ok(text)
    }

    fn load(&self, engine: &Engine, name: String, text: &str) -> RhaiResult<SharedModule> {
        let state = self.state.upgrade().ok_or_else(|| Failure::script("the host has ended"))?;
        diagnose::remember(&state, &SourceText { name: name.as_str().into(), text: text.into() });
        let mut ast = engine.compile(text)?;
        ast.set_source(name.as_str());
        let stem = Path::new(name.trim_start_matches(SCHEME)).file_stem().and_then(|stem| stem.to_str());
        let declared = library::functions_of(stem.unwrap_or_default(), text, &ast);
        write(&state.documents).insert(name, declared);
        let ast = attach(&state, &ast, &[]);
        Ok(Module::eval_ast_as_new(Scope::new(), &ast, engine)?.into())
    }
}

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        name: &str,
        position: Position,
    ) -> RhaiResult<SharedModule> {
        let (place, text) = match (self.locate(source, name), library::built_in(name)) {
            (Some(path), _) => (path.display().to_string(), None),
            (None, Some(text)) => (format!("{SCHEME}{name}"), Some(text)),
            (None, None) => return Err(EvalAltResult::ErrorModuleNotFound(name.to_owned(), position).into()),
        };
        if let Some(module) = lock(&self.loaded).get(&place) {
            return Ok(module.clone());
        }
        let text = match text {
            Some(text) => text.to_owned(),
            None => self.read(&place).map_err(|failure| failure.at(position))?,
        };
        let module = self
            .load(engine, place.clone(), &text)
            .map_err(|error| EvalAltResult::ErrorInModule(place.clone(), error, position))?;
        lock(&self.loaded).insert(place, module.clone());
        Ok(module)
    }
}
