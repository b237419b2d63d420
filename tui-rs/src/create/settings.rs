//! INCAR settings in one line: `TAG = value; TAG = value`.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

use serde_json::Value;

/// Settings by tag, as they are sent.
pub type Settings = BTreeMap<String, Value>;

/// The tag whose value may be any text; a word and `=` in it begin another setting only when the word
/// looks like a tag as INCARs have them.
const FREE_TEXT: &str = "SYSTEM";
const SHORTEST_TAG: usize = 3;

/// Read settings. Semicolons and line breaks part them, blanks do so where a tag and `=` follow. A value in
/// quotes may hold anything.
pub fn read(text: &str) -> Result<Settings, String> {
    let mut settings = Settings::new();
    let mut rest = text.trim_start_matches(is_between);
    while !rest.is_empty() {
        let (tag, behind) = tag(rest)?;
        let (value, behind) = value(&tag, behind)?;
        if settings.contains_key(&tag) {
            return Err(format!("{tag} is set twice: keep one of the two."));
        }
        settings.insert(tag, value);
        rest = behind.trim_start_matches(is_between);
    }
    Ok(settings)
}

/// Write settings so that they are read as the same again.
#[must_use]
pub fn line(settings: &Settings) -> String {
    let parts: Vec<String> =
        settings.iter().map(|(tag, value)| format!("{tag} = {}", written(tag, value))).collect();
    parts.join("; ")
}

/// Write lines of an INCAR in one, without their comments.
#[must_use]
pub fn joined(text: &str) -> String {
    let lines = text.split(['\n', '\r']).map(|line| without_comment(line).trim());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("; ")
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || letter == ';'
}

fn ends_line(letter: char) -> bool {
    matches!(letter, ';' | '\n' | '\r')
}

fn is_of_tag(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// The tag at the begin of a text, and what is behind its `=`.
fn tag(text: &str) -> Result<(String, &str), String> {
    let part = text.split(ends_line).next().unwrap_or(text).trim();
    let refusal = || {
        format!(
            "{part:?} is no setting: write TAG = value; TAG = value, in quotes what holds = or ;."
        )
    };
    let (name, behind) = assigned(text).ok_or_else(refusal)?;
    Ok((name.to_uppercase(), behind))
}

/// The word before `=` when a text begins so, and what is behind.
fn assigned(text: &str) -> Option<(&str, &str)> {
    let (name, behind) = text.split_at_checked(text.find(|letter| !is_of_tag(letter))?)?;
    let behind = behind.trim_start_matches([' ', '\t']).strip_prefix('=')?;
    (!name.is_empty()).then_some((name, behind))
}

fn value<'a>(tag: &str, text: &'a str) -> Result<(Value, &'a str), String> {
    let text = text.trim_start_matches([' ', '\t']);
    if let Some(quote) = text.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
        return quoted(tag, quote, text.get(1..).unwrap_or_default());
    }
    if let Some((value, behind)) = by_element(text) {
        return Ok((value, behind));
    }
    let end = end_of_value(tag, text);
    let (value, behind) = text.split_at_checked(end).unwrap_or((text, ""));
    let value = value.trim();
    if value.is_empty() {
        return Err(format!("{tag} has no value."));
    }
    Ok((Value::from(value), behind))
}

/// Where a value without quotes ends: at the end of the line, or where the next setting begins.
fn end_of_value(tag: &str, text: &str) -> usize {
    let line = text.find(ends_line).unwrap_or(text.len());
    let mut was_blank = true; // behind `=` a setting can begin as well: then this one has no value
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < line) {
        if was_blank && text.get(at..).is_some_and(|rest| begins_setting(tag, rest)) {
            return at;
        }
        was_blank = letter.is_whitespace();
    }
    line
}

fn begins_setting(current: &str, text: &str) -> bool {
    let Some((name, _)) = assigned(text) else { return false };
    if current == FREE_TEXT {
        let is_capital = !name.contains(|letter: char| letter.is_ascii_lowercase());
        return is_capital && name.len() >= SHORTEST_TAG;
    }
    !name.starts_with(|letter: char| letter.is_ascii_digit())
}

fn quoted<'a>(tag: &str, quote: char, text: &'a str) -> Result<(Value, &'a str), String> {
    let mut value = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == quote {
            return Ok((Value::from(value), rest(letters, text)));
        }
        let escapes =
            letter == '\\' && letters.peek().is_some_and(|next| matches!(next, '"' | '\'' | '\\'));
        value.extend(if escapes { letters.next() } else { Some(letter) });
    }
    Err(format!("The quotes round the value of {tag} are not closed."))
}

fn rest<'a>(left: Peekable<Chars<'a>>, text: &'a str) -> &'a str {
    let n_bytes: usize = left.map(char::len_utf8).sum();
    text.get(text.len() - n_bytes..).unwrap_or_default()
}

/// Values by element, `{"Fe": 5.0}`, which a job may have been given from Python.
fn by_element(text: &str) -> Option<(Value, &str)> {
    if !text.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = values.next()?.ok()?;
    let end = values.byte_offset();
    Some((value, text.get(end..).unwrap_or_default()))
}

fn written(tag: &str, value: &Value) -> String {
    if value.is_object() {
        return value.to_string();
    }
    let text = words(value);
    if reads_as_itself(tag, &text) {
        return text;
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// A value as an INCAR has it.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(), // takes the tag out
        Value::Bool(true) => ".TRUE.".to_owned(),
        Value::Bool(false) => ".FALSE.".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(" "),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn reads_as_itself(tag: &str, text: &str) -> bool {
    let is_alone = !text.contains(['"', '\'']) && !text.contains(ends_line);
    is_alone && value(tag, text).is_ok_and(|(read, behind)| read == *text && behind.is_empty())
}

/// A line without what stands behind `#` or `!`, unless that is in quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, letter) in line.char_indices() {
        match (letter, quote) {
            ('#' | '!', None) => return line.get(..at).unwrap_or(line),
            ('"' | '\'', None) => quote = Some(letter),
            (_, Some(open)) if open == letter => quote = None,
            _ => {}
        }
    }
    line
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
