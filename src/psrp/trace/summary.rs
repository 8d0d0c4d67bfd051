//! What a message says, in one line for people.
//!
//! Secrets are never shown; long texts are cut.

use std::fmt::Write as _;

use crate::clixml::{Base, PsString, PsValue, text};
use crate::psrp::bag::{entry, number_of};
use crate::psrp::capability::Capability;
use crate::psrp::{
    CommandQuery, CommandSpec, HostCall, HostReply, HostResponse, InvocationState, Message, MessageType, PipelineSpec,
    PoolRequest, Record, RunspacePoolState,
};

const TEXT_CHARS_MAX: usize = 120;

/// What a message says. `value` is its body; `None` when it cannot be read.
#[must_use]
pub fn summary(message: &Message, value: Option<&PsValue>) -> String {
    let Some(kind) = message.message_type() else { return format!("type {:#010x}", message.kind) };
    let Some(value) = value else { return "(cannot be read)".to_owned() };
    let text = match kind {
        MessageType::CreatePipeline => PipelineSpec::from_value(value).ok().map(|spec| pipeline(&spec)),
        MessageType::InitRunspacePool => PoolRequest::from_value(value).ok().map(|request| {
            let host = if request.host_info.is_host_null { "no host" } else { "a host" };
            format!("{} to {} runspaces, {host}", request.min_runspaces, request.max_runspaces)
        }),
        MessageType::SessionCapability => Capability::from_value(value).ok().map(|capability| {
            let Capability { protocol, ps_version, serialization } = capability;
            format!("protocol {protocol}, PowerShell {ps_version}, serialization {serialization}")
        }),
        MessageType::GetCommandMetadata => CommandQuery::from_value(value).ok().map(|query| {
            let mut text = query.names.iter().map(PsString::to_text).collect::<Vec<_>>().join(", ");
            if !query.modules.is_empty() {
                text.push_str(" in ");
                text.push_str(&query.modules.iter().map(PsString::to_text).collect::<Vec<_>>().join(", "));
            }
            text
        }),
        MessageType::RunspacePoolState => state(value, "RunspaceState", |number| {
            RunspacePoolState::from_number(number).map(|state| state.to_string())
        }),
        MessageType::PipelineState => {
            state(value, "PipelineState", |number| InvocationState::from_number(number).map(|state| state.to_string()))
        }
        MessageType::PipelineHostCall | MessageType::RunspacePoolHostCall => {
            HostCall::from_value(value).ok().map(|call| {
                let parameters: Vec<String> = call.parameters.iter().map(short).collect();
                let answer = if call.wants_answer() { format!(", call {}", call.call_id) } else { String::new() };
                format!("{}({}){answer}", call.method, parameters.join(", "))
            })
        }
        MessageType::PipelineHostResponse | MessageType::RunspacePoolHostResponse => {
            HostResponse::from_value(value).ok().map(|response| {
                let reply = match &response.reply {
                    None => "nothing".to_owned(),
                    Some(HostReply::Value(value)) => short(value),
                    Some(HostReply::Refused(error)) => format!("refused: {error}"),
                };
                format!("{}, call {}: {reply}", response.method, response.call_id)
            })
        }
        MessageType::PublicKey | MessageType::EncryptedSessionKey => Some("a key".to_owned()),
        MessageType::ApplicationPrivateData => {
            value.as_object().and_then(|bag| bag.get("ApplicationPrivateData")).map(|data| {
                match entry(&data, "PSVersionTable").and_then(|table| entry(&table, "PSVersion")) {
                    Some(version) => format!("PowerShell {}", short(&version)),
                    None => "no version table".to_owned(),
                }
            })
        }
        _ => record(kind, value),
    };
    cut(&text.unwrap_or_else(|| short(value)))
}

fn record(kind: MessageType, value: &PsValue) -> Option<String> {
    Some(match Record::from_value(kind, value.clone()).ok()?? {
        Record::Output(value) => short(&value),
        Record::Error(error) => format!("{error} ({})", error.category_info()),
        Record::Warning(record) | Record::Verbose(record) | Record::Debug(record) => record.message.to_string(),
        Record::Information(record) => record.text().to_string(),
        Record::Progress(record) if record.completed => format!("{}: completed", record.activity),
        Record::Progress(record) => {
            format!("{}: {} ({} %)", record.activity, record.status_description, record.percent_complete)
        }
    })
}

fn state(value: &PsValue, property: &str, name: impl Fn(i32) -> Option<String>) -> Option<String> {
    let bag = value.as_object()?;
    let number = i32::try_from(number_of(&bag.get(property)?)?).ok()?;
    let mut text = name(number)?;
    if let Some(error) = bag.get("ExceptionAsErrorRecord")
        && let Ok(error) = crate::psrp::ErrorRecord::from_value(&error)
    {
        let _ = write!(text, ": {error}");
    }
    Some(text)
}

fn pipeline(spec: &PipelineSpec) -> String {
    let statements = std::iter::once(&spec.commands).chain(&spec.more_statements);
    let first_only = spec.more_statements.is_empty();
    let mut text = if first_only {
        commands(&spec.commands)
    } else {
        statements.map(|one| commands(one)).collect::<Vec<_>>().join("; ")
    };
    if !spec.no_input {
        text.insert_str(0, "input | ");
    }
    text
}

fn commands(commands: &[CommandSpec]) -> String {
    commands.iter().map(command).collect::<Vec<_>>().join(" | ")
}

fn command(command: &CommandSpec) -> String {
    let mut out =
        if command.is_script { format!("{{ {} }}", one_line(&command.name)) } else { one_line(&command.name) };
    for argument in &command.arguments {
        out.push(' ');
        match &argument.name {
            None => out.push_str(&short(&argument.value)),
            Some(name) => {
                let name = one_line(name);
                if !name.starts_with('-') {
                    out.push('-');
                }
                out.push_str(&name);
                if !argument.value.is_null() {
                    out.push(if name.ends_with(':') { ' ' } else { '=' });
                    out.push_str(&short(&argument.value));
                }
            }
        }
    }
    out
}

/// A value in a few words.
fn short(value: &PsValue) -> String {
    match value {
        PsValue::Null => "null".to_owned(),
        PsValue::String(text) => format!("'{}'", one_line(text)),
        PsValue::SecureString(_) => "(secret)".to_owned(),
        PsValue::Object(object) => {
            let type_names = object.type_names().unwrap_or_default();
            let name = type_names.first().map(|name| name.rsplit('.').next().unwrap_or(name).to_owned());
            let name = name.unwrap_or_default();
            match object.base() {
                Base::List(_, items) => {
                    let shown: Vec<String> = items.iter().take(8).map(short).collect();
                    let more = if items.len() > shown.len() { ", …" } else { "" };
                    format!("[{}{more}]", shown.join(", "))
                }
                Base::Dictionary(entries) => format!("{name} of {} entries", entries.len()),
                Base::Value(inner) => match object.to_string_text() {
                    Some(text) => one_line(&text),
                    None => short(&inner),
                },
                Base::None => match object.to_string_text() {
                    Some(text) => format!("{name} {}", one_line(&text)).trim().to_owned(),
                    None => {
                        let names: Vec<String> = object
                            .properties()
                            .iter()
                            .take(6)
                            .map(|(name, value)| format!("{name}={}", brief(value)))
                            .collect();
                        format!("{name}{{{}}}", names.join("; "))
                    }
                },
            }
        }
        other => one_line(&text::as_string(other)),
    }
}

/// A value inside another: objects by name only.
fn brief(value: &PsValue) -> String {
    match value {
        PsValue::Object(object) => match object.to_string_text() {
            Some(text) => one_line(&text),
            None => "…".to_owned(),
        },
        other => short(other),
    }
}

fn one_line(text: &PsString) -> String {
    cut(&text.to_text().split_whitespace().collect::<Vec<_>>().join(" "))
}

fn cut(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match text.char_indices().nth(TEXT_CHARS_MAX) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
