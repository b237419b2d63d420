//! The loop: signals, keys, the server and the clock go in; effects and frames come out.

mod effects;

use std::io;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream, MouseButton, MouseEventKind};
use futures_core::Stream;
use tokio::sync::mpsc;

use crate::api::wire::JobsChanged;
use crate::awaited::Awaited;
use crate::config::Config;
use crate::model::{Model, Notice};
use crate::msg::{Disk, Effect, Msg, Opening};
use crate::rpc::client::Client;
use crate::rpc::frame::FrameEvent;
use crate::rpc::transport::{Place, Server, ServerEvent};
use crate::sys::drafts::Keeper;
use crate::sys::hangup;
use crate::sys::signals::Signals;
use crate::sys::terminal::Screen;
use crate::update::update;

/// How soon a frame may follow another: one that a key caused sooner than one that the server caused.
const FRAME_INTERVAL: Duration = Duration::from_millis(16);
const KEY_FRAME_INTERVAL: Duration = Duration::from_millis(4);
/// How long the server's messages are read before it is looked for keys.
const MESSAGES_PER_TURN: Duration = Duration::from_millis(4);
/// How many pieces of a stream are read before it is looked for keys.
const PIECES_PER_TURN: u32 = 4;
/// How often it is looked whether others changed the files that are open.
const LOOK_INTERVAL: Duration = Duration::from_millis(1500);
const WHEEL_ROWS: isize = 3;
/// The exit code after a panic, as Rust has it.
const PANICKED: u8 = 101;
/// What makes the program panic when it is pasted, so that a test sees what a panic leaves behind.
const CRASH_VARIABLE: &str = "CRYSTALMATH_TUI_CRASH";
const SERVER_PATIENCE: Duration = Duration::from_millis(1500);

/// What to run.
#[derive(Debug)]
pub struct Start {
    /// Where the server is.
    pub place: Place,
    /// What the user has set, or what is wrong with it.
    pub config: Result<Config, String>,
    /// Where unsaved texts are kept.
    pub drafts: Option<PathBuf>,
    /// The folder or the file to edit.
    pub edit: Option<PathBuf>,
}

/// Run the program until the user or a signal ends it; gives the exit code.
pub fn run(start: Start) -> io::Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(PIECES_PER_TURN)
        .build()?;
    let inside = runtime.enter();
    let mouse = start.config.as_ref().is_ok_and(|config| config.mouse);
    let mut screen = Screen::take(mouse)?;
    hangup::watch();
    let mut app = App::new(start, screen.size()?);
    let turning = || runtime.block_on(app.turn_until_end(&mut screen));
    let ended = std::panic::catch_unwind(AssertUnwindSafe(turning));
    drop(screen);
    app.keeper.finish(&app.model.editor, matches!(ended, Ok(Ok(0))));
    let code = ended.unwrap_or(Ok(PANICKED));
    runtime.block_on(app.say_goodbye());
    drop(inside);
    // A thread that waits for a dead disk must not keep the program.
    runtime.shutdown_background();
    code
}

/// What only the owner of the screen can do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Repaint,
    Suspend,
}

struct App {
    place: Place,
    model: Model,
    client: Client,
    server: Option<Server>,
    keeper: Keeper,
    disk: mpsc::UnboundedReceiver<FromDisk>,
    to_disk: mpsc::UnboundedSender<FromDisk>,
    refresh_at: Option<Instant>,
    restart_at: Option<Instant>,
    glance_at: Option<Instant>,
    status_at: Option<Instant>,
    looks: Looks,
    /// What was told of jobs and is not taken yet.
    changed: Option<JobsChanged>,
    dirty: bool,
    /// Whether a key was pressed since the last frame.
    has_key: bool,
    wish: Option<Wish>,
    ended: bool,
}

/// The looks whether others changed the files that are open.
#[derive(Debug, Default)]
struct Looks {
    at: Option<Instant>,
    /// A disk may take its time.
    is_under_way: bool,
}

enum Turn {
    Signal(u8),
    Input(Option<io::Result<Event>>),
    Server(Option<ServerEvent>),
    Disk(Option<FromDisk>),
    Clock,
}

/// What a thread that works on the disk has done.
enum FromDisk {
    Said(Disk),
    /// The drafts are written, or why they are not.
    KeptDrafts(io::Result<()>),
}

impl App {
    fn new(start: Start, size: (u16, u16)) -> Self {
        let (to_disk, disk) = mpsc::unbounded_channel();
        let (config, notice) = match start.config {
            Ok(config) => (config, None),
            Err(reason) => {
                (Config::default(), Some(Notice::failed(reason, "The configuration is not used.")))
            }
        };
        let mut app = Self {
            place: start.place,
            model: Model { notice, ..Model::new(config, size) },
            client: Client::default(),
            server: None,
            keeper: Keeper::new(start.drafts),
            disk,
            to_disk,
            refresh_at: None,
            restart_at: None,
            glance_at: None,
            status_at: None,
            looks: Looks::default(),
            changed: None,
            dirty: true,
            has_key: false,
            wish: None,
            ended: false,
        };
        if let Some(path) = start.edit {
            app.model.screen = crate::model::Screen::Editor;
            app.model.editor.loading = true;
            app.model.awaited = Some(Awaited::Files);
            app.perform(Effect::ReadFiles(Opening { path, ..Opening::default() }));
        }
        app
    }

    async fn turn_until_end(&mut self, screen: &mut Screen) -> io::Result<u8> {
        let mut signals = Signals::listen()?;
        let mut events = EventStream::new();
        screen.draw(&self.model)?;
        self.start_server();
        let mut last_frame = Instant::now();
        while !self.ended {
            let wake = self.wake_at(last_frame);
            let turn = tokio::select! {
                biased;
                number = signals.next() => Turn::Signal(number),
                event = next_event(&mut events) => Turn::Input(event),
                event = next_from(&mut self.server) => Turn::Server(event),
                done = self.disk.recv() => Turn::Disk(done),
                () = sleep_until(wake) => Turn::Clock,
            };
            match turn {
                Turn::Signal(number) => return Ok(128 + number),
                Turn::Input(Some(Ok(event))) => self.on_input(&event),
                // The terminal is gone.
                Turn::Input(Some(Err(_)) | None) => return Ok(129),
                Turn::Server(event) => self.on_server_events(event).await,
                Turn::Disk(Some(FromDisk::Said(said))) => self.on_disk(said),
                Turn::Disk(Some(FromDisk::KeptDrafts(kept))) => self.on_kept_drafts(kept),
                Turn::Disk(None) => {}
                Turn::Clock => self.on_clock(Instant::now()),
            }
            self.obey_terminal(screen)?;
            if self.dirty && last_frame.elapsed() >= self.frame_interval() {
                screen.draw(&self.model)?;
                (self.dirty, self.has_key) = (false, false);
                last_frame = Instant::now();
            }
        }
        Ok(0)
    }

    fn obey_terminal(&mut self, screen: &mut Screen) -> io::Result<()> {
        match self.wish.take() {
            Some(Wish::Suspend) => {
                screen.suspend()?;
                let (width, height) = screen.size()?;
                self.take(Msg::Resize(width, height));
                Ok(())
            }
            Some(Wish::Repaint) => screen.forget(),
            None => Ok(()),
        }
    }

    const fn frame_interval(&self) -> Duration {
        if self.has_key { KEY_FRAME_INTERVAL } else { FRAME_INTERVAL }
    }

    /// When the loop must turn even if nothing happens.
    fn wake_at(&self, last_frame: Instant) -> Option<Instant> {
        let frame = self.dirty.then(|| last_frame + self.frame_interval());
        let asked = [self.refresh_at, self.restart_at, self.glance_at, self.status_at];
        let others = [frame, self.looks.at, self.keeper.at, self.client.next_deadline()];
        let others = asked.into_iter().chain(others);
        others.flatten().min()
    }

    fn on_input(&mut self, event: &Event) {
        self.has_key = true;
        match event {
            Event::Key(key) => self.take(Msg::Key(*key)),
            Event::Paste(text) if std::env::var(CRASH_VARIABLE).as_ref() == Ok(text) => {
                #[allow(clippy::panic)] // this is what it is for
                std::panic::panic_any("told to crash");
            }
            Event::Paste(text) => self.take(Msg::Paste(text.clone())),
            Event::Resize(width, height) => self.take(Msg::Resize(*width, *height)),
            Event::Mouse(mouse) => match mouse.kind {
                MouseEventKind::ScrollDown => self.take(Msg::Wheel(WHEEL_ROWS)),
                MouseEventKind::ScrollUp => self.take(Msg::Wheel(-WHEEL_ROWS)),
                MouseEventKind::Down(MouseButton::Left) => {
                    self.take(Msg::Click(mouse.column, mouse.row));
                }
                _ => {}
            },
            Event::FocusGained | Event::FocusLost => {}
        }
    }

    /// Take what is there, so that a burst costs one frame and not hundreds.
    async fn on_server_events(&mut self, first: Option<ServerEvent>) {
        self.read_server(first).await;
        self.take_changes();
    }

    async fn read_server(&mut self, first: Option<ServerEvent>) {
        let mut next = first;
        let until = Instant::now() + MESSAGES_PER_TURN;
        loop {
            match next {
                Some(ServerEvent::Frame(event)) => self.on_frame(event),
                Some(ServerEvent::Log(line)) => self.take(Msg::Log(line)),
                Some(ServerEvent::Refused(fault)) => {
                    self.server = None;
                    return self.take(Msg::Refused(fault));
                }
                Some(ServerEvent::Closed(why)) => return self.on_server_gone(why).await,
                None => return self.on_server_gone(None).await,
            }
            // What is taken from the queue must be read: the time is looked at before.
            let Some(server) = self.server.as_mut().filter(|_| Instant::now() < until) else {
                return;
            };
            match server.events.try_recv() {
                Ok(event) => next = Some(event),
                Err(_) => return,
            }
        }
    }

    fn on_frame(&mut self, event: FrameEvent) {
        match event {
            FrameEvent::Body(body) => {
                let (message, answer) = self.client.receive(&body);
                if let Some(body) = answer {
                    self.send(Ok(body));
                }
                match (message, &mut self.changed) {
                    // A change of one job costs a look at all: many are taken as one.
                    (Some(Msg::Changed(later)), Some(changed)) => changed.absorb(later),
                    (Some(Msg::Changed(changed)), None) => self.changed = Some(changed),
                    (Some(message), _) => self.take(message),
                    (None, _) => {}
                }
            }
            FrameEvent::Noise(count) => {
                self.take(Msg::Log(format!("skipped {count} bytes that were no message")));
            }
            FrameEvent::Oversize(count) => {
                self.take(Msg::Log(format!("skipped a message of {count} bytes: too long")));
            }
        }
    }

    async fn on_server_gone(&mut self, why: Option<String>) {
        let Some(mut server) = self.server.take() else { return };
        let how = match why {
            Some(reason) => reason,
            None => server.how_it_ended().await,
        };
        while let Ok(event) = server.events.try_recv() {
            if let ServerEvent::Log(line) = event {
                self.take(Msg::Log(line));
            }
        }
        self.client = Client::default();
        (self.refresh_at, self.status_at) = (None, None);
        self.take(Msg::Lost(how, Instant::now()));
    }

    fn on_clock(&mut self, now: Instant) {
        if self.refresh_at.take_if(|at| *at <= now).is_some() {
            self.take(Msg::Refresh);
        }
        if self.restart_at.take_if(|at| *at <= now).is_some() {
            self.take(Msg::Restart);
        }
        if self.glance_at.take_if(|at| *at <= now).is_some() {
            self.take(Msg::Glance);
        }
        if self.status_at.take_if(|at| *at <= now).is_some() {
            self.take(Msg::LookAtEngine);
        }
        if self.looks.at.take_if(|at| *at <= now).is_some() {
            self.take(Msg::Look);
        }
        let drafts = self.keeper.due(&self.model.editor, now);
        if !drafts.is_empty() {
            let store = self.keeper.store.clone();
            self.ask_disk(move || {
                let kept = drafts.into_iter().try_for_each(|work| store.write(work));
                [FromDisk::KeptDrafts(kept)]
            });
        }
        for (message, cancel) in self.client.expire(now) {
            if let Some(body) = cancel {
                self.send(Ok(body));
            }
            self.take(message);
        }
    }

    fn take_changes(&mut self) {
        if let Some(changed) = self.changed.take() {
            self.take(Msg::Changed(changed));
        }
    }

    /// Nothing wakes a program that has no files open.
    fn look_later(&mut self) {
        let has_files = !self.model.editor.documents.is_empty();
        if has_files && !self.looks.is_under_way && self.looks.at.is_none() {
            self.looks.at = Some(Instant::now() + LOOK_INTERVAL);
        }
    }

    fn take(&mut self, message: Msg) {
        self.take_changes();
        let outcome = update(&mut self.model, message);
        self.dirty |= outcome.dirty;
        self.keeper.look(&self.model.editor, Instant::now());
        self.look_later();
        for effect in outcome.effects {
            self.perform(effect);
        }
    }
}

async fn next_event(events: &mut EventStream) -> Option<io::Result<Event>> {
    std::future::poll_fn(|context| Pin::new(&mut *events).poll_next(context)).await
}

async fn next_from(server: &mut Option<Server>) -> Option<ServerEvent> {
    match server {
        Some(server) => server.events.recv().await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(when: Option<Instant>) {
    match when {
        Some(when) => tokio::time::sleep_until(when.into()).await,
        None => std::future::pending().await,
    }
}
