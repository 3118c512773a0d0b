//! The quorums that Paxos' safety rests on, as a monitor has seen them form: who promised and accepted a ballot, where
//! two majorities meet, and who accepted what in the slots of a log. Whether something is chosen is a matter of the
//! acceptors alone, so no process of the run knows this.

use crate::process::NodeSet;

/// A ballot, and who has promised and accepted it: the quorums that safety rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BallotVotes {
    /// The ballot, as an epoch.
    pub epoch: u64,
    /// The acceptors that have promised it in answer to a prepare.
    pub promised: NodeSet,
    /// The acceptors that have accepted it.
    pub accepted: NodeSet,
    /// What they have accepted.
    pub value: Option<String>,
    /// Whether a majority has promised it.
    pub has_promises: bool,
    /// Whether a majority has accepted it: its value is chosen.
    pub is_chosen: bool,
}

/// Two majorities of two ballots, and the acceptors that are in both: any two majorities share one.
///
/// If the earlier ballot was chosen, the induction turns on them (Lamport, "Paxos Made Simple", 2001, 2.2, P2c): who
/// accepted the earlier ballot and promised the later one afterwards said in its promise what it had accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meeting {
    /// The first ballot that was chosen, if that is before the later one; else the last but one that a majority
    /// promised.
    pub earlier: u64,
    /// The last ballot that a majority promised.
    pub later: u64,
    /// Whether the earlier ballot was chosen. Then its majority is the one that accepted it, else the one that promised
    /// it.
    pub is_chosen: bool,
    /// Who is in both majorities.
    pub shared: NodeSet,
    /// Who of them accepted the earlier ballot before it promised the later one. Where a promise binds, all that have
    /// accepted it.
    pub carried_by: NodeSet,
}

/// A slot of a log, and who has accepted what in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlotVotes {
    /// The slot.
    pub slot: u64,
    /// The value that is chosen in it, if one is.
    pub chosen: Option<String>,
    /// What was accepted in it, lowest ballot first.
    pub accepted: Vec<SlotBallot>,
}

/// A ballot in which something was accepted in a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlotBallot {
    /// The ballot, as an epoch.
    pub epoch: u64,
    /// What was accepted.
    pub value: String,
    /// Who has accepted it.
    pub acceptors: NodeSet,
    /// Whether the value is the one that is chosen, in this ballot or in another.
    pub is_chosen: bool,
}
