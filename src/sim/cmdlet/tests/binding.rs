//! Binding and roles: names, prefixes, positions, sets, validation, and what a user does not see.
//!
//! The rules are those recorded in `shared/facts/parameter-binding.md`.

use super::{Office, command};
use crate::clixml::PsValue;
use crate::psrp::{Argument, CommandSpec};
use crate::sim::Release;

#[test]
fn a_position_needs_no_name_and_a_prefix_no_whole_name() {
    let office = Office::new(20);
    let positional = office.pipe(&[CommandSpec::new("Get-Mailbox").argument(Argument::positional("bob".into()))], None);
    assert_eq!(positional.texts("Alias"), ["bob"]);
    assert_eq!(office.call("get-mailbox", &[("Ident", "bob".into())]).texts("Alias"), ["bob"]);
    assert_eq!(
        office
            .call("Get-Mailbox", &[("RecipientTypeDet", "UserMailbox".into()), ("res", PsValue::I32(1))])
            .output
            .len(),
        1
    );
}

#[test]
fn an_unknown_parameter_ends_the_pipeline() {
    let office = Office::new(5);
    let failed = office.call("Get-Mailbox", &[("Colour", "blue".into())]);
    assert_eq!(failed.failure_id(), "NamedParameterNotFound,Get-Mailbox");
    assert_eq!(
        failed.failed.unwrap().message().to_string(),
        "A parameter cannot be found that matches parameter name 'Colour'."
    );
}

#[test]
fn parameters_of_two_sets_do_not_go_together() {
    let office = Office::new(5);
    let failed = office.call("Get-Mailbox", &[("Identity", "bob".into()), ("Anr", "bob".into())]);
    assert_eq!(failed.failure_id(), "AmbiguousParameterSet,Get-Mailbox");
}

#[test]
fn an_unknown_command_and_a_hidden_one_are_the_same_to_a_user() {
    let help_desk = Office::of(5, "Help Desk", Release::ServerSe);
    let unknown = help_desk.call("Get-Teapot", &[]);
    let hidden = help_desk.call("Set-Mailbox", &[("Identity", "bob".into())]);
    assert_eq!(unknown.failure_id(), "CommandNotFoundException");
    assert_eq!(hidden.failure_id(), "CommandNotFoundException");
    assert_eq!(help_desk.call("Get-Mailbox", &[("Identity", "bob".into())]).output.len(), 1);
}

#[test]
fn the_command_list_shows_what_the_role_allows() {
    let help_desk = Office::of(5, "Help Desk", Release::ServerSe);
    let names = help_desk.call("Get-Command", &[("Name", "*-Mailbox".into())]).texts("Name");
    assert_eq!(names, ["Get-Mailbox"]);
    let viewer = Office::of(5, "View-Only Organization Management", Release::ServerSe);
    assert!(viewer.commands().iter().all(|name| name.starts_with("Get-") || name.ends_with("-Object")));
}

#[test]
fn script_text_is_refused() {
    let office = Office::new(5);
    let failed = office.pipe(&[CommandSpec::script("Get-Mailbox | Select Name")], None);
    assert_eq!(failed.failure_id(), "ScriptsNotAllowed");
}

#[test]
fn every_advertised_command_has_parameters_and_a_worker() {
    let office = Office::new(1);
    assert!(office.commands().len() >= 30, "{:?}", office.commands());
    for name in office.commands() {
        let definition = office.context.commands.find(&name).unwrap();
        let _worker = definition.start();
        let cmdlet = &definition.cmdlet;
        for parameter in &cmdlet.parameters {
            assert!(parameter.sets.iter().any(|set| set < cmdlet.sets.len()), "{name} -{}", parameter.name);
        }
    }
}

#[test]
fn every_spec_is_in_the_catalogue_with_all_the_parameters_it_names() {
    for spec in super::super::specs() {
        let Some(cmdlet) = crate::catalog::Catalog::built_in().find(spec.name) else {
            assert!(super::super::command::own_metadata(spec.name).is_some(), "{} is not documented", spec.name);
            continue;
        };
        for parameter in spec.parameters.iter().filter(|parameter| !parameter.starts_with(['*', '?', '=', '~'])) {
            assert!(cmdlet.parameter(parameter).is_some(), "{} has no -{parameter}", spec.name);
        }
    }
}

#[test]
fn a_name_without_value_before_a_positional_is_that_parameters_name() {
    let office = Office::new(20);
    let spec = CommandSpec::new("Get-Mailbox")
        .argument(Argument { name: Some("-Identity".into()), value: PsValue::Null })
        .argument(Argument::positional("bob".into()));
    assert_eq!(office.pipe(&[spec], None).texts("Alias"), ["bob"]);
}

#[test]
fn help_tells_the_forms_of_a_command() {
    let office = Office::new(5);
    let help = office.pipe(&[command("Get-Help", &[("Name", "Get-Mailbox".into())])], None);
    assert_eq!(help.texts("Name"), ["Get-Mailbox"]);
    assert!(help.texts("syntax")[0].contains("-Identity"));
}
