//! Validate-OutboundConnector: whether mail would go out by a connector, online.
//!
//! The answer follows from the connector's settings; nothing is sent.

use super::reading::identified;
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::sim::org::{schema, value};

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Validate-OutboundConnector",
        parameters: &["Identity", "Recipients"],
        output: "",
        start: |_| Box::new(Tries(validate)),
    }]
}

fn validate(call: &mut Call<'_>) -> Attempt {
    let connector = identified(call, schema::config_classes("OutboundConnector"))?;
    let recipients = call.texts("Recipients");
    if let Some(bad) = recipients.iter().find(|address| !address.contains('@')) {
        return Err(Failure::conversion("Recipients", bad, "type \"Microsoft.Exchange.Data.SmtpAddress\"").into());
    }
    let is = |name: &str| connector.get(name).and_then(value::bool_of);
    let hosts = connector.texts("SmartHosts");
    let by_name = is("UseMXRecord") != Some(false) || !hosts.is_empty();
    let domains = connector.texts("RecipientDomains");
    if !call.should_process("Validate outbound connector", &connector.name)? {
        return Ok(());
    }
    let view = schema::view("OutboundConnectorTest").ok_or(Halt::Stopped)?;
    for recipient in recipients {
        let domain = recipient.rsplit('@').next().unwrap_or_default();
        let fits = domains.is_empty() || domains.iter().any(|pattern| value::wildcard(pattern, domain));
        let whole = by_name && is("Enabled") != Some(false);
        let detail = match (whole, fits, hosts.first()) {
            (false, ..) => "the connector is off or has no host to send to".to_owned(),
            (true, false, _) => format!("the connector is not for {domain}"),
            (true, true, Some(host)) => format!("220 {host} is ready"),
            (true, true, None) => format!("220 mx.{domain} is ready"),
        };
        let object = view.record(&[
            ("Recipient", recipient.as_str().into()),
            ("TaskName", "CheckSmtpConnectivity".into()),
            ("TaskDetail", detail.into()),
            ("IsTaskSuccessful", (whole && fits).into()),
        ]);
        call.output(object)?;
    }
    Ok(())
}
