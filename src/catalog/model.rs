//! A cmdlet and its parameters as data.
//!
//! Not here: where the data come from (`store`, `metadata`), how names are looked up (`resolve`).

use std::borrow::Cow;

use super::{ParameterKind, ParameterSets, Releases, ValueType, name};

/// A name that is part of the program or came from a server.
pub type Name = Cow<'static, str>;

/// One cmdlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cmdlet {
    /// `Verb-Noun`, in the spelling to show and to send.
    pub name: Name,
    /// Where documentation says it exists; empty when only a server mentioned it.
    pub releases: Releases,
    /// Names of its parameter sets; at least one. At most 64.
    pub sets: Vec<Name>,
    /// Index of the set to take when the arguments leave several.
    pub default_set: Option<usize>,
    /// Its parameters in documented order, common ones excluded.
    pub parameters: Vec<Parameter>,
    /// Whether it takes `WhatIf` and `Confirm`.
    pub supports_should_process: bool,
}

impl Cmdlet {
    /// The part before the first hyphen; the whole name when there is none.
    #[must_use]
    pub fn verb(&self) -> &str {
        self.name.split_once('-').map_or(&self.name, |(verb, _)| verb)
    }

    /// The part after the first hyphen; empty when there is none.
    #[must_use]
    pub fn noun(&self) -> &str {
        self.name.split_once('-').map_or("", |(_, noun)| noun)
    }

    /// As a script writes it: `get_mailbox`.
    #[must_use]
    pub fn snake_name(&self) -> String {
        name::snake_name(&self.name)
    }

    /// The parameter of exactly this name, ignoring ASCII case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    }

    /// Parameters that arguments without a name go to, in order, in one of `sets`.
    ///
    /// Of two with one position in the same set only the first is positional.
    #[must_use]
    pub fn positional(&self, sets: ParameterSets) -> Vec<&Parameter> {
        let mut found: Vec<&Parameter> = Vec::new();
        for parameter in &self.parameters {
            let Some(position) = parameter.position else { continue };
            let rival = |other: &&Parameter| {
                other.position == Some(position) && !(other.sets & parameter.sets & sets).is_empty()
            };
            if !(parameter.sets & sets).is_empty() && !found.iter().any(rival) {
                found.push(parameter);
            }
        }
        found.sort_by_key(|parameter| parameter.position);
        found
    }

    /// Whether arguments without a name may go to the parameter of this index: an earlier one may have its place.
    #[must_use]
    pub fn is_positional(&self, index: usize) -> bool {
        let Some(parameter) = self.parameters.get(index) else { return false };
        let all = self.all_sets();
        let mut placed = parameter.uses().filter_map(|own| Some((own.position?, own.sets & all))).peekable();
        let earlier = || self.parameters.iter().take(index);
        placed.peek().is_some() && !placed.any(|(at, sets)| earlier().any(|other| other.is_at(at, sets)))
    }

    /// All sets that it has.
    #[must_use]
    pub fn all_sets(&self) -> ParameterSets {
        ParameterSets::first(self.sets.len())
    }

    /// A signature for hints: positional parameters first, then the other required ones of the default set.
    #[must_use]
    pub fn main_parameters(&self) -> Vec<&Parameter> {
        let sets = self.default_set.map_or_else(|| self.all_sets(), ParameterSets::only);
        let mut main = self.positional(sets);
        let required = self.parameters.iter().filter(|parameter| !(parameter.required_in & sets).is_empty());
        for parameter in required {
            if !main.iter().any(|known| known.name == parameter.name) {
                main.push(parameter);
            }
        }
        main
    }
}

/// One parameter of a cmdlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Name of its type without namespace, as documented or as the server said: `String`, `MailboxIdParameter`, `Byte[]`.
    pub type_name: Name,
    /// What the type is for.
    pub kind: ParameterKind,
    /// Other names.
    pub aliases: Vec<Name>,
    /// Where documentation says it exists; empty when only a server mentioned it.
    pub releases: Releases,
    /// Sets that have it.
    pub sets: ParameterSets,
    /// Sets in which it must be given.
    pub required_in: ParameterSets,
    /// Its place among arguments without a name; lower comes first.
    pub position: Option<u8>,
    /// What it takes from the pipeline.
    pub pipeline: PipelineInput,
    /// Position and pipeline input set by set, where its sets do not use it alike; empty where they do.
    pub particular: Vec<Use>,
    /// Sets in which it takes the arguments that no other parameter takes.
    pub takes_rest: ParameterSets,
    /// Accepted values, where documented.
    pub values: Vec<Name>,
    /// The value it has when not given, where documented.
    pub default: Option<Name>,
}

impl Parameter {
    /// Whether it is a switch: on when merely named.
    #[must_use]
    pub fn is_switch(&self) -> bool {
        self.kind == ParameterKind::Switch
    }

    /// Whether its type is an array.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.type_name.ends_with("[]")
    }

    /// How its sets use it.
    pub fn uses(&self) -> impl Iterator<Item = Use> + '_ {
        let alike = Use { sets: self.sets, position: self.position, pipeline: self.pipeline };
        self.particular.is_empty().then_some(alike).into_iter().chain(self.particular.iter().copied())
    }

    /// Whether it has this position in one of `sets`.
    #[must_use]
    pub fn is_at(&self, position: u8, sets: ParameterSets) -> bool {
        self.uses().any(|own| own.position == Some(position) && !(own.sets & sets).is_empty())
    }

    /// Its positions in `sets`.
    pub fn positions(&self, sets: ParameterSets) -> impl Iterator<Item = u8> + '_ {
        self.uses().filter(move |own| !(own.sets & sets).is_empty()).filter_map(|own| own.position)
    }

    /// The sets in which it takes piped objects in the way that `test` looks for.
    pub fn taking(&self, test: impl Fn(PipelineInput) -> bool) -> ParameterSets {
        self.uses().filter(|own| test(own.pipeline)).fold(ParameterSets::NONE, |all, own| all | own.sets)
    }

    /// What the binder converts arguments to.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        ValueType::of(&self.type_name)
    }
}

/// How some parameter sets use a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// The sets.
    pub sets: ParameterSets,
    /// Its place among arguments without a name.
    pub position: Option<u8>,
    /// What it takes from the pipeline.
    pub pipeline: PipelineInput,
}

/// What a parameter takes from the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PipelineInput {
    /// The whole object.
    pub by_value: bool,
    /// The object's property of the same name.
    pub by_property_name: bool,
    /// The whole object, if it is of this type.
    pub by_type: Option<PipedType>,
}

impl PipelineInput {
    /// Whether it takes anything at all.
    #[must_use]
    pub fn any(self) -> bool {
        self.by_value || self.by_property_name || self.by_type.is_some()
    }
}

/// Types of piped objects by which Exchange chooses among several identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PipedType {
    /// What `Get-ExchangeServer` gives.
    ExchangeServer,
    /// What `Get-MailboxDatabase` gives.
    MailboxDatabase,
}

impl PipedType {
    /// The last part of the type's name.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::ExchangeServer => "ExchangeServer",
            Self::MailboxDatabase => "MailboxDatabase",
        }
    }
}
