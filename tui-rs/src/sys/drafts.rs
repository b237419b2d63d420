//! Texts that are not in their files yet, kept in the user's state folder so that no end of the program
//! loses them. One file for each file that is edited; whoever holds its lock keeps drafts, others do not.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ropey::Rope;
use rustix::fs::{FlockOperation, flock};

use crate::editor::{Document, Editor};
use crate::msg::{Disk, Draft, FileRead};

/// How long after a change a draft is written.
const DELAY: Duration = Duration::from_secs(1);
const MAX_DRAFT_BYTES: u64 = 64 << 20;

/// What is to be done with the draft of a file.
#[derive(Debug, Clone)]
pub struct Work {
    path: PathBuf,
    /// The text to keep and whether its lines end with a carriage return too; nothing to forget it.
    text: Option<(Rope, bool)>,
    number: u64,
}

/// Knows which drafts are older than the texts on the screen.
#[derive(Debug)]
pub struct Keeper {
    /// Where the drafts are.
    pub store: Store,
    /// When there is something to write.
    pub at: Option<Instant>,
    /// What was written for a file; nothing while its draft is the one that was found.
    kept: HashMap<PathBuf, Option<Rope>>,
    is_writing: bool,
    number: u64,
}

impl Keeper {
    /// One that keeps drafts in a folder.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        let store = Store { folder, held: Arc::default() };
        Self { store, at: None, kept: HashMap::new(), is_writing: false, number: 0 }
    }

    /// Note the drafts that were there already.
    pub fn found(&mut self, drafts: &[Draft]) {
        self.kept.extend(drafts.iter().map(|draft| (draft.path.clone(), None)));
    }

    /// See whether something must be written in a moment.
    pub fn look(&mut self, editor: &Editor, now: Instant) {
        if self.at.is_none() && !self.is_writing && self.outdated(editor).next().is_some() {
            self.at = Some(now + DELAY);
        }
    }

    /// What to write once the moment has come; the next look is after [`Keeper::wrote`].
    pub fn due(&mut self, editor: &Editor, now: Instant) -> Vec<Work> {
        if self.at.take_if(|at| *at <= now).is_none() {
            return Vec::new();
        }
        let work = self.work(editor);
        self.is_writing = !work.is_empty();
        work
    }

    /// The writing is over.
    pub fn wrote(&mut self) {
        self.is_writing = false;
    }

    /// The program ends: by the user's will, who was asked, nothing is kept; else everything.
    pub fn finish(&mut self, editor: &Editor, is_wanted: bool) {
        if is_wanted {
            self.number += 1;
            let given_up =
                self.kept.iter().filter(|(path, text)| !stays(editor, path, text.as_ref()));
            let given_up: Vec<PathBuf> = given_up.map(|(path, _)| path.clone()).collect();
            for path in given_up {
                let _stays = self.store.write(Work { path, text: None, number: self.number });
            }
        } else {
            for work in self.work(editor) {
                let _lost = self.store.write(work);
            }
        }
        self.store.release(|_| true);
    }

    fn work(&mut self, editor: &Editor) -> Vec<Work> {
        self.number += 1;
        let number = self.number;
        let outdated = self.outdated(editor);
        let work: Vec<Work> = outdated.map(|(path, text)| Work { path, text, number }).collect();
        for Work { path, text, .. } in &work {
            match text {
                Some((text, _)) => self.kept.insert(path.clone(), Some(text.clone())),
                None => self.kept.remove(path),
            };
        }
        work
    }

    fn outdated<'a>(
        &'a self,
        editor: &'a Editor,
    ) -> impl Iterator<Item = (PathBuf, Option<(Rope, bool)>)> + 'a {
        let is_kept = |path: &Path, text: &Rope| {
            self.kept.get(path).and_then(Option::as_ref).is_some_and(|kept| kept.is_instance(text))
        };
        let changed = editor.documents.iter().filter(|document| document.is_unsaved());
        let changed = changed.map(|document| (document, document.buffer.snapshot()));
        let newer = changed.filter(move |(document, text)| !is_kept(&document.path, text)).map(
            |(document, text)| (document.path.clone(), Some((text, document.has_carriage_returns))),
        );
        let is_changed = |path: &Path| document(editor, path).is_some_and(Document::is_unsaved);
        let saved = self.kept.iter();
        let saved = saved
            .filter(move |(path, text)| !is_changed(path) && !stays(editor, path, text.as_ref()));
        newer.chain(saved.map(|(path, _)| (path.clone(), None)))
    }
}

fn document<'a>(editor: &'a Editor, path: &Path) -> Option<&'a Document> {
    editor.documents.iter().find(|document| document.path == path)
}

/// Whether a draft that was found waits for another time: its file is closed, or the user did not take it.
fn stays(editor: &Editor, path: &Path, written: Option<&Rope>) -> bool {
    written.is_none() && document(editor, path).is_none_or(|document| document.draft.is_some())
}

/// The files of the drafts, and the locks on them.
#[derive(Debug, Clone)]
pub struct Store {
    folder: Option<PathBuf>,
    held: Arc<Mutex<HashMap<PathBuf, Held>>>,
}

#[derive(Debug)]
struct Held {
    file: File,
    at: PathBuf,
    number: u64,
}

impl Store {
    /// Take the drafts of these files over, and leave those of all others.
    #[must_use]
    pub fn claim(&self, files: &[FileRead]) -> Disk {
        self.release(|path| files.iter().all(|file| file.path != path));
        let (mut found, mut elsewhere) = (Vec::new(), Vec::new());
        for file in files {
            let Ok(text) = &file.text else { continue };
            match self.claim_one(&file.path, text) {
                Ok(Some(draft)) => found.push(Draft { path: file.path.clone(), text: draft }),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    elsewhere.push(file.path.clone());
                }
                // Without a state folder there are no drafts, as there is no place for them.
                Ok(None) | Err(_) => {}
            }
        }
        Disk::Drafts { found, elsewhere }
    }

    fn claim_one(&self, path: &Path, text: &str) -> io::Result<Option<String>> {
        let mut held = self.held();
        if held.contains_key(path) {
            return Ok(None);
        }
        let (mut file, at) = self.open_locked(path)?;
        let mut draft = String::new();
        // What cannot be read is left for the user to look at.
        (&mut file).take(MAX_DRAFT_BYTES).read_to_string(&mut draft)?;
        if draft == text {
            file.set_len(0)?;
        }
        held.insert(path.to_owned(), Held { file, at, number: 0 });
        Ok((!draft.is_empty() && draft != text).then_some(draft))
    }

    fn open_locked(&self, path: &Path) -> io::Result<(File, PathBuf)> {
        let folder = self.folder.as_ref().ok_or(io::ErrorKind::NotFound)?;
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let at = folder.join(name_of(path));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        loop {
            let file = options.open(&at)?;
            flock(&file, FlockOperation::NonBlockingLockExclusive)?;
            // Who held the lock before may have removed the file meanwhile.
            if fs::metadata(&at).is_ok_and(|about| Some(about.ino()) == inode(&file)) {
                return Ok((file, at));
            }
        }
    }

    /// Write or forget a draft, unless something newer was written already.
    pub fn write(&self, work: Work) -> io::Result<()> {
        let mut all = self.held();
        let Some(held) = all.get_mut(&work.path).filter(|held| held.number <= work.number) else {
            return Ok(());
        };
        held.number = work.number;
        let text = work.text.map_or_else(String::new, |(text, has_carriage_returns)| {
            let text = text.to_string();
            if has_carriage_returns { text.replace('\n', "\r\n") } else { text }
        });
        held.file.rewind()?;
        held.file.write_all(text.as_bytes())?;
        held.file.set_len(text.len() as u64)
    }

    /// Leave the drafts of files; those that are empty are removed.
    fn release(&self, is_left: impl Fn(&Path) -> bool) {
        self.held().retain(|path, held| {
            let leave = is_left(path);
            if leave && held.file.metadata().is_ok_and(|about| about.len() == 0) {
                let _stays = fs::remove_file(&held.at);
            }
            !leave
        });
    }

    fn held(&self) -> MutexGuard<'_, HashMap<PathBuf, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn inode(file: &File) -> Option<u64> {
    file.metadata().ok().map(|about| about.ino())
}

/// `INCAR-0123456789abcdef`: the file's name, and its whole path hashed (FNV-1a, the same in each release).
fn name_of(path: &Path) -> String {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let bytes = path.as_os_str().as_encoded_bytes();
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let short: String = name.chars().take(40).collect();
    format!("{short}-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("cm-drafts-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn keeper(&self) -> Keeper {
            Keeper::new(Some(self.0.join("drafts")))
        }

        fn names(&self) -> usize {
            fs::read_dir(self.0.join("drafts")).map_or(0, Iterator::count)
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn read(path: &str, text: &str) -> [FileRead; 1] {
        [FileRead { path: PathBuf::from(path), text: Ok(text.to_owned()), seen: None }]
    }

    fn editing(path: &str, text: &str) -> Editor {
        let documents = vec![Document::new(PathBuf::from(path), text)];
        Editor { documents, ..Editor::default() }
    }

    fn claimed(keeper: &mut Keeper, path: &str, text: &str) -> (Vec<String>, usize) {
        let Disk::Drafts { found, elsewhere } = keeper.store.claim(&read(path, text)) else {
            panic!("claimed")
        };
        keeper.found(&found);
        (found.into_iter().map(|draft| draft.text).collect(), elsewhere.len())
    }

    fn write_due(keeper: &mut Keeper, editor: &Editor) -> usize {
        let now = Instant::now();
        keeper.look(editor, now);
        let work = keeper.due(editor, now + DELAY);
        let count = work.len();
        for work in work {
            keeper.store.write(work).unwrap();
        }
        keeper.wrote();
        count
    }

    #[test]
    fn a_draft_outlives_the_program_until_it_is_saved() {
        let place = Place::new("outlives");
        let mut keeper = place.keeper();
        let mut editor = editing("/c/INCAR", "A\r\nB\r\n");
        assert_eq!(claimed(&mut keeper, "/c/INCAR", "A\r\nB\r\n"), (vec![], 0));
        assert_eq!(write_due(&mut keeper, &editor), 0);
        editor.documents[0].buffer.insert("x");
        assert_eq!(write_due(&mut keeper, &editor), 1);
        assert_eq!(write_due(&mut keeper, &editor), 0);
        drop(keeper); // as if it was killed

        let mut keeper = place.keeper();
        let (found, _) = claimed(&mut keeper, "/c/INCAR", "A\r\nB\r\n");
        assert_eq!(found, ["xA\r\nB\r\n"]);
        assert_eq!(write_due(&mut keeper, &editor), 1);
        let revision = editor.documents[0].buffer.revision();
        editor.documents[0].buffer.saved_at(revision);
        assert_eq!(write_due(&mut keeper, &editor), 1);
        keeper.finish(&editor, false);
        assert_eq!(place.names(), 0);
    }

    #[test]
    fn what_was_typed_last_is_kept_unless_the_user_ended_it() {
        let place = Place::new("last");
        let mut editor = editing("/c/INCAR", "");
        editor.documents[0].buffer.insert("typed");
        for (is_wanted, left) in [(true, 0), (false, 1)] {
            let mut keeper = place.keeper();
            let _nothing = claimed(&mut keeper, "/c/INCAR", "");
            write_due(&mut keeper, &editor);
            editor.documents[0].buffer.insert("!");
            keeper.finish(&editor, is_wanted);
            assert_eq!(place.names(), left);
        }
        assert_eq!(claimed(&mut place.keeper(), "/c/INCAR", "").0, ["typed!!"]);
    }

    #[test]
    fn a_draft_that_is_not_taken_stays() {
        let place = Place::new("stays");
        let mut editor = editing("/c/INCAR", "");
        editor.documents[0].buffer.insert("typed");
        let mut keeper = place.keeper();
        let _nothing = claimed(&mut keeper, "/c/INCAR", "");
        keeper.finish(&editor, false);
        for _ in 0..2 {
            let mut keeper = place.keeper();
            assert_eq!(claimed(&mut keeper, "/c/INCAR", "").0, ["typed"]);
            let mut asked = editing("/c/INCAR", "");
            asked.documents[0].draft = Some("typed".to_owned());
            assert_eq!(write_due(&mut keeper, &asked), 0);
            keeper.finish(&asked, true);
        }
    }

    #[test]
    fn of_two_programs_one_keeps_drafts_and_the_other_knows() {
        let place = Place::new("two");
        let (mut one, mut other) = (place.keeper(), place.keeper());
        assert_eq!(claimed(&mut one, "/c/INCAR", ""), (vec![], 0));
        assert_eq!(claimed(&mut other, "/c/INCAR", ""), (vec![], 1));
        assert_eq!(claimed(&mut other, "/d/INCAR", ""), (vec![], 0));
        assert_eq!(claimed(&mut one, "/c/POSCAR", ""), (vec![], 0));
        assert_eq!(claimed(&mut other, "/c/INCAR", ""), (vec![], 0));
    }
}
