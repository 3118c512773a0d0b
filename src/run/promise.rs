//! What a run promises its clients for the way in which they read, and whether it kept that.
//!
//! Linearizable reads, and reads by a lease, promise that the whole history is linearizable. Reads of a session promise
//! that it is sequentially consistent: a read has its place in the log, right after the last entry that its server had
//! applied; that is a place after all that its client has seen, and before all that it will write. Each life of a client
//! is a session of its own: one that crashes has forgotten what it has seen. Reads from any server's state promise nothing
//! of a history that ends: replicas converge, some time. All that is found is something that was committed.

use super::Run;
use crate::check::Watched;
use crate::check::consistency::{self, Promise, Verdict, judge};
use crate::check::history::Operation;
use crate::check::linearizability::{self, Options};
use crate::check::model::{Kv, KvCommand, KvResult};
use crate::kv::Reading;

/// Clients of a history are numbered from 1, and there are fewer than this.
const CLIENTS: u32 = 64;

/// What ways of reading promise of a history.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promised {
    /// That it is linearizable.
    Linearizable,
    /// That it is sequentially consistent.
    Sequential,
}

impl Promised {
    /// The promise's name, as the table of the consistency models has it.
    pub fn name(self) -> &'static str {
        Promise::from(self).name()
    }
}

impl From<Promised> for Promise {
    fn from(promised: Promised) -> Self {
        match promised {
            Promised::Linearizable => Promise::Linearizable,
            Promised::Sequential => Promise::Sequential,
        }
    }
}

/// What a way of reading promises; none where it promises nothing of a history.
pub fn promised(reading: Reading) -> Option<Promised> {
    match reading {
        Reading::Linearizable | Reading::Lease => Some(Promised::Linearizable),
        Reading::Session => Some(Promised::Sequential),
        Reading::Local => None,
    }
}

impl<R: Watched> Run<R> {
    /// How clients read.
    pub fn reading(&self) -> Reading {
        self.simulation.world().setup().client.reading
    }

    /// Which promises the clients' history up to the playhead keeps.
    pub fn promises(&mut self, steps_max: u64) -> Vec<(Promise, Verdict)> {
        let operations = self.by_session();
        judge(&Kv::default(), &operations, &Options { steps_max, ..Options::default() })
    }

    /// Whether the clients' history up to the playhead is sequentially consistent.
    pub fn sequential(&mut self, steps_max: u64) -> Verdict {
        let operations = self.by_session();
        consistency::sequential(&Kv::default(), &operations, &Options { steps_max, ..Options::default() })
    }

    /// Whether the clients' history up to the playhead keeps what is promised; none where that is not known.
    pub fn keeps(&mut self, promised: Promised, steps_max: u64) -> Option<bool> {
        match promised {
            // All rows are asked for: a weaker promise that is broken decides where the judges of this one cannot.
            Promised::Linearizable => {
                let rows = self.promises(steps_max);
                rows.iter()
                    .find(|(promise, _)| *promise == Promise::Linearizable)
                    .and_then(|(_, verdict)| verdict.kept())
            }
            Promised::Sequential => self.sequential(steps_max).kept(),
        }
    }

    /// Whether the clients' history up to the playhead is linearizable; none where that is not known.
    pub fn is_linearizable(&mut self, steps_max: u64) -> Option<bool> {
        match self.verdict(steps_max).report.verdict {
            linearizability::Verdict::Linearizable(_) => Some(true),
            linearizability::Verdict::NotLinearizable(_) => Some(false),
            linearizability::Verdict::Undecided(_) => None,
        }
    }

    /// The operations as they are judged, each life of a client as a client of its own.
    fn by_session(&mut self) -> Vec<Operation<KvCommand, KvResult>> {
        let mut operations = self.judged();
        let lives = self.history().iter().map(|operation| (operation.sequence >> 32) as u32);
        for (operation, life) in operations.iter_mut().zip(lives.collect::<Vec<_>>()) {
            operation.client += CLIENTS * life;
        }
        operations
    }
}
