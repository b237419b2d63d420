//! What every screen looks like, empty, loading, failed and full, at two sizes. A wanted change is
//! written with `CRYSTALMATH_SNAPSHOTS=write cargo test --release --test snapshots`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{
    creating, details, editing, painted, press, ready, remark, row, snapshot, started, type_text,
    with_jobs,
};
use crystalmath_tui::api::wire::{Fault, InputRemarks, JobDetail, JobState, JobsPage, Severity};
use crystalmath_tui::editor::Recorded;
use crystalmath_tui::lsp::types::{Action, Proposal};
use crystalmath_tui::model::Model;
use crystalmath_tui::msg::{Call, Disk, Effect, Entry, Msg, Opening, Reply, ServerInfo};
use crystalmath_tui::update::update;

fn both_sizes(name: &str, mut model: Model) {
    for (width, height) in [(80, 24), (120, 40)] {
        update(&mut model, Msg::Resize(width, height));
        snapshot(&format!("{name}-{width}x{height}"), &painted(&model, width, height));
    }
}

fn fault() -> Fault {
    Fault::local("The engine worker died.", "Ask again; the log tells more (F12).")
}

fn many_jobs() -> Model {
    let states = [
        JobState::Running,
        JobState::Queued,
        JobState::Failed,
        JobState::Finished,
        JobState::Paused,
        JobState::Killed,
        JobState::Asking,
    ];
    let names = [("Si2", "silicon"), ("GaAs", "gallium arsenide"), ("MgO", "magnesia 東京")];
    let jobs = (1..=60).rev().map(|id| {
        let index = usize::try_from(id).unwrap();
        let (formula, label) = names[index % names.len()];
        let template = ["relax", "static", "relax_bands"][index % 3].to_owned();
        let state = if id > 50 { states[index % states.len()] } else { JobState::Finished };
        let label = format!("{label}, run {id}");
        let known = row(id, state);
        crystalmath_tui::api::wire::JobRow {
            formula: Some(formula.to_owned()),
            template: Some(template),
            label,
            ..known
        }
    });
    let page = JobsPage { jobs: jobs.collect(), next: None, counts: None };
    let mut model = ready();
    update(&mut model, Msg::Reply(Reply::List(Ok(page))));
    model
}

#[test]
fn jobs() {
    both_sizes("jobs-loading", ready());
    both_sizes("jobs-empty", with_jobs(&[], JobState::Created));
    let mut failed = ready();
    update(&mut failed, Msg::Reply(Reply::List(Err(fault()))));
    both_sizes("jobs-error", failed);
    both_sizes("jobs-full", many_jobs());
    let mut filtered = many_jobs();
    press(&mut filtered, "space space s /");
    type_text(&mut filtered, "formula:Si -state:failed");
    both_sizes("jobs-filtered", filtered);
    let mut lost = many_jobs();
    update(
        &mut lost,
        Msg::Lost("The server ended: signal 9.".to_owned(), std::time::Instant::now()),
    );
    both_sizes("jobs-lost", lost);
}

const DETAIL: &str = r#"{"id": 60, "uuid": "8a2c", "label": "silicon, run 60", "formula": "Si2",
    "template": "relax", "n_atoms": 2, "state": "finished", "exit_status": 0,
    "code": "vasp",
    "created_at": "2026-11-22T10:00:00Z", "modified_at": "2026-11-22T10:01:00Z", "foreign": false}"#;
const CARD: &str = r#"{"id": 60, "uuid": "8a2c", "state": "finished", "exit_status": 0,
    "formula": "Si2", "n_atoms": 2, "energy_ev": -10.84, "energy_per_atom_ev": -5.42,
    "max_force_ev_per_angstrom": 0.0031, "volume_angstrom3": 40.05, "pressure_kbar": -1.2,
    "standin": true, "band_gap_ev": 0.61, "is_metal": false, "converged_electronic": true,
    "converged_ionic": true, "n_ionic_steps": 4, "step": "relax", "template": "relax",
    "label": "silicon, run 60", "directory": "/work/8a/2c", "warnings": ["The cell grew by 4 %."]}"#;
const STEP: &str = r#"{"index": 1, "name": "relax", "id": 61, "uuid": "8a2d", "state": "finished",
    "exit_status": 0, "created_at": "2026-11-22T10:00:00Z",
    "modified_at": "2026-11-22T10:01:00Z"}"#;

fn detail() -> Box<JobDetail> {
    let text = format!(r#"{{"job": {DETAIL}, "steps": [{STEP}], "card": {CARD}}}"#);
    serde_json::from_str(&text).unwrap()
}

fn opened() -> Model {
    let mut model = many_jobs();
    press(&mut model, "enter");
    model
}

#[test]
fn card() {
    both_sizes("card-loading", opened());
    let mut failed = opened();
    update(&mut failed, Msg::Reply(Reply::Get(Err(fault()))));
    both_sizes("card-error", failed);
    let mut full = opened();
    update(&mut full, Msg::Reply(Reply::Get(Ok(detail()))));
    both_sizes("card-full", full);
}

fn selected() -> Model {
    let mut model = ready();
    let methods = ["jobs.get", "jobs.tree", "jobs.log"].map(str::to_owned).into();
    update(&mut model, Msg::Ready(ServerInfo { methods, ..common::server() }));
    let Msg::Reply(Reply::List(Ok(page))) = common::page(&[61, 60, 59], JobState::Finished) else {
        panic!("a page")
    };
    update(&mut model, Msg::Reply(Reply::List(Ok(page))));
    update(&mut model, Msg::Resize(120, 40));
    press(&mut model, "j");
    update(&mut model, Msg::Glance);
    model
}

#[test]
fn tree_and_pane() {
    let mut loading = selected();
    press(&mut loading, "l");
    both_sizes("tree-loading", loading);
    let mut failed = selected();
    press(&mut failed, "l");
    update(&mut failed, Msg::Reply(Reply::Tree(60, Err(fault()))));
    update(&mut failed, Msg::Reply(Reply::Glance(60, Err(fault()))));
    both_sizes("tree-error", failed);
    let mut full = selected();
    press(&mut full, "l");
    let node = |id: i64, name: &str, kind: &str, state: &str, exit: &str, below: &str| {
        format!(
            r#"{{"id": {id}, "uuid": "", "name": "{name}", "kind": "{kind}", "state": "{state}",
            {exit}, "created_at": "", "modified_at": "", "children": [{below}]}}"#
        )
    };
    let fine = r#""exit_status": 0, "exit_message": null"#;
    let wrong = r#""exit_status": 310, "exit_message": "VASP stopped: ZPOTRF failed""#;
    let inner = node(64, "relax 2", "VaspCalcJob", "failed", wrong, "");
    let below = [
        node(62, "relax 1", "prepare_vasp", "finished", fine, ""),
        node(63, "relax 1", "VaspCalcJob", "finished", fine, ""),
        node(65, "second", "FlowWorkChain", "failed", wrong, &inner),
    ];
    let tree = node(60, "relax", "FlowWorkChain", "failed", wrong, &below.join(","));
    update(&mut full, Msg::Reply(Reply::Tree(60, Ok(from(&tree)))));
    update(&mut full, Msg::Reply(Reply::Glance(60, Ok(detail()))));
    press(&mut full, "j j j l k k k");
    both_sizes("tree-full", full);
}

#[test]
fn search() {
    let mut model = selected();
    press(&mut model, "enter tab");
    let output = r"running\nDAV: 1 -0.1\nDAV: 2 -0.2\nLAPACK: ZPOTRF failed! 8\n";
    let log =
        format!(r#"{{"report": "no report", "output_name": "vasp.out", "output": "{output}"}}"#);
    update(&mut model, Msg::Reply(Reply::Said(60, Ok(from(&log)))));
    press(&mut model, "/");
    type_text(&mut model, "dav");
    both_sizes("search-writing", model);
    let mut model = selected();
    press(&mut model, "E");
    update(&mut model, Msg::Reply(Reply::Said(60, Ok(from(&log)))));
    press(&mut model, "n");
    both_sizes("search-found", model);
}

#[test]
fn create() {
    let mut model = ready();
    press(&mut model, "n");
    both_sizes("create-empty", model);
    let mut model = ready();
    press(&mut model, "n");
    type_text(&mut model, "/home/me/silicon/POSCAR\n\n\nENCUT = 600\n\n\n\n\n\nmy silicon");
    press(&mut model, "enter");
    both_sizes("create-loading", model);
    let mut model = ready();
    press(&mut model, "n");
    type_text(&mut model, "/home/me/silicon/POSCAR\n\n\n\n\n\n\n\n\n\n");
    let refusal = Fault::local("POSCAR, line 3: no number.", "Correct the lattice vector.");
    update(&mut model, Msg::Reply(Reply::Submit(Err(refusal))));
    both_sizes("create-error", model);
}

/// A form with a structure whose template is known.
fn filled() -> Model {
    let mut model = creating();
    press(&mut model, "n");
    type_text(&mut model, "/home/me/silicon/POSCAR\n\n");
    update(&mut model, Msg::Reply(Reply::Template("relax".to_owned(), Ok(details("relax")))));
    model
}

#[test]
fn create_with_what_the_server_says() {
    let mut model = filled();
    type_text(&mut model, "steps = many\nENCUT = 600\n\n8\n2\n90min\n");
    both_sizes("create-wrong", model);
    let mut model = filled();
    press(&mut model, "f5");
    let remarks = vec![remark(Severity::Warning, "slow"), remark(Severity::Error, "bad-tag")];
    update(&mut model, Msg::Reply(Reply::Check(Ok(InputRemarks { remarks }))));
    let text = r#"{"step": 1, "steps": ["relax", "static"], "files": {"INCAR": "ENCUT = 520",
        "KPOINTS": "mesh\n0\nGamma\n4 4 4\n", "POSCAR": "Si2\n1.0\n0.0 2.7 2.7\n"},
        "incar": [{"tag": "ENCUT", "value": "520", "source": "input set"},
            {"tag": "ISMEAR", "value": "0", "source": "derived"}],
        "potcar_symbols": ["Si"], "potcar_functional": "PBE_54", "permutation": [],
        "remarks": []}"#;
    update(&mut model, Msg::Reply(Reply::Preview(Ok(from(text)))));
    both_sizes("create-inputs", model);
    let mut model = filled();
    press(&mut model, "f5 esc");
    let remarks = vec![remark(Severity::Warning, "slow"), remark(Severity::Error, "bad-tag")];
    update(&mut model, Msg::Reply(Reply::Check(Ok(InputRemarks { remarks }))));
    both_sizes("create-full", model);
}

#[test]
fn parameters() {
    let mut loading = creating();
    press(&mut loading, "n");
    type_text(&mut loading, "/home/me/silicon/POSCAR\n\n");
    press(&mut loading, "ctrl-o");
    both_sizes("parameters-loading", loading);
    let mut failed = creating();
    press(&mut failed, "n");
    type_text(&mut failed, "/home/me/silicon/POSCAR\n\n");
    update(&mut failed, Msg::Reply(Reply::Template("relax".to_owned(), Err(fault()))));
    press(&mut failed, "ctrl-o");
    both_sizes("parameters-error", failed);
    let mut empty = filled();
    press(&mut empty, "ctrl-o");
    type_text(&mut empty, "nothing such");
    both_sizes("parameters-empty", empty);
    let mut full = filled();
    type_text(&mut full, "input_set_generator.vdw = df2");
    press(&mut full, "ctrl-o down down down");
    both_sizes("parameters-full", full);
    let mut wrong = filled();
    press(&mut wrong, "ctrl-o");
    type_text(&mut wrong, "sym\nsmall\n");
    both_sizes("parameters-wrong", wrong);
    let mut choice = filled();
    press(&mut choice, "ctrl-o");
    type_text(&mut choice, "vdw\n");
    both_sizes("parameters-choice", choice);
}

#[test]
fn templates() {
    let mut model = creating();
    press(&mut model, "4");
    both_sizes("templates-loading", model);
    let mut model = creating();
    press(&mut model, "4");
    update(&mut model, Msg::Reply(Reply::Templates(Err(fault()))));
    both_sizes("templates-error", model);
    let mut model = creating();
    press(&mut model, "4");
    update(&mut model, Msg::Reply(Reply::Templates(Ok(common::templates()))));
    press(&mut model, "/");
    type_text(&mut model, "nothing such");
    both_sizes("templates-empty", model);
    let mut model = filled();
    press(&mut model, "alt-4");
    update(&mut model, Msg::Reply(Reply::Templates(Ok(common::templates()))));
    let reply = Reply::Template("static".to_owned(), Ok(details("static")));
    let Some(Effect::Call(Call::Potcars(params))) =
        update(&mut model, Msg::Reply(reply)).effects.first().cloned()
    else {
        panic!("asked")
    };
    let needs = from(
        r#"{"needs": [{"functional": "PBE_54", "needed": ["Si", "O"], "missing": ["O"],
        "found": []}]}"#,
    );
    update(&mut model, Msg::Reply(Reply::Potcars(params, Ok(needs))));
    both_sizes("templates-full", model);
}

#[test]
fn editor() {
    let mut empty = with_jobs(&[1], JobState::Finished);
    press(&mut empty, "3");
    both_sizes("editor-empty", empty);
    let mut loading = with_jobs(&[1], JobState::Finished);
    press(&mut loading, "3");
    loading.editor.loading = true;
    both_sizes("editor-loading", loading);
    let mut failed = with_jobs(&[1], JobState::Finished);
    press(&mut failed, "3");
    let refusal = Err("/calc: Permission denied".to_owned());
    update(
        &mut failed,
        Msg::Disk(Disk::Files(Opening { path: "/calc".into(), ..Opening::default() }, refusal)),
    );
    both_sizes("editor-error", failed);
    let mut full = editing();
    press(&mut full, "f8");
    both_sizes("editor-full", full);
}

#[test]
fn editor_beside_others() {
    let mut settling = editing();
    type_text(&mut settling, "x");
    let theirs = common::INCAR.replace("520", "600");
    let message = common::looked(&settling, "/calc/INCAR", Some(&theirs));
    update(&mut settling, message);
    both_sizes("editor-changed-on-disk", settling);
    let mut asked = editing();
    type_text(&mut asked, "x");
    let message = common::looked(&asked, "/calc/INCAR", Some(&theirs));
    update(&mut asked, message);
    press(&mut asked, "ctrl-s");
    both_sizes("editor-settle", asked);
    let mut recorded = with_jobs(&[137], JobState::Finished);
    press(&mut recorded, "3");
    let opening = Opening {
        path: "/run/ab/cd/3".into(),
        recorded: Some(Recorded::step(137, 3, 5)),
        ..Opening::default()
    };
    let read = vec![common::file_read("/run/ab/cd/3/INCAR", common::INCAR)];
    update(&mut recorded, Msg::Disk(Disk::Files(opening, Ok(read))));
    type_text(&mut recorded, "x");
    both_sizes("editor-read-only", recorded);
}

#[test]
fn editor_popups() {
    let mut model = editing();
    press(&mut model, "down down end enter");
    type_text(&mut model, "EN");
    press(&mut model, "ctrl-space");
    let at = model.editor.document().unwrap().at();
    let item = |(label, detail): (&str, &str)| Proposal {
        label: label.to_owned(),
        detail: detail.to_owned(),
        ..Proposal::default()
    };
    let items = [("ENCUT", "real"), ("ENAUG", "real"), ("ENINI", "real")].map(item).to_vec();
    update(&mut model, Msg::Reply(Reply::Complete(at, Ok(items))));
    both_sizes("editor-completion", model);
    let mut model = editing();
    let effects = press(&mut model, "f8 f4").remove(1).effects;
    let Some(Effect::Call(Call::Fixes(at, _))) = effects.first().cloned() else { panic!("asked") };
    let action = |title: &str| Action { title: title.to_owned(), ..from("{\"title\": \"\"}") };
    let actions = vec![action("Write ISMEAR"), action("Make all safe fixes")];
    update(&mut model, Msg::Reply(Reply::Fixes(at, Ok(actions))));
    both_sizes("editor-fixes", model);
}

fn from<T: for<'de> serde::Deserialize<'de>>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

#[test]
fn above_the_screens() {
    let mut model = many_jobs();
    press(&mut model, "?");
    both_sizes("help", model);
    let mut model = many_jobs();
    press(&mut model, "ctrl-p");
    type_text(&mut model, "go");
    both_sizes("palette", model);
    let mut model = many_jobs();
    update(&mut model, Msg::Log("crystalmath-server: listening".to_owned()));
    press(&mut model, "f12");
    both_sizes("log", model);
    let mut model = editing();
    type_text(&mut model, "x");
    press(&mut model, "ctrl-c");
    both_sizes("question", model);
    let mut model = ready();
    press(&mut model, "n ctrl-o");
    let entry = |(is_file, name): (bool, &str)| Entry { is_file, name: name.to_owned() };
    let entries = [(false, "silicon"), (true, "GaAs.cif"), (true, "POSCAR")].map(entry).to_vec();
    update(&mut model, Msg::Disk(Disk::Folder("/home/me".into(), Ok(entries))));
    both_sizes("picker", model);
}

#[test]
fn a_server_of_another_version() {
    let mut model = started((80, 24));
    update(
        &mut model,
        Msg::Refused(Fault::local(
            "This terminal UI speaks version 1 of the protocol, the server version 99.",
            "Install both of one release: pip install --upgrade crystalmath crystalmath-tui",
        )),
    );
    both_sizes("refused", model);
}
