//! What the user has settled in files: where they are, what they say, how they are changed.
//!
//! The only room that looks up the home folder. It does not connect, prompt or print.

mod cache;
mod file;
mod paths;
mod schema;
mod signature;
mod vault;

pub use cache::{Cache, CacheSize, Cached};
pub use file::{ConfigError, ConfigFile};
pub use paths::Paths;
pub use schema::{Config, DEFAULT_TEXT, Key, Profile, ProfileColor};
pub use signature::{ExecutionPolicy, ScriptRefused, ScriptRules, SignatureFlaw, comes_from_elsewhere};
pub use vault::{SystemVault, Vault, VaultError};
