//! What a script's New-PSSession, Import-PSSession and their kin ask for; whoever holds real sessions answers.
//!
//! No sessions here, and no wire.

use std::sync::Arc;

use super::fault::Problem;
use super::value::{Hash, Obj, V};
use crate::remote::SessionInfo;
use crate::secret::Credential;
use crate::transport::{Mail, MailServer};

/// Opens, imports and removes sessions.
pub trait Sessions: Send + Sync {
    /// Asks for a credential; `None` when nobody gave one.
    ///
    /// # Errors
    /// When nobody can be asked.
    fn ask_credential(&self, user: Option<&str>, message: Option<&str>) -> Result<Option<Credential>, Box<Problem>>;

    /// Opens a session.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&self, wanted: &Opening) -> Result<SessionInfo, Box<Problem>>;

    /// Makes the cmdlets of a session commands.
    ///
    /// # Errors
    /// When there is no such session.
    fn import(&self, id: u32, prefix: &str, names: &[String]) -> Result<(), Box<Problem>>;

    /// Removes a session from its server; doing it again does nothing.
    ///
    /// # Errors
    /// When the script is interrupted meanwhile.
    fn remove(&self, id: u32) -> Result<(), Box<Problem>>;

    /// Sends a mail.
    ///
    /// # Errors
    /// Why it was not sent, in words.
    fn send_mail(&self, server: &MailServer, mail: Mail) -> Result<(), String>;

    /// The sessions that are open.
    fn list(&self) -> Vec<SessionInfo>;
}

/// What New-PSSession asks for.
#[derive(Debug, Default)]
pub struct Opening {
    /// Where to.
    pub uri: String,
    /// Who signs in.
    pub credential: Option<Credential>,
    /// Further parameters, by their names: text, truth or a table of them.
    pub options: Vec<(String, V)>,
}

/// A session as scripts hold it.
#[must_use]
pub(super) fn object(info: &SessionInfo) -> V {
    let id = i32::try_from(info.id).unwrap_or(i32::MAX);
    V::Obj(
        Obj::new(
            "System.Management.Automation.Runspaces.PSSession",
            [
                ("Id", V::Int(id)),
                ("Name", V::from(info.name.as_str())),
                ("ComputerName", V::from(info.computer_name.as_str())),
                ("ComputerType", V::from("RemoteMachine")),
                ("State", V::from(info.state.to_string())),
                ("ConfigurationName", V::from(info.configuration.as_str())),
                ("Availability", V::from(info.availability.to_string())),
                ("InstanceId", V::Guid(info.instance_id)),
            ],
        )
        .with_text(&format!("[PSSession]{}", info.name)),
    )
}

/// The number of a session object.
#[must_use]
pub(super) fn number_of(value: &V) -> Option<u32> {
    let number = match value {
        V::Obj(object) => object.note("Id")?,
        other => other.clone(),
    };
    super::number::plain(&number)?.long().and_then(|id| u32::try_from(id).ok())
}

/// The credential that an object of the script stands for.
#[must_use]
pub(super) fn credential_of(value: &V) -> Option<Credential> {
    let V::Obj(object) = value else { return None };
    if !object.is("System.Management.Automation.PSCredential") {
        return None;
    }
    let user = super::text::to_string(&object.note("UserName")?);
    let Some(V::Obj(password)) = object.note("Password") else { return None };
    let plain = super::text::to_string(&password.note("__plain").unwrap_or_default());
    Some(Credential::new(&user, plain.into()))
}

/// A table of a script as names and values.
#[must_use]
pub(super) fn entries(hash: &Hash) -> Vec<(String, V)> {
    hash.entries().into_iter().map(|(key, value)| (super::text::to_string(&key), value)).collect()
}

/// Who holds the sessions of a run.
pub(super) type Holder = Option<Arc<dyn Sessions>>;
