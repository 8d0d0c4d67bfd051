//! Functions of the script: their heads and bodies, what they do for each piped object.
//!
//! Rhai's functions have positions only: a call gives every parameter its value, or `()`.

use super::super::ast::{Block, Expr, ExprKind, Param, Stmt};
use super::super::ast_walk::Node;
use super::known::plain_name;
use super::parameter::{is_switch, parameter_sets, takes_input, takes_property, takes_value};
use super::parameter_set::{is_of_some_calls, tells_set};
use super::pipeline::Puts;
use super::scope::key;
use super::text::quoted;
use super::{Keeper, Known, names};

impl<'s> Keeper<'s> {
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
        if known.item {
            params.push("it".to_owned());
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
            std::mem::replace(&mut self.item, if known.item || known.piped { "it" } else { "" }.into()),
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
        self.of_some_calls
            .extend(known.params.iter().filter(|param| is_of_some_calls(block, param)).map(|param| key(*param)));
        let outer_set = std::mem::replace(&mut self.asks_set, tells_set(block, known.piped));
        if parameter_sets(&known.params) > 1 && !self.asks_set {
            self.find("parameter_sets", format!("{} has several parameter sets", known.written), block.span);
        }
        if known.bound {
            self.bound_parameters(&own);
            for param in own.iter().filter(|param| is_switch(param)) {
                let name = names::variable(&param.name);
                self.line(&format!("let {name} = truthy({name});"));
            }
        }
        self.chosen_set(block);
        for param in &known.params {
            let is_piped = known.piped && takes_input(param);
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
        self.asks_set = outer_set;
        (self.loops, self.labels, self.closures, self.item, self.own_function, self.function_name) = state;
        (self.has_bound, self.has_what_if, self.has_input) = flags;
        self.line("}");
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
            self.not_yet_piped(begin, known, "()");
            self.body(begin);
            self.comments_at_the_end(begin);
        }
        let piped = known.params.iter().find(|p| takes_value(p)).copied();
        let by_name: Vec<&'s Param> = known.params.iter().filter(|p| takes_property(p)).copied().collect();
        let name = piped.map_or_else(|| "it".to_owned(), |param| names::variable(&param.name));
        if let Some(process) = process {
            self.process(process, &name, piped, &by_name);
            self.not_yet_piped(rest, known, "last_of(input)");
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

    /// What the parameter of the piped objects is before the first of them, or after the last.
    fn not_yet_piped(&mut self, body: &[Stmt], known: &Known<'s>, value: &str) {
        let piped = known.params.iter().find(|param| takes_value(param));
        if let Some(param) = piped.filter(|param| super::pipeline::mentions_variable(body, &param.name)) {
            self.line(&format!("let {} = {value};", names::variable(&param.name)));
        }
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
