//! Arguments to parameters, for functions of the script and for built-ins, as PowerShell binds them.
//!
//! Exchange's cmdlets are bound by `catalog::bind`.

use super::block::ParamSpec;
use super::fault::{Problem, Res};
use super::value::{Hash, HashKind, V, same_name};

/// Parameters that every advanced function and cmdlet has.
const COMMON: &str = "Verbose!=vb Debug!=db ErrorAction=ea WarningAction=wa InformationAction=infa ProgressAction=proga \
    ErrorVariable=ev WarningVariable=wv InformationVariable=iv OutVariable=ov OutBuffer=ob PipelineVariable=pv WhatIf!=wi Confirm!=cf";

/// What a call has bound.
#[derive(Debug, Clone, Default)]
pub(super) struct Bound {
    values: Vec<(String, V)>,
    /// Arguments that no parameter took.
    pub rest: Vec<V>,
    /// The parameter set, if one was settled.
    pub set: Option<String>,
}

impl Bound {
    /// The value of a parameter.
    #[must_use]
    pub(super) fn get(&self, name: &str) -> Option<&V> {
        self.values.iter().find(|(own, _)| same_name(own, name)).map(|(_, value)| value)
    }

    /// Whether a parameter was given.
    #[must_use]
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether a switch is on.
    #[must_use]
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(super::compare::truthy)
    }

    /// A parameter as text.
    #[must_use]
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).filter(|value| !value.is_null()).map(super::text::interpolated)
    }

    /// A parameter as a list.
    #[must_use]
    pub(super) fn list(&self, name: &str) -> Vec<V> {
        self.get(name).cloned().map(V::unrolled).unwrap_or_default()
    }

    /// A parameter as a list of texts.
    #[must_use]
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().map(super::text::interpolated).collect()
    }

    /// A parameter as a whole number.
    #[must_use]
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)
            .and_then(|value| super::number::of(value, "System.Int32").ok())
            .and_then(super::number::Num::long)
    }

    /// Sets a parameter.
    pub(super) fn set(&mut self, name: &str, value: V) {
        match self.values.iter_mut().find(|(own, _)| same_name(own, name)) {
            Some(entry) => entry.1 = value,
            None => self.values.push((name.to_owned(), value)),
        }
    }

    /// The names and values that were bound.
    #[must_use]
    pub(super) fn values(&self) -> &[(String, V)] {
        &self.values
    }

    /// As `$PSBoundParameters`.
    #[must_use]
    pub(super) fn table(&self) -> Hash {
        let kind = HashKind::Dictionary("System.String".into(), "System.Object".into(), true);
        Hash::from_entries(kind, self.values.iter().map(|(name, value)| (V::from(name.as_str()), value.clone())))
    }
}

/// Who is bound: its parameters and manners.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    /// Its name, as error ids end.
    pub id: String,
    /// Its parameters.
    pub params: Vec<ParamSpec>,
    /// Whether unknown names are errors and common parameters exist.
    pub strict: bool,
    /// The default parameter set.
    pub default_set: Option<String>,
    /// Whether only parameters with a position of their own are positional.
    pub by_name_only: bool,
}

impl Signature {
    fn problem(&self, id: &str, message: String) -> Problem {
        Problem::new(format!("{id},{}", self.id), "InvalidArgument", message)
            .exception("System.Management.Automation.ParameterBindingException")
    }

    fn data_problem(&self, id: &str, message: String) -> Problem {
        Problem::new(format!("{id},{}", self.id), "InvalidData", message)
            .exception("System.Management.Automation.ParameterBindingValidationException")
    }

    /// The parameter a written name means; `None` when there is none.
    fn resolve(&self, name: &str) -> Res<Option<ParamSpec>> {
        let common = if self.strict { ParamSpec::notation(COMMON) } else { Vec::new() };
        let known: Vec<&ParamSpec> = self.params.iter().chain(&common).collect();
        let exact =
            known.iter().find(|p| same_name(&p.name, name) || p.aliases.iter().any(|alias| same_name(alias, name)));
        if let Some(found) = exact {
            return Ok(Some((*found).clone()));
        }
        let lower = name.to_lowercase();
        let starts = |p: &&&ParamSpec| {
            p.name.to_lowercase().starts_with(&lower)
                || p.aliases.iter().any(|alias| alias.to_lowercase().starts_with(&lower))
        };
        let mut found: Vec<&&ParamSpec> = known.iter().filter(starts).collect();
        if found.len() > 1 {
            let own: Vec<&&ParamSpec> =
                found.iter().copied().filter(|p| self.params.iter().any(|own| own.name == p.name)).collect();
            if own.len() == 1 {
                found = own;
            }
        }
        match found.len() {
            0 => Ok(None),
            1 => Ok(found.first().map(|p| (**p).clone())),
            _ => {
                let names: Vec<String> = found.iter().map(|p| format!("-{}", p.name)).collect();
                self.problem(
                    "AmbiguousParameter",
                    format!("Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches include: {}.", names.join(" ")),
                )
                .err()
            }
        }
    }

    /// Binds arguments; parameters that the pipeline may still fill are left open when `piped`.
    ///
    /// # Errors
    /// What PowerShell's binder reports.
    pub(super) fn bind(&self, args: &[V], piped: bool) -> Res<Bound> {
        let mut bound = Bound::default();
        let mut positional: Vec<V> = Vec::new();
        let mut splatted: Vec<(String, V)> = Vec::new();
        let mut names_ended = false;
        let args = &flat(args);
        let mut at = 0;
        while at < args.len() {
            let arg = &args[at];
            at += 1;
            match arg {
                V::Param(name, _) if &**name == "--" => names_ended = true,
                V::Param(name, colon) if !names_ended => {
                    let Some(param) = self.resolve(name)? else {
                        if self.strict && !self.params.iter().any(|p| p.remaining) {
                            return self
                                .problem(
                                    "NamedParameterNotFound",
                                    format!("A parameter cannot be found that matches parameter name '{name}'."),
                                )
                                .err();
                        }
                        positional.push(V::from(format!("-{name}{}", if *colon { ":" } else { "" })));
                        continue;
                    };
                    if bound.has(&param.name) {
                        return self
                            .problem(
                                "ParameterAlreadyBound",
                                format!(
                                    "Cannot bind parameter because parameter '{}' is specified more than once.",
                                    param.name
                                ),
                            )
                            .err();
                    }
                    let value = if param.switch && !colon {
                        V::Switch(true)
                    } else {
                        let value = self.value_after(args.get(at), &param)?;
                        at += 1;
                        value
                    };
                    self.store(&mut bound, &param, value)?;
                }
                V::Param(name, _) => positional.push(V::from(format!("-{name}"))),
                V::Obj(object) if object.is("splat") => match object.base() {
                    V::Hash(hash) => splatted
                        .extend(hash.entries().into_iter().map(|(key, value)| (super::text::to_string(&key), value))),
                    other => positional.extend(other.unrolled()),
                },
                other => positional.push(other.clone()),
            }
        }
        for (name, value) in splatted {
            match self.resolve(&name)? {
                Some(param) if !bound.has(&param.name) => self.store(&mut bound, &param, value)?,
                Some(_) => {}
                None if self.strict => {
                    return self
                        .problem(
                            "NamedParameterNotFound",
                            format!("A parameter cannot be found that matches parameter name '{name}'."),
                        )
                        .err();
                }
                None => positional.extend([V::from(format!("-{name}:")), value]),
            }
        }
        self.positions(&mut bound, positional)?;
        self.settle(&mut bound, piped)?;
        Ok(bound)
    }

    fn value_after(&self, next: Option<&V>, param: &ParamSpec) -> Res<V> {
        match next {
            None => self.missing_argument(param),
            Some(V::Param(name, _)) => match self.resolve(name) {
                Ok(None) => Ok(V::from(format!("-{name}"))),
                _ => self.missing_argument(param),
            },
            Some(value) => Ok(value.clone()),
        }
    }

    fn missing_argument<T>(&self, param: &ParamSpec) -> Res<T> {
        self.problem(
            "MissingArgument",
            format!(
                "Missing an argument for parameter '{}'. Specify a parameter of type '{}' and try again.",
                param.name,
                param.type_name.as_deref().and_then(super::types::resolve).as_deref().unwrap_or("System.Object")
            ),
        )
        .err()
    }

    /// The position of a parameter: its own, or its place among all where none has one.
    fn place(&self, at: usize, param: &ParamSpec) -> Option<i64> {
        let explicit = self.by_name_only || self.params.iter().any(|p| p.position.is_some());
        if param.remaining {
            None
        } else if explicit {
            param.position
        } else {
            (!param.switch).then(|| i64::try_from(at).ok()).flatten()
        }
    }

    /// The parameter that takes a value at a position: of the default set first, and first one whose type it has.
    fn positional(&self, bound: &Bound, place: i64, value: &V) -> Option<&ParamSpec> {
        let open = self.open_sets(bound);
        let here: Vec<&ParamSpec> = self
            .params
            .iter()
            .enumerate()
            .filter(|(at, p)| self.place(*at, p) == Some(place) && !bound.has(&p.name))
            .filter(|(_, p)| p.sets.is_empty() || p.sets.iter().any(|set| open.contains(&set)))
            .map(|(_, p)| p)
            .collect();
        let default =
            |p: &ParamSpec| p.sets.is_empty() || self.default_set.as_ref().is_some_and(|set| p.sets.contains(set));
        let fits = |p: &ParamSpec| p.type_name.as_deref().is_none_or(|name| super::cast::is(value, name));
        let mut choices = here.iter();
        let first = choices.find(|p| default(p) && fits(p)).or_else(|| here.iter().find(|p| fits(p)));
        first.or_else(|| here.iter().find(|p| default(p))).or_else(|| here.first()).copied()
    }

    /// The parameter sets that what is bound leaves open.
    fn open_sets(&self, bound: &Bound) -> Vec<&String> {
        let mut open: Vec<&String> = Vec::new();
        for set in self.params.iter().flat_map(|p| &p.sets) {
            if !open.contains(&set) {
                open.push(set);
            }
        }
        for param in self.params.iter().filter(|p| !p.sets.is_empty() && bound.has(&p.name)) {
            open.retain(|set| param.sets.contains(set));
        }
        open
    }

    fn positions(&self, bound: &mut Bound, values: Vec<V>) -> Res<()> {
        let all = self.params.iter().enumerate();
        let mut places: Vec<i64> = all.filter_map(|(at, param)| self.place(at, param)).collect();
        places.sort_unstable();
        places.dedup();
        let mut places = places.into_iter();
        let remaining = self.params.iter().find(|p| p.remaining);
        let mut rest = Vec::new();
        for value in values {
            match places.by_ref().find_map(|place| self.positional(bound, place, &value)) {
                Some(param) => self.store(bound, param, value)?,
                None => rest.push(value),
            }
        }
        match remaining {
            Some(param) if !rest.is_empty() && !bound.has(&param.name) => {
                let value = if rest.len() == 1 { rest.remove(0) } else { V::array(rest) };
                self.store(bound, param, value)?;
            }
            None if self.strict && !rest.is_empty() => {
                let text = super::text::interpolated(&rest[0]);
                return self
                    .problem(
                        "PositionalParameterNotFound",
                        format!("A positional parameter cannot be found that accepts argument '{text}'."),
                    )
                    .err();
            }
            _ => bound.rest = rest,
        }
        Ok(())
    }

    /// Converts, validates and stores one value.
    ///
    /// # Errors
    /// When the value does not fit.
    pub(super) fn store(&self, bound: &mut Bound, param: &ParamSpec, value: V) -> Res<()> {
        let value = self.converted(param, value)?;
        bound.set(&param.name, value);
        Ok(())
    }

    fn converted(&self, param: &ParamSpec, value: V) -> Res<V> {
        if param.switch {
            return Ok(V::Switch(super::compare::truthy(&value)));
        }
        let is_text = param.type_name.as_deref().is_some_and(|name| name.to_ascii_lowercase().starts_with("string"));
        let value = match &value {
            V::Obj(object) if object.is("spelled") && is_text => V::from(super::text::to_string(&value)),
            V::Obj(_) | V::List(_) if self.id != "Microsoft.PowerShell.Commands.WriteHostCommand" => {
                super::exchange::unspelled(&value)
            }
            _ => value,
        };
        let value = match &param.type_name {
            Some(name) => self.typed(param, name, value)?,
            None => value,
        };
        let allows = |name: &str| param.validations.iter().any(|(own, _)| same_name(own, name));
        if param.mandatory || !param.mandatory_in.is_empty() {
            if value.is_null() && !allows("AllowNull") {
                return self
                    .data_problem(
                        "ParameterArgumentValidationErrorNullNotAllowed",
                        format!("Cannot bind argument to parameter '{}' because it is null.", param.name),
                    )
                    .err();
            }
            if matches!(&value, V::Str(text) if text.is_empty()) && !allows("AllowEmptyString") {
                return self
                    .data_problem(
                        "ParameterArgumentValidationErrorEmptyStringNotAllowed",
                        format!("Cannot bind argument to parameter '{}' because it is an empty string.", param.name),
                    )
                    .err();
            }
            let typed_list = param.type_name.as_deref().is_some_and(|name| name.ends_with("[]"));
            let item =
                |empty: fn(&V) -> bool| matches!(&value, V::List(list) if typed_list && list.items().iter().any(empty));
            if item(V::is_null) && !allows("AllowNull") {
                return self
                    .data_problem(
                        "ParameterArgumentValidationErrorNullNotAllowed",
                        format!("Cannot bind argument to parameter '{}' because it is null.", param.name),
                    )
                    .err();
            }
            if item(|item| matches!(item, V::Str(text) if text.is_empty())) && !allows("AllowEmptyString") {
                return self
                    .data_problem(
                        "ParameterArgumentValidationErrorEmptyStringNotAllowed",
                        format!("Cannot bind argument to parameter '{}' because it is an empty string.", param.name),
                    )
                    .err();
            }
            if matches!(&value, V::List(list) if list.is_array() && list.is_empty()) && !allows("AllowEmptyCollection")
            {
                return self
                    .data_problem(
                        "ParameterArgumentValidationErrorEmptyArrayNotAllowed",
                        format!("Cannot bind argument to parameter '{}' because it is an empty array.", param.name),
                    )
                    .err();
            }
        }
        if let Some(reason) = super::validate::check(&param.validations, &value) {
            return self
                .data_problem(
                    "ParameterArgumentValidationError",
                    format!("Cannot validate argument on parameter '{}'. {reason}", param.name),
                )
                .err();
        }
        Ok(value)
    }

    fn typed(&self, param: &ParamSpec, name: &str, value: V) -> Res<V> {
        let transformation = |reason: String| {
            Problem::new(
                format!("ParameterArgumentTransformationError,{}", self.id),
                "InvalidData",
                format!("Cannot process argument transformation on parameter '{}'. {reason}", param.name),
            )
            .exception("System.Management.Automation.ParameterBindingArgumentTransformationException")
        };
        let lower = name.to_ascii_lowercase();
        if matches!(lower.as_str(), "bool" | "boolean" | "system.boolean")
            && (matches!(value, V::Str(_)) || value.is_null())
        {
            let given = if value.is_null() { String::new() } else { value.type_name().to_string() };
            return transformation(super::wording::no_truth(&given, "System.Boolean")).err();
        }
        if lower == "string" && matches!(&value, V::List(list) if list.is_array()) {
            return transformation("Cannot convert value to type System.String.".to_owned()).err();
        }
        super::cast::cast(name, &value).map_err(|fault| match *fault {
            super::fault::Fault::Error(record, _) => transformation(super::fault::summary(&record).0).fault(),
            other => Box::new(other),
        })
    }

    /// Settles the parameter set and looks for missing mandatory parameters.
    fn settle(&self, bound: &mut Bound, piped: bool) -> Res<()> {
        let names = self.open_sets(&Bound::default());
        let open = self.open_sets(bound);
        let undecided = || {
            self.problem("AmbiguousParameterSet", "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.".to_owned())
        };
        if !names.is_empty() && open.is_empty() {
            return undecided().err();
        }
        let default = self.default_set.as_ref();
        let missing = |set: Option<&String>| {
            self.params.iter().find(|p| {
                let required = if p.mandatory_in.is_empty() {
                    p.mandatory && (p.sets.is_empty() || set.is_some_and(|set| p.sets.contains(set)))
                } else {
                    set.is_some_and(|set| p.mandatory_in.contains(set))
                };
                required && !bound.has(&p.name) && !(piped && (p.piped || p.by_name))
            })
        };
        let chosen = match open.as_slice() {
            [] => default,
            [only] => Some(*only),
            many => {
                let fitting: Vec<&&String> = many.iter().filter(|set| missing(Some(set)).is_none()).collect();
                let takes_input = piped && self.params.iter().any(|p| (p.piped || p.by_name) && !bound.has(&p.name));
                match (default.filter(|d| many.contains(d)), fitting.as_slice()) {
                    (Some(default), _) => Some(default),
                    (None, [only]) => Some(**only),
                    (None, [first, ..]) if takes_input => Some(**first),
                    (None, _) if takes_input => None,
                    _ => return undecided().err(),
                }
            }
        };
        if let Some(param) = missing(chosen) {
            let name = &param.name;
            return self
                .problem(
                    "MissingMandatoryParameter",
                    format!("Cannot process command because of one or more missing mandatory parameters: {name}."),
                )
                .err();
        }
        bound.set = chosen.cloned();
        Ok(())
    }

    /// Binds one piped object.
    ///
    /// # Errors
    /// `InputObjectNotBound`, or a value that does not fit.
    pub(super) fn bind_input(&self, bound: &mut Bound, input: &V) -> Res<()> {
        let mut taken = false;
        let mut failed = None;
        // First what fits as it is, by value and by property name; then the same with conversion.
        for (by_value, converts) in [(true, false), (false, false), (true, true), (false, true)] {
            for param in self.params.iter().filter(|p| if by_value { p.piped } else { p.by_name }) {
                if bound.has(&param.name) {
                    continue;
                }
                let names = std::iter::once(&param.name).chain(&param.aliases);
                let candidate = if by_value {
                    Some(input.clone())
                } else {
                    names.into_iter().find_map(|name| super::member::plain_property(input, name))
                };
                let Some(candidate) = candidate else { continue };
                let fits = param.type_name.as_deref().is_none_or(|name| super::cast::is(&candidate, name));
                if !converts && !fits {
                    continue;
                }
                match self.converted(param, candidate) {
                    Ok(value) => {
                        bound.set(&param.name, value);
                        taken = true;
                    }
                    Err(fault) => failed = failed.or(Some(fault)),
                }
            }
        }
        if taken {
            return Ok(());
        }
        let takes = self.params.iter().any(|p| (p.piped || p.by_name) && !bound.has(&p.name));
        if let Some(fault) = failed {
            return Err(fault);
        }
        if takes || self.strict && !self.params.iter().any(|p| p.piped || p.by_name) {
            return self
                .problem("InputObjectNotBound", "The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.".to_owned())
                .target(input.clone())
                .err();
        }
        Ok(())
    }
}

/// Arguments with splatted lists in place of their splats.
fn flat(args: &[V]) -> Vec<V> {
    let mut out = Vec::new();
    for arg in args {
        match arg {
            V::Obj(object) if object.is("splat") && !matches!(object.base(), V::Hash(_)) => {
                out.extend(object.base().unrolled());
            }
            other => out.push(other.clone()),
        }
    }
    out
}
