//! A client of the barest kind: envelopes written here, over HTTP, so that nothing of exsh's own client is trusted.

use std::time::Duration;

use base64_simd::STANDARD;
use exsh::clixml::{PsValue, ReadLimits, read_fragment};
use exsh::psrp::{Message, MessageType};
use exsh::sim::{SimHandle, SimOptions, Simulator};
use uuid::Uuid;

/// Starts a simulator that lets a waiting Receive go at once.
pub(crate) async fn simulator(options: SimOptions) -> SimHandle {
    Simulator::start(SimOptions { receive_wait: Duration::from_millis(10), ..options }).await.unwrap()
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) headers: reqwest::header::HeaderMap,
}

impl Answer {
    /// The number of the fault, if it is one.
    pub(crate) fn fault(&self) -> Option<u32> {
        let at = self.body.find("WSManFault")?;
        let rest = &self.body[at..];
        let start = rest.find("Code=\"")? + 6;
        rest[start..].split('"').next()?.parse().ok()
    }

    /// The last word of the answer's action.
    pub(crate) fn action(&self) -> String {
        let uri = between(&self.body, "<a:Action>", "</a:Action>").unwrap_or_default();
        uri.rsplit('/').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.body.contains("CommandState/Done\"")
    }

    /// The fragments in its Stream elements.
    pub(crate) fn stream_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = self.body.as_str();
        while let Some(at) = rest.find("<rsp:Stream ") {
            rest = &rest[at..];
            let start = rest.find('>').unwrap() + 1;
            let end = rest.find("</rsp:Stream>").unwrap();
            bytes.extend(STANDARD.decode_to_vec(&rest[start..end]).unwrap());
            rest = &rest[end..];
        }
        bytes
    }
}

pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let from = text.find(start)? + start.len();
    let to = text[from..].find(end)? + from;
    Some(&text[from..to])
}

/// Joins fragments and reads the messages in them.
pub(crate) fn messages(bytes: &[u8]) -> Vec<Message> {
    let mut found = Vec::new();
    let mut joined: Vec<u8> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let flags = rest[16];
        let length = u32::from_be_bytes(rest[17..21].try_into().unwrap()) as usize;
        joined.extend(&rest[21..21 + length]);
        rest = &rest[21 + length..];
        if flags & 2 != 0 {
            found.push(Message::decode(std::mem::take(&mut joined).into()).unwrap());
        }
    }
    assert!(joined.is_empty(), "the last message is whole");
    found
}

pub(crate) fn kinds(messages: &[Message]) -> Vec<MessageType> {
    messages.iter().filter_map(Message::message_type).collect()
}

pub(crate) fn data(message: &Message) -> PsValue {
    read_fragment(&message.body, &ReadLimits::default()).unwrap()
}

/// Someone with a password, and the cookies of one session.
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    user: String,
    password: String,
}

impl Client {
    pub(crate) fn new(url: &str, user: &str, password: &str) -> Self {
        // Already there from another test of this process, or not.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        Self { http, url: url.to_owned(), user: user.to_owned(), password: password.to_owned() }
    }

    pub(crate) fn admin(handle: &SimHandle) -> Self {
        Self::new(handle.url(), SimOptions::ADMIN, SimOptions::PASSWORD)
    }

    pub(crate) async fn post(&self, body: impl Into<String>) -> Result<Answer, reqwest::Error> {
        let request = self
            .http
            .post(format!("{}{}PSVersion=5.1.17763.1", self.url, if self.url.contains('?') { ';' } else { '?' }))
            .basic_auth(&self.user, Some(&self.password))
            .header("Content-Type", "application/soap+xml;charset=UTF-8")
            .body(body.into());
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Answer { status, headers, body: answer.text().await? })
    }

    pub(crate) async fn get(&self, url: &str) -> Answer {
        let answer = self.http.get(url).send().await.unwrap();
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.text().await.unwrap(),
        }
    }

    /// Opens a shell: Create, then Receive until the pool's state has come. Gives the shell's id and what came.
    pub(crate) async fn open(&self) -> (Uuid, Vec<Message>) {
        let shell = Uuid::new_v4();
        let created = self.post(create(shell)).await.unwrap();
        assert_eq!((created.status, created.action().as_str()), (200, "CreateResponse"), "{}", created.body);
        let mut bytes = Vec::new();
        loop {
            let answer = self.post(receive(shell, None)).await.unwrap();
            bytes.extend(answer.stream_bytes());
            let messages = messages(&bytes);
            if kinds(&messages).contains(&MessageType::RunspacePoolState) {
                return (shell, messages);
            }
        }
    }

    /// Runs one command and gives all its messages.
    pub(crate) async fn run(&self, shell: Uuid, name: &str, arguments: &[(&str, &str)]) -> Vec<Message> {
        let pipeline = Uuid::new_v4();
        let started = self.post(command(shell, pipeline, name, arguments)).await.unwrap();
        assert_eq!(started.action(), "CommandResponse", "{}", started.body);
        let bytes = self.drain(shell, pipeline).await;
        self.post(signal(shell, pipeline, TERMINATE)).await.unwrap();
        messages(&bytes)
    }

    /// Receives until the command is done.
    pub(crate) async fn drain(&self, shell: Uuid, pipeline: Uuid) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let answer = self.post(receive(shell, Some(pipeline))).await.unwrap();
            assert!(answer.status == 200 || answer.fault() == Some(2_150_858_793), "{}", answer.body);
            bytes.extend(answer.stream_bytes());
            if answer.is_done() {
                return bytes;
            }
        }
    }
}

pub(crate) const STOP: &str = "powershell/signal/crtl_c";
pub(crate) const TERMINATE: &str = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate";
const SHELL: &str = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
const TRANSFER: &str = "http://schemas.xmlsoap.org/ws/2004/09/transfer";

/// An envelope ([MS-WSMV] 3.1.4.1), with the header that PowerShell's own clients send.
pub(crate) fn envelope(action: &str, shell: Option<Uuid>, body: &str) -> String {
    envelope_of("Microsoft.Exchange", action, shell, body)
}

pub(crate) fn envelope_of(configuration: &str, action: &str, shell: Option<Uuid>, body: &str) -> String {
    let selectors = shell.map_or(String::new(), |id| {
        format!("<w:SelectorSet><w:Selector Name=\"ShellId\">{}</w:Selector></w:SelectorSet>", upper(id))
    });
    format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" \
         xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" xmlns:r=\"{SHELL}\"><s:Header><a:To>http://server/</a:To>\
         <w:ResourceURI>http://schemas.microsoft.com/powershell/{configuration}</w:ResourceURI><a:Action>{action}</a:Action>\
         <w:MaxEnvelopeSize>153600</w:MaxEnvelopeSize><a:MessageID>uuid:{}</a:MessageID>\
         <w:OperationTimeout>PT20S</w:OperationTimeout>{selectors}</s:Header><s:Body>{body}</s:Body></s:Envelope>",
        Uuid::new_v4()
    )
}

fn upper(id: Uuid) -> String {
    id.to_string().to_uppercase()
}

pub(crate) fn create(shell: Uuid) -> String {
    create_in("Microsoft.Exchange", shell)
}

pub(crate) fn create_in(configuration: &str, shell: Uuid) -> String {
    let capability = "<Obj RefId=\"0\"><MS><Version N=\"protocolversion\">2.3</Version><Version N=\"PSVersion\">2.0</Version>\
                      <Version N=\"SerializationVersion\">1.1.0.1</Version></MS></Obj>";
    let init = "<Obj RefId=\"0\"><MS><I32 N=\"MinRunspaces\">1</I32><I32 N=\"MaxRunspaces\">1</I32>\
                <Obj N=\"PSThreadOptions\" RefId=\"1\"><ToString>Default</ToString><I32>0</I32></Obj>\
                <Obj N=\"ApartmentState\" RefId=\"2\"><ToString>Unknown</ToString><I32>2</I32></Obj>\
                <Obj N=\"HostInfo\" RefId=\"3\"><MS><B N=\"_isHostNull\">true</B><B N=\"_isHostUINull\">true</B>\
                <B N=\"_isHostRawUINull\">true</B><B N=\"_useRunspaceHost\">true</B></MS></Obj>\
                <Nil N=\"ApplicationArguments\" /></MS></Obj>";
    let mut bytes = fragment(1, 0x0001_0002, shell, Uuid::nil(), capability);
    bytes.extend(fragment(2, 0x0001_0004, shell, Uuid::nil(), init));
    let body = format!(
        "<r:Shell ShellId=\"{}\"><r:InputStreams>stdin pr</r:InputStreams><r:OutputStreams>stdout</r:OutputStreams>\
         <creationXml xmlns=\"http://schemas.microsoft.com/powershell\">{}</creationXml></r:Shell>",
        upper(shell),
        STANDARD.encode_to_string(bytes)
    );
    envelope_of(configuration, &format!("{TRANSFER}/Create"), None, &body)
}

pub(crate) fn receive(shell: Uuid, pipeline: Option<Uuid>) -> String {
    let command = pipeline.map_or(String::new(), |id| format!(" CommandId=\"{}\"", upper(id)));
    let body = format!("<r:Receive><r:DesiredStream{command}>stdout</r:DesiredStream></r:Receive>");
    envelope(&format!("{SHELL}/Receive"), Some(shell), &body)
}

pub(crate) fn command(shell: Uuid, pipeline: Uuid, name: &str, arguments: &[(&str, &str)]) -> String {
    let arguments: String = arguments
        .iter()
        .map(|(name, value)| format!("<Obj><MS><S N=\"N\">-{name}:</S><S N=\"V\">{value}</S></MS></Obj>"))
        .collect();
    let create = format!(
        "<Obj RefId=\"0\"><MS><B N=\"NoInput\">true</B><B N=\"AddToHistory\">false</B><B N=\"IsNested\">false</B>\
         <Obj N=\"PowerShell\" RefId=\"1\"><MS><B N=\"IsNested\">false</B><Nil N=\"History\" /><Obj N=\"Cmds\" RefId=\"2\"><LST>\
         <Obj RefId=\"3\"><MS><S N=\"Cmd\">{name}</S><B N=\"IsScript\">false</B><Nil N=\"UseLocalScope\" />\
         <Obj N=\"Args\" RefId=\"4\"><LST>{arguments}</LST></Obj></MS></Obj></LST></Obj>\
         <B N=\"RedirectShellErrorOutputPipe\">true</B></MS></Obj></MS></Obj>"
    );
    let body = format!(
        "<r:CommandLine CommandId=\"{}\"><r:Command /><r:Arguments>{}</r:Arguments></r:CommandLine>",
        upper(pipeline),
        STANDARD.encode_to_string(fragment(3, 0x0002_1006, shell, pipeline, &create))
    );
    envelope(&format!("{SHELL}/Command"), Some(shell), &body)
}

pub(crate) fn signal(shell: Uuid, pipeline: Uuid, code: &str) -> String {
    let body = format!("<r:Signal CommandId=\"{}\"><r:Code>{code}</r:Code></r:Signal>", upper(pipeline));
    envelope(&format!("{SHELL}/Signal"), Some(shell), &body)
}

pub(crate) fn delete(shell: Uuid) -> String {
    envelope(&format!("{TRANSFER}/Delete"), Some(shell), "")
}

/// One message in one fragment ([MS-PSRP] 2.2.1 and 2.2.4).
fn fragment(object: u64, kind: u32, pool: Uuid, pipeline: Uuid, body: &str) -> Vec<u8> {
    let mut blob = Vec::new();
    blob.extend(2u32.to_le_bytes());
    blob.extend(kind.to_le_bytes());
    blob.extend(pool.to_bytes_le());
    blob.extend(pipeline.to_bytes_le());
    blob.extend(body.as_bytes());
    let mut bytes = Vec::new();
    bytes.extend(object.to_be_bytes());
    bytes.extend(0u64.to_be_bytes());
    bytes.push(3);
    bytes.extend(u32::try_from(blob.len()).unwrap().to_be_bytes());
    bytes.extend(blob);
    bytes
}
