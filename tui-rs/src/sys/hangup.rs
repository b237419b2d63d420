//! Notices that the terminal is gone. The event reader does not: it spins on a terminal that hung up.

use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How often a terminal is looked at whose poll says nothing.
const GRACE: Duration = Duration::from_millis(500);

/// Watch stdin in a thread of its own; when it hangs up, give the program a moment to end by itself
/// and then end it.
pub fn watch() {
    let spawned = std::thread::Builder::new().name("hangup".to_owned()).spawn(|| {
        if waits_for_hangup() {
            std::thread::sleep(GRACE);
            crate::sys::terminal::restore();
            #[allow(clippy::exit)] // nobody can see or tell this program anything any more
            std::process::exit(129);
        }
    });
    // Without the thread the signal still ends the program, which is the usual case.
    drop(spawned);
}

/// Wait until stdin hangs up; false when it cannot be watched.
fn waits_for_hangup() -> bool {
    let stdin = rustix::stdio::stdin();
    loop {
        // Nothing is asked for: only hang-up and errors are told.
        let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
        match poll(&mut fds, None::<&Timespec>) {
            Ok(_) => {
                let told = fds.first().map_or(PollFlags::empty(), PollFd::revents);
                if told.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                    return told.contains(PollFlags::HUP);
                }
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}
