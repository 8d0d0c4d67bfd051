//! Declared parameters as options of a command line, for `exsh task` and for `args(#{...})` of a script.
//!
//! Not here: what the values mean (`shape`), printing help.

use clap::{Arg, ArgAction, ArgMatches};

use super::Parameter;
use super::shape::{Shape, option_name};

/// An option for each parameter.
#[must_use]
pub fn options_of(parameters: &[Parameter]) -> Vec<Arg> {
    let option = |parameter: &Parameter| {
        let mut about = parameter.about.clone();
        if let Some(default) = &parameter.default {
            about.push_str(&format!(" [default: {default}]"));
        }
        let arg = Arg::new(parameter.name.clone())
            .long(option_name(&parameter.name))
            .help(about)
            .required(parameter.required)
            .value_name(parameter.shape.placeholder())
            .allow_hyphen_values(true)
            .action(ArgAction::Set);
        match &parameter.shape {
            Shape::Flag => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
            _ => arg,
        }
    };
    parameters.iter().map(option).collect()
}

/// What was given, by the names of the parameters.
#[must_use]
pub fn given_options(parameters: &[Parameter], matches: &ArgMatches) -> Vec<(String, String)> {
    let value = |parameter: &Parameter| {
        let text = matches.get_one::<String>(&parameter.name)?;
        Some((parameter.name.clone(), text.clone()))
    };
    parameters.iter().filter_map(value).collect()
}
