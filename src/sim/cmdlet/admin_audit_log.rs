//! Search-AdminAuditLog and Write-AdminAuditLog: what cmdlets changed.
//!
//! The log holds what this simulator's cmdlets did, and before that a made-up month.

use jiff::{SignedDuration, Timestamp};

use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::{Base, ListKind, PsObject, PsValue, TypeNames};
use crate::sim::org::history::Change;
use crate::sim::org::seed::{DOMAIN, SERVER};
use crate::sim::org::traffic::Deed;
use crate::sim::org::{schema, value};

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec(
            "Search-AdminAuditLog",
            &[
                "Cmdlets",
                "Parameters",
                "StartDate",
                "EndDate",
                "ObjectIds",
                "UserIds",
                "IsSuccess",
                "ResultSize",
                "StartIndex",
            ],
            |_| Box::new(Tries(search)),
        ),
        spec("Write-AdminAuditLog", &["Comment"], |_| Box::new(Tries(write))),
    ]
}

/// The time asked about; without dates the last two weeks.
pub(super) fn window(call: &Call<'_>, days: i64) -> Result<(Timestamp, Timestamp), Failure> {
    let now = call.organization().now();
    let date = |name: &str| call.value(name).and_then(value::timestamp_of);
    let end = date("EndDate").unwrap_or(now);
    let start = date("StartDate").unwrap_or(end - SignedDuration::from_hours(24 * days));
    if start > end {
        return Err(Failure::invalid("StartDate", "StartDate is later than EndDate."));
    }
    Ok((start, end))
}

/// A change of the made-up past, from something that was done to a mailbox; most are none.
fn past(deed: &Deed) -> Option<Change> {
    let cmdlets: [(&str, &[(&str, &str)]); 6] = [
        ("Set-Mailbox", &[("IssueWarningQuota", "40GB")]),
        ("Add-MailboxPermission", &[("User", "bob"), ("AccessRights", "FullAccess")]),
        ("Set-CASMailbox", &[("ImapEnabled", "False")]),
        ("New-InboxRule", &[("Name", "Newsletters")]),
        ("Set-User", &[("Title", "Manager")]),
        ("Set-Mailbox", &[("ForwardingSmtpAddress", "smtp:home@example.net")]),
    ];
    let draw = deed.id.as_u128();
    if !draw.is_multiple_of(5) {
        return None;
    }
    let (cmdlet, parameters) = cmdlets[(draw >> 8) as usize % cmdlets.len()];
    let identity = ("Identity".to_owned(), deed.address.clone());
    let rest = parameters.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Some(Change {
        when: deed.when,
        caller: ["alice", "bob", "admin"][(draw >> 16) as usize % 3].to_owned() + "@" + DOMAIN,
        cmdlet: cmdlet.to_owned(),
        object: deed.mailbox.clone(),
        parameters: std::iter::once(identity).chain(rest).collect(),
    })
}

/// All changes of a time, the newest first.
pub(super) fn changes(call: &Call<'_>, start: Timestamp, end: Timestamp) -> Vec<Change> {
    let inside = |change: &Change| change.when >= start && change.when <= end;
    let mut all: Vec<Change> =
        call.organization().read(|state| state.history().changes().filter(|change| inside(change)).cloned().collect());
    let end = end.min(call.organization().now());
    all.extend(call.organization().deeds().between(start, end).filter_map(|deed| past(&deed)));
    all.sort_by_key(|change| std::cmp::Reverse(change.when));
    all
}

fn search(call: &mut Call<'_>) -> Attempt {
    let (start, end) = window(call, 14)?;
    let (cmdlets, parameters) = (call.texts("Cmdlets"), call.texts("Parameters"));
    if !parameters.is_empty() && cmdlets.is_empty() {
        return Err(Failure::invalid("Parameters", "Parameters can be searched only together with Cmdlets.").into());
    }
    let number = |name: &str, default: usize| call.text(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (limit, skip) = (number("ResultSize", 1_000), number("StartIndex", 0));
    let (objects, users) = (call.texts("ObjectIds"), call.texts("UserIds"));
    // Everything that is written down succeeded.
    if call.given("IsSuccess") && !call.flag("IsSuccess") {
        return Ok(());
    }
    let any = |wanted: &[String], own: &dyn Fn(&str) -> bool| wanted.is_empty() || wanted.iter().any(|text| own(text));
    let found = changes(call, start, end).into_iter().filter(|change| {
        any(&cmdlets, &|text| value::wildcard(text, &change.cmdlet))
            && any(&parameters, &|text| change.parameters.iter().any(|(name, _)| value::wildcard(text, name)))
            && any(&objects, &|text| value::wildcard(&format!("*{text}*"), &change.object))
            && any(&users, &|text| value::wildcard(&format!("*{text}*"), &change.caller))
    });
    let found: Vec<Change> = found.skip(skip).take(limit).collect();
    found.iter().try_for_each(|change| show(call, change)).map_err(Into::into)
}

fn show(call: &mut Call<'_>, change: &Change) -> Result<(), Halt> {
    let view = schema::view("AdminAuditLog").ok_or(Halt::Stopped)?;
    let parameters = change.parameters.iter().map(|(name, text)| {
        PsObject::builder()
            .types(TypeNames::new([
                "Microsoft.Exchange.Management.SystemConfigurationTasks.AdminAuditLogCmdletParameter",
                "System.Object",
            ]))
            .to_string_text(&**name)
            .adapted("Name", &**name)
            .adapted("Value", &**text)
            .build()
            .into()
    });
    let parameters: Vec<PsValue> = parameters.collect();
    let list = PsObject::builder()
        .types(TypeNames::new([
            "Microsoft.Exchange.Data.MultiValuedProperty`1[[Microsoft.Exchange.Management.SystemConfigurationTasks.AdminAuditLogCmdletParameter]]",
            "System.Object",
        ]))
        .base(Base::List(ListKind::List, parameters.into()))
        .build();
    let object = view.record(&[
        ("ObjectModified", change.object.as_str().into()),
        ("CmdletName", change.cmdlet.as_str().into()),
        ("CmdletParameters", list.into()),
        ("Caller", change.caller.as_str().into()),
        ("ExternalAccess", false.into()),
        ("Succeeded", true.into()),
        ("RunDate", value::local(change.when)),
        ("OriginatingServer", format!("{SERVER} ({})", call.context.release.build()).into()),
    ]);
    call.output(object)
}

fn write(call: &mut Call<'_>) -> Attempt {
    // Asking is writing: what is agreed to is in the log.
    call.should_process("Write to the admin audit log", "Admin Audit Log")?;
    Ok(())
}
