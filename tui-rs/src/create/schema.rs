//! The parameters of a template, as its JSON Schema has them.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

/// One parameter; `path` names it through the Makers and generators that it lies within.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name, `input_set_generator.sym_prec`.
    pub path: String,
    /// What it means, in the words of atomate2.
    pub about: String,
    /// The unit of its value, or nothing.
    pub unit: String,
    schema: Map<String, Value>,
}

/// The parameters of a schema: those of the template itself first, then those within.
#[must_use]
pub fn of(schema: &BTreeMap<String, Value>) -> Vec<Parameter> {
    let mut found = Vec::new();
    let properties = schema.get("properties").and_then(Value::as_object);
    collect("", properties, &mut found);
    found.sort_by_key(|parameter| parameter.path.matches('.').count());
    found
}

fn collect(prefix: &str, properties: Option<&Map<String, Value>>, found: &mut Vec<Parameter>) {
    for (name, schema) in properties.into_iter().flatten() {
        let Some(schema) = schema.as_object() else { continue };
        let path = format!("{prefix}{name}");
        if let Some(inner) = schema.get("properties").and_then(Value::as_object) {
            collect(&format!("{path}."), Some(inner), found);
            continue;
        }
        let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let (about, unit) = (text("description"), text("unit"));
        found.push(Parameter { path, about, unit, schema: schema.clone() });
    }
}

impl Parameter {
    /// The values there are to choose from; none where a value is written.
    #[must_use]
    pub fn choices(&self) -> Vec<Value> {
        match (self.schema.get("enum"), self.schema.get("type")) {
            (Some(Value::Array(values)), _) => values.clone(),
            (None, Some(Value::String(kind))) if kind == "boolean" => {
                vec![Value::Bool(true), Value::Bool(false)]
            }
            _ => Vec::new(),
        }
    }

    /// Its default with the unit; nothing where it has none or where it is null.
    #[must_use]
    pub fn default_value(&self) -> Option<&Value> {
        self.schema.get("default").filter(|value| !value.is_null())
    }

    /// What may be written, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let words = words(&self.schema);
        if self.unit.is_empty() { words } else { format!("{words}, in {}", self.unit) }
    }

    /// Read what was written; a refusal says what may be written instead.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let found = readings(text.trim()).into_iter().find(|value| fits(&self.schema, value));
        found.ok_or_else(|| {
            let name = self.path.rsplit('.').next().unwrap_or(&self.path);
            format!("{name}: {:?} is not {}.", text.trim(), words(&self.schema))
        })
    }

    /// How well it fits what is looked for: by its name first, then by its description.
    #[must_use]
    pub fn rank(&self, needle: &str) -> Option<usize> {
        let (path, about) = (self.path.to_lowercase(), self.about.to_lowercase());
        let mut words = needle.split_whitespace().peekable();
        if words.peek().is_none() || path.rsplit('.').next()?.starts_with(needle.trim()) {
            return Some(0);
        }
        if words.clone().all(|word| path.contains(word)) {
            return Some(1);
        }
        words.all(|word| path.contains(word) || about.contains(word)).then_some(2)
    }
}

/// A value as it is shown and written: text without its quotes where it can do without.
#[must_use]
pub fn written(value: &Value) -> String {
    match value {
        Value::String(text)
            if readings(text).len() == 1
                && !text.contains([';', '"'])
                && text.trim() == text
                && !text.is_empty() =>
        {
            text.clone()
        }
        other => other.to_string(),
    }
}

/// What a text can be, the most special first: JSON, a number, words for true, false and null, a
/// list without its brackets, and always the text itself.
pub fn readings(text: &str) -> Vec<Value> {
    let json = serde_json::from_str(text).ok();
    let number = text.parse().ok().and_then(Number::from_f64).map(Value::Number);
    let word = match text.to_lowercase().as_str() {
        "true" | "yes" => Some(Value::Bool(true)),
        "false" | "no" => Some(Value::Bool(false)),
        "none" | "null" => Some(Value::Null),
        _ => None,
    };
    let items: Vec<&str> =
        text.split([',', ' ']).map(str::trim).filter(|item| !item.is_empty()).collect();
    let list = items
        .iter()
        .map(|item| serde_json::from_str(item).ok())
        .collect::<Option<Vec<Value>>>()
        .filter(|items| items.len() > 1)
        .map(Value::Array);
    let itself = Value::String(text.to_owned());
    json.or(number).into_iter().chain(word).chain(list).chain([itself]).collect()
}

fn fits(schema: &Map<String, Value>, value: &Value) -> bool {
    if let Some(Value::Array(options)) = schema.get("anyOf") {
        return options.iter().filter_map(Value::as_object).any(|option| fits(option, value));
    }
    if let Some(Value::Array(values)) = schema.get("enum") {
        return values.contains(value);
    }
    let length = |key: &str| {
        schema.get(key).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok())
    };
    match (schema.get("type").and_then(Value::as_str), value) {
        (None, _)
        | (Some("boolean"), Value::Bool(_))
        | (Some("null"), Value::Null)
        | (Some("string"), Value::String(_))
        | (Some("number"), Value::Number(_))
        | (Some("object"), Value::Object(_)) => true,
        (Some("integer"), Value::Number(number)) => number.is_i64(),
        (Some("array"), Value::Array(items)) => {
            let item = schema.get("items").and_then(Value::as_object);
            length("minItems").is_none_or(|least| least <= items.len())
                && length("maxItems").is_none_or(|most| items.len() <= most)
                && item.is_none_or(|item| items.iter().all(|value| fits(item, value)))
        }
        _ => false,
    }
}

fn words(schema: &Map<String, Value>) -> String {
    if let Some(Value::Array(options)) = schema.get("anyOf") {
        let mut parts: Vec<String> = Vec::new();
        for part in options.iter().filter_map(Value::as_object).map(words) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        return parts.join(" or ");
    }
    if let Some(Value::Array(values)) = schema.get("enum") {
        let values: Vec<String> = values.iter().map(written).collect();
        return format!("one of {}", values.join(", "));
    }
    let count = schema.get("minItems").filter(|least| schema.get("maxItems") == Some(least));
    match schema.get("type").and_then(Value::as_str) {
        Some("boolean") => "true or false".to_owned(),
        Some("integer") => "a whole number".to_owned(),
        Some("number") => "a number".to_owned(),
        Some("string") => "a text".to_owned(),
        Some("null") => "null".to_owned(),
        Some("object") => "an object, {\"name\": value}".to_owned(),
        Some("array") => match (schema.get("items").and_then(Value::as_object), count) {
            (Some(item), Some(count)) => format!("a list of {count}, each {}", words(item)),
            (Some(item), None) => format!("a list, each {}", words(item)),
            (None, _) => "a list".to_owned(),
        },
        _ => "any value".to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::create) const SCHEMA: &str = r#"{"properties": {
        "name": {"type": "string", "default": "relax", "description": "The job name."},
        "input_set_generator": {"type": "object", "properties": {
            "sym_prec": {"type": "number", "default": 0.1, "unit": "Å", "description": "How far symmetry looks."},
            "auto_ispin": {"type": "boolean", "default": false},
            "vdw": {"enum": ["optPBE", "df2", null]},
            "bandgap": {"anyOf": [{"type": "number"}, {"type": "null"}], "default": null},
            "user_potcar_settings": {"type": "object",
                "additionalProperties": {"type": "string"}}}},
        "supercell": {"type": "array", "items": {"type": "integer"}, "minItems": 3,
            "maxItems": 3},
        "steps": {"type": "integer"}}}"#;

    pub(in crate::create) fn parameters() -> Vec<Parameter> {
        of(&serde_json::from_str(SCHEMA).unwrap())
    }

    fn named(name: &str) -> Parameter {
        parameters().into_iter().find(|one| one.path.ends_with(name)).unwrap()
    }

    #[test]
    fn the_parameters_of_the_template_itself_come_first() {
        let paths: Vec<String> = parameters().into_iter().map(|one| one.path).collect();
        assert_eq!(paths.first().map(String::as_str), Some("name"));
        assert_eq!(paths.get(3).map(String::as_str), Some("input_set_generator.auto_ispin"));
        assert_eq!(paths.len(), 8);
    }

    #[test]
    fn a_value_is_read_as_what_the_schema_wants() {
        for (name, text, json) in [
            ("sym_prec", "1e-3", "0.001"),
            ("sym_prec", ".5", "0.5"),
            ("name", "600", "\"600\""),
            ("vdw", "none", "null"),
            ("auto_ispin", "yes", "true"),
            ("bandgap", "1.1", "1.1"),
            ("supercell", "2 2 1", "[2,2,1]"),
            ("supercell", "2, 2, 1", "[2,2,1]"),
            ("steps", "-3", "-3"),
            ("user_potcar_settings", "{\"Fe\": \"Fe_pv\"}", "{\"Fe\":\"Fe_pv\"}"),
        ] {
            assert_eq!(named(name).read(text).map(|value| value.to_string()), Ok(json.to_owned()));
        }
    }

    #[test]
    fn a_wrong_value_is_refused_with_what_may_be_written() {
        for (name, text, reason) in [
            ("sym_prec", "small", "is not a number"),
            ("sym_prec", "nan", "is not a number"),
            ("steps", "1.5", "a whole number"),
            ("supercell", "2 2", "a list of 3"),
            ("vdw", "df7", "one of optPBE, df2, null"),
            ("auto_ispin", "2", "true or false"),
        ] {
            let refusal = named(name).read(text).unwrap_err();
            assert!(refusal.contains(reason) && refusal.contains(name), "{refusal}");
        }
        assert_eq!(named("sym_prec").words(), "a number, in Å");
    }

    #[test]
    fn what_is_written_is_read_again_as_the_same() {
        for json in ["\"600\"", "\"a b\"", "\"a;b\"", "1.5", "null", "\"null\"", "[1,2]", "\"\""] {
            let value: Value = serde_json::from_str(json).unwrap();
            let again = readings(&written(&value)).into_iter().next().unwrap();
            assert_eq!(again, value, "{json}");
        }
    }
}
