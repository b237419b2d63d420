//! A file of a job that is read, part by part.

use crate::api::wire::{Fault, FilePart, JobsReadParams};
use crate::msg::Call;

/// How much is kept of one file.
const MAX_BYTES: i64 = 32 * 1024 * 1024;
/// How much of the end is read when only that is wanted.
const TAIL_BYTES: i64 = 256 * 1024;

/// A file, and what is known of its text: one stretch, which grows at its end.
#[derive(Debug, Default)]
pub struct OpenFile {
    /// Its name among the job's files.
    pub name: String,
    /// The lines that are known.
    pub lines: Vec<String>,
    /// Where they begin in the file.
    begin: i64,
    /// Where the next part begins, unless the end is known.
    next: Option<i64>,
    size_bytes: i64,
    pending: bool,
    /// Why it cannot be read.
    pub failure: Option<Fault>,
    /// Whether a part has come.
    pub known: bool,
}

impl OpenFile {
    /// Read a file from its begin.
    #[must_use]
    pub fn open(name: &str, id: i64) -> (Self, Call) {
        let file = Self { name: name.to_owned(), pending: true, ..Self::default() };
        let call = file.call(id, None);
        (file, call)
    }

    fn call(&self, id: i64, offset: Option<i64>) -> Call {
        let params = JobsReadParams { id: id.into(), name: self.name.clone(), offset, limit: None };
        Call::ReadFile(id, params)
    }

    /// The question for the next part, unless it is out or there is none, or enough is kept.
    pub fn more(&mut self, id: i64) -> Option<Call> {
        let next = self.next.filter(|next| !self.pending && next - self.begin < MAX_BYTES)?;
        self.pending = true;
        Some(self.call(id, Some(next)))
    }

    /// The question for the begin, or for the end.
    pub fn jump(&mut self, tail: bool, id: i64) -> Option<Call> {
        if std::mem::replace(&mut self.pending, true) {
            return None;
        }
        Some(self.call(id, Some(if tail { -TAIL_BYTES } else { 0 })))
    }

    /// Whether there is more of it at the end.
    #[must_use]
    pub const fn has_more(&self) -> bool {
        self.next.is_some()
    }

    /// Whether there is more of it before.
    #[must_use]
    pub const fn has_earlier(&self) -> bool {
        self.begin > 0
    }

    /// The server that was asked is gone.
    pub const fn forget_question(&mut self) {
        self.pending = false;
    }

    /// Take a part in; one that does not go on where the known text ends replaces it.
    pub fn take(&mut self, answer: Result<FilePart, Fault>) {
        self.pending = false;
        let part = match answer {
            Ok(part) => part,
            Err(fault) => {
                self.failure = Some(fault);
                return;
            }
        };
        if !self.known || self.next != Some(part.offset) {
            self.lines.clear();
            self.begin = part.offset;
        }
        let mut lines = part.text.split('\n');
        if let (Some(open), Some(first)) = (self.lines.last_mut(), lines.next()) {
            open.push_str(first);
        } else {
            lines = part.text.split('\n');
        }
        self.lines.extend(lines.map(str::to_owned));
        self.next = part.next;
        self.size_bytes = part.size_bytes;
        self.known = true;
        self.failure = None;
    }

    /// What the line of the state says.
    #[must_use]
    pub fn summary(&self) -> String {
        let kib = |bytes: i64| bytes.div_euclid(1024);
        let end = self.next.unwrap_or(self.size_bytes);
        let name = &self.name;
        if self.begin == 0 && self.next.is_none() {
            return format!("{name}, {} lines", self.lines.len());
        }
        let (begin, end, all) = (kib(self.begin), kib(end), kib(self.size_bytes));
        format!("{name}, KiB {begin} to {end} of {all} (g begin, G end)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(offset: i64, text: &str, next: Option<i64>) -> FilePart {
        FilePart { name: "OUTCAR".to_owned(), offset, size_bytes: 20, text: text.to_owned(), next }
    }

    #[test]
    fn parts_are_joined_where_they_were_cut() {
        let (mut file, _) = OpenFile::open("OUTCAR", 1);
        file.take(Ok(part(0, "one\ntw", Some(6))));
        assert!(
            matches!(file.more(1), Some(Call::ReadFile(1, params)) if params.offset == Some(6))
        );
        assert_eq!(file.more(1), None);
        file.take(Ok(part(6, "o\nthree", None)));
        assert_eq!(file.lines, ["one", "two", "three"]);
        assert_eq!((file.more(1), file.has_more()), (None, false));
    }

    #[test]
    fn a_part_that_begins_elsewhere_replaces_what_is_known() {
        let (mut file, _) = OpenFile::open("OUTCAR", 1);
        file.take(Ok(part(12, "the end", None)));
        assert!(file.has_earlier());
        file.take(Ok(part(0, "the begin", Some(9))));
        assert_eq!(
            (file.lines.as_slice(), file.has_earlier()),
            (&["the begin".to_owned()][..], false)
        );
    }

    #[test]
    fn a_failure_keeps_what_is_known() {
        let (mut file, _) = OpenFile::open("OUTCAR", 1);
        file.take(Ok(part(0, "text", Some(4))));
        file.take(Err(Fault::local("no", "")));
        assert!(file.failure.is_some() && file.lines == ["text"]);
    }
}
