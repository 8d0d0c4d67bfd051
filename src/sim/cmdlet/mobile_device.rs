//! Get-MobileDevice, Get-MobileDeviceStatistics, Remove- and Clear-MobileDevice: phones that synchronize a mailbox.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{find_one, result_size};
use super::{Each, Failure, Outcome, Spec};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{Walk, canonical_name, schema, value};
use jiff::SignedDuration;

const NOUN: &str = "MobileDevice";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-MobileDevice", &["Identity", "Mailbox", "ResultSize"], |_| Box::new(Each(get))),
        spec("Get-MobileDeviceStatistics", &["Identity", "Mailbox"], |_| Box::new(Each(statistics))),
        spec("Remove-MobileDevice", &["Identity"], |_| Box::new(Each(|call| end(call, true)))),
        spec("Clear-MobileDevice", &["Identity", "~NotificationEmailAddresses"], |_| {
            Box::new(Each(|call| end(call, false)))
        }),
    ]
}

/// A device with its owner; `owner\ExchangeActiveSyncDevices\name` is its identity.
fn identity(owner: &Entry, device: &Entry) -> String {
    format!("{}/ExchangeActiveSyncDevices/{}", canonical_name(owner), device.name)
}

fn devices(call: &Call<'_>, owner: &Entry) -> Vec<Entry> {
    let mut list = call.organization().read(|state| state.children(owner, NOUN));
    for device in &mut list {
        let text = identity(owner, device);
        device.set("Identity", text.as_str());
        device.set("Id", text);
    }
    list
}

fn is_meant(owner: &Entry, device: &Entry, text: &str) -> bool {
    [identity(owner, device), device.guid.to_string(), device.text("DeviceId"), device.name.to_string()]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(text))
}

/// The device that -Identity means, looked for at everyone.
fn find(call: &Call<'_>, text: &str) -> Result<(Entry, Entry), Failure> {
    let mut walk = Walk::new(Class::MAILBOXES);
    while let Some(owner) = walk.next(call.organization()) {
        if let Some(device) = devices(call, &owner).into_iter().find(|device| is_meant(&owner, device, text)) {
            return Ok((owner, device));
        }
    }
    Err(Failure::not_found(text, None))
}

fn show(call: &mut Call<'_>, device: &Entry) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let object = call.organization().object(device, view);
    call.output(object)
}

fn get(call: &mut Call<'_>) -> Outcome {
    if let Some(text) = call.text("Identity") {
        return match find(call, &text) {
            Ok((_, device)) => show(call, &device),
            Err(failure) => call.error(failure),
        };
    }
    if let Some(mailbox) = call.text("Mailbox") {
        return match find_one(call, &mailbox, Class::MAILBOXES) {
            Ok(owner) => devices(call, &owner).iter().try_for_each(|device| show(call, device)),
            Err(failure) => call.error(failure),
        };
    }
    let (limit, _) = result_size(call)?;
    let mut walk = Walk::new(Class::MAILBOXES);
    let mut shown = 0;
    while let Some(owner) = walk.next(call.organization()) {
        for device in devices(call, &owner) {
            if shown == limit {
                return call.warning(&format!(
                    "there are more devices than the {limit} returned; raise ResultSize to see them"
                ));
            }
            shown += 1;
            show(call, &device)?;
        }
    }
    Ok(())
}

fn statistics(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("MobileDeviceStatistics").ok_or(Halt::Stopped)?;
    let found = match (call.text("Identity"), call.text("Mailbox")) {
        (Some(text), _) => find(call, &text).map(|(_, device)| vec![device]),
        (None, mailbox) => {
            find_one(call, &mailbox.unwrap_or_default(), Class::MAILBOXES).map(|owner| devices(call, &owner))
        }
    };
    let found = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    for mut device in found {
        let last =
            call.organization().now() - SignedDuration::from_mins(17 + i64::from(device.guid.as_bytes()[3]) * 60);
        device.set("DeviceFriendlyName", device.text("FriendlyName"));
        device.set("DeviceID", device.text("DeviceId"));
        device.set("LastSuccessSync", value::utc(last));
        device.set("LastSyncAttemptTime", value::utc(last));
        device.set("NumberOfFoldersSynced", PsValue::I32(12));
        let object = call.organization().object(&device, view);
        call.output(object)?;
    }
    Ok(())
}

/// Takes a device away, or asks it to wipe itself when it comes next.
fn end(call: &mut Call<'_>, removes: bool) -> Outcome {
    let text = call.text("Identity").unwrap_or_default();
    let (owner, device) = match find(call, &text) {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let operation = if removes { "Remove mobile device" } else { "Wipe mobile device" };
    if !call.should_process(operation, &identity(&owner, &device))? {
        return Ok(());
    }
    let mut all = call.organization().read(|state| state.children(&owner, NOUN));
    if removes {
        all.retain(|one| one.guid != device.guid);
    } else {
        for one in all.iter_mut().filter(|one| one.guid == device.guid) {
            one.set("DeviceAccessState", "Blocked");
            one.set("DeviceAccessStateReason", "Individual");
        }
    }
    call.organization().write(|state| state.set_children(owner.id, NOUN, all));
    keep(call, owner);
    Ok(())
}
