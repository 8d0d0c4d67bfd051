//! Get-, Add- and Remove-UnifiedGroupLinks: members, owners and subscribers of Microsoft 365 groups.
//!
//! Owners and subscribers are members too; a group keeps at least one owner.

use super::mailbox::keep;
use super::reading::{find_one, identified, result_size};
use super::unified_group::{CLASSES, not_in, owners};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::sim::org::entry::{Class, Entry, EntryId};
use crate::sim::org::{canonical_name, schema, value};

const OUTPUT: &str = "Microsoft.Exchange.Data.Directory.Management.ReducedRecipient";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    vec![
        spec("Get-UnifiedGroupLinks", &["Identity", "LinkType", "ResultSize"], OUTPUT, |_| Box::new(Tries(get))),
        spec("Add-UnifiedGroupLinks", &["Identity", "LinkType", "Links"], "", |_| {
            Box::new(Tries(|call| change(call, true)))
        }),
        spec("Remove-UnifiedGroupLinks", &["Identity", "LinkType", "Links"], "", |_| {
            Box::new(Tries(|call| change(call, false)))
        }),
    ]
}

/// What somebody is to a group.
#[derive(Clone, Copy, PartialEq)]
enum Link {
    Member,
    Owner,
    Subscriber,
}

impl Link {
    /// The property that holds them; members are kept as those of every group.
    fn property(self) -> &'static str {
        if self == Self::Owner { "ManagedBy" } else { SUBSCRIBERS }
    }
}

const SUBSCRIBERS: &str = "Subscribers";

fn link(call: &Call<'_>) -> Result<Link, Failure> {
    let text = call.text("LinkType").unwrap_or_default();
    match text.to_ascii_lowercase().as_str() {
        "member" | "members" => Ok(Link::Member),
        "owner" | "owners" => Ok(Link::Owner),
        "subscriber" | "subscribers" => Ok(Link::Subscriber),
        _ => Err(Failure::conversion("LinkType", &text, "one of Members, Owners, Subscribers, Aggregators")),
    }
}

/// The people behind paths; who was removed since is not among them.
fn people(call: &Call<'_>, paths: &[String]) -> Vec<Entry> {
    paths.iter().filter_map(|path| find_one(call, path, Class::RECIPIENTS).ok()).collect()
}

fn get(call: &mut Call<'_>) -> Attempt {
    let group = identified(call, CLASSES)?;
    let found = match link(call)? {
        Link::Member => call.organization().read(|state| state.members(group.id)),
        link => people(call, &group.texts(link.property())),
    };
    let view = schema::view("Recipient").ok_or(Halt::Stopped)?;
    let (limit, _) = result_size(call)?;
    for entry in found.iter().take(limit) {
        let object = call.organization().object(entry, view);
        call.output(object)?;
    }
    Ok(())
}

fn change(call: &mut Call<'_>, adds: bool) -> Attempt {
    let mut group = identified(call, CLASSES)?;
    let link = link(call)?;
    let members: Vec<Entry> = call.organization().read(|state| state.members(group.id));
    let mut ids: Vec<EntryId> = members.iter().map(|member| member.id).collect();
    let mut paths = group.texts(link.property());
    for text in call.texts("Links") {
        let who = find_one(call, &text, Class::RECIPIENTS)?;
        let path = canonical_name(&who);
        let member = ids.contains(&who.id);
        match (link, adds) {
            (Link::Member, true) => ids.extend((!member).then_some(who.id)),
            (Link::Member, false) if !member => return Err(not_in(&group, &who, "member").into()),
            (Link::Member, false) if owners(&group).contains(&path) => {
                let message = format!("\"{}\" owns the group; take the ownership away first.", who.name);
                return Err(Failure::refused(message).into());
            }
            (Link::Member, false) => ids.retain(|id| *id != who.id),
            (_, true) if !member => return Err(not_in(&group, &who, "member").into()),
            (_, true) if !paths.contains(&path) => paths.push(path),
            (_, true) => {}
            (_, false) if !paths.contains(&path) => {
                let role = if link == Link::Owner { "owner" } else { "subscriber" };
                return Err(not_in(&group, &who, role).into());
            }
            (_, false) => paths.retain(|known| *known != path),
        }
    }
    if link == Link::Owner && paths.is_empty() {
        return Err(Failure::refused(format!("\"{}\" needs at least one owner.", group.name)).into());
    }
    let operation = if adds { "Add links to group" } else { "Remove links from group" };
    if call.should_process(operation, &canonical_name(&group))? {
        match link {
            Link::Member => call.organization().write(|state| state.set_members(group.id, ids)),
            link => group.set(link.property(), value::references(paths)),
        }
        keep(call, group);
    }
    Ok(())
}
