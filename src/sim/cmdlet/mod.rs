//! The simulated cmdlets: what each is called, which of its documented parameters have an effect, and its work.
//!
//! One file a noun. A cmdlet sees its bound arguments and the organization; it knows nothing of sockets or
//! fragments. What is not listed here is not advertised and cannot be called.

mod accepted;
mod admin_audit_log;
mod allow_block_list;
mod calendar;
mod calendar_folder;
mod call;
mod canned;
mod cas_mailbox;
mod command;
mod compliance_search;
mod configuration;
mod contact;
mod distribution_group;
mod distribution_group_member;
mod dkim_signing_config;
mod dynamic_group;
mod email_address_policy;
mod exchange_certificate;
mod exo;
mod failure;
mod folder;
mod format_data;
mod help;
mod historical_search;
mod inbox_rule;
mod mail_enable;
mod mail_public_folder;
mod mailbox;
mod mailbox_audit_log;
mod mailbox_database;
mod mailbox_gone;
mod mailbox_permission;
mod mailbox_search;
mod mailbox_settings;
mod mailbox_statistics;
mod measure_object;
mod message_trace;
mod message_tracking_log;
mod migration_batch;
mod migration_user;
mod mobile_device;
mod move_request;
mod offer;
mod outbound_connector_test;
mod pipeline;
mod place;
mod public_folder;
mod public_folder_permission;
mod quarantine_message;
mod queue;
mod reading;
mod recipient;
mod recoverable_items;
mod request;
mod role_assignment;
mod role_group;
mod search_mailbox;
mod select_object;
mod send_as;
mod server_health;
#[cfg(test)]
mod tests;
mod transport_rule_collection;
mod unified_audit_log;
mod unified_group;
mod unified_group_links;
mod user;
mod user_photo;
mod writing;

pub(crate) use call::{Answer, Call, Context, Halt, Outcome, Sink};
pub(crate) use command::describe;
pub(crate) use failure::Failure;
pub(crate) use offer::{CommandSet, Definition};
pub(crate) use pipeline::run;

/// What a cmdlet does for each call.
pub(crate) trait Work: Send {
    /// Works on one piped object, or once when nothing is piped.
    fn process(&mut self, call: &mut Call<'_>) -> Outcome;

    /// After the last object.
    fn finish(&mut self, _call: &mut Call<'_>) -> Outcome {
        Ok(())
    }
}

/// Makes a worker for one pipeline.
pub(crate) type Start = fn(noun: &'static str) -> Box<dyn Work>;

/// A cmdlet of the simulator before it is joined with the catalogue.
pub(crate) struct Spec {
    /// `Verb-Noun`, as the catalogue spells it.
    pub(crate) name: &'static str,
    /// The documented parameters that have an effect: `*` stands for all that are settable properties of the noun,
    /// `*NOUN` for those of another, `=` for all that are properties, `?NAME` for one that not every such cmdlet has, `~NAME`
    /// for one that is taken and changes nothing.
    pub(crate) parameters: &'static [&'static str],
    /// Type of the output; empty when it is the noun's own, or nothing.
    pub(crate) output: &'static str,
    /// Makes a worker for one pipeline; the noun is the spec's own.
    pub(crate) start: Start,
}

/// A worker from a plain function, for cmdlets without memory between objects.
pub(crate) struct Each(pub(crate) fn(&mut Call<'_>) -> Outcome);

impl Work for Each {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        (self.0)(call)
    }
}

/// Why a cmdlet goes no further with an object: an error to report, or the end of the pipeline.
pub(crate) enum Trouble {
    Failure(Failure),
    Halt(Halt),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Halt> for Trouble {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

/// Of a function that may report an error instead.
pub(crate) type Attempt = Result<(), Trouble>;

/// A worker from a function that gives up at the first error, which is reported; the next object has its turn.
pub(crate) struct Tries(pub(crate) fn(&mut Call<'_>) -> Attempt);

impl Work for Tries {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        match (self.0)(call) {
            Ok(()) => Ok(()),
            Err(Trouble::Failure(failure)) => call.error(failure),
            Err(Trouble::Halt(halt)) => Err(halt),
        }
    }
}

/// Everything the simulator can do, by file.
pub(crate) fn specs() -> Vec<Spec> {
    let mut specs = Vec::new();
    specs.extend(mailbox::specs());
    specs.extend(mailbox_statistics::specs());
    specs.extend(mailbox_permission::specs());
    specs.extend(cas_mailbox::specs());
    specs.extend(recipient::specs());
    specs.extend(user::specs());
    specs.extend(distribution_group::specs());
    specs.extend(distribution_group_member::specs());
    specs.extend(dynamic_group::specs());
    specs.extend(contact::specs());
    specs.extend(mailbox_settings::specs());
    specs.extend(inbox_rule::specs());
    specs.extend(folder::specs());
    specs.extend(mobile_device::specs());
    specs.extend(send_as::specs());
    specs.extend(role_group::specs());
    specs.extend(unified_group::specs());
    specs.extend(unified_group_links::specs());
    specs.extend(message_trace::specs());
    specs.extend(message_tracking_log::specs());
    specs.extend(admin_audit_log::specs());
    specs.extend(mailbox_audit_log::specs());
    specs.extend(unified_audit_log::specs());
    specs.extend(mailbox_gone::specs());
    specs.extend(public_folder::specs());
    specs.extend(public_folder_permission::specs());
    specs.extend(mail_public_folder::specs());
    specs.extend(request::specs());
    specs.extend(move_request::specs());
    specs.extend(migration_batch::specs());
    specs.extend(migration_user::specs());
    specs.extend(quarantine_message::specs());
    specs.extend(allow_block_list::specs());
    specs.extend(dkim_signing_config::specs());
    specs.extend(role_assignment::specs());
    specs.extend(server_health::specs());
    specs.extend(queue::specs());
    specs.extend(mailbox_database::specs());
    specs.extend(exchange_certificate::specs());
    specs.extend(recoverable_items::specs());
    specs.extend(compliance_search::specs());
    specs.extend(search_mailbox::specs());
    specs.extend(mailbox_search::specs());
    specs.extend(calendar::specs());
    specs.extend(calendar_folder::specs());
    specs.extend(user_photo::specs());
    specs.extend(email_address_policy::specs());
    specs.extend(historical_search::specs());
    specs.extend(outbound_connector_test::specs());
    specs.extend(exo::specs());
    specs.extend(transport_rule_collection::specs());
    specs.extend(mail_enable::specs());
    specs.extend(place::specs());
    specs.extend(configuration::specs());
    specs.extend(command::specs());
    specs.extend(format_data::specs());
    specs.extend(help::specs());
    specs.extend(select_object::specs());
    specs.extend(measure_object::specs());
    specs
}
