//! What can be fetched again, in files of the cache folder: read whole or not at all, readable by their owner only.
//!
//! What the files hold is their writer's business; a file that cannot be used is as good as none.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

/// The cache folder; it need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
}

/// What one file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cached {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How long ago it was written.
    pub age: Duration,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheSize {
    /// Files.
    pub files: usize,
    /// Bytes in them.
    pub bytes: u64,
}

/// What all files of the cache end with; nothing else in the folder is touched.
const ENDING: &str = ".cache";

impl Cache {
    /// The cache in that folder.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file called `name`, if it is there and can be read.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<Cached> {
        let path = self.path(name);
        let read = || -> io::Result<Cached> {
            let written = fs::metadata(&path)?.modified()?;
            // a clock that was set back makes a file old, not new
            let age = SystemTime::now().duration_since(written).unwrap_or(Duration::MAX);
            Ok(Cached { bytes: fs::read(&path)?, age })
        };
        match read() {
            Ok(cached) => Some(cached),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::debug!(path = %path.display(), %error, "a file of the cache cannot be read");
                None
            }
        }
    }

    /// Writes the file called `name`: a reader sees the old one or the new one, never a part.
    ///
    /// # Errors
    /// When the folder cannot be made or written to.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        static WRITTEN: AtomicU32 = AtomicU32::new(0);
        make_private_folder(&self.folder)?;
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let beside = self.folder.join(format!("{name}.{}-{number}{ENDING}", std::process::id()));
        let written = private_file(&beside).and_then(|mut file| file.write_all(bytes));
        written.and_then(|()| fs::rename(&beside, self.path(name))).inspect_err(|_| {
            let _ = fs::remove_file(&beside); // it may not even have been made
        })
    }

    /// Forgets the file called `name`; a file that is not there is forgotten already.
    pub fn remove(&self, name: &str) {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::debug!(path = %path.display(), %error, "a file of the cache cannot be removed");
            }
            _ => {}
        }
    }

    /// How much it holds.
    ///
    /// # Errors
    /// When the folder is there but cannot be read.
    pub fn size(&self) -> io::Result<CacheSize> {
        let mut size = CacheSize::default();
        for path in self.files()? {
            size.files += 1;
            size.bytes += fs::metadata(path)?.len();
        }
        Ok(size)
    }

    /// Removes all its files and says how much that was.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn clear(&self) -> io::Result<CacheSize> {
        let size = self.size()?;
        for path in self.files()? {
            fs::remove_file(path)?;
        }
        Ok(size)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{ENDING}"))
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let ours = |path: &PathBuf| path.to_string_lossy().ends_with(ENDING);
        let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
        Ok(paths?.into_iter().filter(ours).collect())
    }
}

#[cfg(unix)]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder) // below the user's profile, which others cannot read
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("deep").join("cache"));
        (folder, cache)
    }

    #[test]
    fn what_was_written_is_read_replaced_and_forgotten() {
        let (_folder, cache) = cache();
        assert_eq!(cache.read("a"), None);
        cache.write("a", b"one").unwrap();
        cache.write("a", b"two").unwrap();
        cache.write("b", b"three").unwrap();
        assert_eq!(cache.read("a").unwrap().bytes, b"two");
        assert_eq!(cache.size().unwrap(), CacheSize { files: 2, bytes: 8 });
        cache.remove("a");
        cache.remove("a");
        assert_eq!(cache.read("a"), None);
        assert_eq!(cache.clear().unwrap().files, 1);
        assert_eq!(cache.size().unwrap(), CacheSize::default());
    }

    #[test]
    fn clearing_touches_no_other_file() {
        let (_folder, cache) = cache();
        cache.write("a", b"one").unwrap();
        fs::write(cache.folder().join("notes.txt"), "mine").unwrap();
        cache.clear().unwrap();
        assert!(cache.folder().join("notes.txt").exists());
    }

    #[test]
    #[cfg(unix)]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, cache) = cache();
        cache.write("a", b"one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&cache.path("a")), 0o600);
        assert_eq!(mode(cache.folder()), 0o700);
    }
}
