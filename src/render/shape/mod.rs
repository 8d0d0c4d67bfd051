//! Choosing what to show: from objects, views and requests to packets of text.
//!
//! Widths are not known here; laying out is the business of `layout`.

mod browse;
mod custom;
mod error_record;
mod field;
mod list;
mod table;
mod wide;

use std::sync::Arc;

use super::RenderError;
use super::expression::Problems;
use super::packet::{Entry, Look, Packet, Part, Passing};
use super::request::{Expand, Request};
use super::settings::Settings;
use super::subject;
use super::text;
use super::view::{Control, CustomControl, Shape, Source, View, Views};
use crate::clixml::{Base, PsValue};

/// Properties up to which an object without view is a table.
const TABLE_PROPERTIES_MAX: usize = 4;

/// What all parts of choosing need.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) views: Views,
    pub(super) settings: Settings,
    pub(super) request: Request,
    pub(super) problems: Problems,
}

/// Takes objects, gives packets; knows the document and the group it is in.
#[derive(Debug)]
pub(super) struct Shaper {
    context: Context,
    document: Option<Document>,
    grouped_by: Option<GroupKey>,
    in_group: bool,
    packets: Vec<Packet>,
}

/// The document that the first object began.
#[derive(Debug)]
struct Document {
    shape: Shape,
    view: Option<Arc<View>>,
    /// Columns of a table without view, or the value of a wide one.
    columns: Vec<super::request::Column>,
    /// The view's table with the computer's name as a last column.
    with_computer: bool,
    /// Rows of a report: a table that is made to fit, turned where it cannot be.
    readable: bool,
}

/// What objects are grouped by, and the value of the current group.
#[derive(Debug)]
struct GroupKey {
    source: Source,
    label: Option<Arc<str>>,
    control: Option<Arc<CustomControl>>,
    /// The name to show when there is no label.
    name: String,
    current: Option<PsValue>,
}

impl Shaper {
    pub(super) const fn new(context: Context) -> Self {
        Self { context, document: None, grouped_by: None, in_group: false, packets: Vec::new() }
    }

    /// What is ready to be laid out.
    pub(super) fn take(&mut self) -> Vec<Packet> {
        std::mem::take(&mut self.packets)
    }

    /// Takes an object of the pipeline; collections are expanded as asked.
    pub(super) fn push(&mut self, value: &PsValue) -> Result<(), RenderError> {
        if value.is_null() {
            return Ok(());
        }
        let Some(items) = subject::items(value) else { return self.object(value) };
        match self.context.request.expand {
            Expand::Items => items.iter().try_for_each(|item| self.object(item)),
            Expand::Collection => self.object(value),
            Expand::Both => {
                self.text("The following object supports IEnumerable:".to_owned());
                self.packets.push(Packet::InPassing(Passing::List(list::of_properties(&self.context, value))));
                let count = items.len();
                let noun = if count == 1 { "object" } else { "objects" };
                self.text(format!("The IEnumerable contains the following {count} {noun}:"));
                items.iter().try_for_each(|item| self.object(item))
            }
        }
    }

    /// The pipeline has ended.
    pub(super) fn end(&mut self) {
        if self.in_group {
            self.packets.push(Packet::GroupEnd);
            self.in_group = false;
        }
        if self.document.take().is_some() {
            self.packets.push(Packet::End);
        }
    }

    fn text(&mut self, text: String) {
        self.packets.push(Packet::InPassing(Passing::Text(text)));
    }

    fn object(&mut self, value: &PsValue) -> Result<(), RenderError> {
        if value.is_null() {
            return Ok(());
        }
        let in_passing_first = !(self.context.request.force && self.context.request.shape.is_some());
        if self.document.is_none() {
            if in_passing_first && let Some(passing) = self.in_passing(value, false) {
                self.packets.push(Packet::InPassing(passing));
                return Ok(());
            }
            self.begin(value)?;
        } else if in_passing_first
            && !self.covers(value)
            && let Some(passing) = self.in_passing(value, true)
        {
            self.packets.push(Packet::InPassing(passing));
            return Ok(());
        }
        let new_group = self.next_group(value);
        if new_group && self.in_group {
            self.packets.push(Packet::GroupEnd);
            self.in_group = false;
        }
        if !self.in_group {
            let title = self.group_title(value);
            self.packets.push(Packet::GroupStart(title));
            self.in_group = true;
        }
        if let Some(entry) = self.entry(value) {
            self.packets.push(Packet::Entry(entry));
        }
        Ok(())
    }

    /// Whether the document's view is for this object; without a view every object that is no text belongs to it.
    fn covers(&self, value: &PsValue) -> bool {
        match self.document.as_ref().and_then(|document| document.view.as_ref()) {
            Some(view) => Views::covers(view, &subject::type_names(value)),
            None => !is_text(value),
        }
    }

    /// An object shown outside any document: records, strings, numbers, and with `fallback` anything.
    fn in_passing(&self, value: &PsValue, fallback: bool) -> Option<Passing> {
        let names = subject::type_names(value);
        if let Some(text) = error_record::text(value, &names, &self.context.settings) {
            return Some(Passing::Text(text));
        }
        if let Some(view) = self.context.views.find_out_of_band(&names) {
            return match &view.control {
                Control::Custom(control) => Some(Passing::Custom(custom::of_control(&self.context, control, value))),
                Control::List(entries) => Some(Passing::List(list::of_view(&self.context, entries, value, false))),
                _ => None,
            };
        }
        if is_text(value) {
            let limit = self.context.settings.enumeration_limit;
            return Some(Passing::Text(text::display(value, limit, &self.context.settings.culture)));
        }
        fallback.then(|| Passing::List(list::of_properties_for(&self.context, value, &[])))
    }

    /// Begins a document: the first object decides what it looks like.
    fn begin(&mut self, value: &PsValue) -> Result<(), RenderError> {
        let document = self.choose(value)?;
        let request = &self.context.request;
        let look = match document.shape {
            Shape::Table => table::look(&self.context, &document, value),
            Shape::List => Look::List,
            Shape::Wide => wide::look(&self.context, &document),
            Shape::Custom => Look::Custom,
        };
        self.grouped_by = match (&request.group_by, document.view.as_ref().and_then(|view| view.group.as_ref())) {
            (Some(column), _) => Some(GroupKey::new(column.source.clone(), column.label.clone(), None)),
            (None, Some(group)) => Some(GroupKey::new(group.by.clone(), group.label.clone(), group.control.clone())),
            (None, None) => None,
        };
        self.document = Some(document);
        self.packets.push(Packet::Start(look));
        Ok(())
    }

    fn choose(&self, value: &PsValue) -> Result<Document, RenderError> {
        let Context { views, settings, request, .. } = &self.context;
        let names = subject::type_names(value);
        let with_computer = request.properties.is_empty() && subject::shows_computer_name(value);
        let view = match (request.shape, &request.view) {
            _ if !request.properties.is_empty() => None,
            (Some(shape), Some(name)) => match views.find(&names, Some(shape), Some(name)) {
                Some(view) => Some(view),
                None => {
                    return Err(RenderError::NoSuchView {
                        name: name.to_string(),
                        shape: shape.name(),
                        type_name: names.first().map_or_else(String::new, Clone::clone),
                    });
                }
            },
            (shape, _) => views.find(&names, shape, None),
        };
        let readable = request.shape.is_none() && view.is_none() && subject::is_own_record(value);
        let shape = match (request.shape, &view) {
            (Some(shape), _) => shape,
            (None, Some(view)) => view.shape(),
            (None, None) if readable => Shape::Table,
            (None, None) => {
                let count = match super::names::default_set(value, settings).len() {
                    0 => subject::properties(value).len(),
                    count => count,
                };
                if count > TABLE_PROPERTIES_MAX { Shape::List } else { Shape::Table }
            }
        };
        let columns = match (&view, shape) {
            (Some(_), _) => Vec::new(),
            (None, Shape::Table) => table::columns(&self.context, value, readable),
            (None, Shape::Wide) => wide::column(&self.context, value),
            (None, _) => Vec::new(),
        };
        Ok(Document { shape, view, columns, with_computer, readable })
    }

    fn entry(&self, value: &PsValue) -> Option<Entry> {
        let document = self.document.as_ref()?;
        Some(match (document.shape, document.view.as_deref().map(|view| &view.control)) {
            (_, Some(Control::Table(control))) => table::row_of_view(&self.context, document, control, value),
            (_, Some(Control::List(entries))) => {
                Entry::List(list::of_view(&self.context, entries, value, document.with_computer))
            }
            (_, Some(Control::Wide(control))) => Entry::Wide(wide::of_view(&self.context, control, value)),
            (_, Some(Control::Custom(control))) => Entry::Custom(custom::of_control(&self.context, control, value)),
            (Shape::Table, None) => table::row(&self.context, document, value),
            (Shape::List, None) => Entry::List(list::of_properties(&self.context, value)),
            (Shape::Wide, None) => Entry::Wide(wide::value(&self.context, document, value)),
            (Shape::Custom, None) => Entry::Custom(browse::object(&self.context, value)),
        })
    }

    /// Whether the object begins another group.
    fn next_group(&mut self, value: &PsValue) -> bool {
        let Some(key) = &mut self.grouped_by else { return false };
        let Some(found) = field::raw(&self.context, &key.source, value) else { return false };
        let same = match &key.current {
            None => found.is_null(),
            Some(current) => super::order::equal(current, &found),
        };
        key.current = Some(found);
        if !same {
            key.name = match &key.source {
                Source::Property(name) => own_spelling(value, name),
                Source::Script(script) => script.text().to_owned(),
            };
        }
        !same
    }

    fn group_title(&self, value: &PsValue) -> Option<Vec<Part>> {
        let key = self.grouped_by.as_ref()?;
        let current = key.current.as_ref()?;
        if let Some(control) = &key.control {
            return Some(custom::of_control(&self.context, control, value));
        }
        let Settings { enumeration_limit, culture, .. } = &self.context.settings;
        let label = key.label.as_deref().unwrap_or(&key.name);
        let shown = text::display(current, *enumeration_limit, culture);
        Some(vec![Part::Text(format!("   {label}: ")), Part::Text(shown)])
    }
}

impl GroupKey {
    const fn new(source: Source, label: Option<Arc<str>>, control: Option<Arc<CustomControl>>) -> Self {
        Self { source, label, control, name: String::new(), current: None }
    }
}

/// A property's name as the object spells it.
fn own_spelling(value: &PsValue, name: &str) -> String {
    let own = subject::properties(value).into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    own.map_or_else(|| name.to_owned(), |(own, _)| own.to_string())
}

/// Whether a value is shown as its text: strings, numbers, what has no properties.
fn is_text(value: &PsValue) -> bool {
    subject::is_scalar(value) || is_string(value) || subject::properties(value).is_empty()
}

/// A string stays one whatever type names it was given.
fn is_string(value: &PsValue) -> bool {
    matches!(value, PsValue::Object(object) if matches!(object.base(), Base::Value(PsValue::String(_))))
}
