//! A store under partitions (task 10): a simulated Raft cluster with clients on both sides of a cut, and the checker's
//! word on what they saw. And the control that blocks what the node itself sends (the gossip track).

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use crate::check::linearizability::Verdict;
use crate::kv::{ClientConfig, Command, Ending, Reading};
use crate::process::{MILLISECOND, NodeId, NodeSet, SECOND};
use crate::raft::{Config, Raft, Role};
use crate::run::Run;
use crate::sim::random::Stream;
use crate::sim::{Action, NetworkDials, Setup, Simulation, Stepped, WorkloadDials};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

/// Most servers of a simulated cluster.
const CLUSTER_MAX: u64 = 31;
/// Most operations of a test.
const OPERATIONS_MAX: u64 = 20_000;
/// The clients of a test. The last ones are on the smaller side of a partition.
const CLIENTS: u16 = 5;
const CLIENTS_CUT_OFF: u16 = 2;
const KEYS: u64 = 8;
const EVENTS_MAX: u32 = 5_000_000;
/// Steps after which a history is left undecided: about a second's work.
pub(super) const STEPS_MAX: u64 = 2_000_000;

#[derive(Deserialize)]
struct TestBody {
    cluster_size: Count,
    operations: Count,
    partition_after_op: Count,
    heal_after_op: Count,
    /// Ours: another run.
    seed: Option<Count>,
}

impl TestBody {
    fn check(&self) -> Result<(), Refusal> {
        let range = |field: &str, value: u64, low: u64, high: u64| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(Refusal::malformed(field, format!("{low} to {high}, not {value}")))
            }
        };
        range("cluster_size", self.cluster_size.0, 1, CLUSTER_MAX)?;
        range("operations", self.operations.0, 0, OPERATIONS_MAX)?;
        range("heal_after_op", self.heal_after_op.0, 0, self.operations.0)?;
        range("partition_after_op", self.partition_after_op.0, 0, self.heal_after_op.0)
    }
}

/// A test that is under way.
struct Test {
    run: Run<Raft>,
    replicas: u16,
    draws: Stream,
    invoked: u64,
    next_client: u16,
}

/// `partition_test`.
pub(super) fn partition_test(_: &mut State, request: &Request<'_>) -> Answered {
    let body: TestBody = request.read()?;
    body.check()?;
    let mut test = Test::new(body.cluster_size.0 as u16, body.seed.map_or(1, |seed| seed.0));
    test.invoke_until(body.partition_after_op.0)?;
    if body.heal_after_op > body.partition_after_op {
        test.wait_for_all()?;
        test.partition()?;
        test.invoke_until(body.heal_after_op.0)?;
        // An operation that begins in the partition ends in it.
        test.wait_for_all()?;
        test.act(Action::Heal)?;
    }
    test.invoke_until(body.operations.0)?;
    test.wait_for_all()?;
    test.report(&body)
}

impl Test {
    fn new(replicas: u16, seed: u64) -> Self {
        let setup = Setup {
            seed,
            replicas,
            clients: CLIENTS,
            replica: Config::default(),
            client: ClientConfig {
                attempt_ticks: 300 * MILLISECOND,
                deadline_ticks: 2 * SECOND,
                backoff_ticks_max: 100 * MILLISECOND,
                replies_needed: 1,
                unordered_replies_needed: None,
                weights: [].into(),
                reading: Reading::Linearizable,
            },
            network: NetworkDials::default(),
            workload: WorkloadDials { operations_per_client: Some(0), ..WorkloadDials::default() },
            disks: Vec::new(),
            clock_rates_ppm: Vec::new(),
            events_max: EVENTS_MAX,
        };
        Self {
            run: Run::new(Simulation::new(setup, Vec::new())),
            replicas,
            draws: Stream::new(seed, 7),
            invoked: 0,
            next_client: 0,
        }
    }

    fn act(&mut self, action: Action) -> Result<(), Refusal> {
        self.run.intervene(action).map(|_| ()).map_err(|error| Refusal::unavailable(error.to_string()))
    }

    fn step(&mut self) -> Result<(), Refusal> {
        match self.run.step_until(u64::MAX) {
            Stepped::Event | Stepped::Quiet => Ok(()),
            Stepped::Idle | Stepped::Limit => {
                Err(Refusal::unavailable(format!("the run did not end within {EVENTS_MAX} events")))
            }
        }
    }

    fn is_idle(&self, client: u16) -> bool {
        let machine = self.run.simulation().world().clients().get(usize::from(client));
        machine.and_then(|machine| machine.process.as_ref()).is_some_and(|process| process.current().is_none())
    }

    /// Has the clients invoke operations, each as soon as it is idle, in turn.
    fn invoke_until(&mut self, count: u64) -> Result<(), Refusal> {
        while self.invoked < count {
            match (0..CLIENTS).map(|step| (self.next_client + step) % CLIENTS).find(|&client| self.is_idle(client)) {
                Some(client) => {
                    self.next_client = (client + 1) % CLIENTS;
                    self.invoked += 1;
                    let command = self.command();
                    self.act(Action::Invoke(NodeId(self.replicas + client), command))?;
                }
                None => self.step()?,
            }
        }
        Ok(())
    }

    /// Every write has a value of its own, so that a read says which one it saw.
    fn command(&mut self) -> Command {
        let key = format!("k{}", self.draws.between(1, KEYS)).into();
        let value = self.invoked.to_string().into();
        match self.draws.between(1, 10) {
            1..=5 => Command::Get { key },
            6..=9 => Command::Put { key, value },
            _ => Command::Cas { key, expected: None, new: value },
        }
    }

    fn wait_for_all(&mut self) -> Result<(), Refusal> {
        while !(0..CLIENTS).all(|client| self.is_idle(client)) {
            self.step()?;
        }
        Ok(())
    }

    /// Cuts the leader off, with as many others as still make a minority, and with the last clients.
    fn partition(&mut self) -> Result<(), Refusal> {
        let replicas = self.run.simulation().world().replicas();
        let leads = |place: &u16| {
            let process = replicas.get(usize::from(*place)).and_then(|machine| machine.process.as_ref());
            process.is_some_and(|process| matches!(process.role_state(), Role::Leader(_)))
        };
        let leader = (0..self.replicas).find(leads).unwrap_or_default();
        let minority = (self.replicas.saturating_sub(1) / 2).max(u16::from(self.replicas > 1));
        let mut side: NodeSet = (0..minority).map(|step| NodeId((leader + step) % self.replicas)).collect();
        for client in CLIENTS - CLIENTS_CUT_OFF..CLIENTS {
            side.insert(NodeId(self.replicas + client));
        }
        let others = (0..self.replicas + CLIENTS).map(NodeId).filter(|&node| !side.contains(node)).collect();
        // The first to try is one that is cut off.
        self.next_client = CLIENTS - CLIENTS_CUT_OFF;
        self.act(Action::Partition(vec![side, others]))
    }

    fn report(mut self, body: &TestBody) -> Answered {
        let (mut succeeded, mut rejected, mut unknown) = (0u64, 0u64, 0u64);
        for operation in self.run.history() {
            match operation.completed {
                Some((_, Ending::Ok(_))) => succeeded += 1,
                Some((_, Ending::Failed)) => rejected += 1,
                Some((_, Ending::Unknown)) | None => {
                    rejected += 1;
                    unknown += 1;
                }
            }
        }
        let judgement = self.run.verdict(STEPS_MAX);
        let linearizable = match judgement.report.verdict {
            Verdict::Linearizable(_) => true,
            Verdict::NotLinearizable(_) => false,
            Verdict::Undecided(_) => return Err(Refusal::unavailable(judgement.sentence)),
        };
        let findings = self.run.findings_at_end();
        let world = self.run.simulation().world();
        let mut answer = Answer::reply(
            "partition_test_ok",
            json!({
                "total_ops": succeeded + rejected, "ops_during_partition": body.heal_after_op.0 - body.partition_after_op.0,
                "ops_succeeded": succeeded, "ops_rejected": rejected, "linearizable": linearizable,
                "ops_outcome_unknown": unknown, "verdict": judgement.sentence, "invariants_hold": findings.is_empty(),
                "virtual_ms": world.now() / MILLISECOND, "events": self.run.simulation().events(),
            }),
        );
        answer.diagnostics.extend(
            findings.into_iter().map(|finding| format!("{} broken: {}", finding.invariant.name, finding.sentence)),
        );
        Ok(answer)
    }
}

/// What the node has been told not to send to.
#[derive(Debug, Default)]
pub(super) struct Control {
    blocked: BTreeSet<String>,
    messages_dropped: u64,
}

impl Control {
    pub(super) fn is_blocked(&self, name: &str) -> bool {
        self.blocked.contains(name)
    }

    pub(super) fn count_dropped(&mut self, messages: u64) {
        self.messages_dropped += messages;
    }

    /// Takes out of an answer what does not get through.
    pub(super) fn filter(&mut self, answer: &mut Answer) {
        for sent in [&mut answer.unsolicited, &mut answer.to_peers] {
            let before = sent.len();
            sent.retain(|(peer, _)| !self.blocked.contains(peer));
            self.messages_dropped += (before - sent.len()) as u64;
        }
    }
}

/// `partition`: what the node sends to these is lost.
pub(super) fn partition(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        blocked: Vec<String>,
    }
    let Body { blocked } = request.read()?;
    if let Some(place) = blocked.iter().position(|name| !state.node_ids.contains(name) || *name == state.node_id) {
        return Err(Refusal::malformed(&format!("blocked[{place}]"), "not another node of the cluster"));
    }
    state.partition.blocked = blocked.into_iter().collect();
    Ok(Answer::reply("partition_ok", json!({})))
}

/// `heal`.
pub(super) fn heal(state: &mut State, _: &Request<'_>) -> Answered {
    state.partition.blocked.clear();
    Ok(Answer::reply("heal_ok", json!({})))
}

/// `partition_status`.
pub(super) fn partition_status(state: &mut State, _: &Request<'_>) -> Answered {
    let Control { blocked, messages_dropped } = &state.partition;
    let fields =
        json!({ "blocked": blocked, "is_partitioned": !blocked.is_empty(), "messages_dropped": messages_dropped });
    Ok(Answer::reply("partition_status_ok", fields))
}
