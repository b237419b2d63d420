//! The configuration: `crystalmath/tui.toml` in the user's configuration folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::keymap::Keymap;
use crate::widget::theme::Theme;

/// What the user can set.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    colour: Option<bool>,
    mouse: Option<bool>,
    bell: Option<bool>,
    ascii: Option<bool>,
    #[serde(default)]
    theme: BTreeMap<String, String>,
    #[serde(default)]
    keys: BTreeMap<String, BTreeMap<String, String>>,
}

/// What holds.
#[derive(Debug, Clone)]
pub struct Config {
    /// What things look like.
    pub theme: Theme,
    /// Whether the mouse is listened to; it takes the terminal's own selection away.
    pub mouse: bool,
    /// Whether the terminal is told when a job ends.
    pub bell: bool,
    /// What the keys mean.
    pub keymap: Keymap,
}

impl Default for Config {
    fn default() -> Self {
        Self { theme: Theme::default(), mouse: false, bell: true, keymap: Keymap::default() }
    }
}

impl Config {
    /// Read a configuration; `no_color` is whether the user wants no colours anywhere.
    pub fn parse(text: &str, no_color: bool) -> Result<Self, String> {
        let file: File = basic_toml::from_str(text).map_err(|error| error.to_string())?;
        let plain = Self::default();
        let colour = file.colour.unwrap_or(true) && !no_color;
        let theme = if colour { Theme::default() } else { Theme::monochrome() };
        let mut theme = theme.with(&file.theme, colour)?;
        theme.ascii = file.ascii.unwrap_or(false);
        Ok(Self {
            theme,
            mouse: file.mouse.unwrap_or(plain.mouse),
            bell: file.bell.unwrap_or(plain.bell),
            keymap: Keymap::with(&file.keys)?,
        })
    }

    /// Read the file of a path; none is the same as an empty one.
    pub fn read(path: Option<PathBuf>, no_color: bool) -> Result<Self, String> {
        let Some(path) = path else { return Self::parse("", no_color) };
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, no_color)
                .map_err(|reason| format!("{}: {reason}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::parse("", no_color),
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }
}

/// Where the configuration is, given `$XDG_CONFIG_HOME` and `$HOME`.
#[must_use]
pub fn path(config_home: Option<String>, home: Option<String>) -> Option<PathBuf> {
    let folder = config_home
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .or_else(|| home.map(|path| PathBuf::from(path).join(".config")))?;
    Some(folder.join("crystalmath").join("tui.toml"))
}

/// Where unsaved texts are kept, given `$XDG_STATE_HOME` and `$HOME`.
#[must_use]
pub fn drafts(state_home: Option<String>, home: Option<String>) -> Option<PathBuf> {
    let folder = state_home
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .or_else(|| home.map(|path| PathBuf::from(path).join(".local").join("state")))?;
    Some(folder.join("crystalmath").join("drafts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_read() {
        let text = "bell = false\nascii = true\n[keys.jobs]\nx = \"refresh\"\n";
        let config = Config::parse(text, false).unwrap();
        assert!(!config.bell && !config.mouse && config.theme.ascii);
        assert_eq!(Config::parse("", false).unwrap().theme, Theme::default());
    }

    #[test]
    fn there_are_no_colours_when_the_user_wants_none_here_or_anywhere() {
        let theme = |text, no_color| Config::parse(text, no_color).unwrap().theme;
        let text = "[theme]\nalarm = \"light-red\"";
        assert_ne!(theme(text, false), Theme::default());
        assert_eq!(theme("", true), Theme::monochrome());
        assert_eq!(theme("colour = false", false), Theme::monochrome());
        assert_eq!(theme(text, true), theme("[theme]\nalarm = \"\"", true));
    }

    #[test]
    fn a_mistake_is_told() {
        for (text, reason) in [
            ("bel = true", "bel"),
            ("bell = 3", "bool"),
            ("[keys.jobs]\nx = \"fly\"", "fly"),
            ("[theme]\nalarm = \"blod\"", "blod"),
            ("[theme]\nalarm = 3", "string"),
        ] {
            let refusal = Config::parse(text, false).unwrap_err();
            assert!(refusal.contains(reason), "{refusal}");
        }
    }

    #[test]
    fn the_configuration_is_where_others_have_theirs() {
        let home = || Some("/home/x".to_owned());
        let at = |path: Option<PathBuf>| path.unwrap().to_string_lossy().into_owned();
        assert_eq!(at(path(None, home())), "/home/x/.config/crystalmath/tui.toml");
        assert_eq!(at(path(Some("/c".to_owned()), home())), "/c/crystalmath/tui.toml");
        assert_eq!(path(None, None), None);
    }
}
