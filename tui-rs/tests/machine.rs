//! The editor as a machine: keys, answers of the disk and changes by others in any order. What is typed goes
//! into the text and nowhere else, nothing is written that nobody wanted, and nothing over what others wrote.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::dice::Dice;
use common::{from, painted};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use crystalmath_tui::api::wire::{JobDetail, JobState};
use crystalmath_tui::editor::seen::holds_the_same;
use crystalmath_tui::editor::{Document, Seen, Stamp};
use crystalmath_tui::keymap::Command;
use crystalmath_tui::lsp::types::Proposal;
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{
    Call, Disk, Effect, Entry, FileRead, Known, Msg, Opening, Reply, Sight, Unwritten, Writing,
};
use crystalmath_tui::overlay::{Overlay, Pick};
use crystalmath_tui::update::update;

const SEEDS: u64 = 100;
const STEPS: usize = 500;
const NAMES: &[&str] = &["INCAR", "KPOINTS", "POSCAR"];
const OWN: &str = "/calc";
const TEXTS: &[&str] =
    &["ENCUT = 520\n", "ENCUT = 600\n", "A = 1\nB = 2\nC = 3\n", "", "A = 1\r\n"];

/// Tells how to have the same again when a test fails.
struct Telling<'a> {
    seed: u64,
    done: &'a std::cell::RefCell<Vec<String>>,
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let done = self.done.borrow();
            let last = &done[done.len().saturating_sub(25)..];
            eprintln!("seed {}, after {} steps:\n{}", self.seed, done.len(), last.join("\n"));
        }
    }
}

/// A model, a disk that others write to as well, and what was asked and is not answered.
struct World {
    model: Model,
    disk: BTreeMap<PathBuf, String>,
    open: Vec<Effect>,
    /// What is done and not told yet, with how often each file had been written by then.
    said: Vec<(Msg, BTreeMap<PathBuf, usize>)>,
    n_written: BTreeMap<PathBuf, usize>,
    dice: Dice,
    /// Saves that the user wanted while the one before was under way.
    wanted: BTreeMap<PathBuf, bool>,
}

/// What a document was before something happened.
#[derive(Clone)]
struct Before {
    text: String,
    is_changed: bool,
    is_read_only: bool,
    has_theirs: bool,
    seen: Option<Seen>,
}

fn seen(text: &str) -> Seen {
    Seen::new(Stamp::default(), text.as_bytes())
}

fn detail() -> Box<JobDetail> {
    let step = |index: usize| {
        format!(
            r#"{{"index": {index}, "name": "s", "id": {index}, "uuid": "s", "state": "running",
            "exit_status": null, "exit_message": null, "created_at": "", "modified_at": "",
            "directory": "/run/{index}"}}"#
        )
    };
    let text = format!(
        r#"{{"job": {{"id": 2, "uuid": "u", "label": "", "formula": null, "template": null,
        "n_atoms": null, "code": null, "state": "running", "exit_status": null, "exit_message": null,
        "created_at": "", "modified_at": "", "foreign": false}}, "steps": [{}, {}],
        "card": {{"id": 2, "uuid": "u", "state": "running", "formula": "Si2", "n_atoms": 2, "step": "s",
        "template": "relax", "label": "", "directory": "/run/1", "warnings": []}}, "reason": null,
        "request": null, "restart_of": null}}"#,
        step(1),
        step(2)
    );
    Box::new(from(&text))
}

impl World {
    fn new(seed: u64) -> Self {
        let mut model = common::serving(&["jobs.get"], &[2, 1], JobState::Running);
        model.screen = Screen::Editor;
        let mut disk = BTreeMap::new();
        for folder in [OWN, "/run/1", "/run/2"] {
            for name in NAMES {
                disk.insert(Path::new(folder).join(name), TEXTS[0].to_owned());
            }
        }
        let opening = Opening { path: OWN.into(), ..Opening::default() };
        let dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let open = vec![Effect::ReadFiles(opening)];
        Self {
            model,
            disk,
            open,
            dice,
            said: Vec::new(),
            n_written: BTreeMap::new(),
            wanted: BTreeMap::new(),
        }
    }

    fn step(&mut self) -> String {
        match self.dice.below(20) {
            0..=10 => {
                let key = self.key();
                let told = format!("{:?} {:?}", key.modifiers, key.code);
                self.take(Msg::Key(key));
                told
            }
            11 => {
                self.take(Msg::Paste("p\rq".to_owned()));
                "a paste".to_owned()
            }
            12 => self.others_change(),
            13 => {
                self.take(Msg::Look);
                "time to look".to_owned()
            }
            _ => self.answer(),
        }
    }

    fn key(&mut self) -> KeyEvent {
        let control = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
        let alt = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT);
        let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
        let letters: Vec<char> = "e3ynqDKRaé東 #=".chars().collect();
        let codes = [
            KeyCode::Esc,
            KeyCode::Esc,
            KeyCode::Enter,
            KeyCode::Up,
            KeyCode::Down,
            KeyCode::Left,
            KeyCode::Right,
            KeyCode::Tab,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::F(4),
            KeyCode::F(6),
            KeyCode::F(8),
        ];
        let controls: Vec<char> = "sssssssssssrrzzyyxafonqp ".chars().collect();
        let is_asked = matches!(self.model.overlay, Some(Overlay::Chooser(_)));
        match self.dice.below(10) {
            0..=3 if self.model.screen == Screen::Jobs && !is_asked => plain(KeyCode::Char('e')),
            // Not for ever among lists, jobs and the files of jobs.
            0..=2 if is_asked => plain(self.dice.one_of(&[KeyCode::Enter, KeyCode::Down])),
            3 if self.model.editor.recorded.is_some() => control('o'),
            0..=3 => plain(KeyCode::Char(self.dice.one_of(&letters))),
            4..=6 => plain(self.dice.one_of(&codes)),
            7 => alt(self.dice.one_of(&['s', 'w', '1', '3', '3'])),
            _ => control(self.dice.one_of(&controls)),
        }
    }

    fn path(&mut self) -> PathBuf {
        let folder = self.dice.one_of(&[OWN, OWN, OWN, "/run/1", "/run/2"]);
        Path::new(folder).join(self.dice.one_of(NAMES))
    }

    fn others_change(&mut self) -> String {
        let path = self.path();
        if self.dice.below(4) == 0 {
            self.disk.remove(&path);
            return format!("others remove {}", path.display());
        }
        let text = self.dice.one_of(TEXTS);
        self.disk.insert(path.clone(), text.to_owned());
        format!("others write {text:?} to {}", path.display())
    }

    fn read(&self, path: &Path) -> FileRead {
        let text = self.disk.get(path);
        FileRead {
            path: path.to_owned(),
            text: text.cloned().ok_or("gone".to_owned()),
            seen: text.map(|text| seen(text)),
        }
    }

    /// Something that was asked is done, or is done and told later.
    fn answer(&mut self) -> String {
        if !self.said.is_empty() && self.dice.below(2) == 0 {
            return self.tell();
        }
        if self.open.is_empty() {
            return "nothing to answer".to_owned();
        }
        let effect = self.open.remove(self.dice.below(self.open.len()));
        let told = format!("an answer to {effect:?}");
        if let Some(message) = self.done(effect) {
            self.said.push((message, self.n_written.clone()));
        }
        if self.dice.below(2) == 0 { format!("{told}; {}", self.tell()) } else { told }
    }

    /// One of the answers arrives; what was seen of a file before it was written must change nothing.
    fn tell(&mut self) -> String {
        if self.said.is_empty() {
            return "nothing to tell".to_owned();
        }
        let (message, n_written) = self.said.remove(self.dice.below(self.said.len()));
        let told = format!("told: {message:?}");
        let is_look = matches!(message, Msg::Disk(Disk::Looked(_)));
        let is_old = |path: &Path| is_look && self.n_written.get(path) != n_written.get(path);
        let documents = self.model.editor.documents.iter();
        let old: Vec<(PathBuf, String)> = documents
            .filter(|document| is_old(&document.path))
            .map(|document| (document.path.clone(), document.buffer.text()))
            .collect();
        self.take(message);
        for (path, text) in old {
            let mut documents = self.model.editor.documents.iter();
            let now = documents.find(|document| document.path == path).unwrap();
            assert_eq!(now.buffer.text(), text, "an old look took a saved text back");
        }
        told
    }

    fn done(&mut self, effect: Effect) -> Option<Msg> {
        Some(match effect {
            Effect::ReadFiles(opening) => {
                let inside = NAMES.iter().map(|name| opening.path.join(name));
                let there = inside.filter(|path| self.disk.contains_key(path));
                let read: Vec<FileRead> = there.map(|path| self.read(&path)).collect();
                Msg::Disk(Disk::Files(opening, Ok(read)))
            }
            Effect::Look(known) => Msg::Disk(Disk::Looked(self.look(known))),
            Effect::Write(writing) => self.write(writing),
            Effect::WriteCopies(copies) => {
                let answer = if self.dice.below(2) == 0 {
                    Ok(PathBuf::from(OWN))
                } else {
                    Err("It is there already".to_owned())
                };
                Msg::Disk(Disk::Copied(copies, answer))
            }
            Effect::ListFolder(_) => {
                let entry = Entry { is_file: true, name: "INCAR".to_owned() };
                Msg::Disk(Disk::Folder(OWN.into(), Ok(vec![entry])))
            }
            Effect::Call(Call::Inputs(id)) => Msg::Reply(Reply::Inputs(id, Ok(detail()))),
            Effect::Call(Call::Complete(at)) => {
                let item =
                    |label: &str| Proposal { label: label.to_owned(), ..Proposal::default() };
                Msg::Reply(Reply::Complete(at, Ok(vec![item("ENCUT"), item("11")])))
            }
            _ => return None,
        })
    }

    fn look(&self, known: Vec<Known>) -> Vec<Sight> {
        let sight =
            |known: Known| Sight { file: self.read(&known.path), generation: known.generation };
        known.into_iter().map(sight).collect()
    }

    /// A disk that does what `sys::disk` does: it looks before it writes.
    fn write(&mut self, writing: Writing) -> Msg {
        let found = self.read(&writing.path);
        let written = if !holds_the_same(found.seen, writing.expected) {
            Err(Unwritten::Differs(Box::new(found)))
        } else if self.dice.below(5) == 0 {
            Err(Unwritten::Failed("The disk is full".to_owned()))
        } else {
            let now = seen(&writing.text);
            self.disk.insert(writing.path.clone(), writing.text);
            *self.n_written.entry(writing.path.clone()).or_default() += 1;
            Ok(now)
        };
        Msg::Disk(Disk::Written(writing.path, writing.revision, written))
    }

    fn before(&self) -> BTreeMap<PathBuf, Before> {
        let before = |document: &Document| Before {
            text: document.buffer.text(),
            is_changed: document.buffer.is_changed(),
            is_read_only: document.is_read_only,
            has_theirs: document.on_disk.theirs.is_some(),
            seen: document.on_disk.seen,
        };
        let documents = self.model.editor.documents.iter();
        documents.map(|document| (document.path.clone(), before(document))).collect()
    }

    /// Let something happen, and see that nothing happens which must not.
    fn take(&mut self, message: Msg) {
        let before = self.before();
        let screen = self.model.screen;
        let key = match &message {
            Msg::Key(key) => Some(*key),
            _ => None,
        };
        let is_reply = matches!(message, Msg::Disk(_) | Msg::Reply(_) | Msg::Look);
        let answers = answered_question(&self.model, key);
        let is_save = wants_to_save(&self.model, key);
        let letter = typed_letter(&self.model, key);
        let written = match &message {
            Msg::Disk(Disk::Written(path, _, _)) => Some(path.clone()),
            _ => None,
        };
        let is_read = matches!(message, Msg::Disk(Disk::Files(..)));
        let effects = update(&mut self.model, message).effects;

        self.screen_is_left_only_by_keys(screen, key, is_reply);
        self.writes_are_wanted(&before, &effects, is_save, written.as_deref());
        for document in &self.model.editor.documents {
            let Some(old) = before.get(&document.path) else { continue };
            text_changes_rightly(document, old, is_reply, is_read);
            disk_is_known(document, old, answers, written.as_deref(), is_read);
        }
        if let Some(letter) = letter {
            let document = self.model.editor.document().unwrap();
            let place = document.buffer.cursor();
            let line = document.buffer.line(place.line);
            assert_eq!(
                line.chars().nth(place.character - 1),
                Some(letter),
                "what was typed is there"
            );
            let is_told = |effect: &Effect| matches!(effect, Effect::Tell(_));
            assert!(effects.iter().all(is_told), "a letter did {effects:?}");
        }
        self.open.extend(effects);
    }

    fn screen_is_left_only_by_keys(&self, before: Screen, key: Option<KeyEvent>, is_reply: bool) {
        let is_left = before == Screen::Editor && self.model.screen != Screen::Editor;
        assert!(!(is_left && is_reply), "an answer left the editor");
        let is_escape = key.is_some_and(|key| key.code == KeyCode::Esc);
        assert!(!(is_left && is_escape), "Esc left the editor");
    }

    fn writes_are_wanted(
        &mut self,
        before: &BTreeMap<PathBuf, Before>,
        effects: &[Effect],
        is_save: bool,
        written: Option<&Path>,
    ) {
        if is_save {
            self.wanted.extend(before.keys().map(|path| (path.clone(), true)));
        }
        for effect in effects {
            let Effect::Write(writing) = effect else { continue };
            let old = &before[&writing.path];
            let is_next = written == Some(writing.path.as_path())
                && self.wanted.get(&writing.path) == Some(&true);
            assert!(is_save || is_next, "written without a wish");
            assert!(
                !old.is_read_only && writing.path.starts_with(OWN),
                "the file of a job is written"
            );
            assert!(!old.has_theirs, "written over what others wrote, without an answer");
            assert!(
                is_next || holds_the_same(writing.expected, old.seen),
                "expects what it never saw"
            );
        }
        if let Some(path) = written {
            self.wanted.remove(path);
        }
    }
}

/// Whether a key saves, or chooses that from the commands.
fn wants_to_save(model: &Model, key: Option<KeyEvent>) -> bool {
    let Some(key) = key else { return false };
    let pick = match &model.overlay {
        Some(Overlay::Chooser(chooser)) => chooser.choice().map(|choice| choice.pick),
        _ => None,
    };
    let is_chosen = matches!(key.code, KeyCode::Enter | KeyCode::Tab)
        && matches!(pick, Some(Pick::Command(Command::Save | Command::SaveAll)));
    let is_held = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    is_chosen || (key.code == KeyCode::Char('s') && is_held)
}

/// Whether a key chooses what is done with a file that others changed.
fn answered_question(model: &Model, key: Option<KeyEvent>) -> bool {
    let is_chosen = key.is_some_and(|key| matches!(key.code, KeyCode::Enter | KeyCode::Tab));
    let Some(Overlay::Chooser(chooser)) = &model.overlay else { return false };
    let pick = chooser.choice().map(|choice| choice.pick);
    is_chosen && matches!(pick, Some(Pick::Settle(..)))
}

/// The letter that goes into a text: nothing stands above it, and it may be changed.
fn typed_letter(model: &Model, key: Option<KeyEvent>) -> Option<char> {
    let document = model.editor.document()?;
    let is_open = model.screen == Screen::Editor
        && model.overlay.is_none()
        && model.editor.find.is_none()
        && !document.is_read_only;
    match key? {
        KeyEvent { code: KeyCode::Char(letter), modifiers: KeyModifiers::NONE, .. } if is_open => {
            Some(letter)
        }
        _ => None,
    }
}

fn text_changes_rightly(document: &Document, old: &Before, is_reply: bool, is_read: bool) {
    let text = document.buffer.text();
    if text == old.text || is_read {
        return;
    }
    let is_on_disk = || {
        let on_disk = Some(seen(&document.text_for_disk()));
        holds_the_same(document.on_disk.seen, on_disk) && !document.is_unsaved()
    };
    assert!(
        !is_reply || !old.is_changed,
        "an answer changed text that is not saved: {:?} became {text:?}",
        old.text
    );
    assert!(!is_reply || is_on_disk(), "an answer made a text that is nowhere");
    assert!(!old.is_read_only || is_reply, "the file of a job was changed by a key");
}

/// A file is known as another only when its text is here, or the user has decided, or it was written.
fn disk_is_known(
    document: &Document,
    old: &Before,
    answers: bool,
    written: Option<&Path>,
    is_read: bool,
) {
    let is_same = holds_the_same(document.on_disk.seen, old.seen);
    let is_written = written == Some(document.path.as_path());
    let is_here = holds_the_same(document.on_disk.seen, Some(seen(&document.text_for_disk())));
    assert!(
        is_same || answers || is_written || is_here || is_read,
        "taken as seen without an answer"
    );
}

#[test]
fn nothing_is_lost_and_nothing_written_unasked_whatever_happens() {
    for seed in 1..=SEEDS {
        let done = std::cell::RefCell::new(Vec::new());
        let _telling = Telling { seed, done: &done };
        let mut world = World::new(seed);
        for step in 0..STEPS {
            let told = world.step();
            done.borrow_mut().push(told);
            if step % 50 == 0 {
                painted(&world.model, 120, 30);
            }
        }
    }
}

/// The machine reaches what it is about, or it would find nothing.
#[test]
fn the_machine_meets_conflicts_saves_and_files_of_jobs() {
    let (mut n_conflicts, mut n_answers, mut n_writes, mut n_refused, mut n_recorded) =
        (0, 0, 0, 0, 0);
    for seed in 1..=SEEDS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            let disk_before = world.disk.clone();
            let asked = answered_question(&world.model, Some(KeyEvent::from(KeyCode::Enter)));
            let told = world.step();
            let is_write = told.contains("answer to Write(");
            n_writes += usize::from(is_write && world.disk != disk_before);
            n_refused += usize::from(is_write && world.disk == disk_before);
            n_answers += usize::from(asked && told.ends_with("Enter"));
            n_recorded += usize::from(world.model.editor.recorded.is_some());
            let documents = &world.model.editor.documents;
            n_conflicts += documents.iter().filter(|one| one.on_disk.theirs.is_some()).count();
        }
    }
    let reached = [n_conflicts, n_answers, n_writes, n_refused, n_recorded];
    assert!(reached.iter().all(|count| *count > 100), "{reached:?}");
}
