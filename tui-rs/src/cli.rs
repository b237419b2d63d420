//! The command line.

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// Run the program, with this server command line if one was given.
    Run {
        /// `--server`.
        server: Option<String>,
    },
    /// Print this and end well.
    Print(String),
    /// Print this to stderr and end with 2.
    Fail(String),
}

const USAGE: &str = "usage: crystalmath-tui [--server COMMAND]

  --server COMMAND  the server's command line
                    (default: $CRYSTALMATH_SERVER, else crystalmath-server beside this program or on PATH)
  -h, --help        print this
  -V, --version     print the version
";

/// Read the arguments, without the program's name.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Request {
    let mut arguments = arguments.into_iter();
    let mut server = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => return Request::Print(USAGE.to_owned()),
            "-V" | "--version" => {
                return Request::Print(format!("crystalmath-tui {}\n", env!("CARGO_PKG_VERSION")));
            }
            "--server" => match arguments.next() {
                Some(command) => server = Some(command),
                None => return Request::Fail(format!("--server needs a command line\n{USAGE}")),
            },
            other => match other.strip_prefix("--server=") {
                Some(command) => server = Some(command.to_owned()),
                None => return Request::Fail(format!("unknown argument {other}\n{USAGE}")),
            },
        }
    }
    Request::Run { server }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Request {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_server_can_be_given_in_both_ways() {
        let expected = Request::Run { server: Some("x".to_owned()) };
        assert_eq!(parsed("--server x"), expected);
        assert_eq!(parsed("--server=x"), expected);
    }

    #[test]
    fn an_unknown_argument_is_refused() {
        assert!(matches!(parsed("--what"), Request::Fail(_)));
        assert!(matches!(parsed("--server"), Request::Fail(_)));
    }
}
