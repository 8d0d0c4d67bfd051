//! The variables in which a function's caller collects what it gives: `-OutVariable`, `-ErrorVariable` and their kin.
//!
//! A list is the caller's variable and, under a hidden name, the function's: whoever reports something finds it
//! there, through functions in between. Built-ins keep theirs in `command`.

use std::sync::Arc;

use super::command::Common;
use super::fault::Res;
use super::pipe::Sink;
use super::state::{Cx, set_in};
use super::value::{List, ListKind, V, lock};

/// What is collected beside the output.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Errors,
    Warnings,
    Information,
}

impl Stream {
    /// The hidden name; no variable of a script can have it.
    pub(super) fn hidden(self) -> &'static str {
        match self {
            Self::Errors => "errors in",
            Self::Warnings => "warnings in",
            Self::Information => "information in",
        }
    }
}

/// An empty list as the caller's variable; after `+` it begins with what the variable has.
fn start(cx: Cx<'_>, variable: &str) -> List {
    let name = variable.trim_start_matches('+');
    let items = match cx.rt.get(name) {
        Some(before) if name != variable => before.unrolled(),
        _ => Vec::new(),
    };
    let list = List::of(ListKind::ArrayList, items);
    cx.rt.set(name, V::List(list.clone()));
    list
}

/// The lists of a call, made in the caller's scope: hidden name and list.
pub(super) fn lists(cx: Cx<'_>, common: &Common) -> Vec<(&'static str, V)> {
    let wanted = [
        (Stream::Errors, &common.error_variable),
        (Stream::Warnings, &common.warning_variable),
        (Stream::Information, &common.information_variable),
    ];
    let one = |(stream, variable): (Stream, &Option<String>)| {
        variable.as_deref().map(|variable| (stream.hidden(), V::List(start(cx, variable))))
    };
    wanted.into_iter().filter_map(one).collect()
}

/// Adds to the lists of all functions that are running.
pub(super) fn add(cx: Cx<'_>, stream: Stream, value: &V) {
    for frame in lock(&cx.rt.frames).iter() {
        if let Some(V::List(list)) = frame.vars.get(stream.hidden()).map(|var| &var.value) {
            list.lock().push(value.clone());
        }
    }
}

/// Keeps the output of a call that has ended, where its parameters ask for it.
pub(super) fn keep(cx: Cx<'_>, common: &Common, outputs: &[V]) {
    if let Some(variable) = common.out_variable.as_deref() {
        start(cx, variable).lock().extend_from_slice(outputs);
    }
}

/// The output of a call, kept where its parameters ask for it.
pub(super) fn output(cx: Cx<'_>, common: &Common, next: &Arc<dyn Sink>) -> Option<Arc<dyn Sink>> {
    if common.out_variable.is_none() && common.pipeline_variable.is_none() {
        return None;
    }
    let kept = common.out_variable.as_deref().map(|variable| start(cx, variable));
    let depth = lock(&cx.rt.frames).len();
    Some(Arc::new(Keeping { next: next.clone(), kept, passing: common.pipeline_variable.clone(), depth }))
}

struct Keeping {
    next: Arc<dyn Sink>,
    kept: Option<List>,
    /// The variable that has each object while it is on its way.
    passing: Option<String>,
    /// How many scopes the caller has: stages after this one run in them.
    depth: usize,
}

impl Sink for Keeping {
    fn push(&self, cx: Cx<'_>, value: V) -> Res<()> {
        if let Some(list) = &self.kept {
            list.lock().push(value.clone());
        }
        if let Some(variable) = &self.passing
            && let Some(frame) = lock(&cx.rt.frames).get_mut(self.depth.saturating_sub(1))
        {
            set_in(frame, variable, value.clone());
        }
        self.next.push(cx, value)
    }
}
