//! The terminal in raw mode, given back on every way out.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, CrosstermBackend};

use crate::model::Model;
use crate::sys::stats::Stats;
use crate::view;

/// Whether there is something to give back; panics ask too.
static IS_RAW: AtomicBool = AtomicBool::new(false);

const FRAME_BYTES: usize = 64 * 1024;

/// The screen; dropping it gives the terminal back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
    stats: Stats,
}

impl Screen {
    /// Take the terminal, and the mouse if it is wanted.
    pub fn take(mouse: bool) -> io::Result<Self> {
        let entered = enter(mouse);
        let writer = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        match entered.and_then(|()| Terminal::new(CrosstermBackend::new(writer))) {
            Ok(terminal) => Ok(Self { terminal, mouse, stats: Stats::from_environment() }),
            Err(error) => {
                restore();
                Err(error)
            }
        }
    }

    /// The columns and the rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Forget what is on the screen, so that the next frame paints all of it.
    pub fn forget(&mut self) -> io::Result<()> {
        // `Terminal::clear` would ask the terminal for its cursor and wait for an answer.
        self.terminal.backend_mut().clear_region(ClearType::All)?;
        self.terminal.swap_buffers();
        Ok(())
    }

    /// Give the terminal to the shell, stop until it calls, and take it again.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        let stopped =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
        enter(self.mouse)?;
        stopped?;
        self.forget()
    }

    /// Paint a frame; the terminal shows it whole or not at all, if it can.
    pub fn draw(&mut self, model: &Model) -> io::Result<()> {
        let terminal = &mut self.terminal;
        self.stats.frame(|| {
            queue!(terminal.backend_mut(), BeginSynchronizedUpdate)?;
            terminal.draw(|frame| view::draw(model, frame))?;
            queue!(terminal.backend_mut(), EndSynchronizedUpdate)?;
            Write::flush(terminal.backend_mut())
        })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

fn enter(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    IS_RAW.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
    if mouse { execute!(io::stdout(), EnableMouseCapture) } else { Ok(()) }
}

/// Give the terminal back, once; what fails now has nobody left to be told.
pub fn restore() {
    if IS_RAW.swap(false, Ordering::SeqCst) {
        let _left = execute!(
            io::stdout(),
            DisableMouseCapture,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show
        );
        let _cooked = disable_raw_mode();
    }
}

/// Make a panic, in whatever thread or task, give the terminal back and end the program. That of the
/// main loop unwinds to [`crate::run::run`], which keeps what was typed.
pub fn install_panic_hook() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        restore();
        report(panic);
        let is_main = std::thread::current().name() == Some("main");
        if is_main && tokio::task::try_id().is_none() {
            return;
        }
        #[allow(clippy::exit)] // a program that has lost a part of itself must not go on
        std::process::exit(101);
    }));
}
