//! What the two ends tell each other of their versions, and the data of opening a pool ([MS-PSRP] 2.2.2.1, 2.2.2.2).
//!
//! Which versions are accepted is decided by `client` and `server`.

use super::bag::{Bag, bag, entry, enumeration, primitive_dictionary};
use super::pipeline::ApartmentState;
use super::{HostInfo, PsrpError};
use crate::clixml::{PsValue, PsVersion};

/// Protocol version 2.0.
pub const PROTOCOL_2_0: PsVersion = PsVersion::new(2, 0);
/// Protocol version 2.3: what exsh speaks, and the newest of Windows PowerShell 5.1.
pub const PROTOCOL_2_3: PsVersion = PsVersion::new(2, 3);
/// Protocol version 2.4: secure strings travel without a session key.
pub const PROTOCOL_2_4: PsVersion = PsVersion::new(2, 4);

/// The `PSVersion` of every capability message.
pub(super) const PS_VERSION: PsVersion = PsVersion::new(2, 0);

/// The `SerializationVersion` of every capability message.
pub(super) fn serialization_version() -> PsVersion {
    PsVersion::from_parts(&[1, 1, 0, 1]).unwrap_or(PsVersion::new(1, 1))
}

/// Versions of one end ([MS-PSRP] 2.2.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capability {
    pub(super) protocol: PsVersion,
    pub(super) ps_version: PsVersion,
    pub(super) serialization: PsVersion,
}

impl Capability {
    pub(super) fn of_protocol(protocol: PsVersion) -> Self {
        Self { protocol, ps_version: PS_VERSION, serialization: serialization_version() }
    }

    pub(super) fn to_value(&self) -> PsValue {
        bag([
            ("protocolversion", PsValue::Version(self.protocol)),
            ("PSVersion", PsValue::Version(self.ps_version)),
            ("SerializationVersion", PsValue::Version(self.serialization)),
        ])
    }

    pub(super) fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("session capability", value)?;
        Ok(Self {
            protocol: bag.version("protocolversion")?,
            ps_version: bag.version("PSVersion")?,
            serialization: bag.version("SerializationVersion")?,
        })
    }
}

/// What a client asks for when it opens a pool ([MS-PSRP] 2.2.2.2).
#[derive(Debug, Clone)]
pub struct PoolRequest {
    /// Runspaces to begin with.
    pub min_runspaces: i32,
    /// Runspaces at most.
    pub max_runspaces: i32,
    /// 0 default, 1 use a new thread, 2 reuse a thread, 3 use the current thread.
    pub thread_options: i32,
    /// The apartment.
    pub apartment_state: ApartmentState,
    /// The client's host.
    pub host_info: HostInfo,
    /// `PSPrimitiveDictionary` or null.
    pub application_arguments: PsValue,
}

impl PoolRequest {
    /// As the data of INIT_RUNSPACEPOOL, members in the order of PowerShell 7.6.5.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        let thread = match self.thread_options {
            0 => "Default",
            1 => "UseNewThread",
            2 => "ReuseThread",
            _ => "UseCurrentThread",
        };
        const THREAD_TYPE: &str = "System.Management.Automation.Runspaces.PSThreadOptions";
        bag([
            ("MinRunspaces", self.min_runspaces.into()),
            ("MaxRunspaces", self.max_runspaces.into()),
            ("PSThreadOptions", enumeration(THREAD_TYPE, thread, self.thread_options)),
            ("ApartmentState", self.apartment_state.to_value()),
            ("ApplicationArguments", self.application_arguments.clone()),
            ("HostInfo", self.host_info.to_value()),
        ])
    }

    /// From the data of INIT_RUNSPACEPOOL.
    pub fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("runspace pool", value)?;
        let small = |property, default| -> Result<i32, PsrpError> {
            Ok(bag.optional_number(property)?.and_then(|n| i32::try_from(n).ok()).unwrap_or(default))
        };
        Ok(Self {
            min_runspaces: bag.number_i32("MinRunspaces")?,
            max_runspaces: bag.number_i32("MaxRunspaces")?,
            thread_options: small("PSThreadOptions", 0)?,
            apartment_state: ApartmentState(small("ApartmentState", 2)?),
            host_info: HostInfo::from_value(&bag.required("HostInfo")?)?,
            application_arguments: bag.optional("ApplicationArguments").unwrap_or(PsValue::Null),
        })
    }
}

/// The `PSVersionTable` of application arguments or private data: what one end says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionTable {
    /// `PSVersion`; decides for example which view objects Get-FormatData sends.
    pub ps_version: PsVersion,
    /// `PSEdition`.
    pub edition: &'static str,
    /// `PSRemotingProtocolVersion`.
    pub protocol: PsVersion,
    /// `PSCompatibleVersions`.
    pub compatible: Vec<PsVersion>,
    /// Further entries with text, such as `OS` and `Platform`.
    pub texts: Vec<(&'static str, String)>,
}

impl VersionTable {
    /// Windows PowerShell 5.1, which Exchange runs.
    #[must_use]
    pub fn desktop_5_1() -> Self {
        let version = |major, minor| PsVersion::new(major, minor);
        Self {
            ps_version: PsVersion::from_parts(&[5, 1, 17763, 1]).unwrap_or(version(5, 1)),
            edition: "Desktop",
            protocol: PROTOCOL_2_3,
            compatible: [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (5, 1)].map(|(a, b)| version(a, b)).into(),
            texts: Vec::new(),
        }
    }

    /// As a dictionary.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        let compatible: Vec<PsValue> = self.compatible.iter().map(|version| PsValue::Version(*version)).collect();
        let mut entries = vec![
            ("PSVersion".into(), PsValue::Version(self.ps_version)),
            ("PSEdition".into(), self.edition.into()),
            ("PSCompatibleVersions".into(), super::bag::version_array(compatible)),
            ("WSManStackVersion".into(), PsValue::Version(PsVersion::new(3, 0))),
            ("PSRemotingProtocolVersion".into(), PsValue::Version(self.protocol)),
            ("SerializationVersion".into(), PsValue::Version(serialization_version())),
        ];
        entries.extend(self.texts.iter().map(|(name, text)| (PsValue::from(*name), text.as_str().into())));
        primitive_dictionary(entries)
    }

    /// As application arguments or private data: a dictionary with the table under `PSVersionTable`, `more` beside it.
    #[must_use]
    pub fn to_dictionary(&self, more: Vec<(PsValue, PsValue)>) -> PsValue {
        let mut entries = vec![(PsValue::from("PSVersionTable"), self.to_value())];
        entries.extend(more);
        primitive_dictionary(entries)
    }
}

/// The protocol version in private data or application arguments, if they have one.
pub(super) fn protocol_version_in(dictionary: &PsValue) -> Option<PsVersion> {
    match entry(&entry(dictionary, "PSVersionTable")?, "PSRemotingProtocolVersion")? {
        PsValue::Version(version) => Some(version),
        _ => None,
    }
}
