//! How well a line of a list fits what is looked for; the least number fits best.

use crate::keymap::{Command, words};

/// How well a title fits: 0 begins so, 1 contains it, 2 has the letters in this order.
#[must_use]
pub fn of_title(title: &str, needle: &str) -> Option<usize> {
    if title.starts_with(needle) {
        return Some(0);
    }
    if title.contains(needle) {
        return Some(1);
    }
    let mut letters = title.chars();
    needle.chars().all(|letter| letters.any(|other| other == letter)).then_some(2)
}

/// How well a command fits: its name, then other words for it, then what their words begin with, and at
/// last its sentence. Letters here and there in a sentence are no fit: the command would be another one
/// than is meant.
#[must_use]
pub fn of_command(command: Command, needle: &str) -> Option<usize> {
    let needle = needle.trim().replace('-', " ");
    let name = command.name().replace('-', " ");
    let others: Vec<&str> =
        words::synonyms(command).iter().copied().chain([command.title()]).collect();
    if name == needle {
        return Some(0);
    }
    if others.contains(&needle.as_str()) {
        return Some(1);
    }
    if name.starts_with(&needle) {
        return Some(2);
    }
    if others.iter().any(|word| word.starts_with(&needle)) {
        return Some(3);
    }
    let is_in = |text: &str| needle.split_whitespace().all(|part| begins_word(text, part));
    if is_in(&name) || others.iter().any(|words| is_in(words)) {
        return Some(4);
    }
    is_in(&command.about().to_lowercase()).then_some(5)
}

/// Whether a word of a text begins so.
fn begins_word(text: &str, part: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word.starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(needle: &str) -> Option<Command> {
        let ranked = Command::ALL.iter().filter_map(|one| Some((of_command(*one, needle)?, *one)));
        ranked.min_by_key(|(rank, _)| *rank).map(|(_, command)| command)
    }

    #[test]
    fn every_command_is_found_by_its_name() {
        for command in Command::ALL {
            assert_eq!(first(command.name()), Some(*command));
        }
    }

    #[test]
    fn a_command_is_found_by_the_begin_of_its_name_and_by_its_sentence() {
        assert_eq!(first("canc"), Some(Command::Cancel));
        assert_eq!(first("empty"), Some(Command::EmptyForm));
        assert_eq!(first("new calc"), Some(Command::GoCreate));
        assert_eq!(first("whole screen"), Some(Command::Redraw));
    }

    #[test]
    fn letters_here_and_there_fit_nothing() {
        for needle in ["xyzzy", "dlt", "ebnd", "rstrt", "nothing such"] {
            assert_eq!(first(needle), None, "{needle}");
        }
    }
}
