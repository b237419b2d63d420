//! The terminal in raw mode, given back on every way out.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::model::Model;
use crate::view;

/// Whether there is something to give back; panics ask too.
static IS_RAW: AtomicBool = AtomicBool::new(false);

const FRAME_BYTES: usize = 64 * 1024;

/// The screen; dropping it gives the terminal back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Screen {
    /// Take the terminal.
    pub fn take() -> io::Result<Self> {
        enable_raw_mode()?;
        IS_RAW.store(true, Ordering::SeqCst);
        let entered = execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste);
        let writer = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        match entered.and_then(|()| Terminal::new(CrosstermBackend::new(writer))) {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                restore();
                Err(error)
            }
        }
    }

    /// Paint a frame; the terminal shows it whole or not at all, if it can.
    pub fn draw(&mut self, model: &Model) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| view::draw(model, frame))?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.terminal.backend_mut())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Give the terminal back, once; what fails now has nobody left to be told.
pub fn restore() {
    if IS_RAW.swap(false, Ordering::SeqCst) {
        let _left = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _cooked = disable_raw_mode();
    }
}

/// Make a panic, in whatever thread or task, give the terminal back and end the program.
pub fn install_panic_hook() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        restore();
        report(panic);
        #[allow(clippy::exit)] // a program that has lost a part of itself must not go on
        std::process::exit(101);
    }));
}
