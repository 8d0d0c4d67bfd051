//! Ways out of the straight line: errors, ends, returns, jumps between loops.
//!
//! The loops themselves are in `loops`.

use super::super::ast::{Element, Expr, ExprKind, FlowKind, Stmt, StmtKind};
use super::scope::key;
use super::text::quoted;
use super::{Keeper, Output, names};
use crate::diagnostic::Span;

impl<'s> Keeper<'s> {
    /// A loop with a label: what inner loops leave behind when they go on with it, or leave it.
    pub(super) fn labelled(&mut self, label: &str, stmt: &'s Stmt) {
        let inner = inner_jump(stmt, label);
        let (next, leave) = super::loops::jumps_out(stmt, label);
        let (next, leave) = (next && inner, leave && inner);
        let name = flag_name(label);
        if next {
            self.line(&format!("let next_{name} = false;"));
        }
        if leave {
            self.line(&format!("let leave_{name} = false;"));
        }
        self.label = Some(label.to_owned());
        self.plain(stmt);
        self.label = None;
    }

    /// After an inner loop: on with the outer one, or out of it.
    pub(super) fn after_loop(&mut self, stmt: &Stmt) {
        let labels = self.labels.clone();
        for (at, label) in labels.iter().enumerate() {
            let Some(label) = label else { continue };
            let (next, leave) = super::loops::jumps_out(stmt, label);
            let name = flag_name(label);
            let last = at + 1 == labels.len();
            if next && last {
                self.line(&format!("if next_{name} {{"));
                self.line(&format!("    next_{name} = false;"));
                self.line("    continue;");
                self.line("}");
            }
            if leave && last {
                self.line(&format!("if leave_{name} {{"));
                self.line("    break;");
                self.line("}");
            }
            if (next || leave) && !last {
                let flags = [(next, "next"), (leave, "leave")];
                let flags: Vec<String> =
                    flags.iter().filter(|(on, _)| *on).map(|(_, word)| format!("{word}_{name}")).collect();
                self.line(&format!("if {} {{", flags.join(" || ")));
                self.line("    break;");
                self.line("}");
            }
        }
    }

    pub(super) fn try_statement(
        &mut self,
        body: &'s [Stmt],
        catches: &'s [(Vec<String>, Vec<Stmt>)],
        finally: Option<&'s [Stmt]>,
    ) {
        let output = self.output.clone();
        if finally.is_some() {
            self.line("guard {");
            self.indent += 1;
        }
        if catches.is_empty() {
            self.indent -= 1;
            self.nested_as(body, output.clone());
            self.indent += 1;
        } else {
            self.line("try {");
            self.nested_as(body, output.clone());
            self.line("} catch (err) {");
            let item = std::mem::replace(&mut self.item, "err".into());
            self.catches(catches, &output);
            self.item = item;
            self.line("}");
        }
        if let Some(finally) = finally {
            self.indent -= 1;
            self.line("} finally {");
            self.nested_as(finally, output);
            self.line("}");
        }
    }

    fn catches(&mut self, catches: &'s [(Vec<String>, Vec<Stmt>)], output: &Output) {
        if let [(types, body)] = catches
            && types.is_empty()
        {
            return self.nested_as(body, output.clone());
        }
        self.indent += 1;
        let mut caught_all = false;
        for (index, (types, body)) in catches.iter().enumerate() {
            let types: Vec<String> = types.iter().map(|name| quoted(name)).collect();
            let other = if index == 0 { "" } else { "} else " };
            if types.is_empty() {
                self.line("} else {");
                caught_all = true;
            } else {
                self.line(&format!("{other}if caught(err, [{}]) {{", types.join(", ")));
            }
            self.nested_as(body, output.clone());
        }
        if !caught_all {
            self.line("} else {");
            self.line("    throw err;");
        }
        self.line("}");
        self.indent -= 1;
    }

    /// `trap`, where nothing before it in its function can fail: what it does with errors.
    pub(super) fn trap(&mut self, type_name: Option<&str>, body: &'s [Stmt], stmt: &Stmt) {
        if !self.traps.contains(&key(stmt)) {
            let code = self.unsupported("trap", "trap", stmt.span);
            return self.line(&format!("{};", code.text));
        }
        let types = type_name.map(|name| format!("[{}], ", quoted(name))).unwrap_or_default();
        self.line(&format!("on_error({types}|err| {{"));
        let item = std::mem::replace(&mut self.item, "err".into());
        let labels = std::mem::replace(&mut self.labels, vec![Some(TRAP.to_owned())]);
        let loops = std::mem::take(&mut self.loops);
        self.closures += 1;
        let output = self.output.clone();
        match body.split_last() {
            Some((Stmt { kind: StmtKind::Jump { next: true, label: None }, .. }, rest)) => {
                self.nested_as(rest, output);
            }
            last => {
                self.nested_as(body, output);
                if !matches!(last, Some((Stmt { kind: StmtKind::Jump { .. } | StmtKind::Flow { .. }, .. }, _))) {
                    self.line("    show_error(err);");
                }
            }
        }
        self.closures -= 1;
        (self.item, self.labels, self.loops) = (item, labels, loops);
        self.line("});");
    }

    /// Notes the traps at the beginning of a function's body, or of the script's.
    pub(super) fn note_traps(&mut self, body: &'s [Stmt]) {
        let cannot_fail = |stmt: &Stmt| match &stmt.kind {
            StmtKind::Function { .. } | StmtKind::Enum(_) | StmtKind::Trap { .. } | StmtKind::Opaque { .. } => true,
            StmtKind::Assign { target, op: "=", value } => {
                matches!(target.kind, ExprKind::Variable(_))
                    && super::loops::only(value).is_some()
                    && !self.may_fail(value)
            }
            StmtKind::Pipeline(_) => {
                let name = |name: &str| {
                    matches!(&stmt.kind, StmtKind::Pipeline(elements)
                    if matches!(elements.as_slice(), [Element::Command(command)]
                        if command.name.as_text().is_some_and(|own| own.eq_ignore_ascii_case(name))))
                };
                name("Write-Host") || name("Set-StrictMode") || name("Write-Output")
            }
            _ => false,
        };
        let leading = body.iter().take_while(|stmt| cannot_fail(stmt));
        let traps: Vec<usize> = leading.filter(|stmt| matches!(stmt.kind, StmtKind::Trap { .. })).map(key).collect();
        self.traps.extend(traps);
    }

    pub(super) fn flow(&mut self, kind: FlowKind, value: Option<&'s Stmt>) {
        match kind {
            FlowKind::Throw => {
                let text = match value {
                    Some(value) => self.value_of(value).text,
                    None if self.item == "err" => "err".to_owned(),
                    None => quoted("ScriptHalted"),
                };
                self.line(&format!("throw {text};"));
            }
            FlowKind::Exit => {
                let code = value.map(|value| self.value_of(value).text).unwrap_or_default();
                self.line(&format!("exit({code});"));
            }
            FlowKind::Return => self.return_statement(value),
        }
    }

    fn return_statement(&mut self, value: Option<&'s Stmt>) {
        let process = self.labels.iter().position(|label| label.as_deref() == Some(super::loops::PROCESS));
        if let Some(at) = process {
            // on with the next object
            if let Some(value) = value {
                let code = self.value_of(value);
                self.give(code);
            }
            if at + 1 == self.labels.len() {
                self.line("continue;");
            } else {
                self.line("next_object = true;");
                self.line("break;");
            }
            return;
        }
        match (&self.output, value) {
            (_, None) if self.output == Output::Collect => self.line("return out.all();"),
            (_, None) => self.line("return;"),
            (Output::Tail, Some(value)) => {
                let code = self.value_of(value);
                self.line(&format!("return {};", code.text));
            }
            (Output::Collect, Some(value)) => {
                let code = self.value_of(value);
                self.line(&format!("out.emit({});", code.text));
                self.line("return out.all();");
            }
            (Output::Show, Some(value)) => {
                if let StmtKind::Pipeline(elements) = &value.kind {
                    self.pipeline_statement(elements, value.span);
                } else {
                    let code = self.value_of(value);
                    self.give(code);
                }
                self.line("return;");
            }
        }
    }

    pub(super) fn jump(&mut self, next: bool, label: Option<&'s Expr>, span: Span) {
        let word = if next { "continue" } else { "break" };
        if label.is_none() && self.loops == 0 && self.labels.first().is_some_and(|own| own.as_deref() == Some(TRAP)) {
            return self.line(if next { "return;" } else { "throw err;" });
        }
        let name = label.and_then(Expr::as_text);
        let at = name.and_then(|name| {
            let is_own = |own: &Option<String>| own.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name));
            self.labels.iter().rposition(is_own)
        });
        match (label, name, at) {
            (None, ..) if self.loops > 0 => self.line(&format!("{word};")),
            (_, _, Some(at)) if at + 1 == self.labels.len() => self.line(&format!("{word};")),
            (_, Some(name), Some(_)) => {
                let kind = if next { "next" } else { "leave" };
                self.line(&format!("{kind}_{} = true;", flag_name(name)));
                self.line("break;");
            }
            (None, ..) if self.closures == 0 && self.inside == 0 => {
                self.line(&format!("return; // {word} outside of a loop ends a script"));
            }
            (Some(computed), None, _) => {
                self.find("jump", format!("the label of {word} is computed"), span);
                let label = self.expr(computed);
                self.line(&format!("jump({}, {});", quoted(word), label.text));
            }
            _ => {
                self.find("jump", format!("{word} acts on a loop outside"), span);
                self.line(&format!("jump({}, {});", quoted(word), quoted(name.unwrap_or_default())));
            }
        }
    }
}

/// Stands as a label for the errors that a `trap` takes.
const TRAP: &str = "\u{1}trap";

/// The name of a label in the flags of its loops.
fn flag_name(label: &str) -> String {
    if label == super::loops::PROCESS { "object".to_owned() } else { names::variable(&label.to_lowercase()) }
}

/// Whether a jump to the label stands in a loop inside the labelled one.
fn inner_jump(stmt: &Stmt, label: &str) -> bool {
    let bodies: Vec<&[Stmt]> = match &stmt.kind {
        StmtKind::For { body, .. }
        | StmtKind::Foreach { body, .. }
        | StmtKind::While { body, .. }
        | StmtKind::Do { body, .. } => vec![body],
        StmtKind::Switch { clauses, default, .. } => {
            clauses.iter().map(|(_, body)| body.as_slice()).chain(default.as_deref()).collect()
        }
        _ => Vec::new(),
    };
    bodies.into_iter().flatten().any(|stmt| super::loops::jumps_out(stmt, label) != (false, false))
}
