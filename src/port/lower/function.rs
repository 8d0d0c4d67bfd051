//! Script blocks and functions: parameters, validation, named blocks.

use super::super::ast::{Attribute, Block, Expr, ExprKind, Param, Stmt};
use super::Lowerer;
use super::text::quoted;

impl Lowerer<'_> {
    /// A script block as a value; `text` is its source.
    pub(super) fn block_value(&mut self, block: &Block, text: &str) -> String {
        let mut parts = vec![format!("text: {}", quoted(text))];
        let in_method = std::mem::take(&mut self.in_method);
        self.block_parts(block, false, &mut parts);
        self.in_method = in_method;
        format!("block(#{{ {} }})", parts.join(", "))
    }

    pub(super) fn function_value(&mut self, block: &Block, filter: bool) -> String {
        let source = self.source_of(block.span);
        let text = source.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(source).to_owned();
        let mut parts = vec![format!("text: {}", quoted(&text))];
        let in_method = std::mem::take(&mut self.in_method);
        self.block_parts(block, filter, &mut parts);
        self.in_method = in_method;
        format!("block(#{{ {} }})", parts.join(", "))
    }

    pub(super) fn block_parts(&mut self, block: &Block, filter: bool, parts: &mut Vec<String>) {
        let advanced = block.attributes.iter().any(|a| a.name.eq_ignore_ascii_case("CmdletBinding"))
            || block
                .params
                .iter()
                .flatten()
                .flat_map(|p| &p.attributes)
                .any(|a| a.name.eq_ignore_ascii_case("Parameter") && a.args.is_some());
        if advanced {
            parts.push("advanced: true".to_owned());
        }
        let default_set = block
            .attributes
            .iter()
            .flat_map(|a| &a.named)
            .find(|(name, _)| name.eq_ignore_ascii_case("DefaultParameterSetName"));
        if let Some((_, Some(value))) = default_set {
            parts.push(format!("default_set: {}", self.expr(value)));
        }
        for (name, value) in block.attributes.iter().flat_map(|a| &a.named) {
            let on = value.as_ref().is_none_or(|value| !is_false(value));
            match name.to_ascii_lowercase().as_str() {
                "positionalbinding" if !on => parts.push("by_name_only: true".to_owned()),
                "supportsshouldprocess" if on => parts.push("should_process: true".to_owned()),
                _ => {}
            }
        }
        if let Some(params) = &block.params {
            let params: Vec<String> = params.iter().map(|param| self.param(param)).collect();
            parts.push(format!("params: [{}]", params.join(", ")));
        }
        // Beside named blocks stands only what cannot be carried over, `dynamicparam`: it comes first.
        let aside = block.begin.is_some() || block.process.is_some() || block.end.is_some();
        let refused = if aside { block.body.as_slice() } else { &[] };
        let begin = (block.begin.is_some() || !refused.is_empty())
            .then(|| [refused, block.begin.as_deref().unwrap_or_default()].concat());
        for (name, body) in
            [("begin", &begin), ("process", &block.process), ("end", &block.end), ("clean", &block.clean)]
        {
            if let Some(body) = body {
                let code = self.code(body);
                parts.push(format!("{name}: {code}"));
            }
        }
        if !block.body.is_empty() && !aside {
            let code = self.code(&block.body);
            parts.push(format!("{}: {code}", if filter { "process" } else { "body" }));
        }
    }

    fn code(&mut self, body: &[Stmt]) -> String {
        let loops = std::mem::take(&mut self.loops);
        let inner = self.captured(|l| l.body(body));
        self.loops = loops;
        format!("|| {{\n{}\n}}", inner.trim_end())
    }

    fn param(&mut self, param: &Param) -> String {
        let mut parts = vec![format!("name: {}", quoted(&param.name))];
        let mut validations = Vec::new();
        let mut uses = Vec::new();
        for attribute in &param.attributes {
            let lower = attribute.name.to_ascii_lowercase();
            match (&*lower, &attribute.args) {
                (_, None) if lower == "switch" || lower == "system.management.automation.switchparameter" => {
                    parts.push("\"switch\": true".to_owned())
                }
                (_, None) if parts.iter().any(|part| part.starts_with("type: ")) => {}
                (_, None) => parts.push(format!("type: {}", quoted(&attribute.name))),
                ("parameter", Some(_)) => uses.push(self.parameter_attribute(attribute)),
                ("alias", Some(args)) => {
                    let names: Vec<String> = args.iter().map(|arg| self.expr(arg)).collect();
                    parts.push(format!("aliases: [{}]", names.join(", ")));
                }
                (name, Some(args))
                    if name.starts_with("validate") || name.starts_with("allow") || name == "pstypename" =>
                {
                    let mut items = vec![quoted(name)];
                    items.extend(args.iter().map(|arg| match &arg.kind {
                        ExprKind::Str { text, .. } => quoted(text),
                        _ => self.expr(arg),
                    }));
                    let mut named = Vec::new();
                    for (own, value) in &attribute.named {
                        let value = value.as_ref().map_or_else(|| "true".to_owned(), |value| self.expr(value));
                        named.push(format!("{}: {value}", quoted(&own.to_ascii_lowercase())));
                    }
                    if !named.is_empty() {
                        items.push(format!("#{{ {} }}", named.join(", ")));
                    }
                    validations.push(format!("[{}]", items.join(", ")));
                }
                _ => {}
            }
        }
        if !validations.is_empty() {
            parts.push(format!("validate: [{}]", validations.join(", ")));
        }
        if !uses.is_empty() {
            parts.push(format!("parameter: [{}]", uses.join(", ")));
        }
        if let Some(default) = &param.default {
            let value = self.expr(default);
            parts.push(format!("\"default\": || {value}"));
        }
        format!("#{{ {} }}", parts.join(", "))
    }

    /// What one `Parameter` attribute says.
    fn parameter_attribute(&mut self, attribute: &Attribute) -> String {
        let mut parts = Vec::new();
        for (name, value) in &attribute.named {
            let on = value.as_ref().is_none_or(|value| !is_false(value));
            let flag = match (name.to_ascii_lowercase().as_str(), value) {
                ("mandatory", _) => "mandatory",
                ("valuefrompipeline", _) => "piped",
                ("valuefrompipelinebypropertyname", _) => "by_name",
                ("valuefromremainingarguments", _) => "remaining",
                ("position", Some(value)) => {
                    parts.push(format!("position: {}", self.expr(value)));
                    continue;
                }
                ("parametersetname", Some(value)) => {
                    parts.push(format!("in_set: {}", self.expr(value)));
                    continue;
                }
                _ => continue,
            };
            if on {
                parts.push(format!("{flag}: true"));
            }
        }
        format!("#{{ {} }}", parts.join(", "))
    }
}

fn is_false(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Variable(v) if v.name.eq_ignore_ascii_case("false"))
}
