//! `.d.rhai` definitions: every function a script can call, for editors that complete and check Rhai.
//!
//! Written for tools; people read `help`.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use rhai::Engine;

use crate::catalog::{Catalog, Cmdlet, Parameter, ParameterSets, snake_name};

/// The functions of the host, then cmdlets: those given (function and cmdlet), else all that are documented.
pub(super) fn definitions(engine: &Engine, imported: Vec<(String, Arc<Cmdlet>)>) -> String {
    let mut text = engine.definitions().include_standard_packages(true).single_file();
    let documented = || Catalog::built_in().cmdlets().map(|cmdlet| (snake_name(&cmdlet.name), cmdlet)).collect();
    let cmdlets: Vec<(String, Arc<Cmdlet>)> = if imported.is_empty() { documented() } else { imported };
    // A function of the host wins over a cmdlet of its name.
    let native = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
    let native: HashSet<String> = native.into_iter().collect();
    for (function, cmdlet) in cmdlets.iter().filter(|(function, _)| !native.contains(function)) {
        define(&mut text, function, cmdlet);
    }
    text
}

/// One cmdlet in its three forms: alone, with parameters, with what is piped or comes first and parameters.
fn define(text: &mut String, function: &str, cmdlet: &Cmdlet) {
    let sets = cmdlet.default_set.map_or_else(|| cmdlet.all_sets(), ParameterSets::only);
    let positional: Vec<&str> = cmdlet.positional(sets).iter().map(|parameter| &*parameter.name).collect();
    let named = |parameter: &Parameter| format!("`{}`: {}", parameter.name, parameter.type_name);
    let parameters: Vec<String> = cmdlet.parameters.iter().map(named).collect();
    // a string takes all that is written to it
    let _ = writeln!(text, "\n/// {}", cmdlet.name);
    if !positional.is_empty() {
        let _ = writeln!(text, "///\n/// Without names: {}", positional.join(", "));
    }
    if !parameters.is_empty() {
        let _ = writeln!(text, "///\n/// Parameters: {}", parameters.join(", "));
    }
    let _ = writeln!(text, "fn {function}() -> Results;\n");
    let _ = writeln!(text, "/// {}\nfn {function}(argument: ?) -> Results;\n", cmdlet.name);
    let _ = writeln!(text, "/// {}\nfn {function}(argument: ?, parameters: Map) -> Results;", cmdlet.name);
}
