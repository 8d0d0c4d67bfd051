//! The client's requests: one function an action, each giving the bytes of one envelope.
//!
//! Headers stand in the order in which the recorded clients of `shared/data/wsman-transcripts` send them.
//! Sending, retrying and reading the answer are not here.

use std::time::Duration;

use uuid::Uuid;

use super::envelope::Writer;
use super::names::{
    self, ADDRESSING, ANONYMOUS, Action, KEEPALIVE_OPTION, POWERSHELL, SHELL, SKIP_CMD_OPTION, SOAP, WSMAN, WSMV,
};
use super::{CommandId, Compression, ShellId, format_duration};

/// Asks who is there (DSP0226 11, metadata and discovery): the one request that names no resource.
#[must_use]
pub fn identify() -> Vec<u8> {
    let identity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd";
    format!(
        "<s:Envelope xmlns:s=\"{SOAP}\" xmlns:i=\"{identity}\"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>"
    )
    .into_bytes()
}

/// An entry of the option set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderOption {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether a server that does not know it must refuse.
    pub must_comply: bool,
}

impl HeaderOption {
    /// An option the server may ignore.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), must_comply: false }
    }

    /// An option the server must know.
    pub fn required(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { must_comply: true, ..Self::new(name, value) }
    }
}

/// What the body of Create says ([MS-WSMV] 2.2.4.37, Shell).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShell {
    /// The client's choice; the server may return another one, which then counts.
    pub id: ShellId,
    /// A name for people; left out when empty.
    pub name: String,
    /// How long the server keeps an unused shell; its own default when `None`.
    pub idle_timeout: Option<Duration>,
    /// Options of the request, such as `protocolversion`.
    pub options: Vec<HeaderOption>,
    /// The first bytes for the server; left out when empty.
    pub creation: Vec<u8>,
    /// Whether to offer compression of the streams.
    pub offer: Compression,
}

/// What all requests of one shell have in common.
#[derive(Debug, Clone)]
pub struct ClientContext {
    /// The full URI, repeated in every request.
    pub to: String,
    /// The resource: the configuration's URI until Create is answered, then what the server returned.
    pub resource_uri: String,
    /// Selectors as the server returned them; empty before Create is answered.
    pub selectors: Vec<(String, String)>,
    /// The largest answer the client takes, in bytes.
    pub envelope_bytes_max: u32,
    /// How long the server may work on one request.
    pub operation_timeout: Duration,
    /// Language of messages (`wsman:Locale`).
    pub locale: String,
    /// Language of formats (`wsmv:DataLocale`).
    pub data_locale: String,
    /// The client's session, the same in all requests.
    pub session_id: Option<Uuid>,
    /// What was agreed on for streams.
    pub compression: Compression,
}

impl ClientContext {
    /// What PowerShell says since version 3: 500 KiB.
    pub const ENVELOPE_BYTES_DEFAULT: u32 = 512_000;
    /// Requests stay below this until the server has shown that it is newer than protocol 2.1.
    pub const ENVELOPE_BYTES_OLD: u32 = 153_600;

    /// A context with PowerShell's defaults (180 s, en-US) for a URI and a configuration name or URI.
    #[must_use]
    pub fn new(to: &str, configuration: &str) -> Self {
        Self {
            to: to.to_owned(),
            resource_uri: names::shell_uri(configuration),
            selectors: Vec::new(),
            envelope_bytes_max: Self::ENVELOPE_BYTES_DEFAULT,
            operation_timeout: Duration::from_secs(180),
            locale: "en-US".to_owned(),
            data_locale: "en-US".to_owned(),
            session_id: None,
            compression: Compression::None,
        }
    }

    /// How many raw bytes fit into one request whose envelope may have `envelope_bytes`.
    #[must_use]
    pub fn room(&self, envelope_bytes: u32) -> usize {
        const SLACK: usize = 256; // what PowerShell keeps free, too
        let empty = self.send(Uuid::nil(), Some(&CommandId::from_uuid(Uuid::nil())), "stdin", &[]).len();
        (envelope_bytes as usize).saturating_sub(empty + SLACK) / 4 * 3
    }

    /// Create ([MS-WSMV] 3.1.4.5.1).
    #[must_use]
    pub fn create(&self, message: Uuid, shell: &NewShell) -> Vec<u8> {
        let mut w = self.start(Action::Create, message, true, shell.creation.len());
        self.option_set(&mut w, &shell.options);
        if shell.offer == Compression::Xpress {
            w.raw("<rsp:CompressionType s:mustUnderstand=\"true\">xpress</rsp:CompressionType>");
        }
        w.raw("</s:Header><s:Body><rsp:Shell").attribute("ShellId", shell.id.as_str());
        if !shell.name.is_empty() {
            w.attribute("Name", &shell.name);
        }
        w.raw("><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>");
        if let Some(idle) = shell.idle_timeout {
            w.element("rsp:IdleTimeOut", &format_duration(idle));
        }
        if !shell.creation.is_empty() {
            w.raw("<creationXml xmlns=\"").raw(POWERSHELL).raw("\">").base64(&shell.creation).raw("</creationXml>");
        }
        w.raw("</rsp:Shell></s:Body></s:Envelope>");
        w.finish()
    }

    /// Command ([MS-WSMV] 3.1.4.11): `line` is for people's eyes only, `arguments` are the pipeline's first bytes.
    #[must_use]
    pub fn command(&self, message: Uuid, command: &CommandId, line: &str, arguments: &[u8]) -> Vec<u8> {
        let mut w = self.start(Action::Command, message, true, arguments.len());
        self.option_set(&mut w, &[HeaderOption::new(SKIP_CMD_OPTION, "False")]);
        self.selector_set(&mut w);
        w.raw("</s:Header><s:Body><rsp:CommandLine").attribute("CommandId", command.as_str());
        if line.is_empty() {
            w.raw("><rsp:Command />");
        } else {
            w.raw(">").element("rsp:Command", line);
        }
        w.raw("<rsp:Arguments>").base64(arguments).raw("</rsp:Arguments></rsp:CommandLine></s:Body></s:Envelope>");
        w.finish()
    }

    /// Send ([MS-WSMV] 3.1.4.13) of bytes for a command, or for the shell.
    #[must_use]
    pub fn send(&self, message: Uuid, command: Option<&CommandId>, stream: &str, data: &[u8]) -> Vec<u8> {
        let mut w = self.start(Action::Send, message, true, data.len());
        self.selector_set(&mut w);
        w.raw("</s:Header><s:Body><rsp:Send><rsp:Stream");
        if let Some(command) = command {
            w.attribute("CommandId", command.as_str());
        }
        w.attribute("Name", stream).raw(">").stream_bytes(data, self.compression);
        w.raw("</rsp:Stream></rsp:Send></s:Body></s:Envelope>");
        w.finish()
    }

    /// Receive ([MS-WSMV] 3.1.4.14) of what a command, or the shell, has to say.
    #[must_use]
    pub fn receive(&self, message: Uuid, command: Option<&CommandId>) -> Vec<u8> {
        let mut w = self.start(Action::Receive, message, true, 0);
        self.option_set(&mut w, &[HeaderOption::new(KEEPALIVE_OPTION, "True")]);
        self.selector_set(&mut w);
        w.raw("</s:Header><s:Body><rsp:Receive><rsp:DesiredStream");
        if let Some(command) = command {
            w.attribute("CommandId", command.as_str());
        }
        w.raw(">stdout</rsp:DesiredStream></rsp:Receive></s:Body></s:Envelope>");
        w.finish()
    }

    /// Signal ([MS-WSMV] 3.1.4.12): [`super::STOP_SIGNAL`] or [`super::TERMINATE_SIGNAL`].
    #[must_use]
    pub fn signal(&self, message: Uuid, command: &CommandId, code: &str) -> Vec<u8> {
        let mut w = self.start(Action::Signal, message, true, 0);
        self.selector_set(&mut w);
        w.raw("</s:Header><s:Body><rsp:Signal").attribute("CommandId", command.as_str()).raw(">");
        w.element("rsp:Code", code).raw("</rsp:Signal></s:Body></s:Envelope>");
        w.finish()
    }

    /// Delete ([MS-WSMV] 3.1.4.4): ends the shell with all its commands.
    #[must_use]
    pub fn delete(&self, message: Uuid) -> Vec<u8> {
        self.bodiless(Action::Delete, message)
    }

    /// Get ([MS-WSMV] 3.1.4.1) of the shell's state.
    #[must_use]
    pub fn get(&self, message: Uuid) -> Vec<u8> {
        let of_any_shell = Self { resource_uri: SHELL.to_owned(), ..self.clone() };
        of_any_shell.bodiless(Action::Get, message)
    }

    fn bodiless(&self, action: Action, message: Uuid) -> Vec<u8> {
        let mut w = self.start(action, message, false, 0);
        self.selector_set(&mut w);
        w.raw("</s:Header><s:Body /></s:Envelope>");
        w.finish()
    }

    fn start(&self, action: Action, message: Uuid, shell_body: bool, payload: usize) -> Writer {
        let mut w = Writer::with_capacity(2048 + self.to.len() + payload / 3 * 4);
        w.raw("<s:Envelope");
        if shell_body {
            w.attribute("xmlns:rsp", SHELL);
        }
        w.attribute("xmlns:s", SOAP).attribute("xmlns:wsa", ADDRESSING);
        w.attribute("xmlns:wsman", WSMAN).attribute("xmlns:wsmv", WSMV).raw("><s:Header>");
        w.element("wsa:Action s:mustUnderstand=\"true\"", action.uri());
        w.raw("<wsmv:DataLocale s:mustUnderstand=\"false\"").attribute("xml:lang", &self.data_locale).raw(" />");
        w.raw("<wsman:Locale s:mustUnderstand=\"false\"").attribute("xml:lang", &self.locale).raw(" />");
        w.element("wsman:MaxEnvelopeSize s:mustUnderstand=\"true\"", &self.envelope_bytes_max.to_string());
        w.raw("<wsa:MessageID>uuid:").raw(&upper(message)).raw("</wsa:MessageID>");
        w.element("wsman:OperationTimeout", &format_duration(self.operation_timeout));
        w.raw("<wsa:ReplyTo>").element("wsa:Address s:mustUnderstand=\"true\"", ANONYMOUS).raw("</wsa:ReplyTo>");
        w.element("wsman:ResourceURI s:mustUnderstand=\"true\"", &self.resource_uri);
        if let Some(session) = self.session_id {
            w.raw("<wsmv:SessionId s:mustUnderstand=\"false\">uuid:").raw(&upper(session)).raw("</wsmv:SessionId>");
        }
        w.element("wsa:To", &self.to);
        w
    }

    fn option_set(&self, w: &mut Writer, options: &[HeaderOption]) {
        if options.is_empty() {
            return;
        }
        w.raw("<wsman:OptionSet s:mustUnderstand=\"true\">");
        for option in options {
            w.raw("<wsman:Option");
            if option.must_comply {
                w.attribute("MustComply", "true");
            }
            w.attribute("Name", &option.name).raw(">").text(&option.value).raw("</wsman:Option>");
        }
        w.raw("</wsman:OptionSet>");
    }

    fn selector_set(&self, w: &mut Writer) {
        if self.selectors.is_empty() {
            return;
        }
        w.raw("<wsman:SelectorSet>");
        for (name, value) in &self.selectors {
            w.raw("<wsman:Selector").attribute("Name", name).raw(">").text(value).raw("</wsman:Selector>");
        }
        w.raw("</wsman:SelectorSet>");
    }
}

fn upper(id: Uuid) -> String {
    id.hyphenated().encode_upper(&mut Uuid::encode_buffer()).to_owned()
}
