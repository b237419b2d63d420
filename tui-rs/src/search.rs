//! A text that is looked for in what is read.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::widget::input::Input;
use crate::widget::theme;

/// What is looked for, and where it was found last.
#[derive(Debug, Default)]
pub struct Search {
    /// What is written, while it is.
    pub input: Option<Input>,
    /// In lower case; empty when nothing is looked for.
    needle: String,
    /// The line of the last hit, or where the search began.
    pub at: usize,
    /// Whether the next part of a long file is awaited to go on in it.
    pub waiting: bool,
}

/// A line in which the text stands, and how many of such lines there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The line.
    pub line: usize,
    /// Which of the lines with a hit it is, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// Whether the search went on from the other end.
    pub wrapped: bool,
}

impl Search {
    /// Begin to write what is looked for from a line on.
    pub fn begin(&mut self, line: usize) {
        *self = Self { input: Some(Input::default()), at: line, ..Self::default() };
    }

    /// Look for a text, as if it had been written.
    pub fn set(&mut self, needle: &str, at: usize) {
        *self = Self { needle: needle.to_lowercase(), at, ..Self::default() };
    }

    /// Note what is written by now.
    pub fn typed(&mut self) {
        self.needle = self.input.as_ref().map(Input::text).unwrap_or_default().to_lowercase();
    }

    /// Look for nothing any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is looked for, in lower case.
    #[must_use]
    pub fn needle(&self) -> &str {
        &self.needle
    }

    /// Whether something is looked for, and written to its end.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.input.is_none() && !self.needle.is_empty()
    }

    /// The next line with the text, from the last hit on, or from the other end.
    pub fn find(&self, lines: &[impl AsRef<str>], step: Step) -> Option<Hit> {
        if self.needle.is_empty() {
            return None;
        }
        let has = |(line, text): (usize, &_)| fits(text, &self.needle).then_some(line);
        let hits: Vec<usize> = lines.iter().enumerate().filter_map(has).collect();
        let found = match step {
            Step::Here => hits.iter().position(|line| *line >= self.at),
            Step::Next => hits.iter().position(|line| *line > self.at),
            Step::Before => hits.iter().rposition(|line| *line < self.at),
        };
        let other_end = if step == Step::Before { hits.len().checked_sub(1)? } else { 0 };
        let index = found.unwrap_or(other_end);
        let line = *hits.get(index)?;
        Some(Hit { line, number: index + 1, count: hits.len(), wrapped: found.is_none() })
    }

    /// Make what is looked for stand out on the screen.
    pub fn mark(&self, area: Rect, buffer: &mut Buffer) {
        if self.needle.is_empty() {
            return;
        }
        for y in area.y..area.bottom() {
            for (first, last) in places(&self.needle, area, y, buffer) {
                buffer.set_style(
                    Rect { x: first, y, width: last - first + 1, height: 1 },
                    theme::selected(),
                );
            }
        }
    }
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// From the line where the search stands.
    Here,
    /// Behind it.
    Next,
    /// Before it.
    Before,
}

fn fits(text: &impl AsRef<str>, needle: &str) -> bool {
    text.as_ref().to_lowercase().contains(needle)
}

/// The first and the last column of each place of a line of the screen where a text stands.
fn places(needle: &str, area: Rect, y: u16, buffer: &Buffer) -> Vec<(u16, u16)> {
    // The column of every character; the cell behind a wide one holds none.
    let mut columns = Vec::new();
    let mut text: Vec<char> = Vec::new();
    let mut x = area.x;
    while x < area.right() {
        let Some(cell) = buffer.cell((x, y)) else { break };
        for character in cell.symbol().chars().flat_map(char::to_lowercase) {
            text.push(character);
            columns.push(x);
        }
        x = x.saturating_add(u16::try_from(cell.symbol().width().max(1)).unwrap_or(1));
    }
    let needle: Vec<char> = needle.chars().collect();
    let hits = text.windows(needle.len()).enumerate().filter(|(_, part)| *part == needle);
    hits.filter_map(|(at, _)| {
        Some((*columns.get(at)?, *columns.get(at + needle.len().checked_sub(1)?)?))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use ratatui::style::Modifier;

    use super::*;

    fn looking(needle: &str, at: usize) -> Search {
        let mut search = Search::default();
        search.set(needle, at);
        search
    }

    const LINES: &[&str] = &["one", "TWO", "three", "two 東京", "four"];

    #[test]
    fn hits_come_in_order_and_go_on_from_the_other_end() {
        let at = |line, step| {
            let hit = looking("two", line).find(LINES, step).unwrap();
            (hit.line, hit.number, hit.wrapped)
        };
        assert_eq!(at(0, Step::Here), (1, 1, false));
        assert_eq!(at(1, Step::Here), (1, 1, false));
        assert_eq!(at(1, Step::Next), (3, 2, false));
        assert_eq!(at(3, Step::Next), (1, 1, true));
        assert_eq!(at(3, Step::Before), (1, 1, false));
        assert_eq!(at(0, Step::Before), (3, 2, true));
    }

    #[test]
    fn what_stands_nowhere_and_nothing_are_not_found() {
        assert_eq!(looking("five", 0).find(LINES, Step::Next), None);
        assert_eq!(looking("", 0).find(LINES, Step::Next), None);
        assert_eq!(looking("x", 0).find(&[] as &[&str], Step::Before), None);
    }

    #[test]
    fn what_is_looked_for_stands_out_also_among_wide_characters() {
        let area = Rect { x: 0, y: 0, width: 20, height: 1 };
        let mut buffer = Buffer::empty(area);
        buffer.set_string(0, 0, "a東京 Two", ratatui::style::Style::new());
        looking("京 t", 0).mark(area, &mut buffer);
        let marked: Vec<u16> =
            (0..20).filter(|x| buffer[(*x, 0)].modifier.contains(Modifier::REVERSED)).collect();
        assert_eq!(marked, [3, 4, 5, 6]);
    }
}
