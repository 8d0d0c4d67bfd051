//! The server's reading of requests: header and body as types. Who may do what is decided by whoever serves.

use std::time::Duration;

use super::names::Action;
use super::response::{decode_base64, soap, stream_data};
use super::xml::{self, Element};
use super::{CommandId, Compression, HeaderOption, ShellId, WsmanError, parse_duration};

/// One request of a client.
#[derive(Debug, Clone)]
pub struct ServerRequest {
    /// Its header.
    pub header: RequestHeader,
    /// Its body.
    pub body: RequestBody,
}

/// The header of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestHeader {
    /// As written: `uuid:…`; goes back as RelatesTo.
    pub message_id: String,
    /// The URI of the action.
    pub action_uri: String,
    /// The full URI of the endpoint.
    pub to: String,
    /// The resource.
    pub resource_uri: String,
    /// The largest answer the client takes.
    pub envelope_bytes_max: Option<u32>,
    /// How long the client wants to wait.
    pub operation_timeout: Option<Duration>,
    /// Language of messages.
    pub locale: Option<String>,
    /// Language of formats.
    pub data_locale: Option<String>,
    /// The client's session, without `uuid:`.
    pub session_id: Option<String>,
    /// Options.
    pub options: Vec<HeaderOption>,
    /// Selectors.
    pub selectors: Vec<(String, String)>,
    /// Whether the client offers compression.
    pub compression: Compression,
    /// Headers whose text cannot be read, with that text: to be refused by a fault that names them.
    pub invalid: Vec<(&'static str, String)>,
}

impl RequestHeader {
    /// The action, if it is one of ours.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        Action::from_uri(&self.action_uri)
    }

    /// The shell that the selectors name.
    #[must_use]
    pub fn shell(&self) -> Option<ShellId> {
        self.selectors.iter().find(|(name, _)| name == "ShellId").map(|(_, id)| ShellId::from_text(id.as_str()))
    }

    /// An option's value by name, ignoring case.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|option| option.name.eq_ignore_ascii_case(name)).map(|option| option.value.as_str())
    }
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestBody {
    /// Create a shell.
    Create(CreateShell),
    /// Start a command.
    Command {
        /// The client's choice; without one the server chooses.
        command: Option<CommandId>,
        /// The command line, which says nothing for PowerShell.
        line: String,
        /// The first bytes of the pipeline.
        arguments: Vec<u8>,
    },
    /// Bytes from the client, in the order of the elements.
    Send {
        /// Stream name, command (none: the shell), bytes, whether the stream ends.
        streams: Vec<super::StreamChunk>,
    },
    /// Wait for bytes.
    Receive {
        /// Of a command; of the shell if none.
        command: Option<CommandId>,
        /// Names of the streams wanted.
        streams: Vec<String>,
    },
    /// Stop or end a command.
    Signal {
        /// The command.
        command: Option<CommandId>,
        /// The code, as written: compare it ordinally with [`super::STOP_SIGNAL`].
        code: String,
    },
    /// Remove the shell.
    Delete,
    /// Read a resource.
    Get,
    /// Anything else; the local name of the body's first element.
    Other(String),
}

/// The body of Create.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CreateShell {
    /// The client's choice of an identifier.
    pub id: Option<ShellId>,
    /// A name for people.
    pub name: Option<String>,
    /// The idle time-out the client wants.
    pub idle_timeout: Option<Duration>,
    /// Names of the input streams.
    pub input_streams: String,
    /// Names of the output streams.
    pub output_streams: String,
    /// The bytes of `creationXml`; `None` for a shell that is not PowerShell's.
    pub creation: Option<Vec<u8>>,
}

/// Reads one request; `compression_of` says what was agreed on for a shell, since Send may be compressed.
///
/// # Errors
/// What is no envelope, or lacks what its action needs, see [`WsmanError`].
pub fn parse_request(
    message: &[u8],
    compression_of: impl FnOnce(&ShellId) -> Compression,
) -> Result<ServerRequest, WsmanError> {
    let text = xml::decode_text(message)?;
    let envelope = soap(&text)?;
    let header = envelope.child("Header").ok_or(WsmanError::Missing { inside: "envelope", what: "header" })?;
    let header = read_header(header)?;
    let body = envelope.child("Body").ok_or(WsmanError::Missing { inside: "envelope", what: "body" })?;
    let body = match (header.action(), body.children.first()) {
        (Some(Action::Create), Some(shell)) if shell.name == "Shell" => RequestBody::Create(create(shell)?),
        (Some(Action::Command), Some(line)) if line.name == "CommandLine" => command(line)?,
        (Some(Action::Send), Some(send)) if send.name == "Send" => {
            let compression = header.shell().as_ref().map(compression_of).unwrap_or_default();
            RequestBody::Send { streams: send_streams(send, compression)? }
        }
        (Some(Action::Receive), Some(receive)) if receive.name == "Receive" => {
            let wanted = receive.child("DesiredStream");
            RequestBody::Receive {
                command: wanted.and_then(|wanted| wanted.attribute("CommandId")).map(CommandId::from_text),
                streams: wanted.map(|w| w.text.split_whitespace().map(str::to_owned).collect()).unwrap_or_default(),
            }
        }
        (Some(Action::Signal), Some(signal)) if signal.name == "Signal" => RequestBody::Signal {
            command: signal.attribute("CommandId").map(CommandId::from_text),
            code: signal.child_text("Code").unwrap_or_default().to_owned(),
        },
        (Some(Action::Delete), _) => RequestBody::Delete,
        (Some(Action::Get), _) => RequestBody::Get,
        (_, first) => RequestBody::Other(first.map(|first| first.name.clone()).unwrap_or_default()),
    };
    Ok(ServerRequest { header, body })
}

fn read_header(header: &Element<'_>) -> Result<RequestHeader, WsmanError> {
    let text = |name: &str| header.child_text(name).map(str::to_owned);
    let mut invalid = Vec::new();
    let envelope_bytes_max = readable(header, "MaxEnvelopeSize", |digits| digits.parse().ok(), &mut invalid);
    let operation_timeout = readable(header, "OperationTimeout", parse_duration, &mut invalid);
    let language = |name: &str| header.child(name).and_then(|locale| locale.attribute("lang")).map(str::to_owned);
    let named = |element: &Element<'_>| element.attribute("Name").unwrap_or("").to_owned();
    Ok(RequestHeader {
        message_id: text("MessageID").unwrap_or_default(),
        action_uri: text("Action").ok_or(WsmanError::Missing { inside: "header", what: "action" })?,
        to: text("To").unwrap_or_default(),
        resource_uri: text("ResourceURI").unwrap_or_default(),
        envelope_bytes_max,
        operation_timeout,
        locale: language("Locale"),
        data_locale: language("DataLocale"),
        session_id: text("SessionId").map(|id| id.trim_start_matches("uuid:").to_owned()),
        options: header.child("OptionSet").map_or_else(Vec::new, |set| {
            set.all("Option")
                .map(|option| HeaderOption {
                    name: named(option),
                    value: option.text.trim().to_owned(),
                    must_comply: option.attribute("MustComply").is_some_and(|must| must == "true" || must == "1"),
                })
                .collect()
        }),
        selectors: header.child("SelectorSet").map_or_else(Vec::new, |set| {
            set.all("Selector").map(|selector| (named(selector), selector.text.trim().to_owned())).collect()
        }),
        compression: match header.child_text("CompressionType") {
            Some("xpress") => Compression::Xpress,
            _ => Compression::None,
        },
        invalid,
    })
}

/// The value of a header, or nothing; a text that cannot be read is noted as invalid.
fn readable<T>(
    header: &Element<'_>,
    name: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
    invalid: &mut Vec<(&'static str, String)>,
) -> Option<T> {
    let text = header.child_text(name)?;
    let value = read(text);
    if value.is_none() {
        invalid.push((name, text.chars().take(40).collect()));
    }
    value
}

fn create(shell: &Element<'_>) -> Result<CreateShell, WsmanError> {
    Ok(CreateShell {
        id: shell.attribute("ShellId").map(ShellId::from_text),
        name: shell.attribute("Name").map(str::to_owned),
        idle_timeout: shell
            .child_text("IdleTimeOut")
            .or_else(|| shell.child_text("IdleTimeout"))
            .and_then(parse_duration),
        input_streams: shell.child_text("InputStreams").unwrap_or_default().to_owned(),
        output_streams: shell.child_text("OutputStreams").unwrap_or_default().to_owned(),
        creation: match shell.child("creationXml") {
            Some(xml) => Some(decode_base64("creationXml", &xml.text)?),
            None => None,
        },
    })
}

/// A command of a PowerShell shell has its bytes in base64; that of another shell has words, which are kept as they are.
fn command(line: &Element<'_>) -> Result<RequestBody, WsmanError> {
    let arguments = match line.child("Arguments") {
        Some(arguments) => decode_base64("Arguments", &arguments.text)
            .or_else(|problem| if line.all("Arguments").count() > 1 { Ok(Vec::new()) } else { Err(problem) })?,
        None => Vec::new(),
    };
    Ok(RequestBody::Command {
        command: line.attribute("CommandId").map(CommandId::from_text),
        line: line.child("Command").map(|command| command.text.to_string()).unwrap_or_default(),
        arguments,
    })
}

fn send_streams(send: &Element<'_>, compression: Compression) -> Result<Vec<super::StreamChunk>, WsmanError> {
    let mut room = super::xpress::STREAM_BYTES_MAX;
    send.all("Stream")
        .map(|stream| {
            let name = stream.attribute("Name").unwrap_or("stdin");
            Ok(super::StreamChunk {
                name: name.to_owned(),
                command: stream.attribute("CommandId").map(CommandId::from_text),
                data: stream_data(name, &stream.text, compression, &mut room)?,
                end: stream.attribute("End").is_some_and(|end| matches!(end, "true" | "1" | "True" | "TRUE")),
            })
        })
        .collect()
}
