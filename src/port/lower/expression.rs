//! Expressions, and statements whose value is wanted.

use super::super::ast::{Element, Expr, ExprKind, Part, Stmt, StmtKind};
use super::Lowerer;
use super::text::{number, quoted};

impl Lowerer<'_> {
    /// The value of a statement: an expression's own, a pipeline's output, or what a block puts out.
    pub(super) fn value_of(&mut self, stmt: &Stmt) -> String {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => {
                if let [Element::Expression { expr, redirections }] = elements.as_slice()
                    && redirections.is_empty()
                {
                    return self.expr(expr);
                }
                let (text, redirections) = self.pipeline(elements);
                if redirections.iter().any(|r| r.from != '1' && r.target.is_some()) {
                    return self.collected(std::slice::from_ref(stmt), "collect");
                }
                format!("value({text})")
            }
            StmtKind::Assign { target, op, value } => self.assign(target, op, value),
            _ => self.collected(std::slice::from_ref(stmt), "collect"),
        }
    }

    pub(super) fn collected(&mut self, body: &[Stmt], word: &str) -> String {
        let inner = self.captured(|l| l.body(body));
        if inner.trim().is_empty() {
            return format!("{word} {{ }}");
        }
        format!("{word} {{\n{}\n}}", inner.trim_end())
    }

    /// A condition, as Rhai's own boolean.
    pub(super) fn condition(&mut self, stmt: &Stmt) -> String {
        if let StmtKind::Pipeline(elements) = &stmt.kind
            && let [Element::Expression { expr, redirections }] = elements.as_slice()
            && redirections.is_empty()
        {
            return self.truth(expr);
        }
        let value = self.value_of(stmt);
        format!("truthy({value})")
    }

    fn truth(&mut self, expr: &Expr) -> String {
        let text = self.expr(expr);
        if gives_bool(expr) { text } else { format!("truthy({text})") }
    }

    /// A name after `.` or `::`, as an expression.
    pub(super) fn name_of(&mut self, name: &Expr) -> String {
        match &name.kind {
            ExprKind::Str { text, .. } => quoted(text),
            _ => self.expr(name),
        }
    }

    pub(super) fn type_name_of(&mut self, object: &Expr) -> String {
        match &object.kind {
            ExprKind::Type(name) => quoted(name),
            _ => self.expr(object),
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Variable(variable) => self.variable(variable),
            ExprKind::Splat(name) if name.eq_ignore_ascii_case("args") => "splat_args(val(\"args\"))".to_owned(),
            ExprKind::Splat(name) => format!("splat(val({}))", quoted(name)),
            ExprKind::Str { text, .. } => quoted(text),
            ExprKind::Expand(parts) => self.expand(parts),
            ExprKind::Number(value, _) => number(*value),
            ExprKind::Paren(stmt) => {
                let text = self.value_of(stmt);
                match &stmt.kind {
                    StmtKind::Assign { .. } => format!("({text})"),
                    _ => text,
                }
            }
            ExprKind::Sub(body) => match body.as_slice() {
                [only] if matches!(&only.kind, StmtKind::Pipeline(elements) if elements.len() == 1 && matches!(elements[0], Element::Expression { .. })) => {
                    self.collected(body, "collect")
                }
                _ => self.collected(body, "collect"),
            },
            ExprKind::Array(body) => self.collected(body, "gather"),
            ExprKind::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.expr(item)).collect();
                format!("list([{}])", items.join(", "))
            }
            ExprKind::Hash(entries) => self.hash(entries, "table"),
            ExprKind::Block(block) => self.block_value(block, inner_source(self.source_of(block.span))),
            ExprKind::Type(name) => format!("type_named({})", quoted(name)),
            ExprKind::Cast(name, value) => self.cast(name, value),
            ExprKind::Attributed(_, value) => self.expr(value),
            ExprKind::Binary(op, left, right) => self.binary(op, left, right),
            ExprKind::Unary(op, value) => self.unary(op, value),
            ExprKind::Step { prefix, up, target } => self.increment(*prefix, *up, target, expr),
            ExprKind::Member { object, name, fixed } => {
                let name = self.name_of(name);
                if *fixed {
                    let object = self.type_name_of(object);
                    return format!("static_get({object}, {name})");
                }
                let object = self.expr(object);
                format!("get({object}, {name})")
            }
            ExprKind::Call { object, name, args, fixed } => {
                let name = self.name_of(name);
                let args: Vec<String> = args.iter().map(|arg| self.expr(arg)).collect();
                let args = args.join(", ");
                if *fixed {
                    let object = self.type_name_of(object);
                    return format!("static_call({object}, {name}, [{args}])");
                }
                if let Some(own) = Self::own_type_of_this(object) {
                    return format!("call_own({}, val(\"this\"), {name}, [{args}])", quoted(own));
                }
                let object = self.expr(object);
                format!("call_method({object}, {name}, [{args}])")
            }
            ExprKind::Index(object, index) => {
                let (object, index) = (self.expr(object), self.expr(index));
                format!("at({object}, {index})")
            }
            ExprKind::Ternary(cond, yes, no) => {
                let (cond, yes, no) = (self.truth(cond), self.expr(yes), self.expr(no));
                format!("(if {cond} {{ {yes} }} else {{ {no} }})")
            }
            ExprKind::Error => "()".to_owned(),
        }
    }

    fn variable(&mut self, variable: &super::super::ast::Variable) -> String {
        let name = &variable.name;
        match variable.scope.as_deref().map(str::to_lowercase).as_deref() {
            Some("env") => format!("env({})", quoted(name)),
            Some("using") => format!("val({})", quoted(name)),
            Some(scope) => format!("val_in({}, {})", quoted(scope), quoted(name)),
            None => match name.to_lowercase().as_str() {
                "true" => "true".to_owned(),
                "false" => "false".to_owned(),
                "null" => "()".to_owned(),
                _ => format!("val({})", quoted(name)),
            },
        }
    }

    fn expand(&mut self, parts: &[Part]) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => quoted(text),
                Part::Expr(expr) => match &expr.kind {
                    ExprKind::Sub(body) => {
                        let inner = self.collected(body, "collect");
                        format!("safely({inner})")
                    }
                    _ => self.expr(expr),
                },
            })
            .collect();
        format!("text([{}])", parts.join(", "))
    }

    fn hash(&mut self, entries: &[(Expr, Stmt)], word: &str) -> String {
        let entries: Vec<String> = entries
            .iter()
            .map(|(key, value)| {
                let key = self.expr(key);
                let value = self.value_of(value);
                format!("[{key}, {value}]")
            })
            .collect();
        format!("{word}([{}])", entries.join(", "))
    }

    fn cast(&mut self, name: &str, value: &Expr) -> String {
        let lower = name.to_ascii_lowercase();
        match (&*lower, &value.kind) {
            (
                "pscustomobject" | "psobject" | "system.management.automation.pscustomobject",
                ExprKind::Hash(entries),
            ) => self.hash(entries, "object"),
            ("ordered" | "system.collections.specialized.ordereddictionary", ExprKind::Hash(entries)) => {
                self.hash(entries, "ordered")
            }
            ("ref", _) => {
                let inner = match &value.kind {
                    ExprKind::Paren(stmt) => match &stmt.kind {
                        StmtKind::Pipeline(elements) => match elements.as_slice() {
                            [Element::Expression { expr, .. }] => expr,
                            _ => value,
                        },
                        _ => value,
                    },
                    _ => value,
                };
                match &inner.kind {
                    ExprKind::Variable(variable) => format!("reference({})", quoted(&variable.name)),
                    _ => {
                        let text = self.expr(inner);
                        format!("reference_to({text})")
                    }
                }
            }
            _ => {
                let text = self.expr(value);
                format!("cast({}, {text})", quoted(name))
            }
        }
    }

    fn binary(&mut self, op: &str, left: &Expr, right: &Expr) -> String {
        match op {
            "-and" | "-or" => {
                let (left, right) = (self.truth(left), self.truth(right));
                return format!("({left} {} {right})", if op == "-and" { "&&" } else { "||" });
            }
            "-xor" => {
                let (left, right) = (self.truth(left), self.truth(right));
                return format!("({left} != {right})");
            }
            _ => {}
        }
        let a = self.expr(left);
        let b = match &right.kind {
            ExprKind::Type(name) if matches!(op, "-is" | "-isnot" | "-as") => quoted(name),
            _ => self.expr(right),
        };
        let name = match op {
            "+" => "add",
            "-" => "sub",
            "*" => "mul",
            "/" => "div",
            "%" => "rem",
            ".." => "range_of",
            "-f" => "format",
            "??" => {
                let held = self.fresh("held");
                return format!("{{ let {held} = {a}; if is_null({held}) {{ {b} }} else {{ {held} }} }}");
            }
            "-is" => "is_type",
            "-isnot" => return format!("!is_type({a}, {b})"),
            "-as" => "as_type",
            "-match" | "-notmatch" | "-cmatch" | "-cnotmatch" => return format!("match_re({a}, {}, {b})", quoted(op)),
            "-replace" | "-creplace" => return format!("replace_re({a}, {b}, {})", op == "-creplace"),
            "-split" | "-csplit" => return format!("split_re({a}, {b}, {})", op == "-csplit"),
            "-join" => "join_text",
            "-band" | "-bor" | "-bxor" | "-shl" | "-shr" => return format!("bits({a}, {}, {b})", quoted(op)),
            _ => return format!("compare({a}, {}, {b})", quoted(op)),
        };
        format!("{name}({a}, {b})")
    }

    fn unary(&mut self, op: &str, value: &Expr) -> String {
        match op {
            "-not" => {
                let text = self.truth(value);
                format!("!{text}")
            }
            "-" => format!("negate({})", self.expr(value)),
            "+" => format!("positive({})", self.expr(value)),
            "-bnot" => format!("bits_not({})", self.expr(value)),
            "-join" => format!("join_text({}, \"\")", self.expr(value)),
            _ => format!("split_words({})", self.expr(value)),
        }
    }

    fn increment(&mut self, prefix: bool, up: bool, target: &Expr, whole: &Expr) -> String {
        match &target.kind {
            ExprKind::Variable(variable) => {
                let scope = variable.scope.as_deref().unwrap_or_default();
                format!("increment({}, {}, {up}, {prefix})", quoted(scope), quoted(&variable.name))
            }
            ExprKind::Member { object, name, fixed: false } => {
                let (object, name) = (self.expr(object), self.name_of(name));
                format!("increment_member({object}, {name}, {up}, {prefix})")
            }
            ExprKind::Index(object, index) => {
                let (object, index) = (self.expr(object), self.expr(index));
                format!("increment_at({object}, {index}, {up}, {prefix})")
            }
            ExprKind::Member { object, name, fixed: true } => {
                let (object, name) = (self.type_name_of(object), self.name_of(name));
                format!("increment_static({object}, {name}, {up}, {prefix})")
            }
            ExprKind::Cast(_, inner) => self.increment(prefix, up, inner, whole),
            _ => self.unsupported("port::assignment_target", "this target of ++ or --", whole.span),
        }
    }
}

/// Whether the lowered expression is Rhai's own boolean.
fn gives_bool(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Unary(op, _) => *op == "-not",
        ExprKind::Binary(op, ..) => matches!(*op, "-and" | "-or" | "-xor" | "-is" | "-isnot"),
        ExprKind::Variable(variable) => {
            variable.scope.is_none() && matches!(variable.name.to_lowercase().as_str(), "true" | "false")
        }
        ExprKind::Paren(stmt) => match &stmt.kind {
            StmtKind::Pipeline(elements) => match elements.as_slice() {
                [Element::Expression { expr, redirections }] => redirections.is_empty() && gives_bool(expr),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

/// The text between the braces of a script block.
fn inner_source(source: &str) -> &str {
    source.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(source)
}
