//! Saved objects shown by whatever may stand after `$objects |`: what is more than a view command runs as PowerShell.
//!
//! View commands themselves are `render`'s; this runs only what it does not understand.

use std::sync::{Arc, Mutex};

use super::console::Reported;
use super::exchange::{Exchange, ExchangeCall, Item};
use super::fault::Res;
use super::options::{Console, Message, RunOptions};
use super::run::{Ended, run_source};
use super::value::{List, V, lock};
use super::wire::from_wire;
use crate::catalog::Cmdlet;
use crate::clixml::PsValue;
use crate::render::view::Views;
use crate::render::{RenderError, inspect};

/// Shows objects as [`inspect`] does; a command that is no view command, or that computes more than views can, is run
/// as PowerShell over the objects.
///
/// # Errors
/// What the view command lacks, if PowerShell cannot run it either.
pub fn inspect_with_scripts(
    objects: &[PsValue],
    formats: &[PsValue],
    command: &str,
    width: usize,
) -> Result<String, RenderError> {
    let refused = match inspect(objects, formats, command, width) {
        Err(refused @ (RenderError::BadCommand { .. } | RenderError::Script { .. })) => refused,
        shown => return shown,
    };
    let printed = Arc::new(Printed::default());
    let options = RunOptions {
        arguments: vec![V::List(List::array(objects.iter().map(from_wire).collect()))],
        exchange: Some(Arc::new(Known(formats.to_vec()))),
        ..RunOptions::at_prompt(printed.clone())
    };
    let (settings, command) = settings_first(command);
    let source = format!(
        "param($objects)\n{settings}\nWrite-Host -NoNewline (& {{ $objects | {command} }} | Out-String -Width {width})"
    );
    match run_source(&source, options).ended {
        Ended::Ok if !*lock(&printed.failed) => Ok(std::mem::take(&mut *lock(&printed.text))),
        _ => Err(refused),
    }
}

/// Statements that only set something stand before the pipeline and get no objects.
fn settings_first(command: &str) -> (String, &str) {
    let mut settings = String::new();
    let mut rest = command.trim();
    while rest.starts_with(['$', '['])
        && let Some((statement, after)) = rest.split_once(';')
    {
        settings.push_str(statement);
        settings.push('\n');
        rest = after.trim();
    }
    (settings, rest)
}

/// Collects what a run prints.
#[derive(Default)]
struct Printed {
    text: Mutex<String>,
    failed: Mutex<bool>,
}

impl Console for Printed {
    fn out(&self, text: &str) {
        lock(&self.text).push_str(text);
    }

    fn message(&self, _: Message, _: &str) {}

    fn error(&self, _: &Reported<'_>) {
        *lock(&self.failed) = true;
    }
}

/// Views without an Exchange.
struct Known(Vec<PsValue>);

impl Exchange for Known {
    fn find(&self, _: &str) -> Option<Arc<Cmdlet>> {
        None
    }

    fn is_connected(&self) -> bool {
        false
    }

    fn add_views(&self, views: &mut Views) {
        views.add_format_data(&self.0);
    }

    fn run(&self, _: &ExchangeCall, _: &mut dyn FnMut(Item) -> Res<()>) -> Res<()> {
        Ok(())
    }
}
