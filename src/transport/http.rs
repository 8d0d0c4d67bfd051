//! One HTTP client for one session: its connections, cookies and sign-in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE as CONTENT_TYPE_HEADER, HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::error::classify;
use super::trace::Exchange;
use super::{Trace, TransportError, Url, tls};
use crate::secret::Credential;

pub(super) const CONTENT_TYPE: &str = "application/soap+xml;charset=UTF-8";

/// Larger than any answer: twice what a server may be asked for, and then some.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// Which proxy to use.
#[derive(Debug, Clone, Default)]
pub enum ProxyChoice {
    /// None.
    #[default]
    None,
    /// What system and environment say.
    System,
    /// The same, with a credential for the proxy.
    SystemWith(Credential),
}

/// How to build a client.
#[derive(Debug, Clone, Default)]
pub struct HttpOptions {
    /// How long a connection may take to be made; none: the system decides.
    pub connect_timeout: Option<Duration>,
    /// The proxy.
    pub proxy: ProxyChoice,
    /// Do not check who issued the server's certificate.
    pub skip_ca_check: bool,
    /// Do not check the name in the server's certificate.
    pub skip_cn_check: bool,
    /// Whether any request will use https.
    pub encrypted: bool,
    /// The record of the wire.
    pub trace: Option<Arc<Trace>>,
}

/// A complete answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, if it is readable.
    pub content_type: Option<String>,
    /// `Location`, as it came.
    pub location: Option<String>,
    /// The schemes of `WWW-Authenticate`.
    pub challenges: Vec<String>,
    /// `Retry-After` in seconds.
    pub retry_after: Option<Duration>,
    /// The body.
    pub body: Bytes,
}

/// Posts envelopes with Basic sign-in on every request.
#[derive(Clone)]
pub struct HttpClient {
    client: reqwest::Client,
    trace: Option<Arc<Trace>>,
}

impl std::fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpClient")
    }
}

impl HttpClient {
    /// A client that signs in with `credential`; the user name goes verbatim.
    ///
    /// # Errors
    /// TLS that cannot be set up, or a credential that does not fit a header.
    pub fn new(options: &HttpOptions, credential: &Credential) -> Result<Self, TransportError> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, basic(credential)?);
        Self::with_headers(options, headers)
    }

    /// A client that signs in nowhere: to ask who answers.
    ///
    /// # Errors
    /// TLS that cannot be set up.
    pub fn anonymous(options: &HttpOptions) -> Result<Self, TransportError> {
        Self::with_headers(options, HeaderMap::new())
    }

    fn with_headers(options: &HttpOptions, mut headers: HeaderMap) -> Result<Self, TransportError> {
        headers.insert(CONTENT_TYPE_HEADER, HeaderValue::from_static(CONTENT_TYPE));
        // a server that compresses replies breaks more than it saves: streams have their own compression
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let config = tls::client_config(options.encrypted, options.skip_ca_check, options.skip_cn_check)?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .default_headers(headers)
            .user_agent(concat!("exsh/", env!("CARGO_PKG_VERSION")))
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .http1_only()
            .pool_idle_timeout(Duration::from_secs(90));
        if let Some(timeout) = options.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        builder = match &options.proxy {
            ProxyChoice::None => builder.no_proxy(),
            ProxyChoice::System => builder,
            ProxyChoice::SystemWith(credential) => system_proxies(builder, credential),
        };
        let client = builder.build().map_err(|problem| TransportError::TlsSetup { reason: problem.to_string() })?;
        Ok(Self { client, trace: options.trace.clone() })
    }

    /// Posts one envelope and waits for the whole answer, at most `timeout`.
    ///
    /// # Errors
    /// When no complete answer came; any HTTP status is an answer.
    pub async fn post(&self, url: &Url, envelope: Bytes, timeout: Duration) -> Result<Answer, TransportError> {
        let started = Instant::now();
        let result = self.exchange(url, envelope.clone(), timeout).await;
        if let Some(trace) = &self.trace {
            let answer = result.as_ref().ok();
            trace.record(&Exchange {
                url,
                request: &envelope,
                status: answer.map(|(answer, _)| answer.status),
                response_headers: answer.map(|(_, headers)| readable(headers)).unwrap_or_default(),
                response: answer.map_or(&[], |(answer, _)| answer.body.as_ref()),
                failure: result.as_ref().err().map(ToString::to_string),
                milliseconds: started.elapsed().as_millis(),
            });
        }
        result.map(|(answer, _)| answer)
    }

    async fn exchange(
        &self,
        url: &Url,
        envelope: Bytes,
        timeout: Duration,
    ) -> Result<(Answer, HeaderMap), TransportError> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        let sent = self.client.post(url.clone()).timeout(timeout).body(envelope).send().await;
        let mut response = sent.map_err(|problem| classify(&problem, host, port, timeout, None))?;
        let too_large = || TransportError::TooLarge { host: host.to_owned(), bytes_max: ANSWER_BYTES_MAX };
        let expected = response.content_length().and_then(|length| usize::try_from(length).ok());
        if expected.is_some_and(|length| length > ANSWER_BYTES_MAX) {
            return Err(too_large());
        }
        let mut body = BytesMut::with_capacity(expected.unwrap_or(16 << 10));
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > ANSWER_BYTES_MAX => return Err(too_large()),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(problem) => return Err(classify(&problem, host, port, timeout, Some(body.len()))),
            }
        }
        let headers = response.headers().clone();
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let answer = Answer {
            status: response.status().as_u16(),
            content_type: text("content-type"),
            location: text("location"),
            challenges: challenges(&headers),
            retry_after: text("retry-after").and_then(|after| after.trim().parse().ok()).map(Duration::from_secs),
            body: body.freeze(),
        };
        Ok((answer, headers))
    }
}

fn readable(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

fn challenges(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all("www-authenticate")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter_map(|value| value.split_whitespace().next())
        .map(|scheme| scheme.trim_end_matches(',').to_owned())
        .collect()
}

/// `Basic` with user and password in UTF-8; never shown by Debug.
fn basic(credential: &Credential) -> Result<HeaderValue, TransportError> {
    let pair = Zeroizing::new(format!("{}:{}", credential.user_name(), credential.password().expose_secret()));
    let header = Zeroizing::new(format!("Basic {}", base64_simd::STANDARD.encode_to_string(pair.as_bytes())));
    let mut value =
        HeaderValue::from_str(&header).map_err(|_| TransportError::NotAHeader { what: "the credential" })?;
    value.set_sensitive(true);
    Ok(value)
}

/// The proxies that the environment names, each with the credential; the system's own settings carry their own.
fn system_proxies(mut builder: reqwest::ClientBuilder, credential: &Credential) -> reqwest::ClientBuilder {
    let of_environment =
        |names: [&str; 2]| names.iter().find_map(|name| std::env::var(name).ok()).filter(|uri| !uri.is_empty());
    let with = |proxy: reqwest::Proxy| {
        proxy
            .basic_auth(credential.user_name(), credential.password().expose_secret())
            .no_proxy(reqwest::NoProxy::from_env())
    };
    if let Some(proxy) = of_environment(["https_proxy", "HTTPS_PROXY"]).and_then(|uri| reqwest::Proxy::https(uri).ok())
    {
        builder = builder.proxy(with(proxy));
    }
    if let Some(proxy) = of_environment(["http_proxy", "HTTP_PROXY"]).and_then(|uri| reqwest::Proxy::http(uri).ok()) {
        builder = builder.proxy(with(proxy));
    }
    if let Some(proxy) = of_environment(["all_proxy", "ALL_PROXY"]).and_then(|uri| reqwest::Proxy::all(uri).ok()) {
        builder = builder.proxy(with(proxy));
    }
    builder
}
