//! Properties, methods, static members, indexes.
//!
//! Methods keep .NET's names; what they do is the runtime's business.

use super::super::ast::{Expr, ExprKind};
use super::text::quoted;
use super::types::Ty;
use super::{Code, Keeper, Level};
use crate::diagnostic::Span;

/// .NET types under the names that ported text gives their static members.
pub const STATIC_TYPES: &[(&str, &str)] = &[
    ("Math", "System.Math"),
    ("String", "System.String"),
    ("DateTime", "System.DateTime"),
    ("TimeSpan", "System.TimeSpan"),
    ("Convert", "System.Convert"),
    ("Regex", "System.Text.RegularExpressions.Regex"),
    ("Guid", "System.Guid"),
    ("Environment", "System.Environment"),
    ("Path", "System.IO.Path"),
    ("File", "System.IO.File"),
    ("Directory", "System.IO.Directory"),
    ("Char", "System.Char"),
    ("Int32", "System.Int32"),
    ("Int64", "System.Int64"),
    ("Double", "System.Double"),
    ("Decimal", "System.Decimal"),
    ("Console", "System.Console"),
    ("Array", "System.Array"),
];

impl<'s> Keeper<'s> {
    /// A type's name for `Name::member()`.
    fn static_type(name: &str) -> Option<&'static str> {
        let lower = name.to_ascii_lowercase();
        let full = match lower.as_str() {
            "int" => "system.int32".to_owned(),
            "long" => "system.int64".to_owned(),
            "double" | "float" => "system.double".to_owned(),
            "regex" | "text.regularexpressions.regex" => "system.text.regularexpressions.regex".to_owned(),
            _ if lower.starts_with("system.") => lower.clone(),
            _ => format!("system.{lower}"),
        };
        STATIC_TYPES.iter().find(|(_, known)| known.eq_ignore_ascii_case(&full)).map(|(short, _)| *short)
    }

    pub(super) fn member(&mut self, object: &'s Expr, name: &'s Expr, fixed: bool, span: Span) -> Code {
        if fixed {
            let ExprKind::Type(of) = &object.kind else {
                let owner = self.expr(object);
                let name = self.name_text(name);
                return Code::atom(format!("static_get({}, {name})", owner.text), Ty::Any);
            };
            if self.is_foreign(of, span) {
                return self.unsupported("unknown_type", &format!("the type [{of}]"), span);
            }
            let text = name.as_text().unwrap_or_default().to_owned();
            if of.eq_ignore_ascii_case("string") && text.eq_ignore_ascii_case("empty") {
                return Code::atom("\"\"", Ty::Str);
            }
            if let (Some(short), Some(name)) = (Self::static_type(of), name.as_text()) {
                return Code::atom(format!("{short}::{}()", capital(name)), Ty::Any);
            }
            let name = self.name_text(name);
            return Code::atom(format!("static_get({}, {name})", quoted(of)), Ty::Any);
        }
        let owner = self.expr(object);
        let text = match name.as_text() {
            Some(name) => super::statement::member(&owner.tight(Level::Atom), name),
            None => {
                let name = self.expr(name);
                format!("get({}, {})", owner.text, name.text)
            }
        };
        Code::atom(text, Ty::Any)
    }

    fn name_text(&mut self, name: &'s Expr) -> String {
        name.as_text().map_or_else(|| self.expr(name).text, quoted)
    }

    /// Types that nothing in exsh stands for.
    fn is_foreign(&self, name: &str, _: Span) -> bool {
        let lower = name.to_ascii_lowercase();
        [
            "windows.forms",
            "drawing",
            "directoryservices",
            "runtime.interopservices",
            "reflection",
            "diagnostics.process",
            "net.sockets",
            "data.sqlclient",
            "windows.markup",
            "web.script",
            "serviceprocess",
            "management.managementobject",
        ]
        .iter()
        .any(|foreign| lower.trim_start_matches("system.").starts_with(foreign))
            || lower.starts_with("microsoft.")
            || lower.starts_with("adsi")
    }

    pub(super) fn method(
        &mut self,
        object: &'s Expr,
        name: &'s Expr,
        args: &'s [Expr],
        fixed: bool,
        span: Span,
    ) -> Code {
        let ty = super::types::of(
            &Expr {
                kind: ExprKind::Call {
                    object: Box::new(object.clone()),
                    name: Box::new(name.clone()),
                    args: Vec::new(),
                    fixed,
                },
                span,
            },
            &self.types,
        );
        if args.iter().any(has_reference) {
            return self.unsupported("reference", "a method that changes its argument", span);
        }
        let values: Vec<String> = args.iter().map(|arg| self.method_argument(arg)).collect();
        let list = values.join(", ");
        if fixed {
            let ExprKind::Type(of) = &object.kind else {
                let owner = self.expr(object);
                let name = self.name_text(name);
                return Code::atom(format!("static_call({}, {name}, [{list}])", owner.text), Ty::Any);
            };
            return self.static_method(of, name, &list, ty, span);
        }
        let owner = self.expr(object);
        let text = match name.as_text() {
            Some(name) if super::names::is_plain(name) && args.len() < 10 => {
                format!("{}.{}({list})", owner.tight(Level::Atom), capital(name))
            }
            _ => {
                let name = self.name_text(name);
                format!("call_method({}, {name}, [{list}])", owner.text)
            }
        };
        Code::atom(text, ty)
    }

    fn method_argument(&mut self, arg: &'s Expr) -> String {
        match &arg.kind {
            ExprKind::Block(block) => self.closure(block, true).text,
            _ => self.expr(arg).text,
        }
    }

    fn static_method(&mut self, of: &str, name: &'s Expr, list: &str, ty: Ty, span: Span) -> Code {
        if self.is_foreign(of, span) {
            return self.unsupported("unknown_type", &format!("the type [{of}]"), span);
        }
        let method = name.as_text().unwrap_or_default();
        if method.eq_ignore_ascii_case("new") {
            if ty == Ty::Generic && list.is_empty() {
                return Code::atom("new_list()", Ty::Generic);
            }
            let list = if list.is_empty() { String::new() } else { format!(", [{list}]") };
            return Code::atom(format!("new_object({}{list})", quoted(of)), Ty::Any);
        }
        match (Self::static_type(of), name.as_text()) {
            (Some(short), Some(name)) => Code::atom(format!("{short}::{}({list})", capital(name)), ty),
            _ => {
                let name = self.name_text(name);
                Code::atom(format!("static_call({}, {name}, [{list}])", quoted(of)), ty)
            }
        }
    }

    pub(super) fn index(&mut self, object: &'s Expr, index: &'s Expr) -> Code {
        let owner = self.expr(object);
        let simple = match &index.kind {
            ExprKind::Number(..) | ExprKind::Str { .. } | ExprKind::Expand(_) | ExprKind::Variable(_) => true,
            ExprKind::Unary("-", inner) => matches!(inner.kind, ExprKind::Number(..)),
            ExprKind::Member { fixed: false, .. } => true,
            _ => false,
        };
        let place = self.loose(index);
        if simple && owner.ty != Ty::Str {
            Code::atom(format!("{}[{}]", owner.tight(Level::Atom), place.text), Ty::Any)
        } else {
            Code::atom(format!("at({}, {})", owner.text, place.text), Ty::Any)
        }
    }
}

fn has_reference(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Cast(name, _) => name.eq_ignore_ascii_case("ref"),
        ExprKind::Paren(stmt) => super::loops::only(stmt).is_some_and(has_reference),
        _ => false,
    }
}

/// .NET's methods begin with a capital; so none is taken for one of Rhai's.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
