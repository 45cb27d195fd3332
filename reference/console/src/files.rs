//! Files and directories below one directory. A path is relative to it and cannot leave it.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use cap_std::fs::{Dir, OpenOptions};
use fayger_adapters::{Call, InstanceKey};
use fayger_contracts::Status;
use fayger_contracts::opcode::io as op;

use crate::answer::{Answer, Refusal, done, operands, values};
use crate::console::Console;
use crate::stdio::buffer;

/// Open files by whose they are and their handle.
type Open = HashMap<(InstanceKey, u32), Arc<Mutex<File>>>;

/// The directory, and the files in it that are open.
pub(crate) struct Files {
    directory: Dir,
    open: Mutex<Open>,
}

impl Files {
    pub(crate) fn new(directory: Dir) -> Self {
        Self { directory, open: Mutex::default() }
    }

    /// Whether the directory is there and may be looked at.
    pub(crate) fn check(&self) -> io::Result<()> {
        self.directory.dir_metadata().map(drop)
    }

    /// Closes a file, or all of an instance.
    pub(crate) fn release(&self, instance: InstanceKey, handle: Option<u32>) {
        let is_released = |key: &(InstanceKey, u32)| key.0 == instance && handle.is_none_or(|handle| key.1 == handle);
        self.open().retain(|key, _| !is_released(key));
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a file under the number that the bus offers.
    fn keep(&self, call: &Call<'_>, file: cap_std::fs::File) -> Result<u32, Refusal> {
        let handle = call.offered_handle().ok_or(Status::Limit)?;
        self.open().insert((call.instance(), handle), Arc::new(Mutex::new(file.into_std())));
        Ok(handle)
    }

    fn with<T>(
        &self,
        call: &Call<'_>,
        handle: u32,
        act: impl FnOnce(&mut File) -> io::Result<T>,
    ) -> Result<T, Refusal> {
        // Only this file is held while the machine is at work.
        let file = self.open().get(&(call.instance(), handle)).cloned().ok_or(Status::BadHandle)?;
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(act(&mut file)?)
    }
}

/// The files. Without a directory the descriptor lists none of these instructions.
fn files(console: &Console) -> Result<&Files, Refusal> {
    console.files.as_ref().ok_or(Refusal::Status(Status::Unsupported))
}

//= ADP-IO-001
pub(crate) fn open_read(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::OpenRead { path } = operands(call)?;
    let files = files(console)?;
    let reader = files.keep(call, files.directory.open(path)?)?;
    values(&op::OpenReadReply { reader }, reply)
}

pub(crate) fn read(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::Read { reader, max } = operands(call)?;
    let mut buffer = buffer(max);
    let count = files(console)?.with(call, reader, |file| file.read(&mut buffer))?;
    values(&op::ReadReply { data: buffer.get(..count).unwrap_or_default() }, reply)
}

pub(crate) fn read_at(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::ReadAt { reader, offset, max } = operands(call)?;
    let mut buffer = buffer(max);
    let count = files(console)?.with(call, reader, |file| at(file, offset, |file| file.read(&mut buffer)))?;
    values(&op::ReadAtReply { data: buffer.get(..count).unwrap_or_default() }, reply)
}

pub(crate) fn close_read(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::CloseRead { reader } = operands(call)?;
    files(console)?.release(call.instance(), Some(reader));
    done(reply)
}

pub(crate) fn stat(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::Stat { path } = operands(call)?;
    let found = files(console)?.directory.metadata(path)?;
    let kind = match (found.is_file(), found.is_dir()) {
        (true, _) => 0,
        (_, true) => 1,
        _ => 2,
    };
    let modified = found.modified()?.into_std();
    let nanoseconds = match modified.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    };
    let modified_ns = i64::try_from(nanoseconds).map_err(|_| Status::Io)?;
    values(&op::StatReply { kind, size: found.len(), modified_ns }, reply)
}

pub(crate) fn list_dir(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::ListDir { path, max, after } = operands(call)?;
    let max = usize::try_from(max).map_err(|_| Status::Limit)?;
    let mut names = BTreeSet::new();
    for entry in files(console)?.directory.read_dir(path)? {
        // A name that is no text cannot be said, nor used.
        if let Ok(name) = entry?.file_name().into_string()
            && after.is_none_or(|after| name.as_str() > after)
        {
            names.insert(name);
            if names.len() > max {
                names.pop_last();
            }
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    values(&op::ListDirReply { names: names.as_slice().into() }, reply)
}

pub(crate) fn open_write(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::OpenWrite { path, mode } = operands(call)?;
    let mut options = OpenOptions::new();
    match mode {
        0 => options.write(true).create(true).truncate(true),
        1 => options.write(true).create_new(true),
        _ => options.write(true).create(true),
    };
    let files = files(console)?;
    let mut file = files.directory.open_with(path, &options)?;
    if mode == 2 {
        // Not opened for appending: then `write_at` would append too.
        file.seek(SeekFrom::End(0))?;
    }
    let writer = files.keep(call, file)?;
    values(&op::OpenWriteReply { writer }, reply)
}

pub(crate) fn write(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::Write { writer, data } = operands(call)?;
    let written = files(console)?.with(call, writer, |file| file.write(data))?;
    values(&op::WriteReply { written: written as u64 }, reply)
}

pub(crate) fn write_at(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::WriteAt { writer, offset, data } = operands(call)?;
    let written = files(console)?.with(call, writer, |file| at(file, offset, |file| file.write(data)))?;
    values(&op::WriteAtReply { written: written as u64 }, reply)
}

pub(crate) fn truncate(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::Truncate { writer, length } = operands(call)?;
    files(console)?.with(call, writer, |file| file.set_len(length))?;
    done(reply)
}

pub(crate) fn sync(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::Sync { writer } = operands(call)?;
    files(console)?.with(call, writer, |file| file.sync_all())?;
    done(reply)
}

pub(crate) fn close_write(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::CloseWrite { writer } = operands(call)?;
    files(console)?.release(call.instance(), Some(writer));
    done(reply)
}

pub(crate) fn create_dir(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::CreateDir { path } = operands(call)?;
    files(console)?.directory.create_dir(path)?;
    done(reply)
}

pub(crate) fn remove_file(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::RemoveFile { path } = operands(call)?;
    files(console)?.directory.remove_file(path)?;
    done(reply)
}

pub(crate) fn remove_dir(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::RemoveDir { path } = operands(call)?;
    files(console)?.directory.remove_dir(path)?;
    done(reply)
}

pub(crate) fn rename(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::Rename { from, to } = operands(call)?;
    let files = files(console)?;
    files.directory.rename(from, &files.directory, to)?;
    done(reply)
}

pub(crate) fn copy(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let op::Copy { from, to } = operands(call)?;
    let files = files(console)?;
    let size = files.directory.copy(from, &files.directory, to)?;
    values(&op::CopyReply { size }, reply)
}

/// Acts at a place of a file, and comes back to where it was.
fn at<T>(file: &mut File, offset: u64, act: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    let before = file.stream_position()?;
    file.seek(SeekFrom::Start(offset))?;
    let result = act(file);
    file.seek(SeekFrom::Start(before))?;
    result
}
