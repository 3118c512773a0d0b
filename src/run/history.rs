//! What the clients saw, and the checker's word on it.

use super::Run;
use crate::check::history::{Operation, Outcome};
use crate::check::linearizability::zones::{self, Opinions};
use crate::check::linearizability::{Options, Report, Verdict, check};
use crate::check::model::{Kv, KvCommand, KvResult};
use crate::check::{Monitor, Watched};
use crate::kv::{Answer, ClientReport, Command, Ending, Request};
use crate::process::{NodeId, Ticks};
use crate::sim::trace::ReportRecord;

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
    /// The checker's report; its operations are indices of the history.
    pub report: Report,
    /// What the second judge says, who shares nothing with the first.
    pub second: Opinions,
    /// Where the two contradict each other, in a sentence: then one of them has a fault.
    pub disagreement: Option<String>,
    /// One sentence.
    pub sentence: String,
}

/// The operations up to a moment of the run. It is read on as the run goes on, and read anew when the playhead has gone
/// back.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    operations: Vec<ClientOperation>,
    /// For each process, the operation that is under way.
    open: Vec<Option<usize>>,
    reports_read: usize,
}

impl History {
    /// Takes in what clients reported before the given event.
    fn read_up_to(&mut self, cursor: u32, reports: &[ReportRecord]) {
        let up_to = reports.partition_point(|record| record.event < cursor);
        if up_to < self.reports_read {
            *self = Self::default();
        }
        for (position, record) in reports.iter().enumerate().take(up_to).skip(self.reports_read) {
            self.read(position, record);
        }
        self.reports_read = up_to;
    }

    fn read(&mut self, position: usize, record: &ReportRecord) {
        let moment = Moment { event: record.event, time: record.time, position: position as u32 };
        if self.open.len() <= record.client.index() {
            self.open.resize(record.client.index() + 1, None);
        }
        let current = &mut self.open[record.client.index()];
        match &record.report {
            ClientReport::Invoked { sequence, command } => {
                *current = Some(self.operations.len());
                self.operations.push(ClientOperation {
                    client: record.client,
                    sequence: *sequence,
                    command: command.clone(),
                    invoked: moment,
                    completed: None,
                });
            }
            ClientReport::Completed { ending, .. } => {
                if let Some(operation) = current.take().and_then(|index| self.operations.get_mut(index)) {
                    operation.completed = Some((moment, ending.clone()));
                }
            }
        }
    }
}

impl<R: Watched> Run<R> {
    /// All operations that began before the playhead, in the order of their invocations.
    pub fn history(&mut self) -> &[ClientOperation] {
        self.history.read_up_to(self.simulation.cursor(), &self.simulation.trace().reports);
        &self.history.operations
    }

    /// Judges what the clients saw up to the playhead.
    pub fn verdict(&mut self, steps_max: u64) -> Judgement {
        self.history();
        self.judge(&self.history.operations, steps_max)
    }

    /// The operations up to the playhead as they are judged: those of the history, and then what was carried out in the
    /// name of clients that gave their keys away.
    pub fn judged(&mut self) -> Vec<Operation<KvCommand, KvResult>> {
        self.history();
        self.to_be_judged(&self.history.operations)
    }

    fn to_be_judged(&self, history: &[ClientOperation]) -> Vec<Operation<KvCommand, KvResult>> {
        let world = self.simulation.world();
        let replicas = world.setup().replicas;
        let to_checked =
            |operation: &ClientOperation| to_checked(operation, replicas, world.is_honest(operation.client));
        let mut operations: Vec<Operation<KvCommand, KvResult>> = history.iter().map(to_checked).collect();
        operations.extend(self.foreign(history));
        operations
    }

    fn judge(&self, history: &[ClientOperation], steps_max: u64) -> Judgement {
        let operations = self.to_be_judged(history);
        let mut report = check(&Kv::default(), &operations, &Options { steps_max, ..Options::default() });
        let second = zones::judge(&Kv::default(), &operations);
        let disagreement = second.disagreement(&report);
        let linearization = match &mut report.verdict {
            Verdict::Linearizable(linearization) => Some(linearization),
            Verdict::NotLinearizable(violation) => violation.linearization.as_mut(),
            Verdict::Undecided(_) => None,
        };
        if let Some(linearization) = linearization {
            linearization.points.retain(|point| point.operation < history.len());
        }
        let sentence = match &report.verdict {
            Verdict::Linearizable(_) => format!("linearizable: {} operations", report.operations),
            Verdict::NotLinearizable(violation) => format!("not linearizable: {}", violation.sentence()),
            Verdict::Undecided(undecided) => {
                format!("undecided: {} operations, and the limit of {} is reached", report.operations, undecided.bound)
            }
        };
        Judgement { report, second, disagreement, sentence }
    }

    /// What was carried out in the name of clients that gave their keys away, and was not asked for by them: somebody
    /// else did, at some time.
    fn foreign(&self, history: &[ClientOperation]) -> Vec<Operation<KvCommand, KvResult>> {
        let world = self.simulation.world();
        let replicas = world.setup().replicas;
        if world.adversary().ever().iter().all(|node| node.0 < replicas) {
            return Vec::new();
        }
        let is_asked = |request: &Request| {
            let mut own = history.iter().filter(|operation| operation.client == request.client);
            own.any(|operation| operation.sequence == request.sequence && operation.command == request.command)
        };
        let carried_out = self.monitor.carried_out(self.simulation.cursor(), world).into_iter();
        let foreign = carried_out
            .filter(|request| !world.is_honest(request.client) && !request.command.is_read() && !is_asked(request));
        let to_checked = |Request { client, command, .. }| Operation {
            client: u32::from(client.0.saturating_sub(replicas)) + 1,
            command: KvCommand::from(command),
            invoked_at: 0,
            outcome: Outcome::Unknown,
        };
        foreign.map(to_checked).collect()
    }

    /// The writes that clients were told are done, and that are lost: a majority of the replicas has gone past them,
    /// did something else in their place, and never will carry them out. By index in the history.
    pub fn lost_writes(&mut self) -> Vec<usize> {
        if self.simulation.world().adversary().ever().is_empty() {
            return Vec::new();
        }
        self.history();
        let cursor = self.simulation.cursor();
        let world = self.simulation.world();
        let is_lost = |operation: &ClientOperation| {
            let ClientOperation { client, sequence, command, completed, .. } = operation;
            let is_done = matches!(completed, Some((_, Ending::Ok(Answer::Done | Answer::Swapped))));
            let request = || Request { client: *client, sequence: *sequence, command: command.clone() };
            is_done
                && world.is_honest(*client)
                && 2 * self.monitor.gone_past(&request(), cursor).len() > u32::from(world.setup().replicas)
        };
        self.history
            .operations
            .iter()
            .enumerate()
            .filter(|(_, operation)| is_lost(operation))
            .map(|(index, _)| index)
            .collect()
    }
}

/// An operation as the checker takes it: c1 is its client 1. One that is still under way may take effect yet. Nothing
/// is promised to a client that gave its keys away: what it asked for may have been done, and its answers say nothing.
fn to_checked(operation: &ClientOperation, replicas: u16, is_honest: bool) -> Operation<KvCommand, KvResult> {
    let outcome = match &operation.completed {
        _ if !is_honest => Outcome::Unknown,
        Some((moment, Ending::Ok(answer))) => {
            Outcome::Ok { completed_at: u64::from(moment.position), result: answer.clone().into() }
        }
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
