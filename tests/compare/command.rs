//! `compare` from outside: what it prints, what it refuses, and that threads do not show.

use serde_json::Value;

use crate::runs::commands::{playground, playground_reads};

/// What is said of a script on standard input that cannot be followed.
fn refused(script: &str) -> String {
    let (status, output, errors) = playground_reads(&["compare", "-"], script.as_bytes());
    assert_eq!((status, output.as_str()), (2, ""), "{errors}");
    errors.trim_end().to_owned()
}

fn report(arguments: &[&str]) -> Value {
    let (status, output, errors) = playground(&[&["compare"], arguments, &["--json"]].concat());
    assert_eq!((status, errors.as_str()), (0, ""));
    serde_json::from_str(&output).unwrap()
}

#[test]
fn the_figures_are_the_same_for_any_number_of_threads() {
    let with = |jobs| playground(&["compare", "leader-crash", "--seeds", "0..4", "--links", "--jobs", jobs]);
    let alone = with("1");
    assert_eq!(alone.0, 0, "{}", alone.2);
    assert_eq!(with("3"), alone);
    assert!(alone.1.lines().filter(|line| line.starts_with("raft: #run=")).count() == 4, "{}", alone.1);
}

#[test]
fn a_link_leads_to_the_run_that_was_measured() {
    let report = report(&["chained", "--links", "--seeds", "5..6"]);
    for protocol in report["protocols"].as_array().unwrap() {
        let link = protocol["measured"]["links"][0].as_str().unwrap();
        let (status, output, _) = playground(&["run", link]);
        assert_eq!(status, 0, "{protocol}");
        assert!(output.contains("the hash agrees"), "{output}");
        assert!(output.contains(&format!("{} events in", protocol["measured"]["events"])), "{output}");
    }
}

#[test]
fn what_a_protocol_cannot_follow_has_a_column_that_says_why() {
    let (status, output, _) = playground(&["compare", "liar"]);
    assert_eq!(status, 0);
    assert!(output.contains("\nraft: not applicable: with 5 replicas it bears no liar\n"), "{output}");
    assert!(output.lines().filter(|line| line.contains("  not applicable  ")).count() > 10, "{output}");
    let report = report(&["wiped-disk"]);
    let column = |protocol: &str| {
        let columns = report["protocols"].as_array().unwrap();
        columns.iter().find(|column| column["protocol"] == protocol).unwrap()
    };
    assert_eq!(column("viewstamped")["measured"], Value::Null);
    assert_eq!(column("viewstamped")["not_applicable"], "it keeps nothing on a disk (viewstamped.on_disk is false)");
    assert_eq!(column("raft")["not_applicable"], Value::Null);
    // With three replicas PBFT counts on no fault at all, and Viewstamped Replication bears one replica that forgets.
    let script = r#"{"protocols": ["viewstamped", "pbft"], "replicas": 3, "interventions": [
        {"at": 1000000, "action": {"crash": {"node": "follower-1"}}}]}"#;
    let (_, output, errors) = playground_reads(&["compare", "-"], script.as_bytes());
    assert!(
        output.contains("pbft: not applicable: with 3 replicas f is 0, and it bears no fault\n"),
        "{output}{errors}"
    );
    let script = script
        .replace(r#"["viewstamped", "pbft"]"#, r#"["raft", "viewstamped"]"#)
        .replace("}}}]}", r#"}}}, {"at": 1000001, "action": {"crash": {"node": "leader"}}}]}"#);
    let (_, output, errors) = playground_reads(&["compare", "-"], script.as_bytes());
    let reason = "more would have forgotten all than its fault model bears";
    assert!(
        output.lines().any(|line| line.starts_with("viewstamped: not applicable: ") && line.ends_with(reason)),
        "{output}{errors}"
    );
}

#[test]
fn an_impossible_script_is_refused_with_the_place() {
    for (script, problem) in [
        ("{}", "protocols: which? There are raft, multi-paxos, viewstamped, pbft, tendermint"),
        (r#"{"protocols": ["raft", "zab"]}"#, "protocols[1]: there is no protocol \"zab\": there are raft, "),
        (r#"{"protocols": ["paxos"]}"#, "protocols[0]: paxos chooses one value, and keeps no store: "),
        (r#"{"protocols": ["raft", "raft"]}"#, "protocols[1]: raft stands there twice"),
        (r#"{"protocols": ["raft"], "protocol": "raft"}"#, "protocol: unknown field `protocol`"),
        (r#"{"protocols": ["raft"], "network": {"lag": 1}}"#, "network.lag: unknown field `lag`"),
        (r#"{"protocols": ["raft"], "replicas": 0}"#, "replicas: 1 to 31 replicas, not 0"),
        (r#"{"protocols": ["raft"], "steady_ticks": 9000000}"#, "steady_ticks: the runs end before it"),
        (r#"{"protocols": ["raft"], "limits": {"events": 100}}"#, "limits.events: raft has 100 events after "),
        (
            r#"{"protocols": ["raft"], "uncommitted": {"at": 1, "entries": 201, "reaches": 1}}"#,
            "uncommitted.entries: at most 200, not 201",
        ),
        (
            r#"{"protocols": ["raft"], "uncommitted": {"at": 1, "entries": 2, "reaches": 1}}"#,
            "uncommitted: takes as many clients as replicas",
        ),
    ] {
        assert!(refused(script).starts_with(&format!("-: {problem}")), "{}", refused(script));
    }
}

#[test]
fn an_impossible_step_is_refused_with_the_place() {
    for (step, problem) in [
        (
            r#"{"at": 1, "action": {"crash": {"node": "n1"}}}"#,
            "action: n1 plays another part in each protocol: say leader",
        ),
        (
            r#"{"at": 1, "action": {"crash": {"node": "follower-5"}}}"#,
            "action.node: there is no process \"follower-5\"",
        ),
        (r#"{"at": 1, "action": {"drop_message": {"message": 1}}}"#, "action: a script cannot name a message"),
        (r#"{"at": 1, "after_event": 4, "action": "heal"}"#, "after_event: a script knows times alone"),
        (r#"{"at": 9000000, "action": "heal"}"#, "at: the runs end before it"),
        (r#"{"at": 600000, "action": {"restart": {"node": "leader"}}}"#, "action: node: n"),
        (r#"{"at": 1, "action": {"fire_timer": {"node": "leader", "timer": "tea"}}}"#, "action.timer: no such timer"),
    ] {
        let script = format!(r#"{{"protocols": ["raft"], "interventions": [{step}]}}"#);
        assert!(refused(&script).starts_with(&format!("-: interventions[0].{problem}")), "{}", refused(&script));
    }
    let liar = r#"{"protocols": ["raft", "multi-paxos"], "interventions": [{"at": 1, "action": {"corrupt": {"node": "leader", "strategy": "replay"}}}]}"#;
    assert_eq!(
        refused(liar),
        "-: protocols: none of them can follow the script. raft: with 5 replicas it bears no liar; multi-paxos: with 5 replicas it bears no liar"
    );
    let (status, _, errors) = playground(&["compare", "leader-crsh"]);
    assert_eq!(status, 2);
    assert!(errors.starts_with("leader-crsh: neither a script by name nor a file. The nearest of the "), "{errors}");
    let (_, _, errors) = playground(&["compare", "calm", "--seeds", "0..18446744073709551615"]);
    assert!(errors.contains("more than 100000 runs: ask for fewer seeds"), "{errors}");
    let (_, _, errors) = playground(&["compare", "calm", "--uncommitted", "5"]);
    assert!(errors.contains("the script has no `uncommitted`"), "{errors}");
}

#[test]
fn a_script_that_is_shown_is_one_that_can_be_followed() {
    let (_, shown, _) = playground(&["compare", "calm", "--show"]);
    let (status, output, _) = playground_reads(&["compare", "-"], shown.as_bytes());
    assert_eq!((status, output), (0, playground(&["compare", "calm"]).1));
}
