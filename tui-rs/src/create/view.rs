//! Paints the form of a new calculation.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::Form;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const NAME_WIDTH: u16 = 12;

/// Paint the form into an area; gives the place of the cursor.
pub fn draw(form: &Form, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut cursor = None;
    for (index, (name, input)) in form.fields.iter().enumerate() {
        let y = area.y + u16::try_from(index * 2).unwrap_or(u16::MAX);
        if y >= area.bottom() {
            break;
        }
        let has_focus = index == form.focus;
        let style =
            if has_focus { Style::new().add_modifier(Modifier::BOLD) } else { theme::faint() };
        line(name, area.x, y, NAME_WIDTH.min(area.width), style, buffer);
        let x = area.x + NAME_WIDTH;
        let width = area.right().saturating_sub(x);
        let (visible, column) = input.window(width);
        let field = Rect { x, y, width, height: 1 };
        buffer.set_style(field, Style::new().add_modifier(Modifier::UNDERLINED));
        line(&visible, x, y, width, Style::new(), buffer);
        if has_focus {
            cursor = Some(Position { x: x + column, y });
        }
    }
    let below = area.y + 7;
    if below < area.bottom() {
        let rest = Rect { y: below, height: area.bottom() - below, ..area };
        let text = if form.pending {
            "Submitting. The first calculation after a start takes a few seconds longer."
        } else {
            "The structure is the path of a POSCAR, a CIF or another file that pymatgen reads."
        };
        sentence(text, rest, buffer);
    }
    cursor
}
