//! Keys by name: `ctrl-p`, `alt-1`, `f12`, `enter`, `G`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

const NAMED: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("space", KeyCode::Char(' ')),
];

/// A key with what is held down beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    /// Read a name; nothing when there is no such key.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = name;
        loop {
            if let Some((_, code)) = NAMED.iter().find(|(title, _)| *title == rest) {
                return Some(Self { code: *code, modifiers });
            }
            let held = [
                ("ctrl-", KeyModifiers::CONTROL),
                ("alt-", KeyModifiers::ALT),
                ("shift-", KeyModifiers::SHIFT),
            ]
            .into_iter()
            .find(|(prefix, _)| rest.starts_with(prefix) && rest.len() > prefix.len());
            let Some((prefix, modifier)) = held else { break };
            modifiers |= modifier;
            rest = rest.strip_prefix(prefix)?;
        }
        if let Some(number) = rest.strip_prefix('f').and_then(|digits| digits.parse().ok()) {
            return Some(Self { code: KeyCode::F(number), modifiers });
        }
        let mut characters = rest.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Some(Self { code: KeyCode::Char(character), modifiers }),
            _ => None,
        }
    }

    /// Whether it writes something in a text field.
    #[must_use]
    pub fn is_printable(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }

    /// What the key bar calls it.
    #[must_use]
    pub fn title(self) -> String {
        let held = [
            (KeyModifiers::CONTROL, "Ctrl-"),
            (KeyModifiers::ALT, "Alt-"),
            (KeyModifiers::SHIFT, "Shift-"),
        ]
        .into_iter()
        .filter(|(modifier, _)| self.modifiers.contains(*modifier))
        .map(|(_, name)| name);
        let name = match self.code {
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::F(number) => format!("F{number}"),
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(character) if self.modifiers.is_empty() => character.to_string(),
            KeyCode::Char(character) => character.to_uppercase().to_string(),
            code => format!("{code:?}"),
        };
        held.chain([name.as_str()]).collect()
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let mut modifiers =
            event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        // A capital letter says it itself, and so does Shift-Tab.
        if matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers.remove(KeyModifiers::SHIFT);
        }
        let code = match event.code {
            KeyCode::Char(character) if modifiers.contains(KeyModifiers::CONTROL) => {
                KeyCode::Char(character.to_ascii_lowercase())
            }
            code => code,
        };
        Self { code, modifiers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_told_again() {
        let titles = [
            ("ctrl-p", "Ctrl-P"),
            ("alt-1", "Alt-1"),
            ("f12", "F12"),
            ("shift-f8", "Shift-F8"),
            ("G", "G"),
            ("space", "Space"),
            ("ctrl-space", "Ctrl-Space"),
            ("shift-tab", "Shift-Tab"),
            ("-", "-"),
        ];
        for (name, title) in titles {
            assert_eq!(Key::parse(name).map(Key::title).as_deref(), Some(title));
        }
        assert_eq!(Key::parse("hyper-x"), None);
        assert_eq!(Key::parse(""), None);
    }

    #[test]
    fn a_capital_letter_is_the_same_key_with_and_without_shift() {
        let with = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        let without = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::NONE);
        assert_eq!(Key::from(with), Key::from(without));
        assert!(Key::from(with).is_printable());
    }
}
