//! Beyond what Raft bears: a disk that forgets is named as the cause of what follows.

use super::cluster::{Cluster, idle};
use consensus_playground::raft::RaftTimer;
use consensus_playground::sim::Action;

/// n1 votes for n2; then its disk is wiped, or had lost what it called written, and n3 asks in the same term.
fn a_voter_forgets(is_wiped: bool) -> Cluster {
    let mut cluster = Cluster::scripted(3, 0);
    cluster.cut(&["n3"], &["n2"]);
    cluster.cut_one_way(&["n1"], &["n2"]);
    let n1 = cluster.id("n1");
    if !is_wiped {
        cluster.act(Action::LoseFlushes(n1));
    }
    cluster.fire("n2", RaftTimer::Election);
    cluster.run_ms(50);
    if is_wiped {
        cluster.act(Action::WipeDisk(n1));
    } else {
        cluster.crash("n1");
        cluster.restart("n1");
    }
    cluster.run_ms(1);
    cluster.fire("n3", RaftTimer::Election);
    cluster.run_ms(50);
    cluster
}

#[test]
fn a_disk_that_forgets_is_named_as_the_cause() {
    for (is_wiped, cause) in [(true, "was wiped"), (false, "lost what it had called written")] {
        let cluster = a_voter_forgets(is_wiped);
        assert_eq!(cluster.broken(), ["votes-kept"]);
        let finding = cluster.run.findings().remove(0);
        let sentence = format!(
            "n1 votes for n2 and for n3 in term 1; the disk of n1 {cause} in between, which is beyond what Raft bears"
        );
        assert_eq!(finding.sentence, sentence);
        let reasons = cluster.reasons("votes-kept");
        for expected in ["n1: n1 grants n2 its vote in term 1", "n1: n1 grants n3 its vote in term 1", cause] {
            assert!(reasons.iter().any(|reason| reason.contains(expected)), "{expected} in {reasons:?}");
        }
    }
}

#[test]
fn a_wiped_server_that_starts_in_term_0_has_broken_no_word() {
    let mut cluster = Cluster::of(idle(3, 1));
    cluster.run_ms(1_000);
    for name in ["n1", "n2", "n3"] {
        let node = cluster.id(name);
        cluster.act(Action::WipeDisk(node));
        cluster.run_ms(3_000);
    }
    cluster.must_be_sound();
}

/// Acting in the past takes back what was said after it.
#[test]
fn what_a_rewound_run_has_said_is_forgotten() {
    let mut cluster = a_voter_forgets(true);
    // Three events make the second vote: n3 stands, its own vote is on its disk, and its request is handled.
    let broken_after = cluster.run.findings()[0].event;
    cluster.run.seek(broken_after - 2);
    cluster.crash("n3");
    assert_eq!(cluster.broken(), Vec::<&str>::new());
    cluster.run_ms(100);
    cluster.must_be_sound();
    cluster.restart("n3");
    cluster.fire("n3", RaftTimer::Election);
    cluster.run_ms(50);
    assert_eq!(cluster.broken(), ["votes-kept"], "the vote for n2 is not forgotten");
}
