//! Objects with manners of their own: string builders, stopwatches, error records; `.PSObject`.
//!
//! Plain properties are in `member`, methods in `method`.

use super::value::{List, ListKind, Obj, Prop, PropValue, V, same_name};
use crate::clixml::PsTimeSpan;

/// A property that an object computes.
#[must_use]
pub fn property(object: &Obj, name: &str) -> Option<V> {
    let kind = object.type_name();
    match &*kind {
        "System.Text.StringBuilder" if same_name(name, "length") => {
            Some(V::count(super::text::to_string(&object.base()).chars().count()))
        }
        "System.Text.RegularExpressions.Group" | "System.Text.RegularExpressions.Match" => None,
        "System.Diagnostics.Stopwatch" => {
            let span = PsTimeSpan { ticks: 10_000 };
            #[expect(clippy::cast_precision_loss, reason = "a few milliseconds")]
            match name.to_lowercase().as_str() {
                "elapsed" => Some(V::Span(span)),
                "elapsedmilliseconds" => Some(V::Long(span.ticks / 10_000)),
                "elapsedticks" => Some(V::Double(span.ticks as f64)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Members that every value has.
#[must_use]
pub fn intrinsic(value: &V, name: &str) -> Option<V> {
    if same_name(name, "psobject") {
        return Some(ps_object(value));
    }
    if same_name(name, "pstypenames") {
        return Some(type_names(value));
    }
    if let (V::Hash(hash), true) = (value, same_name(name, "psbase")) {
        return Some(V::Obj(Obj::new("System.Management.Automation.PSMemberSet", [("Count", V::count(hash.len()))])));
    }
    (same_name(name, "psbase") && !value.is_null()).then(|| value.clone())
}

fn type_names(value: &V) -> V {
    let names = match value {
        V::Obj(object) => object.types().iter().map(|name| V::Str(name.clone())).collect(),
        other => vec![V::Str(other.type_name())],
    };
    V::List(List::of(ListKind::Generic("System.String".into()), names))
}

/// `.PSObject`: a view of the members.
fn ps_object(value: &V) -> V {
    let rows: Vec<V> = match value {
        V::Obj(object) => object
            .props()
            .iter()
            .filter(|prop| !matches!(prop.value, PropValue::Method(_)) && !prop.name.starts_with("__"))
            .map(member_row)
            .collect(),
        V::Hash(hash) => hash
            .entries()
            .iter()
            .map(|(key, value)| {
                member_row(&Prop { name: super::text::to_string(key).into(), value: PropValue::Note(value.clone()) })
            })
            .collect(),
        _ => Vec::new(),
    };
    let kind =
        "System.Management.Automation.PSMemberInfoIntegratingCollection`1[System.Management.Automation.PSPropertyInfo]";
    let holder = Obj::new(
        "System.Management.Automation.PSObject",
        [
            ("Properties", V::List(List::of(ListKind::Other(kind.into()), rows))),
            ("TypeNames", type_names(value)),
            ("BaseObject", value.clone()),
            ("ImmediateBaseObject", value.clone()),
        ],
    );
    V::Obj(holder.with_base(value.clone()))
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
pub fn is_read_only(object: &Obj, name: &str) -> bool {
    let kind = object.type_name();
    let fixed = [
        "System.Management.Automation.ErrorRecord",
        "Microsoft.PowerShell.Commands.GroupInfo",
        "System.IO.FileInfo",
        "System.Text.RegularExpressions.Match",
    ];
    let _ = name;
    fixed.contains(&&*kind) || object.is("System.Exception") && same_name(name, "Message")
}

/// Sets what is no note yet; false when the object takes no such property.
#[must_use]
pub fn set(object: &Obj, name: &str, _to: &V) -> bool {
    let _ = (object, name);
    false
}

/// Keeps what depends on a property in step with it.
pub fn changed(_object: &Obj, _name: &str) {}
