//! Parameters as functions declare them and as built-ins note them down.
//!
//! What the binder makes of them is in `signature`.

use rhai::FnPtr;

use super::super::text::to_string;
use super::super::value::{Hash, V};

/// A parameter of a function or command.
#[derive(Debug, Clone, Default)]
pub(in crate::script::ps) struct ParamSpec {
    /// Its name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Whether it is a switch.
    pub switch: bool,
    /// Its type as written, if it has one.
    pub type_name: Option<String>,
    /// What its `Parameter` attributes say, one for each parameter set; none is as good as an empty one.
    pub uses: Vec<ParamUse>,
    /// Its validations: name and arguments.
    pub validations: Vec<(String, Vec<V>)>,
    /// What gives its default.
    pub default: Option<FnPtr>,
}

/// What one `Parameter` attribute says.
#[derive(Debug, Clone, Default)]
pub(in crate::script::ps) struct ParamUse {
    /// The parameter set; none means all.
    pub set: Option<String>,
    /// Whether it must be given.
    pub mandatory: bool,
    /// Its place among positional arguments.
    pub position: Option<i64>,
    /// Whether it takes piped objects.
    pub piped: bool,
    /// Whether it takes properties of piped objects.
    pub by_name: bool,
    /// Whether it takes all remaining arguments.
    pub remaining: bool,
}

fn flag(parts: &Hash, name: &str) -> bool {
    parts.text(name).is_some_and(|value| super::super::compare::truthy(&value))
}

fn text(parts: &Hash, name: &str) -> Option<String> {
    parts.text(name).map(|value| to_string(&value))
}

fn list(parts: &Hash, name: &str) -> Vec<V> {
    parts.text(name).map(V::unrolled).unwrap_or_default()
}

impl ParamUse {
    fn from_value(value: &V) -> Option<Self> {
        let V::Hash(parts) = value else { return None };
        Some(Self {
            set: text(parts, "in_set").filter(|set| set != "__AllParameterSets"),
            mandatory: flag(parts, "mandatory"),
            position: parts.text("position").and_then(|at| super::super::number::plain(&at)?.long()),
            piped: flag(parts, "piped"),
            by_name: flag(parts, "by_name"),
            remaining: flag(parts, "remaining"),
        })
    }
}

impl ParamSpec {
    /// From the map that ported text builds.
    pub(in crate::script::ps) fn from_value(value: &V) -> Option<Self> {
        let V::Hash(parts) = value else { return None };
        Some(Self {
            name: text(parts, "name")?,
            aliases: list(parts, "aliases").iter().map(to_string).collect(),
            switch: flag(parts, "switch"),
            type_name: text(parts, "type"),
            uses: list(parts, "parameter").iter().filter_map(ParamUse::from_value).collect(),
            validations: super::super::functions::validations(&parts.text("validate").unwrap_or_default()),
            default: match parts.text("default") {
                Some(V::Block(block)) => block.body().cloned(),
                _ => None,
            },
        })
    }

    /// Parameters of a built-in from a short notation: `Name@0` position, `Name!` switch, `Name^` piped, `Name~`
    /// remaining arguments, `Name=Alias`.
    #[must_use]
    pub(in crate::script::ps) fn notation(text: &str) -> Vec<Self> {
        text.split_whitespace()
            .map(|word| {
                let (word, aliases) = word.split_once('=').unwrap_or((word, ""));
                let end = word.find(['@', '!', '^', '~']).unwrap_or(word.len());
                let (name, marks) = word.split_at(end);
                let place = marks.find('@').and_then(|at| marks.get(at + 1..at + 2));
                Self {
                    name: name.to_owned(),
                    aliases: aliases.split(',').filter(|alias| !alias.is_empty()).map(str::to_owned).collect(),
                    switch: marks.contains('!'),
                    uses: vec![ParamUse {
                        position: place.and_then(|digit| digit.parse().ok()),
                        piped: marks.contains('^'),
                        remaining: marks.contains('~'),
                        ..ParamUse::default()
                    }],
                    ..Self::default()
                }
            })
            .collect()
    }

    /// Whether it takes anything from the pipeline.
    #[must_use]
    pub(in crate::script::ps) fn takes_input(&self) -> bool {
        self.uses.iter().any(|own| own.piped || own.by_name)
    }

    /// Whether its values are checked.
    #[must_use]
    pub(in crate::script::ps) fn is_checked(&self) -> bool {
        self.validations.iter().any(|(own, _)| own.to_ascii_lowercase().starts_with("validate"))
    }

    /// Whether an attribute is among its validations.
    #[must_use]
    pub(in crate::script::ps) fn allows(&self, attribute: &str) -> bool {
        self.validations.iter().any(|(own, _)| own.eq_ignore_ascii_case(attribute))
    }
}
