//! Why arguments do not bind: PowerShell's error ids with what a person needs to know.
//!
//! Not here: PowerShell's own message texts.

use crate::catalog::{Name, ResolveError};

/// Arguments that do not fit a cmdlet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cmdlet}: {problem}")]
pub struct BindError {
    /// The cmdlet.
    pub cmdlet: Name,
    /// What does not fit.
    pub problem: BindProblem,
}

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindProblem {
    /// A name means no parameter or several.
    #[error(transparent)]
    Name(#[from] ResolveError),
    /// There is no place for a value.
    #[error("nothing takes the value '{value}' at this place")]
    NoPosition {
        /// The value.
        value: String,
    },
    /// A name at the end, or before another name.
    #[error("{parameter} needs a value")]
    MissingArgument {
        /// The parameter.
        parameter: Name,
    },
    /// One parameter twice.
    #[error("{parameter} is given twice")]
    AlreadyBound {
        /// The parameter.
        parameter: Name,
    },
    /// No parameter set, or more than one, has all that was given.
    #[error("{}", ambiguous_set(candidates))]
    ParameterSet {
        /// Names of the sets that remain.
        candidates: Vec<Name>,
    },
    /// A value cannot be what the parameter's type wants.
    #[error("{parameter} takes {expected}, not '{value}'")]
    Conversion {
        /// The parameter.
        parameter: Name,
        /// What it takes.
        expected: &'static str,
        /// The value.
        value: Box<str>,
        /// The error id, which depends on the flavour.
        id: &'static str,
        /// Why not, where whoever converts says so.
        reason: Option<Box<str>>,
    },
    /// A value is null where it must not be.
    #[error("{parameter} must not be null")]
    Null {
        /// The parameter.
        parameter: Name,
        /// The error id.
        id: &'static str,
    },
    /// A required text is empty.
    #[error("{parameter} must not be empty")]
    EmptyString {
        /// The parameter.
        parameter: Name,
    },
    /// A required list is empty.
    #[error("{parameter} must not be an empty list")]
    EmptyList {
        /// The parameter.
        parameter: Name,
        /// Whether its type is an array.
        is_array: bool,
    },
    /// A value is not what the parameter's own validation asks for.
    #[error("{parameter} refuses '{value}': {reason}")]
    Validation {
        /// The parameter.
        parameter: Name,
        /// The value.
        value: String,
        /// Why not.
        reason: String,
    },
    /// A script block gives the value for each piped object, but nothing is piped.
    #[error("the script block for {parameter} needs piped objects")]
    ScriptWithoutInput {
        /// The parameter.
        parameter: Name,
    },
    /// The script block for a piped object gave nothing.
    #[error("the script block for {parameter} gives nothing for this object")]
    ScriptWithoutOutput {
        /// The parameter.
        parameter: Name,
    },
    /// The script block for a piped object failed.
    #[error("the script block for {parameter} fails for this object: {message}")]
    ScriptFailed {
        /// The parameter.
        parameter: Name,
        /// Its error.
        message: String,
    },
    /// Required parameters are not given.
    #[error("{} {} required", parameters.join(", "), if parameters.len() == 1 { "is" } else { "are" })]
    MissingMandatory {
        /// The parameters.
        parameters: Vec<Name>,
        /// Whether the rest came from the pipeline.
        piped: bool,
    },
    /// No parameter takes the piped object.
    #[error("no parameter takes the piped object '{value}'")]
    InputNotBound {
        /// The object, as text.
        value: String,
    },
}

fn ambiguous_set(candidates: &[Name]) -> String {
    if candidates.is_empty() {
        "these parameters cannot be used together".to_owned()
    } else {
        format!("these parameters leave open which form is meant: {}", candidates.join(", "))
    }
}

impl BindProblem {
    /// Whether a value is of a type that the parameter does not take.
    pub(super) fn is_conversion(&self) -> bool {
        match self {
            Self::Conversion { .. } => true,
            Self::Null { id, .. } => *id == "ParameterArgumentTransformationError",
            _ => false,
        }
    }
}

impl BindError {
    /// PowerShell's error id, without the cmdlet.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match &self.problem {
            BindProblem::Name(error) => error.id(),
            BindProblem::NoPosition { .. } => "PositionalParameterNotFound",
            BindProblem::MissingArgument { .. } => "MissingArgument",
            BindProblem::AlreadyBound { .. } => "ParameterAlreadyBound",
            BindProblem::ParameterSet { .. } => "AmbiguousParameterSet",
            BindProblem::Conversion { id, .. } | BindProblem::Null { id, .. } => id,
            BindProblem::EmptyString { .. } => "ParameterArgumentValidationErrorEmptyStringNotAllowed",
            BindProblem::EmptyList { is_array: true, .. } => "ParameterArgumentValidationErrorEmptyArrayNotAllowed",
            BindProblem::EmptyList { is_array: false, .. } => {
                "ParameterArgumentValidationErrorEmptyCollectionNotAllowed"
            }
            BindProblem::Validation { .. } => "ParameterArgumentValidationError",
            BindProblem::ScriptWithoutInput { .. } => "ScriptBlockArgumentNoInput",
            BindProblem::ScriptWithoutOutput { .. } => "ScriptBlockArgumentNoOutput",
            BindProblem::ScriptFailed { .. } => "ScriptBlockArgumentInvocationFailed",
            BindProblem::MissingMandatory { piped: false, .. } => "MissingMandatoryParameter",
            BindProblem::MissingMandatory { piped: true, .. } => "InputObjectMissingMandatory",
            BindProblem::InputNotBound { .. } => "InputObjectNotBound",
        }
    }

    /// `Id,Cmdlet-Name`, as an error record has it; a block without a name has the id alone.
    #[must_use]
    pub fn fully_qualified_id(&self) -> String {
        match &*self.cmdlet {
            "" => self.id().to_owned(),
            name => format!("{},{name}", self.id()),
        }
    }

    /// PowerShell's category of the error.
    #[must_use]
    pub fn category(&self) -> &'static str {
        match &self.problem {
            BindProblem::EmptyString { .. } | BindProblem::EmptyList { .. } | BindProblem::Validation { .. } => {
                "InvalidData"
            }
            BindProblem::Conversion { id, .. } | BindProblem::Null { id, .. } => match *id {
                "ParameterBindingFailed" => "WriteError",
                id if id.starts_with("CannotConvertArgument") || id == "MismatchedPSTypeName" => "InvalidArgument",
                _ => "InvalidData",
            },
            BindProblem::ScriptWithoutInput { .. } => "MetadataError",
            _ => "InvalidArgument",
        }
    }

    /// The parameter it is about, where it is about one.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        match &self.problem {
            BindProblem::Name(ResolveError::NotFound { name, .. } | ResolveError::Ambiguous { name, .. }) => Some(name),
            BindProblem::ScriptWithoutInput { parameter }
            | BindProblem::ScriptWithoutOutput { parameter }
            | BindProblem::ScriptFailed { parameter, .. }
            | BindProblem::MissingArgument { parameter }
            | BindProblem::AlreadyBound { parameter }
            | BindProblem::Conversion { parameter, .. }
            | BindProblem::Null { parameter, .. }
            | BindProblem::EmptyString { parameter }
            | BindProblem::EmptyList { parameter, .. }
            | BindProblem::Validation { parameter, .. } => Some(parameter),
            _ => None,
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match &self.problem {
            BindProblem::Name(error) => error.hint(),
            BindProblem::NoPosition { value }
                if value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false") =>
            {
                Some("a switch takes its value after a colon: -Confirm:$false".into())
            }
            BindProblem::NoPosition { .. } => Some("name the parameter that it is for".into()),
            BindProblem::Conversion { expected: "true or false", .. } => {
                Some("write $true or $false, in a script true or false".into())
            }
            _ => None,
        }
    }
}
