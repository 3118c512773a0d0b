//! What is true of a run: which rules its replicas followed and when, which promises broke, what the checker says.

use super::{Claim, Deed};
use crate::process::{Catalogue, MILLISECOND, NodeId, Ticks};
use crate::run::Run;
use crate::scenario::{Playable, Scenario, WithProtocol, with_protocol};

/// Steps of the linearizability checker.
const STEPS_MAX: u64 = 1_000_000;
/// No run of the course has so many events.
const EVENTS_MAX: u32 = 200_000;

/// A rule that a replica followed.
struct Done {
    event: u32,
    time: Ticks,
    node: u16,
    rule: &'static str,
}

/// What was seen in a run.
pub(super) struct Facts {
    done: Vec<Done>,
    names: Vec<String>,
    broken: Vec<&'static str>,
    is_linearizable: bool,
}

struct Watching<'a> {
    scenario: &'a Scenario,
    until: Ticks,
}

impl WithProtocol for Watching<'_> {
    type Output = Result<Facts, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut run = Run::new(self.scenario.simulation::<R>().map_err(|error| error.to_string())?);
        run.run_until(self.until, EVENTS_MAX);
        let world = run.simulation().world();
        let replicas = world.setup().replicas;
        let names = (0..replicas).map(|node| world.name(NodeId(node))).collect();
        let trace = run.simulation().trace();
        let of_replicas = trace.events.iter().enumerate().filter(|(_, event)| event.node < replicas);
        let rules = of_replicas.flat_map(|(place, event)| trace.rules_of(event).map(move |code| (place, event, code)));
        let done = rules
            .filter_map(|(place, event, code)| {
                let rule = R::Rule::ALL.get(usize::from(code))?.name();
                Some(Done { event: place as u32, time: event.time, node: event.node, rule })
            })
            .collect();
        let broken = run.findings_at_end().iter().map(|finding| finding.invariant.name).collect();
        let is_linearizable = run.verdict(STEPS_MAX).sentence.starts_with("linearizable");
        Ok(Facts { done, names, broken, is_linearizable })
    }
}

impl Facts {
    pub(super) fn of(scenario: &Scenario, until_ms: u32) -> Result<Self, String> {
        let watching = Watching { scenario, until: u64::from(until_ms) * MILLISECOND };
        with_protocol(&scenario.protocol, watching).map_err(|error| error.to_string())?
    }

    /// The replicas, in their order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    fn all<'a>(&'a self, deed: &'a Deed) -> impl Iterator<Item = &'a Done> {
        let (from, to) = (u64::from(deed.from_ms) * MILLISECOND, u64::from(deed.to_ms) * MILLISECOND);
        self.done.iter().filter(move |done| {
            let is_by =
                deed.by.is_none_or(|name| self.names.get(usize::from(done.node)).is_some_and(|own| own == name));
            done.rule == deed.rule && is_by && (from..=to).contains(&done.time)
        })
    }

    /// The event and the replica of the first time.
    pub(super) fn first(&self, deed: &Deed) -> Option<(u32, u16)> {
        self.all(deed).next().map(|done| (done.event, done.node))
    }

    /// Just after how many events it has happened for the last time.
    pub(super) fn last(&self, deed: &Deed) -> Option<u32> {
        self.all(deed).last().map(|done| done.event + 1)
    }

    pub(super) fn times(&self, deed: &Deed) -> u32 {
        self.all(deed).count() as u32
    }

    pub(super) fn replicas(&self, deed: &Deed) -> u32 {
        let mut nodes: Vec<u16> = self.all(deed).map(|done| done.node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes.len() as u32
    }

    pub(super) fn holds(&self, claim: &Claim) -> bool {
        match claim {
            Claim::Happens(deed) => self.times(deed) > 0,
            Claim::Never(deed) => self.times(deed) == 0,
            Claim::InOrder(deeds) => {
                let firsts: Option<Vec<u32>> =
                    deeds.iter().map(|deed| self.first(deed).map(|(event, _)| event)).collect();
                firsts.is_some_and(|firsts| firsts.is_sorted_by(|before, after| before < after))
            }
            Claim::More(deed, other) => self.times(deed) > self.times(other),
            Claim::Breaks(name) => self.broken.contains(name),
            Claim::BreaksSome => !self.broken.is_empty(),
            Claim::KeepsAll => self.broken.is_empty(),
            Claim::Linearizable => self.is_linearizable,
            Claim::NotLinearizable => !self.is_linearizable,
        }
    }

    /// Just after how many events it can be seen that a claim is true.
    pub(super) fn seen_after(&self, claim: &Claim) -> Option<u32> {
        let first = |deed: &Deed| self.first(deed).map(|(event, _)| event + 1);
        match claim {
            Claim::Happens(deed) => first(deed),
            Claim::InOrder(deeds) => deeds.last().and_then(first),
            Claim::More(deed, _) => self.last(deed),
            _ => None,
        }
    }
}
