//! The three steps in a script: Get-Credential, New-PSSession, Import-PSSession, Remove-PSSession, Connect-ExchangeOnline.
//!
//! Who opens sessions is behind `Sessions`; in a sandbox, and without anybody to open them, the steps are passed over.

use std::sync::Mutex;

use super::super::fault::{Problem, Res};
use super::super::sessions::{self, Holder, Opening};
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Hash, HashKind, Obj, V};
use super::{Builtin, Ctx, Memory, each, late};
use crate::secret::ExposeSecret as _;

pub(super) const COMMANDS: &[Builtin] = &[
    each("Get-Credential", get_credential),
    each("New-PSSession", new_session),
    each("New-PSSessionOption", session_option),
    each("Import-PSSession", import_session),
    each("Remove-PSSession", remove_session),
    each("Get-PSSession", get_session),
];

/// Commands that a connected server may have of its own, and then means itself.
pub(super) const CONNECT: &[Builtin] = &[
    late("Connect-ExchangeOnline", CONNECT_PARAMETERS, connect),
    late("Connect-IPPSSession", CONNECT_PARAMETERS, connect),
    late("Disconnect-ExchangeOnline", "Confirm! ConnectionId ModulePrefix", disconnect),
    late("Connect-ExchangeServer", "ServerFqdn@0 Auto! ClientApplication Credential", connect),
];

const CONNECT_PARAMETERS: &str = "ConnectionUri@0 AzureADAuthorizationEndpointUri@1 ExchangeEnvironmentName@2 PSSessionOption@3 DelegatedOrganization@4 Prefix@5 CommandName@6 FormatTypeName@7 Credential UserPrincipalName ShowBanner! ShowProgress! BypassMailboxAnchoring! Organization AppId CertificateThumbprint Certificate CertificateFilePath CertificatePassword AccessToken Device! ManagedIdentity! UseMultithreading! UseRPSSession! LoadCmdletHelp! SkipLoadingFormatData! SkipLoadingCmdletHelp! TrackPerformance! PageSize EnableErrorReporting! LogDirectoryPath LogLevel InlineCredential! EnableSearchOnlySession! DisableWAM!";

/// Who opens sessions here: nobody in a sandbox, which must reach nothing.
fn holder(cx: Cx<'_>, uri: &str) -> Holder {
    let inside = uri.starts_with("demo:") || is_loopback(uri);
    let reachable = cx.rt.options.sandbox.is_none() || inside;
    cx.rt.options.sessions.clone().filter(|_| reachable)
}

fn is_loopback(uri: &str) -> bool {
    let host = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|own| host.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?'])))
}

fn get_credential(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let given = c.bound.get("Credential").or_else(|| c.bound.get("UserName"));
    if let Some(V::Obj(object)) = given
        && object.is("System.Management.Automation.PSCredential")
    {
        return c.push(cx, V::Obj(object.clone()));
    }
    let user = given.map(interpolated).filter(|user| !user.is_empty());
    let (user, password) = match &cx.rt.options.sessions {
        Some(sessions) if cx.rt.options.sandbox.is_none() => {
            let message = c.bound.text("Message");
            match sessions.ask_credential(user.as_deref(), message.as_deref()).map_err(|problem| problem.fault())? {
                Some(given) => (given.user_name().to_owned(), given.password().expose_secret().to_owned()),
                None => return Ok(()),
            }
        }
        _ => (user.unwrap_or_else(|| "admin@contoso.com".to_owned()), "x".to_owned()),
    };
    let credential = super::super::dotnet::make::credential(&user, V::Obj(super::write::secure(&password)));
    c.push(cx, credential)
}

fn session_option(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let given = c.bound.table().entries().into_iter().map(|(name, value)| (interpolated(&name), value));
    let properties: Vec<(String, V)> = given.collect();
    c.push(cx, V::Obj(Obj::new("System.Management.Automation.Remoting.PSSessionOption", properties)))
}

/// The parameters of a call that `new_session` knows by the same names.
fn options(c: &Ctx<'_>) -> Vec<(String, V)> {
    let mut options = Vec::new();
    for name in ["ConfigurationName", "Authentication", "Name"] {
        if let Some(text) = c.bound.text(name) {
            options.push((name.to_owned(), V::from(text)));
        }
    }
    if c.bound.flag("AllowRedirection") {
        options.push(("AllowRedirection".to_owned(), V::Bool(true)));
    }
    if let Some(V::Obj(object)) = c.bound.get("SessionOption").or_else(|| c.bound.get("PSSessionOption")) {
        let given =
            object.props().into_iter().filter_map(|prop| Some((V::from(&*prop.name), object.note(&prop.name)?)));
        options.push(("SessionOption".to_owned(), V::Hash(Hash::from_entries(HashKind::Table, given))));
    }
    options
}

fn address(c: &Ctx<'_>) -> String {
    if let Some(uri) = c.bound.text("ConnectionUri") {
        return uri;
    }
    let scheme = if c.bound.flag("UseSSL") { "https" } else { "http" };
    let port = c.bound.integer("Port").unwrap_or(if scheme == "https" { 5986 } else { 5985 });
    format!("{scheme}://{}:{port}/wsman", c.bound.text("ComputerName").unwrap_or_else(|| "localhost".to_owned()))
}

fn new_session(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let uri = address(c);
    let Some(sessions) = holder(cx, &uri) else {
        let name = c.bound.text("ConfigurationName").unwrap_or_default();
        let session = Obj::new(
            "System.Management.Automation.Runspaces.PSSession",
            [
                ("Id", V::Int(1)),
                ("Name", V::from("WinRM1")),
                ("ComputerName", V::from("")),
                ("State", V::from("Opened")),
                ("ConfigurationName", V::from(name)),
                ("Availability", V::from("Available")),
                ("__inert", V::Bool(true)),
            ],
        );
        return c.push(cx, V::Obj(session));
    };
    let credential = c.bound.get("Credential").and_then(sessions::credential_of);
    let wanted = Opening { uri, credential, options: options(c) };
    let info = sessions.open(&wanted).map_err(|problem| problem.fault())?;
    c.push(cx, sessions::object(&info))
}

fn is_inert(value: &V) -> bool {
    matches!(value, V::Obj(object) if object.note("__inert").is_some())
}

/// Imports a session and shows its views from now on.
fn take_in(cx: Cx<'_>, sessions: &dyn super::super::Sessions, id: u32, c: &Ctx<'_>) -> Res<()> {
    let prefix = c.bound.text("Prefix").unwrap_or_default();
    sessions.import(id, &prefix, &c.bound.texts("CommandName")).map_err(|problem| problem.fault())?;
    if let Some(exchange) = &cx.rt.options.exchange {
        let rest = cx.rt.display.learn(exchange.as_ref());
        if !rest.is_empty() {
            cx.rt.options.console.out(&rest);
        }
    }
    Ok(())
}

fn import_session(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let session = input.or_else(|| c.bound.get("Session").cloned()).unwrap_or_default();
    let Some(sessions) = cx.rt.options.sessions.clone().filter(|_| !is_inert(&session)) else { return Ok(()) };
    let Some(id) = sessions::number_of(&session) else {
        return c.problem("SessionNotFound", "InvalidArgument", "Import-PSSession needs a session").err();
    };
    take_in(cx, sessions.as_ref(), id, c)
}

fn remove_session(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let Some(sessions) = cx.rt.options.sessions.clone() else { return Ok(()) };
    let given = input.or_else(|| c.bound.get("Session").cloned()).map(V::unrolled).unwrap_or_default();
    let numbers = c.bound.get("Id").cloned().map(V::unrolled).unwrap_or_default();
    let mut ids: Vec<u32> =
        given.iter().chain(&numbers).filter(|session| !is_inert(session)).filter_map(sessions::number_of).collect();
    for (parameter, of) in [("Name", 0), ("ComputerName", 1)] {
        for pattern in c.bound.texts(parameter) {
            let fits = sessions.list().into_iter().filter(|info| {
                let text = if of == 0 { &info.name } else { &info.computer_name };
                super::super::compare::like(text, &pattern, false)
            });
            ids.extend(fits.map(|info| info.id));
        }
    }
    ids.into_iter().try_for_each(|id| sessions.remove(id).map_err(|problem| problem.fault()))
}

fn get_session(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let Some(sessions) = cx.rt.options.sessions.clone() else { return Ok(()) };
    let (names, ids) = (c.bound.texts("Name"), c.bound.get("Id").cloned().map(V::unrolled).unwrap_or_default());
    for info in sessions.list() {
        let named = names.is_empty() || names.iter().any(|name| super::super::compare::like(&info.name, name, false));
        let numbered = ids.is_empty() || ids.iter().filter_map(sessions::number_of).any(|id| id == info.id);
        if named && numbered {
            c.push(cx, sessions::object(&info))?;
        }
    }
    Ok(())
}

/// Connect-ExchangeOnline: nothing where a session is open already, else the first two steps in one.
fn connect(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let open = cx.rt.options.exchange.as_ref().is_some_and(|exchange| exchange.is_connected());
    let uri = c
        .bound
        .text("ConnectionUri")
        .or_else(|| c.bound.text("ServerFqdn").map(|server| format!("https://{server}/PowerShell/")));
    if open && uri.is_none() {
        return Ok(());
    }
    let uri = uri.unwrap_or_else(|| "https://outlook.office365.com/powershell-liveid/".to_owned());
    let Some(sessions) = holder(cx, &uri) else { return Ok(()) };
    let credential = match c.bound.get("Credential").and_then(sessions::credential_of) {
        Some(credential) => Some(credential),
        None if uri.starts_with("demo:") => None,
        None => {
            let user = c.bound.text("UserPrincipalName");
            sessions.ask_credential(user.as_deref(), None).map_err(|problem| problem.fault())?
        }
    };
    let info = sessions.open(&Opening { uri, credential, options: options(c) }).map_err(|problem| problem.fault())?;
    take_in(cx, sessions.as_ref(), info.id, c)
}

fn disconnect(cx: Cx<'_>, _: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let Some(sessions) = cx.rt.options.sessions.clone() else { return Ok(()) };
    sessions
        .list()
        .into_iter()
        .try_for_each(|info| sessions.remove(info.id).map_err(|problem: Box<Problem>| problem.fault()))
}
