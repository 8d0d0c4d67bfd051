//! The client's side of the session key exchange, and the messages that wait for it ([MS-PSRP] 3.1.5.4.3 to 3.1.5.4.5).
//!
//! The RSA key pair is made by the caller; blobs and ciphers are in `psrp::key` and `clixml`.

use std::collections::VecDeque;

use rsa::RsaPrivateKey;

use super::{ClientEvent, ClientPool};
use crate::clixml::{PsValue, SessionKey};
use crate::psrp::bag::{Bag, bag};
use crate::psrp::key::{public_key_text, session_key_from_text};
use crate::psrp::secrets::SecretForm;
use crate::psrp::{KeyProblem, Message, MessageType, PROTOCOL_2_4, PsrpError, StreamName, Target};

/// How far the exchange is.
#[derive(Default)]
pub(super) struct KeyState {
    private_key: Option<Box<RsaPrivateKey>>,
    step: KeyStep,
}

#[derive(Default)]
enum KeyStep {
    /// Nobody needed it yet.
    #[default]
    Idle,
    /// It is needed, and there is no key pair.
    Wanted,
    /// The public key is on its way.
    Asked,
    /// It is there.
    Ready(SessionKey),
    /// It will never come: the pool ended first. Secrets stay encrypted.
    Abandoned,
}

impl std::fmt::Debug for KeyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.step {
            KeyStep::Idle => "KeyState(idle)",
            KeyStep::Wanted => "KeyState(wanted)",
            KeyStep::Asked => "KeyState(asked)",
            KeyStep::Ready(_) => "KeyState(ready, redacted)",
            KeyStep::Abandoned => "KeyState(abandoned)",
        })
    }
}

/// Messages that wait for the session key, in order.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) incoming: VecDeque<Message>,
    pub(super) outgoing: VecDeque<HeldOut>,
}

/// A message whose object id is drawn and whose data cannot be written yet.
#[derive(Debug)]
pub(super) struct HeldOut {
    pub(super) target: Target,
    pub(super) stream: StreamName,
    pub(super) object_id: u64,
    pub(super) kind: MessageType,
    pub(super) value: Option<PsValue>,
}

impl Held {
    pub(super) fn is_empty(&self) -> bool {
        self.incoming.is_empty() && self.outgoing.is_empty()
    }

    pub(super) fn forget(&mut self, target: Target) {
        self.outgoing.retain(|held| held.target != target);
        self.incoming.retain(|message| message.pipeline != target.pipeline_id());
    }

    /// Whether a new message must wait behind others of its stream.
    pub(super) fn blocks(&self, target: Target, stream: StreamName) -> bool {
        self.outgoing.iter().any(|held| held.target == target && held.stream == stream)
    }
}

impl ClientPool {
    /// Hands in the RSA key pair (2048 bits) of this session. May be done before it is needed: the exchange itself
    /// happens when the first secret must be written or read.
    pub fn provide_key(&mut self, private_key: RsaPrivateKey) {
        self.key.private_key = Some(Box::new(private_key));
        if matches!(self.key.step, KeyStep::Wanted) {
            self.key.step = KeyStep::Idle;
            self.need_key();
        }
    }

    /// How secrets travel now; `None` until the session key is there.
    pub(super) fn secret_form(&self) -> Option<SecretForm<'_>> {
        if self.negotiated >= PROTOCOL_2_4 {
            return Some(SecretForm::Plain);
        }
        match &self.key.step {
            KeyStep::Ready(key) => Some(SecretForm::Key(key)),
            KeyStep::Idle | KeyStep::Wanted | KeyStep::Asked | KeyStep::Abandoned => None,
        }
    }

    /// Whether an incoming secret is worth waiting for the key.
    pub(super) const fn key_may_come(&self) -> bool {
        !matches!(self.key.step, KeyStep::Abandoned)
    }

    /// The key will not come any more: what waited to be read is read as it is.
    pub(super) fn abandon_key(&mut self) {
        if matches!(self.key.step, KeyStep::Ready(_)) {
            return;
        }
        self.key.step = KeyStep::Abandoned;
        self.held.outgoing.clear();
        // The pool is ending anyway; an unreadable message changes nothing.
        let _ = self.release_incoming();
    }

    /// Starts the exchange unless it has begun.
    pub(super) fn need_key(&mut self) {
        if !matches!(self.key.step, KeyStep::Idle) {
            return;
        }
        let Some(private_key) = &self.key.private_key else {
            self.key.step = KeyStep::Wanted;
            self.events.push_back(ClientEvent::KeyNeeded);
            return;
        };
        let text = public_key_text(&private_key.to_public_key());
        self.key.step = KeyStep::Asked;
        let value = bag([("PublicKey", text.into())]);
        // Nothing in it can be refused: it holds no secret.
        let _ = self.send(Target::Pool, StreamName::Default, MessageType::PublicKey, Some(&value));
    }

    /// ENCRYPTED_SESSION_KEY came: what waited goes on.
    pub(super) fn accept_session_key(&mut self, data: &PsValue) -> Result<(), PsrpError> {
        let problem = |problem| PsrpError::KeyExchange { problem };
        if !matches!(self.key.step, KeyStep::Asked) {
            return Err(problem(KeyProblem::Unexpected));
        }
        let private_key = self.key.private_key.as_ref().ok_or(problem(KeyProblem::NoKey))?;
        let text = Bag::new("session key", data)?.string("EncryptedSessionKey")?;
        let key = session_key_from_text(&text.to_text(), private_key).map_err(problem)?;
        self.key.step = KeyStep::Ready(SessionKey::new(key));
        for held in std::mem::take(&mut self.held.outgoing) {
            self.write_now(held.target, held.stream, held.object_id, held.kind, held.value.as_ref())?;
        }
        self.release_incoming()
    }

    /// Handles the messages that waited to be read.
    pub(super) fn release_incoming(&mut self) -> Result<(), PsrpError> {
        for message in std::mem::take(&mut self.held.incoming) {
            self.handle_message(message)?;
        }
        Ok(())
    }
}
