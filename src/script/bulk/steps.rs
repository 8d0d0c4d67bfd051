//! `bulk_steps`: bulk work whose rows give records of steps, as the tasks of the library do; they are what comes back.
//!
//! Not here: what a step is (`library::given`), the work itself (`run`).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rhai::{Array, Dynamic, FnPtr, Map, Module, NativeCallContext};

use super::super::state::{RhaiResult, State};
use super::super::value::{Record, described, ordered, text_of, to_dynamic};
use super::rows::{Row, hash_of};
use super::run::Outcome;
use super::{Settings, perform};

const STEPS: &str = "What tasks of the library do with rows: calls `change` with each, over several sessions where `Parallel` of the\n\
    options says so, with a journal where `Journal` does, and gives the records of the steps of all rows. A step that\n\
    failed fails its row. `common` comes from `consent`, which has asked.";

/// The options of a task that concern its rows; `# Bulk` in its comment declares them.
const OF_ROWS: [&str; 4] = ["Journal", "Parallel", "Retry", "Changed"];

/// Registers the function.
pub(super) fn register(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    let parameters = ["rows: ?", "what: &str", "options: map", "common: map", "change: Fn", "array"];
    described("bulk_steps", &parameters, STEPS).set_into_module(
        module,
        move |context: NativeCallContext<'_>,
              rows: Dynamic,
              what: &str,
              options: Map,
              common: Map,
              change: FnPtr|
              -> RhaiResult<Array> { bulk_steps(&shared, &context, rows, what, &options, &common, change) },
    );
}

fn bulk_steps(
    state: &Arc<State>,
    context: &NativeCallContext<'_>,
    rows: Dynamic,
    what: &str,
    options: &Map,
    common: &Map,
    change: FnPtr,
) -> RhaiResult<Array> {
    let mut chosen: Map = OF_ROWS
        .into_iter()
        .filter_map(|name| Some((name.into(), options.get(name).filter(|value| !value.is_unit())?.clone())))
        .collect();
    chosen.insert("Confirm".into(), false.into());
    chosen.insert("WhatIf".into(), common.get("WhatIf").cloned().unwrap_or_else(|| false.into()));
    let settings = Settings::read(state, chosen)?;
    // The task is the same job whatever its text was in the version of exsh that began it.
    let job = hash_of([context.call_source().unwrap_or_default(), what]);
    let finished = perform(state, context, rows, change, settings, &job, true)?;
    if finished.rows.len() > 1 {
        finished.tell(state)?;
    }
    if let Some(error) = finished.ended {
        return Err(error);
    }
    let mut all = Array::new();
    for ((row, outcome), gave) in finished.rows.iter().zip(&finished.outcomes).zip(finished.gave) {
        match gave {
            Some(steps) => all.extend(each(steps)),
            None => {
                if !matches!(outcome, Outcome::Done | Outcome::DoneBefore) {
                    state.failed_steps.fetch_add(1, Ordering::SeqCst);
                }
                all.push(told(what, row, outcome));
            }
        }
    }
    Ok(all)
}

/// The record of a row for which no step was taken.
fn told(what: &str, row: &Row, outcome: &Outcome) -> Dynamic {
    let (status, error) = match outcome {
        Outcome::Done => ("done", ""),
        Outcome::DoneBefore => ("done before", ""),
        Outcome::NotBegun => ("not begun", ""),
        Outcome::Failed(error) => ("failed", error.as_str()),
        Outcome::Uncertain(why) => ("uncertain", why.as_str()),
    };
    ordered([
        ("Step", what.to_owned().into()),
        ("Target", row.key.clone().into()),
        ("Status", status.into()),
        ("Error", error.to_owned().into()),
    ])
}

fn each(steps: Dynamic) -> Array {
    match steps.try_cast_result::<Array>() {
        Ok(steps) => steps,
        Err(steps) if steps.is_unit() => Array::new(),
        Err(step) => vec![step],
    }
}

/// What went wrong in the steps of a row, if anything did.
pub(super) fn failure(steps: &Dynamic) -> Option<String> {
    let failed = each(steps.clone()).into_iter().filter_map(|step| {
        let record = step.read_lock::<Record>()?;
        let text = |name: &str| record.get(name).map(|value| text_of(&to_dynamic(&value))).unwrap_or_default();
        (text("Status") == "failed").then(|| format!("{}: {}", text("Step"), text("Error")))
    });
    failed.reduce(|all, one| format!("{all}; {one}"))
}
