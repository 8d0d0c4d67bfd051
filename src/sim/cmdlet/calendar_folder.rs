//! Get- and Set-MailboxCalendarFolder: whether a calendar is published, how much of it, and where.
//!
//! Nothing is served at those addresses.

use super::call::Halt;
use super::folder::place;
use super::mailbox::keep;
use super::writing::assign_all;
use super::{Attempt, Call, Failure, Spec, Tries};
use crate::sim::org::belongings::{blank, publish};
use crate::sim::org::entry::Entry;
use crate::sim::org::{canonical_name, schema, value};

const NOUN: &str = "MailboxCalendarFolder";

const RANGES: &[&str] = &["OneDay", "ThreeDays", "OneWeek", "OneMonth", "ThreeMonths", "SixMonths", "OneYear"];
const LEVELS: &[&str] = &["AvailabilityOnly", "LimitedDetails", "FullDetails", "Editor"];

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-MailboxCalendarFolder", &["Identity", "~UseCustomRouting"], |_| Box::new(Tries(get))),
        spec("Set-MailboxCalendarFolder", &["Identity", "*", "ResetUrl", "~SetAsSharingSource", "~UseHttps"], |_| {
            Box::new(Tries(set))
        }),
    ]
}

/// The mailbox and its calendar; only calendars can be meant.
fn calendar(call: &Call<'_>) -> Result<(Entry, Entry), Failure> {
    let (owner, folder) = place(call)?;
    if !folder.eq_ignore_ascii_case("calendar") {
        return Err(Failure::refused(format!("\"{folder}\" isn't a calendar folder.")));
    }
    let kept = call.organization().read(|state| state.children(&owner, NOUN)).into_iter().next();
    let mut entry = kept.unwrap_or_else(|| blank(&owner, NOUN, "Calendar", 7));
    entry.set("FolderName", "Calendar");
    entry.set("MailboxOwnerId", canonical_name(&owner));
    entry.set("Identity", format!("{}:\\Calendar", canonical_name(&owner)));
    entry.set("MailboxFolderId", format!("LgAAAAB{:08X}0001AQ==", owner.guid.as_u128() as u32));
    Ok((owner, entry))
}

fn get(call: &mut Call<'_>) -> Attempt {
    let (_, entry) = calendar(call)?;
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let object = call.organization().object(&entry, view);
    Ok(call.output(object)?)
}

fn set(call: &mut Call<'_>) -> Attempt {
    let (owner, mut entry) = calendar(call)?;
    for (parameter, known) in
        [("PublishDateRangeFrom", RANGES), ("PublishDateRangeTo", RANGES), ("DetailLevel", LEVELS)]
    {
        let given = call.text(parameter);
        if given.as_ref().is_some_and(|given| !known.iter().any(|one| one.eq_ignore_ascii_case(given))) {
            let message = format!("{parameter} is one of {}.", known.join(", "));
            return Err(Failure::invalid(parameter, message).into());
        }
    }
    let before = entry.properties.clone();
    assign_all(call, &mut entry, &[schema::view(NOUN).ok_or(Halt::Stopped)?])?;
    let published = entry.text("PublishEnabled").eq_ignore_ascii_case("true");
    let has_address = !entry.text("PublishedCalendarUrl").is_empty();
    if published && (!has_address || call.flag("ResetUrl")) {
        publish(&owner, &mut entry, call.organization().writes());
    } else if !published {
        entry.properties.remove("PublishedCalendarUrl");
        entry.properties.remove("PublishedICalUrl");
    }
    if !call.should_process("Set calendar folder", &entry.text("Identity"))? {
        return Ok(());
    }
    let told = |(name, one): (&std::sync::Arc<str>, &crate::clixml::PsValue)| (name.clone(), value::texts_of(one));
    if before.iter().map(told).eq(entry.properties.iter().map(told)) {
        return Ok(call.warning("nothing of the calendar folder was changed: it was all as asked")?);
    }
    call.organization().write(|state| state.set_children(owner.id, NOUN, vec![entry]));
    keep(call, owner);
    Ok(())
}
