use super::super::schema::tests::SCHEMA;
use super::*;
use crate::api::wire::Kind;

fn details(name: &str) -> TemplateDetails {
    TemplateDetails {
        name: name.to_owned(),
        title: "Relaxation".to_owned(),
        about: String::new(),
        maker: "RelaxMaker".to_owned(),
        kind: Kind::Flow,
        curated: true,
        jobs: Vec::new(),
        inputs: Vec::new(),
        packages: Vec::new(),
        schema: serde_json::from_str(SCHEMA).unwrap(),
        refusal: None,
    }
}

#[test]
fn a_template_is_asked_about_once_and_when_its_name_is_whole() {
    let mut form = Form::default();
    assert_eq!(form.wanted().as_deref(), Some("relax"));
    assert_eq!(form.wanted(), None);
    form.move_focus(true);
    form.insert("_bands");
    assert_eq!(form.wanted(), None);
    form.move_focus(true);
    assert_eq!(form.wanted().as_deref(), Some("relax_bands"));
    assert!(!form.learn("relax", Ok(details("relax"))));
    assert!(form.learn("relax_bands", Ok(details("relax_bands"))));
    assert_eq!(form.parameters.len(), 8);
}

#[test]
fn a_question_that_the_server_took_with_it_is_asked_again() {
    let mut form = Form::default();
    form.wanted();
    form.forget_questions();
    assert_eq!(form.wanted().as_deref(), Some("relax"));
    form.learn("relax", Ok(details("relax")));
    form.forget_questions();
    assert_eq!(form.wanted(), None);
}

#[test]
fn a_parameter_is_given_and_taken_back() {
    let mut form = Form::default();
    form.learn("relax", Ok(details("relax")));
    form.give("steps", Some(Value::from(3)));
    form.give("input_set_generator.vdw", Some(Value::Null));
    let line = "input_set_generator.vdw = null; steps = 3";
    assert_eq!(form.text(Field::Parameters), line);
    form.give("steps", None);
    assert_eq!(form.text(Field::Parameters), "input_set_generator.vdw = null");
}

#[test]
fn what_is_wrong_is_told_of_the_field_it_stands_in() {
    let mut form = Form::default();
    form.learn("relax", Ok(details("relax")));
    form.set(Field::Parameters, "steps = many");
    form.set(Field::Settings, "ENCUT");
    form.set(Field::Ranks, "0");
    form.set(Field::WallTime, "2");
    for field in [Field::Parameters, Field::Settings, Field::Ranks, Field::WallTime] {
        assert!(form.problem(field).is_some(), "{field:?}");
    }
    assert_eq!(form.problem(Field::Threads), None);
    form.learn("relax", Err(Fault::local("There is no template.", "Look at the list.")));
    let told = form.problem(Field::Template).unwrap();
    assert_eq!(told, "There is no template. Look at the list.");
}

#[test]
fn an_error_is_waived_and_not() {
    let mut form = Form::default();
    form.toggle_waiver("encut-low");
    form.toggle_waiver("unknown-tag");
    assert!(form.is_waived("encut-low"));
    form.toggle_waiver("encut-low");
    assert_eq!(form.text(Field::Waive), "unknown-tag");
}

#[test]
fn the_focus_goes_round() {
    let mut form = Form::default();
    form.move_focus(false);
    assert!(form.is_last());
    form.move_focus(true);
    assert_eq!(form.focus, 0);
}
