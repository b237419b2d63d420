//! What is known of a document's file: as it was read or written last, and what others made of it since.

use std::path::PathBuf;

use super::document::Document;
use super::seen::{Seen, holds_the_same};
use crate::msg::{FileRead, Known, Writing};

/// What others made of a file since it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Theirs {
    /// It has another text.
    Text(String),
    /// It is not there any more.
    Gone,
    /// It cannot be read any more.
    Unreadable(String),
}

/// What is known of the file.
#[derive(Debug, Clone, Default)]
pub struct OnDisk {
    /// What it was when it was read or written last; nothing when it was not there.
    pub seen: Option<Seen>,
    /// What others made of it since, with what it is now; the user was not asked yet.
    pub theirs: Option<(Theirs, Option<Seen>)>,
    /// Counts what is learned, so that an answer that was under way meanwhile is known to be old.
    generation: u64,
    /// The revision that is being written.
    saving: Option<usize>,
    /// Whether the user wants to save again once it is written.
    again: bool,
}

/// What a look at the file has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing that can be seen.
    Nothing,
    /// What others had done to it is undone.
    Settled,
    /// Its new text was taken over.
    Reloaded,
    /// It differs, and the text here has changes of its own.
    Differs,
}

impl Document {
    /// Note what the file was when it was read.
    #[must_use]
    pub fn read_as(mut self, seen: Option<Seen>) -> Self {
        self.on_disk.seen = seen;
        self
    }

    /// Whether something would be lost without a save.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        self.buffer.is_changed() || matches!(self.on_disk.theirs, Some((Theirs::Gone, _)))
    }

    /// What is known of the file, to be told when that is no longer so.
    #[must_use]
    pub fn known(&self, is_forced: bool) -> Known {
        let seen = self.on_disk.theirs.as_ref().map_or(self.on_disk.seen, |(_, seen)| *seen);
        Known {
            path: self.path.clone(),
            stamp: seen.map(|seen| seen.stamp),
            generation: self.on_disk.generation,
            is_forced,
        }
    }

    /// Take in what a look at the file has brought; one that began before something newer was learned, or
    /// while the file is being written, tells nothing.
    pub fn see(&mut self, file: FileRead, generation: u64) -> News {
        if generation != self.on_disk.generation || self.on_disk.saving.is_some() {
            return News::Nothing;
        }
        self.on_disk.generation += 1;
        self.learn(file)
    }

    fn learn(&mut self, file: FileRead) -> News {
        if holds_the_same(file.seen, self.on_disk.seen) {
            self.on_disk.seen = file.seen;
            let was_other = self.on_disk.theirs.take().is_some();
            return if was_other { News::Settled } else { News::Nothing };
        }
        match file.text {
            Ok(text) if !self.buffer.is_changed() || text == self.text_for_disk() => {
                self.take_text(&text);
                (self.on_disk.seen, self.on_disk.theirs) = (file.seen, None);
                News::Reloaded
            }
            Ok(text) => self.differs(Theirs::Text(text), file.seen),
            Err(_) if file.seen.is_none() => self.differs(Theirs::Gone, None),
            Err(reason) => self.differs(Theirs::Unreadable(reason), file.seen),
        }
    }

    fn differs(&mut self, theirs: Theirs, seen: Option<Seen>) -> News {
        self.on_disk.theirs = Some((theirs, seen));
        News::Differs
    }

    fn take_text(&mut self, text: &str) {
        self.has_carriage_returns = super::document::has_carriage_returns(text);
        if self.has_carriage_returns {
            self.buffer.reload(&text.replace("\r\n", "\n"));
        } else {
            self.buffer.reload(text);
        }
    }

    /// Keep the text that is here: the next save writes it over what others wrote.
    pub fn keep_mine(&mut self) {
        let Some((_, seen)) = self.on_disk.theirs.take() else { return };
        self.on_disk.seen = seen;
        self.on_disk.generation += 1;
        self.buffer.forget_saved();
    }

    /// Take over what others wrote, as a step that can be undone.
    pub fn take_theirs(&mut self) {
        let Some((Theirs::Text(text), seen)) = self.on_disk.theirs.take() else { return };
        self.take_text(&text);
        self.on_disk.seen = seen;
        self.on_disk.generation += 1;
    }

    /// What is to be written; nothing when the file has this text, when others changed it and the user was
    /// not asked, or when it is being written, after which it is written again.
    pub fn save(&mut self) -> Option<Writing> {
        if self.is_read_only || !self.is_unsaved() || self.on_disk.theirs.is_some() {
            return None;
        }
        if self.on_disk.saving.is_some() {
            self.on_disk.again = true;
            return None;
        }
        let revision = self.buffer.revision();
        self.on_disk.saving = Some(revision);
        self.on_disk.generation += 1;
        Some(Writing {
            path: self.path.clone(),
            revision,
            text: self.text_for_disk(),
            expected: self.on_disk.seen,
        })
    }

    /// The text of a revision is on disk; gives what is to be written next.
    pub fn saved(&mut self, revision: usize, seen: Seen) -> Option<Writing> {
        self.on_disk.saving.take_if(|saving| *saving == revision)?;
        self.on_disk.seen = Some(seen);
        self.on_disk.generation += 1;
        self.buffer.saved_at(revision);
        self.draft = None;
        if std::mem::take(&mut self.on_disk.again) { self.save() } else { None }
    }

    /// A revision is not on disk.
    pub fn not_saved(&mut self, revision: usize) {
        self.on_disk.saving.take_if(|saving| *saving == revision);
        self.on_disk.again = false;
        self.on_disk.generation += 1;
    }

    /// Take in what a refused save found on disk.
    pub fn found(&mut self, file: FileRead) -> News {
        self.learn(file)
    }
}

/// Which of what others did is asked about first.
#[must_use]
pub fn in_conflict(documents: &[Document]) -> Option<PathBuf> {
    let mut others = documents.iter().filter(|document| document.on_disk.theirs.is_some());
    others.next().map(|document| document.path.clone())
}
