//! What the binder asks about values; its decisions do not depend on what they are.
//!
//! [`Wire`] answers for values as they travel; what they convert to is in `convert`.

use crate::catalog::{CommonParameter, Parameter, ValueType};
use crate::clixml::{PsString, PsValue};

use super::{BindProblem, Flavour, Given, convert, text};

/// Answers for one kind of values, on behalf of one call.
pub trait Values: Copy {
    /// A value.
    type Value: Clone;
    /// A script block that gives the value of a parameter for each piped object.
    type Script: Clone;

    /// Whose rules apply.
    fn flavour(self) -> Flavour;

    /// The value as the parameter of this index takes it.
    ///
    /// # Errors
    /// When it cannot be that, or the parameter refuses it.
    fn convert(
        self,
        index: usize,
        parameter: &Parameter,
        given: &Given<Self::Value>,
    ) -> Result<Self::Value, BindProblem>;

    /// The value as a parameter that every cmdlet has takes it.
    ///
    /// # Errors
    /// When it cannot be that.
    fn convert_common(
        self,
        parameter: &'static CommonParameter,
        given: &Given<Self::Value>,
    ) -> Result<Self::Value, BindProblem>;

    /// Whether a value is of the parameter's type as it is.
    fn is_instance(self, index: usize, parameter: &Parameter, value: &Self::Value) -> bool;

    /// The script block that a value is, if the parameter would not take it as a value.
    fn script(self, parameter: &Parameter, value: &Self::Value) -> Option<Self::Script>;

    /// A property of a piped object.
    fn property(self, input: &Self::Value, name: &str) -> Option<Self::Value>;

    /// Whether a piped object is of a type, by the last part of the type's name.
    fn is_of(self, input: &Self::Value, type_name: &str) -> bool;

    /// A word as a value.
    fn word(self, text: String) -> Self::Value;

    /// What a switch is that is merely named.
    fn on(self) -> Self::Value;

    /// The arguments that no other parameter takes, as one value.
    fn rest(self, values: Vec<Self::Value>) -> Self::Value;

    /// A value in a message.
    fn display(self, value: &Self::Value) -> String;
}

/// Values as they travel, for cmdlets of a server.
#[derive(Debug, Clone, Copy)]
pub struct Wire(pub Flavour);

impl Values for Wire {
    type Value = PsValue;
    type Script = PsString;

    fn flavour(self) -> Flavour {
        self.0
    }

    fn convert(self, _: usize, parameter: &Parameter, given: &Given) -> Result<PsValue, BindProblem> {
        let value = convert::to_parameter(parameter, given, self.0)?;
        convert::refuse_empty(parameter, &value)?;
        Ok(value)
    }

    fn convert_common(self, parameter: &'static CommonParameter, given: &Given) -> Result<PsValue, BindProblem> {
        convert::common(parameter, given)
    }

    fn is_instance(self, _: usize, parameter: &Parameter, value: &PsValue) -> bool {
        convert::is_instance(parameter, value)
    }

    fn script(self, parameter: &Parameter, value: &PsValue) -> Option<PsString> {
        match value {
            PsValue::ScriptBlock(script)
                if !matches!(parameter.value_type(), ValueType::Object | ValueType::ScriptBlock) =>
            {
                Some(script.clone())
            }
            _ => None,
        }
    }

    fn property(self, input: &PsValue, name: &str) -> Option<PsValue> {
        input.as_object()?.get(name)
    }

    fn is_of(self, input: &PsValue, type_name: &str) -> bool {
        let types = input.as_object().and_then(|object| object.type_names());
        let last = |name: &str| name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(type_name));
        types.is_some_and(|types| types.iter().any(last))
    }

    fn word(self, text: String) -> PsValue {
        PsValue::from(text)
    }

    fn on(self) -> PsValue {
        PsValue::Bool(true)
    }

    fn rest(self, values: Vec<PsValue>) -> PsValue {
        convert::list(values)
    }

    fn display(self, value: &PsValue) -> String {
        text::display(value)
    }
}
