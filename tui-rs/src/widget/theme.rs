//! Looks by meaning. Screens are painted in roles; the last step before a frame is shown turns the
//! roles into what the user's theme makes of them. No meaning is told by colour alone.

use std::collections::BTreeMap;
use std::str::FromStr;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};

use crate::api::wire::JobState;

/// What something painted means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// What is less important.
    Faint,
    /// What stands out.
    Strong,
    /// What should be looked at.
    Warning,
    /// What went wrong.
    Alarm,
    /// What went well.
    Well,
    /// What is going on.
    Active,
    /// What is selected.
    Selected,
    /// The name of what has the cursor.
    Heading,
}

const ROLES: [(Role, &str); 8] = [
    (Role::Faint, "faint"),
    (Role::Strong, "strong"),
    (Role::Warning, "warning"),
    (Role::Alarm, "alarm"),
    (Role::Well, "well"),
    (Role::Active, "active"),
    (Role::Selected, "selected"),
    (Role::Heading, "heading"),
];
const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];
/// The colours of the palette from here on stand for roles while a frame is painted.
const FIRST_INDEX: u8 = 240;

impl Role {
    /// How the role is kept in a cell until the frame is complete.
    const fn mark(self) -> Color {
        Color::Indexed(FIRST_INDEX + self as u8)
    }

    fn of(colour: Color) -> Option<Self> {
        let Color::Indexed(index) = colour else { return None };
        let place = index.checked_sub(FIRST_INDEX)?;
        ROLES.get(usize::from(place)).map(|(role, _)| *role)
    }

    /// What it adds to letters in every theme that says nothing else.
    const fn weight(self) -> Modifier {
        match self {
            Self::Faint => Modifier::DIM,
            Self::Strong => Modifier::BOLD,
            Self::Selected => Modifier::REVERSED,
            Self::Heading => Modifier::BOLD.union(Modifier::REVERSED),
            Self::Warning | Self::Alarm | Self::Well | Self::Active => Modifier::empty(),
        }
    }

    const fn letters(self) -> Style {
        Style::new().fg(self.mark()).add_modifier(self.weight())
    }

    const fn ground(self) -> Style {
        Style::new().bg(self.mark()).add_modifier(self.weight())
    }
}

/// What is less important.
#[must_use]
pub const fn faint() -> Style {
    Role::Faint.letters()
}

/// What stands out.
#[must_use]
pub const fn strong() -> Style {
    Role::Strong.letters()
}

/// What is as it is; the colours of what stood there before are taken away.
#[must_use]
pub const fn plain() -> Style {
    Style::reset()
}

/// What is selected.
#[must_use]
pub const fn selected() -> Style {
    Role::Selected.ground()
}

/// The name of what has the cursor.
#[must_use]
pub const fn heading() -> Style {
    Role::Heading.ground()
}

/// What is meant by a finding.
#[must_use]
pub const fn underlined() -> Style {
    Style::new().add_modifier(Modifier::UNDERLINED)
}

/// What should be looked at.
#[must_use]
pub const fn warning() -> Style {
    Role::Warning.letters()
}

/// What went wrong.
#[must_use]
pub const fn alarm() -> Style {
    Role::Alarm.letters()
}

/// What went well.
#[must_use]
pub const fn well() -> Style {
    Role::Well.letters()
}

/// A job's state.
#[must_use]
pub const fn of_state(state: JobState) -> Style {
    match state {
        JobState::Finished => well(),
        JobState::Failed | JobState::Excepted | JobState::Killed => alarm(),
        JobState::Asking | JobState::Paused => warning(),
        JobState::Running | JobState::Transferring => Role::Active.letters(),
        JobState::Created | JobState::Queued => Style::new(),
    }
}

/// What each role looks like, and whether signs beyond ASCII may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    looks: [Style; ROLES.len()],
    /// Whether the terminal is given ASCII only.
    pub ascii: bool,
}

impl Default for Theme {
    /// From the sixteen colours that every terminal has.
    fn default() -> Self {
        let looks = ROLES.map(|(role, _)| {
            let style = Style::new().add_modifier(role.weight());
            match role {
                Role::Warning => style.fg(Color::Yellow),
                Role::Alarm => style.fg(Color::Red),
                Role::Well => style.fg(Color::Green),
                Role::Active => style.fg(Color::Cyan),
                Role::Faint | Role::Strong | Role::Selected | Role::Heading => style,
            }
        });
        Self { looks, ascii: false }
    }
}

impl Theme {
    /// Without any colour: what went wrong is bold instead.
    #[must_use]
    pub fn monochrome() -> Self {
        let mut theme = Self::default().without_colour();
        theme.set(Role::Alarm, Style::new().add_modifier(Modifier::BOLD));
        theme
    }

    /// What the user's words make of a theme; without colour, only their weights count.
    pub fn with(mut self, words: &BTreeMap<String, String>, colour: bool) -> Result<Self, String> {
        for (name, text) in words {
            let Some((role, _)) = ROLES.iter().find(|(_, known)| known == name) else {
                let known = ROLES.map(|(_, name)| name).join(", ");
                return Err(format!("[theme] {name}: no such role; there are {known}"));
            };
            let look = parse(text).map_err(|word| {
                let weights = MODIFIERS.map(|(name, _)| name).join(", ");
                format!(
                    "[theme] {name} = {text:?}: {word:?} is no colour (red, light-blue, #ff8800, 0 to 255), \
                     nor one of {weights}; a ground is `on COLOUR`"
                )
            })?;
            self.set(*role, look);
        }
        Ok(if colour { self } else { self.without_colour() })
    }

    fn set(&mut self, role: Role, look: Style) {
        if let Some(place) = self.looks.get_mut(role as usize) {
            *place = look;
        }
    }

    fn without_colour(mut self) -> Self {
        for look in &mut self.looks {
            (look.fg, look.bg) = (None, None);
        }
        self
    }

    fn look(&self, role: Role) -> Style {
        self.looks.get(role as usize).copied().unwrap_or_default()
    }

    /// Turn the roles of a painted frame into looks.
    pub fn resolve(&self, buffer: &mut Buffer) {
        for cell in &mut buffer.content {
            self.resolve_cell(cell);
            if self.ascii && !cell.symbol().is_ascii() {
                let sign = cell.symbol().chars().next().map_or(' ', in_ascii);
                cell.set_char(sign);
            }
        }
    }

    fn resolve_cell(&self, cell: &mut Cell) {
        let (letters, ground) = (Role::of(cell.fg), Role::of(cell.bg));
        if let Some(role) = letters {
            let look = self.look(role);
            cell.fg = look.fg.unwrap_or(Color::Reset);
            cell.bg = if ground.is_none() { look.bg.unwrap_or(cell.bg) } else { cell.bg };
            cell.modifier = cell.modifier.difference(role.weight()).union(look.add_modifier);
        }
        if let Some(role) = ground {
            let look = self.look(role);
            cell.fg = if letters.is_none() { look.fg.unwrap_or(cell.fg) } else { cell.fg };
            cell.bg = look.bg.unwrap_or(Color::Reset);
            let kept = letters.map_or(Modifier::empty(), |role| self.look(role).add_modifier);
            let weight = role.weight().difference(kept);
            cell.modifier = cell.modifier.difference(weight).union(look.add_modifier);
        }
    }
}

/// Read `bold red on black`; gives the word that means nothing.
fn parse(text: &str) -> Result<Style, String> {
    let mut style = Style::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == word) {
            style = style.add_modifier(*modifier);
        } else if word == "on" {
            let ground = words.next().unwrap_or_default();
            style = style.bg(Color::from_str(ground).map_err(|_| ground.to_owned())?);
        } else {
            style = style.fg(Color::from_str(word).map_err(|_| word.to_owned())?);
        }
    }
    Ok(style)
}

/// What stands for a sign where there is ASCII only.
const fn in_ascii(sign: char) -> char {
    match sign {
        '✗' | '×' => 'x',
        '■' | '●' | '▁'..='█' => '#',
        '▸' | '›' | '→' | '≥' => '>',
        '←' | '≤' => '<',
        '‖' => '=',
        '·' | '…' | '┈' | '┊' => '.',
        '↑' => '^',
        '↓' => 'v',
        '│' | '┃' => '|',
        '─' | '━' | '–' | '—' | '−' => '-',
        '✓' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => '+',
        '•' | '\u{2801}'..='\u{28ff}' => '*',
        '\u{2800}' => ' ',
        'Å' => 'A',
        'μ' => 'u',
        '␍' => '~',
        '²' => '2',
        '³' => '3',
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    fn painted(theme: &Theme, text: &str, style: Style) -> Cell {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        buffer.set_string(0, 0, text, style);
        theme.resolve(&mut buffer);
        buffer.content[0].clone()
    }

    fn themed(role: &str, look: &str, colour: bool) -> Result<Theme, String> {
        let words = BTreeMap::from([(role.to_owned(), look.to_owned())]);
        Theme::default().with(&words, colour)
    }

    #[test]
    fn every_role_has_its_own_place() {
        for (place, (role, _)) in ROLES.iter().enumerate() {
            assert_eq!(*role as usize, place);
            assert_eq!(Role::of(role.mark()), Some(*role));
        }
        assert_eq!(Role::of(Color::Red), None);
    }

    #[test]
    fn the_sixteen_colours_are_the_default() {
        let cell = painted(&Theme::default(), "x", alarm());
        assert_eq!(
            (cell.fg, cell.bg, cell.modifier),
            (Color::Red, Color::Reset, Modifier::empty())
        );
        let cell = painted(&Theme::default(), "x", selected().patch(alarm()));
        assert_eq!(
            (cell.fg, cell.bg, cell.modifier),
            (Color::Red, Color::Reset, Modifier::REVERSED)
        );
    }

    #[test]
    fn without_colour_what_went_wrong_is_bold() {
        for style in [alarm(), warning(), well(), selected(), of_state(JobState::Running)] {
            let cell = painted(&Theme::monochrome(), "x", style);
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
        }
        assert!(painted(&Theme::monochrome(), "x", alarm()).modifier.contains(Modifier::BOLD));
    }

    #[test]
    fn a_role_looks_as_the_user_says() {
        let theme = themed("selected", "bold black on light-blue", true).unwrap();
        let cell = painted(&theme, "x", selected());
        assert_eq!((cell.fg, cell.bg), (Color::Black, Color::LightBlue));
        assert_eq!(cell.modifier, Modifier::BOLD);
        let cell = painted(&theme, "x", selected().patch(well()));
        assert_eq!((cell.fg, cell.bg), (Color::Green, Color::LightBlue));
        let theme = themed("faint", "#808080", true).unwrap();
        let cell = painted(&theme, "x", faint());
        assert_eq!((cell.fg, cell.modifier), (Color::Rgb(128, 128, 128), Modifier::empty()));
        let theme = themed("strong", "underlined 208", false).unwrap();
        let cell = painted(&theme, "x", strong());
        assert_eq!((cell.fg, cell.modifier), (Color::Reset, Modifier::UNDERLINED));
    }

    #[test]
    fn a_mistake_is_named() {
        for (role, look, reason) in [
            ("alrm", "red", "alrm: no such role; there are faint, strong"),
            ("alarm", "blod red", "\"blod\" is no colour"),
            ("alarm", "red on", "\"\" is no colour"),
            ("alarm", "red on blu", "\"blu\" is no colour"),
        ] {
            let refusal = themed(role, look, true).unwrap_err();
            assert!(refusal.contains(reason), "{refusal}");
        }
    }

    #[test]
    fn a_terminal_without_unicode_gets_ascii() {
        let theme = Theme { ascii: true, ..Theme::default() };
        for (sign, expected) in
            [("✓", "+"), ("│", "|"), ("⣿", "*"), ("東", "?"), ("é", "?"), ("a", "a")]
        {
            assert_eq!(painted(&theme, sign, Style::new()).symbol(), expected);
        }
    }
}
