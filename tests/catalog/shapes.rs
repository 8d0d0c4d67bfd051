//! Cmdlets of different shapes, merged with what a server says of them.
//!
//! The table was computed from `shared/data/cmdlet-catalog.json` and `cmdlet-traces/binding.json` by another program.

use exsh::catalog::{COMMON_PARAMETERS, Catalog, Cmdlet, CommandMetadata, ParameterSets, SharedNames, short_type_name};
use exsh::clixml::{Base, ListKind, PsObject, PsValue};

/// Name, parameters, sets, default set, positional and required parameters of the default set.
const SHAPES: [(&str, usize, usize, &str, &str, &str); 54] = [
    ("Get-Mailbox", 33, 5, "Identity", "Identity", ""),
    ("Set-Mailbox", 213, 12, "Identity", "Identity", "Identity"),
    ("New-Mailbox", 65, 21, "User", "Name", "Name Password UserPrincipalName"),
    ("Remove-Mailbox", 20, 3, "Identity", "Identity", "Identity"),
    ("Enable-Mailbox", 34, 13, "User", "Identity", "Identity"),
    ("Disable-Mailbox", 13, 4, "Archive", "Identity", "Identity"),
    ("Connect-Mailbox", 22, 6, "User", "Identity Database", "Identity Database"),
    ("Get-MailboxStatistics", 15, 3, "Identity", "Identity", "Identity"),
    ("Get-MailboxFolderStatistics", 14, 3, "Identity", "Identity", "Identity"),
    ("Get-MailboxPermission", 13, 2, "AccessRights", "Identity", "Identity"),
    ("Add-MailboxPermission", 13, 3, "AccessRights", "Identity", "Identity AccessRights User"),
    ("Remove-MailboxPermission", 15, 5, "AccessRights", "Identity", "Identity AccessRights User"),
    ("Get-CASMailbox", 17, 2, "Identity", "Identity", ""),
    ("Set-CASMailbox", 55, 1, "", "Identity", "Identity"),
    ("Get-Recipient", 22, 4, "Identity", "Identity", ""),
    ("Get-User", 19, 2, "Identity", "Identity", ""),
    ("Set-User", 68, 1, "", "Identity", "Identity"),
    ("New-DistributionGroup", 27, 1, "", "Name", "Name"),
    ("Set-DistributionGroup", 71, 1, "", "Identity", "Identity"),
    ("Get-DistributionGroup", 19, 3, "Identity", "Identity", ""),
    ("Remove-DistributionGroup", 6, 1, "", "Identity", "Identity"),
    ("Add-DistributionGroupMember", 6, 1, "", "Identity", "Identity"),
    ("Remove-DistributionGroupMember", 6, 1, "", "Identity", "Identity"),
    ("Get-DistributionGroupMember", 7, 1, "", "Identity", "Identity"),
    ("Get-EXOMailbox", 20, 2, "Identity", "Identity", ""),
    ("Get-EXOMailboxStatistics", 11, 1, "", "", ""),
    ("Get-MessageTrace", 12, 1, "", "", ""),
    ("Get-MessageTrackingLog", 15, 1, "", "", ""),
    ("Search-UnifiedAuditLog", 16, 1, "", "", "EndDate StartDate"),
    ("New-TransportRule", 177, 1, "", "Name", "Name"),
    ("Set-TransportRule", 176, 1, "", "Identity", "Identity"),
    ("Get-TransportRule", 7, 1, "", "Identity", ""),
    ("New-InboxRule", 84, 2, "Identity", "Name", "Name"),
    ("Set-MailboxAutoReplyConfiguration", 18, 1, "", "Identity", "Identity"),
    ("Set-MailboxFolderPermission", 8, 1, "", "Identity", "Identity AccessRights User"),
    ("Add-MailboxFolderPermission", 8, 1, "", "Identity", "Identity AccessRights User"),
    ("New-MoveRequest", 47, 6, "MigrationLocal", "Identity", "Identity"),
    ("Get-MoveRequest", 20, 2, "Identity", "Identity", ""),
    ("New-MailboxExportRequest", 33, 3, "Mailbox", "Mailbox", "Mailbox FilePath"),
    ("Get-OrganizationConfig", 1, 1, "", "", ""),
    ("Set-OrganizationConfig", 182, 5, "Identity", "", ""),
    ("Get-AcceptedDomain", 3, 1, "", "Identity", ""),
    ("New-InboundConnector", 24, 1, "", "Name", "Name SenderDomains"),
    ("Get-Queue", 12, 2, "Identity", "Identity", ""),
    ("Export-ExchangeCertificate", 9, 2, "Identity", "Identity", ""),
    ("New-ExchangeCertificate", 20, 2, "Request", "", ""),
    ("Get-MailboxDatabase", 8, 2, "Identity", "Identity", ""),
    ("New-MigrationBatch", 75, 18, "Onboarding", "", "Name"),
    ("Add-ManagementRoleEntry", 12, 2, "Identity", "Identity", "Identity"),
    ("Search-Mailbox", 16, 3, "Identity", "Identity", "Identity"),
    ("New-DlpComplianceRule", 152, 1, "", "Name", "Name Policy"),
    ("Add-ADPermission", 14, 3, "AccessRights", "Identity", "Identity User"),
    ("Get-Clutter", 2, 1, "", "", "Identity"),
    ("Test-OAuthConnectivity", 8, 1, "", "", "Service TargetUri"),
];

#[test]
fn the_catalogue_knows_cmdlets_of_every_shape() {
    for (name, parameters, sets, default, positional, required) in SHAPES {
        let cmdlet = Catalog::built_in().find(name).unwrap();
        assert_shape(&cmdlet, parameters, sets, default, positional, required);
    }
}

#[test]
fn a_server_decides_which_parameters_there_are_and_the_catalogue_what_they_are_for() {
    for (name, parameters, sets, default, positional, required) in SHAPES {
        let documented = Catalog::built_in().find(name).unwrap();
        let said =
            CommandMetadata::from_value(&described(&documented, |_| true, &["NewIn2031"]), &mut SharedNames::default())
                .unwrap();
        assert!(said.has_common_parameters());
        let merged = Cmdlet::merged(Some(&documented), &said);
        assert_shape(&merged, parameters + 1, sets, default, positional, required);
        assert_eq!(merged.parameters.last().map(|parameter| &*parameter.name), Some("NewIn2031"), "{name}");
        for parameter in &documented.parameters {
            let same = merged.parameter(&parameter.name).unwrap();
            assert_eq!(
                (same.kind, &same.values, same.pipeline),
                (parameter.kind, &parameter.values, parameter.pipeline),
                "{name}"
            );
            assert_eq!(same.value_type(), parameter.value_type(), "{name} {}", parameter.name);
        }
    }
}

#[test]
fn a_parameter_that_a_role_hides_is_gone_after_the_merge() {
    for (name, ..) in SHAPES {
        let documented = Catalog::built_in().find(name).unwrap();
        let hidden = &documented.parameters[0].name;
        let said = CommandMetadata::from_value(
            &described(&documented, |parameter| parameter != hidden, &[]),
            &mut SharedNames::default(),
        )
        .unwrap();
        let merged = Cmdlet::merged(Some(&documented), &said);
        assert!(merged.parameter(hidden).is_none(), "{name}");
        assert_eq!(merged.parameters.len(), documented.parameters.len() - 1, "{name}");
        // Without it, its name leads nowhere, or to another parameter that begins so.
        assert!(merged.resolve(hidden).is_err() || merged.resolve(hidden).is_ok_and(|found| found.name() != hidden));
    }
}

#[test]
fn a_command_that_no_page_describes_still_has_names_types_and_switches() {
    let documented = Catalog::built_in().find("Get-Mailbox").unwrap();
    let mut said =
        CommandMetadata::from_value(&described(&documented, |_| true, &[]), &mut SharedNames::default()).unwrap();
    said.name = "Get-Contraption".into();
    let merged = Cmdlet::merged(None, &said);
    assert_eq!(merged.sets.len(), 1);
    assert!(merged.parameter("Archive").unwrap().is_switch());
    assert_eq!(merged.parameter("Identity").unwrap().position, None);
    assert!(merged.parameters.iter().all(|parameter| parameter.sets == ParameterSets::ALL));
}

#[test]
fn data_of_another_form_are_refused_with_the_name_of_what_is_missing() {
    let refusal =
        |value: &PsValue| CommandMetadata::from_value(value, &mut SharedNames::default()).unwrap_err().to_string();
    assert_eq!(refusal(&PsValue::I32(1)), "the server described a command by a value without properties");
    let nameless = PsObject::bag([("CommandType", PsValue::from("Cmdlet"))]);
    assert_eq!(refusal(&nameless.into()), "the server described a command without a usable Name");
    let strange = PsObject::bag([("Name", PsValue::from("Get-X")), ("CommandType", "Spell".into())]);
    assert_eq!(refusal(&strange.into()), "the server described Get-X without a usable CommandType");
}

fn assert_shape(cmdlet: &Cmdlet, parameters: usize, sets: usize, default: &str, positional: &str, required: &str) {
    let name = &cmdlet.name;
    assert_eq!(cmdlet.parameters.len(), parameters, "{name}");
    assert_eq!(cmdlet.sets.len(), sets, "{name}");
    assert_eq!(cmdlet.default_set.map_or("", |set| &*cmdlet.sets[set]), default, "{name}");
    let in_default = cmdlet.default_set.map_or_else(|| cmdlet.all_sets(), ParameterSets::only);
    let names = |list: Vec<&exsh::catalog::Parameter>| {
        list.iter().map(|parameter| &*parameter.name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(cmdlet.positional(in_default)), positional, "{name}");
    let needed = cmdlet.parameters.iter().filter(|parameter| match cmdlet.default_set {
        Some(set) => parameter.required_in.contains(set),
        None => parameter.required_in & cmdlet.all_sets() == cmdlet.all_sets(),
    });
    assert_eq!(names(needed.collect()), required, "{name}");
}

/// What a server sends for a cmdlet: a form that `psrp-recordings/restricted-import` shows.
fn described(cmdlet: &Cmdlet, shown: impl Fn(&str) -> bool, extra: &[&str]) -> PsValue {
    let own = cmdlet.parameters.iter().filter(|parameter| shown(&parameter.name)).map(|parameter| {
        let type_name = match short_type_name(&parameter.type_name).as_str() {
            "SwitchParameter" => "System.Management.Automation.SwitchParameter".to_owned(),
            "String" | "Boolean" | "Int32" | "UInt32" | "Guid" | "DateTime" => {
                format!("System.{}", parameter.type_name)
            }
            _ => format!("Microsoft.Exchange.Data.{}", parameter.type_name),
        };
        let aliases = parameter.aliases.iter().map(|alias| PsValue::from(alias.to_string())).collect();
        described_parameter(&parameter.name, &type_name, aliases, parameter.is_switch())
    });
    let common = COMMON_PARAMETERS
        .iter()
        .map(|common| described_parameter(common.name, "System.String", vec![common.alias.into()], common.is_switch));
    let extra = extra.iter().map(|name| described_parameter(name, "System.String", Vec::new(), false));
    let entries: Vec<(PsValue, PsValue)> = common.chain(extra).chain(own).collect();
    PsObject::bag([
        ("Name", PsValue::from(&*cmdlet.name)),
        ("Namespace", "Microsoft.Exchange".into()),
        ("HelpUri", "".into()),
        ("CommandType", PsObject::builder().to_string_text("Cmdlet").base(Base::Value(PsValue::I32(8))).build().into()),
        ("ResolvedCommandName", PsValue::Null),
        ("OutputType", list(Vec::new())),
        ("Parameters", PsObject::builder().base(Base::Dictionary(entries.into())).build().into()),
    ])
    .into()
}

fn described_parameter(name: &str, type_name: &str, aliases: Vec<PsValue>, is_switch: bool) -> (PsValue, PsValue) {
    let object = PsObject::builder()
        .adapted("Name", name)
        .adapted("ParameterType", type_name)
        .adapted("Aliases", list(aliases))
        .adapted("IsDynamic", false)
        .adapted("SwitchParameter", is_switch);
    (name.into(), object.build().into())
}

fn list(items: Vec<PsValue>) -> PsValue {
    PsObject::builder().base(Base::List(ListKind::List, items.into())).build().into()
}
