//! The files that are edited.

use std::path::{Path, PathBuf};

use super::document::Document;
use super::popup::Completion;
use super::recorded::Recorded;
use crate::lsp::types::Published;
use crate::msg::{FileRead, Known, Opening};
use crate::widget::input::Input;

/// The files that are edited, and which of them has the cursor.
#[derive(Debug, Default)]
pub struct Editor {
    /// The folder that the files are of.
    pub folder: Option<PathBuf>,
    /// The calculation that they belong to: they are only looked at then.
    pub recorded: Option<Recorded>,
    /// How often files were asked for; what was asked for before the last time is not taken.
    pub n_asked: u64,
    /// The files.
    pub documents: Vec<Document>,
    /// Which has the cursor.
    pub active: usize,
    /// Proposals at the cursor.
    pub completion: Option<Completion>,
    /// The text that is looked for, while it is written.
    pub find: Option<Input>,
    /// The text that was looked for last.
    pub needle: String,
    /// Whether the disk was asked and did not answer.
    pub loading: bool,
    /// Why nothing could be opened.
    pub failure: Option<String>,
}

impl Editor {
    /// The file that has the cursor.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        self.documents.get(self.active)
    }

    /// The file that has the cursor, to be changed.
    pub fn document_mut(&mut self) -> Option<&mut Document> {
        self.documents.get_mut(self.active)
    }

    /// The file of a uri.
    pub fn by_uri(&mut self, uri: &str) -> Option<&mut Document> {
        self.documents.iter_mut().find(|document| document.uri() == uri)
    }

    /// The names of the files whose text is not on disk.
    #[must_use]
    pub fn unsaved(&self) -> Vec<String> {
        let changed = self.documents.iter().filter(|document| document.is_unsaved());
        changed.map(Document::name).collect()
    }

    /// The question for files; answers to those before it are not taken any more.
    pub fn ask(&mut self, path: PathBuf, recorded: Option<Recorded>) -> Opening {
        self.n_asked += 1;
        Opening { path, recorded, number: self.n_asked }
    }

    /// What is known of the files, to see whether they are others by now.
    #[must_use]
    pub fn known(&self, is_forced: bool) -> Vec<Known> {
        self.documents.iter().map(|document| document.known(is_forced)).collect()
    }

    /// Take over the files of a folder, and close those that were open before.
    pub fn take(&mut self, found: Opening, files: Vec<FileRead>) -> Vec<String> {
        *self = Self {
            folder: Some(found.path),
            recorded: found.recorded,
            n_asked: self.n_asked,
            needle: std::mem::take(&mut self.needle),
            ..Self::default()
        };
        let failures = self.add(files);
        if self.documents.is_empty() {
            let none = "There is no INCAR, KPOINTS or POSCAR in it.".to_owned();
            self.failure = Some(failures.first().cloned().unwrap_or(none));
        }
        failures
    }

    /// Open the files that are not open yet; gives why some of them cannot be.
    pub fn add(&mut self, files: Vec<FileRead>) -> Vec<String> {
        let mut failures = Vec::new();
        for file in files {
            if self.documents.iter().any(|document| document.path == file.path) {
                continue;
            }
            match file.text {
                Ok(text) => {
                    let mut document = Document::new(file.path, &text).read_as(file.seen);
                    document.is_read_only = self.recorded.is_some();
                    self.documents.push(document);
                }
                Err(reason) => failures.push(format!("{}: {reason}", file.path.display())),
            }
        }
        failures
    }

    /// Close a file.
    pub fn close(&mut self, path: &Path) {
        self.documents.retain(|document| document.path != path);
        self.active = self.active.min(self.documents.len().saturating_sub(1));
        self.completion = None;
        if self.documents.is_empty() {
            self.failure = Some("All files are closed.".to_owned());
        }
    }

    /// Take the findings of a document in; tells whether it is open.
    pub fn diagnose(&mut self, mut published: Published) -> bool {
        published.diagnostics.sort_by_key(|found| found.range.start);
        self.by_uri(&published.uri)
            .map(|document| document.diagnostics = published.diagnostics)
            .is_some()
    }

    /// Go to another file.
    pub fn next_file(&mut self, forward: bool) {
        let count = self.documents.len().max(1);
        let step = if forward { 1 } else { count - 1 };
        self.active = (self.active + step) % count;
        self.completion = None;
    }

    /// Go to the next finding, or to the one before; tells whether there is one.
    pub fn next_problem(&mut self, forward: bool) -> bool {
        let Some(document) = self.document_mut() else { return false };
        let here = document.buffer.cursor();
        let mut places = document.diagnostics.iter().map(|found| found.range.start);
        let target = if forward {
            places.clone().find(|place| *place > here).or_else(|| places.next())
        } else {
            let before = places.clone().rfind(|place| *place < here);
            before.or_else(|| places.next_back())
        };
        if let Some(place) = target {
            document.buffer.go(place, false);
        }
        target.is_some()
    }
}
