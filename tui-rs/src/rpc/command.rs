//! Which program is the server.

use std::path::{Path, PathBuf};

/// The server's command line: `--server`, `$CRYSTALMATH_SERVER`, the one beside us, the one on PATH.
#[must_use]
pub fn server_command(
    option: Option<&str>,
    environment: Option<&str>,
    own_path: Option<&Path>,
) -> Vec<String> {
    let given = option.or(environment).map(str::trim).filter(|line| !line.is_empty());
    if let Some(line) = given {
        return split(line);
    }
    let beside = own_path.and_then(Path::parent).map(|folder| folder.join("crystalmath-server"));
    let program =
        beside.filter(|path| path.is_file()).unwrap_or(PathBuf::from("crystalmath-server"));
    vec![program.to_string_lossy().into_owned()]
}

/// Split a command line at blanks; quotes, single or double, keep blanks together.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match quote {
            Some(open) if character == open => quote = None,
            None if character == '"' || character == '\'' => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => words.extend(word.take()),
            Some(_) | None => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_wins_over_the_environment() {
        assert_eq!(server_command(Some("a b"), Some("c"), None), ["a", "b"]);
        assert_eq!(server_command(None, Some("c"), None), ["c"]);
        assert_eq!(server_command(None, Some(" "), None), ["crystalmath-server"]);
    }

    #[test]
    fn quotes_keep_blanks_together() {
        assert_eq!(split(r#"'/a b/c' "d e"f '' g"#), ["/a b/c", "d ef", "", "g"]);
    }

    #[test]
    fn the_server_beside_the_binary_is_found() {
        let folder = std::env::temp_dir().join(format!("cm-command-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("crystalmath-server"), "").unwrap();
        let command = server_command(None, None, Some(&folder.join("crystalmath-tui")));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(command[0], folder.join("crystalmath-server").to_string_lossy());
    }
}
