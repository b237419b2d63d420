//! What the terminal does for us: its clipboard (OSC 52) and its bell with a message (OSC 9).
//! Both work over SSH too; a terminal that knows neither ignores them.

use std::io::Write;

const MAX_COPIED_BYTES: usize = 100_000;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The sequence that puts a text on the clipboard; nothing when it is too long for terminals.
#[must_use]
pub fn copying(text: &str) -> Option<String> {
    (text.len() <= MAX_COPIED_BYTES).then(|| format!("\x1b]52;c;{}\x07", base64(text.as_bytes())))
}

/// The sequence that rings the bell and shows a message.
#[must_use]
pub fn notifying(text: &str) -> String {
    let text: String = text.chars().filter(|character| !character.is_control()).collect();
    format!("\x07\x1b]9;{text}\x07")
}

/// Write a sequence to the terminal at once; a terminal that is gone is noticed elsewhere.
pub fn emit(sequence: &str) {
    let mut terminal = std::io::stdout();
    let _gone = terminal.write_all(sequence.as_bytes()).and_then(|()| terminal.flush());
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut three = [0_u8; 3];
        three.iter_mut().zip(chunk).for_each(|(place, byte)| *place = *byte);
        let [one, two, last] = three.map(u32::from);
        let bits = one << 16 | two << 8 | last;
        for place in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            let letter = ALPHABET.get(index).copied().unwrap_or(b'A');
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded_as_the_standard_says() {
        let expected =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, encoded) in expected {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
        assert_eq!(copying("é").as_deref(), Some("\x1b]52;c;w6k=\x07"));
        assert_eq!(copying(&"x".repeat(MAX_COPIED_BYTES + 1)), None);
    }

    #[test]
    fn a_message_cannot_end_its_own_sequence() {
        assert_eq!(notifying("a\x07\x1bb"), "\x07\x1b]9;ab\x07");
    }
}
