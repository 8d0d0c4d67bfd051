//! Get- and Set-CASMailbox: which protocols a mailbox may use.

use super::call::{Call, Halt};
use super::reading::{Reading, identified, unit_fits};
use super::writing::{assign_recipient, finish_change};
use super::{Each, Outcome, Spec};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema;

const OUTPUT: &str = "Microsoft.Exchange.Data.Directory.Management.CASMailbox";

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-CASMailbox",
            parameters: &[
                "Identity",
                "Anr",
                "Filter",
                "OrganizationalUnit",
                "ResultSize",
                "SortBy",
                "~IgnoreDefaultScope",
            ],
            output: OUTPUT,
            start: |_| Box::new(Each(get)),
        },
        Spec {
            name: "Set-CASMailbox",
            parameters: &["Identity", "*", "Name", "EmailAddresses", "PrimarySmtpAddress"],
            output: "",
            start: |_| Box::new(Each(set)),
        },
    ]
}

fn get(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("CASMailbox").ok_or(Halt::Stopped)?;
    let unit = call.text("OrganizationalUnit");
    let keeps = |entry: &Entry| unit_fits(unit.as_deref(), entry);
    Reading { view, classes: Class::MAILBOXES, keeps: &keeps }.each(call, &mut |call, entry| {
        let object = call.organization().object(entry, view);
        call.output(object)
    })
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("CASMailbox").ok_or(Halt::Stopped)?;
    let changed = identified(call, Class::MAILBOXES).and_then(|mut entry| {
        let changed = assign_recipient(call, &mut entry, view)?;
        Ok((entry, changed))
    });
    finish_change(call, "Set CAS mailbox", changed)
}
