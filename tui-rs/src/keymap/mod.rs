//! Which key means what where.

pub mod command;
mod defaults;
pub mod key;
pub mod words;

use std::collections::BTreeMap;

pub use command::Command;
use crossterm::event::KeyEvent;
pub use key::Key;

use defaults::DEFAULTS;

/// Where a key has a meaning; the innermost one that knows the key decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Everywhere, also while text is written.
    Anywhere,
    /// On every screen while no text is written.
    Screen,
    /// Whatever has rows.
    List,
    /// A job, in the list or opened.
    Job,
    /// The list of jobs.
    Jobs,
    /// One job.
    Card,
    /// A field of one line.
    Form,
    /// The form of a new calculation.
    Create,
    /// The parameters of a template.
    Sheet,
    /// The catalogue of templates.
    Templates,
    /// The editor.
    Editor,
    /// A list to choose from above a screen, with a field to filter it.
    Chooser,
    /// A text to read above a screen.
    Reader,
    /// What is read while a text is looked for in it.
    Found,
    /// A question.
    Question,
}

impl Scope {
    /// All scopes with their names in the configuration.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("anywhere", Self::Anywhere),
        ("screen", Self::Screen),
        ("list", Self::List),
        ("job", Self::Job),
        ("jobs", Self::Jobs),
        ("card", Self::Card),
        ("form", Self::Form),
        ("create", Self::Create),
        ("parameters", Self::Sheet),
        ("templates", Self::Templates),
        ("editor", Self::Editor),
        ("chooser", Self::Chooser),
        ("reader", Self::Reader),
        ("found", Self::Found),
        ("question", Self::Question),
    ];

    /// Whether printable keys are text there, and can mean nothing else.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Anywhere | Self::Form | Self::Create | Self::Sheet | Self::Editor | Self::Chooser
        )
    }
}

/// One meaning of one key; the key bar shows it when it is `shown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// Where.
    pub scope: Scope,
    /// Which key.
    pub key: Key,
    /// What it means.
    pub command: Command,
    /// Whether the key bar has room for it.
    pub shown: bool,
}

/// All bindings.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        let bindings = DEFAULTS
            .iter()
            .flat_map(|(scope, keys, command)| {
                keys.split_whitespace().enumerate().filter_map(|(index, name)| {
                    let shown = index == 0 && !name.starts_with('_');
                    let key = Key::parse(name.trim_start_matches("__"))?;
                    Some(Binding { scope: *scope, key, command: *command, shown })
                })
            })
            .collect();
        Self { bindings }
    }
}

impl Keymap {
    /// The bindings with those of the configuration put over them: scope → key → command, where
    /// `none` takes the key's meaning away.
    pub fn with(overrides: &BTreeMap<String, BTreeMap<String, String>>) -> Result<Self, String> {
        let mut keymap = Self::default();
        for (scope_name, keys) in overrides {
            let scope = Scope::ALL
                .iter()
                .find(|(name, _)| name == scope_name)
                .map(|(_, scope)| *scope)
                .ok_or_else(|| format!("There is no place for keys called {scope_name:?}."))?;
            for (key_name, command_name) in keys {
                keymap.bind(scope, key_name, command_name)?;
            }
        }
        Ok(keymap)
    }

    fn bind(&mut self, scope: Scope, key_name: &str, command_name: &str) -> Result<(), String> {
        let key = Key::parse(key_name).ok_or_else(|| format!("There is no key {key_name:?}."))?;
        if scope.is_text() && key.is_printable() {
            return Err(format!("{key_name:?} writes text there and can mean nothing else."));
        }
        self.bindings.retain(|binding| binding.scope != scope || binding.key != key);
        if command_name != "none" {
            let command = Command::parse(command_name)
                .ok_or_else(|| format!("There is no command {command_name:?}."))?;
            self.bindings.push(Binding { scope, key, command, shown: true });
        }
        Ok(())
    }

    /// What a key means where these scopes hold, the innermost first.
    #[must_use]
    pub fn command(&self, scopes: &[Scope], event: KeyEvent) -> Option<Command> {
        let key = Key::from(event);
        scopes.iter().find_map(|scope| {
            let found = |binding: &&Binding| binding.scope == *scope && binding.key == key;
            self.bindings.iter().find(found).map(|binding| binding.command)
        })
    }

    /// The bindings that hold in these scopes, the innermost first.
    pub fn of<'a>(&'a self, scopes: &'a [Scope]) -> impl Iterator<Item = &'a Binding> {
        scopes.iter().flat_map(move |scope| {
            self.bindings.iter().filter(move |binding| binding.scope == *scope)
        })
    }

    /// The bindings of one scope.
    pub fn of_scope(&self, scope: Scope) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.scope == scope)
    }

    /// The keys of a command in these scopes, for help and palette.
    #[must_use]
    pub fn keys_of(&self, scopes: &[Scope], command: Command) -> String {
        let keys: Vec<String> = self
            .of(scopes)
            .filter(|binding| binding.command == command)
            .map(|binding| binding.key.title())
            .collect();
        keys.join(" ")
    }

    /// All bindings as a table, for the documentation.
    #[must_use]
    pub fn table(&self) -> String {
        let row = |(name, scope): &(&str, Scope)| -> Vec<String> {
            let bindings = self.bindings.iter().filter(|binding| binding.scope == *scope);
            bindings
                .map(|binding| {
                    let command = binding.command;
                    let key = binding.key.title();
                    format!("{name:10} {key:12} {:16} {}\n", command.name(), command.about())
                })
                .collect()
        };
        Scope::ALL.iter().flat_map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    fn overrides(
        scope: &str,
        key: &str,
        command: &str,
    ) -> BTreeMap<String, BTreeMap<String, String>> {
        let keys = BTreeMap::from([(key.to_owned(), command.to_owned())]);
        BTreeMap::from([(scope.to_owned(), keys)])
    }

    fn press(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    #[test]
    fn every_default_is_a_key_and_has_one_meaning_in_its_place() {
        let keymap = Keymap::default();
        let named: usize =
            DEFAULTS.iter().map(|(_, keys, _)| keys.split_whitespace().count()).sum();
        assert_eq!(keymap.bindings.len(), named);
        for (index, binding) in keymap.bindings.iter().enumerate() {
            let same = |other: &Binding| other.scope == binding.scope && other.key == binding.key;
            assert_eq!(keymap.bindings.iter().position(same), Some(index), "{binding:?}");
        }
    }

    #[test]
    fn no_printable_key_is_a_command_where_text_is_written() {
        for binding in &Keymap::default().bindings {
            assert!(!(binding.scope.is_text() && binding.key.is_printable()), "{binding:?}");
        }
    }

    #[test]
    fn every_command_but_those_of_the_palette_has_a_key() {
        let keymap = Keymap::default();
        for command in Command::ALL {
            assert!(
                keymap.bindings.iter().any(|binding| binding.command == *command),
                "{command:?}"
            );
        }
    }

    #[test]
    fn a_key_can_be_given_another_meaning_and_lose_it() {
        let keymap = Keymap::with(&overrides("jobs", "n", "refresh")).unwrap();
        let scopes = [Scope::Jobs, Scope::List, Scope::Screen, Scope::Anywhere];
        assert_eq!(keymap.command(&scopes, press(KeyCode::Char('n'))), Some(Command::Refresh));
        let keymap = Keymap::with(&overrides("jobs", "n", "none")).unwrap();
        assert_eq!(keymap.command(&[Scope::Jobs], press(KeyCode::Char('n'))), None);
    }

    #[test]
    fn what_cannot_be_bound_is_refused_in_words() {
        for (scope, key, command, reason) in [
            ("nowhere", "n", "quit", "no place"),
            ("jobs", "hyper-n", "quit", "no key"),
            ("jobs", "n", "fly", "no command"),
            ("editor", "n", "quit", "writes text"),
        ] {
            let refusal = Keymap::with(&overrides(scope, key, command)).unwrap_err();
            assert!(refusal.contains(reason), "{refusal}");
        }
    }
}
