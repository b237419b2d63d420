//! Which jobs are shown, and in which order.

use std::cmp::Ordering;

use super::row::Row;

/// What a job must have to be shown: words, and fields such as `state:failed`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    field: Field,
    /// In lower case.
    needle: String,
    negated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Any,
    Id,
    State,
    Formula,
    Template,
    Label,
}

impl Filter {
    /// Read what the user wrote: all terms must fit, `-` or `!` turns one round.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let terms = text.split_whitespace().filter_map(Term::parse).collect();
        Self { text: text.to_owned(), terms }
    }

    /// What the user wrote.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything through.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it lets a job through.
    #[must_use]
    pub fn fits(&self, row: &Row) -> bool {
        self.terms.iter().all(|term| term.fits(row) != term.negated)
    }
}

impl Term {
    fn parse(word: &str) -> Option<Self> {
        let rest = word.strip_prefix(['-', '!']);
        let (negated, word) = (rest.is_some(), rest.unwrap_or(word));
        let (field, needle) = match word.split_once(':') {
            Some(("id", needle)) => (Field::Id, needle),
            Some(("state", needle)) => (Field::State, needle),
            Some(("formula", needle)) => (Field::Formula, needle),
            Some(("template", needle)) => (Field::Template, needle),
            Some(("label", needle)) => (Field::Label, needle),
            _ => (Field::Any, word),
        };
        let needle = needle.to_lowercase();
        (!needle.is_empty()).then_some(Self { field, needle, negated })
    }

    fn fits(&self, row: &Row) -> bool {
        let has = |text: &str| contains(text, &self.needle);
        match self.field {
            Field::Id => row.id.to_string() == self.needle,
            Field::State => row.state.word().starts_with(&self.needle),
            Field::Formula => is_formula(&row.formula, &self.needle),
            Field::Template => has(&row.template),
            Field::Label => has(&row.label),
            Field::Any => {
                has(&row.label)
                    || has(&row.formula)
                    || has(&row.template)
                    || row.state.word() == self.needle
                    || row.id.to_string() == self.needle
            }
        }
    }
}

/// Whether a text contains another, which is in lower case.
fn contains(text: &str, needle: &str) -> bool {
    if text.is_ascii() && needle.is_ascii() {
        let needle = needle.as_bytes();
        return text.as_bytes().windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle));
    }
    text.to_lowercase().contains(needle)
}

/// Whether a formula is the one asked for, or holds the element asked for: `si` fits `Si2`, not
/// `SiO2` when `si2` is asked.
fn is_formula(formula: &str, needle: &str) -> bool {
    formula.eq_ignore_ascii_case(needle)
        || formula
            .split(|character: char| !character.is_alphabetic())
            .flat_map(elements)
            .any(|element| element.eq_ignore_ascii_case(needle))
}

/// The elements of a run of letters: a capital begins each.
fn elements(letters: &str) -> Vec<String> {
    let mut elements: Vec<String> = Vec::new();
    for character in letters.chars() {
        match elements.last_mut() {
            Some(element) if character.is_lowercase() => element.push(character),
            _ => elements.push(character.to_string()),
        }
    }
    elements
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Column {
    /// The number, which is the age.
    #[default]
    Id,
    /// The state.
    State,
    /// The formula.
    Formula,
    /// The template.
    Template,
    /// The label.
    Label,
}

/// An order of the jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// By what.
    pub column: Column,
    /// Whether it is the other way round; by number, the newest job comes first.
    pub reversed: bool,
}

impl Order {
    /// Whether it is the order in which the jobs are kept.
    #[must_use]
    pub fn is_default(self) -> bool {
        self == Self::default()
    }

    /// The order by the next column.
    #[must_use]
    pub const fn next(self) -> Self {
        let column = match self.column {
            Column::Id => Column::State,
            Column::State => Column::Formula,
            Column::Formula => Column::Template,
            Column::Template => Column::Label,
            Column::Label => Column::Id,
        };
        Self { column, reversed: false }
    }

    /// The same the other way round.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self { reversed: !self.reversed, ..self }
    }

    /// What the screen calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self.column {
            Column::Id => "id",
            Column::State => "state",
            Column::Formula => "formula",
            Column::Template => "template",
            Column::Label => "label",
        }
    }

    fn compare(self, one: &Row, other: &Row) -> Ordering {
        let ordering = match self.column {
            Column::Id => other.id.cmp(&one.id),
            Column::State => one.state.word().cmp(other.state.word()),
            Column::Formula => one.formula.cmp(&other.formula),
            Column::Template => one.template.cmp(&other.template),
            Column::Label => one.label.cmp(&other.label),
        };
        if self.reversed { ordering.reverse() } else { ordering }
    }
}

/// The places of the rows that are shown; nothing when it is all of them as they are.
#[must_use]
pub fn arrange(rows: &[Row], filter: &Filter, order: Order) -> Option<Vec<u32>> {
    if filter.is_empty() && order.is_default() {
        return None;
    }
    let fitting = rows.iter().enumerate().filter(|(_, row)| filter.fits(row));
    let mut shown: Vec<(u32, &Row)> =
        fitting.filter_map(|(place, row)| Some((u32::try_from(place).ok()?, row))).collect();
    if !order.is_default() {
        shown.sort_by(|(_, one), (_, other)| order.compare(one, other));
    }
    Some(shown.into_iter().map(|(place, _)| place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::JobState;

    fn row(id: i64, state: JobState, formula: &str, label: &str) -> Row {
        Row {
            id,
            state,
            label: label.into(),
            formula: formula.into(),
            template: "relax".into(),
            created: "".into(),
        }
    }

    fn rows() -> Vec<Row> {
        vec![
            row(4, JobState::Failed, "SiO2", "Quartz"),
            row(3, JobState::Finished, "Si2", "diamond"),
            row(2, JobState::Failed, "Si2", "東京"),
            row(1, JobState::Running, "GaAs", "a job"),
        ]
    }

    fn fitting(text: &str) -> Vec<i64> {
        let filter = Filter::parse(text);
        rows().iter().filter(|row| filter.fits(row)).map(|row| row.id).collect()
    }

    #[test]
    fn every_term_must_fit() {
        assert_eq!(fitting("state:failed"), [4, 2]);
        assert_eq!(fitting("state:fail formula:Si2"), [2]);
        assert_eq!(fitting("formula:si"), [4, 3, 2]);
        assert_eq!(fitting("formula:as"), [1]);
        assert_eq!(fitting("template:relax QUARTZ"), [4]);
        assert_eq!(fitting("-state:failed"), [3, 1]);
        assert_eq!(fitting("東"), [2]);
        assert_eq!(fitting("3"), [3]);
        assert_eq!(fitting("  "), [4, 3, 2, 1]);
        assert_eq!(fitting("state:"), [4, 3, 2, 1]);
    }

    #[test]
    fn jobs_are_sorted_by_a_column_and_back() {
        let places = |order| arrange(&rows(), &Filter::default(), order).unwrap();
        let by_state = Order::default().next();
        assert_eq!(places(by_state), [0, 2, 1, 3]);
        assert_eq!(places(by_state.turned()), [3, 1, 0, 2]);
        assert_eq!(places(Order::default().turned()), [3, 2, 1, 0]);
        assert_eq!(arrange(&rows(), &Filter::default(), Order::default()), None);
    }

    #[test]
    fn the_columns_come_round() {
        let mut order = Order::default();
        for _ in 0..5 {
            order = order.next();
        }
        assert!(order.is_default());
    }
}
