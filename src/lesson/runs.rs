//! Prepared runs of the course, beside those of the gallery: each shows what a task or a lesson says. Tests hold them
//! to it.

mod mistakes;
mod others;
mod raft;
mod script;

pub(super) use raft::same_script;

use crate::scenario::gallery::{GalleryEntry, gallery};

/// All prepared runs that tasks and lessons name: the gallery's, and then the course's own.
pub fn runs() -> Vec<GalleryEntry> {
    let mut runs = gallery();
    runs.extend(raft::entries());
    runs.extend(mistakes::entries());
    runs.extend(others::entries());
    runs
}

/// The run with a name.
pub fn run(name: &str) -> Option<GalleryEntry> {
    runs().into_iter().find(|run| run.name == name)
}
