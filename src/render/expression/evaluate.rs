//! Walking the tree for one object.

use super::methods;
use super::operators;
use super::read::{Node, Statement};
use crate::clixml::{Base, ListKind, PsObject, PsValue};
use crate::render::subject;
use crate::render::text;

/// Why there is no value.
#[derive(Debug)]
pub(super) enum Stop {
    /// PowerShell would throw.
    Failed,
    /// Not supported here, and what.
    Unknown(String),
}

pub(super) type Outcome = Result<PsValue, Stop>;

/// All values that the statements give: none, one, or a list.
pub(super) fn run(statements: &[Statement], this: &PsValue) -> Outcome {
    let mut values = Vec::new();
    collect(statements, this, &mut values)?;
    Ok(match values.len() {
        0 => PsValue::Null,
        1 => values.remove(0),
        _ => list(values),
    })
}

pub(super) fn list(values: Vec<PsValue>) -> PsValue {
    PsObject::builder().base(Base::List(ListKind::List, values.into())).build().into()
}

fn collect(statements: &[Statement], this: &PsValue, values: &mut Vec<PsValue>) -> Result<(), Stop> {
    for statement in statements {
        match statement {
            Statement::Expression(node) => {
                let value = evaluate(node, this)?;
                match subject::items(&value) {
                    Some(items) if !is_dictionary(&value) => values.extend(items),
                    _ => values.push(value),
                }
            }
            Statement::Throw => return Err(Stop::Failed),
            Statement::If(branches, otherwise) => {
                let mut chosen = otherwise;
                for (condition, block) in branches {
                    if subject::is_true(&evaluate(condition, this)?) {
                        chosen = block;
                        break;
                    }
                }
                collect(chosen, this, values)?;
            }
        }
    }
    Ok(())
}

fn is_dictionary(value: &PsValue) -> bool {
    matches!(value, PsValue::Object(object) if matches!(object.base(), Base::Dictionary(_)))
}

fn evaluate(node: &Node, this: &PsValue) -> Outcome {
    let all = |nodes: &[Node]| nodes.iter().map(|node| evaluate(node, this)).collect::<Result<Vec<_>, _>>();
    Ok(match node {
        Node::This => this.clone(),
        Node::Value(value) => value.clone(),
        Node::Expandable(pieces) => {
            let texts = all(pieces)?;
            PsValue::string(texts.iter().map(text::interpolated).collect::<String>())
        }
        Node::List(nodes) => list(all(nodes)?),
        Node::Block(statements, as_list) => {
            let mut values = Vec::new();
            collect(statements, this, &mut values)?;
            match values.len() {
                0 if !as_list => PsValue::Null,
                1 if !as_list => values.remove(0),
                _ => list(values),
            }
        }
        Node::Member(target, name) => {
            let name = text::interpolated(&evaluate(name, this)?);
            methods::member(&evaluate(target, this)?, &name)
        }
        Node::Call(target, name, arguments) => methods::call(&evaluate(target, this)?, name, &all(arguments)?)?,
        Node::StaticMember(type_name, name) => methods::static_member(type_name, name)?,
        Node::StaticCall(type_name, name, arguments) => methods::static_call(type_name, name, &all(arguments)?)?,
        Node::Index(target, index) => methods::index(&evaluate(target, this)?, &evaluate(index, this)?),
        Node::Cast(type_name, inner) => methods::cast(type_name, &evaluate(inner, this)?)?,
        Node::Unary(name, inner) => operators::unary(name, &evaluate(inner, this)?)?,
        Node::Binary(name, left, right) => binary(name, left, right, this)?,
        Node::Choice(choice) => {
            let [condition, yes, no] = choice.as_ref();
            evaluate(if subject::is_true(&evaluate(condition, this)?) { yes } else { no }, this)?
        }
    })
}

fn binary(name: &str, left: &Node, right: &Node, this: &PsValue) -> Outcome {
    let left = evaluate(left, this)?;
    // `-and` and `-or` look at the right side only when they must.
    match (name, subject::is_true(&left)) {
        ("and", false) => return Ok(PsValue::Bool(false)),
        ("or", true) => return Ok(PsValue::Bool(true)),
        ("and" | "or", _) => return Ok(PsValue::Bool(subject::is_true(&evaluate(right, this)?))),
        _ => {}
    }
    operators::binary(name, &left, &evaluate(right, this)?)
}

pub(super) fn unknown(text: &str) -> Stop {
    Stop::Unknown(format!("`{text}` is not supported"))
}
