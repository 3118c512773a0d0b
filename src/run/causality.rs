//! Happened-before (Lamport 1978): which events lie in an event's past, and in whose past it lies.
//!
//! An event comes right after the event before it on the same process, and, if it handles a message, after the event that
//! sent it. A timer that fires, a write that is on disk and a process that starts again were set, written and started on the
//! same process, so they add nothing. What is done from outside to no process in particular (a partition) comes after nothing
//! and before nothing: no process hears of it.
//!
//! Both the past and the future of an event are closed under the order of a process. So all of them is said by one event for
//! each process: the last one in the past, the first one in the future. These are the vector clock (Fidge 1988, Mattern 1989)
//! of the event, and its mirror image. Each is found in one pass over the trace.

use crate::process::Process;
use crate::sim::trace::InputKind;
use crate::sim::{EventRecord, Trace};

/// The past and the future of an event, by process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cone {
    /// The last event of each process that lies in the past; of its own process the event itself.
    pub past: Vec<Option<u32>>,
    /// The first event of each process that lies in the future; of its own process the event itself.
    pub future: Vec<Option<u32>>,
}

impl Cone {
    /// Whether an event lies in the past, or is the one that is asked about.
    pub fn is_past(&self, process: u16, event: u32) -> bool {
        self.past.get(usize::from(process)).copied().flatten().is_some_and(|last| event <= last)
    }

    /// Whether an event lies in the future, or is the one that is asked about.
    pub fn is_future(&self, process: u16, event: u32) -> bool {
        self.future.get(usize::from(process)).copied().flatten().is_some_and(|first| event >= first)
    }
}

/// The event that sent the message that an event handles, if it handles one that another event sent.
pub fn sent_by<R: Process>(trace: &Trace<R>, record: &EventRecord) -> Option<u32> {
    let message = trace.messages.get(record.cause as usize).filter(|_| record.input == InputKind::Message)?;
    Some(message.event)
}

/// The past and the future of an event, of a run that ends before another one.
pub fn cone<R: Process>(trace: &Trace<R>, processes: u16, event: u32, end: u32) -> Cone {
    let mut cone = Cone { past: vec![None; usize::from(processes)], future: vec![None; usize::from(processes)] };
    let Some(own) = trace.events.get(event as usize).map(|record| usize::from(record.node)) else { return cone };
    let (Some(past), Some(future)) = (cone.past.get_mut(own), cone.future.get_mut(own)) else { return cone };
    (*past, *future) = (Some(event), Some(event));
    for earlier in (0..=event).rev() {
        let Some(record) = trace.events.get(earlier as usize) else { continue };
        let sender = sent_by(trace, record).filter(|_| cone.is_past(record.node, earlier));
        if let Some(sent) = sender
            && let Some(sender) = trace.events.get(sent as usize)
            && let Some(last) = cone.past.get_mut(usize::from(sender.node))
        {
            *last = (*last).max(Some(sent));
        }
    }
    for later in event + 1..end {
        let Some(record) = trace.events.get(later as usize) else { break };
        let knows = sent_by(trace, record).is_some_and(|sent| {
            trace.events.get(sent as usize).is_some_and(|sender| cone.is_future(sender.node, sent))
        });
        if let Some(first) = cone.future.get_mut(usize::from(record.node)).filter(|first| knows && first.is_none()) {
            *first = Some(later);
        }
    }
    cone
}
