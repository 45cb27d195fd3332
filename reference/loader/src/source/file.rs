//! A local file, read by position. There is no memory map: it would need unsafe code, and a file that shrinks would kill
//! the process.

use std::fs::File;
use std::io;
use std::path::Path;

use fayger_contracts::{BufSource, SourceError, SourceReason};

//= LDR-SOURCE-001
/// A source over a local file.
#[derive(Debug)]
pub struct FileSource {
    #[cfg(unix)]
    file: File,
    #[cfg(not(unix))]
    file: std::sync::Mutex<File>,
}

impl FileSource {
    /// Opens `path` for reading.
    ///
    /// # Errors
    /// [`SourceReason::SizeUnknown`] where it is no regular file: a pipe has no size, and opening one can wait for ever.
    /// [`SourceReason::Native`] where the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        if !std::fs::metadata(path).map_err(native)?.is_file() {
            let message = format!("`{}` is not a regular file, so its size cannot be known", path.display());
            return Err(SourceError::new(SourceReason::SizeUnknown, message));
        }
        let file = File::open(path).map_err(native)?;
        #[cfg(not(unix))]
        let file = std::sync::Mutex::new(file);
        Ok(Self { file })
    }

    #[cfg(unix)]
    fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buffer, offset)
    }

    #[cfg(not(unix))]
    fn length(&self) -> io::Result<u64> {
        Ok(self.locked().metadata()?.len())
    }

    #[cfg(not(unix))]
    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = self.locked();
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(buffer)
    }

    /// The file; a thread that panicked while it read has left nothing behind that a seek does not mend.
    #[cfg(not(unix))]
    fn locked(&self) -> std::sync::MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl BufSource for FileSource {
    fn size(&self) -> Result<u64, SourceError> {
        self.length().map_err(native)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.read_exact_at(offset, buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => SourceError::new(
                SourceReason::ShortRead,
                format!("the file ends within the {} bytes at {offset}", buffer.len()),
            ),
            _ => native(error),
        })
    }
}

fn native(error: io::Error) -> SourceError {
    SourceError::native(error.raw_os_error().map(i64::from), error.to_string())
}
