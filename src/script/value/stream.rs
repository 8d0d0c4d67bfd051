//! Values on their way: pulled one by one, filtered and mapped as they come, stopped when nobody wants more.
//!
//! Where they come from is the caller's: a [`Pull`] gives the next one, and dropping it stops the source.

#![allow(deprecated, reason = "stored call contexts are volatile, says Rhai, not deprecated; its version is pinned")]

use std::sync::{Arc, Mutex, OnceLock, Weak};

use rhai::{Array, Dynamic, Engine, FnPtr, FuncRegistration, INT, Module, NativeCallContext, NativeCallContextStore};

use crate::clixml::PsValue;

use super::super::failure::Failure;
use super::super::state::{RhaiError, RhaiResult, lock};
use super::back::list;
use super::query::{Selection, truth};
use super::record::bag_of;
use super::{Results, Size, from_dynamic, to_dynamic};

/// Gives the next value; `None` at the end.
pub(crate) type Pull = Box<dyn FnMut() -> Option<RhaiResult<PsValue>> + Send>;

/// The engine, for functions that run long after they were registered on it.
pub(crate) type EngineHandle = Arc<OnceLock<Weak<Engine>>>;

/// Values on their way; read once.
#[derive(Clone)]
pub struct RecordStream {
    source: Arc<Mutex<Option<Pull>>>,
    stages: Arc<[Stage]>,
    context: Option<Arc<NativeCallContextStore>>,
    engine: EngineHandle,
}

/// What happens to each value on its way.
#[derive(Clone)]
pub(super) enum Stage {
    Filter(FnPtr),
    Map(FnPtr),
    Select(Arc<Selection>),
    Take(usize),
    Skip(usize),
}

impl RecordStream {
    /// A stream of what `pull` gives.
    pub(crate) fn new(pull: Pull, engine: &EngineHandle) -> Self {
        Self { source: Arc::new(Mutex::new(Some(pull))), stages: Arc::new([]), context: None, engine: engine.clone() }
    }

    /// The engine its stages run on.
    pub(super) const fn engine(&self) -> &EngineHandle {
        &self.engine
    }

    /// The same stream; `note` hears of each value the source gives, and with true of its end.
    pub(crate) fn observed(&self, mut note: Box<dyn FnMut(bool) + Send>) -> Self {
        let source = lock(&self.source).take().map(|mut pull| -> Pull {
            Box::new(move || {
                let item = pull();
                note(item.is_none());
                item
            })
        });
        Self { source: Arc::new(Mutex::new(source)), ..self.clone() }
    }

    pub(super) fn with(&self, context: &NativeCallContext<'_>, stage: Stage) -> Self {
        Self {
            source: self.source.clone(),
            stages: self.stages.iter().cloned().chain([stage]).collect(),
            context: Some(Arc::new(context.store_data())),
            engine: self.engine.clone(),
        }
    }
}

/// One reading of a stream; dropping it before the end stops the source.
pub struct Reading {
    pull: Option<Pull>,
    first_error: Option<RhaiError>,
    stages: Arc<[Stage]>,
    /// Values that passed each stage that counts.
    counts: Vec<usize>,
    context: Option<Arc<NativeCallContextStore>>,
    engine: Option<Arc<Engine>>,
}

/// What became of a value on its way through the stages.
enum Passed {
    Out(Dynamic),
    Dropped,
    Ended,
}

impl Reading {
    fn step(&mut self) -> Option<RhaiResult<Dynamic>> {
        loop {
            if self.is_full() {
                self.tell();
                return None;
            }
            let value = match self.pull.as_mut()?() {
                None => {
                    self.tell();
                    return None;
                }
                Some(Err(error)) => return Some(Err(error)),
                Some(Ok(value)) => to_dynamic(&value),
            };
            match self.pass(value) {
                Ok(Passed::Out(value)) => return Some(Ok(value)),
                Ok(Passed::Dropped) => {}
                Ok(Passed::Ended) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Nothing more comes: columns that are empty for want of such a property are told.
    fn tell(&self) {
        let selections = self.stages.iter().filter_map(|stage| match stage {
            Stage::Select(selection) => Some(selection),
            _ => None,
        });
        selections.for_each(|selection| selection.tell());
    }

    /// Whether a `take` has had all it wants: then nothing more is asked of the source.
    fn is_full(&self) -> bool {
        let full = |(stage, count): (&Stage, &usize)| matches!(stage, Stage::Take(most) if count >= most);
        self.stages.iter().zip(&self.counts).any(full)
    }

    fn pass(&mut self, mut value: Dynamic) -> RhaiResult<Passed> {
        for (index, stage) in self.stages.iter().enumerate() {
            match stage {
                Stage::Filter(test) => {
                    if !truth(&self.call(test, value.clone())?)? {
                        return Ok(Passed::Dropped);
                    }
                }
                Stage::Map(change) => value = self.call(change, value)?,
                Stage::Select(selection) => {
                    let object = selection.object(&|function, value| self.call(function, value), &value)?;
                    value = to_dynamic(&object);
                }
                Stage::Take(most) if self.counts[index] >= *most => return Ok(Passed::Ended),
                Stage::Take(_) => self.counts[index] += 1,
                Stage::Skip(first) if self.counts[index] < *first => {
                    self.counts[index] += 1;
                    return Ok(Passed::Dropped);
                }
                Stage::Skip(_) => {}
            }
        }
        Ok(Passed::Out(value))
    }

    fn call(&self, function: &FnPtr, value: Dynamic) -> RhaiResult<Dynamic> {
        let (Some(engine), Some(store)) = (&self.engine, &self.context) else {
            return Err(Failure::script("the stream has outlived its script").into());
        };
        let context = NativeCallContext::from_stored_data(engine, store);
        function.call_within_context(&context, (value,))
    }
}

impl Iterator for Reading {
    type Item = RhaiResult<Dynamic>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.first_error.take() {
            return Some(Err(error));
        }
        let item = self.step();
        if !matches!(item, Some(Ok(_))) {
            self.pull = None; // the end, or an error: either way the source is done with
        }
        item
    }
}

impl IntoIterator for RecordStream {
    type Item = RhaiResult<Dynamic>;
    type IntoIter = Reading;

    fn into_iter(self) -> Reading {
        let pull = lock(&self.source).take();
        let first_error = pull.is_none().then(|| {
            Failure::script("this stream has been read already")
                .hint("ask the server again, or keep the values with to_array()")
                .into()
        });
        Reading {
            counts: vec![0; self.stages.len()],
            pull,
            first_error,
            stages: self.stages,
            context: self.context,
            engine: self.engine.get().and_then(Weak::upgrade),
        }
    }
}

/// The values of whatever a script left: of results, arrays and streams one by one, of anything else itself.
pub(crate) fn values_of(value: Dynamic) -> Box<dyn Iterator<Item = RhaiResult<PsValue>>> {
    let value = value.flatten();
    if value.is_unit() {
        return Box::new(std::iter::empty());
    }
    if let Some(results) = value.read_lock::<Results>() {
        let values = results.0.clone();
        return Box::new((0..values.len()).map(move |index| Ok(values[index].clone())));
    }
    if let Some(stream) = value.read_lock::<RecordStream>() {
        return Box::new(stream.clone().into_iter().map(|item| item.map(shown)));
    }
    match array_or_value(value) {
        Ok(items) => Box::new(items.into_iter().map(|item| Ok(shown(item)))),
        Err(value) => Box::new(std::iter::once(Ok(shown(value)))),
    }
}

fn array_or_value(value: Dynamic) -> Result<Array, Dynamic> {
    if value.is_array() { value.into_array().map_err(|_| Dynamic::UNIT) } else { Err(value) }
}

/// A value on its way to a screen or a file: a map is an object with properties, a function its text.
pub(crate) fn shown(value: Dynamic) -> PsValue {
    let value = value.flatten();
    if let Ok(map) = value.as_map_ref() {
        return bag_of(map.iter().map(|(name, value)| (name.as_str(), value.clone()))).into();
    }
    if let Ok(items) = value.as_array_ref() {
        return list(items.iter().cloned().map(shown).collect());
    }
    if let Some(size) = value.read_lock::<Size>() {
        return size.to_property();
    }
    from_dynamic(&value).unwrap_or_else(|_| PsValue::from(value.to_string()))
}

/// Registers the type and what can be done with it.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<RecordStream>("RecordStream");
    engine.register_iterator_result::<RecordStream, Dynamic>();
    engine
        .register_fn("to_string", |_: &mut RecordStream| "RecordStream(values on their way)")
        .register_fn("to_debug", |_: &mut RecordStream| "RecordStream(values on their way)");
    let mut module = Module::new();
    FuncRegistration::new("map")
        .with_params_info(["stream: RecordStream", "change: Fn", "RecordStream"])
        .with_comments(["/// Changes each value as it comes."])
        .set_into_module(&mut module, |context: NativeCallContext<'_>, stream: &mut RecordStream, change: FnPtr| {
            stream.with(&context, Stage::Map(change))
        });
    FuncRegistration::new("count")
        .with_params_info(["stream: RecordStream", "int"])
        .with_comments(["/// How many values come; none is kept."])
        .set_into_module(&mut module, |stream: &mut RecordStream| -> RhaiResult<INT> {
            stream.clone().into_iter().try_fold(0, |count, value| value.map(|_| count + 1))
        });
    engine.register_global_module(module.into());
}
