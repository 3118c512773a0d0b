//! What the clients saw, and the checker's word on it.

use super::Run;
use crate::check::Watched;
use crate::check::history::{Operation, Outcome};
use crate::check::linearizability::{Options, Report, Verdict, check};
use crate::check::model::{Kv, KvCommand, KvResult};
use crate::kv::{ClientReport, Command, Ending};
use crate::process::{NodeId, Ticks};

/// Where something stands in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The event.
    pub event: u32,
    /// When.
    pub time: Ticks,
    /// Place among all invocations and completions of the run.
    pub position: u32,
}

/// One operation of a client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientOperation {
    /// The client.
    pub client: NodeId,
    /// The operation's number in the client's session.
    pub sequence: u64,
    /// What it asked for.
    pub command: Command,
    /// Where it began.
    pub invoked: Moment,
    /// Where and how it ended, if it has.
    pub completed: Option<(Moment, Ending)>,
}

/// The checker's word on a history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// The checker's report; its operations are places in the history.
    pub report: Report,
    /// One sentence.
    pub sentence: String,
}

impl<R: Watched> Run<R> {
    /// All operations that began before the playhead, in the order of their invocations.
    pub fn history(&self) -> Vec<ClientOperation> {
        let cursor = self.simulation.cursor();
        let mut operations: Vec<ClientOperation> = Vec::new();
        let mut open: Vec<Option<usize>> = vec![None; usize::from(self.simulation.world().processes())];
        for (position, record) in self.simulation.trace().reports.iter().enumerate().take_while(|(_, record)| record.event < cursor) {
            let moment = Moment { event: record.event, time: record.time, position: position as u32 };
            let current = &mut open[record.client.index()];
            match &record.report {
                ClientReport::Invoked { sequence, command } => {
                    *current = Some(operations.len());
                    let operation = ClientOperation {
                        client: record.client,
                        sequence: *sequence,
                        command: command.clone(),
                        invoked: moment,
                        completed: None,
                    };
                    operations.push(operation);
                }
                ClientReport::Completed { ending, .. } => {
                    if let Some(operation) = current.take().and_then(|place| operations.get_mut(place)) {
                        operation.completed = Some((moment, ending.clone()));
                    }
                }
            }
        }
        operations
    }

    /// Judges a history of this run.
    pub fn judge(&self, history: &[ClientOperation], steps_max: u64) -> Judgement {
        let replicas = self.simulation.world().setup().replicas;
        let operations: Vec<Operation<KvCommand, KvResult>> = history.iter().map(|operation| to_checked(operation, replicas)).collect();
        let report = check(&Kv::default(), &operations, &Options { steps_max, ..Options::default() });
        let sentence = match &report.verdict {
            Verdict::Linearizable(_) => format!("linearizable: {} operations", report.operations),
            Verdict::NotLinearizable(violation) => format!("not linearizable: {}", violation.sentence()),
            Verdict::Undecided(_) => format!("undecided: {} operations, and the limit of {steps_max} steps is reached", report.operations),
        };
        Judgement { report, sentence }
    }
}

/// An operation as the checker takes it: c1 is its client 1. One that is still under way may take effect yet.
fn to_checked(operation: &ClientOperation, replicas: u16) -> Operation<KvCommand, KvResult> {
    let outcome = match &operation.completed {
        Some((moment, Ending::Ok(answer))) => Outcome::Ok { completed_at: u64::from(moment.position), result: answer.clone().into() },
        Some((moment, Ending::Failed)) => Outcome::Failed { completed_at: u64::from(moment.position) },
        Some((_, Ending::Unknown)) | None => Outcome::Unknown,
    };
    Operation {
        client: u32::from(operation.client.0 - replicas) + 1,
        command: operation.command.clone().into(),
        invoked_at: u64::from(operation.invoked.position),
        outcome,
    }
}
