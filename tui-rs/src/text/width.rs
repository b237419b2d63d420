//! How wide text is on the screen.

use unicode_width::UnicodeWidthChar;

const TAB: usize = 8;

/// The columns that a character takes when it begins at a column.
#[must_use]
pub fn of_char(character: char, column: usize) -> usize {
    match character {
        '\t' => TAB - column % TAB,
        character if character.is_control() => 1,
        character => character.width().unwrap_or(0),
    }
}

/// The column of the character at an index.
#[must_use]
pub fn column(line: impl Iterator<Item = char>, index: usize) -> usize {
    line.take(index).fold(0, |column, character| column + of_char(character, column))
}

/// The index of the character at a column, or of the first one behind it.
#[must_use]
pub fn index(line: impl Iterator<Item = char>, wanted: usize) -> usize {
    let mut column = 0;
    let mut index = 0;
    for character in line {
        let width = of_char(character, column);
        if column + width > wanted {
            break;
        }
        column += width;
        index += 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns_and_tabs_reach_the_next_stop() {
        assert_eq!(column("a東b".chars(), 2), 3);
        assert_eq!(column("a\tb".chars(), 2), 8);
        assert_eq!(index("a東b".chars(), 3), 2);
        assert_eq!(index("a東b".chars(), 2), 1);
        assert_eq!(index("ab".chars(), 90), 2);
    }
}
