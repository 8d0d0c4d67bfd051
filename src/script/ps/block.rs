//! Script blocks and functions: closures of the ported script with the parameters that PowerShell gives them.
//!
//! Running them is `invoke`'s business.

use std::sync::Arc;

use rhai::{AST, FnPtr};

use super::value::{Hash, V};

/// A script block.
#[derive(Debug, Clone)]
pub struct Block(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    params: Option<Vec<ParamSpec>>,
    body: Option<FnPtr>,
    begin: Option<FnPtr>,
    process: Option<FnPtr>,
    end: Option<FnPtr>,
    clean: Option<FnPtr>,
    advanced: bool,
    by_name_only: bool,
    default_set: Option<String>,
    text: String,
    captured: Vec<(String, V)>,
    ast: Option<Arc<AST>>,
}

/// A parameter of a function or command.
#[derive(Debug, Clone, Default)]
pub struct ParamSpec {
    /// Its name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Its place among positional arguments.
    pub position: Option<i64>,
    /// Whether it is a switch.
    pub switch: bool,
    /// Its type as written, if it has one.
    pub type_name: Option<String>,
    /// Whether it must be given.
    pub mandatory: bool,
    /// The parameter sets in which it must be given.
    pub mandatory_in: Vec<String>,
    /// Whether it takes piped objects.
    pub piped: bool,
    /// Whether it takes properties of piped objects.
    pub by_name: bool,
    /// Whether it takes all remaining arguments.
    pub remaining: bool,
    /// The parameter sets it belongs to; none means all.
    pub sets: Vec<String>,
    /// Its validations: name and arguments.
    pub validations: Vec<(String, Vec<V>)>,
    /// What gives its default.
    pub default: Option<FnPtr>,
}

impl Block {
    /// A block that is only a closure.
    #[must_use]
    pub fn bare(body: FnPtr) -> Self {
        Self(Arc::new(Inner { body: Some(body), ..Inner::default() }))
    }

    /// The closure, if the block is nothing else: a closure of kept text.
    #[must_use]
    pub fn closure(&self) -> Option<&FnPtr> {
        let inner = &self.0;
        (inner.text.is_empty() && inner.ast.is_none() && inner.params.is_none())
            .then_some(inner.body.as_ref())
            .flatten()
    }

    /// From the map that ported text builds.
    #[must_use]
    pub fn from_parts(parts: &Hash, ast: Option<Arc<AST>>) -> Self {
        let code = |name: &str| match parts.text(name) {
            Some(V::Block(block)) => block.0.body.clone(),
            _ => None,
        };
        let text = |name: &str| parts.text(name).map(|value| super::text::to_string(&value));
        let params =
            parts.text("params").map(|list| list.unrolled().iter().filter_map(ParamSpec::from_value).collect());
        Self(Arc::new(Inner {
            params,
            body: code("body"),
            begin: code("begin"),
            process: code("process"),
            end: code("end"),
            clean: code("clean"),
            by_name_only: matches!(parts.text("by_name_only"), Some(V::Bool(true))),
            advanced: matches!(parts.text("advanced"), Some(V::Bool(true))),
            default_set: text("default_set"),
            text: text("text").unwrap_or_default(),
            captured: Vec::new(),
            ast,
        }))
    }

    /// The same block with variables of its own (`GetNewClosure`).
    #[must_use]
    pub fn with_captured(&self, captured: Vec<(String, V)>) -> Self {
        let inner = &self.0;
        Self(Arc::new(Inner {
            params: inner.params.clone(),
            body: inner.body.clone(),
            begin: inner.begin.clone(),
            process: inner.process.clone(),
            end: inner.end.clone(),
            clean: inner.clean.clone(),
            by_name_only: inner.by_name_only,
            advanced: inner.advanced,
            default_set: inner.default_set.clone(),
            text: inner.text.clone(),
            captured,
            ast: inner.ast.clone(),
        }))
    }

    /// Its parameters; `None` when it declares none.
    #[must_use]
    pub fn params(&self) -> Option<&[ParamSpec]> {
        self.0.params.as_deref()
    }

    /// The statements outside named blocks.
    #[must_use]
    pub fn body(&self) -> Option<&FnPtr> {
        self.0.body.as_ref()
    }

    /// `begin`, `process` and `end`.
    #[must_use]
    pub fn named(&self) -> (Option<&FnPtr>, Option<&FnPtr>, Option<&FnPtr>) {
        (self.0.begin.as_ref(), self.0.process.as_ref(), self.0.end.as_ref())
    }

    /// `clean`: runs at the end whatever happened.
    #[must_use]
    pub fn clean(&self) -> Option<&FnPtr> {
        self.0.clean.as_ref()
    }

    /// Whether only parameters with a position of their own are positional.
    #[must_use]
    pub fn by_name_only(&self) -> bool {
        self.0.by_name_only
    }

    /// Whether it has `CmdletBinding` or a `Parameter` attribute.
    #[must_use]
    pub fn is_advanced(&self) -> bool {
        self.0.advanced
    }

    /// The default parameter set.
    #[must_use]
    pub fn default_set(&self) -> Option<&str> {
        self.0.default_set.as_deref()
    }

    /// The source between the braces.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The compiled text it belongs to.
    #[must_use]
    pub fn ast(&self) -> Option<&Arc<AST>> {
        self.0.ast.as_ref()
    }

    /// Variables of its own.
    #[must_use]
    pub fn captured(&self) -> &[(String, V)] {
        &self.0.captured
    }
}

impl ParamSpec {
    fn from_value(value: &V) -> Option<Self> {
        let V::Hash(parts) = value else { return None };
        let text = |name: &str| parts.text(name).map(|value| super::text::to_string(&value));
        let list = |name: &str| parts.text(name).map(V::unrolled).unwrap_or_default();
        let flag = |name: &str| parts.text(name).is_some_and(|value| super::compare::truthy(&value));
        let validations = list("validate")
            .into_iter()
            .filter_map(|entry| {
                let mut items = entry.unrolled().into_iter();
                let name = super::text::to_string(&items.next()?);
                Some((name, items.collect()))
            })
            .collect();
        Some(Self {
            name: text("name")?,
            aliases: list("aliases").iter().map(super::text::to_string).collect(),
            position: match parts.text("position") {
                Some(V::Int(at)) => Some(at.into()),
                _ => None,
            },
            switch: flag("switch"),
            type_name: text("type"),
            mandatory: flag("mandatory"),
            mandatory_in: list("mandatory_in").iter().map(super::text::to_string).collect(),
            piped: flag("piped"),
            by_name: flag("by_name"),
            remaining: flag("remaining"),
            sets: list("sets").iter().map(super::text::to_string).collect(),
            validations,
            default: match parts.text("default") {
                Some(V::Block(block)) => block.body().cloned(),
                _ => None,
            },
        })
    }

    /// Parameters of a built-in from a short notation: `Name@0` position, `Name!` switch, `Name^` piped, `Name~`
    /// remaining arguments, `Name=Alias`.
    #[must_use]
    pub fn notation(text: &str) -> Vec<Self> {
        text.split_whitespace()
            .map(|word| {
                let (word, aliases) = word.split_once('=').unwrap_or((word, ""));
                let end = word.find(['@', '!', '^', '~']).unwrap_or(word.len());
                let (name, marks) = word.split_at(end);
                Self {
                    name: name.to_owned(),
                    aliases: aliases.split(',').filter(|alias| !alias.is_empty()).map(str::to_owned).collect(),
                    position: marks
                        .find('@')
                        .and_then(|at| marks.get(at + 1..at + 2))
                        .and_then(|digit| digit.parse().ok()),
                    switch: marks.contains('!'),
                    piped: marks.contains('^'),
                    remaining: marks.contains('~'),
                    ..Self::default()
                }
            })
            .collect()
    }
}
