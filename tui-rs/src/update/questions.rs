//! What is asked before a job is changed: what will happen, and to which jobs.

use crate::api::wire::JobState;
use crate::keymap::{Command, Scope};
use crate::model::{Model, Notice, Screen};
use crate::msg::{Effect, Verb};
use crate::overlay::{Overlay, Question, Then};

/// How many jobs a question names, and how much of their labels.
const MAX_NAMED: usize = 6;
const MAX_LABEL: usize = 40;

/// A job that a command is about, as far as it is known.
struct Meant {
    id: i64,
    label: Option<String>,
    state: Option<JobState>,
}

impl Meant {
    fn has_ended(&self) -> bool {
        self.state.is_some_and(|state| !state.is_active())
    }

    fn name(&self) -> String {
        let label = self.label.as_deref().unwrap_or_default();
        let short: String = label.chars().take(MAX_LABEL).collect();
        match label.chars().count() {
            0 => self.id.to_string(),
            1..=MAX_LABEL => format!("{} \"{label}\"", self.id),
            _ => format!("{} \"{short}…\"", self.id),
        }
    }
}

/// The jobs that a command is about; a step that is selected or open stands for its job.
pub fn targets(model: &Model) -> Vec<i64> {
    match model.screen {
        Screen::Card if selected_step(model) == Some(model.card.id) => {
            model.jobs.selected().map(|row| row.id).into_iter().collect()
        }
        Screen::Card => vec![model.card.id],
        Screen::Jobs | Screen::Create | Screen::Editor | Screen::Templates => model.jobs.targets(),
    }
}

fn selected_step(model: &Model) -> Option<i64> {
    model.jobs.selected_step().map(|step| step.id)
}

/// The label of a job, when it is known.
pub fn label(model: &Model, id: i64) -> Option<String> {
    meant(model, id).label
}

fn meant(model: &Model, id: i64) -> Meant {
    if let Some(row) = model.jobs.find(id) {
        return Meant { id, label: Some(row.label.to_string()), state: Some(row.state) };
    }
    let open = model.card.detail.as_deref().filter(|detail| detail.job.id == id);
    let (label, state) = open.map(|detail| (detail.job.label.clone(), detail.job.state)).unzip();
    Meant { id, label, state }
}

/// Ask whether to change the jobs that a command is about, or say why nothing is to be done.
pub fn ask(model: &mut Model, command: Command) {
    let jobs: Vec<Meant> = targets(model).into_iter().map(|id| meant(model, id)).collect();
    let question = match command {
        Command::Cancel => cancel(&jobs),
        Command::Delete => delete(&jobs, &key(model, Command::Cancel)),
        Command::Restart => restart(&jobs, &key(model, Command::Cancel)),
        _ => pause(&jobs),
    };
    match question {
        Ok(Question { text, then }) => {
            let text = format!("{text}{}", of_step(model));
            model.overlay = Some(Overlay::Question(Question { text, then }));
        }
        Err(notice) => model.notice = Some(notice),
    }
}

fn key(model: &Model, command: Command) -> String {
    model.config.keymap.keys_of(&[Scope::Job], command)
}

/// That the job is meant, where a step of it is selected.
fn of_step(model: &Model) -> String {
    let is_job = model.screen == Screen::Jobs && !model.jobs.marked().is_empty();
    match model.jobs.selected_step().filter(|_| !is_job) {
        Some(step) => format!(" The whole job is meant, not only its step {}.", step.name),
        None => String::new(),
    }
}

fn cancel(jobs: &[Meant]) -> Result<Question, Notice> {
    let (ended, active) = parted(jobs);
    if active.is_empty() {
        return Err(have_ended(&ended));
    }
    let they = if active.len() == 1 { "It" } else { "They" };
    let text =
        format!("Cancel {}? {they} cannot go on afterwards.{}", named(&active), left_out(&ended));
    let verbs = active.iter().map(|job| (Verb::Cancel, job.id)).collect();
    Ok(Question { text, then: Then::Control(verbs) })
}

fn delete(jobs: &[Meant], cancels: &str) -> Result<Question, Notice> {
    only_ended(jobs, "deleted", cancels)?;
    let (their, all): (_, Vec<&Meant>) =
        (if jobs.len() == 1 { "Its" } else { "Their" }, jobs.iter().collect());
    let text = format!("Delete {}? {their} results and files are gone for good.", named(&all));
    Ok(Question { text, then: Then::Delete(ids(jobs)) })
}

fn restart(jobs: &[Meant], cancels: &str) -> Result<Question, Notice> {
    only_ended(jobs, "restarted", cancels)?;
    let all: Vec<&Meant> = jobs.iter().collect();
    let text = match jobs {
        [_] => format!("Restart {} as a new job? It goes on from the last structure.", named(&all)),
        _ => format!(
            "Restart {} as new jobs? Each goes on from the last structure of its own.",
            named(&all)
        ),
    };
    Ok(Question { text, then: Then::Restart(ids(jobs)) })
}

fn pause(jobs: &[Meant]) -> Result<Question, Notice> {
    let (ended, active) = parted(jobs);
    if active.is_empty() {
        return Err(have_ended(&ended));
    }
    let (paused, going): (Vec<&Meant>, Vec<&Meant>) =
        active.iter().partition(|job| job.state == Some(JobState::Paused));
    let mut parts = Vec::new();
    if !going.is_empty() {
        parts.push(format!("Pause {}? What runs now goes on to its end.", named(&going)));
    }
    if !paused.is_empty() {
        parts.push(format!("Resume {}?", named(&paused)));
    }
    let pausing = going.iter().map(|job| (Verb::Pause, job.id));
    let verbs = pausing.chain(paused.iter().map(|job| (Verb::Resume, job.id))).collect();
    let text = format!("{}{}", parts.join(" "), left_out(&ended));
    Ok(Question { text, then: Then::Control(verbs) })
}

fn parted(jobs: &[Meant]) -> (Vec<&Meant>, Vec<&Meant>) {
    jobs.iter().partition(|job| job.has_ended())
}

fn ids(jobs: &[Meant]) -> Vec<i64> {
    jobs.iter().map(|job| job.id).collect()
}

/// Refuse when one of the jobs may still change by itself.
fn only_ended(jobs: &[Meant], what: &str, cancels: &str) -> Result<(), Notice> {
    let is_active = |job: &&Meant| job.state.is_some_and(JobState::is_active);
    let Some(job) = jobs.iter().find(is_active) else { return Ok(()) };
    let word = job.state.map_or("not known", JobState::word);
    let message = format!("Job {} is {word}.", job.name());
    Err(Notice::failed(
        message,
        format!("Only what has ended can be {what}; {cancels} cancels it."),
    ))
}

fn have_ended(jobs: &[&Meant]) -> Notice {
    Notice::Done(match jobs {
        [job] => {
            format!("Job {} has ended: it is {}.", job.name(), job.state.map_or("", JobState::word))
        }
        _ => format!("All {} jobs have ended.", jobs.len()),
    })
}

fn left_out(ended: &[&Meant]) -> String {
    match ended.len() {
        0 => String::new(),
        1 => " One other has ended already.".to_owned(),
        count => format!(" {count} others have ended already."),
    }
}

/// `job 5 "label"` or `3 jobs: 5 "label", 6, 7`.
fn named(jobs: &[&Meant]) -> String {
    let mut names: Vec<String> = jobs.iter().take(MAX_NAMED).map(|job| job.name()).collect();
    if jobs.len() > MAX_NAMED {
        names.push(format!("and {} more", jobs.len() - MAX_NAMED));
    }
    match jobs.len() {
        1 => format!("job {}", names.concat()),
        count => format!("{count} jobs: {}", names.join(", ")),
    }
}

/// What a yes means for jobs.
pub fn confirmed(model: &mut Model, then: &Then) -> Vec<Effect> {
    use crate::msg::Call;
    match then {
        Then::Control(verbs) => {
            verbs.iter().map(|(verb, id)| Effect::Call(Call::Control(*verb, *id))).collect()
        }
        Then::Delete(ids) => ids.iter().map(|id| Effect::Call(Call::Delete(*id))).collect(),
        Then::Restart(ids) => super::restarts::begin(model, ids),
        _ => Vec::new(),
    }
}
