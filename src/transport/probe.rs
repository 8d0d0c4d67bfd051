//! The way to a server, one step at a time: its name, its port, its certificate, and who answers there.
//!
//! No password travels here. What is made of the findings is `remote`'s business.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::error::{cause, classify_tls};
use super::{TransportError, tls};

/// The addresses of a host, each once.
///
/// # Errors
/// [`TransportError::NameNotResolved`].
pub async fn resolve(host: &str, port: u16) -> Result<Vec<IpAddr>, TransportError> {
    let unknown = |_| TransportError::NameNotResolved { host: host.to_owned() };
    let mut addresses: Vec<IpAddr> =
        tokio::net::lookup_host((bare(host), port)).await.map_err(unknown)?.map(|address| address.ip()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    Ok(addresses)
}

/// Whether somebody listens there.
///
/// # Errors
/// Refused, unreachable, or too slow.
pub async fn reach(host: &str, port: u16, limit: Duration) -> Result<(), TransportError> {
    connect(host, port, limit).await.map(|_| ())
}

async fn connect(host: &str, port: u16, limit: Duration) -> Result<TcpStream, TransportError> {
    let owned = host.to_owned();
    match tokio::time::timeout(limit, TcpStream::connect((bare(host), port))).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Err(TransportError::Refused { host: owned, port })
        }
        Ok(Err(error)) => Err(TransportError::Unreachable { host: owned, reason: error.to_string() }),
        Err(_) => Err(TransportError::ConnectTimeout { host: owned, port }),
    }
}

/// Whether TLS comes about and the certificate is good; gives the version of the protocol.
///
/// # Errors
/// What is wrong with the certificate, or that the other side speaks no TLS.
pub async fn handshake(
    host: &str,
    port: u16,
    limit: Duration,
    skip_ca: bool,
    skip_cn: bool,
) -> Result<&'static str, TransportError> {
    let stream = connect(host, port, limit).await?;
    let tls = |reason: String| TransportError::Tls { host: host.to_owned(), reason };
    let name =
        rustls::pki_types::ServerName::try_from(bare(host).to_owned()).map_err(|error| tls(error.to_string()))?;
    let connector = TlsConnector::from(Arc::new(tls::client_config(true, skip_ca, skip_cn)?));
    let shaken = tokio::time::timeout(limit, connector.connect(name, stream)).await;
    let stream = match shaken {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            return Err(match cause::<rustls::Error>(&error) {
                Some(problem) => classify_tls(problem, host.to_owned()),
                None => tls(error.to_string()),
            });
        }
        Err(_) => return Err(tls("the server did not answer".to_owned())),
    };
    Ok(match stream.get_ref().1.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS",
    })
}

/// A host without the brackets that an IPv6 address wears in a URI.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}
