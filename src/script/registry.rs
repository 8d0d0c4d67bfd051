//! Which cmdlets scripts can call by name, whose they are, and which they could call before a session went.
//!
//! Not here: fetching them (`session::import`), calling them (`call`).

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, Cmdlet, CommandMetadata, Release, Releases, canonical_key, nearest_name, snake_name};

use super::session::Session;

/// A cmdlet of a session.
#[derive(Debug)]
pub(super) struct Command {
    /// Its name at the server.
    pub(super) name: String,
    /// Its name in scripts, prefix included.
    pub(super) function: String,
    /// The same as PowerShell would write it: `Get-ExMailbox`.
    pub(super) exported: String,
    /// What the server said of it, when it was imported.
    said: Option<Arc<CommandMetadata>>,
    /// What is known of its parameters, made when first asked for.
    cmdlet: OnceLock<Option<Arc<Cmdlet>>>,
}

impl Command {
    /// A cmdlet as a server described it.
    pub(super) fn imported(said: Arc<CommandMetadata>, exported: String) -> Self {
        let function = snake_name(&exported);
        Self { name: said.name.clone(), function, exported, said: Some(said), cmdlet: OnceLock::new() }
    }

    /// What is known of its parameters; `None` when neither server nor catalogue say.
    pub(super) fn cmdlet(&self) -> Option<&Arc<Cmdlet>> {
        let documented = || Catalog::built_in().find(&self.name);
        let make = || match &self.said {
            Some(said) => Some(Arc::new(Cmdlet::merged(documented().as_deref(), said))),
            None => documented(),
        };
        self.cmdlet.get_or_init(make).as_ref()
    }

    /// A cmdlet nobody imported, by any spelling of its name.
    pub(super) fn unimported(name: &str) -> Self {
        let cmdlet = Catalog::built_in().find(name);
        let name = match &cmdlet {
            Some(cmdlet) => cmdlet.name.to_string(),
            // Servers ignore case, so the verb and the rest without underscores are name enough.
            None if !name.contains('-') => match name.split_once('_') {
                Some((verb, noun)) => format!("{verb}-{}", noun.replace('_', "")),
                None => name.to_owned(),
            },
            None => name.to_owned(),
        };
        Self { function: snake_name(&name), exported: name.clone(), name, said: None, cmdlet: OnceLock::from(cmdlet) }
    }
}

/// An imported cmdlet.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) session: Session,
    pub(super) command: Arc<Command>,
}

/// All imported cmdlets by canonical key.
#[derive(Default)]
pub(super) struct Registry {
    imported: HashMap<String, Entry>,
    /// What to say of cmdlets whose session was removed.
    former: HashMap<String, String>,
}

impl Registry {
    pub(super) fn find(&self, name: &str) -> Option<Entry> {
        self.imported.get(name).or_else(|| self.imported.get(&canonical_key(name))).cloned()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.imported.contains_key(&canonical_key(name))
    }

    /// The session from which a name came that is gone now.
    pub(super) fn former(&self, name: &str) -> Option<String> {
        self.former.get(&canonical_key(name)).cloned()
    }

    /// Adds or replaces; later imports win.
    pub(super) fn add(&mut self, session: &Session, command: Arc<Command>) {
        let key = canonical_key(&command.function);
        self.former.remove(&key);
        self.imported.insert(key, Entry { session: session.clone(), command });
    }

    /// Forgets one function of a session.
    pub(super) fn remove(&mut self, session: &Session, function: &str) {
        let key = canonical_key(function);
        if self.imported.get(&key).is_some_and(|entry| entry.session.same(session)) {
            self.imported.remove(&key);
        }
    }

    /// Forgets what came from a session, but remembers that it did.
    pub(super) fn remove_session(&mut self, session: &Session) {
        let told = session.label();
        let gone: Vec<String> =
            self.imported.iter().filter(|(_, entry)| entry.session.same(session)).map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.imported.remove(&key);
            self.former.insert(key, told.clone());
        }
    }

    /// The session that most plain names call.
    pub(super) fn session_in_use(&self) -> Option<Session> {
        let mut counts: Vec<(&Session, usize)> = Vec::new();
        for Entry { session, command } in self.imported.values() {
            if command.exported != command.name {
                continue; // with a prefix it is no plain name
            }
            match counts.iter_mut().find(|(known, _)| known.same(session)) {
                Some((_, count)) => *count += 1,
                None => counts.push((session, 1)),
            }
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(session, _)| session.clone())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.imported.is_empty()
    }

    /// All imported, in the order of their names.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.imported.values().cloned().collect();
        entries.sort_by(|a, b| a.command.function.cmp(&b.command.function));
        entries
    }

    /// What may help somebody who called a function that is not there.
    pub(super) fn hints_for_unknown<'a>(&'a self, name: &str, others: impl Iterator<Item = &'a str>) -> Vec<String> {
        // The name is right, the way of calling it is not: a prefix belongs to the plain name only.
        if let Some(entry) = self.imported.get(&canonical_key(name)) {
            let own = snake_name(&entry.command.name);
            return vec![format!("as a method of a session it keeps its own name: session.{own}(...)")];
        }
        // A real cmdlet is no misspelling of another one.
        if let Some(cmdlet) = Catalog::built_in().find(name) {
            return if self.is_empty() {
                vec![format!("{} is a cmdlet, but no session is imported: call import_session(session)", cmdlet.name)]
            } else if let Some(elsewhere) = self.elsewhere(&cmdlet) {
                vec![elsewhere]
            } else {
                let users: BTreeSet<String> =
                    self.imported.values().map(|entry| entry.session.remote().info().user).collect();
                let users = users.into_iter().collect::<Vec<_>>().join(" and ");
                vec![
                    format!("{} is a cmdlet, but the roles of {users} do not include it", cmdlet.name),
                    format!(
                        "an administrator finds the roles that do with get_management_role(#{{ Cmdlet: \"{}\" }}) and grants \
                         one with New-ManagementRoleAssignment; it counts from the next session on",
                        cmdlet.name
                    ),
                ]
            };
        }
        let functions = self.imported.values().map(|entry| entry.command.function.as_str());
        if let Some(near) = nearest_name(name, functions.chain(others)) {
            return vec![format!("did you mean {near}?")];
        }
        if !self.is_empty() || !name.contains('_') {
            return Vec::new();
        }
        let near = Catalog::built_in().similar(name);
        near.first().map(|near| format!("did you mean {near}? no session is imported yet")).into_iter().collect()
    }

    /// Which products have a cmdlet, where that of the sessions has not or may not have it.
    fn elsewhere(&self, cmdlet: &Cmdlet) -> Option<String> {
        let place = |releases: Releases| {
            let on_servers = [Release::Exchange2016, Release::Exchange2019, Release::ExchangeSe];
            (releases.contains(Release::Online), on_servers.into_iter().any(|server| releases.contains(server)))
        };
        let known = self.imported.values().filter_map(|entry| Catalog::built_in().find(&entry.command.name));
        // Positive in the cloud, negative at servers: there is much that only one of them has.
        let in_cloud: i32 = known
            .map(|known| match place(known.releases) {
                (true, false) => 1,
                (false, true) => -1,
                _ => 0,
            })
            .sum();
        let name = &cmdlet.name;
        match place(cmdlet.releases) {
            (true, false) if in_cloud < 0 => Some(format!("only Exchange Online has {name}")),
            (false, true) if in_cloud > 0 => Some(format!("only Exchange servers have {name}")),
            (false, false) if cmdlet.releases.contains(Release::Compliance) => {
                Some(format!("{name} is of Security & Compliance, which has an address of its own"))
            }
            (_, true) if in_cloud < 0 && !cmdlet.releases.contains(Release::Exchange2016) => {
                let products: Vec<&str> = cmdlet.releases.iter().map(Release::name).collect();
                Some(format!("{name} is of {}, where one's roles include it", products.join(", ")))
            }
            _ => None,
        }
    }
}
