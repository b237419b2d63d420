//! The command line.

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// Run the program.
    Run(Arguments),
    /// Print the keys.
    Keys,
    /// Print this and end well.
    Print(String),
    /// Print this to stderr and end with 2.
    Fail(String),
}

/// How to run it.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Arguments {
    /// `--server`: the server's command line.
    pub server: Option<String>,
    /// `--config`: the file of the configuration.
    pub config: Option<String>,
    /// `--attach`: the shared server, perhaps on a socket of this path.
    pub attach: Option<Option<String>>,
    /// `--plain`: print the jobs that pass this filter, and end.
    pub plain: Option<String>,
    /// The folder or the file to edit.
    pub edit: Option<String>,
}

const USAGE: &str =
    "usage: crystalmath-tui [--attach[=SOCKET]] [--server COMMAND] [--config FILE] [PATH]
       crystalmath-tui --plain [FILTER ...]
       crystalmath-tui keys

  PATH              edit the input files of this folder, or this file
  keys              print what the keys do
  --plain           print the jobs as text and end; FILTER as in the list: state:failed formula:Si -label:old
  --attach[=SOCKET] talk to the shared server of this user, which is started if nobody listens and stays
                    (default: $XDG_RUNTIME_DIR/crystalmath/server.sock)
  --server COMMAND  the server's command line
                    (default: $CRYSTALMATH_SERVER, else crystalmath-server beside this program or on PATH)
  --config FILE     the configuration (default: crystalmath/tui.toml in ~/.config)
  -h, --help        print this
  -V, --version     print the version

exit codes: 0 done, 2 the call is wrong, 3 the server or the engine cannot do it now, 128 + n by a signal
";

/// Read the arguments, without the program's name.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Request {
    let mut words = arguments.into_iter();
    let mut read = Arguments::default();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        match name {
            "-h" | "--help" => return Request::Print(USAGE.to_owned()),
            "-V" | "--version" => {
                return Request::Print(format!("crystalmath-tui {}\n", env!("CARGO_PKG_VERSION")));
            }
            "--attach" => read.attach = Some(value.filter(|path| !path.is_empty())),
            "--plain" if value.is_none() => read.plain = Some(read.plain.unwrap_or_default()),
            "--server" | "--config" => {
                let Some(value) = value.or_else(|| words.next()) else {
                    return Request::Fail(format!("{name} needs a value\n{USAGE}"));
                };
                *(if name == "--server" { &mut read.server } else { &mut read.config }) =
                    Some(value);
            }
            _ => match (&mut read.plain, word.starts_with("--")) {
                (Some(filter), false) => filter.extend([" ", &word]),
                (None, false) if word == "keys" => return Request::Keys,
                (None, false) if !word.starts_with('-') && read.edit.is_none() => {
                    read.edit = Some(word);
                }
                _ => return Request::Fail(format!("unknown argument {word}\n{USAGE}")),
            },
        }
    }
    match &read {
        Arguments { plain: Some(_), edit: Some(path), .. } => {
            Request::Fail(format!("--plain opens no files: {path}\n{USAGE}"))
        }
        _ => Request::Run(read),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Request {
        parse(line.split_whitespace().map(str::to_owned))
    }

    fn run(line: &str) -> Arguments {
        let Request::Run(arguments) = parsed(line) else { panic!("{line} runs") };
        arguments
    }

    #[test]
    fn the_server_can_be_given_in_both_ways() {
        let expected = Arguments { server: Some("x".to_owned()), ..Arguments::default() };
        assert_eq!(run("--server x"), expected);
        assert_eq!(run("--server=x"), expected);
    }

    #[test]
    fn a_folder_to_edit_can_be_named() {
        let Arguments { config, edit, .. } = run("--config c dir");
        assert_eq!((config.as_deref(), edit.as_deref()), (Some("c"), Some("dir")));
        assert_eq!(parsed("keys"), Request::Keys);
        assert!(matches!(parsed("one two"), Request::Fail(_)));
    }

    #[test]
    fn the_shared_server_may_be_named() {
        assert_eq!(run("").attach, None);
        assert_eq!(run("--attach dir").attach, Some(None));
        assert_eq!(run("--attach=/s").attach, Some(Some("/s".to_owned())));
    }

    #[test]
    fn words_after_plain_are_the_filter() {
        assert_eq!(run("--plain").plain.as_deref(), Some(""));
        assert_eq!(
            run("--plain state:failed -label:old").plain.unwrap().trim(),
            "state:failed -label:old"
        );
        assert_eq!(run("--plain a --attach b").plain.unwrap().trim(), "a b");
        assert!(matches!(parsed("dir --plain"), Request::Fail(_)));
    }

    #[test]
    fn an_unknown_argument_is_refused() {
        for line in ["--what", "--server", "-x", "--plain --what", "--plain=x"] {
            assert!(matches!(parsed(line), Request::Fail(_)), "{line}");
        }
    }
}
