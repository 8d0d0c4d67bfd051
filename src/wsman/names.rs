//! Names fixed by the protocol: namespaces, actions, resource URIs, options, signal codes.

pub(super) const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
pub(super) const ADDRESSING: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
pub(super) const TRANSFER: &str = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
pub(super) const WSMAN: &str = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
pub(super) const WSMV: &str = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";
pub(super) const SHELL: &str = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
pub(super) const FAULT: &str = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
pub(super) const POWERSHELL: &str = "http://schemas.microsoft.com/powershell";
pub(super) const ANONYMOUS: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
pub(super) const COMMAND_STATE: &str = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/";

/// What comes before a configuration name in the resource URI of a PowerShell shell.
pub const SHELL_PREFIX: &str = "http://schemas.microsoft.com/powershell/";
/// Option of Create: the remoting protocol version the client speaks.
pub const PROTOCOL_OPTION: &str = "protocolversion";
/// Option of Create: do not load the user's Windows profile.
pub const NO_PROFILE_OPTION: &str = "WINRS_NOPROFILE";
/// Option of Receive: answer with the time-out fault rather than hold the request for ever.
pub(super) const KEEPALIVE_OPTION: &str = "WSMAN_CMDSHELL_OPTION_KEEPALIVE";
/// Option of Command: not through `cmd.exe`.
pub(super) const SKIP_CMD_OPTION: &str = "WINRS_SKIP_CMD_SHELL";

/// Signal code that stops a pipeline and keeps its command. The spelling is Microsoft's: servers compare it
/// ordinally, and any other code closes the command instead.
pub const STOP_SIGNAL: &str = "powershell/signal/crtl_c";
/// Signal code that ends a command; sent after its terminal state, it frees the command's place in the shell.
pub const TERMINATE_SIGNAL: &str = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate";

/// The resource URI of a session configuration; a name that already is such a URI stays as it is.
#[must_use]
pub fn shell_uri(configuration: &str) -> String {
    if configuration.to_ascii_lowercase().contains(SHELL_PREFIX) {
        configuration.to_owned()
    } else {
        format!("{SHELL_PREFIX}{configuration}")
    }
}

/// What a message asks for or answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Create a shell.
    Create,
    /// Its answer.
    CreateResponse,
    /// Remove a shell.
    Delete,
    /// Its answer.
    DeleteResponse,
    /// Read a resource (a shell's state).
    Get,
    /// Its answer.
    GetResponse,
    /// Start a command.
    Command,
    /// Its answer.
    CommandResponse,
    /// Bytes for the server.
    Send,
    /// Its answer.
    SendResponse,
    /// Wait for bytes of the server.
    Receive,
    /// Its answer.
    ReceiveResponse,
    /// Stop or end a command.
    Signal,
    /// Its answer.
    SignalResponse,
    /// A fault of WS-Management.
    Fault,
    /// A fault of WS-Addressing.
    AddressingFault,
}

impl Action {
    const ALL: [(Self, &'static str); 16] = [
        (Self::Create, "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create"),
        (Self::CreateResponse, "http://schemas.xmlsoap.org/ws/2004/09/transfer/CreateResponse"),
        (Self::Delete, "http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete"),
        (Self::DeleteResponse, "http://schemas.xmlsoap.org/ws/2004/09/transfer/DeleteResponse"),
        (Self::Get, "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"),
        (Self::GetResponse, "http://schemas.xmlsoap.org/ws/2004/09/transfer/GetResponse"),
        (Self::Command, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command"),
        (Self::CommandResponse, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandResponse"),
        (Self::Send, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Send"),
        (Self::SendResponse, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/SendResponse"),
        (Self::Receive, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Receive"),
        (Self::ReceiveResponse, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/ReceiveResponse"),
        (Self::Signal, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Signal"),
        (Self::SignalResponse, "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/SignalResponse"),
        (Self::Fault, "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"),
        (Self::AddressingFault, "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault"),
    ];

    /// The action's URI.
    #[must_use]
    pub fn uri(self) -> &'static str {
        Self::ALL.iter().find(|(action, _)| *action == self).map_or("", |(_, uri)| uri)
    }

    /// The action of a URI, if it is one of ours.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == uri.trim()).map(|(action, _)| *action)
    }

    /// Its last word, for talk and traces.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.uri().rsplit('/').next().unwrap_or("")
    }
}
