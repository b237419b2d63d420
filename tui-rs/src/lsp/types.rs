//! What travels between the editor and the server. Columns are characters: `utf-32` is agreed on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A place in a text, from 0.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub character: usize,
}

/// From `start` up to `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    /// The first place.
    pub start: Place,
    /// The place behind the last one.
    pub end: Place,
}

impl Span {
    /// Whether a place is in it or at its end.
    #[must_use]
    pub fn touches(&self, place: Place) -> bool {
        self.start <= place && place <= self.end
    }
}

/// New text for a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What is replaced.
    pub range: Span,
    /// By what.
    pub text: String,
}

/// New text for a span, as the server writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    /// What is replaced.
    pub range: Span,
    /// By what.
    pub new_text: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Diagnostic {
    /// Where.
    pub range: Span,
    /// 1 error, 2 warning, 3 information, 4 hint.
    #[serde(default)]
    pub severity: Option<u8>,
    /// The rule.
    #[serde(default)]
    pub code: Option<serde_json::Value>,
    /// The sentence.
    pub message: String,
}

impl Diagnostic {
    /// Whether VASP would stop, or do something else than what is written.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity.is_none_or(|severity| severity == 1)
    }
}

/// The findings in a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Published {
    /// The document.
    pub uri: String,
    /// All its findings.
    pub diagnostics: Vec<Diagnostic>,
    /// The version that they belong to.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    /// What is shown, and written unless there is an `insert_text`.
    pub label: String,
    /// What is shown beside it.
    #[serde(default)]
    pub detail: String,
    /// What is written.
    #[serde(default)]
    pub insert_text: String,
    /// What it is sorted by.
    #[serde(default)]
    pub sort_text: String,
}

/// The proposals at a place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
pub struct Proposals {
    /// All of them.
    pub items: Vec<Proposal>,
}

/// A text about a place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Hover {
    /// The text.
    pub contents: Markup,
}

/// Text in Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Markup {
    /// The text.
    pub value: String,
}

/// A span in a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Target {
    /// The document.
    pub uri: String,
    /// The span.
    pub range: Span,
}

/// A change that the server offers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Action {
    /// What it does.
    pub title: String,
    /// The edits.
    #[serde(default)]
    pub edit: Edits,
}

/// Edits by document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
pub struct Edits {
    /// The document's uri, and its edits.
    #[serde(default)]
    pub changes: BTreeMap<String, Vec<TextEdit>>,
}

/// A place in a document of some version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The document.
    pub uri: String,
    /// Its version when the server was asked.
    pub version: i64,
    /// The place.
    pub place: Place,
}

/// What the server is told about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sync {
    /// It is edited from now on.
    Open {
        /// The document.
        uri: String,
        /// What it is.
        language: &'static str,
        /// Its version.
        version: i64,
        /// Its text.
        text: String,
    },
    /// It was changed.
    Change {
        /// The document.
        uri: String,
        /// The version that the changes lead to.
        version: i64,
        /// The changes, one after the other.
        changes: Vec<Change>,
    },
    /// It is no longer edited.
    Close {
        /// The document.
        uri: String,
    },
}

/// The uri of a file.
#[must_use]
pub fn uri_of(path: &std::path::Path) -> String {
    use std::fmt::Write;
    use std::os::unix::ffi::OsStrExt;
    let mut uri = "file://".to_owned();
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            let _never_fails = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_in_a_path_is_escaped() {
        let path = std::path::Path::new("/a b/Å#%/INCAR");
        assert_eq!(uri_of(path), "file:///a%20b/%C3%85%23%25/INCAR");
    }
}
