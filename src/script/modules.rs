//! `import "name"`: a module beside the script that imports it, with dispatchers for its own cmdlet calls.
//!
//! Not here: the language's `import` itself.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::{collections::HashMap, io};

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

type SharedModule = Shared<Module>;

use super::diagnose;
use super::dispatch::attach;
use super::failure::Failure;
use super::outcome::SourceText;
use super::state::{RhaiResult, State, lock};

/// Finds modules beside the importing file, then in the folders given.
pub(super) struct Resolver {
    state: Weak<State>,
    folders: Vec<PathBuf>,
    loaded: Mutex<HashMap<PathBuf, SharedModule>>,
}

impl Resolver {
    pub(super) fn new(state: &Arc<State>, folders: Vec<PathBuf>) -> Self {
        Self { state: Arc::downgrade(state), folders, loaded: Mutex::default() }
    }

    /// The file that a name means: as written, or with `.rhai`.
    fn locate(&self, source: Option<&str>, name: &str) -> Option<PathBuf> {
        let beside = source.map(Path::new).and_then(Path::parent).map_or_else(PathBuf::new, Path::to_path_buf);
        let folders = std::iter::once(&beside).chain(&self.folders);
        let named = |folder: &PathBuf| {
            let plain = folder.join(name);
            let mut with_ending = plain.clone().into_os_string();
            with_ending.push(".rhai");
            [PathBuf::from(with_ending), plain]
        };
        folders.flat_map(named).find(|path| path.is_file())
    }

    fn load(&self, engine: &Engine, path: &Path) -> RhaiResult<SharedModule> {
        let name = path.display().to_string();
        let read = |error: io::Error| Failure::script(format!("cannot read {name}: {error}"));
        let text = std::fs::read_to_string(path).map_err(read)?;
        let state = self.state.upgrade().ok_or_else(|| Failure::script("the host has ended"))?;
        diagnose::remember(&state, &SourceText { name: name.as_str().into(), text: text.as_str().into() });
        let mut ast = engine.compile(&text)?;
        ast.set_source(name);
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
        let path =
            self.locate(source, name).ok_or_else(|| EvalAltResult::ErrorModuleNotFound(name.to_owned(), position))?;
        if let Some(module) = lock(&self.loaded).get(&path) {
            return Ok(module.clone());
        }
        let source = path.display().to_string();
        let module = self.load(engine, &path).map_err(|error| EvalAltResult::ErrorInModule(source, error, position))?;
        lock(&self.loaded).insert(path, module.clone());
        Ok(module)
    }
}
