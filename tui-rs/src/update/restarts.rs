//! Jobs that go on from where others ended.

use super::{Outcome, questions};
use crate::api::wire::{Fault, JobsRestartParams, Submitted};
use crate::jobs::restarts;
use crate::keymap::{Command, Scope};
use crate::model::{Model, Notice, Screen};
use crate::msg::{Call, Effect};

/// Restart jobs, each as a new one whose label says so.
pub fn begin(model: &mut Model, ids: &[i64]) -> Vec<Effect> {
    let names: Vec<String> = ids.iter().map(i64::to_string).collect();
    model.notice = Some(Notice::Done(format!("Restarting {}.", names.join(", "))));
    ids.iter().filter_map(|id| ask(model, *id)).map(Effect::Call).collect()
}

fn ask(model: &mut Model, id: i64) -> Option<Call> {
    let Some(key) = model.restarts.begin(id, crate::api::fresh_key) else {
        model.notice = Some(Notice::Done(format!("Job {id} is being restarted already.")));
        return None;
    };
    let label = questions::label(model, id).map(|before| restarts::label(&before, id));
    let params =
        JobsRestartParams { id: id.into(), key: Some(key), label, ..JobsRestartParams::default() };
    Some(Call::Restart(Box::new(params)))
}

/// The new job is stored, or it was refused. Neither changes what the user looks at.
pub fn on_restarted(model: &mut Model, id: i64, answer: Result<Submitted, Fault>) -> Outcome {
    model.restarts.answered(id, answer.is_ok());
    match answer {
        Ok(job) => {
            tell_of(model, job.id, &format!("Job {} restarts job {id}", job.id));
            Outcome::then(super::refresh(model))
        }
        Err(fault) => {
            model.notice = Some(fault.into());
            Outcome::PAINT
        }
    }
}

/// Tell of a job that was made, and of the key that shows it.
pub fn tell_of(model: &mut Model, id: i64, what: &str) {
    model.made = Some(id);
    let keys = model.config.keymap.keys_of(&[Scope::Anywhere], Command::ShowNew);
    model.notice = Some(Notice::News(format!("{what}; {keys} shows it.")));
}

/// Go to the job that was made last, in the list.
pub fn show_made(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.made else {
        model.notice = Some(Notice::Done("No job was made yet since the start.".to_owned()));
        return Vec::new();
    };
    model.overlay = None;
    model.screen = Screen::Jobs;
    model.filtering = None;
    model.search.clear();
    model.jobs.set_filter(crate::jobs::arrange::Filter::default());
    model.jobs.select(id);
    super::refresh(model)
}
