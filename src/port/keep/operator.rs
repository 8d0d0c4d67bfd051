//! Operators: Rhai's own where both sides are known to mean the same in both languages, else words and functions.
//!
//! `eq`, `ne`, `gt`, `ge`, `lt`, `le`, `like` and `notlike` are operators of the `powershell` package.

use super::super::ast::{Expr, ExprKind};
use super::assignment::is_small;
use super::expression::truth;
use super::text::{Piece, quoted, template};
use super::types::Ty;
use super::{Code, Keeper, Level};

impl<'s> Keeper<'s> {
    pub(super) fn binary(&mut self, op: &str, left: &'s Expr, right: &'s Expr, whole: &'s Expr, asked: bool) -> Code {
        match op {
            "-and" | "-or" => {
                let (a, b) = (self.asked(left), self.asked(right));
                let (level, sign) = if op == "-and" { (Level::And, "&&") } else { (Level::Or, "||") };
                let (a, b) = (truth(&a), truth(&b));
                let (a, b) = (a.tight(level), b.tight(above(level)));
                let long = a.contains('\n') || a.len() + b.len() > super::writer::WIDTH - 20;
                let text =
                    if long && !b.contains('\n') { format!("{a}\n    {sign} {b}") } else { format!("{a} {sign} {b}") };
                return Code::at(text, Ty::Bool, level);
            }
            "-xor" => {
                let (a, b) = (self.asked(left), self.asked(right));
                let text = format!("{} != {}", truth(&a).tight(Level::Sum), truth(&b).tight(Level::Sum));
                return Code::at(text, Ty::Bool, Level::Compare);
            }
            "+" => return self.plus(left, right, whole),
            "-f" => return self.format(left, right),
            "-replace" | "-creplace" | "-split" | "-csplit" => return self.text_operator(op, left, right),
            _ => {}
        }
        let a = self.expr(left);
        if matches!(op, "-is" | "-isnot" | "-as") {
            let b = match &right.kind {
                ExprKind::Type(name) => quoted(name),
                _ => self.expr(right).text,
            };
            let name = if op == "-as" { "as_type" } else { "is_type" };
            let not = if op == "-isnot" { "!" } else { "" };
            let ty = if op == "-as" { Ty::Any } else { Ty::Bool };
            return Code::at(format!("{not}{name}({}, {b})", a.text), ty, Level::Unary);
        }
        let b = self.loose(right);
        match op {
            "-" | "*" | "/" | "%" => Self::arithmetic(op, &a, &b),
            ".." => Code::atom(format!("numbers({}, {})", a.text, b.text), Ty::List),
            "??" => Code::at(format!("{} ?? {}", a.tight(Level::And), b.tight(Level::And)), Ty::Any, Level::Or),
            "-join" => Self::called("join_str", &a, &b.text, Ty::Str),
            "-band" | "-bor" | "-bxor" | "-shl" | "-shr" => {
                Code::atom(format!("bits({}, {}, {})", a.text, quoted(op), b.text), Ty::Any)
            }
            "-contains" | "-icontains" => Code::atom(format!("has({}, {})", a.text, b.text), Ty::Bool),
            "-notcontains" => Code::at(format!("!has({}, {})", a.text, b.text), Ty::Bool, Level::Unary),
            "-in" | "-iin" => Code::atom(format!("is_in({}, {})", a.text, b.text), Ty::Bool),
            "-notin" => Code::at(format!("!is_in({}, {})", a.text, b.text), Ty::Bool, Level::Unary),
            _ if !asked && (may_be_list(left) || self.is_of_list(left)) && a.ty == Ty::Any => {
                Code::atom(format!("compare({}, {}, {})", a.text, quoted(op), b.text), Ty::Any)
            }
            _ => Self::comparison(op, &a, &b),
        }
    }

    /// Whether a property is asked of all items of a list.
    fn is_of_list(&self, left: &Expr) -> bool {
        matches!(&left.kind, ExprKind::Member { object, .. } if self.type_of(object) == Ty::List)
    }

    /// An expression of which only the truth is wanted.
    fn asked(&mut self, expr: &'s Expr) -> Code {
        self.truth = true;
        self.expr(expr)
    }

    fn comparison(op: &str, a: &Code, b: &Code) -> Code {
        if matches!(a.ty, Ty::List | Ty::Generic) {
            // a list on the left is filtered
            return Code::atom(format!("compare({}, {}, {})", a.text, quoted(op), b.text), Ty::Any);
        }
        // `$null -eq $x`: the other way round it reads better
        let turned = a.ty == Ty::Null && b.ty != Ty::Null && matches!(op, "-eq" | "-ne" | "-ieq" | "-ine");
        let (a, b) = if turned { (b, a) } else { (a, b) };
        let (x, y) = (a.tight(Level::Sum), b.tight(Level::Sum));
        let plain = op.trim_start_matches("-i").trim_start_matches('-');
        let infix = |word: &str| Code::at(format!("{x} {word} {y}"), Ty::Bool, Level::Compare);
        // Rhai takes fractions for equal that differ a little
        let numbers = a.ty == Ty::Int && b.ty == Ty::Int;
        let bools = a.ty == Ty::Bool && b.ty == Ty::Bool;
        let null = a.ty == Ty::Null || b.ty == Ty::Null;
        match plain {
            "eq" if numbers || bools || null => infix("=="),
            "ne" if numbers || bools || null => infix("!="),
            "gt" if numbers => infix(">"),
            "ge" if numbers => infix(">="),
            "lt" if numbers => infix("<"),
            "le" if numbers => infix("<="),
            "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "like" | "notlike" => infix(plain),
            "match" => Code::atom(format!("is_match({}, {})", a.text, b.text), Ty::Bool),
            "notmatch" => Code::atom(format!("not_match({}, {})", a.text, b.text), Ty::Bool),
            "cmatch" => Code::atom(format!("is_cmatch({}, {})", a.text, b.text), Ty::Bool),
            "ceq" | "clike" => Code::atom(format!("{plain}({}, {})", a.text, b.text), Ty::Bool),
            _ => Code::atom(format!("truthy(compare({}, {}, {}))", a.text, quoted(op), b.text), Ty::Bool),
        }
    }

    fn arithmetic(op: &str, a: &Code, b: &Code) -> Code {
        let ints = a.ty == Ty::Int && b.ty == Ty::Int;
        let numbers = a.ty.is_number() && b.ty.is_number();
        let ty = if ints { Ty::Int } else { Ty::Float };
        // a product of whole numbers becomes a fraction in PowerShell when it is too large for 32 bits
        let small = |code: &Code| is_small(&code.text);
        let numbers = numbers && (op != "*" || !ints || (small(a) != small(b)));
        match op {
            "-" if numbers => {
                Code::at(format!("{} - {}", a.tight(Level::Sum), b.tight(Level::Product)), ty, Level::Sum)
            }
            "*" if numbers => {
                Code::at(format!("{} * {}", a.tight(Level::Product), b.tight(Level::Unary)), ty, Level::Product)
            }
            _ => Code::atom(format!("{}({}, {})", word_of(op), a.text, b.text), Ty::Any),
        }
    }

    /// `+`: a chain that begins with text becomes one template.
    fn plus(&mut self, left: &'s Expr, right: &'s Expr, whole: &'s Expr) -> Code {
        let mut terms = Vec::new();
        flatten(whole, &mut terms);
        if self.type_of(terms[0]) == Ty::Str && terms.len() > 1 {
            return self.joined(&terms);
        }
        let a = self.expr(left);
        let b = self.expr(right);
        if a.ty.is_number() && b.ty.is_number() {
            let ty = if a.ty == Ty::Int && b.ty == Ty::Int { Ty::Int } else { Ty::Float };
            return Code::at(format!("{} + {}", a.tight(Level::Sum), b.tight(Level::Product)), ty, Level::Sum);
        }
        let ty = if a.ty == Ty::List { Ty::List } else { Ty::Any };
        if a.ty == Ty::List {
            return Code::at(format!("{} + {}", a.tight(Level::Sum), b.tight(Level::Product)), ty, Level::Sum);
        }
        Code::atom(format!("add({}, {})", a.text, b.text), ty)
    }

    fn joined(&mut self, terms: &[&'s Expr]) -> Code {
        // plain text and text: Rhai's own
        if terms.iter().all(|term| self.type_of(term) == Ty::Str && !matches!(term.kind, ExprKind::Expand(_)))
            && terms.len() == 2
        {
            let parts: Vec<String> = terms.iter().map(|term| self.expr(term).tight(Level::Product)).collect();
            return Code::at(parts.join(" + "), Ty::Str, Level::Sum);
        }
        // what fails in a template leaves a gap, but here nothing must be left
        let is_sub = |term: &Expr| matches!(term.kind, ExprKind::Sub(_) | ExprKind::Expand(_));
        if terms.iter().any(|term| !is_sub(term) && self.expression_may_fail(term)) {
            let parts: Vec<String> = terms.iter().map(|term| self.expr(term).tight(Level::Product)).collect();
            return Code::at(parts.join(" + "), Ty::Str, Level::Sum);
        }
        let mut pieces = Vec::new();
        for term in terms {
            match &term.kind {
                ExprKind::Str { text, .. } => pieces.push(Piece::Text(text)),
                ExprKind::Expand(parts) => self.pieces(parts, &mut pieces),
                _ => {
                    self.read_as_text(term);
                    pieces.push(Piece::Code(self.expr(term).text));
                }
            }
        }
        Code::atom(template(&pieces), Ty::Str)
    }

    fn format(&mut self, left: &'s Expr, right: &'s Expr) -> Code {
        let a = self.expr(left);
        let values = match &right.kind {
            ExprKind::List(items) => items.iter().map(|item| self.expr(item).text).collect(),
            ExprKind::Paren(inner) => match super::loops::only(inner).map(|e| &e.kind) {
                Some(ExprKind::List(items)) => items.iter().map(|item| self.expr(item).text).collect(),
                _ => vec![self.expr(right).text],
            },
            _ => vec![self.expr(right).text],
        };
        if values.len() > 10 {
            return Code::atom(format!("format({}, [{}])", a.text, values.join(", ")), Ty::Str);
        }
        Code::atom(format!("format({}, {})", a.text, values.join(", ")), Ty::Str)
    }

    fn text_operator(&mut self, op: &str, left: &'s Expr, right: &'s Expr) -> Code {
        let a = self.expr(left);
        let args = match &right.kind {
            ExprKind::List(items) => items.iter().map(|item| self.expr(item).text).collect::<Vec<_>>().join(", "),
            _ => self.expr(right).text,
        };
        let ty = if op.ends_with("split") {
            Ty::List
        } else if a.ty == Ty::Str {
            Ty::Str
        } else {
            Ty::Any
        };
        let name = match op {
            "-replace" => "replace_re",
            "-creplace" => "creplace_re",
            "-split" => "split_re",
            _ => "csplit_re",
        };
        Self::called(name, &a, &args, ty)
    }

    /// `a.name(args)`, or `name(a, args)` where `a` is no simple value.
    fn called(name: &str, a: &Code, args: &str, ty: Ty) -> Code {
        if a.level == Level::Atom && !a.text.starts_with(['{', '[', '"', '`']) {
            Code::atom(format!("{}.{name}({args})", a.text), ty)
        } else {
            Code::atom(format!("{name}({}, {args})", a.text), ty)
        }
    }

    pub(super) fn unary(&mut self, op: &str, value: &'s Expr) -> Code {
        match op {
            "-not" => {
                let code = self.asked(value);
                let code = truth(&code);
                Code::at(format!("!{}", code.tight(Level::Unary)), Ty::Bool, Level::Unary)
            }
            "-" => {
                let code = self.expr(value);
                if code.ty.is_number() {
                    Code::at(format!("-{}", code.tight(Level::Atom)), code.ty, Level::Unary)
                } else {
                    Code::atom(format!("negate({})", code.text), Ty::Any)
                }
            }
            "+" => {
                let code = self.expr(value);
                Code::atom(format!("add(0, {})", code.text), Ty::Any)
            }
            "-bnot" => Code::atom(format!("bits_not({})", self.expr(value).text), Ty::Any),
            "-join" => {
                let code = self.loose(value);
                Code::atom(format!("join_str({}, \"\")", code.text), Ty::Str)
            }
            "," => {
                let code = self.expr(value);
                Code::atom(format!("list([{}])", code.text), Ty::List)
            }
            _ => Code::atom(format!("split_words({})", self.expr(value).text), Ty::List),
        }
    }
}

/// The function for an operator between numbers, as in `a + b` or `a += b`.
pub(super) fn word_of(op: &str) -> &'static str {
    match op.trim_end_matches('=') {
        "+" => "add",
        "-" => "sub",
        "*" => "mul",
        "/" => "div",
        _ => "rem",
    }
}

/// Whether the left side of a comparison may well be a list, which filters it: by the names people give to lists.
fn may_be_list(left: &Expr) -> bool {
    let name = match &left.kind {
        ExprKind::Variable(variable) => variable.name.as_str(),
        ExprKind::Member { name, fixed: false, .. } => name.as_text().unwrap_or_default(),
        ExprKind::Paren(inner) => return super::loops::only(inner).is_none_or(may_be_list),
        ExprKind::Binary(op, inner, _) => return *op != "-f" && *op != "-join" && may_be_list(inner),
        ExprKind::Array(_) | ExprKind::List(_) => return true,
        ExprKind::Call { name, .. } => return name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("Split")),
        _ => return false,
    };
    let lower = name.to_lowercase();
    let singular = ["ss", "us", "is", "days", "hours", "minutes", "seconds", "bytes", "address", "alias", "ours"];
    lower.ends_with('s') && !singular.iter().any(|end| lower.ends_with(end))
        || lower.ends_with("emailaddresses")
        || lower.ends_with("managedby")
        || lower.ends_with("onbehalfto")
        || lower.ends_with("list")
        || lower.ends_with("array")
}

fn above(level: Level) -> Level {
    match level {
        Level::Or => Level::And,
        _ => Level::Compare,
    }
}

/// The terms of a chain of `+`, from the left.
fn flatten<'a>(expr: &'a Expr, out: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::Binary("+", left, right) => {
            flatten(left, out);
            out.push(right);
        }
        _ => out.push(expr),
    }
}
