//! What the file of a node's disk bears.

use super::*;
use crate::raft::Raft;

fn empty_directory(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("consensus-playground-store-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

#[test]
fn every_new_name_is_brought_to_the_disk() {
    let top = empty_directory("sync");
    let (between, directory) = (top.join("a"), top.join("a/b"));
    let mut synced: Vec<(PathBuf, bool)> = Vec::new();
    let mut sync = |path: &Path| {
        synced.push((path.to_owned(), directory.join("node.redb").exists()));
        Ok(())
    };
    let store = Store::<Raft>::open_with(&directory, "c", &mut sync);
    assert!(store.is_ok(), "{:?}", store.err());
    let parent = top.parent().expect("it has one").to_owned();
    assert_eq!(synced, [(parent, false), (top.clone(), false), (between, false), (directory.clone(), true)]);
    let failing =
        Store::<Raft>::open_with(&empty_directory("no-sync"), "c", &mut |_: &Path| Err(io::Error::other("no disk")));
    assert!(failing.err().is_some_and(|problem| problem.ends_with("no disk")));
    let _ = std::fs::remove_dir_all(top);
    let _ = std::fs::remove_dir_all(empty_directory("no-sync"));
}

#[test]
fn a_second_one_is_refused_while_the_first_is_open() {
    let directory = empty_directory("lock");
    let first = Store::<Raft>::open(&directory, "c").expect("nobody has it open");
    let problem = Store::<Raft>::open(&directory, "c").err().unwrap_or_default();
    assert!(problem.ends_with("another process uses this directory"), "{problem}");
    drop(first);
    assert!(Store::<Raft>::open(&directory, "c").is_ok_and(|(_, kept)| kept.incarnation == 1));
    let _ = std::fs::remove_dir_all(directory);
}

#[test]
fn an_empty_file_and_a_journal_are_no_first_start() {
    let directory = empty_directory("empty");
    drop(Store::<Raft>::open(&directory, "c").expect("it is the first"));
    std::fs::write(directory.join("node.redb"), b"").expect("it can be written");
    let problem = Store::<Raft>::open(&directory, "c").err().unwrap_or_default();
    assert!(problem.ends_with("what was here has rotted: the file is empty"), "{problem}");
    std::fs::write(directory.join("raft.journal"), b"").expect("it can be written");
    let problem = Store::<Raft>::open(&directory, "c").err().unwrap_or_default();
    assert!(
        problem.ends_with("raft.journal: the journal of an earlier version, which this one does not read"),
        "{problem}"
    );
    let _ = std::fs::remove_dir_all(directory);
}

#[test]
fn a_seal_covers_key_and_content() {
    let record = sealed(b"key", b"content");
    assert_eq!(unsealed(b"key", &record), Some(&b"content"[..]));
    assert_eq!(unsealed(b"kez", &record), None);
    assert_eq!(unsealed(b"key", &sealed(b"ke", b"ycontent")), None);
    assert_eq!(unsealed(b"key", b"short"), None);
}
