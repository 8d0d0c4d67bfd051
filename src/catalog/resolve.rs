//! From what somebody typed to a parameter: exact name, alias, unambiguous prefix; otherwise why not, as data.
//!
//! Not here: what the arguments are (`bind`).

use super::{Cmdlet, Parameter, similar};

/// A parameter that every cmdlet has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommonParameter {
    /// Its name.
    pub name: &'static str,
    /// Its short name.
    pub alias: &'static str,
    /// Whether it is a switch.
    pub is_switch: bool,
    /// Whether the server is told; the others concern the caller's own variables and buffers.
    pub is_sent: bool,
}

const fn common(name: &'static str, alias: &'static str, is_switch: bool, is_sent: bool) -> CommonParameter {
    CommonParameter { name, alias, is_switch, is_sent }
}

/// The parameters that every cmdlet has.
pub const COMMON_PARAMETERS: [CommonParameter; 12] = [
    common("Verbose", "vb", true, true),
    common("Debug", "db", true, true),
    common("ErrorAction", "ea", false, true),
    common("WarningAction", "wa", false, true),
    common("InformationAction", "infa", false, true),
    common("ProgressAction", "proga", false, false),
    common("ErrorVariable", "ev", false, false),
    common("WarningVariable", "wv", false, false),
    common("InformationVariable", "iv", false, false),
    common("OutVariable", "ov", false, false),
    common("OutBuffer", "ob", false, false),
    common("PipelineVariable", "pv", false, false),
];

/// What a typed parameter name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved<'a> {
    /// A parameter of the cmdlet, by index.
    Own(usize, &'a Parameter),
    /// A parameter that every cmdlet has.
    Common(&'static CommonParameter),
}

impl Resolved<'_> {
    /// The name in full.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Own(_, parameter) => &parameter.name,
            Self::Common(parameter) => parameter.name,
        }
    }

    /// Whether it is on when merely named.
    #[must_use]
    pub fn is_switch(&self) -> bool {
        match self {
            Self::Own(_, parameter) => parameter.is_switch(),
            Self::Common(parameter) => parameter.is_switch,
        }
    }
}

/// Why a typed parameter name means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// No parameter begins so.
    #[error("{cmdlet} has no parameter '{name}'")]
    NotFound {
        /// The cmdlet.
        cmdlet: String,
        /// What was typed.
        name: String,
        /// Names that look alike, best first; at most three.
        suggestions: Vec<String>,
    },
    /// Several parameters begin so.
    #[error("'{name}' could be {} of {cmdlet}", either(candidates))]
    Ambiguous {
        /// The cmdlet.
        cmdlet: String,
        /// What was typed.
        name: String,
        /// Their names.
        candidates: Vec<String>,
    },
}

impl ResolveError {
    /// The error id of PowerShell.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "NamedParameterNotFound",
            Self::Ambiguous { .. } => "AmbiguousParameter",
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { suggestions, .. } if suggestions.is_empty() => None,
            Self::NotFound { suggestions, .. } => Some(format!("did you mean {}?", either(suggestions))),
            Self::Ambiguous { .. } => Some("write more letters of the name".into()),
        }
    }
}

fn either(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

impl Cmdlet {
    /// The parameter that `name` means: exactly, by alias, or as the beginning of one name only. ASCII case is ignored.
    ///
    /// When one of the cmdlet's own parameters and a common one begin so, the cmdlet's own is meant.
    ///
    /// # Errors
    /// [`ResolveError`] when there is none or several.
    pub fn resolve(&self, name: &str) -> Result<Resolved<'_>, ResolveError> {
        self.resolve_with(name, &COMMON_PARAMETERS)
    }

    /// As [`Cmdlet::resolve`], with other parameters beside its own: functions without attributes have none.
    ///
    /// # Errors
    /// [`ResolveError`] when there is none or several.
    pub fn resolve_with(&self, name: &str, common: &'static [CommonParameter]) -> Result<Resolved<'_>, ResolveError> {
        let candidates = || {
            let own = self.parameters.iter().enumerate().map(|(index, parameter)| Resolved::Own(index, parameter));
            own.chain(common.iter().map(Resolved::Common))
        };
        if let Some(exact) = candidates().find(|candidate| candidate.name().eq_ignore_ascii_case(name)) {
            return Ok(exact);
        }
        if let Some(alias) =
            candidates().find(|candidate| has_alias(candidate, |alias| alias.eq_ignore_ascii_case(name)))
        {
            return Ok(alias);
        }
        let begins = |text: &str| text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
        let mut found: Vec<Resolved<'_>> = Vec::new();
        for candidate in candidates().filter(|_| !name.is_empty()) {
            // A page may list a parameter twice.
            let known = found.iter().any(|known| known.name().eq_ignore_ascii_case(candidate.name()));
            if !known && (begins(candidate.name()) || has_alias(&candidate, begins)) {
                found.push(candidate);
            }
        }
        let mut declared = found.iter().filter(|candidate| is_declared(candidate));
        match (found.as_slice(), declared.next(), declared.next()) {
            ([], ..) => Err(ResolveError::NotFound {
                cmdlet: self.name.to_string(),
                name: name.to_owned(),
                suggestions: self.similar_parameters(name),
            }),
            ([one], ..) | (_, Some(one), None) => Ok(*one),
            (several, ..) => Err(ResolveError::Ambiguous {
                cmdlet: self.name.to_string(),
                name: name.to_owned(),
                candidates: several.iter().map(|candidate| candidate.name().to_owned()).collect(),
            }),
        }
    }

    /// As [`Cmdlet::resolve`], where a script may also write `result_size` for `ResultSize`.
    ///
    /// # Errors
    /// [`ResolveError`] when there is none or several.
    pub fn resolve_spelling(&self, name: &str) -> Result<Resolved<'_>, ResolveError> {
        match self.resolve(name) {
            Err(error) if name.contains('_') => self.resolve(&name.replace('_', "")).map_err(|_| error),
            result => result,
        }
    }

    /// Names of parameters that look like `name`, best first; at most three.
    #[must_use]
    pub fn similar_parameters(&self, name: &str) -> Vec<String> {
        let names = self.parameters.iter().map(|parameter| &*parameter.name);
        let names = names.chain(COMMON_PARAMETERS.iter().map(|parameter| parameter.name));
        similar(name, names).into_iter().map(str::to_owned).collect()
    }
}

fn is_declared(candidate: &Resolved<'_>) -> bool {
    matches!(candidate, Resolved::Own(_, parameter) if parameter.name != "WhatIf" && parameter.name != "Confirm")
}

fn has_alias(candidate: &Resolved<'_>, test: impl Fn(&str) -> bool) -> bool {
    match candidate {
        Resolved::Own(_, parameter) => parameter.aliases.iter().any(|alias| test(alias)),
        Resolved::Common(parameter) => test(parameter.alias),
    }
}
