//! `exsh cache`: where descriptions of cmdlets are kept between imports, and removing them.
//!
//! What they hold and when they are used is `script`'s business.

use super::args::CacheAction;
use super::report::Report;
use crate::config::Paths;

/// Carries out `exsh cache`; what it returns goes to standard output.
///
/// # Errors
/// No home folder, or a folder that cannot be read or written.
pub(super) fn run(action: Option<&CacheAction>, paths: Option<&Paths>) -> Result<String, Report> {
    let paths = paths.ok_or_else(|| Report::failed("there is no home folder to keep a cache in"))?;
    let cache = paths.import_cache();
    let unusable =
        |error: std::io::Error| Report::failed(format!("cannot use the cache {}: {error}", cache.folder().display()));
    Ok(match action {
        None => {
            let size = cache.size().map_err(unusable)?;
            format!("{}\n{} files, {} bytes\n", cache.folder().display(), size.files, size.bytes)
        }
        Some(CacheAction::Clear) => {
            let size = cache.clear().map_err(unusable)?;
            format!("removed {} files, {} bytes\n", size.files, size.bytes)
        }
    })
}
