//! Definitions of types: classes with their members, enumerations.
//!
//! What is not in the form of either stays a text of its own, with everything else that has no counterpart.

use super::super::ast::{Attribute, Block, Class, ClassMethod, ClassProperty, Enum, Expr, StmtKind};
use super::super::lexer::{is_name, starts_name};
use super::{Parser, Result};

impl Parser<'_> {
    /// `[Flags()] enum …` and `[Attribute()] class …`.
    pub(super) fn attributed_definition(&mut self) -> Result<StmtKind> {
        let start = self.at.pos;
        let mut flags = false;
        while self.at.peek() == '[' {
            let attribute = self.attribute()?;
            flags |=
                attribute.name.eq_ignore_ascii_case("Flags") || attribute.name.eq_ignore_ascii_case("System.Flags");
            self.at.skip(true);
        }
        let word = self.at.word();
        let found = match word.as_str() {
            "enum" => {
                self.at.bump_n(4);
                self.enumeration(start, flags)?
            }
            "class" => {
                self.at.bump_n(5);
                self.class(start)?
            }
            _ => None,
        };
        found.map_or_else(|| self.fail("ExpectedExpression", "no definition"), Ok)
    }

    /// The name after `class` or `enum`; none when the word is the name of a command.
    fn defined_name(&mut self) -> Option<String> {
        self.at.skip(true);
        if !starts_name(self.at.peek()) {
            return None;
        }
        let name = self.name_here();
        self.at.skip(true);
        matches!(self.at.peek(), '{' | ':').then_some(name)
    }

    /// An enumeration after its word.
    pub(super) fn enumeration(&mut self, start: usize, flags: bool) -> Result<Option<StmtKind>> {
        let Some(name) = self.defined_name() else {
            self.at.pos = start;
            return Ok(None);
        };
        if self.at.eat(':') {
            self.base_names()?;
        }
        self.need('{', "MissingTypeBody", "expected '{' after the name of the enumeration")?;
        let mut values = Vec::new();
        loop {
            self.at.skip_separators();
            if self.at.eat('}') {
                return Ok(Some(StmtKind::Enum(Box::new(Enum { name, flags, values }))));
            }
            if !starts_name(self.at.peek()) {
                return self.fail("MissingEndCurlyBrace", "expected the name of a value or '}'");
            }
            let value = self.name_here();
            self.at.skip(false);
            let number = self.value_after_equals(true)?;
            values.push((value, number));
        }
    }

    fn base_names(&mut self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        loop {
            self.at.skip(true);
            let start = self.at.pos;
            while is_name(self.at.peek()) || matches!(self.at.peek(), '.' | '[' | ']') {
                self.at.bump();
            }
            if self.at.pos == start {
                return self.fail("TypeNameExpected", "expected the name of a type");
            }
            names.push(self.at.text(start, self.at.pos).to_owned());
            self.at.skip(true);
            if !self.at.eat(',') {
                return Ok(names);
            }
        }
    }

    /// A class after its word.
    pub(super) fn class(&mut self, start: usize) -> Result<Option<StmtKind>> {
        let Some(name) = self.defined_name() else {
            self.at.pos = start;
            return Ok(None);
        };
        let mut class = Class { name, ..Class::default() };
        if self.at.eat(':') {
            class.bases = self.base_names()?;
        }
        self.need('{', "MissingTypeBody", "expected '{' after the name of the class")?;
        loop {
            self.at.skip_separators();
            if self.at.eat('}') {
                return Ok(Some(StmtKind::Class(Box::new(class))));
            }
            if self.at.at_end() {
                return self.fail("MissingEndCurlyBrace", "the '{' of the class has no '}'");
            }
            self.class_member(&mut class)?;
        }
    }

    fn class_member(&mut self, class: &mut Class) -> Result<()> {
        let (mut attributes, mut fixed, mut hidden): (Vec<Attribute>, _, _) = (Vec::new(), false, false);
        loop {
            self.at.skip(true);
            if self.at.peek() == '[' {
                attributes.push(self.attribute()?);
                continue;
            }
            let word = self.at.word();
            let follows = self.at.peek_at(word.chars().count());
            match word.as_str() {
                "static" if follows != '(' => fixed = true,
                "hidden" if follows != '(' => hidden = true,
                _ => break,
            }
            self.at.bump_n(6);
        }
        if self.at.peek() == '$' {
            let name = self.variable_name()?.name;
            self.at.skip(false);
            let default = self.value_after_equals(false)?;
            class.properties.push(ClassProperty { name, attributes, fixed, hidden, default });
            return Ok(());
        }
        if !starts_name(self.at.peek()) {
            return self.fail("ExpectedClassMember", "expected a property, a method or '}'");
        }
        let name = self.name_here();
        let returns = attributes.iter().rev().find(|a| a.args.is_none()).map(|a| a.name.clone());
        self.at.skip(true);
        self.need('(', "MissingTypeInProperty", "expected '(' after the name of the method")?;
        let params = self.param_list()?;
        self.at.skip(true);
        let base = if self.at.eat(':') { Some(self.base_call()?) } else { None };
        self.at.skip(true);
        let mut body: Block = self.block()?;
        body.params = Some(params);
        class.methods.push(ClassMethod { name, returns, fixed, hidden, base, body });
        Ok(())
    }

    /// `base(arguments)` after the colon of a constructor.
    fn base_call(&mut self) -> Result<Vec<Expr>> {
        self.at.skip(true);
        if self.at.word() != "base" {
            return self.fail("MissingBaseCtorCall", "expected 'base' after ':'");
        }
        self.at.bump_n(4);
        self.at.skip(true);
        if self.at.peek() != '(' {
            return self.fail("MissingBaseCtorCall", "expected '(' after 'base'");
        }
        self.call_arguments()
    }
}
