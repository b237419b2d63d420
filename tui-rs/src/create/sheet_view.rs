//! Paints the parameters of a template: rows, and what there is to know about the selected one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::schema::{Parameter, written};
use super::sheet::{Editing, Sheet};
use super::{Field, Form, given};
use crate::overlay;
use crate::view::{layout, prompt};
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const FOOT: u16 = 5;

/// Paint it into an area; gives the place of the cursor.
pub fn draw(sheet: &Sheet, form: &Form, body: Rect, buffer: &mut Buffer) -> Option<Position> {
    if let Some(Editing::Choice(chooser)) = &sheet.editing {
        return Some(overlay::view::draw_chooser(chooser, body, buffer));
    }
    let values = form.given().unwrap_or_default();
    let (count, template) = (form.parameters.len(), form.text(Field::Template));
    let title = if count == 0 {
        format!("Parameters of {template}")
    } else {
        format!("{count} parameters of {template}, {} given", values.len())
    };
    let inside = overlay::view::frame(&title, body, buffer);
    if inside.height < FOOT + 2 {
        sentence("The terminal is too small for the parameters.", inside, buffer);
        return None;
    }
    let search = prompt("› ", &sheet.input, Rect { height: 1, ..inside }, buffer);
    let height = inside.height - 1 - FOOT;
    let rows = Rect { y: inside.y + 1, height, ..inside };
    let foot = Rect { y: rows.bottom(), height: FOOT, ..inside };
    if form.parameters.is_empty() {
        let text = if form.details.known().is_some() {
            format!("{template} has no parameters.")
        } else {
            form.details.excuse(&format!("the parameters of {template}"))
        };
        sentence(&text, rows, buffer);
        return Some(search);
    }
    draw_rows(sheet, form, &values, rows, buffer);
    let Some(parameter) = sheet.parameter(&form.parameters) else { return Some(search) };
    let editing = draw_foot(sheet, parameter, foot, buffer);
    Some(editing.unwrap_or(search))
}

fn draw_rows(sheet: &Sheet, form: &Form, values: &given::Given, area: Rect, buffer: &mut Buffer) {
    let fitting = sheet.fitting(&form.parameters);
    if fitting.is_empty() {
        line("Nothing fits.", area.x, area.y, area.width, theme::faint(), buffer);
    }
    let height = usize::from(area.height);
    let top = layout::top(0, sheet.selected(), height, fitting.len());
    let name_width = area.width * 3 / 5;
    let visible = fitting.iter().enumerate().skip(top).take(height);
    for (y, (index, parameter)) in (area.y..).zip(visible) {
        let is_selected = index == sheet.selected();
        let style = if is_selected { theme::selected() } else { Style::new() };
        buffer.set_style(Rect { y, height: 1, ..area }, style);
        let given = given::get(values, &parameter.path);
        let sign = match (is_selected, given.is_some()) {
            (true, true) => "›*",
            (true, false) => "› ",
            (false, true) => " *",
            (false, false) => "  ",
        };
        // Its own name tells more than those that it lies within, so it stands first.
        let (above, name) = parameter.path.rsplit_once('.').unwrap_or(("", &parameter.path));
        let name = format!("{sign} {name}");
        let room = name_width.saturating_sub(1);
        line(&name, area.x, y, room, style, buffer);
        let used = u16::try_from(name.chars().count() + 2).unwrap_or(room).min(room);
        line(above, area.x + used, y, room - used, style.patch(theme::faint()), buffer);
        let (text, style) = match given {
            Some(value) => {
                (format!("= {}", with_unit(&value, parameter)), style.patch(theme::strong()))
            }
            None => (default_of(parameter), style.patch(theme::faint())),
        };
        line(&text, area.x + name_width, y, area.width - name_width, style, buffer);
    }
}

/// What there is to know about a parameter, or the field for its value; gives the cursor's place.
fn draw_foot(
    sheet: &Sheet,
    parameter: &Parameter,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let rule = "─".repeat(usize::from(area.width));
    line(&rule, area.x, area.y, area.width, theme::faint(), buffer);
    let words = match parameter.default_value() {
        Some(_) => format!("{}; {}", parameter.words(), default_of(parameter)),
        None => parameter.words(),
    };
    let field = Rect { y: area.y + 1, height: 1, ..area };
    let (cursor, told) = if let Some(Editing::Text { input, refusal }) = &sheet.editing {
        let name = parameter.path.rsplit('.').next().unwrap_or(&parameter.path);
        let cursor = prompt(&format!("{name} = "), input, field, buffer);
        (Some(cursor), refusal.as_ref().map(|reason| format!("✗ {reason}")))
    } else {
        line(&parameter.path, field.x, field.y, field.width, theme::strong(), buffer);
        (None, None)
    };
    let below = Rect { y: area.y + 2, height: 1, ..area };
    match told {
        Some(reason) => line(&reason, below.x, below.y, below.width, theme::alarm(), buffer),
        None => line(&words, below.x, below.y, below.width, Style::new(), buffer),
    }
    let rest = Rect { y: area.y + 3, height: area.height.saturating_sub(3), ..area };
    sentence(&parameter.about, rest, buffer);
    cursor
}

fn default_of(parameter: &Parameter) -> String {
    let value = parameter.default_value().map(|value| with_unit(value, parameter));
    value.map_or_else(String::new, |text| format!("default {text}"))
}

fn with_unit(value: &serde_json::Value, parameter: &Parameter) -> String {
    let unit = if parameter.unit.is_empty() { "" } else { " " };
    format!("{}{unit}{}", written(value), parameter.unit)
}
