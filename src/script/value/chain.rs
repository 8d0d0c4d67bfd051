//! Streams put together: `flatten` gives each value of what a stage made of one, `in_turn` one stream after another,
//! `pages` one page after another; `joined` makes one text of values.
//!
//! The first three keep nothing back, so that a hundred thousand values pass through in little memory.

#![allow(deprecated, reason = "stored call contexts are volatile, says Rhai, not deprecated; its version is pinned")]

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use rhai::{Array, Dynamic, Engine, FnPtr, Module, NativeCallContext};

use crate::clixml::PsValue;

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::stream::{EngineHandle, Reading, shown};
use super::{RecordStream, described, text_of, to_dynamic, values_of};

const FLATTEN: &str = "Each value by itself where a stage gave an array of them: one record may become none, one or several.\n\
    # Example\n\
    ```rhai\n\
    let addresses = stream(session, \"Get-Mailbox\", #{ ResultSize: 2 }).map(|it| it.EmailAddresses).flatten();\n\
    print(addresses.to_array().len());\n\
    ```\n\
    ```text\n\
    4\n\
    ```";
const IN_TURN: &str = "The values of several streams or lists, one after another; each function begins its own when its turn comes.\n\
    # Example\n\
    ```rhai\n\
    print(in_turn([|| stream(session, \"Get-Mailbox\", #{ ResultSize: 2 }), || [\"a\", \"b\"]]).count());\n\
    ```\n\
    ```text\n\
    4\n\
    ```";
const PAGES: &str = "The values of one page after another: `next` is called for each when its turn comes and gives a list or a stream;\n\
    `()` ends it.\n\
    # Example\n\
    ```rhai\n\
    let number = 0;\n\
    let all = pages(|| { number += 1; if number < 3 { [number * 10, number * 10 + 1] } });\n\
    print(all.to_array());\n\
    ```\n\
    ```text\n\
    [10, 11, 20, 21]\n\
    ```";

const JOINED: &str = "The texts of values, one after another, with `separator` between: a comma and a space when left out. `()` is no text.\n\
    # Example\n\
    ```rhai\n\
    print([\"alice\", \"bob\"].joined() + \"; \" + [1, 2].joined(\"/\"));\n\
    ```\n\
    ```text\n\
    alice, bob; 1/2\n\
    ```";

/// Registers the functions.
pub(in crate::script) fn register(engine: &mut Engine, handle: &EngineHandle) {
    let mut module = Module::new();
    described("flatten", &["stream: RecordStream", "RecordStream"], FLATTEN)
        .set_into_module(&mut module, |stream: &mut RecordStream| flatten(stream.clone()));
    described("flatten", &["values: array", "array"], FLATTEN).set_into_module(
        &mut module,
        |values: &mut Array| -> Array {
            let single = |value: Dynamic| -> Array {
                if value.is_array() { value.into_array().unwrap_or_default() } else { vec![value] }
            };
            values.iter().cloned().flat_map(single).collect()
        },
    );
    described("joined", &["values: ?", "string"], JOINED)
        .set_into_module(&mut module, |values: Dynamic| joined(values, ", "));
    described("joined", &["values: ?", "separator: &str", "string"], JOINED)
        .set_into_module(&mut module, |values: Dynamic, separator: &str| joined(values, separator));
    let own = handle.clone();
    described("in_turn", &["functions: array", "RecordStream"], IN_TURN)
        .set_into_module(&mut module, move |context: NativeCallContext<'_>, functions: Array| {
            in_turn(&context, &own, functions)
        });
    let own = handle.clone();
    described("pages", &["next: Fn", "RecordStream"], PAGES)
        .set_into_module(&mut module, move |context: NativeCallContext<'_>, next: FnPtr| pages(&context, &own, next));
    engine.register_global_module(module.into());
}

fn joined(values: Dynamic, separator: &str) -> RhaiResult<String> {
    if values.is_unit() {
        return Ok(String::new());
    }
    let texts = values_of(values).map(|value| value.map(|value| text_of(&to_dynamic(&value))));
    Ok(texts.collect::<RhaiResult<Vec<String>>>()?.join(separator))
}

fn flatten(stream: RecordStream) -> RhaiResult<RecordStream> {
    let engine = stream.engine().clone();
    let (mut reading, mut pending) = (stream.into_iter(), VecDeque::new());
    let pull = move || loop {
        if let Some(value) = pending.pop_front() {
            return Some(value);
        }
        match reading.next()? {
            Ok(value) => pending.extend(values_of(value)),
            Err(error) => return Some(Err(error)),
        }
    };
    Ok(RecordStream::new(Box::new(pull), &engine))
}

/// What is read at the moment.
enum Current {
    Stream(Box<Reading>),
    List(VecDeque<RhaiResult<PsValue>>),
}

impl Current {
    fn of(value: Dynamic) -> Self {
        match value.read_lock::<RecordStream>().map(|stream| stream.clone()) {
            Some(stream) => Self::Stream(Box::new(stream.into_iter())),
            None => Self::List(values_of(value).collect()),
        }
    }

    fn next(&mut self) -> Option<RhaiResult<PsValue>> {
        match self {
            Self::Stream(reading) => reading.next().map(|item| item.map(shown)),
            Self::List(values) => values.pop_front(),
        }
    }
}

fn in_turn(context: &NativeCallContext<'_>, handle: &EngineHandle, functions: Array) -> RhaiResult<RecordStream> {
    let mut waiting = VecDeque::new();
    for function in functions {
        let kind = function.type_name().to_owned();
        let function = function.try_cast::<FnPtr>();
        waiting.push_back(
            function.ok_or_else(|| Failure::script(format!("in_turn takes functions, not a value of type {kind}")))?,
        );
    }
    Ok(one_after_another(context, handle, move |call| Some(call(&waiting.pop_front()?))))
}

fn pages(context: &NativeCallContext<'_>, handle: &EngineHandle, next: FnPtr) -> RecordStream {
    one_after_another(context, handle, move |call| match call(&next) {
        Ok(page) if page.is_unit() => None,
        page => Some(page),
    })
}

/// Calls a function of the script.
type Call<'a> = &'a dyn Fn(&FnPtr) -> RhaiResult<Dynamic>;

/// The values of what `next` gives, and then of what it gives next.
fn one_after_another(
    context: &NativeCallContext<'_>,
    handle: &EngineHandle,
    mut next: impl FnMut(Call<'_>) -> Option<RhaiResult<Dynamic>> + Send + 'static,
) -> RecordStream {
    let store = Arc::new(context.store_data());
    let mut current: Option<Current> = None;
    let own = handle.clone();
    let pull = move || loop {
        if let Some(value) = current.as_mut().and_then(Current::next) {
            return Some(value);
        }
        current = None;
        let Some(engine) = own.get().and_then(Weak::upgrade) else {
            return Some(Err(Failure::script("the stream has outlived its script").into()));
        };
        let call = |function: &FnPtr| {
            function.call_within_context::<Dynamic>(&NativeCallContext::from_stored_data(&engine, &store), ())
        };
        match next(&call)? {
            Ok(value) => current = Some(Current::of(value)),
            Err(error) => return Some(Err(error)),
        }
    };
    RecordStream::new(Box::new(pull), handle)
}
