//! Get-Help: name, forms and parameters of a command, from the same metadata that binds it.
//!
//! No prose: the simulator does not carry Exchange's documentation.

use super::call::Call;
use super::{Definition, Each, Outcome, Spec};
use crate::catalog::{Cmdlet, ParameterSets};
use crate::clixml::{Base, ListKind, PsObject, PsValue, TypeNames};
use crate::sim::org::value;

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec { name: "Get-Help", parameters: &[], output: "MamlCommandHelpInfo", start: |_| Box::new(Each(get)) }]
}

fn get(call: &mut Call<'_>) -> Outcome {
    let pattern = call.text("Name").unwrap_or_else(|| "*".to_owned());
    let commands = std::sync::Arc::clone(&call.context.commands);
    let mut any = false;
    for definition in commands.iter().filter(|one| value::wildcard(&pattern, &one.cmdlet.name)) {
        any = true;
        call.output(help(definition))?;
    }
    if any || pattern.contains('*') {
        return Ok(());
    }
    call.error(super::Failure::invalid("Name", format!("No help is available for \"{pattern}\".")))
}

fn list(items: Vec<PsValue>) -> PsValue {
    PsObject::builder()
        .types(TypeNames::new(["System.Object[]", "System.Array", "System.Object"]))
        .base(Base::List(ListKind::List, items.into()))
        .build()
        .into()
}

fn help(definition: &Definition) -> PsObject {
    let cmdlet = &definition.cmdlet;
    let syntax = (0..cmdlet.sets.len()).map(|set| syntax(cmdlet, set).into()).collect();
    let parameters = cmdlet.parameters.iter().map(|parameter| {
        PsObject::builder()
            .types(TypeNames::new(["MamlCommandHelpInfo#parameter", "System.Object"]))
            .extended("name", &*parameter.name)
            .extended("type", &*parameter.type_name)
            .extended("required", !parameter.required_in.is_empty())
            .extended("position", parameter.position.map_or_else(|| "named".to_owned(), |at| at.to_string()))
            .extended("pipelineInput", parameter.pipeline.any())
            .build()
            .into()
    });
    PsObject::builder()
        .types(TypeNames::new(["MamlCommandHelpInfo", "HelpInfo", "System.Object"]))
        .extended("Name", &*cmdlet.name)
        .extended("Category", "Cmdlet")
        .extended("Synopsis", format!("{} {}", cmdlet.verb(), cmdlet.noun()))
        .extended("syntax", list(syntax))
        .extended("parameters", list(parameters.collect()))
        .build()
}

/// One form of a command: `Get-Mailbox [[-Identity] <MailboxIdParameter>] [-Archive] …`.
fn syntax(cmdlet: &Cmdlet, set: usize) -> String {
    let mut text = cmdlet.name.to_string();
    let only = ParameterSets::only(set);
    for parameter in cmdlet.parameters.iter().filter(|parameter| parameter.sets.contains(set)) {
        let name = format!("-{}", parameter.name);
        let name = if parameter.position.is_some() { format!("[{name}]") } else { name };
        let name = if parameter.is_switch() { name } else { format!("{name} <{}>", parameter.type_name) };
        let required = !(parameter.required_in & only).is_empty();
        text.push_str(&if required { format!(" {name}") } else { format!(" [{name}]") });
    }
    text
}
