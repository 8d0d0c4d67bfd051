//! Get-, Set- and Remove-UserPhoto: the picture of a person, on servers.
//!
//! A picture is kept as it came; it is not made smaller.

use super::mailbox::keep;
use super::reading::{Reading, identified};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::{Base, PsObject, PsValue};
use crate::sim::org::belongings::photo;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::mix;
use crate::sim::org::{canonical_name, schema};

const NOUN: &str = "UserPhoto";

/// What is shown, and what was uploaded and waits for -Save.
const PHOTO: &str = "photo";
const PREVIEW: &str = "preview";

/// Larger pictures are refused, as Exchange does.
const BYTES_MAX: usize = 20 * 1024 * 1024;

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec(
            "Get-UserPhoto",
            &[
                "Identity",
                "Preview",
                "Anr",
                "Filter",
                "ResultSize",
                "SortBy",
                "OrganizationalUnit",
                "~IgnoreDefaultScope",
            ],
            |_| Box::new(Each(get)),
        ),
        spec("Set-UserPhoto", &["Identity", "PictureData", "Preview", "Save", "Cancel", "~IgnoreDefaultScope"], |_| {
            Box::new(Tries(set))
        }),
        spec("Remove-UserPhoto", &["Identity", "~ClearMailboxPhotoRecord", "~IgnoreDefaultScope"], |_| {
            Box::new(Tries(remove))
        }),
    ]
}

fn bytes(value: &PsValue) -> Option<Vec<u8>> {
    match value {
        PsValue::Bytes(bytes) => Some(bytes.to_vec()),
        PsValue::Object(object) => match object.base() {
            Base::Value(inner) => bytes(&inner),
            Base::List(_, items) => items
                .iter()
                .map(|item| crate::sim::org::value::number_of(item).and_then(|number| u8::try_from(number).ok()))
                .collect(),
            _ => None,
        },
        _ => None,
    }
}

/// The picture of that name that somebody has.
fn picture(call: &Call<'_>, owner: &Entry, name: &str) -> Option<PsValue> {
    let kept = call.organization().read(|state| state.children(owner, NOUN));
    kept.into_iter().find(|entry| *entry.name == *name)?.get("PictureData").cloned()
}

/// Keeps these pictures, and no others.
fn keep_pictures(call: &Call<'_>, owner: Entry, pictures: [(&str, Option<PsValue>); 2]) {
    let entry = |(name, picture): (&str, Option<PsValue>)| Some(photo(&owner, name, picture?));
    let entries = pictures.into_iter().filter_map(entry).collect();
    call.organization().write(|state| state.set_children(owner.id, NOUN, entries));
    keep(call, owner);
}

fn shown(owner: &Entry, picture: &PsValue) -> Result<PsObject, Halt> {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let mark = bytes(picture).unwrap_or_default().iter().fold(7u64, |sum, byte| mix(sum ^ u64::from(*byte)));
    Ok(view.record(&[
        ("Identity", canonical_name(owner).into()),
        ("PictureData", picture.clone()),
        ("Thumbprint", PsValue::I32(mark as i32)),
    ]))
}

fn get(call: &mut Call<'_>) -> Outcome {
    let name = if call.flag("Preview") { PREVIEW } else { PHOTO };
    let organization = std::sync::Arc::clone(&call.context.organization);
    let has =
        |entry: &Entry| organization.read(|state| state.children(entry, NOUN)).iter().any(|photo| *photo.name == *name);
    let one = call.text("Identity").filter(|identity| !identity.contains('*')).is_some();
    let view = schema::view("Mailbox").ok_or(Halt::Stopped)?;
    let unit = call.text("OrganizationalUnit");
    let keeps = |entry: &Entry| (one || has(entry)) && super::reading::unit_fits(unit.as_deref(), entry);
    Reading { view, classes: Class::MAILBOXES, keeps: &keeps }.each(call, &mut |call, entry| match picture(
        call, entry, name,
    ) {
        Some(picture) => {
            let object = shown(entry, &picture)?;
            call.output(object)
        }
        None => {
            let message = format!("There is no photo stored here for user \"{}\".", canonical_name(entry));
            call.error(Failure::refused(message))
        }
    })
}

fn set(call: &mut Call<'_>) -> Attempt {
    let mailbox = identified(call, Class::MAILBOXES)?;
    let name = canonical_name(&mailbox);
    let given = match call.value("PictureData") {
        None => None,
        Some(given) => {
            let data = bytes(given).unwrap_or_default();
            let is_picture = data.starts_with(&[0xff, 0xd8, 0xff]) || data.starts_with(b"\x89PNG\r\n\x1a\n");
            if !is_picture || data.len() > BYTES_MAX {
                let message = "The picture must be a JPEG or PNG of at most 20 MB.";
                return Err(Failure::invalid("PictureData", message).into());
            }
            Some(given.clone())
        }
    };
    let waits = picture(call, &mailbox, PREVIEW);
    let [previews, saves, cancels] = ["Preview", "Save", "Cancel"].map(|flag| call.flag(flag));
    if given.is_none() && (saves || cancels) && waits.is_none() {
        return Err(Failure::refused(format!("No photo was uploaded for \"{name}\" that waits to be saved.")).into());
    }
    if given.is_none() && !saves && !cancels {
        return Err(Failure::invalid("PictureData", "A picture is needed.").into());
    }
    if !call.confirmed("Set the photo of", &name)? {
        return Ok(());
    }
    let now = picture(call, &mailbox, PHOTO);
    let (photo, preview) = match given {
        Some(given) if previews => (now, Some(given)),
        Some(given) => (Some(given), None),
        None if saves => (waits, None),
        None => (now, None),
    };
    keep_pictures(call, mailbox, [(PHOTO, photo), (PREVIEW, preview)]);
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let mailbox = identified(call, Class::MAILBOXES)?;
    let name = canonical_name(&mailbox);
    if picture(call, &mailbox, PHOTO).is_none() {
        return Err(Failure::refused(format!("There is no photo stored here for user \"{name}\".")).into());
    }
    if call.should_process("Remove the photo of", &name)? {
        keep_pictures(call, mailbox, [(PHOTO, None), (PREVIEW, None)]);
    }
    Ok(())
}
