//! What the server answered.

use std::time::Duration;

use super::{Outcome, choose, create, health, jobs, recorded, refresh, restarts};
use crate::api::wire::{Fault, JobState, JobsChanged, JobsPage};
use crate::awaited::Awaited;
use crate::editor;
use crate::lsp::types::Hover;
use crate::model::{Model, Notice, Screen};
use crate::msg::{Call, Effect, Reply};
use crate::overlay::{Overlay, Reader, Source};

const ACTIVE_REFRESH: Duration = Duration::from_secs(1);
const IDLE_REFRESH: Duration = Duration::from_secs(5);
/// The server tells of changes; a look now and then finds what it could not tell.
const WATCHED_REFRESH: Duration = Duration::from_secs(60);

/// Take an answer in.
pub fn on_reply(model: &mut Model, reply: Reply) -> Outcome {
    match reply {
        Reply::List(answer) => on_list(model, answer),
        Reply::Get(answer) => {
            let was_active = model.card.is_active();
            let dirty = model.card.take(answer);
            // What was shown may be older than the end of the job.
            let ended = was_active && !model.card.is_active();
            let again = if ended { model.card.look_again() } else { Vec::new() };
            Outcome { effects: again.into_iter().map(Effect::Call).collect(), dirty }
        }
        Reply::Glance(id, answer) => jobs::on_glance(model, id, answer),
        Reply::Inputs(id, answer) => recorded::on_inputs(model, id, answer),
        Reply::Tree(id, answer) => jobs::on_tree(model, id, answer),
        Reply::Restarted(id, answer) => restarts::on_restarted(model, id, answer),
        Reply::Submit(_)
        | Reply::Preview(_)
        | Reply::Check(_)
        | Reply::Templates(_)
        | Reply::Template(..)
        | Reply::Potcars(..)
        | Reply::Codes(_) => create::on_reply(model, reply),
        Reply::Convergence(..) | Reply::Said(..) | Reply::Files(..) | Reply::Bands(..) => {
            on_pane(model, reply)
        }
        Reply::File(id, answer) => jobs::on_part(model, id, answer),
        Reply::Controlled(verb, id, answer) => jobs::on_controlled(model, verb, id, answer),
        Reply::Deleted(id, answer) => jobs::on_deleted(model, id, answer),
        Reply::Labelled(Ok(job)) => {
            let jobs = vec![*job];
            model.jobs.apply(JobsChanged { jobs, ..JobsChanged::default() });
            Outcome::then(refresh(model))
        }
        Reply::Diff(Ok(found)) => jobs::on_diff(model, &found),
        Reply::Watching(answer) => jobs::on_watching(model, answer),
        Reply::Status(answer) => health::on_status(model, answer),
        Reply::Complete(..)
        | Reply::Explain(..)
        | Reply::Fixes(..)
        | Reply::Define(..)
        | Reply::Format(..) => on_language(model, reply),
        Reply::Labelled(Err(fault)) | Reply::Diff(Err(fault)) => {
            model.notice = Some(fault.into());
            Outcome::PAINT
        }
    }
}

/// A page of the list of jobs.
fn on_list(model: &mut Model, answer: Result<JobsPage, Fault>) -> Outcome {
    let page = match answer {
        Ok(page) => page,
        Err(fault) => {
            model.notice = Some(fault.clone().into());
            model.jobs.fail(fault);
            return Outcome::then([Effect::RefreshIn(IDLE_REFRESH)]);
        }
    };
    let (next, dirty) = model.jobs.take(page);
    let watched = model.watching && model.screen != Screen::Card;
    let soon = match (watched, model.jobs.has_active()) {
        (true, _) => WATCHED_REFRESH,
        (false, true) => ACTIVE_REFRESH,
        (false, false) => IDLE_REFRESH,
    };
    let is_last = next.is_none() && !model.watching;
    let trees = if is_last { model.jobs.ask_trees(true) } else { Vec::new() };
    let follow =
        next.map_or(Effect::RefreshIn(soon), |params| Effect::Call(Call::List(Box::new(params))));
    let ended = told(model);
    let trees = trees.into_iter().map(Effect::Call);
    Outcome { effects: std::iter::once(follow).chain(ended).chain(trees).collect(), dirty }
}

/// What the language server says of the text; to who has written on, what was asked about is no longer
/// where the cursor is.
fn on_language(model: &mut Model, reply: Reply) -> Outcome {
    match reply {
        Reply::Complete(at, Ok(items)) if model.awaited == Some(Awaited::Proposals) => {
            if !editor::update::propose(&mut model.editor, &at, items) {
                model.notice = Some(Notice::Done("There is nothing to propose here.".to_owned()));
            }
            Outcome::PAINT
        }
        Reply::Explain(_, Ok(hover)) if model.awaited == Some(Awaited::Explanation) => {
            explain(model, hover.as_ref())
        }
        Reply::Fixes(at, Ok(actions)) if model.awaited == Some(Awaited::Fixes) => {
            choose::fixes(model, &at, actions)
        }
        Reply::Format(at, Ok(edits)) => {
            let done = if editor::update::edit(&mut model.editor, &at, &edits) {
                "The file is in order now."
            } else {
                "There was nothing to put in order."
            };
            model.notice = Some(Notice::Done(done.to_owned()));
            Outcome::PAINT
        }
        Reply::Define(_, Ok(targets)) if model.awaited == Some(Awaited::Definition) => {
            if !editor::update::go(&mut model.editor, &targets) {
                let done = if targets.is_empty() {
                    "There is nothing to go to from here."
                } else {
                    "It stands in a file that is not open."
                };
                model.notice = Some(Notice::Done(done.to_owned()));
            }
            Outcome::PAINT
        }
        Reply::Complete(_, Err(fault))
        | Reply::Explain(_, Err(fault))
        | Reply::Fixes(_, Err(fault))
        | Reply::Define(_, Err(fault))
        | Reply::Format(_, Err(fault)) => {
            model.notice = Some(fault.into());
            Outcome::PAINT
        }
        _ => Outcome::NOTHING,
    }
}

/// A side of a job is known; an answer about another job is too late.
fn on_pane(model: &mut Model, reply: Reply) -> Outcome {
    let here = model.card.id;
    let panes = &mut model.card.panes;
    let changed = match reply {
        Reply::Convergence(id, answer) if id == here => panes.convergence.take(answer),
        Reply::Said(id, answer) if id == here => panes.log.take(answer),
        Reply::Files(id, answer) if id == here => panes.files.take(answer),
        Reply::Bands(id, answer) if id == here => panes.bands.take(answer),
        _ => false,
    };
    if model.card.panes.log.known().is_some() {
        super::search::on_log(model);
    }
    Outcome::paint_if(changed)
}

/// Show the finding where the cursor is, and what the server says about the place.
fn explain(model: &mut Model, hover: Option<&Hover>) -> Outcome {
    let found = model.editor.document().and_then(|document| document.finding());
    let mut lines: Vec<String> = found.map(|found| found.message.clone()).into_iter().collect();
    if let Some(hover) = hover {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(editor::update::plain(hover));
    }
    if lines.is_empty() {
        model.notice = Some(Notice::Done("There is nothing to explain here.".to_owned()));
    } else {
        model.search.clear();
        let reader = Reader::new("What stands here", Source::Lines(lines));
        model.overlay = Some(Overlay::Reader(reader));
    }
    Outcome::PAINT
}

/// Tell the user of the jobs that ended.
pub fn told(model: &mut Model) -> Vec<Effect> {
    let ended = model.jobs.take_ended();
    let (Some((id, state)), true) = (ended.last().copied(), model.config.bell) else {
        return Vec::new();
    };
    let text = match ended.len() {
        1 => format!("Job {id} is {}.", state.word()),
        count => format!("{count} jobs ended, job {id} is {}.", state.word()),
    };
    model.notice = Some(if state == JobState::Finished {
        Notice::News(text.clone())
    } else {
        Notice::failed(text.clone(), "Open it to see why.")
    });
    vec![Effect::Notify(text)]
}
