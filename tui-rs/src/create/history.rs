//! What was written in a form, to be undone and done again.

use std::sync::Arc;

use crate::widget::input::Input;

const MAX_STEPS: usize = 200;

/// What is written in a form: the fields, where the cursor is, and the structure that was pasted.
#[derive(Debug, Clone)]
pub struct Content {
    /// The fields in their order.
    pub fields: [Input; 10],
    /// Which field has the cursor.
    pub focus: usize,
    /// The structure that was pasted.
    pub pasted: Option<Arc<str>>,
}

impl Content {
    /// Whether the same stands in the fields, wherever the cursor is.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let texts = |content: &Self| content.fields.each_ref().map(Input::text);
        self.pasted == other.pasted && texts(self) == texts(other)
    }
}

/// What a change is part of: letters typed into a field one after the other are undone together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A letter was written into this field.
    Typed(usize),
    /// A letter was taken from this field.
    Erased(usize),
    /// Anything else, which is undone by itself.
    Whole,
}

/// The states before and after the present one.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Content>,
    future: Vec<Content>,
    last: Option<Change>,
}

impl History {
    /// Keep what is written before a change.
    pub fn keep(&mut self, change: Change, before: impl FnOnce() -> Content) {
        self.future.clear();
        let goes_on = change != Change::Whole && self.last == Some(change);
        self.last = Some(change);
        if goes_on {
            return;
        }
        if self.past.len() >= MAX_STEPS {
            self.past.remove(0);
        }
        self.past.push(before());
    }

    /// The next change is undone by itself, whatever it is.
    pub const fn pause(&mut self) {
        self.last = None;
    }

    /// What was written before the last change.
    pub fn undo(&mut self, now: Content) -> Option<Content> {
        self.last = None;
        let before = self.past.pop()?;
        self.future.push(now);
        Some(before)
    }

    /// What was written before the last undo.
    pub fn redo(&mut self, now: Content) -> Option<Content> {
        self.last = None;
        let after = self.future.pop()?;
        self.past.push(now);
        Some(after)
    }
}
