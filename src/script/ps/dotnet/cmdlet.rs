//! Methods of `$PSCmdlet`: asking, writing, failing.
//!
//! Its properties are made in `automatic`.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V};

/// The type of `$PSCmdlet`.
pub(super) const PS_CMDLET: &str = "System.Management.Automation.PSScriptCmdlet";

/// `$PSCmdlet.name(args)`.
///
/// # Errors
/// What is thrown, and what taking the output gives.
pub(super) fn methods(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "shouldcontinue" => V::Bool(true),
        "shouldprocess" => {
            let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
            let name = match object.note("MyInvocation") {
                Some(V::Obj(invocation)) => to_string(&invocation.note("InvocationName").unwrap_or_default()),
                _ => String::new(),
            };
            let what = match args.len() {
                0 | 1 => format!("Performing the operation \"{name}\" on target \"{}\".", text(0)),
                2 => format!("Performing the operation \"{}\" on target \"{}\".", text(1), text(0)),
                _ => text(0),
            };
            let only_shown = object.note("WhatIf").is_some_and(|value| super::super::compare::truthy(&value))
                || super::super::compare::truthy(&cx.rt.get("WhatIfPreference").unwrap_or_default());
            if only_shown {
                cx.rt.options.console.out(&format!("What if: {what}\n"));
            } else {
                super::super::command::write_message(
                    cx,
                    super::super::options::Message::Verbose,
                    &what,
                    &super::super::command::Common::default(),
                )?;
            }
            V::Bool(!only_shown)
        }
        "throwterminatingerror" => {
            if let Some(V::Obj(record)) = args.first() {
                name_source(record, object);
                return Err(Box::new(super::super::fault::Fault::Error(
                    record.clone(),
                    super::super::fault::Reach::Statement,
                )));
            }
            V::Nothing
        }
        "writeerror" => {
            if let Some(V::Obj(record)) = args.first() {
                name_source(record, object);
                super::super::command::write_error(cx, record, &super::super::command::Common::default())?;
                object.set("__failed", V::Bool(true));
            }
            V::Nothing
        }
        "writeobject" => {
            let value = args.first().cloned().unwrap_or_default();
            let whole = args.get(1).is_none_or(|each| !super::super::compare::truthy(each));
            for item in if whole { vec![value] } else { value.unrolled() } {
                cx.emit(item)?;
            }
            V::Nothing
        }
        "writeverbose" | "writewarning" | "writedebug" => {
            let kind = match name {
                "writeverbose" => super::super::options::Message::Verbose,
                "writewarning" => super::super::options::Message::Warning,
                _ => super::super::options::Message::Debug,
            };
            super::super::command::write_message(
                cx,
                kind,
                &args.first().map(interpolated).unwrap_or_default(),
                &super::super::command::Common::default(),
            )?;
            V::Nothing
        }
        _ if name == "tostring" && args.is_empty() => V::from(to_string(&V::Obj(object.clone()))),
        _ => return Ok(None),
    }))
}

/// The type of `$ExecutionContext.InvokeCommand`.
pub(in crate::script::ps) const COMMANDS: &str = "System.Management.Automation.CommandInvocationIntrinsics";

/// `$ExecutionContext.InvokeCommand.name(args)`.
///
/// # Errors
/// When the text is not PowerShell, and what it throws.
pub(super) fn commands(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = args.first().map(interpolated).unwrap_or_default();
    Ok(Some(match name {
        "expandstring" => {
            let block = super::super::engine::compile_block(cx, &format!("@\"\n{text}\n\"@"))?;
            V::from_outputs(cx.collect(|| super::super::invoke::inline(cx, &block, None, Vec::new()))?)
        }
        "newscriptblock" => V::Block(super::super::engine::compile_block(cx, &text)?),
        "invokescript" => {
            let block = super::super::engine::compile_block(cx, &text)?;
            V::array(super::super::invoke::call_block(cx, &block, Vec::new())?)
        }
        _ => return Ok(None),
    }))
}

/// Adds the function that an error comes from to the error's id and category.
fn name_source(record: &Obj, cmdlet: &Obj) {
    let id = to_string(&record.note("FullyQualifiedErrorId").unwrap_or_default());
    let Some(V::Obj(invocation)) = cmdlet.note("MyInvocation") else { return };
    let name = to_string(&invocation.note("MyCommand").unwrap_or_default());
    if name.is_empty() {
        return;
    }
    if !id.contains(',') {
        record.set("FullyQualifiedErrorId", V::from(format!("{id},{name}")));
    }
    if let Some(V::Obj(info)) = record.note("CategoryInfo") {
        if info.note("Activity").is_none_or(|activity| to_string(&activity).is_empty()) {
            info.set("Activity", V::from(name.as_str()));
        }
        super::super::fault::word_category(&info);
    }
    if let Some(V::Obj(place)) = record.note("InvocationInfo") {
        place.set("MyCommand", invocation.note("MyCommand").unwrap_or_default());
        place.set("InvocationName", invocation.note("InvocationName").unwrap_or_default());
    }
}
