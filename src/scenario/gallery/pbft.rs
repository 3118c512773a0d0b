//! Named runs of PBFT.

use super::GalleryEntry;
use super::captions::pbft as words;
use crate::scenario::action::ActionText;
use crate::scenario::lies::{AlterationText, DeedText, LineText, StrategyText};
use crate::scenario::script::at;
use crate::scenario::settings::Scenario;

/// The runs, the one that the page opens with first.
pub fn pbft() -> [GalleryEntry; 3] {
    [pbft_calm(), pbft_two_faced_primary(), pbft_lying_replica()]
}

fn calm(title: &str) -> Scenario {
    Scenario { title: Some(title.to_owned()), ..Scenario::of("pbft") }
}

fn pbft_calm() -> GalleryEntry {
    GalleryEntry {
        name: "pbft-fault-free",
        title: "Three phases",
        about: "Four replicas, one of which could lie and does not. The primary proposes, the backups say what they accepted, all say what is \
                prepared, and a client believes what two replicas say.",
        watch: "Pre-prepare, prepare and commit of one request; then the replies, of which the client needs two that are equal.",
        scenario: Scenario { captions: words::fault_free(), ..calm("Three phases") },
    }
}

/// What a liar says to one replica, in messages of one kind.
fn line(to: &str, kind: &str, deed: DeedText) -> LineText {
    LineText { to: vec![to.to_owned()], kind: Some(kind.to_owned()), deed, once: false }
}

const EQUIVOCATES: &str = "PBFT: a primary that equivocates";

/// n1 is the primary of the first view.
fn pbft_two_faced_primary() -> GalleryEntry {
    let lines = vec![
        line("n3", "pre-prepare", DeedText::Alter(AlterationText::Value(0))),
        line("n4", "pre-prepare", DeedText::Withhold),
    ];
    let corrupt = ActionText::Corrupt { node: "n1".to_owned(), strategy: StrategyText::ByHand { lines } };
    GalleryEntry {
        name: "pbft-two-faced-primary",
        title: EQUIVOCATES,
        about: "The primary proposes one client's request to n2, another client's with the same number to n3, and nothing to n4. No certificate can form, whatever it \
                says: two quorums would need an honest replica in common that believes both. The backups lose patience and change the view, n2 and n3 show \
                each other what the primary signed, and hold the proof against it.",
        watch: "The two faces of one pre-prepare, the tallies that stay short, the view change, and the proof that n2 and n3 hold.",
        scenario: Scenario {
            interventions: vec![at(500, corrupt)],
            captions: words::two_faced_primary(),
            ..calm(EQUIVOCATES)
        },
    }
}

fn pbft_lying_replica() -> GalleryEntry {
    let strategy = StrategyText::Equivocation {
        to: vec!["n1".to_owned(), "n2".to_owned(), "c1".to_owned()],
        say: AlterationText::Value(0),
        others: None,
    };
    let corrupt = ActionText::Corrupt { node: "n4".to_owned(), strategy };
    GalleryEntry {
        name: "pbft-lying-replica",
        title: "A lying replica",
        about: "n4 votes for nothing to some and for the truth to others, and tells c1 false results. The three others are a quorum without it, and c1 \
                believes no single replica.",
        watch: "What n4 says to n1 and n2 beside what it wanted to say, and that the view stays.",
        scenario: Scenario {
            interventions: vec![at(300, corrupt)],
            captions: words::lying_replica(),
            ..calm("A lying replica")
        },
    }
}
