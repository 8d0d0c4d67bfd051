//! Exchange's objects as `serializationLevel=Full` sends them: sizes, spans, addresses, references and enumerations are
//! objects with parts instead of their texts.
//!
//! The forms are those of Exchange's own Export-Clixml files, without the binary `SerializationData`, which no client
//! may read. Enumerations whose numbers are not known stay texts. What properties there are is the schema's.

mod lists;

use std::collections::HashMap;
use std::sync::LazyLock;

use uuid::Uuid;

use super::schema::{Shape, View, views};
use super::seed::DOMAIN;
use super::value::plain_text;
use crate::catalog::bind::parse_time_span;
use crate::clixml::{Base, ListKind, PsObject, PsValue, TypeNames};

/// Whether a query asks for it: `serializationLevel=Full` between `;` or `&`, in any case.
pub(crate) fn asked_for(query: &str) -> bool {
    query.split([';', '&']).any(|pair| pair.eq_ignore_ascii_case("serializationLevel=Full"))
}

/// The value with the parts of its properties; what is no object of the schema comes back as it is.
pub(crate) fn full(value: PsValue) -> PsValue {
    let PsValue::Object(object) = &value else { return value };
    let view = object.type_names().and_then(|types| types.first().and_then(|name| BY_TYPE.get(name)));
    let (Some(view), Some(members)) = (view, object.adapted()) else { return value };
    let own = Own { object };
    let mut builder = PsObject::builder();
    if let Some(types) = object.type_names() {
        builder = builder.types(types);
    }
    if let Some(text) = object.to_string_text() {
        builder = builder.to_string_text(text);
    }
    for member in &members {
        let (name, given) = (member.name(), member.value().unwrap_or(&PsValue::Null));
        let shape = view.column(name).map_or(Shape::Text, |column| column.shape);
        builder = builder.adapted(name.clone(), own.part(name, shape, given));
    }
    for member in object.extended().unwrap_or_default() {
        builder = builder.extended_member(member);
    }
    builder.build().into()
}

static BY_TYPE: LazyLock<HashMap<&'static str, &'static View>> = LazyLock::new(|| {
    let named = |view: &'static View| view.types.first().map(|name| (name, view));
    views().iter().filter_map(named).collect()
});

/// The object that is being taken apart.
struct Own<'a> {
    object: &'a PsObject,
}

impl Own<'_> {
    fn part(&self, name: &str, shape: Shape, value: &PsValue) -> PsValue {
        if let PsValue::Object(object) = value
            && let Base::List(_, items) = object.base()
        {
            return match shape {
                Shape::References => list(&REFERENCES, items.iter().map(|item| reference(&text(item)))),
                Shape::Addresses => list(&ADDRESSES, items.iter().map(|item| proxy_address(&text(item)))),
                _ => lists::of_property(name, items.iter().map(text)).unwrap_or_else(|| value.clone()),
            };
        }
        let Some(shown) = plain_text(value) else { return value.clone() };
        if let Some(found) = enumeration(name, &shown) {
            return found;
        }
        match (name, shape) {
            ("Identity" | "Id" | "ObjectId" | "MailboxIdentity", Shape::Computed) => self.identity(&shown),
            ("InternalUrl" | "ExternalUrl", _) if !shown.is_empty() => PsValue::Uri(shown.into()),
            ("OrganizationId", _) => organization_id(&shown),
            ("DistributionGroupNamingPolicy", _) => naming_policy(&shown),
            ("RootPublicFolderMailbox", _) => public_folder_information(&shown),
            (
                "ExchangeVersion" | "AdminDisplayVersion" | "PreviousAdminDisplayVersion" | "RBACConfigurationVersion",
                _,
            ) => object_version(&shown).or_else(|| server_version(&shown)).unwrap_or_else(|| value.clone()),
            (name, _) if is_smtp_address(name) && shown.contains('@') => smtp_address(&shown),
            ("DomainName", _) if self.is("AcceptedDomain") => smtp_domain(&shown),
            ("ObjectCategory", _) | (_, Shape::Reference) if !shown.is_empty() => reference(&shown),
            (_, Shape::Quota) => unlimited(&SIZE, &shown, |text| text.into()),
            (_, Shape::Count) => {
                unlimited(&COUNT, &shown, |text| text.parse().map_or_else(|_| text.into(), PsValue::I32))
            }
            (_, Shape::Span) => time_span(&shown).unwrap_or_else(|| value.clone()),
            _ => value.clone(),
        }
    }

    fn is(&self, noun: &str) -> bool {
        self.object.type_names().is_some_and(|types| types.first().is_some_and(|name| name.ends_with(noun)))
    }

    /// The object's own id, which knows its place and its number.
    fn identity(&self, shown: &str) -> PsValue {
        let place = self.object.get("DistinguishedName").map(|name| text(&name)).unwrap_or_default();
        match self.object.get("Guid") {
            Some(PsValue::Guid(guid)) if !place.is_empty() => object_id(shown, &place, guid),
            _ => reference(shown),
        }
    }
}

fn text(value: &PsValue) -> String {
    plain_text(value).unwrap_or_default()
}

const VERSION: &str = "Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35";

static REFERENCES: LazyLock<TypeNames> = LazyLock::new(|| {
    let of = format!("[[Microsoft.Exchange.Data.Directory.ADObjectId, Microsoft.Exchange.Data.Directory, {VERSION}]]");
    TypeNames::new([
        format!("Microsoft.Exchange.Data.Directory.ADMultiValuedProperty`1{of}"),
        format!("Microsoft.Exchange.Data.MultiValuedProperty`1{of}"),
        "Microsoft.Exchange.Data.MultiValuedPropertyBase".to_owned(),
        "System.Object".to_owned(),
    ])
});

static ADDRESSES: LazyLock<TypeNames> = LazyLock::new(|| {
    let of = format!("[[Microsoft.Exchange.Data.ProxyAddress, Microsoft.Exchange.Data, {VERSION}]]");
    TypeNames::new([
        "Microsoft.Exchange.Data.ProxyAddressCollection".to_owned(),
        format!("Microsoft.Exchange.Data.ProxyAddressBaseCollection`1{of}"),
        format!("Microsoft.Exchange.Data.MultiValuedProperty`1{of}"),
        "Microsoft.Exchange.Data.MultiValuedPropertyBase".to_owned(),
        "System.Object".to_owned(),
    ])
});

static SIZE: LazyLock<TypeNames> = LazyLock::new(|| {
    let of = format!("[[Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data, {VERSION}]]");
    unlimited_of(&of)
});

static COUNT: LazyLock<TypeNames> = LazyLock::new(|| {
    unlimited_of("[[System.Int32, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]")
});

fn unlimited_of(what: &str) -> TypeNames {
    TypeNames::new([
        format!("Microsoft.Exchange.Data.Unlimited`1{what}"),
        "System.ValueType".to_owned(),
        "System.Object".to_owned(),
    ])
}

fn list(types: &TypeNames, items: impl Iterator<Item = PsValue>) -> PsValue {
    let items: Vec<PsValue> = items.collect();
    PsObject::builder().types(types.clone()).base(Base::List(ListKind::List, items.into())).build().into()
}

fn object(types: &[&str], shown: &str, parts: Vec<(&str, PsValue)>) -> PsValue {
    let builder = PsObject::builder().types(TypeNames::new(types.iter().copied())).to_string_text(shown);
    parts.into_iter().fold(builder, |builder, (name, value)| builder.adapted(name, value)).build().into()
}

fn unlimited(types: &TypeNames, shown: &str, value: impl FnOnce(&str) -> PsValue) -> PsValue {
    let is_unlimited = shown.eq_ignore_ascii_case("Unlimited");
    let builder = PsObject::builder().types(types.clone()).to_string_text(shown);
    let builder = builder.adapted("IsUnlimited", PsValue::Bool(is_unlimited));
    let builder = if is_unlimited { builder } else { builder.adapted("Value", value(shown)) };
    builder.build().into()
}

/// `contoso.com/Users/Kim Akers`, or a name alone: then where it is kept is not known.
fn reference(shown: &str) -> PsValue {
    let Some((domain, path)) = shown.split_once('/').filter(|(domain, _)| domain.contains('.')) else {
        return object_id(shown, &format!("CN={shown}"), Uuid::nil());
    };
    let steps: Vec<String> = path.split('/').rev().map(|step| format!("CN={step}")).collect();
    let roots: Vec<String> = domain.split('.').map(|label| format!("DC={label}")).collect();
    object_id(shown, &format!("{},{}", steps.join(","), roots.join(",")), Uuid::nil())
}

fn object_id(shown: &str, place: &str, guid: Uuid) -> PsValue {
    let steps: Vec<&str> = place.split(',').collect();
    let own = steps.first().copied().unwrap_or_default();
    let above = steps.get(1).and_then(|step| step.split_once('=')).map_or("", |(_, name)| name);
    let parent = shown.rsplit_once('/').map_or(above, |(parent, _)| parent);
    let depth = i32::try_from(steps.len()).unwrap_or(i32::MAX) - 1;
    let parts = vec![
        ("OrgHierarchyToIgnore", PsValue::Null),
        ("IsDeleted", PsValue::Bool(false)),
        ("Rdn", own.into()),
        ("Parent", parent.into()),
        ("Depth", PsValue::I32(depth)),
        ("DistinguishedName", place.into()),
        ("IsRelativeDn", PsValue::Bool(false)),
        ("DomainId", DOMAIN.into()),
        ("PartitionGuid", PsValue::Guid(PARTITION)),
        ("PartitionFQDN", DOMAIN.into()),
        ("ObjectGuid", PsValue::Guid(guid)),
        ("Name", own.split_once('=').map_or(own, |(_, name)| name).into()),
    ];
    let types = ["Microsoft.Exchange.Data.Directory.ADObjectId", "Microsoft.Exchange.Data.ObjectId", "System.Object"];
    object(&types, shown, parts)
}

/// Exchange's own number of the local forest.
const PARTITION: Uuid = Uuid::from_u128(0x59ce_2f71_eaa2_4ddf_a4fa_f250_69d0_b324);

fn organization_id(shown: &str) -> PsValue {
    let parts = vec![
        ("OrganizationalUnit", PsValue::Null),
        ("ConfigurationUnit", PsValue::Null),
        ("IsConsumerOrganization", PsValue::Bool(false)),
        ("IdForEventLog", "".into()),
    ];
    object(&["Microsoft.Exchange.Data.Directory.OrganizationId", "System.Object"], shown, parts)
}

/// How names of groups are made up; of none there are no elements.
fn naming_policy(shown: &str) -> PsValue {
    let parts = vec![
        ("PrefixElements", PsValue::Null),
        ("SuffixElements", PsValue::Null),
        ("IsEmpty", PsValue::Bool(shown.is_empty())),
    ];
    let types =
        ["Microsoft.Exchange.Data.Directory.SystemConfiguration.DistributionGroupNamingPolicy", "System.Object"];
    object(&types, shown, parts)
}

/// Which mailbox has the tree of public folders: its GUID, or nothing.
fn public_folder_information(shown: &str) -> PsValue {
    let mailbox = Uuid::parse_str(shown).unwrap_or_default();
    let parts = vec![
        ("IsValid", PsValue::Bool(!mailbox.is_nil())),
        ("CanUpdate", PsValue::Bool(true)),
        ("HierarchyMailboxGuid", PsValue::Guid(mailbox)),
        ("LockedForMigration", PsValue::Bool(false)),
    ];
    object(&["Microsoft.Exchange.Data.PublicFolderInformation", "System.Object"], shown, parts)
}

/// `0.20 (15.0.0.0)`.
fn object_version(shown: &str) -> Option<PsValue> {
    let (version, build) = shown.strip_suffix(')')?.split_once(" (")?;
    let (major, minor) = version.split_once('.')?;
    let (major, minor): (u8, u8) = (major.parse().ok()?, minor.parse().ok()?);
    let parts = vec![
        ("NextMajorVersion", format!("{}.0 (0.0.0.0)", u16::from(major) + 1).into()),
        ("NextMinorVersion", format!("{major}.{} (0.0.0.0)", u16::from(minor) + 1).into()),
        ("Major", PsValue::U8(major)),
        ("Minor", PsValue::U8(minor)),
        ("ExchangeBuild", build.into()),
    ];
    Some(object(&["Microsoft.Exchange.Data.ExchangeObjectVersion", "System.Object"], shown, parts))
}

/// `Version 15.1 (Build 2507.6)`.
fn server_version(shown: &str) -> Option<PsValue> {
    let (version, build) = shown.strip_prefix("Version ")?.strip_suffix(')')?.split_once(" (Build ")?;
    let parts = version.split('.').chain(build.split('.')).map(str::parse::<i32>);
    let [major, minor, build, revision] = parts.collect::<Result<Vec<_>, _>>().ok()?.try_into().ok()?;
    let numbers = [("Major", major), ("Minor", minor), ("Build", build), ("Revision", revision)];
    let mut parts: Vec<_> = numbers.map(|(name, number)| (name, PsValue::I32(number))).into();
    parts.push(("FilePatchLevelDescription", PsValue::Null));
    Some(object(&["Microsoft.Exchange.Data.ServerVersion", "System.Object"], shown, parts))
}

fn is_smtp_address(property: &str) -> bool {
    property == "WindowsEmailAddress" || property.ends_with("PrimarySmtpAddress")
}

fn smtp_domain(shown: &str) -> PsValue {
    let parts = vec![
        ("Address", shown.into()),
        ("IncludeSubDomains", PsValue::Bool(shown.starts_with("*."))),
        ("Domain", shown.trim_start_matches("*.").into()),
        ("SmtpDomain", shown.trim_start_matches("*.").into()),
        ("IsStar", PsValue::Bool(shown == "*")),
    ];
    object(&["Microsoft.Exchange.Data.SmtpDomainWithSubdomains", "System.Object"], shown, parts)
}

fn smtp_address(shown: &str) -> PsValue {
    let (local, domain) = shown.rsplit_once('@').unwrap_or((shown, ""));
    let parts = vec![
        ("Length", PsValue::I32(i32::try_from(shown.chars().count()).unwrap_or(i32::MAX))),
        ("Local", local.into()),
        ("Domain", domain.into()),
        ("Address", shown.into()),
        ("IsUTF8", PsValue::Bool(!shown.is_ascii())),
        ("IsValidAddress", PsValue::Bool(true)),
    ];
    object(&["Microsoft.Exchange.Data.SmtpAddress", "System.ValueType", "System.Object"], shown, parts)
}

/// `SMTP:kim@contoso.com`; capitals mark the primary one.
fn proxy_address(shown: &str) -> PsValue {
    let (prefix, address) = shown.split_once(':').unwrap_or(("SMTP", shown));
    let smtp = prefix.eq_ignore_ascii_case("smtp");
    let mut parts = Vec::new();
    if smtp {
        parts.push(("SmtpAddress", PsValue::from(address)));
    }
    parts.extend([
        ("AddressString", PsValue::from(address)),
        ("ProxyAddressString", shown.into()),
        ("Prefix", prefix.to_ascii_uppercase().into()),
        ("IsPrimaryAddress", PsValue::Bool(prefix.chars().all(|letter| letter.is_ascii_uppercase()))),
        ("PrefixString", prefix.into()),
    ]);
    let name = if smtp { "SmtpProxyAddress" } else { "CustomProxyAddress" };
    let types = [
        &format!("Microsoft.Exchange.Data.{name}"),
        "Microsoft.Exchange.Data.ProxyAddress",
        "Microsoft.Exchange.Data.ProxyAddressBase",
        "System.Object",
    ];
    object(&types, shown, parts)
}

/// `30.00:00:00`.
#[expect(clippy::cast_precision_loss, reason = "totals are floating-point numbers")]
fn time_span(shown: &str) -> Option<PsValue> {
    let ticks = parse_time_span(shown)?.ticks;
    let part = |unit: i64, of: i64| PsValue::I32(i32::try_from(ticks / unit % of).unwrap_or(i32::MAX));
    let total = |unit: i64| PsValue::F64(ticks as f64 / unit as f64);
    let (millisecond, second, minute, hour, day) = (10_000, 10_000_000, 600_000_000, 36_000_000_000, 864_000_000_000);
    let parts = vec![
        ("Days", part(day, i64::MAX)),
        ("Hours", part(hour, 24)),
        ("Milliseconds", part(millisecond, 1000)),
        ("Minutes", part(minute, 60)),
        ("Seconds", part(second, 60)),
        ("Ticks", PsValue::I64(ticks)),
        ("TotalDays", total(day)),
        ("TotalHours", total(hour)),
        ("TotalMilliseconds", total(millisecond)),
        ("TotalMinutes", total(minute)),
        ("TotalSeconds", total(second)),
        ("Sign", PsValue::I32(i32::try_from(ticks.signum()).unwrap_or(0))),
    ];
    Some(object(&["Microsoft.Exchange.Data.EnhancedTimeSpan", "System.ValueType", "System.Object"], shown, parts))
}

struct Enumeration {
    types: TypeNames,
    is_long: bool,
    names: Vec<(&'static str, i64)>,
}

static ENUMERATIONS: LazyLock<HashMap<&'static str, Enumeration>> = LazyLock::new(|| {
    let lines = include_str!("schema/enumerations.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(enumeration_line).collect()
});

fn enumeration_line(line: &'static str) -> Option<(&'static str, Enumeration)> {
    let (property, rest) = line.split_once(' ')?;
    let (is_long, rest) = rest.strip_prefix("64 ").map_or((false, rest), |rest| (true, rest));
    let mut words = rest.split(' ');
    let types = TypeNames::new([words.next()?, "System.Enum", "System.ValueType", "System.Object"]);
    let names =
        words.filter_map(|word| word.split_once('=')).filter_map(|(name, number)| Some((name, number.parse().ok()?)));
    Some((property, Enumeration { types, is_long, names: names.collect() }))
}

fn enumeration(property: &str, shown: &str) -> Option<PsValue> {
    let known = ENUMERATIONS.get(property)?;
    let (name, number) = known.names.iter().find(|(name, _)| name.eq_ignore_ascii_case(shown))?;
    let number = if known.is_long { PsValue::I64(*number) } else { PsValue::I32(i32::try_from(*number).ok()?) };
    let builder = PsObject::builder().types(known.types.clone()).to_string_text(*name);
    Some(builder.base(Base::Value(number)).build().into())
}
