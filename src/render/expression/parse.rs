//! From words to a tree.

use super::token::{Token, tokens};

/// One statement.
#[derive(Debug, Clone)]
pub(super) enum Statement {
    Expression(Node),
    /// `if`, `elseif`, … with their blocks, and `else`.
    If(Vec<(Node, Vec<Self>)>, Vec<Self>),
}

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Node {
    This,
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    /// Pieces of a text in double quotes.
    Expandable(Vec<Self>),
    /// Several values.
    List(Vec<Self>),
    /// Statements in `$(…)` or `@(…)`; the latter always gives a list.
    Block(Vec<Statement>, bool),
    Member(Box<Self>, Box<Self>),
    Call(Box<Self>, String, Vec<Self>),
    StaticMember(String, String),
    StaticCall(String, String, Vec<Self>),
    Index(Box<Self>, Box<Self>),
    Cast(String, Box<Self>),
    Unary(String, Box<Self>),
    Binary(String, Box<Self>, Box<Self>),
}

/// Nesting that is followed.
const DEPTH_MAX: usize = 64;

/// Words of a script that are read: scripts of views are short, and a server may send any.
const TOKENS_MAX: usize = 2000;

/// Reads a script.
pub(super) fn parse(text: &str) -> Result<Vec<Statement>, String> {
    parse_within(text, 0)
}

fn parse_within(text: &str, depth: usize) -> Result<Vec<Statement>, String> {
    if depth > DEPTH_MAX {
        return Err("it is nested too deeply".to_owned());
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth, in_arguments: false };
    if parser.tokens.len() > TOKENS_MAX {
        return Err("it is too long".to_owned());
    }
    let statements = parser.statements()?;
    match parser.peek() {
        None => Ok(statements),
        Some(token) => Err(unsupported(token)),
    }
}

fn unsupported(token: &Token) -> String {
    let text = match token {
        Token::Variable(name) => format!("${name}"),
        Token::Number(text) | Token::Literal(text) | Token::Expandable(text) | Token::Word(text) => text.clone(),
        Token::Operator(name) => format!("-{name}"),
        Token::Type(name) => format!("[{name}]"),
        Token::Sign { text, .. } => (*text).to_owned(),
    };
    format!("`{text}` is not supported")
}

/// Binary operators from the loosest to the tightest.
const LEVELS: &[&[&str]] = &[
    &["and", "or", "xor"],
    &[
        "eq",
        "ne",
        "gt",
        "ge",
        "lt",
        "le",
        "like",
        "notlike",
        "match",
        "notmatch",
        "contains",
        "notcontains",
        "in",
        "notin",
        "replace",
        "split",
        "join",
        "is",
        "isnot",
        "ieq",
        "ine",
        "ceq",
        "cne",
        "ilike",
        "clike",
        "imatch",
        "cmatch",
        "as",
        "band",
        "bor",
    ],
    &["+", "-"],
    &["*", "/", "%"],
    &["f"],
    &[".."],
];

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Within a call's brackets a comma parts arguments.
    in_arguments: bool,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is_sign(&self, wanted: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign { text, .. }) if *text == wanted)
    }

    fn is_glued(&self, wanted: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign { text, glued: true }) if *text == wanted)
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.is_sign(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        if self.take(wanted) {
            return Ok(());
        }
        Err(self.peek().map_or_else(|| format!("`{wanted}` is missing"), unsupported))
    }

    fn statements(&mut self) -> Result<Vec<Statement>, String> {
        let mut found = Vec::new();
        loop {
            while self.take(";") {}
            if self.peek().is_none() || self.is_sign("}") || self.is_sign(")") {
                return Ok(found);
            }
            found.push(self.statement()?);
            if !(self.peek().is_none() || self.is_sign(";") || self.is_sign("}") || self.is_sign(")")) {
                return Err(self.peek().map_or_else(String::new, unsupported));
            }
        }
    }

    fn statement(&mut self) -> Result<Statement, String> {
        self.deeper(Self::statement_within)
    }

    fn statement_within(&mut self) -> Result<Statement, String> {
        if !self.word("if") {
            if self.word("return") {
                return Ok(Statement::Expression(self.expression()?));
            }
            return Ok(Statement::Expression(self.expression()?));
        }
        let mut branches = vec![self.branch()?];
        loop {
            let before = self.at;
            while self.take(";") {}
            if self.word("elseif") {
                branches.push(self.branch()?);
            } else if self.word("else") {
                return Ok(Statement::If(branches, self.block()?));
            } else {
                self.at = before;
                return Ok(Statement::If(branches, Vec::new()));
            }
        }
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.at += usize::from(found);
        found
    }

    fn branch(&mut self) -> Result<(Node, Vec<Statement>), String> {
        self.expect("(")?;
        let condition = self.expression()?;
        self.expect(")")?;
        Ok((condition, self.block()?))
    }

    fn block(&mut self) -> Result<Vec<Statement>, String> {
        while self.take(";") {}
        self.expect("{")?;
        let statements = self.statements()?;
        self.expect("}")?;
        Ok(statements)
    }

    fn expression(&mut self) -> Result<Node, String> {
        self.deeper(|parser| parser.binary(0))
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("it is nested too deeply".to_owned());
        }
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn binary(&mut self, level: usize) -> Result<Node, String> {
        let Some(operators) = LEVELS.get(level) else { return self.list() };
        let mut left = self.binary(level + 1)?;
        loop {
            let name = match self.peek() {
                Some(Token::Operator(name)) if operators.contains(&name.as_str()) => name.clone(),
                Some(Token::Sign { text, .. }) if operators.contains(text) => (*text).to_owned(),
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.binary(level + 1)?;
            left = Node::Binary(name, Box::new(left), Box::new(right));
        }
    }

    /// The comma binds tighter than any binary operator.
    fn list(&mut self) -> Result<Node, String> {
        let first = self.unary()?;
        if self.in_arguments || !self.is_sign(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.take(",") {
            items.push(self.unary()?);
        }
        Ok(Node::List(items))
    }

    fn unary(&mut self) -> Result<Node, String> {
        let name = match self.peek() {
            Some(Token::Operator(name)) if matches!(name.as_str(), "not" | "join" | "split") => name.clone(),
            Some(Token::Sign { text, .. }) if matches!(*text, "!" | "-" | "+" | ",") => (*text).to_owned(),
            Some(Token::Type(_)) => return self.typed(),
            _ => return self.postfix(),
        };
        self.at += 1;
        self.deeper(|parser| Ok(Node::Unary(name, Box::new(parser.unary()?))))
    }

    /// `[type]::Member`, `[type]::Method(…)` or a cast.
    fn typed(&mut self) -> Result<Node, String> {
        let Some(Token::Type(name)) = self.peek().cloned() else { return self.postfix() };
        self.at += 1;
        if !self.take("::") {
            return self.deeper(|parser| Ok(Node::Cast(name, Box::new(parser.unary()?))));
        }
        let Some(Token::Word(member)) = self.peek().cloned() else { return Err("`::` names no member".to_owned()) };
        self.at += 1;
        let node = if self.is_glued("(") {
            Node::StaticCall(name, member, self.arguments()?)
        } else {
            Node::StaticMember(name, member)
        };
        self.members(node)
    }

    fn arguments(&mut self) -> Result<Vec<Node>, String> {
        self.expect("(")?;
        let mut found = Vec::new();
        if !self.is_sign(")") {
            loop {
                let outer = std::mem::replace(&mut self.in_arguments, true);
                let argument = self.expression();
                self.in_arguments = outer;
                found.push(argument?);
                if !self.take(",") {
                    break;
                }
            }
        }
        self.expect(")")?;
        Ok(found)
    }

    fn postfix(&mut self) -> Result<Node, String> {
        let node = self.primary()?;
        self.members(node)
    }

    fn members(&mut self, mut node: Node) -> Result<Node, String> {
        loop {
            if self.is_glued(".") {
                self.at += 1;
                let name = match self.peek().cloned() {
                    Some(Token::Word(name) | Token::Literal(name)) => {
                        self.at += 1;
                        if self.is_glued("(") {
                            node = Node::Call(Box::new(node), name, self.arguments()?);
                            continue;
                        }
                        Node::Text(name)
                    }
                    Some(Token::Expandable(_) | Token::Variable(_)) => self.primary()?,
                    Some(Token::Sign { text: "(", .. }) => self.primary()?,
                    _ => return Err("`.` names no member".to_owned()),
                };
                node = Node::Member(Box::new(node), Box::new(name));
            } else if self.is_glued("[") {
                self.at += 1;
                let outer = std::mem::take(&mut self.in_arguments);
                let index = self.expression()?;
                self.in_arguments = outer;
                self.expect("]")?;
                node = Node::Index(Box::new(node), Box::new(index));
            } else {
                return Ok(node);
            }
        }
    }

    fn primary(&mut self) -> Result<Node, String> {
        let token = self.peek().cloned().ok_or("it ends too early")?;
        self.at += 1;
        Ok(match token {
            Token::Variable(name) => match name.to_ascii_lowercase().as_str() {
                "_" | "psitem" | "this" => Node::This,
                "true" => Node::Bool(true),
                "false" => Node::Bool(false),
                "null" => Node::Null,
                _ => return Err(format!("`${name}` is not known here")),
            },
            Token::Number(text) => Node::Number(text),
            Token::Literal(text) => Node::Text(text),
            Token::Expandable(text) => Node::Expandable(expandable(&text, self.depth + 1)?),
            Token::Sign { text: "(", .. } => {
                let outer = std::mem::take(&mut self.in_arguments);
                let node = self.expression()?;
                self.in_arguments = outer;
                self.expect(")")?;
                node
            }
            Token::Sign { text: open @ ("$(" | "@("), .. } => {
                let outer = std::mem::take(&mut self.in_arguments);
                let statements = self.statements()?;
                self.in_arguments = outer;
                self.expect(")")?;
                Node::Block(statements, open == "@(")
            }
            other => return Err(unsupported(&other)),
        })
    }
}

/// The pieces of a text in double quotes: plain text, `$name`, `$(…)`.
fn expandable(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    let letters: Vec<char> = text.chars().collect();
    let (mut pieces, mut plain, mut at) = (Vec::new(), String::new(), 0);
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        if letter == '`' {
            plain.push(match next {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('0') => '\0',
                Some('e') => '\u{1b}',
                Some(other) => other,
                None => '`',
            });
            at += 2;
            continue;
        }
        let end = match next {
            Some('(') if letter == '$' => {
                let mut depth = 0usize;
                letters[at + 1..]
                    .iter()
                    .position(|c| {
                        depth = match c {
                            '(' => depth + 1,
                            ')' => depth - 1,
                            _ => depth,
                        };
                        depth == 0
                    })
                    .map(|length| at + 2 + length)
            }
            Some(first) if letter == '$' && (first.is_alphanumeric() || first == '_') => {
                let length = letters[at + 1..].iter().position(|c| !c.is_alphanumeric() && *c != '_');
                Some(length.map_or(letters.len(), |length| at + 1 + length))
            }
            _ => None,
        };
        if let Some(end) = end {
            pieces.push(Node::Text(std::mem::take(&mut plain)));
            let inner: String = letters[at..end].iter().collect();
            pieces.push(Node::Block(parse_within(&inner, depth)?, false));
            at = end;
        } else {
            plain.push(letter);
            at += 1;
        }
    }
    pieces.push(Node::Text(plain));
    Ok(pieces)
}
