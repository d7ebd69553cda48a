//! A small file that may change while the server runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use std::{fs, io};

/// How a file's text becomes a value, or what is wrong with it.
type Parse<T> = fn(&str) -> Result<T, String>;

/// A value read from a file, read again when the file's time or size changes.
///
/// A file that breaks or vanishes later leaves the last good value in place, with one warning in the log.
#[derive(Debug)]
pub(crate) struct Watched<T> {
    /// `None` for what ships with the binary and never changes.
    file: Option<(PathBuf, Parse<T>)>,
    last: Mutex<Read<T>>,
}

#[derive(Debug)]
struct Read<T> {
    stamp: Option<Stamp>,
    value: Arc<T>,
}

type Stamp = (SystemTime, u64);

impl<T> Watched<T> {
    /// Reads the file for the first time.
    ///
    /// # Errors
    /// One phrase on why it cannot be read or parsed.
    pub(crate) fn open(path: &Path, parse: Parse<T>) -> Result<Self, String> {
        let stamp = stamp(path).ok();
        let value = read(path, parse)?;
        Ok(Self { file: Some((path.into(), parse)), last: Mutex::new(Read { stamp, value: Arc::new(value) }) })
    }

    /// A value that stays.
    pub(crate) fn fixed(value: T) -> Self {
        Self { file: None, last: Mutex::new(Read { stamp: None, value: Arc::new(value) }) }
    }

    /// The value as the file has it now.
    pub(crate) fn get(&self) -> Arc<T> {
        let mut last = self.lock();
        if let Some((path, parse)) = &self.file {
            let now = stamp(path).ok();
            if now != last.stamp {
                last.stamp = now;
                match read(path, *parse) {
                    Ok(value) => last.value = Arc::new(value),
                    Err(error) => tracing::warn!(file = %path.display(), error, "kept what was read before"),
                }
            }
        }
        Arc::clone(&last.value)
    }

    fn lock(&self) -> MutexGuard<'_, Read<T>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.modified()?, metadata.len()))
}

fn read<T>(path: &Path, parse: Parse<T>) -> Result<T, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
    parse(&text)
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
    fn says_why_it_cannot_start() {
        assert!(Watched::open(Path::new("/nowhere"), number).unwrap_err().starts_with("cannot be read"));
    }
}
