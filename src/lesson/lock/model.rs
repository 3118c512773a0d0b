//! How the lock is played: a queue of deliveries and alarms, a service, a store, two clients.

use super::{LockEvent, LockEventKind, LockRun, LockSettings, Party, Span};
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

/// The state of a run.
pub(super) struct Model {
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

impl Party {
    fn line(self) -> &'static str {
        if self == Self::A { "A" } else { "B" }
    }

    fn index(self) -> usize {
        usize::from(self == Self::B)
    }
}

impl Model {
    /// Before the first event: A asks at once, B a little later.
    pub(super) fn new(settings: LockSettings) -> Self {
        let mut model = Self {
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
        model
    }

    /// Lets all happen that is due, in order.
    pub(super) fn play(mut self) -> LockRun {
        while let Some(((at, _), due)) = self.queue.pop_first() {
            if at > END {
                break;
            }
            self.now = at;
            self.handle(due);
        }
        self.finish()
    }

    fn after(&mut self, delay: u64, due: Due) {
        self.number += 1;
        self.queue.insert((self.now + delay, self.number), due);
    }

    fn tell(&mut self, party: Party, kind: LockEventKind, text: String) {
        self.events.push(LockEvent { at_ms: self.now, party, kind, text });
    }

    fn client(&mut self, party: Party) -> &mut Client {
        &mut self.clients[party.index()]
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
                // A read shows its token too: otherwise an older holder could still write between a newer one's read
                // and its write.
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
            self.tell(
                Party::Service,
                LockEventKind::Busy,
                format!("{} is told that {} has the lock", client.line(), holder.line()),
            );
            return self.after(LATENCY, Due::Answer(client, None));
        }
        self.last_token += 1;
        let token = self.last_token;
        self.holder = Some((client, token, self.now));
        self.tell(
            Party::Service,
            LockEventKind::Granted,
            format!("{} gets the lock, with token {token}", client.line()),
        );
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
            self.tell(
                client,
                LockEventKind::GaveUp,
                format!("{} looks at its clock: the lease is over, it begins anew", client.line()),
            );
            self.believed(client);
            return self.after(ASKS_EVERY, Due::Ask(client));
        }
        let pause = self.settings.pause_ms;
        if client == Party::A && pause > 0 && !self.client(client).was_paused {
            self.client(client).was_paused = true;
            self.tell(
                client,
                LockEventKind::Paused,
                format!("A has looked at its clock, and stands still for {pause} ms"),
            );
            self.spans.push(Span {
                party: client,
                kind: "paused",
                client,
                token: 0,
                from_ms: self.now,
                to_ms: self.now + pause,
            });
            return self.after(pause, Due::GoOn(client));
        }
        self.write(client);
    }

    fn write(&mut self, client: Party) {
        let state = self.client(client);
        let (token, mut content) = (state.token, state.content.clone());
        content.push(client.line());
        self.tell(
            client,
            LockEventKind::Wrote,
            format!("{} writes {} with token {token}", client.line(), content.join(", ")),
        );
        self.after(LATENCY, Due::WriteArrives(client, token, content));
    }

    fn write_arrives(&mut self, client: Party, token: u64, content: &[&'static str]) {
        if self.settings.fencing && token < self.highest {
            self.refused += 1;
            let text = format!(
                "{}’s write is refused: its token is {token}, and the store has seen {}",
                client.line(),
                self.highest
            );
            self.tell(Party::Store, LockEventKind::Refused, text);
            return self.after(LATENCY, Due::Written(client, false));
        }
        self.highest = self.highest.max(token);
        let lost: Vec<&str> = self.file.iter().copied().filter(|line| !content.contains(line)).collect();
        if lost.is_empty() {
            self.tell(Party::Store, LockEventKind::Accepted, format!("the file is now {}", content.join(", ")));
        } else {
            let text =
                format!("the file is now {}: the line of {} is overwritten", content.join(", "), lost.join(", "));
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
        self.end_lease(token, LockEventKind::Released, |_| format!("{} releases the lock", client.line()));
    }

    fn expire(&mut self, token: u64) {
        let text = |holder: Party| format!("{}’s lease runs out, by the service’s clock", holder.line());
        self.end_lease(token, LockEventKind::Expired, text);
    }

    /// The lease with this token ends, if it is the one that is held; `text`: what is told of its holder.
    fn end_lease(&mut self, token: u64, kind: LockEventKind, text: impl FnOnce(Party) -> String) {
        let Some((holder, held, since)) = self.holder.filter(|&(_, held, _)| held == token) else { return };
        self.tell(Party::Service, kind, text(holder));
        let (from_ms, to_ms) = (since, self.now);
        self.spans.push(Span { party: Party::Service, kind: "lease", client: holder, token: held, from_ms, to_ms });
        self.holder = None;
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
        LockRun {
            end_ms: self.now,
            events: self.events,
            spans: self.spans,
            file: self.file,
            is_corrupted,
            refused: self.refused,
            sentence,
        }
    }
}
