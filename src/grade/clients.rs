//! Goals about what clients see of Raft.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::check::linearizability::{STEPS_MAX_DEFAULT, Verdict};
use crate::kv::ClientReport;
use crate::process::NodeId;
use crate::raft::log::Term;
use crate::raft::{Raft, Role, Rule};
use crate::run::Run;
use std::collections::BTreeMap;

pub(super) const MINORITY_DOWN: Goal = Goal {
    name: "write-with-a-minority-down",
    title: "Write with as many servers down as may be",
    statement: "A client begins a write and is told that it took effect, while all servers are down that can be without stopping the cluster: two of five.",
    source: "Raft, 2 and 5",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, MinorityDown>,
};

pub(super) const READ_CONFIRMED: Goal = Goal {
    name: "read-only-after-confirm",
    title: "A read that its leader does not dare to answer",
    statement: "A leader that is cut off from a majority takes a read and asks for confirmation that it still leads. None comes, another leader is elected, and the old \
                one steps down without having answered.",
    source: "Raft, 8; dissertation, 6.4",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, ReadConfirmed>,
};

pub(super) const STALE_READ: Goal = Goal {
    name: "stale-read",
    title: "Get a stale read with at most one crash",
    statement: "With one rule of reading switched off, a client reads a value that had been overwritten before it asked. The history is not linearizable, and the \
                checker blames a read.",
    source: "Raft, 8; dissertation, 6.4",
    protocol: "raft",
    limits: Limits {
        mutations: &["read-index-off", "read-round-reused", "read-before-own-commit"],
        replicas_min: 3,
        crashes_max: Some(1),
        liars_max: 0,
    },
    play: play::<Raft, StaleRead>,
};

#[derive(Default)]
struct MinorityDown {
    /// For each client with a write under way, its number and the fewest and most servers that were up since it began.
    open: BTreeMap<NodeId, (u64, usize, usize)>,
    /// All servers have booted.
    has_begun: bool,
    most_down: usize,
    shown: Option<Shown>,
}

impl Watch<Raft> for MinorityDown {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        let machines = moment.run.simulation().world().replicas();
        let up = machines.iter().filter(|machine| machine.process.is_some()).count();
        self.has_begun |= up == machines.len();
        if self.has_begun {
            self.most_down = self.most_down.max(machines.len() - up);
        }
        for (_, fewest_up, most_up) in self.open.values_mut() {
            (*fewest_up, *most_up) = ((*fewest_up).min(up), (*most_up).max(up));
        }
        for record in moment.reports() {
            match &record.report {
                ClientReport::Invoked { sequence, command } if !command.is_read() => {
                    self.open.insert(record.client, (*sequence, up, up));
                }
                ClientReport::Completed { sequence, ending } => {
                    let open = self.open.remove(&record.client).filter(|(number, ..)| number == sequence);
                    let majority = moment.majority() as usize;
                    let has_just_enough =
                        open.is_some_and(|(_, fewest_up, most_up)| (fewest_up, most_up) == (majority, majority));
                    if has_just_enough && ending.took_effect() && self.shown.is_none() {
                        let sentence = format!(
                            "{}'s write was served by {up} of {} servers",
                            moment.name(record.client),
                            machines.len()
                        );
                        self.shown = Some(Shown { event: moment.event, sentence });
                    }
                }
                ClientReport::Invoked { .. } => {}
            }
        }
    }

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let replicas = usize::from(run.simulation().world().setup().replicas);
        let wanted = (replicas - 1) / 2;
        self.shown.ok_or_else(|| {
            if self.most_down < wanted {
                format!("at most {} of {replicas} servers were down at a time, and {wanted} can be", self.most_down)
            } else {
                format!("no write began and took effect while {wanted} of {replicas} servers were down")
            }
        })
    }
}

/// A read that a cut-off leader has taken.
struct Waiting {
    term: Term,
    event: u32,
}

#[derive(Default)]
struct ReadConfirmed {
    waiting: BTreeMap<NodeId, Waiting>,
    /// The latest term that has had a leader.
    newest: Term,
    was_taken: Option<u32>,
    shown: Option<Shown>,
}

impl Watch<Raft> for ReadConfirmed {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        let node = moment.node();
        let Some(process) = moment.process() else {
            // It has crashed, and whatever waited is forgotten.
            self.waiting.remove(&node);
            return;
        };
        if moment.fired(Rule::BecameLeader) {
            self.newest = self.newest.max(process.current_term());
        }
        if moment.fired(Rule::ReadIndexTaken) && !moment.reaches_majority(node) {
            self.was_taken.get_or_insert(moment.event);
            self.waiting.entry(node).or_insert(Waiting { term: process.current_term(), event: moment.event });
        }
        if moment.fired(Rule::ReadServed) {
            self.waiting.remove(&node);
        }
        if !matches!(process.role_state(), Role::Leader(_))
            && let Some(waiting) = self.waiting.remove(&node)
            && self.newest > waiting.term
            && self.shown.is_none()
        {
            let sentence = format!(
                "{} took a read while it was cut off (event {}), and stepped down without an answer: term {} has another leader",
                moment.name(node),
                waiting.event,
                self.newest
            );
            self.shown = Some(Shown { event: moment.event, sentence });
        }
    }

    fn conclude(self, _: &mut Run<Raft>) -> Seen {
        self.shown.ok_or_else(|| match self.was_taken {
            None => "no leader took a read while it was cut off from a majority".to_owned(),
            Some(event) => {
                format!("a leader took a read while it was cut off (event {event}), but nobody else led by the time it stepped down")
            }
        })
    }
}

#[derive(Default)]
struct StaleRead;

impl Watch<Raft> for StaleRead {
    fn observe(&mut self, _: &Moment<'_, Raft>) {}

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let judgement = run.verdict(STEPS_MAX_DEFAULT);
        let Verdict::NotLinearizable(violation) = &judgement.report.verdict else { return Err(judgement.sentence) };
        let Some(blamed) = run.history().get(violation.operation) else { return Err(judgement.sentence) };
        let event = blamed.completed.as_ref().map_or(0, |(moment, _)| moment.event);
        if blamed.command.is_read() {
            Ok(Shown { event, sentence: judgement.sentence })
        } else {
            Err(format!("no read is to blame; {}", judgement.sentence))
        }
    }
}
