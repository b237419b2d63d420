//! `crystalmath-tui`: the terminal UI of `CrystalMath`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crystalmath_tui::cli::{self, Request};
use crystalmath_tui::config::{self, Config};
use crystalmath_tui::keymap::Keymap;
use crystalmath_tui::rpc::command::server_command;
use crystalmath_tui::run::{Start, run};
use crystalmath_tui::sys::terminal::install_panic_hook;

fn main() -> ExitCode {
    let (server, config, edit) = match cli::parse(std::env::args().skip(1)) {
        Request::Run { server, config, edit } => (server, config, edit),
        Request::Keys => return print(&Keymap::default().table()),
        Request::Print(text) => return print(&text),
        Request::Fail(text) => {
            eprint!("crystalmath-tui: {text}");
            return ExitCode::from(2);
        }
    };
    let variable = |name: &str| std::env::var(name).ok();
    let own_path = std::env::current_exe().ok();
    let path = config
        .map(PathBuf::from)
        .or_else(|| config::path(variable("XDG_CONFIG_HOME"), variable("HOME")));
    let no_color = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    let start = Start {
        command: server_command(
            server.as_deref(),
            variable("CRYSTALMATH_SERVER").as_deref(),
            own_path.as_deref(),
        ),
        config: Config::read(path, no_color),
        edit: edit.map(PathBuf::from),
    };
    install_panic_hook();
    match run(start) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("crystalmath-tui: the terminal cannot be used: {error}");
            ExitCode::from(3)
        }
    }
}

fn print(text: &str) -> ExitCode {
    // A reader that went away is no failure of ours.
    let _closed = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}
