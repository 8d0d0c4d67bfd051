//! The session that a command opens before the script or the prompt begins: a profile, a URI, or the demo organization.
//!
//! It is opened by the same three steps that a script would write, in the language itself.

use super::program::Setting;
use super::report::Report;
use crate::catalog::nearest_name;
use crate::config::Profile;
use crate::remote::ConnectOptions;

/// Where to connect first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening {
    /// The profile's name, or the URI.
    pub(super) name: String,
    profile: Profile,
}

impl Opening {
    /// The demo organization.
    pub(super) fn demo() -> Self {
        Self { name: "demo".to_owned(), profile: Profile { uri: "demo:".to_owned(), ..Profile::default() } }
    }

    /// A profile of the configuration, else what `new_session` takes for a URI.
    ///
    /// # Errors
    /// When it is neither.
    pub(super) fn of(setting: &Setting, name: &str) -> Result<Self, Report> {
        if let Some(profile) = setting.config.profiles.get(name) {
            if profile.uri.is_empty() {
                return Err(Report::usage(format!("the profile `{name}` has no uri"))
                    .hint(format!("add `uri = \"https://SERVER/PowerShell/\"` to [profiles.{name}]")));
            }
            return Ok(Self { name: name.to_owned(), profile: profile.clone() });
        }
        let known = crate::remote::Endpoint::named(name).is_some();
        if name.contains(':') || known {
            let profile = Profile { uri: name.to_owned(), ..Profile::default() };
            return Ok(Self { name: name.to_owned(), profile });
        }
        let profiles = &setting.config.profiles;
        let nearest = nearest_name(name, profiles.keys().map(String::as_str));
        let report = Report::usage(format!("there is no profile `{name}`, and it is no URI"));
        Err(match nearest {
            Some(known) => report.hint(format!("did you mean `{known}`?")),
            None if name.contains('.') => report.hint(format!("a server is written https://{name}/PowerShell/")),
            None => report.hint("profiles are in the configuration file; `exsh config path` says where it is"),
        })
    }

    /// Where it leads.
    pub(super) fn uri(&self) -> &str {
        &self.profile.uri
    }

    /// Who signs in, if that is settled.
    pub(super) fn user(&self) -> Option<&str> {
        self.profile.user.as_deref()
    }

    /// Its options, for who connects without a script.
    pub(super) fn settle(&self, options: &mut ConnectOptions) {
        options.allow_redirection = self.profile.allow_redirection;
        options.configuration_name.clone_from(&self.profile.configuration_name);
    }

    /// Whether changes are refused there.
    pub(super) fn is_read_only(&self) -> bool {
        self.profile.read_only
    }

    /// Whether it is the demo organization.
    pub(super) fn is_demo(&self) -> bool {
        self.profile.uri.starts_with("demo:")
    }

    /// The three steps as a script.
    pub(super) fn code(&self) -> String {
        format!("let session = {}; import_session(session);", self.session())
    }

    /// The three steps beside other sessions: its cmdlets are the ones that plain names call from then on.
    pub(super) fn code_beside(&self) -> String {
        format!("let session = {}; import_session(session, #{{ AllowClobber: true }});", self.session())
    }

    /// What somebody at a prompt is told of it.
    pub(super) fn told(&self) -> String {
        if self.is_demo() { self.code() } else { format!("connecting to {}", self.name) }
    }

    /// The first two steps: a session, as an expression.
    pub(super) fn session(&self) -> String {
        let Profile { uri, user, allow_redirection, configuration_name, .. } = &self.profile;
        let mut options = Vec::new();
        if self.name != *uri && !self.is_demo() {
            options.push(format!("Name: {}", literal(&self.name)));
        }
        if *allow_redirection {
            options.push("AllowRedirection: true".to_owned());
        }
        if let Some(name) = configuration_name {
            options.push(format!("ConfigurationName: {}", literal(name)));
        }
        let credential = match user {
            _ if uri.starts_with("demo:") => String::new(),
            Some(user) => {
                let user = literal(user);
                format!(", saved_credential({}, {user}) ?? get_credential({user})", literal(uri))
            }
            None => format!(", saved_credential({}) ?? get_credential()", literal(uri)),
        };
        let options = if options.is_empty() { String::new() } else { format!(", #{{ {} }}", options.join(", ")) };
        format!("new_session({}{credential}{options})", literal(uri))
    }
}

/// A string literal of the language.
pub(super) fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_becomes_the_three_steps() {
        let opening = Opening {
            name: "prod".to_owned(),
            profile: Profile {
                uri: "https://mail.contoso.com/PowerShell/".to_owned(),
                user: Some("CONTOSO\\admin".to_owned()),
                allow_redirection: true,
                ..Profile::default()
            },
        };
        assert_eq!(
            opening.code(),
            r#"let session = new_session("https://mail.contoso.com/PowerShell/", saved_credential("https://mail.contoso.com/PowerShell/", "CONTOSO\\admin") ?? get_credential("CONTOSO\\admin"), #{ Name: "prod", AllowRedirection: true }); import_session(session);"#
        );
    }

    #[test]
    fn the_demo_needs_no_credential() {
        assert_eq!(Opening::demo().code(), r#"let session = new_session("demo:"); import_session(session);"#);
    }

    #[test]
    fn quotes_and_control_characters_cannot_leave_the_literal() {
        assert_eq!(literal("a\"b\\c\n"), r#""a\"b\\c\u000a""#);
    }
}
