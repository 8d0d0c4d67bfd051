//! Which properties an object shows in which order, of what kind, with which default: read once from tables of text.
//!
//! One table a noun, in `schema/`. Lines of its head: `noun`, `type` (most derived first), `table Column:Width…` (the
//! default view), `container` (for the configuration), `scope mailbox` (settings of a mailbox), `cmdlets` (those that
//! need no code of their own), `named-by` (what names a new one), `switch Property on off` (what Enable- and Disable-
//! set), `differs` (what is not simulated). Then `columns` with `Name kind [default]` (after `online` where servers do not have
//! it, after `servers` where the cloud does not, after `parameter` where it is set and never shown) and `include TABLE`, and `objects`
//! or `objects WHERE` with `Name; Property=value; …`, what exists from the start; WHERE is server, online, 2016, se
//! or company. A date may be told from now on: `+20d`, `-3h`.

mod tables;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::entry::Class;
use crate::clixml::{PsObject, PsValue, TypeNames};
use tables::{TABLES, included};

/// The kind of a property: how a value is read when set, and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Text; null becomes empty.
    Text,
    /// Text or null.
    TextOrNull,
    /// Truth value.
    Bool,
    /// Truth value or null.
    BoolOrNull,
    /// 32-bit number or null.
    Int,
    /// Unsigned 32-bit number.
    UInt,
    /// 64-bit number.
    Int64,
    /// A size.
    Size,
    /// A size or `Unlimited`.
    Quota,
    /// A number or `Unlimited`.
    Count,
    /// A time span.
    Span,
    /// A date or null.
    Date,
    /// A GUID.
    Guid,
    /// A GUID or null.
    GuidOrNull,
    /// A value of an enumeration.
    Choice,
    /// A value of an enumeration or null.
    ChoiceOrNull,
    /// Several texts.
    Texts,
    /// Several texts or null.
    TextsOrNull,
    /// Another object, or null.
    Reference,
    /// Several other objects.
    References,
    /// E-mail addresses with their scheme.
    Addresses,
    /// Follows from the others.
    Computed,
}

/// Where a property is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Everywhere,
    /// In the cloud; servers do not have it.
    Online,
    /// On servers; the cloud does not have it.
    Servers,
    /// Nowhere: it may be set, under another name than it is shown.
    Parameter,
}

/// One property.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: Arc<str>,
    /// Under which name an object keeps it; settings of a mailbox carry their noun, as several have an `Enabled`.
    pub(crate) key: Arc<str>,
    pub(crate) shape: Shape,
    pub(crate) default: PsValue,
    pub(crate) place: Place,
}

impl Column {
    /// Whether objects of servers, or of the cloud, show it.
    pub(crate) fn is_shown(&self, cloud: bool) -> bool {
        match self.place {
            Place::Everywhere => true,
            Place::Online => cloud,
            Place::Servers => !cloud,
            Place::Parameter => false,
        }
    }
}

/// How objects of a noun look.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) noun: &'static str,
    pub(crate) types: TypeNames,
    pub(crate) columns: Vec<Column>,
    /// Columns of the default table, with widths.
    pub(crate) table: Vec<(&'static str, i32)>,
    /// Where the configuration keeps it; `None` for recipients.
    pub(crate) container: Option<&'static str>,
    /// The cmdlets that verb and noun say all about.
    pub(crate) cmdlets: Vec<&'static str>,
    /// The parameter that names a new object.
    pub(crate) named_by: &'static str,
    /// The property that Enable- and Disable- set, with its two values.
    pub(crate) switch: (&'static str, &'static str, &'static str),
    /// What Exchange does with it that the simulator does not.
    pub(crate) differs: Option<&'static str>,
    /// Whether it is a setting that every mailbox has.
    pub(crate) in_mailbox: bool,
    /// What exists from the start.
    pub(crate) objects: Vec<Beginning>,
    index: HashMap<String, usize>,
}

/// An object that exists from the start.
#[derive(Debug)]
pub(crate) struct Beginning {
    /// In which organizations; empty for all.
    pub(crate) place: &'static str,
    pub(crate) name: &'static str,
    pub(crate) properties: Vec<(&'static str, &'static str)>,
}

impl View {
    /// A record of this noun that is no object of the directory: the given properties, all others at their defaults.
    pub(crate) fn record(&self, given: &[(&str, PsValue)]) -> PsObject {
        let mut builder = PsObject::builder().types(self.types.clone());
        if let Some((_, PsValue::String(text))) = given.iter().find(|(name, _)| *name == "Identity") {
            builder = builder.to_string_text(text.to_text().into_owned());
        } else if let Some(name) = self.types.first() {
            builder = builder.to_string_text(name);
        }
        for column in self.columns.iter().filter(|column| column.is_shown(true)) {
            let value = given.iter().find(|(name, _)| **name == *column.name).map(|(_, value)| value);
            builder = builder.adapted(column.name.clone(), value.unwrap_or(&column.default).clone());
        }
        builder.build()
    }

    /// The property of this name, whatever its case.
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.index.get(&name.to_ascii_lowercase()).map(|index| &self.columns[*index])
    }
}

/// All tables, by noun.
pub(crate) fn views() -> &'static [View] {
    static VIEWS: LazyLock<Vec<View>> = LazyLock::new(|| TABLES.iter().map(|text| parse(text)).collect());
    &VIEWS
}

/// The class of a noun's objects, when they belong to the configuration.
pub(crate) fn config_classes(noun: &str) -> &'static [Class] {
    static CLASSES: LazyLock<Vec<[Class; 1]>> =
        LazyLock::new(|| views().iter().map(|view| [Class::Config(view.noun)]).collect());
    let index = views().iter().position(|view| view.noun == noun);
    index.and_then(|index| CLASSES.get(index)).map_or(&[], |class| class)
}

/// The table of a noun.
pub(crate) fn view(noun: &str) -> Option<&'static View> {
    views().iter().find(|view| view.noun == noun)
}

#[derive(PartialEq)]
enum Part {
    Head,
    Columns,
    Objects,
}

fn parse(text: &'static str) -> View {
    let mut view = View {
        noun: "",
        types: TypeNames::default(),
        columns: Vec::new(),
        table: Vec::new(),
        container: None,
        cmdlets: Vec::new(),
        named_by: "Name",
        switch: ("State", "Enabled", "Disabled"),
        differs: None,
        in_mailbox: false,
        objects: Vec::new(),
        index: HashMap::new(),
    };
    let mut types = Vec::new();
    let mut place = "";
    let mut part = Part::Head;
    for line in lines(text) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (&part, word) {
            (_, "columns") if rest.is_empty() => part = Part::Columns,
            (_, "objects") if !rest.contains([';', '=']) => (part, place) = (Part::Objects, rest),
            (Part::Head, "type") => types.push(rest),
            (Part::Head, _) => head(&mut view, word, rest),
            (Part::Columns, "include") => view.columns.extend(lines(included(rest)).filter_map(column)),
            (Part::Columns, _) => view.columns.extend(column(line)),
            (Part::Objects, _) => {
                let mut fields = line.split(';').map(str::trim);
                let name = fields.next().unwrap_or_default();
                let properties = fields.filter_map(|field| field.split_once('=')).collect();
                view.objects.push(Beginning { place, name, properties });
            }
        }
    }
    let mut known = HashMap::new();
    view.columns.retain(|column| known.insert(column.name.to_ascii_lowercase(), ()).is_none());
    view.index =
        view.columns.iter().enumerate().map(|(index, column)| (column.name.to_ascii_lowercase(), index)).collect();
    view.types = TypeNames::new(types);
    for column in view.columns.iter_mut().filter(|_| view.in_mailbox) {
        column.key = format!("{}/{}", view.noun, column.name).into();
    }
    view
}

fn head(view: &mut View, word: &str, rest: &'static str) {
    match word {
        "noun" => view.noun = rest,
        "container" => view.container = Some(rest),
        "scope" => view.in_mailbox = rest == "mailbox",
        "cmdlets" => view.cmdlets.extend(rest.split(' ')),
        "named-by" => view.named_by = rest,
        "switch" => {
            let mut words = rest.split(' ');
            let mut next = || words.next().unwrap_or_default();
            view.switch = (next(), next(), next());
        }
        "differs" => view.differs = Some(rest),
        "table" => view.table = rest.split(' ').filter_map(sized).collect(),
        _ => {}
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn sized(word: &'static str) -> Option<(&'static str, i32)> {
    let (name, width) = word.split_once(':')?;
    Some((name, width.parse().ok()?))
}

fn column(line: &'static str) -> Option<Column> {
    let (place, line) = match line.split_once(' ') {
        Some(("online", rest)) => (Place::Online, rest),
        Some(("servers", rest)) => (Place::Servers, rest),
        Some(("parameter", rest)) => (Place::Parameter, rest),
        _ => (Place::Everywhere, line),
    };
    let mut words = line.splitn(3, ' ');
    let name = words.next()?;
    let shape = shape(words.next()?)?;
    let given = words.next();
    Some(Column { name: name.into(), key: name.into(), shape, default: default(shape, given), place })
}

fn shape(word: &str) -> Option<Shape> {
    Some(match word {
        "text" => Shape::Text,
        "text-or-null" => Shape::TextOrNull,
        "bool" => Shape::Bool,
        "bool-or-null" => Shape::BoolOrNull,
        "int" => Shape::Int,
        "uint" => Shape::UInt,
        "int64" => Shape::Int64,
        "size" => Shape::Size,
        "quota" => Shape::Quota,
        "count" => Shape::Count,
        "span" => Shape::Span,
        "date" => Shape::Date,
        "guid" => Shape::Guid,
        "guid-or-null" => Shape::GuidOrNull,
        "choice" => Shape::Choice,
        "choice-or-null" => Shape::ChoiceOrNull,
        "texts" => Shape::Texts,
        "texts-or-null" => Shape::TextsOrNull,
        "reference" => Shape::Reference,
        "references" => Shape::References,
        "addresses" => Shape::Addresses,
        "computed" => Shape::Computed,
        _ => return None,
    })
}

/// The value of a property that nobody set.
fn default(shape: Shape, given: Option<&str>) -> PsValue {
    match (shape, given) {
        (Shape::Text, None) => PsValue::from(""),
        (Shape::Texts | Shape::References | Shape::Addresses, None) => shape_value(shape, ""),
        (Shape::Guid, None) => PsValue::Guid(uuid::Uuid::nil()),
        (_, None) => PsValue::Null,
        (shape, Some(text)) => shape_value(shape, text),
    }
}

/// A value of `shape` from the text of a table; what does not parse is null.
pub(crate) fn shape_value(shape: Shape, text: &str) -> PsValue {
    let items = || text.split(',').filter(|item| !item.is_empty());
    match shape {
        Shape::Bool | Shape::BoolOrNull => PsValue::Bool(text.eq_ignore_ascii_case("true")),
        Shape::Int => text.parse().map_or(PsValue::Null, PsValue::I32),
        Shape::UInt => text.parse().map_or(PsValue::Null, PsValue::U32),
        Shape::Int64 => text.parse().map_or(PsValue::Null, PsValue::I64),
        Shape::Guid | Shape::GuidOrNull => text.parse().map_or(PsValue::Null, PsValue::Guid),
        Shape::Date => super::value::parse_date(text).map_or(PsValue::Null, super::value::local),
        Shape::Texts | Shape::TextsOrNull => super::value::texts(items()),
        Shape::References => super::value::references(items()),
        Shape::Addresses => super::value::addresses(items()),
        _ => PsValue::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_noun_types_and_columns() {
        for view in views() {
            assert!(!view.noun.is_empty());
            assert!(!view.types.is_empty(), "{}", view.noun);
            assert!(view.columns.len() > 1, "{}", view.noun);
            for (name, _) in &view.table {
                let absent_on_purpose = view.column(name).is_none();
                assert!(!absent_on_purpose, "{}: the table shows {name}, which is no column", view.noun);
            }
        }
    }

    #[test]
    fn every_line_of_a_table_is_understood() {
        for text in TABLES.iter().chain(&[
            included("recipient-common"),
            included("configuration-common"),
            included("object-common"),
        ]) {
            let whole = lines(text).any(|line| line == "columns");
            for line in lines(text).take_while(|line| *line != "columns").filter(|_| whole) {
                let word = line.split(' ').next().unwrap_or_default();
                let heads = ["noun", "type", "table", "container", "scope", "cmdlets", "named-by", "switch", "differs"];
                assert!(heads.contains(&word), "{line}");
            }
            let columns = lines(text).skip_while(|line| *line != "columns").skip(1);
            for line in columns.take_while(|line| !line.starts_with("objects")) {
                let known = line.starts_with("include ") || column(line).is_some();
                assert!(known, "{line}");
            }
        }
    }

    #[test]
    fn a_mailbox_shows_more_than_a_hundred_properties() {
        assert!(view("Mailbox").unwrap().columns.len() > 150);
    }
}
