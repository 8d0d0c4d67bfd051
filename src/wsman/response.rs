//! The client's reading of answers: what was created, received, signalled, or refused.
//!
//! Stream text is decoded from where it stands in the message; nothing else is copied that is not kept.

use std::time::Duration;

use bytes::Bytes;

use super::names::COMMAND_STATE;
use super::xml::{self, Element};
use super::xpress::XpressError;
use super::{CommandId, Compression, Fault, ShellId, WsmanError, parse_duration};

/// One answer of a server.
#[derive(Debug, Clone)]
pub struct Response {
    /// The message it answers, as the server wrote it (`uuid:…`).
    pub relates_to: Option<String>,
    /// What it says.
    pub body: ResponseBody,
}

/// What an answer says.
#[derive(Debug, Clone)]
pub enum ResponseBody {
    /// A shell was created.
    Created(CreatedShell),
    /// A command was started, under this identifier.
    CommandStarted(CommandId),
    /// Bytes arrived, or a command ended.
    Received(Received),
    /// Bytes were taken.
    Sent,
    /// A signal was taken.
    Signaled,
    /// Nothing in the body: what Delete gives.
    Empty,
    /// A refusal.
    Fault(Box<Fault>),
    /// Some other element; its local name.
    Other(String),
}

/// The answer to Create: what the server calls the new shell ([MS-WSMV] 3.1.4.5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreatedShell {
    /// The shell's identifier, if it was given.
    pub shell_id: Option<ShellId>,
    /// The resource URI to use from now on.
    pub resource_uri: Option<String>,
    /// The selectors to use from now on.
    pub selectors: Vec<(String, String)>,
    /// How long the server keeps an unused shell.
    pub idle_timeout: Option<Duration>,
    /// The longest idle time-out it would grant.
    pub idle_timeout_max: Option<Duration>,
    /// What happens when output is not fetched: `Block` or `Drop`.
    pub buffer_mode: Option<String>,
    /// Whose shell it is, in the server's words.
    pub owner: Option<String>,
    /// Whether the server will compress its streams and expects the same.
    pub compression: Compression,
}

/// The answer to Receive.
#[derive(Debug, Clone, Default)]
pub struct Received {
    /// Stream elements in their order.
    pub streams: Vec<StreamChunk>,
    /// The state of the command, if the server says one.
    pub state: Option<CommandState>,
}

/// One `Stream` element: some bytes, which need not be whole fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamChunk {
    /// Its name, `stdout`.
    pub name: String,
    /// The command it belongs to; none for the shell.
    pub command: Option<CommandId>,
    /// The bytes, decoded and decompressed.
    pub data: Bytes,
    /// Whether the stream ends here.
    pub end: bool,
}

/// [MS-WSMV] 2.2.4.9, CommandStateType.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandState {
    /// The command.
    pub command: Option<CommandId>,
    /// The last word of the state's URI: `Done`, `Running`, `Pending`.
    pub state: String,
    /// The exit code, which means nothing for PowerShell.
    pub exit_code: Option<i64>,
}

impl CommandState {
    /// Whether nothing more will come.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state == "Done"
    }
}

/// Reads one answer.
///
/// # Errors
/// What is no envelope, or lacks what its action needs, see [`WsmanError`]. A fault is not an error here.
pub fn parse_response(message: &[u8], compression: Compression) -> Result<Response, WsmanError> {
    let text = xml::decode_text(message)?;
    let envelope = soap(&text)?;
    let relates_to = envelope.path(&["Header", "RelatesTo"]).map(|id| id.text.trim().to_owned());
    let body = envelope.child("Body").ok_or(WsmanError::Missing { inside: "envelope", what: "body" })?;
    let body = match body.children.first().map(|first| (first.name.as_str(), first)) {
        None => ResponseBody::Empty,
        Some(("Fault", fault)) => ResponseBody::Fault(Box::new(Fault::from_element(fault))),
        Some(("ResourceCreated" | "Shell", _)) => ResponseBody::Created(created(body)),
        Some(("CommandResponse", response)) => {
            let id = response.child_text("CommandId").filter(|id| !id.is_empty());
            let id = id.ok_or(WsmanError::Missing { inside: "answer to Command", what: "CommandId" })?;
            ResponseBody::CommandStarted(CommandId::from_text(id))
        }
        Some(("ReceiveResponse", response)) => ResponseBody::Received(received(response, compression)?),
        Some(("SendResponse", _)) => ResponseBody::Sent,
        Some(("SignalResponse", _)) => ResponseBody::Signaled,
        Some((other, _)) => ResponseBody::Other(other.to_owned()),
    };
    Ok(Response { relates_to, body })
}

/// The envelope, or what stands there instead of one.
pub(super) fn soap(text: &str) -> Result<Element<'_>, WsmanError> {
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Err(WsmanError::Empty);
    }
    let lower: String = trimmed.chars().take(64).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Err(WsmanError::NotSoap { what: "an HTML page".to_owned(), excerpt: excerpt(trimmed) });
    }
    if !trimmed.starts_with('<') {
        return Err(WsmanError::NotSoap { what: "plain text".to_owned(), excerpt: excerpt(trimmed) });
    }
    let root = xml::parse(trimmed)?;
    if root.name != "Envelope" {
        let what = format!("a document of `{}`", shorten(&root.name, 40));
        return Err(WsmanError::NotSoap { what, excerpt: excerpt(trimmed) });
    }
    Ok(root)
}

/// The readable text of a page for people: no tags, no scripts, no runs of blanks, at most 300 characters.
fn excerpt(page: &str) -> String {
    let mut found = String::new();
    let mut rest = page;
    while !rest.is_empty() && found.chars().count() < 300 {
        let (text, tail) = rest.split_once('<').unwrap_or((rest, ""));
        for word in text.split_whitespace() {
            if !found.is_empty() {
                found.push(' ');
            }
            found.push_str(word);
        }
        let lower = tail.get(..6).unwrap_or("").to_ascii_lowercase();
        let skip_to = match lower.as_str() {
            "script" => "</script",
            lower if lower.starts_with("style") => "</style",
            _ => "",
        };
        let tail = tail.find(skip_to).map_or("", |at| &tail[at..]);
        rest = tail.split_once('>').map_or("", |(_, after)| after);
    }
    shorten(&found, 300)
}

fn shorten(text: &str, characters_max: usize) -> String {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn created(body: &Element<'_>) -> CreatedShell {
    let shell = body.child("Shell");
    let parameters = body.path(&["ResourceCreated", "ReferenceParameters"]);
    let selectors: Vec<(String, String)> = parameters
        .and_then(|parameters| parameters.child("SelectorSet"))
        .map(|set| {
            set.all("Selector").map(|s| (s.attribute("Name").unwrap_or("").to_owned(), s.text.trim().to_owned()))
        })
        .map(Iterator::collect)
        .unwrap_or_default();
    let text = |name: &str| shell.and_then(|shell| shell.child_text(name)).filter(|text| !text.is_empty());
    let selected = selectors.iter().find(|(name, _)| name == "ShellId").map(|(_, id)| id.as_str());
    CreatedShell {
        shell_id: selected.or_else(|| text("ShellId")).map(ShellId::from_text),
        resource_uri: parameters
            .and_then(|parameters| parameters.child_text("ResourceURI"))
            .or_else(|| text("ResourceUri"))
            .map(str::to_owned),
        idle_timeout: text("IdleTimeOut").and_then(parse_duration),
        idle_timeout_max: text("MaxIdleTimeOut").and_then(parse_duration),
        buffer_mode: text("BufferMode").map(str::to_owned),
        owner: text("Owner").map(str::to_owned),
        compression: match text("CompressionMode") {
            Some("XpressCompression") => Compression::Xpress,
            _ => Compression::None,
        },
        selectors,
    }
}

fn received(response: &Element<'_>, compression: Compression) -> Result<Received, WsmanError> {
    let mut found = Received::default();
    let mut room = super::xpress::STREAM_BYTES_MAX;
    for stream in response.all("Stream") {
        let name = stream.attribute("Name").unwrap_or("stdout");
        found.streams.push(StreamChunk {
            name: name.to_owned(),
            command: stream.attribute("CommandId").map(CommandId::from_text),
            data: stream_data(name, &stream.text, compression, &mut room)?,
            end: stream.attribute("End").is_some_and(|end| matches!(end, "true" | "1" | "True" | "TRUE")),
        });
    }
    if let Some(state) = response.child("CommandState") {
        let uri = state.attribute("State").unwrap_or("");
        found.state = Some(CommandState {
            command: state.attribute("CommandId").map(CommandId::from_text),
            state: uri.strip_prefix(COMMAND_STATE).or_else(|| uri.rsplit('/').next()).unwrap_or(uri).to_owned(),
            exit_code: state.child_text("ExitCode").and_then(|code| code.parse().ok()),
        });
    }
    Ok(found)
}

/// The bytes of a stream element: base64, then what was agreed on. `room` is what the streams of its envelope may still
/// expand to.
pub(super) fn stream_data(
    stream: &str,
    text: &str,
    compression: Compression,
    room: &mut usize,
) -> Result<Bytes, WsmanError> {
    let raw = decode_base64(stream, text)?;
    if compression == Compression::None || raw.is_empty() {
        return Ok(raw.into());
    }
    let expanded = super::xpress::decompress(&raw, *room).map_err(|problem| WsmanError::Compression {
        stream: shorten(stream, 40),
        problem: match problem {
            XpressError::TooLarge { .. } => XpressError::TooLarge { bytes_max: super::xpress::STREAM_BYTES_MAX },
            other => other,
        },
    })?;
    *room -= expanded.len();
    Ok(expanded.into())
}

/// Base64 at memory speed; only if that fails once more with white space taken out.
pub(super) fn decode_base64(what: &str, text: &str) -> Result<Vec<u8>, WsmanError> {
    let text = text.trim();
    base64_simd::STANDARD
        .decode_to_vec(text)
        .or_else(|first| match text.bytes().any(|byte| byte.is_ascii_whitespace()) {
            true => {
                let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
                base64_simd::STANDARD.decode_to_vec(packed)
            }
            false => Err(first),
        })
        .map_err(|_| WsmanError::Base64 { stream: shorten(what, 40) })
}
