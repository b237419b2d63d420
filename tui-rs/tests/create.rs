//! A new calculation by keys alone: the catalogue, the parameters of a template, the check.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{creating, details, fault, key, painted, press, remark, templates, type_text};
use crossterm::event::KeyCode;
use crystalmath_tui::api::wire::{
    InputRemarks, JobDetail, JobState, JobsSubmitParams, PotcarNeed, PotcarNeeds, PreviewedInputs,
    Severity, Submitted,
};
use crystalmath_tui::create::Field;
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{Call, Effect, Msg, Reply, ServerInfo};
use crystalmath_tui::update::update;

/// A form with a structure, the cursor in the parameters, whose template is known.
fn form() -> Model {
    let mut model = creating();
    press(&mut model, "n");
    type_text(&mut model, "/tmp/Si.vasp\n\n");
    update(&mut model, Msg::Reply(Reply::Template("relax".to_owned(), Ok(details("relax")))));
    model
}

fn calls(effects: Vec<Effect>) -> Vec<Call> {
    let call = |effect| if let Effect::Call(call) = effect { Some(call) } else { None };
    effects.into_iter().filter_map(call).collect()
}

fn submitted(model: &mut Model) -> JobsSubmitParams {
    let effects = update(model, key(KeyCode::F(9))).effects;
    match calls(effects).as_slice() {
        [Call::Submit(params)] => (**params).clone(),
        other => panic!("one submit: {other:?}"),
    }
}

#[test]
fn a_parameter_is_found_set_and_sent_by_keys_alone() {
    let mut model = form();
    press(&mut model, "ctrl-o");
    type_text(&mut model, "sym");
    press(&mut model, "enter");
    type_text(&mut model, "many\n");
    assert!(painted(&model, 80, 24).contains("\"many\" is not a number"));
    press(&mut model, "backspace backspace backspace backspace");
    type_text(&mut model, "1e-3\n");
    assert!(painted(&model, 80, 24).contains("= 0.001 Å"));
    press(&mut model, "esc esc");
    let parameters = serde_json::to_string(&submitted(&mut model).parameters).unwrap();
    assert_eq!(parameters, r#"{"input_set_generator":{"sym_prec":0.001}}"#);
}

#[test]
fn what_is_not_set_is_not_sent() {
    let params = submitted(&mut form());
    assert!(params.parameters.is_empty() && params.resources.is_none());
}

#[test]
fn one_of_several_values_is_chosen_and_given_back() {
    let mut model = form();
    press(&mut model, "ctrl-o");
    type_text(&mut model, "vdw\n");
    type_text(&mut model, "df2\n");
    assert_eq!(model.form.text(Field::Parameters), "input_set_generator.vdw = df2");
    press(&mut model, "ctrl-x");
    assert_eq!(model.form.text(Field::Parameters), "");
}

#[test]
fn a_wrong_parameter_is_told_beside_its_field_and_not_sent() {
    let mut model = form();
    type_text(&mut model, "steps = many\n");
    assert!(painted(&model, 120, 40).contains("✗ steps: \"many\" is not a whole number."));
    assert!(calls(update(&mut model, key(KeyCode::F(9))).effects).is_empty());
    assert_eq!(model.form.field(), Field::Parameters);
}

#[test]
fn what_a_job_asks_of_the_machine_is_sent() {
    let mut model = form();
    type_text(&mut model, "\n\n\n8\n2\n1:30:00");
    let asked = submitted(&mut model).resources.unwrap();
    assert_eq!((asked.ranks, asked.threads, asked.walltime_s), (Some(8), Some(2), Some(5400)));
}

#[test]
fn a_preview_is_read_above_the_form_and_shows_the_other_steps() {
    let mut model = form();
    let asked = calls(press(&mut model, "f5").remove(0).effects);
    assert!(matches!(asked.as_slice(), [Call::Preview(_), Call::Check(_)]));
    assert!(painted(&model, 80, 24).contains("Loading the inputs"));
    let steps = vec!["relax".to_owned(), "static".to_owned()];
    let found = PreviewedInputs { step: 1, steps, ..PreviewedInputs::default() };
    update(&mut model, Msg::Reply(Reply::Preview(Ok(Box::new(found)))));
    assert!(painted(&model, 80, 24).contains("Step 1 of 2: relax"));
    let asked = calls(press(&mut model, "right").remove(0).effects);
    assert!(matches!(&asked[0], Call::Preview(params) if params.step == Some(2)));
    press(&mut model, "esc");
    assert!(model.overlay.is_none() && model.screen == Screen::Create);
}

#[test]
fn a_listed_error_is_waived_by_choosing_it() {
    let mut model = form();
    submitted(&mut model);
    let refusal = fault("The inputs have 1 error.", "Correct it, or run with: --waive bad-tag");
    let asked = update(&mut model, Msg::Reply(Reply::Submit(Err(refusal)))).effects;
    assert!(matches!(calls(asked).as_slice(), [Call::Check(_)]));
    let remarks = vec![remark(Severity::Error, "bad-tag"), remark(Severity::Warning, "slow")];
    update(&mut model, Msg::Reply(Reply::Check(Ok(InputRemarks { remarks }))));
    let screen = painted(&model, 80, 24);
    assert!(screen.contains("✗ error: INCAR line 3: About bad-tag."), "{screen}");
    assert!(!screen.contains("--waive"), "{screen}");
    model.form.focus = Field::Waive.index();
    press(&mut model, "ctrl-o enter");
    assert!(painted(&model, 80, 24).contains("[x] bad-tag"));
    press(&mut model, "esc");
    assert_eq!(submitted(&mut model).waive, ["bad-tag"]);
}

#[test]
fn what_was_asked_for_before_comes_again_with_its_parameters_and_resources() {
    let mut model = form();
    type_text(&mut model, "steps = 3\n\n\n8\n\n2h");
    let before = submitted(&mut model);
    let mut again = crystalmath_tui::create::Form::of(1, &before);
    let after = again.submit(|| before.key.clone().unwrap()).unwrap();
    assert_eq!(after, before);
}

#[test]
fn the_catalogue_is_searched_and_a_template_taken_into_the_form() {
    let mut model = creating();
    let asked = calls(press(&mut model, "4").remove(0).effects);
    assert!(asked.contains(&Call::Templates));
    update(&mut model, Msg::Reply(Reply::Templates(Ok(templates()))));
    press(&mut model, "/");
    type_text(&mut model, "band structure");
    let asked = calls(press(&mut model, "enter").remove(0).effects);
    assert_eq!(asked, []);
    assert!(painted(&model, 80, 24).contains("› relax_bands"));
    press(&mut model, "n");
    assert_eq!(
        (model.screen, model.form.text(Field::Template)),
        (Screen::Create, "relax_bands".to_owned())
    );
    assert_eq!(model.form.field(), Field::Structure);
}

#[test]
fn missing_potcars_are_told_for_the_structure_of_the_form() {
    let mut model = form();
    press(&mut model, "alt-4");
    update(&mut model, Msg::Reply(Reply::Templates(Ok(templates()))));
    let reply = Reply::Template("static".to_owned(), Ok(details("static")));
    let asked = calls(update(&mut model, Msg::Reply(reply)).effects);
    let [Call::Potcars(params)] = asked.as_slice() else { panic!("asked: {asked:?}") };
    assert_eq!(params.structure.path.as_deref(), Some("/tmp/Si.vasp"));
    let need = PotcarNeed {
        functional: "PBE_54".to_owned(),
        needed: vec!["Ga_d".to_owned(), "As".to_owned()],
        missing: vec!["As".to_owned()],
        found: Vec::new(),
    };
    let needs = PotcarNeeds { needs: vec![need] };
    update(&mut model, Msg::Reply(Reply::Potcars(params.clone(), Ok(needs))));
    press(&mut model, "tab end");
    let screen = painted(&model, 120, 40);
    assert!(screen.contains("✓ Ga_d found") && screen.contains("✗ As missing"), "{screen}");
}

#[test]
fn a_template_that_cannot_be_run_is_not_taken() {
    let mut model = creating();
    press(&mut model, "4");
    update(&mut model, Msg::Reply(Reply::Templates(Ok(templates()))));
    let mut found = details("static");
    found.refusal = Some("It needs two structures.".to_owned());
    update(&mut model, Msg::Reply(Reply::Template("static".to_owned(), Ok(found))));
    press(&mut model, "enter");
    assert_eq!(model.screen, Screen::Templates);
    assert!(painted(&model, 80, 24).contains("It needs two structures."));
}

#[test]
fn what_is_wrong_is_said_once() {
    let mut model = form();
    submitted(&mut model);
    let refusal = || fault("ENCAT is no INCAR tag.", "Did you mean ENCUT?");
    update(&mut model, Msg::Reply(Reply::Submit(Err(refusal()))));
    press(&mut model, "f5");
    update(&mut model, Msg::Reply(Reply::Check(Err(refusal()))));
    update(&mut model, Msg::Reply(Reply::Preview(Err(refusal()))));
    assert_eq!(painted(&model, 80, 24).matches("ENCAT").count(), 1);
    press(&mut model, "esc");
    assert_eq!(painted(&model, 80, 24).matches("ENCAT").count(), 1);
}

#[test]
fn the_structure_of_another_job_is_told_as_that() {
    let mut model = form();
    let mut request = submitted(&mut model);
    request.structure.path = None;
    request.structure.text = Some("{\"lattice\": []}".to_owned());
    model.form = crystalmath_tui::create::Form::of(1, &request);
    assert!(painted(&model, 80, 24).contains("(as the job had it)"));
}

/// A list of jobs of which the one that is selected was asked for so.
fn listed_with(request: &str) -> Model {
    let mut model = creating();
    update(&mut model, Msg::Resize(120, 40));
    let methods = ["jobs.submit", "jobs.restart", "jobs.get"].map(str::to_owned).into();
    update(&mut model, Msg::Ready(ServerInfo { methods, ..common::server() }));
    update(&mut model, common::page(&[23, 22], JobState::Finished));
    update(&mut model, Msg::Glance);
    update(&mut model, Msg::Reply(Reply::Glance(23, Ok(known(23, request)))));
    model
}

fn known(id: i64, request: &str) -> Box<JobDetail> {
    let text = format!(
        r#"{{"job": {{"id": {id}, "uuid": "u", "label": "silicon", "formula": "Si2", "template": "relax",
        "n_atoms": 2, "state": "finished", "exit_status": 0, "code": "vasp", "foreign": false,
        "exit_message": null, "created_at": "", "modified_at": ""}}, "steps": [], "card": {{"id": {id},
        "uuid": "u", "state": "finished", "formula": "Si2", "n_atoms": 2, "step": "",
        "template": "relax", "label": "", "directory": null, "warnings": []}},
        "request": {request}}}"#
    );
    Box::new(common::from(&text))
}

const REQUEST: &str = r#"{"template": "static", "structure": {"text": "{}"}, "label": "silicon",
    "overrides": {"SYSTEM": "Al standin:delay=0.5", "ENCUT": 600, "LWAVE": false}}"#;

#[test]
fn a_form_that_is_begun_outlives_a_restart_and_the_inputs_of_another_job() {
    let mut model = listed_with(REQUEST);
    press(&mut model, "n");
    type_text(&mut model, "/tmp/mine");
    press(&mut model, "esc R y");
    let done = Submitted { id: 24, uuid: "u".to_owned(), state: JobState::Created };
    update(&mut model, Msg::Reply(Reply::Restarted(23, Ok(done))));
    assert_eq!(model.form.text(Field::Structure), "/tmp/mine");
    press(&mut model, "N");
    assert_eq!((model.screen, model.form.origin), (Screen::Create, Some(23)));
    let screen = painted(&model, 120, 40);
    assert!(
        screen.contains("with the inputs of job 23 · another form is kept (Ctrl-T"),
        "{screen}"
    );
    press(&mut model, "esc n");
    assert_eq!((model.form.text(Field::Structure), model.form.origin), ("/tmp/mine".into(), None));
    assert!(model.forms_aside.is_empty());
}

#[test]
fn two_forms_that_are_begun_are_both_kept_and_come_back_one_after_the_other() {
    let mut model = listed_with(REQUEST);
    press(&mut model, "n");
    type_text(&mut model, "/tmp/mine");
    press(&mut model, "esc N");
    type_text(&mut model, "steps = 3");
    press(&mut model, "esc n");
    assert_eq!(model.form.text(Field::Parameters), "steps = 3");
    press(&mut model, "ctrl-t");
    assert_eq!(model.form.text(Field::Structure), "/tmp/mine");
    press(&mut model, "ctrl-t");
    submitted(&mut model);
    let done = Submitted { id: 24, uuid: "u".to_owned(), state: JobState::Created };
    update(&mut model, Msg::Reply(Reply::Submit(Ok(done))));
    press(&mut model, "n");
    assert_eq!(model.form.text(Field::Structure), "/tmp/mine");
}

#[test]
fn the_inputs_of_a_job_make_a_form_that_is_taken_as_it_is() {
    let mut model = listed_with(REQUEST);
    press(&mut model, "N");
    assert!(!painted(&model, 120, 40).contains('✗'));
    let asked = submitted(&mut model).overrides;
    let sent = serde_json::to_string(&asked).unwrap();
    assert_eq!(sent, r#"{"ENCUT":"600","LWAVE":".FALSE.","SYSTEM":"Al standin:delay=0.5"}"#);
}

#[test]
fn the_form_of_another_job_is_gone_when_nothing_was_written_in_it() {
    let mut model = listed_with(REQUEST);
    press(&mut model, "N esc n");
    assert_eq!((model.form.text(Field::Template), model.form.origin), ("relax".into(), None));
    assert!(model.form.pasted.is_none());
}

#[test]
fn a_form_is_emptied_with_one_key_and_undo_brings_it_back() {
    let mut model = form();
    type_text(&mut model, "steps = 3");
    press(&mut model, "ctrl-x");
    assert_eq!(
        (model.form.text(Field::Structure), model.form.has_content()),
        (String::new(), false)
    );
    press(&mut model, "ctrl-z");
    assert_eq!(model.form.text(Field::Structure), "/tmp/Si.vasp");
    assert_eq!(model.form.text(Field::Parameters), "steps = 3");
    press(&mut model, "ctrl-z ctrl-z ctrl-z");
    assert_eq!(model.form.text(Field::Parameters), "");
    press(&mut model, "ctrl-y ctrl-y");
    assert_eq!(model.form.text(Field::Parameters), "steps =");
}

#[test]
fn a_pasted_structure_is_not_thrown_away_by_a_letter() {
    let mut model = creating();
    press(&mut model, "n");
    let structure = "Si\n1.0\n1 0 0\n0 1 0\n0 0 1\nSi\n1\nDirect\n0 0 0\n";
    update(&mut model, Msg::Paste(structure.to_owned()));
    type_text(&mut model, "q");
    update(&mut model, Msg::Paste("/tmp/x".to_owned()));
    let screen = painted(&model, 100, 30);
    assert!(
        screen.contains("(pasted, 9 lines)") && screen.contains("Backspace removes it"),
        "{screen}"
    );
    assert_eq!(submitted(&mut model).structure.text.as_deref(), Some(structure));
    model.form.pending = false;
    press(&mut model, "backspace");
    type_text(&mut model, "/tmp/x");
    assert_eq!(model.form.source().unwrap().path.as_deref(), Some("/tmp/x"));
    press(&mut model, "ctrl-z ctrl-z");
    assert_eq!(model.form.source().unwrap().text.as_deref(), Some(structure));
}

#[test]
fn lines_of_an_incar_are_pasted_as_settings() {
    let mut model = form();
    press(&mut model, "tab");
    update(&mut model, Msg::Paste("ENCUT = 520 # eV\r\nISPIN = 2\r\n".to_owned()));
    assert_eq!(model.form.text(Field::Settings), "ENCUT = 520; ISPIN = 2");
}

#[test]
fn a_form_that_is_begun_is_asked_about_before_the_end() {
    let mut model = creating();
    press(&mut model, "n");
    type_text(&mut model, "x");
    assert_eq!(press(&mut model, "ctrl-c").remove(0).effects, []);
    assert!(
        painted(&model, 80, 24).contains("The new calculation is not submitted. End the program?")
    );
    assert_eq!(press(&mut model, "ctrl-c").remove(0).effects, [Effect::Quit]);
    press(&mut model, "n backspace");
    assert_eq!(press(&mut model, "ctrl-c").remove(0).effects, [Effect::Quit]);
}
