//! Files that others change while they are open, and files of jobs, which nobody may change.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{
    INCAR, calls, ctrl, editing, file_read, files, from, looked, painted, press, text_of,
    type_text, written,
};
use crystalmath_tui::api::wire::{JobDetail, JobState};
use crystalmath_tui::lsp::types::Sync;
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{Call, Disk, Effect, Msg, Opening, Reply, Unwritten, Writing};
use crystalmath_tui::update::update;

const PATH: &str = "/calc/INCAR";
const THEIRS: &str = "SYSTEM = silicon # a comment\nENCUT = 600\nISMAER = 0\n";

fn writing(effects: &[Effect]) -> Option<&Writing> {
    effects.iter().find_map(|effect| match effect {
        Effect::Write(writing) => Some(writing),
        _ => None,
    })
}

fn others_write(model: &mut Model, text: Option<&str>) {
    let message = looked(model, PATH, text);
    update(model, message);
}

/// An editor in which the user wrote `x` in front, and others changed the file.
fn in_conflict(theirs: Option<&str>) -> Model {
    let mut model = editing();
    type_text(&mut model, "x");
    others_write(&mut model, theirs);
    model
}

fn save(model: &mut Model) -> Vec<Effect> {
    press(model, "ctrl-s").remove(0).effects
}

#[test]
fn an_unchanged_text_follows_its_file_and_the_cursor_stays() {
    let mut model = editing();
    press(&mut model, "down down right");
    let message = looked(&model, PATH, Some(THEIRS));
    let outcome = update(&mut model, message);
    assert!(matches!(outcome.effects.as_slice(), [Effect::Tell(Sync::Change { .. })]));
    let place = model.editor.document().unwrap().buffer.cursor();
    assert_eq!((text_of(&model).as_str(), place.line, place.character), (THEIRS, 2, 1));
    assert!(model.editor.unsaved().is_empty());
    assert!(painted(&model, 120, 24).contains("INCAR was changed on disk and is read again."));
    press(&mut model, "ctrl-z");
    assert_eq!((text_of(&model).as_str(), model.editor.unsaved().len()), (INCAR, 1));
    assert_eq!(save(&mut model).len(), 1);
}

#[test]
fn nothing_is_painted_when_nothing_changed() {
    let mut model = editing();
    let message = looked(&model, PATH, Some(INCAR));
    assert!(!update(&mut model, message).dirty);
    let asked = update(&mut model, Msg::Look);
    assert!(
        !asked.dirty
            && matches!(asked.effects.as_slice(), [Effect::Look(known)] if known.len() == 3)
    );
    assert_eq!(update(&mut common::ready(), Msg::Look).effects, []);
}

#[test]
fn what_others_wrote_is_not_written_over_without_an_answer() {
    let mut model = in_conflict(Some(THEIRS));
    assert!(model.overlay.is_none(), "who is writing is not interrupted");
    let screen = painted(&model, 120, 24);
    assert!(
        screen.contains("INCAR (changed on disk)") && screen.contains("Ctrl-S asks"),
        "{screen}"
    );
    assert_eq!(save(&mut model), []);
    assert!(painted(&model, 120, 24).contains("Keep my text"));
    press(&mut model, "esc");
    assert_eq!(save(&mut model), []);
    press(&mut model, "down enter");
    let effects = save(&mut model);
    let written_now = writing(&effects).unwrap();
    assert_eq!(written_now.text, format!("x{INCAR}"));
    assert_eq!(written_now.expected, file_read(PATH, THEIRS).seen);
}

#[test]
fn what_others_wrote_can_be_taken_and_that_undone() {
    let mut model = in_conflict(Some(THEIRS));
    save(&mut model);
    press(&mut model, "down down enter");
    assert_eq!((text_of(&model).as_str(), model.editor.unsaved().len()), (THEIRS, 0));
    press(&mut model, "ctrl-z");
    assert_eq!(text_of(&model), format!("x{INCAR}"));
    let effects = save(&mut model);
    assert_eq!(writing(&effects).unwrap().expected, file_read(PATH, THEIRS).seen);
}

#[test]
fn the_difference_is_shown_and_decides_nothing() {
    let mut model = in_conflict(Some(THEIRS));
    save(&mut model);
    press(&mut model, "enter");
    let screen = painted(&model, 120, 24);
    assert!(screen.contains("- ENCUT = 600") && screen.contains("+ ENCUT = 520"), "{screen}");
    press(&mut model, "esc");
    assert_eq!(save(&mut model), []);
}

#[test]
fn a_removed_file_is_made_again_only_after_an_answer() {
    let mut model = editing();
    others_write(&mut model, None);
    assert_eq!(model.editor.unsaved(), ["INCAR"]);
    assert!(painted(&model, 120, 24).contains("INCAR (removed from the disk)"));
    assert_eq!(save(&mut model), []);
    press(&mut model, "enter");
    let effects = save(&mut model);
    assert_eq!((writing(&effects).unwrap().expected, text_of(&model).as_str()), (None, INCAR));
    let mut model = in_conflict(None);
    save(&mut model);
    let effects = press(&mut model, "down enter").remove(1).effects;
    assert!(matches!(effects.as_slice(), [Effect::Tell(Sync::Close { .. })]));
    assert_eq!(model.editor.documents.len(), 2);
}

#[test]
fn a_file_that_is_as_it_was_again_is_no_longer_asked_about() {
    let mut model = in_conflict(None);
    others_write(&mut model, Some(INCAR));
    assert!(!painted(&model, 120, 24).contains("removed"));
    assert_eq!(save(&mut model).len(), 1);
}

#[test]
fn others_that_wrote_the_same_are_no_matter() {
    let mut model = in_conflict(Some(&format!("x{INCAR}")));
    assert!(model.editor.unsaved().is_empty());
    type_text(&mut model, "y");
    assert_eq!(save(&mut model).len(), 1);
}

#[test]
fn a_save_that_finds_another_file_asks_unless_the_user_writes_on() {
    for goes_on in [false, true] {
        let mut model = editing();
        type_text(&mut model, "x");
        let effects = save(&mut model);
        let revision = writing(&effects).unwrap().revision;
        if goes_on {
            type_text(&mut model, "y");
        }
        let found = Unwritten::Differs(Box::new(file_read(PATH, THEIRS)));
        update(&mut model, Msg::Disk(Disk::Written(PATH.into(), revision, Err(found))));
        assert_eq!(model.overlay.is_some(), !goes_on);
        press(&mut model, "esc");
        assert_eq!(save(&mut model), []);
        assert!(model.overlay.is_some());
    }
}

#[test]
fn a_look_from_before_a_save_takes_nothing_back() {
    let mut model = editing();
    type_text(&mut model, "x");
    let old = looked(&model, PATH, Some(INCAR));
    let effects = save(&mut model);
    let during = looked(&model, PATH, Some(&format!("x{INCAR}")));
    update(&mut model, during);
    update(&mut model, written(writing(&effects).unwrap()));
    update(&mut model, old);
    assert_eq!((text_of(&model), model.editor.unsaved().len()), (format!("x{INCAR}"), 0));
}

#[test]
fn a_second_save_waits_for_the_first() {
    let mut model = editing();
    type_text(&mut model, "x");
    let first = save(&mut model);
    type_text(&mut model, "y");
    assert_eq!(save(&mut model), []);
    let next = update(&mut model, written(writing(&first).unwrap())).effects;
    let next = writing(&next).unwrap();
    assert_eq!(next.text, format!("xy{INCAR}"));
    update(&mut model, written(next));
    assert!(model.editor.unsaved().is_empty());
}

#[test]
fn ctrl_r_and_the_same_folder_read_anew_and_keep_what_is_not_saved() {
    let mut model = editing();
    type_text(&mut model, "x");
    let effects = update(&mut model, ctrl('r')).effects;
    let forced = effects.iter().find_map(|effect| match effect {
        Effect::Look(known) => Some(known.iter().all(|known| known.is_forced)),
        _ => None,
    });
    let opening = effects.iter().find_map(|effect| match effect {
        Effect::ReadFiles(opening) => Some(opening.clone()),
        _ => None,
    });
    assert_eq!(forced, Some(true));
    let read = vec![file_read(PATH, THEIRS), file_read("/calc/KPOINTS_OPT", "new\n")];
    let opening = Opening { path: "/calc".into(), ..opening.unwrap() };
    let outcome = update(&mut model, Msg::Disk(Disk::Files(opening, Ok(read))));
    assert!(matches!(outcome.effects.as_slice(), [Effect::Tell(Sync::Open { .. })]));
    assert_eq!((text_of(&model), model.editor.documents.len()), (format!("x{INCAR}"), 4));
    press(&mut model, "ctrl-o");
    update(&mut model, Msg::Disk(Disk::Folder("/calc".into(), Ok(Vec::new()))));
    let effects = press(&mut model, "enter").remove(0).effects;
    assert!(matches!(effects.as_slice(), [Effect::Look(_), Effect::ReadFiles(_)]));
}

#[test]
fn only_the_files_that_were_asked_for_last_are_taken() {
    let mut model = editing();
    let mut opened = Vec::new();
    for folder in ["/one", "/two"] {
        press(&mut model, "ctrl-o");
        update(&mut model, Msg::Disk(Disk::Folder(folder.into(), Ok(Vec::new()))));
        let effects = press(&mut model, "enter").remove(0).effects;
        opened.extend(effects.into_iter().filter_map(|effect| match effect {
            Effect::ReadFiles(opening) => Some(opening),
            _ => None,
        }));
    }
    for opening in opened.into_iter().rev() {
        let read = vec![file_read(&format!("{}/INCAR", opening.path.display()), "A = 1\n")];
        update(&mut model, Msg::Disk(Disk::Files(opening, Ok(read))));
    }
    assert_eq!(model.editor.folder.as_deref(), Some(std::path::Path::new("/two")));
}

/// A job with steps, of which the card shows the last but one.
fn detail(id: i64, n_steps: usize) -> Box<JobDetail> {
    let step = |index: usize| {
        format!(
            r#"{{"index": {index}, "name": "static", "id": {}, "uuid": "s", "state": "finished",
            "exit_status": 0, "exit_message": null, "created_at": "", "modified_at": "",
            "directory": "/run/{index}"}}"#,
            1000 + index
        )
    };
    let steps: Vec<String> = (1..=n_steps).map(step).collect();
    let card = format!(
        r#"{{"id": {id}, "uuid": "u", "state": "finished", "formula": "Si2", "n_atoms": 2, "step": "static",
        "template": "relax", "label": "", "directory": "/run/{}", "warnings": []}}"#,
        n_steps.saturating_sub(1).max(1)
    );
    let job = r#"{"id": 1, "uuid": "u", "label": "", "formula": null, "template": null, "n_atoms": null,
        "code": null, "state": "finished", "exit_status": 0, "exit_message": null, "created_at": "",
        "modified_at": "", "foreign": false}"#;
    let text = format!(
        r#"{{"job": {job}, "steps": [{}], "card": {card}, "reason": null, "request": null, "restart_of": null}}"#,
        steps.join(",")
    );
    let mut detail: JobDetail = from(&text);
    detail.job.id = id;
    Box::new(detail)
}

fn serving() -> Model {
    common::serving(&["jobs.get"], &[2, 1], JobState::Finished)
}

fn opening(effects: &[Effect]) -> Opening {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::ReadFiles(opening) => Some(opening.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{effects:?}"))
}

/// The files of the only step of job 2, opened from the list.
fn looking() -> Model {
    let mut model = serving();
    let effects = press(&mut model, "e").remove(0).effects;
    assert_eq!(calls(&effects), [&Call::Inputs(2)]);
    let effects = update(&mut model, Msg::Reply(Reply::Inputs(2, Ok(detail(2, 1))))).effects;
    let read = vec![file_read("/run/1/INCAR", INCAR), file_read("/run/1/POSCAR", "Si\n")];
    update(&mut model, Msg::Disk(Disk::Files(opening(&effects), Ok(read))));
    model
}

#[test]
fn the_inputs_of_the_selected_job_are_shown_read_only() {
    let mut model = looking();
    let screen = painted(&model, 120, 24);
    assert!(screen.contains("job 2, read only · /run/1"), "{screen}");
    assert!(screen.contains("INCAR (read only)"), "{screen}");
    for keys in ["q", "enter", "backspace", "ctrl-z", "ctrl-x", "f4", "f6", "ctrl-s"] {
        assert_eq!(press(&mut model, keys).remove(0).effects, [], "{keys}");
        assert_eq!(text_of(&model), INCAR, "{keys}");
        let screen = painted(&model, 80, 24);
        assert!(
            screen.contains("Read only. Alt-W saves copies to edit, N on the job makes"),
            "{screen}"
        );
        press(&mut model, "esc");
    }
    update(&mut model, Msg::Paste("pasted".to_owned()));
    assert_eq!((text_of(&model).as_str(), model.screen), (INCAR, Screen::Editor));
    press(&mut model, "ctrl-f");
    type_text(&mut model, "encut");
    press(&mut model, "enter");
    assert_eq!(model.editor.document().unwrap().buffer.cursor().line, 1);
}

#[test]
fn of_several_steps_one_is_chosen_and_named() {
    let mut model = serving();
    press(&mut model, "enter");
    update(&mut model, Msg::Reply(Reply::Get(Ok(detail(2, 5)))));
    press(&mut model, "e");
    let screen = painted(&model, 100, 24);
    assert!(screen.contains("which step of job 2?") && screen.contains("› 4. static"), "{screen}");
    let effects = press(&mut model, "up enter").remove(1).effects;
    let asked = opening(&effects);
    assert_eq!(asked.path, std::path::Path::new("/run/3"));
    update(&mut model, Msg::Disk(Disk::Files(asked, Ok(vec![file_read("/run/3/INCAR", INCAR)]))));
    assert!(painted(&model, 100, 24).contains("job 2, step 3 of 5, read only"));
}

#[test]
fn who_has_done_anything_since_keeps_the_screen() {
    let mut model = serving();
    press(&mut model, "e n");
    update(&mut model, Msg::Reply(Reply::Inputs(2, Ok(detail(2, 1)))));
    assert_eq!(model.screen, Screen::Create);
}

#[test]
fn text_that_is_not_saved_is_given_up_for_a_jobs_inputs_only_after_a_yes() {
    let mut model = serving();
    press(&mut model, "3");
    update(&mut model, files(&[("INCAR", INCAR)]));
    type_text(&mut model, "x");
    press(&mut model, "ctrl-q e");
    update(&mut model, Msg::Reply(Reply::Inputs(2, Ok(detail(2, 1)))));
    assert!(painted(&model, 100, 24).contains("INCAR not saved. Open job 2 instead?"));
    press(&mut model, "n");
    assert_eq!((model.screen, text_of(&model)), (Screen::Jobs, format!("x{INCAR}")));
    press(&mut model, "e");
    update(&mut model, Msg::Reply(Reply::Inputs(2, Ok(detail(2, 1)))));
    let effects = press(&mut model, "y").remove(0).effects;
    assert!(opening(&effects).recorded.is_some() && model.screen == Screen::Editor);
}

#[test]
fn a_job_without_a_run_says_so() {
    let mut model = serving();
    press(&mut model, "e");
    update(&mut model, Msg::Reply(Reply::Inputs(2, Ok(detail(2, 0)))));
    assert!(painted(&model, 100, 24).contains("2 has no VASP run, and so no input files."));
    assert_eq!(model.screen, Screen::Jobs);
}

#[test]
fn copies_of_a_jobs_inputs_are_saved_and_edited() {
    let mut model = looking();
    press(&mut model, "alt-w");
    assert!(painted(&model, 120, 24).contains("Save copies of INCAR, POSCAR into the folder"));
    type_text(&mut model, "/mine");
    let effects = press(&mut model, "enter").remove(0).effects;
    let [Effect::WriteCopies(copies)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((copies.folder.as_str(), copies.files.len()), ("job-2/mine", 2));
    let refused =
        Msg::Disk(Disk::Copied(copies.clone(), Err("/x/INCAR is there already".to_owned())));
    update(&mut model, refused);
    assert!(
        painted(&model, 120, 24).contains("/x/INCAR is there already. Nothing is written over")
    );
    let done = Msg::Disk(Disk::Copied(copies.clone(), Ok("/home/job-2/mine".into())));
    let asked = opening(&update(&mut model, done).effects);
    assert_eq!(asked.recorded, None);
    let read = vec![file_read("/home/job-2/mine/INCAR", INCAR)];
    update(&mut model, Msg::Disk(Disk::Files(asked, Ok(read))));
    type_text(&mut model, "x");
    assert_eq!(save(&mut model).len(), 1);
}

#[test]
fn own_files_are_copied_and_stay_open() {
    let mut model = editing();
    type_text(&mut model, "x");
    press(&mut model, "alt-w");
    type_text(&mut model, "/there");
    let effects = press(&mut model, "enter").remove(0).effects;
    let [Effect::WriteCopies(copies)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(copies.files[0], ("INCAR".to_owned(), format!("x{INCAR}")));
    let done = Msg::Disk(Disk::Copied(copies.clone(), Ok("/there".into())));
    assert_eq!(update(&mut model, done).effects, []);
    assert_eq!(model.editor.unsaved(), ["INCAR"]);
}

#[test]
fn the_disk_knows_the_folder_of_a_job_by_itself() {
    let mut model = common::ready();
    press(&mut model, "3");
    let Msg::Disk(Disk::Files(found, read)) = files(&[("INCAR", INCAR)]) else { panic!("files") };
    let recorded = Some(crystalmath_tui::editor::Recorded::unknown());
    update(&mut model, Msg::Disk(Disk::Files(Opening { recorded, ..found }, read)));
    type_text(&mut model, "x");
    assert_eq!(text_of(&model), INCAR);
    assert!(painted(&model, 100, 24).contains("the folder of a job, read only"));
}
