//! What exsh knows about Exchange's cmdlets without asking a server: names, parameters, sets, positions, accepted values.
//!
//! A server's metadata (names, types, aliases) is merged in by [`Cmdlet::merged`]; the server wins.
//! [`bind`] decides which parameter each argument belongs to, as PowerShell does.
//!
//! Not here: calling anything, help texts, what a cmdlet does.

pub mod bind;
mod kind;
mod metadata;
mod model;
mod name;
mod pack;
mod resolve;
mod sets;
mod similar;
mod store;
mod wildcard;

pub use kind::{IntegerType, ParameterKind, ValueType};
pub use metadata::{CommandMetadata, CommandType, MetadataError, ParameterMetadata, SharedNames, short_type_name};
pub use model::{Cmdlet, Name, Parameter, PipedType, PipelineInput, Use};
pub use name::{canonical_key, snake_name};
pub use pack::{PackError, pack};
pub use resolve::{COMMON_PARAMETERS, CommonParameter, ResolveError, Resolved};
pub use sets::{ParameterSets, Release, Releases};
pub use similar::{nearest_name, similar};
pub use store::Catalog;
pub use wildcard::matches_wildcard;
