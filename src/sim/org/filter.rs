//! OPATH, the language of `-Filter`: a subset with -eq -ne -like -notlike -gt -ge -lt -le -and -or -not and brackets.
//!
//! Property names are not checked here: a name that no object has compares as null, and the cmdlet refuses it first.

use super::value;
use crate::clixml::{Base, PsValue};

/// A condition on an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Compare { property: String, operator: Operator, literal: Literal },
}

/// How a property is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Like,
    NotLike,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// What it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Null,
    True,
    False,
}

/// The filter cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Invalid filter syntax. For a description of the filter parameter syntax see the command help.\n\"{text}\" at position {position}: {reason}."
)]
pub(crate) struct FilterError {
    pub(crate) text: String,
    pub(crate) position: usize,
    pub(crate) reason: &'static str,
}

impl Filter {
    /// Reads a filter.
    pub(crate) fn parse(text: &str) -> Result<Self, FilterError> {
        let mut reader = Reader { text, tokens: Vec::new(), next: 0 };
        reader.scan()?;
        let filter = reader.any_of()?;
        match reader.tokens.get(reader.next) {
            None => Ok(filter),
            Some((position, _)) => Err(reader.fail(*position, "nothing more was expected here")),
        }
    }

    /// The properties it looks at.
    pub(crate) fn properties(&self) -> Vec<&str> {
        match self {
            Self::And(one, two) | Self::Or(one, two) => [one.properties(), two.properties()].concat(),
            Self::Not(inner) => inner.properties(),
            Self::Compare { property, .. } => vec![property],
        }
    }

    /// Whether an object, asked for its properties, fits.
    pub(crate) fn fits(&self, get: &mut dyn FnMut(&str) -> PsValue) -> bool {
        match self {
            Self::And(one, two) => one.fits(get) && two.fits(get),
            Self::Or(one, two) => one.fits(get) || two.fits(get),
            Self::Not(inner) => !inner.fits(get),
            Self::Compare { property, operator, literal } => compare(&get(property), *operator, literal),
        }
    }
}

fn compare(value: &PsValue, operator: Operator, literal: &Literal) -> bool {
    // A multi-valued property fits when one of its values does; negations when none does.
    if let PsValue::Object(object) = value
        && let Base::List(_, items) = object.base()
    {
        let (positive, negate) = match operator {
            Operator::NotEqual => (Operator::Equal, true),
            Operator::NotLike => (Operator::Like, true),
            other => (other, false),
        };
        if *literal == Literal::Null {
            return items.is_empty() != negate;
        }
        return items.iter().any(|item| compare_one(item, positive, literal)) != negate;
    }
    compare_one(value, operator, literal)
}

fn compare_one(value: &PsValue, operator: Operator, literal: &Literal) -> bool {
    use std::cmp::Ordering;
    let text = value::plain_text(value).unwrap_or_default();
    let order = match literal {
        Literal::Null => {
            let absent = text.is_empty();
            return match operator {
                Operator::Equal | Operator::Like => absent,
                Operator::NotEqual | Operator::NotLike => !absent,
                _ => false,
            };
        }
        Literal::True | Literal::False => {
            let wanted = *literal == Literal::True;
            Some(value::bool_of(value).unwrap_or(false).cmp(&wanted))
        }
        Literal::Text(wanted) => match operator {
            Operator::Like => return value::wildcard(wanted, &text),
            Operator::NotLike => return !value::wildcard(wanted, &text),
            _ => order(value, &text, wanted),
        },
    };
    match operator {
        Operator::Equal | Operator::Like => order == Some(Ordering::Equal),
        Operator::NotEqual | Operator::NotLike => order != Some(Ordering::Equal),
        Operator::Greater => order == Some(Ordering::Greater),
        Operator::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Operator::Less => order == Some(Ordering::Less),
        Operator::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
    }
}

fn order(value: &PsValue, text: &str, wanted: &str) -> Option<std::cmp::Ordering> {
    if let PsValue::DateTime(_) = value {
        return Some(value::timestamp_of(value)?.cmp(&value::parse_date(wanted)?));
    }
    if let Some(bytes) = value::bytes_of(value).filter(|_| text.ends_with("bytes)")) {
        return Some(bytes.cmp(&value::parse_size(wanted)?));
    }
    if text == "Unlimited" && value::parse_size(wanted).is_some() {
        return Some(std::cmp::Ordering::Greater);
    }
    if let (PsValue::I32(_) | PsValue::I64(_) | PsValue::U32(_), Ok(number)) = (value, wanted.parse::<i64>()) {
        return Some(value::number_of(value)?.cmp(&number));
    }
    if let PsValue::Bool(_) = value {
        return Some(text.to_lowercase().cmp(&wanted.trim_start_matches('$').to_lowercase()));
    }
    if wanted.is_empty() && matches!(value, PsValue::Null) {
        return None;
    }
    Some(text.to_lowercase().cmp(&wanted.to_lowercase()))
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Operator(String),
    Text(String),
    Open,
    Close,
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token)>,
    next: usize,
}

impl Reader<'_> {
    fn fail(&self, position: usize, reason: &'static str) -> FilterError {
        FilterError { text: self.text.to_owned(), position, reason }
    }

    fn scan(&mut self) -> Result<(), FilterError> {
        let text = self.text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(self.text);
        let letters: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < letters.len() {
            let start = at;
            match letters[at] {
                c if c.is_whitespace() => at += 1,
                '(' => {
                    self.tokens.push((start, Token::Open));
                    at += 1;
                }
                ')' => {
                    self.tokens.push((start, Token::Close));
                    at += 1;
                }
                quote @ ('\'' | '"') => {
                    let mut content = String::new();
                    at += 1;
                    loop {
                        match letters.get(at) {
                            None => return Err(self.fail(start, "the quoted text has no end")),
                            Some(c) if *c == quote && letters.get(at + 1) == Some(&quote) => {
                                content.push(quote);
                                at += 2;
                            }
                            Some(c) if *c == quote => break,
                            Some(c) => {
                                content.push(*c);
                                at += 1;
                            }
                        }
                    }
                    at += 1;
                    self.tokens.push((start, Token::Text(content)));
                }
                _ => {
                    while at < letters.len() && !letters[at].is_whitespace() && !"()'\"".contains(letters[at]) {
                        at += 1;
                    }
                    let word: String = letters[start..at].iter().collect();
                    let operator = word.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_alphabetic()));
                    let token = match operator {
                        Some(name) => Token::Operator(name.to_lowercase()),
                        None if word == "!" => Token::Operator("not".to_owned()),
                        None => Token::Word(word),
                    };
                    self.tokens.push((start, token));
                }
            }
        }
        Ok(())
    }

    fn take_operator(&mut self, name: &str) -> bool {
        let there = matches!(self.tokens.get(self.next), Some((_, Token::Operator(found))) if found == name);
        self.next += usize::from(there);
        there
    }

    fn any_of(&mut self) -> Result<Filter, FilterError> {
        let mut left = self.all_of()?;
        while self.take_operator("or") {
            left = Filter::Or(Box::new(left), Box::new(self.all_of()?));
        }
        Ok(left)
    }

    fn all_of(&mut self) -> Result<Filter, FilterError> {
        let mut left = self.one()?;
        while self.take_operator("and") {
            left = Filter::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Filter, FilterError> {
        if self.take_operator("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        let end = self.text.chars().count();
        match self.tokens.get(self.next).cloned() {
            Some((_, Token::Open)) => {
                self.next += 1;
                let inner = self.any_of()?;
                match self.tokens.get(self.next) {
                    Some((_, Token::Close)) => {
                        self.next += 1;
                        Ok(inner)
                    }
                    Some((position, _)) => Err(self.fail(*position, "a closing bracket was expected")),
                    None => Err(self.fail(end, "a closing bracket is missing")),
                }
            }
            Some((_, Token::Word(property))) => {
                self.next += 1;
                self.comparison(property)
            }
            Some((position, _)) => Err(self.fail(position, "a property name was expected")),
            None => Err(self.fail(end, "a property name is missing")),
        }
    }

    fn comparison(&mut self, property: String) -> Result<Filter, FilterError> {
        let end = self.text.chars().count();
        let operator = match self.tokens.get(self.next) {
            Some((position, Token::Operator(name))) => match name.as_str() {
                "eq" => Operator::Equal,
                "ne" => Operator::NotEqual,
                "like" => Operator::Like,
                "notlike" => Operator::NotLike,
                "gt" => Operator::Greater,
                "ge" => Operator::GreaterOrEqual,
                "lt" => Operator::Less,
                "le" => Operator::LessOrEqual,
                _ => return Err(self.fail(*position, "the operator is not known")),
            },
            Some((position, _)) => return Err(self.fail(*position, "an operator was expected")),
            None => return Err(self.fail(end, "an operator is missing")),
        };
        self.next += 1;
        let literal = match self.tokens.get(self.next) {
            Some((_, Token::Text(text))) => Literal::Text(text.clone()),
            Some((_, Token::Word(word))) => match word.to_lowercase().as_str() {
                "$null" => Literal::Null,
                "$true" => Literal::True,
                "$false" => Literal::False,
                _ => Literal::Text(word.clone()),
            },
            Some((position, _)) => return Err(self.fail(*position, "a value was expected")),
            None => return Err(self.fail(end, "a value is missing")),
        };
        self.next += 1;
        Ok(Filter::Compare { property, operator, literal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(filter: &str) -> bool {
        Filter::parse(filter).unwrap().fits(&mut |name| match name {
            "Alias" => "ann.baker".into(),
            "Hidden" => PsValue::Bool(true),
            "Quota" => "45 GB (48,318,382,080 bytes)".into(),
            "Addresses" => value::texts(["SMTP:ann@contoso.com", "smtp:a@fabrikam.com"]),
            "Count" => PsValue::I32(12),
            _ => PsValue::Null,
        })
    }

    #[test]
    fn comparisons_do_not_mind_the_case() {
        assert!(fits("Alias -eq 'ANN.Baker'"));
        assert!(fits("Alias -like \"ann*\" -and Hidden -eq $true"));
        assert!(fits("-not (Alias -ne 'ann.baker')"));
    }

    #[test]
    fn sizes_and_numbers_compare_by_amount() {
        assert!(fits("Quota -gt 10GB"));
        assert!(fits("Quota -lt '50 GB'"));
        assert!(fits("Count -ge 12 -and Count -lt 100"));
    }

    #[test]
    fn a_list_fits_when_one_of_its_values_does() {
        assert!(fits("Addresses -like '*@fabrikam.com'"));
        assert!(!fits("Addresses -notlike '*@fabrikam.com'"));
        assert!(fits("Missing -eq $null"));
    }

    #[test]
    fn or_binds_weaker_than_and() {
        assert!(fits("Hidden -eq $true -or Hidden -eq $true -and Alias -eq 'nobody'"));
    }

    #[test]
    fn a_broken_filter_says_where() {
        assert_eq!(Filter::parse("Alias -eq").unwrap_err().position, 9);
        assert_eq!(Filter::parse("Alias -eq 'x").unwrap_err().position, 10);
        assert_eq!(Filter::parse("(Alias -eq 'x'").unwrap_err().reason, "a closing bracket is missing");
        assert_eq!(Filter::parse("Alias -near 'x'").unwrap_err().position, 6);
    }
}
