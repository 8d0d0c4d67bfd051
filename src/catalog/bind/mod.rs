//! Which parameter each argument belongs to, and as what value: PowerShell's parameter binder.
//!
//! The same code decides for a script's calls, for ported PowerShell, for the functions that a PowerShell script
//! defines, for its built-in commands and for the simulated server. Recorded behaviour is the reference; where
//! functions (which proxies are), functions without attributes and compiled cmdlets (which run inside an Exchange
//! server) differ, [`Flavour`] chooses. What the values are, how they convert and which properties they have is
//! answered by [`Values`]: [`Wire`] for values as they travel, an implementation of the script room for live ones.
//!
//! Not here: parsing arguments, evaluating script blocks and defaults, prompting for what is missing, running anything.
//!
//! ```
//! use exsh::catalog::Catalog;
//! use exsh::catalog::bind::{Argument, Binder, Flavour};
//! use exsh::clixml::PsValue;
//!
//! let cmdlet = Catalog::built_in().find("Get-Mailbox").expect("documented");
//! let binder = Binder::new(&cmdlet, Flavour::Function);
//! let call = binder
//!     .prepare(vec![Argument::value("kim.akers"), Argument::named("result", PsValue::I32(5))], false)
//!     .and_then(|prepared| prepared.call())
//!     .expect("it binds");
//! let names: Vec<&str> = call.parameters.iter().map(|bound| &*bound.name).collect();
//! assert_eq!(names, ["ResultSize", "Identity"]); // names first, then positions
//! ```

mod binder;
mod convert;
mod date;
mod error;
mod mandatory;
mod names;
mod number;
mod pipeline;
mod positions;
mod sets;
mod text;
mod values;

pub use binder::{Binder, Prepared, Suspended};
pub use date::{parse_date, parse_time_span};
pub use error::{BindError, BindProblem};
pub use number::parse_number;
pub use text::text_of;
pub use values::{Values, Wire};

use crate::clixml::{PsString, PsValue};

use super::Name;

/// One thing written after a cmdlet's name.
#[derive(Debug, Clone)]
pub enum Argument<V = PsValue> {
    /// `-Name`: the value, unless it is a switch, is the next argument.
    Name(String),
    /// `-Name:value`.
    NameValue(String, Given<V>),
    /// A value without a name, or the value of the name before it.
    Value(Given<V>),
    /// `--`: what follows are values even if they begin with a hyphen.
    EndOfNames,
    /// An entry of a table of arguments (splatting); a name given otherwise wins over it.
    Splatted(String, V),
    /// What a parameter is when nothing else gives it a value and it fits the rest (`$PSDefaultParameterValues`).
    Default(String, V),
}

impl Argument {
    /// A name with its value.
    pub fn named(name: impl Into<String>, value: impl Into<PsValue>) -> Self {
        Self::NameValue(name.into(), Given::from(value.into()))
    }

    /// A value without a name.
    pub fn value(value: impl Into<PsValue>) -> Self {
        Self::Value(Given::from(value.into()))
    }

    /// An argument as it travels in a pipeline ([MS-PSRP] 2.2.3.11, command parameter): a hyphenated name without
    /// colon and value stands alone, and an object with `IsPresent` is the switch that it was.
    #[must_use]
    pub fn from_wire(name: Option<&str>, value: PsValue) -> Self {
        let value = switch_state(&value).unwrap_or(value);
        let Some(name) = name else { return Self::value(value) };
        match name.strip_prefix('-').map(str::trim_end) {
            None => Self::named(name, value),
            Some(bare) => match bare.strip_suffix(':') {
                None if value.is_null() => Self::Name(bare.to_owned()),
                stripped => Self::named(stripped.unwrap_or(bare), value),
            },
        }
    }
}

/// Whether a `SwitchParameter` is on; PowerShell brings it back to life when it reads one.
fn switch_state(value: &PsValue) -> Option<PsValue> {
    const SWITCH: &str = "System.Management.Automation.SwitchParameter";
    let object = value.as_object()?;
    let types = object.type_names()?;
    let is_switch = types.first().is_some_and(|first| first.strip_prefix("Deserialized.").unwrap_or(first) == SWITCH);
    object.get("IsPresent").filter(|state| is_switch && matches!(state, PsValue::Bool(_)))
}

/// A value with, for a bare number, how it was written: a text parameter takes `007`, not 7.
#[derive(Debug, Clone)]
pub struct Given<V = PsValue> {
    /// The value.
    pub value: V,
    /// The spelling of a bare number.
    pub spelling: Option<PsString>,
}

impl<V> From<V> for Given<V> {
    fn from(value: V) -> Self {
        Self { value, spelling: None }
    }
}

/// Whose rules apply where functions and compiled cmdlets bind differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// An advanced function: the client's proxy of a server's cmdlet.
    Function,
    /// A function without attributes: no parameters that every cmdlet has, and what nothing takes is left over.
    Simple,
    /// A cmdlet compiled into the server.
    Compiled,
}

/// Arguments in their places.
#[derive(Debug, Clone)]
pub struct BoundCall {
    /// The cmdlet.
    pub cmdlet: Name,
    /// The parameter set, where one was settled.
    pub set: Option<usize>,
    /// What goes to the server, in the order of binding: the cmdlet's own parameters and those every cmdlet has.
    pub parameters: Vec<BoundParameter>,
    /// What stays with the client: `OutVariable` and its kin.
    pub kept: Vec<BoundParameter>,
}

impl BoundCall {
    /// The value of a parameter, ignoring ASCII case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&PsValue> {
        let bound = self.parameters.iter().chain(&self.kept).find(|bound| bound.name.eq_ignore_ascii_case(name));
        bound.map(|bound| &bound.value)
    }
}

/// A parameter with its value.
#[derive(Debug, Clone)]
pub struct BoundParameter {
    /// Its name in full.
    pub name: Name,
    /// The value, converted as far as the client converts.
    pub value: PsValue,
    /// Whether it came from the pipeline.
    pub piped: bool,
}
