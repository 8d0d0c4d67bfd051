//! From declared parameters to what the binder of `catalog` goes by.
//!
//! Values and their types are in `values`.

use super::param::{ParamSpec, ParamUse};
use crate::catalog::bind::Flavour;
use crate::catalog::{Cmdlet, Name, Parameter, ParameterKind, ParameterSets, PipelineInput, Releases, Use};

/// Who is bound: its parameters, and whose rules apply.
#[derive(Debug)]
pub(in crate::script::ps) struct Signature {
    /// What the binder goes by; it has no name, whoever calls knows it.
    pub cmdlet: Cmdlet,
    /// Its parameters; `WhatIf` and `Confirm` follow in `cmdlet` where it supports them.
    pub params: Vec<ParamSpec>,
    /// Whose rules apply.
    pub flavour: Flavour,
}

/// What is said of a function beside its parameters.
#[derive(Debug, Clone, Copy)]
pub(in crate::script::ps) struct Manner<'a> {
    /// Whose rules apply.
    pub flavour: Flavour,
    /// The default parameter set.
    pub default_set: Option<&'a str>,
    /// Whether only parameters with a position of their own are positional.
    pub by_name_only: bool,
    /// Whether it takes `WhatIf` and `Confirm`.
    pub should_process: bool,
}

const SETS_MAX: usize = 64;

impl Signature {
    /// From declared parameters.
    pub(in crate::script::ps) fn new(params: Vec<ParamSpec>, manner: Manner<'_>) -> Self {
        let sets = sets(&params, manner.default_set);
        let places = places(&params, manner.by_name_only);
        let mut parameters: Vec<Parameter> =
            params.iter().zip(&places).map(|(param, places)| parameter(param, places, &sets)).collect();
        if manner.should_process {
            let common = ParamSpec::notation("WhatIf!=wi Confirm!=cf");
            parameters.extend(common.iter().map(|spec| parameter(spec, &[None], &sets)));
        }
        let cmdlet = Cmdlet {
            name: Name::Borrowed(""),
            releases: Releases::default(),
            sets: sets.into_iter().map(Name::Owned).collect(),
            default_set: manner.default_set.map(|_| 0),
            parameters,
            supports_should_process: manner.should_process,
        };
        Self { cmdlet, params, flavour: manner.flavour }
    }
}

/// The names of the sets, the default one first; one name that stands for all where nothing names any.
fn sets(params: &[ParamSpec], default: Option<&str>) -> Vec<String> {
    let mut sets: Vec<String> = default.map(str::to_owned).into_iter().collect();
    for set in params.iter().flat_map(|param| &param.uses).filter_map(|own| own.set.as_deref()) {
        if sets.len() < SETS_MAX && !sets.iter().any(|known| known.eq_ignore_ascii_case(set)) {
            sets.push(set.to_owned());
        }
    }
    if sets.is_empty() {
        sets.push("__AllParameterSets".to_owned());
    }
    sets
}

/// For each use of each parameter its place: positions in their order, or the order of declaration where no
/// attribute gives a position or a set.
fn places(params: &[ParamSpec], by_name_only: bool) -> Vec<Vec<Option<u8>>> {
    let uses = || params.iter().flat_map(|param| &param.uses);
    if uses().all(|own| own.position.is_none() && own.set.is_none()) {
        let mut next = 0..=u8::MAX;
        let mut place = |param: &ParamSpec| if param.switch || by_name_only { None } else { next.next() };
        return params
            .iter()
            .map(|param| {
                let place = place(param);
                let taken = param.uses.iter().any(|own| own.remaining);
                vec![place.filter(|_| !taken); param.uses.len().max(1)]
            })
            .collect();
    }
    let mut all: Vec<i64> = uses().filter_map(|own| own.position).collect();
    all.sort_unstable();
    all.dedup();
    let rank = |own: &ParamUse| {
        let position = own.position.filter(|_| !own.remaining)?;
        all.binary_search(&position).ok().and_then(|rank| u8::try_from(rank).ok())
    };
    params.iter().map(|param| param.uses.iter().map(rank).collect()).collect()
}

fn parameter(param: &ParamSpec, places: &[Option<u8>], names: &[String]) -> Parameter {
    let all = ParameterSets::first(names.len());
    let of = |own: &ParamUse| match &own.set {
        None => all,
        Some(set) => {
            let at = names.iter().position(|known| known.eq_ignore_ascii_case(set));
            at.map_or(ParameterSets::NONE, ParameterSets::only)
        }
    };
    let union = |test: fn(&ParamUse) -> bool| {
        param.uses.iter().filter(|own| test(own)).fold(ParameterSets::NONE, |sets, own| sets | of(own))
    };
    let particular: Vec<Use> = param
        .uses
        .iter()
        .zip(places)
        .map(|(own, position)| Use {
            sets: of(own),
            position: *position,
            pipeline: PipelineInput { by_value: own.piped, by_property_name: own.by_name, by_type: None },
        })
        .collect();
    let alike = particular.len() <= 1;
    Parameter {
        name: Name::Owned(param.name.clone()),
        type_name: match &param.type_name {
            _ if param.switch => Name::Borrowed("SwitchParameter"),
            Some(name) => Name::Owned(name.clone()),
            None => Name::Borrowed("Object"),
        },
        kind: if param.switch { ParameterKind::Switch } else { ParameterKind::Other },
        aliases: param.aliases.iter().cloned().map(Name::Owned).collect(),
        releases: Releases::default(),
        sets: if param.uses.is_empty() { all } else { union(|_| true) },
        required_in: union(|own| own.mandatory),
        position: places.iter().find_map(|place| *place),
        pipeline: PipelineInput {
            by_value: param.uses.iter().any(|own| own.piped),
            by_property_name: param.uses.iter().any(|own| own.by_name),
            by_type: None,
        },
        particular: if alike { Vec::new() } else { particular },
        takes_rest: union(|own| own.remaining),
        values: Vec::new(),
        default: None,
    }
}
