//! What a server answered to an import, kept for the next one: which file of the cache it is, and its form.
//!
//! Whether the answer still holds is found out by `check`; what may be imported of it is decided anew each time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::catalog::{CommandMetadata, CommandType, ParameterMetadata};
use crate::clixml::{PsValue, ReadLimits, read_fragment, write_fragment};
use crate::config::Cache;

use super::Session;
use super::fetch::Query;

/// An answer older than this is asked for again first; a younger one is only checked behind the scenes.
const AGE_MAX: Duration = Duration::from_hours(24);

/// What a server offers.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) commands: Vec<Arc<CommandMetadata>>,
    pub(super) formats: Vec<PsValue>,
}

/// A hash of which commands with which parameters there are: another one means that roles or the server changed.
pub(super) fn roles(commands: &[Arc<CommandMetadata>]) -> String {
    let mut lines: Vec<String> = commands.iter().map(|command| line(command)).collect();
    lines.sort_unstable();
    hash(lines.iter().map(String::as_bytes))
}

fn line(command: &CommandMetadata) -> String {
    let parameters = command.parameters.iter().map(|parameter| format!("{}:{}", parameter.name, parameter.type_name));
    let mut parameters: Vec<String> = parameters.collect();
    parameters.sort_unstable();
    format!("{} {:?} {}", command.name, command.command_type, parameters.join(" "))
}

fn hash<'a>(parts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The place of one answer in the cache.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    cache: Cache,
    name: String,
}

impl Shelf {
    /// The place for what this server, in this build, offers this user under this query; `None` when answers of that
    /// kind are not kept.
    pub(super) fn of(cache: Option<&Cache>, session: &Session, query: &Query) -> Option<Self> {
        let remote = session.remote();
        let info = remote.info();
        // The demo organization lives no longer than its process, a child process is whatever its machine has now.
        if session.is_demo() || !info.uri.starts_with("http") || query.depends_on_arguments() {
            return None;
        }
        let build = remote.private_data().and_then(|data| write_fragment(&data, None).ok()).unwrap_or_default();
        let user = info.user.to_lowercase();
        let parts = [
            env!("CARGO_PKG_VERSION").as_bytes(),
            info.uri.as_bytes(),
            info.configuration.as_bytes(),
            user.as_bytes(),
            &build,
        ];
        let asked = query.fingerprint();
        let name = format!("import-{}", hash(parts.into_iter().chain(asked.iter().map(String::as_bytes))));
        Some(Self { cache: cache?.clone(), name })
    }

    /// The answer, if there is one that is young enough and can be read.
    pub(super) fn take(&self) -> Option<Answer> {
        let cached = self.cache.read(&self.name)?;
        if cached.age > AGE_MAX {
            return None;
        }
        match Stored::read(&cached.bytes) {
            Ok(answer) => Some(answer),
            Err(problem) => {
                tracing::debug!(name = self.name, problem, "a file of the cache is damaged and left aside");
                None
            }
        }
    }

    /// Keeps an answer; failing that, the next import asks again.
    pub(super) fn keep(&self, answer: &Answer) {
        if answer.commands.is_empty() {
            return;
        }
        let Some(bytes) = Stored::write(answer) else { return };
        if let Err(error) = self.cache.write(&self.name, &bytes) {
            tracing::debug!(folder = %self.cache.folder().display(), %error, "the cache cannot be written");
        }
    }

    /// The next import asks the server.
    pub(super) fn forget(&self) {
        self.cache.remove(&self.name);
    }
}

/// The form in the file: a hash of all that follows, a line break, and JSON with every name and every list of other
/// names written once; elsewhere they are places among those.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    names: Vec<Cow<'a, str>>,
    lists: Vec<Vec<usize>>,
    #[serde(borrow)]
    commands: Vec<StoredCommand<'a>>,
    /// CLIXML, one fragment each.
    #[serde(borrow)]
    formats: Vec<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct StoredCommand<'a> {
    #[serde(rename = "n", borrow)]
    name: Cow<'a, str>,
    #[serde(rename = "s", default, borrow, skip_serializing_if = "str::is_empty")]
    namespace: Cow<'a, str>,
    #[serde(rename = "h", default, borrow, skip_serializing_if = "str::is_empty")]
    help_uri: Cow<'a, str>,
    #[serde(rename = "t")]
    command_type: u16,
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    resolved_name: Option<String>,
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    output_types: Vec<String>,
    #[serde(rename = "p")]
    parameters: Vec<StoredParameter>,
}

/// The places of its name and its type, whether it is a switch (1) or dynamic (2), the place of its other names.
#[derive(Serialize, Deserialize)]
struct StoredParameter(usize, usize, u8, usize);

/// Gives each thing its place in the order in which they come.
struct Places<T>(HashMap<T, usize>, Vec<T>);

impl<T: Copy + Eq + Hash> Places<T> {
    fn new() -> Self {
        Self(HashMap::new(), Vec::new())
    }

    fn of(&mut self, thing: T) -> usize {
        *self.0.entry(thing).or_insert_with(|| {
            self.1.push(thing);
            self.1.len() - 1
        })
    }
}

impl<'a> Stored<'a> {
    fn write(answer: &'a Answer) -> Option<Vec<u8>> {
        let (mut names, mut lists) = (Places::<&str>::new(), Places::<&[Arc<str>]>::new());
        let mut parameter = |said: &'a ParameterMetadata| {
            let flags = u8::from(said.is_switch) | u8::from(said.is_dynamic) << 1;
            StoredParameter(names.of(&said.name), names.of(&said.type_name), flags, lists.of(&said.aliases))
        };
        let command = |said: &'a Arc<CommandMetadata>| StoredCommand {
            name: (&said.name).into(),
            namespace: (&said.namespace).into(),
            help_uri: (&said.help_uri).into(),
            command_type: said.command_type as u16,
            resolved_name: said.resolved_name.clone(),
            output_types: said.output_types.clone(),
            parameters: said.parameters.iter().map(&mut parameter).collect(),
        };
        let commands = answer.commands.iter().map(command).collect();
        let lists = lists.1.into_iter().map(|list| list.iter().map(|name| names.of(name)).collect()).collect();
        let fragment = |value: &PsValue| Some(String::from_utf8(write_fragment(value, None).ok()?).ok()?.into());
        let formats = answer.formats.iter().map(fragment).collect::<Option<Vec<_>>>()?;
        let names = names.1.into_iter().map(Cow::Borrowed).collect();
        let json = serde_json::to_vec(&Stored { names, lists, commands, formats }).ok()?;
        Some([hash(std::iter::once(&*json)).as_bytes(), b"\n", &json].concat())
    }

    fn read(bytes: &'a [u8]) -> Result<Answer, &'static str> {
        let line = bytes.iter().position(|byte| *byte == b'\n').ok_or("it has no hash")?;
        let (sum, json) = (&bytes[..line], &bytes[line + 1..]);
        if hash(std::iter::once(json)).as_bytes() != sum {
            return Err("it does not fit its own hash");
        }
        let stored: Self = serde_json::from_slice(json).map_err(|_| "it is not the JSON expected")?;
        let names: Vec<Arc<str>> = stored.names.iter().map(|name| Arc::from(&**name)).collect();
        let list = |places: &Vec<usize>| places.iter().map(|place| names.get(*place).cloned()).collect();
        let lists: Option<Vec<Arc<[Arc<str>]>>> = stored.lists.iter().map(list).collect();
        let lists = lists.ok_or("it has a broken list of names")?;
        let parameter = |StoredParameter(name, kind, flags, aliases): StoredParameter| {
            let (is_switch, is_dynamic) = (flags & 1 != 0, flags & 2 != 0);
            let (name, type_name) = (names.get(name)?.clone(), names.get(kind)?.clone());
            Some(ParameterMetadata { name, type_name, aliases: lists.get(aliases)?.clone(), is_switch, is_dynamic })
        };
        let command = |command: StoredCommand<'_>| {
            let command = CommandMetadata {
                name: command.name.into_owned(),
                namespace: command.namespace.into_owned(),
                help_uri: command.help_uri.into_owned(),
                command_type: CommandType::from_number(i64::from(command.command_type))?,
                resolved_name: command.resolved_name,
                output_types: command.output_types,
                parameters: command.parameters.into_iter().map(parameter).collect::<Option<_>>()?,
            };
            Some(Arc::new(command))
        };
        let commands =
            stored.commands.into_iter().map(command).collect::<Option<Vec<_>>>().ok_or("it has a broken command")?;
        let limits = ReadLimits::default();
        let format = |text: &Cow<'_, str>| read_fragment(text.as_bytes(), &limits).ok();
        let formats = stored.formats.iter().map(format).collect::<Option<Vec<_>>>().ok_or("it has a broken view")?;
        Ok(Answer { commands, formats })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Answer {
        let parameter = |name: &str, switch| ParameterMetadata {
            name: name.into(),
            type_name: if switch { "System.Management.Automation.SwitchParameter" } else { "System.String" }.into(),
            aliases: ["x".into()].into(),
            is_switch: switch,
            is_dynamic: !switch,
        };
        let command = CommandMetadata {
            name: "Get-Mailbox".into(),
            namespace: "Exchange".into(),
            help_uri: String::new(),
            command_type: CommandType::Function,
            resolved_name: None,
            output_types: vec!["Mailbox".into()],
            parameters: vec![parameter("Identity", false), parameter("Archive", true)],
        };
        Answer { commands: vec![Arc::new(command)], formats: vec![PsValue::from("a \"view\" <b>")] }
    }

    #[test]
    fn what_is_kept_is_what_comes_back() {
        let kept = Stored::write(&answer()).unwrap();
        let back = Stored::read(&kept).unwrap();
        assert_eq!(back.commands, answer().commands);
        assert_eq!(format!("{:?}", back.formats), format!("{:?}", answer().formats));
    }

    #[test]
    fn any_damage_is_noticed_and_nothing_of_the_file_is_used() {
        let kept = String::from_utf8(Stored::write(&answer()).unwrap()).unwrap();
        for damaged in [
            kept[..kept.len() / 2].to_owned(),
            kept.replace("Identity", "Idendity"),
            kept.replace("\"t\":2", "\"t\":999"),
            kept.replace("\"p\":[[0,", "\"p\":[[77,"),
            String::new(),
        ] {
            assert_ne!(damaged, kept);
            assert!(Stored::read(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }

    #[test]
    fn the_order_of_commands_says_nothing_and_a_missing_parameter_says_something() {
        let (one, mut other) = (answer().commands, answer().commands);
        Arc::get_mut(&mut other[0]).unwrap().parameters.reverse();
        assert_eq!(roles(&one), roles(&other));
        Arc::get_mut(&mut other[0]).unwrap().parameters.pop();
        assert_ne!(roles(&one), roles(&other));
    }
}
