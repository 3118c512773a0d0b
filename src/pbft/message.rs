//! What travels between replicas, and between replicas and clients.

use super::digest::Digest;
use crate::kv::{self, Answer, ClientMessage, Command, ReplyBody, Request, Store};
use crate::process::{Keyring, NodeId, NodeSet, Seat, Signed, fingerprint_enum, fingerprint_struct};
use std::sync::Arc;

/// A view: which primary replicas follow.
pub type View = u64;

/// A request's number in the order. The first is 1.
pub type Sequence = u64;

/// A request, signed by its client.
pub type SignedRequest = Signed<Request>;

/// Which of the three phases a statement belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// The primary proposes.
    PrePrepare,
    /// A backup says which proposal it accepted.
    Prepare,
    /// A replica says that it has a prepared certificate.
    Commit,
}

fingerprint_enum!(Phase {
    0 => PrePrepare,
    1 => Prepare,
    2 => Commit,
});

impl Phase {
    /// Its name in the paper.
    pub fn name(self) -> &'static str {
        match self {
            Self::PrePrepare => "pre-prepare",
            Self::Prepare => "prepare",
            Self::Commit => "commit",
        }
    }
}

/// What a replica signs in one of the three phases: PRE-PREPARE, PREPARE or COMMIT of (v, n, d) (section 4.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Statement {
    /// The phase.
    pub phase: Phase,
    /// v.
    pub view: View,
    /// n.
    pub sequence: Sequence,
    /// d.
    pub digest: Digest,
}

fingerprint_struct!(Statement { phase, view, sequence, digest });

/// A signed statement.
pub type Vote = Signed<Statement>;

/// A pre-prepare with its request; without one, of the null request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// What the primary signed.
    pub vote: Vote,
    /// The request.
    pub request: Option<Arc<SignedRequest>>,
}

fingerprint_struct!(Proposal { vote, request });

/// A prepared certificate: a pre-prepare and matching prepares of q - 1 backups.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    /// The pre-prepare.
    pub proposal: Arc<Proposal>,
    /// The prepares.
    pub prepares: Vec<Vote>,
}

fingerprint_struct!(Certificate { proposal, prepares });

/// Matching commits of q replicas: a proof that a request has its number for ever.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commitment {
    /// The request.
    pub request: Option<Arc<SignedRequest>>,
    /// The commits.
    pub commits: Vec<Vote>,
}

fingerprint_struct!(Commitment { request, commits });

/// CHECKPOINT (section 4.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Checkpoint {
    /// The last request that the state contains.
    pub sequence: Sequence,
    /// The state's digest.
    pub digest: Digest,
}

fingerprint_struct!(Checkpoint { sequence, digest });

/// A stable checkpoint: a state, and the proof that a quorum has it (section 4.3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stable {
    /// Its number and digest.
    pub checkpoint: Checkpoint,
    /// Checkpoint messages of q replicas.
    pub proof: Vec<Signed<Checkpoint>>,
    /// The state, with the clients' sessions.
    pub store: Store,
}

fingerprint_struct!(Stable { checkpoint, proof, store });

/// VIEW-CHANGE (section 4.4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViewChange {
    /// The view that is asked for.
    pub view: View,
    /// n: the last stable checkpoint.
    pub stable: Checkpoint,
    /// C: its proof.
    pub proof: Vec<Signed<Checkpoint>>,
    /// P: a certificate for each request that was prepared with a higher number.
    pub prepared: Vec<Arc<Certificate>>,
}

fingerprint_struct!(ViewChange { view, stable, proof, prepared });

/// A signed view-change, shared between all who hold it.
pub type SignedViewChange = Arc<Signed<ViewChange>>;

/// NEW-VIEW (section 4.4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewView {
    /// The view that begins.
    pub view: View,
    /// V: the view-changes that prove it.
    pub view_changes: Vec<SignedViewChange>,
    /// O: pre-prepares, one for each number. Their requests are in V.
    pub proposals: Vec<Vote>,
}

fingerprint_struct!(NewView { view, view_changes, proposals });

/// What a replica says to a client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// Its view, by which the client knows the primary.
    pub view: View,
    /// Whether it answers a read that was not ordered.
    pub is_unordered: bool,
    /// What it says.
    pub reply: kv::Reply,
}

fingerprint_struct!(Reply { view, is_unordered, reply });

/// How far a replica is. Others send what it lacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status {
    /// Its view.
    pub view: View,
    /// It waits for that view to begin.
    pub is_changing: bool,
    /// Its last stable checkpoint.
    pub stable: Sequence,
    /// The last request that it executed.
    pub executed: Sequence,
}

fingerprint_struct!(Status { view, is_changing, stable, executed });

/// A message of PBFT.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// A client's command.
    Request(Arc<SignedRequest>),
    /// A read that is not to be ordered.
    Read(Arc<SignedRequest>),
    /// The primary proposes.
    PrePrepare(Arc<Proposal>),
    /// A backup has accepted a proposal.
    Prepare(Vote),
    /// A replica has a prepared certificate.
    Commit(Vote),
    /// The answer to a client.
    Reply(Signed<Reply>),
    /// A digest of the state.
    Checkpoint(Signed<Checkpoint>),
    /// A replica asks for a view.
    ViewChange(SignedViewChange),
    /// A primary begins its view.
    NewView(Arc<Signed<NewView>>),
    /// How far a replica is.
    Status(Status),
    /// A proof that a number is committed.
    Commitment(Arc<Commitment>),
    /// A state, with the proof of its checkpoint.
    State(Arc<Stable>),
    /// A client is asked to invoke a command.
    Invoke(Command),
}

fingerprint_enum!(Message {
    0 => Request(body),
    1 => Read(body),
    2 => PrePrepare(body),
    3 => Prepare(body),
    4 => Commit(body),
    5 => Reply(body),
    6 => Checkpoint(body),
    7 => ViewChange(body),
    8 => NewView(body),
    9 => Status(body),
    10 => Commitment(body),
    11 => State(body),
    12 => Invoke(body),
});

/// A request in a few words; the null request's too.
pub(super) fn request_text(request: Option<&SignedRequest>) -> String {
    request.map_or_else(|| "null".to_owned(), |request| request.body().command.to_string())
}

impl ClientMessage for Message {
    /// Nobody's request: it is signed with no key.
    fn request(request: Request) -> Self {
        Self::Request(Arc::new(Keyring::of(NodeSet::EMPTY).sign(request.client, request)))
    }

    fn request_of(client: Seat, request: Request) -> Self {
        Self::Request(Arc::new(client.sign(request)))
    }

    fn unordered_read(client: Seat, request: Request) -> Option<Self> {
        Some(Self::Read(Arc::new(client.sign(request))))
    }

    fn is_unordered(&self) -> bool {
        matches!(self, Self::Reply(reply) if reply.body().is_unordered)
    }

    fn leader_hint(&self, replicas: u16) -> Option<NodeId> {
        let Self::Reply(reply) = self else { return None };
        Some(primary_of(reply.body().view, replicas))
    }

    fn as_reply(&self) -> Option<&kv::Reply> {
        match self {
            Self::Reply(reply) if reply.is_genuine() => Some(&reply.body().reply),
            _ => None,
        }
    }

    fn invoke(command: Command) -> Self {
        Self::Invoke(command)
    }

    fn as_invoke(&self) -> Option<&Command> {
        if let Self::Invoke(command) = self { Some(command) } else { None }
    }
}

/// The primary of a view: p = v mod n (section 4).
pub fn primary_of(view: View, replicas: u16) -> NodeId {
    NodeId((view % u64::from(replicas.max(1))) as u16)
}

impl Reply {
    /// An answer to a request.
    pub fn answer(view: View, sequence: u64, answer: Answer, is_unordered: bool) -> Self {
        Self { view, is_unordered, reply: kv::Reply { sequence, body: ReplyBody::Answer(answer) } }
    }
}
