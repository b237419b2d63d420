//! What the tests of the screens share: models in a known state, keys, and what is painted.

#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

pub mod dice;

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use crystalmath_tui::api::wire::{
    Fault, InputRemark, InputRemarkSource, JobRow, JobState, JobsPage, Kind, Severity, Template,
    TemplateDetails, Templates,
};
use crystalmath_tui::config::Config;
use crystalmath_tui::editor::{Seen, Stamp};
use crystalmath_tui::keymap::Key;
use crystalmath_tui::lsp::types::Published;
use crystalmath_tui::model::Model;
use crystalmath_tui::msg::{
    Call, Disk, Effect, FileRead, Msg, Opening, Reply, ServerInfo, Sight, Writing,
};
use crystalmath_tui::update::{Outcome, update};
use crystalmath_tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

pub fn row(id: i64, state: JobState) -> JobRow {
    JobRow {
        id,
        uuid: format!("uuid-{id}"),
        label: format!("label {id} 東京"),
        formula: Some("Si2".to_owned()),
        template: Some("relax".to_owned()),
        n_atoms: Some(2),
        code: Some("vasp".to_owned()),
        state,
        exit_status: None,
        exit_message: None,
        created_at: "2026-11-22T10:00:00.000+00:00".to_owned(),
        modified_at: "2026-11-22T10:00:00.000+00:00".to_owned(),
        foreign: false,
    }
}

pub fn page(ids: &[i64], state: JobState) -> Msg {
    let jobs = ids.iter().map(|&id| row(id, state)).collect();
    Msg::Reply(Reply::List(Ok(JobsPage { jobs, next: None, counts: None })))
}

pub fn key(code: KeyCode) -> Msg {
    Msg::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

pub fn ctrl(letter: char) -> Msg {
    Msg::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL))
}

pub fn server() -> ServerInfo {
    ServerInfo { version: "0.1.0".to_owned(), ..ServerInfo::default() }
}

pub fn started(size: (u16, u16)) -> Model {
    Model::new(Config::default(), size)
}

pub fn ready() -> Model {
    let mut model = started((80, 24));
    update(&mut model, Msg::Ready(server()));
    model
}

pub fn with_jobs(ids: &[i64], state: JobState) -> Model {
    let mut model = ready();
    update(&mut model, page(ids, state));
    model
}

/// A model whose server serves these methods and has these jobs.
pub fn serving(methods: &[&str], ids: &[i64], state: JobState) -> Model {
    let mut model = started((100, 30));
    let methods = methods.iter().map(|name| (*name).to_owned()).collect();
    update(&mut model, Msg::Ready(ServerInfo { methods, ..server() }));
    update(&mut model, page(ids, state));
    model
}

/// The questions among the effects.
pub fn calls(effects: &[Effect]) -> Vec<&Call> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Call(call) => Some(call),
            _ => None,
        })
        .collect()
}

pub fn from<T: for<'de> serde::Deserialize<'de>>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

pub fn painted(model: &Model, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view::draw(model, frame)).unwrap();
    terminal.backend().to_string()
}

pub fn press(model: &mut Model, keys: &str) -> Vec<Outcome> {
    keys.split_whitespace()
        .map(|name| {
            assert!(Key::parse(name).is_some(), "{name}");
            let (name, mut modifiers) = match name.strip_prefix("ctrl-") {
                Some(rest) => (rest, KeyModifiers::CONTROL),
                None => (name, KeyModifiers::NONE),
            };
            let name = match name.strip_prefix("alt-") {
                Some(rest) => {
                    modifiers |= KeyModifiers::ALT;
                    rest
                }
                None => name,
            };
            let code = match name {
                "enter" => KeyCode::Enter,
                "esc" => KeyCode::Esc,
                "tab" => KeyCode::Tab,
                "up" => KeyCode::Up,
                "down" => KeyCode::Down,
                "left" => KeyCode::Left,
                "right" => KeyCode::Right,
                "home" => KeyCode::Home,
                "end" => KeyCode::End,
                "space" => KeyCode::Char(' '),
                "f1" => KeyCode::F(1),
                "f2" => KeyCode::F(2),
                "f5" => KeyCode::F(5),
                "f4" => KeyCode::F(4),
                "f6" => KeyCode::F(6),
                "f7" => KeyCode::F(7),
                "f8" => KeyCode::F(8),
                "f9" => KeyCode::F(9),
                "f12" => KeyCode::F(12),
                "backspace" => KeyCode::Backspace,
                letter => KeyCode::Char(letter.chars().next().unwrap()),
            };
            update(model, Msg::Key(KeyEvent::new(code, modifiers)))
        })
        .collect()
}

pub fn type_text(model: &mut Model, text: &str) -> Vec<Effect> {
    text.chars()
        .flat_map(|character| {
            let code = match character {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                character => KeyCode::Char(character),
            };
            update(model, key(code)).effects
        })
        .collect()
}

pub fn files(texts: &[(&str, &str)]) -> Msg {
    let opening = Opening { path: PathBuf::from("/calc"), ..Opening::default() };
    let read = texts.iter().map(|(name, text)| file_read(&format!("/calc/{name}"), text));
    Msg::Disk(Disk::Files(opening, Ok(read.collect())))
}

/// The answer of a disk that has written a text.
pub fn written(writing: &Writing) -> Msg {
    let seen = Seen::new(Stamp::default(), writing.text.as_bytes());
    Msg::Disk(Disk::Written(writing.path.clone(), writing.revision, Ok(seen)))
}

/// The answer of a disk that has found a file changed, or removed.
pub fn looked(model: &Model, path: &str, text: Option<&str>) -> Msg {
    let known = model.editor.known(false).into_iter().find(|known| known.path == Path::new(path));
    let gone = FileRead { path: PathBuf::from(path), text: Err("gone".to_owned()), seen: None };
    let file = text.map_or(gone, |text| file_read(path, text));
    Msg::Disk(Disk::Looked(vec![Sight { file, generation: known.unwrap().generation }]))
}

pub fn ctrl_end() -> Msg {
    Msg::Key(KeyEvent::new(KeyCode::End, KeyModifiers::CONTROL))
}

/// A file as the disk gives it.
pub fn file_read(path: &str, text: &str) -> FileRead {
    let seen = Some(Seen::new(Stamp::default(), text.as_bytes()));
    FileRead { path: PathBuf::from(path), text: Ok(text.to_owned()), seen }
}

pub const INCAR: &str = "SYSTEM = silicon # a comment\nENCUT = 520\nISMAER = 0\n";
pub const KPOINTS: &str = "mesh\n0\nGamma\n4 4 4\n0 0 0\n";
pub const POSCAR: &str =
    "Si2\n1.0\n0.0 2.7 2.7\n2.7 0.0 2.7\n2.7 2.7 0.0\nSi\n2\nDirect\n0 0 0\n0.25 0.25 0.25\n";

pub fn editing() -> Model {
    let mut model = with_jobs(&[1], JobState::Finished);
    press(&mut model, "3");
    update(&mut model, files(&[("INCAR", INCAR), ("KPOINTS", KPOINTS), ("POSCAR", POSCAR)]));
    update(&mut model, Msg::Diagnostics(misspelt()));
    model
}

pub fn misspelt() -> Published {
    let text = r#"{"uri": "file:///calc/INCAR", "version": 1, "diagnostics": [{"range":
        {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 6}}, "severity": 2,
        "code": "unknown-tag", "message": "VASP knows no tag ISMAER; ISMEAR is meant?"}]}"#;
    serde_json::from_str(text).unwrap()
}

pub fn text_of(model: &Model) -> String {
    model.editor.document().unwrap().buffer.text()
}

/// Compare with the file of this name; with `CRYSTALMATH_SNAPSHOTS=write` write it instead.
pub fn snapshot(name: &str, shown: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(format!("{name}.txt"));
    let lines: Vec<&str> = shown.lines().map(|line| line.trim_matches('"').trim_end()).collect();
    let text = lines.join("\n") + "\n";
    if std::env::var("CRYSTALMATH_SNAPSHOTS").is_ok_and(|wish| wish == "write") {
        std::fs::write(&path, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name} looks different");
}

/// A server that serves what a new calculation asks for.
pub fn creating() -> Model {
    let methods = [
        "templates.list",
        "templates.get",
        "codes.list",
        "inputs.preview",
        "inputs.check",
        "potcars.status",
        "jobs.submit",
    ];
    serving(&methods, &[], JobState::Created)
}

pub fn fault(message: &str, hint: &str) -> Fault {
    Fault::local(message, hint)
}

pub fn remark(severity: Severity, code: &str) -> InputRemark {
    InputRemark {
        severity,
        code: code.to_owned(),
        message: format!("About {code}."),
        source: InputRemarkSource::Vasp,
        step: 1,
        file: Some("INCAR".to_owned()),
        line: Some(3),
        url: None,
    }
}

pub fn templates() -> Templates {
    let template = |(name, title): (&str, &str)| Template {
        name: name.to_owned(),
        title: title.to_owned(),
        maker: String::new(),
        kind: Kind::Flow,
        curated: true,
    };
    let known = [
        ("static", "One self-consistent calculation"),
        ("relax", "Relaxation of cell and positions"),
        ("relax_bands", "Relaxation, then the band structure"),
        ("phonons", "Phonons from finite displacements"),
        ("MPMetaGGADoubleRelaxStaticMaker", "r2SCAN workflow of the Materials Project"),
    ];
    Templates { templates: known.map(template).to_vec() }
}

/// All about a template, as the server tells it.
pub fn details(name: &str) -> Box<TemplateDetails> {
    let text = r#"{"name": "", "title": "Relaxation of cell and positions", "about":
        "Lets atoms and cell move until the forces vanish.", "maker": "atomate2.vasp.RelaxMaker",
        "kind": "flow", "curated": true, "jobs": [
            {"name": "relax", "kind": "vasp", "input_set": "RelaxSetGenerator", "when": "start"},
            {"name": "summary", "kind": "python", "input_set": null, "when": "later"}],
        "inputs": [{"name": "structure", "required": true, "description": "The crystal."}],
        "packages": [{"name": "phonopy", "installed": true},
            {"name": "lobster", "installed": false}],
        "refusal": null, "schema": {"properties": {
            "name": {"type": "string", "default": "relax", "description": "The job name."},
            "steps": {"type": "integer"},
            "input_set_generator": {"type": "object", "properties": {
                "sym_prec": {"type": "number", "default": 0.1, "unit": "Å",
                    "description": "How far atoms may be from where symmetry wants them."},
                "auto_ispin": {"type": "boolean", "default": false},
                "vdw": {"enum": ["optPBE", "df2", null]},
                "bandgap": {"anyOf": [{"type": "number"}, {"type": "null"}], "default": null,
                    "unit": "eV"}}}}}}"#;
    let found: TemplateDetails = serde_json::from_str(text).unwrap();
    Box::new(TemplateDetails { name: name.to_owned(), ..found })
}
