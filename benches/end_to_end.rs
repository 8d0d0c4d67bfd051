//! Get-Mailbox over loopback HTTP from a server with its answers ready: exsh against a client that discards them.
//!
//! Both sides of a race share the machine with the server; the floor includes it.

use std::sync::Arc;

use exsh::psrp::{ClientPool, CommandSpec, PipelineSpec, PoolOptions, Record, Target};
use exsh::remote::{ConnectionRequest, Nobody, connect};
use exsh::secret::{Credential, SecretString};
use exsh::wsman::{
    ClientContext, CommandId, Compression, HeaderOption, NewShell, ResponseBody, ShellId, TERMINATE_SIGNAL, parse_response,
};
use uuid::Uuid;

use exsh_benches::canned::{Canned, Taken};
use exsh_benches::figure::{Aim, Figures};
use exsh_benches::payload;

/// Mailboxes of the race.
const MAILBOXES: usize = 10_000;

fn main() {
    let mut figures = Figures::new("end_to_end");
    let outputs = Arc::new((0..MAILBOXES as u64).map(|number| payload::mailbox(number, false)).collect::<Vec<_>>());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let (canned, address) = runtime.block_on(Canned::start(Arc::clone(&outputs))).expect("a port on loopback");
    let uri = format!("http://{address}/PowerShell");
    let ours = || {
        let received = runtime.block_on(exsh(&uri));
        assert_eq!(received, MAILBOXES);
        canned.taken().time
    };
    let floor = || {
        runtime.block_on(discard(&uri));
        canned.taken().time
    };
    figures.race("end to end, 10,000 mailboxes, a client that discards them", Aim::TimesAtMost(2.5), ours, floor);
    runtime.block_on(exsh(&uri));
    let Taken { requests, bytes, .. } = canned.taken();
    let least = 1 + 2 + 1 + u32::try_from(bytes.div_ceil(512_000)).unwrap_or(0) + 2;
    figures.amount("end to end, HTTP requests, the least possible", Aim::TimesAtMost(1.05), requests.into(), least.into(), "");
    figures.finish();
}

/// exsh's own client; every mailbox is decoded and handed over.
async fn exsh(uri: &str) -> usize {
    let credential = Credential::new("bench", SecretString::from("x"));
    let session = connect(ConnectionRequest::new(uri, credential), Arc::new(Nobody)).await.expect("the server opens");
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
async fn discard(uri: &str) {
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
    pool.create_pipeline(pipeline, &PipelineSpec::new(vec![CommandSpec::new("Get-Mailbox")])).expect("the pool is open");
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
