//! Lists of the rarer types: methods of signing in, smart hosts, address spaces, addresses, URIs.
//!
//! The forms are those of Exchange's own Export-Clixml files; items of types that no such file shows stay texts.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{enumeration, list, object, smtp_address};
use crate::clixml::{PsObject, PsValue, TypeNames};

type Item = fn(&str) -> PsValue;

/// Whose properties these are: the assembly of the items' type, and whether the directory keeps the list.
const DATA: (&str, bool) = ("Microsoft.Exchange.Data", false);
const DIRECTORY: (&str, bool) = ("Microsoft.Exchange.Data.Directory", false);
const KEPT_IN_DIRECTORY: (&str, bool) = ("Microsoft.Exchange.Data.Directory", true);

const EXCHANGE: &str = "Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35";
const FRAMEWORK: &str = "Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089";

/// Property, type of its items, where that is, and what an item is.
const LISTS: [(&str, &str, (&str, bool), Item); 11] = [
    ("ExchangeNotificationRecipients", "SmtpAddress", DATA, smtp_address),
    ("OrganizationSummary", "OrganizationSummaryEntry", DATA, plain),
    ("UMAvailableLanguages", "UMLanguage", DATA, plain),
    ("AdfsAudienceUris", "System.Uri", ("System", false), uri),
    ("AllowedMailboxRegions", "MailboxRegionInformation", KEPT_IN_DIRECTORY, plain),
    ("InternalAuthenticationMethods", "SystemConfiguration.AuthenticationMethod", KEPT_IN_DIRECTORY, authentication),
    ("ExternalAuthenticationMethods", "SystemConfiguration.AuthenticationMethod", KEPT_IN_DIRECTORY, authentication),
    ("ExtendedProtectionFlags", "SystemConfiguration.ExtendedProtectionFlag", DIRECTORY, plain),
    ("SmartHosts", "SmartHost", DATA, smart_host),
    ("AddressSpaces", "AddressSpace", DATA, address_space),
    ("ConnectedDomains", "ConnectedDomain", DATA, plain),
];

static TYPES: LazyLock<HashMap<&'static str, (TypeNames, Item)>> = LazyLock::new(|| {
    let typed = |(property, name, (assembly, in_directory), item): (&'static str, &str, (&str, bool), Item)| {
        let (name, version) =
            if assembly == "System" { (name.to_owned(), FRAMEWORK) } else { (format!("{assembly}.{name}"), EXCHANGE) };
        let of = format!("[[{name}, {assembly}, {version}]]");
        let mut types = Vec::new();
        if in_directory {
            types.push(format!("Microsoft.Exchange.Data.Directory.ADMultiValuedProperty`1{of}"));
        }
        types.push(format!("Microsoft.Exchange.Data.MultiValuedProperty`1{of}"));
        types.extend(["Microsoft.Exchange.Data.MultiValuedPropertyBase", "System.Object"].map(str::to_owned));
        (property, (TypeNames::new(types), item))
    };
    LISTS.into_iter().map(typed).collect()
});

/// The list of a property whose items are of a type of their own.
pub(super) fn of_property<'a>(property: &str, items: impl Iterator<Item = String> + 'a) -> Option<PsValue> {
    let (types, item) = TYPES.get(property)?;
    Some(list(types, items.map(|shown| item(&shown))))
}

fn plain(shown: &str) -> PsValue {
    shown.into()
}

fn uri(shown: &str) -> PsValue {
    PsValue::Uri(shown.into())
}

fn authentication(shown: &str) -> PsValue {
    enumeration("AuthenticationMethod", shown).unwrap_or_else(|| shown.into())
}

/// A name of a host, or `[10.0.0.1]`.
fn smart_host(shown: &str) -> PsValue {
    let address = shown.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let ip = address.and_then(|text| text.parse::<std::net::Ipv4Addr>().ok());
    let domain = if ip.is_some() { PsValue::Null } else { shown.into() };
    let parts = vec![
        ("Address", ip_address(ip.unwrap_or(std::net::Ipv4Addr::UNSPECIFIED))),
        ("IsIPAddress", PsValue::Bool(ip.is_some())),
        ("Domain", domain),
    ];
    object(&["Microsoft.Exchange.Data.SmartHost", "System.Object"], shown, parts)
}

fn ip_address(address: std::net::Ipv4Addr) -> PsValue {
    let shown = address.to_string();
    let builder = PsObject::builder()
        .types(TypeNames::new(["System.Net.IPAddress", "System.Object"]))
        .to_string_text(shown.as_str())
        .adapted("Address", PsValue::I64(u32::from_le_bytes(address.octets()).into()))
        .adapted("AddressFamily", PsValue::from("InterNetwork"));
    let flags = ["IsIPv6Multicast", "IsIPv6LinkLocal", "IsIPv6SiteLocal", "IsIPv6Teredo", "IsIPv4MappedToIPv6"];
    let builder = flags.into_iter().fold(builder, |builder, flag| builder.adapted(flag, PsValue::Bool(false)));
    builder.extended("IPAddressToString", PsValue::from(shown)).build().into()
}

/// `SMTP:*.contoso.com;1`: type, domain and cost.
fn address_space(shown: &str) -> PsValue {
    let (kind, rest) = shown.split_once(':').unwrap_or(("SMTP", shown));
    let (address, cost) = rest.split_once(';').unwrap_or((rest, "1"));
    let is_smtp = kind.eq_ignore_ascii_case("SMTP");
    let parts = vec![
        ("Address", address.into()),
        ("Type", kind.into()),
        ("Cost", PsValue::I32(cost.parse().unwrap_or(1))),
        ("IncludeSubDomains", PsValue::Bool(address.starts_with('*'))),
        ("Domain", address.trim_start_matches("*.").into()),
        ("IsSmtpType", PsValue::Bool(is_smtp)),
        ("IsX400Type", PsValue::Bool(kind.eq_ignore_ascii_case("X400"))),
        ("X400Address", PsValue::Null),
    ];
    object(&["Microsoft.Exchange.Data.AddressSpace", "System.Object"], &format!("{kind}:{address};{cost}"), parts)
}
