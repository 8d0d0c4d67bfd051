//! What lives on the script thread: compiling, running, and the memory of a prompt from line to line.
//!
//! Not here: which functions scripts find (`engine`), how a cmdlet's name becomes a call (`dispatch`).

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, Scope, Stmt, Token};

use crate::config::ScriptRefused;
use crate::secret::Credential;

use super::credential;
use super::diagnose::{self, Origin};
use super::dispatch;
use super::engine;
use super::host::Extension;
use super::last_result;
use super::outcome::{ErrorKind, ScriptError, ScriptOutcome, ScriptResult, SourceText};
use super::ps::{Console, Ended, Live, Outcome, RunOptions, Shell, run_kept, run_source, wants};
use super::show;
use super::state::{RhaiResult, State, lock};
use super::ui::View;
use super::value::{Record, Results, to_dynamic};

/// The engine and the memory of a prompt.
pub(super) struct Interpreter {
    engine: Arc<Engine>,
    strict: Engine,
    state: Arc<State>,
    prompt: Prompt,
    /// PowerShell's side of the prompt, once a line of it was typed.
    powershell: Option<Shell>,
}

/// What one input leaves for the next.
#[derive(Default)]
struct Prompt {
    scope: Scope<'static>,
    functions: AST,
    imports: Vec<Stmt>,
}

impl Interpreter {
    pub(super) fn new(state: &Arc<State>, module_folders: Vec<PathBuf>, extensions: &[Extension]) -> Self {
        Self {
            engine: engine::build(state, module_folders, extensions),
            strict: engine::strict_compiler(),
            state: state.clone(),
            prompt: Prompt::default(),
            powershell: None,
        }
    }

    pub(super) fn engine(&self) -> Arc<Engine> {
        self.engine.clone()
    }

    pub(super) fn run_file(&mut self, path: &Path, arguments: Vec<String>) -> ScriptResult<ScriptOutcome> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| unreadable(&name, &error.to_string()))?;
        self.state.policy.scripts.admit(path, &bytes).map_err(|refused| refusal(&refused))?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable(&name, "it is not UTF-8 text"))?;
        self.run_text(&name, &text, arguments)
    }

    pub(super) fn run_text(&mut self, name: &str, text: &str, arguments: Vec<String>) -> ScriptResult<ScriptOutcome> {
        *lock(&self.state.arguments) = arguments;
        let source = SourceText { name: name.into(), text: without_shebang(text).into() };
        let compiled = self.strict.compile(&*source.text);
        self.run(source, compiled)
    }

    pub(super) fn eval(&mut self, code: &str) -> ScriptResult<ScriptOutcome> {
        let source = SourceText { name: "<eval>".into(), text: code.into() };
        let compiled = self.engine.compile(code);
        let last = compiled.as_ref().ok().and_then(|ast| ast.statements().last()).map(rhai::Stmt::position);
        self.state.last_statement.watch(last);
        self.run(source, compiled)
    }

    /// A credential for an address, from the keyring or from whoever can be asked.
    pub(super) fn credential(&self, address: &str, user: Option<&str>) -> ScriptResult<Option<Credential>> {
        self.state.begin();
        if let Some(saved) = credential::from_vault(&self.state, address, user) {
            return Ok(Some(saved));
        }
        credential::ask(&self.state, user, None).map_err(|error| {
            let source = SourceText { name: "<credential>".into(), text: "".into() };
            match diagnose::ending(&self.state, &error, Origin { source, own_functions: Some(HashSet::new()) }) {
                Err(error) => error,
                Ok(_) => ScriptError::new(ErrorKind::Interrupted, "script::interrupted", "interrupted"),
            }
        })
    }

    fn run(&mut self, source: SourceText, compiled: Result<AST, rhai::ParseError>) -> ScriptResult<ScriptOutcome> {
        self.state.begin();
        diagnose::remember(&self.state, &source);
        let result = compiled.map_err(Into::into).and_then(|mut ast| {
            ast.set_source(&*source.name);
            self.engine.eval_ast::<Dynamic>(&dispatch::attach(&self.state, &ast, &[]))
        });
        self.finish(result, Origin { source, own_functions: None })
    }

    pub(super) fn repl_line(&mut self, line: &str) -> ScriptResult<ScriptOutcome> {
        self.state.begin();
        let source = SourceText { name: "<prompt>".into(), text: line.into() };
        diagnose::remember(&self.state, &source);
        *lock(&self.state.prompt_names) = self.prompt.scope.iter_raw().map(|(name, ..)| name.to_owned()).collect();
        let mut own_functions = HashSet::new();
        let result = self.evaluate_line(line, &source, &mut own_functions);
        if let Ok(value) = &result
            && !value.is_unit()
        {
            self.prompt.scope.set_value(last_result::VARIABLE, value.clone());
        }
        self.finish(result, Origin { source, own_functions: Some(own_functions) })
    }

    fn evaluate_line(
        &mut self,
        line: &str,
        source: &SourceText,
        own_functions: &mut HashSet<String>,
    ) -> RhaiResult<Dynamic> {
        let mut ast = self.engine.compile_with_scope(&self.prompt.scope, last_result::mark(line))?;
        own_functions.extend(ast.iter_functions().map(|function| function.name.to_owned()));
        ast.set_source(&*source.name);
        let merged = self.prompt.functions.merge(&ast);
        let imports: Vec<Stmt> =
            ast.statements().iter().filter(|statement| matches!(statement, Stmt::Import(..))).cloned().collect();
        let mut whole = AST::new(ast.statements().iter().cloned(), merged.shared_lib().clone());
        whole.set_source(&*source.name);
        let run = dispatch::attach(&self.state, &whole, &self.prompt.imports);
        let result = self.engine.eval_ast_with_scope::<Dynamic>(&mut self.prompt.scope, &run);
        self.prompt.functions = merged.clone_functions_only();
        if result.is_ok() {
            self.prompt.imports.extend(imports);
        }
        result
    }

    /// Runs one PowerShell input of a prompt; variables are those of Rhai lines.
    pub(super) fn powershell_line(&mut self, source: &str, console: Arc<dyn Console>) -> ScriptResult<Outcome> {
        self.state.begin();
        self.begin_powershell(console)?;
        let sessions = self.state.open_sessions().clone();
        let Some(shell) = &mut self.powershell else { return Ok(Outcome { ended: Ended::Ok }) };
        Ok(shell.run(source, &mut self.prompt.scope, &sessions))
    }

    /// Runs one input of ported text, which goes by PowerShell's rules.
    pub(super) fn kept_line(&mut self, text: &str, console: Arc<dyn Console>) -> ScriptResult<Outcome> {
        self.state.begin();
        self.begin_powershell(console)?;
        let source = SourceText { name: "<prompt>".into(), text: text.into() };
        diagnose::remember(&self.state, &source);
        let sessions = self.state.open_sessions().clone();
        let Some(shell) = &mut self.powershell else { return Ok(Outcome { ended: Ended::Ok }) };
        shell.run_kept(text, &mut self.prompt.scope, &sessions).or_else(|error| {
            diagnose::ending(&self.state, &error, Origin { source, own_functions: None })
                .map(|_| Outcome { ended: Ended::Ok })
        })
    }

    fn begin_powershell(&mut self, console: Arc<dyn Console>) -> ScriptResult<()> {
        if self.powershell.is_none() {
            let live = Arc::new(Live::new(&self.state));
            let state = self.state.clone();
            let options = RunOptions {
                exchange: Some(live.clone()),
                sessions: Some(live),
                interrupted: Some(Arc::new(move || state.ending().is_some())),
                ..RunOptions::at_prompt(console)
            };
            let made = Shell::new(options);
            let error = |text| ScriptError::new(ErrorKind::Script, "script::internal", text);
            self.powershell = Some(made.map_err(error)?);
        }
        Ok(())
    }

    /// Whether earlier PowerShell inputs defined a function of this name.
    pub(super) fn has_powershell_function(&self, name: &str) -> bool {
        self.powershell.as_ref().is_some_and(|shell| shell.has_function(name))
    }

    /// Runs PowerShell text with the sessions of the host; all that are open are imported.
    pub(super) fn run_powershell(&self, source: &str, mut options: RunOptions) -> ScriptResult<Outcome> {
        self.state.begin();
        let live = Arc::new(Live::new(&self.state));
        live.import_all();
        let state = self.state.clone();
        options.interrupted = Some(Arc::new(move || state.ending().is_some()));
        options.exchange.get_or_insert_with(|| live.clone());
        options.sessions = Some(live);
        // a script that says so was ported, and runs by PowerShell's rules
        if !wants(source) {
            return Ok(run_source(source, options));
        }
        let name = options.script_name().into();
        run_kept(source, options).or_else(|error| {
            let source = SourceText { name, text: source.into() };
            diagnose::ending(&self.state, &error, Origin { source, own_functions: None })
                .map(|_| Outcome { ended: Ended::Ok })
        })
    }

    /// The variables of the prompt, with the properties of those that are objects; of several, those of the first.
    pub(super) fn prompt_variables(&self) -> Vec<(String, Vec<String>)> {
        let variables = self.prompt.scope.iter_raw();
        variables.map(|(name, _, value)| (name.to_owned(), property_names(value))).collect()
    }

    /// Shows a value a script left; not a new evaluation, so an interrupt of the last one still holds.
    pub(super) fn show(&self, value: Dynamic, view: &View) -> ScriptResult<()> {
        if value.is_unit() {
            return Ok(()); // nothing was left, and that is no empty list
        }
        let source = SourceText { name: "<result>".into(), text: "".into() };
        let origin = Origin { source, own_functions: Some(HashSet::new()) };
        let shown = show::show(&self.state, value, view).map(|()| Dynamic::UNIT);
        self.finish(shown, origin).map(|_| ())
    }

    fn finish(&self, result: RhaiResult<Dynamic>, origin: Origin) -> ScriptResult<ScriptOutcome> {
        match result {
            Ok(value) => {
                let is_quiet = self.ends_with_semicolon(&origin.source.text);
                Ok(ScriptOutcome { value, is_quiet, exit_code: None })
            }
            Err(error) => diagnose::ending(&self.state, &error, origin),
        }
    }
}

impl Interpreter {
    /// Rhai gives the value of the last statement with and without its semicolon; people mean something by it.
    #[allow(deprecated, reason = "the tokenizer is volatile, says Rhai; its version is pinned")]
    fn ends_with_semicolon(&self, text: &str) -> bool {
        let (tokens, _) = self.engine.lex([&text]);
        let last = tokens.map(|(token, _)| token).take_while(|token| *token != Token::EOF).last();
        last == Some(Token::SemiColon)
    }
}

fn property_names(value: &Dynamic) -> Vec<String> {
    if let Some(record) = value.read_lock::<Record>() {
        return record.names();
    }
    if let Some(results) = value.read_lock::<Results>() {
        return results.0.first().map(|first| property_names(&to_dynamic(first))).unwrap_or_default();
    }
    if let Ok(map) = value.as_map_ref() {
        return map.keys().map(ToString::to_string).collect();
    }
    value.as_array_ref().ok().and_then(|items| items.first().map(property_names)).unwrap_or_default()
}

/// A first line `#!/usr/bin/env exsh` becomes a comment of the same length, so that positions stay true.
fn without_shebang(text: &str) -> String {
    match text.strip_prefix("#!") {
        // `///` would be a doc comment, which needs a function behind it.
        Some(rest) => match rest.strip_prefix('/') {
            Some(path) => format!("// {path}"),
            None => format!("//{rest}"),
        },
        None => text.to_owned(),
    }
}

fn refusal(refused: &ScriptRefused) -> Box<ScriptError> {
    let error = ScriptError::new(ErrorKind::Script, "script::refused", refused.to_string());
    refused.hints().into_iter().fold(error, ScriptError::hint)
}

fn unreadable(name: &str, reason: &str) -> Box<ScriptError> {
    ScriptError::new(ErrorKind::Usage, "script::unreadable", format!("cannot read {name}: {reason}"))
}
