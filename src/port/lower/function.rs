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
        let by_place = block.attributes.iter().flat_map(|a| &a.named).any(|(name, value)| {
            name.eq_ignore_ascii_case("PositionalBinding") && value.as_ref().is_some_and(is_false)
        });
        if by_place {
            parts.push("by_name_only: true".to_owned());
        }
        if let Some(params) = &block.params {
            let params: Vec<String> = params.iter().map(|param| self.param(param)).collect();
            parts.push(format!("params: [{}]", params.join(", ")));
        }
        for (name, body) in
            [("begin", &block.begin), ("process", &block.process), ("end", &block.end), ("clean", &block.clean)]
        {
            if let Some(body) = body {
                let code = self.code(body);
                parts.push(format!("{name}: {code}"));
            }
        }
        if !block.body.is_empty() {
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
        let mut sets = Vec::new();
        let mut mandatory_in = Vec::new();
        for attribute in &param.attributes {
            let lower = attribute.name.to_ascii_lowercase();
            match (&*lower, &attribute.args) {
                (_, None) if lower == "switch" || lower == "system.management.automation.switchparameter" => {
                    parts.push("\"switch\": true".to_owned())
                }
                (_, None) if parts.iter().any(|part| part.starts_with("type: ")) => {}
                (_, None) => parts.push(format!("type: {}", quoted(&attribute.name))),
                ("parameter", Some(_)) => self.parameter_attribute(attribute, &mut parts, &mut sets, &mut mandatory_in),
                ("alias", Some(args)) => {
                    let names: Vec<String> = args.iter().map(|arg| self.expr(arg)).collect();
                    parts.push(format!("aliases: [{}]", names.join(", ")));
                }
                (name, Some(args)) if name.starts_with("validate") || name.starts_with("allow") => {
                    let mut items = vec![quoted(name)];
                    items.extend(args.iter().map(|arg| match &arg.kind {
                        ExprKind::Str { text, .. } => quoted(text),
                        _ => self.expr(arg),
                    }));
                    let says = |(own, _): &&(String, Option<Expr>)| {
                        name == "validatescript" && own.eq_ignore_ascii_case("ErrorMessage")
                    };
                    let message = attribute.named.iter().find(says).and_then(|(_, value)| value.as_ref());
                    items.extend(message.map(|value| self.expr(value)));
                    validations.push(format!("[{}]", items.join(", ")));
                }
                _ => {}
            }
        }
        if !validations.is_empty() {
            parts.push(format!("validate: [{}]", validations.join(", ")));
        }
        if !mandatory_in.is_empty() {
            parts.push(format!("mandatory_in: [{}]", mandatory_in.join(", ")));
        }
        if !sets.is_empty() {
            parts.push(format!("sets: [{}]", sets.join(", ")));
        }
        if let Some(default) = &param.default {
            let value = self.expr(default);
            parts.push(format!("\"default\": || {value}"));
        }
        format!("#{{ {} }}", parts.join(", "))
    }

    fn parameter_attribute(
        &mut self,
        attribute: &Attribute,
        parts: &mut Vec<String>,
        sets: &mut Vec<String>,
        mandatory_in: &mut Vec<String>,
    ) {
        let named = |wanted: &str| attribute.named.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let own_set = match named("ParameterSetName") {
            Some((_, Some(value))) => Some(self.expr(value)),
            _ => None,
        };
        for (name, value) in &attribute.named {
            let on = value.as_ref().is_none_or(|value| !is_false(value));
            match name.to_ascii_lowercase().as_str() {
                "mandatory" if on => match &own_set {
                    Some(set) => mandatory_in.push(set.clone()),
                    None => parts.push("mandatory: true".to_owned()),
                },
                "valuefrompipeline" if on => parts.push("piped: true".to_owned()),
                "valuefrompipelinebypropertyname" if on => parts.push("by_name: true".to_owned()),
                "valuefromremainingarguments" if on => parts.push("remaining: true".to_owned()),
                "position" => {
                    if let Some(value) = value {
                        parts.push(format!("position: {}", self.expr(value)));
                    }
                }
                "parametersetname" => {
                    if let Some(value) = value {
                        sets.push(self.expr(value));
                    }
                }
                _ => {}
            }
        }
        parts.sort();
        parts.dedup();
        // the name stays first for the reader
        if let Some(at) = parts.iter().position(|part| part.starts_with("name: ")) {
            parts[..=at].rotate_right(1);
        }
    }
}

fn is_false(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Variable(v) if v.name.eq_ignore_ascii_case("false"))
}
