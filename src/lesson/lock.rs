//! A lock with a lease, the clocks of those who trust it, and a fencing token that saves what it guards.
//!
//! Two clients, A and B, each add a line to one file: they take the lock, read the file, think, and write it back whole. The lock service grants the lock for
//! the length of a *lease*, so that a client that dies does not keep it for ever, and gives each grant a number that only rises, the *token*. When the lease
//! has run out, by the service's own clock, the lock is free for the next who asks.
//!
//! The lease is a promise about time, and a client cannot keep it: it may be paused, for as long as a garbage collector or a hypervisor likes, between its last
//! look at its clock and its write; and its clock and the service's may not run alike. Then two clients hold the lock, each by its own lights, and one
//! overwrites what the other wrote. No care of the client's removes that. What does is the store: it keeps the highest token that it has seen, and
//! refuses a write with a lower one (Kleppmann 2016; Chubby's sequencers, Burrows 2006, section 2.4). Since a write here depends on a read before it, a
//! read shows its token too. A client that is refused begins anew, after a pause that
//! doubles each time.
//!
//! The model is a small deterministic one, in whole milliseconds: a queue of deliveries and alarms, a service, a store, two clients. What it simplifies: the
//! service is one machine that does not fail (a replicated store does its work as in the other lessons); a message takes five milliseconds each way and is never
//! lost; B asks every so often, in place of being told when the lock is free.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a message takes.
const LATENCY: u64 = 5;
/// How often a client that was turned away asks again.
const ASKS_EVERY: u64 = 15;
/// A client's pause after a refused write grows so often.
const REFUSALS_COUNTED: u32 = 6;
/// B asks for the first time at this moment.
const B_BEGINS: u64 = 20;
/// A run ends at this moment at the latest.
const END: u64 = 10_000;

/// The most that a setting may be.
const SETTING_MAX: u64 = 1_000;

/// What one may turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LockSettings {
    /// Length of a lease, in milliseconds.
    pub lease_ms: u64,
    /// Between a client's read and its write, in milliseconds.
    pub work_ms: u64,
    /// How long A stands still right before its first write leaves, in milliseconds.
    pub pause_ms: u64,
    /// How fast the service's clock runs, in percent: 100 is right.
    pub service_clock_percent: u64,
    /// Whether a client looks at its clock before it writes, and gives up if its lease has run out.
    pub clients_check: bool,
    /// Whether the store refuses a token below the highest that it has seen.
    pub fencing: bool,
}

impl Default for LockSettings {
    fn default() -> Self {
        Self { lease_ms: 100, work_ms: 40, pause_ms: 0, service_clock_percent: 100, clients_check: true, fencing: false }
    }
}

impl LockSettings {
    /// Whether each is within what the model takes.
    ///
    /// # Errors
    ///
    /// Names the setting and its range.
    pub fn check(&self) -> Result<(), String> {
        let within = |name: &str, value: u64, least: u64, most: u64| {
            if (least..=most).contains(&value) { Ok(()) } else { Err(format!("{name}: {least} to {most}, not {value}")) }
        };
        within("lease_ms", self.lease_ms, 20, SETTING_MAX)?;
        within("work_ms", self.work_ms, 0, SETTING_MAX)?;
        within("pause_ms", self.pause_ms, 0, SETTING_MAX)?;
        within("service_clock_percent", self.service_clock_percent, 25, 400)
    }
}

/// Who takes part, in the order of their lanes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each is what it is called")]
pub enum Party {
    A,
    B,
    Service,
    Store,
}

/// What happened, in the order in which a legend tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the sentence of the event says it")]
pub enum LockEventKind {
    Asked,
    Granted,
    Busy,
    Read,
    Paused,
    WentOn,
    GaveUp,
    Wrote,
    Accepted,
    Overwrote,
    Refused,
    Expired,
    Released,
}

/// An event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LockEvent {
    /// When, in milliseconds of true time.
    pub at_ms: u64,
    /// Where.
    pub party: Party,
    /// What.
    pub kind: LockEventKind,
    /// In a sentence.
    pub text: String,
}

/// A span of time in which something held.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Span {
    /// Whose lane.
    pub party: Party,
    /// `lease` at the service, `believes` at a client, `paused` at a client.
    pub kind: &'static str,
    /// The client that it is about.
    pub client: Party,
    /// The token, for a lease.
    pub token: u64,
    /// Beginning, in milliseconds of true time.
    pub from_ms: u64,
    /// End.
    pub to_ms: u64,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LockRun {
    /// All events, in order.
    pub events: Vec<LockEvent>,
    /// Leases, beliefs and pauses.
    pub spans: Vec<Span>,
    /// The lines of the file at the end.
    pub file: Vec<&'static str>,
    /// Whether a line was lost.
    pub is_corrupted: bool,
    /// How many writes the store refused.
    pub refused: u32,
    /// The end, in milliseconds.
    pub end_ms: u64,
    /// What there is to see, in a sentence.
    pub sentence: String,
}

/// What is under way.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Due {
    /// A client asks for the lock: at the client, then at the service.
    Ask(Party),
    AskArrives(Party),
    /// The service's answer: a token, or none.
    Answer(Party, Option<u64>),
    /// The read of the file: at the store, then at the client.
    ReadArrives(Party),
    Content(Party, Vec<&'static str>),
    /// A client has thought, and, if it was paused, goes on.
    Ready(Party),
    GoOn(Party),
    WriteArrives(Party, u64, Vec<&'static str>),
    Written(Party, bool),
    ReleaseArrives(Party, u64),
    Expire(u64),
}

#[derive(Clone, Debug, Default)]
struct Client {
    token: u64,
    /// When it believes its lease to end, by its own clock, which is right.
    believes_until: u64,
    since: u64,
    content: Vec<&'static str>,
    was_paused: bool,
    refusals: u32,
    is_done: bool,
}

struct Model {
    settings: LockSettings,
    now: u64,
    queue: BTreeMap<(u64, u32), Due>,
    number: u32,
    /// The service: who holds the lock, with which token, since when; and the last token that was given.
    holder: Option<(Party, u64, u64)>,
    last_token: u64,
    /// The store.
    file: Vec<&'static str>,
    highest: u64,
    clients: [Client; 2],
    events: Vec<LockEvent>,
    spans: Vec<Span>,
    refused: u32,
}

/// Plays the lock with some settings.
///
/// # Errors
///
/// If a setting is out of range.
pub fn play(settings: LockSettings) -> Result<LockRun, String> {
    settings.check()?;
    let mut model = Model {
        settings,
        now: 0,
        queue: BTreeMap::new(),
        number: 0,
        holder: None,
        last_token: 32,
        file: Vec::new(),
        highest: 0,
        clients: [Client::default(), Client::default()],
        events: Vec::new(),
        spans: Vec::new(),
        refused: 0,
    };
    model.after(0, Due::Ask(Party::A));
    model.after(B_BEGINS, Due::Ask(Party::B));
    while let Some(((at, _), due)) = model.queue.pop_first() {
        if at > END {
            break;
        }
        model.now = at;
        model.handle(due);
    }
    Ok(model.finish())
}

impl Party {
    fn line(self) -> &'static str {
        if self == Self::A { "A" } else { "B" }
    }

    fn place(self) -> usize {
        usize::from(self == Self::B)
    }
}

impl Model {
    fn after(&mut self, delay: u64, due: Due) {
        self.number += 1;
        self.queue.insert((self.now + delay, self.number), due);
    }

    fn tell(&mut self, party: Party, kind: LockEventKind, text: String) {
        self.events.push(LockEvent { at_ms: self.now, party, kind, text });
    }

    fn client(&mut self, party: Party) -> &mut Client {
        &mut self.clients[party.place()]
    }

    fn handle(&mut self, due: Due) {
        match due {
            Due::Ask(client) => {
                self.tell(client, LockEventKind::Asked, format!("{} asks for the lock", client.line()));
                self.after(LATENCY, Due::AskArrives(client));
            }
            Due::AskArrives(client) => self.ask_arrives(client),
            Due::Answer(client, token) => self.answer(client, token),
            Due::ReadArrives(client) => {
                // A read shows its token too: otherwise an older holder could still write between a newer one's read and its write.
                self.highest = self.highest.max(self.client(client).token);
                let content = self.file.clone();
                self.after(LATENCY, Due::Content(client, content));
            }
            Due::Content(client, content) => self.content(client, content),
            Due::Ready(client) => self.ready(client),
            Due::GoOn(client) => {
                self.tell(client, LockEventKind::WentOn, format!("{} goes on, and has noticed nothing", client.line()));
                self.write(client);
            }
            Due::WriteArrives(client, token, content) => self.write_arrives(client, token, &content),
            Due::Written(client, is_accepted) => self.written(client, is_accepted),
            Due::ReleaseArrives(client, token) => self.release_arrives(client, token),
            Due::Expire(token) => self.expire(token),
        }
    }

    fn ask_arrives(&mut self, client: Party) {
        if let Some((holder, ..)) = self.holder {
            self.tell(Party::Service, LockEventKind::Busy, format!("{} is told that {} has the lock", client.line(), holder.line()));
            return self.after(LATENCY, Due::Answer(client, None));
        }
        self.last_token += 1;
        let token = self.last_token;
        self.holder = Some((client, token, self.now));
        self.tell(Party::Service, LockEventKind::Granted, format!("{} gets the lock, with token {token}", client.line()));
        // By a clock that runs at p percent, the lease has run out after 100/p of its length.
        self.after((self.settings.lease_ms * 100).div_ceil(self.settings.service_clock_percent), Due::Expire(token));
        self.after(LATENCY, Due::Answer(client, Some(token)));
    }

    fn answer(&mut self, client: Party, token: Option<u64>) {
        let Some(token) = token else { return self.after(ASKS_EVERY, Due::Ask(client)) };
        // The lease began at some time after it asked: the careful client counts from then.
        let (now, asked) = (self.now, self.now - 2 * LATENCY);
        let until = asked + self.settings.lease_ms;
        let state = self.client(client);
        (state.token, state.since, state.believes_until) = (token, now, until);
        self.after(LATENCY, Due::ReadArrives(client));
    }

    fn content(&mut self, client: Party, content: Vec<&'static str>) {
        let shown = if content.is_empty() { "nothing".to_owned() } else { content.join(", ") };
        self.client(client).content = content;
        self.tell(client, LockEventKind::Read, format!("{} reads the file: {shown}", client.line()));
        self.after(self.settings.work_ms, Due::Ready(client));
    }

    fn ready(&mut self, client: Party) {
        if self.settings.clients_check && self.now >= self.client(client).believes_until {
            self.tell(client, LockEventKind::GaveUp, format!("{} looks at its clock: the lease is over, it begins anew", client.line()));
            self.believed(client);
            return self.after(ASKS_EVERY, Due::Ask(client));
        }
        let pause = self.settings.pause_ms;
        if client == Party::A && pause > 0 && !self.client(client).was_paused {
            self.client(client).was_paused = true;
            self.tell(client, LockEventKind::Paused, format!("A has looked at its clock, and stands still for {pause} ms"));
            self.spans.push(Span { party: client, kind: "paused", client, token: 0, from_ms: self.now, to_ms: self.now + pause });
            return self.after(pause, Due::GoOn(client));
        }
        self.write(client);
    }

    fn write(&mut self, client: Party) {
        let state = self.client(client);
        let (token, mut content) = (state.token, state.content.clone());
        content.push(client.line());
        self.tell(client, LockEventKind::Wrote, format!("{} writes {} with token {token}", client.line(), content.join(", ")));
        self.after(LATENCY, Due::WriteArrives(client, token, content));
    }

    fn write_arrives(&mut self, client: Party, token: u64, content: &[&'static str]) {
        if self.settings.fencing && token < self.highest {
            self.refused += 1;
            let text = format!("{}’s write is refused: its token is {token}, and the store has seen {}", client.line(), self.highest);
            self.tell(Party::Store, LockEventKind::Refused, text);
            return self.after(LATENCY, Due::Written(client, false));
        }
        self.highest = self.highest.max(token);
        let lost: Vec<&str> = self.file.iter().copied().filter(|line| !content.contains(line)).collect();
        if lost.is_empty() {
            self.tell(Party::Store, LockEventKind::Accepted, format!("the file is now {}", content.join(", ")));
        } else {
            let text = format!("the file is now {}: the line of {} is overwritten", content.join(", "), lost.join(", "));
            self.tell(Party::Store, LockEventKind::Overwrote, text);
        }
        self.file = content.to_vec();
        self.after(LATENCY, Due::Written(client, true));
    }

    fn written(&mut self, client: Party, is_accepted: bool) {
        self.believed(client);
        let state = self.client(client);
        if !is_accepted {
            // Twice as long each time: two that are in each other's way would otherwise stay so.
            state.refusals += 1;
            let pause = ASKS_EVERY << state.refusals.min(REFUSALS_COUNTED);
            return self.after(pause, Due::Ask(client));
        }
        state.is_done = true;
        let token = state.token;
        self.after(LATENCY, Due::ReleaseArrives(client, token));
    }

    /// From when to when a client took itself for the holder.
    fn believed(&mut self, client: Party) {
        let now = self.now;
        let state = self.client(client);
        let (token, from_ms) = (state.token, state.since);
        self.spans.push(Span { party: client, kind: "believes", client, token, from_ms, to_ms: now });
    }

    fn release_arrives(&mut self, client: Party, token: u64) {
        // Of an old lease nothing is left to release.
        if let Some((_, held, since)) = self.holder.filter(|&(_, held, _)| held == token) {
            self.tell(Party::Service, LockEventKind::Released, format!("{} releases the lock", client.line()));
            self.spans.push(Span { party: Party::Service, kind: "lease", client, token: held, from_ms: since, to_ms: self.now });
            self.holder = None;
        }
    }

    fn expire(&mut self, token: u64) {
        if let Some((client, held, since)) = self.holder.filter(|&(_, held, _)| held == token) {
            self.tell(Party::Service, LockEventKind::Expired, format!("{}’s lease runs out, by the service’s clock", client.line()));
            self.spans.push(Span { party: Party::Service, kind: "lease", client, token: held, from_ms: since, to_ms: self.now });
            self.holder = None;
        }
    }

    fn finish(self) -> LockRun {
        let done = self.clients.iter().filter(|client| client.is_done).count();
        let is_corrupted = self.file.len() < done;
        let overlap = |span: &Span| {
            let others = self.spans.iter().filter(|other| other.kind == "believes" && other.client != span.client);
            others.into_iter().any(|other| other.from_ms < span.to_ms && span.from_ms < other.to_ms)
        };
        let two_holders = self.spans.iter().filter(|span| span.kind == "believes").any(overlap);
        let sentence = match (is_corrupted, self.refused, two_holders) {
            _ if done < self.clients.len() => format!("After {} seconds {done} of two clients have finished: the lease is too short for the work.", END / 1_000),
            (true, ..) => "Both clients were told that their write was made, and one line is gone: two clients held the lock at once.".to_owned(),
            (false, 1.., _) => "Two clients held the lock at once. The store refused the write with the older token, its client began anew, and both lines are there.".to_owned(),
            (false, 0, true) => "Two clients held the lock at once, and nothing was lost this time: their writes happened not to cross.".to_owned(),
            (false, 0, false) => "One client after the other held the lock, and both lines are there.".to_owned(),
        };
        LockRun { end_ms: self.now, events: self.events, spans: self.spans, file: self.file, is_corrupted, refused: self.refused, sentence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(change: impl FnOnce(&mut LockSettings)) -> LockRun {
        let mut settings = LockSettings::default();
        change(&mut settings);
        play(settings).expect("the settings are within their ranges")
    }

    #[test]
    fn with_right_clocks_and_no_pause_the_lock_does_what_it_promises() {
        let run = of(|_| {});
        assert_eq!((run.file.as_slice(), run.is_corrupted, run.refused), (["A", "B"].as_slice(), false, 0));
    }

    #[test]
    fn a_pause_longer_than_the_lease_loses_a_line_although_the_client_looked_at_its_clock() {
        let run = of(|settings| settings.pause_ms = 150);
        assert!(run.is_corrupted, "{:#?}", run.events);
        assert_eq!(run.file, ["A"]);
        assert!(run.events.iter().any(|event| event.kind == LockEventKind::Overwrote));
    }

    #[test]
    fn a_service_whose_clock_is_fast_gives_the_lock_away_too_soon() {
        let run = of(|settings| settings.service_clock_percent = 300);
        assert!(run.is_corrupted, "{:#?}", run.events);
        let slow = of(|settings| settings.service_clock_percent = 50);
        assert!(!slow.is_corrupted, "a slow one only keeps it too long");
    }

    #[test]
    fn the_fencing_token_saves_the_file_in_both_cases() {
        for (pause_ms, service_clock_percent) in [(150, 100), (0, 300), (150, 300), (400, 400)] {
            let run = of(|settings| {
                (settings.pause_ms, settings.service_clock_percent, settings.fencing) = (pause_ms, service_clock_percent, true)
            });
            assert!(!run.is_corrupted && run.refused > 0, "{pause_ms} ms, {service_clock_percent} %: {:#?}", run.events);
            let mut file = run.file.clone();
            file.sort_unstable();
            assert_eq!(file, ["A", "B"]);
        }
    }

    #[test]
    fn with_fencing_nothing_is_ever_lost() {
        for lease_ms in [20, 60, 100] {
            for work_ms in [0, 15, 40, 90] {
                for pause_ms in [0, 30, 100, 300] {
                    for service_clock_percent in [25, 100, 170, 400] {
                        for clients_check in [false, true] {
                            let settings =
                                LockSettings { lease_ms, work_ms, pause_ms, service_clock_percent, clients_check, fencing: true };
                            let run = play(settings).expect("within range");
                            assert!(!run.is_corrupted, "{settings:?}: {:#?}", run.events);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn settings_out_of_range_are_refused_by_name() {
        let refused = play(LockSettings { lease_ms: 0, ..LockSettings::default() });
        assert_eq!(refused.expect_err("too short"), "lease_ms: 20 to 1000, not 0");
        assert!(play(LockSettings { service_clock_percent: u64::MAX, ..LockSettings::default() }).is_err());
    }
}
