//! Get-, Set-, Enable- and Disable-MailPublicFolder: public folders with an address.

use super::mailbox::keep;
use super::public_folder::folder;
use super::reading::{Reading, find_one, identified};
use super::writing::{alias_of, assign_recipient, check_address, check_name, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::DOMAIN;
use crate::sim::org::{canonical_name, schema, value};

const NOUN: &str = "MailPublicFolder";
const CLASSES: &[Class] = &[Class::PublicFolder];

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-MailPublicFolder", &["Identity", "Anr", "Filter", "ResultSize", "SortBy"], |_| Box::new(Each(get))),
        spec(
            "Set-MailPublicFolder",
            &["Identity", "*", "Name", "EmailAddresses", "PrimarySmtpAddress", "WindowsEmailAddress"],
            |_| Box::new(Each(set)),
        ),
        spec("Enable-MailPublicFolder", &["Identity", "HiddenFromAddressListsEnabled"], |_| Box::new(Tries(enable))),
        spec("Disable-MailPublicFolder", &["Identity"], |_| Box::new(Tries(disable))),
    ]
}

/// The recipient of a folder, by its own names or by the folder's path.
fn meant(call: &Call<'_>) -> Result<Entry, Failure> {
    let text = call.text("Identity").unwrap_or_default();
    if text.starts_with('\\') {
        let guid = folder(call, &text)?.get("MailRecipientGuid").and_then(value::plain_text);
        return find_one(call, &guid.ok_or_else(|| Failure::not_found(&text, None))?, CLASSES);
    }
    identified(call, CLASSES)
}

fn get(call: &mut Call<'_>) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    if call.text("Identity").is_some_and(|text| text.starts_with('\\')) {
        return match meant(call) {
            Ok(entry) => super::reading::show(call, &entry, NOUN),
            Err(failure) => call.error(failure),
        };
    }
    Reading { view, classes: CLASSES, keeps: &|_| true }.each(call, &mut |call, entry| {
        let object = call.organization().object(entry, view);
        call.output(object)
    })
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let changed = meant(call).and_then(|mut entry| {
        let changed = assign_recipient(call, &mut entry, view)?;
        Ok((entry, changed))
    });
    finish_change(call, "Set mail-enabled public folder", changed)
}

fn enable(call: &mut Call<'_>) -> Attempt {
    let mut folder = folder(call, &call.text("Identity").unwrap_or_default())?;
    if folder.get("MailEnabled").and_then(value::bool_of) == Some(true) {
        return Err(Failure::refused(format!("\"{}\" is mail-enabled already.", folder.name)).into());
    }
    let name = folder.text("Name");
    let now = call.organization().now();
    let mut recipient = call.organization().write(|state| state.fresh(Class::PublicFolder, &name, now));
    check_name(call, &name, &recipient)?;
    let alias = alias_of(&name);
    let address = format!("SMTP:{alias}@{DOMAIN}");
    check_address(call, &recipient, &address)?;
    recipient.set("DisplayName", name);
    recipient.set("EmailAddresses", value::addresses([address]));
    recipient.set("Alias", alias);
    recipient.set("EntryId", folder.guid.simple().to_string());
    recipient.set("HiddenFromAddressListsEnabled", call.flag("HiddenFromAddressListsEnabled"));
    if call.should_process("Enable mail for public folder", &folder.name)? {
        folder.set("MailEnabled", true);
        folder.set("MailRecipientGuid", PsValue::Guid(recipient.guid));
        keep(call, recipient);
        keep(call, folder);
    }
    Ok(())
}

fn disable(call: &mut Call<'_>) -> Attempt {
    let recipient = meant(call)?;
    if !call.should_process("Disable mail for public folder", &canonical_name(&recipient))? {
        return Ok(());
    }
    for mut folder in super::reading::objects(call, super::public_folder::NOUN) {
        if folder.get("MailRecipientGuid").and_then(value::plain_text) == Some(recipient.guid.to_string()) {
            folder.set("MailEnabled", false);
            folder.set("MailRecipientGuid", PsValue::Null);
            keep(call, folder);
        }
    }
    call.organization().write(|state| state.remove(recipient.id));
    Ok(())
}
