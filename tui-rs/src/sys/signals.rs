//! Signals that end the program.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that are waited for.
#[derive(Debug)]
pub struct Signals {
    signals: [(Signal, u8); 4],
}

impl Signals {
    /// Listen from now on.
    pub fn listen() -> io::Result<Self> {
        let one = |kind: SignalKind, number: u8| signal(kind).map(|signal| (signal, number));
        Ok(Self {
            signals: [
                one(SignalKind::hangup(), 1)?,
                one(SignalKind::interrupt(), 2)?,
                one(SignalKind::quit(), 3)?,
                one(SignalKind::terminate(), 15)?,
            ],
        })
    }

    /// Wait for one of them; gives its number.
    pub async fn next(&mut self) -> u8 {
        let [(hangup, one), (interrupt, two), (quit, three), (terminate, fifteen)] =
            &mut self.signals;
        tokio::select! {
            _ = hangup.recv() => *one,
            _ = interrupt.recv() => *two,
            _ = quit.recv() => *three,
            _ = terminate.recv() => *fifteen,
        }
    }
}
