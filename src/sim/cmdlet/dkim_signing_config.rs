//! Get-, New-, Set- and Rotate-DkimSigningConfig: which domains sign their mail, and with which of two keys.
//!
//! No name is looked up: records of a domain are thought to be there once it was made here.

use jiff::SignedDuration;

use super::mailbox::keep;
use super::reading::{find_one, identified, objects, show};
use super::writing::{assign_all, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::mix;
use crate::sim::org::{schema, value};

const NOUN: &str = "DkimSigningConfig";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-DkimSigningConfig", &["Identity"], |_| Box::new(Tries(get))),
        spec(
            "New-DkimSigningConfig",
            &["DomainName", "Enabled", "KeySize", "BodyCanonicalization", "HeaderCanonicalization", "AdminDisplayName"],
            |_| Box::new(Tries(new)),
        ),
        spec(
            "Set-DkimSigningConfig",
            &["Identity", "Enabled", "BodyCanonicalization", "HeaderCanonicalization", "AdminDisplayName"],
            |_| Box::new(Each(set)),
        ),
        spec("Rotate-DkimSigningConfig", &["Identity", "KeySize"], |_| Box::new(Tries(rotate))),
    ]
}

fn get(call: &mut Call<'_>) -> Attempt {
    let found = match call.text("Identity") {
        Some(_) => vec![identified(call, schema::config_classes(NOUN))?],
        None => objects(call, NOUN),
    };
    found.iter().try_for_each(|config| show(call, config, NOUN)).map_err(Into::into)
}

fn key_size(call: &Call<'_>) -> Result<Option<i32>, Failure> {
    match call.text("KeySize").as_deref() {
        None => Ok(None),
        Some("1024") => Ok(Some(1024)),
        Some("2048") => Ok(Some(2048)),
        Some(_) => Err(Failure::invalid("KeySize", "KeySize is 1024 or 2048.")),
    }
}

/// Text that looks like a public key and opens nothing.
fn key(config: &Entry, selector: &str, round: u64) -> String {
    let seed = selector.bytes().fold(config.guid.as_u128() as u64 ^ round, |sum, byte| mix(sum ^ u64::from(byte)));
    let bytes: Vec<u8> = (0..36).flat_map(|word| mix(seed ^ word).to_be_bytes()).collect();
    format!("v=DKIM1; k=rsa; p={}", base64_simd::STANDARD.encode_to_string(bytes))
}

fn new(call: &mut Call<'_>) -> Attempt {
    let domain = call.text("DomainName").unwrap_or_default();
    let accepted = find_one(call, &domain, schema::config_classes("AcceptedDomain"))?;
    let domain = accepted.text("DomainName");
    if find_one(call, &domain, schema::config_classes(NOUN)).is_ok() {
        return Err(Failure::already_exists("signing configuration of", &domain).into());
    }
    let size = key_size(call)?.unwrap_or(1024);
    let now = call.organization().now();
    let mut config = call.organization().write(|state| state.fresh(Class::Config(NOUN), &domain, now));
    assign_all(call, &mut config, &[schema::view(NOUN).ok_or(Halt::Stopped)?])?;
    config.set("Domain", domain.as_str());
    config.set("KeyCreationTime", value::utc(now));
    config.set("LastChecked", value::utc(now));
    for selector in ["selector1", "selector2"] {
        let name = if selector == "selector1" { "Selector1" } else { "Selector2" };
        let host = format!("{selector}-{}._domainkey.contoso.onmicrosoft.com", domain.replace('.', "-"));
        config.set(&format!("{name}CNAME"), host);
        config.set(&format!("{name}KeySize"), PsValue::I32(size));
        let key = key(&config, selector, 0);
        config.set(&format!("{name}PublicKey"), key);
    }
    if call.should_process("New DKIM signing configuration", &domain)? {
        keep(call, config.clone());
        show(call, &config, NOUN)?;
    }
    Ok(())
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let changed = identified(call, schema::config_classes(NOUN)).and_then(|mut config| {
        let missing = config.text("Status") == "CnameMissing";
        if call.flag("Enabled") && missing {
            return Err(Failure::refused(format!(
                "The records {} and {} of \"{}\" are missing; publish them first.",
                config.text("Selector1CNAME"),
                config.text("Selector2CNAME"),
                config.name
            )));
        }
        let changed = assign_all(call, &mut config, &[view])?;
        Ok((config, changed))
    });
    finish_change(call, "Set DKIM signing configuration", changed)
}

/// The next key signs from four days on; the one that signed before gets a new value.
fn rotate(call: &mut Call<'_>) -> Attempt {
    let mut config = identified(call, schema::config_classes(NOUN))?;
    let now = call.organization().now();
    let due = config.get("RotateOnDate").and_then(value::timestamp_of);
    if due.is_some_and(|due| due > now) {
        let message = format!("The keys of \"{}\" are on their way to change already.", config.name);
        return Err(Failure::refused(message).into());
    }
    let size = key_size(call)?;
    if !call.should_process("Rotate DKIM keys", &config.name)? {
        return Ok(());
    }
    let before = config.text("SelectorAfterRotateOnDate");
    let before = if before.is_empty() { "selector1".to_owned() } else { before };
    let after = if before == "selector1" { "selector2" } else { "selector1" };
    let name = if after == "selector1" { "Selector1" } else { "Selector2" };
    let key = key(&config, after, now.as_second().unsigned_abs());
    config.set(&format!("{name}PublicKey"), key);
    if let Some(size) = size {
        config.set(&format!("{name}KeySize"), PsValue::I32(size));
    }
    config.set("SelectorBeforeRotateOnDate", before);
    config.set("SelectorAfterRotateOnDate", after);
    config.set("KeyCreationTime", value::utc(now));
    config.set("RotateOnDate", value::utc(now + SignedDuration::from_hours(96)));
    keep(call, config);
    Ok(())
}
