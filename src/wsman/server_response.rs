//! The server's answers: one function each, giving the bytes of one envelope in the layout of Windows servers.
//!
//! What to answer is decided by whoever serves.

use std::time::Duration;

use uuid::Uuid;

use super::duration::format_milliseconds;
use super::envelope::Writer;
use super::names::{ADDRESSING, ANONYMOUS, Action, COMMAND_STATE, FAULT, SHELL, SOAP, TRANSFER, WSMAN, WSMV};
use super::{CommandId, Compression, FaultCode, ShellId};

/// Builds the answers to one request.
#[derive(Debug, Clone)]
pub struct ServerReply<'a> {
    /// The MessageID of the request, as written.
    pub relates_to: &'a str,
    /// The identifier of the answer.
    pub message: Uuid,
}

/// A refusal to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFault {
    /// Its number.
    pub code: FaultCode,
    /// SOAP code: `Sender` or `Receiver`.
    pub soap_code: &'static str,
    /// SOAP subcode with its prefix: `w:TimedOut`, `w:InvalidSelectors`, `w:InternalError`, …
    pub subcode: &'static str,
    /// The text, Exchange's bracketed fields included.
    pub message: String,
    /// The machine's name.
    pub machine: String,
    /// Whether the text comes from PowerShell's plug-in: then the reason stays empty and the text stands in a
    /// `ProviderFault`, as Exchange sends it.
    pub from_plugin: bool,
}

impl ServerFault {
    /// The answer to a Receive that nothing came for (HTTP 500, like every fault).
    #[must_use]
    pub fn timed_out(machine: &str) -> Self {
        Self {
            code: FaultCode::TIMED_OUT,
            soap_code: "Receiver",
            subcode: "w:TimedOut",
            message:
                "The WS-Management service cannot complete the operation within the time specified in OperationTimeout."
                    .to_owned(),
            machine: machine.to_owned(),
            from_plugin: false,
        }
    }
}

impl ServerReply<'_> {
    /// The answer to Create. `to` is the endpoint's URI.
    #[must_use]
    pub fn created(
        &self,
        shell: &ShellId,
        resource_uri: &str,
        to: &str,
        owner: &str,
        idle: (Duration, Duration),
        compression: Compression,
    ) -> Vec<u8> {
        let mut w = self.start(Action::CreateResponse, 1024);
        w.raw("<x:ResourceCreated>").element("a:Address", to).raw("<a:ReferenceParameters>");
        w.element("w:ResourceURI", resource_uri).raw("<w:SelectorSet><w:Selector Name=\"ShellId\">");
        w.text(shell.as_str()).raw("</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>");
        w.raw("<rsp:Shell").attribute("xmlns:rsp", SHELL).raw(">").element("rsp:ShellId", shell.as_str());
        w.element("rsp:ResourceUri", resource_uri).element("rsp:Owner", owner);
        w.element("rsp:IdleTimeOut", &format_milliseconds(idle.0));
        w.raw("<rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>");
        w.element("rsp:MaxIdleTimeOut", &format_milliseconds(idle.1));
        w.raw("<rsp:Locale>en-US</rsp:Locale><rsp:DataLocale>en-US</rsp:DataLocale>");
        let mode = match compression {
            Compression::None => "NoCompression",
            Compression::Xpress => "XpressCompression",
        };
        w.element("rsp:CompressionMode", mode);
        w.raw("<rsp:ProfileLoaded>Yes</rsp:ProfileLoaded><rsp:Encoding>UTF8</rsp:Encoding>");
        w.raw("<rsp:BufferMode>Block</rsp:BufferMode><rsp:State>Connected</rsp:State>");
        w.raw("<rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime><rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity>");
        w.raw("</rsp:Shell>");
        self.finish(w)
    }

    /// The answer to Command.
    #[must_use]
    pub fn command_started(&self, command: &CommandId) -> Vec<u8> {
        let mut w = self.start(Action::CommandResponse, 0);
        w.raw("<rsp:CommandResponse>").element("rsp:CommandId", command.as_str()).raw("</rsp:CommandResponse>");
        self.finish(w)
    }

    /// The answer to Receive: one Stream element for each of `chunks`, then `Done` if nothing more will come. Compressed
    /// chunks share one element: what repeats from one to the next then costs little.
    #[must_use]
    pub fn received(
        &self,
        command: Option<&CommandId>,
        chunks: &[&[u8]],
        done: bool,
        compression: Compression,
    ) -> Vec<u8> {
        let joined = match compression {
            Compression::Xpress if chunks.len() > 1 => Some(chunks.concat()),
            _ => None,
        };
        let joined = joined.as_deref();
        let chunks = joined.as_ref().map_or(chunks, std::slice::from_ref);
        let bytes: usize = chunks.iter().map(|chunk| chunk.len() / 3 * 4 + 128).sum();
        let mut w = self.start(Action::ReceiveResponse, bytes);
        w.raw("<rsp:ReceiveResponse>");
        for chunk in chunks {
            w.raw("<rsp:Stream Name=\"stdout\"");
            if let Some(command) = command {
                w.attribute("CommandId", command.as_str());
            }
            w.raw(">").stream_bytes(chunk, compression).raw("</rsp:Stream>");
        }
        // servers of Windows say the state of a command only when it is done
        if let Some(command) = command.filter(|_| done) {
            w.raw("<rsp:CommandState").attribute("CommandId", command.as_str());
            w.raw(" State=\"").raw(COMMAND_STATE).raw("Done\"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState>");
        }
        w.raw("</rsp:ReceiveResponse>");
        self.finish(w)
    }

    /// The answer to Send.
    #[must_use]
    pub fn sent(&self) -> Vec<u8> {
        let mut w = self.start(Action::SendResponse, 0);
        w.raw("<rsp:SendResponse/>");
        self.finish(w)
    }

    /// The answer to Signal.
    #[must_use]
    pub fn signaled(&self) -> Vec<u8> {
        let mut w = self.start(Action::SignalResponse, 0);
        w.raw("<rsp:SignalResponse/>");
        self.finish(w)
    }

    /// The answer to Delete.
    #[must_use]
    pub fn deleted(&self) -> Vec<u8> {
        let w = self.start(Action::DeleteResponse, 0);
        self.finish(w)
    }

    /// A refusal; its HTTP status is 500.
    #[must_use]
    pub fn fault(&self, fault: &ServerFault) -> Vec<u8> {
        let mut w = self.start(Action::Fault, 1024);
        w.raw("<s:Fault><s:Code><s:Value>s:").raw(fault.soap_code).raw("</s:Value><s:Subcode><s:Value>");
        w.raw(fault.subcode).raw("</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en-US\">");
        if !fault.from_plugin {
            w.text(&fault.message);
        }
        w.raw("</s:Text></s:Reason><s:Detail><f:WSManFault").attribute("xmlns:f", FAULT);
        w.attribute("Code", &fault.code.to_string()).attribute("Machine", &fault.machine).raw("><f:Message>");
        if fault.from_plugin {
            w.raw("<f:ProviderFault provider=\"PowerShellplugin\" path=\"%windir%\\system32\\pwrshplugin.dll\">");
            w.text(&fault.message).raw("</f:ProviderFault>");
        } else {
            w.text(&fault.message);
        }
        w.raw("</f:Message></f:WSManFault></s:Detail></s:Fault>");
        self.finish(w)
    }

    fn start(&self, action: Action, payload: usize) -> Writer {
        let mut w = Writer::with_capacity(1536 + payload);
        w.raw("<s:Envelope xml:lang=\"en-US\"").attribute("xmlns:s", SOAP).attribute("xmlns:a", ADDRESSING);
        w.attribute("xmlns:w", WSMAN).attribute("xmlns:rsp", SHELL).attribute("xmlns:p", WSMV);
        w.attribute("xmlns:x", TRANSFER).raw("><s:Header>").element("a:Action", action.uri());
        w.raw("<a:MessageID>uuid:");
        w.raw(self.message.hyphenated().encode_upper(&mut Uuid::encode_buffer())).raw("</a:MessageID>");
        w.element("a:To", ANONYMOUS).element("a:RelatesTo", self.relates_to).raw("</s:Header><s:Body>");
        w
    }

    #[expect(clippy::unused_self, reason = "the two halves of an envelope belong together")]
    fn finish(&self, mut w: Writer) -> Vec<u8> {
        w.raw("</s:Body></s:Envelope>");
        w.finish()
    }
}
