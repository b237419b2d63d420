//! What is done in the catalogue of templates.

use crate::create::Field;
use crate::keymap::Command;
use crate::model::{Model, Notice, Screen};
use crate::msg::Effect;
use crate::templates::view;
use crate::view::layout;
use crate::widget::input::Input;

/// What the catalogue wants to know of the server.
pub fn wanted(model: &mut Model) -> Option<Effect> {
    if model.screen != Screen::Templates || !model.serves("templates.list") {
        return None;
    }
    let structure = model.form.source().ok().filter(|_| model.serves("potcars.status"));
    let code = model.form.code();
    model.templates.wanted(structure, code).map(Effect::Call)
}

/// Do a command in the catalogue.
pub fn obey(model: &mut Model, command: Command) -> Vec<Effect> {
    let rows = isize::try_from(layout::body_height(model.size)).unwrap_or(isize::MAX);
    let browser = &mut model.templates;
    match command {
        Command::Accept | Command::NextField | Command::PreviousField => browser.searching = None,
        Command::Up => browser.move_by(-1),
        Command::Down => browser.move_by(1),
        Command::HalfUp => browser.move_by(-rows / 2),
        Command::HalfDown => browser.move_by(rows / 2),
        Command::PageUp => browser.move_by(-rows),
        Command::PageDown => browser.move_by(rows),
        Command::First => browser.move_by(isize::MIN),
        Command::Last => browser.move_by(isize::MAX),
        Command::NextPane | Command::PreviousPane => browser.in_details = !browser.in_details,
        Command::Filter => browser.searching = Some(Input::new(browser.needle())),
        Command::ClearFilter => {
            browser.in_details = false;
            browser.search("");
        }
        Command::Copy => {
            let name = browser.selected().map(|template| template.name.clone());
            return name.map(|name| copy(model, name)).unwrap_or_default();
        }
        Command::Open | Command::GoCreate => take(model),
        _ => {}
    }
    let browser = &mut model.templates;
    browser.scroll = browser.scroll.min(view::max_scroll(browser, model.size));
    Vec::new()
}

fn copy(model: &mut Model, name: String) -> Vec<Effect> {
    model.notice = Some(Notice::Done(format!("Copied {name}")));
    vec![Effect::Copy(name)]
}

/// Calculate with the selected template.
fn take(model: &mut Model) {
    let Some(name) = model.templates.selected().map(|template| template.name.clone()) else {
        return;
    };
    if model.form.pending {
        let hint = "Wait until it is answered.";
        model.notice = Some(Notice::failed("Another calculation is being submitted.", hint));
        return;
    }
    if let Some(found) = model.templates.details().known() {
        if let Some(refusal) = &found.refusal {
            model.notice = Some(Notice::failed(refusal.clone(), "Choose another template."));
            return;
        }
        let found = found.clone();
        model.form.set(Field::Template, &name);
        model.form.learn(&name, Ok(found));
    }
    model.form.set(Field::Template, &name);
    if model.form.source().is_err() {
        model.form.focus = Field::Structure.index();
    }
    model.screen = Screen::Create;
}
