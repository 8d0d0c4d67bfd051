//! What all Get- cmdlets share: identities, wildcards, filters, ambiguous names, result sizes and their warnings.

use super::call::Call;
use super::{Failure, Halt, Outcome};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::filter::Filter;
use crate::sim::org::schema::{self, View};
use crate::sim::org::{Walk, value};

/// How many objects come when nobody says how many.
const RESULT_SIZE: usize = 1000;

/// A Get- cmdlet.
pub(super) struct Reading<'a> {
    pub(super) view: &'static View,
    pub(super) classes: &'static [Class],
    /// A further condition, from parameters of the cmdlet's own.
    pub(super) keeps: &'a dyn Fn(&Entry) -> bool,
}

impl Reading<'_> {
    /// Finds what the call asks for and hands each to `show`.
    pub(super) fn each(&self, call: &mut Call<'_>, show: &mut dyn FnMut(&mut Call<'_>, &Entry) -> Outcome) -> Outcome {
        let filter = self.filter(call)?;
        if call.given("Identity") {
            let Some(identity) = call.text("Identity") else {
                return call.error(Failure::not_found("", call.text("DomainController").as_deref()));
            };
            if !identity.contains('*') {
                let entry = match find_one(call, &identity, self.classes) {
                    Ok(entry) => entry,
                    Err(failure) => return call.error(failure),
                };
                if (self.keeps)(&entry) && self.fits(call, filter.as_ref(), &entry) {
                    return show(call, &entry);
                }
                return call.error(Failure::not_found(&identity, call.text("DomainController").as_deref()));
            }
        }
        self.walk(call, filter.as_ref(), show)
    }

    fn walk(
        &self,
        call: &mut Call<'_>,
        filter: Option<&Filter>,
        show: &mut dyn FnMut(&mut Call<'_>, &Entry) -> Outcome,
    ) -> Outcome {
        let (limit, asked) = result_size(call)?;
        let pattern = call.text("Identity");
        let anr = call.text("Anr").map(|text| text.to_lowercase());
        let mut walk = Walk::new(self.classes);
        let mut found = Found { limit, asked, shown: 0 };
        let sort = call.text("SortBy");
        let mut sorted: Vec<Entry> = Vec::new();
        call.verbose("the directory is searched")?;
        while let Some(entry) = walk.next(call.organization()) {
            let called = pattern.as_deref().is_none_or(|pattern| answers_to(&entry, pattern));
            let resolved = anr.as_deref().is_none_or(|anr| begins_with(&entry, anr));
            if !called || !resolved || !(self.keeps)(&entry) || !self.fits(call, filter, &entry) {
                continue;
            }
            if sort.is_some() {
                sorted.push(entry);
            } else if !found.show(call, &entry, show)? {
                return Ok(());
            }
        }
        if let Some(name) = sort {
            sorted.sort_by_cached_key(|entry| {
                value::plain_text(&property(call, self.view, entry, &name)).unwrap_or_default().to_lowercase()
            });
            for entry in &sorted {
                if !found.show(call, entry, show)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn fits(&self, call: &Call<'_>, filter: Option<&Filter>, entry: &Entry) -> bool {
        let Some(filter) = filter else { return true };
        filter.fits(&mut |name| property(call, self.view, entry, name))
    }

    fn filter(&self, call: &Call<'_>) -> Result<Option<Filter>, Halt> {
        // A filter that a group might get one day finds the same as any other.
        let parameter = if call.given("RecipientPreviewFilter") { "RecipientPreviewFilter" } else { "Filter" };
        let Some(text) = call.text(parameter).filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        let filter = Filter::parse(&text).map_err(|error| call.fail(Failure::invalid(parameter, error.to_string())))?;
        for name in filter.properties() {
            if self.view.column(name).is_none() && !FILTER_ONLY.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                let message = format!("\"{name}\" is not a recognized filterable property of {}.", self.view.noun);
                return Err(call.fail(Failure::invalid(parameter, message)));
            }
        }
        Ok(Some(filter))
    }
}

/// Counts what is shown against the limit.
struct Found {
    limit: usize,
    asked: bool,
    shown: usize,
}

impl Found {
    /// Shows one object more; false, after a warning, when there may be no more.
    fn show(
        &mut self,
        call: &mut Call<'_>,
        entry: &Entry,
        show: &mut dyn FnMut(&mut Call<'_>, &Entry) -> Outcome,
    ) -> Result<bool, Halt> {
        let limit = self.limit;
        if self.shown == limit {
            call.warning(&if self.asked {
                format!("there are more results than the {limit} that were asked for; raise ResultSize to see them")
            } else {
                format!(
                    "only the first {limit} results are returned when ResultSize is not given; \
                     -ResultSize Unlimited returns all of them"
                )
            })?;
            return Ok(false);
        }
        self.shown += 1;
        show(call, entry)?;
        Ok(true)
    }
}

/// Properties that recipients may be filtered by although their noun does not show them.
const FILTER_ONLY: &[&str] = &[
    "City",
    "Company",
    "Department",
    "Title",
    "FirstName",
    "LastName",
    "Manager",
    "StateOrProvince",
    "CountryOrRegion",
    "Phone",
    "MemberOfGroup",
    "Members",
    "UserPrincipalName",
    "Database",
];

/// A property of an object by the name that a filter has for it.
pub(super) fn property(call: &Call<'_>, view: &View, entry: &Entry, name: &str) -> crate::clixml::PsValue {
    match view.column(name) {
        Some(column) => call.organization().property(entry, column),
        None => entry
            .properties
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or(crate::clixml::PsValue::Null, |(_, value)| value.clone()),
    }
}

/// The one object that an identity means.
pub(super) fn find_one(call: &Call<'_>, identity: &str, classes: &[Class]) -> Result<Entry, Failure> {
    let mut found = call.organization().read(|state| state.find(identity, classes));
    match found.len() {
        0 => Err(Failure::not_found(identity, call.text("DomainController").as_deref())),
        1 => Ok(found.remove(0)),
        _ => Err(Failure::ambiguous(identity)),
    }
}

/// All objects of a noun of the configuration.
pub(super) fn objects(call: &Call<'_>, noun: &str) -> Vec<Entry> {
    let mut walk = Walk::new(schema::config_classes(noun));
    std::iter::from_fn(|| walk.next(call.organization())).collect()
}

/// Hands an object out as its noun shows it.
pub(super) fn show(call: &mut Call<'_>, entry: &Entry, noun: &str) -> Outcome {
    let view = schema::view(noun).ok_or(Halt::Stopped)?;
    let object = call.organization().object(entry, view);
    call.output(object)
}

/// The object that -Identity means.
pub(super) fn identified(call: &Call<'_>, classes: &[Class]) -> Result<Entry, Failure> {
    find_one(call, &call.text("Identity").unwrap_or_default(), classes)
}

/// The limit, and whether the caller set it.
pub(super) fn result_size(call: &Call<'_>) -> Result<(usize, bool), Halt> {
    let Some(text) = call.text("ResultSize") else { return Ok((RESULT_SIZE, false)) };
    if text.eq_ignore_ascii_case("unlimited") {
        return Ok((usize::MAX, true));
    }
    match text.trim().parse::<usize>() {
        Ok(size) => Ok((size, true)),
        Err(_) => Err(call.fail(Failure::conversion(
            "ResultSize",
            &text,
            "type \"Microsoft.Exchange.Data.Unlimited`1[System.UInt32]\"",
        ))),
    }
}

fn answers_to(entry: &Entry, pattern: &str) -> bool {
    value::wildcard(pattern, &entry.name)
        || ["Alias", "DisplayName"].iter().any(|name| {
            let text = entry.text(name);
            !text.is_empty() && value::wildcard(pattern, &text)
        })
}

/// Ambiguous name resolution: some name or address begins with the text.
fn begins_with(entry: &Entry, start: &str) -> bool {
    let names = ["Alias", "DisplayName", "FirstName", "LastName"].map(|name| entry.text(name));
    entry.name.to_lowercase().starts_with(start)
        || names.iter().any(|name| name.to_lowercase().starts_with(start))
        || entry.primary_address().to_lowercase().starts_with(start)
}

/// Whether a list parameter with names of recipient types is absent or has the type of the object.
pub(super) fn type_fits(wanted: &[String], entry: &Entry, details: bool) -> bool {
    let own = if details { entry.class.details() } else { entry.class.recipient_type() };
    let each = wanted.iter().flat_map(|text| text.split(','));
    wanted.is_empty() || each.into_iter().any(|name| name.trim().eq_ignore_ascii_case(own))
}

/// The name of a server or database, also when a whole object was piped and came as its distinguished name.
pub(super) fn short_name(text: String) -> String {
    match text.strip_prefix("CN=").and_then(|rest| rest.split(',').next()) {
        Some(name) => name.to_owned(),
        None => text,
    }
}

/// The name of the server that is meant, by name, by its full domain name, or piped.
pub(super) fn server_called(call: &Call<'_>, text: &str) -> Result<String, Failure> {
    let short = short_name(text.to_owned());
    let short = short.split('.').next().unwrap_or_default();
    let server = find_one(call, short, schema::config_classes("ExchangeServer"))?;
    Ok(server.name.to_string())
}

/// Whether an object is in the organizational unit, or there is none to be in.
pub(super) fn unit_fits(wanted: Option<&str>, entry: &Entry) -> bool {
    wanted.is_none_or(|unit| {
        let path = crate::sim::org::canonical_name(entry).to_lowercase();
        let dn = crate::sim::org::distinguished_name(entry).to_lowercase();
        let unit = unit.to_lowercase();
        path.starts_with(&format!("{}/", unit.trim_end_matches('/')))
            || path.contains(&format!("/{unit}/"))
            || dn.ends_with(&unit)
    })
}
