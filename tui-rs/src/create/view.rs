//! Paints the form of a new calculation, and the inputs as they would be.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::Form;
use crate::api::wire::{PreviewedInputs, Severity};
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const NAME_WIDTH: u16 = 12;
const HINTS: [&str; 6] = [
    "The path of a POSCAR, a CIF or another file that pymatgen reads, or its text, pasted.",
    "What to calculate; Ctrl-O lists the templates.",
    "INCAR settings over those of the template: TAG = value; TAG = value.",
    "Which VASP; empty takes the default, Ctrl-O lists them.",
    "Codes of errors to submit in spite of, parted by blanks.",
    "What you want to call it. Enter submits.",
];

/// Paint the form into an area; gives the place of the cursor.
pub fn draw(form: &Form, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut cursor = None;
    for (y, (index, (name, input))) in (area.y..area.bottom()).zip(form.fields.iter().enumerate()) {
        let has_focus = index == form.focus;
        let style =
            if has_focus { Style::new().add_modifier(Modifier::BOLD) } else { theme::faint() };
        line(name, area.x, y, NAME_WIDTH.min(area.width), style, buffer);
        let x = area.x + NAME_WIDTH;
        let width = area.right().saturating_sub(x);
        let field = Rect { x, y, width, height: 1 };
        buffer.set_style(field, Style::new().add_modifier(Modifier::UNDERLINED));
        let (visible, column) = input.window(width);
        let pasted = form.pasted.as_ref().filter(|_| index == 0 && visible.is_empty());
        match pasted {
            Some(text) => {
                let note = format!("(pasted, {} lines)", text.lines().count());
                line(&note, x, y, width, theme::faint(), buffer);
            }
            None => line(&visible, x, y, width, Style::new(), buffer),
        }
        if has_focus {
            cursor = Some(Position { x: x + column, y });
        }
    }
    let n_fields = u16::try_from(form.fields.len()).unwrap_or(0);
    let below = area.y + n_fields + 1;
    if below < area.bottom() {
        let rest = Rect { y: below, height: area.bottom() - below, ..area };
        draw_below(form, rest, buffer);
    }
    cursor
}

fn draw_below(form: &Form, area: Rect, buffer: &mut Buffer) {
    if form.pending {
        let text = "Submitting. The first calculation after a start takes a few seconds longer.";
        sentence(text, area, buffer);
        return;
    }
    let hint = HINTS.get(form.focus).copied().unwrap_or_default();
    line(hint, area.x, area.y, area.width, theme::faint(), buffer);
    let rest = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    match form.preview.known() {
        Some(found) => {
            let lines = lines(found);
            let top = form.top.min(lines.len().saturating_sub(usize::from(rest.height)));
            for (y, (text, style)) in (rest.y..rest.bottom()).zip(lines.iter().skip(top)) {
                line(text, rest.x, y, rest.width, *style, buffer);
            }
        }
        None if form.preview == crate::api::loaded::Loaded::Unknown => {
            sentence("F5 shows the inputs as they would be.", rest, buffer);
        }
        None => sentence(&form.preview.excuse("preview"), rest, buffer),
    }
}

/// The preview: what there is to say first, then every value with its source, then the other files.
fn lines(found: &PreviewedInputs) -> Vec<(String, Style)> {
    let mut lines = Vec::new();
    for remark in &found.remarks {
        let style = match remark.severity {
            Severity::Error => theme::alarm(),
            Severity::Warning => theme::warning(),
            Severity::Information | Severity::Hint => theme::faint(),
        };
        let word = remark.severity.word();
        lines.push((format!("{word}: {} [{}]", remark.message, remark.code), style));
    }
    let (step, count) = (found.step, found.steps.len());
    let name = usize::try_from(step - 1).ok().and_then(|index| found.steps.get(index));
    let name = name.map_or("", String::as_str);
    lines.push((format!("Step {step} of {count}: {name}"), theme::strong()));
    let symbols = found.potcar_symbols.join(" ");
    lines.push((format!("POTCAR    {} ({symbols})", found.potcar_functional), Style::new()));
    for setting in &found.incar {
        let text = format!(
            "INCAR     {:12} = {:24} {}",
            setting.tag,
            setting.value,
            setting.source.word()
        );
        lines.push((text, Style::new()));
    }
    for (name, text) in found.files.iter().filter(|(name, _)| *name != "INCAR") {
        lines.push((String::new(), Style::new()));
        lines.push((name.clone(), theme::strong()));
        lines.extend(text.lines().map(|line| (line.to_owned(), Style::new())));
    }
    lines
}
