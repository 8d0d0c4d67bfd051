//! Which of the commands that a server described become functions, under which names.
//!
//! Why a single one may not is decided in `filter`; here names meet: aliases and what they stand for, prefixes, functions
//! that are there already.

use std::sync::Arc;

use crate::catalog::{CommandMetadata, CommandType, canonical_key, snake_name};

use super::super::failure::Failure;
use super::super::registry::Command;
use super::super::state::{RhaiResult, State};
use super::super::ui::MessageKind;
use super::Session;
use super::filter::{Refusal, Wanted, refusal, unusual_names};
use super::import::Request;

/// The commands to import; what is left out is said in one line for each reason.
pub(super) fn choose(
    state: &State,
    session: &Session,
    request: &Request,
    described: &[Arc<CommandMetadata>],
) -> RhaiResult<Vec<Arc<Command>>> {
    let rules = Rules {
        wanted: &request.query.wanted,
        prefix: &request.prefix,
        is_own: &|function| state.is_native(function),
        is_there: &|function| !request.allow_clobber && state.hides(session, function),
    };
    let Sorted { chosen, refused } = rules.sort(described);
    if chosen.is_empty() && refused.iter().any(|(why, _)| *why == Refusal::Clobber) {
        return Err(Failure::script("no cmdlet was imported: each would hide a function that is there already")
            .hint("AllowClobber: true replaces them; Prefix: \"X\" gives them other names")
            .into());
    }
    if described.is_empty() && request.query.with_commands && !request.query.wanted.is_everything() {
        let text = format!("the session offers no cmdlet called {}", request.query.wanted.patterns().join(" or "));
        return Err(Failure::script(text).hint("its user's roles decide which cmdlets there are").into());
    }
    for (why, names) in &refused {
        if let Some(text) = why.told(names) {
            state.ui.message(MessageKind::Warning, &text);
        }
    }
    if request.check_names {
        for text in unusual_names(chosen.iter().map(|command| command.name.as_str())) {
            state.ui.message(MessageKind::Warning, &text);
        }
    }
    Ok(chosen)
}

/// What decides about names.
struct Rules<'a> {
    wanted: &'a Wanted,
    prefix: &'a str,
    /// Whether a function belongs to the language itself.
    is_own: &'a dyn Fn(&str) -> bool,
    /// Whether a function would be hidden that must not be.
    is_there: &'a dyn Fn(&str) -> bool,
}

/// What comes of it.
struct Sorted {
    chosen: Vec<Arc<Command>>,
    /// Names that are left out, by reason.
    refused: Vec<(Refusal, Vec<String>)>,
}

impl Rules<'_> {
    fn sort(&self, described: &[Arc<CommandMetadata>]) -> Sorted {
        let mut refused: Vec<(Refusal, Vec<String>)> = Vec::new();
        let mut chosen: Vec<(u8, Arc<Command>)> = Vec::new();
        for said in described {
            match self.judge(said, described) {
                Ok(target) => {
                    if said.command_type == CommandType::Alias {
                        chosen.extend(self.behind(&target).map(|command| (LAST, command)));
                    }
                    let exported = prefixed(&said.name, self.prefix);
                    chosen.push((rank(said.command_type), Arc::new(Command::imported(target, exported))));
                }
                Err(why) => note(&mut refused, why, &said.name),
            }
        }
        Sorted { chosen: without_duplicates(chosen), refused }
    }

    /// What a function for that command calls, or why there is none.
    fn judge(
        &self,
        said: &Arc<CommandMetadata>,
        described: &[Arc<CommandMetadata>],
    ) -> Result<Arc<CommandMetadata>, Refusal> {
        if let Some(why) = refusal(self.wanted, said) {
            return Err(why);
        }
        let target = match (said.command_type, said.resolved_name.as_deref()) {
            (CommandType::Alias, None | Some("")) => return Err(Refusal::UnresolvedAlias),
            (CommandType::Alias, Some(name)) => {
                let target = resolved(said, name, described);
                if let Some(why @ (Refusal::UnsafeName | Refusal::UnsafeParameter)) =
                    refusal(&Wanted::new(vec![]), &target)
                {
                    return Err(why);
                }
                target
            }
            _ => said.clone(),
        };
        let function = snake_name(&prefixed(&said.name, self.prefix));
        if (self.is_own)(&function) {
            return Err(Refusal::OwnFunction);
        }
        if (self.is_there)(&function) {
            return Err(Refusal::Clobber);
        }
        Ok(target)
    }

    /// What an alias stands for comes with it, as in PowerShell, unless something is in its place.
    fn behind(&self, target: &Arc<CommandMetadata>) -> Option<Arc<Command>> {
        let exported = prefixed(&target.name, self.prefix);
        let function = snake_name(&exported);
        let free = !(self.is_own)(&function) && !(self.is_there)(&function);
        let wanted = refusal(&Wanted::new(vec![]), target).is_none();
        (free && wanted).then(|| Arc::new(Command::imported(target.clone(), exported)))
    }
}

/// What an alias stands for: as the server described it, else with the alias's parameters, which are the same.
fn resolved(alias: &CommandMetadata, name: &str, described: &[Arc<CommandMetadata>]) -> Arc<CommandMetadata> {
    let is_it =
        |said: &&Arc<CommandMetadata>| said.command_type != CommandType::Alias && said.name.eq_ignore_ascii_case(name);
    let made = || CommandMetadata {
        name: name.to_owned(),
        command_type: CommandType::Cmdlet,
        resolved_name: None,
        ..alias.clone()
    };
    described.iter().find(is_it).cloned().unwrap_or_else(|| Arc::new(made()))
}

fn note(refused: &mut Vec<(Refusal, Vec<String>)>, why: Refusal, name: &str) {
    match refused.iter_mut().find(|(known, _)| *known == why) {
        Some((_, names)) => names.push(name.to_owned()),
        None => refused.push((why, vec![name.to_owned()])),
    }
}

/// After all that the server described under its own name.
const LAST: u8 = 4;

/// Of equal names an alias wins over a function, a function over a cmdlet.
const fn rank(kind: CommandType) -> u8 {
    match kind {
        CommandType::Alias => 0,
        CommandType::Function | CommandType::Filter | CommandType::Script => 1,
        CommandType::Cmdlet => 2,
        _ => 3,
    }
}

fn without_duplicates(mut chosen: Vec<(u8, Arc<Command>)>) -> Vec<Arc<Command>> {
    chosen.sort_by_key(|(rank, command)| (canonical_key(&command.function), *rank));
    chosen.dedup_by(|(_, later), (_, first)| canonical_key(&later.function) == canonical_key(&first.function));
    chosen.into_iter().map(|(_, command)| command).collect()
}

/// `Get-Mailbox` with the prefix `Exo`: `Get-ExoMailbox`.
pub(super) fn prefixed(name: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return name.to_owned();
    }
    let mut letters = prefix.chars();
    let prefix: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    match name.split_once('-') {
        Some((verb, noun)) => format!("{verb}-{prefix}{noun}"),
        None => format!("{prefix}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ParameterMetadata;

    fn described(kind: CommandType, name: &str, resolved: Option<&str>) -> Arc<CommandMetadata> {
        Arc::new(CommandMetadata {
            name: name.into(),
            namespace: String::new(),
            help_uri: String::new(),
            command_type: kind,
            resolved_name: resolved.map(str::to_owned),
            output_types: Vec::new(),
            parameters: vec![ParameterMetadata {
                name: "Identity".into(),
                type_name: "".into(),
                aliases: [].into(),
                is_switch: false,
                is_dynamic: false,
            }],
        })
    }

    /// Exported name and what it calls, and the names left out by reason.
    fn sorted(
        patterns: &[&str],
        prefix: &str,
        there: &[&str],
        described: &[Arc<CommandMetadata>],
    ) -> (Vec<String>, Vec<(Refusal, Vec<String>)>) {
        let wanted = Wanted::new(patterns.iter().map(|pattern| (*pattern).to_owned()).collect());
        let is_there = |function: &str| there.contains(&function);
        let rules = Rules { wanted: &wanted, prefix, is_own: &|name| name == "get_command", is_there: &is_there };
        let Sorted { chosen, refused } = rules.sort(described);
        (chosen.iter().map(|command| format!("{}={}", command.exported, command.name)).collect(), refused)
    }

    #[test]
    fn an_alias_comes_with_what_it_stands_for_even_if_only_the_alias_was_described() {
        // psrp-recordings, import-module-param: asked for gmbx, imported Get-Mailbox and gmbx
        let alias = described(CommandType::Alias, "gmbx", Some("Get-Mailbox"));
        let (chosen, refused) = sorted(&["gmbx"], "", &[], std::slice::from_ref(&alias));
        assert_eq!(chosen, ["Get-Mailbox=Get-Mailbox", "gmbx=Get-Mailbox"]);
        assert_eq!(refused, []);
        // facts/remoting.md 6.6: prefixes, aliases too
        let (chosen, _) = sorted(&["gmbx"], "Ex", &[], std::slice::from_ref(&alias));
        assert_eq!(chosen, ["Exgmbx=Get-Mailbox", "Get-ExMailbox=Get-Mailbox"]);
        let (chosen, refused) = sorted(&["gmbx"], "", &["gmbx"], &[alias]);
        assert_eq!(chosen, Vec::<String>::new());
        assert_eq!(refused, [(Refusal::Clobber, vec!["gmbx".to_owned()])]);
    }

    #[test]
    fn aliases_that_lead_nowhere_are_told_of_together_and_unsafe_ones_are_refused() {
        // facts/remoting.md 6.4 and 6.6
        let mut unsafe_target = described(CommandType::Cmdlet, "Get-Evil", None);
        Arc::make_mut(&mut unsafe_target).parameters[0].name = "a;b".into();
        let all = [
            described(CommandType::Alias, "one", None),
            described(CommandType::Alias, "two", Some("")),
            described(CommandType::Alias, "three", Some("Get-$(evil)")),
            described(CommandType::Alias, "four", Some("Get-Evil")),
            unsafe_target,
        ];
        let (chosen, refused) = sorted(&[], "", &[], &all);
        assert_eq!(chosen, Vec::<String>::new());
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            refused,
            [
                (Refusal::UnresolvedAlias, names(&["one", "two"])),
                (Refusal::UnsafeName, names(&["three"])),
                (Refusal::UnsafeParameter, names(&["four", "Get-Evil"])),
            ]
        );
    }

    #[test]
    fn of_equal_names_an_alias_wins_over_a_function_and_a_function_over_a_cmdlet() {
        // facts/remoting.md 6.5
        let all = [
            described(CommandType::Cmdlet, "Get-User", None),
            described(CommandType::Function, "Get-User", None),
            described(CommandType::Alias, "Get-User", Some("Get-Recipient")),
            described(CommandType::Function, "Get-Recipient", None),
        ];
        assert_eq!(sorted(&[], "", &[], &all).0, ["Get-Recipient=Get-Recipient", "Get-User=Get-Recipient"]);
        assert_eq!(sorted(&[], "", &[], &all[..2]).0, ["Get-User=Get-User"]);
    }

    #[test]
    fn names_of_the_language_and_of_other_sessions_are_left_alone() {
        let all = [
            described(CommandType::Alias, "gcm", Some("Get-Command")),
            described(CommandType::Function, "Get-User", None),
            described(CommandType::Function, "Get-Mailbox", None),
        ];
        let (chosen, refused) = sorted(&[], "", &["get_user"], &all);
        assert_eq!(chosen, ["gcm=Get-Command", "Get-Mailbox=Get-Mailbox"]);
        assert_eq!(refused, [(Refusal::Clobber, vec!["Get-User".to_owned()])]);
    }
}
