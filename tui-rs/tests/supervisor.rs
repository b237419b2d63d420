//! What a server that dies takes along: nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use std::time::{Duration, Instant};

use common::dice::Dice;
use common::{editing, misspelt, press, server, text_of, type_text};
use crystalmath_tui::lsp::types::{Change, Place, Span, Sync};
use crystalmath_tui::model::Model;
use crystalmath_tui::msg::{Effect, Msg};
use crystalmath_tui::update::update;

/// What the server has of the first document, from what it was told.
#[derive(Default)]
struct Mirror {
    lines: String,
    version: i64,
    open: bool,
}

impl Mirror {
    fn take(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Tell(Sync::Open { uri, version, text, .. }) if uri.ends_with("INCAR") => {
                    *self = Self { lines: text.clone(), version: *version, open: true };
                }
                Effect::Tell(Sync::Change { uri, version, changes }) if uri.ends_with("INCAR") => {
                    assert!(self.open && *version == self.version + 1);
                    self.version = *version;
                    for change in changes {
                        self.apply(change);
                    }
                }
                _ => {}
            }
        }
    }

    fn apply(&mut self, change: &Change) {
        let Span { start, end } = change.range;
        let (start, end) = (self.index(start), self.index(end));
        let characters: Vec<char> = self.lines.chars().collect();
        let head: String = characters[..start].iter().collect();
        let tail: String = characters[end..].iter().collect();
        self.lines = head + &change.text + &tail;
    }

    fn index(&self, place: Place) -> usize {
        let lines = self.lines.split_inclusive('\n').take(place.line);
        lines.map(|line| line.chars().count()).sum::<usize>() + place.character
    }
}

fn die_and_come_back(model: &mut Model, now: &mut Instant, dice: &mut Dice, mirror: &mut Mirror) {
    *now += Duration::from_millis(u64::try_from(dice.below(20_000)).unwrap());
    let outcome = update(model, Msg::Lost("killed".to_owned(), *now));
    mirror.open = false;
    let restarted = match outcome.effects.as_slice() {
        [Effect::RestartIn(delay)] => {
            *now += *delay;
            // What is typed while there is no server is kept too.
            mirror.take(&type_text(model, "w"));
            update(model, Msg::Restart).effects
        }
        [] => press(model, "ctrl-r").remove(0).effects,
        other => panic!("{other:?}"),
    };
    assert!(restarted.contains(&Effect::Restart), "{restarted:?}");
    mirror.take(&type_text(model, "s"));
    let outcome = update(model, Msg::Ready(server()));
    mirror.take(&outcome.effects);
    assert!(mirror.open, "the document is opened again");
}

#[test]
fn a_hundred_kills_lose_no_keystroke() {
    let mut model = editing();
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut now = Instant::now();
    let mut mirror = Mirror::default();
    mirror.take(&update(&mut model, Msg::Ready(server())).effects);
    let mut n_typed = 0;
    let before = text_of(&model).chars().count();
    for _ in 0..100 {
        for _ in 0..dice.below(20) {
            let letter = char::from(u8::try_from(dice.below(95) + 32).unwrap());
            mirror.take(&type_text(&mut model, &letter.to_string()));
            n_typed += 1;
        }
        let waits = text_of(&model).chars().count();
        die_and_come_back(&mut model, &mut now, &mut dice, &mut mirror);
        n_typed += text_of(&model).chars().count() - waits;
        assert_eq!(mirror.lines, text_of(&model));
    }
    assert_eq!(text_of(&model).chars().count(), before + n_typed);
    assert_eq!(model.jobs.selected().unwrap().id, 1);
}

#[test]
fn findings_of_a_document_that_is_not_open_change_nothing() {
    let mut model = common::ready();
    assert!(!update(&mut model, Msg::Diagnostics(misspelt())).dirty);
}
