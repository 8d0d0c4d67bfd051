//! Test-ServiceHealth, -MAPIConnectivity, -ReplicationHealth and -Mailflow, Get-HealthReport, Get-ServerHealth, and
//! Get- and Set-ServerComponentState: how the servers are.
//!
//! The answers follow from the organization's state (a dismounted database, a failed copy, a component that was switched
//! off); nothing is really tried.

use super::mailbox::keep;
use super::reading::{find_one, objects, server_called, short_name, show};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::SERVER;
use crate::sim::org::{canonical_name, schema, value};

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Test-ServiceHealth", &["Server"], |_| Box::new(Tries(services))),
        spec("Test-MAPIConnectivity", &["Identity", "Database", "Server"], |_| Box::new(Tries(mapi))),
        spec("Test-ReplicationHealth", &["Identity", "DatabaseAvailabilityGroup"], |_| Box::new(Tries(replication))),
        spec("Test-Mailflow", &["Identity", "TargetMailboxServer", "TargetDatabase", "TargetEmailAddress"], |_| {
            Box::new(Tries(mailflow))
        }),
        spec("Get-ServerHealth", &["Identity", "HealthSet"], |_| Box::new(Tries(health))),
        spec("Get-HealthReport", &["Identity", "HealthSet"], |_| Box::new(Tries(report))),
        spec("Get-ServerComponentState", &["Identity", "Component"], |_| Box::new(Tries(components))),
        spec("Set-ServerComponentState", &["Identity", "Component", "State", "Requester"], |_| Box::new(Tries(switch))),
    ]
}

/// Roles with the services they need; names as Windows has them.
const ROLES: [(&str, &[&str]); 4] = [
    (
        "Mailbox Server Role",
        &[
            "IISAdmin",
            "MSExchangeADTopology",
            "MSExchangeDelivery",
            "MSExchangeIS",
            "MSExchangeMailboxAssistants",
            "MSExchangeRepl",
            "MSExchangeRPC",
            "MSExchangeServiceHost",
            "MSExchangeSubmission",
            "MSExchangeThrottling",
            "MSExchangeTransportLogSearch",
            "W3Svc",
            "WinRM",
        ],
    ),
    (
        "Client Access Server Role",
        &[
            "IISAdmin",
            "MSExchangeADTopology",
            "MSExchangeMailboxReplication",
            "MSExchangeRPC",
            "MSExchangeServiceHost",
            "W3Svc",
            "WinRM",
        ],
    ),
    ("Unified Messaging Server Role", &["IISAdmin", "MSExchangeADTopology", "MSExchangeServiceHost", "W3Svc", "WinRM"]),
    (
        "Hub Transport Server Role",
        &[
            "IISAdmin",
            "MSExchangeADTopology",
            "MSExchangeEdgeSync",
            "MSExchangeServiceHost",
            "MSExchangeTransport",
            "MSExchangeTransportLogSearch",
            "W3Svc",
            "WinRM",
        ],
    ),
];

fn services(call: &mut Call<'_>) -> Attempt {
    let server = call.text("Server").unwrap_or_else(|| SERVER.to_owned());
    server_called(call, &server)?;
    let view = schema::view("ServiceHealth").ok_or(Halt::Stopped)?;
    for (role, services) in ROLES {
        let object = view.record(&[
            ("Role", role.into()),
            ("RequiredServicesRunning", true.into()),
            ("ServicesRunning", value::texts(services)),
            ("ServicesNotRunning", value::texts::<&str>([])),
        ]);
        call.output(object)?;
    }
    Ok(())
}

fn is_mounted(database: &Entry) -> bool {
    database.get("Mounted").and_then(value::bool_of).unwrap_or(true)
}

fn mapi(call: &mut Call<'_>) -> Attempt {
    let databases = schema::config_classes("MailboxDatabase");
    let mut targets: Vec<(Entry, String)> = Vec::new();
    if let Some(text) = call.text("Identity") {
        let mailbox = find_one(call, &text, Class::MAILBOXES)?;
        let database = find_one(call, &mailbox.text("Database"), databases)?;
        targets.push((database, canonical_name(&mailbox)));
    } else if let Some(text) = call.text("Database").map(short_name) {
        targets.push((find_one(call, &text, databases)?, "SystemMailbox".to_owned()));
    } else {
        let server = call.text("Server").unwrap_or_else(|| SERVER.to_owned());
        let server = server_called(call, &server)?;
        let here = |database: &Entry| database.text("Server").eq_ignore_ascii_case(&server);
        let all = objects(call, "MailboxDatabase").into_iter().filter(here);
        targets.extend(all.map(|database| (database, "SystemMailbox".to_owned())));
    }
    let view = schema::view("MAPIConnectivity").ok_or(Halt::Stopped)?;
    for (database, mailbox) in targets {
        let up = is_mounted(&database);
        let object = view.record(&[
            ("Server", database.text("Server").into()),
            ("Database", (&*database.name).into()),
            ("Mailbox", mailbox.into()),
            ("Result", if up { "Success" } else { "*FAILURE*" }.into()),
            ("Latency", if up { "00:00:00.0312500" } else { "-00:00:00.0010000" }.into()),
            ("Error", if up { "" } else { "the database is dismounted" }.into()),
        ]);
        call.output(object)?;
    }
    Ok(())
}

fn replication(call: &mut Call<'_>) -> Attempt {
    let servers = match (call.text("Identity"), call.text("DatabaseAvailabilityGroup")) {
        (Some(server), _) => vec![server_called(call, &server)?],
        (None, Some(group)) => {
            find_one(call, &group, schema::config_classes("DatabaseAvailabilityGroup"))?.texts("Servers")
        }
        _ => vec![SERVER.to_owned()],
    };
    let view = schema::view("ReplicationHealth").ok_or(Halt::Stopped)?;
    let copies = objects(call, "MailboxDatabaseCopyStatus");
    for server in servers {
        let bad: Vec<String> = copies
            .iter()
            .filter(|copy| copy.text("MailboxServer").eq_ignore_ascii_case(&server))
            .filter(|copy| !["Healthy", "Mounted"].contains(&copy.text("Status").as_str()))
            .map(|copy| copy.name.to_string())
            .collect();
        for (check, about) in [
            ("ClusterService", "the cluster service runs"),
            ("ReplayService", "the replication service runs"),
            ("ActiveManager", "the active manager answers"),
            ("TasksRpcListener", "the server answers remote tasks"),
            ("DatabaseRedundancy", "databases have healthy copies"),
            ("DBCopySuspended", "no copy is suspended"),
            ("DBLogCopyKeepingUp", "logs are copied in time"),
            ("DBLogReplayKeepingUp", "logs are replayed in time"),
        ] {
            let failed = check.starts_with("DB") && check != "DBLogReplayKeepingUp" && !bad.is_empty()
                || check == "DatabaseRedundancy" && !bad.is_empty();
            let object = view.record(&[
                ("Server", server.as_str().into()),
                ("Check", check.into()),
                ("CheckDescription", about.into()),
                ("Result", if failed { "*FAILED*" } else { "Passed" }.into()),
                ("Error", if failed { format!("not healthy: {}", bad.join(", ")) } else { String::new() }.into()),
                ("Identity", format!("{server}\\{check}").into()),
            ]);
            call.output(object)?;
        }
    }
    Ok(())
}

fn mailflow(call: &mut Call<'_>) -> Attempt {
    let source = call.text("Identity").unwrap_or_else(|| SERVER.to_owned());
    let source = server_called(call, &source)?;
    let target = match (call.text("TargetMailboxServer"), call.text("TargetDatabase")) {
        (Some(server), _) => server_called(call, &server)?,
        (None, Some(database)) => {
            find_one(call, &short_name(database), schema::config_classes("MailboxDatabase"))?.text("Server")
        }
        _ => source.clone(),
    };
    let off = objects(call, "ServerComponentState").iter().any(|state| {
        state.text("Component") == "HubTransport"
            && state.text("State") != "Active"
            && [&source, &target].iter().any(|server| state.text("Server").eq_ignore_ascii_case(server))
    });
    let view = schema::view("Mailflow").ok_or(Halt::Stopped)?;
    let object = view.record(&[
        ("TestMailflowResult", if off { "*FAILURE*" } else { "Success" }.into()),
        ("MessageLatencyTime", if off { "00:00:00" } else { "00:00:02.1420000" }.into()),
        ("IsRemoteTest", (source != target || call.given("TargetEmailAddress")).into()),
    ]);
    Ok(call.output(object)?)
}

/// The objects of a noun that belong to the server of -Identity.
fn on_server(call: &Call<'_>, noun: &str) -> Result<(String, Vec<Entry>), Failure> {
    let server = server_called(call, &call.text("Identity").unwrap_or_default())?;
    let mut all = objects(call, noun);
    all.retain(|one| one.text("Server").eq_ignore_ascii_case(&server));
    Ok((server, all))
}

fn health(call: &mut Call<'_>) -> Attempt {
    let (_, mut all) = on_server(call, "ServerHealth")?;
    let set = call.text("HealthSet");
    all.retain(|one| set.as_deref().is_none_or(|set| one.text("HealthSetName").eq_ignore_ascii_case(set)));
    for mut monitor in all {
        // A monitor is named without its server.
        let name = monitor.name.rsplit('\\').next().unwrap_or_default().to_owned();
        monitor.set("Name", name);
        show(call, &monitor, "ServerHealth")?;
    }
    Ok(())
}

fn report(call: &mut Call<'_>) -> Attempt {
    let (server, all) = on_server(call, "ServerHealth")?;
    let now = call.organization().now();
    let wanted = call.text("HealthSet");
    let mut sets: Vec<String> = all.iter().map(|one| one.text("HealthSetName")).collect();
    sets.sort();
    sets.dedup();
    sets.retain(|set| wanted.as_deref().is_none_or(|wanted| set.eq_ignore_ascii_case(wanted)));
    let view = schema::view("HealthReport").ok_or(Halt::Stopped)?;
    for set in sets {
        let monitors: Vec<&Entry> = all.iter().filter(|one| one.text("HealthSetName") == set).collect();
        let ill = monitors.iter().any(|one| one.text("AlertValue") == "Unhealthy");
        let object = view.record(&[
            ("Server", server.as_str().into()),
            ("State", "NotApplicable".into()),
            ("HealthSet", set.as_str().into()),
            ("HealthGroup", "Service Components".into()),
            ("AlertValue", if ill { "Unhealthy" } else { "Healthy" }.into()),
            ("LastTransitionTime", value::local(now - jiff::SignedDuration::from_hours(7))),
            ("MonitorCount", PsValue::I32(i32::try_from(monitors.len()).unwrap_or(0))),
            ("HaImpactingMonitorCount", PsValue::I32(0)),
            ("Entries", value::texts(monitors.iter().map(|one| one.name.to_string()))),
            ("Identity", format!("{server}\\{set}").into()),
        ]);
        call.output(object)?;
    }
    Ok(())
}

fn components(call: &mut Call<'_>) -> Attempt {
    let (_, mut all) = on_server(call, "ServerComponentState")?;
    if let Some(component) = call.text("Component") {
        all.retain(|one| one.text("Component").eq_ignore_ascii_case(&component));
        if all.is_empty() {
            return Err(Failure::not_found(&component, None).into());
        }
    }
    all.iter().try_for_each(|one| show(call, one, "ServerComponentState")).map_err(Into::into)
}

fn switch(call: &mut Call<'_>) -> Attempt {
    let (server, all) = on_server(call, "ServerComponentState")?;
    let component = call.text("Component").unwrap_or_default();
    let found = all.into_iter().find(|one| one.text("Component").eq_ignore_ascii_case(&component));
    let mut one = found.ok_or_else(|| Failure::not_found(&component, None))?;
    let state = call.text("State").unwrap_or_default();
    let states = ["Active", "Inactive", "Draining"];
    let known = states.into_iter().find(|known| known.eq_ignore_ascii_case(&state));
    let state = known.ok_or_else(|| Failure::conversion("State", &state, &format!("one of {}", states.join(", "))))?;
    let requester = call.text("Requester").unwrap_or_default();
    if !["HealthAPI", "Maintenance", "Sidelined", "Functional", "Deployment"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&requester))
    {
        return Err(Failure::invalid("Requester", format!("\"{requester}\" is no requester.")).into());
    }
    if call.should_process("Set server component state", &format!("{server}\\{component}"))? {
        one.set("State", state);
        one.set("Requester", requester);
        keep(call, one);
    }
    Ok(())
}
