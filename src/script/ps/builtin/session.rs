//! Modules, secure strings, and commands that are not carried out yet (mail, web, jobs, transcripts).
//!
//! Sessions are in `connect`, Exchange's own cmdlets in `exchange`.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Obj, V};
use super::{Builtin, Ctx, Memory, each};

fn is_connected(cx: Cx<'_>) -> bool {
    cx.rt.options.exchange.as_ref().is_some_and(|exchange| exchange.is_connected())
}

fn nothing(_: Cx<'_>, _: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    Ok(())
}

/// What reaches beyond the script and is not carried out yet: an error, so that no script believes that it was done.
/// In a sandbox nothing is to be reached, and it is passed over.
fn not_yet(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    if cx.rt.options.sandbox.is_some() {
        return Ok(());
    }
    let name = super::name_of_class(c.id.rsplit('.').next().unwrap_or_default().trim_end_matches("Command"));
    let message = format!(
        "exsh does not carry out {}; in a sandbox (--sandbox DIR) it is passed over",
        name.unwrap_or("this command")
    );
    c.problem("NotCarriedOut", "NotImplemented", message).err()
}

/// Loading an assembly does nothing: types that exsh knows are there.
fn add_type(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, item: Option<V>) -> Res<()> {
    if c.bound.has("AssemblyName") { Ok(()) } else { not_yet(cx, c, memory, item) }
}

pub(super) const COMMANDS: &[Builtin] = &[
    each("Get-Module", get_module),
    each("Import-Module", import_module),
    each("Remove-Module", nothing),
    each("Install-Module", not_yet),
    each("Update-Module", not_yet),
    each("Uninstall-Module", not_yet),
    each("ConvertTo-SecureString", secure_string),
    each("ConvertFrom-SecureString", plain_text),
    each("Set-ExecutionPolicy", nothing),
    each("Get-ExecutionPolicy", |cx, c, _, _| c.push(cx, V::from("RemoteSigned"))),
    each("Add-PSSnapin", nothing),
    each("Get-PSSnapin", nothing),
    each("Enter-PSSession", not_yet),
    each("Exit-PSSession", nothing),
    each("Invoke-WebRequest", not_yet),
    each("Invoke-RestMethod", not_yet),
    each("Start-Process", not_yet),
    each("Stop-Process", not_yet),
    each("Get-Process", not_yet),
    each("Get-Service", not_yet),
    each("Start-Service", not_yet),
    each("Stop-Service", not_yet),
    each("Restart-Service", not_yet),
    each("Set-Service", not_yet),
    each("Start-Job", not_yet),
    each("Get-Job", not_yet),
    each("Wait-Job", not_yet),
    each("Receive-Job", not_yet),
    each("Remove-Job", not_yet),
    each("Invoke-Item", not_yet),
    each("Add-Type", add_type),
    each("Register-ObjectEvent", not_yet),
    each("Test-Connection", |cx, c, _, _| if c.bound.flag("Quiet") { c.push(cx, V::Bool(true)) } else { Ok(()) }),
    each("Get-WmiObject", not_yet),
    each("Get-CimInstance", not_yet),
    each("Write-EventLog", not_yet),
    each("Get-EventLog", not_yet),
    each("Get-WinEvent", not_yet),
    each("Set-PSDebug", nothing),
    each("Wait-Process", not_yet),
];

fn get_module(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let connected = is_connected(cx);
    let known: &[(&str, &str)] = if connected {
        &[
            ("ExchangeOnlineManagement", "3.7.0"),
            ("Microsoft.PowerShell.Management", "7.0.0.0"),
            ("Microsoft.PowerShell.Utility", "7.0.0.0"),
        ]
    } else {
        &[("Microsoft.PowerShell.Management", "7.0.0.0"), ("Microsoft.PowerShell.Utility", "7.0.0.0")]
    };
    let wanted = c.bound.texts("Name");
    for (name, version) in known {
        if wanted.is_empty() || wanted.iter().any(|pattern| super::super::compare::like(name, pattern, false)) {
            let version = super::super::cast::cast("version", &V::from(*version))?;
            c.push(
                cx,
                V::Obj(
                    Obj::new(
                        "System.Management.Automation.PSModuleInfo",
                        [
                            ("ModuleType", V::from("Script")),
                            ("Version", version),
                            ("PreRelease", V::Null),
                            ("Name", V::from(*name)),
                            ("ExportedCommands", V::Null),
                        ],
                    )
                    .with_text(name),
                ),
            )?;
        }
    }
    Ok(())
}

fn import_module(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    for name in c.bound.texts("Name") {
        let known = name.to_lowercase().starts_with("microsoft.powershell.") || is_connected(cx);
        if !known {
            c.out.error(
                cx,
                super::super::fault::Problem::new(
                    "Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand",
                    "ResourceUnavailable",
                    format!("The specified module '{name}' was not loaded because no valid module file was found in any module directory."),
                )
                .exception("System.IO.FileNotFoundException")
                .target(V::from(name.as_str())),
            )?;
        }
    }
    Ok(())
}

fn secure_string(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let text = input.or_else(|| c.bound.get("String").cloned()).map(|value| interpolated(&value)).unwrap_or_default();
    c.push(cx, V::Obj(super::write::secure(&text)))
}

fn plain_text(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let value = input.or_else(|| c.bound.get("SecureString").cloned());
    match value {
        Some(V::Obj(object)) if c.bound.flag("AsPlainText") => c.push(cx, object.note("__plain").unwrap_or_default()),
        _ => c.push(cx, V::from("01000000d08c9ddf")),
    }
}
