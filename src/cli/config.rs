//! `exsh config`: read and change the configuration file.

use std::fmt::Write as _;

use super::args::ConfigAction;
use super::report::Report;
use crate::config::{ConfigFile, Key, Paths};

/// Carries out `exsh config ACTION`; what it returns goes to standard output.
///
/// # Errors
/// No home folder, an unknown setting, a bad value, or a file that cannot be used.
pub(super) fn run(action: &ConfigAction, paths: Option<&Paths>) -> Result<String, Report> {
    let paths = paths.ok_or_else(|| {
        Report::failed("there is no home folder to keep a configuration file in").hint("set EXSH_HOME to a folder")
    })?;
    let file = ConfigFile::at(paths.config_file());
    let shown = file.path().display().to_string();
    match action {
        ConfigAction::Init => {
            file.init()?;
            Ok(format!("{shown}\n"))
        }
        ConfigAction::Get { name } => Ok(format!("{}\n", file.get(name)?)),
        ConfigAction::Set { name, value } => {
            file.set(name, value)?;
            Ok(String::new())
        }
        ConfigAction::List => {
            let config = file.load()?;
            Ok(Key::ALL.iter().fold(String::new(), |mut text, key| {
                let value = config.get(key.name).unwrap_or_default();
                let _ = writeln!(text, "{} = {value}", key.name);
                text
            }))
        }
        ConfigAction::Path => Ok(format!("{shown}\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, value: &str) -> ConfigAction {
        ConfigAction::Set { name: name.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn basic_sign_in_can_be_switched_off_and_read_back() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path().to_owned());
        run(&set("auth.basic", "false"), Some(&paths)).unwrap();
        let get = ConfigAction::Get { name: "auth.basic".to_owned() };
        assert_eq!(run(&get, Some(&paths)).unwrap(), "false\n");
    }

    #[test]
    fn a_misspelt_setting_is_a_usage_error_with_a_suggestion() {
        let home = tempfile::tempdir().unwrap();
        let report = run(&set("auth.basik", "false"), Some(&Paths::below(home.path().to_owned()))).unwrap_err();
        assert_eq!(report.code, super::super::ExitCode::Usage);
        assert_eq!(report.hints, ["did you mean `auth.basic`?"]);
    }
}
