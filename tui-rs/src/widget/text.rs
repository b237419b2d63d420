//! Text that never leaves its area, whatever its width.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Paragraph, Widget, Wrap};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Write one line, cut at the width; control characters are left out.
pub fn line(text: &str, x: u16, y: u16, width: u16, style: Style, buffer: &mut Buffer) {
    let area = *buffer.area();
    if x < area.right() && y < area.bottom() {
        let room = width.min(area.right() - x);
        buffer.set_stringn(x, y, text, usize::from(room), style);
    }
}

/// Write a sentence, wrapped.
pub fn sentence(text: &str, area: Rect, buffer: &mut Buffer) {
    Paragraph::new(text)
        .wrap(Wrap { trim: true })
        .render(area.intersection(*buffer.area()), buffer);
}

/// Break lines where they are too wide: at blanks, and inside a word that is wider than all.
#[must_use]
pub fn wrapped(lines: &[String], width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut broken = Vec::new();
    for line in lines {
        let mut rest = String::new();
        for word in line.split(' ') {
            let length = rest.width() + 1 + word.width();
            if !rest.is_empty() && length > width {
                broken.push(std::mem::take(&mut rest));
            } else if !rest.is_empty() {
                rest.push(' ');
            }
            push_word(word, width, &mut rest, &mut broken);
        }
        broken.push(rest);
    }
    broken
}

fn push_word(word: &str, width: usize, rest: &mut String, broken: &mut Vec<String>) {
    if word.width() <= width {
        rest.push_str(word);
        return;
    }
    for character in word.chars() {
        if rest.width() + character.width().unwrap_or(0) > width && !rest.is_empty() {
            broken.push(std::mem::take(rest));
        }
        rest.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_words_only_where_they_must() {
        let broken = |text: &str| wrapped(&[text.to_owned()], 8);
        assert_eq!(broken("one two three"), ["one two", "three"]);
        assert_eq!(broken("/tmp/scratch/ab x"), ["/tmp/scr", "atch/ab", "x"]);
        assert_eq!(broken("東京東京東京"), ["東京東京", "東京"]);
        assert_eq!(broken(""), [""]);
    }
}
