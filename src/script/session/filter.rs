//! Which of the commands a server describes are imported: a server is not trusted to name functions of ours.
//!
//! Order as Import-PSSession has it: asked for, safe, not on the list to skip, hiding nothing.

use crate::catalog::CommandMetadata;

use crate::catalog::matches_wildcard;

/// The names a script asked for.
pub(super) struct Wanted {
    patterns: Vec<String>,
    everything: bool,
}

impl Wanted {
    pub(super) fn new(patterns: Vec<String>) -> Self {
        let everything = patterns.is_empty() || patterns.iter().any(|pattern| pattern == "*");
        let dashed = |pattern: String| {
            if pattern.contains('-') { pattern } else { pattern.replacen('_', "-", 1).replace('_', "") }
        };
        let patterns = if everything { vec!["*".to_owned()] } else { patterns.into_iter().map(dashed).collect() };
        Self { patterns, everything }
    }

    pub(super) fn patterns(&self) -> &[String] {
        &self.patterns
    }

    pub(super) fn is_everything(&self) -> bool {
        self.everything
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        self.everything || self.patterns.iter().any(|pattern| matches_wildcard(pattern, name))
    }

    fn names_exactly(&self, name: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.eq_ignore_ascii_case(name))
    }
}

/// Why a command is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NotAskedFor,
    UnsafeName,
    UnsafeParameter,
    /// Commands of the protocol and the like; nothing is said of them.
    Skipped,
    UnresolvedAlias,
    OwnFunction,
    Clobber,
}

impl Refusal {
    /// One line for all commands of that reason.
    pub(super) fn told(self, names: &[String]) -> Option<String> {
        let names = listed(names);
        match self {
            Self::Skipped => None,
            Self::NotAskedFor => Some(format!("the server sent cmdlets that were not asked for; left out: {names}")),
            Self::UnsafeName => Some(format!("the server sent names that are not safe; left out: {names}")),
            Self::UnsafeParameter => {
                Some(format!("cmdlets with parameter names that are not safe are left out: {names}"))
            }
            Self::UnresolvedAlias => {
                Some(format!("aliases of cmdlets that the server did not describe are left out: {names}"))
            }
            Self::OwnFunction => {
                Some(format!("functions of exsh have the names of these cmdlets; call them as session.name(): {names}"))
            }
            Self::Clobber => Some(format!(
                "these cmdlets would hide functions that are there already and are left out: {names}; AllowClobber: true replaces them"
            )),
        }
    }
}

/// Names for a message: shown escaped and not without end, for they may be a hostile server's.
fn listed(names: &[String]) -> String {
    const SHOWN_MAX: usize = 10;
    const LETTERS_MAX: usize = 100;
    let shown = names.iter().take(SHOWN_MAX);
    let safe = |name: &String| name.chars().take(LETTERS_MAX).flat_map(char::escape_default).collect::<String>();
    let mut text = shown.map(safe).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN_MAX {
        text.push_str(&format!(" and {} more", names.len() - SHOWN_MAX));
    }
    text
}

/// What every endpoint has for its own use (facts/remoting.md 6.4).
const TO_SKIP: [&str; 7] =
    ["Get-Command", "Get-FormatData", "Get-Help", "Select-Object", "Measure-Object", "Exit-PSSession", "Out-Default"];

/// Why a command may not be imported, hiding aside.
pub(super) fn refusal(wanted: &Wanted, said: &CommandMetadata) -> Option<Refusal> {
    if !wanted.matches(&said.name) {
        return Some(Refusal::NotAskedFor);
    }
    if !is_safe(&said.name, true)
        || said.resolved_name.as_deref().is_some_and(|name| !name.is_empty() && !is_safe(name, true))
    {
        return Some(Refusal::UnsafeName);
    }
    let mut names =
        said.parameters.iter().flat_map(|parameter| [&parameter.name].into_iter().chain(&*parameter.aliases));
    if names.any(|name| !is_safe(name, false)) {
        return Some(Refusal::UnsafeParameter);
    }
    let to_skip = TO_SKIP.iter().any(|name| name.eq_ignore_ascii_case(&said.name));
    (to_skip && !wanted.names_exactly(&said.name)).then_some(Refusal::Skipped)
}

/// 1 to 100 letters, digits, marks and `- . _ \ +` and blanks; a colon only in names of commands.
fn is_safe(name: &str, colon: bool) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if (1..=100).contains(&name.len()) && name.bytes().all(plain) {
        return true; // nearly all
    }
    let allowed = |c: char| {
        c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '\\' | '+' | ' ') || (colon && c == ':') || is_mark(c)
    };
    (1..=100).contains(&name.chars().count()) && name.chars().all(allowed)
}

/// Combining marks of the scripts that need them for words.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}')
}

/// Verbs that PowerShell approves of (`Get-Verb`).
const VERBS: &str = " Add Clear Close Copy Enter Exit Find Format Get Hide Join Lock Move New Open Optimize Pop Push \
Redo Remove Rename Reset Resize Search Select Set Show Skip Split Step Switch Undo Unlock Watch Backup Checkpoint \
Compare Compress Convert ConvertFrom ConvertTo Dismount Edit Expand Export Group Import Initialize Limit Merge Mount \
Out Publish Restore Save Sync Unpublish Update Approve Assert Build Complete Confirm Deny Deploy Disable Enable \
Install Invoke Register Request Restart Resume Start Stop Submit Suspend Uninstall Unregister Wait Debug Measure \
Ping Repair Resolve Test Trace Connect Disconnect Read Receive Send Write Block Grant Protect Revoke Unblock \
Unprotect Use ";

/// Lines about names that are harder to find or to type.
pub(super) fn unusual_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (mut verbs, mut letters) = (Vec::new(), Vec::new());
    for name in names {
        if let Some((verb, rest)) = name.split_once('-') {
            let known = VERBS.split(' ').any(|known| known.eq_ignore_ascii_case(verb));
            // A cmdlet that is documented is found by its documentation.
            if !known && crate::catalog::Catalog::built_in().find(name).is_none() {
                verbs.push(name.to_owned());
            }
            if rest.contains(['#', ',', '(', ')', '{', '}', '[', ']', '&', '-', '/', '\\', '$', '^', ';', ':']) {
                letters.push(name.to_owned());
            }
        }
    }
    let mut lines = Vec::new();
    if !verbs.is_empty() {
        lines.push(format!("some imported names begin with verbs that few would look for: {}", listed(&verbs)));
    }
    if !letters.is_empty() {
        lines.push(format!("some imported names contain characters that are hard to type: {}", listed(&letters)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{CommandType, ParameterMetadata};

    fn described(name: &str, parameter: &str) -> CommandMetadata {
        CommandMetadata {
            name: name.into(),
            namespace: String::new(),
            help_uri: String::new(),
            command_type: CommandType::Cmdlet,
            resolved_name: None,
            output_types: Vec::new(),
            parameters: vec![ParameterMetadata {
                name: parameter.into(),
                type_name: "".into(),
                aliases: [].into(),
                is_switch: false,
                is_dynamic: false,
            }],
        }
    }

    #[test]
    fn a_hostile_server_cannot_bring_in_unsafe_or_unasked_names() {
        // facts/remoting.md 6.4
        let all = Wanted::new(vec![]);
        let some = Wanted::new(vec!["*-Mailbox".into()]);
        assert_eq!(refusal(&some, &described("Get-Mailbox", "Identity")), None);
        assert_eq!(refusal(&some, &described("Get-User", "Identity")), Some(Refusal::NotAskedFor));
        assert_eq!(refusal(&all, &described("Get-Foo;rm", "Identity")), Some(Refusal::UnsafeName));
        assert_eq!(refusal(&all, &described("", "Identity")), Some(Refusal::UnsafeName));
        assert_eq!(refusal(&all, &described(&"x".repeat(101), "Identity")), Some(Refusal::UnsafeName));
        assert_eq!(refusal(&all, &described("Get-Foo", "a:b")), Some(Refusal::UnsafeParameter));
        assert_eq!(refusal(&all, &described("x:Get-Foo", "a")), None);
        let shown = Refusal::UnsafeName.told(&["\u{1b}[31mx".into()]).unwrap();
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }

    #[test]
    fn commands_of_the_protocol_are_skipped_unless_named_exactly() {
        assert_eq!(refusal(&Wanted::new(vec![]), &described("Get-Help", "a")), Some(Refusal::Skipped));
        assert_eq!(refusal(&Wanted::new(vec!["Get-H*".into()]), &described("Get-Help", "a")), Some(Refusal::Skipped));
        assert_eq!(refusal(&Wanted::new(vec!["get-help".into()]), &described("Get-Help", "a")), None);
        assert_eq!(refusal(&Wanted::new(vec!["get_help".into()]), &described("Get-Help", "a")), None);
    }

    #[test]
    fn only_unusual_verbs_and_characters_are_told_of() {
        assert!(unusual_names(["Get-Mailbox", "ConvertTo-X"].into_iter()).is_empty());
        let lines = unusual_names(["Cleanup-X", "Get-A-B"].into_iter());
        assert!(lines[0].contains("Cleanup-X") && lines[1].contains("Get-A-B"), "{lines:?}");
    }
}
