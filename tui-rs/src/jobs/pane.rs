//! Paints what is known of the selected job beside the list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Line;
use crate::card::facts::{self, Fact};
use crate::model::Model;
use crate::widget::text::line;
use crate::widget::theme;

/// Paint it into an area, which may be empty.
pub fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let Some(selected) = model.jobs.selected_index().and_then(|index| model.jobs.line(index))
    else {
        return;
    };
    if area.width < 2 {
        return;
    }
    for y in area.y..area.bottom() {
        line("│", area.x, y, 1, theme::faint(), buffer);
    }
    let title = match selected {
        Line::Job(_) => "the selected job",
        Line::Step(..) => "the selected step",
    };
    line(title, area.x + 2, area.y, area.width - 2, theme::faint(), buffer);
    let height = area.height.saturating_sub(1);
    let inside = Rect { x: area.x + 2, y: area.y + 1, width: area.width - 2, height };
    let facts = match (model.glance.detail(), model.glance.failure()) {
        (Some(detail), _) => facts::with_steps(detail),
        (None, failure) => {
            let mut facts = of_line(selected);
            facts.extend(failure.map(|fault| Fact {
                name: "unknown",
                value: format!("{} {}", fault.message, fault.hint()),
                style: theme::alarm(),
            }));
            facts
        }
    };
    facts::draw(&facts::lines(facts, inside.width), 0, inside, buffer);
}

/// What the list knows, until the server has told more.
fn of_line(line: Line<'_>) -> Vec<Fact> {
    let (id, name, state) = match line {
        Line::Job(row) => (row.id, &row.label, row.state),
        Line::Step(_, step) => (step.id, &step.name, step.state),
    };
    vec![
        Fact { name: "job", value: format!("{id}  {name}"), style: Style::new() },
        Fact {
            name: "state",
            value: format!("{} {}", state.glyph(), state.word()),
            style: theme::of_state(state),
        },
    ]
}
