//! What servers have carried out since somebody lies: so it is seen which requests they went past and never will carry
//! out.
//!
//! A client's requests are carried out in the order of their numbers, each once. A server that has carried out another
//! request of a client with the same number, or one with a later number, never will carry this one out.

use crate::kv::Request;
use crate::process::{NodeId, NodeSet};
use std::collections::BTreeMap;

/// For each server and client what was carried out, each with its event, in the order of events and of numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct CarriedOut(BTreeMap<(NodeId, NodeId), Vec<(u32, Request)>>);

impl CarriedOut {
    /// Notes what a server had before it in its order. `latest`: the number of the client's last request that the
    /// server has carried out by now. One that came after a later one had no effect.
    pub(super) fn note(&mut self, event: u32, server: NodeId, request: &Request, latest: u64) {
        let carried_out = self.0.entry((server, request.client)).or_default();
        // What came before the first one is not known: it must be sure that this was no late copy.
        if carried_out.last().map_or(request.sequence == latest, |(_, last)| last.sequence < request.sequence) {
            carried_out.push((event, request.clone()));
        }
    }

    /// A server has taken over a state: nobody has seen what it carried out.
    pub(super) fn forget(&mut self, server: NodeId) {
        self.0.retain(|(of, _), _| *of != server);
    }

    pub(super) fn rewind(&mut self, event: u32) {
        for carried_out in self.0.values_mut() {
            carried_out.retain(|(noted, _)| *noted < event);
        }
    }

    /// The servers that have gone past a request before an event.
    pub(super) fn past(&self, request: &Request, before: u32) -> NodeSet {
        let is_past = |carried_out: &[(u32, Request)]| {
            let index = carried_out.partition_point(|(_, other)| other.sequence < request.sequence);
            let next = carried_out.get(index).filter(|(event, _)| *event < before);
            // Before the first that was noted it may have been carried out.
            next.is_some_and(|(_, next)| if next.sequence == request.sequence { next != request } else { index > 0 })
        };
        let servers =
            self.0.iter().filter(|((_, client), carried_out)| *client == request.client && is_past(carried_out));
        servers.map(|((server, _), _)| *server).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::Command;

    const SERVER: NodeId = NodeId(0);

    fn put(sequence: u64, value: &str) -> Request {
        Request { client: NodeId(5), sequence, command: Command::Put { key: "x".into(), value: value.into() } }
    }

    fn noted(requests: &[(u32, Request, u64)]) -> CarriedOut {
        let mut carried_out = CarriedOut::default();
        for (event, request, latest) in requests {
            carried_out.note(*event, SERVER, request, *latest);
        }
        carried_out
    }

    #[test]
    fn a_request_is_passed_by_another_in_its_place_or_by_a_later_one() {
        let carried_out =
            noted(&[(1, put(3, "3"), 3), (2, put(4, "lie"), 4), (3, put(6, "6"), 6), (4, put(5, "late"), 6)]);
        let past = |request: &Request, before| !carried_out.past(request, before).is_empty();
        assert!(past(&put(4, "4"), 9) && past(&put(5, "5"), 9) && past(&put(5, "late"), 9));
        assert!(!past(&put(3, "3"), 9) && !past(&put(6, "6"), 9), "these were carried out");
        assert!(!past(&put(7, "7"), 9), "this one may be yet");
        assert!(!past(&put(2, "2"), 9), "this one may have been, before anybody looked");
        assert!(!past(&put(5, "5"), 3), "not before the later one was carried out");
    }

    #[test]
    fn a_late_copy_is_no_beginning() {
        let carried_out = noted(&[(1, put(2, "2"), 5), (2, put(6, "6"), 6)]);
        assert!(carried_out.past(&put(4, "4"), 9).is_empty(), "it may have been carried out before anybody looked");
    }

    #[test]
    fn what_is_forgotten_says_nothing() {
        let mut carried_out = noted(&[(1, put(3, "3"), 3), (2, put(4, "lie"), 4)]);
        carried_out.rewind(2);
        assert!(carried_out.past(&put(4, "4"), 9).is_empty());
        carried_out.note(2, SERVER, &put(4, "lie"), 4);
        assert_eq!(carried_out.past(&put(4, "4"), 9).len(), 1);
        carried_out.forget(SERVER);
        assert!(carried_out.past(&put(4, "4"), 9).is_empty());
    }
}
