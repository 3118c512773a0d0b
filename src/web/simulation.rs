//! The one class of the page: a run with its playhead.

use super::error::PlaygroundError;
use super::js::{milliseconds, read, to_js};
use super::session::Session;
use super::shapes::refuse_unknown;
use super::wire;
use crate::run::Run;
use crate::scenario::settings::replicas_of;
use crate::scenario::{ActionText, Playable, Scenario, ScenarioError, Story, WithProtocol, with_protocol};
use crate::sim::Stepped;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Events between two looks at the clock.
const EVENTS_PER_LOOK: u32 = 64;

/// A run with its playhead, which stands between two events.
#[wasm_bindgen]
pub struct Simulation {
    pub(super) session: Box<dyn Session>,
    pub(super) scenario: Scenario,
    pub(super) story: Story,
    stopped: Option<Stepped>,
}

/// Opens the run of a scenario, whatever its protocol.
struct Opening<'a>(&'a Scenario);

impl WithProtocol for Opening<'_> {
    type Output = Result<Box<dyn Session>, ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        Ok(Box::new(Run::new(self.0.simulation::<R>()?)))
    }
}

/// Reads a scenario. How many replicas are meant without a word depends on the protocol.
pub(super) fn read_scenario(value: &JsValue, code: &'static str) -> Result<Scenario, PlaygroundError> {
    let says_how_many = js_sys::Reflect::get(value, &"replicas".into()).is_ok_and(|replicas| !replicas.is_undefined());
    refuse_unknown(value, "Scenario", code)?;
    let mut scenario: Scenario = read(value, code)?;
    if !says_how_many {
        scenario.replicas = replicas_of(&scenario.protocol);
    }
    Ok(scenario)
}

#[wasm_bindgen]
impl Simulation {
    /// Builds the run of a scenario, before its first event.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `scenario` that says what is wrong with it, and where.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> Result<Simulation, JsValue> {
        let build = || -> Result<Simulation, PlaygroundError> {
            let scenario = read_scenario(&scenario, "scenario")?;
            let session = with_protocol(&scenario.protocol, Opening(&scenario))??;
            let story = session.story(&scenario)?;
            Ok(Simulation { session, scenario, story, stopped: None })
        };
        build().map_err(PlaygroundError::into_js)
    }

    /// Names for the numbers in the columns, and the texts of the rules.
    ///
    /// # Errors
    ///
    /// Never, unless memory runs out; so it is with all that have no section of errors here.
    #[wasm_bindgen(unchecked_return_type = "Catalogue")]
    pub fn catalogue(&self) -> Result<JsValue, JsValue> {
        to_js(&self.session.catalogue())
    }

    /// The scenario with all interventions: from it comes the same run.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "Scenario")]
    pub fn scenario(&self) -> Result<JsValue, JsValue> {
        to_js(&Scenario { interventions: self.session.interventions(), ..self.scenario.clone() })
    }

    fn current_status(&self) -> wire::Status {
        self.session.status(self.stopped)
    }

    /// Where the run and its playhead are.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub fn status(&self) -> Result<JsValue, JsValue> {
        to_js(&self.current_status())
    }

    /// Moves the playhead over one event. False if nothing is left to happen, or the limit is reached.
    #[allow(clippy::missing_errors_doc)]
    pub fn step(&mut self) -> Result<bool, JsValue> {
        let stepped = self.session.step_until(u64::MAX);
        self.stopped = Some(stepped);
        Ok(stepped == Stepped::Event)
    }

    /// Moves the playhead to a time, or as far as the budget of milliseconds allows.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if the time is not a number from 0 on.
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub fn run_until(&mut self, tick: f64, budget_ms: f64) -> Result<JsValue, JsValue> {
        let until = whole("tick", tick)?;
        let start = milliseconds();
        loop {
            for _ in 0..EVENTS_PER_LOOK {
                let stepped = self.session.step_until(until);
                self.stopped = Some(stepped);
                if stepped != Stepped::Event {
                    return to_js(&self.current_status());
                }
            }
            if milliseconds() - start >= budget_ms {
                return to_js(&self.current_status());
            }
        }
    }

    /// As [`Simulation::run_until`], but where the run is new a scheduler holds back each message that would decide,
    /// until it no longer would.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if the time is not a number from 0 on, or `intervention` if nothing can
    /// be held back.
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub fn keep_undecided(&mut self, tick: f64, budget_ms: f64) -> Result<JsValue, JsValue> {
        let until = whole("tick", tick)?;
        let start = milliseconds();
        loop {
            let stepped = self.session.keep_undecided(until, EVENTS_PER_LOOK).map_err(PlaygroundError::into_js)?;
            self.stopped = Some(stepped);
            if stepped != Stepped::Event || milliseconds() - start >= budget_ms {
                return to_js(&self.current_status());
            }
        }
    }

    /// Lets all that is held back arrive now.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `intervention` if the run has reached its limit.
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub fn let_go(&mut self) -> Result<JsValue, JsValue> {
        let from = self.current_status().cursor;
        self.session.let_go().map_err(PlaygroundError::into_js)?;
        self.story.forget(from);
        self.stopped = None;
        to_js(&self.current_status())
    }

    /// How many messages are held back at the playhead; null where the scheduler does not know what decides.
    #[allow(clippy::missing_errors_doc)]
    pub fn held_back(&self) -> Option<u32> {
        self.session.held_back()
    }

    /// Moves the playhead to just after so many events, of those recorded.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if the number is not one from 0 on.
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub fn seek(&mut self, event: f64) -> Result<JsValue, JsValue> {
        let event = u32::try_from(whole("event", event)?).unwrap_or(u32::MAX);
        self.session.seek(event);
        self.stopped = None;
        to_js(&self.current_status())
    }

    /// Does something to the run at the playhead. In the past, what came after is forgotten.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `intervention` that says which part of the action is wrong.
    #[wasm_bindgen(unchecked_return_type = "{ discarded_events: number; status: Status }")]
    pub fn intervene(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Action")] action: JsValue,
    ) -> Result<JsValue, JsValue> {
        let action: ActionText = refuse_unknown(&action, "ActionText", "intervention")
            .and_then(|()| read(&action, "intervention"))
            .map_err(PlaygroundError::into_js)?;
        let from = self.current_status().cursor;
        let discarded_events = self.session.intervene(&action).map_err(PlaygroundError::into_js)?;
        self.story.forget(from);
        self.stopped = None;
        to_js(&wire::Intervened { discarded_events, status: self.current_status() })
    }

    /// Plans that the network heals by itself at a time, because of what was done last. Cutting or healing it by hand
    /// takes the place of the plan.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if the time is not a number from 0 on or too large, or `intervention`
    /// if nothing has happened yet.
    pub fn plan_heal(&mut self, tick: f64) -> Result<(), JsValue> {
        let from = self.current_status().cursor;
        self.session.plan_heal(whole("tick", tick)?).map_err(PlaygroundError::into_js)?;
        self.story.forget(from);
        self.stopped = None;
        Ok(())
    }

    /// What was recorded since the given numbers of events, messages and resolutions, as typed arrays.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "Columns")]
    pub fn columns(&self, events: u32, messages: u32, resolutions: u32) -> Result<JsValue, JsValue> {
        Ok(self.session.columns(events, messages, resolutions))
    }

    /// All processes at the playhead.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "NodeView[]")]
    pub fn nodes(&self) -> Result<JsValue, JsValue> {
        to_js(&self.session.nodes())
    }

    /// The network at the playhead.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "NetworkView")]
    pub fn network(&self) -> Result<JsValue, JsValue> {
        to_js(&self.session.network())
    }

    /// One message.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if there is no such message.
    #[wasm_bindgen(unchecked_return_type = "MessageView")]
    pub fn message(&self, index: u32) -> Result<JsValue, JsValue> {
        to_js(&self.session.message(index).map_err(PlaygroundError::into_js)?)
    }

    /// One event.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if there is no such event.
    #[wasm_bindgen(unchecked_return_type = "EventView")]
    pub fn event(&self, index: u32) -> Result<JsValue, JsValue> {
        to_js(&self.session.event(index).map_err(PlaygroundError::into_js)?)
    }

    /// A few words for each of some messages.
    #[allow(clippy::missing_errors_doc)]
    pub fn labels(&self, messages: &[u32]) -> Result<Vec<String>, JsValue> {
        Ok(self.session.labels(messages))
    }

    /// What the clients saw up to the playhead, from an operation on.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "OperationView[]")]
    pub fn history(&mut self, since: u32) -> Result<JsValue, JsValue> {
        to_js(&self.session.history(since as usize))
    }

    /// The checker's word on the history up to the playhead.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "Verdict")]
    pub fn verdict(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.session.verdict())
    }

    /// The writes that clients were told are done, and that are lost: a majority did something else in their place.
    /// Only where somebody lied.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "OperationView[]")]
    pub fn lost_writes(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.session.lost_writes())
    }

    /// The protocol's invariants, and whether they held up to the playhead.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "InvariantState[]")]
    pub fn invariants(&self) -> Result<JsValue, JsValue> {
        to_js(&self.session.invariants())
    }

    /// Who had promised and accepted each ballot by the playhead, lowest ballot first, and where two majorities met.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "QuorumsView")]
    pub fn quorums(&self) -> Result<JsValue, JsValue> {
        to_js(&self.session.quorums())
    }

    /// Who had accepted what by the playhead in some slots of a log, both ends included.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "SlotView[]")]
    pub fn slots(&self, first: u32, last: u32) -> Result<JsValue, JsValue> {
        to_js(&self.session.slots(u64::from(first)..=u64::from(last)))
    }

    /// The votes that a replica has counted, those that agree together.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "VoteSet[]")]
    pub fn votes(&self, node: u16) -> Result<JsValue, JsValue> {
        to_js(&self.session.votes(node))
    }

    /// The proofs of misbehaviour that replicas hold.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "HeldProof[]")]
    pub fn proofs(&self) -> Result<JsValue, JsValue> {
        to_js(&self.session.proofs())
    }

    /// Who is to blame for the disagreement of honest replicas by the playhead, with the proofs; null where they have
    /// not disagreed.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "Culprits | null")]
    pub fn culprits(&self) -> Result<JsValue, JsValue> {
        to_js(&self.session.culprits())
    }

    /// The phases of all decisions of which something was said within a span of time, up to the playhead.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if one of the times is not a number from 0 on.
    #[wasm_bindgen(unchecked_return_type = "Phases[]")]
    pub fn phases(&self, from: f64, to: f64) -> Result<JsValue, JsValue> {
        to_js(&self.session.phases(whole("from", from)?, whole("to", to)?))
    }

    /// What was done to the run from outside, as far as it is recorded.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "InterventionView[]")]
    pub fn interventions(&self) -> Result<JsValue, JsValue> {
        to_js(&self.session.intervention_views())
    }

    /// A range of events as text, a line each.
    #[allow(clippy::missing_errors_doc)]
    pub fn transcript(&self, from_event: u32, to_event: u32) -> Result<String, JsValue> {
        Ok(self.session.transcript(from_event..to_event))
    }
}

/// A whole number from JavaScript, where all numbers are doubles.
fn whole(place: &str, number: f64) -> Result<u64, JsValue> {
    if number.is_nan() || number < 0.0 {
        return Err(PlaygroundError::new("argument", place, format!("a number from 0 on, not {number}")).into_js());
    }
    // Infinity becomes the largest number: until whenever.
    Ok(number as u64)
}
