//! Get-Recipient: everything that has an address, in the reduced form.

use super::call::{Call, Halt};
use super::reading::{Reading, short_name, type_fits, unit_fits};
use super::{Each, Outcome, Spec};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema;

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Get-Recipient",
        parameters: &[
            "Identity",
            "Anr",
            "Database",
            "Filter",
            "OrganizationalUnit",
            "RecipientPreviewFilter",
            "RecipientType",
            "RecipientTypeDetails",
            "ResultSize",
            "SortBy",
            "~IgnoreDefaultScope",
        ],
        output: "Microsoft.Exchange.Data.Directory.Management.ReducedRecipient",
        start: |_| Box::new(Each(get)),
    }]
}

fn get(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("Recipient").ok_or(Halt::Stopped)?;
    let types = call.texts("RecipientType");
    let details = call.texts("RecipientTypeDetails");
    let database = call.text("Database").map(short_name);
    let unit = call.text("OrganizationalUnit");
    let keeps = |entry: &Entry| {
        type_fits(&types, entry, false)
            && type_fits(&details, entry, true)
            && unit_fits(unit.as_deref(), entry)
            && database.as_deref().is_none_or(|name| name.eq_ignore_ascii_case(&entry.text("Database")))
    };
    Reading { view, classes: Class::RECIPIENTS, keeps: &keeps }.each(call, &mut |call, entry| {
        let object = call.organization().object(entry, view);
        call.output(object)
    })
}
