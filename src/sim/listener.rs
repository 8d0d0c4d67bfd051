//! The only sockets of the simulator: accepts connections, plain or TLS, and hands HTTP requests on.
//!
//! What a request means is not decided here (`endpoint`); the redirecting front is the one exception.

mod front;
mod stream;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use front::{Body, body, plain};
use stream::SharedStream;
pub(crate) use tls::Tls;

use super::SimError;
use super::simulator::Site;

/// A bound address, not yet served.
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<Tls>,
}

impl Listener {
    pub(crate) async fn bind(address: SocketAddr, tls: Option<Tls>) -> Result<Self, SimError> {
        let fail = |source| SimError::Listen { address, source };
        let socket = TcpListener::bind(address).await.map_err(fail)?;
        let address = socket.local_addr().map_err(fail)?;
        Ok(Self { socket, address, tls })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

/// One connection, as the dispatch sees it.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    /// Distinguishes connections; a client that only ever shows one cannot do two things at once.
    pub(crate) id: u64,
    /// Whether it comes from this machine.
    is_local: bool,
    abort: CancellationToken,
    stream: Arc<tokio::net::TcpStream>,
}

impl Connection {
    /// Ends the connection at once, by a reset instead of an orderly close when `reset`.
    pub(crate) fn abort(&self, reset: bool) {
        if reset {
            // When it fails the connection closes in order, which a test will notice.
            let _ = self.stream.set_zero_linger();
        }
        self.abort.cancel();
    }
}

/// What answers the requests of a listener.
#[derive(Clone)]
enum Answering {
    Redirect { target: Arc<str> },
    Endpoint(Arc<super::endpoint::Endpoint>),
}

/// Serves the endpoint until `stop`.
pub(crate) async fn serve(listener: Listener, site: Arc<Site>, stop: CancellationToken) {
    let endpoint = Arc::new(super::endpoint::Endpoint::new(Arc::clone(&site)));
    let sweep = tokio::spawn(Arc::clone(&endpoint).sweep(stop.clone()));
    accept(listener, &site, &stop, Answering::Endpoint(Arc::clone(&endpoint))).await;
    endpoint.close_all();
    // The sweeper ends with `stop`.
    let _ = sweep.await;
}

/// Serves a front that sends every Create to `target`.
pub(crate) async fn redirect(listener: Listener, target: String, site: Arc<Site>, stop: CancellationToken) {
    accept(listener, &site, &stop, Answering::Redirect { target: target.into() }).await;
}

async fn accept(listener: Listener, site: &Arc<Site>, stop: &CancellationToken, answering: Answering) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let tracker = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.socket.accept() => accepted,
        };
        let Ok((socket, peer)) = accepted else { continue };
        // Without it small answers wait for the client's acknowledgement.
        let _ = socket.set_nodelay(true);
        let stream = Arc::new(socket);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let connection = Connection {
            id,
            is_local: peer.ip().is_loopback(),
            abort: stop.child_token(),
            stream: Arc::clone(&stream),
        };
        let (site, tls, answering) = (Arc::clone(site), listener.tls.clone(), answering.clone());
        tracker.spawn(async move {
            let abort = connection.abort.clone();
            let plain = SharedStream::new(stream);
            let work = async {
                match tls {
                    None => converse(plain, connection, site, answering).await,
                    Some(tls) => {
                        // A client that does not trust the certificate ends here.
                        if let Ok(sealed) = tls.accept(plain).await {
                            converse(sealed, connection, site, answering).await;
                        }
                    }
                }
            };
            tokio::select! {
                () = abort.cancelled() => {}
                () = work => {}
            }
        });
    }
    tracker.close();
    tracker.wait().await;
}

async fn converse<S>(stream: S, connection: Connection, site: Arc<Site>, answering: Answering)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| {
        let (connection, site, answering) = (connection.clone(), Arc::clone(&site), answering.clone());
        async move {
            match answering {
                Answering::Redirect { target } => Ok(front::redirect(&site, &connection, &request, &target)),
                Answering::Endpoint(endpoint) => front::answer(&site, &endpoint, &connection, request).await,
            }
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .keep_alive(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // A connection that breaks is the client's affair; its shells stay until they expire.
    drop(served);
}
