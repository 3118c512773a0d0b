//! Named runs of Tendermint.

use super::GalleryEntry;
use super::captions::tendermint as words;
use crate::process::MILLISECOND;
use crate::scenario::action::{ActionText, LinkText};
use crate::scenario::lies::{AlterationText, DeedText, LineText, StrategyText};
use crate::scenario::script::at;
use crate::scenario::settings::Scenario;
use crate::sim::TicksRange;

/// The runs, the one that the page opens with first.
pub fn tendermint() -> [GalleryEntry; 4] {
    [fault_free(), silent_proposer(), hidden_lock(), two_faced_proposer()]
}

fn of_four(title: &str) -> Scenario {
    Scenario { replicas: 4, title: Some(title.to_owned()), ..Scenario::of("tendermint") }
}

fn fault_free() -> GalleryEntry {
    GalleryEntry {
        name: "tendermint-fault-free",
        title: "A block in round 0",
        about: "Four validators, one of which could lie and does not. A height begins when a client asks for something, and each height \
                has another proposer.",
        watch: "A proposal, the prevotes, the precommits: three steps, and the block is decided in round 0. A client believes what two \
                validators say.",
        scenario: Scenario { captions: words::fault_free(), ..of_four("A block in round 0") },
    }
}

/// n1 proposes at every fourth height.
fn silent_proposer() -> GalleryEntry {
    let corrupt = ActionText::Corrupt { node: "n1".to_owned(), strategy: StrategyText::Silence { to: Vec::new() } };
    GalleryEntry {
        name: "tendermint-silent-proposer",
        title: "A silent proposer",
        about: "From 0.5 s on n1 says nothing. The heights that it should propose at need a second round; the three others are more than \
                two thirds without it.",
        watch: "Where n1 has its turn: no proposal comes, the others prevote nil when their timeout is over, precommit nil, and go to \
                round 1, where the next validator proposes.",
        scenario: Scenario {
            interventions: vec![at(500, corrupt)],
            captions: words::silent_proposer(),
            ..of_four("A silent proposer")
        },
    }
}

/// With these times n2 alone of the honest ones sees the polka of round 0, and proposes in round 1.
fn hidden_lock() -> GalleryEntry {
    let nil = |kind: &str| LineText {
        to: vec!["n1".to_owned(), "n3".to_owned()],
        kind: Some(kind.to_owned()),
        deed: DeedText::Alter(AlterationText::Nil),
        once: true,
    };
    let strategy = StrategyText::ByHand { lines: vec![nil("Prevote"), nil("Precommit")] };
    let links = ["n1", "n3"].map(|to| LinkText { from: "n2".to_owned(), to: to.to_owned() });
    let mut scenario = Scenario {
        clients: 1,
        interventions: vec![
            at(1, ActionText::Corrupt { node: "n4".to_owned(), strategy }),
            at(1, ActionText::Cut { links: links.into() }),
            at(200, ActionText::Heal),
        ],
        captions: words::hidden_lock(),
        ..of_four("A hidden lock")
    };
    scenario.network.latency_ticks = TicksRange::new(10 * MILLISECOND, 10 * MILLISECOND);
    GalleryEntry {
        name: "tendermint-hidden-lock",
        title: "A hidden lock",
        about: "At the first height n4 prevotes for the block to n2 and nil to n1 and n3, and these do not hear n2. So n2 alone of the \
                honest ones sees a polka, locks, and precommits, and nobody else knows.",
        watch: "n1 and n3 go to round 1 with no lock. There n2 proposes the same block again, with the round of its polka. The prevotes \
                that prove it have reached the others by then, and with them what convicts n4.",
        scenario,
    }
}

fn two_faced_proposer() -> GalleryEntry {
    let strategy = StrategyText::Equivocation {
        to: vec!["n3".to_owned(), "n4".to_owned()],
        say: AlterationText::Value(0),
        others: None,
    };
    let corrupt = ActionText::Corrupt { node: "n1".to_owned(), strategy };
    GalleryEntry {
        name: "tendermint-two-faced-proposer",
        title: "A proposer with two faces",
        about: "From 0.5 s on n1 says one thing to n2 and another to n3 and n4, in proposals and votes alike. Neither of its blocks can \
                have more than two thirds with some and the other with others: two such sets share an honest validator, and that one votes once.",
        watch: "The two faces of a proposal, the further rounds, and the evidence: validators tell each other what they were told, and \
                two signatures that contradict each other are kept for ever.",
        scenario: Scenario {
            interventions: vec![at(500, corrupt)],
            captions: words::two_faced_proposer(),
            ..of_four("A proposer with two faces")
        },
    }
}
