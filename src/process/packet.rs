//! One line of the out-of-process carrier, as PowerShell 7.6.5 writes it: exactly these spaces and single quotes.
//!
//! What follows what is told by `client` and `server`.

use std::fmt::Write as _;

use bytes::Bytes;
use uuid::Uuid;

use crate::psrp::{StreamName, Target};

/// Bytes of a line before its stream bytes are decoded that are refused: base64 of 32 KiB and the element around it fit
/// many times over.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// What one line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProcessPacket {
    /// Bytes of a stream of fragments.
    Data {
        /// Whose.
        target: Target,
        /// Which stream.
        stream: StreamName,
        /// The bytes.
        bytes: Bytes,
    },
    /// The server has taken a `Data`.
    DataAck(Target),
    /// A pipeline will come.
    Command(Target),
    /// It may come.
    CommandAck(Target),
    /// A pipeline shall stop.
    Signal(Target),
    /// It has been stopped.
    SignalAck(Target),
    /// A pipeline or the pool shall close.
    Close(Target),
    /// It is closed.
    CloseAck(Target),
}

/// A line that is no packet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// It is no element at all: text that something wrote to the same stream.
    #[error("a line is not a packet of the process carrier")]
    NotAPacket,
    /// An element that the carrier does not know.
    #[error("unknown packet <{name}>")]
    UnknownElement {
        /// Its name, cut if it is long.
        name: String,
    },
    /// An attribute is missing or wrong.
    #[error("packet <{element}> has no valid {attribute}")]
    BadAttribute {
        /// The element.
        element: &'static str,
        /// The attribute.
        attribute: &'static str,
    },
    /// The data are not base64.
    #[error("the data of a packet are not base64")]
    NotBase64,
    /// The line is longer than any packet.
    #[error("a line of {bytes} bytes is longer than the limit of {bytes_max}")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
}

impl ProcessPacket {
    /// Reads a line without its line end.
    ///
    /// # Errors
    /// When it is no packet.
    pub fn decode(line: &str) -> Result<Self, PacketError> {
        if line.len() > LINE_BYTES_MAX {
            return Err(PacketError::TooLong { bytes: line.len(), bytes_max: LINE_BYTES_MAX });
        }
        let line = line.trim();
        let inside = line.strip_prefix('<').ok_or(PacketError::NotAPacket)?;
        let name_end = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
        let (name, rest) = inside.split_at(name_end);
        if name == "Data" {
            return Self::decode_data(rest);
        }
        let build: fn(Target) -> Self = match name {
            "DataAck" => Self::DataAck,
            "Command" => Self::Command,
            "CommandAck" => Self::CommandAck,
            "Signal" => Self::Signal,
            "SignalAck" => Self::SignalAck,
            "Close" => Self::Close,
            "CloseAck" => Self::CloseAck,
            _ => return Err(PacketError::UnknownElement { name: name.chars().take(40).collect() }),
        };
        if !rest.trim_end().ends_with("/>") {
            return Err(PacketError::NotAPacket);
        }
        Ok(build(target_in(rest, "packet")?))
    }

    fn decode_data(rest: &str) -> Result<Self, PacketError> {
        let (attributes, content) = rest.split_once('>').ok_or(PacketError::NotAPacket)?;
        let stream = match attribute(attributes, "Stream") {
            Some("Default") => StreamName::Default,
            Some("PromptResponse") => StreamName::PromptResponse,
            _ => return Err(PacketError::BadAttribute { element: "Data", attribute: "Stream" }),
        };
        let target = target_in(attributes, "Data")?;
        let text = if attributes.ends_with('/') {
            ""
        } else {
            content.strip_suffix("</Data>").ok_or(PacketError::NotAPacket)?
        };
        let bytes = base64_simd::STANDARD.decode_to_vec(text.trim()).map_err(|_| PacketError::NotBase64)?;
        Ok(Self::Data { target, stream, bytes: bytes.into() })
    }

    /// The line, without its line end.
    #[must_use]
    pub fn encode(&self) -> String {
        let (name, target) = match self {
            Self::Data { target, stream, bytes } => {
                let stream = match stream {
                    StreamName::Default => "Default",
                    StreamName::PromptResponse => "PromptResponse",
                };
                let mut line = String::with_capacity(80 + bytes.len().div_ceil(3) * 4);
                let _ = write!(line, "<Data Stream='{stream}' PSGuid='{}'>", target.pipeline_id());
                base64_simd::STANDARD.encode_append(bytes, &mut line);
                line.push_str("</Data>");
                return line;
            }
            Self::DataAck(target) => ("DataAck", target),
            Self::Command(target) => ("Command", target),
            Self::CommandAck(target) => ("CommandAck", target),
            Self::Signal(target) => ("Signal", target),
            Self::SignalAck(target) => ("SignalAck", target),
            Self::Close(target) => ("Close", target),
            Self::CloseAck(target) => ("CloseAck", target),
        };
        format!("<{name} PSGuid='{}' />", target.pipeline_id())
    }

    /// Whose packet it is.
    #[must_use]
    pub const fn target(&self) -> Target {
        match self {
            Self::Data { target, .. }
            | Self::DataAck(target)
            | Self::Command(target)
            | Self::CommandAck(target)
            | Self::Signal(target)
            | Self::SignalAck(target)
            | Self::Close(target)
            | Self::CloseAck(target) => *target,
        }
    }
}

fn target_in(attributes: &str, element: &'static str) -> Result<Target, PacketError> {
    attribute(attributes, "PSGuid")
        .and_then(|text| Uuid::try_parse(text).ok())
        .map(Target::from_pipeline_id)
        .ok_or(PacketError::BadAttribute { element, attribute: "PSGuid" })
}

/// The value of an attribute, in quotes of either kind.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let at = rest.find(name)?;
        let before = rest[..at].chars().next_back();
        rest = &rest[at + name.len()..];
        if before.is_some_and(char::is_whitespace)
            && let Some(value) = rest.trim_start().strip_prefix('=')
        {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
            return value[1..].split(quote).next().filter(|found| found.len() + 1 < value.len());
        }
    }
}
