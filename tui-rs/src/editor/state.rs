//! The files that are edited.

use std::path::{Path, PathBuf};

use super::document::Document;
use super::popup::Completion;
use crate::lsp::types::Published;
use crate::msg::FileRead;
use crate::widget::input::Input;

/// The files that are edited, and which of them has the cursor.
#[derive(Debug, Default)]
pub struct Editor {
    /// The folder that the files are of.
    pub folder: Option<PathBuf>,
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
        let changed = self.documents.iter().filter(|document| document.buffer.is_changed());
        changed.map(Document::name).collect()
    }

    /// Take over the files of a folder, and close those that were open before.
    pub fn take(&mut self, folder: &Path, files: Vec<FileRead>) -> Vec<String> {
        self.loading = false;
        self.failure = None;
        let mut failures = Vec::new();
        let mut documents = Vec::new();
        for file in files {
            match file.text {
                Ok(text) => documents.push(Document::new(file.path, &text)),
                Err(reason) => failures.push(format!("{}: {reason}", file.path.display())),
            }
        }
        if documents.is_empty() {
            let none = "There is no INCAR, KPOINTS or POSCAR in it.".to_owned();
            self.failure = Some(failures.first().cloned().unwrap_or(none));
        }
        *self = Self {
            folder: Some(folder.to_owned()),
            documents,
            failure: self.failure.take(),
            needle: std::mem::take(&mut self.needle),
            ..Self::default()
        };
        failures
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
