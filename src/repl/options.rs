//! Names and accepted values of the options of our own functions, for completion.
//!
//! Not here: what the options do (`script`).

/// An option of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FunctionOption {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
}

const fn option(name: &'static str, about: &'static str) -> FunctionOption {
    FunctionOption { name, about }
}

const NEW_SESSION: &[FunctionOption] = &[
    option("AllowRedirection", "follow the server to another address"),
    option("AllowUnencrypted", "sign in over plain http"),
    option("Authentication", "how to sign in"),
    option("ConfigurationName", "what to talk to at the server"),
    option("Force", "try an endpoint that is said to have ended"),
    option("Name", "what to call the session"),
    option("SessionOption", "what new_session_option gives"),
];

const NEW_SESSION_OPTION: &[FunctionOption] = &[
    option("ApplicationArguments", "a table for the server"),
    option("CancelTimeout", "milliseconds to wait for a stop"),
    option("Culture", "language of messages"),
    option("IdleTimeout", "milliseconds until the server drops the session"),
    option("IncludePortInSPN", "not for Basic"),
    option("MaxConnectionRetryCount", "attempts to get through again"),
    option("MaximumReceivedDataSizePerCommand", "bytes"),
    option("MaximumReceivedObjectSize", "bytes"),
    option("MaximumRedirection", "how many redirections to follow"),
    option("NoCompression", "send and receive plain"),
    option("NoEncryption", "allow plain text"),
    option("NoMachineProfile", "no profile at the server"),
    option("OpenTimeout", "milliseconds to open the session"),
    option("OperationTimeout", "milliseconds for one operation"),
    option("OutputBufferingMode", "what a full buffer does"),
    option("ProxyAccessType", "where the proxy is from"),
    option("ProxyAuthentication", "how to sign in at the proxy"),
    option("ProxyCredential", "who signs in at the proxy"),
    option("SkipCACheck", "trust any issuer"),
    option("SkipCNCheck", "trust any host name"),
    option("SkipRevocationCheck", "do not ask whether it was withdrawn"),
    option("UICulture", "language of texts"),
    option("UseUTF16", "encode requests in UTF-16"),
];

const IMPORT_SESSION: &[FunctionOption] = &[
    option("AllowClobber", "hide functions of the same name"),
    option("ArgumentList", "values that dynamic parameters depend on"),
    option("CommandName", "names or patterns"),
    option("CommandType", "cmdlets, functions, aliases"),
    option("DisableNameChecking", "no warnings about names"),
    option("FormatTypeName", "views for which types"),
    option("FullyQualifiedModule", "only from these modules, given as #{ ModuleName: … }"),
    option("Module", "only from these modules"),
    option("Prefix", "put before each noun"),
];

const GET_CREDENTIAL: &[FunctionOption] = &[
    option("Message", "what the question says"),
    option("Title", "the headline of the question"),
    option("UserName", "who signs in"),
];

const SELECT: &[FunctionOption] = &[
    option("ExcludeProperty", "names or patterns that are left out"),
    option("ExpandProperty", "the values of one property instead"),
    option("First", "so many from the start"),
    option("Last", "so many from the end"),
    option("Skip", "so many are left out"),
    option("Unique", "equal ones only once"),
];

const SORT_BY: &[FunctionOption] = &[option("Descending", "largest first"), option("Unique", "equal ones only once")];

const GROUP_BY: &[FunctionOption] =
    &[option("AsHashTable", "a map from names to values"), option("NoElement", "without the values themselves")];

const TABLE: &[FunctionOption] = &[
    option("AutoSize", "widths by what is in the columns"),
    option("Column", "how many columns a wide form has"),
    option("GroupBy", "a property that begins a new group"),
    option("HideTableHeaders", "no line with the names"),
    option("Wrap", "long cells go on in further lines"),
];

/// Options of a function; none for one that has none.
pub(super) fn of(function: &str) -> &'static [FunctionOption] {
    match function {
        "new_session" => NEW_SESSION,
        "new_session_option" => NEW_SESSION_OPTION,
        "import_session" => IMPORT_SESSION,
        "get_credential" => GET_CREDENTIAL,
        "select" => SELECT,
        "sort_by" => SORT_BY,
        "group_by" => GROUP_BY,
        "table" | "list" | "wide" => TABLE,
        _ => &[],
    }
}

/// Accepted values of an option.
pub(super) fn values(function: &str, key: &str) -> &'static [&'static str] {
    let is = |name: &str| key.replace('_', "").eq_ignore_ascii_case(name);
    match function {
        "new_session" if is("Authentication") => &["Basic", "Default", "Negotiate", "Kerberos"],
        "new_session" if is("ConfigurationName") => &["Microsoft.Exchange"],
        "new_session" if is("AllowRedirection") || is("AllowUnencrypted") || is("Force") => &["true", "false"],
        "new_session_option" if is("ProxyAccessType") => {
            &["None", "IEConfig", "WinHttpConfig", "AutoDetect", "NoProxyServer"]
        }
        "new_session_option" if is("ProxyAuthentication") => &["Basic", "Digest", "Negotiate"],
        "new_session_option" if is("OutputBufferingMode") => &["None", "Block", "Drop"],
        "new_session_option" | "import_session" | "select" | "sort_by" | "group_by" | "table" | "list" | "wide"
            if is_switch(&key.replace('_', "")) =>
        {
            &["true", "false"]
        }
        _ => &[],
    }
}

fn is_switch(name: &str) -> bool {
    let switches = [
        "AllowClobber",
        "DisableNameChecking",
        "IncludePortInSPN",
        "NoCompression",
        "NoEncryption",
        "NoMachineProfile",
        "SkipCACheck",
        "SkipCNCheck",
        "SkipRevocationCheck",
        "UseUTF16",
        "Unique",
        "Descending",
        "AsHashTable",
        "NoElement",
        "AutoSize",
        "HideTableHeaders",
        "Wrap",
    ];
    switches.iter().any(|switch| switch.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::options::{ConnectOptions, SessionOption};
    use crate::script::option_names;

    #[test]
    fn completion_offers_exactly_the_options_there_are() {
        let names = |list: &[(&'static str, &[&str])]| -> Vec<&'static str> {
            let mut names: Vec<_> = list.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            names
        };
        let offered = |function| of(function).iter().map(|option| option.name).collect::<Vec<_>>();
        assert_eq!(offered("new_session"), names(ConnectOptions::PARAMETERS));
        assert_eq!(offered("new_session_option"), names(SessionOption::PARAMETERS));
        for function in ["select", "sort_by", "group_by", "table"] {
            assert_eq!(offered(function), names(option_names(function)), "{function}");
        }
    }
}
