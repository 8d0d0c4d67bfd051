//! Get- and Set-Place: where rooms are and what is in them, online.

use super::reading::{find_one, result_size};
use super::writing::{assign_all, finish_change};
use super::{Attempt, Call, Each, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::Walk;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema;

const ROOMS: &[Class] = &[Class::RoomMailbox];

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-Place", &["Identity", "ResultSize", "Type"], |_| Box::new(Tries(get))),
        spec("Set-Place", &["Identity", "*"], |_| Box::new(Each(set))),
    ]
}

fn show(call: &mut Call<'_>, room: &Entry) -> Outcome {
    let view = schema::view("Place").ok_or(Halt::Stopped)?;
    let mut room = room.clone();
    // What was not said of the place is known from the mailbox.
    for (property, own) in
        [("City", "City"), ("State", "StateOrProvince"), ("CountryOrRegion", "CountryOrRegion"), ("Building", "Office")]
    {
        let key = format!("Place/{property}");
        if !room.properties.contains_key(key.as_str()) {
            let text = room.text(own);
            room.set(&key, text);
        }
    }
    room.set("Place/DisplayName", room.text("DisplayName"));
    if !room.properties.contains_key("Place/Capacity") {
        let capacity =
            room.get("ResourceCapacity").cloned().unwrap_or(PsValue::I32(i32::from(room.guid.as_bytes()[1] % 16) + 4));
        room.set("Place/Capacity", capacity);
    }
    let object = call.organization().object(&room, view);
    call.output(object)
}

fn get(call: &mut Call<'_>) -> Attempt {
    if let Some(text) = call.text("Identity") {
        let room = find_one(call, &text, ROOMS)?;
        return Ok(show(call, &room)?);
    }
    if call.text("Type").is_some_and(|kind| !kind.eq_ignore_ascii_case("room")) {
        return Ok(());
    }
    let (limit, _) = result_size(call)?;
    let mut walk = Walk::new(ROOMS);
    let mut shown = 0;
    while let Some(room) = walk.next(call.organization()).filter(|_| shown < limit) {
        show(call, &room)?;
        shown += 1;
    }
    Ok(())
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("Place").ok_or(Halt::Stopped)?;
    let identity = call.text("Identity").unwrap_or_default();
    let changed = find_one(call, &identity, ROOMS).and_then(|mut room| {
        let changed = assign_all(call, &mut room, &[view])?;
        Ok((room, changed))
    });
    finish_change(call, "Set place", changed)
}
