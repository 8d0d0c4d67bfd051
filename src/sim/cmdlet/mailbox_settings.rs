//! Settings of a mailbox that live beside it: automatic replies, language and time, calendar processing, junk mail.
//!
//! Get- and Set- for every noun whose table in `org/schema` has the scope `mailbox`.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::identified;
use super::writing::assign_all;
use super::{Outcome, Spec, Start, Work};
use crate::sim::org::entry::Class;
use crate::sim::org::{canonical_name, schema};

const NAMES: &[&str] = &[
    "Get-CalendarProcessing",
    "Set-CalendarProcessing",
    "Get-MailboxAutoReplyConfiguration",
    "Set-MailboxAutoReplyConfiguration",
    "Get-MailboxRegionalConfiguration",
    "Set-MailboxRegionalConfiguration",
    "Get-MailboxJunkEmailConfiguration",
    "Set-MailboxJunkEmailConfiguration",
];

pub(super) fn specs() -> Vec<Spec> {
    NAMES
        .iter()
        .map(|name| {
            let start: Start =
                if name.starts_with("Get-") { |noun| Box::new(Get(noun)) } else { |noun| Box::new(Set(noun)) };
            Spec { name, parameters: &["Identity", "*"], output: "", start }
        })
        .collect()
}

struct Get(&'static str);

impl Work for Get {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let view = schema::view(self.0).ok_or(Halt::Stopped)?;
        match identified(call, Class::MAILBOXES) {
            Err(failure) => call.error(failure),
            Ok(entry) => {
                let object = call.organization().object(&entry, view);
                call.output(object)
            }
        }
    }
}

struct Set(&'static str);

impl Work for Set {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let view = schema::view(self.0).ok_or(Halt::Stopped)?;
        let changed = identified(call, Class::MAILBOXES)
            .and_then(|mut entry| Ok((assign_all(call, &mut entry, &[view])?, entry)));
        match changed {
            Err(failure) => call.error(failure),
            Ok((changed, entry)) => {
                let target = canonical_name(&entry);
                if !call.should_process(&format!("Set {}", self.0), &target)? {
                    return Ok(());
                }
                if !changed {
                    return call.warning(&format!("nothing of \"{target}\" was changed: it was all as asked"));
                }
                keep(call, entry);
                Ok(())
            }
        }
    }
}
