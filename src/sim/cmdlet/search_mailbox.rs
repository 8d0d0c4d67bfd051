//! Search-Mailbox, and what searches find: a made-up share of each mailbox, the same for the same words.
//!
//! What was taken away stays away. No content is read.

use super::mailbox::keep;
use super::reading::{find_one, identified};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::mix;
use crate::sim::org::{canonical_name, schema, value};

/// More is not looked for in one mailbox.
const ITEMS_MAX: u64 = 10_000;

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Search-Mailbox",
        parameters: &[
            "Identity",
            "SearchQuery",
            "EstimateResultOnly",
            "DeleteContent",
            "LogOnly",
            "TargetMailbox",
            "TargetFolder",
            "Force",
            "~LogLevel",
            "~DoNotIncludeArchive",
            "~IncludeUnsearchableItems",
            "~SearchDumpster",
            "~SearchDumpsterOnly",
        ],
        output: "Microsoft.Exchange.Management.Tasks.SearchMailboxResult",
        start: |_| Box::new(Tries(search)),
    }]
}

/// Under which name a mailbox remembers how much of a search was taken away.
fn mark(words: &str) -> String {
    format!("TakenAway/{}", words.to_lowercase())
}

/// Items and bytes that a query finds in a mailbox; without words everything is found.
pub(super) fn found(call: &Call<'_>, mailbox: &Entry, words: &str) -> (u64, u64) {
    let (all, size) = super::request::contents(call, mailbox);
    let draw = words.to_lowercase().bytes().fold(7u64, |sum, byte| mix(sum ^ u64::from(byte)));
    let own = mix(draw ^ mailbox.guid.as_u128() as u64);
    // Many mailboxes have nothing of it, the others a few in ten thousand.
    let items = match words {
        "" => all,
        _ if own % 5 < 2 => 0,
        _ => (all * (1 + own % 9) / 10_000).max(1),
    };
    let gone = mailbox.get(&mark(words)).and_then(value::number_of).unwrap_or(0).unsigned_abs();
    let items = items.saturating_sub(gone).min(ITEMS_MAX);
    (items, size / all.max(1) * items)
}

/// Takes at most `most` of what a query finds away; says how many went.
pub(super) fn take_away(call: &Call<'_>, mailbox: &Entry, words: &str, most: u64) -> u64 {
    let (items, _) = found(call, mailbox, words);
    let going = items.min(most);
    if going > 0 {
        let mark = mark(words);
        let mut entry = mailbox.clone();
        let before = entry.get(&mark).and_then(value::number_of).unwrap_or(0);
        entry.set(&mark, PsValue::I64(before + going as i64));
        keep(call, entry);
    }
    going
}

fn search(call: &mut Call<'_>) -> Attempt {
    let mailbox = identified(call, Class::MAILBOXES)?;
    let target = match call.text("TargetMailbox") {
        Some(text) => Some(find_one(call, &text, Class::MAILBOXES)?),
        None => None,
    };
    let [estimates, deletes, logs] = ["EstimateResultOnly", "DeleteContent", "LogOnly"].map(|name| call.flag(name));
    let folder = call.text("TargetFolder");
    if target.is_some() != folder.is_some() {
        return Err(Failure::invalid("TargetFolder", "TargetMailbox and TargetFolder go together.").into());
    }
    if !estimates && !deletes && !logs && target.is_none() {
        let message = "Say what is to be done: EstimateResultOnly, DeleteContent, or a TargetMailbox.";
        return Err(Failure::invalid("TargetMailbox", message).into());
    }
    let words = call.text("SearchQuery").unwrap_or_default();
    let (items, bytes) = found(call, &mailbox, &words);
    let name = canonical_name(&mailbox);
    let agreed = if deletes {
        let operation = "Delete what the search finds in";
        if call.flag("Force") { call.should_process(operation, &name)? } else { call.confirmed(operation, &name)? }
    } else {
        estimates || call.should_process("Search", &name)?
    };
    if !agreed {
        return Ok(());
    }
    if deletes {
        take_away(call, &mailbox, &words, ITEMS_MAX);
    }
    let view = schema::view("SearchMailboxResult").ok_or(Halt::Stopped)?;
    let object = view.record(&[
        ("Identity", name.into()),
        ("TargetMailbox", target.map_or(PsValue::Null, |target| canonical_name(&target).into())),
        ("TargetFolder", folder.map_or(PsValue::Null, PsValue::from)),
        ("Success", true.into()),
        ("ResultItemsCount", PsValue::I32(i32::try_from(items).unwrap_or(i32::MAX))),
        ("ResultItemsSize", value::size_text(bytes).into()),
    ]);
    Ok(call.output(object)?)
}
