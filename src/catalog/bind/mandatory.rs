//! Required parameters without a value, and which parameter set that leaves for piped objects to complete.
//!
//! Not here: asking somebody for what is missing.

use crate::catalog::{Name, ParameterSets};

use super::BindProblem;
use super::binder::Prepared;
use super::values::Values;

/// What one parameter set (or what all of them have in common) still requires.
#[derive(Debug)]
struct Lack {
    /// The sets: one, or all.
    sets: ParameterSets,
    /// Whether it is what all sets have in common.
    common: bool,
    /// Whether piped objects may bring some of it, as a whole or by a property.
    by_value: bool,
    by_property: bool,
    /// What they cannot bring, by index.
    beyond: Vec<usize>,
}

impl Lack {
    fn by_input(&self) -> bool {
        self.by_value || self.by_property
    }
}

/// Where exactly one set takes piped objects in some way.
enum Takers {
    None,
    One(ParameterSets),
    Several,
}

impl Takers {
    fn of<'a>(lacks: impl Iterator<Item = &'a Lack>) -> Self {
        let mut found = lacks.map(|lack| lack.sets);
        match (found.next(), found.next()) {
            (None, _) => Self::None,
            (Some(only), None) => Self::One(only),
            _ => Self::Several,
        }
    }
}

impl<W: Values> Prepared<'_, W> {
    /// Fails when a required parameter of the remaining sets has no value.
    pub(super) fn require(&self, piped: bool) -> Result<(), BindProblem> {
        let missing = self.unbound().filter(|(_, parameter)| !(parameter.required_in & self.at.valid).is_empty());
        let parameters: Vec<Name> = missing.map(|(_, parameter)| parameter.name.clone()).collect();
        if parameters.is_empty() { Ok(()) } else { Err(BindProblem::MissingMandatory { parameters, piped }) }
    }

    /// Before objects are piped: chooses among the sets by what they require, and fails for what no object can bring.
    pub(super) fn require_before_input(&mut self) -> Result<(), BindProblem> {
        let lacks = self.lacks();
        if lacks.is_empty() {
            return Ok(());
        }
        let own = lacks.iter().filter(|lack| !lack.common);
        let mut lacking = own.fold(ParameterSets::NONE, |all, lack| all | lack.sets) & self.at.valid;
        if lacking.is_empty() || lacks.iter().any(|lack| lack.common) {
            lacking = self.at.valid;
        }
        let default = self.default_sets();
        if self.at.valid.len() > 1
            && !(default & self.at.valid).is_empty()
            && (default & lacking).is_empty()
            && !lacks.iter().any(|lack| !lack.common && lack.by_input() && !(lack.sets & self.at.valid).is_empty())
        {
            // The default set lacks nothing, and no other one waits for objects.
            self.at.valid = self.at.valid & !lacking;
            lacking = self.at.valid;
            if self.at.valid != default {
                self.at.first_choice = self.cmdlet.default_set;
            }
        }
        let missing = match lacking.len() {
            1 => beyond(&lacks, lacking),
            _ if self.at.first_choice.is_some() => Vec::new(),
            _ => self.choose_taker(&lacks, lacking)?,
        };
        if missing.is_empty() {
            return Ok(());
        }
        let name = |index: usize| self.cmdlet.parameters.get(index).map(|parameter| parameter.name.clone());
        Err(BindProblem::MissingMandatory { parameters: missing.into_iter().filter_map(name).collect(), piped: false })
    }

    fn lacks(&self) -> Vec<Lack> {
        let all = self.cmdlet.all_sets();
        let mut lacks: Vec<Lack> = Vec::new();
        for (index, parameter) in self.unbound() {
            let common = self.is_in_all_sets(parameter) && parameter.required_in & all == all;
            let required = parameter.required_in & self.at.valid;
            let each: Vec<ParameterSets> =
                if common { vec![all] } else { required.iter().map(ParameterSets::only).collect() };
            for sets in each {
                let known = lacks.iter_mut().find(|lack| lack.sets == sets && lack.common == common);
                let lack = match known {
                    Some(lack) => lack,
                    None => {
                        lacks.push(Lack { sets, common, by_value: false, by_property: false, beyond: Vec::new() });
                        let Some(last) = lacks.last_mut() else { continue };
                        last
                    }
                };
                let by_value = parameter.taking(|pipeline| pipeline.by_value || pipeline.by_type.is_some());
                let by_property = parameter.taking(|pipeline| pipeline.by_property_name);
                lack.by_value |= !(by_value & sets).is_empty();
                lack.by_property |= !(by_property & sets).is_empty();
                if ((by_value | by_property) & sets).is_empty() {
                    lack.beyond.push(index);
                }
            }
        }
        lacks
    }

    /// Of several sets that lack something, the one that objects can complete; gives what they cannot.
    fn choose_taker(&mut self, lacks: &[Lack], lacking: ParameterSets) -> Result<Vec<usize>, BindProblem> {
        let default = self.default_sets();
        if !(default & lacking).is_empty() && latches_on_default(lacks, default) {
            self.at.valid = default;
            return Ok(beyond(lacks, default));
        }
        let own = || lacks.iter().filter(|lack| !lack.common && !(lack.sets & lacking).is_empty());
        let by_value = Takers::of(own().filter(|lack| lack.by_value));
        let by_property = Takers::of(own().filter(|lack| lack.by_property));
        match (&by_value, &by_property) {
            (Takers::One(set), Takers::None) | (Takers::None, Takers::One(set)) => return Ok(self.latch(lacks, *set)),
            (Takers::One(one), Takers::One(other)) if one == other => return Ok(self.latch(lacks, *one)),
            _ => {}
        }
        let hopeless = lacks.iter().filter(|lack| !lack.beyond.is_empty());
        let hopeless: Vec<&Lack> = hopeless.filter(|lack| lack.common || !(lack.sets & lacking).is_empty()).collect();
        if hopeless.is_empty() {
            return Ok(Vec::new());
        }
        if let Takers::One(set) = by_value {
            return Ok(self.latch(lacks, set));
        }
        if !matches!((&by_value, &by_property), (Takers::Several, Takers::Several)) {
            return Err(self.undecided());
        }
        for lack in hopeless.iter().filter(|lack| !lack.common) {
            self.at.valid = self.at.valid & !lack.sets;
        }
        if self.at.valid.is_empty() { Err(self.undecided()) } else { Ok(Vec::new()) }
    }

    /// Takes a set that objects can complete, and keeps those that lack nothing beside it.
    fn latch(&mut self, lacks: &[Lack], set: ParameterSets) -> Vec<usize> {
        let own = || lacks.iter().filter(|lack| !lack.common);
        if own().any(|lack| lack.sets == set && !lack.beyond.is_empty()) {
            self.at.valid = set;
        } else {
            let others = own().filter(|lack| lack.sets != set);
            self.at.valid = others.fold(self.at.valid, |valid, lack| valid & !lack.sets);
            if self.at.valid != set {
                self.at.first_choice = set.first_index();
            }
        }
        beyond(lacks, set)
    }
}

/// What objects cannot bring for these sets.
fn beyond(lacks: &[Lack], sets: ParameterSets) -> Vec<usize> {
    let concerned = lacks.iter().filter(|lack| lack.common || !(lack.sets & sets).is_empty());
    let mut all: Vec<usize> = concerned.flat_map(|lack| lack.beyond.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether the default set is taken though other sets lack something as well.
fn latches_on_default(lacks: &[Lack], default: ParameterSets) -> bool {
    let others = || lacks.iter().filter(|lack| !lack.common && lack.sets != default && lack.beyond.is_empty());
    let other_takes = others().any(Lack::by_input);
    let other_takes_properties = others().any(|lack| lack.by_property);
    let own = lacks.iter().find(|lack| !lack.common && lack.sets == default);
    let prefers_default =
        own.is_some_and(|own| own.by_property && !other_takes_properties || own.by_input() && !other_takes);
    let common_beyond = lacks.iter().any(|lack| lack.common && !lack.beyond.is_empty());
    prefers_default || !other_takes || common_beyond
}
