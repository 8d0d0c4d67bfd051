//! Live values for the binder: how they become what a parameter's type wants, and what its attributes refuse.
//!
//! Which parameter takes which value is decided in `catalog::bind`.

use std::cell::RefCell;

use super::super::block::Block;
use super::super::fault::{Fault, Res, summary};
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{List, ListKind, V};
use super::super::{cast, exchange, member, number, types, validate, wording};
use super::param::ParamSpec;
use super::signature::Signature;
use crate::catalog::bind::{BindProblem, Flavour, Given, Values, Wire};
use crate::catalog::{CommonParameter, Name, Parameter};

/// Live values on behalf of one call.
#[derive(Clone, Copy)]
pub(super) struct Live<'c, 's> {
    pub(super) cx: Cx<'c>,
    pub(super) signature: &'s Signature,
    /// What ended the script while a value was made or checked.
    pub(super) escaped: &'s RefCell<Option<Box<Fault>>>,
}

const TRANSFORMATION: &str = "ParameterArgumentTransformationError";
pub(in crate::script::ps) const NULL: &str = "ParameterArgumentValidationErrorNullNotAllowed";
const SWITCH: &str = "System.Management.Automation.SwitchParameter";

impl Live<'_, '_> {
    fn refused(self, parameter: &Parameter, value: &V, reason: String) -> BindProblem {
        BindProblem::Conversion {
            parameter: parameter.name.clone(),
            expected: "a value of its type",
            value: self.display(value).into(),
            id: match self.signature.flavour {
                Flavour::Compiled => "CannotConvertArgumentNoMessage",
                Flavour::Function | Flavour::Simple => TRANSFORMATION,
            },
            reason: Some(reason.into()),
        }
    }

    /// A list where one text is wanted.
    fn no_list(self, parameter: &Parameter, list: &V) -> BindProblem {
        let problem = self.refused(parameter, list, "Cannot convert value to type System.String.".to_owned());
        match problem {
            BindProblem::Conversion { parameter, expected, value, .. } if self.flavour() == Flavour::Compiled => {
                let reason = "Specified method is not supported.".into();
                let id = "CannotConvertArgument";
                BindProblem::Conversion { parameter, expected, value, id, reason: Some(reason) }
            }
            other => other,
        }
    }

    /// The message of an error; a type that nobody knows, and what is no error, is more than an argument that fails.
    fn said(self, fault: Fault) -> String {
        match fault {
            Fault::Error(record, _) if summary(&record).1 != "TypeNotFound" => summary(&record).0,
            other => {
                *self.escaped.borrow_mut() = Some(Box::new(other));
                String::new()
            }
        }
    }

    fn switch(self, parameter: &Parameter, value: &V) -> Result<V, BindProblem> {
        match value {
            V::Switch(on) | V::Bool(on) => Ok(V::Switch(*on)),
            V::Null | V::Nothing => Ok(V::Switch(false)),
            other if number::plain(other).is_some() => Ok(V::Switch(super::super::compare::truthy(other))),
            other => Err(self.refused(parameter, other, wording::no_truth(&other.type_name(), SWITCH))),
        }
    }

    fn typed(self, parameter: &Parameter, name: &str, value: V) -> Result<V, BindProblem> {
        let lower = name.to_ascii_lowercase();
        let lower = lower.strip_prefix("system.").unwrap_or(&lower);
        if matches!(lower, "bool" | "boolean") && (matches!(value, V::Str(_)) || value.is_null()) {
            let given = if value.is_null() { String::new() } else { value.type_name().to_string() };
            return Err(self.refused(parameter, &value, wording::no_truth(&given, "System.Boolean")));
        }
        let is_reference =
            |value: &V| matches!(value, V::Obj(object) if object.is("System.Management.Automation.PSReference"));
        if matches!(lower, "ref" | "management.automation.psreference") && !is_reference(&value) {
            return Err(self.refused(parameter, &value, "Reference type is expected in argument.".to_owned()));
        }
        // A function without attributes joins a list, as PowerShell's first version did.
        let joins = self.signature.flavour == Flavour::Simple;
        if lower == "string" && !joins && matches!(&value, V::List(list) if list.is_array()) {
            return Err(self.no_list(parameter, &value));
        }
        self.cast(name, &value).map_err(|fault| {
            let reason = self.said(*fault);
            self.refused(parameter, &value, reason)
        })
    }

    /// `[name]value`, where a class of the script may make an object of the value.
    fn cast(self, name: &str, value: &V) -> Res<V> {
        match name.strip_suffix("[]") {
            Some(element) if super::super::declared::class(element).is_some() => {
                let items = if value.is_null() { return Ok(V::Null) } else { value.clone().unrolled() };
                let made: Res<Vec<V>> = items.iter().map(|item| self.cast(element, item)).collect();
                let kind = ListKind::Array(types::resolve(element).unwrap_or_else(|| element.into()));
                Ok(V::List(List::of(kind, made?)))
            }
            _ => super::super::class::convert(self.cx, name, value),
        }
    }

    /// Whether an object has the name among its type names that `PSTypeName` asks for.
    fn has_type_name(self, spec: &ParamSpec, args: &[V], value: &V) -> Result<(), BindProblem> {
        let wanted = args.first().map(interpolated).unwrap_or_default();
        let has = |item: &V| match item {
            V::Obj(object) => object.types().iter().any(|name| name.eq_ignore_ascii_case(&wanted)),
            other => other.type_name().eq_ignore_ascii_case(&wanted),
        };
        if value.is_null() || value.clone().unrolled().iter().all(has) {
            return Ok(());
        }
        Err(BindProblem::Conversion {
            parameter: Name::Owned(spec.name.clone()),
            expected: "an object of a named type",
            value: self.display(value).into(),
            id: "MismatchedPSTypeName",
            reason: Some(wanted.into()),
        })
    }

    /// What the parameter's own attributes say, in their order.
    fn validate(self, spec: &ParamSpec, value: &V) -> Result<(), BindProblem> {
        for validation in &spec.validations {
            if validation.0.eq_ignore_ascii_case("PSTypeName") {
                self.has_type_name(spec, &validation.1, value)?;
            }
            let reason = match validate::check(std::slice::from_ref(validation), value) {
                None => validate::by_script(self.cx, std::slice::from_ref(validation), value)
                    .unwrap_or_else(|fault| Some(self.said(*fault))),
                refused => refused,
            };
            if let Some(reason) = reason {
                let parameter = Name::Owned(spec.name.clone());
                return Err(BindProblem::Validation { parameter, value: self.display(value), reason });
            }
        }
        Ok(())
    }
}

/// A required parameter takes no null, and, by its type, no empty text and no empty list.
fn refuse_empty(spec: &ParamSpec, parameter: &Parameter, value: &V) -> Result<(), BindProblem> {
    let is_filled = match value {
        V::Null | V::Nothing | V::List(_) => false,
        V::Str(text) => !text.is_empty(),
        _ => true,
    };
    if is_filled {
        return Ok(());
    }
    let name = || parameter.name.clone();
    let type_name = spec.type_name.as_deref().and_then(types::resolve).unwrap_or_else(|| "System.Object".into());
    let one = |value: &V, is_text: bool| match value {
        value if value.is_null() && !spec.allows("AllowNull") => Err(BindProblem::Null { parameter: name(), id: NULL }),
        V::Str(text) if text.is_empty() && is_text && !spec.allows("AllowEmptyString") => {
            Err(BindProblem::EmptyString { parameter: name() })
        }
        _ => Ok(()),
    };
    let element = type_name.strip_suffix("[]");
    let is_list = element.is_some()
        || &*type_name == "System.Collections.ArrayList"
        || &*type_name == "System.Array"
        || type_name.starts_with("System.Collections.Generic.List");
    match value {
        V::List(list) if is_list => {
            if list.is_empty() && !spec.allows("AllowEmptyCollection") {
                return Err(BindProblem::EmptyList { parameter: name(), is_array: list.is_array() });
            }
            list.items().iter().try_for_each(|item| one(item, element == Some("System.String")))
        }
        other => one(other, &*type_name == "System.String"),
    }
}

impl Values for Live<'_, '_> {
    type Value = V;
    type Script = Block;

    fn flavour(self) -> Flavour {
        self.signature.flavour
    }

    fn convert(self, index: usize, parameter: &Parameter, given: &Given<V>) -> Result<V, BindProblem> {
        let Some(spec) = self.signature.params.get(index) else { return self.switch(parameter, &given.value) };
        let value = bare(self.signature.flavour, spec, &given.value);
        let value = match &spec.type_name {
            _ if spec.switch => self.switch(parameter, &value)?,
            Some(name) => self.typed(parameter, name, value)?,
            None => value,
        };
        self.validate(spec, &value)?;
        if !parameter.required_in.is_empty() {
            refuse_empty(spec, parameter, &value)?;
        }
        Ok(value)
    }

    fn convert_common(self, parameter: &'static CommonParameter, given: &Given<V>) -> Result<V, BindProblem> {
        let wire = Given::from(super::super::text::to_wire(&exchange::unspelled(&given.value)));
        let value = super::super::wire::from_wire(&Wire(self.signature.flavour).convert_common(parameter, &wire)?);
        Ok(match value {
            V::Bool(on) => V::Switch(on),
            V::Str(name) if parameter.name.ends_with("Action") => {
                super::super::enums::by_name("System.Management.Automation.ActionPreference", &name)
                    .unwrap_or(V::Str(name))
            }
            other => other,
        })
    }

    fn is_instance(self, index: usize, _: &Parameter, value: &V) -> bool {
        let Some(spec) = self.signature.params.get(index).filter(|spec| !spec.switch) else {
            return matches!(value, V::Switch(_));
        };
        let Some(name) = &spec.type_name else { return true };
        let value = exchange::unspelled(value);
        if value.is_null() {
            return !types::resolve(name).is_some_and(|full| super::super::facets::is_structure(&full))
                && !name.eq_ignore_ascii_case("string");
        }
        let is_one = |item: &str| !matches!(value, V::List(_)) && cast::is(&value, item);
        cast::is(&value, name) || name.strip_suffix("[]").is_some_and(is_one)
    }

    fn script(self, parameter: &Parameter, value: &V) -> Option<Block> {
        let V::Block(block) = value else { return None };
        let name = parameter.type_name.strip_suffix("[]").unwrap_or(&parameter.type_name);
        let full = types::resolve(name).unwrap_or_else(|| name.into());
        (!matches!(&*full, "System.Object" | "Object" | "System.Management.Automation.ScriptBlock"))
            .then(|| block.clone())
    }

    fn property(self, input: &V, name: &str) -> Option<V> {
        match input {
            // The entries of a table are no properties of it.
            V::Hash(_) => None,
            other => member::plain_property(other, name),
        }
    }

    fn is_of(self, input: &V, type_name: &str) -> bool {
        input.type_name().rsplit('.').next() == Some(type_name)
    }

    fn word(self, text: String) -> V {
        V::from(text)
    }

    fn on(self) -> V {
        V::Switch(true)
    }

    fn rest(self, mut values: Vec<V>) -> V {
        let compiled = self.signature.flavour == Flavour::Compiled;
        match values.as_slice() {
            [V::List(list)] if list.is_array() => values.remove(0),
            [_] if compiled => values.remove(0),
            _ if compiled => V::array(values),
            _ => {
                let values = values.iter().map(exchange::unspelled).collect();
                V::List(List::of(ListKind::Generic("System.Object".into()), values))
            }
        }
    }

    fn display(self, value: &V) -> String {
        match value {
            V::Null | V::Nothing => "$null".to_owned(),
            V::List(list) => list.type_name().to_string(),
            other => interpolated(other),
        }
    }
}

/// An argument without its spelling, unless the parameter is a text: that takes it as it was written.
fn bare(flavour: Flavour, spec: &ParamSpec, value: &V) -> V {
    let is_text = || spec.type_name.as_deref().is_some_and(|name| name.to_ascii_lowercase().ends_with("string"));
    match value {
        V::Obj(object) if object.is("spelled") && is_text() => V::from(super::super::text::to_string(value)),
        // Built-ins that want spellings are given them.
        V::Obj(_) | V::List(_) if flavour != Flavour::Compiled => exchange::unspelled(value),
        _ => value.clone(),
    }
}
