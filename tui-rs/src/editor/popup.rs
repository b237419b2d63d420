//! What stands above the text: proposals at the cursor.

use crate::lsp::types::Proposal;

/// Proposals for what can be written at the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    items: Vec<Proposal>,
    selected: usize,
    word: String,
}

impl Completion {
    /// Proposals that fit what stands before the cursor; nothing when none does.
    #[must_use]
    pub fn new(mut items: Vec<Proposal>, word: &str) -> Option<Self> {
        items.sort_by(|one, other| {
            (&one.sort_text, &one.label).cmp(&(&other.sort_text, &other.label))
        });
        let completion = Self { items, selected: 0, word: word.to_owned() };
        (!completion.fitting().is_empty()).then_some(completion)
    }

    /// The proposals that fit.
    #[must_use]
    pub fn fitting(&self) -> Vec<&Proposal> {
        let word = self.word.to_lowercase();
        let begins = |item: &&Proposal| item.label.to_lowercase().starts_with(&word);
        let begun: Vec<&Proposal> = self.items.iter().filter(begins).collect();
        if !begun.is_empty() {
            return begun;
        }
        self.items.iter().filter(|item| item.label.to_lowercase().contains(&word)).collect()
    }

    /// Which of the fitting ones is selected.
    #[must_use]
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// How many characters before the cursor the proposal replaces.
    #[must_use]
    pub fn n_replaced(&self) -> usize {
        self.word.chars().count()
    }

    /// The selected proposal.
    #[must_use]
    pub fn choice(&self) -> Option<&Proposal> {
        self.fitting().get(self.selected).copied()
    }

    /// Select another one.
    pub fn move_by(&mut self, rows: isize) {
        let last = self.fitting().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(rows).min(last);
    }

    /// Note what now stands before the cursor; tells whether any proposal still fits.
    pub fn narrow(&mut self, word: &str) -> bool {
        word.clone_into(&mut self.word);
        self.selected = 0;
        !word.is_empty() && !self.fitting().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposals(labels: &[&str]) -> Vec<Proposal> {
        let item = |label: &&str| Proposal { label: (*label).to_owned(), ..Proposal::default() };
        labels.iter().map(item).collect()
    }

    #[test]
    fn what_begins_with_the_word_comes_before_what_contains_it() {
        let mut completion =
            Completion::new(proposals(&["ENCUT", "ENAUG", "NCORE"]), "en").unwrap();
        assert_eq!(completion.fitting().len(), 2);
        assert!(completion.narrow("core"));
        assert_eq!(completion.choice().unwrap().label, "NCORE");
        assert!(!completion.narrow("xyz"));
        assert!(Completion::new(proposals(&["A"]), "B").is_none());
    }
}
