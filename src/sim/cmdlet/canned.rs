//! The work of a cmdlet whose organization is a file of canned objects: gives them, and has the call written down.
//!
//! Which objects is decided in `sim::canned`.

use super::call::{Call, Halt};
use super::{Each, Failure, Outcome, Work};
use crate::psrp::Record;

/// A worker for one pipeline.
pub(super) fn start(_: &'static str) -> Box<dyn Work> {
    Box::new(Each(answer))
}

fn answer(call: &mut Call<'_>) -> Outcome {
    let commands = std::sync::Arc::clone(&call.context.commands);
    let run = commands.answers().ok_or(Halt::Stopped)?;
    match run.answer(call.bound, call.input.is_some()) {
        Ok(objects) => objects.into_iter().try_for_each(|object| call.output(object)),
        Err(missing) => {
            // Told whatever -ErrorAction says: the caller's side obeys it as well, and may want to remember the error.
            let record = Failure::no_canned_object(&missing).record(call.context, call.cmdlet);
            call.exit.sink().record(Record::Error(Box::new(record)))
        }
    }
}
