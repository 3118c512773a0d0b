//! Five interview questions, and what a good answer contains.

use super::super::{source, works};
use super::{Demo, EMPTY, Lesson, LessonKind};

const QUESTION: Lesson = Lesson { kind: LessonKind::Question, ..EMPTY };

pub(super) const QUESTIONS: &[Lesson] = &[
    Lesson {
        name: "flp",
        title: "FLP and practice",
        asks: "It is proven that consensus is impossible. How can there be systems that solve it?",
        answer: &[
            "What is proven (1985): no deterministic algorithm solves consensus in an asynchronous system if even one process may fail. Asynchronous means that \
             there is no bound on how long a message or a step takes; a slow process cannot be told from a dead one. The proof builds a schedule in which the \
             system always remains undecided, and in which every message still arrives.",
            "Nothing is said there against safety. Raft and Paxos never decide two things, however long messages take. What they give up in an asynchronous spell \
             is progress: elections fail, ballots are outbid.",
            "Real networks are partially synchronous: most of the time there is a bound, though one does not know it. Timeouts guess it. Once it holds for long \
             enough, somebody is elected and things go on; randomised timeouts make it likely that this is soon.",
            "The scheduler beside this lesson is the proof's adversary made concrete. It loses nothing and crashes nobody; it holds back the one message that would decide until \
             that message is of no use. It does so as long as you like. Let it go, and the cluster decides.",
        ],
        simplified: "The theorem speaks of every algorithm; the scheduler here knows Raft and Paxos, and what decides in them: the last vote of a majority, the last acceptance \
                     of one. Their timeouts are random, so they are not the deterministic algorithms of the theorem either; the scheduler wins against each draw because it sees it.",
        sources: &[
            source(works::FLP, "theorem 1, section 3"),
            source(works::SYNCHRONY, "section 1"),
            source(works::RAFT, "section 5.6"),
        ],
        runs: &["kept-undecided-raft", "kept-undecided-paxos", "duel"],
        ..QUESTION
    },
    Lesson {
        name: "why-raft",
        title: "Why Raft, if there is Paxos?",
        asks: "Paxos came first and is proven. Why another one?",
        answer: &[
            "Paxos fixes one value. A service needs a log of them, and the paper leaves open what stands between: who leads, what happens to gaps, how a leader changes, \
             how members change, when a log may be cut. Everybody who built it filled that in for himself. The authors of Chubby's Paxos wrote that what they ran in the end \
             was not the protocol that had been proven.",
            "Raft specifies election, log, membership and snapshots as one algorithm, and restricts what may happen so that there is less to think through: logs without \
             holes, entries only from the leader to the followers, a leader that has everything that is committed.",
            "The restriction has a price: a server with a log that is behind cannot lead, though it may be the only one that is well connected. In Paxos anybody may lead, and \
             learns from a majority what it missed.",
        ],
        simplified: "“Paxos” here is Multi-Paxos in one of its forms. Studies have found that the two differ less than their papers do; see the comparison.",
        sources: &[
            source(works::RAFT, "sections 1, 2 and 4"),
            source(works::LIVE, "sections 1 and 9"),
            source(
                "Howard and Mortier, Paxos vs Raft: Have we reached consensus on distributed consensus? (2020)",
                "on who may be elected",
            ),
        ],
        runs: &["same-script-raft", "same-script-multi-paxos"],
        demo: Some(Demo::Measured),
        ..QUESTION
    },
    Lesson {
        name: "lock",
        title: "A distributed lock",
        asks: "Build a lock on a replicated store. What can go wrong?",
        answer: &[
            "A key holds the owner's name. To take the lock is a compare-and-set from unset to one's own name, to release it one back. Since the store is linearizable, one of \
             two that try at once wins. An owner that dies would keep the lock for ever; so the key has a lease, and disappears when nobody renews it.",
            "Now the lock is a promise about time. An owner that stands still for longer than its lease does not know that it lost the lock, and writes. A clock that runs fast \
             gives the lock away too soon. A deposed leader that still answers from its own state may tell two clients that they own it, unless its reads wait for a majority, \
             or for a lease of its own that rests on bounded clock drift.",
            "What makes it safe is not a better lock but a check where the harm would be done: each grant has a number that rises, and the guarded store refuses a number below \
             one that it has seen. The lock then only saves work; the token keeps the data.",
        ],
        simplified: "In the model the lock service is one machine that does not fail, messages take five milliseconds, and two clients add one line each to one file.",
        sources: &[
            source(works::KLEPPMANN, "“Protecting a resource with a lock”, “Making the lock safe with fencing”"),
            source(works::CHUBBY, "section 2.4: sequencers"),
            source(works::LEASES, "sections 2 and 5"),
        ],
        demo: Some(Demo::Lock),
        ..QUESTION
    },
    Lesson {
        name: "two-leaders",
        title: "Two leaders in a partition",
        asks: "The network is cut, and each side has a leader. Is that a defect?",
        answer: &[
            "No. A leader that is cut off with a minority does not know that the others have elected another one, of a higher term. It may take commands into its log, but it \
             cannot commit them, for it hears no majority; so it answers nobody. Being leader is a belief, being committed is a fact.",
            "When the cut heals, the old leader sees the higher term and steps down. Its uncommitted entries may be overwritten, and those clients must ask again. What was \
             committed stays, since the new leader could only be elected with it.",
            "Two finer points. An entry on a majority is not committed yet if it is of an earlier term: figure 8 shows it overwritten. And an entry on a minority need not be lost: \
             if a server that has it wins the next election, it is kept.",
        ],
        simplified: "",
        sources: &[
            source(works::RAFT, "sections 5.1 to 5.4, figure 8"),
            source(works::DISSERTATION, "section 6.2: a leader that hears no majority"),
        ],
        runs: &["cut-the-leader-off", "figure-8"],
        ..QUESTION
    },
    Lesson {
        name: "linearizable-or-eventual",
        title: "Linearizable or eventual?",
        asks: "What do the two promise, and what do they cost?",
        answer: &[
            "Linearizable: each operation takes effect at one instant between its beginning and its end. A read returns the last write that had ended before it began, or one \
             that runs at the same time. To a client it looks like one copy.",
            "Eventual: if the writes stop, the replicas come to agree. Before that, nothing: a read may go back in time, and need not see one's own write.",
            "The price of the first is a round trip to a majority or to a leader that asks one; and in a partition the smaller side must refuse. The second reads from the \
             nearest replica, always. Beside this lesson is one workload on one cluster in one partition, twice: with ReadIndex, where the cut-off leader's reads wait, and without, \
             where it answers from what it has. The checker judges each history.",
        ],
        simplified: "Reads without ReadIndex are stale reads of a leader, and stronger than eventual consistency. A third way to read, from any replica, has its place here when the \
                     store has that mode.",
        sources: &[
            source(works::HERLIHY, "section 2"),
            source(works::VOGELS, "“Client-side consistency”"),
            source(works::CAP, "theorem 1"),
        ],
        runs: &["stale-read", "fresh-read"],
        ..QUESTION
    },
];
