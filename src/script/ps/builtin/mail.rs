//! `Send-MailMessage`: really sends, except in a sandbox, where nothing leaves.
//!
//! The talk with the server is `transport`'s.

use std::sync::Mutex;

use super::super::fault::{Problem, Res};
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::V;
use super::{Builtin, Ctx, Memory, edges};
use crate::transport::{Mail, MailSecurity, MailServer};

pub(super) const COMMANDS: &[Builtin] = &[edges("Send-MailMessage", None, collect, send)];

/// Piped files are attachments of one message.
fn collect(_: Cx<'_>, _: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    if let Some(file) = input {
        super::super::value::lock(memory).values.push(file);
    }
    Ok(())
}

fn send(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>) -> Res<()> {
    if cx.rt.options.sandbox.is_some() {
        return Ok(());
    }
    let missing = |name: &str| {
        c.problem(
            "MissingMandatoryParameter",
            "InvalidArgument",
            format!("Cannot process command because of one or more missing mandatory parameters: {name}."),
        )
        .exception("System.Management.Automation.ParameterBindingException")
    };
    let from = c.bound.text("From").ok_or_else(|| missing("From").fault())?;
    let to = c.bound.texts("To");
    if to.is_empty() && !c.bound.has("Cc") && !c.bound.has("Bcc") {
        return missing("To").err();
    }
    let host = c
        .bound
        .text("SmtpServer")
        .or_else(|| cx.rt.get("PSEmailServer").map(|server| to_string(&server)))
        .filter(|host| !host.is_empty());
    let Some(host) = host else {
        let message = "no SMTP server is given: -SmtpServer, or the variable $PSEmailServer, names one";
        return c.problem("HostNotSpecified", "InvalidArgument", message).err();
    };
    let mut attachments = Vec::new();
    let piped = super::super::value::lock(memory).values.clone();
    let given = if piped.is_empty() { c.bound.list("Attachments") } else { piped };
    for file in given {
        let path = super::files::item_path(&file);
        let target = super::super::files::resolve(cx, &path);
        let Ok(bytes) = std::fs::read(&target) else {
            return c
                .problem("AttachmentNotFound", "ObjectNotFound", format!("Could not find file '{path}'."))
                .exception("System.IO.FileNotFoundException")
                .err();
        };
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        attachments.push((name, bytes));
    }
    let is_html = c.bound.flag("BodyAsHtml");
    let body = c.bound.get("Body").map(interpolated).unwrap_or_default();
    let mail = Mail {
        from,
        to,
        cc: c.bound.texts("Cc"),
        bcc: c.bound.texts("Bcc"),
        reply_to: c.bound.text("ReplyTo"),
        subject: c.bound.text("Subject").unwrap_or_default(),
        text: (!is_html).then(|| body.clone()),
        html: is_html.then_some(body),
        attachments,
    };
    let port = c.bound.integer("Port").and_then(|port| u16::try_from(port).ok()).unwrap_or(25);
    let security = if c.bound.flag("UseSsl") { MailSecurity::StartTls } else { MailSecurity::Plain };
    let credential = c.bound.get("Credential").and_then(super::super::sessions::credential_of);
    let server = MailServer { host, port, security, credential, skip_ca_check: false };
    let Some(sessions) = cx.rt.options.sessions.clone() else {
        return c.problem("NotCarriedOut", "NotImplemented", "nothing can be sent from here").err();
    };
    sessions.send_mail(&server, mail).or_else(|reason| {
        let problem = Problem::new(format!("SmtpException,{}", c.id), "InvalidOperation", reason);
        c.out.error(cx, problem.exception("System.Net.Mail.SmtpException"))
    })
}
