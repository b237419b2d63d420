//! What is read from the disk and written to it, in threads that may wait for it.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::editor::seen::holds_the_same;
use crate::editor::{Recorded, Seen, Stamp};
use crate::msg::{Copies, Disk, Entry, FileRead, Known, Opening, Sight, Unwritten, Writing};

/// The files of a folder that are edited together, in the order of the screen.
const INPUT_FILES: &[&str] = &["INCAR", "KPOINTS", "POSCAR", "KPOINTS_OPT"];
const MAX_FILE_BYTES: u64 = 64 << 20;
const MAX_ENTRIES: usize = 20_000;

/// What `AiiDA` puts into the folder of a calculation; one with any of these is not edited.
const MARKS_OF_A_JOB: &[&str] = &["_aiidasubmit.sh", ".aiida"];

/// Read a file, or the input files of a folder.
#[must_use]
pub fn read(asked: Opening) -> Disk {
    let path = std::path::absolute(&asked.path).unwrap_or(asked.path);
    let files = match fs::metadata(&path) {
        Ok(about) if about.is_dir() => {
            let inside = INPUT_FILES.iter().map(|name| path.join(name));
            Ok(inside.filter(|file| file.is_file()).map(read_file).collect())
        }
        Ok(_) => Ok(vec![read_file(path.clone())]),
        Err(error) => Err(format!("{}: {error}", path.display())),
    };
    let recorded = asked.recorded.or_else(|| is_of_a_job(&path).then(Recorded::unknown));
    Disk::Files(Opening { path, recorded, ..asked }, files)
}

fn is_of_a_job(path: &Path) -> bool {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = if whole.is_dir() { Some(whole.as_path()) } else { whole.parent() };
    folder.is_some_and(|folder| MARKS_OF_A_JOB.iter().any(|mark| folder.join(mark).exists()))
}

fn read_file(path: PathBuf) -> FileRead {
    match bytes_of(&path) {
        Ok((seen, bytes)) => FileRead {
            path,
            text: text_of(bytes).map_err(|error| error.to_string()),
            seen: Some(seen),
        },
        Err(error) => {
            let is_gone = error.kind() == io::ErrorKind::NotFound;
            let seen =
                (!is_gone).then(|| Seen { stamp: stamp_of(&path).unwrap_or_default(), hash: 0 });
            FileRead { path, text: Err(error.to_string()), seen }
        }
    }
}

fn stamp_of(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().map(|about| Stamp::of(&about))
}

/// The bytes of a file, at most one more than is edited; the stamp is older than they are, so that a change
/// meanwhile is found at the next look.
fn bytes_of(path: &Path) -> io::Result<(Seen, Vec<u8>)> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path)?;
    let stamp = Stamp::of(&file.metadata()?);
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok((Seen::new(stamp, &bytes), bytes))
}

fn text_of(bytes: Vec<u8>) -> io::Result<String> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other("longer than 64 MiB, too long to be edited here"));
    }
    // A text that was changed on reading must not be written back.
    String::from_utf8(bytes).map_err(|_| io::Error::other("not in UTF-8, so not edited here"))
}

/// See which files have another stamp than is known, and read those.
#[must_use]
pub fn look(known: Vec<Known>) -> Disk {
    let other = |known: &Known| known.is_forced || stamp_of(&known.path) != known.stamp;
    let sight = |known: Known| Sight { generation: known.generation, file: read_file(known.path) };
    Disk::Looked(known.into_iter().filter(other).map(sight).collect())
}

/// Write a file whole or not at all, and only if it is what is expected; links and permissions stay.
#[must_use]
pub fn write(writing: Writing) -> Disk {
    let written = write_whole(&writing);
    Disk::Written(writing.path, writing.revision, written)
}

fn write_whole(writing: &Writing) -> Result<Seen, Unwritten> {
    let target = fs::canonicalize(&writing.path).unwrap_or_else(|_| writing.path.clone());
    let folder = target.parent().unwrap_or(Path::new("."));
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = folder.join(format!(".{name}.{}", std::process::id()));
    let filled = fill(&beside, &target, &writing.text).map_err(|error| failed(&error));
    let written = filled.and_then(|()| put_in_place(&beside, &target, writing));
    if written.is_err() {
        let _left_behind = fs::remove_file(&beside);
    }
    written
}

fn failed(error: &io::Error) -> Unwritten {
    Unwritten::Failed(error.to_string())
}

/// Give a written file its name, after a last look at what has that name now.
fn put_in_place(beside: &Path, target: &Path, writing: &Writing) -> Result<Seen, Unwritten> {
    let found = read_file(writing.path.clone());
    if !holds_the_same(found.seen, writing.expected) {
        return Err(Unwritten::Differs(Box::new(found)));
    }
    if writing.expected.is_none() {
        // Unlike a rename, this fails when somebody was faster.
        fs::hard_link(beside, target).map_err(|error| failed(&error))?;
        fs::remove_file(beside).map_err(|error| failed(&error))?;
    } else if stamp_of(target) != found.seen.map(|seen| seen.stamp) {
        return Err(Unwritten::Differs(Box::new(read_file(writing.path.clone()))));
    } else {
        fs::rename(beside, target).map_err(|error| failed(&error))?;
    }
    let stamp = stamp_of(target).unwrap_or_default();
    Ok(Seen::new(stamp, writing.text.as_bytes()))
}

/// Write copies into a folder, which is made if it is not there; over nothing that differs.
#[must_use]
pub fn write_copies(copies: Copies) -> Disk {
    let folder = whole_path(&copies.folder);
    let done = copy_all(&folder, &copies.files).map(|()| folder);
    Disk::Copied(copies, done)
}

/// A path as a user types it: `~` is their home.
fn whole_path(typed: &str) -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let path = match (typed.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home,
        (Some(rest), Some(home)) if rest.starts_with('/') => {
            home.join(rest.trim_start_matches('/'))
        }
        _ => PathBuf::from(typed),
    };
    std::path::absolute(&path).unwrap_or(path)
}

fn copy_all(folder: &Path, files: &[(String, String)]) -> Result<(), String> {
    let shown = |error: io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(shown)?;
    if is_of_a_job(folder) {
        return Err(format!("{} is the folder of a job", folder.display()));
    }
    let mut missing = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        match fs::read(&path) {
            Ok(bytes) if bytes == text.as_bytes() => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push((path, text)),
            _ => return Err(format!("{} is there already and is another", path.display())),
        }
    }
    for (path, text) in missing {
        let made = fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let written = made.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
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

    fn read_one(path: &Path) -> FileRead {
        let asked = Opening { path: path.to_owned(), ..Opening::default() };
        let Disk::Files(_, Ok(mut files)) = read(asked) else { panic!("read") };
        files.remove(0)
    }

    fn save(path: &Path, text: &str, expected: Option<Seen>) -> Result<Seen, Unwritten> {
        let writing =
            Writing { path: path.to_owned(), revision: 7, text: text.to_owned(), expected };
        let Disk::Written(_, 7, written) = write(writing) else { panic!("written") };
        written
    }

    #[test]
    fn the_input_files_of_a_folder_are_read_and_no_others() {
        let folder = folder("read");
        fs::write(folder.join("POSCAR"), "Si").unwrap();
        fs::write(folder.join("INCAR"), b"SYSTEM = \xff").unwrap();
        fs::write(folder.join("OUTCAR"), "x").unwrap();
        let asked = Opening { path: folder.clone(), ..Opening::default() };
        let Disk::Files(found, Ok(files)) = read(asked) else { panic!("read") };
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found.recorded, None);
        assert_eq!(files[1].text.as_deref(), Ok("Si"));
        assert!(files[0].text.as_ref().unwrap_err().contains("UTF-8"));
        assert_eq!(files.len(), 2);
    }

    #[test]
    fn the_folder_of_a_job_is_known_also_by_a_link_and_by_a_file() {
        let folder = folder("job");
        fs::write(folder.join("INCAR"), "ENCUT = 1").unwrap();
        fs::write(folder.join("_aiidasubmit.sh"), "").unwrap();
        let link = folder.join("link");
        symlink(&folder, &link).unwrap();
        let is_recorded = |path: PathBuf| {
            let Disk::Files(found, Ok(_)) = read(Opening { path, ..Opening::default() }) else {
                panic!("read")
            };
            found.recorded.is_some()
        };
        let all = [folder.clone(), link, folder.join("INCAR")].map(is_recorded);
        let copies = Copies {
            folder: folder.to_string_lossy().into_owned(),
            files: vec![("KPOINTS".to_owned(), String::new())],
            opens: false,
        };
        let refused = write_copies(copies);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(all, [true; 3]);
        assert!(matches!(refused, Disk::Copied(_, Err(reason)) if reason.contains("of a job")));
    }

    #[test]
    fn writing_keeps_links_and_permissions() {
        let folder = folder("write");
        let (target, link) = (folder.join("there"), folder.join("INCAR"));
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&target, &link).unwrap();
        let seen = save(&link, "new", read_one(&link).seen).unwrap();
        let known = read_one(&link).seen;
        let kept = fs::symlink_metadata(&link).unwrap().is_symlink();
        let mode = fs::metadata(&target).unwrap().permissions().mode() & 0o777;
        let text = fs::read_to_string(&target).unwrap();
        let n_left = fs::read_dir(&folder).unwrap().count();
        fs::remove_dir_all(&folder).unwrap();
        assert!(kept);
        assert_eq!((mode, text.as_str(), n_left), (0o640, "new", 2));
        assert_eq!(known, Some(seen));
    }

    #[test]
    fn a_file_that_is_another_by_now_is_not_written_over() {
        let folder = folder("differs");
        let path = folder.join("INCAR");
        fs::write(&path, "old").unwrap();
        let seen = read_one(&path).seen;
        fs::write(&path, "two").unwrap();
        let Err(Unwritten::Differs(found)) = save(&path, "new", seen) else { panic!("refused") };
        let appeared = save(&path, "new", None);
        fs::remove_file(&path).unwrap();
        let vanished = save(&path, "new", seen);
        let n_left = fs::read_dir(&folder).unwrap().count();
        let made = save(&path, "new", None);
        let text = fs::read_to_string(&path).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found.text.as_deref(), Ok("two"));
        assert!(matches!(appeared, Err(Unwritten::Differs(_))));
        assert!(matches!(vanished, Err(Unwritten::Differs(gone)) if gone.seen.is_none()));
        assert_eq!((n_left, text.as_str(), made.is_ok()), (0, "new", true));
    }

    #[test]
    fn only_what_has_another_stamp_is_read_again() {
        let folder = folder("look");
        let path = folder.join("INCAR");
        fs::write(&path, "old").unwrap();
        let stamp = read_one(&path).seen.map(|seen| seen.stamp);
        let known = Known { path: path.clone(), stamp, generation: 3, is_forced: false };
        let n_found = |known: &Known| {
            let Disk::Looked(found) = look(vec![known.clone()]) else { panic!("looked") };
            found.len()
        };
        let same = n_found(&known);
        let forced = n_found(&Known { is_forced: true, ..known.clone() });
        fs::write(&path, "longer").unwrap();
        let changed = n_found(&known);
        fs::remove_dir_all(&folder).unwrap();
        let Disk::Looked(found) = look(vec![known.clone()]) else { panic!("looked") };
        assert_eq!((same, forced, changed), (0, 1, 1));
        assert_eq!((found[0].file.seen, found[0].generation), (None, 3));
        assert_eq!(n_found(&Known { stamp: None, ..known }), 0);
    }

    #[test]
    fn copies_are_written_over_nothing_that_differs() {
        let folder = folder("copies");
        let into = folder.join("deep/er");
        let copies = |text: &str| Copies {
            folder: into.to_string_lossy().into_owned(),
            files: vec![
                ("INCAR".to_owned(), text.to_owned()),
                ("POSCAR".to_owned(), "Si".to_owned()),
            ],
            opens: false,
        };
        let first = write_copies(copies("a"));
        let again = write_copies(copies("a"));
        fs::remove_file(into.join("POSCAR")).unwrap();
        let other = write_copies(copies("b"));
        let (incar, is_half) =
            (fs::read_to_string(into.join("INCAR")).unwrap(), into.join("POSCAR").exists());
        fs::remove_dir_all(&folder).unwrap();
        assert!(matches!(first, Disk::Copied(_, Ok(path)) if path == into));
        assert!(matches!(again, Disk::Copied(_, Ok(_))));
        assert!(matches!(other, Disk::Copied(_, Err(reason)) if reason.contains("is another")));
        assert_eq!((incar.as_str(), is_half), ("a", false));
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let asked = Opening { path: PathBuf::from("/no/such"), ..Opening::default() };
        assert!(matches!(read(asked), Disk::Files(_, Err(_))));
        assert!(matches!(list(PathBuf::from("/no/such")), Disk::Folder(_, Err(_))));
        assert!(matches!(save(Path::new("/no/such/INCAR"), "", None), Err(Unwritten::Failed(_))));
    }
}
