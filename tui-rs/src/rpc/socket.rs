//! The shared server of a user: where it listens, whether it can be trusted, how it is started.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::net::UnixStream;
use tokio::process::{Child, Command};

use crate::api::wire::Fault;

/// A little below what every system takes as the path of a Unix socket.
const LONGEST: usize = 100;
const OTHERS: u32 = 0o077;
const START_PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(20);
const MAX_LAST_WORDS: u64 = 4096;

/// Why there is no connection.
#[derive(Debug)]
pub enum Failure {
    /// It is not to be trusted, however often one tries.
    Insecure(Fault),
    /// It may work another time.
    Gone(String),
}

/// Where the shared server listens unless a path is given: the same place as the server's own rule,
/// given `$XDG_RUNTIME_DIR` and the folder for temporary files.
#[must_use]
pub fn default_path(runtime: Option<PathBuf>, temporary: &Path) -> PathBuf {
    let runtime = runtime.filter(|path| path.is_dir());
    let wanted = runtime.map(|path| path.join("crystalmath").join("server.sock"));
    wanted.filter(|path| path.as_os_str().len() <= LONGEST).unwrap_or_else(|| {
        let user = rustix::process::getuid().as_raw();
        temporary.join(format!("crystalmath-{user}")).join("server.sock")
    })
}

/// Connect to the server, and start it first when nobody listens.
pub async fn connect(path: &Path, command: &[String]) -> Result<UnixStream, Failure> {
    make_private(path).map_err(Failure::Insecure)?;
    if let Ok(stream) = UnixStream::connect(path).await {
        return own(stream, path);
    }
    let log_path = path.with_extension("log");
    let mut log = open_log(&log_path).map_err(|error| gone(&log_path, &error))?;
    let begin = log.seek(SeekFrom::End(0)).unwrap_or(0);
    let mut child = start(command, path, &log)?;
    let until = Instant::now() + START_PATIENCE;
    loop {
        let error = match UnixStream::connect(path).await {
            Ok(stream) => return own(stream, path),
            Err(error) => error,
        };
        // One that found another server ends well, and the other one is about to listen.
        let failed = matches!(child.try_wait(), Ok(Some(status)) if !status.success());
        if failed || Instant::now() > until {
            let words = last_words(&mut log, begin);
            let reason = if words.is_empty() { error.to_string() } else { words };
            return Err(Failure::Gone(format!("The shared server does not start: {reason}.")));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Start the server so that it outlives this program and hears none of its terminal's signals.
fn start(command: &[String], path: &Path, log: &File) -> Result<Child, Failure> {
    let program = command.first().map_or("", String::as_str);
    let starting = |error: io::Error| {
        Failure::Gone(format!("The server {program:?} cannot be started: {error}."))
    };
    Command::new(program)
        .args(command.get(1..).unwrap_or_default())
        .arg("--socket")
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log.try_clone().map_err(starting)?)
        .process_group(0)
        .spawn()
        .map_err(starting)
}

fn own(stream: UnixStream, path: &Path) -> Result<UnixStream, Failure> {
    let theirs = stream.peer_cred().map_err(|error| gone(path, &error))?.uid();
    if theirs == rustix::process::getuid().as_raw() {
        return Ok(stream);
    }
    Err(Failure::Insecure(refusal(path, &format!("its server runs as another user ({theirs})"))))
}

/// Make the socket's folder for this user alone; one that is there must be so already.
fn make_private(path: &Path) -> Result<(), Fault> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let about = made.and_then(|()| fs::metadata(folder));
    match about {
        Err(error) => Err(refusal(path, &format!("{}: {error}", folder.display()))),
        Ok(about) if about.uid() != rustix::process::getuid().as_raw() => {
            Err(refusal(path, &format!("{} belongs to another user", folder.display())))
        }
        Ok(about) if about.mode() & OTHERS != 0 => {
            Err(refusal(path, &format!("other users may enter {}", folder.display())))
        }
        Ok(_) => Ok(()),
    }
}

fn refusal(path: &Path, why: &str) -> Fault {
    Fault::local(
        format!("The socket {} is not used: {why}.", path.display()),
        "Name one in a folder of your own with mode 700: --attach=PATH",
    )
}

fn gone(path: &Path, error: &io::Error) -> Failure {
    Failure::Gone(format!("{}: {error}.", path.display()))
}

fn open_log(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).read(true).mode(0o600).open(path)
}

/// The last line that a server wrote which did not start.
fn last_words(log: &mut File, begin: u64) -> String {
    let mut text = Vec::new();
    let read = log.seek(SeekFrom::Start(begin));
    let read = read.and_then(|_| log.take(MAX_LAST_WORDS).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    if read.is_ok() { line.trim_end_matches('.').to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn folder(name: &str, mode: u32) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("cm-socket-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        folder
    }

    #[test]
    fn the_path_follows_the_runtime_folder_and_is_never_too_long() {
        let runtime = folder("runtime", 0o700);
        let path = default_path(Some(runtime.clone()), Path::new("/tmp"));
        assert_eq!(path, runtime.join("crystalmath/server.sock"));
        let deep = runtime.join("x".repeat(100));
        fs::create_dir(&deep).unwrap();
        let short = default_path(Some(deep), Path::new("/tmp"));
        fs::remove_dir_all(&runtime).unwrap();
        assert!(short.starts_with("/tmp") && short.ends_with("server.sock"), "{short:?}");
        assert_eq!(default_path(None, Path::new("/tmp")), short);
    }

    #[test]
    fn a_folder_that_others_may_enter_is_refused() {
        let open = folder("open", 0o755);
        let refused = make_private(&open.join("server.sock")).unwrap_err();
        let private = make_private(&open.join("run/server.sock"));
        let mode = fs::metadata(open.join("run")).unwrap().mode() & 0o777;
        fs::remove_dir_all(&open).unwrap();
        assert!(refused.message.contains("other users may enter"), "{}", refused.message);
        assert!(refused.hint().contains("--attach"));
        assert_eq!((private.is_ok(), mode), (true, 0o700));
    }

    #[test]
    fn a_folder_of_another_user_is_refused() {
        // The root folder is ours only when the test runs as root, and open to others then.
        assert!(make_private(Path::new("/server.sock")).is_err());
    }
}
