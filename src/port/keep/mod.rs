//! The kept form: PowerShell as the Rhai a person would have written, with names, comments and order as they were.
//!
//! There are two emissions of one tree, and both are needed. What `exsh run FILE.ps1` runs (`lower`) must do what
//! PowerShell does even where that cannot be seen in the text: variables are found by walking the callers' scopes,
//! any statement may fail and the next one runs, a block may be turned into text and back. Text that spells all
//! this out is exact and unreadable. This form decides at translation time what the other decides at run time:
//! which block declares a variable, which parameter an argument belongs to, which comparison is a plain `==`. Where
//! it cannot decide, it calls a function of the `powershell` package, which is the same runtime with readable
//! names. Parser, tables of commands, diagnostics and runtime are shared; only the emission differs.
//!
//! Pure: nothing is run or read here.

mod assignment;
mod command;
mod definition;
mod expression;
mod failing;
mod flow;
mod function;
mod known;
mod literal;
mod loops;
mod member;
mod names;
mod occurrence;
mod operator;
mod own_call;
mod parameter;
mod parameter_set;
mod pipeline;
mod scope;
mod silent;
mod special;
mod statement;
mod text;
mod types;
mod writer;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

pub use command::kept_name;
pub use member::STATIC_TYPES;

use super::ast::{Block, Comment, Param};
use super::parser::Parsed;
use crate::diagnostic::{Diagnostic, Severity, Span};

use scope::Scopes;
use types::Ty;

/// What porting gives.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// The Rhai text.
    pub text: String,
    /// What could not be carried over (errors) and what wants a person's eye (warnings), by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Kept {
    /// Whether nothing became `unsupported(…)`.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unsupported() == 0
    }

    /// How many places became `unsupported(…)`.
    #[must_use]
    pub fn unsupported(&self) -> usize {
        self.diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
    }
}

/// Ports a parsed script; `name` says in the header where it came from, and is empty for text from nowhere.
///
/// ```
/// let source = "Get-Mailbox -ResultSize 10 | Where-Object { $_.IsShared } | Format-Table Name";
/// let kept = exsh::port::keep(source, &exsh::port::parse(source), "");
/// assert_eq!(kept.text.lines().last(), Some("show(get_mailbox(#{ ResultSize: 10 }).where(|it| it.IsShared).format_table(\"Name\"));"));
/// ```
#[must_use]
pub fn keep(source: &str, parsed: &Parsed, name: &str) -> Kept {
    port(source, parsed, name, &[])
}

/// Ports text that comes after other text, whose variables are `known`: they are there already.
#[must_use]
pub fn keep_after(source: &str, parsed: &Parsed, known: &[String]) -> Kept {
    port(source, parsed, "", known)
}

fn port(source: &str, parsed: &Parsed, name: &str, known: &[String]) -> Kept {
    let blanked = super::pasted::blank_surroundings(source);
    let mut keeper = Keeper::new(&blanked, parsed);
    keeper.scopes.know(known);
    keeper.types = types::find(&parsed.script);
    // what is declared before it has a value may still have none
    for (name, _) in keeper.scopes.before.values().flatten() {
        if keeper.types.insert(name.clone(), Ty::Any) == Some(Ty::Generic) {
            keeper.generics.insert(name.clone());
        }
    }
    keeper.collect_functions(&parsed.script);
    keeper.typed_variables = types::typed(&parsed.script);
    keeper.large = types::large(&parsed.script);
    keeper.enumerations = definition::enumerations(&parsed.script);
    if command::takes_in_files(&parsed.script) {
        keeper.scopes.fill_unassigned();
    }
    keeper.script(&parsed.script);
    for error in parsed.errors.iter().filter(|error| error.placeholder) {
        keeper.find("placeholder", error.message.clone(), error.span);
    }
    keeper.diagnostics.sort_by_key(|found| found.labels.first().map_or(0, |label| label.span.start));
    let text = keeper.finish(source, name);
    Kept { text, diagnostics: keeper.diagnostics }
}

/// How tightly an expression binds, from the outside in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Anything: `if`, closures, assignments.
    Loose,
    /// `||`, `??`.
    Or,
    /// `&&`.
    And,
    /// Comparisons.
    Compare,
    /// `+`, `-`.
    Sum,
    /// `*`, `/`, `%`.
    Product,
    /// `!x`, `-x`.
    Unary,
    /// Names, literals, calls, members.
    Atom,
}

/// An expression in Rhai.
#[derive(Debug, Clone)]
struct Code {
    text: String,
    ty: Ty,
    level: Level,
}

impl Code {
    fn atom(text: impl Into<String>, ty: Ty) -> Self {
        Self { text: text.into(), ty, level: Level::Atom }
    }

    fn at(text: impl Into<String>, ty: Ty, level: Level) -> Self {
        Self { text: text.into(), ty, level }
    }

    /// The text, in parentheses when it binds more loosely than its place wants.
    fn tight(&self, level: Level) -> String {
        // what begins with a block would be a statement
        let is_block = self.text.starts_with('{') && level >= Level::Or;
        if self.level < level || is_block { format!("({})", self.text) } else { self.text.clone() }
    }
}

/// Where the values of statements go.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Output {
    /// To the screen.
    Show,
    /// Into a collector with this name.
    Collect,
    /// Nowhere: whoever asked takes the last expression.
    Tail,
}

/// A function of the script, as calls need to know it.
#[derive(Debug, Clone)]
struct Known<'a> {
    name: String,
    /// The name in the source.
    written: &'a str,
    params: Vec<&'a Param>,
    /// Whether it works on piped objects.
    piped: bool,
    /// Whether it works on them one by one, and once without any.
    rounds: bool,
    /// Whether it takes what no parameter takes.
    args: bool,
    /// Whether it takes what all cmdlets take (`-ErrorAction`).
    advanced: bool,
    /// Whether it asks which parameters were given.
    bound: bool,
    /// Whether it asks before it does something, so that `-WhatIf` means something.
    what_if: bool,
    /// Whether it asks for the `$_` of its caller.
    item: bool,
}

struct Keeper<'s> {
    source: &'s str,
    comments: &'s [Comment],
    scopes: Scopes,
    types: HashMap<String, Ty>,
    /// Variables (lower case) that have a .NET list or nothing.
    generics: HashSet<String>,
    /// Variables that convert whatever they are given, and from where on; see [`types::typed`].
    typed_variables: HashMap<(usize, String), types::Typed>,
    /// Parameters (their places in memory) that every call gives a value of their type.
    proved: HashSet<usize>,
    /// Functions that give true or false, by name in lower case.
    true_functions: HashSet<String>,
    functions: HashMap<String, Known<'s>>,
    /// Functions that put nothing out, by name in lower case.
    silent_functions: HashSet<String>,
    /// Functions that write to the console while they give something, by name in lower case.
    talking_functions: HashSet<String>,
    /// Functions that give a list as one value (`,$list`), by name in lower case.
    nesting_functions: HashSet<String>,
    out: String,
    indent: usize,
    next_comment: usize,
    /// Up to where the source has been written.
    done: usize,
    output: Output,
    /// Loops around the statement, within the closure or function.
    loops: usize,
    /// Closures around the statement.
    closures: usize,
    /// Functions around the statement.
    inside: usize,
    /// Functions that were nested in others.
    lifted: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    /// Whether only the truth of the next expression is wanted.
    truth: bool,
    /// The place of the expression that is written.
    at: Span,
    /// What `$_` is called here.
    item: Cow<'static, str>,
    own_function: Option<usize>,
    function_name: Option<String>,
    /// Functions that are written, by name in lower case.
    written: HashSet<String>,
    /// The label of the loop that is written next.
    label: Option<String>,
    /// Labels of the loops around the statement, within the closure or function.
    labels: Vec<Option<String>>,
    /// Whether `bound`, `WhatIf`, `input` are variables here.
    has_bound: bool,
    has_what_if: bool,
    has_input: bool,
    /// Parameters (their places in memory) that are mandatory in some calls only.
    of_some_calls: HashSet<usize>,
    /// Whether the parameter set of the call is known here.
    asks_set: bool,
    /// Whether the next closure is a filter.
    filters: bool,
    /// Variables (lower case) that are given numbers near the limit of 32 bits.
    large: HashSet<String>,
    /// Enumerations of the script, by name in lower case.
    enumerations: HashSet<String>,
    /// Traps (their places in memory) that can be carried over.
    traps: HashSet<usize>,
}

impl<'s> Keeper<'s> {
    fn new(source: &'s str, parsed: &'s Parsed) -> Self {
        Self {
            source,
            comments: &parsed.comments,
            scopes: scope::find(&parsed.script),
            types: HashMap::new(),
            generics: HashSet::new(),
            typed_variables: HashMap::new(),
            proved: HashSet::new(),
            true_functions: HashSet::new(),
            functions: HashMap::new(),
            silent_functions: HashSet::new(),
            talking_functions: HashSet::new(),
            nesting_functions: HashSet::new(),
            out: String::new(),
            indent: 0,
            next_comment: 0,
            done: 0,
            output: Output::Show,
            loops: 0,
            closures: 0,
            inside: 0,
            lifted: Vec::new(),
            diagnostics: Vec::new(),
            truth: false,
            at: Span::new(0, 0),
            item: String::new().into(),
            own_function: None,
            function_name: None,
            written: HashSet::new(),
            label: None,
            labels: Vec::new(),
            has_bound: false,
            has_what_if: false,
            has_input: false,
            of_some_calls: HashSet::new(),
            asks_set: false,
            filters: false,
            large: HashSet::new(),
            enumerations: HashSet::new(),
            traps: HashSet::new(),
        }
    }

    fn script(&mut self, block: &'s Block) {
        self.script_params(block);
        self.note_traps(&block.body);
        for part in [&block.begin, &block.process, &block.end, &block.clean].into_iter().flatten() {
            self.body(part);
        }
        self.body(&block.body);
        self.comments_before(self.source.len());
    }

    /// The source text of a place, on one line.
    fn source_of(&self, span: Span) -> String {
        self.source.get(span.start..span.end).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Notes a finding of the page `code`.
    fn find(&mut self, code: &str, message: impl Into<String>, span: Span) {
        if let Some(page) = super::diagnostic::page(code) {
            self.diagnostics.push(page.at(message, span));
        }
    }

    /// Notes that a place stays behind, and gives what stands for it.
    fn unsupported(&mut self, code: &str, what: &str, span: Span) -> Code {
        self.find(code, format!("{what} is not carried over"), span);
        let source = self.source_of(span);
        let short: String = source.chars().take(160).collect();
        Code::atom(format!("unsupported({})", text::quoted(&short)), Ty::Any)
    }

    fn fresh(&self, stem: &str) -> String {
        // blocks inside may use the same word again, variables of the script may not
        let taken = |name: &str| self.scopes.spellings.contains_key(name);
        if !taken(stem) {
            return stem.to_owned();
        }
        (2..).map(|count| format!("{stem}_{count}")).find(|name| !taken(name)).unwrap_or_default()
    }
}
