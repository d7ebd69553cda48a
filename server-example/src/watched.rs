//! A small file, or a folder of small files, that may change while the server runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use std::{fmt, fs, io};

/// How the path's content becomes a value, or what is wrong with it.
type Load<T> = Box<dyn Fn(&Path) -> Result<T, String> + Send + Sync>;

/// A value read from a path, read again when the time or size of the file, or of a file in the folder, changes.
///
/// What breaks or vanishes later leaves the last good value in place, with one warning in the log.
pub(crate) struct Watched<T> {
    /// `None` for what ships with the binary and never changes.
    path: Option<(PathBuf, Load<T>)>,
    last: Mutex<Read<T>>,
}

#[derive(Debug)]
struct Read<T> {
    stamp: Vec<Stamp>,
    value: Arc<T>,
}

/// Which file, when it was written, how long it is.
type Stamp = (PathBuf, SystemTime, u64);

impl<T: fmt::Debug> fmt::Debug for Watched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").field("last", &self.last).finish_non_exhaustive()
    }
}

impl<T> Watched<T> {
    /// Reads the file for the first time.
    ///
    /// # Errors
    /// One phrase on why it cannot be read or parsed.
    pub(crate) fn open(
        path: &Path,
        parse: impl Fn(&str) -> Result<T, String> + Send + Sync + 'static,
    ) -> Result<Self, String> {
        Self::load(path, move |path| {
            let text = fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
            parse(&text)
        })
    }

    /// The same for what is more than one file's text.
    ///
    /// # Errors
    /// What `load` says.
    pub(crate) fn load(
        path: &Path,
        load: impl Fn(&Path) -> Result<T, String> + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let stamp = stamp(path);
        let value = Arc::new(load(path)?);
        Ok(Self { path: Some((path.into(), Box::new(load))), last: Mutex::new(Read { stamp, value }) })
    }

    /// A value that stays.
    pub(crate) fn fixed(value: T) -> Self {
        Self { path: None, last: Mutex::new(Read { stamp: Vec::new(), value: Arc::new(value) }) }
    }

    /// The value as the path has it now.
    pub(crate) fn get(&self) -> Arc<T> {
        let mut last = self.lock();
        if let Some((path, load)) = &self.path {
            let now = stamp(path);
            if now != last.stamp {
                last.stamp = now;
                match load(path) {
                    Ok(value) => last.value = Arc::new(value),
                    Err(error) => tracing::warn!(path = %path.display(), error, "kept what was read before"),
                }
            }
        }
        Arc::clone(&last.value)
    }

    fn lock(&self) -> MutexGuard<'_, Read<T>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Empty for what is not there.
fn stamp(path: &Path) -> Vec<Stamp> {
    let of = |path: PathBuf| {
        let metadata = fs::metadata(&path)?;
        io::Result::Ok((path, metadata.modified()?, metadata.len()))
    };
    let inside = fs::read_dir(path).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut stamps: Vec<Stamp> = inside.chain([path.to_owned()]).filter_map(|path| of(path).ok()).collect();
    stamps.sort();
    stamps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<u32, String> {
        text.trim().parse().map_err(|_| "is not a number".into())
    }

    #[test]
    fn follows_the_file_and_keeps_the_last_good_value() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n");
        fs::write(&path, "1").unwrap();
        let watched = Watched::open(&path, number).unwrap();
        assert_eq!(*watched.get(), 1);
        fs::write(&path, "20").unwrap();
        assert_eq!(*watched.get(), 20);
        fs::write(&path, "broken").unwrap();
        assert_eq!(*watched.get(), 20);
        fs::remove_file(&path).unwrap();
        assert_eq!(*watched.get(), 20);
        fs::write(&path, "300").unwrap();
        assert_eq!(*watched.get(), 300);
    }

    #[test]
    fn follows_every_file_of_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let count = |path: &Path| Ok(fs::read_dir(path).map_err(|error| error.to_string())?.count());
        let watched = Watched::load(folder.path(), count).unwrap();
        assert_eq!(*watched.get(), 0);
        for expected in 1..=3 {
            fs::write(folder.path().join(expected.to_string()), "").unwrap();
            assert_eq!(*watched.get(), expected);
        }
        fs::remove_file(folder.path().join("2")).unwrap();
        assert_eq!(*watched.get(), 2);
    }

    #[test]
    fn says_why_it_cannot_start() {
        assert!(Watched::open(Path::new("/nowhere"), number).unwrap_err().starts_with("cannot be read"));
    }
}
