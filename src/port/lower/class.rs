//! Definitions of types: classes and enumerations, made known before the statements around them run.
//!
//! What their members do when called is the runtime's business.

use super::super::ast::{Class, ClassMethod, ClassProperty, Enum, Expr, ExprKind, Stmt, StmtKind};
use super::Lowerer;
use super::text::quoted;

impl Lowerer<'_> {
    /// The types that these statements define.
    pub(super) fn definitions(&mut self, body: &[Stmt]) {
        for stmt in body {
            if let StmtKind::Enum(found) = &stmt.kind {
                self.enumeration(found);
            }
        }
        for stmt in body {
            if let StmtKind::Class(found) = &stmt.kind {
                self.class(found);
            }
        }
    }

    fn enumeration(&mut self, found: &Enum) {
        let values: Vec<String> = found
            .values
            .iter()
            .map(|(name, number)| {
                let number = number.as_ref().map_or_else(|| "()".to_owned(), |number| self.expr(number));
                format!("[{}, {number}]", quoted(name))
            })
            .collect();
        self.line(&format!("define_enum({}, {}, [{}]);", quoted(&found.name), found.flags, values.join(", ")));
    }

    fn class(&mut self, found: &Class) {
        let bases: Vec<String> = found.bases.iter().map(|name| quoted(name)).collect();
        let properties: Vec<String> = found.properties.iter().map(|property| self.property(property)).collect();
        let methods: Vec<String> = found.methods.iter().map(|method| self.method(method)).collect();
        self.line(&format!(
            "define_class(#{{ name: {}, bases: [{}], properties: [{}], methods: [{}] }});",
            quoted(&found.name),
            bases.join(", "),
            properties.join(", "),
            methods.join(", ")
        ));
    }

    fn property(&mut self, found: &ClassProperty) -> String {
        let mut parts = vec![format!("name: {}", quoted(&found.name))];
        if let Some(kind) = found.attributes.iter().find(|attribute| attribute.args.is_none()) {
            parts.push(format!("type: {}", quoted(&kind.name)));
        }
        let checks: Vec<String> = found
            .attributes
            .iter()
            .filter_map(|attribute| {
                let mut items = vec![quoted(&attribute.name)];
                items.extend(attribute.args.as_ref()?.iter().map(|arg| self.expr(arg)));
                Some(format!("[{}]", items.join(", ")))
            })
            .collect();
        parts.push(format!("checks: [{}], fixed: {}, hidden: {}", checks.join(", "), found.fixed, found.hidden));
        if let Some(default) = &found.default {
            parts.push(format!("\"default\": {}", self.lazy(default)));
        }
        format!("#{{ {} }}", parts.join(", "))
    }

    fn method(&mut self, found: &ClassMethod) -> String {
        let mut parts = vec![format!("name: {}", quoted(&found.name))];
        if let Some(name) = &found.returns {
            parts.push(format!("returns: {}", quoted(name)));
        }
        parts.push(format!("fixed: {}, hidden: {}", found.fixed, found.hidden));
        if let Some(args) = &found.base {
            let args = Expr { kind: ExprKind::List(args.clone()), span: found.body.span };
            parts.push(format!("base: {}", self.lazy(&args)));
        }
        let mut code = vec![format!("text: {}", quoted(&found.name))];
        let before = std::mem::replace(&mut self.in_method, true);
        self.block_parts(&found.body, false, &mut code);
        self.in_method = before;
        parts.push(format!("code: block(#{{ {} }})", code.join(", ")));
        format!("#{{ {} }}", parts.join(", "))
    }

    /// An expression as a block that gives its value.
    fn lazy(&mut self, expr: &Expr) -> String {
        let value = self.captured(|l| {
            let value = l.expr(expr);
            l.line(&value);
        });
        format!("block(#{{ text: \"\", body: || {{ {} }} }})", value.trim())
    }

    /// The type named in `([Type]$this)`, whose own method a call then means.
    pub(super) fn own_type_of_this(object: &Expr) -> Option<&str> {
        use super::super::ast::Element;
        let ExprKind::Paren(stmt) = &object.kind else { return None };
        let StmtKind::Pipeline(elements) = &stmt.kind else { return None };
        let [Element::Expression { expr, .. }] = elements.as_slice() else { return None };
        let ExprKind::Cast(name, inner) = &expr.kind else { return None };
        match &inner.kind {
            ExprKind::Variable(variable) if variable.name.eq_ignore_ascii_case("this") => Some(name),
            _ => None,
        }
    }
}
