//! Whatever happens in whatever order at whatever size: nothing panics, and every frame can be painted.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use std::time::{Duration, Instant};

use common::dice::Dice;
use common::{
    INCAR, KPOINTS, POSCAR, files, misspelt, page, painted, press, ready, server, started,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use crystalmath_tui::api::wire::{Fault, JobState};
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{Disk, Draft, Entry, Msg, Reply, ServerInfo};
use crystalmath_tui::update::update;

impl Dice {
    fn size(&mut self) -> (u16, u16) {
        let (width, height) = if self.below(20) == 0 {
            (500, 200)
        } else {
            self.one_of(&[(90, 30), (45, 12), (5, 5)])
        };
        let mut side = |longest| u16::try_from(1 + self.below(longest)).unwrap();
        (side(width), side(height))
    }
}

const CODES: &[KeyCode] = &[
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Backspace,
    KeyCode::Delete,
    KeyCode::F(1),
    KeyCode::F(2),
    KeyCode::F(4),
    KeyCode::F(5),
    KeyCode::F(6),
    KeyCode::F(8),
    KeyCode::F(12),
];
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABDGHKLNRS /?:;.0123456789-東é🙂\u{301}\u{7f}";
const TEXTS: &[&str] =
    &["", "\n", "a\r\nb\tc", "ENCUT = 5\n東京 🙂\u{200b}\n", "state:failed", "\u{1b}[31m"];

fn key(dice: &mut Dice) -> Msg {
    let letters: Vec<char> = LETTERS.chars().collect();
    let code =
        if dice.below(2) == 0 { dice.one_of(CODES) } else { KeyCode::Char(dice.one_of(&letters)) };
    let modifiers = [
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
        KeyModifiers::SHIFT,
    ];
    Msg::Key(KeyEvent::new(code, dice.one_of(&modifiers)))
}

fn everything() -> ServerInfo {
    let methods = [
        "codes.list",
        "inputs.preview",
        "jobs.get",
        "jobs.tree",
        "jobs.watch",
        "system.status",
        "templates.list",
    ];
    ServerInfo { methods: methods.iter().map(|name| (*name).to_owned()).collect(), ..server() }
}

fn happening(dice: &mut Dice, now: &mut Instant) -> Msg {
    *now += Duration::from_millis(u64::try_from(dice.below(20_000)).unwrap());
    let states = [JobState::Running, JobState::Failed, JobState::Finished, JobState::Asking];
    let highest = i64::try_from(dice.below(300)).unwrap();
    let fault = || Fault::local("no", "ask again");
    match dice.below(12) {
        0 => Msg::Ready(everything()),
        1 => Msg::Lost("It died.".to_owned(), *now),
        2 => Msg::Restart,
        3 => Msg::Log(dice.one_of(TEXTS).repeat(40)),
        4 => Msg::Diagnostics(misspelt()),
        5 => files(&[("INCAR", INCAR), ("KPOINTS", KPOINTS), ("POSCAR", POSCAR)]),
        6 => files(&[("INCAR", dice.one_of(TEXTS))]),
        7 => {
            let draft = Draft { path: "/calc/INCAR".into(), text: dice.one_of(TEXTS).to_owned() };
            Msg::Disk(Disk::Drafts { found: vec![draft], elsewhere: vec!["/calc/POSCAR".into()] })
        }
        8 => {
            let entry = |name: &str| Entry { is_file: name.len() > 2, name: name.to_owned() };
            Msg::Disk(Disk::Folder(
                "/calc".into(),
                Ok(TEXTS.iter().map(|name| entry(name)).collect()),
            ))
        }
        9 => Msg::Reply(Reply::List(Err(fault()))),
        10 => Msg::Reply(Reply::Get(Err(fault()))),
        _ => page(&(1..=highest).rev().collect::<Vec<i64>>(), dice.one_of(&states)),
    }
}

fn step(dice: &mut Dice, now: &mut Instant) -> Msg {
    let (width, height) = dice.size();
    match dice.below(20) {
        0 | 1 => Msg::Resize(width, height),
        2 => Msg::Paste(dice.one_of(TEXTS).to_owned()),
        3 => Msg::Click(width, height),
        4 => Msg::Wheel(dice.one_of(&[-3, 3, isize::MIN, isize::MAX])),
        5 | 6 => happening(dice, now),
        _ => key(dice),
    }
}

#[test]
fn a_storm_of_keys_sizes_and_messages_is_painted() {
    for seed in 1..=20_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut now = Instant::now();
        let mut model = started((80, 24));
        for _ in 0..500 {
            update(&mut model, step(&mut dice, &mut now));
            painted(&model, model.size.0, model.size.1);
        }
    }
}

fn with(screen: Screen) -> Model {
    let mut model = ready();
    update(&mut model, Msg::Ready(everything()));
    update(&mut model, page(&[3, 2, 1], JobState::Running));
    update(&mut model, files(&[("INCAR", INCAR), ("KPOINTS", KPOINTS), ("POSCAR", POSCAR)]));
    model.screen = screen;
    model
}

#[test]
fn every_screen_and_what_stands_above_it_is_painted_at_every_size() {
    for screen in [Screen::Jobs, Screen::Create, Screen::Card, Screen::Editor] {
        for above in ["", "ctrl-p", "f1", "f12"] {
            let mut model = with(screen);
            press(&mut model, above);
            for width in (1..80).chain([120, 200, 500]) {
                for height in (1..26).chain([50, 200]).step_by(if above.is_empty() { 1 } else { 3 })
                {
                    update(&mut model, Msg::Resize(width, height));
                    painted(&model, width, height);
                }
            }
        }
    }
}

#[test]
fn a_terminal_that_is_resized_again_and_again_looks_as_one_that_never_was() {
    for screen in [Screen::Jobs, Screen::Create, Screen::Card, Screen::Editor] {
        let mut dice = Dice(7);
        let (mut one, mut other) = (with(screen), with(screen));
        for _ in 0..200 {
            let (width, height) = dice.size();
            update(&mut one, Msg::Resize(width, height));
        }
        for model in [&mut one, &mut other] {
            update(model, Msg::Resize(100, 30));
        }
        assert_eq!(painted(&one, 100, 30), painted(&other, 100, 30));
    }
}
