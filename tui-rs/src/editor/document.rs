//! A file that is edited, and what the server says about it.

use std::path::{Path, PathBuf};

use super::on_disk::OnDisk;
use crate::lsp::types::{At, Diagnostic, Sync, uri_of};
use crate::text::Buffer;

/// A file that is edited.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where it is kept.
    pub path: PathBuf,
    /// Its text.
    pub buffer: Buffer,
    /// Whether its lines end with a carriage return too; the buffer has none then.
    pub has_carriage_returns: bool,
    /// What the server found in this version of it or in an older one.
    pub diagnostics: Vec<Diagnostic>,
    /// What was not saved of it when the program last ended, as long as it is not taken over.
    pub draft: Option<String>,
    /// What is known of the file.
    pub on_disk: OnDisk,
    /// Whether it belongs to a calculation and must stay as it is.
    pub is_read_only: bool,
    /// The first line on the screen.
    pub top: usize,
    uri: String,
    version: i64,
}

impl Document {
    /// A file with its text.
    #[must_use]
    pub fn new(path: PathBuf, text: &str) -> Self {
        let has_carriage_returns = has_carriage_returns(text);
        let buffer = if has_carriage_returns {
            Buffer::new(&text.replace("\r\n", "\n"))
        } else {
            Buffer::new(text)
        };
        Self {
            uri: uri_of(&path),
            path,
            buffer,
            has_carriage_returns,
            diagnostics: Vec::new(),
            draft: None,
            on_disk: OnDisk::default(),
            is_read_only: false,
            top: 0,
            version: 1,
        }
    }

    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// The name for the server.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Whether it is an INCAR, by its name.
    #[must_use]
    pub fn is_incar(&self) -> bool {
        self.name().to_uppercase().contains("INCAR")
    }

    /// The text for the disk.
    #[must_use]
    pub fn text_for_disk(&self) -> String {
        let text = self.buffer.text();
        if self.has_carriage_returns { text.replace('\n', "\r\n") } else { text }
    }

    /// Take over what was not saved of it, as a step that can be undone.
    pub fn take_draft(&mut self) {
        let Some(text) = self.draft.take() else { return };
        self.buffer.select_all();
        let is_plain = !self.has_carriage_returns;
        self.buffer.insert(&if is_plain { text } else { text.replace("\r\n", "\n") });
    }

    /// Where the cursor stands, for a question to the server.
    #[must_use]
    pub fn at(&self) -> At {
        At { uri: self.uri.clone(), version: self.version, place: self.buffer.cursor() }
    }

    /// Whether an answer is about the text as it is.
    #[must_use]
    pub fn is_current(&self, at: &At) -> bool {
        at.uri == self.uri && at.version == self.version
    }

    /// What a server that knows nothing must be told.
    #[must_use]
    pub fn opened(&mut self) -> Sync {
        let _told_with_the_text = self.buffer.take_changes();
        Sync::Open {
            uri: self.uri.clone(),
            language: language(&self.path),
            version: self.version,
            text: self.buffer.text(),
        }
    }

    /// What the server must be told since it was last told.
    pub fn changed(&mut self) -> Option<Sync> {
        let changes = self.buffer.take_changes();
        if changes.is_empty() {
            return None;
        }
        self.version += 1;
        Some(Sync::Change { uri: self.uri.clone(), version: self.version, changes })
    }

    /// The finding at the cursor, an error before a warning.
    #[must_use]
    pub fn finding(&self) -> Option<&Diagnostic> {
        let line = self.buffer.cursor().line;
        let here = self.diagnostics.iter().filter(|found| found.range.start.line == line);
        here.min_by_key(|found| found.severity.unwrap_or(1))
    }
}

/// Whether all lines of a text end with a carriage return too.
#[must_use]
pub fn has_carriage_returns(text: &str) -> bool {
    let n_feeds = text.matches('\n').count();
    n_feeds > 0 && text.matches("\r\n").count() == n_feeds
}

fn language(path: &Path) -> &'static str {
    let name = path.file_name().map(|name| name.to_string_lossy().to_uppercase());
    match name.unwrap_or_default() {
        name if name.contains("INCAR") => "vasp-incar",
        name if name.contains("KPOINTS") => "vasp-kpoints",
        name if name.contains("POTCAR") => "vasp-potcar",
        _ => "vasp-poscar",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_go_back_to_disk_as_they_came() {
        for text in ["a\r\nb\r\n", "a\nb\n", "a\r\nb\n", "a", "", "\r"] {
            assert_eq!(Document::new(PathBuf::from("/INCAR"), text).text_for_disk(), text);
        }
    }

    #[test]
    fn the_server_is_told_of_changes_once() {
        let mut document = Document::new(PathBuf::from("/INCAR"), "");
        document.buffer.insert("A");
        assert!(matches!(document.changed(), Some(Sync::Change { version: 2, .. })));
        assert_eq!(document.changed(), None);
        document.buffer.insert("B");
        assert!(matches!(document.opened(), Sync::Open { text, .. } if text == "AB"));
        assert_eq!(document.changed(), None);
    }
}
