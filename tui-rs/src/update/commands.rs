//! What the commands do.

use std::time::Duration;

use super::{
    Outcome, choose, create, drafts, editing, forms, health, input, jobs, questions, recorded,
    refresh, restarts, search, templates,
};
use crate::editor;
use crate::keymap::Command;
use crate::model::{Link, Model, Notice, Screen};
use crate::msg::{Call, Effect};
use crate::overlay::chooser::Purpose;
use crate::overlay::{Asked, Overlay, Question, Reader, Source, Then};
use crate::search::Step;
use crate::widget::input::Input;

const CARD_REFRESH: Duration = Duration::from_secs(1);

/// Do a command.
pub fn obey(model: &mut Model, command: Command) -> Outcome {
    let effects = match command {
        Command::Quit => quit(model),
        Command::Back => return back(model),
        Command::Palette => choose::palette(model),
        Command::Help => read(model, Reader::new("Keys", Source::Keys)),
        Command::ShowLog => {
            let bottom = Reader { top: usize::MAX, ..Reader::new("Log", Source::Log) };
            read(model, bottom)
        }
        Command::Redraw => vec![Effect::Redraw],
        Command::Suspend => vec![Effect::Suspend],
        Command::Refresh => again(model),
        Command::GoJobs => go(model, Screen::Jobs),
        Command::GoCreate => go(model, Screen::Create),
        Command::GoEditor => go(model, Screen::Editor),
        Command::GoTemplates => go(model, Screen::Templates),
        Command::ShowNew => restarts::show_made(model),
        Command::Engine => health::show(model),
        Command::Settings => {
            health::show_settings(model);
            Vec::new()
        }
        Command::Yes => return answer(model),
        Command::No => {
            model.overlay = None;
            Vec::new()
        }
        _ => return in_place(model, command),
    };
    Outcome::then(effects)
}

/// The commands that mean another thing on another screen.
fn in_place(model: &mut Model, command: Command) -> Outcome {
    if let Some(effects) = in_search(model, command) {
        return Outcome::then(effects);
    }
    match (&model.overlay, model.screen) {
        (Some(Overlay::Chooser(_)), _) => choose::obey(model, command),
        (Some(Overlay::Sheet(_)), _) => create::in_sheet(model, command),
        (Some(Overlay::Reader(reader)), _) if reader.source == Source::Inputs => match command {
            Command::NextStep => Outcome::then(create::other_step(model, true)),
            Command::PreviousStep => Outcome::then(create::other_step(model, false)),
            _ => scroll(model, command),
        },
        (Some(Overlay::Reader(_)), _) => scroll(model, command),
        (Some(Overlay::Prompt(_)), _) if command == Command::Accept => {
            Outcome::then(take_line(model))
        }
        (Some(Overlay::Question(_) | Overlay::Prompt(_)), _) => Outcome::NOTHING,
        _ if command == Command::Repair => {
            Outcome::then(jobs::obey(model, command).unwrap_or_default())
        }
        (None, Screen::Jobs) => Outcome::then(in_jobs(model, command)),
        (None, Screen::Card) => Outcome::then(in_card(model, command)),
        (None, Screen::Create) => Outcome::then(create::obey(model, command)),
        (None, Screen::Templates) => Outcome::then(templates::obey(model, command)),
        (None, Screen::Editor) => Outcome::then(in_editor(model, command)),
    }
}

/// Take the line that was written.
fn take_line(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlay.take() else { return Vec::new() };
    let text = prompt.input.text();
    match prompt.asked {
        Asked::Label(id) => jobs::label(id, text),
        Asked::Folder => editing::copy_into(model, text),
    }
}

/// The commands of looking for a text; nothing when it is another command.
fn in_search(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    let effects = match command {
        Command::Search => {
            search::begin(model);
            Vec::new()
        }
        Command::NextHit => search::go(model, Step::Next),
        Command::PreviousHit => search::go(model, Step::Before),
        Command::ClearSearch => {
            model.search.clear();
            Vec::new()
        }
        Command::Accept if model.search.input.is_some() => search::accept(model),
        Command::NextField | Command::PreviousField if model.search.input.is_some() => Vec::new(),
        _ => return None,
    };
    Some(effects)
}

fn go(model: &mut Model, screen: Screen) -> Vec<Effect> {
    if model.screen == Screen::Create && model.form.made.is_some() {
        forms::leave(model);
    }
    model.overlay = None;
    model.screen = screen;
    refresh(model)
}

fn read(model: &mut Model, reader: Reader) -> Vec<Effect> {
    model.search.clear();
    model.overlay = Some(Overlay::Reader(reader));
    Vec::new()
}

/// End the program; ask first when something would be lost, but only once.
fn quit(model: &mut Model) -> Vec<Effect> {
    let asked =
        matches!(&model.overlay, Some(Overlay::Question(Question { then: Then::Quit, .. })));
    match model.unsaved() {
        Some(what) if !asked => ask(model, format!("{what} End the program?"), Then::Quit),
        _ => vec![Effect::Quit],
    }
}

fn ask(model: &mut Model, text: String, then: Then) -> Vec<Effect> {
    model.overlay = Some(Overlay::Question(Question { text, then }));
    Vec::new()
}

fn answer(model: &mut Model) -> Outcome {
    let Some(Overlay::Question(question)) = model.overlay.take() else { return Outcome::NOTHING };
    match question.then {
        Then::Quit => Outcome::then([Effect::Quit]),
        then @ (Then::Control(_) | Then::Delete(_) | Then::Restart(_)) => {
            model.jobs.unmark();
            Outcome::then(questions::confirmed(model, &then))
        }
        Then::Open(opening) => Outcome::then(editing::load(model, opening)),
        Then::TakeDrafts => {
            drafts::take(model);
            Outcome::PAINT
        }
    }
}

/// Go back: from what stands above the screen, from the screen, and at last end the program.
fn back(model: &mut Model) -> Outcome {
    if model.search.input.is_some() {
        model.search.clear();
        model.card.panes.filter.clear();
        return Outcome::PAINT;
    }
    if let Some(Overlay::Sheet(sheet)) = &mut model.overlay
        && sheet.back()
    {
        return Outcome::PAINT;
    }
    if model.overlay.take().is_some() {
        return Outcome::PAINT;
    }
    match model.screen {
        Screen::Jobs if model.filtering.take().is_some() => {
            model.jobs.set_filter(crate::jobs::arrange::Filter::default());
            Outcome::PAINT
        }
        Screen::Jobs => Outcome::then(quit(model)),
        Screen::Card if model.card.panes.file.take().is_some() => {
            model.search.clear();
            model.card.top = 0;
            Outcome::PAINT
        }
        Screen::Card if !model.card.panes.filter.is_empty() => {
            model.card.panes.set_filter("");
            Outcome::PAINT
        }
        Screen::Templates if model.templates.searching.take().is_some() => {
            model.templates.search("");
            Outcome::PAINT
        }
        Screen::Create => {
            forms::leave(model);
            model.screen = Screen::Jobs;
            Outcome::PAINT
        }
        Screen::Card | Screen::Editor | Screen::Templates => {
            model.screen = Screen::Jobs;
            Outcome::PAINT
        }
    }
}

/// Look again, or start the server again.
fn again(model: &mut Model) -> Vec<Effect> {
    let files =
        if model.screen == Screen::Editor { editing::read_again(model) } else { Vec::new() };
    let others = match model.link {
        Link::Lost(_) | Link::Refused(_) | Link::Waiting(_) => {
            model.backoff.reset();
            model.link = Link::Starting;
            vec![Effect::Restart]
        }
        Link::Starting => Vec::new(),
        Link::Ready(_) => {
            model.templates.forget_failures();
            let card =
                if model.screen == Screen::Card { model.card.look_again() } else { Vec::new() };
            let list = refresh(model);
            card.into_iter().map(Effect::Call).chain(list).collect()
        }
    };
    files.into_iter().chain(others).collect()
}

fn in_jobs(model: &mut Model, command: Command) -> Vec<Effect> {
    let rows = isize::try_from(input::page(model)).unwrap_or(isize::MAX);
    let jobs = &mut model.jobs;
    match command {
        Command::Accept | Command::NextField | Command::PreviousField => model.filtering = None,
        Command::Up => jobs.move_by(-1),
        Command::Down => jobs.move_by(1),
        Command::HalfUp => jobs.move_by(-rows / 2),
        Command::HalfDown => jobs.move_by(rows / 2),
        Command::PageUp => jobs.move_by(-rows),
        Command::PageDown => jobs.move_by(rows),
        Command::First => jobs.move_to_end(false),
        Command::Last => jobs.move_to_end(true),
        Command::Filter => model.filtering = Some(Input::new(jobs.filter().text())),
        Command::ClearFilter => {
            jobs.unmark();
            jobs.set_filter(crate::jobs::arrange::Filter::default());
        }
        Command::Sort => jobs.set_order(jobs.order().next()),
        Command::Reverse => jobs.set_order(jobs.order().turned()),
        Command::Mark => jobs.toggle_mark(),
        Command::MarkAll => jobs.toggle_all_marks(),
        Command::Copy => {
            let ids: Vec<String> = jobs.targets().iter().map(i64::to_string).collect();
            return copy(model, ids.join(" "));
        }
        Command::Fold => jobs.fold(),
        Command::FoldAll => jobs.fold_all(),
        Command::Unfold => return jobs::unfold(model),
        Command::Open => return open(model),
        Command::Inputs => return recorded::show(model),
        _ => return jobs::obey(model, command).unwrap_or_default(),
    }
    Vec::new()
}

/// Open the selected job or step.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.jobs.selected_id() else { return Vec::new() };
    model.screen = Screen::Card;
    model.search.clear();
    // What a running job writes is not told by the server.
    vec![Effect::Call(Call::Get(model.card.open(id))), Effect::RefreshIn(CARD_REFRESH)]
}

fn copy(model: &mut Model, text: String) -> Vec<Effect> {
    if text.is_empty() {
        return Vec::new();
    }
    model.notice = Some(Notice::Done(format!("Copied {text}")));
    vec![Effect::Copy(text)]
}

fn in_card(model: &mut Model, command: Command) -> Vec<Effect> {
    let rows = isize::try_from(input::page(model)).unwrap_or(isize::MAX);
    let width = model.size.0;
    match command {
        Command::Up => model.card.move_by(-1, width),
        Command::Down => model.card.move_by(1, width),
        Command::HalfUp => model.card.move_by(-rows / 2, width),
        Command::HalfDown => model.card.move_by(rows / 2, width),
        Command::PageUp => model.card.move_by(-rows, width),
        Command::PageDown => model.card.move_by(rows, width),
        Command::First | Command::Last => return jobs::to_end(model, command == Command::Last),
        Command::Copy => {
            let folder =
                model.card.detail.as_ref().and_then(|detail| detail.card.directory.clone());
            let text = folder.unwrap_or_else(|| model.card.id.to_string());
            return copy(model, text);
        }
        Command::Open => return jobs::open_in_card(model),
        Command::Inputs => return recorded::show(model),
        Command::NextPane => return jobs::next_pane(model, true),
        Command::PreviousPane => return jobs::next_pane(model, false),
        _ => return jobs::obey(model, command).unwrap_or_default(),
    }
    jobs::read_on(model)
}

fn in_editor(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::OpenFolder => return choose::browse(model, Purpose::Edit),
        Command::Save | Command::SaveAll => {
            return editing::save(model, command == Command::SaveAll);
        }
        Command::SaveAs => return editing::ask_for_copies(model),
        Command::Close => {
            // One thing at a time, the innermost first.
            let _closed =
                model.editor.find.take().is_some() || model.editor.completion.take().is_some();
            return Vec::new();
        }
        _ => {}
    }
    if editor::update::changes_text(command) && editing::is_refused(model) {
        return Vec::new();
    }
    let asks = matches!(
        command,
        Command::Complete | Command::Hover | Command::Fix | Command::Format | Command::Define
    );
    if asks && !matches!(model.link, Link::Ready(_)) {
        model.notice = Some(Notice::failed("The server is not ready.", "Try again in a moment."));
        return Vec::new();
    }
    if command == Command::NextProblem
        && model.editor.document().is_some_and(|document| document.diagnostics.is_empty())
    {
        model.notice = Some(Notice::Done("No problem is known in this file.".to_owned()));
    }
    // What was written must be known before something is asked about it.
    let mut effects = editor::update::changes(&mut model.editor);
    effects.extend(editor::update::obey(&mut model.editor, command));
    effects
}

fn scroll(model: &mut Model, command: Command) -> Outcome {
    let (count, height) = input::reader_size(model);
    let page = isize::try_from(height).unwrap_or(isize::MAX);
    let rows = match command {
        Command::Up => -1,
        Command::Down => 1,
        Command::PageUp => -page,
        Command::PageDown => page,
        Command::First => isize::MIN,
        Command::Last => isize::MAX,
        _ => return Outcome::NOTHING,
    };
    if let Some(Overlay::Reader(reader)) = &mut model.overlay {
        reader.move_by(rows, count, height);
    }
    Outcome::PAINT
}
