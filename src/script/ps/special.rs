//! Objects with manners of their own: string builders, stopwatches, error records; `.PSObject`.
//!
//! Plain properties are in `member`, methods in `method`.

use super::facets::DATE_PROPERTIES;
use super::value::{List, ListKind, Obj, Prop, PropValue, V, same_name};

/// A property that an object computes.
#[must_use]
pub(super) fn property(object: &Obj, name: &str) -> Option<V> {
    if super::xml::is_node(object) {
        return super::xml::property(object, name);
    }
    let kind = object.type_name();
    match &*kind {
        "System.Text.StringBuilder" if same_name(name, "capacity") => Some(V::Int(16)),
        "System.Text.StringBuilder" if same_name(name, "length") => {
            Some(V::count(super::text::to_string(&object.base()).chars().count()))
        }
        "System.Text.RegularExpressions.Group" | "System.Text.RegularExpressions.Match" => None,
        super::dotnet::stopwatch::NAME => super::dotnet::stopwatch::property(object, name),
        _ => None,
    }
}

/// Members that every value has.
#[must_use]
pub(super) fn intrinsic(value: &V, name: &str) -> Option<V> {
    if same_name(name, "psobject") {
        return Some(ps_object(value));
    }
    if same_name(name, "pstypenames") {
        return Some(type_names(value));
    }
    if let (V::Hash(hash), true) = (value, same_name(name, "psbase")) {
        let (keys, values) = hash.entries().into_iter().unzip();
        let members = [("Count", V::count(hash.len())), ("Keys", V::array(keys)), ("Values", V::array(values))];
        return Some(V::Obj(Obj::new("System.Management.Automation.PSMemberSet", members)));
    }
    (same_name(name, "psbase") && !value.is_null()).then(|| value.clone())
}

fn type_names(value: &V) -> V {
    match value {
        V::Obj(object) => V::List(object.type_list()),
        other => V::List(List::of(ListKind::Generic("System.String".into()), vec![V::Str(other.type_name())])),
    }
}

/// `.PSObject`: a view of the members.
fn ps_object(value: &V) -> V {
    let rows: Vec<V> = match value {
        V::Obj(object) => object
            .props()
            .iter()
            .filter(|prop| !matches!(prop.value, PropValue::Method(_)) && !prop.name.starts_with("__"))
            .map(|prop| {
                let row = member_row(prop);
                if let V::Obj(row) = &row {
                    row.set(OWNER, value.clone());
                }
                row
            })
            .collect(),
        V::Hash(hash) => ["IsReadOnly", "IsFixedSize", "IsSynchronized", "Keys", "Values", "SyncRoot", "Count"]
            .into_iter()
            .map(|name| {
                let value = super::member::hash_property(hash, name).unwrap_or_default();
                let row = member_row(&Prop { name: name.into(), value: PropValue::Note(value) });
                if let V::Obj(row) = &row {
                    row.set("MemberType", V::from("Property"));
                    row.set("IsSettable", V::Bool(false));
                }
                row
            })
            .collect(),
        other => {
            let dates: Vec<&str> = ["DisplayHint"].into_iter().chain(DATE_PROPERTIES).collect();
            let names: &[&str] = match other {
                V::Date(_) => &dates,
                V::Span(_) => &[
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
                ],
                V::Str(_) => &["Length"],
                V::Version(_) => &["Major", "Minor", "Build", "Revision"],
                _ => &[],
            };
            let row = |name: &&str| {
                let value = super::member::plain_property(other, name).unwrap_or_default();
                member_row(&Prop { name: (*name).into(), value: PropValue::Note(value) })
            };
            names.iter().map(row).collect()
        }
    };
    let kind =
        "System.Management.Automation.PSMemberInfoIntegratingCollection`1[System.Management.Automation.PSPropertyInfo]";
    let holder = Obj::new(
        "System.Management.Automation.PSObject",
        [
            ("Members", properties_of(value, V::List(List::of(ListKind::Other(kind.into()), rows.clone())))),
            ("Properties", properties_of(value, V::List(List::of(ListKind::Other(kind.into()), rows)))),
            ("Methods", V::List(List::of(ListKind::Other(kind.into()), method_rows(value)))),
            ("TypeNames", type_names(value)),
            ("BaseObject", value.clone()),
            ("ImmediateBaseObject", value.clone()),
        ],
    );
    V::Obj(holder.with_base(value.clone()))
}

/// The hidden note of a member with the object it is of: setting its `Value` sets the object's.
pub(super) const OWNER: &str = "__owner";

/// The rows of `.PSObject.Methods`.
fn method_rows(value: &V) -> Vec<V> {
    let own = match value {
        V::Obj(object) => object
            .props()
            .into_iter()
            .filter(|prop| matches!(prop.value, PropValue::Method(_)))
            .map(|prop| (prop.name.to_string(), "ScriptMethod"))
            .collect(),
        _ => Vec::new(),
    };
    let common = ["ToString", "GetType", "Equals", "GetHashCode"].map(|name| (name.to_owned(), "Method"));
    let row = |(name, kind): (String, &str)| {
        let kind_of = "System.Management.Automation.PSMethod";
        V::Obj(Obj::new(kind_of, [("MemberType", V::from(kind)), ("Name", V::from(name))]))
    };
    own.into_iter().chain(common).map(row).collect()
}

/// The type of `.PSObject.Properties` of an object.
pub(super) const PROPERTIES: &str = "unrolls";

/// The rows with their owner, for `Add` and `Remove`; plain rows where there is nothing to change.
fn properties_of(owner: &V, rows: V) -> V {
    match owner {
        V::Obj(_) => V::Obj(Obj::new(PROPERTIES, [("__owner", owner.clone())]).with_base(rows)),
        _ => rows,
    }
}

/// `.PSObject.Properties.Add(…)` and its kin.
///
/// # Errors
/// Never; for the shape of its neighbours.
pub(super) fn properties_method(holder: &Obj, name: &str, args: &[V]) -> super::fault::Res<Option<V>> {
    let Some(V::Obj(owner)) = holder.note("__owner") else { return Ok(None) };
    let first = args.first().cloned().unwrap_or_default();
    Ok(Some(match name {
        "remove" => {
            owner.remove(&super::text::interpolated(&first));
            V::Nothing
        }
        "add" => {
            if let V::Obj(member) = &first {
                let name = super::text::interpolated(&member.note("Name").unwrap_or_default());
                owner.set(&name, member.note("Value").unwrap_or_default());
            }
            V::Nothing
        }
        "match" | "item" => {
            let pattern = super::text::interpolated(&first);
            let rows = holder.base().unrolled().into_iter().filter(|row| {
                let own = super::member::plain_property(row, "Name").map(|name| super::text::to_string(&name));
                own.is_some_and(|own| super::compare::like(&own, &pattern, false))
            });
            V::from_outputs(rows.collect())
        }
        _ => return Ok(None),
    }))
}

fn member_row(prop: &Prop) -> V {
    let (kind, value) = match &prop.value {
        PropValue::Note(value) => ("NoteProperty", value.clone()),
        PropValue::Alias(other) => ("AliasProperty", V::Str(other.clone())),
        PropValue::Script(block) => ("ScriptProperty", V::Block(block.clone())),
        PropValue::Method(block) => ("ScriptMethod", V::Block(block.clone())),
    };
    V::Obj(Obj::new(
        "System.Management.Automation.PSNoteProperty",
        [
            ("MemberType", V::from(kind)),
            ("IsSettable", V::Bool(true)),
            ("IsGettable", V::Bool(true)),
            ("Value", value.clone()),
            ("TypeNameOfValue", V::Str(value.type_name())),
            ("Name", V::Str(prop.name.clone())),
            ("IsInstance", V::Bool(true)),
        ],
    ))
}

/// Whether a property cannot be set.
#[must_use]
pub(super) fn is_read_only(object: &Obj, name: &str) -> bool {
    let kind = object.type_name();
    let fixed = [
        "System.Management.Automation.ErrorRecord",
        "Microsoft.PowerShell.Commands.GroupInfo",
        "System.IO.FileInfo",
        "System.Text.RegularExpressions.Match",
    ];
    fixed.contains(&&*kind) || object.is("System.Exception") && same_name(name, "Message")
}
