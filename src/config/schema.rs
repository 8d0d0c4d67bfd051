//! The settings there are: their names, types and defaults.
//!
//! One table serves reading, checking, `exsh config get|set|list` and the commented default file.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{ExecutionPolicy, ScriptRules};

/// All settings. Unknown names are errors, so that a misspelt setting never goes unnoticed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Which script files must be signed.
    pub execution_policy: ExecutionPolicy,
    /// Whose signatures count: public keys of minisign.
    pub trusted_keys: Vec<String>,
    /// Which ways to sign in are allowed.
    pub auth: Auth,
    /// How to reach servers.
    pub network: Network,
    /// How results are shown.
    pub output: Output,
    /// Servers with a name of their own, for `exsh connect NAME`.
    pub profiles: BTreeMap<String, Profile>,
}

/// `[profiles.NAME]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Where to connect, as `new_session` takes it.
    pub uri: String,
    /// Who signs in; asked for when absent.
    pub user: Option<String>,
    /// Whether a redirection is followed.
    pub allow_redirection: bool,
    /// The session configuration, when it is not the usual one.
    pub configuration_name: Option<String>,
    /// The colour of the prompt there, so that production is not mistaken for a test.
    pub color: Option<ProfileColor>,
    /// Refuse every cmdlet that changes something, as `--read-only` does.
    pub read_only: bool,
}

/// The colour of a profile's prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ProfileColor {
    Red,
    Yellow,
    Green,
    Cyan,
    Blue,
    Magenta,
}

/// `[auth]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// Whether Basic sign-in may be used at all.
    pub basic: bool,
    /// Whether the system's keyring is asked for passwords.
    pub keyring: bool,
}

impl Default for Auth {
    fn default() -> Self {
        Self { basic: true, keyring: true }
    }
}

/// `[network]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// Whether a password may travel over plain http to another machine.
    pub allow_unencrypted: bool,
}

/// `[output]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Output {
    /// `auto`, `always` or `never`.
    pub color: String,
}

impl Default for Output {
    fn default() -> Self {
        Self { color: "auto".to_owned() }
    }
}

/// One setting as `exsh config` knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Dotted name, such as `auth.basic`.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// One line on what it does.
    pub about: &'static str,
}

/// What values a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any texts, separated by commas.
    Texts,
}

impl Key {
    /// Every setting there is.
    pub const ALL: &'static [Self] = &[
        Self {
            name: "execution_policy",
            kind: Kind::Choice(ExecutionPolicy::NAMES),
            about: "which script files must be signed",
        },
        Self { name: "trusted_keys", kind: Kind::Texts, about: "the minisign public keys whose signatures count" },
        Self {
            name: "auth.basic",
            kind: Kind::Bool,
            about: "whether Basic sign-in (user name and password) may be used",
        },
        Self { name: "auth.keyring", kind: Kind::Bool, about: "whether the system's keyring is asked for passwords" },
        Self {
            name: "network.allow_unencrypted",
            kind: Kind::Bool,
            about: "whether a password may travel over plain http to another machine",
        },
        Self {
            name: "output.color",
            kind: Kind::Choice(&["auto", "always", "never"]),
            about: "when to colour what is shown on a terminal",
        },
    ];

    /// The setting of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|key| key.name == name)
    }
}

impl Config {
    /// What script files must have to run.
    #[must_use]
    pub fn script_rules(&self) -> ScriptRules {
        ScriptRules { policy: self.execution_policy, trusted_keys: self.trusted_keys.clone() }
    }

    /// The value of a setting as text; `None` for a name that is no setting.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        match name {
            "execution_policy" => Some(self.execution_policy.name().to_owned()),
            "trusted_keys" => Some(self.trusted_keys.join(",")),
            "auth.basic" => Some(self.auth.basic.to_string()),
            "auth.keyring" => Some(self.auth.keyring.to_string()),
            "network.allow_unencrypted" => Some(self.network.allow_unencrypted.to_string()),
            "output.color" => Some(self.output.color.clone()),
            _ => None,
        }
    }
}

/// What `exsh config init` writes: every setting with its default, explained.
pub const DEFAULT_TEXT: &str = r##"# exsh configuration
# Lines that start with # show the defaults; remove the # to change one.

# Which script files must be signed: all_signed, remote_signed (those that the system has marked as coming from
# elsewhere), unrestricted.
#execution_policy = "remote_signed"
# Whose signatures count: public keys of minisign (the second line of minisign.pub).
#trusted_keys = []

[auth]
# Whether Basic sign-in (user name and password) may be used.
# With false, new_session refuses before any password is sent.
#basic = true
# Whether the system's keyring is asked for passwords that `exsh login` saved.
#keyring = true

[network]
# Whether a password may travel over plain http to another machine.
# Loopback (this machine) is always allowed.
#allow_unencrypted = false

[output]
# When to colour what is shown on a terminal: auto, always or never.
#color = "auto"

# A server with a name of its own: `exsh connect example` opens a prompt there.
#[profiles.example]
#uri = "https://mail.contoso.com/PowerShell/"
#user = "admin@contoso.com"
#allow_redirection = false
#configuration_name = "Microsoft.Exchange"
# The colour of its prompt: red, yellow, green, cyan, blue or magenta.
#color = "red"
# Refuse every cmdlet that changes something.
#read_only = false
"##;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_says_the_defaults() {
        let uncommented: String = DEFAULT_TEXT
            .lines()
            .map(|line| if line.starts_with("# ") { "" } else { line.trim_start_matches('#') })
            .fold(String::new(), |mut text, line| {
                text.push_str(line);
                text.push('\n');
                text
            });
        let read: Config = toml_edit::de::from_str(&uncommented).unwrap();
        assert_eq!(Config { profiles: BTreeMap::new(), ..read.clone() }, Config::default());
        assert_eq!(read.profiles.keys().collect::<Vec<_>>(), ["example"]);
        assert!(uncommented.contains("basic = true"), "the file names its settings:\n{uncommented}");
    }

    #[test]
    fn every_setting_of_the_table_can_be_read() {
        for key in Key::ALL {
            assert!(Config::default().get(key.name).is_some(), "{}", key.name);
        }
    }
}
