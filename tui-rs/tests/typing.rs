//! Whatever is typed and answered in whatever order: what is typed into a text field changes no job, and
//! no answer takes the field away from who types in it. No key at all changes a job from the editor, and Esc
//! never leaves it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::dice::Dice;
use common::{
    INCAR, KPOINTS, POSCAR, details, file_read, files, from, page, painted, row, server, templates,
    written,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use crystalmath_tui::api::wire::{
    Codes, Controlled, Deleted, Fault, InputRemarks, JobDetail, JobState, JobsChanged, Submitted,
};
use crystalmath_tui::lsp::types::Proposal;
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{
    Call, Disk, Draft, Effect, Entry, Msg, Reply, ServerInfo, Sight, Unwritten, Verb,
};
use crystalmath_tui::overlay::Overlay;
use crystalmath_tui::update::update;

const SEEDS: u64 = 250;
const STEPS: usize = 1500;

const METHODS: &[&str] = &[
    "codes.list",
    "inputs.check",
    "inputs.preview",
    "jobs.cancel",
    "jobs.delete",
    "jobs.diff",
    "jobs.files",
    "jobs.get",
    "jobs.label",
    "jobs.log",
    "jobs.pause",
    "jobs.restart",
    "jobs.submit",
    "jobs.tree",
    "jobs.watch",
    "results.bands",
    "system.repair",
    "system.status",
    "templates.get",
    "templates.list",
];

impl Dice {
    fn id(&mut self) -> i64 {
        i64::try_from(1 + self.below(8)).unwrap()
    }
}

/// The keys that lead into text fields, out of them, and that change jobs.
const COMMANDS: &[(KeyCode, KeyModifiers)] = &[
    (KeyCode::Enter, KeyModifiers::NONE),
    (KeyCode::Enter, KeyModifiers::NONE),
    (KeyCode::Esc, KeyModifiers::NONE),
    (KeyCode::Tab, KeyModifiers::NONE),
    (KeyCode::Up, KeyModifiers::NONE),
    (KeyCode::Down, KeyModifiers::NONE),
    (KeyCode::Backspace, KeyModifiers::NONE),
    (KeyCode::F(2), KeyModifiers::NONE),
    (KeyCode::F(4), KeyModifiers::NONE),
    (KeyCode::F(5), KeyModifiers::NONE),
    (KeyCode::F(7), KeyModifiers::NONE),
    (KeyCode::F(9), KeyModifiers::NONE),
    (KeyCode::F(12), KeyModifiers::NONE),
    (KeyCode::Char(' '), KeyModifiers::CONTROL),
    (KeyCode::Char('f'), KeyModifiers::CONTROL),
    (KeyCode::Char('o'), KeyModifiers::CONTROL),
    (KeyCode::Char('p'), KeyModifiers::CONTROL),
    (KeyCode::Char('q'), KeyModifiers::CONTROL),
    (KeyCode::Char('r'), KeyModifiers::CONTROL),
    (KeyCode::Char('s'), KeyModifiers::CONTROL),
    (KeyCode::Char('t'), KeyModifiers::CONTROL),
    (KeyCode::Char('x'), KeyModifiers::CONTROL),
    (KeyCode::Char('z'), KeyModifiers::CONTROL),
    (KeyCode::Char('1'), KeyModifiers::ALT),
    (KeyCode::Char('2'), KeyModifiers::ALT),
    (KeyCode::Char('3'), KeyModifiers::ALT),
    (KeyCode::Char('4'), KeyModifiers::ALT),
    (KeyCode::Char('w'), KeyModifiers::ALT),
];
const LETTERS: &str = "yyKDRNpLdEBOlhjkn/:eq?aSs1234 =;東";
const TEXTS: &[&str] =
    &["DyRyKy", "y\ny\n", "Si\n1.0\n1 0 0\n0 1 0\n0 0 1\nSi\n1\n", "/tmp/Si.vasp"];

fn pressed(dice: &mut Dice) -> Msg {
    let letters: Vec<char> = LETTERS.chars().collect();
    let (code, modifiers) = match dice.below(20) {
        0 => return Msg::Paste(dice.one_of(TEXTS).to_owned()),
        1..=7 => dice.one_of(COMMANDS),
        _ => (KeyCode::Char(dice.one_of(&letters)), KeyModifiers::NONE),
    };
    Msg::Key(KeyEvent::new(code, modifiers))
}

fn fault() -> Fault {
    Fault::local("It cannot be done.", "Ask again.")
}

fn or_fault<T>(dice: &mut Dice, value: T) -> Result<T, Fault> {
    if dice.below(4) == 0 { Err(fault()) } else { Ok(value) }
}

fn made(dice: &mut Dice) -> Result<Submitted, Fault> {
    let job = Submitted { id: dice.id(), uuid: "u".to_owned(), state: JobState::Created };
    or_fault(dice, job)
}

/// A job with one step when its number is odd, else with two.
fn known(id: i64) -> Box<JobDetail> {
    let step = |index: i64| {
        format!(
            r#"{{"index": {index}, "name": "s", "id": {index}, "uuid": "s", "state": "finished",
            "exit_status": null, "exit_message": null, "created_at": "", "modified_at": "",
            "directory": "/run/{id}/{index}"}}"#
        )
    };
    let steps: Vec<String> = (1..=2 - id % 2).map(step).collect();
    let steps = steps.join(", ");
    let text = format!(
        r#"{{"job": {{"id": {id}, "uuid": "u", "label": "", "formula": null, "template": "relax",
        "n_atoms": 2, "state": "finished", "exit_status": 0, "code": "vasp", "foreign": false,
        "exit_message": null, "created_at": "", "modified_at": ""}}, "steps": [{steps}], "card": {{"id": {id},
        "uuid": "u", "state": "finished", "formula": "Si2", "n_atoms": 2, "step": "",
        "template": "relax", "label": "", "directory": null, "warnings": []}},
        "request": {{"template": "static", "structure": {{"text": "{{}}"}}}}}}"#
    );
    Box::new(from(&text))
}

/// What the server may say to a call, be it late.
fn answer(call: Call, dice: &mut Dice) -> Option<Reply> {
    let id = dice.id();
    Some(match call {
        Call::Submit(_) => Reply::Submit(made(dice)),
        Call::Restart(params) => Reply::Restarted(params.id.as_i64().unwrap(), made(dice)),
        Call::Glance(id) => Reply::Glance(id, or_fault(dice, known(id))),
        Call::Inputs(id) => Reply::Inputs(id, or_fault(dice, known(id))),
        Call::Complete(at) => {
            let item = |label: &str| Proposal { label: label.to_owned(), ..Proposal::default() };
            Reply::Complete(at, or_fault(dice, vec![item("ENCUT"), item("D"), item("K")]))
        }
        Call::Fixes(at, _) => {
            Reply::Fixes(at, or_fault(dice, vec![from(r#"{"title": "Write ISMEAR"}"#)]))
        }
        Call::Get(params) => Reply::Get(or_fault(dice, known(params.id.as_i64().unwrap()))),
        Call::Control(verb, id) => {
            let state = dice.one_of(&[JobState::Killed, JobState::Paused, JobState::Running]);
            let done = Controlled { id, uuid: String::new(), state, changed: dice.below(2) == 0 };
            Reply::Controlled(verb, id, or_fault(dice, done))
        }
        Call::Delete(id) => {
            Reply::Deleted(id, or_fault(dice, Deleted { id, ..Deleted::default() }))
        }
        Call::Label(_) => Reply::Labelled(or_fault(dice, Box::new(row(id, JobState::Finished)))),
        Call::Diff(_) => {
            let text = r#"{"differences": [{"step": 1, "file": "INCAR", "name": "ENCUT", "left": "400",
                "right": null}]}"#;
            Reply::Diff(or_fault(dice, from(text)))
        }
        Call::Codes => Reply::Codes(or_fault(dice, Codes { codes: Vec::new() })),
        Call::Templates => Reply::Templates(or_fault(dice, templates())),
        Call::Template(name) => Reply::Template(name, or_fault(dice, details("relax"))),
        Call::Check(_) => {
            let remarks = vec![common::remark(crystalmath_tui::api::wire::Severity::Error, "bad")];
            Reply::Check(or_fault(dice, InputRemarks { remarks }))
        }
        Call::Explain(at) => {
            let hover = from(r#"{"contents": {"kind": "plaintext", "value": "ENCUT"}}"#);
            Reply::Explain(at, or_fault(dice, Some(hover)))
        }
        Call::Status | Call::Repair => {
            let verdict = dice.one_of(&["good", "bad", "repaired"]);
            let status = from(&format!(
                r#"{{"profile": "p", "versions": {{}}, "jobs": {{}}, "watching": {{"mode": "off",
                "reason": null}}, "parts": [{{"name": "worker", "verdict": "{verdict}",
                "finding": "starting", "hint": null}}]}}"#
            ));
            Reply::Status(or_fault(dice, Box::new(status)))
        }
        _ => return None,
    })
}

/// What the disk may say to what it was asked, be it late.
fn of_disk(effect: Effect, dice: &mut Dice) -> Option<Disk> {
    const TEXTS: &[&str] = &["ENCUT = 1\n", "D\n", INCAR];
    let is_refused = dice.below(4) == 0;
    Some(match effect {
        Effect::ReadFiles(opening) => {
            let path = |name: &str| opening.path.join(name).to_string_lossy().into_owned();
            let read = vec![
                file_read(&path("INCAR"), dice.one_of(TEXTS)),
                file_read(&path("KPOINTS"), KPOINTS),
            ];
            Disk::Files(opening, if is_refused { Err("It is gone".to_owned()) } else { Ok(read) })
        }
        Effect::Look(known) => {
            let mut sight = |path: &Path, generation| Sight {
                file: file_read(&path.to_string_lossy(), dice.one_of(TEXTS)),
                generation,
            };
            Disk::Looked(known.iter().map(|known| sight(&known.path, known.generation)).collect())
        }
        Effect::Write(writing) if is_refused => {
            let other = file_read(&writing.path.to_string_lossy(), dice.one_of(TEXTS));
            let why = Unwritten::Differs(Box::new(other));
            Disk::Written(writing.path, writing.revision, Err(why))
        }
        Effect::Write(writing) => match written(&writing) {
            Msg::Disk(said) => said,
            _ => return None,
        },
        Effect::WriteCopies(copies) if is_refused => {
            Disk::Copied(copies, Err("It is there already".to_owned()))
        }
        Effect::WriteCopies(copies) => Disk::Copied(copies, Ok("/calc".into())),
        Effect::ListFolder(path) => {
            Disk::Folder(path, Ok(vec![Entry { is_file: true, name: "POSCAR".to_owned() }]))
        }
        _ => return None,
    })
}

/// What was not saved of the files when the program last ended.
fn drafts() -> Disk {
    let draft = |name: &str| Draft { path: name.into(), text: "DyKyRy".to_owned() };
    Disk::Drafts { found: vec![draft("/calc/INCAR")], elsewhere: vec!["/calc/POSCAR".into()] }
}

/// What the server, the disk or the clock says by itself.
fn happened(dice: &mut Dice, now: &mut Instant) -> Msg {
    *now += Duration::from_secs(20);
    let state = dice.one_of(&[JobState::Running, JobState::Failed, JobState::Paused]);
    let id = dice.id();
    let methods = METHODS.iter().map(|name| (*name).to_owned()).collect();
    match dice.below(14) {
        12 => Msg::Look,
        13 => Msg::Disk(drafts()),
        0 => Msg::Lost("It died.".to_owned(), *now),
        1 => Msg::Restart,
        2 | 3 => Msg::Ready(ServerInfo { methods, ..server() }),
        4 => Msg::Changed(JobsChanged { removed: vec![id], ..JobsChanged::default() }),
        5 => {
            let jobs = vec![row(id, state)];
            Msg::Changed(JobsChanged { jobs, ..JobsChanged::default() })
        }
        6 => {
            let entries = vec![Entry { is_file: true, name: "POSCAR".to_owned() }];
            Msg::Disk(Disk::Folder("/calc".into(), Ok(entries)))
        }
        7 => Msg::LookAtEngine,
        8 => Msg::Glance,
        9 => Msg::Refresh,
        _ => page(&(1..=id).rev().collect::<Vec<i64>>(), state),
    }
}

/// Where letters are text.
fn writes(model: &Model) -> bool {
    match (&model.overlay, model.screen) {
        (Some(Overlay::Chooser(_) | Overlay::Prompt(_) | Overlay::Sheet(_)), _)
        | (None, Screen::Create) => true,
        (Some(Overlay::Reader(_)), _) | (None, Screen::Card) => model.search.input.is_some(),
        (Some(Overlay::Question(_)), _) => false,
        (None, Screen::Jobs) => model.filtering.is_some(),
        (None, Screen::Templates) => model.templates.searching.is_some(),
        (None, Screen::Editor) => !model.editor.documents.is_empty(),
    }
}

/// Whether keys go to the texts of the editor, or to what is proposed or looked for there.
fn is_in_editor(model: &Model) -> bool {
    let has_texts = !model.editor.documents.is_empty() || model.editor.loading;
    model.screen == Screen::Editor && model.overlay.is_none() && has_texts
}

/// Whether something stands above the texts of the editor and takes Enter, Tab and the arrows.
fn has_popup(model: &Model) -> bool {
    model.editor.completion.is_some() || model.editor.find.is_some()
}

/// The texts that are not on disk.
fn unsaved(model: &Model) -> Vec<(PathBuf, String)> {
    let documents = model.editor.documents.iter();
    let unsaved = documents.filter(|document| document.is_unsaved());
    unsaved.map(|document| (document.path.clone(), document.buffer.text())).collect()
}

/// Where the user is: the screen, what stands above it, and the field.
fn place(model: &Model) -> (Screen, u8, usize, bool) {
    let above = match &model.overlay {
        None => 0,
        Some(Overlay::Chooser(_)) => 1,
        Some(Overlay::Reader(_)) => 2,
        Some(Overlay::Question(_)) => 3,
        Some(Overlay::Prompt(_)) => 4,
        Some(Overlay::Sheet(_)) => 5,
    };
    // Elsewhere the form may be done with, and begin anew.
    let field = if model.screen == Screen::Create { model.form.focus } else { 0 };
    (model.screen, above, field, writes(model))
}

/// Whether it does something to a job, or ends the program.
fn harms(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Quit
            | Effect::Call(
                Call::Submit(_)
                    | Call::Restart(_)
                    | Call::Delete(_)
                    | Call::Label(_)
                    | Call::Repair
                    | Call::Control(Verb::Cancel | Verb::Pause | Verb::Resume, _)
            )
    )
}

/// Whether files are read into the editor or written by it.
fn touches_disk(effect: &Effect) -> bool {
    matches!(effect, Effect::ReadFiles(_) | Effect::Write(_) | Effect::WriteCopies(_))
}

struct Session {
    model: Model,
    /// What was asked of the server and is not answered yet.
    open: Vec<Effect>,
    /// Whether the last thing that the user did was to write into a text field.
    wrote: bool,
    now: Instant,
}

impl Session {
    fn begin(dice: &mut Dice) -> Self {
        let mut model = common::serving(METHODS, &[8, 7, 6, 5, 4, 3, 2, 1], JobState::Finished);
        if dice.below(4) != 0 {
            update(
                &mut model,
                files(&[("INCAR", INCAR), ("KPOINTS", KPOINTS), ("POSCAR", POSCAR)]),
            );
        }
        Self { model, open: Vec::new(), wrote: false, now: Instant::now() }
    }

    fn step(&mut self, dice: &mut Dice) {
        if dice.below(3) == 0 { self.hear(dice) } else { self.press(pressed(dice)) }
    }

    fn press(&mut self, message: Msg) {
        let is_text = match &message {
            Msg::Key(key) => {
                matches!(key.code, KeyCode::Char(_)) && key.modifiers == KeyModifiers::NONE
            }
            _ => true,
        };
        let is_escape = matches!(&message, Msg::Key(key) if key.code == KeyCode::Esc);
        let is_edited = is_in_editor(&self.model);
        self.wrote = is_text && writes(&self.model);
        let before = place(&self.model);
        let told = format!("{message:?}");
        let outcome = update(&mut self.model, message);
        if self.wrote {
            assert!(!outcome.effects.iter().any(harms), "{told}: {:?}", outcome.effects);
            assert_eq!(place(&self.model), before, "{told}");
            assert!(!outcome.effects.iter().any(touches_disk), "{told}: {:?}", outcome.effects);
        }
        if is_edited {
            let harms_job = |effect: &Effect| harms(effect) && *effect != Effect::Quit;
            assert!(!outcome.effects.iter().any(harms_job), "{told}: {:?}", outcome.effects);
        }
        let is_left = before.0 == Screen::Editor && self.model.screen != Screen::Editor;
        assert!(!(is_escape && is_left), "Esc left the editor");
        self.keep(outcome.effects);
    }

    fn hear(&mut self, dice: &mut Dice) {
        let message = if self.open.is_empty() || dice.below(3) == 0 {
            happened(dice, &mut self.now)
        } else {
            let said = match self.open.swap_remove(dice.below(self.open.len())) {
                Effect::Call(call) => answer(call, dice).map(Msg::Reply),
                effect => of_disk(effect, dice).map(Msg::Disk),
            };
            let Some(message) = said else { return };
            message
        };
        let (before, selected) = (place(&self.model), self.model.jobs.selected_id());
        let (had_popup, texts) = (has_popup(&self.model), unsaved(&self.model));
        let told = format!("{message:?}");
        let is_gone = matches!(message, Msg::Lost(..));
        let outcome = update(&mut self.model, message);
        assert!(!outcome.effects.iter().any(harms), "{told}: {:?}", outcome.effects);
        if self.wrote {
            assert_eq!(place(&self.model), before, "{told}");
            let stays = selected.is_none_or(|id| {
                self.model.jobs.find(id).is_none() || self.model.jobs.selected_id() == Some(id)
            });
            assert!(stays, "{told}: the selection left job {selected:?}");
            let is_above = has_popup(&self.model);
            assert!(had_popup || !is_above, "{told}: something opened above the text");
            let documents = &self.model.editor.documents;
            let is_here = |(path, text): &(PathBuf, String)| {
                documents.iter().any(|one| one.path == *path && one.buffer.text() == *text)
            };
            assert!(texts.iter().all(is_here), "{told}: text that is not saved is another");
        }
        if is_gone {
            self.open.retain(|effect| !matches!(effect, Effect::Call(_)));
        }
        self.keep(outcome.effects);
    }

    fn keep(&mut self, effects: Vec<Effect>) {
        self.open.extend(effects.into_iter().filter(|effect| {
            matches!(effect, Effect::Call(_) | Effect::Look(_) | Effect::ListFolder(_))
                || touches_disk(effect)
        }));
    }
}

#[test]
fn what_is_typed_is_text_and_no_answer_takes_the_field_away() {
    let mut n_written = 0;
    for seed in 1..=SEEDS {
        let run = move || {
            let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let mut session = Session::begin(&mut dice);
            let mut n_written = 0;
            for _ in 0..STEPS {
                session.step(&mut dice);
                n_written += usize::from(session.wrote);
            }
            painted(&session.model, 100, 30);
            n_written
        };
        n_written += std::panic::catch_unwind(run)
            .unwrap_or_else(|_| panic!("the sequence of seed {seed} fails"));
    }
    // The test is about text fields: it must come to them.
    assert!(n_written > STEPS * 5, "{n_written}");
}
