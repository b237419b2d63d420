//! `crystalmath-tui`: the terminal UI of `CrystalMath`.

use std::io::Write;
use std::process::ExitCode;

use crystalmath_tui::cli::{self, Request};
use crystalmath_tui::rpc::command::server_command;
use crystalmath_tui::run::run;
use crystalmath_tui::sys::terminal::install_panic_hook;

fn main() -> ExitCode {
    let server = match cli::parse(std::env::args().skip(1)) {
        Request::Run { server } => server,
        Request::Print(text) => {
            // A reader that went away is no failure of ours.
            let _closed = std::io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Request::Fail(text) => {
            eprint!("crystalmath-tui: {text}");
            return ExitCode::from(2);
        }
    };
    let environment = std::env::var("CRYSTALMATH_SERVER").ok();
    let own_path = std::env::current_exe().ok();
    install_panic_hook();
    match run(server_command(server.as_deref(), environment.as_deref(), own_path.as_deref())) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("crystalmath-tui: the terminal cannot be used: {error}");
            ExitCode::from(3)
        }
    }
}
