//! How long the course's requests take, each on a node that has just begun: the slowest of each task.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use consensus_playground::course::{Node, Settings};
    use criterion::{BatchSize, Criterion};

    /// Requests, the task first. Each gets a node of its own, in a cluster of five.
    const REQUESTS: &[(&str, &str)] = &[
        ("1", r#"{"type":"raft_append","msg_id":1,"entry":{"term":1,"command":{"op":"set","key":"x","value":1}}}"#),
        (
            "2",
            r#"{"type":"append_entries","msg_id":1,"term":1,"leader_id":"n2","prev_log_index":0,"prev_log_term":0,"entries":[{"term":1,"index":1,"command":{"op":"set","key":"x","value":1}}],"leader_commit":1}"#,
        ),
        ("3", r#"{"type":"commit_status","msg_id":1}"#),
        (
            "4",
            r#"{"type":"seed_committed_log","msg_id":1,"entries":[{"index":1,"term":1,"command":{"op":"set","key":"x","value":1}}],"commit_index":1}"#,
        ),
        (
            "5",
            r#"{"type":"request_vote","msg_id":1,"term":3,"candidate_id":"n2","last_log_index":0,"last_log_term":0}"#,
        ),
        (
            "6",
            r#"{"type":"check_commit","msg_id":1,"log_length":5,"match_indices":{"n1":5,"n2":5,"n3":3},"current_term":3}"#,
        ),
        (
            "7",
            r#"{"type":"apply_entries","msg_id":1,"entries":[{"index":1,"term":1,"command":{"op":"put","key":"x","value":"1"}}]}"#,
        ),
        (
            "8",
            r#"{"type":"leader_change","msg_id":1,"new_leader":"n2","new_term":3,"log":[{"index":1,"term":1,"command":{"op":"put","key":"x","value":"1"}}],"commit_index":0}"#,
        ),
        ("9", r#"{"type":"install_snapshot","msg_id":1,"snapshot_index":5,"snapshot_term":2,"state":{"x":"1"}}"#),
        (
            "10",
            r#"{"type":"partition_test","msg_id":1,"cluster_size":5,"operations":100,"partition_after_op":30,"heal_after_op":70}"#,
        ),
        (
            "10, 10,000 operations",
            r#"{"type":"partition_test","msg_id":1,"cluster_size":5,"operations":10000,"partition_after_op":3000,"heal_after_op":7000}"#,
        ),
        ("11", r#"{"type":"paxos_prepare","msg_id":1,"proposal_n":1}"#),
        ("12", r#"{"type":"paxos_accept","msg_id":1,"proposal_n":5,"value":"v"}"#),
        (
            "13",
            r#"{"type":"paxos_safety_test","msg_id":1,"nodes":31,"chosen_value":"v1","chosen_at_n":3,"new_proposal_n":7}"#,
        ),
        ("14", r#"{"type":"multi_paxos_propose","msg_id":1,"slot":1,"value":"set x=1"}"#),
        (
            "15, raft",
            r#"{"type":"simulate_leader_change_cost","msg_id":1,"protocol":"raft","uncommitted_entries":50,"cluster_size":5}"#,
        ),
        (
            "15, raft, the most that is taken",
            r#"{"type":"simulate_leader_change_cost","msg_id":1,"protocol":"raft","uncommitted_entries":1000,"cluster_size":31}"#,
        ),
        (
            "15, multi-paxos",
            r#"{"type":"simulate_leader_change_cost","msg_id":1,"protocol":"multi_paxos","uncommitted_entries":50,"cluster_size":5}"#,
        ),
        (
            "16",
            r#"{"type":"cft_failure_demo","msg_id":1,"algorithm":"raft","byzantine_node":"n2","behavior":"equivocation"}"#,
        ),
        ("17", r#"{"type":"pbft_request","msg_id":1,"operation":"set x=42","client":"c1"}"#),
        (
            "18",
            r#"{"type":"simulate_equivocation","msg_id":1,"byzantine_node":"n2","sequence":1,"messages_sent":{"to_n1":{"prepare":{"value":"A"}},"to_n3":{"prepare":{"value":"B"}},"to_n4":{"prepare":{"value":"A"}}}}"#,
        ),
        ("19", r#"{"type":"bft_threshold","msg_id":1,"f":10000}"#),
        (
            "20",
            r#"{"type":"tendermint_propose","msg_id":1,"round":0,"proposer":"n1","block":{"height":1,"txs":["tx1","tx2"]}}"#,
        ),
    ];

    fn node() -> Node {
        let mut node = Node::new(Settings::default());
        let names = r#"["n1","n2","n3","n4","n5"]"#;
        node.handle_line(&message(&format!(r#"{{"type":"init","msg_id":0,"node_id":"n1","node_ids":{names}}}"#)));
        node
    }

    fn message(body: &str) -> String {
        format!(r#"{{"src":"c0","dest":"n1","body":{body}}}"#)
    }

    pub fn run() {
        let mut criterion = Criterion::default().sample_size(10).configure_from_args();
        let mut group = criterion.benchmark_group("a request of task");
        for (task, body) in REQUESTS {
            let line = message(body);
            group.bench_function(*task, |bencher| {
                bencher.iter_batched(
                    node,
                    |mut node| assert_eq!(node.handle_line(&line).len(), 1),
                    BatchSize::SmallInput,
                );
            });
        }
        group.finish();
        criterion.final_summary();
    }
}

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    native::run();
}
