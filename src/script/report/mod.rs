//! `report`, `chart`, `to_html`, `write_xlsx` and their kin: what scripts found out, as pages, workbooks and charts.
//!
//! How they look is decided in `render::report`. Not here: CSV and JSON of exact values (`basics`).

mod charts;
mod files;
mod read;
mod tables;

use std::fmt;
use std::sync::Arc;

use rhai::{Dynamic, Engine, Module};

use crate::render::report as render;

use super::state::State;

pub(super) use tables::cell_of;

/// A report as scripts hold it.
#[derive(Clone)]
pub(super) struct Report(pub(super) Arc<render::Report>);

/// A chart as scripts hold it.
#[derive(Clone)]
pub(super) struct Chart(pub(super) Arc<render::Chart>);

/// As it reads without a screen.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(render::to_markdown(&self.0).trim_end())
    }
}

/// Registers the types and the functions.
pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    engine.register_type_with_name::<Report>("Report").register_type_with_name::<Chart>("Chart");
    for name in ["to_string", "to_debug", "print", "debug"] {
        engine.register_fn(name, |report: &mut Report| report.to_string());
        let shared = state.clone();
        engine.register_fn(name, move |chart: &mut Chart| drawn(&shared, chart));
    }
    let mut module = Module::new();
    read::register(&mut module);
    charts::register(&mut module, state);
    files::register(&mut module);
    engine.register_global_module(module.into());
}

fn drawn(state: &State, chart: &Chart) -> String {
    render::draw(&chart.0, state.ui.screen())
}

/// What is printed of a report or a chart where other values become tables.
pub(super) fn text_on_screen(state: &State, value: &Dynamic) -> Option<String> {
    if let Some(chart) = value.read_lock::<Chart>() {
        return Some(drawn(state, &chart));
    }
    value.read_lock::<Report>().map(|report| report.to_string())
}
