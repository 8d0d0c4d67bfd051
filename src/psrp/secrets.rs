//! Secure strings inside values: found and replaced, whatever they are nested in.
//!
//! Which key applies is decided by `client` and `server`.

use std::sync::Arc;

use crate::clixml::{Base, ClixmlError, Member, PsObject, PsValue, SecureText, SessionKey};

/// How secure strings travel.
#[derive(Debug, Clone, Copy)]
pub(super) enum SecretForm<'a> {
    /// Since protocol 2.4: not encrypted.
    Plain,
    /// Before: with the session key.
    Key(&'a SessionKey),
}

/// Whether a body may hold a secure string.
pub(super) fn mentions_secret(body: &[u8]) -> bool {
    memchr::memmem::find(body, b"<SS").is_some()
}

/// The value with every secure string readable.
pub(super) fn reveal(value: PsValue, form: SecretForm<'_>) -> Result<PsValue, ClixmlError> {
    let decode = |secret: &SecureText| -> Result<Option<SecureText>, ClixmlError> {
        let SecureText::Encrypted(text) = secret else { return Ok(None) };
        let plain = match form {
            SecretForm::Plain => SessionKey::decode_plain(text)?,
            SecretForm::Key(key) => key.decrypt(text)?,
        };
        Ok(Some(SecureText::Plain(Arc::new(plain))))
    };
    Ok(map_value(&value, &decode)?.unwrap_or(value))
}

/// The value with every secure string that was encrypted with `key` readable.
///
/// # Errors
/// When one was not encrypted with that key.
pub fn reveal_secrets(value: PsValue, key: &SessionKey) -> Result<PsValue, ClixmlError> {
    reveal(value, SecretForm::Key(key))
}

/// The value with every secure string in the form of protocol 2.4; `None` when there is none to change.
pub(super) fn encode_plain(value: &PsValue) -> Result<Option<PsValue>, ClixmlError> {
    map_value(value, &|secret| {
        let SecureText::Plain(plain) = secret else { return Ok(None) };
        Ok(Some(SecureText::Encrypted(SessionKey::encode_plain(plain).into())))
    })
}

type Change<'a> = &'a dyn Fn(&SecureText) -> Result<Option<SecureText>, ClixmlError>;

/// `None` when nothing in `value` changes, so that untouched objects keep their identity.
fn map_value(value: &PsValue, change: Change<'_>) -> Result<Option<PsValue>, ClixmlError> {
    match value {
        PsValue::SecureString(secret) => Ok(change(secret)?.map(PsValue::SecureString)),
        PsValue::Object(object) => Ok(map_object(object, change)?.map(PsValue::Object)),
        _ => Ok(None),
    }
}

fn map_object(object: &PsObject, change: Change<'_>) -> Result<Option<PsObject>, ClixmlError> {
    let base = object.base();
    let new_base = match &base {
        Base::None => None,
        Base::Value(value) => map_value(value, change)?.map(Base::Value),
        Base::List(kind, items) => {
            map_slice(items, |item| map_value(item, change))?.map(|new| Base::List(*kind, new.into()))
        }
        Base::Dictionary(entries) => {
            map_slice(entries, |(key, value)| Ok(map_value(value, change)?.map(|value| (key.clone(), value))))?
                .map(|new| Base::Dictionary(new.into()))
        }
    };
    let (adapted, extended) = (object.adapted(), object.extended());
    let map_members = |members: &Option<Vec<Member>>| match members {
        None => Ok(None),
        Some(members) => map_slice(members, |member| map_member(member, change)),
    };
    let (new_adapted, new_extended) = (map_members(&adapted)?, map_members(&extended)?);
    if new_base.is_none() && new_adapted.is_none() && new_extended.is_none() {
        return Ok(None);
    }
    let mut builder = PsObject::builder().base(new_base.unwrap_or(base));
    if let Some(types) = object.type_names() {
        builder = builder.types(types);
    }
    if let Some(text) = object.to_string_text() {
        builder = builder.to_string_text(text);
    }
    for member in new_adapted.or(adapted).into_iter().flatten() {
        if let Member::Property { name, value } = member {
            builder = builder.adapted(name, value);
        }
    }
    for member in new_extended.or(extended).into_iter().flatten() {
        builder = builder.extended_member(member);
    }
    Ok(Some(builder.build()))
}

fn map_member(member: &Member, change: Change<'_>) -> Result<Option<Member>, ClixmlError> {
    Ok(match member {
        Member::Property { name, value } => {
            map_value(value, change)?.map(|value| Member::Property { name: name.clone(), value })
        }
        Member::Set { name, members } => map_slice(members, |member| map_member(member, change))?
            .map(|members| Member::Set { name: name.clone(), members: members.into() }),
    })
}

/// The slice with changed items in place; `None` when no item changes.
fn map_slice<T: Clone>(
    items: &[T],
    mut change: impl FnMut(&T) -> Result<Option<T>, ClixmlError>,
) -> Result<Option<Vec<T>>, ClixmlError> {
    let mut changed: Option<Vec<T>> = None;
    for (index, item) in items.iter().enumerate() {
        if let Some(new) = change(item)? {
            changed.get_or_insert_with(|| items.to_vec())[index] = new;
        }
    }
    Ok(changed)
}
