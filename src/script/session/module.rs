//! What `import_session` returns: which cmdlets of which session can be called now, and under what names.
//!
//! A description; the cmdlets are called by name.

use std::fmt;
use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, INT};

use crate::clixml::{Base, ListKind, PsObject, PsValue, TypeNames};

use super::super::failure::Failure;
use super::super::registry::Command;
use super::super::state::RhaiResult;
use super::Session;

/// The imported cmdlets of one session.
#[derive(Debug, Clone)]
pub struct ImportedModule(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    session: Session,
    commands: Vec<Arc<Command>>,
}

impl ImportedModule {
    pub(in crate::script) fn new(session: &Session, mut commands: Vec<Arc<Command>>) -> Self {
        commands.sort_by(|a, b| a.function.cmp(&b.function));
        let name = format!("session_{}", session.remote().info().id);
        Self(Arc::new(Inner { name, session: session.clone(), commands }))
    }

    /// Cmdlet names with the prefix, in the order of their functions.
    fn cmdlets(&self) -> Vec<&str> {
        self.0.commands.iter().map(|command| command.exported.as_str()).collect()
    }

    /// For a screen or a file.
    pub(in crate::script) fn to_value(&self) -> PsValue {
        let names: Vec<PsValue> = self.cmdlets().into_iter().map(PsValue::from).collect();
        let exported = PsObject::builder()
            .types(TypeNames::new(["System.String[]", "System.Array", "System.Object"]))
            .base(Base::List(ListKind::List, names.into()))
            .build();
        PsObject::builder()
            .types(TypeNames::new(["System.Management.Automation.PSModuleInfo", "System.Object"]))
            .to_string_text(self.0.name.clone())
            .adapted("ModuleType", "Script")
            .adapted("Name", self.0.name.clone())
            .adapted("ExportedCommands", exported)
            .build()
            .into()
    }
}

impl fmt::Display for ImportedModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} cmdlets of {})", self.0.name, self.0.commands.len(), self.0.session.label())
    }
}

/// Registers the type.
pub(super) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<ImportedModule>("ImportedModule")
        .register_fn("to_string", |module: &mut ImportedModule| module.to_string())
        .register_fn("to_debug", |module: &mut ImportedModule| module.to_string())
        .register_fn("len", |module: &mut ImportedModule| module.0.commands.len() as INT)
        .register_fn("contains", |module: &mut ImportedModule, name: &str| {
            let key = crate::catalog::canonical_key(name);
            let is_it = |known: &str| crate::catalog::canonical_key(known) == key;
            module.0.commands.iter().any(|command| is_it(&command.function) || is_it(&command.name))
        })
        .register_indexer_get(|module: &mut ImportedModule, name: &str| -> RhaiResult<Dynamic> {
            match name.to_ascii_lowercase().replace('_', "").as_str() {
                "name" => Ok(module.0.name.clone().into()),
                "session" => Ok(Dynamic::from(module.0.session.clone())),
                "exportedcommands" | "commands" => Ok(module
                    .cmdlets()
                    .into_iter()
                    .map(|name| Dynamic::from(name.to_owned()))
                    .collect::<Array>()
                    .into()),
                "exportedfunctions" | "functions" => {
                    let functions = module.0.commands.iter().map(|command| Dynamic::from(command.function.clone()));
                    Ok(functions.collect::<Array>().into())
                }
                _ => Err(Failure::script(format!("there is no property {name}"))
                    .hint("it has Name, Session, ExportedCommands, ExportedFunctions")
                    .into()),
            }
        });
}
