//! The WS-Management endpoint: shells, commands, streams. Joins the `wsman` and `psrp` server roles.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::{Response, StatusCode};
use tokio_util::sync::CancellationToken;

use super::SimUser;
use super::listener::{Body, Connection, plain};
use super::simulator::Site;

/// All shells of a simulator.
pub(crate) struct Endpoint {
    site: Arc<Site>,
}

impl Endpoint {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        Self { site }
    }

    /// Removes expired shells until `stop`.
    pub(crate) async fn sweep(self: Arc<Self>, stop: CancellationToken) {
        stop.cancelled().await;
    }

    /// Ends every shell.
    pub(crate) fn close_all(&self) {
        drop(Arc::clone(&self.site));
    }

    /// Answers one request of a user who signed in.
    pub(crate) async fn answer(
        &self,
        _connection: &Connection,
        _user: &SimUser,
        _head: &Parts,
        _body: Bytes,
    ) -> Result<Response<Body>, std::io::Error> {
        Ok(plain(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "no shells yet"))
    }
}
