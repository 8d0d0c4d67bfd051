//! How a simulator is set up: address, size, users, limits, trouble. Nothing is started here.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::canned::CannedObjects;
use super::{Clock, FaultPlan, SimError};
use crate::catalog::{Release as Documented, Releases};
use crate::secret::{Credential, SecretString};

/// Which Exchange is simulated; they differ in cmdlets and parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Release {
    /// Exchange Server 2016.
    Exchange2016,
    /// Exchange Server Subscription Edition.
    #[default]
    ServerSe,
    /// Exchange Online, as its remote PowerShell was.
    Online,
}

impl Release {
    /// Whether it has what the catalogue documents for `documented`. Online answers for both of its endpoints,
    /// Exchange and Security & Compliance.
    pub(crate) fn has(self, documented: Releases) -> bool {
        match self {
            Self::Exchange2016 => documented.contains(Documented::Exchange2016),
            Self::ServerSe => documented.contains(Documented::ExchangeSe),
            Self::Online => documented.contains(Documented::Online) || documented.contains(Documented::Compliance),
        }
    }

    /// The number of its build, as its servers write it into logs.
    pub(crate) fn build(self) -> &'static str {
        match self {
            Self::Exchange2016 => "15.01.2507.061",
            Self::ServerSe => "15.02.2562.017",
            Self::Online => "15.20.8880.016",
        }
    }

    /// What its servers say their version is.
    pub(crate) fn display_version(self) -> &'static str {
        match self {
            Self::Exchange2016 => "Version 15.1 (Build 2507.61)",
            Self::ServerSe => "Version 15.2 (Build 2562.17)",
            Self::Online => "Version 15.20 (Build 8880.16)",
        }
    }

    /// Reads `2016`, `SE` or `online`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "2016" => Some(Self::Exchange2016),
            "se" => Some(Self::ServerSe),
            "online" => Some(Self::Online),
            _ => None,
        }
    }
}

/// What kind of organization is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// A tidy organization to try things on.
    #[default]
    Demo,
    /// A small office: forty mailboxes, one of most things.
    Office,
    /// Ten thousand seats and what gathers in them: nested and ownerless groups, forgotten accounts, forwarding,
    /// odd permissions, holds, full mailboxes, mailboxes of people who left, a certificate about to end, a backlog.
    Company,
}

impl Size {
    /// Reads `demo`, `office` or `company`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "demo" => Some(Self::Demo),
            "office" => Some(Self::Office),
            "company" => Some(Self::Company),
            _ => None,
        }
    }

    /// How many mailboxes it has when nobody says how many.
    #[must_use]
    pub fn mailboxes(self) -> u32 {
        match self {
            Self::Demo => 25,
            Self::Office => 40,
            Self::Company => 10_000,
        }
    }
}

/// Someone who may sign in.
#[derive(Debug, Clone)]
pub struct SimUser {
    /// Name and password, compared as sent (the name without regard to case).
    pub credential: Credential,
    /// Role groups: `Organization Management`, `Recipient Management`, `Help Desk`, `View-Only Organization Management`.
    pub role_groups: Vec<String>,
}

impl SimUser {
    /// A user with role groups.
    #[must_use]
    pub fn new(user_name: &str, password: &str, role_groups: &[&str]) -> Self {
        Self {
            credential: Credential::new(user_name, SecretString::from(password.to_owned())),
            role_groups: role_groups.iter().map(ToString::to_string).collect(),
        }
    }

    /// Reads `name:password` or `name:password:role group,role group`; without groups, Organization Management.
    ///
    /// # Errors
    /// When there is no colon or no name.
    pub fn parse(text: &str) -> Result<Self, SimError> {
        let Some((name, rest)) = text.split_once(':') else {
            return Err(SimError::User { entry: text.to_owned(), reason: "expected name:password[:role groups]" });
        };
        if name.is_empty() {
            return Err(SimError::User { entry: String::new(), reason: "the name is empty" });
        }
        let (password, groups) = rest.split_once(':').unwrap_or((rest, "Organization Management"));
        Ok(Self::new(name, password, &groups.split(',').map(str::trim).collect::<Vec<_>>()))
    }
}

/// How a simulator is set up. `SimOptions::default()` is the demo organization on a free loopback port.
#[derive(Debug, Clone)]
pub struct SimOptions {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Number of mailboxes derived from the seed.
    pub mailboxes: u32,
    /// What kind of organization it is.
    pub size: Size,
    /// Decides every name, date and size of the organization.
    pub seed: u64,
    /// Who may sign in.
    pub users: Vec<SimUser>,
    /// Whether to speak https, with a certificate made on the spot.
    pub tls: bool,
    /// Whether the first listener only redirects (302) to a second one.
    pub redirect: bool,
    /// Shells a user may have at once.
    pub sessions_per_user: usize,
    /// A shell without any request for so long is removed.
    pub idle_timeout: Duration,
    /// How long a Receive waits for output when its client has only one connection; others wait
    /// until their OperationTimeout.
    pub receive_wait: Duration,
    /// Whether a request for a shell must bring the affinity cookie that Create set.
    pub require_cookie: bool,
    /// Whether the server understands GET_COMMAND_METADATA; those of the first protocol version do not.
    pub metadata_message: bool,
    /// Trouble on purpose.
    pub faults: FaultPlan,
    /// Which Exchange is simulated.
    pub release: Release,
    /// The clock inside the organization.
    pub clock: Clock,
    /// Objects that answer instead of an organization, for every cmdlet of the catalogue.
    pub canned: Option<Arc<CannedObjects>>,
}

impl SimOptions {
    /// The administrator every default simulator knows.
    pub const ADMIN: &str = "admin@contoso.com";
    /// A user whose role group hides Set-Mailbox and all other changes.
    pub const HELP_DESK: &str = "helpdesk@contoso.com";
    /// The password of both.
    pub const PASSWORD: &str = "Passw0rd!x";
}

impl Default for SimOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            mailboxes: Size::Demo.mailboxes(),
            size: Size::Demo,
            seed: 1,
            users: vec![
                SimUser::new(Self::ADMIN, Self::PASSWORD, &["Organization Management"]),
                SimUser::new(Self::HELP_DESK, Self::PASSWORD, &["Help Desk"]),
            ],
            tls: false,
            redirect: false,
            sessions_per_user: 5,
            idle_timeout: Duration::from_secs(15 * 60),
            receive_wait: Duration::from_millis(200),
            require_cookie: true,
            metadata_message: true,
            faults: FaultPlan::default(),
            release: Release::default(),
            clock: Clock::default(),
            canned: None,
        }
    }
}
