//! XML documents as scripts use them: elements and attributes as properties, and the methods of the DOM.
//!
//! Paths are in `xpath`; namespaces are kept as written and never resolved.

mod read;

use read::load;

use super::fault::{Problem, Res, method_threw};
use super::state::Cx;
use super::text::interpolated;
use super::value::{Hash, HashKind, List, ListKind, Obj, V, same_name};

const DOCUMENT: &str = "System.Xml.XmlDocument";
const ELEMENT: &str = "System.Xml.XmlElement";
const TEXT: &str = "System.Xml.XmlText";
const CDATA: &str = "System.Xml.XmlCDataSection";
const COMMENT: &str = "System.Xml.XmlComment";
const DECLARATION: &str = "System.Xml.XmlDeclaration";
const ATTRIBUTE: &str = "System.Xml.XmlAttribute";

fn node(kind: &str, name: &str) -> Obj {
    let object = Obj::with_types([kind, "System.Xml.XmlNode"], Vec::new()).with_text(name);
    object.set("__name", V::from(name));
    object.set("__children", V::List(List::of(ListKind::ArrayList, Vec::new())));
    object.set(
        "__attributes",
        V::Hash(Hash::new(HashKind::Dictionary("System.String".into(), "System.String".into(), false))),
    );
    object
}

fn text_node(kind: &str, text: &str) -> Obj {
    let name = match kind {
        TEXT => "#text",
        CDATA => "#cdata-section",
        _ => "#comment",
    };
    let made = node(kind, name);
    made.set("__value", V::from(text));
    made
}

/// Whether an object is part of a document.
#[must_use]
pub(super) fn is_node(object: &Obj) -> bool {
    object.type_name().starts_with("System.Xml.Xml") && object.note("__name").is_some()
}

fn hidden(object: &Obj, name: &str) -> String {
    object.note(name).map(|value| super::text::to_string(&value)).unwrap_or_default()
}

pub(super) fn name_of(object: &Obj) -> String {
    hidden(object, "__name")
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn child_list(object: &Obj) -> List {
    match object.note("__children") {
        Some(V::List(list)) => list,
        _ => List::of(ListKind::ArrayList, Vec::new()),
    }
}

pub(super) fn children(object: &Obj) -> Vec<Obj> {
    child_list(object)
        .items()
        .into_iter()
        .filter_map(|item| if let V::Obj(node) = item { Some(node) } else { None })
        .collect()
}

pub(super) fn is_element(object: &Obj) -> bool {
    object.is(ELEMENT)
}

fn attribute_table(object: &Obj) -> Hash {
    match object.note("__attributes") {
        Some(V::Hash(hash)) => hash,
        _ => Hash::new(HashKind::Table),
    }
}

/// Names and values of the attributes.
pub(super) fn attributes(object: &Obj) -> Vec<(String, String)> {
    attribute_table(object).entries().iter().map(|(key, value)| (interpolated(key), interpolated(value))).collect()
}

fn adopt(parent: &Obj, child: &Obj) {
    detach(child);
    child.set("__parent", V::Obj(parent.clone()));
    child_list(parent).lock().push(V::Obj(child.clone()));
}

fn detach(child: &Obj) {
    if let Some(V::Obj(parent)) = child.note("__parent") {
        child_list(&parent).lock().retain(|item| !matches!(item, V::Obj(node) if node.same(child)));
    }
    child.remove("__parent");
}

pub(super) fn parent(object: &Obj) -> Option<Obj> {
    match object.note("__parent") {
        Some(V::Obj(parent)) => Some(parent),
        _ => None,
    }
}

/// A document from its text; empty text gives an empty document.
///
/// # Errors
/// When the text is not well-formed.
pub(super) fn document(text: &str) -> Res<V> {
    let made = node(DOCUMENT, "#document");
    load(&made, text)?;
    Ok(V::Obj(made))
}

fn escaped(text: &str, quotes: bool) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if quotes { text.replace('"', "&quot;") } else { text }
}

/// All elements and texts below a node, itself first.
pub(super) fn descendants(object: &Obj) -> Vec<Obj> {
    let mut found = vec![object.clone()];
    for child in children(object) {
        found.extend(descendants(&child));
    }
    found
}

/// All text within.
#[must_use]
pub(super) fn inner_text(object: &Obj) -> String {
    if [ATTRIBUTE, TEXT, CDATA, COMMENT].iter().any(|kind| object.is(kind)) {
        return hidden(object, "__value");
    }
    children(object).iter().filter(|child| !child.is(COMMENT)).map(inner_text).collect()
}

/// The node as text; indented by two blanks a level when `level` is given.
fn outer(object: &Obj, level: Option<usize>, out: &mut String) {
    let indent = |out: &mut String, level: Option<usize>| {
        if let Some(level) = level {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&"  ".repeat(level));
        }
    };
    if object.is(TEXT) {
        out.push_str(&escaped(&hidden(object, "__value"), false));
    } else if object.is(CDATA) {
        out.push_str(&format!("<![CDATA[{}]]>", hidden(object, "__value")));
    } else if object.is(COMMENT) {
        indent(out, level);
        out.push_str(&format!("<!--{}-->", hidden(object, "__value")));
    } else if object.is(DECLARATION) {
        indent(out, level);
        out.push_str(&format!("<?xml {}?>", hidden(object, "__value")));
    } else if object.is(DOCUMENT) {
        children(object).iter().for_each(|child| outer(child, level, out));
    } else {
        indent(out, level);
        out.push_str(&format!("<{}", name_of(object)));
        for (name, value) in attributes(object) {
            out.push_str(&format!(" {name}=\"{}\"", escaped(&value, true)));
        }
        let inner = children(object);
        if inner.is_empty() {
            out.push_str(" />");
            return;
        }
        out.push('>');
        let has_text = inner.iter().any(|child| child.is(TEXT) || child.is(CDATA));
        let below = level.filter(|_| !has_text).map(|level| level + 1);
        inner.iter().for_each(|child| outer(child, below, out));
        if !has_text {
            indent(out, level);
        }
        out.push_str(&format!("</{}>", name_of(object)));
    }
}

fn text_of(object: &Obj, level: Option<usize>) -> String {
    let mut out = String::new();
    outer(object, level, &mut out);
    out
}

/// An attribute as a node of its own.
pub(super) fn attribute_node(name: &str, value: &str) -> Obj {
    let made = node(ATTRIBUTE, name);
    made.set("__value", V::from(value));
    made
}

/// An element as the value of a property: its text when there is nothing else to it.
fn as_value(element: &Obj) -> V {
    let inner = children(element);
    if attributes(element).is_empty() && inner.iter().all(|child| child.is(TEXT)) {
        return V::from(inner_text(element));
    }
    V::Obj(element.clone())
}

/// Attributes and child elements as properties, in order.
#[must_use]
pub(super) fn properties(object: &Obj) -> Vec<(String, V)> {
    let mut found: Vec<(String, V)> =
        attributes(object).into_iter().map(|(name, value)| (local(&name).to_owned(), V::from(value))).collect();
    for child in children(object) {
        let (name, value) = match () {
            () if child.is(TEXT) => ("#text".to_owned(), V::from(hidden(&child, "__value"))),
            () if child.is(CDATA) => ("#cdata-section".to_owned(), V::from(hidden(&child, "__value"))),
            () if child.is(COMMENT) => ("#comment".to_owned(), V::from(hidden(&child, "__value"))),
            () if child.is(DECLARATION) => ("xml".to_owned(), V::from(hidden(&child, "__value"))),
            () => (local(&name_of(&child)).to_owned(), as_value(&child)),
        };
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, V::List(list))) => list.lock().push(value),
            Some((_, known)) => *known = V::array(vec![std::mem::take(known), value]),
            None => found.push((name, value)),
        }
    }
    found
}

/// A property of a node: what is in it first, then what every node has.
#[must_use]
pub(super) fn property(object: &Obj, name: &str) -> Option<V> {
    let own = properties(object);
    if let Some((_, value)) = own.iter().find(|(own, _)| same_name(own, name)) {
        return Some(value.clone());
    }
    let list = |items: Vec<Obj>| {
        V::List(List::of(ListKind::Other("System.Xml.XmlNodeList".into()), items.into_iter().map(V::Obj).collect()))
    };
    let sibling = |step: isize| {
        let siblings = children(&parent(object)?);
        let at = siblings.iter().position(|node| node.same(object))?.checked_add_signed(step)?;
        siblings.get(at).cloned().map(V::Obj)
    };
    Some(match name.to_lowercase().as_str() {
        "name" => V::from(name_of(object)),
        "namespaceuri" if !object.is(DOCUMENT) => V::from(""),
        "prefix" if !object.is(DOCUMENT) => V::from(name_of(object).split_once(':').map_or("", |(prefix, _)| prefix)),
        "ownerdocument" => {
            let mut top = parent(object);
            while let Some(above) = top.as_ref().and_then(parent) {
                top = Some(above);
            }
            top.map_or(V::Null, V::Obj)
        }
        "localname" => V::from(local(&name_of(object))),
        "value" if is_element(object) => V::Null,
        "value" | "data" => V::from(hidden(object, "__value")),
        "#text" if object.is(ATTRIBUTE) => V::from(hidden(object, "__value")),
        "innertext" => V::from(inner_text(object)),
        "innerxml" => V::from(children(object).iter().map(|child| text_of(child, None)).collect::<String>()),
        "outerxml" => V::from(text_of(object, None)),
        "childnodes" => list(children(object)),
        "firstchild" => children(object).first().cloned().map_or(V::Null, V::Obj),
        "lastchild" => children(object).last().cloned().map_or(V::Null, V::Obj),
        "documentelement" => children(object).into_iter().find(is_element).map_or(V::Null, V::Obj),
        "parentnode" => parent(object).map_or(V::Null, V::Obj),
        "nextsibling" => sibling(1).unwrap_or_default(),
        "previoussibling" => sibling(-1).unwrap_or_default(),
        "hasattributes" => V::Bool(!attributes(object).is_empty()),
        "haschildnodes" => V::Bool(!children(object).is_empty()),
        "isempty" => V::Bool(children(object).is_empty()),
        "attributes" => list(attributes(object).iter().map(|(name, value)| attribute_node(name, value)).collect()),
        "nodetype" => V::from(object.type_name().trim_start_matches("System.Xml.Xml").to_owned()),
        _ => return None,
    })
}

fn set_text(element: &Obj, text: &str) {
    child_list(element).lock().clear();
    if !text.is_empty() {
        adopt(element, &text_node(TEXT, text));
    }
}

/// Sets an attribute, the text of a child element, or what every node has.
///
/// # Errors
/// When there is no such property.
pub(super) fn set(object: &Obj, name: &str, to: &V) -> Res<()> {
    let text = interpolated(to);
    let table = attribute_table(object);
    let known = attributes(object).into_iter().find(|(own, _)| same_name(local(own), name));
    if let Some((own, _)) = known {
        table.set(V::from(own), V::from(text));
        return Ok(());
    }
    let child = children(object).into_iter().find(|child| is_element(child) && same_name(local(&name_of(child)), name));
    if let Some(child) = child {
        set_text(&child, &text);
        return Ok(());
    }
    match name.to_lowercase().as_str() {
        "innertext" | "#text" => set_text(object, &text),
        "value" | "data" => object.set("__value", V::from(text)),
        "innerxml" => {
            let made = node(DOCUMENT, "#document");
            load(&made, &format!("<_>{text}</_>"))?;
            child_list(object).lock().clear();
            for child in children(&made).first().map(children).unwrap_or_default() {
                adopt(object, &child);
            }
        }
        _ => {
            return Problem::new(
                "PropertyNotFound",
                "InvalidOperation",
                format!("The property '{name}' cannot be found on this object. Verify that the property exists and can be set."),
            )
            .err();
        }
    }
    Ok(())
}

fn argument(args: &[V], at: usize) -> String {
    args.get(at).map(interpolated).unwrap_or_default()
}

fn node_argument(args: &[V], at: usize) -> Option<Obj> {
    match args.get(at) {
        Some(V::Obj(object)) if is_node(object) => Some(object.clone()),
        _ => None,
    }
}

fn copy(object: &Obj, deep: bool) -> Obj {
    let made = node(&object.type_name(), &name_of(object));
    made.set("__value", V::from(hidden(object, "__value")));
    for (name, value) in attributes(object) {
        attribute_table(&made).set(V::from(name), V::from(value));
    }
    if deep {
        children(object).iter().for_each(|child| adopt(&made, &copy(child, true)));
    }
    made
}

fn insert(parent: &Obj, child: &Obj, beside: Option<&Obj>, after: bool) {
    detach(child);
    child.set("__parent", V::Obj(parent.clone()));
    let list = child_list(parent);
    let mut items = list.lock();
    let at = beside.and_then(|beside| items.iter().position(|item| matches!(item, V::Obj(node) if node.same(beside))));
    let at = match (at, after) {
        (Some(at), true) => at + 1,
        (Some(at), false) => at,
        (None, true) => 0,
        (None, false) => items.len(),
    };
    items.insert(at, V::Obj(child.clone()));
}

/// Methods of nodes.
///
/// # Errors
/// What the method throws.
pub(super) fn method(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = argument(args, 0);
    let list = |items: Vec<Obj>| {
        V::List(List::of(ListKind::Other("System.Xml.XPathNodeList".into()), items.into_iter().map(V::Obj).collect()))
    };
    Ok(Some(match name {
        "selectnodes" => list(super::xpath::select(object, &first)),
        "selectsinglenode" => super::xpath::select(object, &first).into_iter().next().map_or(V::Null, V::Obj),
        "getelementsbytagname" => list(
            descendants(object)
                .into_iter()
                .skip(1)
                .filter(|node| is_element(node) && (first == "*" || name_of(node) == first))
                .collect(),
        ),
        "getattribute" => V::from(
            attributes(object).into_iter().find(|(own, _)| *own == first).map(|(_, value)| value).unwrap_or_default(),
        ),
        "hasattribute" => V::Bool(attributes(object).iter().any(|(own, _)| *own == first)),
        "setattribute" => {
            attribute_table(object).set(V::from(first), V::from(argument(args, 1)));
            V::Nothing
        }
        "removeattribute" => {
            attribute_table(object).remove(&V::from(first));
            V::Nothing
        }
        "removeall" | "removeallattributes" => {
            attribute_table(object).clear();
            if name == "removeall" {
                child_list(object).lock().clear();
            }
            V::Nothing
        }
        "createelement" => V::Obj(node(ELEMENT, &first)),
        "createattribute" => V::Obj(attribute_node(&first, "")),
        "createtextnode" => V::Obj(text_node(TEXT, &first)),
        "createcdatasection" => V::Obj(text_node(CDATA, &first)),
        "createcomment" => V::Obj(text_node(COMMENT, &first)),
        "createxmldeclaration" => {
            let made = text_node(DECLARATION, &format!("version=\"{first}\" encoding=\"{}\"", argument(args, 1)));
            made.set("__name", V::from("xml"));
            V::Obj(made)
        }
        "importnode" | "clonenode" | "clone" => {
            let (from, deep) = if name == "importnode" {
                (node_argument(args, 0), args.get(1))
            } else {
                (Some(object.clone()), args.first())
            };
            from.map_or(V::Null, |from| {
                V::Obj(copy(&from, name == "clone" || deep.is_some_and(super::compare::truthy)))
            })
        }
        "append" | "setattributenode" if node_argument(args, 0).is_some_and(|node| node.is(ATTRIBUTE)) => {
            let Some(given) = node_argument(args, 0) else { return Ok(None) };
            attribute_table(object).set(V::from(name_of(&given)), V::from(hidden(&given, "__value")));
            V::Obj(given)
        }
        "appendchild" | "prependchild" | "insertbefore" | "insertafter" | "removechild" | "replacechild" => {
            let Some(child) = node_argument(args, 0) else { return null_node(name, args.len()).err() };
            let beside = node_argument(args, 1);
            match name {
                "appendchild" => adopt(object, &child),
                "prependchild" => insert(object, &child, None, true),
                "insertbefore" => insert(object, &child, beside.as_ref(), false),
                "insertafter" => insert(object, &child, beside.as_ref(), true),
                "replacechild" => {
                    insert(object, &child, beside.as_ref(), false);
                    beside.iter().for_each(detach);
                }
                _ => detach(&child),
            }
            V::Obj(child)
        }
        "load" => {
            let lines = super::files::lines(cx, &first)?;
            load(object, &lines.iter().map(interpolated).collect::<Vec<_>>().join("\n"))?;
            V::Nothing
        }
        "loadxml" => {
            load(object, &first)?;
            V::Nothing
        }
        "save" => {
            let text = text_of(object, Some(0));
            if super::files::write(cx, &first, text.as_bytes(), false).is_err() {
                let message = format!("Could not find a part of the path '{first}'.");
                return method_threw("Save", args.len(), "System.IO.DirectoryNotFoundException", &message).err();
            }
            V::Nothing
        }
        _ => return Ok(None),
    }))
}

fn null_node(name: &str, count: usize) -> Problem {
    method_threw(name, count, "System.NullReferenceException", "Object reference not set to an instance of an object.")
}
