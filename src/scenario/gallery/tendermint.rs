//! Named runs of Tendermint.

use super::{GalleryEntry, at};
use crate::scenario::action::ActionText;
use crate::scenario::lies::{AlterationText, DeedText, LineText, StrategyText};
use crate::scenario::settings::Scenario;

/// The runs, the one that the page opens with first.
pub fn tendermint() -> [GalleryEntry; 3] {
    [tendermint_calm(), tendermint_two_faced_proposer(), tendermint_double_vote()]
}

fn titled(title: &str) -> Scenario {
    Scenario { title: Some(title.to_owned()), replicas: 4, ..Scenario::of("tendermint") }
}

fn tendermint_calm() -> GalleryEntry {
    GalleryEntry {
        name: "tendermint-fault-free",
        title: "A block a height",
        about: "Four validators, one of which could lie and does not. At each height another one proposes a block; all prevote for it, then precommit it, \
                and it is decided.",
        watch: "Propose, prevote and precommit of one block, and that the proposer of the next height is the next validator.",
        scenario: titled("A block a height"),
    }
}

fn line(to: &[&str], kind: &str, deed: DeedText) -> LineText {
    LineText { to: to.iter().map(|name| (*name).to_owned()).collect(), kind: Some(kind.to_owned()), deed, once: false }
}

fn tendermint_two_faced_proposer() -> GalleryEntry {
    let other = || DeedText::Alter(AlterationText::Value(1));
    let lines = vec![
        line(&["n3"], "Proposal", other()),
        line(&["n4"], "Proposal", DeedText::Withhold),
        line(&["n3"], "Prevote", other()),
        line(&["n3"], "Precommit", other()),
    ];
    let corrupt = ActionText::Corrupt { node: "n1".to_owned(), strategy: StrategyText::ByHand { lines } };
    GalleryEntry {
        name: "tendermint-two-faced-proposer",
        title: "A proposer with two faces",
        about: "From 0.5 s on, whenever it is n1's turn, it proposes one block to n2, another to n3 and none to n4, and votes for both. Neither gets more \
                than two thirds of the prevotes, so nobody locks on either; the round ends with nil, and the next proposer's block is decided.",
        watch: "Prevotes split over two blocks, precommits for nil, the next round; and the evidence, which passes from one validator to the others.",
        scenario: Scenario { interventions: vec![at(500, corrupt)], ..titled("A proposer with two faces") },
    }
}

fn tendermint_double_vote() -> GalleryEntry {
    let lines = vec![
        line(&["n1"], "Prevote", DeedText::TwoFaced(AlterationText::Nil)),
        line(&["n1"], "Precommit", DeedText::TwoFaced(AlterationText::Nil)),
    ];
    let corrupt = ActionText::Corrupt { node: "n4".to_owned(), strategy: StrategyText::ByHand { lines } };
    GalleryEntry {
        name: "tendermint-double-vote",
        title: "Voting twice",
        about: "n4 tells n1 that it votes for the block, and then that it votes for nil. n1 holds both, each with n4's signature: that is evidence, which n1 \
                shows to all. The chain goes on.",
        watch: "Two prevotes of n4 in one round, and who holds the evidence since when.",
        scenario: Scenario { interventions: vec![at(300, corrupt)], ..titled("Voting twice") },
    }
}
