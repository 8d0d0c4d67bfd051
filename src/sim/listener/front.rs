//! HTTP before SOAP: the path, Basic sign-in, the redirecting front, the status page, and the faults that never reach the endpoint.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION, WWW_AUTHENTICATE};
use hyper::{Method, Request, Response, StatusCode};

use super::Connection;
use crate::secret::ExposeSecret;
use crate::sim::SimUser;
use crate::sim::counters::Tally;
use crate::sim::endpoint::Endpoint;
use crate::sim::simulator::Site;

/// The body of an answer; it may break off in the middle on purpose.
pub(crate) type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// No request of a client is longer; WinRM's own limit is 500 KB an envelope.
const REQUEST_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) fn body(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// An answer without SOAP.
pub(crate) fn plain(status: StatusCode, content_type: &'static str, text: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(body(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// The front door of an organization that lives elsewhere: 302 with the place, after sign-in.
pub(super) fn redirect(
    site: &Site,
    connection: &Connection,
    request: &Request<Incoming>,
    target: &str,
) -> Response<Body> {
    if is_status(connection, request) {
        return status(site);
    }
    Tally::add(&site.tally.requests);
    if sign_in(site, request).is_none() {
        return refuse_sign_in(site);
    }
    Tally::add(&site.tally.redirects);
    let mut response = plain(StatusCode::FOUND, "text/html", "");
    if let Ok(location) = HeaderValue::from_str(target) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Answers one request to the endpoint; an error closes the connection without an answer.
pub(super) async fn answer(
    site: &Arc<Site>,
    endpoint: &Arc<Endpoint>,
    connection: &Connection,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::io::Error> {
    if is_status(connection, &request) {
        return Ok(status(site));
    }
    Tally::add(&site.tally.requests);
    let path = request.uri().path().trim_end_matches('/').to_ascii_lowercase();
    if !matches!(path.as_str(), "/powershell" | "/powershell-liveid") {
        return Ok(plain(StatusCode::NOT_FOUND, "text/html", "<html><body>404 - not found</body></html>"));
    }
    let Some(user) = sign_in(site, &request).cloned() else { return Ok(refuse_sign_in(site)) };
    if request.method() != Method::POST {
        return Ok(plain(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "POST only"));
    }
    let (head, incoming) = request.into_parts();
    let Ok(collected) = Limited::new(incoming, REQUEST_BYTES_MAX).collect().await else {
        return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "the request is too large"));
    };
    endpoint.answer(connection, &user, &head, collected.to_bytes()).await
}

/// The status page, which only this machine may see.
fn is_status(connection: &Connection, request: &Request<Incoming>) -> bool {
    connection.is_local && request.method() == Method::GET && request.uri().path() == "/sim/status"
}

fn status(site: &Site) -> Response<Body> {
    let text = serde_json::to_string(&site.counters()).unwrap_or_default();
    plain(StatusCode::OK, "application/json", text)
}

fn refuse_sign_in(site: &Site) -> Response<Body> {
    Tally::add(&site.tally.sign_ins_refused);
    let mut response = plain(StatusCode::UNAUTHORIZED, "text/html", "");
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"localhost\""));
    response
}

/// The user whom the Authorization header names with the right password.
fn sign_in<'a>(site: &'a Site, request: &Request<Incoming>) -> Option<&'a SimUser> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64_simd::STANDARD.decode_to_vec(token.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (name, password) = text.split_once(':')?;
    site.options.users.iter().find(|user| {
        user.credential.user_name().eq_ignore_ascii_case(name) && user.credential.password().expose_secret() == password
    })
}
