//! SHA-256, the one hash of format major 1 (FIPS 180-4).

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use fayger_contracts::Digest;
use sha2::{Digest as _, Sha256};

/// The digest of bytes in memory.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// A digest of bytes that come in pieces.
pub(crate) enum Hasher {
    /// On the thread that brings the pieces.
    Here(Sha256),
    /// On a thread of its own: hashing costs as much as reading and keeping, so that the two together take the time of one.
    Beside(Worker),
}

/// Bodies of as many bytes are worth a thread.
const WORTH_A_THREAD: u64 = 1 << 20;

impl Hasher {
    /// For `length` bytes to come.
    pub(crate) fn for_length(length: u64) -> Self {
        // A host without threads hashes here.
        let worker = if length < WORTH_A_THREAD { None } else { Worker::start() };
        worker.map_or_else(|| Self::Here(Sha256::new()), Self::Beside)
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Here(hash) => hash.update(bytes),
            Self::Beside(worker) => worker.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Digest {
        match self {
            Self::Here(hash) => Digest(hash.finalize().into()),
            Self::Beside(worker) => worker.finish(),
        }
    }
}

/// Bytes of a buffer that goes to the other thread.
const BUFFER: usize = 256 << 10;
/// Buffers that are on their way at once.
const BUFFERS: usize = 4;

/// A thread that hashes; a few buffers go to and fro.
pub(crate) struct Worker {
    filling: Vec<u8>,
    full: SyncSender<Vec<u8>>,
    empty: Receiver<Vec<u8>>,
    thread: JoinHandle<Digest>,
}

impl Worker {
    fn start() -> Option<Self> {
        let (full, to_hash) = sync_channel::<Vec<u8>>(BUFFERS);
        let (hashed, empty) = sync_channel(BUFFERS);
        for _ in 1..BUFFERS {
            hashed.send(Vec::with_capacity(BUFFER)).ok()?;
        }
        let hash = move || {
            let mut hash = Sha256::new();
            for buffer in to_hash {
                hash.update(&buffer);
                // Nobody waits for the last buffers.
                let _ = hashed.send(buffer);
            }
            Digest(hash.finalize().into())
        };
        let thread = thread::Builder::new().name("fayger-sha256".into()).spawn(hash).ok()?;
        Some(Self { filling: Vec::with_capacity(BUFFER), full, empty, thread })
    }

    fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = BUFFER.saturating_sub(self.filling.len());
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.filling.extend_from_slice(now);
            bytes = later;
            if self.filling.len() == BUFFER {
                self.hand_over();
            }
        }
    }

    /// Sends the buffer and takes an empty one. The other end lives until `finish`, so neither channel is closed before.
    fn hand_over(&mut self) {
        let mut next = self.empty.recv().unwrap_or_default();
        next.clear();
        let _ = self.full.send(std::mem::replace(&mut self.filling, next));
    }

    fn finish(mut self) -> Digest {
        self.hand_over();
        drop(self.full);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_examples_of_fips_180() {
        let examples = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
        ];
        for (message, digest) in examples {
            assert_eq!(sha256(message.as_bytes()).to_string(), digest);
        }
    }

    #[test]
    fn gives_the_same_digest_on_another_thread() {
        // A million times `a`, the long example of FIPS 180, in pieces that fit no buffer.
        for length in [0, WORTH_A_THREAD] {
            let mut hasher = Hasher::for_length(length);
            let piece = [b'a'; 7_000];
            let mut left = 1_000_000;
            while left > 0 {
                let now = left.min(piece.len());
                hasher.update(&piece[..now]);
                left -= now;
            }
            let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
            assert_eq!(hasher.finish().to_string(), digest);
        }
    }
}
