//! Get- and Set-User: the account and the person behind a mailbox.

use super::call::{Call, Halt};
use super::reading::{Reading, identified, type_fits, unit_fits};
use super::writing::{assign_recipient, finish_change};
use super::{Each, Outcome, Spec};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema;

const OUTPUT: &str = "Microsoft.Exchange.Data.Directory.Management.User";

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-User",
            parameters: &[
                "Identity",
                "Anr",
                "Filter",
                "OrganizationalUnit",
                "RecipientTypeDetails",
                "ResultSize",
                "SortBy",
                "~IgnoreDefaultScope",
            ],
            output: OUTPUT,
            start: |_| Box::new(Each(get)),
        },
        Spec {
            name: "Set-User",
            parameters: &["Identity", "*", "Name", "WindowsEmailAddress"],
            output: "",
            start: |_| Box::new(Each(set)),
        },
    ]
}

fn get(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("User").ok_or(Halt::Stopped)?;
    let details = call.texts("RecipientTypeDetails");
    let unit = call.text("OrganizationalUnit");
    let keeps = |entry: &Entry| type_fits(&details, entry, true) && unit_fits(unit.as_deref(), entry);
    Reading { view, classes: Class::ACCOUNTS, keeps: &keeps }.each(call, &mut |call, entry| {
        let object = call.organization().object(entry, view);
        call.output(object)
    })
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("User").ok_or(Halt::Stopped)?;
    let changed = identified(call, Class::ACCOUNTS).and_then(|mut entry| {
        let changed = assign_recipient(call, &mut entry, view)?;
        Ok((entry, changed))
    });
    finish_change(call, "Set user", changed)
}
