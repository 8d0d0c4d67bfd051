//! Get- and Set-CASMailbox: which protocols a mailbox may use.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{Reading, identified, unit_fits};
use super::writing::{assign_addresses, assign_all, assign_name};
use super::{Each, Outcome, Spec};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema};

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
                "IgnoreDefaultScope",
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
        let changed = assign_all(call, &mut entry, &[view])?;
        let renamed = assign_name(call, &mut entry)? | assign_addresses(call, &mut entry)?;
        Ok((entry, changed | renamed))
    });
    match changed {
        Err(failure) => call.error(failure),
        Ok((entry, changed)) => {
            let target = canonical_name(&entry);
            if !call.should_process("Set CAS mailbox", &target)? {
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
