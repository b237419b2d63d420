//! Text that never leaves its area, whatever its width.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Paragraph, Widget, Wrap};
use unicode_width::UnicodeWidthStr;

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

/// Break lines at blanks where they are too wide; what has no blank is cut by [`line`].
#[must_use]
pub fn wrapped(lines: &[String], width: usize) -> Vec<String> {
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
            rest.push_str(word);
        }
        broken.push(rest);
    }
    broken
}
