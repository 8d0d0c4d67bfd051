//! Where configuration, state and cache live on this platform.
//!
//! Nothing is created here; whoever writes a file makes its folder.

use std::path::PathBuf;

use super::Cache;

/// The folders of one user. `EXSH_HOME` puts all of them below one folder (portable installs, tests).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Holds `config.toml`.
    pub config: PathBuf,
    /// Holds the prompt's history.
    pub state: PathBuf,
    /// Holds what can be fetched again.
    pub cache: PathBuf,
}

impl Paths {
    /// The platform's folders, or those below `EXSH_HOME`; `None` when the user has no home folder.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        if let Some(home) = std::env::var_os("EXSH_HOME").filter(|home| !home.is_empty()) {
            return Some(Self::below(PathBuf::from(home)));
        }
        let state = dirs::state_dir().or_else(dirs::data_local_dir)?;
        Some(Self {
            config: dirs::config_dir()?.join("exsh"),
            state: state.join("exsh"),
            cache: dirs::cache_dir()?.join("exsh"),
        })
    }

    /// All folders below `home`.
    #[must_use]
    pub fn below(home: PathBuf) -> Self {
        Self { config: home.join("config"), state: home.join("state"), cache: home.join("cache") }
    }

    /// The configuration file.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// Descriptions of cmdlets, kept between imports.
    #[must_use]
    pub fn import_cache(&self) -> Cache {
        Cache::at(self.cache.clone())
    }

    /// The user's own modules for `import` and `exsh task`.
    #[must_use]
    pub fn modules(&self) -> PathBuf {
        self.config.join("modules")
    }

    /// The prompt's history.
    #[must_use]
    pub fn history_file(&self) -> PathBuf {
        self.state.join("history")
    }
}
