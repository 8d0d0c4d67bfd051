//! Get-EXO…: the quick cmdlets of Exchange Online, which show a few properties unless more are asked for.
//!
//! Each is its plain counterpart behind a sieve. Sets of properties beside Minimum and All are told by names.

use std::sync::LazyLock;

use super::call::Exit;
use super::{Call, Halt, Outcome, Sink, Spec, Work};
use super::{cas_mailbox, folder, mailbox, mailbox_permission, mailbox_statistics, mobile_device, recipient, send_as};
use crate::catalog::Catalog;
use crate::catalog::bind::BoundCall;
use crate::clixml::{PsObject, PsValue};

/// A cmdlet, its counterpart, and what it shows when nobody asks for more; empty for everything.
const CMDLETS: [(&str, &str, &[&str]); 9] = [
    ("Get-EXOMailbox", "Get-Mailbox", MAILBOX),
    ("Get-EXORecipient", "Get-Recipient", RECIPIENT),
    ("Get-EXOCasMailbox", "Get-CASMailbox", CAS),
    ("Get-EXOMailboxStatistics", "Get-MailboxStatistics", STATISTICS),
    ("Get-EXOMailboxFolderStatistics", "Get-MailboxFolderStatistics", &[]),
    ("Get-EXOMailboxPermission", "Get-MailboxPermission", &[]),
    ("Get-EXOMailboxFolderPermission", "Get-MailboxFolderPermission", &[]),
    ("Get-EXORecipientPermission", "Get-RecipientPermission", &[]),
    ("Get-EXOMobileDeviceStatistics", "Get-MobileDeviceStatistics", &[]),
];

const MAILBOX: &[&str] = &[
    "ExchangeVersion",
    "ExternalDirectoryObjectId",
    "UserPrincipalName",
    "Alias",
    "DisplayName",
    "DistinguishedName",
    "EmailAddresses",
    "Guid",
    "Id",
    "Name",
    "OrganizationId",
    "PrimarySmtpAddress",
    "RecipientType",
    "RecipientTypeDetails",
    "Identity",
];
const RECIPIENT: &[&str] = &[
    "ExchangeVersion",
    "ExternalDirectoryObjectId",
    "Name",
    "Alias",
    "DisplayName",
    "DistinguishedName",
    "EmailAddresses",
    "Guid",
    "Id",
    "OrganizationId",
    "PrimarySmtpAddress",
    "RecipientType",
    "RecipientTypeDetails",
    "Identity",
];
const CAS: &[&str] = &[
    "ActiveSyncEnabled",
    "DisplayName",
    "ECPEnabled",
    "EmailAddresses",
    "EwsEnabled",
    "Guid",
    "Identity",
    "ImapEnabled",
    "MAPIEnabled",
    "Name",
    "OWAEnabled",
    "PopEnabled",
    "PrimarySmtpAddress",
    "ServerLegacyDN",
];
const STATISTICS: &[&str] =
    &["DeletedItemCount", "DisplayName", "ItemCount", "MailboxGuid", "TotalDeletedItemSize", "TotalItemSize"];

pub(super) fn specs() -> Vec<Spec> {
    /// What the plain cmdlets take, and what these take besides.
    static PARAMETERS: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
        let plain = plain_specs();
        let own = ["UserPrincipalName", "PrimarySmtpAddress", "Properties", "PropertySets"];
        let documented = |name: &str, parameter: &str| {
            Catalog::built_in().find(name).is_some_and(|cmdlet| cmdlet.parameter(parameter).is_some())
        };
        let of = |(name, counterpart, _): &(&str, &str, &[&str])| {
            let taken = plain.iter().find(|spec| spec.name == *counterpart).map_or(&[][..], |spec| spec.parameters);
            let all = taken.iter().map(|parameter| parameter.trim_start_matches(['?', '~']));
            all.chain(own).filter(|parameter| documented(name, parameter)).collect()
        };
        CMDLETS.iter().map(of).collect()
    });
    let plain = plain_specs();
    let spec =
        |((name, counterpart, _), parameters): ((&'static str, &str, &[&str]), &'static Vec<&'static str>)| Spec {
            name,
            parameters,
            output: plain.iter().find(|spec| spec.name == counterpart).map_or("", |spec| spec.output),
            start: |noun| Box::new(Quick::new(noun)),
        };
    CMDLETS.into_iter().zip(PARAMETERS.iter()).map(spec).collect()
}

/// The cmdlets that do the work.
fn plain_specs() -> Vec<Spec> {
    let all = [
        mailbox::specs(),
        recipient::specs(),
        cas_mailbox::specs(),
        mailbox_statistics::specs(),
        folder::specs(),
        mailbox_permission::specs(),
        send_as::specs(),
        mobile_device::specs(),
    ];
    all.into_iter().flatten().collect()
}

/// The plain cmdlet's worker, and what it may show.
struct Quick {
    plain: &'static str,
    minimum: &'static [&'static str],
    work: Option<Box<dyn Work>>,
}

impl Quick {
    fn new(noun: &'static str) -> Self {
        let (_, plain, minimum) =
            CMDLETS.into_iter().find(|(own, ..)| own.strip_prefix("Get-") == Some(noun)).unwrap_or(CMDLETS[0]);
        let own = plain.split_once('-').map_or("", |(_, noun)| noun);
        let work = plain_specs().into_iter().find(|spec| spec.name == plain).map(|spec| (spec.start)(own));
        Self { plain, minimum, work }
    }

    /// Hands the call on under the plain cmdlet's name.
    fn pass(&mut self, call: &mut Call<'_>, work: impl FnOnce(&mut dyn Work, &mut Call<'_>) -> Outcome) -> Outcome {
        let bound = plain_call(call.bound);
        let shown = Shown::of(call, self.minimum);
        let mut sieve = Sieve { inner: call.exit, shown };
        let mut inner =
            Call { context: call.context, cmdlet: self.plain, bound: &bound, input: call.input, exit: &mut sieve };
        work(self.work.as_deref_mut().ok_or(Halt::Stopped)?, &mut inner)
    }
}

impl Work for Quick {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        self.pass(call, |work, call| work.process(call))
    }

    fn finish(&mut self, call: &mut Call<'_>) -> Outcome {
        self.pass(call, |work, call| work.finish(call))
    }
}

/// The same call with the mailbox in -Identity, however it was named.
fn plain_call(bound: &BoundCall) -> BoundCall {
    let mut bound = bound.clone();
    for parameter in &mut bound.parameters {
        if ["UserPrincipalName", "PrimarySmtpAddress"].contains(&&*parameter.name) {
            parameter.name = "Identity".into();
        }
    }
    bound
}

/// Which properties come through.
enum Shown {
    All,
    Named(Vec<String>, Vec<String>),
}

impl Shown {
    fn of(call: &Call<'_>, minimum: &[&str]) -> Self {
        let split = |name: &str| -> Vec<String> {
            let texts = call.texts(name);
            texts.iter().flat_map(|text| text.split(',')).map(|name| name.trim().to_lowercase()).collect()
        };
        let (mut names, mut sets) = (split("Properties"), split("PropertySets"));
        if minimum.is_empty() || sets.iter().any(|set| set == "all") || names.iter().any(|name| name == "*") {
            return Self::All;
        }
        // Minimum is there unless other sets were named; single properties come on top of it.
        if sets.is_empty() || sets.iter().any(|set| set == "minimum") {
            names.extend(minimum.iter().map(|name| name.to_lowercase()));
        }
        sets.retain(|set| set != "minimum");
        Self::Named(names, sets)
    }

    fn has(&self, property: &str) -> bool {
        let Self::Named(names, sets) = self else { return true };
        let property = property.to_lowercase();
        names.contains(&property) || sets.iter().any(|set| property.contains(set.trim_end_matches('s')))
    }
}

/// Lets objects through with some of their properties.
struct Sieve<'a> {
    inner: &'a mut dyn Exit,
    shown: Shown,
}

impl Exit for Sieve<'_> {
    fn output(&mut self, value: PsValue) -> Outcome {
        let PsValue::Object(object) = &value else { return self.inner.output(value) };
        if matches!(self.shown, Shown::All) {
            return self.inner.output(value);
        }
        let mut builder = PsObject::builder();
        if let Some(types) = object.type_names() {
            builder = builder.types(types);
        }
        if let Some(text) = object.to_string_text() {
            builder = builder.to_string_text(text.to_text().into_owned());
        }
        for (name, value) in object.properties().into_iter().filter(|(name, _)| self.shown.has(name)) {
            builder = builder.adapted(name, value);
        }
        self.inner.output(builder.build().into())
    }

    fn sink(&mut self) -> &mut dyn Sink {
        self.inner.sink()
    }

    fn stage(&self) -> usize {
        self.inner.stage()
    }

    fn merges_errors(&self) -> bool {
        self.inner.merges_errors()
    }
}
