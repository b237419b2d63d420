//! The command line.

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// Run the program.
    Run {
        /// `--server`: the server's command line.
        server: Option<String>,
        /// `--config`: the file of the configuration.
        config: Option<String>,
        /// The folder or the file to edit.
        edit: Option<String>,
    },
    /// Print the keys.
    Keys,
    /// Print this and end well.
    Print(String),
    /// Print this to stderr and end with 2.
    Fail(String),
}

const USAGE: &str = "usage: crystalmath-tui [--server COMMAND] [--config FILE] [PATH]
       crystalmath-tui keys

  PATH              edit the input files of this folder, or this file
  keys              print what the keys do
  --server COMMAND  the server's command line
                    (default: $CRYSTALMATH_SERVER, else crystalmath-server beside this program or on PATH)
  --config FILE     the configuration (default: crystalmath/tui.toml in ~/.config)
  -h, --help        print this
  -V, --version     print the version
";

/// Read the arguments, without the program's name.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Request {
    let mut arguments = arguments.into_iter();
    let (mut server, mut config, mut edit) = (None, None, None);
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (argument.as_str(), None),
        };
        match name {
            "-h" | "--help" => return Request::Print(USAGE.to_owned()),
            "-V" | "--version" => {
                return Request::Print(format!("crystalmath-tui {}\n", env!("CARGO_PKG_VERSION")));
            }
            "--server" | "--config" => {
                let Some(value) = value.or_else(|| arguments.next()) else {
                    return Request::Fail(format!("{name} needs a value\n{USAGE}"));
                };
                *(if name == "--server" { &mut server } else { &mut config }) = Some(value);
            }
            "keys" => return Request::Keys,
            _ if argument.starts_with('-') || edit.is_some() => {
                return Request::Fail(format!("unknown argument {argument}\n{USAGE}"));
            }
            _ => edit = Some(argument),
        }
    }
    Request::Run { server, config, edit }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Request {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_server_can_be_given_in_both_ways() {
        let server = Some("x".to_owned());
        let expected = Request::Run { server, config: None, edit: None };
        assert_eq!(parsed("--server x"), expected);
        assert_eq!(parsed("--server=x"), expected);
    }

    #[test]
    fn a_folder_to_edit_can_be_named() {
        let Request::Run { config, edit, .. } = parsed("--config c dir") else { panic!("runs") };
        assert_eq!((config.as_deref(), edit.as_deref()), (Some("c"), Some("dir")));
        assert_eq!(parsed("keys"), Request::Keys);
        assert!(matches!(parsed("one two"), Request::Fail(_)));
    }

    #[test]
    fn an_unknown_argument_is_refused() {
        assert!(matches!(parsed("--what"), Request::Fail(_)));
        assert!(matches!(parsed("--server"), Request::Fail(_)));
    }
}
