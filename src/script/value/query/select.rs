//! `select`: objects with some of the properties, or calculated ones; also the first few, or each only once.
//!
//! Which names a pattern means is decided in `render`.

use std::sync::Arc;

use rhai::{Dynamic, FnPtr, Map, Module, NativeCallContext};

use crate::clixml::PsValue;
use crate::render::select::{Projection, places_of_different};

use super::super::super::failure::Failure;
use super::super::super::options::{Known, Options};
use super::super::super::state::RhaiResult;
use super::super::stream::Stage;
use super::super::{Unseen, Warn, described, to_dynamic, values_of};
use super::key::{By, Key};
use super::{Call, Item, Many, Record, RecordStream, amount, call};

const METHOD: &str = "select";

const SELECT: &str = "Objects with these properties only: names, patterns, or `#{ Name:, Expression: |it| … }`.\n\
    Options: First, Last, Skip, Unique, ExcludeProperty, and ExpandProperty for the values of one property.\n\
    # Example\n\
    ```rhai\n\
    get_mailbox().select([\"Alias\", #{ Name: \"Domain\", Expression: |it| it.PrimarySmtpAddress.split(\"@\")[1] }])\n\
    ```";

pub(super) const OPTIONS: [Known; 6] = [
    ("First", &[]),
    ("Last", &[]),
    ("Skip", &[]),
    ("Unique", &[]),
    ("ExcludeProperty", &["Exclude"]),
    ("ExpandProperty", &["Expand"]),
];

/// Which properties new objects have.
pub(in super::super::super) struct Selection {
    columns: Vec<Key>,
    exclude: Vec<Arc<str>>,
    /// Properties that no object had so far, and who is told in the end.
    unseen: Unseen,
    warn: Option<Warn>,
}

impl Selection {
    /// No further value comes: says which columns are empty because nothing has such a property.
    pub(in super::super) fn tell(&self) {
        if let Some(warn) = &self.warn {
            self.unseen.warnings().iter().for_each(|text| warn(text));
        }
    }

    /// The new object for one value.
    pub(in super::super::super) fn object(&self, call: Call<'_>, value: &Dynamic) -> RhaiResult<PsValue> {
        self.of_item(call, &Item::of(value))
    }

    fn of_item(&self, call: Call<'_>, item: &Item) -> RhaiResult<PsValue> {
        if self.columns.is_empty() && self.exclude.is_empty() {
            return Ok(item.seen.clone());
        }
        self.unseen.look(&item.seen);
        let mut projection = Projection::of(&item.seen, &self.exclude);
        if self.columns.is_empty() {
            projection.property("*", None);
        }
        for column in &self.columns {
            match (&column.by, &column.label) {
                (By::Property(name), None) if name.contains(['*', '?', '[']) => projection.property(name, None),
                (By::Property(name), label) => {
                    let own = item.spelling(name);
                    let value = item.property(name).unwrap_or(PsValue::Null);
                    projection.computed(label.clone().unwrap_or(own), value);
                }
                (By::Function(_), label) => {
                    let value = column.value(call, item)?.unwrap_or(PsValue::Null);
                    projection.computed(label.clone().unwrap_or_default(), value);
                }
            }
        }
        Ok(projection.build())
    }
}

/// A whole `select`: the properties, and which of the values.
struct Selecting {
    selection: Selection,
    expand: Option<Key>,
    first: Option<usize>,
    last: Option<usize>,
    skip: usize,
    unique: bool,
}

impl Selecting {
    /// From `select(columns)`, `select(options)` or `select(columns, options)`.
    fn read(columns: Option<&Dynamic>, options: Option<Map>, warn: &Warn) -> RhaiResult<Self> {
        let mut options = Options::read(METHOD, &OPTIONS, options.unwrap_or_default())?;
        let first = number(&mut options, "First")?;
        let last = number(&mut options, "Last")?;
        let skip = number(&mut options, "Skip")?.unwrap_or(0);
        let columns = columns.map(|columns| Key::read_all(METHOD, columns)).transpose()?.unwrap_or_default();
        if columns.iter().any(|key| key.label.is_none() && matches!(key.by, By::Function(_))) {
            return Err(nameless_column().into());
        }
        let expand = options.take("ExpandProperty").map(|given| Key::read_all(METHOD, &given)).transpose()?;
        Ok(Self {
            selection: Selection {
                unseen: Unseen::of(properties_of(&columns)),
                warn: Some(warn.clone()),
                columns,
                exclude: options.texts("ExcludeProperty")?.unwrap_or_default().into_iter().map(Arc::from).collect(),
            },
            expand: expand.and_then(|keys| keys.into_iter().next()),
            first,
            last,
            skip,
            unique: options.truth("Unique")?.unwrap_or(false),
        })
    }

    fn run<T: Many>(&self, call: Call<'_>, items: Vec<Item>) -> RhaiResult<Dynamic> {
        let mut chosen: Vec<Item> = self.places(items.len()).into_iter().map(|place| items[place].clone()).collect();
        let makes_objects = self.makes_objects() || self.expand.is_some();
        if makes_objects {
            let mut objects = Vec::with_capacity(chosen.len());
            for item in &chosen {
                match &self.expand {
                    Some(key) => objects.extend(expanded(key, call, item)?),
                    None => objects.push(self.selection.of_item(call, item)?),
                }
            }
            chosen = objects.into_iter().map(|seen| Item { seen, value: None }).collect();
            self.selection.tell();
        }
        if self.unique {
            let seen: Vec<PsValue> = chosen.iter().map(|item| item.seen.clone()).collect();
            chosen = places_of_different(&seen).into_iter().map(|place| chosen[place].clone()).collect();
        }
        Ok(T::of_items(chosen))
    }

    const fn makes_objects(&self) -> bool {
        !(self.selection.columns.is_empty() && self.selection.exclude.is_empty())
    }

    fn places(&self, count: usize) -> Vec<usize> {
        match self.last {
            // As in PowerShell, what is skipped is skipped at the end then.
            Some(last) => {
                let end = count.saturating_sub(self.skip);
                let start = end.saturating_sub(last);
                (0..self.first.unwrap_or(0).min(start)).chain(start..end).collect()
            }
            None => (0..count).skip(self.skip).take(self.first.unwrap_or(usize::MAX)).collect(),
        }
    }

    /// Whether a stream can do it as its values come.
    const fn is_lazy(&self) -> bool {
        self.last.is_none() && self.expand.is_none() && !self.unique
    }

    /// The stream that does it as its values come.
    fn over(self, context: &NativeCallContext<'_>, stream: &RecordStream) -> RecordStream {
        let mut stream = stream.clone();
        if self.skip > 0 {
            stream = stream.with(context, Stage::Skip(self.skip));
        }
        if let Some(first) = self.first {
            stream = stream.with(context, Stage::Take(first));
        }
        if self.makes_objects() {
            stream = stream.with(context, Stage::Select(Arc::new(self.selection)));
        }
        stream
    }
}

fn number(options: &mut Options, name: &str) -> RhaiResult<Option<usize>> {
    let Some(given) = options.take(name) else { return Ok(None) };
    given.as_int().map(|count| Some(amount(count))).map_err(|kind| options.wrong(name, "a number", kind))
}

fn expanded(key: &Key, call: Call<'_>, item: &Item) -> RhaiResult<Vec<PsValue>> {
    match (key.value(call, item)?, &key.by) {
        (Some(value), _) => values_of(to_dynamic(&value)).collect(),
        (None, By::Property(name)) => Err(item.missing(name).into()),
        (None, By::Function(_)) => Ok(Vec::new()),
    }
}

/// The properties that columns are made of.
fn properties_of(columns: &[Key]) -> Vec<String> {
    let property = |key: &Key| match &key.by {
        By::Property(name) => Some(name.to_string()),
        By::Function(_) => None,
    };
    columns.iter().filter_map(property).collect()
}

/// What a table or a list is to show.
pub(in super::super::super) struct Columns {
    /// What the columns are called.
    pub(in super::super::super) names: Vec<String>,
    /// The properties that they are made of.
    pub(in super::super::super) properties: Vec<String>,
    /// How to make them, where some are calculated.
    pub(in super::super::super) selection: Option<Selection>,
}

/// The columns that `method` was given.
pub(in super::super::super) fn columns_of(
    method: &str,
    given: &Dynamic,
    group_by: Option<&str>,
) -> RhaiResult<Columns> {
    let method = if method == "wide" { "wide" } else { "table" };
    let mut columns = Key::read_all(method, given)?;
    let name = |key: &Key| match (&key.label, &key.by) {
        (Some(label), _) => Ok(label.to_string()),
        (None, By::Property(name)) => Ok(name.to_string()),
        (None, By::Function(_)) => Err(nameless_column()),
    };
    let names = columns.iter().map(name).collect::<Result<Vec<_>, _>>()?;
    let properties = properties_of(&columns);
    if columns.iter().all(|key| key.label.is_none()) {
        return Ok(Columns { names, properties, selection: None });
    }
    columns.extend(group_by.map(Key::of_property));
    let selection = Selection { columns, exclude: Vec::new(), unseen: Unseen::default(), warn: None };
    Ok(Columns { names, properties, selection: Some(selection) })
}

/// Registers the method for values that are here.
pub(super) fn register<T: Many>(module: &mut Module, warn: &Warn) {
    if T::IS_STREAM {
        return;
    }
    let warn = warn.clone();
    let select = move |context: &NativeCallContext<'_>, values: &T, columns: Option<&Dynamic>, options: Option<Map>| {
        let call: Call<'_> = &|function: &FnPtr, value: Dynamic| call(METHOD, context, function, value);
        Selecting::read(columns, options, &warn)?.run::<T>(call, values.items()?)
    };
    let other = select.clone();
    described(METHOD, &[T::RECEIVER, "properties: ?", T::GIVEN], SELECT).set_into_module(
        module,
        move |context: NativeCallContext<'_>, values: &mut T, given: Dynamic| -> RhaiResult<Dynamic> {
            match options_alone(&given) {
                Some(options) => select(&context, values, None, Some(options)),
                None => select(&context, values, Some(&given), None),
            }
        },
    );
    described(METHOD, &[T::RECEIVER, "properties: ?", "options: map", T::GIVEN], SELECT).set_into_module(
        module,
        move |context: NativeCallContext<'_>, values: &mut T, columns: Dynamic, options: Map| -> RhaiResult<Dynamic> {
            other(&context, values, Some(&columns), Some(options))
        },
    );
}

/// Registers the method for streams.
pub(super) fn register_of_streams(module: &mut Module, warn: &Warn) {
    let select = |context: &NativeCallContext<'_>, stream: &RecordStream, selecting: Selecting| {
        if selecting.is_lazy() {
            return Ok(Dynamic::from(selecting.over(context, stream)));
        }
        let call: Call<'_> = &|function: &FnPtr, value: Dynamic| call(METHOD, context, function, value);
        selecting.run::<RecordStream>(call, stream.items()?)
    };
    let shared = warn.clone();
    described(METHOD, &[RecordStream::RECEIVER, "properties: ?", "RecordStream"], SELECT).set_into_module(
        module,
        move |context: NativeCallContext<'_>, stream: &mut RecordStream, given: Dynamic| -> RhaiResult<Dynamic> {
            let selecting = match options_alone(&given) {
                Some(options) => Selecting::read(None, Some(options), &shared)?,
                None => Selecting::read(Some(&given), None, &shared)?,
            };
            select(&context, stream, selecting)
        },
    );
    let shared = warn.clone();
    described(METHOD, &[RecordStream::RECEIVER, "properties: ?", "options: map", "RecordStream"], SELECT)
        .set_into_module(
            module,
            move |context: NativeCallContext<'_>,
                  stream: &mut RecordStream,
                  columns: Dynamic,
                  options: Map|
                  -> RhaiResult<Dynamic> {
                select(&context, stream, Selecting::read(Some(&columns), Some(options), &shared)?)
            },
        );
}

/// Registers the method for a single record or map, which gives a single record.
pub(super) fn register_of_one(module: &mut Module, warn: &Warn) {
    let warn = warn.clone();
    let select = move |context: &NativeCallContext<'_>, value: Dynamic, columns: &Dynamic| -> RhaiResult<Dynamic> {
        let selecting = Selecting::read(Some(columns), None, &warn)?;
        let call: Call<'_> = &|function: &FnPtr, value: Dynamic| call(METHOD, context, function, value);
        let object = selecting.selection.object(call, &value)?;
        selecting.selection.tell();
        Ok(to_dynamic(&object))
    };
    let other = select.clone();
    described(METHOD, &["record: Record", "properties: ?", "Record"], SELECT).set_into_module(
        module,
        move |context: NativeCallContext<'_>, record: &mut Record, columns: Dynamic| {
            select(&context, Dynamic::from(record.clone()), &columns)
        },
    );
    described(METHOD, &["map: map", "properties: ?", "Record"], SELECT).set_into_module(
        module,
        move |context: NativeCallContext<'_>, map: &mut Map, columns: Dynamic| {
            other(&context, map.clone().into(), &columns)
        },
    );
}

/// A map that is no column by itself: the options of a `select` without columns.
pub(in super::super::super) fn options_alone(given: &Dynamic) -> Option<Map> {
    let map = given.as_map_ref().ok()?;
    let is_column = |name: &str| {
        ["expression", "e", "property", "name", "n", "label", "l"].contains(&name.to_ascii_lowercase().as_str())
    };
    (!map.keys().any(|name| is_column(name))).then(|| map.clone())
}

fn nameless_column() -> Failure {
    Failure::script("a calculated column needs a name").hint("write #{ Name: \"…\", Expression: |it| … }")
}
