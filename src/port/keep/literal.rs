//! Lists, tables, objects and casts.
//!
//! `object { … }`, `ordered { … }` and `table { … }` keep order and ignore the case of names; Rhai's own maps do neither.

use super::super::ast::{Element, Expr, ExprKind, Stmt, StmtKind};
use super::text::quoted;
use super::types::{self, Ty};
use super::writer::{BEHIND, enclosed};
use super::{Code, Keeper, Level, names};

impl<'s> Keeper<'s> {
    /// `@( … )`.
    pub(super) fn array(&mut self, body: &'s [Stmt]) -> Code {
        if body.is_empty() {
            return Code::atom("list([])", Ty::List);
        }
        if let [only] = body
            && let Some(expr) = super::loops::only(only)
            && matches!(expr.kind, ExprKind::List(_))
        {
            return self.expr(expr);
        }
        let simple = |stmt: &Stmt| {
            matches!(&stmt.kind, StmtKind::Pipeline(elements) if matches!(elements.as_slice(),
                [Element::Expression { expr, redirections }] if redirections.is_empty()
                    && matches!(expr.kind, ExprKind::Str { .. } | ExprKind::Expand(_) | ExprKind::Number(..) | ExprKind::Hash(_) | ExprKind::Cast(..))))
        };
        if body.len() > 1 && body.iter().all(simple) {
            let items: Vec<String> = body.iter().map(|stmt| self.value_of(stmt).text).collect();
            return Code::atom(format!("list({})", enclosed("[", &items, "]")), Ty::List);
        }
        if let [Stmt { kind: StmtKind::Pipeline(elements), span, .. }] = body
            && let [Element::Command(command)] = elements.as_slice()
            && let Some(name) = command.name.as_text()
            && self.nesting_functions.contains(&name.to_lowercase())
        {
            self.find("nested_output", format!("the list that {name} gives whole is taken apart here"), *span);
        }
        let code = self.collected(body);
        Code::atom(format!("list({})", code.text), Ty::List)
    }

    /// `word { Name: value, … }`.
    pub(super) fn table(&mut self, word: &str, entries: &'s [(Expr, Stmt)], ty: Ty) -> Code {
        let mut items: Vec<String> = Vec::new();
        let mut end = entries.first().map_or(0, |(key, _)| key.span.start);
        for (key, value) in entries {
            let begin = key.span.start;
            let (behind, before) = self.comments_inside(end, begin);
            let key = match &key.kind {
                ExprKind::Str { text, .. } => names::key(text),
                _ => format!("({})", self.expr(key).text),
            };
            end = self.real_end(value.span.end);
            if word == "object"
                && let Some(expr) = super::loops::only(value)
            {
                self.read_as_text(expr);
            }
            let value = self.value_of(value);
            let before: String = before.iter().map(|comment| format!("{comment}\n")).collect();
            commented(&mut items, behind);
            items.push(format!("{before}{key}: {}", value.text));
        }
        let line_end = self.source.get(end..).and_then(|rest| rest.find('\n')).map_or(end, |length| end + length);
        let closes = self.source.get(end..line_end).is_some_and(|rest| rest.trim_start().starts_with('}'));
        if !closes && !items.is_empty() {
            let (behind, _) = self.comments_inside(end, line_end);
            commented(&mut items, behind);
        }
        if items.is_empty() {
            return Code::atom(format!("{word} {{}}"), ty);
        }
        Code::atom(enclosed(&format!("{word} {{ "), &items, " }"), ty)
    }

    /// A table that a command takes: Rhai's own map, where its keys allow.
    pub(super) fn loose_table(&mut self, entries: &'s [(Expr, Stmt)]) -> Code {
        if entries.is_empty() || !entries.iter().all(|(key, _)| matches!(key.kind, ExprKind::Str { .. })) {
            return self.table("table", entries, Ty::Table);
        }
        let keys: Vec<String> = entries.iter().filter_map(|(key, _)| key.as_text()).map(str::to_lowercase).collect();
        let calculated = keys.iter().any(|key| "expression".starts_with(key.as_str()));
        let mut items = Vec::new();
        for (key, value) in entries {
            let text = key.as_text().unwrap_or_default();
            let is_truth = matches!(super::loops::only(value).map(|expr| &expr.kind),
                Some(ExprKind::Variable(v)) if matches!(v.name.to_lowercase().as_str(), "true" | "false"));
            let full = match text {
                "a" | "A" if calculated && is_truth => "Ascending".to_owned(),
                _ if calculated => full_key(text),
                _ => text.to_owned(),
            };
            let key = names::key(&full);
            let code = match super::loops::only(value) {
                Some(expr) => match &expr.kind {
                    ExprKind::Block(block) => self.closure(block, true),
                    _ => self.loose(expr),
                },
                None => self.value_of(value),
            };
            items.push(format!("{key}: {}", code.text));
        }
        Code::atom(enclosed("#{ ", &items, " }"), Ty::Table)
    }

    pub(super) fn cast(&mut self, name: &str, value: &'s Expr) -> Code {
        let lower = name.to_ascii_lowercase();
        let lower = lower.trim_start_matches("system.");
        match (lower, &value.kind) {
            ("pscustomobject" | "psobject" | "management.automation.pscustomobject", ExprKind::Hash(entries)) => {
                return self.table("object", entries, Ty::Object);
            }
            ("ordered" | "collections.specialized.ordereddictionary", ExprKind::Hash(entries)) => {
                return self.table("ordered", entries, Ty::Table);
            }
            ("ref", _) => return self.unsupported("reference", "[ref]", value.span),
            ("adsi" | "adsisearcher" | "directoryservices.directoryentry", _) => {
                return self.unsupported("adsi", "a lookup in the directory", value.span);
            }
            _ => {}
        }
        let code = self.expr(value);
        self.cast_text(name, &code)
    }

    /// A conversion as a function.
    pub(super) fn cast_text(&mut self, name: &str, code: &Code) -> Code {
        let lower = name.to_ascii_lowercase();
        let lower = lower.trim_start_matches("system.");
        let ty = types::of_type_name(lower);
        if ty == code.ty && matches!(ty, Ty::Str | Ty::Int | Ty::Bool) {
            return code.clone();
        }
        let word = match lower {
            "int" | "int32" => "to_int",
            "long" | "int64" => "to_long",
            "double" | "float" => "to_double",
            "decimal" => "to_decimal",
            "string" => "to_text",
            "bool" | "boolean" => "truthy",
            "datetime" => "to_date",
            "timespan" => "to_timespan",
            "array" | "object[]" => {
                return if code.ty == Ty::List {
                    code.clone()
                } else {
                    Code::atom(format!("to_list({})", code.text), Ty::Any)
                };
            }
            "void" => return Code::atom(format!("discard({})", code.text), Ty::Null),
            "pscustomobject" | "psobject" => "to_object",
            "xml" | "xml.xmldocument" => "to_xml",
            _ => return Code::atom(format!("cast_to({}, {})", code.text, quoted(name)), Ty::Any),
        };
        let text = if word == "to_text" && code.level == Level::Atom && !code.text.contains('\n') {
            format!("to_text({})", code.text)
        } else {
            format!("{word}({})", code.text)
        };
        Code::atom(text, ty)
    }
}

/// Puts a comment behind the last item.
fn commented(items: &mut [String], comment: Option<String>) {
    if let (Some(last), Some(comment)) = (items.last_mut(), comment) {
        last.push(BEHIND);
        last.push_str(&comment);
    }
}

/// The keys of calculated properties in full.
fn full_key(key: &str) -> String {
    let lower = key.to_lowercase();
    let known = ["Name", "Label", "Expression", "Alignment", "FormatString", "Width", "Ascending", "Descending"];
    match lower.as_str() {
        "l" | "n" => "Name".to_owned(),
        "a" => "Alignment".to_owned(),
        _ => known
            .iter()
            .find(|full| full.to_lowercase().starts_with(&lower))
            .map_or_else(|| key.to_owned(), |full| (*full).to_owned()),
    }
}
