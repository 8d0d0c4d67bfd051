//! Get-Mailbox over loopback HTTP from a server with its answers ready: exsh against a client that discards them.
//!
//! Both sides of a race share the machine with the server; the reference includes it.

use std::sync::Arc;

use exsh::psrp::{ClientPool, CommandQuery, CommandSpec, PipelineSpec, PoolOptions, Record, Target};
use exsh::remote::options::{ConnectOptions, Setting};
use exsh::remote::{ConnectionRequest, Nobody, connect};
use exsh::secret::{Credential, SecretString};
use exsh::wsman::{
    ClientContext, CommandId, Compression, HeaderOption, NewShell, ResponseBody, ShellId, TERMINATE_SIGNAL,
    parse_response,
};
use exsh_benches::canned::{Canned, Supply, Taken};
use exsh_benches::figure::{Aim, Figures, Unit};
use exsh_benches::payload;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Mailboxes of the race.
const MAILBOXES: u64 = 10_000;

/// A server with answers, and the runtime on which it lives.
pub(crate) struct Server {
    pub(crate) runtime: Runtime,
    pub(crate) canned: Arc<Canned>,
    pub(crate) uri: String,
}

impl Server {
    pub(crate) fn start(supply: Supply) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let (canned, address) = runtime.block_on(Canned::start(supply)).expect("a port on loopback");
        Self { runtime, canned, uri: format!("http://{address}/PowerShell") }
    }
}

/// Regular mailboxes, ready.
pub(crate) fn supply() -> Supply {
    Supply { outputs: MAILBOXES, output: payload::regular_mailbox, cmdlets: 0, compression: false, ready: true }
}

pub(crate) fn measure(figures: &mut Figures) {
    let (time, requests) = ("end to end, 10,000 mailboxes, time", "end to end, 10,000 mailboxes, requests");
    if figures.wants(time) || figures.wants(requests) {
        let server = Server::start(supply());
        let ours = || {
            let received = server.runtime.block_on(exsh(&server.uri, Compression::None));
            assert_eq!(received, MAILBOXES);
            server.canned.taken().time
        };
        let floor = || {
            server.runtime.block_on(discard(&server.uri, false));
            server.canned.taken().time
        };
        figures.race(time, Aim::TimesAtMost(2.5), "a client that discards them", ours, floor);
        server.runtime.block_on(exsh(&server.uri, Compression::None));
        let Taken { requests: ours, bytes, .. } = server.canned.taken();
        // Create, two Receives of the pool, Command, as many Receives as it takes, Terminate, Delete; an answer is never
        // quite full, since objects are not cut for it
        let least = 1 + 2 + 1 + u32::try_from(bytes.div_ceil(512_000 - 16_384)).unwrap_or(0) + 2;
        let against = ("the least", least.into());
        figures.amount(requests, Aim::AtMost(least.into()), Unit::Count, ours.into(), against);
    }
    let wire = "xpress, 10,000 mailboxes, bytes on the wire";
    if figures.wants(wire) {
        let server = Server::start(Supply { compression: true, ready: false, ..supply() });
        let sent = |compression| {
            assert_eq!(server.runtime.block_on(exsh(&server.uri, compression)), MAILBOXES);
            server.canned.taken().bytes as f64
        };
        let (packed, plain) = (sent(Compression::Xpress), sent(Compression::None));
        figures.amount(wire, Aim::TimesAtMost(1.0 / 7.0), Unit::Bytes, packed, ("without compression", plain));
    }
}

/// exsh's own client; every mailbox is decoded and handed over.
async fn exsh(uri: &str, offer: Compression) -> u64 {
    let credential = Credential::new("bench", SecretString::from("x"));
    let mut options = ConnectOptions::default();
    if offer == Compression::None {
        options.session_option.set("NoCompression", Setting::Truth(true)).expect("there is such an option");
    }
    let request = ConnectionRequest { options, ..ConnectionRequest::new(uri, credential) };
    let session = connect(request, Arc::new(Nobody)).await.expect("the server opens");
    let spec = PipelineSpec::new(vec![CommandSpec::new("Get-Mailbox")]);
    let mut running = session.start(spec).await.expect("the server runs it");
    let mut received = 0;
    while let Some(record) = running.next().await {
        if matches!(record.expect("the server is well"), Record::Output(_)) {
            received += 1;
        }
    }
    session.close().await;
    received
}

/// The floor: the same requests, the answers thrown away but for a look whether they are the last.
pub(crate) async fn discard(uri: &str, metadata: bool) {
    let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let post = async |body: Vec<u8>| {
        let request = http.post(uri).header("Content-Type", "application/soap+xml;charset=UTF-8").body(body);
        request.send().await.expect("an answer").bytes().await.expect("a body")
    };
    let mut pool = ClientPool::new(PoolOptions::new(Uuid::new_v4()));
    pool.open().expect("a fresh pool opens");
    let mut context = ClientContext::new(uri, "Microsoft.Exchange");
    let shell = NewShell {
        id: ShellId::from_uuid(pool.id()),
        name: String::new(),
        idle_timeout: None,
        options: vec![HeaderOption::required("protocolversion", "2.3")],
        creation: taken(&mut pool, Target::Pool),
        offer: Compression::None,
    };
    post(context.create(Uuid::new_v4(), &shell)).await;
    context.selectors = vec![("ShellId".to_owned(), shell.id.to_string())];
    let opened = post(context.receive(Uuid::new_v4(), None)).await;
    if let ResponseBody::Received(received) = parse_response(&opened, Compression::None).expect("an answer").body {
        for stream in received.streams {
            pool.handle_bytes(Target::Pool, stream.data).expect("the server opens the pool");
        }
    }
    let pipeline = Uuid::new_v4();
    if metadata {
        pool.get_command_metadata(pipeline, &CommandQuery::new(["*"])).expect("the pool is open");
    } else {
        let spec = PipelineSpec::new(vec![CommandSpec::new("Get-Mailbox")]);
        pool.create_pipeline(pipeline, &spec).expect("the pool is open");
    }
    let command = CommandId::from_uuid(pipeline);
    let arguments = taken(&mut pool, Target::Pipeline(pipeline));
    post(context.command(Uuid::new_v4(), &command, " ", &arguments)).await;
    loop {
        let body = post(context.receive(Uuid::new_v4(), Some(&command))).await;
        let tail = &body[body.len().saturating_sub(600)..];
        if memchr::memmem::find(tail, b"CommandState/Done").is_some() {
            break;
        }
    }
    post(context.signal(Uuid::new_v4(), &command, TERMINATE_SIGNAL)).await;
    post(context.delete(Uuid::new_v4())).await;
}

fn taken(pool: &mut ClientPool, target: Target) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(packet) = pool.poll_send(target, 1 << 20) {
        bytes.extend_from_slice(&packet.bytes);
    }
    bytes
}
