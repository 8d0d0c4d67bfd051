//! What a user is offered: the simulator's cmdlets, cut to what it implements, to the release, and to the user's roles.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::{Spec, Start, Work, specs};
use crate::catalog::{Catalog, Cmdlet, Parameter, ParameterSets};
use crate::sim::Release;
use crate::sim::canned::{CannedObjects, CannedRun};
use crate::sim::org::schema::{self, Shape};
use crate::sim::rbac;

/// A cmdlet as it is offered.
pub(crate) struct Definition {
    /// Its metadata, cut to what has an effect.
    pub(crate) cmdlet: Cmdlet,
    /// Type of its output; empty when it has none.
    pub(crate) output: &'static str,
    /// Parameters that are taken and change nothing.
    pub(crate) without_effect: Arc<[&'static str]>,
    noun: &'static str,
    start: Start,
}

impl Definition {
    /// A worker for one pipeline.
    pub(crate) fn start(&self) -> Box<dyn Work> {
        (self.start)(self.noun)
    }
}

/// The cmdlets of one user, by lower-case name.
pub(crate) struct CommandSet {
    commands: BTreeMap<String, Arc<Definition>>,
    canned: Option<CannedRun>,
}

impl CommandSet {
    /// Every cmdlet of the catalogue, answered from canned objects, and the commands that are PowerShell's own.
    pub(crate) fn canned(objects: &Arc<CannedObjects>) -> Self {
        static ALL: LazyLock<BTreeMap<String, Arc<Definition>>> = LazyLock::new(|| {
            let mut commands = CommandSet::of(Release::ServerSe, &["Organization Management".to_owned()]).commands;
            commands.retain(|_, definition| super::command::own_metadata(&definition.cmdlet.name).is_some());
            for cmdlet in Catalog::built_in().cmdlets() {
                let definition = Definition {
                    cmdlet: (*cmdlet).clone(),
                    output: "",
                    without_effect: Arc::from([]),
                    noun: "",
                    start: super::canned::start,
                };
                commands.insert(definition.cmdlet.name.to_ascii_lowercase(), Arc::new(definition));
            }
            commands
        });
        Self { commands: ALL.clone(), canned: Some(CannedRun::new(Arc::clone(objects))) }
    }

    /// The canned objects behind it, if there are.
    pub(crate) fn answers(&self) -> Option<&CannedRun> {
        self.canned.as_ref()
    }

    /// What these role groups allow in this release.
    pub(crate) fn of(release: Release, role_groups: &[String]) -> Self {
        let mut commands = BTreeMap::new();
        for (key, definition) in everything(release) {
            let name = &*definition.cmdlet.name;
            if !rbac::allows(role_groups, name) {
                continue;
            }
            let kept = |parameter: &str| rbac::allows_parameter(role_groups, name, parameter);
            let whole = definition.cmdlet.parameters.iter().all(|parameter| kept(&parameter.name));
            let definition = if whole {
                Arc::clone(definition)
            } else {
                let mut cmdlet = definition.cmdlet.clone();
                cmdlet.parameters.retain(|parameter| kept(&parameter.name));
                Arc::new(Definition { cmdlet, without_effect: Arc::clone(&definition.without_effect), ..**definition })
            };
            commands.insert(key.clone(), definition);
        }
        Self { commands, canned: None }
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<Definition>> {
        self.commands.get(&name.to_ascii_lowercase()).cloned()
    }

    /// All of them, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.commands.values()
    }
}

/// The simulator's cmdlets in a release, by lower-case name; joined with the catalogue once in a process.
fn everything(release: Release) -> &'static [(String, Arc<Definition>)] {
    type Known = LazyLock<Vec<(String, Arc<Definition>)>>;
    fn of(release: Release) -> Vec<(String, Arc<Definition>)> {
        let defined = specs().into_iter().filter_map(|spec| define(&spec, release));
        defined.map(|definition| (definition.cmdlet.name.to_ascii_lowercase(), Arc::new(definition))).collect()
    }
    static OF_2016: Known = LazyLock::new(|| of(Release::Exchange2016));
    static OF_SE: Known = LazyLock::new(|| of(Release::ServerSe));
    static ONLINE: Known = LazyLock::new(|| of(Release::Online));
    match release {
        Release::Exchange2016 => &OF_2016,
        Release::ServerSe => &OF_SE,
        Release::Online => &ONLINE,
    }
}

fn define(spec: &Spec, release: Release) -> Option<Definition> {
    let noun = spec.name.split_once('-').map_or("", |(_, noun)| noun);
    let own = super::command::own_metadata(spec.name);
    let cmdlet = match own {
        Some(cmdlet) => cmdlet,
        None => cut(&*Catalog::built_in().find(spec.name)?, spec, noun, release)?,
    };
    let shown =
        schema::view(noun).and_then(|view| view.types.first()).filter(|_| !matches!(cmdlet.verb(), "Set" | "Remove"));
    let output = if spec.output.is_empty() { shown.unwrap_or_default() } else { spec.output };
    let idle = spec.parameters.iter().filter_map(|name| name.strip_prefix('~'));
    let without_effect = idle.chain(["DomainController"]).collect();
    Some(Definition { cmdlet, output, without_effect, noun, start: spec.start })
}

/// The documented cmdlet without the parameters that nothing is done for, and without the sets that need one of them.
fn cut(documented: &Cmdlet, spec: &Spec, noun: &str, release: Release) -> Option<Cmdlet> {
    if !release.has(documented.releases) {
        return None;
    }
    let kept = |name: &str| {
        spec.parameters.iter().any(|wanted| match wanted.strip_prefix('*') {
            Some("") => is_settable(noun, name) || names_new(spec.name, noun, name),
            Some(noun) => is_settable(noun, name),
            None if *wanted == "=" => schema::view(noun).is_some_and(|view| view.column(name).is_some()),
            None => wanted.trim_start_matches(['?', '~']).eq_ignore_ascii_case(name),
        }) || matches!(name, "WhatIf" | "Confirm" | "DomainController")
    };
    let mut cmdlet = documented.clone();
    let mut dropped = ParameterSets::NONE;
    cmdlet.parameters.retain(|parameter| {
        let keep = kept(&parameter.name) && release.has(parameter.releases);
        if !keep && parameter.required_in != ParameterSets::ALL {
            dropped = dropped | parameter.required_in;
        }
        keep
    });
    renumber(&mut cmdlet, dropped);
    // The documentation seldom says which set is the default one; Exchange's is the one that asks for least and
    // takes most.
    if cmdlet.default_set.is_none() && cmdlet.sets.len() > 1 {
        let counted = |keeps: &dyn Fn(&Parameter) -> bool| cmdlet.parameters.iter().filter(|one| keeps(one)).count();
        let order = |set: &usize| {
            (counted(&|one| one.required_in.contains(*set)), Reverse(counted(&|one| one.sets.contains(*set))))
        };
        cmdlet.default_set = (0..cmdlet.sets.len()).min_by_key(order);
    }
    // Where a page puts a parameter into several forms and not into the default one, it alone would mean none of them.
    let default = cmdlet.default_set.map_or(ParameterSets::NONE, ParameterSets::only);
    for parameter in cmdlet.parameters.iter_mut().filter(|one| one.sets != ParameterSets::ALL) {
        let several = (0..cmdlet.sets.len()).filter(|set| parameter.sets.contains(*set)).count() > 1;
        if several && (parameter.sets & default).is_empty() {
            parameter.sets = parameter.sets | default;
        }
    }
    Some(cmdlet)
}

/// Whether a parameter is a property of the noun that may be set.
fn is_settable(noun: &str, parameter: &str) -> bool {
    schema::view(noun).and_then(|view| view.column(parameter)).is_some_and(|column| {
        (column.shape != Shape::Computed || &*column.name == "AutomateProcessing")
            && !READ_ONLY.contains(&&*column.name)
    })
}

/// Whether a parameter names what a New- cmdlet makes.
fn names_new(cmdlet: &str, noun: &str, parameter: &str) -> bool {
    cmdlet.starts_with("New-") && schema::view(noun).is_some_and(|view| view.named_by == parameter)
}

/// Properties that no cmdlet sets although they share their name with a parameter.
const READ_ONLY: &[&str] = &["ExchangeVersion", "OrganizationId", "IsValid", "ObjectState", "ArchiveStatus", "Members"];

/// Takes the dropped sets away, unless none would be left, and numbers the rest anew.
fn renumber(cmdlet: &mut Cmdlet, dropped: ParameterSets) {
    let keep: Vec<usize> = (0..cmdlet.sets.len()).filter(|index| !dropped.contains(*index)).collect();
    if keep.is_empty() || keep.len() == cmdlet.sets.len() {
        return;
    }
    let moved = |sets: ParameterSets| {
        if sets == ParameterSets::ALL {
            return sets;
        }
        let bits =
            keep.iter().enumerate().filter(|(_, old)| sets.contains(**old)).fold(0, |bits, (new, _)| bits | 1 << new);
        ParameterSets::from_bits(bits)
    };
    for parameter in &mut cmdlet.parameters {
        parameter.sets = moved(parameter.sets);
        parameter.required_in = moved(parameter.required_in);
    }
    cmdlet.parameters.retain(|parameter| !parameter.sets.is_empty());
    cmdlet.default_set = cmdlet.default_set.and_then(|old| keep.iter().position(|kept| *kept == old));
    cmdlet.sets = keep.iter().map(|index| cmdlet.sets[*index].clone()).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_setting_of_the_organization_alone_says_which_form_is_meant() {
        for release in [Release::Exchange2016, Release::ServerSe, Release::Online] {
            let commands = CommandSet::of(release, &["Organization Management".to_owned()]);
            let cmdlet = &commands.find("Set-OrganizationConfig").unwrap().cmdlet;
            let default = ParameterSets::only(cmdlet.default_set.unwrap());
            let one = cmdlet.parameters.iter().find(|one| &*one.name == "OAuth2ClientProfileEnabled").unwrap();
            assert!(!(one.sets & default).is_empty(), "{release:?}");
        }
    }
}
