//! The question for cmdlet metadata ([MS-PSRP] 2.2.2.14) and the shape of its answers.
//!
//! What an importer does with the answers is `script`'s and `remote`'s business.

use super::PsrpError;
use super::bag::{Bag, bag, enumeration, flags_text, string_array};
use crate::clixml::{PsString, PsValue};

/// Kinds of commands ([MS-PSRP] 2.2.3.19), a set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommandTypes(pub i32);

impl CommandTypes {
    /// Alias, function, filter, cmdlet and configuration: what Import-PSSession asks for.
    pub const IMPORTABLE: Self = Self(271);
    /// Every kind.
    pub const ALL: Self = Self(511);

    const NAMES: [(i32, &str); 9] = [
        (1, "Alias"),
        (2, "Function"),
        (4, "Filter"),
        (8, "Cmdlet"),
        (16, "ExternalScript"),
        (32, "Application"),
        (64, "Script"),
        (256, "Configuration"),
        (511, "All"),
    ];

    /// The names of the set flags.
    #[must_use]
    pub fn text(self) -> String {
        flags_text(self.0, &Self::NAMES)
    }

    /// As an enumeration value.
    #[must_use]
    pub fn to_value(self) -> PsValue {
        enumeration("System.Management.Automation.CommandTypes", &self.text(), self.0)
    }
}

/// Which commands the server shall describe.
///
/// The first answer is an object with a `Count`, then comes one object a command, then the state Completed.
/// A name that matches nothing is no error.
#[derive(Debug, Clone)]
pub struct CommandQuery {
    /// Names, with wildcards.
    pub names: Vec<PsString>,
    /// Kinds.
    pub kinds: CommandTypes,
    /// Modules, with wildcards; empty for any.
    pub modules: Vec<PsString>,
    /// Arguments for dynamic parameters; null for none.
    pub arguments: PsValue,
}

impl CommandQuery {
    /// Importable commands with one of these names.
    pub fn new<N: Into<PsString>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            names: names.into_iter().map(Into::into).collect(),
            kinds: CommandTypes::IMPORTABLE,
            modules: Vec::new(),
            arguments: PsValue::Null,
        }
    }

    /// As the data of GET_COMMAND_METADATA.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        bag([
            ("Name", string_array(&self.names)),
            ("CommandType", self.kinds.to_value()),
            ("Namespace", string_array(&self.modules)),
            ("FullyQualifiedModule", PsValue::Null),
            ("ArgumentList", self.arguments.clone()),
        ])
    }

    /// From the data of GET_COMMAND_METADATA.
    pub fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("command query", value)?;
        let kinds = bag.optional_number("CommandType")?.and_then(|number| i32::try_from(number).ok());
        Ok(Self {
            names: bag.string_list("Name")?,
            kinds: kinds.map_or(CommandTypes::IMPORTABLE, CommandTypes),
            // Older clients send one empty name for "any module".
            modules: bag.string_list("Namespace")?.into_iter().filter(|name| !name.is_empty()).collect(),
            arguments: bag.optional("ArgumentList").unwrap_or(PsValue::Null),
        })
    }
}
