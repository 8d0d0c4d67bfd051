//! Settings of a mailbox that live beside it: automatic replies, language and time, calendar processing, junk mail.
//!
//! Get- and Set- for every noun whose table in `org/schema` has the scope `mailbox`.

use super::call::{Call, Halt};
use super::reading::{Reading, identified};
use super::writing::{assign_all, finish_change};
use super::{Outcome, Spec, Start, Work};
use crate::sim::org::entry::Class;
use crate::sim::org::schema;

pub(super) fn specs() -> Vec<Spec> {
    let names = schema::views().iter().filter(|view| view.in_mailbox).flat_map(|view| view.cmdlets.iter());
    names
        .map(|name| {
            let start: Start =
                if name.starts_with("Get-") { |noun| Box::new(Get(noun)) } else { |noun| Box::new(Set(noun)) };
            Spec { name, parameters: &["Identity", "*", "?ResultSize"], output: "", start }
        })
        .collect()
}

struct Get(&'static str);

impl Work for Get {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let view = schema::view(self.0).ok_or(Halt::Stopped)?;
        Reading { view, classes: Class::MAILBOXES, keeps: &|_| true }.each(call, &mut |call, entry| {
            let object = call.organization().object(entry, view);
            call.output(object)
        })
    }
}

struct Set(&'static str);

impl Work for Set {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let view = schema::view(self.0).ok_or(Halt::Stopped)?;
        let changed = identified(call, Class::MAILBOXES)
            .and_then(|mut entry| assign_all(call, &mut entry, &[view]).map(|changed| (entry, changed)));
        finish_change(call, &format!("Set {}", self.0), changed)
    }
}
