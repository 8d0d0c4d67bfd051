//! The remoting endpoints that Microsoft's documents name, and which of them still answer.
//!
//! Data only. `connect` refuses retired ones before a password is sent; `exsh endpoints` lists them.

/// Whether an endpoint still speaks the remoting protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointState {
    /// It does.
    Alive,
    /// Microsoft has ended it; another way exists.
    Retired,
    /// The whole cloud is closed.
    Closed,
}

impl EndpointState {
    /// In a word, for lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Alive => "alive",
            Self::Retired => "retired",
            Self::Closed => "closed",
        }
    }
}

/// One endpoint of the documents.
#[derive(Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Short name, usable in place of the URI.
    pub name: &'static str,
    /// Other short names.
    pub aliases: &'static [&'static str],
    /// Whose it is.
    pub cloud: &'static str,
    /// Its URI; for on-premises servers a pattern with `SERVER`.
    pub uri: &'static str,
    /// Hosts that belong to it; subdomains do, too.
    hosts: &'static [&'static str],
    /// Whether it lives.
    pub state: EndpointState,
    /// Since when it is gone, in words; empty if it lives.
    pub since: &'static str,
    /// What works instead; empty if it lives.
    pub instead: &'static str,
}

const EXCHANGE_ONLINE: &str =
    "Connect-ExchangeOnline of the module ExchangeOnlineManagement, which uses REST with modern sign-in";
const COMPLIANCE: &str =
    "Connect-IPPSSession of the module ExchangeOnlineManagement, which uses REST with modern sign-in";

/// All of them, the best known first.
pub static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: "exchange-online",
        aliases: &["o365", "worldwide", "O365Default"],
        cloud: "Microsoft 365 worldwide and GCC",
        uri: "https://outlook.office365.com/powershell-liveid/",
        hosts: &["outlook.office365.com", "outlook.office.com", "ps.outlook.com"],
        state: EndpointState::Retired,
        since: "October 2023",
        instead: EXCHANGE_ONLINE,
    },
    Endpoint {
        name: "china",
        aliases: &["21vianet", "O365China"],
        cloud: "Microsoft 365 operated by 21Vianet",
        uri: "https://partner.outlook.cn/PowerShell",
        hosts: &["partner.outlook.cn"],
        state: EndpointState::Retired,
        since: "2023",
        instead: EXCHANGE_ONLINE,
    },
    Endpoint {
        name: "germany",
        aliases: &["O365GermanyCloud"],
        cloud: "Microsoft 365 Germany",
        uri: "https://outlook.office.de/PowerShell-LiveID",
        hosts: &["outlook.office.de"],
        state: EndpointState::Closed,
        since: "2021",
        instead: "nothing: its tenants moved to the worldwide cloud",
    },
    Endpoint {
        name: "gcc-high",
        aliases: &["O365USGovGCCHigh"],
        cloud: "Microsoft 365 GCC High",
        uri: "https://outlook.office365.us/powershell-liveID",
        hosts: &["outlook.office365.us"],
        state: EndpointState::Retired,
        since: "2023",
        instead: EXCHANGE_ONLINE,
    },
    Endpoint {
        name: "dod",
        aliases: &["O365USGovDoD"],
        cloud: "Microsoft 365 DoD",
        uri: "https://webmail.apps.mil/powershell-liveID",
        hosts: &["webmail.apps.mil", "outlook-dod.office365.us"],
        state: EndpointState::Retired,
        since: "2023",
        instead: EXCHANGE_ONLINE,
    },
    Endpoint {
        name: "eop",
        aliases: &["exchange-online-protection"],
        cloud: "Exchange Online Protection, stand-alone",
        uri: "https://ps.protection.outlook.com/powershell-liveid/",
        hosts: &["ps.protection.outlook.com"],
        state: EndpointState::Retired,
        since: "2023",
        instead: EXCHANGE_ONLINE,
    },
    Endpoint {
        name: "compliance",
        aliases: &["security-compliance", "ipps"],
        cloud: "Security & Compliance (Purview)",
        uri: "https://ps.compliance.protection.outlook.com/powershell-liveid/",
        hosts: &["ps.compliance.protection.outlook.com"],
        state: EndpointState::Retired,
        since: "2023",
        instead: COMPLIANCE,
    },
    Endpoint {
        name: "compliance-gcc-high",
        aliases: &[],
        cloud: "Security & Compliance, GCC High",
        uri: "https://ps.compliance.protection.office365.us/powershell-liveid/",
        hosts: &["ps.compliance.protection.office365.us"],
        state: EndpointState::Retired,
        since: "2023",
        instead: COMPLIANCE,
    },
    Endpoint {
        name: "compliance-dod",
        aliases: &[],
        cloud: "Security & Compliance, DoD",
        uri: "https://l5.ps.compliance.protection.office365.us/powershell-liveid/",
        hosts: &["l5.ps.compliance.protection.office365.us", "compliance.dod.microsoft.com"],
        state: EndpointState::Retired,
        since: "2023",
        instead: COMPLIANCE,
    },
    Endpoint {
        name: "compliance-china",
        aliases: &[],
        cloud: "Security & Compliance, 21Vianet",
        uri: "https://ps.compliance.protection.partner.outlook.cn/powershell-liveid",
        hosts: &["ps.compliance.protection.partner.outlook.cn"],
        state: EndpointState::Retired,
        since: "2023",
        instead: COMPLIANCE,
    },
    Endpoint {
        name: "on-premises",
        aliases: &[],
        cloud: "your own Exchange 2016, 2019 or Subscription Edition",
        uri: "https://SERVER/PowerShell/",
        hosts: &[],
        state: EndpointState::Alive,
        since: "",
        instead: "",
    },
];

impl Endpoint {
    /// The endpoint of a short name, ignoring case.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        let is = |own: &str| own.eq_ignore_ascii_case(name.trim());
        ENDPOINTS.iter().find(|endpoint| is(endpoint.name) || endpoint.aliases.iter().any(|alias| is(alias)))
    }

    /// The endpoint that a host belongs to: the host itself, or a region of it such as `eur02b.ps.outlook.com`.
    #[must_use]
    pub fn of_host(host: &str) -> Option<&'static Self> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let fits = |own: &str| host == own || host.strip_suffix(own).is_some_and(|region| region.ends_with('.'));
        ENDPOINTS
            .iter()
            .filter_map(|endpoint| {
                endpoint.hosts.iter().filter(|own| fits(own)).map(|own| own.len()).max().map(|fit| (fit, endpoint))
            })
            .max_by_key(|(fit, _)| *fit)
            .map(|(_, endpoint)| endpoint)
    }

    /// Whether it is a pattern rather than an address.
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        self.hosts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_its_regions_belong_to_their_endpoint() {
        // hosts of facts/exchange-today.md, section 1
        for (host, name) in [
            ("outlook.office365.com", "exchange-online"),
            ("OUTLOOK.office365.com", "exchange-online"),
            ("nam04b.ps.outlook.com", "exchange-online"),
            ("eur02b.ps.compliance.protection.outlook.com", "compliance"),
            ("l5.ps.compliance.protection.office365.us", "compliance-dod"),
            ("ps.compliance.protection.office365.us", "compliance-gcc-high"),
        ] {
            assert_eq!(Endpoint::of_host(host).map(|endpoint| endpoint.name), Some(name), "{host}");
        }
        for host in ["mail.contoso.com", "outlook.office365.com.evil.example", "myoutlook.office365.com", "localhost"] {
            assert_eq!(Endpoint::of_host(host), None, "{host}");
        }
    }

    #[test]
    fn short_names_and_aliases_find_their_endpoint() {
        assert_eq!(Endpoint::named("O365GermanyCloud").map(|found| found.name), Some("germany"));
        assert_eq!(Endpoint::named("Compliance").map(|found| found.name), Some("compliance"));
        assert_eq!(Endpoint::named("https://x/"), None);
        let mut names: Vec<String> = ENDPOINTS
            .iter()
            .flat_map(|e| std::iter::once(e.name).chain(e.aliases.iter().copied()))
            .map(str::to_ascii_lowercase)
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "a short name stands for one endpoint only");
    }
}
