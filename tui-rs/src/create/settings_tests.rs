use serde_json::json;

use super::*;

fn told(text: &str) -> String {
    match read(text) {
        Ok(settings) => serde_json::to_string(&settings).unwrap(),
        Err(reason) => reason,
    }
}

#[test]
fn settings_are_parted_by_semicolons_line_breaks_and_where_the_next_one_begins() {
    for (text, expected) in [
        ("", json!({})),
        (" ; ", json!({})),
        ("encut = 600; MAGMOM = 1 2", json!({"ENCUT": "600", "MAGMOM": "1 2"})),
        ("A=1 B=2", json!({"A": "1", "B": "2"})),
        ("ENCUT = 400 ISPIN = 2", json!({"ENCUT": "400", "ISPIN": "2"})),
        ("ENCUT=400 ISPIN=2", json!({"ENCUT": "400", "ISPIN": "2"})),
        ("ENCUT =400 ISPIN= 2", json!({"ENCUT": "400", "ISPIN": "2"})),
        ("ENCUT = 400\nISPIN = 2\r\n", json!({"ENCUT": "400", "ISPIN": "2"})),
        ("MAGMOM = 2*1.0 -1 ISPIN = 2", json!({"MAGMOM": "2*1.0 -1", "ISPIN": "2"})),
        ("SYSTEM = Al standin:delay=0.5", json!({"SYSTEM": "Al standin:delay=0.5"})),
        ("SYSTEM = Al x=3 of=4; ISPIN = 2", json!({"SYSTEM": "Al x=3 of=4", "ISPIN": "2"})),
        ("SYSTEM = Al U=4 ISPIN = 2", json!({"SYSTEM": "Al U=4", "ISPIN": "2"})),
        (r#"SYSTEM = "Al; ENCUT = 4" ISPIN=2"#, json!({"SYSTEM": "Al; ENCUT = 4", "ISPIN": "2"})),
        (r"SYSTEM = 'it is \'so\''", json!({"SYSTEM": "it is 'so'"})),
        (r#"SYSTEM = 5" pipe"#, json!({"SYSTEM": "5\" pipe"})),
        (r#"MAGMOM = {"Fe": 5.0}; ISPIN = 2"#, json!({"MAGMOM": {"Fe": 5.0}, "ISPIN": "2"})),
    ] {
        assert_eq!(read(text).map(|found| json!(found)), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_setting_is_told() {
    for (text, reason) in [
        ("ENCUT", "\"ENCUT\" is no setting"),
        ("= 3", "\"= 3\" is no setting"),
        ("ENCUT = ", "ENCUT has no value"),
        ("ENCUT = ; ISPIN = 2", "ENCUT has no value"),
        ("ENCUT = ISPIN = 2", "ENCUT has no value"),
        ("ISPIN = 2; isPIN=1", "ISPIN is set twice"),
        ("SYSTEM = \"Al", "are not closed"),
        ("SYSTEM = \"Al\" 3", "\"3\" is no setting"),
        ("my tag = 3", "\"my tag = 3\" is no setting"),
    ] {
        assert!(told(text).contains(reason), "{text}: {}", told(text));
    }
}

#[test]
fn lines_of_an_incar_become_one() {
    let incar = "SYSTEM = \"a # b\"  ! mine\r\n# all of it\n\nENCUT = 520 # eV\nISPIN=2";
    assert_eq!(joined(incar), "SYSTEM = \"a # b\"; ENCUT = 520; ISPIN=2");
}

#[test]
fn values_of_python_are_written_as_an_incar_has_them() {
    let given = json!({"LWAVE": false, "ENCUT": 600, "SIGMA": 0.05, "MAGMOM": [5, -5.5], "NSW": null,
        "LDAUU": {"Fe": 4.0}});
    let settings: Settings = serde_json::from_value(given).unwrap();
    let expected = "ENCUT = 600; LDAUU = {\"Fe\":4.0}; LWAVE = .FALSE.; MAGMOM = 5 -5.5; NSW = none; \
        SIGMA = 0.05";
    assert_eq!(line(&settings), expected);
    assert_eq!(line(&read(expected).unwrap()), expected);
}

/// Whatever text a job has in its settings, it is read again as it was written.
#[test]
fn a_line_that_was_made_is_read_as_what_it_was_made_of() {
    const TAGS: [&str; 6] = ["SYSTEM", "ENCUT", "MAGMOM", "LDAUU", "ML_MODE", "X1"];
    const PARTS: [&str; 20] = [
        "Al",
        "0.5",
        "=",
        ";",
        " ",
        "  ",
        "\"",
        "'",
        "\\",
        "#",
        "!",
        "ISPIN = 2",
        "U=4",
        "standin:delay=",
        "{",
        "{\"Fe\": 5}",
        "東京",
        "-1e-5",
        ".TRUE.",
        "tag =",
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(bound).unwrap()).unwrap()
    };
    for _ in 0..20_000 {
        let mut settings = Settings::new();
        for _ in 0..below(4) {
            let text: String = (0..below(6)).map(|_| PARTS[below(PARTS.len())]).collect();
            settings.insert(TAGS[below(TAGS.len())].to_owned(), Value::from(text));
        }
        let written = line(&settings);
        assert_eq!(read(&written), Ok(settings), "{written}");
    }
}
