//! Script blocks and functions: closures of the ported script with the parameters that PowerShell gives them.
//!
//! Running them is `invoke`'s business.

use std::sync::Arc;

use rhai::{AST, FnPtr};

use super::bind::{Manner, ParamSpec, Signature};
use super::value::{Hash, V};
use crate::catalog::bind::Flavour;

/// A script block.
#[derive(Debug, Clone)]
pub struct Block(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    signature: Option<Arc<Signature>>,
    body: Option<FnPtr>,
    begin: Option<FnPtr>,
    process: Option<FnPtr>,
    end: Option<FnPtr>,
    clean: Option<FnPtr>,
    advanced: bool,
    text: String,
    captured: Vec<(String, V)>,
    ast: Option<Arc<AST>>,
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
        (inner.text.is_empty() && inner.ast.is_none() && inner.signature.is_none())
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
        let flag = |name: &str| matches!(parts.text(name), Some(V::Bool(true)));
        let advanced = flag("advanced");
        let default_set = text("default_set");
        let manner = Manner {
            flavour: if advanced { Flavour::Function } else { Flavour::Simple },
            default_set: default_set.as_deref(),
            by_name_only: flag("by_name_only"),
            should_process: flag("should_process"),
        };
        let signature = parts.text("params").map(|list| {
            let params = list.unrolled().iter().filter_map(ParamSpec::from_value).collect();
            Arc::new(Signature::new(params, manner))
        });
        Self(Arc::new(Inner {
            signature,
            body: code("body"),
            begin: code("begin"),
            process: code("process"),
            end: code("end"),
            clean: code("clean"),
            advanced,
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
            signature: inner.signature.clone(),
            body: inner.body.clone(),
            begin: inner.begin.clone(),
            process: inner.process.clone(),
            end: inner.end.clone(),
            clean: inner.clean.clone(),
            advanced: inner.advanced,
            text: inner.text.clone(),
            captured,
            ast: inner.ast.clone(),
        }))
    }

    /// How its arguments are bound; `None` when it declares no parameters.
    #[must_use]
    pub(super) fn signature(&self) -> Option<&Arc<Signature>> {
        self.0.signature.as_ref()
    }

    /// Its parameters.
    #[must_use]
    pub(super) fn params(&self) -> &[ParamSpec] {
        self.0.signature.as_ref().map_or(&[], |signature| &signature.params)
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

    /// Whether it has `CmdletBinding` or a `Parameter` attribute.
    #[must_use]
    pub fn is_advanced(&self) -> bool {
        self.0.advanced
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
