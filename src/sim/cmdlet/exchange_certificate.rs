//! Enable-, New-, Export- and Remove-ExchangeCertificate; Get-ExchangeCertificate is told by its table.
//!
//! New certificates are self-signed in name only: there is no key behind them, and requests are made-up text.

use jiff::SignedDuration;

use super::mailbox::keep;
use super::reading::{find_one, server_called, show};
use super::{Attempt, Call, Failure, Spec, Tries};
use crate::clixml::{PsObject, PsValue};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::SERVER;
use crate::sim::org::{schema, value};

const NOUN: &str = "ExchangeCertificate";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    vec![
        spec("Enable-ExchangeCertificate", &["Thumbprint", "Services", "Server", "Force"], "", |_| {
            Box::new(Tries(enable))
        }),
        spec(
            "New-ExchangeCertificate",
            &["DomainName", "SubjectName", "FriendlyName", "Services", "KeySize", "GenerateRequest", "Server", "Force"],
            "",
            |_| Box::new(Tries(new)),
        ),
        spec("Export-ExchangeCertificate", &["Thumbprint", "Server", "BinaryEncoded", "Password"], "", |_| {
            Box::new(Tries(export))
        }),
        spec("Remove-ExchangeCertificate", &["Thumbprint", "Server"], "", |_| Box::new(Tries(remove))),
    ]
}

fn meant(call: &Call<'_>) -> Result<Entry, Failure> {
    if let Some(server) = call.text("Server") {
        server_called(call, &server)?;
    }
    let thumbprint: String =
        call.text("Thumbprint").unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    find_one(call, &thumbprint, schema::config_classes(NOUN))
}

const SERVICES: [&str; 6] = ["IMAP", "POP", "UM", "IIS", "SMTP", "Federation"];

fn services(call: &Call<'_>) -> Result<Vec<&'static str>, Failure> {
    let mut found = Vec::new();
    for text in call.texts("Services").iter().flat_map(|text| text.split(',')).map(str::trim) {
        if text.eq_ignore_ascii_case("none") {
            return Ok(Vec::new());
        }
        let known = SERVICES.into_iter().find(|known| known.eq_ignore_ascii_case(text));
        found.push(
            known.ok_or_else(|| Failure::conversion("Services", text, &format!("one of {}", SERVICES.join(", "))))?,
        );
    }
    Ok(found)
}

fn enable(call: &mut Call<'_>) -> Attempt {
    let mut entry = meant(call)?;
    let now = call.organization().now();
    if entry.get("NotAfter").and_then(value::timestamp_of).is_some_and(|end| end < now) {
        return Err(Failure::refused(format!("The certificate \"{}\" has ended.", entry.name)).into());
    }
    // Services are added; only None takes them away.
    let mut all: Vec<String> = entry.text("Services").split(',').map(|one| one.trim().to_owned()).collect();
    let wanted = services(call)?;
    all.retain(|one| !wanted.is_empty() && one != "None" && !one.is_empty());
    for service in wanted {
        if !all.iter().any(|one| one == service) {
            all.push(service.to_owned());
        }
    }
    let thumbprint = entry.name.to_string();
    if call.should_process("Enable certificate for services", &thumbprint)? {
        entry.set("Services", if all.is_empty() { "None".to_owned() } else { all.join(", ") });
        keep(call, entry);
    }
    Ok(())
}

fn new(call: &mut Call<'_>) -> Attempt {
    let server = server_called(call, &call.text("Server").unwrap_or_else(|| SERVER.to_owned()))?;
    let now = call.organization().now();
    let domains = call.texts("DomainName");
    let subject = call
        .text("SubjectName")
        .unwrap_or_else(|| format!("CN={}", domains.first().cloned().unwrap_or_else(|| server.to_lowercase())));
    if call.flag("GenerateRequest") {
        if call.should_process("Generate certificate request", &subject)? {
            let text = format!(
                "-----BEGIN NEW CERTIFICATE REQUEST-----\r\n{}\r\n-----END NEW CERTIFICATE REQUEST-----\r\n",
                base64_simd::STANDARD.encode_to_string(subject.as_bytes())
            );
            call.output(PsValue::from(text))?;
        }
        return Ok(());
    }
    let mut entry = call.organization().write(|state| {
        let entry = state.fresh(Class::Config(NOUN), &subject, now);
        let number = entry.guid.simple().to_string().to_uppercase();
        Entry { name: format!("{number}{}", &number[..8]).into(), ..entry }
    });
    let thumbprint = entry.name.to_string();
    let services = services(call)?;
    let services = if services.is_empty() { "SMTP".to_owned() } else { services.join(", ") };
    for (property, text) in [
        ("Thumbprint", thumbprint.clone()),
        ("Services", services),
        ("Issuer", subject.clone()),
        ("Subject", subject),
        ("Status", "Valid".to_owned()),
        ("FriendlyName", call.text("FriendlyName").unwrap_or_else(|| "Microsoft Exchange".to_owned())),
        ("RootCAType", "None".to_owned()),
    ] {
        entry.set(property, text);
    }
    entry.set("NotBefore", value::local(now));
    entry.set("NotAfter", value::local(now + SignedDuration::from_hours(24 * 365 * 5)));
    entry.set("HasPrivateKey", true);
    entry.set("IsSelfSigned", true);
    entry.set("CertificateDomains", value::texts(domains));
    let size = call.text("KeySize").and_then(|text| text.parse().ok()).unwrap_or(2048);
    entry.set("PublicKeySize", PsValue::I32(size));
    if call.should_process("New certificate", &thumbprint)? {
        keep(call, entry.clone());
        show(call, &entry, NOUN)?;
    }
    Ok(())
}

fn export(call: &mut Call<'_>) -> Attempt {
    let entry = meant(call)?;
    if !matches!(call.value("Password"), Some(PsValue::SecureString(_))) {
        return Err(Failure::invalid("Password", "The exported key needs a password, as a SecureString.").into());
    }
    let bytes = format!("made up: {}", entry.name).into_bytes();
    let data: PsValue = if call.flag("BinaryEncoded") {
        PsValue::Bytes(bytes.into())
    } else {
        PsValue::from(base64_simd::STANDARD.encode_to_string(bytes))
    };
    Ok(call.output(PsObject::bag([("FileData", data), ("Identity", (&*entry.name).into())]))?)
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let entry = meant(call)?;
    let thumbprint = entry.name.to_string();
    if call.should_process("Remove certificate", &thumbprint)? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}
