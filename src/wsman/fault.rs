//! A fault as data: number, codes, the innermost text, and what Exchange puts in brackets before it.
//!
//! What to do about a number stands in `fault_codes`; how an error reads is `remote`'s business.

use super::fault_codes::{FaultClass, FaultCode};
use super::xml::Element;

/// A server's refusal (DSP0226 14; [MS-WSMV] 2.2.4.43, WSManFault).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fault {
    /// The number, if there is one.
    pub code: Option<FaultCode>,
    /// SOAP code without its prefix: `Sender` or `Receiver`.
    pub soap_code: String,
    /// SOAP subcode without its prefix, such as `TimedOut`; empty if there is none.
    pub subcode: String,
    /// The innermost text that says something: the provider's, else the message's, else the reason's.
    pub message: String,
    /// The machine that answered; empty if it does not say.
    pub machine: String,
    /// The plug-in that failed; empty if none did.
    pub provider: String,
    /// What Exchange says in brackets at the start of its texts.
    pub tag: ServerTag,
}

impl Fault {
    /// What to do about it.
    #[must_use]
    pub fn class(&self) -> FaultClass {
        match self.code {
            Some(code) => code.class(),
            None if self.subcode == "TimedOut" => FaultClass::Retry,
            None => FaultClass::CallerMustChange,
        }
    }

    /// Whether it only says that nothing came in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self.code {
            Some(code) => code == FaultCode::TIMED_OUT,
            None => self.subcode == "TimedOut",
        }
    }

    /// The time a throttling server asks to wait, in milliseconds, where its text names one.
    #[must_use]
    pub fn wait_milliseconds(&self) -> Option<u64> {
        let before = self.message.split(" millisecond").next().filter(|text| text.len() < self.message.len())?;
        before.rsplit(' ').next()?.parse().ok()
    }

    pub(super) fn from_element(fault: &Element<'_>) -> Self {
        let local = |text: &str| text.trim().rsplit(':').next().unwrap_or("").to_owned();
        let code = fault.child("Code");
        let detail = fault.path(&["Detail", "WSManFault"]);
        let mut found = Self {
            code: detail.and_then(|detail| detail.attribute("Code")).and_then(FaultCode::parse),
            soap_code: code.and_then(|code| code.child_text("Value")).map(local).unwrap_or_default(),
            subcode: code
                .and_then(|code| code.path(&["Subcode", "Value"]))
                .map(|value| local(&value.text))
                .unwrap_or_default(),
            machine: detail.and_then(|detail| detail.attribute("Machine")).unwrap_or_default().to_owned(),
            ..Self::default()
        };
        let reason = fault.path(&["Reason", "Text"]).map(Element::deep_text).unwrap_or_default();
        let inner = detail.and_then(|detail| detail.child("Message")).map(|message| innermost(message, &mut found));
        let text = inner.filter(|text| !text.is_empty()).unwrap_or(reason);
        (found.tag, found.message) = ServerTag::split(&text);
        found
    }
}

/// The text of the deepest WSManFault; a provider's fault may hold one again.
fn innermost(message: &Element<'_>, found: &mut Fault) -> String {
    let Some(provider) = message.child("ProviderFault") else { return message.deep_text() };
    if let Some(name) = provider.attribute("provider") {
        name.clone_into(&mut found.provider);
    }
    if let Some(nested) = provider.child("WSManFault") {
        if let Some(code) = nested.attribute("Code").and_then(FaultCode::parse) {
            found.code = Some(code);
        }
        if let Some(message) = nested.child("Message") {
            let text = innermost(message, found);
            if !text.is_empty() {
                return text;
            }
        }
    }
    provider.deep_text()
}

/// Fields such as `RequestId` that Exchange writes before a text: `[Server=CAS1,RequestId=…,TimeStamp=…] [FailureCategory=…] text`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerTag {
    /// Names and values in their order.
    pub fields: Vec<(String, String)>,
}

impl ServerTag {
    /// A field by name, ignoring case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The number by which the server's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.get("RequestId").or_else(|| self.get("AuthZRequestId"))
    }

    /// The category Exchange names, such as `WSMan-InvalidShellID`.
    #[must_use]
    pub fn failure_category(&self) -> Option<&str> {
        self.get("FailureCategory")
    }

    /// Takes bracketed fields off the start of a text. A bracket that holds no `name=value` stays where it is.
    #[must_use]
    pub fn split(text: &str) -> (Self, String) {
        let mut tag = Self::default();
        let mut rest = text.trim();
        while let Some((inside, after)) = rest.strip_prefix('[').and_then(|open| open.split_once(']')) {
            let fields: Option<Vec<(String, String)>> = inside.split(',').map(field).collect();
            let Some(fields) = fields else { break };
            tag.fields.extend(fields);
            rest = after.trim_start();
        }
        (tag, rest.trim_end().to_owned())
    }
}

fn field(text: &str) -> Option<(String, String)> {
    let (name, value) = text.trim().split_once('=')?;
    let named = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    named.then(|| (name.to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchange_fields_before_a_text_are_kept_apart_and_the_request_id_survives() {
        // the shape in facts/exchange-wire.md 3, errors
        let (tag, text) = ServerTag::split(
            "[ClientAccessServer=CAS1,BackEndServer=mbx1.contoso.com,RequestId=ab12,TimeStamp=11/22/2026 1:00:00 PM] \
             [FailureCategory=WSMan-InvalidShellID] the shell was not found",
        );
        assert_eq!(text, "the shell was not found");
        assert_eq!(tag.request_id(), Some("ab12"));
        assert_eq!(tag.failure_category(), Some("WSMan-InvalidShellID"));
        assert_eq!(tag.get("backendserver"), Some("mbx1.contoso.com"));
    }

    #[test]
    fn brackets_that_are_no_fields_belong_to_the_text() {
        let (tag, text) = ServerTag::split("[warning] something [a=b]");
        assert!(tag.fields.is_empty());
        assert_eq!(text, "[warning] something [a=b]");
    }

    #[test]
    fn a_load_quota_names_its_milliseconds() {
        let fault =
            Fault { message: "will not be approved for at least 31500 milliseconds.".into(), ..Fault::default() };
        assert_eq!(fault.wait_milliseconds(), Some(31_500));
        assert_eq!(Fault { message: "some milliseconds".into(), ..Fault::default() }.wait_milliseconds(), None);
        assert_eq!(Fault::default().wait_milliseconds(), None);
    }
}
