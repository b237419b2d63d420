//! What is read from the disk and written to it, in threads that may wait for it.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::msg::{Disk, Entry, FileRead};

/// The files of a folder that are edited together, in the order of the screen.
const INPUT_FILES: &[&str] = &["INCAR", "KPOINTS", "POSCAR", "KPOINTS_OPT"];
const MAX_FILE_BYTES: u64 = 64 << 20;
const MAX_ENTRIES: usize = 20_000;

/// Read a file, or the input files of a folder.
#[must_use]
pub fn read(path: PathBuf) -> Disk {
    let path = std::path::absolute(&path).unwrap_or(path);
    let files = match fs::metadata(&path) {
        Ok(about) if about.is_dir() => {
            let inside = INPUT_FILES.iter().map(|name| path.join(name));
            Ok(inside.filter(|file| file.is_file()).map(read_file).collect())
        }
        Ok(_) => Ok(vec![read_file(path.clone())]),
        Err(error) => Err(format!("{}: {error}", path.display())),
    };
    Disk::Files(path, files)
}

fn read_file(path: PathBuf) -> FileRead {
    let text = read_text(&path).map_err(|error| error.to_string());
    FileRead { path, text }
}

fn read_text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other("longer than 64 MiB, too long to be edited here"));
    }
    // A text that was changed on reading must not be written back.
    String::from_utf8(bytes).map_err(|_| io::Error::other("not in UTF-8, so not edited here"))
}

/// Write a file whole or not at all; links and permissions stay.
#[must_use]
pub fn write(path: PathBuf, revision: usize, text: &str) -> Disk {
    let written = write_whole(&path, text).map_err(|error| error.to_string());
    Disk::Written(path, revision, written)
}

fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().unwrap_or(Path::new("."));
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = folder.join(format!(".{name}.{}", std::process::id()));
    let written = fill(&beside, &target, text).and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        let _left_behind = fs::remove_file(&beside);
    }
    written
}

fn fill(beside: &Path, target: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(beside)?;
    if let Ok(about) = fs::metadata(target) {
        file.set_permissions(about.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// List a folder: folders first, hidden ones left out.
#[must_use]
pub fn list(path: PathBuf) -> Disk {
    let path = std::path::absolute(&path).and_then(fs::canonicalize).unwrap_or(path);
    let listing = list_entries(&path).map_err(|error| error.to_string());
    Disk::Folder(path, listing)
}

fn list_entries(path: &Path) -> io::Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = fs::read_dir(path)?
        .flatten()
        .take(MAX_ENTRIES)
        .map(|entry| Entry {
            is_file: !entry.path().is_dir(),
            name: entry.file_name().to_string_lossy().into_owned(),
        })
        .filter(|entry| !entry.name.starts_with('.'))
        .collect();
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("cm-disk-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn the_input_files_of_a_folder_are_read_and_no_others() {
        let folder = folder("read");
        fs::write(folder.join("POSCAR"), "Si").unwrap();
        fs::write(folder.join("INCAR"), b"SYSTEM = \xff").unwrap();
        fs::write(folder.join("OUTCAR"), "x").unwrap();
        let Disk::Files(_, Ok(files)) = read(folder.clone()) else { panic!("read") };
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(files[1].text.as_deref(), Ok("Si"));
        assert!(files[0].text.as_ref().unwrap_err().contains("UTF-8"));
        assert_eq!(files.len(), 2);
    }

    #[test]
    fn writing_keeps_links_and_permissions() {
        let folder = folder("write");
        let (target, link) = (folder.join("there"), folder.join("INCAR"));
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&target, &link).unwrap();
        let Disk::Written(_, 7, Ok(())) = write(link.clone(), 7, "new") else { panic!("written") };
        let kept = fs::symlink_metadata(&link).unwrap().is_symlink();
        let mode = fs::metadata(&target).unwrap().permissions().mode() & 0o777;
        let text = fs::read_to_string(&target).unwrap();
        let n_left = fs::read_dir(&folder).unwrap().count();
        fs::remove_dir_all(&folder).unwrap();
        assert!(kept);
        assert_eq!((mode, text.as_str(), n_left), (0o640, "new", 2));
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        assert!(matches!(read(PathBuf::from("/no/such")), Disk::Files(_, Err(_))));
        assert!(matches!(list(PathBuf::from("/no/such")), Disk::Folder(_, Err(_))));
        let lost = write(PathBuf::from("/no/such/INCAR"), 0, "");
        assert!(matches!(lost, Disk::Written(_, 0, Err(_))));
    }
}
