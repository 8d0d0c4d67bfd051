//! Statements: each becomes a `step`, loops and branches Rhai's own.

use super::super::ast::{Element, Expr, ExprKind, FlowKind, Redirection, Stmt, StmtKind, Variable};
use super::Lowerer;
use super::text::quoted;

impl Lowerer<'_> {
    pub(super) fn body(&mut self, body: &[Stmt]) {
        let traps = body
            .iter()
            .filter_map(|stmt| match &stmt.kind {
                StmtKind::Trap { type_name, body } => Some((type_name.clone(), body.clone())),
                _ => None,
            })
            .collect();
        self.traps.push(traps);
        self.definitions(body);
        // functions exist before the first statement only where PowerShell says so: in order
        for stmt in body {
            self.step(stmt, "");
        }
        self.traps.pop();
    }

    fn step(&mut self, stmt: &Stmt, label: &str) {
        match &stmt.kind {
            StmtKind::Trap { .. } | StmtKind::Class(_) | StmtKind::Enum(_) | StmtKind::Error => return,
            StmtKind::Labelled { label, stmt } => {
                self.step(stmt, label);
                return;
            }
            StmtKind::Chain { left, and, right } => {
                self.step(left, "");
                self.line(&format!("if {}last_ok() {{", if *and { "" } else { "!" }));
                self.indent += 1;
                self.step(right, "");
                self.indent -= 1;
                self.line("}");
                return;
            }
            _ => {}
        }
        let line = self.line_of(stmt.span);
        let inner = self.captured(|l| l.statement(stmt, label));
        let traps = self.traps.last().cloned().unwrap_or_default();
        let inner = inner.trim();
        if traps.is_empty() {
            let text = if inner.contains('\n') { format!("{{\n    {inner}\n}}") } else { format!("{{ {inner} }}") };
            return self.line(&format!("step {line} {text}"));
        }
        // the trap that fits best: of the error's own type before one for all
        let (typed, all): (Vec<_>, Vec<_>) = traps.into_iter().partition(|(name, _)| name.is_some());
        let mut handlers = String::new();
        for (name, body) in typed.into_iter().chain(all) {
            let loops = std::mem::take(&mut self.loops);
            let handler = self.captured(|l| {
                l.traps.push(Vec::new());
                for stmt in &body {
                    l.step(stmt, "");
                }
                l.traps.pop();
            });
            self.loops = loops;
            let types = name.map(|name| quoted(&name)).unwrap_or_default();
            handlers.push_str(&format!(" handle [{types}] {{\n{}\n}}", handler.trim_end()));
        }
        self.line(&format!("step_trap {line} {{\n    {inner}\n}}{handlers} done;"));
    }

    fn statement(&mut self, stmt: &Stmt, label: &str) {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => self.pipeline_statement(elements),
            StmtKind::Assign { target, op, value } => {
                let text = self.assign(target, op, value);
                self.line(&format!("{text};"));
            }
            StmtKind::If { clauses, otherwise } => self.if_statement(clauses, otherwise.as_deref()),
            StmtKind::While { cond, body } => {
                let cond = self.condition(cond);
                self.line(&format!("while {cond} {{"));
                self.turn(body, label);
                self.line("}");
            }
            StmtKind::Do { body, cond, until } => {
                self.line("do {");
                self.turn(body, label);
                let cond = self.condition(cond);
                self.line(&format!("}} {} {cond};", if *until { "until" } else { "while" }));
            }
            StmtKind::For { init, cond, step, body } => {
                self.for_statement(init.as_deref(), cond.as_deref(), step.as_deref(), body, label)
            }
            StmtKind::Foreach { var, source, body } => {
                let source = self.value_of(source);
                let item = self.fresh("item");
                self.line(&format!("for {item} in items({source}) {{"));
                self.indent += 1;
                let set = self.set_variable(var, &item);
                self.line(&format!("{set};"));
                self.indent -= 1;
                self.turn(body, label);
                self.line("}");
            }
            StmtKind::Switch { flags, subject, clauses, default } => {
                self.switch(flags, subject, clauses, default.as_deref(), label)
            }
            StmtKind::Function { name, filter, body } => {
                let value = self.function_value(body, *filter);
                self.line(&format!("function({}, {value});", quoted(name)));
                for alias in body.attributes.iter().filter(|own| own.name.eq_ignore_ascii_case("Alias")) {
                    for given in alias.args.iter().flatten() {
                        let given = self.expr(given);
                        self.line(&format!("function_alias({given}, {});", quoted(name)));
                    }
                }
            }
            StmtKind::Try { body, catches, finally } => self.try_statement(body, catches, finally.as_deref()),
            StmtKind::Flow { kind, value } => self.flow(*kind, value.as_deref()),
            StmtKind::Jump { next, label } => self.jump(*next, label.as_ref()),
            StmtKind::Opaque { word, .. } if *word == "using" => {}
            StmtKind::Opaque { .. } => {
                let text = self.unsupported("port::class", "a class or other definition", stmt.span);
                self.line(&format!("{text};"));
            }
            StmtKind::Labelled { label, stmt } => self.statement(stmt, label),
            StmtKind::Chain { .. } => self.step(stmt, ""),
            StmtKind::Trap { .. } | StmtKind::Class(_) | StmtKind::Enum(_) | StmtKind::Error => {}
        }
    }

    fn pipeline_statement(&mut self, elements: &[Element]) {
        if let [Element::Expression { expr, redirections }] = elements
            && redirections.is_empty()
        {
            match &expr.kind {
                ExprKind::Step { .. } => {
                    let text = self.expr(expr);
                    self.line(&format!("{text};"));
                    return;
                }
                ExprKind::Cast(name, inner) if name.eq_ignore_ascii_case("void") => {
                    let text = self.expr(inner);
                    self.line(&format!("discard({text});"));
                    return;
                }
                ExprKind::Sub(body) => {
                    self.body(body);
                    return;
                }
                ExprKind::Paren(inner) => {
                    if let StmtKind::Pipeline(inner_elements) = &inner.kind
                        && let [Element::Expression { expr, .. }] = inner_elements.as_slice()
                        && matches!(expr.kind, ExprKind::Step { .. })
                    {
                        let text = self.expr(expr);
                        self.line(&format!("emit({text});"));
                        return;
                    }
                }
                _ => {}
            }
        }
        let (text, redirections) = self.pipeline(elements);
        self.redirected(&redirections, &format!("emit({text});"));
    }

    fn redirected(&mut self, redirections: &[&Redirection], inner: &str) {
        let targets: Vec<String> = redirections
            .iter()
            .filter(|r| r.from != '1')
            .filter_map(|r| r.target.as_ref().map(|target| (r, target)))
            .map(|(r, target)| {
                let file = self.expr(target);
                format!("[{}, {file}]", quoted(&r.from.to_string()))
            })
            .collect();
        if targets.is_empty() {
            self.line(inner);
        } else {
            self.line(&format!("redirected [{}] {{ {inner} }}", targets.join(", ")));
        }
    }

    fn if_statement(&mut self, clauses: &[(Stmt, Vec<Stmt>)], otherwise: Option<&[Stmt]>) {
        for (index, (cond, body)) in clauses.iter().enumerate() {
            let cond = self.condition(cond);
            self.line(&format!("{}if {cond} {{", if index == 0 { "" } else { "} else " }));
            self.indent += 1;
            self.body(body);
            self.indent -= 1;
        }
        if let Some(body) = otherwise {
            self.line("} else {");
            self.indent += 1;
            self.body(body);
            self.indent -= 1;
        }
        self.line("}");
    }

    /// A loop's body: a turn that jumps from deeper down can end.
    fn turn(&mut self, body: &[Stmt], label: &str) {
        self.indent += 1;
        self.line(&format!("turn {} {{", quoted(label)));
        self.indent += 1;
        self.loops += 1;
        self.body(body);
        self.loops -= 1;
        self.indent -= 1;
        self.line("}");
        self.indent -= 1;
    }

    fn for_statement(
        &mut self,
        init: Option<&Stmt>,
        cond: Option<&Stmt>,
        step: Option<&Stmt>,
        body: &[Stmt],
        label: &str,
    ) {
        if let Some(init) = init {
            self.silent(init);
        }
        let again = self.fresh("again");
        self.line(&format!("let {again} = false;"));
        self.line("loop {");
        self.indent += 1;
        self.line(&format!("if {again} {{"));
        if let Some(step) = step {
            self.indent += 1;
            self.silent(step);
            self.indent -= 1;
        }
        self.line("}");
        self.line(&format!("{again} = true;"));
        if let Some(cond) = cond {
            let cond = self.condition(cond);
            self.line(&format!("if !{cond} {{ break; }}"));
        }
        self.indent -= 1;
        self.turn(body, label);
        self.line("}");
    }

    /// The parts of a `for` header, whose values are no output.
    fn silent(&mut self, stmt: &Stmt) {
        if let StmtKind::Pipeline(elements) = &stmt.kind
            && let [Element::Expression { expr, .. }] = elements.as_slice()
        {
            if let ExprKind::Sub(parts) = &expr.kind {
                for part in parts {
                    self.silent(part);
                }
                return;
            }
            let text = self.expr(expr);
            self.line(&format!("discard({text});"));
            return;
        }
        self.statement(stmt, "");
    }

    fn switch(
        &mut self,
        flags: &[String],
        subject: &Stmt,
        clauses: &[(Expr, Vec<Stmt>)],
        default: Option<&[Stmt]>,
        label: &str,
    ) {
        let has = |flag: &str| flags.iter().any(|own| own == flag);
        let mode = if has("regex") {
            "regex"
        } else if has("wildcard") {
            "wildcard"
        } else {
            "exact"
        };
        let exact = has("casesensitive");
        let subject = self.value_of(subject);
        let walk = if has("file") { "file_lines" } else { "switch_items" };
        let (item, hit, saved) = (self.fresh("item"), self.fresh("hit"), self.fresh("saved"));
        self.line(&format!("let {saved} = item_before();"));
        self.line(&format!("for {item} in {walk}({subject}) {{"));
        self.indent += 1;
        self.line(&format!("turn {} {{", quoted(label)));
        self.indent += 1;
        self.line(&format!("let {hit} = false;"));
        self.loops += 1;
        for (test, body) in clauses {
            let test = match &test.kind {
                ExprKind::Block(_) => self.expr(test),
                _ => self.expr(test),
            };
            self.line(&format!("set_item({item});"));
            self.line(&format!("if switch_test({item}, {test}, {}, {exact}) {{", quoted(mode)));
            self.indent += 1;
            self.line(&format!("{hit} = true;"));
            self.body(body);
            self.indent -= 1;
            self.line("}");
        }
        if let Some(body) = default {
            self.line(&format!("if !{hit} {{"));
            self.indent += 1;
            self.line(&format!("set_item({item});"));
            self.body(body);
            self.indent -= 1;
            self.line("}");
        }
        self.loops -= 1;
        self.indent -= 1;
        self.line("}");
        self.indent -= 1;
        self.line("}");
        self.line(&format!("item_after({saved});"));
    }

    fn try_statement(&mut self, body: &[Stmt], catches: &[(Vec<String>, Vec<Stmt>)], finally: Option<&[Stmt]>) {
        self.line("attempt {");
        self.nested_body(body);
        for (types, body) in catches {
            let types: Vec<String> = types.iter().map(|name| quoted(name)).collect();
            self.line(&format!("}} handle [{}] {{", types.join(", ")));
            self.nested_body(body);
        }
        if let Some(body) = finally {
            self.line("} ensure {");
            self.nested_body(body);
        }
        self.line("} done");
    }

    fn nested_body(&mut self, body: &[Stmt]) {
        self.indent += 1;
        self.body(body);
        self.indent -= 1;
    }

    fn flow(&mut self, kind: FlowKind, value: Option<&Stmt>) {
        match kind {
            FlowKind::Return => {
                if self.in_method {
                    let value = value.map_or_else(|| "()".to_owned(), |value| self.value_of(value));
                    self.line(&format!("method_return({value});"));
                } else if let Some(value) = value {
                    self.statement(value, "");
                }
                self.line("return;");
            }
            FlowKind::Throw => {
                let text = match value {
                    Some(value) => {
                        let value = self.value_of(value);
                        format!("throw_value({value});")
                    }
                    None => "rethrow();".to_owned(),
                };
                self.line(&text);
            }
            FlowKind::Exit => {
                let code = value.map_or_else(|| "0".to_owned(), |value| self.value_of(value));
                self.line(&format!("exit_script({code});"));
            }
        }
    }

    fn jump(&mut self, next: bool, label: Option<&Expr>) {
        let word = if next { "continue" } else { "break" };
        match label {
            None if self.loops > 0 => self.line(&format!("{word};")),
            None => self.line(&format!("jump({}, \"\");", quoted(word))),
            Some(label) => {
                let label = self.expr(label);
                self.line(&format!("jump({}, {label});", quoted(word)));
            }
        }
    }

    pub(super) fn set_variable(&mut self, variable: &Variable, value: &str) -> String {
        let name = quoted(&variable.name);
        match variable.scope.as_deref().map(str::to_lowercase).as_deref() {
            None if variable.name.eq_ignore_ascii_case("null") => format!("discard({value})"),
            None => format!("set({name}, {value})"),
            Some("env") => format!("set_env({name}, {value})"),
            Some(scope) => format!("set_in({}, {name}, {value})", quoted(scope)),
        }
    }

    pub(super) fn assign(&mut self, target: &Expr, op: &str, value: &Stmt) -> String {
        let value = self.value_of(value);
        let value = match op {
            "=" => value,
            "??=" => {
                let present = self.expr(target);
                return format!("if is_null({present}) {{ {} }}", self.store(target, &value));
            }
            _ => {
                let present = self.expr(target);
                let name = match op {
                    "+=" => "add",
                    "-=" => "sub",
                    "*=" => "mul",
                    "/=" => "div",
                    _ => "rem",
                };
                format!("{name}({present}, {value})")
            }
        };
        self.store(target, &value)
    }

    fn store(&mut self, target: &Expr, value: &str) -> String {
        match &target.kind {
            ExprKind::Variable(variable) => self.set_variable(variable, value),
            ExprKind::Cast(..) | ExprKind::Attributed(..) => self.store_typed(target, value),
            ExprKind::Call { object, name, args, fixed: false }
                if args.len() == 1 && name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("Item")) =>
            {
                let (object, index) = (self.expr(object), self.expr(&args[0]));
                format!("set_at({object}, {index}, {value})")
            }
            ExprKind::Member { object, name, fixed: false } => {
                let (object, name) = (self.expr(object), self.name_of(name));
                format!("set_member({object}, {name}, {value})")
            }
            ExprKind::Member { object, name, fixed: true } => {
                let (object, name) = (self.type_name_of(object), self.name_of(name));
                format!("static_set({object}, {name}, {value})")
            }
            ExprKind::Index(object, index) => {
                let (object, index) = (self.expr(object), self.expr(index));
                format!("set_at({object}, {index}, {value})")
            }
            ExprKind::List(targets) => {
                let spread = self.fresh("part");
                let mut text = format!("{{ let {spread} = spread({value}, {});", targets.len());
                for (index, target) in targets.iter().enumerate() {
                    let store = self.store(target, &format!("{spread}[{index}]"));
                    text.push_str(&format!(" {store};"));
                }
                text.push_str(" }");
                text
            }
            ExprKind::Paren(inner) => match &inner.kind {
                StmtKind::Pipeline(elements) => match elements.as_slice() {
                    [Element::Expression { expr, .. }] => self.store(expr, value),
                    _ => self.unsupported("port::assignment_target", "this target of an assignment", target.span),
                },
                _ => self.unsupported("port::assignment_target", "this target of an assignment", target.span),
            },
            _ => self.unsupported("port::assignment_target", "this target of an assignment", target.span),
        }
    }

    fn store_typed(&mut self, target: &Expr, value: &str) -> String {
        let mut types = Vec::new();
        let mut checks = Vec::new();
        let mut inner = target;
        loop {
            match &inner.kind {
                ExprKind::Cast(name, next) => {
                    types.push(quoted(name));
                    inner = next;
                }
                ExprKind::Attributed(attribute, next) => {
                    let mut items = vec![quoted(&attribute.name)];
                    items.extend(attribute.args.iter().flatten().map(|arg| self.expr(arg)));
                    checks.push(format!("[{}]", items.join(", ")));
                    inner = next;
                }
                _ => break,
            }
        }
        match &inner.kind {
            ExprKind::Variable(variable) if !checks.is_empty() => {
                let name = quoted(&variable.name);
                format!("set_checked({name}, [{}], [{}], {value})", types.join(", "), checks.join(", "))
            }
            ExprKind::Variable(variable) if variable.scope.is_some() => {
                let value = types.iter().rev().fold(value.to_owned(), |value, name| format!("cast({name}, {value})"));
                self.set_variable(variable, &value)
            }
            ExprKind::Variable(variable) => {
                format!("set_typed({}, [{}], {value})", quoted(&variable.name), types.join(", "))
            }
            _ => {
                let value = types.iter().rev().fold(value.to_owned(), |value, name| format!("cast({name}, {value})"));
                self.store(inner, &value)
            }
        }
    }
}
