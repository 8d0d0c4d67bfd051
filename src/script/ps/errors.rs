//! Showing errors and messages, and deciding what an error does to the statements around it.
//!
//! Records themselves are built in `fault`.

use std::sync::Arc;

use super::console::{Place, Reported};
use super::fault::{Fault, Reach, Res};
use super::options::Message;
use super::state::Rt;
use super::value::{Obj, V, lock};

/// Shows an error on the error stream.
pub(super) fn show(rt: &Arc<Rt>, record: &Obj) {
    if rt.redirected('2', &V::Obj(record.clone())) {
        return;
    }
    report(rt, record);
}

/// Puts an error on the console, with the line of the script that it is from.
pub(super) fn report(rt: &Rt, record: &Obj) {
    let (message, id, category) = super::fault::summary(record);
    let line = match record.note("InvocationInfo") {
        Some(V::Obj(info)) => match (info.note("ScriptLineNumber"), info.note("Line")) {
            (Some(V::Int(line)), Some(V::Str(text))) if !text.is_empty() => Some((line, text)),
            _ => None,
        },
        _ => None,
    };
    let place = line.as_ref().map(|(line, text)| Place::Statement { line: i64::from(*line), text: text.trim() });
    let script = rt.options.script_name();
    rt.options.console.error(&Reported { message: &message, id: &id, category: &category, script: &script, place });
}

/// What `Write-Information` and `Write-Host` put on the information stream.
#[must_use]
pub(super) fn information(data: V, text: &str, tags: Vec<V>) -> V {
    let tags = super::value::List::of(super::value::ListKind::Generic("System.String".into()), tags);
    let record = Obj::new(
        "System.Management.Automation.InformationRecord",
        [
            ("MessageData", data),
            ("Source", V::from("")),
            ("TimeGenerated", V::Null),
            ("Tags", V::List(tags)),
            ("User", V::from("admin")),
            ("Computer", V::from("EXSH")),
            ("ProcessId", V::Int(4242)),
            ("NativeThreadId", V::Int(1)),
            ("ManagedThreadId", V::Int(1)),
        ],
    );
    V::Obj(record.with_text(text))
}

/// Shows a message on its stream.
pub(super) fn message(rt: &Arc<Rt>, kind: Message, text: &str) {
    let stream = match kind {
        Message::Warning => '3',
        Message::Verbose => '4',
        Message::Debug => '5',
        Message::Information => '6',
    };
    if rt.redirected(stream, &V::Obj(message_record(kind, text))) {
        return;
    }
    rt.options.console.message(kind, text);
}

/// A message as a stream carries it.
#[must_use]
pub(super) fn message_record(kind: Message, text: &str) -> Obj {
    let type_name = match kind {
        Message::Warning => "System.Management.Automation.WarningRecord",
        Message::Verbose => "System.Management.Automation.VerboseRecord",
        Message::Debug => "System.Management.Automation.DebugRecord",
        Message::Information => "System.Management.Automation.InformationRecord",
    };
    Obj::new(type_name, [("Message", V::from(text)), ("MessageData", V::from(text))]).with_text(text)
}

/// What an error does at the end of its statement: it is reported and the next statement runs, or it goes on outward.
///
/// # Errors
/// The fault, when it goes on.
#[expect(clippy::boxed_local, reason = "faults travel boxed")]
pub(super) fn end_of_statement(rt: &Arc<Rt>, fault: Box<Fault>) -> Res<()> {
    match *fault {
        Fault::Error(record, reach) => {
            super::trace::locate(rt, &record);
            *lock(&rt.ok) = false;
            if rt.in_try() || reach == Reach::Script {
                return Err(Box::new(Fault::Error(record, reach)));
            }
            match rt.get_text("ErrorActionPreference").to_lowercase().as_str() {
                "stop" => Err(Box::new(Fault::Error(record, Reach::Script))),
                "ignore" => Ok(()),
                "silentlycontinue" => {
                    rt.remember_error(&record);
                    Ok(())
                }
                _ => {
                    rt.remember_error(&record);
                    show(rt, &record);
                    Ok(())
                }
            }
        }
        other => Err(Box::new(other)),
    }
}

/// Whether a `catch` with these types takes the error.
#[must_use]
pub(super) fn caught_by(record: &Obj, types: &[String]) -> bool {
    if types.is_empty() {
        return true;
    }
    let Some(V::Obj(exception)) = record.note("Exception") else { return false };
    let mut candidates = vec![exception.clone()];
    let mut inner = exception.note("InnerException");
    while let Some(V::Obj(found)) = inner {
        inner = found.note("InnerException");
        candidates.push(found);
    }
    types.iter().any(|name| {
        let full = super::types::resolve(name).unwrap_or_else(|| name.as_str().into());
        candidates.iter().any(|candidate| candidate.is(&full) || candidate.is(name))
    })
}
