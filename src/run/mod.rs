//! One run with all that watches it: what the page, the command line, the hunt and the course look at.
//!
//! A [`Run`] is a simulation with the protocol's monitor beside it. The monitor sees every event once, when it first
//! happens; going back and forward again shows it nothing new. Acting in the past rewinds it.
//!
//! * [`history`]: what the clients saw, and the checker's word on it. * [`transcript`]: the run as text.
//! * [`quorums`]: which messages made a quorum. * [`promise`]: what is promised for the way in which clients read.
//! * [`causality`]: what happened before what.

pub mod causality;
pub mod history;
pub mod phases;
pub mod promise;
pub mod quorums;
pub mod transcript;

use crate::check::{
    BallotVotes, Culprits, Finding, HeldProof, Meeting, Monitor, Origin, Overwritten, SlotVotes, Watched, watch,
};
use crate::process::Ticks;
use crate::sim::simulation::ActionError;
use crate::sim::{Action, Simulation, Stepped};
use std::ops::RangeInclusive;

/// Events between two looks at everything.
const EVERYTHING_EVENTS: u32 = 8_192;

/// Most events that may happen at the moment of an action, besides it.
const EVENTS_AT_ONCE: u32 = 64;

/// A run with its watcher.
#[derive(Clone, Debug)]
pub struct Run<R: Watched> {
    simulation: Simulation<R>,
    monitor: R::Monitor,
    history: history::History,
}

impl<R: Watched> Run<R> {
    /// Watches a run from its beginning.
    pub fn new(simulation: Simulation<R>) -> Self {
        let monitor = R::Monitor::new(simulation.world().setup().replicas);
        Self { simulation, monitor, history: history::History::default() }
    }

    /// The run.
    pub fn simulation(&self) -> &Simulation<R> {
        &self.simulation
    }

    /// Moves the playhead over one event, if one is due until the given time.
    pub fn step_until(&mut self, until: Ticks) -> Stepped {
        let is_new = self.simulation.is_live();
        let stepped = self.simulation.step_until(until);
        if is_new && stepped == Stepped::Event {
            let event = self.simulation.cursor() - 1;
            watch(&mut self.monitor, event, self.simulation.world(), self.simulation.trace());
            if event % EVERYTHING_EVENTS == EVERYTHING_EVENTS - 1 {
                self.monitor.observe_everything(event, self.simulation.world());
            }
        }
        stepped
    }

    /// Moves the playhead to a time, over at most so many events.
    pub fn run_until(&mut self, until: Ticks, events_max: u32) -> Stepped {
        for _ in 0..events_max {
            let stepped = self.step_until(until);
            if stepped != Stepped::Event {
                return stepped;
            }
        }
        Stepped::Event
    }

    /// Moves the playhead to just after so many events, of those recorded.
    pub fn seek(&mut self, events: u32) {
        self.simulation.seek(events);
    }

    /// The trace hash right after so many events, of those recorded. The playhead stays where it is.
    pub fn hash_after(&mut self, events: u32) -> u128 {
        self.simulation.hash_after(events)
    }

    /// Does something to the run at the playhead. What was recorded after it is forgotten. Gives how many events were.
    ///
    /// # Errors
    ///
    /// As [`Simulation::check_action`]; the run is then as it was.
    pub fn intervene(&mut self, action: Action) -> Result<u32, ActionError> {
        let boots = matches!(action, Action::Restart(_) | Action::WipeDisk(_) | Action::RemoveFaults);
        let forgotten = self.simulation.plan(action)?;
        let at = self.simulation.world().action_time();
        self.after_forgetting(forgotten);
        self.step_until(at);
        if boots {
            // A process that is started again has booted when this is done, and not only at the next step.
            self.run_until(at, EVENTS_AT_ONCE);
        }
        Ok(forgotten)
    }

    /// New random numbers from the playhead on: another run of the same beginning. What was planned for later is done
    /// at its time.
    ///
    /// # Errors
    ///
    /// As [`Simulation::check_action`]; the run is then as it was.
    pub fn fork(&mut self, seed: u64) -> Result<u32, ActionError> {
        self.simulation.check_action(&Action::Reseed(seed))?;
        self.simulation.expect_another_way();
        self.intervene(Action::Reseed(seed))
    }

    /// Plans that the network heals by itself at a time. What was recorded after the playhead is forgotten.
    ///
    /// # Errors
    ///
    /// As [`Simulation::plan_heal`].
    pub fn plan_heal(&mut self, at: Ticks) -> Result<(), ActionError> {
        let forgotten = self.simulation.plan_heal(at)?;
        self.after_forgetting(forgotten);
        Ok(())
    }

    fn after_forgetting(&mut self, events: u32) {
        if events > 0 {
            self.monitor.rewind(self.simulation.cursor(), self.simulation.world());
            self.history = history::History::default();
        }
    }

    /// Looks at everything once more, and gives all that did not hold.
    pub fn findings_at_end(&mut self) -> Vec<Finding> {
        if self.simulation.is_live() {
            self.monitor.observe_everything(self.simulation.cursor().saturating_sub(1), self.simulation.world());
        }
        self.findings()
    }

    /// All that did not hold so far, the first time for each invariant.
    pub fn findings(&self) -> Vec<Finding> {
        self.monitor.findings()
    }

    /// Who had promised and accepted each ballot when the playhead's moment came.
    pub fn ballots(&self) -> Vec<BallotVotes> {
        self.monitor.ballots(self.simulation.cursor())
    }

    /// The proofs of misbehaviour that replicas hold at the playhead.
    pub fn proofs(&self) -> Vec<HeldProof> {
        R::Monitor::proofs(self.simulation.cursor(), self.simulation.world(), self.simulation.trace())
    }

    /// Who is to blame for the disagreement of honest replicas before the playhead, with the proofs; none where they
    /// have not disagreed.
    pub fn culprits(&self) -> Option<Culprits> {
        self.monitor.culprits(self.simulation.cursor(), self.simulation.world(), self.simulation.trace())
    }

    /// Where an entry of a log comes from, as far as it does before the playhead.
    pub fn origin(&self, index: u64, epoch: u64) -> Option<Origin> {
        let mut origin = self.monitor.origin(index, epoch, self.simulation.cursor())?;
        if let Some((node, event)) = origin.decided.filter(|_| origin.backers.is_empty()) {
            let messages = &self.simulation.trace().messages;
            let senders = self.quorum_of(event).into_iter().filter_map(|message| messages.get(message as usize));
            origin.backers = senders.map(|message| message.from).chain([node]).collect();
        }
        Some(origin)
    }

    /// Entries that replicas held and that were written over before the playhead, in the order in which that happened.
    pub fn overwritten(&self) -> Vec<Overwritten> {
        self.monitor.overwritten(self.simulation.cursor())
    }

    /// Where two majorities met that matter, when the playhead's moment came.
    pub fn meeting(&self) -> Option<Meeting> {
        self.monitor.meeting(self.simulation.cursor())
    }

    /// Who had accepted what in some of the slots when the playhead's moment came.
    pub fn slots(&self, slots: RangeInclusive<u64>) -> Vec<SlotVotes> {
        self.monitor.slots(slots, self.simulation.cursor())
    }
}
