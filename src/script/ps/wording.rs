//! What the binder says about arguments that do not fit, as scripts that read messages expect it.
//!
//! Which error it is was decided in `catalog::bind`.

use super::fault::Problem;
use super::value::V;
use crate::catalog::bind::{BindError, BindProblem};
use crate::catalog::{Cmdlet, ResolveError};

/// The record's content for an error of the binder.
pub(super) fn problem(cmdlet: &Cmdlet, error: &BindError) -> Problem {
    Problem::new(error.fully_qualified_id(), error.category(), message(cmdlet, error)).exception(exception(error))
}

/// A value did not become the type of a function's parameter.
pub(super) fn not_transformed(id: &str, parameter: &str, reason: &str) -> Problem {
    let problem = BindProblem::Conversion {
        parameter: parameter.to_owned().into(),
        expected: "a value of its type",
        value: "".into(),
        id: "ParameterArgumentTransformationError",
        reason: Some(reason.into()),
    };
    let error = BindError { cmdlet: id.to_owned().into(), problem };
    let message = format!("{} {reason}", refused(&error, parameter));
    Problem::new(error.fully_qualified_id(), error.category(), message).exception(exception(&error))
}

fn exception(error: &BindError) -> &'static str {
    match error.id() {
        "ParameterArgumentTransformationError" => {
            "System.Management.Automation.ParameterBindingArgumentTransformationException"
        }
        id if id.starts_with("ParameterArgumentValidationError") => {
            "System.Management.Automation.ParameterBindingValidationException"
        }
        _ => "System.Management.Automation.ParameterBindingException",
    }
}

fn message(cmdlet: &Cmdlet, error: &BindError) -> String {
    match &error.problem {
        BindProblem::Name(ResolveError::NotFound { name, .. }) => {
            format!("A parameter cannot be found that matches parameter name '{name}'.")
        }
        BindProblem::Name(ResolveError::Ambiguous { name, candidates, .. }) => {
            let names: Vec<String> = candidates.iter().map(|name| format!("-{name}")).collect();
            format!(
                "Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches include: {}.",
                names.join(" ")
            )
        }
        BindProblem::NoPosition { value } => {
            format!("A positional parameter cannot be found that accepts argument '{value}'.")
        }
        BindProblem::MissingArgument { parameter } => format!(
            "Missing an argument for parameter '{parameter}'. Specify a parameter of type '{}' and try again.",
            type_name(cmdlet, parameter)
        ),
        BindProblem::AlreadyBound { parameter } => format!(
            "Cannot bind parameter because parameter '{parameter}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, \"-parameter value1,value2,value3\"."
        ),
        BindProblem::ParameterSet { .. } => {
            "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.".to_owned()
        }
        BindProblem::Conversion { parameter, value, id: "CannotConvertArgument", reason: Some(reason), .. } => format!(
            "Cannot convert '{value}' to the type '{}' required by parameter '{parameter}'. {reason}",
            type_name(cmdlet, parameter)
        ),
        BindProblem::Conversion { parameter, id: "MismatchedPSTypeName", reason: Some(wanted), .. } => format!(
            "Cannot bind argument to parameter '{parameter}', because PSTypeNames of the argument do not match the PSTypeName required by the parameter: {wanted}."
        ),
        BindProblem::Conversion { parameter, reason: Some(reason), .. } => {
            format!("{} {reason}", refused(error, parameter))
        }
        BindProblem::Conversion { parameter, value, .. } => {
            format!("{} {}", refused(error, parameter), reason(cmdlet, parameter, value))
        }
        BindProblem::Null { parameter, id, .. } => match *id {
            "ParameterArgumentTransformationError" => {
                let name = type_name(cmdlet, parameter);
                let reason =
                    if is_truth(&name) { no_truth("", &name) } else { format!("Cannot convert null to type \"{name}\".") };
                format!("{} {reason}", refused(error, parameter))
            }
            _ => format!("Cannot bind argument to parameter '{parameter}' because it is null."),
        },
        BindProblem::EmptyString { parameter } => {
            format!("Cannot bind argument to parameter '{parameter}' because it is an empty string.")
        }
        BindProblem::EmptyList { parameter, is_array } => {
            let what = if *is_array { "array" } else { "collection" };
            format!("Cannot bind argument to parameter '{parameter}' because it is an empty {what}.")
        }
        BindProblem::Validation { parameter, reason, .. } => {
            format!("Cannot validate argument on parameter '{parameter}'. {reason}")
        }
        BindProblem::ScriptWithoutInput { parameter } => format!(
            "Cannot evaluate parameter '{parameter}' because its argument is specified as a script block and there is no input. A script block cannot be evaluated without input."
        ),
        BindProblem::ScriptWithoutOutput { parameter } => {
            format!("Cannot evaluate parameter '{parameter}' because its argument input did not produce any output.")
        }
        BindProblem::ScriptFailed { parameter, message } => {
            format!("Cannot evaluate parameter '{parameter}' because its argument input cannot be evaluated. {message}")
        }
        BindProblem::MissingMandatory { parameters, piped: false } => format!(
            "Cannot process command because of one or more missing mandatory parameters: {}.",
            parameters.join(" ")
        ),
        BindProblem::MissingMandatory { parameters, piped: true } => format!(
            "The input object cannot be bound because it did not contain the information required to bind all mandatory parameters:  {}",
            parameters.join(" ")
        ),
        BindProblem::InputNotBound { .. } => "The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.".to_owned(),
    }
}

fn refused(error: &BindError, parameter: &str) -> String {
    match error.id() {
        "ParameterArgumentTransformationError" => {
            format!("Cannot process argument transformation on parameter '{parameter}'.")
        }
        _ => format!("Cannot bind parameter '{parameter}'."),
    }
}

/// Why a value does not become the parameter's type, in the words of the cast that fails.
fn reason(cmdlet: &Cmdlet, parameter: &str, value: &str) -> String {
    let name = type_name(cmdlet, parameter);
    if is_truth(&name) {
        return no_truth("System.String", &name);
    }
    match super::cast::cast(&name, &V::from(value)) {
        Err(fault) => match *fault {
            super::fault::Fault::Error(record, _) => super::fault::summary(&record).0,
            _ => String::new(),
        },
        Ok(_) => format!("Cannot convert value to type {name}."),
    }
}

fn is_truth(type_name: &str) -> bool {
    matches!(type_name, "System.Boolean" | "System.Management.Automation.SwitchParameter")
}

/// A value of type `given` is neither true nor false.
pub(super) fn no_truth(given: &str, wanted: &str) -> String {
    format!(
        "Cannot convert value \"{given}\" to type \"{wanted}\". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0."
    )
}

/// The full name of a parameter's type as the client knows it.
fn type_name(cmdlet: &Cmdlet, parameter: &str) -> String {
    let known = cmdlet.parameter(parameter);
    let (short, array) = match known.map(|known| &*known.type_name) {
        Some(name) => name.strip_suffix("[]").map_or((name, ""), |item| (item, "[]")),
        None => ("ActionPreference", ""),
    };
    let full = super::types::resolve(short).map_or_else(|| "System.Object".to_owned(), |name| name.to_string());
    format!("{full}{array}")
}
