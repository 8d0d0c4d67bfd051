//! Methods of live values: which type's methods a value has, and those that every value has.
//!
//! Script methods of objects run here; what a method does is in the file of its type.

use super::super::block::Block;
use super::super::fault::{Problem, Res, method_threw};
use super::super::member::with_this;
use super::super::state::Cx;
use super::super::text::to_string;
use super::super::value::{PropValue, V};

use crate::render::text::Culture;

/// Calls a script method.
fn scripted(cx: Cx<'_>, value: &V, block: &Block, args: &[V]) -> Res<V> {
    Ok(V::from_outputs(with_this(cx, value, || super::super::invoke::call_block(cx, block, args.to_vec()))?))
}

/// `value.name(args)`.
///
/// # Errors
/// What the method throws; that there is no such method.
pub(in crate::script::ps) fn invoke(cx: Cx<'_>, value: &V, name: &str, args: &[V]) -> Res<V> {
    if value.is_null() {
        return Problem::new(
            "InvokeMethodOnNull",
            "InvalidOperation",
            "You cannot call a method on a null-valued expression.",
        )
        .err();
    }
    if let V::Obj(object) = value {
        if let Some(PropValue::Method(block)) = object.prop(name).map(|prop| prop.value) {
            return scripted(cx, value, &block, args);
        }
        if let Some(found) = super::super::class::invoke(cx, object, name, args)? {
            return Ok(found);
        }
        if let Some(V::Block(block)) = object.note(name) {
            return Ok(V::from_outputs(super::super::invoke::call_block(cx, &block, args.to_vec())?));
        }
    }
    if let Some(PropValue::Method(block)) = super::super::member::type_member(cx, value, name) {
        return scripted(cx, value, &block, args);
    }
    let lower = name.to_lowercase();
    let own = match value {
        V::Str(text) => super::string::methods(cx, text, &lower, args)?,
        V::Char(c) => super::string::methods(cx, &c.to_string(), &lower, args)?,
        V::List(list) => super::list::methods(cx, list, &lower, args)?,
        V::Hash(hash) => super::dictionary::methods(cx, hash, &lower, args)?,
        V::Date(date) => super::date::methods(*date, &lower, args)?,
        V::Span(span) => super::span::methods(*span, &lower, args)?,
        V::Block(block) => super::object::block(cx, block, &lower, args)?,
        V::Obj(object) => super::object::methods(cx, object, &lower, args)?,
        V::Guid(guid) => super::small::guid(*guid, &lower),
        V::Version(version) => super::small::version(*version, &lower, args)?,
        V::Enum(found) => super::small::enumeration(found, &lower, args),
        V::Type(full) => super::object::type_method(full, &lower, args)?,
        V::Switch(on) if lower == "tobool" && args.is_empty() => Some(V::Bool(*on)),
        _ => None,
    };
    if let Some(found) = own {
        return Ok(found);
    }
    if let Some(found) = common(value, &lower, args)? {
        return Ok(found);
    }
    match value {
        // a list passes the call on to its items
        V::List(list) => {
            let mut found = Vec::new();
            for item in list.items() {
                match invoke(cx, &item, name, args)? {
                    V::Nothing => {}
                    V::List(inner) => found.extend(inner.items()),
                    other => found.push(other),
                }
            }
            Ok(V::from_outputs(found))
        }
        V::Obj(object) if !object.base().is_null() => invoke(cx, &object.base(), name, args),
        // one value is walked as a list of one
        _ if matches!(lower.as_str(), "foreach" | "where") && !args.is_empty() => {
            let kind = super::super::value::ListKind::ArrayList;
            super::query::query(cx, std::slice::from_ref(value), &lower, args, &kind)
        }
        _ => Problem::new(
            "MethodNotFound",
            "InvalidOperation",
            format!(
                "Method invocation failed because [{}] does not contain a method named '{name}'.",
                value.type_name()
            ),
        )
        .err(),
    }
}

/// Methods that every value has.
pub(in crate::script::ps) fn common(value: &V, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match (name, args) {
        ("gettype", []) => V::Type(value.type_name()),
        ("tostring", []) => V::from(to_string(value)),
        ("tostring", [V::Str(format), ..]) if !super::super::operators::fits(value, format) => {
            let message = super::super::operators::misfit(value);
            return method_threw("ToString", args.len(), "System.FormatException", message).err();
        }
        ("tostring", [V::Obj(culture)]) => {
            V::from(super::super::text::formatted(value, "", &super::culture::culture_of(&V::Obj(culture.clone()))))
        }
        ("tostring", [format, ..]) => {
            let culture = args.get(1).map_or(Culture::EN_US, super::culture::culture_of);
            let format = match format {
                V::Str(format) => format.to_string(),
                _ => String::new(),
            };
            V::from(super::super::text::formatted(value, &format, &culture))
        }
        ("equals", [other, ..]) => {
            V::Bool(super::super::compare::equal(value, other, true) && value.type_name() == other.type_name())
        }
        ("compareto", [other]) => {
            V::Int(super::super::compare::order(value, other, true)?.map_or(0, |order| order as i32))
        }
        ("gethashcode", []) => V::Int(42),
        ("gettypecode", []) => V::from(super::super::types::short(&value.type_name())),
        _ => return Ok(None),
    }))
}
