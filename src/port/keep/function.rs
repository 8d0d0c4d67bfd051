//! Functions of the script: their parameters, their bodies, and calls of them.
//!
//! Rhai's functions have positions only: a call gives every parameter its value, or `()`.

use super::super::ast::{Arg, Attribute, Block, Command, Expr, ExprKind, Param, Stmt, StmtKind};
use super::super::ast_walk::{Node, walk_block};
use super::pipeline::{Puts, uses};
use super::scope::key;
use super::text::quoted;
use super::types::{self, Ty};
use super::{Code, Keeper, Known, Level, names};

impl<'s> Keeper<'s> {
    /// Learns all functions before the first call is written.
    pub(super) fn collect_functions(&mut self, script: &'s Block) {
        let mut found: Vec<(&'s str, bool, &'s Block)> = Vec::new();
        functions_in(script, &mut found);
        for (name, filter, body) in found {
            let params: Vec<&Param> = body.params.iter().flatten().collect();
            let piped =
                filter || body.process.is_some() || params.iter().any(|p| takes_pipeline(p)) || uses(body, "input");
            let args = body.params.is_none() && uses(body, "args");
            let known = Known { name: names::function(name), params, piped, args };
            self.functions.insert(plain_name(name), known);
        }
        // a function is silent when everything it does is
        let mut bodies: Vec<(String, &'s Block)> = Vec::new();
        let mut found = Vec::new();
        functions_in(script, &mut found);
        bodies.extend(found.into_iter().map(|(name, _, body)| (plain_name(name), body)));
        self.silent_functions = bodies.iter().map(|(name, _)| name.clone()).collect();
        loop {
            let loud: Vec<String> = bodies
                .iter()
                .filter(|(name, body)| self.silent_functions.contains(name) && !self.is_quiet(body))
                .map(|(name, _)| name.clone())
                .collect();
            if loud.is_empty() {
                break;
            }
            for name in loud {
                self.silent_functions.remove(&name);
            }
        }
    }

    fn is_quiet(&self, block: &Block) -> bool {
        let returns = {
            let mut found = false;
            walk_block(block, &mut |node| {
                match node {
                    Node::Stmt(Stmt {
                        kind: StmtKind::Flow { kind: super::super::ast::FlowKind::Return, value: Some(_) },
                        ..
                    }) => {
                        found = true;
                    }
                    Node::Expr(Expr { kind: ExprKind::Block(_), .. }) => return false,
                    _ => {}
                }
                true
            });
            found
        };
        !returns
            && [block.begin.as_deref(), block.process.as_deref(), block.end.as_deref(), Some(block.body.as_slice())]
                .into_iter()
                .flatten()
                .all(|body| self.puts(body) == Puts::Nothing)
    }

    /// Whether a name (lower case) is a variable of the function itself.
    pub(super) fn is_local(&self, function: usize, lower: &str) -> bool {
        self.scopes.locals.get(&function).is_some_and(|names| names.contains(lower))
    }

    pub(super) fn function(&mut self, name: &str, filter: bool, block: &'s Block) {
        let text = {
            let nested = self.inside > 0 || self.indent > 0;
            let outer = std::mem::take(&mut self.out);
            let indent = std::mem::take(&mut self.indent);
            self.write_function(name, filter, block);
            self.indent = indent;
            let text = std::mem::replace(&mut self.out, outer);
            if nested {
                self.lifted.push(text);
                return;
            }
            text
        };
        self.out.push_str(&text);
    }

    fn write_function(&mut self, name: &str, filter: bool, block: &'s Block) {
        let Some(known) = self.functions.get(&plain_name(name)).cloned() else { return };
        let piped_param = known.params.iter().find(|p| takes_pipeline(p)).copied();
        let mut params: Vec<String> = Vec::new();
        if known.piped {
            params.push("input".to_owned());
        }
        params.extend(
            known
                .params
                .iter()
                .filter(|p| piped_param.is_none_or(|piped| piped.name != p.name))
                .map(|p| names::variable(&p.name)),
        );
        if known.args {
            params.push("args".to_owned());
        }
        self.line(&format!("fn {}({}) {{", known.name, params.join(", ")));
        let state = (
            std::mem::take(&mut self.loops),
            std::mem::take(&mut self.closures),
            std::mem::replace(&mut self.item, "it"),
            self.own_function.replace(key(block)),
        );
        self.inside += 1;
        self.indent += 1;
        let own: Vec<Param> = Vec::new();
        let _ = own;
        let plain: Vec<&'s Param> =
            known.params.iter().filter(|p| piped_param.is_none_or(|piped| piped.name != p.name)).copied().collect();
        for param in plain {
            self.default(param);
        }
        for name in self.scopes.imported.get(&key(block)).cloned().unwrap_or_default() {
            let name = self.spelling(&name);
            self.line(&format!("let {name} = script({});", quoted(&name)));
        }
        self.function_body(block, filter, piped_param);
        self.indent -= 1;
        self.inside -= 1;
        (self.loops, self.closures, self.item, self.own_function) = state;
        self.line("}");
    }

    fn function_body(&mut self, block: &'s Block, filter: bool, piped: Option<&Param>) {
        if !filter && block.process.is_none() && block.begin.is_none() && piped.is_none() {
            let body = block.end.as_ref().unwrap_or(&block.body);
            return self.body_with_value(body);
        }
        // begin, process for each object, end
        let process = block.process.as_ref().or_else(|| filter.then_some(&block.body));
        let rest = block.end.as_ref().unwrap_or(if filter { const { &Vec::new() } } else { &block.body });
        let before = std::mem::replace(&mut self.output, super::Output::Collect);
        self.line("let out = outputs();");
        if let Some(begin) = &block.begin {
            self.body(begin);
        }
        let name = piped.map_or_else(|| "it".to_owned(), |param| names::variable(&param.name));
        match process {
            Some(process) => {
                self.line(&format!("for {name} in input {{"));
                if name != "it" && process_uses_item(process) {
                    self.line(&format!("    let it = {name};"));
                }
                self.round(process);
                self.line("}");
                self.body(rest);
            }
            None => {
                // without a process block the last object is what the parameter has
                if name != "it" {
                    self.line(&format!("let {name} = last_of(input);"));
                }
                self.body(rest);
            }
        }
        self.line("out.all()");
        self.output = before;
    }

    /// Defaults, types and validation of parameters.
    pub(super) fn defaults(&mut self, params: &'s [Param]) {
        for param in params {
            self.default(param);
        }
    }

    fn default(&mut self, param: &'s Param) {
        let name = names::variable(&param.name);
        let value = match &param.default {
            Some(default) => {
                let code = self.expr(default);
                format!("{name} ?? {}", code.tight(Level::And))
            }
            None => name.clone(),
        };
        let typed = self.typed(param, &Code::at(value.clone(), Ty::Any, Level::Or));
        if typed != name {
            self.line(&format!("let {name} = {typed};"));
        }
        self.validations(param, &name);
    }

    fn typed(&mut self, param: &Param, value: &Code) -> String {
        let ty = param.attributes.iter().find(|a| a.args.is_none()).map(|a| a.name.as_str());
        match ty {
            Some(name) if matches!(types::of_type_name(name), Ty::Int | Ty::Float | Ty::Object) => {
                if param.default.is_none() && !is_mandatory(param) && types::of_type_name(name) == Ty::Object {
                    return value.text.clone();
                }
                self.cast_text(name, value).text
            }
            _ => value.text.clone(),
        }
    }

    fn validations(&mut self, param: &'s Param, name: &str) {
        if is_mandatory(param) {
            self.line(&format!("required({}, {name});", quoted(&param.name)));
        }
        for attribute in &param.attributes {
            let Some(args) = &attribute.args else { continue };
            if !attribute.name.to_lowercase().starts_with("validate") {
                continue;
            }
            let args: Vec<String> = args
                .iter()
                .map(|arg| match &arg.kind {
                    ExprKind::Block(block) => self.closure(block, true).text,
                    _ => self.loose(arg).text,
                })
                .collect();
            self.line(&format!(
                "validate({}, {name}, {}, [{}]);",
                quoted(&param.name),
                quoted(&attribute.name),
                args.join(", ")
            ));
        }
    }

    /// The parameters of the script itself.
    pub(super) fn script_params(&mut self, block: &'s Block) {
        let Some(params) = &block.params else { return };
        self.comments_before(block.params.iter().flatten().next().map_or(0, |p| p.span.start));
        let mut position = 0;
        for param in params {
            self.comments_before(param.span.start);
            let name = names::variable(&param.name);
            let is_switch = param.attributes.iter().any(|a| {
                a.name.to_lowercase().ends_with("switch") || a.name.to_lowercase().ends_with("switchparameter")
            });
            let read = if is_switch {
                format!("switch_parameter({})", quoted(&param.name))
            } else {
                position += 1;
                format!("parameter({}, {})", quoted(&param.name), position - 1)
            };
            let value = match &param.default {
                Some(default) => {
                    let code = self.expr(default);
                    format!("{read} ?? {}", code.tight(Level::And))
                }
                None => read,
            };
            let typed = self.typed(param, &Code::at(value, Ty::Any, Level::Or));
            let lower = param.name.to_lowercase();
            if self.scopes.shared.contains(&lower) {
                self.line(&format!("set_script({}, {typed});", quoted(&name)));
            } else {
                self.line(&format!("let {name} = {typed};"));
            }
            let shown = if self.scopes.shared.contains(&lower) { format!("script({})", quoted(&name)) } else { name };
            self.validations(param, &shown);
            self.done = self.done.max(param.span.end);
        }
        self.out.push('\n');
    }

    /// A call of a function of the script.
    pub(super) fn own_call(&mut self, receiver: Option<&Code>, lower: &str, command: &'s Command) -> Code {
        let Some(known) = self.functions.get(lower).cloned() else { return Code::atom("()", Ty::Null) };
        let mut values: Vec<Option<String>> = vec![None; known.params.len()];
        let mut rest = Vec::new();
        let mut positional: Vec<&'s Expr> = Vec::new();
        let mut splats = Vec::new();
        let mut args = command.args.iter().peekable();
        while let Some(arg) = args.next() {
            match arg {
                Arg::Parameter { name, value, span } => {
                    let Some(at) = named(&known.params, name) else {
                        let takes = !is_common_switch(name);
                        if !is_common(name) {
                            self.find("unknown_parameter", format!("{} has no parameter -{name}", known.name), *span);
                        }
                        if value.is_none() && takes && matches!(args.peek(), Some(Arg::Value(_))) {
                            args.next();
                        }
                        continue;
                    };
                    let code = match value {
                        Some(value) => self.given(value),
                        None if is_switch(known.params[at]) => "true".to_owned(),
                        None => match args.next_if(|next| matches!(next, Arg::Value(_))) {
                            Some(Arg::Value(value)) => self.given(value),
                            _ => {
                                return self.unsupported(
                                    "missing_argument",
                                    &format!("-{name} without its value"),
                                    *span,
                                );
                            }
                        },
                    };
                    values[at] = Some(code);
                }
                Arg::Value(Expr { kind: ExprKind::Splat(_), span }) => {
                    self.find("function_splat", "a table is splatted into a function", *span);
                    if let Arg::Value(value) = arg {
                        let code = self.expr(value).text;
                        splats.push(code.trim_start_matches("splat(").trim_end_matches(')').to_owned());
                    }
                }
                Arg::Value(value) => positional.push(value),
                _ => {}
            }
        }
        for splat in splats {
            for (at, param) in known.params.iter().enumerate() {
                if values[at].is_none() {
                    values[at] = Some(super::statement::member(&splat, &param.name));
                }
            }
        }
        for value in positional {
            let open = known
                .params
                .iter()
                .enumerate()
                .find(|(at, p)| values[*at].is_none() && !is_switch(p))
                .map(|(at, _)| at);
            let code = self.given(value);
            match open {
                Some(at) => values[at] = Some(code),
                None => rest.push(code),
            }
        }
        let mut out = Vec::new();
        let piped = known.params.iter().position(|p| takes_pipeline(p));
        if known.piped {
            let given = piped.and_then(|at| values[at].clone());
            out.push(receiver.map(|r| r.text.clone()).or(given).unwrap_or_else(|| "()".to_owned()));
        }
        for (at, value) in values.into_iter().enumerate() {
            if piped != Some(at) {
                out.push(value.unwrap_or_else(|| "()".to_owned()));
            }
        }
        if known.args {
            out.push(format!("list([{}])", rest.join(", ")));
        }
        let call = format!("{}({})", known.name, out.join(", "));
        match receiver {
            Some(receiver) if !known.piped => Code::atom(format!("{}.for_each(|it| {call})", receiver.text), Ty::Any),
            _ => Code::atom(call, Ty::Any),
        }
    }

    fn given(&mut self, value: &'s Expr) -> String {
        match &value.kind {
            ExprKind::Block(block) => self.closure(block, false).text,
            _ => self.expr(value).text,
        }
    }
}

fn process_uses_item(body: &[Stmt]) -> bool {
    let mut found = false;
    super::super::ast_walk::walk_body(body, &mut |node| {
        if let Node::Expr(Expr { kind: ExprKind::Variable(v), .. }) = node {
            found |= v.name == "_" || v.name.eq_ignore_ascii_case("psitem");
        }
        !matches!(node, Node::Expr(Expr { kind: ExprKind::Block(_), .. }))
    });
    found
}

fn functions_in<'a>(block: &'a Block, out: &mut Vec<(&'a str, bool, &'a Block)>) {
    fn bodies<'a>(body: &'a [Stmt], out: &mut Vec<(&'a str, bool, &'a Block)>) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Function { name, filter, body } => {
                    out.push((name, *filter, body));
                    functions_in(body, out);
                }
                StmtKind::If { clauses, otherwise } => {
                    clauses.iter().for_each(|(_, body)| bodies(body, out));
                    bodies(otherwise.as_deref().unwrap_or_default(), out);
                }
                StmtKind::Try { body, catches, finally } => {
                    bodies(body, out);
                    catches.iter().for_each(|(_, body)| bodies(body, out));
                    bodies(finally.as_deref().unwrap_or_default(), out);
                }
                StmtKind::Foreach { body, .. }
                | StmtKind::While { body, .. }
                | StmtKind::Do { body, .. }
                | StmtKind::For { body, .. } => bodies(body, out),
                _ => {}
            }
        }
    }
    for part in [&block.begin, &block.process, &block.end].into_iter().flatten() {
        bodies(part, out);
    }
    bodies(&block.body, out);
}

/// The name of a function as calls write it, in lower case.
fn plain_name(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_lowercase()
}

fn named(params: &[&Param], name: &str) -> Option<usize> {
    let is = |param: &&Param| {
        param.name.eq_ignore_ascii_case(name)
            || param.attributes.iter().any(|a| {
                a.name.eq_ignore_ascii_case("Alias")
                    && a.args
                        .iter()
                        .flatten()
                        .any(|arg| arg.as_text().is_some_and(|text| text.eq_ignore_ascii_case(name)))
            })
    };
    params.iter().position(is).or_else(|| {
        let mut begun = params
            .iter()
            .enumerate()
            .filter(|(_, p)| p.name.to_lowercase().starts_with(&name.to_lowercase()))
            .map(|(at, _)| at);
        begun.next().filter(|_| begun.next().is_none())
    })
}

fn argument_is_on(attribute: &Attribute, name: &str) -> bool {
    attribute.name.eq_ignore_ascii_case("Parameter") && attribute.named.iter().any(|(own, value)| {
        own.eq_ignore_ascii_case(name)
            && !matches!(value, Some(Expr { kind: ExprKind::Variable(v), .. }) if v.name.eq_ignore_ascii_case("false"))
    })
}

fn takes_pipeline(param: &Param) -> bool {
    param
        .attributes
        .iter()
        .any(|a| argument_is_on(a, "ValueFromPipeline") || argument_is_on(a, "ValueFromPipelineByPropertyName"))
}

fn is_mandatory(param: &Param) -> bool {
    param.attributes.iter().any(|a| argument_is_on(a, "Mandatory"))
}

fn is_switch(param: &Param) -> bool {
    param.attributes.iter().any(|a| {
        a.args.is_none()
            && a.name.to_lowercase().trim_start_matches("system.management.automation.").starts_with("switch")
    })
}

fn is_common(name: &str) -> bool {
    crate::catalog::COMMON_PARAMETERS
        .iter()
        .any(|c| c.name.eq_ignore_ascii_case(name) || c.alias.eq_ignore_ascii_case(name))
        || name.eq_ignore_ascii_case("whatif")
        || name.eq_ignore_ascii_case("confirm")
}

fn is_common_switch(name: &str) -> bool {
    ["verbose", "debug", "whatif", "confirm", "vb", "db"].contains(&name.to_lowercase().as_str())
}
