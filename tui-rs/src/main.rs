//! `crystalmath-tui`: the terminal UI of `CrystalMath`.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crystalmath_tui::cli::{self, Arguments, Request};
use crystalmath_tui::config::{self, Config};
use crystalmath_tui::jobs::arrange::Filter;
use crystalmath_tui::keymap::Keymap;
use crystalmath_tui::plain;
use crystalmath_tui::rpc::command::server_command;
use crystalmath_tui::rpc::socket;
use crystalmath_tui::rpc::transport::Place;
use crystalmath_tui::run::{Start, run};
use crystalmath_tui::sys::terminal::install_panic_hook;

fn main() -> ExitCode {
    let arguments = match cli::parse(std::env::args().skip(1)) {
        Request::Run(arguments) => arguments,
        Request::Keys => return print(&Keymap::default().table()),
        Request::Print(text) => return print(&text),
        Request::Fail(text) => {
            eprint!("crystalmath-tui: {text}");
            return ExitCode::from(2);
        }
    };
    let place = place(&arguments);
    if let Some(filter) = &arguments.plain {
        return print_jobs(&place, filter);
    }
    let path = arguments
        .config
        .map(PathBuf::from)
        .or_else(|| config::path(variable("XDG_CONFIG_HOME"), variable("HOME")));
    let no_color = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    let start = Start {
        place,
        config: Config::read(path, no_color),
        drafts: config::drafts(variable("XDG_STATE_HOME"), variable("HOME")),
        edit: arguments.edit.map(PathBuf::from),
    };
    install_panic_hook();
    match run(start) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("crystalmath-tui: the terminal cannot be used: {error}");
            eprintln!("Print the jobs without one: crystalmath-tui --plain");
            ExitCode::from(3)
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where the server is: a child, unless the shared one is asked for.
fn place(arguments: &Arguments) -> Place {
    let own_path = std::env::current_exe().ok();
    let environment = variable("CRYSTALMATH_SERVER");
    let command =
        server_command(arguments.server.as_deref(), environment.as_deref(), own_path.as_deref());
    let Some(named) = &arguments.attach else { return Place::Child(command) };
    let path = match named {
        Some(path) => std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path)),
        None => socket::default_path(
            std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from),
            &temporary(),
        ),
    };
    Place::Socket(path, command)
}

/// The folder for temporary files, by the same variables as the server's.
fn temporary() -> PathBuf {
    let named = ["TMPDIR", "TEMP", "TMP"].iter().filter_map(std::env::var_os);
    named.map(PathBuf::from).find(|path| path.is_dir()).unwrap_or_else(|| Path::new("/tmp").into())
}

fn print_jobs(place: &Place, filter: &str) -> ExitCode {
    let mut out = BufWriter::new(std::io::stdout().lock());
    match plain::print(place, &Filter::parse(filter), &mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            let _closed = out.flush();
            eprintln!("crystalmath-tui: {}\n{}", fault.message, fault.hint());
            ExitCode::from(3)
        }
    }
}

fn print(text: &str) -> ExitCode {
    // A reader that went away is no failure of ours.
    let _closed = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}
