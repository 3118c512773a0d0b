use super::super::message::{Certificate, Proposal, ViewChange};
use super::super::{Digest, Sequence, View};
use super::*;
use crate::process::{Keyring, NodeSet};

fn ring() -> Keyring {
    Keyring::of((0..4).map(NodeId).collect())
}

fn digest(number: u8) -> Digest {
    (0..number).fold(Digest::NULL, |digest, _| digest.of_nothing())
}

fn vote(phase: Phase, view: View, sequence: Sequence, number: u8) -> Said {
    Said::Vote(ring().sign(NodeId(2), Statement { phase, view, sequence, digest: digest(number) }))
}

fn view_change(view: View, stable: Sequence, prepared: &[(View, Sequence, u8)]) -> Said {
    let certificate = |&(view, sequence, number): &(View, Sequence, u8)| {
        let said = Statement { phase: Phase::PrePrepare, view, sequence, digest: digest(number) };
        Arc::new(Certificate {
            proposal: Arc::new(Proposal { vote: ring().sign(NodeId(0), said), request: None }),
            prepares: Vec::new(),
        })
    };
    let stable = Checkpoint { sequence: stable, digest: Digest::NULL };
    let body = ViewChange { view, stable, proof: Vec::new(), prepared: prepared.iter().map(certificate).collect() };
    Said::ViewChange(Arc::new(ring().sign(NodeId(2), body)))
}

fn is_proof(one: &Said, other: &Said) -> bool {
    let proof = Proof::of(one, other);
    assert_eq!(proof.is_some(), Proof::of(other, one).is_some(), "the order makes no difference");
    proof.is_some()
}

#[test]
fn two_digests_for_one_number_in_one_view_are_a_proof_whatever_the_phases() {
    assert!(is_proof(&vote(Phase::Prepare, 0, 1, 1), &vote(Phase::Commit, 0, 1, 2)));
    assert!(!is_proof(&vote(Phase::Prepare, 0, 1, 1), &vote(Phase::Commit, 0, 1, 1)));
    assert!(
        !is_proof(&vote(Phase::Prepare, 0, 1, 1), &vote(Phase::Prepare, 1, 1, 2)),
        "in another view it may be another"
    );
    assert!(!is_proof(&vote(Phase::Prepare, 0, 1, 1), &vote(Phase::Prepare, 0, 2, 2)));
}

#[test]
fn a_commit_and_a_later_view_change_that_hides_it_are_a_proof() {
    let commit = vote(Phase::Commit, 1, 5, 1);
    assert!(is_proof(&commit, &view_change(2, 0, &[])));
    assert!(
        is_proof(&commit, &view_change(3, 4, &[(0, 5, 1), (1, 6, 1)])),
        "an older certificate is not what it had then"
    );
    assert!(is_proof(&commit, &view_change(2, 0, &[(1, 5, 2)])), "nor another digest of that view");
    assert!(!is_proof(&commit, &view_change(2, 0, &[(1, 5, 1)])), "it tells");
    assert!(!is_proof(&commit, &view_change(4, 0, &[(2, 5, 2)])), "a later view has prepared that number");
    assert!(!is_proof(&commit, &view_change(2, 5, &[])), "a checkpoint contains it");
    assert!(!is_proof(&commit, &view_change(1, 0, &[])), "it came before");
    assert!(
        !is_proof(&vote(Phase::Prepare, 1, 5, 1), &view_change(2, 0, &[])),
        "who has only accepted need not be prepared"
    );
}

#[test]
fn two_view_changes_of_one_view_are_a_proof() {
    assert!(is_proof(&view_change(2, 0, &[]), &view_change(2, 0, &[(1, 5, 1)])));
    assert!(!is_proof(&view_change(2, 0, &[]), &view_change(3, 0, &[(1, 5, 1)])));
    assert!(!is_proof(&view_change(2, 0, &[]), &view_change(2, 0, &[])), "the same one twice");
}

#[test]
fn two_new_views_of_one_view_are_a_proof() {
    let new_view = |proposals: &[u8]| {
        let said = |number: &u8| Statement { phase: Phase::PrePrepare, view: 2, sequence: 1, digest: digest(*number) };
        let proposals = proposals.iter().map(|number| ring().sign(NodeId(2), said(number))).collect();
        Said::NewView(Arc::new(ring().sign(NodeId(2), NewView { view: 2, view_changes: Vec::new(), proposals })))
    };
    assert!(is_proof(&new_view(&[]), &new_view(&[1])));
    assert!(!is_proof(&new_view(&[1]), &new_view(&[1])));
}

#[test]
fn what_is_forged_or_of_another_signer_proves_nothing() {
    let statement = |number: u8| Statement { phase: Phase::Commit, view: 0, sequence: 1, digest: digest(number) };
    let genuine = Said::Vote(ring().sign(NodeId(2), statement(1)));
    let forged = Said::Vote(Keyring::of(NodeSet::EMPTY).sign(NodeId(2), statement(2)));
    let of_another = Said::Vote(ring().sign(NodeId(1), statement(2)));
    assert!(!is_proof(&genuine, &forged) && !is_proof(&genuine, &of_another));
}
