//! What is known of commands by their names: which put nothing out, and which are programs.
//!
//! How they are called is in `command`.

use super::super::ast::{Arg, Command};
use super::super::builtin;
use crate::catalog::Catalog;

/// Commands that put nothing out.
const SILENT: &[&str] = &[
    "Write-Host",
    "Write-Warning",
    "Write-Verbose",
    "Write-Debug",
    "Write-Error",
    "Write-Progress",
    "Write-Information",
    "Out-File",
    "Out-Host",
    "Out-Null",
    "Out-GridView",
    "Export-Csv",
    "Export-Clixml",
    "Export-Excel",
    "Set-Content",
    "Add-Content",
    "Clear-Content",
    "Remove-Item",
    "Copy-Item",
    "Move-Item",
    "Rename-Item",
    "Start-Sleep",
    "pause",
    "Clear-Host",
    "Import-Module",
    "Remove-Module",
    "Set-StrictMode",
    "Set-Variable",
    "New-Variable",
    "Remove-Variable",
    "Set-Location",
    "Send-MailMessage",
    "Set-ExecutionPolicy",
    "Add-PSSnapin",
    "Remove-PSSession",
    "Import-PSSession",
    "Connect-ExchangeOnline",
    "Connect-IPPSSession",
    "Disconnect-ExchangeOnline",
    "Set-Alias",
    "Stop-Transcript",
    "Set-PSDebug",
    "Update-FormatData",
    "Update-TypeData",
    "Add-Member",
    "Invoke-Item",
    "Add-DistributionGroupMember",
    "Add-RoleGroupMember",
    "Add-UnifiedGroupLinks",
];

/// Whether nobody waits for what a command puts out.
pub(super) fn is_silent(command: &Command) -> bool {
    let Some(name) = command.name.as_text() else { return false };
    let full = builtin::full_name(name);
    let passes = command.args.iter().any(
        |arg| matches!(arg, Arg::Parameter { name, .. } if name.len() > 1 && ["passthru", "outputmode"].iter().any(|full| full.starts_with(&name.to_lowercase()))),
    );
    if SILENT.iter().any(|silent| silent.eq_ignore_ascii_case(full)) {
        return !passes;
    }
    let verb = full.split('-').next().unwrap_or_default().to_lowercase();
    matches!(
        verb.as_str(),
        "set"
            | "remove"
            | "disable"
            | "clear"
            | "update"
            | "stop"
            | "suspend"
            | "resume"
            | "mount"
            | "dismount"
            | "start"
    ) && Catalog::built_in().find(full).is_some()
}

/// Whether a name (lower case) is that of a program or of a file.
pub(super) fn is_program(lower: &str) -> bool {
    const PROGRAMS: &[&str] = &[
        "appcmd",
        "auditpol",
        "bcdedit",
        "bitsadmin",
        "certreq",
        "certutil",
        "cmd",
        "cscript",
        "dcdiag",
        "dsadd",
        "dsget",
        "dsmod",
        "dsquery",
        "eseutil",
        "explorer",
        "findstr",
        "gpresult",
        "gpupdate",
        "hostname",
        "icacls",
        "iisreset",
        "ipconfig",
        "isinteg",
        "klist",
        "msiexec",
        "net",
        "netdom",
        "netsh",
        "netstat",
        "nltest",
        "notepad",
        "nslookup",
        "ping",
        "powershell",
        "pwsh",
        "reg",
        "regsvr32",
        "repadmin",
        "robocopy",
        "route",
        "runas",
        "sc",
        "schtasks",
        "setspn",
        "shutdown",
        "systeminfo",
        "taskkill",
        "tasklist",
        "telnet",
        "tracert",
        "w32tm",
        "wevtutil",
        "whoami",
        "winrm",
        "wmic",
        "wscript",
        "wsmprovhost",
        "xcopy",
    ];
    let ending = [".exe", ".cmd", ".bat", ".com", ".vbs", ".msi", ".msc", ".sh", ".py"];
    PROGRAMS.contains(&lower) || ending.iter().any(|end| lower.ends_with(end)) || lower.contains(['/', '\\'])
}
