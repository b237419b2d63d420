//! What is written in a form: keys, pastes, and undo.

use crossterm::event::{KeyCode, KeyEvent};

use super::field::Field;
use super::history::{Change, Content};
use super::settings;
use super::state::Form;
use crate::widget::input::Input;

/// What became of a key in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// It did what it does.
    Taken,
    /// It means nothing in a field.
    Unknown,
    /// It was not taken, since a structure is pasted there.
    Sealed,
}

impl Form {
    pub(super) fn content(&self) -> Content {
        let fields = self.fields.each_ref().map(|(_, input)| input.clone());
        Content { fields, focus: self.focus, pasted: self.pasted.clone() }
    }

    fn restore(&mut self, content: Content) {
        for ((_, input), before) in self.fields.iter_mut().zip(content.fields) {
            *input = before;
        }
        self.focus = content.focus;
        self.pasted = content.pasted;
        self.changed();
    }

    /// Whether there is something in it that would be missed: written, and not submitted yet.
    #[must_use]
    pub fn has_content(&self) -> bool {
        let begin = self.begin.as_ref();
        self.made.is_none() && begin.is_some_and(|begin| !begin.says_the_same(&self.content()))
    }

    /// Take the last change back; tells whether there was one.
    pub fn undo(&mut self) -> bool {
        let before = if self.pending { None } else { self.history.undo(self.content()) };
        before.map(|content| self.restore(content)).is_some()
    }

    /// Do again what was undone; tells whether there was something.
    pub fn redo(&mut self) -> bool {
        let after = if self.pending { None } else { self.history.redo(self.content()) };
        after.map(|content| self.restore(content)).is_some()
    }

    /// Empty all fields; undo brings back what stood in them.
    pub fn empty(&mut self) {
        if self.pending {
            return;
        }
        self.keep(Change::Whole);
        let blank = Self::default();
        self.origin = None;
        self.begin.clone_from(&blank.begin);
        self.restore(blank.content());
    }

    pub(super) fn keep(&mut self, change: Change) {
        let mut history = std::mem::take(&mut self.history);
        history.keep(change, || self.content());
        self.history = history;
    }

    /// Whether the cursor is where a structure is pasted: that is not written over by the letter.
    fn is_sealed(&self) -> bool {
        self.field() == Field::Structure && self.pasted.is_some()
    }

    /// Take a key in the field that has the cursor. A change of the text makes it another calculation.
    pub fn key(&mut self, key: KeyEvent) -> Typed {
        if self.pending {
            return Typed::Unknown;
        }
        let erases = matches!(key.code, KeyCode::Backspace | KeyCode::Delete);
        if self.is_sealed() {
            return self.key_at_pasted(key, erases);
        }
        let Some((_, input)) = self.fields.get(self.focus) else { return Typed::Unknown };
        let mut after = input.clone();
        if !after.key(key) {
            return Typed::Unknown;
        }
        if after.text() == input.text() {
            self.history.pause();
        } else {
            let of = if erases { Change::Erased } else { Change::Typed };
            self.keep(of(self.focus));
            self.changed();
        }
        if key.code == KeyCode::Char(' ') {
            self.history.pause(); // a word is undone at a time
        }
        self.put(after);
        Typed::Taken
    }

    fn key_at_pasted(&mut self, key: KeyEvent, erases: bool) -> Typed {
        if erases {
            self.keep(Change::Whole);
            self.changed();
            self.pasted = None;
            return Typed::Taken;
        }
        if Input::default().key(key) && matches!(key.code, KeyCode::Char(_)) {
            return Typed::Sealed;
        }
        Typed::Unknown
    }

    fn put(&mut self, after: Input) {
        if let Some((_, input)) = self.fields.get_mut(self.focus) {
            *input = after;
        }
    }

    /// Write a text at the cursor; tells whether it was taken.
    pub fn insert(&mut self, text: &str) -> bool {
        if self.pending || self.is_sealed() {
            return false;
        }
        self.keep(Change::Whole);
        self.changed();
        if let Some((_, input)) = self.fields.get_mut(self.focus) {
            input.insert(text);
        }
        true
    }

    /// Write what was pasted into the field; several lines in that of the structure are one. Tells
    /// whether it was taken.
    pub fn paste(&mut self, text: &str) -> bool {
        let n_lines = text.trim().lines().count().max(text.trim().matches('\r').count() + 1);
        match self.field() {
            Field::Structure if n_lines > 2 && !self.pending => {
                self.keep(Change::Whole);
                self.changed();
                self.pasted = Some(text.replace("\r\n", "\n").replace('\r', "\n").into());
                self.write(Field::Structure, "");
                true
            }
            Field::Settings => self.insert(&settings::joined(text)),
            _ => self.insert(text),
        }
    }
}
