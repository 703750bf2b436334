//! A disk in memory that loses power, refuses, and is full.
//!
//! It keeps what a disk keeps and no more: a file's bytes as they were when the file was synced, and
//! the names of a folder as they were when the folder was. Everything since then is a list of changes,
//! of which a power loss leaves any part: each write whole, torn or gone, in whatever order they
//! reached the disk; each name made, changed and removed, or not.

mod file;

use self::file::FaultyFile;
use super::made::Random;
use crate::store::disk::Disk;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// What a disk writes at once.
const SECTOR: usize = 512;

/// What goes wrong; changes and reads are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Fault {
    #[default]
    None,
    /// From this change on nothing is done any more.
    PowerLoss { at: usize },
    /// This change is refused, and with `ever` all after it, as `errno` says.
    Refuse { at: usize, ever: bool, errno: i32 },
    /// This read is refused.
    RefuseRead { at: usize },
}

/// What a power loss leaves of the changes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// All: as when a process is killed.
    All,
    Nothing,
    /// All but the end of the last write.
    TornLast,
    /// Any part: writes torn between sectors.
    Sectors,
    /// Any part: writes torn anywhere.
    Bytes,
}

impl Left {
    pub(super) const EACH: [Self; 5] = [
        Self::All,
        Self::Nothing,
        Self::TornLast,
        Self::Sectors,
        Self::Bytes,
    ];
}

/// A change of the disk, as it can be done again on a disk that did the same before.
#[derive(Debug, Clone)]
enum Step {
    /// A new file or folder in a folder.
    Make {
        folder: usize,
        name: String,
        is_file: bool,
    },
    Name {
        folder: usize,
        change: NameChange,
    },
    SyncFolder(usize),
    Bytes {
        file: usize,
        change: ByteChange,
    },
    SyncFile(usize),
}

#[derive(Debug, Clone)]
enum NameChange {
    Set { name: String, thing: usize },
    Move { from: String, to: String },
    Clear { name: String },
}

#[derive(Debug, Clone)]
enum ByteChange {
    Write { at: usize, bytes: Arc<[u8]> },
    Length(usize),
}

#[derive(Debug, Clone)]
enum Thing {
    File(Kept<Vec<u8>, ByteChange>),
    Folder(Kept<BTreeMap<String, usize>, NameChange>),
}

/// Something as it is, as it would be found after a power loss, and the changes between.
#[derive(Debug, Clone)]
struct Kept<T, C> {
    now: T,
    lasting: T,
    pending: Vec<C>,
}

trait Change<T> {
    fn apply(&self, to: &mut T);
}

impl Change<Vec<u8>> for ByteChange {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => write(to, *at, bytes),
            Self::Length(length) => to.resize(*length, 0),
        }
    }
}

fn write(to: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if to.len() < end {
        to.resize(end, 0);
    }
    to[at..end].copy_from_slice(bytes);
}

impl Change<BTreeMap<String, usize>> for NameChange {
    fn apply(&self, to: &mut BTreeMap<String, usize>) {
        match self {
            Self::Set { name, thing } => {
                to.insert(name.clone(), *thing);
            }
            Self::Clear { name } => {
                to.remove(name);
            }
            Self::Move { from, to: name } => {
                if let Some(thing) = to.remove(from) {
                    to.insert(name.clone(), thing);
                }
            }
        }
    }
}

impl<T: Clone, C: Change<T>> Kept<T, C> {
    /// Something that was found so.
    fn found(lasting: T) -> Self {
        Self {
            now: lasting.clone(),
            lasting,
            pending: Vec::new(),
        }
    }

    fn change(&mut self, change: C) {
        change.apply(&mut self.now);
        self.pending.push(change);
    }

    fn sync(&mut self) {
        for change in self.pending.drain(..) {
            change.apply(&mut self.lasting);
        }
    }
}

#[derive(Debug, Clone)]
struct State {
    root: PathBuf,
    /// The first is the root.
    things: Vec<Thing>,
    log: Vec<Step>,
    fault: Fault,
    changes: usize,
    reads: usize,
}

impl State {
    /// Does a change, where no fault is in its way.
    fn perform(&mut self, step: Step) -> io::Result<()> {
        let number = self.changes;
        match self.fault {
            Fault::PowerLoss { at } if number >= at => {
                return Err(io::Error::other("the power is gone"));
            }
            Fault::Refuse { at, ever, errno } if number == at || (ever && number > at) => {
                self.changes += 1;
                return Err(io::Error::from_raw_os_error(errno));
            }
            _ => {}
        }
        self.changes += 1;
        self.log.push(step.clone());
        self.apply(step);
        Ok(())
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Make {
                folder,
                name,
                is_file,
            } => {
                self.things.push(match is_file {
                    true => Thing::File(Kept::found(Default::default())),
                    false => Thing::Folder(Kept::found(Default::default())),
                });
                let thing = self.things.len() - 1;
                self.folder(folder).change(NameChange::Set { name, thing });
            }
            Step::Name { folder, change } => self.folder(folder).change(change),
            Step::SyncFolder(folder) => self.folder(folder).sync(),
            Step::Bytes { file, change } => self.file(file).change(change),
            Step::SyncFile(file) => self.file(file).sync(),
        }
    }

    fn file(&mut self, number: usize) -> &mut Kept<Vec<u8>, ByteChange> {
        match &mut self.things[number] {
            Thing::File(file) => file,
            Thing::Folder(_) => panic!("expected a file"),
        }
    }

    fn folder(&mut self, number: usize) -> &mut Kept<BTreeMap<String, usize>, NameChange> {
        match &mut self.things[number] {
            Thing::Folder(folder) => folder,
            Thing::File(_) => panic!("expected a folder"),
        }
    }

    fn find(&self, path: &Path) -> Option<usize> {
        let below = path.strip_prefix(&self.root).expect("a path on this disk");
        below
            .components()
            .try_fold(0, |at, part| match &self.things[at] {
                Thing::Folder(folder) => folder.now.get(part.as_os_str().to_str()?).copied(),
                Thing::File(_) => None,
            })
    }

    /// The folder that something is in, and its name there.
    fn place(&self, path: &Path) -> io::Result<(usize, String)> {
        let name = path.file_name().and_then(|name| name.to_str());
        let folder = path.parent().and_then(|folder| self.find(folder));
        folder
            .zip(name.map(str::to_owned))
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn make(&mut self, path: &Path, is_file: bool) -> io::Result<usize> {
        if let Some(found) = self.find(path) {
            return Ok(found);
        }
        let (folder, name) = self.place(path)?;
        self.perform(Step::Make {
            folder,
            name,
            is_file,
        })?;
        Ok(self.things.len() - 1)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        let Some(found) = self.find(path) else {
            return Ok(());
        };
        if let Thing::Folder(folder) = &self.things[found] {
            for name in folder.now.clone().into_keys() {
                self.remove(&path.join(name))?;
            }
        }
        let (folder, name) = self.place(path)?;
        let change = NameChange::Clear { name };
        self.perform(Step::Name { folder, change })
    }
}

/// The disk; a clone is the same one.
#[derive(Debug, Clone)]
pub(super) struct FaultyDisk(Arc<Mutex<State>>);

impl FaultyDisk {
    /// An empty one, whose files are below this folder.
    pub(super) fn new(root: &Path) -> Self {
        Self::from_state(State {
            root: root.to_owned(),
            things: vec![Thing::Folder(Kept::found(Default::default()))],
            log: Vec::new(),
            fault: Fault::None,
            changes: 0,
            reads: 0,
        })
    }

    fn from_state(state: State) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(super) fn set(&self, fault: Fault) {
        self.state().fault = fault;
    }

    /// How many changes there were.
    pub(super) fn changes(&self) -> usize {
        self.state().changes
    }

    /// How many reads there were.
    pub(super) fn reads(&self) -> usize {
        self.state().reads
    }

    /// The same disk without a fault, with all that it was told.
    pub(super) fn well(&self) -> Self {
        let mut state = self.state().clone();
        (state.fault, state.changes, state.reads) = (Fault::None, 0, 0);
        state.log.clear();
        Self::from_state(state)
    }

    /// What is found after a power loss now.
    pub(super) fn after_power_loss(&self, left: Left, random: &mut Random) -> Self {
        let state = self.state();
        let things = state.things.iter().map(|thing| match thing {
            Thing::File(file) => Thing::File(left.of_file(file, random)),
            Thing::Folder(folder) => Thing::Folder(left.of_folder(folder, random)),
        });
        Self::from_state(State {
            root: state.root.clone(),
            things: things.collect(),
            log: Vec::new(),
            fault: Fault::None,
            changes: 0,
            reads: 0,
        })
    }

    /// Goes through all that was done to this disk, from an empty one on: calls before each change,
    /// and once at the end, with the number of changes that were done.
    pub(super) fn replay(&self, mut each: impl FnMut(usize, &Self)) {
        let (root, log) = {
            let state = self.state();
            (state.root.clone(), state.log.clone())
        };
        let again = Self::new(&root);
        for (done, step) in log.iter().enumerate() {
            each(done, &again);
            again.state().apply(step.clone());
        }
        each(log.len(), &again);
    }
}

impl Left {
    fn of_file(
        self,
        file: &Kept<Vec<u8>, ByteChange>,
        random: &mut Random,
    ) -> Kept<Vec<u8>, ByteChange> {
        let mut bytes = file.lasting.clone();
        let last = file.pending.len().saturating_sub(1);
        for (number, change) in file.pending.iter().enumerate() {
            match (self, change) {
                (Self::Nothing, _) => {}
                (Self::TornLast, ByteChange::Write { at, bytes: new }) if number == last => {
                    let kept = random.below(new.len() as u64 + 1) as usize;
                    write(&mut bytes, *at, &new[..kept]);
                }
                (Self::All | Self::TornLast, change) => change.apply(&mut bytes),
                (Self::Sectors | Self::Bytes, change) => match random.below(3) {
                    0 => {}
                    1 => change.apply(&mut bytes),
                    _ => self.tear(change, &mut bytes, random),
                },
            }
        }
        Kept::found(bytes)
    }

    /// Applies a part of a change.
    fn tear(self, change: &ByteChange, to: &mut Vec<u8>, random: &mut Random) {
        let ByteChange::Write { at, bytes } = change else {
            return change.apply(to);
        };
        if self == Self::Bytes {
            // From somewhere to somewhere.
            let from = random.below(bytes.len() as u64 + 1) as usize;
            let end = from + random.below((bytes.len() - from) as u64 + 1) as usize;
            return write(to, at + from, &bytes[from..end]);
        }
        let mut done = 0;
        while done < bytes.len() {
            let sector_end = (at + done) / SECTOR * SECTOR + SECTOR;
            let end = (sector_end - at).min(bytes.len());
            if random.chance(50) {
                write(to, at + done, &bytes[done..end]);
            }
            done = end;
        }
    }

    fn of_folder(
        self,
        folder: &Kept<BTreeMap<String, usize>, NameChange>,
        random: &mut Random,
    ) -> Kept<BTreeMap<String, usize>, NameChange> {
        let mut names = folder.lasting.clone();
        for change in &folder.pending {
            let kept = match self {
                Self::All | Self::TornLast => true,
                Self::Nothing => false,
                Self::Sectors | Self::Bytes => random.chance(50),
            };
            if kept {
                change.apply(&mut names);
            }
        }
        Kept::found(names)
    }
}

impl Disk for FaultyDisk {
    type File = FaultyFile;

    fn open(&self, path: &Path) -> io::Result<FaultyFile> {
        let number = self.state().make(path, true)?;
        match &self.state().things[number] {
            Thing::File(_) => Ok(FaultyFile::new(self.clone(), number)),
            Thing::Folder(_) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        Ok(self.state().find(path).is_some())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        let root = state.root.clone();
        let mut missing: Vec<_> = path.ancestors().take_while(|at| **at != *root).collect();
        missing.reverse();
        for folder in missing {
            state.make(folder, false)?;
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let ((folder, from), (same, to)) = (state.place(from)?, state.place(to)?);
        assert_eq!(folder, same, "names change within a folder");
        let change = NameChange::Move { from, to };
        state.perform(Step::Name { folder, change })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.state().remove(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        let folder = state.find(path).ok_or(io::ErrorKind::NotFound)?;
        state.perform(Step::SyncFolder(folder))
    }
}
