//! The server process and the three tasks that talk with it: receive, send, and drain its stderr.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::rpc::frame::{self, FrameDecoder, FrameEvent};

const MAX_LOG_LINE_BYTES: usize = 2048;
const QUEUE: usize = 1024;

/// What comes from the server.
#[derive(Debug)]
pub enum ServerEvent {
    /// Something on its stdout.
    Frame(FrameEvent),
    /// A line on its stderr.
    Log(String),
    /// Its stdout is closed.
    Closed,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    /// What it says.
    pub events: mpsc::Receiver<ServerEvent>,
}

impl Server {
    /// Start the program; must be called inside the runtime.
    pub fn start(command: &[String]) -> io::Result<Self> {
        let (program, arguments) =
            command.split_first().ok_or_else(|| io::Error::other("no server command was given"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (events_in, events) = mpsc::channel(QUEUE);
        let (outgoing, bodies) = mpsc::unbounded_channel();
        if let Some(stdin) = child.stdin.take() {
            tokio::spawn(send(stdin, bodies));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(drain(stderr, events_in.clone()));
        }
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(receive(stdout, events_in));
        }
        Ok(Self { child, outgoing, events })
    }

    /// Queue a body; a server that is gone is noticed on its stdout.
    pub fn send(&self, body: Vec<u8>) {
        let _gone = self.outgoing.send(body);
    }

    /// How it ended, once its stdout is closed.
    pub async fn status(&mut self) -> Option<ExitStatus> {
        tokio::time::timeout(Duration::from_secs(1), self.child.wait()).await.ok()?.ok()
    }

    /// Ask it to go, and end it if it does not: closing its stdin is enough for a live one.
    pub async fn stop(mut self, farewell: Vec<Vec<u8>>, patience: Duration) {
        for body in farewell {
            self.send(body);
        }
        drop(self.outgoing);
        if tokio::time::timeout(patience, self.child.wait()).await.is_err() {
            let _already_gone = self.child.kill().await;
        }
    }
}

async fn send(mut stdin: impl AsyncWrite + Unpin, mut bodies: mpsc::UnboundedReceiver<Vec<u8>>) {
    while let Some(body) = bodies.recv().await {
        if stdin.write_all(&frame::encode(&body)).await.is_err() {
            return;
        }
    }
}

async fn receive(mut stdout: impl AsyncRead + Unpin, events: mpsc::Sender<ServerEvent>) {
    let mut decoder = FrameDecoder::default();
    let mut chunk = vec![0; 64 * 1024];
    while let Ok(count) = stdout.read(&mut chunk).await {
        if count == 0 {
            break;
        }
        decoder.feed(chunk.get(..count).unwrap_or_default());
        while let Some(event) = decoder.next_event() {
            if events.send(ServerEvent::Frame(event)).await.is_err() {
                return;
            }
        }
    }
    let _gone = events.send(ServerEvent::Closed).await;
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
