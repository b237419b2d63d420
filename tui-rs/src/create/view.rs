//! Paints the form of a new calculation, and below it what there is to say about the focused field
//! and about the inputs.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::{Field, Form, inputs};
use crate::api::loaded::Loaded;
use crate::widget::text::{line, sentence, wrapped};
use crate::widget::theme;

const NAME_WIDTH: u16 = 12;
/// The fields of each line.
const ROWS: [&[Field]; 8] = [
    &[Field::Structure],
    &[Field::Template],
    &[Field::Parameters],
    &[Field::Settings],
    &[Field::Code],
    &[Field::Ranks, Field::Threads, Field::WallTime],
    &[Field::Waive],
    &[Field::Label],
];

/// Paint the form into an area; gives the place of the cursor.
pub fn draw(form: &Form, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut cursor = None;
    for (y, fields) in (area.y..area.bottom()).zip(ROWS) {
        let count = u16::try_from(fields.len()).unwrap_or(1);
        for (x, field) in (0..count).zip(fields) {
            let width = area.width / count;
            let cell = Rect { x: area.x + x * width, y, width, height: 1 };
            cursor = draw_field(form, *field, cell, buffer).or(cursor);
        }
    }
    let n_rows = u16::try_from(ROWS.len()).unwrap_or(0);
    let below = area.y + n_rows + 1;
    if below < area.bottom() {
        let rest = Rect { y: below, height: area.bottom() - below, ..area };
        draw_below(form, rest, buffer);
    }
    cursor
}

fn draw_field(form: &Form, field: Field, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let has_focus = form.field() == field;
    let style = if has_focus { theme::strong() } else { theme::faint() };
    let name_width = NAME_WIDTH.min(area.width);
    let sign = if has_focus { "›" } else { " " };
    line(&format!("{sign}{}", field.name()), area.x, area.y, name_width, style, buffer);
    let x = area.x + name_width;
    let width = area.right().saturating_sub(x + 1);
    let room = Rect { x, y: area.y, width, height: 1 };
    buffer.set_style(room, Style::new().add_modifier(Modifier::UNDERLINED));
    let (_, input) = form.fields.get(field.index())?;
    let (visible, column) = input.window(width);
    if visible.is_empty() {
        let pasted = form.pasted.as_ref().filter(|_| field == Field::Structure);
        let note = pasted.map(|text| match text.lines().count() {
            // A job keeps its structure in one line; nobody pastes that.
            0 | 1 => "(as the job had it)".to_owned(),
            count => format!("(pasted, {count} lines)"),
        });
        let note = note.unwrap_or_else(|| if_empty(form, field));
        line(&note, x, area.y, width, theme::faint(), buffer);
    }
    line(&visible, x, area.y, width, Style::new(), buffer);
    if has_focus {
        return Some(Position { x: x + column, y: area.y });
    }
    let used = u16::try_from(visible.width() + 2).unwrap_or(width).min(width);
    if let Some(problem) = form.problem(field) {
        line(&format!("✗ {problem}"), x + used, area.y, width - used, theme::alarm(), buffer);
    } else if let Some(title) = title(form, field) {
        line(&title, x + used, area.y, width - used, theme::faint(), buffer);
    }
    None
}

fn if_empty(form: &Form, field: Field) -> String {
    match field {
        Field::Parameters if !form.parameters.is_empty() => {
            format!("(all {} as the template has them)", form.parameters.len())
        }
        _ => field.if_empty().to_owned(),
    }
}

/// What the template is, beside its name.
fn title(form: &Form, field: Field) -> Option<String> {
    let found = form.details.known().filter(|found| found.name == form.text(Field::Template))?;
    (field == Field::Template).then(|| found.title.clone())
}

fn draw_below(form: &Form, area: Rect, buffer: &mut Buffer) {
    if form.pending {
        let text = "Submitting. The first calculation after a start takes a few seconds longer.";
        sentence(text, area, buffer);
        return;
    }
    let width = usize::from(area.width);
    let mut lines: Vec<inputs::Line> = Vec::new();
    let mut say = |text: &str, style: Style| {
        lines.extend(wrapped(&[text.to_owned()], width).into_iter().map(|line| (line, style)));
    };
    say(form.field().hint(), theme::faint());
    say("", Style::new());
    if let Some(fault) = &form.refusal {
        say(&format!("✗ {} {}", fault.message, fault.hint()), theme::alarm());
        say("", Style::new());
    }
    if let Some(id) = form.made {
        say(&format!("This is job {id}. Any change makes it another calculation."), theme::well());
        say("", Style::new());
    }
    let is_told =
        matches!((&form.check, &form.refusal), (Loaded::Failed(one), Some(other)) if one == other);
    if form.check != Loaded::Unknown && !is_told {
        lines.extend(inputs::findings(form, width));
    } else if form.refusal.is_none() {
        say("F5 shows the inputs and checks them; F9 submits.", Style::new());
    }
    for (y, (text, style)) in (area.y..area.bottom()).zip(&lines) {
        line(text, area.x, y, area.width, *style, buffer);
    }
}
