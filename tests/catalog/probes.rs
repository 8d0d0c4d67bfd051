//! Single rules of the binder, each with the recorded call (`own/NNN` in `shared/data/cmdlet-traces/own-open.json`) it is from.

use exsh::catalog::Catalog;
use exsh::catalog::bind::{Argument, BindError, Binder, BoundCall, Flavour, Given};
use exsh::clixml::{Base, ListKind, PsObject, PsString, PsValue, TypeNames};

fn bind(cmdlet: &str, arguments: Vec<Argument>) -> Result<BoundCall, BindError> {
    bind_as(Flavour::Function, cmdlet, arguments)
}

fn bind_as(flavour: Flavour, cmdlet: &str, arguments: Vec<Argument>) -> Result<BoundCall, BindError> {
    let cmdlet = Catalog::built_in().find(cmdlet).unwrap();
    Binder::new(&cmdlet, flavour).prepare(arguments, false)?.call()
}

fn pipe(cmdlet: &str, arguments: Vec<Argument>, input: &PsValue) -> Result<BoundCall, BindError> {
    let cmdlet = Catalog::built_in().find(cmdlet).unwrap();
    Binder::new(&cmdlet, Flavour::Function).prepare(arguments, true)?.call_with(input, &[])
}

fn named(name: &str, value: impl Into<PsValue>) -> Argument {
    Argument::named(name, value)
}

fn positional(value: impl Into<PsValue>) -> Argument {
    Argument::value(value)
}

fn list(types: &[&str], items: Vec<PsValue>) -> PsValue {
    let types = TypeNames::new(types);
    PsObject::builder().types(types).base(Base::List(ListKind::List, items.into())).build().into()
}

fn record(type_name: &str, properties: &[(&str, &str)]) -> PsValue {
    let start = PsObject::builder().types(TypeNames::new([type_name, "System.Object"]));
    let object = properties.iter().fold(start, |object, (name, value)| object.extended(*name, *value));
    object.build().into()
}

fn shown(call: &BoundCall) -> Vec<String> {
    let mut all: Vec<String> =
        call.parameters.iter().map(|bound| format!("{}={:?}", bound.name, bound.value)).collect();
    all.sort();
    all
}

fn id(result: Result<BoundCall, BindError>) -> String {
    result.unwrap_err().fully_qualified_id()
}

#[test]
fn a_splatted_value_yields_to_one_given_by_name() {
    // own/133
    let splatted = vec![
        Argument::Splatted("Identity".into(), "kim.akers".into()),
        Argument::Splatted("Office".into(), "A".into()),
    ];
    let call = bind("Set-User", [splatted, vec![named("Office", "B")]].concat()).unwrap();
    assert_eq!(shown(&call), [r#"Identity=String("kim.akers")"#, r#"Office=String("B")"#]);
}

#[test]
fn a_list_is_no_text_unless_it_is_a_multi_valued_property() {
    // own/146, own/145
    let array = list(&["System.Object[]", "System.Array"], vec!["only".into()]);
    let result = bind("Set-User", vec![positional("terry.adams"), named("Title", array)]);
    assert_eq!(id(result), "ParameterArgumentTransformationError,Set-User");
    let addresses =
        || list(&["System.Collections.ArrayList"], vec!["SMTP:a@contoso.com".into(), "smtp:b@contoso.com".into()]);
    let call = bind("Set-User", vec![positional("terry.adams"), named("Notes", addresses())]).unwrap();
    assert!(
        matches!(call.get("Notes"), Some(PsValue::String(text)) if *text == "SMTP:a@contoso.com smtp:b@contoso.com")
    );
    let compiled = bind_as(Flavour::Compiled, "Set-User", vec![positional("terry.adams"), named("Notes", addresses())]);
    assert_eq!(compiled.unwrap_err().id(), "CannotConvertArgumentNoMessage");
}

#[test]
fn null_becomes_what_the_type_makes_of_it() {
    // own/126 to own/130, and facts, "Where a compiled cmdlet differs"
    let notes =
        |flavour| bind_as(flavour, "New-DistributionGroup", vec![named("Name", "D"), named("Notes", PsValue::Null)]);
    assert!(matches!(notes(Flavour::Function).unwrap().get("Notes"), Some(PsValue::String(text)) if text.is_empty()));
    assert!(matches!(notes(Flavour::Compiled).unwrap().get("Notes"), Some(PsValue::Null)));
    let size = |flavour| bind_as(flavour, "Get-MessageTrace", vec![named("PageSize", PsValue::Null)]);
    assert!(matches!(size(Flavour::Function).unwrap().get("PageSize"), Some(PsValue::I32(0))));
    assert_eq!(size(Flavour::Compiled).unwrap_err().id(), "ParameterBindingFailed");
    let audit =
        |flavour| bind_as(flavour, "Set-Mailbox", vec![positional("kim"), named("AuditEnabled", PsValue::Null)]);
    assert_eq!(audit(Flavour::Function).unwrap_err().id(), "ParameterArgumentTransformationError");
    assert_eq!(audit(Flavour::Compiled).unwrap_err().id(), "ParameterArgumentValidationErrorNullNotAllowed");
    let archive = |flavour| bind_as(flavour, "Get-Mailbox", vec![named("Archive", PsValue::Null)]);
    assert!(matches!(archive(Flavour::Function).unwrap().get("Archive"), Some(PsValue::Bool(false))));
    assert!(matches!(archive(Flavour::Compiled).unwrap().get("Archive"), Some(PsValue::Bool(true))));
}

#[test]
fn a_required_parameter_takes_nothing_empty() {
    // own/066, own/132
    let result = bind("Set-Mailbox", vec![named("Identity", PsValue::Null), named("Office", "x")]);
    assert_eq!(id(result), "ParameterArgumentValidationErrorNullNotAllowed,Set-Mailbox");
    let empty = list(&["System.Object[]", "System.Array"], Vec::new());
    let result =
        bind("Add-MailboxPermission", vec![positional("kim"), named("User", "tony"), named("AccessRights", empty)]);
    assert_eq!(id(result), "ParameterArgumentValidationErrorEmptyArrayNotAllowed,Add-MailboxPermission");
}

#[test]
fn one_value_for_a_list_parameter_becomes_a_list_of_one() {
    // own/158
    let table =
        PsObject::builder().base(Base::Dictionary(vec![("Name".into(), "Credit Card Number".into())].into())).build();
    let arguments =
        vec![named("Name", "Cards"), named("Policy", "Finance"), named("ContentContainsSensitiveInformation", table)];
    let call = bind("New-DlpComplianceRule", arguments).unwrap();
    let Some(PsValue::Object(value)) = call.get("ContentContainsSensitiveInformation") else { panic!("a list") };
    let Base::List(_, items) = value.base() else { panic!("a list") };
    assert_eq!(items.len(), 1);
    assert!(matches!(items[0].as_object().map(PsObject::base), Some(Base::Dictionary(_))));
}

#[test]
fn a_bare_number_keeps_its_spelling_for_a_text_parameter_only() {
    // own/053, own/054, own/140
    let given = || Given { value: PsValue::I32(7), spelling: Some(PsString::from("007")) };
    let arguments = vec![positional("kim"), Argument::NameValue("CustomAttribute1".into(), given())];
    let call = bind("Set-Mailbox", arguments).unwrap();
    assert!(matches!(call.get("CustomAttribute1"), Some(PsValue::String(text)) if *text == "007"));
    let arguments = vec![positional("kim"), Argument::NameValue("RecipientLimits".into(), given())];
    assert!(matches!(bind("Set-Mailbox", arguments).unwrap().get("RecipientLimits"), Some(PsValue::I32(7))));
}

#[test]
fn piped_text_and_objects_go_to_an_untyped_identity_as_they_are() {
    // own/123, own/024, own/124
    let call = pipe("Set-CASMailbox", vec![named("OWAEnabled", true)], &"kim.akers".into()).unwrap();
    assert_eq!(shown(&call), [r#"Identity=String("kim.akers")"#, "OWAEnabled=Bool(true)"]);
    assert!(call.parameters.iter().any(|bound| bound.piped && bound.name == "Identity"));
    let object =
        record("System.Management.Automation.PSCustomObject", &[("Identity", "kim.akers"), ("Office", "Paris")]);
    let call = pipe("Set-User", Vec::new(), &object).unwrap();
    assert_eq!(call.parameters.len(), 1);
    assert!(matches!(call.get("Identity"), Some(PsValue::Object(_))));
}

#[test]
fn piped_properties_go_to_every_parameter_of_their_name() {
    // own/107
    let mailbox = record(
        "Deserialized.Exchange.Mailbox",
        &[
            ("Identity", "contoso.com/Users/Kim Akers"),
            ("ExchangeGuid", "773a08de-aae5-56af-bf34-9ff1c19517af"),
            ("PrimarySmtpAddress", "kim.akers@contoso.com"),
            ("UserPrincipalName", "kim.akers@contoso.com"),
            ("Alias", "kim.akers"),
        ],
    );
    let call = pipe("Get-EXOMailboxStatistics", Vec::new(), &mailbox).unwrap();
    let expected = [
        "ExchangeGuid=Guid(773a08de-aae5-56af-bf34-9ff1c19517af)",
        r#"Identity=String("contoso.com/Users/Kim Akers")"#,
        r#"PrimarySmtpAddress=String("kim.akers@contoso.com")"#,
        r#"UserPrincipalName=String("kim.akers@contoso.com")"#,
    ];
    assert_eq!(shown(&call), expected);
}

#[test]
fn an_object_without_the_property_is_bound_by_its_text() {
    // own/152
    let row = record(
        "System.Management.Automation.PSCustomObject",
        &[("UserPrincipalName", "kim.akers@contoso.com"), ("Name", "x")],
    );
    let call = pipe("Get-EXOMailbox", Vec::new(), &row).unwrap();
    let expected = [
        r#"Identity=String("@{UserPrincipalName=kim.akers@contoso.com; Name=x}")"#,
        r#"UserPrincipalName=String("kim.akers@contoso.com")"#,
    ];
    assert_eq!(shown(&call), expected);
}

#[test]
fn a_piped_database_or_server_goes_to_the_parameter_for_its_type() {
    // own/105, own/106
    let database = record("Deserialized.Exchange.MailboxDatabase", &[("Name", "DB01"), ("Identity", "DB01")]);
    let call = pipe("Get-MailboxStatistics", Vec::new(), &database).unwrap();
    assert_eq!(call.parameters.iter().map(|bound| &*bound.name).collect::<Vec<_>>(), ["Database"]);
    let server = record("Deserialized.Exchange.ExchangeServer", &[("Name", "EX01"), ("Identity", "EX01")]);
    let call = pipe("Get-MailboxDatabase", Vec::new(), &server).unwrap();
    assert_eq!(call.parameters.iter().map(|bound| &*bound.name).collect::<Vec<_>>(), ["Server"]);
}

#[test]
fn a_piped_object_that_nothing_takes_fails_alone() {
    // own/151, own/125: by property name only
    let error = pipe("Get-MailboxFolderStatistics", Vec::new(), &PsValue::I32(5)).unwrap_err();
    assert_eq!(error.fully_qualified_id(), "InputObjectNotBound,Get-MailboxFolderStatistics");
    // own/150
    let error = pipe("Set-User", vec![named("Office", "HQ")], &PsValue::Null).unwrap_err();
    assert_eq!(error.fully_qualified_id(), "ParameterArgumentValidationErrorNullNotAllowed,Set-User");
}

#[test]
fn a_script_block_for_a_typed_parameter_is_run_for_each_piped_object() {
    // own/153
    let cmdlet = Catalog::built_in().find("Get-EXOMailboxPermission").unwrap();
    let script = PsValue::ScriptBlock(" $_.UserPrincipalName ".into());
    let binder = Binder::new(&cmdlet, Flavour::Function);
    let prepared = binder.prepare(vec![named("Identity", script.clone())], true).unwrap();
    assert_eq!(
        prepared.delayed().map(|(name, text)| (name, text.to_string())).collect::<Vec<_>>(),
        [("Identity", " $_.UserPrincipalName ".to_owned())]
    );
    let mailbox = record("Deserialized.Exchange.Mailbox", &[("UserPrincipalName", "kim.akers@contoso.com")]);
    let call = prepared.call_with(&mailbox, &["kim.akers@contoso.com".into()]).unwrap();
    assert_eq!(call.parameters.len(), 2); // Identity and, by property name, UserPrincipalName
    assert_eq!(binder.prepare(vec![named("Identity", script)], false).unwrap_err().id(), "ScriptBlockArgumentNoInput");
}

#[test]
fn what_is_missing_is_named() {
    // Invoke-ComplianceSearchActionStep/Example1
    let error = bind("Invoke-ComplianceSearchActionStep", Vec::new()).unwrap_err();
    assert_eq!(error.fully_qualified_id(), "MissingMandatoryParameter,Invoke-ComplianceSearchActionStep");
    assert_eq!(error.to_string(), "Invoke-ComplianceSearchActionStep: Parameters, Step are required");
}

#[test]
fn client_side_parameters_stay_with_the_client() {
    // own/143
    let arguments = vec![
        positional("kim.akers"),
        named("EA", 0),
        Argument::NameValue("Verbose".into(), PsValue::Bool(false).into()),
        named("WarningAction", "silent"),
        named("OutVariable", "o"),
        named("OutBuffer", 2),
    ];
    let call = bind("Get-Mailbox", arguments).unwrap();
    let expected = [
        r#"ErrorAction=String("SilentlyContinue")"#,
        r#"Identity=String("kim.akers")"#,
        "Verbose=Bool(false)",
        r#"WarningAction=String("SilentlyContinue")"#,
    ];
    assert_eq!(shown(&call), expected);
    assert_eq!(call.kept.iter().map(|bound| &*bound.name).collect::<Vec<_>>(), ["OutVariable", "OutBuffer"]);
}

#[test]
fn arguments_travel_with_or_without_hyphen_and_colon() {
    // [MS-PSRP] 2.2.3.11 and shared/data/psrp-recordings/proxy-calls
    let call = bind(
        "Get-Mailbox",
        vec![
            Argument::from_wire(Some("-Archive"), PsValue::Null),
            Argument::from_wire(Some("-ResultSize:"), PsValue::I32(5)),
            Argument::from_wire(Some("DomainController"), "dc01".into()),
            Argument::from_wire(None, "kim".into()),
        ],
    );
    let expected =
        ["Archive=Bool(true)", r#"DomainController=String("dc01")"#, r#"Identity=String("kim")"#, "ResultSize=I32(5)"];
    assert_eq!(shown(&call.unwrap()), expected);
}

#[test]
fn a_switch_that_travels_as_an_object_is_a_switch_again() {
    // shared/data/psrp-recordings/proxy-calls: `-Force:` with an object of SwitchParameter, also for `-Force:$false`
    let switch = |on: bool| -> PsValue {
        let types =
            TypeNames::new(["System.Management.Automation.SwitchParameter", "System.ValueType", "System.Object"]);
        PsObject::builder()
            .types(types)
            .to_string_text(if on { "True" } else { "False" })
            .adapted("IsPresent", on)
            .build()
            .into()
    };
    let call = bind(
        "Set-Mailbox",
        vec![
            Argument::from_wire(Some("-Identity:"), "kim".into()),
            Argument::from_wire(Some("-Force:"), switch(true)),
            Argument::from_wire(Some("-ApplyMandatoryProperties:"), switch(false)),
            Argument::from_wire(Some("-Verbose:"), switch(true)),
        ],
    );
    let expected =
        ["ApplyMandatoryProperties=Bool(false)", "Force=Bool(true)", r#"Identity=String("kim")"#, "Verbose=Bool(true)"];
    assert_eq!(shown(&call.unwrap()), expected);
    // whatever else has a property of that name is no switch
    let other = PsObject::bag([("IsPresent", PsValue::Bool(true))]);
    assert!(bind("Get-Mailbox", vec![Argument::from_wire(Some("-Archive:"), other.into())]).is_err());
}
