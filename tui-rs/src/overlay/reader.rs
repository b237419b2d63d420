//! A text to read.

/// Where the text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// These lines.
    Lines(Vec<String>),
    /// The log, as it grows.
    Log,
    /// What the keys do where one is.
    Keys,
    /// The inputs of the new calculation.
    Inputs,
}

/// A text to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// What stands above it.
    pub title: String,
    /// The text.
    pub source: Source,
    /// The first line on the screen; as far down as possible when it is too large.
    pub top: usize,
}

impl Reader {
    /// A text from its begin.
    #[must_use]
    pub fn new(title: impl Into<String>, source: Source) -> Self {
        Self { title: title.into(), source, top: 0 }
    }

    /// Move by lines.
    pub fn move_by(&mut self, lines: isize, count: usize, height: usize) {
        let last = count.saturating_sub(height);
        self.top = self.top.min(last).saturating_add_signed(lines).min(last);
    }
}
