//! The parameters that are given, as they are written in one line: `name = value; a.b = value`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::schema::{Parameter, readings, written};

/// Values by the path of the parameter.
pub type Given = BTreeMap<String, Value>;

/// Parameters as they are sent: those within others are nested.
pub type Nested = BTreeMap<String, Option<Value>>;

/// Read a line. Where the template's parameters are known the values are read as these want them;
/// else they are JSON or plain text, and it is for the server to refuse them.
pub fn read(line: &str, known: Option<&[Parameter]>) -> Result<Given, String> {
    let parts = split(line);
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts
        .map(|part| match part.split_once('=') {
            Some((path, text)) if !path.trim().is_empty() && !text.trim().is_empty() => {
                let (path, text) = (path.trim(), text.trim());
                Ok((path.to_owned(), value(path, text, known)?))
            }
            _ => Err(format!("{part:?} is no parameter: write name = value; name = value.")),
        })
        .collect()
}

fn value(path: &str, text: &str, known: Option<&[Parameter]>) -> Result<Value, String> {
    let plain = || readings(text).into_iter().next().unwrap_or(Value::Null);
    let Some(known) = known else { return Ok(plain()) };
    if let Some(parameter) = known.iter().find(|parameter| parameter.path == path) {
        return parameter.read(text);
    }
    let is_near = |parameter: &Parameter| within(path, &parameter.path).is_some();
    let has_inner = |parameter: &Parameter| within(&parameter.path, path).is_some();
    if known.iter().any(|parameter| is_near(parameter) || has_inner(parameter)) {
        return Ok(plain());
    }
    Err(format!("The template has no parameter {path}."))
}

/// The rest of a path below another.
fn within<'a>(path: &'a str, above: &str) -> Option<&'a str> {
    path.strip_prefix(above)?.strip_prefix('.')
}

/// Part a line at semicolons that stand in no text and no bracket.
fn split(line: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for letter in line.chars() {
        match letter {
            '"' if !escaped => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            ';' if !quoted && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

/// The line for values.
#[must_use]
pub fn line(given: &Given) -> String {
    let parts: Vec<String> =
        given.iter().map(|(path, value)| format!("{path} = {}", written(value))).collect();
    parts.join("; ")
}

/// The value of a parameter, also where only parts of it are given.
#[must_use]
pub fn get(given: &Given, path: &str) -> Option<Value> {
    if let Some(value) = given.get(path) {
        return Some(value.clone());
    }
    let parts: Map<String, Value> = given
        .iter()
        .filter_map(|(name, value)| Some((within(name, path)?.to_owned(), value.clone())))
        .collect();
    (!parts.is_empty()).then_some(Value::Object(parts))
}

/// Give a parameter a value in place of the one it had, or none.
pub fn put(given: &mut Given, path: &str, value: Option<Value>) {
    given.retain(|name, _| name != path && within(name, path).is_none());
    if let Some(value) = value {
        given.insert(path.to_owned(), value);
    }
}

/// The values nested as they are sent.
pub fn nested(given: &Given) -> Result<Nested, String> {
    let mut tree = Map::new();
    for (path, value) in given {
        let clash = || format!("{path} lies within a parameter that has a value itself.");
        let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
        let mut inner = &mut tree;
        for part in above.split('.').filter(|part| !part.is_empty()) {
            let next = inner.entry(part).or_insert_with(|| Value::Object(Map::new()));
            inner = next.as_object_mut().ok_or_else(clash)?;
        }
        inner.insert(name.to_owned(), value.clone());
    }
    Ok(tree.into_iter().map(|(name, value)| (name, sent(value))).collect())
}

fn sent(value: Value) -> Option<Value> {
    (!value.is_null()).then_some(value)
}

/// The values by their paths; what is within others is named through them.
#[must_use]
pub fn flat(nested: &Nested) -> Given {
    let mut given = Given::new();
    for (name, value) in nested {
        flatten(name, value.as_ref().unwrap_or(&Value::Null), &mut given);
    }
    given
}

fn flatten(path: &str, value: &Value, given: &mut Given) {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            inner.iter().for_each(|(name, value)| flatten(&format!("{path}.{name}"), value, given));
        }
        _ => {
            given.insert(path.to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::tests::parameters;
    use super::*;

    fn sent_by(line: &str) -> String {
        let known = parameters();
        let given = read(line, Some(&known)).unwrap();
        serde_json::to_string(&nested(&given).unwrap()).unwrap()
    }

    #[test]
    fn only_what_is_written_is_sent_and_nested_as_the_template_has_it() {
        assert_eq!(sent_by(""), "{}");
        assert_eq!(sent_by("name = a"), r#"{"name":"a"}"#);
        let line = "input_set_generator.sym_prec = 1e-2; steps = 3; input_set_generator.vdw = null";
        let expected = r#"{"input_set_generator":{"sym_prec":0.01,"vdw":null},"steps":3}"#;
        assert_eq!(sent_by(line), expected);
        let line = "input_set_generator.user_potcar_settings.Fe = Fe_pv";
        let expected = r#"{"input_set_generator":{"user_potcar_settings":{"Fe":"Fe_pv"}}}"#;
        assert_eq!(sent_by(line), expected);
    }

    #[test]
    fn what_the_template_does_not_have_or_take_is_refused() {
        let known = parameters();
        for line in ["steps = many", "fly = 1", "steps", "= 1", "steps ="] {
            assert!(read(line, Some(&known)).is_err(), "{line}");
        }
        assert!(read("fly = 1", None).is_ok());
        assert!(nested(&read("a = 1; a.b = 2", None).unwrap()).is_err());
    }

    #[test]
    fn a_line_that_was_made_is_read_as_what_it_was_made_of() {
        let json = r#"{"a":{"b":1,"c":{"d":"x; y","e":[1,"2;3"]}},"f":"600","g":null,"h":{}}"#;
        let before: Nested = serde_json::from_str(json).unwrap();
        let again = read(&line(&flat(&before)), None).unwrap();
        assert_eq!(nested(&again).unwrap(), before);
    }

    #[test]
    fn a_value_takes_the_place_of_its_parts() {
        let mut given = read("a.b.x = 1; a.b.y = 2; a.bc = 3", None).unwrap();
        assert_eq!(get(&given, "a.b").unwrap().to_string(), r#"{"x":1,"y":2}"#);
        put(&mut given, "a.b", Some(Value::from(4)));
        assert_eq!(line(&given), "a.b = 4; a.bc = 3");
        put(&mut given, "a.b", None);
        assert_eq!(line(&given), "a.bc = 3");
    }
}
