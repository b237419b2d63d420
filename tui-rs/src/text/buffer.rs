//! A text with a cursor, a selection and a history. Places are counted in characters.

use std::ops::Range;

use ropey::Rope;

use crate::lsp::types::{Change, Place, Span};

/// One change that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    at: usize,
    removed: String,
    inserted: String,
    cursor_before: usize,
    /// Whether it belongs to the edit before, so that both are undone at once.
    joined: bool,
    /// Which edit of this buffer it was; the text behind it has the same number.
    number: usize,
}

/// A text that is edited.
#[derive(Debug, Default, Clone)]
pub struct Buffer {
    rope: Rope,
    cursor: usize,
    anchor: Option<usize>,
    /// The column that moving up and down aims at.
    aim: Option<usize>,
    past: Vec<Edit>,
    future: Vec<Edit>,
    saved: Option<usize>,
    n_edits: usize,
    /// Whether the next letter begins a new step of the history.
    sealed: bool,
    changes: Vec<Change>,
}

impl Buffer {
    /// A buffer that holds a text which is on disk.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { rope: Rope::from_str(text), saved: Some(0), ..Self::default() }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.rope.to_string()
    }

    /// The text as it is now, at no cost; see [`Rope::is_instance`].
    #[must_use]
    pub fn snapshot(&self) -> Rope {
        self.rope.clone()
    }

    /// How many lines there are; behind a last line feed there is an empty one.
    #[must_use]
    pub fn n_lines(&self) -> usize {
        self.rope.len_lines()
    }

    /// A line without its end; empty where there is none.
    #[must_use]
    pub fn line(&self, number: usize) -> String {
        let line = self.rope.get_line(number).map(|line| line.to_string()).unwrap_or_default();
        line.strip_suffix('\n').map_or_else(|| line.clone(), str::to_owned)
    }

    /// Where the cursor stands.
    #[must_use]
    pub fn cursor(&self) -> Place {
        self.place(self.cursor)
    }

    /// What is selected, as a span of places.
    #[must_use]
    pub fn selection(&self) -> Option<Span> {
        let range = self.selected()?;
        Some(Span { start: self.place(range.start), end: self.place(range.end) })
    }

    /// The text that is selected.
    #[must_use]
    pub fn selected_text(&self) -> Option<String> {
        self.rope.get_slice(self.selected()?).map(|slice| slice.to_string())
    }

    /// Whether the text differs from what is on disk.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.saved != Some(self.state())
    }

    /// The number of the text as it is, to tell a save what it saved; what is typed next is a step of its own.
    pub fn revision(&mut self) -> usize {
        self.sealed = true;
        self.state()
    }

    /// No two texts have the same number, also when steps are undone and others done instead.
    fn state(&self) -> usize {
        self.past.last().map_or(0, |edit| edit.number)
    }

    /// Note that the text of a revision is on disk.
    pub fn saved_at(&mut self, revision: usize) {
        self.saved = Some(revision);
        self.sealed = true;
    }

    /// Note that the text is not on disk, nor any that undoing leads to.
    pub fn forget_saved(&mut self) {
        self.saved = None;
    }

    /// The changes since this was last asked, for the server.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Write a text at the cursor, over the selection.
    pub fn insert(&mut self, text: &str) {
        let range = self.selected().unwrap_or(self.cursor..self.cursor);
        let is_letter = text.chars().count() == 1 && text != "\n" && range.is_empty();
        let joined = is_letter && !self.sealed && self.follows_a_letter();
        self.apply(range, text, joined);
        self.sealed = !is_letter;
    }

    /// Remove the selection, or the character before the cursor.
    pub fn backspace(&mut self) {
        let range = self.selected().unwrap_or(self.cursor.saturating_sub(1)..self.cursor);
        self.remove(range);
    }

    /// Remove the selection, or the character behind the cursor.
    pub fn delete(&mut self) {
        let end = (self.cursor + 1).min(self.rope.len_chars());
        let range = self.selected().unwrap_or(self.cursor..end);
        self.remove(range);
    }

    /// Take the selection out, or the line of the cursor; gives what was there.
    pub fn cut(&mut self) -> String {
        let line = self.cursor().line;
        let whole = self.start_of(line)..self.start_of(line + 1);
        let range = self.selected().unwrap_or(whole);
        let text = self.rope.get_slice(range.clone()).map(|slice| slice.to_string());
        self.remove(range);
        text.unwrap_or_default()
    }

    fn remove(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.apply(range, "", false);
            self.sealed = true;
        }
    }

    /// Replace spans as one step; they must not overlap and are given in any order.
    pub fn replace(&mut self, edits: &[(Span, String)]) {
        let mut edits: Vec<(Range<usize>, &str)> =
            edits.iter().map(|(span, text)| (self.range(*span), text.as_str())).collect();
        edits.sort_by_key(|(range, _)| std::cmp::Reverse((range.start, range.end)));
        let cursor = self.cursor();
        for (index, (range, text)) in edits.into_iter().enumerate() {
            self.apply(range, text, index > 0);
        }
        self.sealed = true;
        self.go(cursor, false);
    }

    /// Take over the text that is on disk now, as one step; the cursor stays where it is.
    pub fn reload(&mut self, text: &str) {
        let cursor = self.cursor();
        let (range, inserted) = self.difference(text);
        if !range.is_empty() || !inserted.is_empty() {
            self.apply(range, &inserted, false);
            self.go(cursor, false);
        }
        self.sealed = true;
        self.saved = Some(self.state());
    }

    /// The smallest stretch that makes another text of this one, and what stands there instead.
    fn difference(&self, text: &str) -> (Range<usize>, String) {
        let new: Vec<char> = text.chars().collect();
        let length = self.rope.len_chars();
        let pairs = self.rope.chars().zip(&new);
        let begin = pairs.take_while(|(old, new)| old == *new).count();
        let room = (length - begin).min(new.len() - begin);
        let backwards = self.rope.chars_at(length).reversed().zip(new.iter().rev());
        let end = backwards.take(room).take_while(|(old, new)| old == *new).count();
        let inserted = new.get(begin..new.len() - end).unwrap_or_default();
        (begin..length - end, inserted.iter().collect())
    }

    fn follows_a_letter(&self) -> bool {
        self.saved != Some(self.state())
            && self.past.last().is_some_and(|edit| {
                edit.removed.is_empty() && edit.at + edit.inserted.chars().count() == self.cursor
            })
    }

    fn apply(&mut self, range: Range<usize>, text: &str, joined: bool) {
        let removed = self.rope.get_slice(range.clone()).map(|slice| slice.to_string());
        let cursor_before = self.cursor;
        self.n_edits += 1;
        let edit = Edit {
            number: self.n_edits,
            at: range.start,
            removed: removed.unwrap_or_default(),
            inserted: text.to_owned(),
            cursor_before,
            joined,
        };
        self.put(edit.at, &edit.removed, &edit.inserted);
        self.past.push(edit);
        self.future.clear();
    }

    fn put(&mut self, at: usize, removed: &str, inserted: &str) {
        let end = at + removed.chars().count();
        let span = Span { start: self.place(at), end: self.place(end) };
        if self.rope.try_remove(at..end).is_ok() && self.rope.try_insert(at, inserted).is_ok() {
            self.changes.push(Change { range: span, text: inserted.to_owned() });
        }
        self.cursor = at + inserted.chars().count();
        self.anchor = None;
        self.aim = None;
    }

    /// Take the last step back; tells whether there was one.
    pub fn undo(&mut self) -> bool {
        self.sealed = true;
        let mut any = false;
        while let Some(edit) = self.past.pop() {
            self.put(edit.at, &edit.inserted, &edit.removed);
            self.cursor = edit.cursor_before.min(self.rope.len_chars());
            any = true;
            let joined = edit.joined;
            self.future.push(edit);
            if !joined {
                break;
            }
        }
        any
    }

    /// Do the step again that was taken back last; tells whether there was one.
    pub fn redo(&mut self) -> bool {
        self.sealed = true;
        let mut any = false;
        while let Some(edit) = self.future.pop() {
            self.put(edit.at, &edit.removed, &edit.inserted);
            self.past.push(edit);
            any = true;
            if self.future.last().is_none_or(|next| !next.joined) {
                break;
            }
        }
        any
    }

    /// Go to a place, or to the nearest there is.
    pub fn go(&mut self, place: Place, select: bool) {
        let index = self.index(place);
        self.go_to(index, select);
    }

    fn go_to(&mut self, index: usize, select: bool) {
        self.anchor = if select { self.anchor.or(Some(self.cursor)) } else { None };
        self.cursor = index.min(self.rope.len_chars());
        self.aim = None;
        self.sealed = true;
    }

    /// Move by characters.
    pub fn move_by(&mut self, characters: isize, select: bool) {
        self.go_to(self.cursor.saturating_add_signed(characters), select);
    }

    /// Move by lines and keep the column as far as the lines reach.
    pub fn move_lines(&mut self, lines: isize, select: bool) {
        use crate::text::width;
        let from = self.cursor();
        let aim =
            self.aim.unwrap_or_else(|| width::column(self.line(from.line).chars(), from.character));
        let line = from.line.saturating_add_signed(lines).min(self.n_lines().saturating_sub(1));
        let character = width::index(self.line(line).chars(), aim);
        self.go(Place { line, character }, select);
        self.aim = Some(aim);
    }

    /// Move to the begin or the end of the line.
    pub fn move_in_line(&mut self, end: bool, select: bool) {
        let Place { line, .. } = self.cursor();
        let character = if end { usize::MAX } else { 0 };
        self.go(Place { line, character }, select);
    }

    /// Move to the begin or the end of the text.
    pub fn move_to_end(&mut self, end: bool, select: bool) {
        self.go_to(if end { self.rope.len_chars() } else { 0 }, select);
    }

    /// Move over a word.
    pub fn move_word(&mut self, forward: bool, select: bool) {
        let is_word = |at: usize| self.rope.get_char(at).is_some_and(char::is_alphanumeric);
        let mut at = self.cursor;
        let last = self.rope.len_chars();
        if forward {
            while at < last && !is_word(at) {
                at += 1;
            }
            while at < last && is_word(at) {
                at += 1;
            }
        } else {
            while at > 0 && !is_word(at - 1) {
                at -= 1;
            }
            while at > 0 && is_word(at - 1) {
                at -= 1;
            }
        }
        self.go_to(at, select);
    }

    /// Select everything.
    pub fn select_all(&mut self) {
        self.go_to(0, false);
        self.go_to(self.rope.len_chars(), true);
    }

    /// Go to the next place behind the cursor, or to the one before it, where a text stands, whatever
    /// its case, and on from the other end of the text; tells whether there is one.
    pub fn find(&mut self, needle: &str, forward: bool) -> bool {
        let text = self.text().to_lowercase();
        let needle = needle.to_lowercase();
        // Where lower case has as many characters as upper case, places are the same.
        if needle.is_empty() || text.chars().count() != self.rope.len_chars() {
            return false;
        }
        let from = if forward { self.cursor + 1 } else { self.cursor };
        let from: usize = text.chars().take(from).map(char::len_utf8).sum();
        let (before, behind) = text.split_at_checked(from).unwrap_or((&text, ""));
        let hit = if forward {
            behind.find(&needle).map(|at| at + from).or_else(|| text.find(&needle))
        } else {
            before.rfind(&needle).or_else(|| text.rfind(&needle))
        };
        let Some(hit) = hit.and_then(|hit| text.get(..hit)) else { return false };
        let index = hit.chars().count();
        self.go_to(index, false);
        true
    }

    /// The word of letters, digits and underscores before the cursor.
    #[must_use]
    pub fn word_before(&self) -> String {
        let line = self.line(self.cursor().line);
        let before: Vec<char> = line.chars().take(self.cursor().character).collect();
        let is_word =
            |character: &&char| character.is_alphanumeric() || matches!(character, '_' | '.');
        let mut word: Vec<char> = before.iter().rev().take_while(is_word).copied().collect();
        word.reverse();
        word.into_iter().collect()
    }

    fn selected(&self) -> Option<Range<usize>> {
        let anchor = self.anchor.filter(|anchor| *anchor != self.cursor)?;
        Some(anchor.min(self.cursor)..anchor.max(self.cursor))
    }

    fn start_of(&self, line: usize) -> usize {
        self.rope.try_line_to_char(line).unwrap_or(self.rope.len_chars())
    }

    fn place(&self, index: usize) -> Place {
        let index = index.min(self.rope.len_chars());
        let line = self.rope.try_char_to_line(index).unwrap_or(0);
        Place { line, character: index.saturating_sub(self.start_of(line)) }
    }

    fn index(&self, place: Place) -> usize {
        let line = place.line.min(self.n_lines().saturating_sub(1));
        let length = self.line(line).chars().count();
        self.start_of(line) + place.character.min(length)
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.index(span.start);
        start..self.index(span.end).max(start)
    }
}
