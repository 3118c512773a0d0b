//! The disk of a node: [`Records`] in an embedded store (redb), in one file.
//!
//! * All that waits is written by one atomic commit, in two phases: the new pages and their root are on the disk before
//!   the header names that root. So a commit that a crash has torn is not there at all (the torn tail is cut), and a
//!   root that does not verify is rot, never a torn commit.
//! * Every page has a checksum, and all are verified at every open. Each record has one more, over its key and content:
//!   redb verifies nothing between two opens, and would put its seal on a page that rotted in the meantime.
//! * One byte of the header says which of two roots is the present one, and has no checksum. So at an open the *other*
//!   root is tried too if its commit is the later one: it is taken if it verifies. Either that byte has rotted, or a
//!   crash came between the two phases; and then nobody was told of that commit, and to keep it is as good as to drop
//!   it.
//! * Room that is given up is used again, and at an open the file is compacted if it is much larger than what is in it.
//! * The first record names protocol and cluster, others this node and its peers ([`Names`](super::Names)), and how
//!   often it was started.
//! * A lock keeps a second process out. The directory is synced, so that the file's name survives too.

use super::codec::Codec;
use super::records::{Changes, Key, Records};
use super::state::{Kept, Persist};
use redb::backends::{FileBackend, InMemoryBackend};
use redb::{
    Builder, Database, DatabaseError, ReadableDatabase, ReadableTable, StorageBackend, TableDefinition, TableError,
};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

const RECORDS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("records");

/// How these records are to be read.
const FORMAT: u64 = 1;

/// Names of the records about the node itself.
const OWNER: &str = "owner";
const NAMES: &str = "names";
const NUMBERS_UP_TO: &str = "numbers up to";
const STARTS: &str = "starts";

/// What the pages in memory may take. All records are read at an open, and none later.
const CACHE_BYTES: usize = 32 << 20;

/// The file is compacted if it is so many times larger than its records, and so many bytes besides.
const SLACK: (u64, u64) = (4, 16 << 20);

/// Which protocol and cluster a file belongs to.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    format: u64,
    protocol: String,
    cluster: String,
}

/// What brings the names in a directory to the disk.
type Sync<'a> = &'a mut dyn FnMut(&Path) -> io::Result<()>;

/// A node's disk.
pub struct Store<R: Codec> {
    database: Database,
    /// The disk's copy of what survives a crash.
    disk: R::Durable,
    /// Held as long as the store is open.
    lock: Option<File>,
}

impl<R: Codec> Store<R> {
    /// Opens the store in a directory, or begins one, and gives what earlier starts have left there. This start is
    /// counted.
    ///
    /// # Errors
    ///
    /// The directory cannot be used, another process has the store open, it belongs to another protocol or cluster, or
    /// what is there has rotted.
    pub fn open(directory: &Path, cluster: &str) -> Result<(Self, Kept<R>), String> {
        Self::open_with(directory, cluster, &mut sync_directory)
    }

    /// The same; `sync` brings the names in a directory to the disk.
    fn open_with(directory: &Path, cluster: &str, sync: Sync<'_>) -> Result<(Self, Kept<R>), String> {
        let at = |path: &Path, problem: String| format!("{}: {problem}", path.display());
        create_directory(directory, sync).map_err(|error| at(directory, error.to_string()))?;
        let lock = lock(&directory.join("lock"))?;
        let (path, unfinished) = (directory.join("node.redb"), directory.join("node.redb.new"));
        refuse_journal(directory, R::PROTOCOL)?;
        if !path.try_exists().map_err(|error| at(&path, error.to_string()))? {
            // It gets its name when it is whole: a file of that name with nothing in it has lost what was there.
            let begin = || -> Result<(), String> {
                Self::open_on(file(&unfinished, true)?, cluster)?.0.forget_start()?;
                std::fs::rename(&unfinished, &path).map_err(text)
            };
            begin().map_err(|problem| at(&unfinished, problem))?;
        }
        sync(directory).map_err(|error| at(directory, error.to_string()))?;
        let opened = file(&path, false).and_then(|storage| match storage.len() {
            Ok(0) => Err("what was here has rotted: the file is empty".to_owned()),
            _ => Self::open_on(storage, cluster),
        });
        let (mut store, kept) = opened.map_err(|problem| at(&path, problem))?;
        store.lock = Some(lock);
        Ok((store, kept))
    }

    /// Opens the store on a storage that is given, or begins one where nothing is.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub fn open_on(storage: impl StorageBackend, cluster: &str) -> Result<(Self, Kept<R>), String> {
        let bytes = storage.len().map_err(text)?;
        settle_present_root(&storage)?;
        let mut database = open_verified(storage)?;
        let records = read_all(&database)?;
        let owner = Owner { format: FORMAT, protocol: R::PROTOCOL.to_owned(), cluster: cluster.to_owned() };
        let found = records.about::<Owner>(OWNER)?;
        refuse_another(found.as_ref(), &owner)?;
        if found.is_none() && records != Records::default() {
            return Err("what is here has rotted: nothing says whose it is".to_owned());
        }
        let kept = Kept::<R> {
            durable: R::take_up(&records)?,
            names: records.about(NAMES)?,
            numbers_up_to: records.about(NUMBERS_UP_TO)?.unwrap_or_default(),
            incarnation: records.about(STARTS)?.unwrap_or_default(),
        };
        if bytes > records.bytes().saturating_mul(SLACK.0).saturating_add(SLACK.1) {
            database.compact().map_err(text)?;
        }
        let mut changes = Changes::default();
        changes.put(Key::about(OWNER), &owner);
        changes.put(Key::about(STARTS), &(kept.incarnation + 1));
        let mut store = Self { database, disk: kept.durable.clone(), lock: None };
        store.commit_changes(&changes)?;
        Ok((store, kept))
    }

    /// The file was begun, and not started with.
    fn forget_start(&mut self) -> Result<(), String> {
        let mut changes = Changes::default();
        changes.put(Key::about(STARTS), &0);
        self.commit_changes(&changes)
    }

    /// Keeps all of this, or nothing. When it returns, it is on the disk.
    ///
    /// # Errors
    ///
    /// The disk failed. What is on it then, only another open can tell.
    pub fn commit<'a>(&mut self, persists: impl IntoIterator<Item = &'a Persist<R>>) -> Result<(), String>
    where
        R: 'a,
    {
        let mut changes = Changes::default();
        for persist in persists {
            match persist {
                Persist::Names(names) => changes.put(Key::about(NAMES), names),
                Persist::NumbersUpTo(number) => changes.put(Key::about(NUMBERS_UP_TO), number),
                Persist::Write(write) => R::lay_down(&mut self.disk, write, &mut changes),
            }
        }
        self.commit_changes(&changes)
    }

    fn commit_changes(&mut self, changes: &Changes) -> Result<(), String> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut transaction = self.database.begin_write().map_err(text)?;
        transaction.set_two_phase_commit(true);
        {
            let mut table = transaction.open_table(RECORDS).map_err(text)?;
            for (key, content) in changes.iter() {
                let key = key.to_bytes();
                match content {
                    Some(content) => table.insert(&*key, &*sealed(&key, content)).map_err(text)?,
                    None => table.remove(&*key).map_err(text)?,
                };
            }
        }
        transaction.commit().map_err(text)
    }
}

/// A text that says what went wrong.
fn text(error: impl Display) -> String {
    error.to_string()
}

fn file(path: &Path, is_new: bool) -> Result<FileBackend, String> {
    let file = OpenOptions::new().read(true).write(true).create(is_new).truncate(is_new).open(path);
    file.map_err(text).and_then(|file| FileBackend::new(file).map_err(text))
}

fn refuse_another(found: Option<&Owner>, owner: &Owner) -> Result<(), String> {
    match found {
        Some(found) if found.format != owner.format => Err(format!("format {} is not known here", found.format)),
        Some(found) if found.protocol != owner.protocol => {
            Err(format!("this belongs to a node of {}, not {}", found.protocol, owner.protocol))
        }
        Some(found) if found.cluster != owner.cluster => {
            Err(format!("this belongs to the cluster {:?}, not {:?}", found.cluster, owner.cluster))
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether an error says that the file is not as it was written, and not that the disk failed.
fn is_about_content(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof)
}

/// Opens the database, and verifies the checksum of every page.
fn open_verified(storage: impl StorageBackend) -> Result<Database, String> {
    let opened =
        Builder::new().set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true).create_with_backend(storage);
    opened.map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => "another process has it open".to_owned(),
        DatabaseError::Storage(redb::StorageError::Io(error)) if !is_about_content(error.kind()) => error.to_string(),
        error => format!("what is here has rotted: {error}"),
    })
}

fn read_all(database: &Database) -> Result<Records, String> {
    let transaction = database.begin_read().map_err(text)?;
    let table = match transaction.open_table(RECORDS) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => return Ok(Records::default()),
        Err(error) => return Err(error.to_string()),
    };
    let mut records = Records::default();
    for record in table.iter().map_err(text)? {
        let (key, content) = record.map_err(text)?;
        let key_bytes = key.value();
        let content = unsealed(key_bytes, content.value())
            .ok_or_else(|| format!("what is here has rotted: the record {key_bytes:?}"))?;
        records.put(Key::from_bytes(key_bytes)?, content.to_vec());
    }
    Ok(records)
}

fn seal(key: &[u8], content: &[u8]) -> [u8; 8] {
    xxh3_64(&[&(key.len() as u64).to_le_bytes(), key, content].concat()).to_le_bytes()
}

/// A record's content with its checksum.
fn sealed(key: &[u8], content: &[u8]) -> Vec<u8> {
    [content, &seal(key, content)].concat()
}

/// The content again; nothing if it is not as it was written.
fn unsealed<'a>(key: &[u8], sealed: &'a [u8]) -> Option<&'a [u8]> {
    let (content, checksum) = sealed.split_last_chunk::<8>()?;
    (*checksum == seal(key, content)).then_some(content)
}

/// Of redb's file format: how it begins, and where its header says which of two roots is the present one (the lowest
/// bit of a byte).
const MAGIC: &[u8] = b"redb\x1A\x0A\xA9\x0D\x0A";
const PRESENT: usize = 9;
/// Where the numbers of the roots' commits are.
const COMMITS: [usize; 2] = [64 + 104, 64 + 128 + 104];
const HEADER_BYTES: usize = 320;

/// Makes the root of the later commit the present one, if it verifies.
fn settle_present_root(storage: &impl StorageBackend) -> Result<(), String> {
    let bytes = storage.len().map_err(text)?;
    let mut header = [0; HEADER_BYTES];
    if bytes < HEADER_BYTES as u64 {
        return Ok(());
    }
    storage.read(0, &mut header).map_err(text)?;
    let commit = |slot: usize| header[COMMITS[slot]..].first_chunk().map_or(0, |number| u64::from_le_bytes(*number));
    let present = usize::from(header[PRESENT] & 1);
    if !header.starts_with(MAGIC) || commit(1 - present) <= commit(present) {
        return Ok(());
    }
    let mut content = vec![0; bytes as usize];
    storage.read(0, &mut content).map_err(text)?;
    content[PRESENT] ^= 1;
    let copy = InMemoryBackend::new();
    copy.set_len(bytes).and_then(|()| copy.write(0, &content)).map_err(text)?;
    if open_verified(copy).and_then(|database| read_all(&database)).is_ok_and(|records| records != Records::default()) {
        storage.write(PRESENT as u64, &content[PRESENT..=PRESENT]).and_then(|()| storage.sync_data()).map_err(text)?;
    }
    Ok(())
}

/// Creates a directory, and brings its name to the disk, and those of all directories that had to be created above it.
fn create_directory(directory: &Path, sync: Sync<'_>) -> io::Result<()> {
    let missing: Vec<PathBuf> = directory
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
        .map(PathBuf::from)
        .collect();
    std::fs::create_dir_all(directory)?;
    for path in missing.iter().rev() {
        match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => sync(parent)?,
            None => sync(Path::new("."))?,
        }
    }
    Ok(())
}

fn sync_directory(directory: &Path) -> io::Result<()> {
    // Elsewhere a directory is no file that can be synced.
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// Keeps other processes out, until the file is closed.
fn lock(path: &Path) -> Result<File, String> {
    let at_path = |problem: String| format!("{}: {problem}", path.display());
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|error| at_path(error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(at_path("another process uses this directory".to_owned())),
        Err(TryLockError::Error(error)) => Err(at_path(error.to_string())),
    }
}

/// Earlier versions kept a journal. A node that did not read it would have forgotten its votes.
fn refuse_journal(directory: &Path, protocol: &str) -> Result<(), String> {
    let path = directory.join(format!("{protocol}.journal"));
    if path.exists() {
        return Err(format!("{}: the journal of an earlier version, which this one does not read", path.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
