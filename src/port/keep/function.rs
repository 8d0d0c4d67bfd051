//! Functions of the script: their parameters, their bodies, and calls of them.
//!
//! Rhai's functions have positions only: a call gives every parameter its value, or `()`.

use super::super::ast::{Attribute, Block, Expr, ExprKind, Invoke, Param, Stmt, StmtKind};
use super::super::ast_walk::{Node, walk_block};
use super::pipeline::{Puts, uses};
use super::scope::key;
use super::text::quoted;
use super::types::Ty;
use super::{Code, Keeper, Known, Level, names};
use crate::diagnostic::Span;

impl<'s> Keeper<'s> {
    /// Learns all functions before the first call is written.
    pub(super) fn collect_functions(&mut self, script: &'s Block) {
        let found = functions_in(script);
        for (name, filter, body) in found.iter().copied() {
            let params: Vec<&Param> = body.params.iter().flatten().collect();
            let takes = |p: &&Param| takes_value(p) || takes_property(p);
            let piped = filter || body.process.is_some() || params.iter().any(takes) || uses(body, "input");
            let args = body.params.is_none() && uses(body, "args");
            let advanced = body.attributes.iter().any(|a| a.name.eq_ignore_ascii_case("CmdletBinding"))
                || params.iter().any(|p| p.attributes.iter().any(|a| a.name.eq_ignore_ascii_case("Parameter")));
            let known = Known {
                name: names::function(name),
                written: name,
                params,
                piped,
                rounds: filter || body.process.is_some(),
                args,
                advanced,
                bound: mentions_deeply(body, "psboundparameters"),
                what_if: asks_first(body),
            };
            if super::pipeline::talks(body) {
                self.talking_functions.insert(plain_name(name));
            }
            if gives_a_list_whole(body) {
                self.nesting_functions.insert(plain_name(name));
            }
            self.functions.insert(plain_name(name), known);
        }
        self.note_calls_outside(script);
        self.prove(script);
        self.true_functions = found
            .iter()
            .filter(|(_, filter, body)| !filter && self.gives_truth(body))
            .map(|(name, _, _)| plain_name(name))
            .collect();
        // a function is silent when everything it does is
        let bodies: Vec<(String, &'s Block)> = found.iter().map(|(name, _, body)| (plain_name(name), *body)).collect();
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

    /// Notes calls of functions that PowerShell has forgotten there: they end with the function or block they are in.
    fn note_calls_outside(&mut self, script: &'s Block) {
        let mut places: Vec<Span> = Vec::new();
        let mut defined: Vec<(String, Span)> = Vec::new();
        let mut calls: Vec<(&'s str, Span)> = Vec::new();
        walk_block(script, &mut |node| {
            match node {
                Node::Stmt(Stmt { kind: StmtKind::Function { name, body, .. }, span }) => {
                    let innermost = places.iter().filter(|place| contains(**place, *span));
                    let innermost = innermost.min_by_key(|place| place.end - place.start);
                    defined.push((plain_name(name), innermost.copied().unwrap_or(Span::new(0, usize::MAX))));
                    places.push(body.span);
                }
                Node::Expr(Expr { kind: ExprKind::Block(block), span }) => {
                    let is_taken_in =
                        calls.last().is_some_and(|(name, call)| name.is_empty() && contains(*call, *span));
                    if !is_taken_in {
                        places.push(block.span);
                    }
                }
                Node::Command(command) => match command.name.as_text() {
                    Some(name) => calls.push((name, command.span)),
                    None if command.invoke == Invoke::Dot => calls.push(("", command.name.span)),
                    None => {}
                },
                _ => {}
            }
            true
        });
        for (name, call) in calls {
            let mut own = defined.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name)).peekable();
            if own.peek().is_some() && !own.any(|(_, place)| contains(*place, call)) {
                self.find("local_function", format!("{name} is called where PowerShell has it no more"), call);
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

    pub(super) fn function(&mut self, name: &'s str, filter: bool, block: &'s Block) {
        if !self.written.insert(plain_name(name)) {
            let code = self.unsupported("redefinition", &format!("a second definition of {name}"), block.span);
            return self.line(&format!("{};", code.text));
        }
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
        let piped_param = known.params.iter().find(|p| takes_value(p)).copied();
        let mut params: Vec<String> = Vec::new();
        if known.piped {
            params.push("input".to_owned());
        }
        let own: Vec<&'s Param> =
            known.params.iter().filter(|p| piped_param.is_none_or(|piped| piped.name != p.name)).copied().collect();
        params.extend(own.iter().map(|p| names::variable(&p.name)));
        if known.args {
            params.push("args".to_owned());
        }
        if known.what_if {
            params.push("WhatIf".to_owned());
        }
        let first = block.params.iter().flatten().next().map(|param| param.span.start);
        let first = first.or_else(|| first_statement(block)).unwrap_or(block.span.start);
        self.help(first);
        self.line(&format!("fn {}({}) {{", known.name, params.join(", ")));
        let state = (
            std::mem::take(&mut self.loops),
            std::mem::take(&mut self.labels),
            std::mem::take(&mut self.closures),
            std::mem::replace(&mut self.item, "it".into()),
            self.own_function.replace(key(block)),
            self.function_name.replace(known.written.to_owned()),
        );
        let flags = (
            std::mem::replace(&mut self.has_bound, known.bound),
            std::mem::replace(&mut self.has_what_if, known.what_if),
            std::mem::replace(&mut self.has_input, known.piped),
        );
        self.inside += 1;
        self.indent += 1;
        self.in_sets = parameter_sets(&known.params) > 1;
        if self.in_sets {
            self.find("parameter_sets", format!("{} has several parameter sets", known.written), block.span);
        }
        if known.bound {
            self.bound_parameters(&own);
            for param in own.iter().filter(|param| is_switch(param)) {
                let name = names::variable(&param.name);
                self.line(&format!("let {name} = truthy({name});"));
            }
        }
        for param in &known.params {
            let is_piped = known.piped && (takes_property(param) || takes_value(param));
            if is_piped {
                self.comments_before(param.span.start);
            } else {
                self.default(param);
            }
            self.comment_behind(param.span.end);
        }
        for name in self.scopes.imported.get(&key(block)).cloned().unwrap_or_default() {
            let name = self.spelling(&name);
            self.line(&format!("let {name} = script({});", quoted(&name)));
        }
        for param in &own {
            let name = names::variable(&param.name);
            if !self.scopes.lent.contains(&param.name.to_lowercase()) {
                continue;
            }
            self.line(&format!("set_script({}, {name});", quoted(&name)));
        }
        self.function_body(block, filter, &known);
        self.indent -= 1;
        self.inside -= 1;
        self.in_sets = false;
        (self.loops, self.labels, self.closures, self.item, self.own_function, self.function_name) = state;
        (self.has_bound, self.has_what_if, self.has_input) = flags;
        self.line("}");
    }

    /// `$PSBoundParameters`: the parameters that have a value.
    fn bound_parameters(&mut self, params: &[&'s Param]) {
        let entries: Vec<String> = params
            .iter()
            .map(|param| {
                let name = names::variable(&param.name);
                let key = if names::is_plain(&param.name) { param.name.clone() } else { quoted(&param.name) };
                format!("{key}: {name}")
            })
            .collect();
        self.line(&format!("let bound = given(table {{ {} }});", entries.join(", ")));
    }

    /// A comment that explains a function, from inside its braces: before the function, where Rhai's readers look.
    fn help(&mut self, until: usize) {
        let Some(comment) = self.comments.get(self.next_comment) else { return };
        if !comment.block || !comment.text.contains('\n') || comment.span.start >= until {
            return;
        }
        self.next_comment += 1;
        self.done = self.done.max(comment.span.end);
        let text = comment.text.trim_matches(['\n', '\r']).trim_end();
        let margin = |line: &str| line.len() - line.trim_start().len();
        let least = text.lines().filter(|line| !line.trim().is_empty()).map(margin).min().unwrap_or(0);
        for line in text.lines() {
            let line = line.get(least..).unwrap_or_default().trim_end();
            self.line(format!("/// {line}").trim_end());
        }
    }

    fn function_body(&mut self, block: &'s Block, filter: bool, known: &Known<'s>) {
        if !known.piped && block.process.is_none() && block.begin.is_none() && block.clean.is_none() {
            let body = block.end.as_ref().unwrap_or(&block.body);
            self.note_traps(body);
            return self.body_with_value(body);
        }
        // begin, process for each object, end
        let process = block.process.as_ref().or_else(|| filter.then_some(&block.body));
        let rest = block.end.as_ref().unwrap_or(if filter { const { &Vec::new() } } else { &block.body });
        let silent = [block.begin.as_ref(), process, Some(rest)]
            .into_iter()
            .flatten()
            .all(|body| self.puts(body) == Puts::Nothing && !super::loops::returns_value(body));
        let output = if silent { super::Output::Tail } else { super::Output::Collect };
        let before = std::mem::replace(&mut self.output, output);
        if !silent {
            self.line("let out = outputs();");
        }
        if let Some(begin) = &block.begin {
            self.body(begin);
            self.comments_at_the_end(begin);
        }
        let piped = known.params.iter().find(|p| takes_value(p)).copied();
        let by_name: Vec<&'s Param> = known.params.iter().filter(|p| takes_property(p)).copied().collect();
        let name = piped.map_or_else(|| "it".to_owned(), |param| names::variable(&param.name));
        if let Some(process) = process {
            self.process(process, &name, piped, &by_name);
        } else {
            // without a process block the last object is what the parameters have
            if piped.is_some() || !by_name.is_empty() {
                self.line(&format!("let {name} = last_of(input);"));
            }
            self.piped_parameters(&name, piped, &by_name);
        }
        self.body(rest);
        self.comments_at_the_end(rest);
        if let Some(clean) = &block.clean {
            self.body(clean);
        }
        if !silent {
            self.line("out.all()");
        }
        self.output = before;
    }

    /// What is done for each piped object.
    fn process(&mut self, process: &'s [Stmt], name: &str, piped: Option<&'s Param>, by_name: &[&'s Param]) {
        let nested = process.iter().any(|stmt| super::loops::jumps_out(stmt, super::loops::PROCESS).0);
        if nested {
            self.line("let next_object = false;");
        }
        self.line(&format!("for {name} in input {{"));
        self.indent += 1;
        if name != "it" && process_uses_item(process) {
            self.line(&format!("let it = {name};"));
        }
        self.piped_parameters(name, piped, by_name);
        self.indent -= 1;
        self.label = Some(super::loops::PROCESS.to_owned());
        self.round(process);
        self.line("}");
    }

    /// Parameters that come from the piped object.
    fn piped_parameters(&mut self, object: &str, piped: Option<&'s Param>, by_name: &[&'s Param]) {
        for param in by_name {
            let name = names::variable(&param.name);
            let own = piped.is_some_and(|piped| piped.name == param.name);
            if own && param.type_name().is_some() {
                self.line(&format!("let {name} = piped({object}, {});", quoted(&param.name)));
            } else if !own {
                let property = super::statement::member(object, &param.name);
                self.line(&format!("let {name} = {name} ?? {property};"));
            }
            if !own {
                self.default(param);
            }
        }
        if let Some(param) = piped {
            self.default(param);
        }
    }

    /// Defaults, types and validation of parameters.
    pub(super) fn defaults(&mut self, params: &'s [Param]) {
        for param in params {
            self.default(param);
        }
    }

    fn default(&mut self, param: &'s Param) {
        self.comments_before(param.span.start);
        let name = names::variable(&param.name);
        // what is checked is what was given: defaults are not
        self.validations(param, &name);
        let value = match &param.default {
            Some(default) => {
                let code = self.expr(default);
                format!("{name} ?? {}", code.tight(Level::And))
            }
            None => name.clone(),
        };
        let typed = self.typed(param, &Code::at(value, Ty::Any, Level::Or));
        if typed != name {
            self.line(&format!("let {name} = {typed};"));
        }
    }

    /// The value of a parameter as its type wants it.
    fn typed(&mut self, param: &Param, value: &Code) -> String {
        let Some(name) = param.type_name() else { return value.text.clone() };
        let unset = param.default.is_none() && !is_mandatory(param);
        match name.to_lowercase().as_str() {
            _ if self.proved.contains(&key(param)) => value.text.clone(),
            "int" | "int32" | "long" | "int64" | "double" | "float" | "single" | "decimal" | "string" => {
                self.cast_text(name, value).text
            }
            "bool" | "boolean" => format!("to_bool({})", value.text),
            "datetime" | "timespan" if !unset => self.cast_text(name, value).text,
            lower if CONVERTED.contains(&lower) || self.enumerations.contains(lower) => {
                format!("given_as({}, {})", value.text, quoted(name))
            }
            lower if lower.ends_with("[]") && !unset => {
                // a list of its own in the default is none too many
                let text = value.text.strip_suffix(')').and_then(|text| text.split_once(" ?? list("));
                text.map_or_else(
                    || format!("to_list({})", value.text),
                    |(given, default)| format!("to_list({given} ?? {default})"),
                )
            }
            _ => value.text.clone(),
        }
    }

    fn validations(&mut self, param: &'s Param, name: &str) {
        if is_mandatory(param) && !(self.in_sets && in_a_set(param)) {
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
        self.has_what_if = asks_first(block);
        if self.has_what_if {
            self.line("let WhatIf = switch_parameter(\"WhatIf\");");
        }
        let Some(params) = &block.params else { return };
        self.comments_before(block.params.iter().flatten().next().map_or(0, |p| p.span.start));
        let reads = reads(params);
        if mentions_deeply(block, "psboundparameters") {
            self.has_bound = true;
            let entries: Vec<String> =
                params.iter().zip(&reads).map(|(param, read)| format!("{}: {read}", quoted(&param.name))).collect();
            self.line(&format!("let bound = given({});", super::writer::enclosed("table { ", &entries, " }")));
        }
        for (param, read) in params.iter().zip(reads) {
            self.comments_before(param.span.start);
            let name = names::variable(&param.name);
            let value = match &param.default {
                Some(default) => {
                    let code = self.expr(default);
                    format!("{read} ?? {}", code.tight(Level::And))
                }
                None if is_text(param) && !is_mandatory(param) => format!("{read} ?? \"\""),
                None => read.clone(),
            };
            let typed = match param.default.as_ref().map(|default| self.type_of(default)) {
                // words of the command line are text
                None | Some(Ty::Str) if is_text(param) => value,
                _ => self.typed(param, &Code::at(value, Ty::Any, Level::Or)),
            };
            let lower = param.name.to_lowercase();
            if self.scopes.shared.contains(&lower) {
                self.line(&format!("set_script({}, {typed});", quoted(&name)));
            } else {
                self.line(&format!("let {name} = {typed};"));
            }
            let shown = if self.scopes.shared.contains(&lower) { format!("script({})", quoted(&name)) } else { name };
            self.done = self.done.max(param.span.end);
            self.comment_behind(param.span.end);
            self.validations(param, if param.default.is_some() { &read } else { &shown });
        }
        self.out.push('\n');
    }
}

/// Types that make something else of what is given for a parameter, and nothing of nothing.
const CONVERTED: &[&str] = &[
    "datetime",
    "timespan",
    "guid",
    "version",
    "xml",
    "uri",
    "char",
    "byte",
    "sbyte",
    "int16",
    "uint16",
    "uint32",
    "uint64",
    "ipaddress",
    "net.ipaddress",
    "regex",
    "mailaddress",
    "net.mail.mailaddress",
    "bigint",
    "semver",
];

/// How a script reads its parameters: by place where they have one, in the order they are declared.
fn reads(params: &[Param]) -> Vec<String> {
    let place = |param: &Param| {
        param.attributes.iter().flat_map(|a| &a.named).find_map(|(name, value)| match value.as_ref().map(|v| &v.kind) {
            Some(ExprKind::Number(super::super::ast::Number::Int(n), _)) if name.eq_ignore_ascii_case("Position") => {
                Some(*n)
            }
            _ => None,
        })
    };
    let explicit = params.iter().any(|param| place(param).is_some());
    let mut next = 0;
    let read = |param: &Param| {
        let name = quoted(&param.name);
        if is_switch(param) {
            return format!("switch_parameter({name})");
        }
        if explicit {
            return place(param).map_or_else(|| format!("parameter({name})"), |at| format!("parameter({name}, {at})"));
        }
        next += 1;
        format!("parameter({name}, {})", next - 1)
    };
    params.iter().map(read).collect()
}

/// How many parameter sets the parameters name.
fn parameter_sets(params: &[&Param]) -> usize {
    let mut names: Vec<String> = params
        .iter()
        .flat_map(|param| &param.attributes)
        .flat_map(|a| &a.named)
        .filter(|(name, _)| name.eq_ignore_ascii_case("ParameterSetName"))
        .filter_map(|(_, value)| value.as_ref().and_then(|value| value.as_text()).map(str::to_lowercase))
        .collect();
    names.sort();
    names.dedup();
    names.len()
}

fn in_a_set(param: &Param) -> bool {
    param.attributes.iter().flat_map(|a| &a.named).any(|(name, _)| name.eq_ignore_ascii_case("ParameterSetName"))
}

/// Whether a block reads a variable, in blocks inside it too.
fn mentions_deeply(block: &Block, lower: &str) -> bool {
    let mut found = false;
    walk_block(block, &mut |node| {
        match node {
            Node::Expr(Expr { kind: ExprKind::Variable(v), .. }) => found |= v.name.eq_ignore_ascii_case(lower),
            Node::Expr(Expr { kind: ExprKind::Splat(name), .. }) => found |= name.eq_ignore_ascii_case(lower),
            Node::Stmt(Stmt { kind: StmtKind::Function { .. }, .. }) => return false,
            _ => {}
        }
        true
    });
    found
}

/// Whether a block asks `$PSCmdlet.ShouldProcess(…)` before it does something.
fn asks_first(block: &Block) -> bool {
    let mut found = false;
    walk_block(block, &mut |node| {
        match node {
            Node::Expr(Expr { kind: ExprKind::Call { object, name, .. }, .. }) => {
                found |= super::member::is_should_process(object, name);
            }
            Node::Stmt(Stmt { kind: StmtKind::Function { .. }, .. }) => return false,
            _ => {}
        }
        true
    });
    found
}

fn first_statement(block: &Block) -> Option<usize> {
    let parts = [block.begin.as_ref(), block.process.as_ref(), block.end.as_ref(), Some(&block.body)];
    parts.into_iter().flatten().filter_map(|body| body.first()).map(|stmt| stmt.span.start).min()
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

/// The functions of a script with whether they are filters, nested ones and those in script blocks too.
fn functions_in(block: &Block) -> Vec<(&str, bool, &Block)> {
    let mut found = Vec::new();
    walk_block(block, &mut |node| {
        if let Node::Stmt(Stmt { kind: StmtKind::Function { name, filter, body }, .. }) = node {
            found.push((name.as_str(), *filter, &**body));
        }
        true
    });
    found
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Whether a function ends in `,$list` or `return ,$list`.
fn gives_a_list_whole(block: &Block) -> bool {
    let is_comma = |stmt: &Stmt| {
        super::loops::only(stmt).is_some_and(|expr| match &expr.kind {
            ExprKind::Unary(op, _) => *op == ",",
            ExprKind::List(items) => items.len() == 1,
            _ => false,
        })
    };
    block.end.as_ref().unwrap_or(&block.body).last().is_some_and(|last| match &last.kind {
        StmtKind::Flow { value: Some(value), .. } => is_comma(value),
        _ => is_comma(last),
    })
}

/// The name of a function as calls write it, in lower case.
fn plain_name(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_lowercase()
}

fn argument_is_on(attribute: &Attribute, name: &str) -> bool {
    attribute.name.eq_ignore_ascii_case("Parameter") && attribute.named.iter().any(|(own, value)| {
        own.eq_ignore_ascii_case(name)
            && !matches!(value, Some(Expr { kind: ExprKind::Variable(v), .. }) if v.name.eq_ignore_ascii_case("false"))
    })
}

/// Whether a parameter gets the piped objects themselves.
pub(super) fn takes_value(param: &Param) -> bool {
    param.attributes.iter().any(|a| argument_is_on(a, "ValueFromPipeline"))
}

/// Whether a parameter gets a property of the piped objects.
fn takes_property(param: &Param) -> bool {
    param.attributes.iter().any(|a| argument_is_on(a, "ValueFromPipelineByPropertyName"))
}

pub(super) fn is_mandatory(param: &Param) -> bool {
    param.attributes.iter().any(|a| argument_is_on(a, "Mandatory"))
}

pub(super) fn is_text(param: &Param) -> bool {
    param.type_name().is_some_and(|name| name.eq_ignore_ascii_case("string"))
}

pub(super) fn is_switch(param: &Param) -> bool {
    param.attributes.iter().any(|a| {
        a.args.is_none()
            && a.name.to_lowercase().trim_start_matches("system.management.automation.").starts_with("switch")
    })
}
