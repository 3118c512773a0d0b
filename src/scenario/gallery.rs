//! Named scenarios, one click away on the page.

mod captions;
mod multi_paxos;
mod paxos;
mod pbft;
mod raft;
mod tendermint;
mod viewstamped;

use super::settings::Scenario;

/// A named scenario.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct GalleryEntry {
    /// In kebab-case, as links write it.
    pub name: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What there is to see, in a sentence or two.
    pub about: &'static str,
    /// What to watch for while it plays, in a sentence or two.
    pub watch: &'static str,
    /// The scenario.
    pub scenario: Scenario,
}

/// The named scenarios of all protocols of this build, the one that the page opens with first.
pub fn gallery() -> Vec<GalleryEntry> {
    let mut entries = Vec::new();
    if cfg!(feature = "raft") {
        entries.extend(raft::raft());
    }
    if cfg!(feature = "paxos") {
        entries.extend(paxos::paxos());
    }
    if cfg!(feature = "multi-paxos") {
        entries.extend(multi_paxos::multi_paxos());
    }
    if cfg!(feature = "viewstamped") {
        entries.extend(viewstamped::viewstamped());
    }
    if cfg!(feature = "pbft") {
        entries.extend(pbft::pbft());
    }
    if cfg!(feature = "tendermint") {
        entries.extend(tendermint::tendermint());
    }
    entries
}
