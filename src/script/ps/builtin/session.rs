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
    let message = "exsh does not carry this command out yet; in a sandbox (--sandbox DIR) it is passed over";
    c.problem("NotCarriedOut", "NotImplemented", message).err()
}

const ANY: &str = "A@0~ InputObject^";

pub(super) const COMMANDS: &[Builtin] = &[
    each("Get-Module", "Name@0^ ListAvailable! All! FullyQualifiedName Refresh!", get_module),
    each(
        "Import-Module",
        "Name@0^ Force! Prefix Global! PassThru! DisableNameChecking! MinimumVersion RequiredVersion SkipEditionCheck! UseWindowsPowerShell! NoClobber! Scope Function Cmdlet",
        import_module,
    ),
    each("Remove-Module", "Name@0^ Force!", nothing),
    each(
        "Install-Module",
        "Name@0 Force! AllowClobber! Scope Repository RequiredVersion MinimumVersion SkipPublisherCheck! AcceptLicense! AllowPrerelease! Confirm!",
        not_yet,
    ),
    each("Update-Module", "Name@0 Force! Confirm!", not_yet),
    each("Uninstall-Module", "Name@0 Force! AllVersions!", not_yet),
    each("ConvertTo-SecureString", "String@0^ AsPlainText! Force! Key SecureKey", secure_string),
    each("ConvertFrom-SecureString", "SecureString@0^ AsPlainText! Key", plain_text),
    each("Set-ExecutionPolicy", "ExecutionPolicy@0 Scope@1 Force! Confirm!", nothing),
    each("Get-ExecutionPolicy", "Scope List!", |cx, c, _, _| c.push(cx, V::from("RemoteSigned"))),
    each("Add-PSSnapin", "Name@0", nothing),
    each("Get-PSSnapin", "Name@0 Registered!", nothing),
    each("Enter-PSSession", "ComputerName@0 Session", not_yet),
    each("Exit-PSSession", "", nothing),
    each(
        "Invoke-WebRequest",
        "Uri@0 Method Headers Body OutFile UseBasicParsing! Credential ContentType TimeoutSec Proxy SessionVariable WebSession UserAgent PassThru!",
        not_yet,
    ),
    each(
        "Invoke-RestMethod",
        "Uri@0 Method Headers Body OutFile UseBasicParsing! Credential ContentType TimeoutSec FollowRelLink! Authentication Token",
        not_yet,
    ),
    each(
        "Start-Process",
        "FilePath@0 ArgumentList@1 Wait! PassThru! Verb WindowStyle NoNewWindow! WorkingDirectory Credential",
        not_yet,
    ),
    each("Stop-Process", "Id@0 Name Force! PassThru! InputObject^", not_yet),
    each("Get-Process", "Name@0 Id ComputerName", not_yet),
    each("Get-Service", "Name@0 ComputerName DisplayName Include InputObject^", not_yet),
    each("Start-Service", "Name@0 InputObject^ PassThru!", not_yet),
    each("Stop-Service", "Name@0 InputObject^ Force! PassThru!", not_yet),
    each("Restart-Service", "Name@0 InputObject^ Force! PassThru!", not_yet),
    each("Set-Service", "Name@0 StartupType Status InputObject^", not_yet),
    each("Start-Transcript", "Path@0 Append! Force! NoClobber! IncludeInvocationHeader! LiteralPath", not_yet),
    each("Stop-Transcript", "", nothing),
    each("Start-Job", "ScriptBlock@0 Name ArgumentList InitializationScript FilePath", not_yet),
    each("Get-Job", "Id@0 Name State", not_yet),
    each("Wait-Job", ANY, not_yet),
    each("Receive-Job", ANY, not_yet),
    each("Remove-Job", ANY, not_yet),
    each("Invoke-Item", "Path@0^", not_yet),
    each(
        "Add-Type",
        "TypeDefinition@0 AssemblyName Language MemberDefinition Name Namespace Path PassThru! ReferencedAssemblies",
        not_yet,
    ),
    each("Register-ObjectEvent", ANY, not_yet),
    each("Test-Connection", "TargetName@0=ComputerName Count Quiet! Delay", |cx, c, _, _| {
        if c.bound.flag("Quiet") { c.push(cx, V::Bool(true)) } else { Ok(()) }
    }),
    each("Get-WmiObject", "Class@0 ComputerName Filter Namespace Property Query Credential", not_yet),
    each("Get-CimInstance", "ClassName@0 ComputerName Filter Namespace Property Query", not_yet),
    each("Write-EventLog", ANY, not_yet),
    each("Get-EventLog", ANY, not_yet),
    each("Get-WinEvent", ANY, not_yet),
    each("Update-FormatData", ANY, nothing),
    each(
        "Update-TypeData",
        "TypeName MemberType MemberName Value Force! DefaultDisplayPropertySet AppendPath PrependPath",
        nothing,
    ),
    each("Set-PSDebug", "Trace Step! Strict! Off!", nothing),
    each("Wait-Process", ANY, not_yet),
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
