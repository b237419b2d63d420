//! The server and the tasks that talk with it: receive, send, and drain its stderr.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::api::wire::Fault;
use crate::rpc::frame::{self, FrameDecoder, FrameEvent};
use crate::rpc::socket::{self, Failure};

const MAX_LOG_LINE_BYTES: usize = 2048;
const QUEUE: usize = 1024;

/// Where the server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A child of ours with this command line, which goes when we go.
    Child(Vec<String>),
    /// The shared one on a socket, which is started with this command line when nobody listens.
    Socket(PathBuf, Vec<String>),
}

impl Place {
    /// The program that is the server.
    #[must_use]
    pub fn program(&self) -> &str {
        let (Self::Child(command) | Self::Socket(_, command)) = self;
        command.first().map_or("", String::as_str)
    }
}

/// What comes from the server.
#[derive(Debug)]
pub enum ServerEvent {
    /// Something that it says to us.
    Frame(FrameEvent),
    /// A line on its stderr.
    Log(String),
    /// It must not be talked with.
    Refused(Fault),
    /// The conversation is over, and perhaps why.
    Closed(Option<String>),
}

/// A server that is talked with.
#[derive(Debug)]
pub struct Server {
    /// The process, when it is ours.
    child: Option<Child>,
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    /// What it says.
    pub events: mpsc::Receiver<ServerEvent>,
}

impl Server {
    /// Reach the server; must be called inside the runtime. What is sent before there is a connection
    /// waits for it.
    pub fn start(place: &Place) -> io::Result<Self> {
        let (events_in, events) = mpsc::channel(QUEUE);
        let (outgoing, bodies) = mpsc::unbounded_channel();
        let child = match place {
            Place::Child(command) => Some(spawn(command, events_in, bodies)?),
            Place::Socket(path, command) => {
                tokio::spawn(attach(path.clone(), command.clone(), events_in, bodies));
                None
            }
        };
        Ok(Self { child, outgoing, events })
    }

    /// Queue a body; a server that is gone is noticed by what it says no more.
    pub fn send(&self, body: Vec<u8>) {
        let _gone = self.outgoing.send(body);
    }

    /// How it ended, once it says no more.
    pub async fn how_it_ended(&mut self) -> String {
        let Some(child) = &mut self.child else {
            return "The shared server closed the connection.".to_owned();
        };
        match tokio::time::timeout(Duration::from_secs(1), child.wait()).await {
            Ok(Ok(status)) => format!("The server ended: {status}."),
            Ok(Err(_)) | Err(_) => "The server closed its output.".to_owned(),
        }
    }

    /// Take leave. A child is ended if it does not go: closing its stdin is enough for a live one. A
    /// shared server stays.
    pub async fn stop(mut self, farewell: Vec<Vec<u8>>, patience: Duration) {
        for body in farewell {
            self.send(body);
        }
        drop(self.outgoing);
        let Some(child) = &mut self.child else {
            let heard = async { while self.events.recv().await.is_some() {} };
            let _said = tokio::time::timeout(patience, heard).await;
            return;
        };
        if tokio::time::timeout(patience, child.wait()).await.is_err() {
            let _already_gone = child.kill().await;
        }
    }
}

fn spawn(
    command: &[String],
    events: mpsc::Sender<ServerEvent>,
    bodies: mpsc::UnboundedReceiver<Vec<u8>>,
) -> io::Result<Child> {
    let (program, arguments) =
        command.split_first().ok_or_else(|| io::Error::other("no server command was given"))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(stdin) = child.stdin.take() {
        tokio::spawn(send(stdin, bodies));
    }
    if let Some(stderr) = child.stderr.take() {
        tokio::spawn(drain(stderr, events.clone()));
    }
    if let Some(stdout) = child.stdout.take() {
        tokio::spawn(receive(stdout, events));
    }
    Ok(child)
}

/// Connect, and then talk as with a child. Ends at once when nobody waits for it any more.
async fn attach(
    path: PathBuf,
    command: Vec<String>,
    events: mpsc::Sender<ServerEvent>,
    bodies: mpsc::UnboundedReceiver<Vec<u8>>,
) {
    let connected = tokio::select! {
        connected = socket::connect(&path, &command) => connected,
        () = events.closed() => return,
    };
    let event = match connected {
        Ok(stream) => {
            let (from, to) = stream.into_split();
            tokio::spawn(send(to, bodies));
            return receive(from, events).await;
        }
        Err(Failure::Insecure(fault)) => ServerEvent::Refused(fault),
        Err(Failure::Gone(reason)) => ServerEvent::Closed(Some(reason)),
    };
    let _gone = events.send(event).await;
}

async fn send(mut to: impl AsyncWrite + Unpin, mut bodies: mpsc::UnboundedReceiver<Vec<u8>>) {
    while let Some(body) = bodies.recv().await {
        if to.write_all(&frame::encode(&body)).await.is_err() {
            return;
        }
    }
}

async fn receive(mut from: impl AsyncRead + Unpin, events: mpsc::Sender<ServerEvent>) {
    let mut decoder = FrameDecoder::default();
    let mut chunk = vec![0; 64 * 1024];
    while let Ok(count) = from.read(&mut chunk).await {
        if count == 0 {
            break;
        }
        decoder.feed(chunk.get(..count).unwrap_or_default());
        while let Some(event) = decoder.next_event() {
            if events.send(ServerEvent::Frame(event)).await.is_err() {
                return;
            }
        }
        // A stream that never ends must not keep keys waiting.
        tokio::task::yield_now().await;
    }
    let _gone = events.send(ServerEvent::Closed(None)).await;
}

async fn drain(stderr: impl AsyncRead + Unpin, events: mpsc::Sender<ServerEvent>) {
    let mut reader = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = (&mut reader).take(MAX_LOG_LINE_BYTES as u64);
        match limited.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                if events.send(ServerEvent::Log(text)).await.is_err() {
                    return;
                }
            }
        }
    }
}
