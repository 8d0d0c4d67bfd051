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
    ("Encoding", "System.Text.Encoding"),
    ("Stopwatch", "System.Diagnostics.Stopwatch"),
    ("Dns", "System.Net.Dns"),
    ("Version", "System.Version"),
    ("DateTimeOffset", "System.DateTimeOffset"),
    ("CultureInfo", "System.Globalization.CultureInfo"),
    ("Enum", "System.Enum"),
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
            if text.eq_ignore_ascii_case("SecurityProtocol") {
                return Code::atom("\"Tls12\"", Ty::Str); // what exsh speaks at least
            }
            if of.eq_ignore_ascii_case("string") && text.eq_ignore_ascii_case("empty") {
                return Code::atom("\"\"", Ty::Str);
            }
            if let (Some(short), Some(name)) = (Self::static_type(of), name.as_text()) {
                return Code::atom(format!("{short}::{}()", capital(name)), Ty::Any);
            }
            let name = self.name_text(name);
            return Code::atom(format!("static_get({}, {name})", quoted(of)), Ty::Any);
        }
        if is_downloads(object, name) {
            return Code::atom("downloads_folder()", Ty::Str);
        }
        if let Some(function) = self.function_name.as_deref().filter(|_| is_own_name(object, name)) {
            return Code::atom(quoted(function), Ty::Str);
        }
        if self.asks_set && super::parameter_set::is_set_name(object, name) {
            return Code::atom("parameter_set", Ty::Str);
        }
        if is_variable(object, "pscmdlet") {
            return self.unsupported("cmdlet_object", "$PSCmdlet", span);
        }
        if let ExprKind::Variable(variable) = &object.kind
            && name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("IsPresent"))
        {
            return self.variable(variable);
        }
        let is_place = |name: &str| {
            ["scriptlinenumber", "offsetinline", "positionmessage", "scriptstacktrace"]
                .contains(&name.to_lowercase().as_str())
        };
        if name.as_text().is_some_and(is_place) {
            self.find("source_place", "places in the script are not known", span);
        }
        let ty = self.member_type(object, name);
        let owner = self.expr(object);
        let text = match name.as_text() {
            Some(name) if !name.is_empty() && name.chars().all(|c| c.is_ascii_digit()) => {
                format!("{}[{name}]", owner.tight(Level::Atom))
            }
            Some(name) => super::statement::member(&owner.tight(Level::Atom), name),
            None => {
                let name = self.expr(name);
                format!("get({}, {})", owner.text, name.text)
            }
        };
        Code::atom(text, ty)
    }

    /// What is known of a property: the lengths of lists and texts are numbers.
    fn member_type(&self, object: &Expr, name: &Expr) -> Ty {
        match (self.type_of(object), name.as_text().unwrap_or_default().to_lowercase().as_str()) {
            (Ty::List | Ty::Generic, "count") | (Ty::List | Ty::Str, "length") if !self.is_shared(object) => Ty::Int,
            _ => Ty::Any,
        }
    }

    /// Whether an expression is a variable that functions share, of which nothing is known.
    fn is_shared(&self, object: &Expr) -> bool {
        matches!(&object.kind, ExprKind::Variable(v) if self.scopes.shared.contains(&v.name.to_lowercase()))
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
        let ty = super::types::of_call(object, name, fixed);
        if is_variable(object, "pscmdlet") {
            return self.cmdlet_object(object, name, args, span);
        }
        if !fixed && args.is_empty() && name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("GetNewClosure")) {
            self.find("closure", "a closure sees what its variables become later", span);
            return self.expr(object);
        }
        if !fixed && args.is_empty() && self.is_switch_asked(object, name) {
            return Code::atom("type_named(\"switch\")", Ty::Any);
        }
        if !fixed && name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("ToString")) {
            self.read_as_text(object);
        }
        let mut references = Vec::new();
        let values: Vec<String> = args
            .iter()
            .map(|arg| match referenced(arg) {
                Some(target) => {
                    let place = format!("place_{}", references.len() + 1);
                    references.push((place.clone(), target));
                    place
                }
                None => self.method_argument(arg),
            })
            .collect();
        let list = values.join(", ");
        let call = self.called_method(object, name, args, &list, fixed, ty, span);
        self.with_references(call, references)
    }

    /// `$Force.GetType()` where a switch is true or false here.
    fn is_switch_asked(&self, object: &Expr, name: &Expr) -> bool {
        let ExprKind::Variable(variable) = &object.kind else { return false };
        let function = self.function_name.as_deref().map(str::to_lowercase);
        name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("GetType"))
            && function.and_then(|name| self.functions.get(&name)).is_some_and(|known| {
                let is = |param: &&&crate::port::ast::Param| param.name.eq_ignore_ascii_case(&variable.name);
                known.params.iter().find(is).is_some_and(|param| super::parameter::is_switch(param))
            })
    }

    /// A call that sets variables: `{ let place = reference(n); let done = f(place); n = place.Value; done }`.
    pub(super) fn with_references(&mut self, call: Code, references: Vec<(String, &'s Expr)>) -> Code {
        if references.is_empty() {
            return call;
        }
        let mut lines = Vec::new();
        for (place, target) in &references {
            let present = self.expr(target);
            lines.push(format!("    let {place} = reference({});", present.text));
        }
        lines.push(format!("    let done = {};", call.text));
        for (place, target) in &references {
            if matches!(target.kind, ExprKind::Variable(_) | ExprKind::Member { .. } | ExprKind::Index(..)) {
                let store = self.store(target, &format!("{place}.Value"));
                lines.push(format!("    {store};"));
            }
        }
        lines.push("    done".to_owned());
        Code::atom(format!("{{\n{}\n}}", lines.join("\n")), Ty::Any)
    }

    /// What scripts ask of `$PSCmdlet`.
    fn cmdlet_object(&mut self, object: &'s Expr, name: &'s Expr, args: &'s [Expr], span: Span) -> Code {
        if !is_should_process(object, name) || !(1..=2).contains(&args.len()) {
            return self.unsupported("cmdlet_object", "$PSCmdlet", span);
        }
        let mut values: Vec<String> = args.iter().map(|arg| self.expr(arg).text).collect();
        if values.len() == 1 {
            values.push(quoted(self.function_name.as_deref().unwrap_or("script")));
        }
        Code::atom(format!("should_process(WhatIf, {})", values.join(", ")), Ty::Bool)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one call")]
    fn called_method(
        &mut self,
        object: &'s Expr,
        name: &'s Expr,
        args: &'s [Expr],
        list: &str,
        fixed: bool,
        ty: Ty,
        span: Span,
    ) -> Code {
        if fixed {
            let ExprKind::Type(of) = &object.kind else {
                let owner = self.expr(object);
                let name = self.name_text(name);
                return Code::atom(format!("static_call({}, {name}, [{list}])", owner.text), Ty::Any);
            };
            return self.static_method(of, name, list, ty, span);
        }
        let mut owner = self.expr(object);
        let walks = name.as_text().is_some_and(|name| ["foreach", "where"].contains(&name.to_lowercase().as_str()));
        if walks && super::pipeline::walks_itself(object, args) {
            owner = Code::atom(format!("list({})", owner.text), Ty::List);
        }
        let count = args.len();
        let text = match name.as_text() {
            Some(name) if super::names::is_plain(name) && count < 10 => {
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
            ExprKind::Block(block) => {
                let text = self.closure(block, true).text;
                match text.strip_prefix("|it| ") {
                    Some(body) if super::pipeline::uses(block, "args") => {
                        let body = body.strip_prefix("{\n").map_or_else(|| format!("    {body}\n}}"), str::to_owned);
                        format!("|it| {{\n    let args = list([it]);\n{body}")
                    }
                    _ => text,
                }
            }
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
                return Code::atom(new_list(of), Ty::Generic);
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
        let called = matches!(object.kind, ExprKind::Paren(_)) && owner.ty == Ty::Any;
        if simple && !called && !matches!(owner.ty, Ty::Str | Ty::Int) {
            Code::atom(format!("{}[{}]", owner.tight(Level::Atom), place.text), Ty::Any)
        } else {
            Code::atom(format!("at({}, {})", owner.text, place.text), Ty::Any)
        }
    }
}

/// What `[ref]` stands before.
pub(super) fn referenced(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Cast(name, inner) if name.eq_ignore_ascii_case("ref") => Some(inner),
        ExprKind::Paren(stmt) => super::loops::only(stmt).and_then(referenced),
        _ => None,
    }
}

/// An empty list of .NET's, whose type is written in brackets.
pub(super) fn new_list(of: &str) -> String {
    let item =
        of.rsplit_once('[').map(|(_, item)| item.trim_end_matches(']').trim().to_lowercase()).unwrap_or_default();
    match item.trim_start_matches("system.").trim_start_matches("management.automation.") {
        "object" | "psobject" | "pscustomobject" | "" => "new_list()".to_owned(),
        item => format!("new_list({})", quoted(item)),
    }
}

pub(super) fn is_variable(expr: &Expr, lower: &str) -> bool {
    matches!(&expr.kind, ExprKind::Variable(v) if v.scope.is_none() && v.name.eq_ignore_ascii_case(lower))
}

/// `$MyInvocation.MyCommand.Name`.
fn is_own_name(object: &Expr, name: &Expr) -> bool {
    let is = |expr: &Expr, wanted: &str| expr.as_text().is_some_and(|text| text.eq_ignore_ascii_case(wanted));
    match &object.kind {
        ExprKind::Member { object, name: command, fixed: false } => {
            is_variable(object, "myinvocation") && is(command, "MyCommand") && is(name, "Name")
        }
        _ => false,
    }
}

/// `$PSCmdlet.ShouldProcess`.
pub(super) fn is_should_process(object: &Expr, name: &Expr) -> bool {
    is_variable(object, "pscmdlet") && name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("ShouldProcess"))
}

/// `(New-Object -ComObject Shell.Application).NameSpace('shell:Downloads').Self.Path`: how scripts find the folder.
fn is_downloads(object: &Expr, name: &Expr) -> bool {
    let is = |expr: &Expr, wanted: &str| expr.as_text().is_some_and(|text| text.eq_ignore_ascii_case(wanted));
    let ExprKind::Member { object: space, name: own, fixed: false } = &object.kind else { return false };
    let ExprKind::Call { name: method, args, fixed: false, .. } = &space.kind else { return false };
    is(name, "Path")
        && is(own, "Self")
        && is(method, "NameSpace")
        && matches!(args.as_slice(), [only] if is(only, "shell:Downloads"))
}

/// .NET's methods begin with a capital; so none is taken for one of Rhai's.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
