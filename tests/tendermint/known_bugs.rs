//! Bugs that real implementations had, each by name.

use super::core::{A, B, C, Core, D, polka, some};
use consensus_playground::process::{Durable as _, Effect, Input, Keyring, NodeId, Outbox, Process, Seat};
use consensus_playground::tendermint::{
    Block, BlockId, Config, Durable, Message, Proposal, Proposed, Rule, Step, Tendermint, Timer, Validators, Vote,
    VoteKind,
};
use std::sync::Arc;

/// Locked on v in round 0.
fn locked_on_v(me: NodeId) -> Core {
    let mut core = Core::of(me, &[]);
    core.proposal(0, "v", None).prevotes(0, "v", &[A, B, C]);
    assert_eq!(core.locked(), polka(0, "v"));
    core
}

#[test]
fn t1_a_lock_is_given_up_for_a_later_polka_only() {
    let mut core = locked_on_v(D);
    core.round_fails(0).proposal(1, "w", None);
    assert_eq!(core.prevoted(1), None, "a new value, and no polka");
    core.round_fails(1);
    core.prevotes(1, "w", &[A, B, C]).proposal(2, "w", Some(1));
    assert_eq!(core.prevoted(2), some("w"), "a polka in a later round");
}

#[test]
fn t1_a_polka_older_than_the_lock_does_not_unlock() {
    let mut core = Core::of(D, &[]);
    core.timeout(Step::Propose, 0).round_fails(0);
    core.proposal(1, "v", None).prevotes(1, "v", &[A, B, C]).round_fails(1);
    core.prevotes(0, "w", &[A, B, C]).proposal(2, "w", Some(0));
    assert_eq!(core.prevoted(2), None);
    assert_eq!(core.locked(), polka(1, "v"));
}

#[test]
fn t1_the_next_proposer_proposes_a_hidden_lock_again() {
    let mut core = locked_on_v(B);
    core.round_fails(0);
    let again = consensus_playground::tendermint::Act::Propose(1, polka(0, "v"));
    assert!(core.acts.contains(&again), "n2 proposes what it is locked on, with the round of the polka");
}

#[test]
fn t2_precommits_that_differ_are_waited_for_and_then_the_round_ends() {
    let mut core = locked_on_v(D);
    core.precommits(0, "v", &[A, B]).precommits(0, "nil", &[C]);
    assert!(core.waits(Step::Precommit, 0));
    core.timeout(Step::Precommit, 0);
    assert_eq!(core.consensus.round(), 1);
}

#[test]
fn t2_a_proposal_of_an_old_value_without_its_polka_keeps_the_timeout_for_proposals() {
    let mut core = Core::of(D, &[]);
    core.timeout(Step::Propose, 0).round_fails(0).proposal(1, "v", Some(0));
    assert!(!core.has_prevoted(1), "nothing to answer yet");
    core.timeout(Step::Propose, 1);
    assert_eq!(core.prevoted(1), None);
}

#[test]
fn t3_a_polka_is_taken_once_in_a_round_and_again_in_the_next() {
    let mut core = locked_on_v(D);
    core.prevotes(0, "v", &[D]);
    assert_eq!(core.fired(Rule::LockedAndPrecommitted), 1);
    core.round_fails(0).proposal(1, "v", Some(0)).prevotes(1, "v", &[A, B, C]);
    assert_eq!(core.fired(Rule::LockedAndPrecommitted), 2);
    assert_eq!(core.locked(), polka(1, "v"));
}

#[test]
fn t4_a_polka_that_comes_after_the_precommit_sets_the_valid_value_and_does_not_lock() {
    let mut core = Core::of(D, &[]);
    core.timeout(Step::Propose, 0).prevotes(0, "nil", &[A, B, C]);
    assert_eq!(core.precommitted(0), None);
    core.proposal(0, "v", None).prevotes(0, "v", &[A, B, C]);
    assert_eq!((core.locked(), core.valid()), (None, polka(0, "v")));
}

#[test]
fn t5_a_polka_for_one_value_says_nothing_about_the_proposal_of_another() {
    let mut core = Core::of(D, &[]);
    core.proposal(0, "v", None).prevotes(0, "w", &[A, B, C]);
    assert!(!core.has_precommitted(0));
    assert_eq!(core.locked(), None);
}

/// Whatever the order in which the messages of a round come, a validator that has them all has decided.
#[test]
fn t6_no_order_of_a_rounds_messages_keeps_a_validator_from_deciding() {
    let steps: [fn(&mut Core); 3] = [
        |core| {
            core.proposal(0, "v", None);
        },
        |core| {
            core.prevotes(0, "v", &[A, B, C]);
        },
        |core| {
            core.precommits(0, "v", &[A, B, C]);
        },
    ];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut core = Core::of(D, &[]);
        for step in order {
            steps[step](&mut core);
        }
        assert_eq!(core.decided(), polka(0, "v"), "{order:?}");
    }
}

#[test]
fn t6_the_last_vote_of_an_old_polka_may_come_last() {
    let mut core = Core::of(D, &[]);
    core.timeout(Step::Propose, 0).round_fails(0).prevotes(0, "v", &[A, B]).proposal(1, "v", Some(0));
    assert!(!core.has_prevoted(1));
    core.prevotes(0, "v", &[C]);
    assert_eq!(core.prevoted(1), some("v"));
}

#[test]
fn t6_mixed_votes_before_a_nil_polka_do_not_hide_it() {
    let mut core = Core::of(D, &[]);
    core.timeout(Step::Propose, 0).prevotes(0, "v", &[A]).prevotes(0, "nil", &[B, C]);
    assert!(core.waits(Step::Prevote, 0), "three have prevoted, not for the same");
    core.prevotes(0, "nil", &[D]);
    assert_eq!(core.precommitted(0), None);
}

#[test]
fn t6_precommits_of_a_later_round_decide_although_they_could_be_skipped_to() {
    let mut core = Core::of(D, &[]);
    core.proposal(1, "v", None).precommits(1, "v", &[A, B, C]);
    assert_eq!(core.decided(), polka(1, "v"));
}

#[test]
fn t7_precommits_of_a_round_that_is_over_decide() {
    let mut core = Core::of(D, &[]);
    core.proposal(0, "v", None).precommits(0, "v", &[A, B]).round_fails(0);
    assert_eq!(core.consensus.round(), 1);
    core.precommits(0, "v", &[C]);
    assert_eq!(core.decided(), polka(0, "v"));
}

#[test]
fn t8_a_timeout_of_a_round_that_was_left_means_nothing() {
    let mut core = Core::of(D, &[]);
    core.prevotes(2, "nil", &[A, B]);
    assert_eq!((core.consensus.round(), core.fired(Rule::RoundSkipped)), (2, 1));
    let before = core.acts.len();
    for step in [Step::Propose, Step::Prevote, Step::Precommit] {
        core.timeout(step, 0).timeout(step, 1);
    }
    assert_eq!(core.acts.len(), before);
}

/// A validator that has decided a height carries nothing of it into the next, and what comes late of it means nothing.
#[test]
fn t8_of_a_height_that_is_decided_nothing_is_left() {
    let (config, seat) = (Config::of(Validators::equal(4)), Seat { id: D, replicas: 4 });
    let (mut process, mut out) = (Tendermint::boot(seat, &config, &Durable::default(), 0), Outbox::new());
    let keys = Keyring::of([A, B, C].into_iter().collect());
    let block = Arc::new(Block::new(1, BlockId::GENESIS, A, Vec::new()));
    let proposal = Proposal { height: 1, round: 0, id: block.id(), valid_round: None };
    let proposed = Message::Proposal(Arc::new(Proposed { proposal: keys.sign(A, proposal), block: block.clone() }));
    let vote =
        |voter, kind, height| Message::vote(keys.sign(voter, Vote { kind, height, round: 0, id: Some(block.id()) }));
    process.handle(0, Input::Start, &mut out);
    let mut tell =
        |process: &mut Tendermint, message: &Message| process.handle(0, Input::Message { from: A, message }, &mut out);
    tell(&mut process, &proposed);
    for voter in [A, B, C] {
        tell(&mut process, &vote(voter, VoteKind::Prevote, 1));
    }
    assert!(process.consensus().locked().is_some() && process.consensus().valid().is_some());
    for voter in [A, B] {
        tell(&mut process, &vote(voter, VoteKind::Precommit, 1));
    }
    assert_eq!((process.decided(), process.consensus().height()), (1, 2));
    // The next height has begun, by a vote of it.
    tell(&mut process, &vote(A, VoteKind::Prevote, 2));
    assert_eq!(
        (process.consensus().step(), process.consensus().locked(), process.consensus().valid()),
        (Step::Propose, None, None)
    );
    assert_eq!(process.consensus().votes().power(VoteKind::Precommit, 0), 0);
    out.drain().for_each(drop);
    let before = process.clone();
    for message in [proposed, vote(C, VoteKind::Prevote, 1), vote(C, VoteKind::Precommit, 1)] {
        process.handle(0, Input::Message { from: C, message: &message }, &mut out);
    }
    for timer in [Timer::Propose(1, 0), Timer::Prevote(1, 0), Timer::Precommit(1, 0), Timer::Idle(1)] {
        process.handle(0, Input::Timer(timer), &mut out);
    }
    assert_eq!(out.drain().count(), 0);
    assert_eq!(process, before);
}

/// Somebody else's proposal for a round is no proposal, and does not hide that the proposer made two.
#[test]
fn a_proposal_of_another_hides_no_proposer_with_two_faces() {
    let (config, seat) = (Config::of(Validators::equal(4)), Seat { id: D, replicas: 4 });
    let (mut process, mut out) = (Tendermint::boot(seat, &config, &Durable::default(), 0), Outbox::new());
    let keys = Keyring::of([A, B, C].into_iter().collect());
    let block = Block::new(1, BlockId::GENESIS, B, Vec::new());
    let proposed = |signer, seal: u8| {
        let block = Arc::new(block.sealed(seal));
        let proposal = Proposal { height: 1, round: 1, id: block.id(), valid_round: None };
        Message::Proposal(Arc::new(Proposed { proposal: keys.sign(signer, proposal), block }))
    };
    process.handle(0, Input::Start, &mut out);
    for message in [proposed(A, 0), proposed(B, 1), proposed(B, 2)] {
        process.handle(0, Input::Message { from: C, message: &message }, &mut out);
    }
    let culprits: Vec<NodeId> = process.durable().evidence.iter().map(|evidence| evidence.culprit()).collect();
    assert_eq!(culprits, [B]);
    out.drain().for_each(drop);
    process.handle(0, Input::Timer(Timer::Gossip), &mut out);
    let of_others = |effect: Effect<Tendermint>| match effect {
        Effect::Send { message: Message::Status(status), .. } => {
            status.proposals.iter().any(|proposed| proposed.proposal.signer() != B)
        }
        _ => false,
    };
    assert!(!out.drain().any(of_others), "it is told to nobody");
}

#[test]
fn t9_a_vote_is_on_the_disk_when_it_leaves_and_is_not_cast_again_after_a_crash() {
    let config = Config::of(Validators::equal(4));
    let seat = Seat { id: D, replicas: 4 };
    let mut disk = Durable::default();
    let (mut process, mut out) = (Tendermint::boot(seat, &config, &disk, 0), Outbox::new());
    process.handle(0, Input::Start, &mut out);
    let nil = Vote { kind: VoteKind::Prevote, height: 1, round: 0, id: None };
    let begins = Message::Prevote(Keyring::of([A].into_iter().collect()).sign(A, nil));
    process.handle(0, Input::Message { from: A, message: &begins }, &mut out);
    process.handle(0, Input::Timer(Timer::Propose(1, 0)), &mut out);
    let (mut sent, mut is_written) = (0, false);
    for effect in out.drain() {
        match effect {
            Effect::Persist(write) => {
                disk.apply(&write);
                is_written |= disk.progress.votes.iter().any(|vote| *vote.body() == nil);
            }
            Effect::Send { message: Message::Prevote(_), now, .. } => {
                assert!(is_written && !now, "the vote leaves with the disk");
                sent += 1;
            }
            _ => {}
        }
    }
    assert_eq!(sent, 3);
    let mut again = Tendermint::boot(seat, &config, &disk, 0);
    again.handle(0, Input::Start, &mut out);
    assert_eq!((again.consensus().step(), again.consensus().round()), (Step::Prevote, 0));
    again.handle(0, Input::Timer(Timer::Propose(1, 0)), &mut out);
    let is_vote = |effect: &Effect<Tendermint>| matches!(effect, Effect::Send { message: Message::Prevote(_), .. });
    assert!(!out.effects().iter().any(is_vote), "it has prevoted in this round");
}

/// Where all who saw a polka crash, and forget whose prevotes they saw, a value that is locked could never be voted for
/// again.
#[test]
fn the_polka_of_a_locked_value_outlives_a_crash_and_is_told_to_others() {
    let (config, seat) = (Config::of(Validators::equal(4)), Seat { id: D, replicas: 4 });
    let mut disk = Durable::default();
    let (mut process, mut out) = (Tendermint::boot(seat, &config, &disk, 0), Outbox::new());
    let keys = Keyring::of([A, B].into_iter().collect());
    let block = Arc::new(Block::new(1, BlockId::GENESIS, A, Vec::new()));
    let proposal = Proposal { height: 1, round: 0, id: block.id(), valid_round: None };
    let prevote = Vote { kind: VoteKind::Prevote, height: 1, round: 0, id: Some(block.id()) };
    let told = [
        Message::Proposal(Arc::new(Proposed { proposal: keys.sign(A, proposal), block })),
        Message::Prevote(keys.sign(A, prevote)),
        Message::Prevote(keys.sign(B, prevote)),
    ];
    process.handle(0, Input::Start, &mut out);
    for message in &told {
        process.handle(0, Input::Message { from: A, message }, &mut out);
    }
    for effect in out.drain() {
        if let Effect::Persist(write) = effect {
            disk.apply(&write);
        }
    }
    assert!(disk.progress.locked.is_some());
    let mut again = Tendermint::boot(seat, &config, &disk, 0);
    again.handle(0, Input::Start, &mut out);
    out.drain().for_each(drop);
    again.handle(0, Input::Timer(Timer::Gossip), &mut out);
    let status = out.drain().find_map(|effect| match effect {
        Effect::Send { message: Message::Status(status), .. } => Some(status),
        _ => None,
    });
    let mut voters: Vec<NodeId> =
        status.unwrap().votes.iter().filter(|vote| *vote.body() == prevote).map(|vote| vote.signer()).collect();
    voters.sort_unstable();
    assert_eq!(voters, [A, B, D]);
}

#[test]
fn t10_a_vote_that_comes_twice_counts_once() {
    let mut core = Core::of(D, &[]);
    core.proposal(0, "v", None).prevotes(0, "v", &[A, B, A, B, B]);
    assert!(!core.has_precommitted(0));
}

#[test]
fn t10_a_prevote_and_a_precommit_of_one_validator_are_one_for_the_skip() {
    let mut core = Core::of(D, &[]);
    core.prevotes(1, "v", &[A]).precommits(1, "v", &[A]);
    assert_eq!(core.consensus.round(), 0);
    core.prevotes(1, "nil", &[B]);
    assert_eq!(core.consensus.round(), 1);
}

#[test]
fn a_liar_with_ever_new_values_fills_no_log_and_keeps_no_polka_from_forming() {
    let mut core = Core::of(D, &[]);
    core.proposal(0, "v", None);
    for number in 0..100 {
        core.prevotes(0, &format!("value {number}"), &[A]);
    }
    core.prevotes(0, "v", &[A]);
    assert_eq!(core.consensus.votes().tally(VoteKind::Prevote, 0).unwrap().votes().len(), 8);
    core.prevotes(0, "v", &[B, C]);
    assert!(!core.has_precommitted(0), "when the liar's vote came, nobody else had voted for v");
    core.prevotes(0, "v", &[A]);
    assert!(core.has_precommitted(0), "whoever counted it sends it again");
}

#[test]
fn t11_an_invalid_proposal_leaves_lock_and_valid_value_alone() {
    let mut core = locked_on_v(D);
    core.round_fails(0).judged_proposal(1, "bad", None, false);
    assert_eq!(core.prevoted(1), None);
    assert_eq!((core.locked(), core.valid()), (polka(0, "v"), polka(0, "v")));
}

#[test]
fn power_counts_and_not_heads() {
    let mut core = Core::with_powers(C, &[1, 1, 1, 7], &[]);
    core.timeout(Step::Propose, 0).prevotes(0, "nil", &[A, B, C]);
    assert!(!core.has_precommitted(0), "three of four, with a power of 3 of 10");
    core.prevotes(0, "nil", &[D]);
    assert_eq!(core.precommitted(0), None);
}

/// Line 55 speaks of messages of a round, and a proposal is one.
#[test]
fn t6_a_proposal_counts_among_those_who_are_in_a_later_round() {
    let mut core = Core::of(D, &[]);
    core.prevotes(2, "nil", &[A]);
    assert_eq!(core.consensus.round(), 0, "one of four is no third");
    core.proposal(2, "v", None);
    assert_eq!(
        (core.consensus.round(), core.fired(Rule::RoundSkipped)),
        (2, 1),
        "n3 proposes there: two of four are more than a third"
    );
    let mut core = Core::of(D, &[]);
    core.proposal(2, "v", None).prevotes(2, "v", &[C]);
    assert_eq!(core.consensus.round(), 0, "n3 alone, though it proposes and votes");
}
