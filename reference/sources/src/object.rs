//! Object storage, through the `object_store` library: S3 and what speaks like it, and the library's other stores behind features of their own.
//!
//! The library is asynchronous and a source is not: each source has a small runtime on a thread of its own, and reads wait for it.

use std::fmt;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::time::Duration;

use fayger_contracts::{BufSource, SourceError, SourceReason};
use futures_util::StreamExt as _;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt as _};
use tokio::runtime::Runtime;

use crate::front::{FIRST, Front, Known};

/// How long a store may take until its answer begins, and between two pieces of it.
const STALL: Duration = Duration::from_secs(30);

/// A source over one object. It can be read from several threads at once.
///
/// The store retries by its own settings; give it none where a [`Retrying`](crate::Retrying) is around this.
pub struct ObjectSource {
    store: Arc<dyn ObjectStore>,
    path: Path,
    runtime: Runtime,
    front: Front<Version>,
}

/// By what answers are told to be of the same object.
#[derive(Clone, Debug)]
struct Version {
    e_tag: Option<String>,
    last_modified: i64,
}

impl ObjectSource {
    /// A source over the object at `path`. Nothing is asked for yet.
    ///
    /// # Errors
    /// `native`, where `path` is no path of a store or the machine gives no thread.
    pub fn new(store: Arc<dyn ObjectStore>, path: &str) -> Result<Self, SourceError> {
        let native = |what: &str| SourceError::new(SourceReason::Native, what);
        let path = Path::parse(path).map_err(|_shown_nowhere| native("this is not a path of an object"))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("fayger-object")
            .enable_all()
            .build()
            .map_err(|error| native(&format!("there is no runtime: {error}")))?;
        Ok(Self { store, path, runtime, front: Front::default() })
    }

    /// Runs a future of the library on the source's own thread, so that it can be waited for from anywhere, another runtime's thread too.
    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, SourceError>> + Send + 'static,
    ) -> Result<T, SourceError> {
        let (done, result) = std::sync::mpsc::sync_channel(1);
        self.runtime.spawn(async move {
            // Nobody waits any more where the receiver is gone.
            let _ = done.send(work.await);
        });
        result.recv().map_err(|_gone| SourceError::new(SourceReason::Native, "the read was given up"))?
    }

    /// Asks for a range. The first request has no `version`.
    fn ask(&self, range: Range<u64>, version: Option<&Version>) -> Result<GetResult, SourceError> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(range)),
            if_match: version.and_then(|version| version.e_tag.clone()),
            ..GetOptions::default()
        };
        let (store, path) = (Arc::clone(&self.store), self.path.clone());
        self.wait(async move { in_time(store.get_opts(&path, options)).await?.map_err(|error| failure(&error)) })
    }

    fn known(&self) -> Result<Known<Version>, SourceError> {
        self.front.known(|| {
            let result = match self.ask(0..FIRST, None) {
                Ok(result) => result,
                // No range of an empty object can be had, and stores say so in many ways: then its size is asked for.
                Err(error) => return self.empty().map_err(|_no_better| error),
            };
            let size = result.meta.size;
            let version = Version {
                e_tag: result.meta.e_tag.clone(),
                last_modified: result.meta.last_modified.timestamp_micros(),
            };
            let mut bytes = Vec::new();
            self.receive(result, 0..FIRST.min(size), &mut |piece| {
                bytes.extend_from_slice(piece);
                ControlFlow::Continue(())
            })?;
            Ok((Known { size, version }, bytes))
        })
    }

    fn empty(&self) -> Result<(Known<Version>, Vec<u8>), SourceError> {
        let (store, path) = (Arc::clone(&self.store), self.path.clone());
        let meta = self.wait(async move { in_time(store.head(&path)).await?.map_err(|error| failure(&error)) })?;
        if meta.size > 0 {
            return Err(SourceError::new(SourceReason::SizeUnknown, "the object is not empty"));
        }
        let version = Version { e_tag: meta.e_tag, last_modified: meta.last_modified.timestamp_micros() };
        Ok((Known { size: 0, version }, Vec::new()))
    }

    /// Gives the bytes of an answer to `take`, which has to be of exactly this range.
    fn receive(
        &self,
        result: GetResult,
        range: Range<u64>,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        if result.range != range {
            let what = format!("bytes {:?} came for bytes {range:?}", result.range);
            return Err(SourceError::new(SourceReason::ContentRange, what));
        }
        let length = range.end.saturating_sub(range.start);
        let (mut left, mut stream) = (length, result.into_stream());
        while left > 0 {
            let (next, rest) = self.wait(async move {
                let next = in_time(stream.next()).await?;
                Ok((next, stream))
            })?;
            stream = rest;
            let Some(piece) = next else {
                let what = format!("the object ends after {} of {length} bytes", length.saturating_sub(left));
                return Err(SourceError::new(SourceReason::ShortRead, what));
            };
            let piece = piece.map_err(|error| failure(&error))?;
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
            left = left.saturating_sub(count as u64);
            for piece in piece.get(..count).unwrap_or_default().chunks(64 << 10) {
                if take(piece).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Delivers a range, which is there, through one request.
    fn deliver(
        &self,
        known: &Known<Version>,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        if length == 0 {
            return Ok(());
        }
        let range = offset..offset.saturating_add(length);
        let result = self.ask(range.clone(), Some(&known.version))?;
        known.version.agrees(known.size, &result)?;
        self.receive(result, range, take)
    }
}

impl Version {
    fn agrees(&self, size: u64, result: &GetResult) -> Result<(), SourceError> {
        let meta = &result.meta;
        let is_same = match (&self.e_tag, &meta.e_tag) {
            (Some(before), Some(now)) => before == now,
            _ => self.last_modified == meta.last_modified.timestamp_micros(),
        };
        if is_same && size == meta.size {
            return Ok(());
        }
        Err(SourceError::new(SourceReason::SourceChanged, "the object was replaced"))
    }
}

impl BufSource for ObjectSource {
    fn size(&self) -> Result<u64, SourceError> {
        Ok(self.known()?.size)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let (length, mut filled) = (buffer.len() as u64, 0_usize);
        self.read_each(offset, length, &mut |piece| {
            let end = filled.saturating_add(piece.len());
            if let Some(place) = buffer.get_mut(filled..end) {
                place.copy_from_slice(piece);
            }
            filled = end;
            ControlFlow::Continue(())
        })
    }

    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        let known = self.known()?;
        if offset.checked_add(length).is_none_or(|end| end > known.size) && length > 0 {
            let message = format!("{length} bytes at {offset} were asked of {}", known.size);
            return Err(SourceError::new(SourceReason::ShortRead, message));
        }
        // What lies in the first answer is not asked for again.
        let held = self.front.bytes(offset, length);
        if !held.is_empty() && take(&held).is_break() {
            return Ok(());
        }
        let held = held.len() as u64;
        self.deliver(&known, offset.saturating_add(held), length.saturating_sub(held), take)
    }
}

impl fmt::Debug for ObjectSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectSource").field("path", &self.path.as_ref()).finish_non_exhaustive()
    }
}

async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, SourceError> {
    let late = |_elapsed| SourceError::new(SourceReason::Timeout, "the store took too long");
    tokio::time::timeout(STALL, work).await.map_err(late)
}

/// What the store said, in words of our own: the library's may hold a URL with its query.
fn failure(error: &object_store::Error) -> SourceError {
    use object_store::Error;
    let (reason, what) = match error {
        Error::NotFound { .. } => (SourceReason::HttpStatus, "there is no such object"),
        Error::Precondition { .. } | Error::NotModified { .. } => {
            (SourceReason::SourceChanged, "the object was replaced")
        }
        Error::PermissionDenied { .. } => (SourceReason::HttpStatus, "the store refuses the read"),
        Error::Unauthenticated { .. } => (SourceReason::HttpStatus, "the store does not know who asks"),
        Error::NotSupported { .. } => (SourceReason::RangeIgnored, "the store cannot read ranges"),
        _ => (SourceReason::Native, "the store failed"),
    };
    SourceError::new(reason, what)
}
