//! Named scenarios, one click away on the page.

use super::action::{ActionText, CommandText, InterventionText, LinkText};
use super::lies::{AlterationText, DeedText, LineText, StrategyText};
use super::settings::Scenario;
use crate::process::{MILLISECOND, Ticks};
use crate::sim::{Mix, TicksRange};

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

/// All named scenarios, the one that the page opens with first.
pub fn gallery() -> Vec<GalleryEntry> {
    vec![
        GalleryEntry {
            name: "elect-and-replicate",
            title: "Elect and replicate",
            about: "Five servers elect a leader; three clients write and read through it. Nothing goes wrong.",
            watch: "A write goes to the leader, which sends it to all (append). As soon as two others have it, it is on a majority: committed, \
                    and answered.",
            scenario: titled("Elect and replicate"),
        },
        cut_the_leader_off(),
        stale_read(),
        cut_the_master_off(),
        fill_the_gap(),
        pbft_calm(),
        pbft_two_faced_primary(),
        pbft_lying_replica(),
    ]
}

fn titled(title: &str) -> Scenario {
    with_seed(1, title)
}

fn with_seed(seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of("raft") }
}

fn at(milliseconds: u64, action: ActionText) -> InterventionText {
    InterventionText { at: milliseconds * MILLISECOND as Ticks, after_event: None, action }
}

fn groups(sides: &[&str]) -> ActionText {
    ActionText::Partition { groups: sides.iter().map(|side| side.split(' ').map(str::to_owned).collect()).collect() }
}

/// With this seed n1 leads when the network is cut, and takes a write of c1 after that.
fn cut_the_leader_off() -> GalleryEntry {
    let scenario = Scenario {
        interventions: vec![at(900, groups(&["n1 n2 c1", "n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        ..with_seed(2, "Cut the leader off")
    };
    GalleryEntry {
        name: "cut-the-leader-off",
        title: "Cut the leader off",
        about: "At 0.9 s the network is cut, with the leader on the smaller side: it can commit nothing any more. The others elect a new \
                leader and go on.",
        watch: "The old leader still takes a write of c1: a dashed entry in its log. At 2.4 s the network heals, and that entry is \
                overwritten.",
        scenario,
    }
}

/// With this seed n1 leads when the network is cut, and c1 reads from it soon after the others have elected another and written through it.
fn stale_read() -> GalleryEntry {
    let mut scenario = Scenario {
        mutations: vec!["read-index-off".to_owned()],
        interventions: vec![at(900, groups(&["n1 c1", "n2 n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        ..with_seed(27, "A stale read")
    };
    scenario.workload.keys = 1;
    scenario.workload.mix = Mix { get: 6, put: 4, cas: 0, delete: 0 };
    scenario.workload.think_ticks = TicksRange::new(20 * MILLISECOND, 60 * MILLISECOND);
    scenario.raft.check_quorum = false;
    GalleryEntry {
        name: "stale-read",
        title: "A stale read",
        about: "ReadIndex is the rule that a leader, before it answers a read, asks a majority whether it still leads. Here it is off, and \
                the leader is cut off with c1 at 0.9 s.",
        watch: "The others elect a new leader and write; the old one goes on answering c1 from what it had. The checker names the read \
                that is too old: press Show why then.",
        scenario,
    }
}

fn multi_paxos(seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of("multi-paxos") }
}

/// With this seed n2 leads when the network is cut, and takes writes that nobody but n1 accepts.
fn cut_the_master_off() -> GalleryEntry {
    let scenario = Scenario {
        interventions: vec![at(900, groups(&["n1 n2 c1", "n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        ..multi_paxos(7, "Multi-Paxos: cut the leader off")
    };
    GalleryEntry {
        name: "multi-paxos-cut-the-leader-off",
        title: "Multi-Paxos: cut the leader off",
        about: "At 0.9 s the network is cut, with the leader on the smaller side: no value can be chosen there any more. The others promise \
                a higher ballot to another, and go on.",
        watch: "The new leader hears in phase 1 what may have been chosen, and proposes it again. When the network heals, a server comes back \
                with a high ballot, and the leader outbids it at once.",
        scenario,
    }
}

/// With this seed n1 leads when its links are cut, and n2 promises to the next leader.
fn fill_the_gap() -> GalleryEntry {
    let others = ["n2", "n3", "n4", "n5"];
    let link = |to: &str| LinkText { from: "n1".to_owned(), to: to.to_owned() };
    let put = |client: &str, key: &str, value: &str| ActionText::Invoke {
        client: client.to_owned(),
        command: CommandText::Put { key: key.to_owned(), value: value.to_owned() },
    };
    let get = |client: &str| ActionText::Invoke { client: client.to_owned(), command: CommandText::Get { key: "x".to_owned() } };
    let node = || "n1".to_owned();
    let mut scenario = multi_paxos(24, "Multi-Paxos: a gap");
    scenario.workload.operations_per_client = Some(0);
    scenario.interventions = vec![
        at(400, get("c1")),
        at(500, get("c2")),
        at(900, ActionText::Cut { links: others.iter().map(|to| link(to)).collect() }),
        at(901, put("c1", "x", "lost")),
        at(916, ActionText::Restore { links: vec![link("n2")] }),
        at(917, put("c2", "y", "found")),
        at(946, ActionText::Crash { node: node() }),
        at(1_600, put("c3", "z", "new")),
        at(2_400, ActionText::Heal),
        at(2_400, ActionText::Restart { node: node() }),
    ];
    GalleryEntry {
        name: "multi-paxos-gap",
        title: "Multi-Paxos: a gap",
        about: "The leader gives slot 1 to a write that nobody else hears of, and slot 2 to one that n2 hears of. Then it crashes.",
        watch: "The next leader hears of slot 2 from n2, and of slot 1 from nobody: it fills the gap with a value that does nothing, so that \
                what comes behind it can be applied. The first write is retried, and gets another slot.",
        scenario,
    }
}

fn pbft(title: &str) -> Scenario {
    Scenario { title: Some(title.to_owned()), ..Scenario::of("pbft") }
}

fn pbft_calm() -> GalleryEntry {
    GalleryEntry {
        name: "pbft-fault-free",
        title: "PBFT: three phases",
        about: "Four replicas, one of which could lie and does not. The primary proposes, the backups say what they accepted, all say what is \
                prepared, and a client believes what two replicas say.",
        watch: "Pre-prepare, prepare and commit of one request; then the replies, of which the client needs two that are equal.",
        scenario: pbft("PBFT: three phases"),
    }
}

/// What a liar says to one replica, in messages of one kind.
fn line(to: &str, kind: &str, deed: DeedText) -> LineText {
    LineText { to: vec![to.to_owned()], kind: Some(kind.to_owned()), deed, once: false }
}

/// n1 is the primary of the first view.
fn pbft_two_faced_primary() -> GalleryEntry {
    let lines = vec![line("n3", "pre-prepare", DeedText::Alter(AlterationText::Value(0))), line("n4", "pre-prepare", DeedText::Withhold)];
    let corrupt = ActionText::Corrupt { node: "n1".to_owned(), strategy: StrategyText::ByHand { lines } };
    GalleryEntry {
        name: "pbft-two-faced-primary",
        title: "PBFT: a primary with two faces",
        about: "The primary proposes a client's request to n2, the null request to n3, and nothing to n4. No certificate can form, whatever it \
                says: two quorums would need an honest replica in common that believes both. The backups lose patience and change the view, n2 and n3 show \
                each other what the primary signed, and hold the proof against it.",
        watch: "The two faces of one pre-prepare, the tallies that stay short, the view change, and the proof that n2 and n3 hold.",
        scenario: Scenario { interventions: vec![at(500, corrupt)], ..pbft("PBFT: a primary with two faces") },
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
        title: "PBFT: a lying replica",
        about: "n4 votes for nothing to some and for the truth to others, and tells c1 false results. The three others are a quorum without it, and c1 \
                believes no single replica.",
        watch: "What n4 says to n1 and n2 beside what it wanted to say, and that the view stays.",
        scenario: Scenario { interventions: vec![at(300, corrupt)], ..pbft("PBFT: a lying replica") },
    }
}
