//! Reading, checking and changing `config.toml`; a change keeps the user's comments and order.
//!
//! Written files are complete or absent: a temporary file beside the target is renamed over it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, value};

use super::schema::{Config, DEFAULT_TEXT, Key, Kind};
use crate::catalog::nearest_name;

/// Why the configuration could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file could not be read or written.
    #[error("cannot use the configuration file {}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not valid.
    #[error("the configuration file {} is not valid: {message}", path.display())]
    Invalid {
        /// Which file.
        path: PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// `config init` found a file.
    #[error("the configuration file {} is there already", path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// No such setting.
    #[error("there is no setting `{name}`")]
    UnknownKey {
        /// What was asked for.
        name: String,
        /// The setting that is spelt most like it.
        nearest: Option<&'static str>,
    },
    /// A setting does not take that value.
    #[error("`{name}` cannot be `{given}`: it takes {takes}")]
    BadValue {
        /// Which setting.
        name: &'static str,
        /// What was given.
        given: String,
        /// What it takes.
        takes: String,
    },
}

/// The configuration file of one user.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    path: PathBuf,
}

impl ConfigFile {
    /// The file at `path`; it need not exist.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The settings; the defaults when there is no file.
    ///
    /// # Errors
    /// [`ConfigError::Io`] and [`ConfigError::Invalid`].
    pub fn load(&self) -> Result<Config, ConfigError> {
        let Some(text) = self.text()? else { return Ok(Config::default()) };
        toml_edit::de::from_str(&text).map_err(|error| self.invalid(&error))
    }

    /// Writes the commented default file.
    ///
    /// # Errors
    /// [`ConfigError::Exists`] rather than touching a file that is there.
    pub fn init(&self) -> Result<(), ConfigError> {
        if self.path.exists() {
            return Err(ConfigError::Exists { path: self.path.clone() });
        }
        self.write(DEFAULT_TEXT)
    }

    /// Changes one setting, keeping all else as it is.
    ///
    /// # Errors
    /// [`ConfigError::UnknownKey`], [`ConfigError::BadValue`], and those of reading and writing.
    pub fn set(&self, name: &str, given: &str) -> Result<(), ConfigError> {
        let key = Key::find(name).ok_or_else(|| unknown(name))?;
        let item = parse(key, given)?;
        let text = self.text()?.unwrap_or_else(|| DEFAULT_TEXT.to_owned());
        let mut document: DocumentMut =
            text.parse().map_err(|error: toml_edit::TomlError| self.invalid(&toml_edit::de::Error::from(error)))?;
        match key.name.split_once('.') {
            Some((table, field)) => document.entry(table).or_insert_with(|| Item::Table(Table::new()))[field] = item,
            None => document[key.name] = item,
        }
        self.write(&document.to_string())
    }

    /// The value of one setting as text.
    ///
    /// # Errors
    /// [`ConfigError::UnknownKey`] and those of reading.
    pub fn get(&self, name: &str) -> Result<String, ConfigError> {
        self.load()?.get(name).ok_or_else(|| unknown(name))
    }

    fn text(&self) -> Result<Option<String>, ConfigError> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ConfigError::Io { path: self.path.clone(), source }),
        }
    }

    fn write(&self, text: &str) -> Result<(), ConfigError> {
        let fail = |source| ConfigError::Io { path: self.path.clone(), source };
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(fail)?;
        }
        let beside = self.path.with_extension("toml.new");
        let mut file = std::fs::File::create(&beside).map_err(fail)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fail)?;
        std::fs::rename(&beside, &self.path).map_err(fail)
    }

    fn invalid(&self, error: &toml_edit::de::Error) -> ConfigError {
        ConfigError::Invalid { path: self.path.clone(), message: error.to_string().trim_end().to_owned() }
    }
}

fn unknown(name: &str) -> ConfigError {
    let nearest = nearest_name(name, Key::ALL.iter().map(|key| key.name));
    ConfigError::UnknownKey { name: name.to_owned(), nearest }
}

fn parse(key: &'static Key, given: &str) -> Result<Item, ConfigError> {
    let bad = |takes: String| ConfigError::BadValue { name: key.name, given: given.to_owned(), takes };
    match key.kind {
        Kind::Bool => match given {
            "true" => Ok(value(true)),
            "false" => Ok(value(false)),
            _ => Err(bad("true or false".to_owned())),
        },
        Kind::Choice(words) if words.contains(&given) => Ok(value(given)),
        Kind::Choice(words) => Err(bad(words.join(", "))),
        Kind::Texts => {
            let texts = given.split(',').map(str::trim).filter(|text| !text.is_empty());
            Ok(value(texts.collect::<toml_edit::Array>()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> (tempfile::TempDir, ConfigFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = ConfigFile::at(folder.path().join("deep").join("config.toml"));
        (folder, file)
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        let (_folder, file) = file();
        assert_eq!(file.load().unwrap(), Config::default());
        assert_eq!(file.get("auth.basic").unwrap(), "true");
    }

    #[test]
    fn a_change_keeps_comments_and_is_read_back() {
        let (_folder, file) = file();
        file.init().unwrap();
        file.set("auth.basic", "false").unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(text.contains("# Whether Basic sign-in"), "{text}");
        assert!(text.contains("basic = false"), "{text}");
        assert!(!file.load().unwrap().auth.basic);
    }

    #[test]
    fn a_setting_outside_any_section_is_changed_and_read_back() {
        let (_folder, file) = file();
        file.init().unwrap();
        file.set("auth.basic", "false").unwrap();
        file.set("execution_policy", "all_signed").unwrap();
        file.set("trusted_keys", "RWone, RWtwo").unwrap();
        let config = file.load().unwrap();
        assert_eq!(config.trusted_keys, ["RWone", "RWtwo"]);
        assert_eq!(file.get("execution_policy").unwrap(), "all_signed");
        assert!(!config.auth.basic);
        file.set("trusted_keys", "").unwrap();
        assert!(file.load().unwrap().trusted_keys.is_empty());
        assert!(matches!(file.set("execution_policy", "signed"), Err(ConfigError::BadValue { .. })));
    }

    #[test]
    fn init_never_overwrites() {
        let (_folder, file) = file();
        file.set("output.color", "never").unwrap();
        assert!(matches!(file.init(), Err(ConfigError::Exists { .. })));
        assert_eq!(file.get("output.color").unwrap(), "never");
    }

    #[test]
    fn a_misspelt_setting_gets_a_suggestion() {
        let (_folder, file) = file();
        let Err(ConfigError::UnknownKey { nearest, .. }) = file.set("auth.bsic", "true") else { panic!("accepted") };
        assert_eq!(nearest, Some("auth.basic"));
        assert!(matches!(file.set("auth.basic", "maybe"), Err(ConfigError::BadValue { .. })));
    }

    #[test]
    fn a_misspelt_name_in_the_file_is_an_error() {
        let (_folder, file) = file();
        file.init().unwrap();
        std::fs::write(file.path(), "[auth]\nbasci = true\n").unwrap();
        let error = file.load().unwrap_err().to_string();
        assert!(error.contains("basci"), "{error}");
    }
}
