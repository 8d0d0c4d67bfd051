//! `where`, `first`, `last`, `skip`, `for_each`, `to_array`: which of the values, and each in turn.
//!
//! On a stream all but `last` let the server stop early or work on while a script looks at what has come.

use rhai::{Array, Dynamic, FnPtr, INT, Module, NativeCallContext};

use super::super::super::failure::Failure;
use super::super::super::state::RhaiResult;
use super::super::described;
use super::super::stream::Stage;
use super::{Item, Many, RecordStream, amount, call_at};

/// What `where` does on each kind.
const WHERE: &str = "The values for which `test` gives true.\n\
    # Example\n\
    ```rhai\n\
    get_mailbox().where(|it| it.Alias == \"alice\")\n\
    ```";
const FIRST: &str = "The first value, or `()`.";
const FIRST_FEW: &str = "The first `count` values; a stream stops its pipeline on the server then.";
const LAST: &str = "The last value, or `()`.";
const LAST_FEW: &str = "The last `count` values.";
const SKIP: &str = "All but the first `count` values.";
const FOR_EACH: &str = "Calls `action` with each value in turn.\n\
    # Example\n\
    ```rhai\n\
    get_mailbox().for_each(|it| print(it.Alias))\n\
    ```";

/// Registers what chooses among values that are here.
pub(super) fn register<T: Many>(module: &mut Module) {
    described("last", &[T::RECEIVER, "?"], LAST).set_into_module(module, |values: &mut T| -> RhaiResult<Dynamic> {
        Ok(values.items()?.pop().map_or(Dynamic::UNIT, |item| item.value()))
    });
    described("last", &[T::RECEIVER, "count: int", T::GIVEN], LAST_FEW).set_into_module(
        module,
        |values: &mut T, count: INT| -> RhaiResult<Dynamic> {
            let mut items = values.items()?;
            Ok(T::of_items(items.split_off(items.len().saturating_sub(amount(count)))))
        },
    );
    if T::IS_STREAM {
        return;
    }
    described("where", &[T::RECEIVER, "test: Fn", T::GIVEN], WHERE).set_into_module(
        module,
        |context: NativeCallContext<'_>, values: &mut T, test: FnPtr| -> RhaiResult<Dynamic> {
            let mut kept = Vec::new();
            for (place, item) in values.items()?.into_iter().enumerate() {
                if truth(&call_at("where", &context, &test, item.value(), place)?)? {
                    kept.push(item);
                }
            }
            Ok(T::of_items(kept))
        },
    );
    described("first", &[T::RECEIVER, "?"], FIRST).set_into_module(module, |values: &mut T| -> RhaiResult<Dynamic> {
        Ok(values.items()?.first().map_or(Dynamic::UNIT, Item::value))
    });
    for name in ["first", "take"] {
        described(name, &[T::RECEIVER, "count: int", T::GIVEN], FIRST_FEW).set_into_module(
            module,
            |values: &mut T, count: INT| -> RhaiResult<Dynamic> {
                let mut items = values.items()?;
                items.truncate(amount(count));
                Ok(T::of_items(items))
            },
        );
    }
    described("skip", &[T::RECEIVER, "count: int", T::GIVEN], SKIP).set_into_module(
        module,
        |values: &mut T, count: INT| -> RhaiResult<Dynamic> {
            let mut items = values.items()?;
            Ok(T::of_items(items.split_off(amount(count).min(items.len()))))
        },
    );
    described("to_array", &[T::RECEIVER, "array"], "The values as an array.")
        .set_into_module(module, |values: &mut T| -> RhaiResult<Dynamic> { Ok(Array::of_items(values.items()?)) });
}

/// Registers what a stream does as its values come.
pub(super) fn register_of_streams(module: &mut Module) {
    const STREAM: &str = RecordStream::RECEIVER;
    for name in ["where", "filter"] {
        described(name, &[STREAM, "test: Fn", "RecordStream"], WHERE).set_into_module(
            module,
            |context: NativeCallContext<'_>, stream: &mut RecordStream, test: FnPtr| {
                stream.with(&context, Stage::Filter(test))
            },
        );
    }
    for name in ["first", "take"] {
        described(name, &[STREAM, "count: int", "RecordStream"], FIRST_FEW).set_into_module(
            module,
            |context: NativeCallContext<'_>, stream: &mut RecordStream, count: INT| {
                stream.with(&context, Stage::Take(amount(count)))
            },
        );
    }
    described("skip", &[STREAM, "count: int", "RecordStream"], SKIP).set_into_module(
        module,
        |context: NativeCallContext<'_>, stream: &mut RecordStream, count: INT| {
            stream.with(&context, Stage::Skip(amount(count)))
        },
    );
    described("first", &[STREAM, "?"], "The first value, or `()`; then the server is told to stop.").set_into_module(
        module,
        |stream: &mut RecordStream| -> RhaiResult<Dynamic> {
            stream.clone().into_iter().next().unwrap_or(Ok(Dynamic::UNIT))
        },
    );
    described("to_array", &[STREAM, "array"], "All values, kept.")
        .set_into_module(module, |stream: &mut RecordStream| -> RhaiResult<Array> {
            stream.clone().into_iter().collect()
        });
    described("for_each", &[STREAM, "action: Fn", "()"], FOR_EACH).set_into_module(
        module,
        |context: NativeCallContext<'_>, stream: &mut RecordStream, action: FnPtr| -> RhaiResult<()> {
            for (place, value) in stream.clone().into_iter().enumerate() {
                let _ = call_at("for_each", &context, &action, value?, place)?;
            }
            Ok(())
        },
    );
}

/// What a test gave: true or false, and nothing is false as a property without a value is.
pub(in super::super) fn truth(given: &Dynamic) -> RhaiResult<bool> {
    if given.is_unit() {
        return Ok(false);
    }
    given.as_bool().map_err(|kind| {
        Failure::script(format!("where needs true or false from its function, which gave {kind}"))
            .hint("compare something in it, such as |it| it.Alias == \"alice\"")
            .into()
    })
}
