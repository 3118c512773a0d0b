//! Histories of a busy store: many clients, all of them with an operation open nearly always, few keys, puts, gets and
//! appends.

use std::collections::BTreeMap;

/// One operation, from its invocation to its completion.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its client.
    pub client: u32,
    /// What it touches.
    pub key: String,
    /// What it does.
    pub kind: Kind,
    /// When it is invoked, and when it completes. No two of these times are equal.
    pub span: (u64, u64),
}

/// What an operation does.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Reads this.
    Get(String),
    /// Writes this.
    Put(String),
    /// Adds this at the end.
    Append(String),
}

/// A small generator (splitmix64): the same numbers everywhere.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// A history of so many clients and operations on so many keys, in the order of invocations. If `is_bad`, one of the
/// last gets missed the last append.
pub fn history(seed: u64, clients: u32, count: usize, keys: u64, is_bad: bool) -> Vec<Call> {
    let mut draws = Draws(seed);
    let mut free_at = vec![0; clients as usize];
    let mut drawn = Vec::new();
    for number in 0..count {
        let client = (0..free_at.len()).min_by_key(|&client| free_at[client]).unwrap_or_default();
        let invoked = free_at[client] + 1 + draws.below(50);
        let effect = invoked + 1 + draws.below(1000);
        let completed = effect + 1 + draws.below(1000);
        free_at[client] = completed;
        let kind = match draws.below(8) {
            0 => Kind::Put(format!("p {client} {number} y")),
            1..=3 => Kind::Append(format!("x {client} {number} y")),
            _ => Kind::Get(String::new()),
        };
        drawn.push((
            effect,
            Call { client: client as u32, key: draws.below(keys).to_string(), kind, span: (invoked, completed) },
        ));
    }
    drawn.sort_by_key(|(effect, _)| *effect);
    let mut store: BTreeMap<String, String> = BTreeMap::new();
    let mut missed = BTreeMap::new();
    let bad_from = if is_bad { count * 9 / 10 } else { count };
    let mut is_done = false;
    for (place, (_, call)) in drawn.iter_mut().enumerate() {
        let held = store.entry(call.key.clone()).or_default();
        match &mut call.kind {
            Kind::Put(value) => held.clone_from(value),
            Kind::Append(value) => {
                missed.insert(call.key.clone(), (held.clone(), call.span.1));
                held.push_str(value);
            }
            // The append that it missed was over when it began.
            Kind::Get(told) => match missed.get(&call.key) {
                Some((before, over))
                    if place >= bad_from && !is_done && *over < call.span.0 && held.len() > before.len() =>
                {
                    is_done = true;
                    told.clone_from(before);
                }
                _ => told.clone_from(held),
            },
        }
    }
    // Times become places in one sequence.
    let mut times: Vec<(u64, bool, usize)> = Vec::new();
    for (index, (_, call)) in drawn.iter().enumerate() {
        times.push((call.span.0, false, index));
        times.push((call.span.1, true, index));
    }
    times.sort_unstable();
    for (position, (_, is_end, index)) in (0..).zip(times) {
        let span = &mut drawn[index].1.span;
        if is_end { span.1 = position } else { span.0 = position }
    }
    let mut calls: Vec<Call> = drawn.into_iter().map(|(_, call)| call).collect();
    calls.sort_by_key(|call| call.span.0);
    calls
}
