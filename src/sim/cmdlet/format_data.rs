//! Get-FormatData: the views in which Exchange's objects are shown, in the shape that PowerShell's own server sends.
//!
//! Each noun has one table, from its schema. Lists are what a client shows anyway when there is no view.

use super::call::{Call, Halt};
use super::{Each, Outcome, Spec};
use crate::clixml::{Base, ListKind, PsObject, PsValue, TypeNames};
use crate::sim::org::schema;
use crate::sim::org::seed::{Purpose, Seed};
use crate::sim::org::value;

const AUTOMATION: &str = "System.Management.Automation";

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Get-FormatData",
        parameters: &[],
        output: "System.Management.Automation.ExtendedTypeDefinition",
        start: |_| Box::new(Each(get)),
    }]
}

fn get(call: &mut Call<'_>) -> Outcome {
    let mut patterns = call.texts("TypeName");
    if patterns.is_empty() {
        patterns.push("*".to_owned());
    }
    let wanted = |name: &str| patterns.iter().any(|pattern| value::wildcard(pattern, name));
    let commands = std::sync::Arc::clone(&call.context.commands);
    if let Some(canned) = commands.answers() {
        for (name, columns) in canned.objects().tables().filter(|(name, _)| wanted(name)) {
            let columns: Vec<(&str, i32)> = columns.into_iter().map(|column| (column, 0)).collect();
            call.output(definition(&columns, name))?;
        }
        return Ok(());
    }
    for view in schema::views().iter().filter(|view| !view.table.is_empty()) {
        let name = view.types.first().ok_or(Halt::Stopped)?;
        if wanted(name) {
            call.output(definition(&view.table, name))?;
        }
    }
    Ok(())
}

fn object(type_name: &str, base_type: Option<&str>, text: &str, properties: Vec<(&'static str, PsValue)>) -> PsValue {
    builder(type_name, base_type, text, properties).build().into()
}

fn builder(
    type_name: &str,
    base_type: Option<&str>,
    text: &str,
    properties: Vec<(&'static str, PsValue)>,
) -> crate::clixml::PsObjectBuilder {
    let names: Vec<String> = std::iter::once(type_name)
        .chain(base_type)
        .map(|name| format!("{AUTOMATION}.{name}"))
        .chain(["System.Object".to_owned()])
        .collect();
    let mut builder = PsObject::builder().types(TypeNames::new(names)).to_string_text(text);
    for (name, value) in properties {
        builder = builder.adapted(name, value);
    }
    builder
}

/// A `List<T>` of formatting objects or of strings.
fn list(element: &str, items: Vec<PsValue>) -> PsValue {
    let name = match element {
        "String" => "System.Collections.Generic.List`1[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, \
                     PublicKeyToken=b77a5c561934e089]]"
            .to_owned(),
        element => format!(
            "System.Collections.Generic.List`1[[{AUTOMATION}.{element}, System.Management.Automation, Version=3.0.0.0, \
             Culture=neutral, PublicKeyToken=31bf3856ad364e35]]"
        ),
    };
    PsObject::builder()
        .types(TypeNames::new([name.as_str(), "System.Object"]))
        .base(Base::List(ListKind::List, items.into()))
        .build()
        .into()
}

fn definition(columns: &[(&str, i32)], name: &str) -> PsValue {
    let full = |short: &str| format!("{AUTOMATION}.{short}");
    let headers = columns.iter().map(|(_, width)| {
        let properties =
            vec![("Label", PsValue::Null), ("Alignment", "Undefined".into()), ("Width", PsValue::I32(*width))];
        object("TableControlColumnHeader", None, &full("TableControlColumnHeader"), properties)
    });
    let cells = columns.iter().map(|(column, _)| {
        let entry = vec![("ValueType", "Property".into()), ("Value", (*column).into())];
        let entry = object("DisplayEntry", None, &format!("property: {column}"), entry);
        let properties =
            vec![("Alignment", "Undefined".into()), ("DisplayEntry", entry), ("FormatString", PsValue::Null)];
        object("TableControlColumn", None, column, properties)
    });
    let cells = list("TableControlColumn", cells.collect());
    let row = vec![("Columns", cells), ("SelectedBy", PsValue::Null), ("Wrap", PsValue::Bool(false))];
    let row = object("TableControlRow", None, &full("TableControlRow"), row);
    let control = vec![
        ("Headers", list("TableControlColumnHeader", headers.collect())),
        ("Rows", list("TableControlRow", vec![row])),
        ("AutoSize", PsValue::Bool(false)),
        ("HideTableHeaders", PsValue::Bool(false)),
        ("GroupBy", PsValue::Null),
        ("OutOfBand", PsValue::Bool(false)),
    ];
    let control = object("TableControl", Some("PSControl"), &full("TableControl"), control);
    let number = name.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(33).wrapping_add(u32::from(byte)));
    let id = Seed::plain(0x7669_6577, 0).guid(Purpose::ConfigGuid, number);
    let shown = builder(
        "FormatViewDefinition",
        None,
        &full("FormatViewDefinition"),
        vec![("Name", name.into()), ("Control", control)],
    )
    .extended("InstanceId", PsValue::Guid(id))
    .build();
    object(
        "ExtendedTypeDefinition",
        None,
        name,
        vec![
            ("TypeName", name.into()),
            ("TypeNames", list("String", vec![name.into()])),
            ("FormatViewDefinition", list("FormatViewDefinition", vec![shown.into()])),
        ],
    )
}
