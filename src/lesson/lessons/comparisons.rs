//! Two comparisons.

use super::super::{source, works};
use super::{Demo, EMPTY, Lesson, LessonKind, Table};

const COMPARISON: Lesson = Lesson { kind: LessonKind::Comparison, ..EMPTY };

const REPLICATION: Table = Table {
    head: &["", "Raft", "Multi-Paxos", "Viewstamped Replication"],
    rows: &[
        &["first published", "2014", "1998, known since 1989", "1988"],
        &[
            "log replication",
            "by the leader of a term, entry after entry",
            "by a distinguished proposer; the first phase once, then only the second",
            "by the primary of a view, operations numbered within it",
        ],
        &[
            "who may lead",
            "a server whose log is not behind, elected by a majority after a random timeout",
            "anybody that gets promises of a majority, and then finishes what it learns",
            "the next in order; a majority hands over its logs in the view change",
        ],
        &["gaps in the log", "none", "allowed; a new leader fills them with commands that do nothing", "none"],
        &[
            "changing members",
            "part of the algorithm: joint consensus, or one server at a time",
            "a decision in the log, for slots some way ahead; the details are open",
            "a protocol of its own, with epochs, in the text of 2012",
        ],
        &[
            "specified by",
            "the extended paper, the dissertation and a TLA+ text",
            "informal papers, and many variants",
            "the text of 2012, in prose",
        ],
        &["in production", "etcd, CockroachDB, TiKV, Consul", "Chubby, Spanner", "TigerBeetle; it shaped PBFT"],
    ],
    scripts: &["", "calm", "leader-crash", "leader-crash-50-uncommitted", "", "", ""],
};

const CONSISTENCY: Table = Table {
    head: &["", "Linearizable", "Sequential", "Eventual"],
    rows: &[
        &[
            "order",
            "one for all, which respects real time",
            "one for all, which respects each client’s own order",
            "none, until writes stop",
        ],
        &["reads one’s own write", "yes", "yes", "not promised"],
        &[
            "price of a read",
            "a round trip to a majority, or to a leader that asks one",
            "less: any replica that is not behind the client",
            "none: the nearest replica",
        ],
        &["available in a partition", "on the majority’s side", "partly", "everywhere"],
        &["made for", "locks, leader election, money", "editing together, games", "names, likes, caches"],
        &[
            "examples",
            "etcd, Spanner; ZooKeeper’s writes",
            "ZooKeeper’s reads, with its writes",
            "Cassandra, DynamoDB by default",
        ],
    ],
    scripts: &["", "", "", "full-partition", "", ""],
};

pub(super) const COMPARISONS: &[Lesson] = &[
    Lesson {
        name: "raft-multi-paxos-viewstamped",
        title: "Raft, Multi-Paxos, Viewstamped Replication",
        asks: "Three ways to one replicated log.",
        answer: &[
            "With a stable leader they are the same: a command to the leader, one round to a majority, done. They differ in how a leader comes about, and what it has to do first.",
            "What a change of leaders costs with so many uncommitted entries is asked in the console of task 15, where it is measured, too.",
            "The measured rows come from one script on two cores. The room Compare lets all three, and PBFT and Tendermint beside them, follow many scripts: bytes, latencies, partitions, entries left uncommitted.",
        ],
        simplified: "Multi-Paxos is a family; what is said of it holds for the form with one leader and ballots for all slots.",
        sources: &[
            source(works::RAFT, "sections 5 to 8 and 10"),
            source(works::PARLIAMENT, "section 3"),
            source(works::MODERATELY, "sections 3 and 4"),
            source(works::VIEWSTAMPED, "sections 4 and 7"),
        ],
        runs: &["same-script-raft", "same-script-multi-paxos"],
        demo: Some(Demo::Measured),
        table: Some(REPLICATION),
        ..COMPARISON
    },
    Lesson {
        name: "linearizable-sequential-eventual",
        title: "Linearizable, sequential, eventual",
        asks: "What a client may rely on.",
        answer: &[
            "The stronger the promise, the fewer histories it allows. The checker here judges linearizability. The two runs are one workload in one partition, once with reads \
             that a majority confirms and once with reads from a leader’s own state.",
            "Sequential and eventual reads, and a verdict on each, have their place in the table, and get their runs when the store has those modes.",
        ],
        simplified: "A system’s place in the table depends on how it is set up: most of them offer more than one mode.",
        sources: &[
            source(works::HERLIHY, "sections 1 and 2"),
            source(works::SEQUENTIAL, "the definition"),
            source(works::SESSION, "the four guarantees"),
            source(works::VOGELS, "“Client-side consistency”"),
        ],
        runs: &["fresh-read", "stale-read"],
        table: Some(CONSISTENCY),
        ..COMPARISON
    },
];
