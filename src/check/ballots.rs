//! Ballots: who has used which, and what a proposal in one must rest on (Lamport, "Paxos Made Simple", 2001, 2.2, 2.5).

use super::invariant::{Findings, Found};
use super::said::{Acceptor, Kind, Word, name};
use crate::paxos::Ballot;
use crate::process::NodeId;

/// A ballot for which a process has asked for promises.
#[derive(Clone, Copy, Debug)]
struct Used {
    ballot: Ballot,
    /// The event that sent the prepares.
    event: u32,
    /// The event before or with which they left.
    left: u32,
}

/// For each process the ballots that it has used, in order: each of them its own, and higher than the one before.
#[derive(Clone, Debug)]
pub(super) struct UsedBallots(Vec<Vec<Used>>);

impl UsedBallots {
    pub(super) fn new(processes: usize) -> Self {
        Self(vec![Vec::new(); processes])
    }

    /// A prepare has left: its ballot is its sender's own, and was not used before. What breaks that is noted as a
    /// finding about this invariant.
    pub(super) fn hear(&mut self, prepare: Word, acceptors: &[Acceptor], findings: &mut Findings, invariant: usize) {
        debug_assert!(prepare.kind == Kind::Prepare, "{prepare:?} is no prepare");
        let Word { acceptor: candidate, ballot, event, left, .. } = prepare;
        let last = self.0[candidate.index()].last().copied();
        if last.is_some_and(|last| (last.ballot, last.event) == (ballot, event)) {
            // The same attempt asks another acceptor.
            return;
        }
        self.0[candidate.index()].push(Used { ballot, event, left });
        let begins = |who: NodeId, ballot: Ballot| format!("{} asks for promises of {ballot}", name(who));
        if ballot.node != candidate {
            findings.note(invariant, left, || {
                let sentence = begins(candidate, ballot);
                let found = Found::new(format!("{sentence}, a ballot of {}", name(ballot.node)));
                let found = found.because(event, sentence);
                let used = self.0.get(ballot.node.index()).into_iter().flatten().find(|used| used.ballot == ballot);
                used.into_iter().fold(found, |found, used| found.because(used.event, begins(ballot.node, ballot)))
            });
        }
        let Some(earlier) = last.filter(|last| last.ballot >= ballot) else { return };
        let acceptor = &acceptors[candidate.index()];
        findings.note(invariant, left, || {
            let begins = |ballot| begins(candidate, ballot);
            let sentence = format!("{}, though it has used {} before", begins(ballot), earlier.ballot);
            let found = Found::new(acceptor.excused(sentence, earlier.left, left));
            let found = found.because(event, begins(ballot)).because(earlier.event, begins(earlier.ballot));
            acceptor.explained(found, earlier.left, left)
        });
    }

    pub(super) fn rewind(&mut self, event: u32) {
        self.0.iter_mut().for_each(|used| used.retain(|each| each.left < event));
    }
}

/// P2c: among those who promised there is a majority such that either none of them reports anything, or the value is
/// that of the highest ballot that one of them reports. Of each the ballot that it reports is given, and whether it
/// reports the value in question.
pub(super) fn is_bound_well(reports: impl Iterator<Item = Option<(Ballot, bool)>> + Clone, majority: usize) -> bool {
    let up_to = |highest: Option<Ballot>| {
        let is_lower = |report: &Option<(Ballot, bool)>| report.map(|(ballot, _)| ballot) <= highest;
        reports.clone().filter(is_lower).count()
    };
    up_to(None) >= majority
        || reports.clone().flatten().any(|(ballot, is_value)| is_value && up_to(Some(ballot)) >= majority)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(round: u64, is_value: bool) -> Option<(Ballot, bool)> {
        Some((Ballot { round, node: NodeId(0) }, is_value))
    }

    fn is_bound(reports: &[Option<(Ballot, bool)>]) -> bool {
        is_bound_well(reports.iter().copied(), 2)
    }

    #[test]
    fn a_value_is_free_where_a_majority_reports_nothing() {
        assert!(is_bound(&[None, None]));
        assert!(is_bound(&[None, report(1, false), None]), "the two others are a majority");
        assert!(!is_bound(&[None]), "one promise is none");
    }

    #[test]
    fn the_highest_ballot_that_a_majority_reports_binds() {
        assert!(is_bound(&[None, report(1, true)]));
        assert!(!is_bound(&[None, report(1, false)]));
        assert!(!is_bound(&[report(1, true), report(2, false)]));
        assert!(is_bound(&[report(2, true), report(1, false)]));
        assert!(is_bound(&[report(3, false), report(2, true), report(1, false)]), "the two lower ones are a majority");
    }
}
