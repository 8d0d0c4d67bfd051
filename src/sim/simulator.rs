//! Starts a simulator and is the handle on a running one. What it serves is in `listener` and `endpoint`.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::counters::{Counters, Tally};
use super::fault::FaultPlayer;
use super::listener::{self, Listener, Tls};
use super::{Organization, SimError, SimOptions};

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) options: SimOptions,
    pub(crate) organization: Arc<Organization>,
    pub(crate) tally: Tally,
    pub(crate) faults: FaultPlayer,
}

impl Site {
    /// What was counted so far.
    pub(crate) fn counters(&self) -> Counters {
        self.tally.snapshot(self.organization.writes())
    }
}

/// Starts simulators.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Listens and serves until the handle is shut down or dropped.
    ///
    /// # Errors
    /// When the address cannot be had, or no certificate can be made.
    pub async fn start(options: SimOptions) -> Result<SimHandle, SimError> {
        let tls = if options.tls { Some(Tls::on_the_spot()?) } else { None };
        let stop = CancellationToken::new();
        let main = Listener::bind(options.listen, tls.clone()).await?;
        let address = main.address();
        let certificate_pem = tls.as_ref().map(|tls| tls.certificate_pem().to_owned());
        let backend = if options.redirect {
            Some(Listener::bind(SocketAddr::new(options.listen.ip(), 0), tls).await?)
        } else {
            None
        };
        let scheme = if options.tls { "https" } else { "http" };
        let organization = Arc::new(Organization::of(&options));
        let faults = FaultPlayer::new(options.faults.clone());
        let site = Arc::new(Site { options, organization, tally: Tally::default(), faults });
        let mut tasks = Vec::new();
        if let Some(backend) = backend {
            let target = format!("{scheme}://{}/PowerShell/", backend.address());
            tasks.push(tokio::spawn(listener::redirect(main, target, Arc::clone(&site), stop.clone())));
            tasks.push(tokio::spawn(listener::serve(backend, Arc::clone(&site), stop.clone())));
        } else {
            tasks.push(tokio::spawn(listener::serve(main, Arc::clone(&site), stop.clone())));
        }
        Ok(SimHandle { url: format!("{scheme}://{address}/PowerShell/"), site, stop, tasks, certificate_pem })
    }
}

/// A running simulator; dropping it stops it without waiting.
#[derive(Debug)]
pub struct SimHandle {
    url: String,
    site: Arc<Site>,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    certificate_pem: Option<String>,
}

impl SimHandle {
    /// Where a client connects, such as `http://127.0.0.1:40001/PowerShell/`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate, when it speaks https.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.certificate_pem.as_deref()
    }

    /// Shells that exist now.
    #[must_use]
    pub fn open_shells(&self) -> u64 {
        self.counters().open_shells
    }

    /// What was counted so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.site.counters()
    }

    /// The organization behind the endpoint.
    #[must_use]
    pub fn organization(&self) -> &Arc<Organization> {
        &self.site.organization
    }

    /// Stops listening, drops all connections and shells, and waits until that is done.
    pub async fn shutdown(mut self) -> Counters {
        self.stop.cancel();
        for task in self.tasks.drain(..) {
            // A task that ended by panic has nothing left to stop.
            let _ = task.await;
        }
        self.counters()
    }
}

impl Drop for SimHandle {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
