//! What a file was when it was looked at: enough to see that it is another by now.

use std::fs::Metadata;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;

/// What the file system says of a file; another stamp may be another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    size: u64,
    inode: u64,
    modified: (i64, i64),
    /// Also when the time of the change was put back.
    touched: (i64, i64),
}

impl Stamp {
    /// The stamp of a file.
    #[must_use]
    pub fn of(about: &Metadata) -> Self {
        Self {
            size: about.size(),
            inode: about.ino(),
            modified: (about.mtime(), about.mtime_nsec()),
            touched: (about.ctime(), about.ctime_nsec()),
        }
    }
}

/// A file as it was: its stamp to look quickly, and what its text was to be sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// What the file system said.
    pub stamp: Stamp,
    /// The hash of the bytes.
    pub hash: u64,
}

impl Seen {
    /// A file that holds these bytes.
    #[must_use]
    pub fn new(stamp: Stamp, bytes: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self { stamp, hash: hasher.finish() }
    }
}

/// Whether a file that was seen twice, or was not there, holds the same.
#[must_use]
pub fn holds_the_same(one: Option<Seen>, other: Option<Seen>) -> bool {
    one.map(|seen| seen.hash) == other.map(|seen| seen.hash)
}
