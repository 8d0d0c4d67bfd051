//! `New-Object`, `Add-Member`, `Get-Member`.
//!
//! What types can be made is in `statics`.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Obj, PropValue, V, lock, same_name};
use super::{Builtin, Ctx, Memory, all, each};

pub(super) const COMMANDS: &[Builtin] = &[
    each("New-Object", new_object),
    each("Add-Member", add_member),
    all("Get-Member", get_member),
    all("Get-SecureRandom", super::random::random),
    all("Get-Random", super::random::random),
    each("New-Guid", |cx, c, _, _| c.push(cx, V::Guid(uuid::Uuid::new_v4()))),
    each("Set-StrictMode", |cx, c, _, _| {
        let version = match c.bound.text("Version").as_deref() {
            _ if c.bound.flag("Off") => 0,
            Some(version) => {
                version.chars().next().and_then(|digit| digit.to_digit(10)).map_or(3, |digit| digit.min(3))
            }
            None => 3,
        };
        *lock(&cx.rt.strict) = u8::try_from(version).unwrap_or(3);
        Ok(())
    }),
];

fn new_object(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    if c.bound.has("ComObject") {
        let program = c.bound.text("ComObject").unwrap_or_default();
        if let Some(shell) = super::super::dotnet::com::make(&program) {
            return c.push(cx, shell);
        }
        return c.problem("NoCOMClassIdentified", "ResourceUnavailable", "COM objects exist on Windows only").err();
    }
    let name = c.bound.text("TypeName").unwrap_or_default();
    let Some(full) = super::super::types::resolve(&name) else {
        return c
            .problem(
                "TypeNotFound",
                "InvalidType",
                format!("Cannot find type [{name}]: verify that the assembly containing this type is loaded."),
            )
            .exception("System.Management.Automation.PSArgumentException")
            .err();
    };
    let args = c.bound.list("ArgumentList").into_iter().map(|arg| match arg {
        V::Obj(object) if object.is("spelled") => object.base(),
        other => other,
    });
    let value = match super::super::declared::class(&full) {
        Some(class) => super::super::class::construct(cx, &class, args.collect())?,
        None => super::super::dotnet::make::created(cx, &full, args.collect())?,
    };
    if let Some(V::Hash(table)) = c.bound.get("Property") {
        for (key, entry) in table.entries() {
            match &value {
                V::Obj(object) => object.set(&interpolated(&key), entry),
                other => super::super::member::set(cx, other, &interpolated(&key), entry)?,
            }
        }
    }
    c.push(cx, value)
}

/// Whether a word is a kind of member that Add-Member adds.
fn is_member_kind(word: &str) -> bool {
    ["NoteProperty", "ScriptProperty", "ScriptMethod", "AliasProperty", "PropertySet", "CodeProperty", "MemberSet"]
        .iter()
        .any(|kind| kind.eq_ignore_ascii_case(word))
}

fn add_member(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let Some(value) = input.or_else(|| c.bound.get("InputObject").cloned()) else { return Ok(()) };
    let object = Obj::around(&value);
    let mut members: Vec<(String, PropValue)> = Vec::new();
    let note = |value: Option<&V>| {
        PropValue::Note(value.cloned().map_or(V::Null, |value| match value {
            V::Obj(object) if object.is("spelled") => object.base(),
            V::Nothing => V::Null,
            other => other,
        }))
    };
    if let Some(V::Hash(table)) = c
        .bound
        .get("NotePropertyMembers")
        .or_else(|| c.bound.get("MemberType").filter(|value| matches!(value, V::Hash(_))))
    {
        members.extend(table.entries().into_iter().map(|(key, value)| (interpolated(&key), PropValue::Note(value))));
    } else if let Some(name) = c.bound.text("NotePropertyName") {
        members.push((name, note(c.bound.get("NotePropertyValue"))));
    } else if let (Some(name), Some(value)) =
        (c.bound.text("MemberType").filter(|kind| !is_member_kind(kind)), c.bound.get("Name"))
    {
        members.push((name, note(Some(value))));
    } else if let Some(name) = c.bound.text("Name") {
        let kind = c.bound.text("MemberType").unwrap_or_else(|| "NoteProperty".to_owned()).to_lowercase();
        let value = c.bound.get("Value");
        members.push((
            name,
            match (kind.as_str(), value) {
                ("scriptproperty", Some(V::Block(block))) => PropValue::Script(block.clone()),
                ("scriptmethod", Some(V::Block(block))) => PropValue::Method(block.clone()),
                ("aliasproperty", Some(other)) => PropValue::Alias(interpolated(other).into()),
                (_, value) => note(value),
            },
        ));
    } else if let (Some(name), Some(V::Str(_)) | None) = (c.bound.text("MemberType"), c.bound.get("Name"))
        && !c.bound.has("TypeName")
    {
        members.push((name, note(c.bound.get("Value"))));
    }
    for (name, member) in members {
        if object.prop(&name).is_some() && !c.bound.flag("Force") {
            return c
                .problem("MemberAlreadyExists", "InvalidOperation", format!("Cannot add a member with the name \"{name}\" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command."))
                .err();
        }
        let scripted = matches!(member, PropValue::Script(_));
        object.set_prop(&name, member);
        if let Some(V::Block(setter)) = c.bound.get("SecondValue").filter(|_| scripted) {
            object.set(&super::super::member::setter_of(&name), V::Block(setter.clone()));
        }
    }
    if let Some(name) = c.bound.text("TypeName") {
        let mut types = object.types();
        types.insert(0, name.into());
        object.set_types(types);
    }
    if c.bound.flag("PassThru") {
        return c.push(cx, V::Obj(object));
    }
    Ok(())
}

fn get_member(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let items: Vec<V> = c.input(input).into_iter().filter(|item| !item.is_null()).collect();
    let Some(item) = items.first() else {
        return c
            .problem("NoObjectInGetMember", "CloseError", "You must specify an object for the Get-Member cmdlet.")
            .err();
    };
    let own_type = match item {
        V::Obj(object) => object.types().first().map_or_else(|| V::Str(item.type_name()), |name| V::Str(name.clone())),
        other => V::Str(other.type_name()),
    };
    let names = c.bound.texts("Name");
    let kinds = c.bound.texts("MemberType");
    let mut rows: Vec<(String, &str, String)> = Vec::new();
    if let V::Obj(object) = item {
        for prop in object.props().into_iter().filter(|prop| !prop.name.starts_with("__")) {
            let (kind, definition) = match &prop.value {
                PropValue::Note(value) if super::super::declared::class_of(object).is_some() => {
                    ("Property", format!("{} {} {{get;set;}}", short(value), prop.name))
                }
                PropValue::Note(value) if object.is(GROUP) => {
                    ("Property", format!("{} {} {{get;}}", short(value), prop.name))
                }
                PropValue::Note(value) => {
                    ("NoteProperty", format!("{} {}={}", short(value), prop.name, note_text(value)))
                }
                PropValue::Alias(other) => ("AliasProperty", format!("{} = {other}", prop.name)),
                PropValue::Script(block) => {
                    ("ScriptProperty", format!("System.Object {} {{get={};}}", prop.name, block.text()))
                }
                PropValue::Method(_) => ("ScriptMethod", format!("System.Object {}();", prop.name)),
            };
            rows.push((prop.name.to_string(), kind, definition));
        }
    } else {
        for (name, value) in super::super::member::properties(cx, item)? {
            let kind = match (item, &*name) {
                (V::Hash(_), "Keys" | "Values") => "System.Collections.ICollection".to_owned(),
                (V::Hash(_), "SyncRoot") => "System.Object".to_owned(),
                _ => short(&value),
            };
            rows.push((name.to_string(), "Property", format!("{kind} {name} {{get;}}")));
        }
    }
    for (method, definition) in methods_of(item) {
        rows.push((method, "Method", definition));
    }
    rows.sort_by(|a, b| a.1.cmp(b.1).then_with(|| a.0.to_lowercase().cmp(&b.0.to_lowercase())));
    for (name, kind, definition) in rows {
        let wanted = names.is_empty() || names.iter().any(|pattern| super::super::compare::like(&name, pattern, false));
        let typed = kinds.is_empty()
            || kinds.iter().any(|wanted| {
                same_name(wanted, kind)
                    || same_name(wanted, "Properties") && kind.ends_with("Property")
                    || same_name(wanted, "All")
            });
        if wanted && typed {
            c.push(
                cx,
                V::Obj(Obj::new(
                    "Microsoft.PowerShell.Commands.MemberDefinition",
                    [
                        ("TypeName", own_type.clone()),
                        ("Name", V::from(name)),
                        ("MemberType", V::from(kind)),
                        ("Definition", V::from(definition)),
                    ],
                )),
            )?;
        }
    }
    Ok(())
}

/// The methods of a value with how they are called: of a class of the script its own, of texts and dates the common ones.
fn methods_of(item: &V) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = [
        ("Equals", "bool Equals(System.Object obj)"),
        ("GetHashCode", "int GetHashCode()"),
        ("GetType", "type GetType()"),
        ("ToString", "string ToString()"),
    ]
    .into_iter()
    .map(|(name, definition)| (name.to_owned(), definition.to_owned()))
    .collect();
    let more: &[&str] = match item {
        V::Str(_) => &[
            "CompareTo",
            "Contains",
            "EndsWith",
            "IndexOf",
            "Insert",
            "LastIndexOf",
            "PadLeft",
            "PadRight",
            "Remove",
            "Replace",
            "Split",
            "StartsWith",
            "Substring",
            "ToCharArray",
            "ToLower",
            "ToUpper",
            "Trim",
            "TrimEnd",
            "TrimStart",
        ],
        V::Date(_) => &[
            "Add",
            "AddDays",
            "AddHours",
            "AddMilliseconds",
            "AddMinutes",
            "AddMonths",
            "AddSeconds",
            "AddTicks",
            "AddYears",
            "CompareTo",
            "Subtract",
            "ToLocalTime",
            "ToLongDateString",
            "ToLongTimeString",
            "ToShortDateString",
            "ToShortTimeString",
            "ToUniversalTime",
        ],
        V::Int(_) | V::Long(_) | V::Double(_) | V::Decimal(_) => &["CompareTo"],
        _ => &[],
    };
    found.extend(more.iter().map(|name| ((*name).to_owned(), format!("{name}()"))));
    if let V::Obj(object) = item
        && let Some(class) = super::super::declared::class_of(object)
    {
        for name in class.method_names() {
            if !found.iter().any(|(known, _)| same_name(known, &name)) {
                found.push((name.clone(), format!("{name}()")));
            }
        }
    }
    found
}

/// The type of what Group-Object gives.
const GROUP: &str = "Microsoft.PowerShell.Commands.GroupInfo";

/// A note's value in its definition: what its own `ToString()` gives.
fn note_text(value: &V) -> String {
    match value {
        V::Null | V::Nothing => "null".to_owned(),
        V::List(list) if list.is_array() => value.type_name().to_string(),
        V::Obj(_) | V::List(_) => interpolated(value),
        other => super::super::text::to_string(other),
    }
}

/// The type of a value in a definition: its short name without the namespace, of objects their own.
fn short(value: &V) -> String {
    match value {
        V::Null | V::Nothing => "object".to_owned(),
        V::Hash(_) if *value.type_name() == *"System.Collections.Hashtable" => "hashtable".to_owned(),
        V::Hash(_) => "ordered".to_owned(),
        V::Decimal(_) => "decimal".to_owned(),
        V::Span(_) => "timespan".to_owned(),
        V::Guid(_) => "guid".to_owned(),
        V::Version(_) => "version".to_owned(),
        V::Block(_) => "scriptblock".to_owned(),
        V::List(list) if list.is_array() => {
            let full = value.type_name();
            full.rsplit('.').next().unwrap_or(&full).to_owned()
        }
        V::Str(_) => "string".to_owned(),
        V::Int(_) => "int".to_owned(),
        V::Bool(_) => "bool".to_owned(),
        V::Long(_) => "long".to_owned(),
        V::Double(_) => "double".to_owned(),
        V::Date(_) => "datetime".to_owned(),
        other => other.type_name().to_string(),
    }
}
