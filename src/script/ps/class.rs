//! Classes of the script: making objects of them, their methods, properties and static members.
//!
//! Which classes there are is kept in `declared`.

use std::sync::{Arc, Mutex};

use super::bind::ParamSpec;
use super::block::Block;
use super::declared;
use super::enums::Shape;
use super::fault::{Fault, Problem, Res};
use super::state::{Cx, Frame, Var};
use super::text::{interpolated, to_string};
use super::value::{Hash, Obj, V, lock, same_name};

/// A class.
#[derive(Debug)]
pub(super) struct Class {
    /// Its name.
    pub(super) name: Arc<str>,
    bases: Vec<String>,
    properties: Vec<Property>,
    methods: Vec<Method>,
    /// The values of static properties, once somebody asked for one.
    statics: Mutex<Option<Obj>>,
}

#[derive(Debug)]
struct Property {
    name: String,
    type_name: Option<String>,
    checks: Vec<(String, Vec<V>)>,
    fixed: bool,
    hidden: bool,
    default: Option<Block>,
}

#[derive(Debug)]
struct Method {
    name: String,
    returns: Option<String>,
    fixed: bool,
    base: Option<Block>,
    code: Block,
}

fn flag(parts: &Hash, name: &str) -> bool {
    matches!(parts.text(name), Some(V::Bool(true)))
}

fn text(parts: &Hash, name: &str) -> Option<String> {
    parts.text(name).map(|value| to_string(&value))
}

fn block(parts: &Hash, name: &str) -> Option<Block> {
    match parts.text(name) {
        Some(V::Block(block)) => Some(block),
        _ => None,
    }
}

fn tables(parts: &Hash, name: &str) -> Vec<Hash> {
    let list = parts.text(name).map(V::unrolled).unwrap_or_default();
    list.into_iter().filter_map(|value| if let V::Hash(hash) = value { Some(hash) } else { None }).collect()
}

/// Makes a class known from what the lowered text says of it.
pub(super) fn define(parts: &V) -> V {
    let V::Hash(parts) = parts else { return V::Null };
    let properties = tables(parts, "properties").into_iter().map(|parts| Property {
        name: text(&parts, "name").unwrap_or_default(),
        type_name: text(&parts, "type"),
        checks: super::functions::validations(&parts.text("checks").unwrap_or_default()),
        fixed: flag(&parts, "fixed"),
        hidden: flag(&parts, "hidden"),
        default: block(&parts, "default"),
    });
    let methods = tables(parts, "methods").into_iter().filter_map(|parts| {
        Some(Method {
            name: text(&parts, "name")?,
            returns: text(&parts, "returns"),
            fixed: flag(&parts, "fixed"),
            base: block(&parts, "base"),
            code: block(&parts, "code")?,
        })
    });
    declared::add_class(Class {
        name: text(parts, "name").unwrap_or_default().into(),
        bases: parts.text("bases").map(V::unrolled).unwrap_or_default().iter().map(to_string).collect(),
        properties: properties.collect(),
        methods: methods.collect(),
        statics: Mutex::new(None),
    });
    V::Null
}

/// Makes an enumeration known: its name, whether values combine, names and numbers.
///
/// # Errors
/// When a number is none.
pub(super) fn define_enum(name: &V, flags: &V, values: &V) -> Res<V> {
    let mut next = 0;
    let mut all = Vec::new();
    for pair in values.clone().unrolled() {
        let mut pair = pair.unrolled().into_iter();
        let name = to_string(&pair.next().unwrap_or_default());
        if let Some(number) = pair.next().filter(|number| !number.is_null()) {
            let number = super::number::of(&number, "System.Int32")?.long().unwrap_or_default();
            next = i32::try_from(number).unwrap_or_default();
        }
        all.push((name.into(), next));
        next = next.saturating_add(1);
    }
    let shape = Shape { name: to_string(name).into(), flags: super::compare::truthy(flags), values: all };
    declared::add_enumeration(shape);
    Ok(V::Null)
}

impl Class {
    /// The class it derives from, if that is the script's too.
    pub(super) fn base(&self) -> Option<Arc<Self>> {
        self.bases.first().and_then(|name| declared::class(name))
    }

    /// The full name of the type it derives from.
    #[must_use]
    pub(super) fn base_name(&self) -> Arc<str> {
        self.bases.first().and_then(|name| super::types::resolve(name)).unwrap_or_else(|| "System.Object".into())
    }

    fn chain(self: &Arc<Self>) -> Vec<Arc<Self>> {
        const DEPTH_MAX: usize = 32;
        let mut chain = vec![self.clone()];
        while let Some(base) = chain.last().and_then(|class| class.base()) {
            if chain.len() >= DEPTH_MAX {
                break;
            }
            chain.push(base);
        }
        chain
    }

    fn property(self: &Arc<Self>, name: &str, fixed: bool) -> Option<(Arc<Self>, usize)> {
        self.chain().into_iter().find_map(|class| {
            let at = class.properties.iter().position(|p| p.fixed == fixed && same_name(&p.name, name))?;
            Some((class, at))
        })
    }

    /// The method that a call means: by its name and the number and kinds of its arguments.
    fn method(self: &Arc<Self>, name: &str, args: &[V], fixed: bool) -> Option<(Arc<Self>, usize)> {
        self.chain().into_iter().find_map(|class| {
            let at = class.overload(name, args, fixed)?;
            Some((class, at))
        })
    }

    fn overload(&self, name: &str, args: &[V], fixed: bool) -> Option<usize> {
        let fitting = |score: fn(&ParamSpec, &V) -> bool| {
            self.methods.iter().position(|method| {
                let params = method.code.params();
                method.fixed == fixed
                    && same_name(&method.name, name)
                    && params.len() == args.len()
                    && params.iter().zip(args).all(|(param, arg)| score(param, arg))
            })
        };
        let exact = |param: &ParamSpec, arg: &V| {
            param.type_name.as_deref().is_none_or(|name| super::cast::is(arg, name) || arg.is_null())
        };
        let converts = |param: &ParamSpec, arg: &V| {
            param.type_name.as_deref().is_none_or(|name| super::cast::cast(name, arg).is_ok())
        };
        fitting(exact).or_else(|| fitting(converts)).or_else(|| fitting(|_, _| true))
    }

    /// The names of its methods, those of its bases too.
    #[must_use]
    pub(super) fn method_names(self: &Arc<Self>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for class in self.chain() {
            for method in class.methods.iter().filter(|method| !method.fixed && !same_name(&method.name, &class.name)) {
                if !names.iter().any(|known| same_name(known, &method.name)) {
                    names.push(method.name.clone());
                }
            }
        }
        names
    }

    fn statics(self: &Arc<Self>, cx: Cx<'_>) -> Res<Obj> {
        if let Some(found) = lock(&self.statics).clone() {
            return Ok(found);
        }
        let own = Obj::new(&self.name, Vec::<(&str, V)>::new());
        *lock(&self.statics) = Some(own.clone());
        for property in self.properties.iter().filter(|property| property.fixed) {
            own.set(&property.name, property.first_value(cx)?);
        }
        Ok(own)
    }
}

impl Property {
    /// What it has before anything is assigned.
    fn first_value(&self, cx: Cx<'_>) -> Res<V> {
        let value = match self.default.as_ref().and_then(|block| Some((block, block.body()?))) {
            Some((block, code)) => super::invoke::run_code(cx, block, code)?,
            None => return Ok(self.type_name.as_deref().map(empty_of).unwrap_or_default()),
        };
        self.converted(cx, value)
    }

    fn converted(&self, cx: Cx<'_>, value: V) -> Res<V> {
        let value = if matches!(value, V::Nothing) { V::Null } else { value };
        match &self.type_name {
            Some(name) => convert(cx, name, &value),
            None => Ok(value),
        }
    }

    /// The name that objects keep it under: what is hidden is not shown.
    fn kept(&self) -> String {
        if self.hidden { format!("__{}", self.name) } else { self.name.clone() }
    }
}

/// What a property of a type begins with.
fn empty_of(name: &str) -> V {
    if name.eq_ignore_ascii_case("string") || name.eq_ignore_ascii_case("system.string") {
        return V::Null;
    }
    if let Some(full) = super::enums::find(name) {
        return super::enums::by_number(&full, 0).unwrap_or_default();
    }
    match super::types::resolve(name).as_deref() {
        Some("System.DateTime") => {
            V::Date(crate::clixml::PsDateTime { ticks: 0, kind: crate::clixml::DateTimeKind::Unspecified })
        }
        Some("System.TimeSpan") => V::Span(crate::clixml::PsTimeSpan { ticks: 0 }),
        Some("System.Guid") => V::Guid(uuid::Uuid::nil()),
        _ => super::cast::default_of(name),
    }
}

/// A value as a type that may be a class of the script.
///
/// # Errors
/// When it cannot become one.
pub(super) fn convert(cx: Cx<'_>, name: &str, value: &V) -> Res<V> {
    match declared::class(name) {
        Some(class) => cast(cx, &class, value),
        None => super::cast::cast(name, value),
    }
}

/// `[Class]value`.
///
/// # Errors
/// When the value is no such object and none can be made of it.
pub(super) fn cast(cx: Cx<'_>, class: &Arc<Class>, value: &V) -> Res<V> {
    match value {
        V::Null | V::Nothing => Ok(V::Null),
        V::Obj(object) if object.is(&class.name) => Ok(value.clone()),
        V::Hash(entries) => {
            let made = construct(cx, class, Vec::new())?;
            for (name, value) in entries.entries() {
                super::member::set(cx, &made, &interpolated(&name), value)?;
            }
            Ok(made)
        }
        other if class.overload(&class.name, std::slice::from_ref(other), false).is_some() => {
            construct(cx, class, vec![other.clone()])
        }
        other => super::number::cannot_convert(other, &class.name).err(),
    }
}

/// Whether a class derives from the type.
#[must_use]
pub(super) fn derives(class: &Arc<Class>, full: &str) -> bool {
    let chain = class.chain();
    chain.iter().skip(1).any(|base| same_name(&base.name, full))
        || chain.last().is_some_and(|class| same_name(&class.base_name(), full))
        || same_name(full, "System.Object")
}

fn no_overload(name: &str, count: usize) -> Problem {
    Problem::new(
        "MethodCountCouldNotFindBest",
        "NotSpecified",
        format!("Cannot find an overload for \"{name}\" and the argument count: \"{count}\"."),
    )
    .exception("System.Management.Automation.MethodException")
}

/// `[Class]::new(args)`.
///
/// # Errors
/// When no constructor fits, or what it throws.
pub(super) fn construct(cx: Cx<'_>, class: &Arc<Class>, args: Vec<V>) -> Res<V> {
    let chain = class.chain();
    let object = Obj::with_types(chain.iter().map(|class| &*class.name), Vec::new());
    let root = chain.last().map(|class| class.base_name()).unwrap_or_else(|| "System.Object".into());
    let mut types = object.types();
    if root.to_lowercase().ends_with("exception") {
        let made = super::fault::exception(&root, &format!("Exception of type '{}' was thrown.", class.name));
        types.extend(made.types());
        for prop in made.props() {
            object.set_prop(&prop.name, prop.value);
        }
    } else {
        types.push("System.Object".into());
    }
    object.set_types(types);
    for owner in &chain {
        for property in owner.properties.iter().filter(|property| !property.fixed) {
            object.set(&property.kept(), property.first_value(cx)?);
        }
    }
    initialize(cx, class, &object, args)?;
    refresh(cx, &object);
    Ok(V::Obj(object))
}

fn initialize(cx: Cx<'_>, class: &Arc<Class>, object: &Obj, args: Vec<V>) -> Res<()> {
    let Some(at) = class.overload(&class.name, &args, false) else {
        let has_own = class.methods.iter().any(|method| !method.fixed && same_name(&method.name, &class.name));
        if !args.is_empty() || has_own {
            return no_overload("new", args.len()).err();
        }
        return match class.base() {
            Some(base) => initialize(cx, &base, object, Vec::new()),
            None => Ok(()),
        };
    };
    let method = &class.methods[at];
    let frame = method.frame(cx, Some(object), args)?;
    let work = || -> Res<()> {
        let given = match method.base.as_ref().and_then(|block| Some((block, block.body()?))) {
            Some((block, code)) => super::invoke::run_code(cx, block, code)?.unrolled(),
            None => Vec::new(),
        };
        match class.base() {
            Some(base) => initialize(cx, &base, object, given)?,
            None => {
                if let (Some(message), true) = (given.first(), object.is("System.Exception")) {
                    object.set("Message", V::from(interpolated(message)));
                    object.set_text(&format!("{}: {}", class.name, interpolated(message)));
                    if let Some(inner) = given.get(1) {
                        object.set("InnerException", inner.clone());
                    }
                }
            }
        }
        method.body(cx)
    };
    run(cx, frame, work).map(drop)
}

/// Runs a method's code in a scope of its own: its output is lost, its errors are the caller's.
fn run(cx: Cx<'_>, frame: Frame, work: impl FnOnce() -> Res<()>) -> Res<V> {
    lock(&cx.rt.method_values).push(V::Nothing);
    *lock(&cx.rt.tries) += 1;
    let sink: Arc<dyn super::pipe::Sink> = Arc::new(super::pipe::Nowhere);
    let (result, _) = cx.with_frame(frame, || cx.with_sink(sink, work));
    *lock(&cx.rt.tries) -= 1;
    let value = lock(&cx.rt.method_values).pop().unwrap_or_default();
    match result {
        Err(fault) if !matches!(*fault, Fault::Return) => Err(fault),
        _ => Ok(value),
    }
}

impl Method {
    fn frame(&self, cx: Cx<'_>, this: Option<&Obj>, args: Vec<V>) -> Res<Frame> {
        let mut frame = Frame::default();
        let mut put = |name: &str, value: V, types: Vec<String>| {
            let var = Var { name: name.to_owned(), value, types, ..Var::default() };
            frame.vars.insert(name.to_lowercase(), var);
        };
        for (param, value) in self.code.params().iter().zip(args) {
            let value = match &param.type_name {
                Some(name) => convert(cx, name, &value)?,
                None => value,
            };
            put(&param.name, value, param.type_name.iter().cloned().collect());
        }
        if let Some(this) = this {
            put("this", V::Obj(this.clone()), Vec::new());
        }
        Ok(frame)
    }

    fn body(&self, cx: Cx<'_>) -> Res<()> {
        match self.code.body() {
            Some(code) => super::invoke::run_code(cx, &self.code, code).map(drop),
            None => Ok(()),
        }
    }

    fn call(&self, cx: Cx<'_>, this: Option<&Obj>, args: Vec<V>) -> Res<V> {
        let frame = self.frame(cx, this, args)?;
        let value = run(cx, frame, || self.body(cx))?;
        match self.returns.as_deref().filter(|name| !name.eq_ignore_ascii_case("void")) {
            Some(name) => convert(cx, name, &if matches!(value, V::Nothing) { V::Null } else { value }),
            None => Ok(V::Nothing),
        }
    }
}

/// `object.name(args)` where the object's class has such a method.
///
/// # Errors
/// What the method throws.
pub(super) fn invoke(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    match declared::class_of(object) {
        Some(class) => invoke_as(cx, &class, object, name, args),
        None => Ok(None),
    }
}

/// The method of one class, not of those that derive from it.
///
/// # Errors
/// What the method throws.
pub(super) fn invoke_as(cx: Cx<'_>, class: &Arc<Class>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let Some((owner, at)) = class.method(name, args, false) else {
        let known = class.method_names().iter().any(|known| same_name(known, name));
        return if known { no_overload(name, args.len()).err() } else { Ok(None) };
    };
    let value = owner.methods[at].call(cx, Some(object), args.to_vec())?;
    if !same_name(name, "ToString") {
        refresh(cx, object);
    }
    Ok(Some(value))
}

/// The text of an object whose class says what it is.
fn refresh(cx: Cx<'_>, object: &Obj) {
    let Some((owner, at)) = declared::class_of(object).and_then(|class| class.method("ToString", &[], false)) else {
        return;
    };
    if let Ok(text) = owner.methods[at].call(cx, Some(object), Vec::new()) {
        object.set_text(&to_string(&text));
    }
}

/// The value of a property that is kept under another name.
#[must_use]
pub(super) fn hidden(object: &Obj, name: &str) -> Option<V> {
    let (class, at) = declared::class_of(object)?.property(name, false)?;
    class.properties[at].hidden.then(|| object.note(&class.properties[at].kept())).flatten()
}

/// Sets a property of an object of a class; false when it is none of the class's.
///
/// # Errors
/// When the value does not fit the property.
pub(super) fn set(cx: Cx<'_>, object: &Obj, name: &str, value: &V) -> Res<bool> {
    let Some((class, at)) = declared::class_of(object).and_then(|class| class.property(name, false)) else {
        return Ok(false);
    };
    let property = &class.properties[at];
    object.set(&property.kept(), checked(cx, property, value)?);
    refresh(cx, object);
    Ok(true)
}

fn checked(cx: Cx<'_>, property: &Property, value: &V) -> Res<V> {
    let refused = |reason: &str| {
        Problem::new(
            "ExceptionWhenSetting",
            "NotSpecified",
            format!("Exception setting \"{}\": \"{reason}\"", property.name),
        )
        .exception("System.Management.Automation.SetValueInvocationException")
    };
    let value = property.converted(cx, value.clone()).map_err(|fault| match *fault {
        Fault::Error(record, _) => refused(&super::fault::summary(&record).0).fault(),
        other => Box::new(other),
    })?;
    match super::validate::check(&property.checks, &value) {
        Some(reason) => refused(&reason).err(),
        None => Ok(value),
    }
}

/// `[Class]::name`; `None` when it has no such property.
///
/// # Errors
/// What its first value throws.
pub(super) fn static_property(cx: Cx<'_>, full: &str, name: &str) -> Res<Option<V>> {
    match declared::class(full).and_then(|class| class.property(name, true)) {
        Some((class, _)) => Ok(class.statics(cx)?.note(name)),
        None => Ok(None),
    }
}

/// `[Class]::name = value`; false when it has no such property.
///
/// # Errors
/// When the value does not fit.
pub(super) fn set_static(cx: Cx<'_>, full: &str, name: &str, value: &V) -> Res<bool> {
    let Some((class, at)) = declared::class(full).and_then(|class| class.property(name, true)) else {
        return Ok(false);
    };
    let value = checked(cx, &class.properties[at], value)?;
    class.statics(cx)?.set(name, value);
    Ok(true)
}

/// `[Class]::name(args)`; `None` when it has no such method.
///
/// # Errors
/// What the method throws.
pub(super) fn invoke_static(cx: Cx<'_>, full: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let Some(class) = declared::class(full) else { return Ok(None) };
    if same_name(name, "new") {
        return construct(cx, &class, args.to_vec()).map(Some);
    }
    match class.method(name, args, true) {
        Some((owner, at)) => owner.methods[at].call(cx, None, args.to_vec()).map(Some),
        None => Ok(None),
    }
}

/// The value that `return` in a method gives.
pub(super) fn give(cx: Cx<'_>, value: V) {
    if let Some(last) = lock(&cx.rt.method_values).last_mut() {
        *last = value;
    }
}
