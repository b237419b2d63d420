//! Which key means what on which screen: the one table for the program and for its key bar.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::model::Screen;

/// What a key can mean outside text fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// End the program.
    Quit,
    /// Go back one screen.
    Back,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Open the selected job.
    Open,
    /// Begin a new calculation.
    Create,
    /// Look again, or start the server again.
    Refresh,
    /// Go to the next field.
    NextField,
    /// Go to the field before.
    PreviousField,
    /// Go to the next field, or submit from the last.
    Accept,
}

/// A row of the table; without a title it is not in the key bar.
#[derive(Debug)]
pub struct Binding {
    /// Where it holds.
    pub screen: Screen,
    /// The key.
    pub code: KeyCode,
    /// What it means.
    pub command: Command,
    /// What the key bar says.
    pub title: &'static str,
}

const fn bind(screen: Screen, code: KeyCode, command: Command, title: &'static str) -> Binding {
    Binding { screen, code, command, title }
}

/// All keys but Ctrl-C, which ends the program anywhere.
pub const BINDINGS: &[Binding] = &[
    bind(Screen::Jobs, KeyCode::Enter, Command::Open, "Enter open"),
    bind(Screen::Jobs, KeyCode::Char('n'), Command::Create, "n new"),
    bind(Screen::Jobs, KeyCode::Char('r'), Command::Refresh, "r refresh"),
    bind(Screen::Jobs, KeyCode::Char('q'), Command::Quit, "q quit"),
    bind(Screen::Jobs, KeyCode::Down, Command::Down, "↑↓ jk move"),
    bind(Screen::Jobs, KeyCode::Char('j'), Command::Down, ""),
    bind(Screen::Jobs, KeyCode::Up, Command::Up, ""),
    bind(Screen::Jobs, KeyCode::Char('k'), Command::Up, ""),
    bind(Screen::Jobs, KeyCode::PageUp, Command::PageUp, ""),
    bind(Screen::Jobs, KeyCode::PageDown, Command::PageDown, ""),
    bind(Screen::Jobs, KeyCode::Home, Command::First, ""),
    bind(Screen::Jobs, KeyCode::Char('g'), Command::First, ""),
    bind(Screen::Jobs, KeyCode::End, Command::Last, ""),
    bind(Screen::Jobs, KeyCode::Char('G'), Command::Last, ""),
    bind(Screen::Card, KeyCode::Char('r'), Command::Refresh, "r refresh"),
    bind(Screen::Card, KeyCode::Char('q'), Command::Back, "q back"),
    bind(Screen::Card, KeyCode::Esc, Command::Back, ""),
    bind(Screen::Create, KeyCode::Tab, Command::NextField, "Tab next field"),
    bind(Screen::Create, KeyCode::Enter, Command::Accept, "Enter next, submit"),
    bind(Screen::Create, KeyCode::Esc, Command::Back, "Esc back"),
    bind(Screen::Create, KeyCode::BackTab, Command::PreviousField, ""),
    bind(Screen::Create, KeyCode::Down, Command::NextField, ""),
    bind(Screen::Create, KeyCode::Up, Command::PreviousField, ""),
];

/// What a key means on a screen.
#[must_use]
pub fn command(screen: Screen, key: KeyEvent) -> Option<Command> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return (key.code == KeyCode::Char('c')).then_some(Command::Quit);
    }
    let found = |binding: &&Binding| binding.screen == screen && binding.code == key.code;
    BINDINGS.iter().find(found).map(|binding| binding.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings_on_a_screen() {
        for (index, binding) in BINDINGS.iter().enumerate() {
            let same =
                |other: &&Binding| other.screen == binding.screen && other.code == binding.code;
            assert_eq!(BINDINGS.iter().position(|other| same(&other)), Some(index), "{binding:?}");
        }
    }

    #[test]
    fn no_printable_key_is_a_command_in_a_text_field() {
        let printable = |binding: &&Binding| matches!(binding.code, KeyCode::Char(_));
        let in_form = |binding: &&Binding| binding.screen == Screen::Create;
        assert_eq!(BINDINGS.iter().filter(in_form).filter(printable).count(), 0);
    }
}
