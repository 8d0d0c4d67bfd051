//! A record of the wire for people who look for trouble: one line of JSON for each exchange, without secrets.
//!
//! The form is that of recordings of other clients, so that the same tools read both. Reading is not here.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

/// Where a record of the wire goes. Failing to write never disturbs a session.
pub struct Trace {
    out: Mutex<Box<dyn Write + Send>>,
    exchanges: AtomicU64,
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trace")
    }
}

/// One exchange, as seen by the client.
pub(super) struct Exchange<'a> {
    pub(super) url: &'a reqwest::Url,
    pub(super) request: &'a [u8],
    pub(super) status: Option<u16>,
    pub(super) response_headers: Vec<(String, String)>,
    pub(super) response: &'a [u8],
    pub(super) failure: Option<String>,
    pub(super) milliseconds: u128,
}

impl Trace {
    /// A record in a file, which is created or emptied.
    ///
    /// # Errors
    /// The system's, when the file cannot be written.
    pub fn create(path: &Path) -> io::Result<Self> {
        Self::to_writer(BufWriter::new(File::create(path)?))
    }

    /// A record in any writer.
    ///
    /// # Errors
    /// The writer's.
    pub fn to_writer(out: impl Write + Send + 'static) -> io::Result<Self> {
        let mut out: Box<dyn Write + Send> = Box::new(out);
        let about = concat!(
            "exsh ",
            env!("CARGO_PKG_VERSION"),
            ", remote sessions; authorization, cookies and secure strings are masked"
        );
        writeln!(out, "{}", json!({ "what": about }))?;
        out.flush()?;
        Ok(Self { out: Mutex::new(out), exchanges: AtomicU64::new(0) })
    }

    pub(super) fn record(&self, exchange: &Exchange<'_>) {
        let n = self.exchanges.fetch_add(1, Ordering::Relaxed) + 1;
        let path = match exchange.url.query() {
            Some(query) => format!("{}?{query}", exchange.url.path()),
            None => exchange.url.path().to_owned(),
        };
        let host = exchange.url.host_str().unwrap_or_default();
        let port = exchange.url.port_or_known_default().unwrap_or_default();
        let mut line = json!({
            "n": n,
            "method": "POST",
            "path": path,
            "request_headers": {
                "authorization": "(masked)",
                "content-length": exchange.request.len().to_string(),
                "content-type": super::http::CONTENT_TYPE,
                "host": format!("{host}:{port}"),
            },
            "request": mask_envelope(exchange.request),
            "status": exchange.status,
            "response": mask_envelope(exchange.response),
            "milliseconds": u64::try_from(exchange.milliseconds).unwrap_or(u64::MAX),
        });
        if let Some(fields) = line.as_object_mut() {
            let headers = exchange.response_headers.iter().map(|(name, value)| {
                let secret = name == "set-cookie" || name == "authorization";
                (name.clone(), if secret { "(masked)".into() } else { value.clone().into() })
            });
            fields.insert("response_headers".to_owned(), headers.collect::<serde_json::Map<_, _>>().into());
            if let Some(failure) = &exchange.failure {
                fields.insert("failure".to_owned(), failure.clone().into());
            }
        }
        if let Ok(mut out) = self.out.lock() {
            let written = writeln!(out, "{line}").and_then(|()| out.flush());
            if let Err(problem) = written {
                tracing::warn!(%problem, "the trace cannot be written");
            }
        }
    }
}

/// The envelope as text, secure strings inside its base64 overwritten with as many `A`.
fn mask_envelope(envelope: &[u8]) -> String {
    let text = String::from_utf8_lossy(envelope);
    let mut found = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(end_of_tag) = rest.find('>') {
        let (tag, after) = rest.split_at(end_of_tag + 1);
        let content = &after[..after.find('<').unwrap_or(after.len())];
        found.push_str(tag);
        match mask_base64(content) {
            Some(masked) => found.push_str(&masked),
            None => found.push_str(content),
        }
        rest = &after[content.len()..];
    }
    found.push_str(rest);
    found
}

/// The same base64 with secure strings masked; `None` when there is nothing to mask.
fn mask_base64(content: &str) -> Option<String> {
    if content.len() < 64 {
        return None; // shorter than a fragment with a message header
    }
    let mut bytes = base64_simd::STANDARD.decode_to_vec(content).ok()?;
    let mut masked = false;
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&bytes[at..], b"<SS") {
        let start = at + found + 3;
        let Some(open) = bytes[start..].iter().position(|byte| *byte == b'>') else { break };
        at = start + open + 1;
        if !matches!(bytes.get(start), Some(b' ' | b'>')) {
            continue;
        }
        while let Some(byte) = bytes.get_mut(at).filter(|byte| **byte != b'<') {
            *byte = b'A';
            masked = true;
            at += 1;
        }
    }
    masked.then(|| base64_simd::STANDARD.encode_to_string(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secure_strings_in_a_traced_envelope_are_masked_and_nothing_else_changes() {
        // facts/remoting.md 9, row 24: no CLIXML with secure strings in a record
        let clixml =
            br#"....header....<Obj RefId="0"><MS><S N="u">ann</S><SS N="Password">c2VjcmV0c2VjcmV0</SS></MS></Obj>"#;
        let envelope = format!("<a><Arguments>{}</Arguments></a>", base64_simd::STANDARD.encode_to_string(clixml));
        let masked = mask_envelope(envelope.as_bytes());
        assert_eq!(masked.len(), envelope.len());
        let inner = &masked["<a><Arguments>".len()..masked.len() - "</Arguments></a>".len()];
        let bytes = base64_simd::STANDARD.decode_to_vec(inner).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(r#"<SS N="Password">AAAAAAAAAAAAAAAA</SS>"#), "{text}");
        assert!(text.contains("ann"));
    }

    #[test]
    fn an_envelope_without_secrets_is_traced_as_it_is() {
        let envelope = "<s:Envelope><s:Body><rsp:Code>powershell/signal/crtl_c</rsp:Code></s:Body></s:Envelope>";
        assert_eq!(mask_envelope(envelope.as_bytes()), envelope);
        assert_eq!(mask_envelope(b"no markup"), "no markup");
    }
}
