//! Properties: reading, member enumeration, setting; indexes. Methods are in `method`.
//!
//! Names ignore case, and what is missing is null.

use super::facets::{DATE_PROPERTIES, date_property, span_property, type_property};
use super::fault::{Problem, Res};
use super::state::Cx;
use super::value::{Hash, List, ListKind, Obj, PropValue, V, same_name};

/// A property that needs no script to run: of objects, dictionaries, dates …; `None` when there is none.
#[must_use]
pub(super) fn plain_property(value: &V, name: &str) -> Option<V> {
    match value {
        V::Obj(object) => object.note(name).or_else(|| match object.base() {
            V::Null => super::special::property(object, name),
            base => super::special::property(object, name).or_else(|| plain_property(&base, name)),
        }),
        V::Hash(hash) => hash
            .text(name)
            .or_else(|| name.parse().ok().and_then(|n: i32| hash.get(&V::Int(n))))
            .or_else(|| hash_property(hash, name)),
        V::List(list) => list_property(list, name),
        V::Str(text) => same_name(name, "length").then(|| V::count(text.encode_utf16().count())),
        V::Date(date) => date_property(*date, name),
        V::Span(span) => span_property(span.ticks, name),
        V::Version(version) => {
            let parts = version.parts();
            let at = ["major", "minor", "build", "revision"].iter().position(|part| same_name(part, name))?;
            Some(V::Int(parts[at]))
        }
        V::Guid(guid) => same_name(name, "guid").then(|| V::from(guid.to_string())),
        V::Switch(on) => same_name(name, "ispresent").then_some(V::Bool(*on)),
        V::Enum(found) => same_name(name, "value__").then_some(V::Int(found.number)),
        V::Type(full) => type_property(full, name),
        V::Block(block) if same_name(name, "ast") => Some(V::from(block.text())),
        _ => None,
    }
}

pub(super) fn hash_property(hash: &Hash, name: &str) -> Option<V> {
    Some(match name.to_lowercase().as_str() {
        "count" => V::count(hash.len()),
        "keys" => V::List(List::of(
            ListKind::Other("System.Collections.Hashtable+KeyCollection".into()),
            hash.entries().into_iter().map(|(key, _)| key).collect(),
        )),
        "values" => V::List(List::of(
            ListKind::Other("System.Collections.Hashtable+ValueCollection".into()),
            hash.entries().into_iter().map(|(_, value)| value).collect(),
        )),
        "isreadonly" | "isfixedsize" | "issynchronized" => V::Bool(false),
        "comparer" if matches!(hash.kind(), super::value::HashKind::Dictionary(..)) => {
            V::from("System.OrdinalComparer")
        }
        "syncroot" => V::Hash(hash.clone()),
        _ => return None,
    })
}

/// Whether a list is of the groups of a match.
fn is_groups(list: &List) -> bool {
    matches!(list.kind(), ListKind::Other(name) if name.ends_with(".GroupCollection"))
}

fn list_property(list: &List, name: &str) -> Option<V> {
    Some(match name.to_lowercase().as_str() {
        "count" => V::count(list.len()),
        "length" | "longlength" | "rank" if list.is_array() => {
            V::count(if name.eq_ignore_ascii_case("rank") { list.sizes().len() } else { list.len() })
        }
        "capacity" if !list.is_array() => V::count(list.len().max(4)),
        "isfixedsize" => V::Bool(list.is_array()),
        "isreadonly" | "issynchronized" => V::Bool(false),
        "syncroot" => V::List(list.clone()),
        "keys" if is_groups(list) => {
            V::array(list.items().iter().map(|group| plain_property(group, "Name").unwrap_or_default()).collect())
        }
        "values" if is_groups(list) => V::array(list.items()),
        "min" if super::dotnet::sorted_set(list) => list.items().into_iter().next().unwrap_or_default(),
        "max" if super::dotnet::sorted_set(list) => list.items().into_iter().next_back().unwrap_or_default(),
        "comparer" if matches!(list.kind(), ListKind::Set(_)) => {
            V::from("System.Collections.Generic.GenericEqualityComparer`1")
        }
        _ => return None,
    })
}

/// `value.name`.
///
/// # Errors
/// What a script property gives; a missing property in strict mode.
pub(super) fn get(cx: Cx<'_>, value: &V, name: &str) -> Res<V> {
    if let V::Obj(object) = value
        && same_name(name, "EndOfStream")
        && let Some(found) = super::dotnet::end_of_stream(cx, object)?
    {
        return Ok(found);
    }
    if let V::Obj(object) = value
        && let Some(prop) = object.prop(name)
    {
        return match prop.value {
            PropValue::Note(value) => Ok(value),
            PropValue::Alias(other) => get(cx, value, &other),
            PropValue::Script(block) => scripted(cx, value, &block),
            PropValue::Method(_) => Ok(V::Null),
        };
    }
    if let Some(member) = type_member(cx, value, name) {
        return match member {
            PropValue::Note(value) => Ok(value),
            PropValue::Alias(other) => get(cx, value, &other),
            PropValue::Script(block) => scripted(cx, value, &block),
            PropValue::Method(_) => Ok(V::Null),
        };
    }
    if let V::Obj(object) = value
        && let Some(found) = super::class::hidden(object, name)
    {
        return Ok(found);
    }
    if let Some(found) = plain_property(value, name) {
        if let (V::Hash(hash), V::List(list)) = (value, &found)
            && matches!(list.kind(), ListKind::Other(_))
        {
            let mut known = super::value::lock(&cx.rt.key_lists);
            known.push_back((list.clone(), hash.clone()));
            if known.len() > 8 {
                known.pop_front();
            }
        }
        return Ok(found);
    }
    if let Some(found) = super::special::intrinsic(value, name) {
        return compute_rows(cx, value, found);
    }
    if let V::Obj(holder) = value
        && &*holder.type_name() == super::special::PROPERTIES
    {
        if let Some(found) = super::walk::at(holder, name) {
            return Ok(found);
        }
        return get(cx, &holder.base(), name);
    }
    if let V::List(list) = value {
        let mut found = Vec::new();
        let mut any = false;
        for item in list.items() {
            if item.is_null() {
                continue;
            }
            let has = has_property(&item, name);
            any |= has;
            if !has {
                if matches!(&item, V::Obj(object) if object.is_custom()) || matches!(item, V::Hash(_)) {
                    any = true;
                    found.push(V::Null);
                    continue;
                }
                if matches!(item, V::List(_)) {
                    found.extend(get(cx, &item, name)?.unrolled());
                }
                continue;
            }
            match get(cx, &item, name)? {
                V::List(inner) => found.extend(inner.items()),
                other => found.push(other),
            }
        }
        return Ok(match found.len() {
            0 if !any && strict(cx) => return not_there(name).err(),
            0 if !any => V::Nothing,
            _ => V::from_outputs(found),
        });
    }
    if same_name(name, "count") || same_name(name, "length") {
        return Ok(V::Int(i32::from(!value.is_null())));
    }
    if strict(cx) {
        return not_there(name).err();
    }
    Ok(V::Null)
}

/// Gives the rows of `.PSObject.Properties` what scripted properties give.
fn compute_rows(cx: Cx<'_>, value: &V, holder: V) -> Res<V> {
    let V::Obj(object) = value else { return Ok(holder) };
    if !object.props().iter().any(|prop| matches!(prop.value, PropValue::Script(_))) {
        return Ok(holder);
    }
    let V::Obj(own) = &holder else { return Ok(holder) };
    for list in ["Properties", "Members"] {
        let Some(V::Obj(rows)) = own.note(list) else { continue };
        for row in rows.base().unrolled() {
            let V::Obj(row) = row else { continue };
            let name = row.note("Name").map(|name| super::text::to_string(&name)).unwrap_or_default();
            if object.prop(&name).is_some_and(|prop| matches!(prop.value, PropValue::Script(_))) {
                row.set("Value", get(cx, value, &name)?);
            }
        }
    }
    Ok(holder)
}

/// Whether strict mode asks for properties to be there.
fn strict(cx: Cx<'_>) -> bool {
    *super::value::lock(&cx.rt.strict) > 1
}

fn not_there(name: &str) -> Problem {
    Problem::new(
        "PropertyNotFoundStrict",
        "NotSpecified",
        format!("The property '{name}' cannot be found on this object. Verify that the property exists."),
    )
    .exception("System.Management.Automation.PropertyNotFoundException")
}

/// Does something while `$this` is the value.
pub(super) fn with_this<T>(cx: Cx<'_>, value: &V, work: impl FnOnce() -> T) -> T {
    let before = cx.rt.get("this");
    cx.rt.set("this", value.clone());
    let done = work();
    cx.rt.set("this", before.unwrap_or_default());
    done
}

/// What a script property gives.
fn scripted(cx: Cx<'_>, value: &V, block: &super::block::Block) -> Res<V> {
    let result = with_this(cx, value, || super::invoke::collect_with_item(cx, block, value.clone(), Vec::new()));
    Ok(V::from_outputs(result?))
}

/// A member that `Update-TypeData` gave to one of the value's types.
#[must_use]
pub(super) fn type_member(cx: Cx<'_>, value: &V, name: &str) -> Option<PropValue> {
    let members = super::value::lock(&cx.rt.type_members);
    if members.is_empty() {
        return None;
    }
    let types = match value {
        V::Obj(object) => object.types(),
        other => vec![other.type_name()],
    };
    let found = members
        .iter()
        .find(|(own, member, _)| same_name(member, name) && types.iter().any(|full| full.eq_ignore_ascii_case(own)));
    found.map(|(.., member)| member.clone())
}

/// Whether a value has the property itself.
#[must_use]
pub(super) fn has_property(value: &V, name: &str) -> bool {
    match value {
        V::Obj(object) => object.prop(name).is_some() || plain_property(value, name).is_some(),
        V::Hash(hash) => hash.text(name).is_some() || hash_property(hash, name).is_some(),
        other => plain_property(other, name).is_some() || super::special::intrinsic(other, name).is_some(),
    }
}

/// The object that a row of `.PSObject.Properties` is of, and the property's name.
fn owner_of(member: &Obj) -> Option<(V, String)> {
    if &*member.type_name() != "System.Management.Automation.PSNoteProperty" {
        return None;
    }
    Some((member.note(super::special::OWNER)?, super::text::to_string(&member.note("Name")?)))
}

/// `value.name = to`.
///
/// # Errors
/// When the value has no such property.
pub(super) fn set(cx: Cx<'_>, value: &V, name: &str, to: V) -> Res<()> {
    let to = if matches!(to, V::Nothing) { V::Null } else { to };
    if let V::Obj(member) = value
        && same_name(name, "Value")
        && let Some((owner, own)) = owner_of(member)
    {
        set(cx, &owner, &own, to.clone())?;
        member.set("Value", to);
        return Ok(());
    }
    match value {
        V::Hash(hash) => {
            hash.set(V::from(name), to);
            Ok(())
        }
        V::Obj(object) if object.is("System.Management.Automation.PSReference") && same_name(name, "Value") => {
            if let Some(V::Str(variable)) = object.note("__variable") {
                cx.rt.set_nearest(&variable, to.clone());
            }
            object.set("Value", to);
            Ok(())
        }
        V::Obj(object) if object.is("System.Management.Automation.PSVariable") && same_name(name, "Value") => {
            if let Some(V::Str(variable)) = object.note("Name") {
                cx.rt.set_nearest(&variable, to.clone());
            }
            object.set("Value", to);
            Ok(())
        }
        V::Obj(object) if super::class::set(cx, object, name, &to)? => Ok(()),
        V::Obj(object) if super::dotnet::file_set(cx, object, name, &to)? => Ok(()),
        V::Obj(object) => match object.prop(name).map(|prop| prop.value) {
            Some(PropValue::Note(_)) if super::special::is_read_only(object, name) => read_only(name).err(),
            Some(PropValue::Note(_)) => {
                object.set(name, to);
                Ok(())
            }
            Some(PropValue::Alias(other)) => set(cx, value, &other, to),
            Some(PropValue::Script(_)) => match object.note(&setter_of(name)) {
                Some(V::Block(block)) => call_setter(cx, value, &block, to),
                _ => read_only(name).err(),
            },
            Some(_) => read_only(name).err(),
            None if super::xml::is_node(object) => super::xml::set(object, name, &to),
            None if object.is_custom() => not_settable(name).err(),
            None => missing(name).err(),
        },
        V::Null | V::Nothing => missing(name).err(),
        V::List(list) => {
            let items = list.items();
            if !items.is_empty()
                && items.iter().all(|item| has_property(item, name))
                && plain_property(value, name).is_none()
            {
                return Problem { id: "PropertyAssignmentException".to_owned(), ..missing(name) }.err();
            }
            missing(name).err()
        }
        _ if plain_property(value, name).is_some() => read_only(name).err(),
        _ => missing(name).err(),
    }
}

/// The hidden note that holds what a script property does when it is set.
#[must_use]
pub(super) fn setter_of(name: &str) -> String {
    format!("__set {}", name.to_lowercase())
}

fn call_setter(cx: Cx<'_>, value: &V, block: &super::block::Block, to: V) -> Res<()> {
    with_this(cx, value, || cx.collect(|| super::invoke::inline(cx, block, None, vec![to]))).map(drop)
}

fn missing(name: &str) -> Problem {
    Problem::new(
        "PropertyNotFound",
        "InvalidOperation",
        format!(
            "The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
        ),
    )
}

/// A bag of properties refuses one that it has not, as its setter does.
fn not_settable(name: &str) -> Problem {
    let inner = missing(name).message;
    Problem::new("ExceptionWhenSetting", "NotSpecified", format!("Exception setting \"{name}\": \"{inner}\""))
        .exception("System.Management.Automation.SetValueInvocationException")
        .inner("System.Management.Automation.RuntimeException", inner)
}

fn read_only(name: &str) -> Problem {
    Problem::new("PropertyAssignmentException", "InvalidOperation", format!("'{name}' is a ReadOnly property."))
        .exception("System.Management.Automation.SetValueInvocationException")
}

/// The properties of a value for `Select-Object *`, CSV and the like: names and values in order.
///
/// # Errors
/// What a script property gives.
pub(super) fn properties(cx: Cx<'_>, value: &V) -> Res<Vec<(std::sync::Arc<str>, V)>> {
    let mut found = Vec::new();
    match value {
        V::Obj(object) if super::xml::is_node(object) => {
            found.extend(super::xml::properties(object).into_iter().map(|(name, value)| (name.into(), value)));
        }
        V::Obj(object) => {
            for prop in object.props() {
                if !matches!(prop.value, PropValue::Method(_)) && !prop.name.starts_with("__") {
                    found.push((prop.name.clone(), get(cx, value, &prop.name)?));
                }
            }
            for name in type_members(cx, object) {
                let given = get(cx, value, &name)?;
                found.push((name.into(), given));
            }
        }
        V::Str(text) => found.push(("Length".into(), V::count(text.chars().count()))),
        V::Hash(hash) => {
            for name in ["IsReadOnly", "IsFixedSize", "IsSynchronized", "Keys", "Values", "SyncRoot", "Count"] {
                found.push((name.into(), hash_property(hash, name).unwrap_or_default()));
            }
        }
        V::Date(_) => {
            for name in DATE_PROPERTIES {
                found.push((name.into(), plain_property(value, name).unwrap_or_default()));
            }
        }
        V::Span(_) => {
            for name in [
                "Ticks",
                "Days",
                "Hours",
                "Milliseconds",
                "Minutes",
                "Seconds",
                "TotalDays",
                "TotalHours",
                "TotalMilliseconds",
                "TotalMinutes",
                "TotalSeconds",
            ] {
                found.push((name.into(), plain_property(value, name).unwrap_or_default()));
            }
        }
        V::Version(_) => {
            for name in ["Major", "Minor", "Build", "Revision"] {
                found.push((name.into(), plain_property(value, name).unwrap_or_default()));
            }
        }
        _ => {}
    }
    Ok(found)
}

/// The members that `Update-TypeData` gave to an object's types and that the object has not itself.
fn type_members(cx: Cx<'_>, object: &Obj) -> Vec<String> {
    let members = super::value::lock(&cx.rt.type_members);
    let own = members.iter().filter(|(own, name, member)| {
        !matches!(member, PropValue::Method(_)) && object.is(own) && object.prop(name).is_none()
    });
    own.map(|(_, name, _)| name.clone()).collect()
}

/// An object with what its scripted properties give, which views can show.
#[must_use]
pub(super) fn settled(cx: Cx<'_>, item: &V) -> V {
    let V::Obj(object) = item else { return item.clone() };
    let computed = |prop: &super::value::Prop| matches!(prop.value, PropValue::Script(_) | PropValue::Alias(_));
    let mut names: Vec<String> =
        object.props().iter().filter(|prop| computed(prop)).map(|prop| prop.name.to_string()).collect();
    names.extend(type_members(cx, object));
    if names.is_empty() {
        return item.clone();
    }
    let copy = object.copy();
    for name in names {
        copy.set(&name, get(cx, item, &name).unwrap_or_default());
    }
    V::Obj(copy)
}

/// Whether the value is an object whose properties make a row.
#[must_use]
pub(super) fn as_object(value: &V) -> Option<&Obj> {
    match value {
        V::Obj(object) => Some(object),
        _ => None,
    }
}
