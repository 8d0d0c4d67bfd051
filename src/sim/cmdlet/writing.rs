//! What all Set- and New- cmdlets share: values into properties, lists with additions and removals, addresses.

use super::call::{Call, identity_text};
use super::mailbox::keep;
use super::reading::{find_one, short_name};
use super::{Failure, Outcome};
use crate::clixml::{Base, PsObject, PsValue};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema::{self, Column, Shape, View};
use crate::sim::org::{canonical_name, value};

/// Properties that hold recipients; the others that hold references hold policies, databases and servers.
const RECIPIENTS: &[&str] = &[
    "AcceptMessagesOnlyFrom",
    "AcceptMessagesOnlyFromDLMembers",
    "AcceptMessagesOnlyFromSendersOrMembers",
    "BypassModerationFromSendersOrMembers",
    "ForwardingAddress",
    "GrantSendOnBehalfTo",
    "ManagedBy",
    "Manager",
    "ModeratedBy",
    "RejectMessagesFrom",
    "RejectMessagesFromDLMembers",
    "RejectMessagesFromSendersOrMembers",
];

/// Parameters that share a property's name and are handled by themselves.
const BY_HAND: &[&str] = &[
    "Identity",
    "Name",
    "EmailAddresses",
    "PrimarySmtpAddress",
    "WindowsEmailAddress",
    "ExternalEmailAddress",
    "Members",
];

/// Properties whose default follows from the object and which may be set all the same.
const SET_THOUGH_COMPUTED: &[&str] = &["AutomateProcessing"];

/// Properties that hold an object of the configuration, with the noun it must be of.
const CONFIGURED: &[(&str, &str)] = &[
    ("Database", "MailboxDatabase"),
    ("ArchiveDatabase", "MailboxDatabase"),
    ("RetentionPolicy", "RetentionPolicy"),
    ("RetentionPolicyTagLinks", "RetentionPolicyTag"),
    ("OwaMailboxPolicy", "OwaMailboxPolicy"),
    ("ActiveSyncMailboxPolicy", "MobileDeviceMailboxPolicy"),
    ("AuthenticationPolicy", "AuthenticationPolicy"),
];

/// The end of a Set- cmdlet: says what is wrong, asks, says when all was as asked, else keeps the changed entry.
pub(super) fn finish_change(call: &mut Call<'_>, action: &str, changed: Result<(Entry, bool), Failure>) -> Outcome {
    let (entry, changed) = match changed {
        Ok(changed) => changed,
        Err(failure) => return call.error(failure),
    };
    let target = canonical_name(&entry);
    if !call.should_process(action, &target)? {
        return Ok(());
    }
    if !changed {
        return call.warning(&format!("nothing of \"{target}\" was changed: it was all as asked"));
    }
    keep(call, entry);
    Ok(())
}

/// Properties, name and addresses of a recipient; true when something changed.
pub(super) fn assign_recipient(call: &Call<'_>, entry: &mut Entry, view: &View) -> Result<bool, Failure> {
    let changed = assign_all(call, entry, &[view])?;
    Ok(changed | assign_name(call, entry)? | assign_addresses(call, entry)?)
}

/// Puts every bound parameter that is a property of one of the views into the entry; true when something changed.
pub(super) fn assign_all(call: &Call<'_>, entry: &mut Entry, views: &[&View]) -> Result<bool, Failure> {
    let mut changed = false;
    for bound in &call.bound.parameters {
        if BY_HAND.iter().any(|name| name.eq_ignore_ascii_case(&bound.name)) {
            continue;
        }
        let Some(column) = views.iter().find_map(|view| view.column(&bound.name)) else { continue };
        let computed = column.shape == Shape::Computed;
        if computed && !SET_THOUGH_COMPUTED.contains(&&*column.name) {
            continue;
        }
        let old = entry.properties.get(&column.key).unwrap_or(&column.default).clone();
        let new = converted(call, column, &bound.value, &old)?;
        if value::texts_of(&old) != value::texts_of(&new) || old.is_null() != new.is_null() {
            entry.properties.insert(column.key.clone(), new);
            changed = true;
        }
    }
    Ok(changed)
}

/// A given value as the property keeps it.
fn converted(call: &Call<'_>, column: &Column, given: &PsValue, old: &PsValue) -> Result<PsValue, Failure> {
    let text = || value::plain_text(given).unwrap_or_default();
    let fail = |wanted: &str| Failure::conversion(&column.name, &text(), wanted);
    if given.is_null() {
        return Ok(match column.shape {
            Shape::Text => "".into(),
            Shape::Texts => value::texts::<&str>([]),
            Shape::References => value::references::<&str>([]),
            Shape::Bool | Shape::Size | Shape::Quota | Shape::Count | Shape::Span | Shape::Guid => {
                return Err(fail("a value that is not null"));
            }
            _ => PsValue::Null,
        });
    }
    Ok(match column.shape {
        Shape::Bool | Shape::BoolOrNull => {
            PsValue::Bool(value::bool_of(given).ok_or_else(|| fail("type \"System.Boolean\""))?)
        }
        Shape::Int => PsValue::I32(text().trim().parse().map_err(|_| fail("type \"System.Int32\""))?),
        Shape::UInt => PsValue::U32(text().trim().parse().map_err(|_| fail("type \"System.UInt32\""))?),
        Shape::Int64 => PsValue::I64(text().trim().parse().map_err(|_| fail("type \"System.Int64\""))?),
        Shape::Size | Shape::Quota if column.shape == Shape::Quota && is_unlimited(&text()) => "Unlimited".into(),
        Shape::Size | Shape::Quota => {
            let bytes = value::parse_size(&text()).ok_or_else(|| fail("a size such as 45GB"))?;
            value::size_text(bytes).into()
        }
        Shape::Count if is_unlimited(&text()) => "Unlimited".into(),
        Shape::Count => {
            let number = text().trim().to_owned();
            let plain = number.parse::<u64>().is_ok();
            let span = value::parse_span(&number);
            if plain { number.into() } else { span.ok_or_else(|| fail("a number or Unlimited"))?.into() }
        }
        Shape::Span => value::parse_span(&text()).ok_or_else(|| fail("a time span such as 30.00:00:00"))?.into(),
        Shape::Date => value::local(value::timestamp_of(given).ok_or_else(|| fail("type \"System.DateTime\""))?),
        Shape::Guid | Shape::GuidOrNull => PsValue::Guid(text().parse().map_err(|_| fail("type \"System.Guid\""))?),
        Shape::Texts | Shape::TextsOrNull => value::texts(changed_list(given, old, &|item| Ok(item))?),
        Shape::References => value::references(changed_list(given, old, &|item| reference(call, column, &item))?),
        Shape::Reference => reference(call, column, &identity_text(given).unwrap_or_default())?.into(),
        Shape::Addresses => value::addresses(addresses(changed_list(given, old, &|item| Ok(item))?)),
        Shape::Choice | Shape::ChoiceOrNull => choice(call, column, &text())?.into(),
        Shape::Text | Shape::TextOrNull | Shape::Computed => text().into(),
    })
}

fn is_unlimited(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("unlimited")
}

/// The documented spelling of an enumeration's value.
fn choice(call: &Call<'_>, column: &Column, text: &str) -> Result<String, Failure> {
    let command = call.context.commands.find(call.cmdlet);
    let values: Vec<String> = command
        .as_ref()
        .and_then(|definition| definition.cmdlet.parameter(&column.name))
        .map(|parameter| parameter.values.iter().map(ToString::to_string).collect())
        .unwrap_or_default();
    match values.iter().find(|known| known.eq_ignore_ascii_case(text)) {
        Some(known) => Ok(known.clone()),
        None if values.is_empty() => Ok(text.to_owned()),
        None => {
            let wanted = format!("one of {}", values.join(", "));
            Err(Failure::conversion(&column.name, text, &wanted))
        }
    }
}

/// What a reference is shown as; recipients and databases must exist.
fn reference(call: &Call<'_>, column: &Column, text: &str) -> Result<String, Failure> {
    if RECIPIENTS.contains(&&*column.name) {
        return Ok(canonical_name(&find_one(call, text, Class::RECIPIENTS)?));
    }
    if let Some((_, noun)) = CONFIGURED.iter().find(|(name, _)| *name == &*column.name)
        && !text.is_empty()
    {
        return Ok(find_one(call, &short_name(text.to_owned()), schema::config_classes(noun))?.name.to_string());
    }
    Ok(text.to_owned())
}

/// The list after a change: `@{Add=…; Remove=…}` changes the old one, anything else replaces it.
pub(super) fn changed_list(
    given: &PsValue,
    old: &PsValue,
    read: &dyn Fn(String) -> Result<String, Failure>,
) -> Result<Vec<String>, Failure> {
    if let PsValue::Object(object) = given
        && let Some(changes) = additions_and_removals(object)
    {
        let mut list = value::texts_of(old);
        let (add, remove) = changes;
        for item in remove {
            let item = read(item)?;
            list.retain(|known| !same_item(known, &item));
        }
        for item in add {
            let item = read(item)?;
            if !list.iter().any(|known| same_item(known, &item)) {
                list.push(item);
            }
        }
        return Ok(list);
    }
    let items: Vec<String> = match given {
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => items.iter().filter_map(identity_text).collect(),
            _ => identity_text(given).into_iter().collect(),
        },
        _ => identity_text(given).into_iter().collect(),
    };
    items.into_iter().map(read).collect()
}

fn same_item(one: &str, two: &str) -> bool {
    let plain = |text: &str| {
        let lower = text.to_lowercase();
        lower.strip_prefix("smtp:").map_or(lower.clone(), ToOwned::to_owned)
    };
    plain(one) == plain(two)
}

fn additions_and_removals(object: &PsObject) -> Option<(Vec<String>, Vec<String>)> {
    let Base::Dictionary(entries) = object.base() else { return None };
    let pick = |wanted: &str| {
        entries
            .iter()
            .filter(|(key, _)| value::plain_text(key).is_some_and(|key| key.eq_ignore_ascii_case(wanted)))
            .flat_map(|(_, value)| match value {
                PsValue::Object(inner) => match inner.base() {
                    Base::List(_, items) => items.iter().filter_map(identity_text).collect(),
                    _ => identity_text(value).into_iter().collect(),
                },
                _ => identity_text(value).into_iter().collect::<Vec<_>>(),
            })
            .collect::<Vec<String>>()
    };
    Some((pick("Add"), pick("Remove")))
}

/// Addresses with their scheme; exactly one is the primary one.
fn addresses(items: Vec<String>) -> Vec<String> {
    let mut seen_primary = false;
    let mut list: Vec<String> = items
        .into_iter()
        .map(|item| match item.split_once(':') {
            Some(("SMTP", address)) if seen_primary => format!("smtp:{address}"),
            Some(("SMTP", _)) => {
                seen_primary = true;
                item
            }
            Some(_) => item,
            None => format!("smtp:{item}"),
        })
        .collect();
    if !seen_primary && let Some(first) = list.iter_mut().find(|address| address.starts_with("smtp:")) {
        *first = format!("SMTP:{}", &first[5..]);
    }
    list
}

/// Sets the addresses: -EmailAddresses, -PrimarySmtpAddress, -WindowsEmailAddress. True when something changed.
pub(super) fn assign_addresses(call: &Call<'_>, entry: &mut Entry) -> Result<bool, Failure> {
    let old = entry.get("EmailAddresses").cloned().unwrap_or_else(|| value::addresses::<&str>([]));
    let mut list = value::texts_of(&old);
    if let Some(given) = call.value("EmailAddresses") {
        list = addresses(changed_list(given, &old, &|item| Ok(item))?);
    }
    for parameter in ["PrimarySmtpAddress", "WindowsEmailAddress"] {
        let Some(address) = call.text(parameter) else { continue };
        let by_policy = entry.get("EmailAddressPolicyEnabled").and_then(value::bool_of).unwrap_or(true);
        if by_policy && call.cmdlet.starts_with("Set-") {
            return Err(Failure::refused(format!(
                "The addresses of \"{}\" follow an e-mail address policy; set EmailAddressPolicyEnabled to $false to set them by hand.",
                entry.name
            )));
        }
        list.retain(|known| !same_item(known, &address));
        for known in &mut list {
            if let Some(rest) = known.strip_prefix("SMTP:") {
                *known = format!("smtp:{rest}");
            }
        }
        list.insert(0, format!("SMTP:{address}"));
    }
    if list == value::texts_of(&old) {
        return Ok(false);
    }
    for address in &list {
        check_address(call, entry, address)?;
    }
    entry.set("EmailAddresses", value::addresses(list));
    Ok(true)
}

/// An address must be one, and nobody else's.
pub(super) fn check_address(call: &Call<'_>, entry: &Entry, address: &str) -> Result<(), Failure> {
    let Some(plain) = address.get(5..).filter(|_| address[..5].eq_ignore_ascii_case("smtp:")) else { return Ok(()) };
    let valid = plain.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.contains('@') && !plain.contains([' ', ',', ';'])
    });
    if !valid {
        return Err(Failure::invalid("EmailAddresses", format!("\"{plain}\" isn't a valid SMTP address.")));
    }
    let others = call.organization().read(|state| state.find(plain, Class::RECIPIENTS));
    match others.into_iter().find(|other| other.id != entry.id) {
        Some(other) => Err(Failure::refused(format!(
            "The proxy address \"{address}\" is already being used by \"{}\". Please choose another proxy address.",
            canonical_name(&other)
        ))),
        None => Ok(()),
    }
}

/// Renames an object, when -Name asks for it. True when the name changed.
pub(super) fn assign_name(call: &Call<'_>, entry: &mut Entry) -> Result<bool, Failure> {
    let Some(name) = call.text("Name").filter(|name| *name != *entry.name) else { return Ok(false) };
    check_name(call, &name, entry)?;
    entry.name = name.into();
    Ok(true)
}

/// A name must be free, and short enough for the directory.
pub(super) fn check_name(call: &Call<'_>, name: &str, entry: &Entry) -> Result<(), Failure> {
    if name.trim().is_empty() || name.chars().count() > 64 {
        return Err(Failure::invalid("Name", "A name has 1 to 64 characters."));
    }
    let classes: &[Class] = if entry.class.is_recipient() { ALL_OBJECTS } else { &[entry.class] };
    let others = call.organization().read(|state| state.find(name, classes));
    if others.iter().any(|other| other.id != entry.id && other.name.eq_ignore_ascii_case(name)) {
        return Err(Failure::already_exists("name", name));
    }
    Ok(())
}

/// Everything with a place in the directory's tree of users and groups.
pub(super) const ALL_OBJECTS: &[Class] = &[
    Class::UserMailbox,
    Class::SharedMailbox,
    Class::RoomMailbox,
    Class::EquipmentMailbox,
    Class::User,
    Class::MailUser,
    Class::MailContact,
    Class::Contact,
    Class::Group,
    Class::PlainSecurityGroup,
    Class::DistributionGroup,
    Class::SecurityGroup,
    Class::DynamicGroup,
    Class::UnifiedGroup,
    Class::PublicFolder,
    Class::RemoteMailbox,
];

/// A letter-and-digit version of a name, for an alias nobody gave.
pub(super) fn alias_of(name: &str) -> String {
    let kept: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect();
    if kept.is_empty() { "recipient".to_owned() } else { kept }
}
