//! The tree of a PowerShell script: what the parser gives and the lowering reads, with a span on every node.
//!
//! Nothing is evaluated here, and names keep the spelling of the source.

use crate::diagnostic::Span;

/// A comment, `#` to the end of the line or `<# … #>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands.
    pub span: Span,
    /// Its text without the marks.
    pub text: String,
    /// Whether it is a `<# … #>` comment.
    pub block: bool,
}

/// A script block's content: parameters, named blocks, statements.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Attributes before `param`, `[CmdletBinding()]` and the like.
    pub attributes: Vec<Attribute>,
    /// The parameters, when there is a `param( )`.
    pub params: Option<Vec<Param>>,
    /// `begin { }`.
    pub begin: Option<Vec<Stmt>>,
    /// `process { }`.
    pub process: Option<Vec<Stmt>>,
    /// `end { }`.
    pub end: Option<Vec<Stmt>>,
    /// `clean { }`.
    pub clean: Option<Vec<Stmt>>,
    /// Statements outside named blocks.
    pub body: Vec<Stmt>,
    /// The whole block, braces included.
    pub span: Span,
}

/// `[Name(arguments)]` before a parameter or a `param` block; also `[type]`, which has no arguments.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The attribute's or type's name.
    pub name: String,
    /// Positional arguments; `None` without parentheses (then it is a type).
    pub args: Option<Vec<Expr>>,
    /// Named arguments; a name alone means true.
    pub named: Vec<(String, Option<Expr>)>,
    /// Where it stands.
    pub span: Span,
}

/// One parameter of a function or script block.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name without `$`.
    pub name: String,
    /// Attributes and types before it.
    pub attributes: Vec<Attribute>,
    /// Its default.
    pub default: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of statement.
#[derive(Debug, Clone)]
pub enum StmtKind {
    /// Expressions and commands joined by `|`.
    Pipeline(Vec<Element>),
    /// `target op value`; `op` is `=`, `+=`, `-=`, `*=`, `/=`, `%=` or `??=`.
    Assign {
        /// What is assigned to.
        target: Expr,
        /// The operator.
        op: &'static str,
        /// The value, any statement.
        value: Box<Stmt>,
    },
    /// `left && right`, `left || right`.
    Chain {
        /// Runs first.
        left: Box<Stmt>,
        /// Whether it is `&&`.
        and: bool,
        /// Runs if the first succeeded (or failed).
        right: Box<Stmt>,
    },
    /// `if … elseif … else`.
    If {
        /// Conditions and bodies.
        clauses: Vec<(Stmt, Vec<Stmt>)>,
        /// The `else` body.
        otherwise: Option<Vec<Stmt>>,
    },
    /// `while (cond) { }`.
    While {
        /// The condition.
        cond: Box<Stmt>,
        /// The body.
        body: Vec<Stmt>,
    },
    /// `do { } while (cond)` and `do { } until (cond)`.
    Do {
        /// The body.
        body: Vec<Stmt>,
        /// The condition.
        cond: Box<Stmt>,
        /// Whether it is `until`.
        until: bool,
    },
    /// `for (init; cond; step) { }`.
    For {
        /// Runs first.
        init: Option<Box<Stmt>>,
        /// The condition.
        cond: Option<Box<Stmt>>,
        /// Runs after each turn.
        step: Option<Box<Stmt>>,
        /// The body.
        body: Vec<Stmt>,
    },
    /// `foreach ($name in source) { }`.
    Foreach {
        /// The loop variable.
        var: Variable,
        /// What is walked.
        source: Box<Stmt>,
        /// The body.
        body: Vec<Stmt>,
    },
    /// `switch -flags (subject) { label { } default { } }`.
    Switch {
        /// Flags in lower case without dash: `regex`, `wildcard`, `exact`, `casesensitive`, `file`.
        flags: Vec<String>,
        /// The subject.
        subject: Box<Stmt>,
        /// Labels and bodies.
        clauses: Vec<(Expr, Vec<Stmt>)>,
        /// The `default` body.
        default: Option<Vec<Stmt>>,
    },
    /// `function Name { }` and `filter Name { }`.
    Function {
        /// Its name as written.
        name: String,
        /// Whether it is a `filter`.
        filter: bool,
        /// Its parts; parameters in parentheses after the name are in `body.params`.
        body: Box<Block>,
    },
    /// `try { } catch [T] { } finally { }`.
    Try {
        /// The body.
        body: Vec<Stmt>,
        /// Type names (none: all) and bodies.
        catches: Vec<(Vec<String>, Vec<Stmt>)>,
        /// The `finally` body.
        finally: Option<Vec<Stmt>>,
    },
    /// `trap [T] { }`.
    Trap {
        /// The type of error that it takes; none means all.
        type_name: Option<String>,
        /// The body.
        body: Vec<Stmt>,
    },
    /// `return`, `throw`, `exit` with their value.
    Flow {
        /// Which.
        kind: FlowKind,
        /// The value.
        value: Option<Box<Stmt>>,
    },
    /// `break` and `continue` with their label.
    Jump {
        /// Whether it is `continue`.
        next: bool,
        /// The label: a name, or what gives one.
        label: Option<Expr>,
    },
    /// `:label statement`.
    Labelled {
        /// The label.
        label: String,
        /// The loop.
        stmt: Box<Stmt>,
    },
    /// `class Name : Base { }`.
    Class(Box<Class>),
    /// `enum Name { }`.
    Enum(Box<Enum>),
    /// Something without a counterpart (`using`, `data`, …), kept as text.
    Opaque {
        /// The word it begins with, in lower case.
        word: &'static str,
        /// Its source text.
        text: String,
    },
    /// Source that could not be parsed; a diagnostic says why.
    Error,
}

/// A class that the script defines.
#[derive(Debug, Clone, Default)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// The class and the interfaces that it derives from.
    pub bases: Vec<String>,
    /// Its properties in order.
    pub properties: Vec<ClassProperty>,
    /// Its methods and constructors in order.
    pub methods: Vec<ClassMethod>,
}

/// A property of a class.
#[derive(Debug, Clone)]
pub struct ClassProperty {
    /// Its name without `$`.
    pub name: String,
    /// Types and attributes before it.
    pub attributes: Vec<Attribute>,
    /// Whether it is `static`.
    pub fixed: bool,
    /// Whether it is `hidden`.
    pub hidden: bool,
    /// What it begins with.
    pub default: Option<Expr>,
}

/// A method of a class; a constructor has the name of the class.
#[derive(Debug, Clone)]
pub struct ClassMethod {
    /// Its name.
    pub name: String,
    /// The type that it gives.
    pub returns: Option<String>,
    /// Whether it is `static`.
    pub fixed: bool,
    /// Whether it is `hidden`.
    pub hidden: bool,
    /// What `: base( )` of a constructor passes on.
    pub base: Option<Vec<Expr>>,
    /// Its statements, the parameters in `params`.
    pub body: Block,
}

/// An enumeration that the script defines.
#[derive(Debug, Clone, Default)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// Whether values are combined (`[Flags()]`).
    pub flags: bool,
    /// Names and the numbers that are written for them.
    pub values: Vec<(String, Option<Expr>)>,
}

/// Which statement leaves a function or script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowKind {
    /// `return`.
    Return,
    /// `throw`.
    Throw,
    /// `exit`.
    Exit,
}

/// One stage of a pipeline.
#[derive(Debug, Clone)]
pub enum Element {
    /// An expression.
    Expression {
        /// The expression.
        expr: Expr,
        /// Its redirections.
        redirections: Vec<Redirection>,
    },
    /// A command with arguments.
    Command(Command),
}

/// A command call.
#[derive(Debug, Clone)]
pub struct Command {
    /// How it is called.
    pub invoke: Invoke,
    /// Its name (or a script block, variable … after `&` and `.`).
    pub name: Expr,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// Its redirections.
    pub redirections: Vec<Redirection>,
    /// Where it stands.
    pub span: Span,
}

/// How a command is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invoke {
    /// By its name.
    Plain,
    /// With `&`.
    Call,
    /// With `.`.
    Dot,
}

/// One argument of a command.
#[derive(Debug, Clone)]
pub enum Arg {
    /// `-Name` or `-Name:value`.
    Parameter {
        /// The name without dash.
        name: String,
        /// The value after a colon.
        value: Option<Expr>,
        /// Where it stands.
        span: Span,
    },
    /// A value.
    Value(Expr),
    /// `--`: what follows are values.
    EndOfParameters,
    /// `--% rest of the line`.
    Verbatim(String),
}

/// `2>&1`, `> file` and the like.
#[derive(Debug, Clone)]
pub struct Redirection {
    /// The stream, `*` for all.
    pub from: char,
    /// Whether it appends (`>>`).
    pub append: bool,
    /// The file, or `None` when merged into the output (`&1`).
    pub target: Option<Expr>,
}

/// A variable's name, possibly with a scope or drive (`script`, `global`, `env`, …).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// What stands before the colon.
    pub scope: Option<String>,
    /// The name as written.
    pub name: String,
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// A part of an expandable string.
#[derive(Debug, Clone)]
pub enum Part {
    /// Text, escapes resolved.
    Text(String),
    /// `$x`, `${x}` or `$( )`.
    Expr(Expr),
}

/// A number as PowerShell chooses its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// `System.Int32`.
    Int(i32),
    /// `System.Int64`.
    Long(i64),
    /// `System.Double`.
    Double(f64),
    /// `System.Decimal`.
    Decimal(rust_decimal::Decimal),
    /// A whole number of a type that a suffix names: `y`, `uy`, `s`, `us`, `u`, `ul` or `n`.
    Suffixed(&'static str, i128),
}

/// The kinds of expression.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `$name`.
    Variable(Variable),
    /// `@name` as an argument.
    Splat(String),
    /// Text without anything to expand; `bare` when it stood without quotes as an argument.
    Str {
        /// The text.
        text: String,
        /// Whether it had no quotes.
        bare: bool,
    },
    /// An expandable string with something to expand.
    Expand(Vec<Part>),
    /// A number, with its source text.
    Number(Number, String),
    /// `( statement )`.
    Paren(Box<Stmt>),
    /// `$( statements )`.
    Sub(Vec<Stmt>),
    /// `@( statements )`.
    Array(Vec<Stmt>),
    /// `a, b, c`.
    List(Vec<Expr>),
    /// `@{ key = value }`.
    Hash(Vec<(Expr, Stmt)>),
    /// `{ … }`.
    Block(Box<Block>),
    /// `[Type]` as a value.
    Type(String),
    /// `[Type]value`.
    Cast(String, Box<Expr>),
    /// `[Attribute( )]$variable`, as a target of an assignment.
    Attributed(Box<Attribute>, Box<Expr>),
    /// `left op right`; `op` in lower case with its dash.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `op value`: `-not`, `-bnot`, `+`, `-`, `-join`, `-split`, `,`.
    Unary(&'static str, Box<Expr>),
    /// `++` and `--`.
    Step {
        /// Whether it stands before its operand.
        prefix: bool,
        /// Whether it adds.
        up: bool,
        /// The operand.
        target: Box<Expr>,
    },
    /// `object.name`, `[Type]::name`.
    Member {
        /// The object or type.
        object: Box<Expr>,
        /// The name; a plain name is a bare string.
        name: Box<Expr>,
        /// Whether it is `::`.
        fixed: bool,
    },
    /// `object.name(args)`, `[Type]::name(args)`.
    Call {
        /// The object or type.
        object: Box<Expr>,
        /// The name.
        name: Box<Expr>,
        /// The arguments.
        args: Vec<Expr>,
        /// Whether it is `::`.
        fixed: bool,
    },
    /// `object[index]`.
    Index(Box<Expr>, Box<Expr>),
    /// `cond ? a : b`.
    Ternary(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Source that could not be parsed.
    Error,
}

impl Param {
    /// The type that it is declared with: the first attribute without parentheses.
    #[must_use]
    pub fn type_name(&self) -> Option<&str> {
        let named = self.attributes.iter().find(|attribute| attribute.args.is_none())?;
        let lower = named.name.get(.."system.".len()).is_some_and(|head| head.eq_ignore_ascii_case("system."));
        let management = "system.management.automation.";
        if named.name.get(..management.len()).is_some_and(|head| head.eq_ignore_ascii_case(management)) {
            return named.name.get(management.len()..);
        }
        Some(if lower { &named.name["system.".len()..] } else { &named.name })
    }
}

impl Expr {
    /// A bare or quoted text that needs no evaluation.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Str { text, .. } => Some(text),
            _ => None,
        }
    }
}

impl Number {
    /// The type that a suffix names.
    #[must_use]
    pub fn type_of_suffix(suffix: &str) -> &'static str {
        match suffix {
            "y" => "sbyte",
            "uy" => "byte",
            "s" => "int16",
            "us" => "uint16",
            "u" => "uint32",
            "ul" => "uint64",
            _ => "bigint",
        }
    }

    /// The number with its sign turned; `2147483648` negated is an `Int32` again.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Int(value) => value.checked_neg().map_or(Self::Long(-i64::from(value)), Self::Int),
            Self::Long(2_147_483_648) => Self::Int(i32::MIN),
            Self::Long(value) => Self::Long(value.wrapping_neg()),
            Self::Double(value) => Self::Double(-value),
            Self::Decimal(value) => Self::Decimal(-value),
            Self::Suffixed(suffix, value) => Self::Suffixed(suffix, -value),
        }
    }
}
