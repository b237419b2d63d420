//! The loop: signals, keys, the server and the clock go in; effects and frames come out.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream, MouseButton, MouseEventKind};
use futures_core::Stream;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::config::Config;
use crate::model::{Model, Notice};
use crate::msg::{Disk, Effect, Msg};
use crate::rpc::client::{self, Client};
use crate::rpc::frame::FrameEvent;
use crate::rpc::message;
use crate::rpc::transport::{Place, Server, ServerEvent};
use crate::sys::signals::Signals;
use crate::sys::terminal::Screen;
use crate::sys::{clipboard, disk, hangup};
use crate::update::update;

const FRAME_INTERVAL: Duration = Duration::from_millis(16);
const MAX_EVENTS_PER_TURN: usize = 512;
const WHEEL_ROWS: isize = 3;
/// Makes the program panic after its first frame, so that a test sees what a panic leaves behind.
const CRASH_VARIABLE: &str = "CRYSTALMATH_TUI_CRASH";
const SERVER_PATIENCE: Duration = Duration::from_millis(1500);

/// What to run.
#[derive(Debug)]
pub struct Start {
    /// Where the server is.
    pub place: Place,
    /// What the user has set, or what is wrong with it.
    pub config: Result<Config, String>,
    /// The folder or the file to edit.
    pub edit: Option<PathBuf>,
}

/// Run the program until the user or a signal ends it; gives the exit code.
pub fn run(start: Start) -> io::Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let code = runtime.block_on(async {
        let mouse = start.config.as_ref().is_ok_and(|config| config.mouse);
        let mut screen = Screen::take(mouse)?;
        hangup::watch();
        let mut app = App::new(start, screen.size()?);
        let code = app.turn_until_end(&mut screen).await;
        drop(screen);
        app.say_goodbye().await;
        code
    });
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
    disk: mpsc::UnboundedReceiver<Disk>,
    to_disk: mpsc::UnboundedSender<Disk>,
    refresh_at: Option<Instant>,
    restart_at: Option<Instant>,
    glance_at: Option<Instant>,
    dirty: bool,
    wish: Option<Wish>,
    ended: bool,
}

enum Turn {
    Signal(u8),
    Input(Option<io::Result<Event>>),
    Server(Option<ServerEvent>),
    Disk(Option<Disk>),
    Clock,
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
            disk,
            to_disk,
            refresh_at: None,
            restart_at: None,
            glance_at: None,
            dirty: true,
            wish: None,
            ended: false,
        };
        if let Some(path) = start.edit {
            app.model.screen = crate::model::Screen::Editor;
            app.model.editor.loading = true;
            app.perform(Effect::ReadFiles(path));
        }
        app
    }

    async fn turn_until_end(&mut self, screen: &mut Screen) -> io::Result<u8> {
        let mut signals = Signals::listen()?;
        let mut events = EventStream::new();
        screen.draw(&self.model)?;
        if std::env::var_os(CRASH_VARIABLE).is_some() {
            #[allow(clippy::panic)] // this is what it is for
            std::panic::panic_any("told to crash");
        }
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
                Turn::Disk(done) => done.into_iter().for_each(|done| self.take(Msg::Disk(done))),
                Turn::Clock => self.on_clock(Instant::now()),
            }
            self.obey_terminal(screen)?;
            if self.dirty && last_frame.elapsed() >= FRAME_INTERVAL {
                screen.draw(&self.model)?;
                self.dirty = false;
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

    /// When the loop must turn even if nothing happens.
    fn wake_at(&self, last_frame: Instant) -> Option<Instant> {
        let frame = self.dirty.then(|| last_frame + FRAME_INTERVAL);
        let timers = [self.refresh_at, self.restart_at, self.glance_at];
        let others = timers.into_iter().chain([frame, self.client.next_deadline()]);
        others.flatten().min()
    }

    fn on_input(&mut self, event: &Event) {
        match event {
            Event::Key(key) => self.take(Msg::Key(*key)),
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
        let mut next = first;
        for _ in 0..MAX_EVENTS_PER_TURN {
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
            let Some(server) = &mut self.server else { return };
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
                if let Some(message) = message {
                    self.take(message);
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
        self.refresh_at = None;
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
        for (message, cancel) in self.client.expire(now) {
            if let Some(body) = cancel {
                self.send(Ok(body));
            }
            self.take(message);
        }
    }

    fn take(&mut self, message: Msg) {
        let outcome = update(&mut self.model, message);
        self.dirty |= outcome.dirty;
        for effect in outcome.effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Call(call) => {
                let body = self.client.call(&call, Instant::now());
                self.send(body);
            }
            Effect::Tell(sync) => self.send(client::tell(&sync)),
            Effect::RefreshIn(delay) => self.refresh_at = Some(Instant::now() + delay),
            Effect::RestartIn(delay) => self.restart_at = Some(Instant::now() + delay),
            Effect::GlanceIn(delay) => self.glance_at = Some(Instant::now() + delay),
            Effect::Restart => self.start_server(),
            Effect::ReadFiles(path) => self.ask_disk(move || disk::read(path)),
            Effect::Write(path, revision, text) => {
                self.ask_disk(move || disk::write(path, revision, &text));
            }
            Effect::ListFolder(path) => self.ask_disk(move || disk::list(path)),
            Effect::Copy(text) => match clipboard::copying(&text) {
                Some(sequence) => clipboard::emit(&sequence),
                None => self.model.log("too long for the clipboard of a terminal".to_owned()),
            },
            Effect::Notify(text) => clipboard::emit(&clipboard::notifying(&text)),
            Effect::Redraw => (self.wish, self.dirty) = (Some(Wish::Repaint), true),
            Effect::Suspend => self.wish = Some(Wish::Suspend),
            Effect::Quit => self.ended = true,
        }
    }

    fn ask_disk(&self, work: impl FnOnce() -> Disk + Send + 'static) {
        let answer = self.to_disk.clone();
        tokio::task::spawn_blocking(move || {
            let _ended_meanwhile = answer.send(work());
        });
    }

    fn start_server(&mut self) {
        self.client = Client::default();
        self.restart_at = None;
        self.server = None;
        match Server::start(&self.place) {
            Ok(server) => {
                self.server = Some(server);
                let greeting = self.client.initialize(Instant::now());
                self.send(greeting);
                self.send(message::notification("initialized", &serde_json::json!({})));
            }
            Err(error) => {
                let program = self.place.program();
                let reason = format!("The server {program:?} cannot be started: {error}.");
                self.take(Msg::Lost(reason, Instant::now()));
            }
        }
    }

    fn send(&mut self, body: serde_json::Result<Vec<u8>>) {
        match (body, &self.server) {
            (Ok(body), Some(server)) => server.send(body),
            (Ok(_), None) => {}
            (Err(error), _) => self.model.log(format!("unwritable message: {error}")),
        }
    }

    async fn say_goodbye(&mut self) {
        if let Some(server) = self.server.take() {
            let farewell = [
                message::request(i64::MAX, "shutdown", &Value::Null),
                message::notification("exit", &Value::Null),
            ];
            server.stop(farewell.into_iter().flatten().collect(), SERVER_PATIENCE).await;
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
