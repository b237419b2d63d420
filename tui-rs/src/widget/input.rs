//! A field for one line of text. Every printable key is text here.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_width::UnicodeWidthChar;

/// The text and the place of the cursor in it, counted in characters.
#[derive(Debug, Default, Clone)]
pub struct Input {
    characters: Vec<char>,
    cursor: usize,
}

impl Input {
    /// A field that holds a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        Self { cursor: characters.len(), characters }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.characters.iter().collect()
    }

    /// Insert at the cursor; line breaks and other control characters are left out.
    pub fn insert(&mut self, text: &str) {
        let before = self.characters.len();
        let printable = text.chars().filter(|character| !character.is_control());
        self.characters.splice(self.cursor..self.cursor, printable);
        self.cursor += self.characters.len() - before;
    }

    /// Take a key; tells whether it meant anything here.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        match key.code {
            KeyCode::Char(character) if plain => self.insert(character.encode_utf8(&mut [0; 4])),
            KeyCode::Backspace if self.cursor > 0 => {
                self.cursor -= 1;
                self.characters.remove(self.cursor);
            }
            KeyCode::Delete if self.cursor < self.characters.len() => {
                self.characters.remove(self.cursor);
            }
            KeyCode::Left => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Right => self.cursor = (self.cursor + 1).min(self.characters.len()),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.characters.len(),
            _ => return false,
        }
        true
    }

    /// The part of the text that fits into so many columns around the cursor, and its column there.
    #[must_use]
    pub fn window(&self, width: u16) -> (String, u16) {
        let room = usize::from(width.saturating_sub(1));
        let mut begin = self.cursor;
        let mut column = 0;
        while let Some(character) = begin.checked_sub(1).and_then(|at| self.characters.get(at)) {
            let next = column + character.width().unwrap_or(0);
            if next > room {
                break;
            }
            column = next;
            begin -= 1;
        }
        let visible = self.characters.iter().skip(begin).collect();
        (visible, u16::try_from(column).unwrap_or(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(input: &mut Input, code: KeyCode) {
        input.key(KeyEvent::new(code, KeyModifiers::NONE));
    }

    #[test]
    fn every_printable_character_arrives() {
        let mut input = Input::default();
        let text: String = (' '..='~').chain("äé東京🙂".chars()).collect();
        for character in text.chars() {
            press(&mut input, KeyCode::Char(character));
        }
        assert_eq!(input.text(), text);
    }

    #[test]
    fn editing_happens_at_the_cursor() {
        let mut input = Input::new("abc");
        press(&mut input, KeyCode::Left);
        press(&mut input, KeyCode::Backspace);
        press(&mut input, KeyCode::Char('x'));
        press(&mut input, KeyCode::Delete);
        press(&mut input, KeyCode::Home);
        press(&mut input, KeyCode::Char('y'));
        assert_eq!(input.text(), "yax");
    }

    #[test]
    fn a_paste_loses_its_line_breaks_only() {
        let mut input = Input::new("ad");
        press(&mut input, KeyCode::Left);
        input.insert("b\r\nc");
        assert_eq!(input.text(), "abcd");
    }

    #[test]
    fn the_cursor_is_always_inside_the_window() {
        let mut input = Input::new("/a/long/path/with/wide/東京/POSCAR");
        for _ in 0..40 {
            for width in 1..30 {
                assert!(input.window(width).1 < width);
            }
            press(&mut input, KeyCode::Left);
        }
    }
}
