//! Named runs of Viewstamped Replication.

use super::GalleryEntry;
use super::captions::viewstamped as words;
use crate::process::MILLISECOND;
use crate::scenario::action::{ActionText, CommandText, InterventionText, LinkText};
use crate::scenario::script::{at, crash, groups, put, restart, stand};
use crate::scenario::settings::Scenario;
use crate::sim::{Ratio, TicksRange};

/// The runs, the one that the page opens with first.
pub fn viewstamped() -> [GalleryEntry; 3] {
    [cut_the_primary_off(), all_is_forgotten(), old_report()]
}

fn titled(title: &str) -> Scenario {
    Scenario { title: Some(title.to_owned()), ..Scenario::of("viewstamped") }
}

/// n1 is the primary of view 0, and n2, on the same side, would be that of view 1.
fn cut_the_primary_off() -> GalleryEntry {
    let scenario = Scenario {
        interventions: vec![at(900, groups(&["n1 n2 c1", "n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        captions: words::cut_the_primary_off(),
        ..titled("Cut the primary off")
    };
    GalleryEntry {
        name: "viewstamped-cut-the-primary-off",
        title: "Cut the primary off",
        about: "At 0.9 s the network is cut, with the primary on the smaller side: it can commit nothing any more. The others want view 1, \
                whose primary, n2, they do not hear; then view 2, whose primary is n3.",
        watch: "In a view change nobody is voted for: whose turn it is follows from the view's number. At 2.4 s the network heals, and n1 \
                and n2 get the log of the view that they have missed.",
        scenario,
    }
}

/// n4 crashes, and then n1, the primary. Nobody has a disk.
fn all_is_forgotten() -> GalleryEntry {
    let scenario = Scenario {
        interventions: vec![
            at(600, crash("n4")),
            at(800, restart("n4")),
            at(1_200, crash("n1")),
            at(1_250, restart("n1")),
        ],
        captions: words::all_is_forgotten(),
        ..titled("A crash forgets all")
    };
    GalleryEntry {
        name: "viewstamped-recovery",
        title: "A crash forgets all",
        about: "No replica has a disk. n4 crashes at 0.6 s, and comes back 0.2 s later with nothing: it asks the others, and takes part again \
                once three of them have answered, the primary among them. At 1.2 s the primary crashes too.",
        watch: "n1 is back after 50 ms, and still believed to be the primary of view 0: it can recover only once the others have begun \
                another view, since nobody else has that view's log to give.",
        scenario,
    }
}

fn link(from: &str, to: &str) -> LinkText {
    LinkText { from: from.to_owned(), to: to.to_owned() }
}

fn takes(from: &str, to: &str, milliseconds: u64) -> ActionText {
    let latency_ticks = TicksRange::new(milliseconds * MILLISECOND, milliseconds * MILLISECOND);
    ActionText::LinkLatency { from: from.to_owned(), to: to.to_owned(), latency_ticks }
}

/// n2's STARTVIEWCHANGE takes 60 ms to n3, and n3's DOVIEWCHANGE 150 ms to n2. Each of the two forgets in a crash what
/// it has said, and recovers in view 0, before what it has said arrives.
fn two_old_lives() -> Vec<InterventionText> {
    let cut = |from: &str, to: &str| ActionText::Cut { links: vec![link(from, to)] };
    let get = CommandText::Get { key: "x".to_owned() };
    vec![
        at(60, cut("n2", "n1")),
        at(60, takes("n2", "n3", 60)),
        at(61, stand("n2")),
        at(62, crash("n2")),
        at(62, ActionText::Heal),
        at(62, takes("n2", "n3", 5)),
        at(63, restart("n2")),
        at(90, cut("n3", "n1")),
        at(90, takes("n3", "n2", 150)),
        at(122, crash("n3")),
        at(122, ActionText::Heal),
        at(122, takes("n3", "n2", 5)),
        at(123, restart("n3")),
        at(160, ActionText::Cut { links: vec![link("n1", "n2"), link("n2", "n1")] }),
        at(161, put("c1", "x", "1")),
        at(200, groups(&["n1 c1", "n2 n3 c2"])),
        at(400, ActionText::Invoke { client: "c2".to_owned(), command: get }),
    ]
}

fn old_report() -> GalleryEntry {
    let mut scenario = titled("The paper's own recovery");
    scenario.replicas = 3;
    scenario.clients = 2;
    scenario.mutations = vec!["crash-vectors-ignored".to_owned()];
    scenario.network.latency_ticks = TicksRange::new(5 * MILLISECOND, 5 * MILLISECOND);
    // What is sent later may overtake what takes long.
    scenario.network.reordering = Ratio::percent(100);
    scenario.workload.operations_per_client = Some(0);
    scenario.client.attempt_ticks = 1_000 * MILLISECOND;
    scenario.client.deadline_ticks = 5_000 * MILLISECOND;
    scenario.viewstamped.view_change_ticks = TicksRange::new(20_000 * MILLISECOND, 20_000 * MILLISECOND);
    scenario.interventions = two_old_lives();
    scenario.captions = words::old_report();
    GalleryEntry {
        name: "viewstamped-old-report",
        title: "The paper's own recovery",
        about: "Three replicas, and the recovery as the paper of 2012 has it. n2 and then n3 ask for view 1, and forget that in a crash, while \
                what they have said is still under way. Both recover in view 0; never is more than one of them down.",
        watch: "In view 0 n3 acknowledges a write, and the client is told that it is safe. Then the old report arrives, of a log without it, \
                and counts. With crash vectors it would not.",
        scenario,
    }
}
