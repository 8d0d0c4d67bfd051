//! Scripts in views and calculated columns: `$_.Size / 1kb`, `$_.Name.ToUpper()`, `if ($_.Enabled) { "yes" }`.
//!
//! A small part of PowerShell: expressions over `$_` without commands, assignments or loops. What is beyond it is
//! noted as a problem and gives nothing; whole scripts are the business of `port`.

mod evaluate;
mod methods;
mod operators;
mod read;

use std::sync::{Arc, Mutex, PoisonError};

use super::RenderError;
use crate::clixml::PsValue;
use read::Statement;

/// A script, read once.
#[derive(Debug)]
pub struct Script {
    text: String,
    parsed: Result<Vec<Statement>, String>,
}

impl Script {
    /// Reads a script; one that is not understood says so when it is evaluated.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), parsed: read::read(text) }
    }

    /// Its text, blanks and all.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its value for an object: nothing, one value, or a list of all that the statements give.
    ///
    /// # Errors
    /// The script is beyond what can be evaluated here.
    pub fn evaluate(&self, this: &PsValue) -> Result<PsValue, RenderError> {
        let unknown = |reason: String| RenderError::Script { script: self.text.trim().to_owned(), reason };
        let statements = self.parsed.as_ref().map_err(|reason| unknown(reason.clone()))?;
        match evaluate::run(statements, this) {
            Ok(value) => Ok(value),
            // An exception in a script shows as nothing, as it does in PowerShell.
            Err(evaluate::Stop::Failed) => Ok(PsValue::Null),
            Err(evaluate::Stop::Unknown(reason)) => Err(unknown(reason)),
        }
    }
}

/// Collects scripts that could not be evaluated, each once. Clones collect into one place.
#[derive(Debug, Clone, Default)]
pub struct Problems(Arc<Mutex<Vec<RenderError>>>);

impl Problems {
    /// The script's value, or nothing with the problem noted.
    pub(super) fn evaluate(&self, script: &Script, this: &PsValue) -> Option<PsValue> {
        match script.evaluate(this) {
            Ok(value) => Some(value),
            Err(problem) => {
                let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if !known.contains(&problem) {
                    known.push(problem);
                }
                None
            }
        }
    }

    /// What was found since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<RenderError> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clixml::PsObject;
    use crate::render::text::interpolated;

    fn value(script: &str) -> String {
        let this = PsObject::bag([
            ("Name", PsValue::from("Heron")),
            ("Tons", PsValue::I32(90)),
            ("Afloat", PsValue::Bool(true)),
            ("Draft", PsValue::F64(12.5)),
        ]);
        match Script::new(script).evaluate(&this.into()) {
            Ok(value) => interpolated(&value),
            Err(problem) => problem.to_string(),
        }
    }

    #[test]
    fn properties_methods_and_arithmetic() {
        assert_eq!(value("$_.Tons * 1000"), "90000");
        assert_eq!(value("$_.Tons / 4"), "22.5");
        assert_eq!(value("$_.Name.ToUpper() + '.'"), "HERON.");
        assert_eq!(value("'<' + $_.Name.Substring(1, 3) + '>'"), "<ero>");
        assert_eq!(value("[math]::Round($_.Draft / 3, 2)"), "4.17");
        assert_eq!(value("'{0:N2} t' -f $_.Tons"), "90.00 t");
        assert_eq!(value("\"$($_.Name): $($_.Tons + 1)\""), "Heron: 91");
        assert_eq!(value("1.5kb"), "1536");
    }

    #[test]
    fn conditions_and_comparisons() {
        assert_eq!(value("$_.Tons -gt 50"), "True");
        assert_eq!(value("if ($_.Afloat) { 'yes' } else { 'no' }"), "yes");
        assert_eq!(value("if (-not $_.Afloat) { 'yes' } elseif ($_.Name -like 'her*') { 'heron' }"), "heron");
        assert_eq!(value("$_.Name -match '^H' -and $_.Tons -ne 3"), "True");
        assert_eq!(value("@('a', 'b') -contains 'B'"), "True");
        assert_eq!(value("$_.Tons -gt 50 ? 'big' : 'small'"), "big");
        assert_eq!(
            value("$_.Name | Get-Item"),
            "the script `$_.Name | Get-Item` cannot be evaluated: `Get-Item` is not supported"
        );
        assert_eq!(value("if ($_.Tons -gt 50) { throw 'too heavy' } else { 'light' }"), "");
    }
}
