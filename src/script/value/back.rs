//! From Rhai to PowerShell: what an argument becomes before it is sent.
//!
//! Not here: which parameter it belongs to (`bind`).

use std::fmt;

use rhai::{Dynamic, Engine, ImmutableString};

use crate::clixml::{Base, ListKind, PsObject, PsValue, SecureText, TypeNames};
use crate::secret::Credential;

use super::super::failure::Failure;
use super::super::session::{ImportedModule, Session};
use super::super::state::RhaiResult;
use super::{DateTime, Decimal, EnumValue, Guid, Record, Results, Size, TimeSpan, Version};

/// A `SecureString`: carried, never shown.
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) SecureText);

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// Registers the secret type.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Secret>("Secret");
    super::text_forms::<Secret>(engine);
}

/// The value to send.
///
/// # Errors
/// For values that only mean something inside a script, such as functions.
pub(crate) fn from_dynamic(value: &Dynamic) -> RhaiResult<PsValue> {
    let value = value.flatten_clone();
    if value.is_unit() {
        return Ok(PsValue::Null);
    }
    if let Ok(truth) = value.as_bool() {
        return Ok(PsValue::Bool(truth));
    }
    if let Ok(number) = value.as_int() {
        // PowerShell's own literals are Int32 when they fit.
        return Ok(i32::try_from(number).map_or(PsValue::I64(number), PsValue::I32));
    }
    if let Ok(number) = value.as_float() {
        return Ok(PsValue::F64(number));
    }
    if value.is::<ImmutableString>() || value.is::<char>() {
        return Ok(PsValue::from(value.to_string()));
    }
    if let Ok(items) = value.as_array_ref() {
        let items: Vec<PsValue> = items.iter().map(from_dynamic).collect::<RhaiResult<_>>()?;
        return Ok(list(items));
    }
    if let Ok(map) = value.as_map_ref() {
        let entries: Vec<(PsValue, PsValue)> = map
            .iter()
            .map(|(key, value)| Ok((PsValue::from(key.as_str()), from_dynamic(value)?)))
            .collect::<RhaiResult<_>>()?;
        return Ok(hashtable(entries));
    }
    if let Ok(bytes) = value.as_blob_ref() {
        return Ok(PsValue::Bytes(bytes.as_slice().into()));
    }
    from_custom(&value)
}

fn from_custom(value: &Dynamic) -> RhaiResult<PsValue> {
    macro_rules! attempt {
        ($($kind:ty => $convert:expr),+ $(,)?) => {
            $(if let Some(inner) = value.read_lock::<$kind>() { return Ok(($convert)(&*inner)); })+
        };
    }
    attempt! {
        Record => |record: &Record| PsValue::Object(record.0.clone()),
        Results => |results: &Results| match &*results.0 {
            [one] => one.clone(),
            several => list(several.to_vec()),
        },
        DateTime => |date: &DateTime| PsValue::DateTime(date.0),
        TimeSpan => |span: &TimeSpan| PsValue::TimeSpan(span.0),
        Guid => |guid: &Guid| PsValue::Guid(guid.0),
        Version => |version: &Version| PsValue::Version(version.0),
        Decimal => |number: &Decimal| PsValue::Decimal(number.0),
        EnumValue => EnumValue::to_value,
        Size => Size::to_value,
        Credential => credential_value,
        Secret => |secret: &Secret| PsValue::SecureString(secret.0.clone()),
        Session => Session::to_value,
        ImportedModule => ImportedModule::to_value,
    }
    let kind = value.type_name().rsplit("::").next().unwrap_or_default();
    Err(Failure::script(format!("a value of type {kind} cannot be sent to a server")).into())
}

/// `Object[]`, as PowerShell sends an array.
#[must_use]
pub fn list(items: Vec<PsValue>) -> PsValue {
    let types = TypeNames::new(["System.Object[]", "System.Array", "System.Object"]);
    PsObject::builder().types(types).base(Base::List(ListKind::List, items.into())).build().into()
}

fn hashtable(entries: Vec<(PsValue, PsValue)>) -> PsValue {
    let types = TypeNames::new(["System.Collections.Hashtable", "System.Object"]);
    PsObject::builder().types(types).base(Base::Dictionary(entries.into())).build().into()
}

/// [MS-PSRP] 2.2.3.25 and facts of real PowerShell: a `PSCredential` is two adapted properties.
pub(crate) fn credential_value(credential: &Credential) -> PsValue {
    let name = "System.Management.Automation.PSCredential";
    PsObject::builder()
        .types(TypeNames::new([name, "System.Object"]))
        .to_string_text(name)
        .adapted("UserName", credential.user_name())
        .adapted("Password", PsValue::SecureString(plain(credential)))
        .build()
        .into()
}

fn plain(credential: &Credential) -> SecureText {
    SecureText::Plain(std::sync::Arc::new(credential.password().clone()))
}
