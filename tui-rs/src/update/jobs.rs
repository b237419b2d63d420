//! What is done with jobs: ended, paused, gone on with, compared, removed.

use super::{Outcome, forms, health, questions};
use crate::api::wire::{
    Controlled, Deleted, Fault, FilePart, JobDetail, JobDifferences, JobsChanged, JobsDiffParams,
    JobsLabelParams, TreeNode, Watching,
};
use crate::awaited::Awaited;
use crate::card::Pane;
use crate::card::file::OpenFile;
use crate::keymap::{Command, Scope};
use crate::model::{Model, Notice, Screen};
use crate::msg::{Call, Effect, Verb};
use crate::overlay::{Asked, Overlay, Prompt, Reader, Source};
use crate::view::layout;
use crate::widget::input::Input;

/// Do a command with jobs; nothing when it is another command.
pub fn obey(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    let method = match command {
        Command::Cancel => "jobs.cancel",
        Command::Pause => "jobs.pause",
        Command::Restart => "jobs.restart",
        Command::Delete => "jobs.delete",
        Command::Label => "jobs.label",
        Command::Diff => "jobs.diff",
        Command::Repair => "system.repair",
        Command::Resubmit => "jobs.submit",
        Command::Error | Command::Output => "jobs.log",
        Command::Convergence => "results.convergence",
        Command::Files => "jobs.files",
        Command::Bands => "results.bands",
        _ => return None,
    };
    if !model.serves(method) {
        let message = format!("The server does not serve {method}.");
        model.notice = Some(Notice::failed(message, "It may be starting, or of another release."));
        return Some(Vec::new());
    }
    let ids = questions::targets(model);
    let Some(&first) = ids.first() else {
        return Some(if command == Command::Repair { health::repair(model) } else { Vec::new() });
    };
    Some(match command {
        Command::Cancel | Command::Delete | Command::Pause | Command::Restart => {
            questions::ask(model, command);
            Vec::new()
        }
        Command::Label => prompt(model, first),
        Command::Diff => compare(model, &ids),
        Command::Resubmit => forms::resubmit(model, first),
        Command::Error => error(model),
        Command::Convergence => show(model, Pane::Convergence),
        Command::Output => show(model, Pane::Log),
        Command::Files => show(model, Pane::Files),
        Command::Bands => show(model, Pane::Bands),
        _ => health::repair(model),
    })
}

fn prompt(model: &mut Model, id: i64) -> Vec<Effect> {
    let label = questions::label(model, id).unwrap_or_default();
    let title = format!("Label of job {id}");
    model.overlay =
        Some(Overlay::Prompt(Prompt { title, input: Input::new(&label), asked: Asked::Label(id) }));
    Vec::new()
}

/// Take what was written for a job.
pub fn label(id: i64, label: String) -> Vec<Effect> {
    vec![Effect::Call(Call::Label(JobsLabelParams { id: id.into(), label }))]
}

/// Compare two jobs, or one with what its template gives by itself.
fn compare(model: &mut Model, ids: &[i64]) -> Vec<Effect> {
    let (left, right) = match ids {
        [left, right] => ((*left).into(), Some((*right).into())),
        [id] => ((*id).into(), None),
        _ => {
            let hint = "Mark two jobs with Space, then press the key again.";
            model.notice = Some(Notice::failed("Two jobs can be compared, not more.", hint));
            return Vec::new();
        }
    };
    model.notice = Some(Notice::Done("Comparing the inputs.".to_owned()));
    vec![Effect::Call(Call::Diff(JobsDiffParams { left, right }))]
}

/// A job that was looked at is known, or why not.
pub fn on_glance(model: &mut Model, id: i64, answer: Result<Box<JobDetail>, Fault>) -> Outcome {
    let asked = model.resubmitting.take_if(|wanted| *wanted == id).is_some();
    if asked {
        forms::on_request(model, id, &answer);
    }
    let (next, dirty) = model.glance.take(id, answer);
    Outcome { effects: next.into_iter().collect(), dirty: dirty || asked }
}

/// Open the log of a job at the line of the error.
fn error(model: &mut Model) -> Vec<Effect> {
    let effects = show(model, Pane::Log);
    model.card.seeks_error = true;
    if model.card.panes.log.known().is_some() {
        super::search::on_log(model);
    }
    effects
}

/// Show a side of a job, which is opened first.
fn show(model: &mut Model, pane: Pane) -> Vec<Effect> {
    let mut effects = match model.screen {
        Screen::Card => Vec::new(),
        _ => super::commands::open(model),
    };
    effects.extend(model.card.show(pane).map(Effect::Call));
    effects
}

/// A job was told something.
pub fn on_controlled(
    model: &mut Model,
    verb: Verb,
    id: i64,
    answer: Result<Controlled, Fault>,
) -> Outcome {
    model.notice = Some(match (answer, verb) {
        (Err(fault), _) => fault.into(),
        (Ok(done), _) if !done.changed => {
            Notice::Done(format!("Nothing was to be done: job {id} is {}.", done.state.word()))
        }
        (Ok(_), Verb::Cancel) => Notice::Done(format!("Job {id} is being cancelled.")),
        (Ok(_), Verb::Pause) => Notice::Done(format!("Job {id} pauses.")),
        (Ok(_), Verb::Resume) => Notice::Done(format!("Job {id} goes on.")),
    });
    Outcome::then(super::refresh(model))
}

/// A job was removed.
pub fn on_deleted(model: &mut Model, id: i64, answer: Result<Deleted, Fault>) -> Outcome {
    match answer {
        Ok(_) => {
            let changed = JobsChanged { removed: vec![id], ..JobsChanged::default() };
            model.jobs.apply(changed);
            // Who has gone on may be writing, and letters are commands in the list.
            let is_awaited = model.awaited == Some(Awaited::Removal(id));
            if is_awaited && model.screen == Screen::Card && model.card.id == id {
                model.screen = Screen::Jobs;
            }
            model.notice = Some(Notice::News(format!("Job {id} is deleted.")));
        }
        Err(fault) => model.notice = Some(fault.into()),
    }
    Outcome::PAINT
}

/// Two jobs were compared.
pub fn on_diff(model: &mut Model, found: &JobDifferences) -> Outcome {
    if found.differences.is_empty() {
        model.notice = Some(Notice::Done("There is no difference in the inputs.".to_owned()));
        return Outcome::PAINT;
    }
    if model.awaited != Some(Awaited::Differences) {
        let keys = model.config.keymap.keys_of(&[Scope::Job], Command::Diff);
        let text = format!("The inputs are compared; {keys} on the same jobs shows it.");
        model.notice = Some(Notice::News(text));
        return Outcome::PAINT;
    }
    model.notice = None;
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "(not there)".to_owned());
    let lines = found.differences.iter().map(|other| {
        let (left, right) = (side(&other.left), side(&other.right));
        format!("step {} {} {}: {left} → {right}", other.step, other.file, other.name)
    });
    model.search.clear();
    let reader = Reader::new("Differences", Source::Lines(lines.collect()));
    model.overlay = Some(Overlay::Reader(reader));
    Outcome::PAINT
}

/// The server tells of changes by itself from now on, or says why not.
pub fn on_watching(model: &mut Model, answer: Result<Watching, Fault>) -> Outcome {
    use crate::api::wire::Mode;
    model.watching = answer.is_ok_and(|found| found.mode != Mode::Off);
    Outcome::NOTHING
}

/// Open what is selected in a job: a file to read.
pub fn open_in_card(model: &mut Model) -> Vec<Effect> {
    let card = &mut model.card;
    if card.pane != Pane::Files || card.panes.file.is_some() || !model.jobs.loaded {
        return Vec::new();
    }
    let listed = card.panes.listed();
    let Some(name) = listed.get(card.panes.selected).map(|file| file.name.clone()) else {
        return Vec::new();
    };
    let (file, call) = OpenFile::open(&name, card.id);
    card.panes.file = Some(file);
    card.top = 0;
    vec![Effect::Call(call)]
}

/// Go to the first or the last line of a job's side; of a long file that end is read.
pub fn to_end(model: &mut Model, last: bool) -> Vec<Effect> {
    let lines = if last { isize::MAX } else { isize::MIN };
    let card = &mut model.card;
    card.move_by(lines, model.size.0);
    let Some(file) = card.panes.file.as_mut().filter(|_| card.pane == Pane::Files) else {
        return Vec::new();
    };
    let elsewhere = if last { file.has_more() } else { file.has_earlier() };
    let call = if elsewhere { file.jump(last, card.id) } else { None };
    card.at_end = last && call.is_some();
    call.map(Effect::Call).into_iter().collect()
}

/// Ask for the next part of a file when its end comes near.
pub fn read_on(model: &mut Model) -> Vec<Effect> {
    let height = layout::body_height(model.size);
    let card = &mut model.card;
    let Some(file) = card.panes.file.as_mut().filter(|_| card.pane == Pane::Files) else {
        return Vec::new();
    };
    let near = card.top + 3 * height >= file.lines.len();
    let call = if near { file.more(card.id) } else { None };
    call.map(Effect::Call).into_iter().collect()
}

/// A part of a file is known, or why not.
pub fn on_part(model: &mut Model, id: i64, answer: Result<FilePart, Fault>) -> Outcome {
    let card = &mut model.card;
    let Some(file) = card.panes.file.as_mut().filter(|_| card.id == id) else {
        return Outcome::NOTHING;
    };
    if answer.as_ref().is_ok_and(|part| part.name != file.name) {
        return Outcome::NOTHING;
    }
    if let (Err(fault), true) = (&answer, file.known) {
        model.notice = Some(fault.clone().into());
    }
    file.take(answer);
    if std::mem::take(&mut card.at_end) {
        card.move_by(isize::MAX, model.size.0);
    }
    Outcome::then(super::search::on_part(model))
}

/// Go to another side of a job.
pub fn next_pane(model: &mut Model, forward: bool) -> Vec<Effect> {
    let methods = match &model.link {
        crate::model::Link::Ready(server) => server.methods.clone(),
        _ => return Vec::new(),
    };
    model.card.panes.file = None;
    model.search.clear();
    let call = model.card.next_pane(forward, |method| methods.contains(method));
    call.map(Effect::Call).into_iter().collect()
}

/// Look at the selected job when it has rested and there is room to show it.
pub fn glance(model: &mut Model) -> Option<Effect> {
    let seen = model.screen == Screen::Jobs
        && layout::list_and_pane(model.size.0).1 > 0
        && model.serves("jobs.get");
    seen.then(|| model.glance.follow(model.jobs.selected_id())).flatten()
}

/// Show what is below the selected job or step.
pub fn unfold(model: &mut Model) -> Vec<Effect> {
    if !model.serves("jobs.tree") {
        let message = "The server does not serve jobs.tree.";
        model.notice = Some(Notice::failed(message, "It may be starting, or of another release."));
        return Vec::new();
    }
    model.jobs.unfold().map(Effect::Call).into_iter().collect()
}

/// The steps of a job are known, or why not.
pub fn on_tree(model: &mut Model, id: i64, answer: Result<TreeNode, Fault>) -> Outcome {
    match &answer {
        Err(fault) => model.notice = Some(fault.clone().into()),
        Ok(root) if root.children.is_empty() => {
            model.notice = Some(Notice::Done(format!("Job {id} has no steps yet.")));
        }
        Ok(_) => {}
    }
    let (next, dirty) = model.jobs.take_tree(id, answer);
    Outcome { effects: next.map(Effect::Call).into_iter().collect(), dirty }
}

/// Jobs changed without having been asked about.
pub fn on_changed(model: &mut Model, changed: JobsChanged) -> Outcome {
    let open =
        model.screen == Screen::Card && changed.jobs.iter().any(|job| job.id == model.card.id);
    let all = changed.all;
    let ids: Vec<i64> = changed.jobs.iter().map(|job| job.id).collect();
    model.glance.changed(ids.iter().copied());
    let trees = model.jobs.trees.changed(ids);
    let dirty = model.jobs.apply(changed);
    let mut effects = super::replies::told(model);
    effects.extend(health::on_activity(model));
    effects.extend(trees.into_iter().map(Effect::Call));
    if all {
        effects.extend(super::refresh(model));
    } else if open {
        effects.extend(model.card.refresh().into_iter().map(Effect::Call));
    }
    Outcome { effects, dirty }
}
