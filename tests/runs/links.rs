//! A link shows the run again that it was made of: natively, on the command line, in every protocol.

use super::commands::{playground, playground_reads};
use consensus_playground::process::MILLISECOND;
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::{
    ActionText, InterventionText, Link, Playable, Scenario, WithProtocol, with_protocol,
};
use consensus_playground::search::hunt::{Failure, Options, hunt};
use expect_test::expect_file;

/// Hunts until so many failures are found, and replays each from its link.
struct HuntedAndReplayed<'a> {
    options: &'a Options,
    failures: usize,
}

impl WithProtocol for HuntedAndReplayed<'_> {
    type Output = Vec<Failure>;

    fn with<R: Playable>(self) -> Vec<Failure> {
        let hunted = (0..400).filter_map(|seed| hunt::<R>(self.options, seed).unwrap().failure);
        let failures: Vec<Failure> = hunted.take(self.failures).collect();
        for failure in &failures {
            let link = failure.link();
            let read = Link::read(&link.to_fragment().unwrap()).unwrap();
            assert_eq!(read, link);
            let mut run = Run::new(read.scenario.simulation::<R>().unwrap());
            run.run_until(u64::MAX, read.events);
            assert_eq!(run.simulation().events(), read.events);
            assert_eq!(run.hash_after(read.events), read.trace_hash, "seed {}", failure.seed);
        }
        failures
    }
}

fn hunted(protocol: &str, mutation: &str, failures: usize) -> Vec<Failure> {
    let mut scenario = Scenario { mutations: vec![mutation.to_owned()], ..Scenario::of(protocol) };
    scenario.workload.operations_per_client = Some(10);
    let options = Options { scenario, faults_max: 8, liars: None };
    with_protocol(protocol, HuntedAndReplayed { options: &options, failures }).unwrap()
}

#[test]
fn what_a_hunt_finds_is_shown_again_by_its_link_in_every_protocol() {
    for (protocol, mutation, least) in [
        ("raft", "election-restriction-off", 8),
        ("raft", "sessions-off", 4),
        ("paxos", "majority-too-small", 8),
        ("multi-paxos", "majority-off-by-one", 4),
        ("viewstamped", "own-log-kept", 4),
        ("pbft", "quorum-too-small", 4),
        ("pbft", "one-reply-trusted", 2),
        ("tendermint", "votes-not-durable", 2),
        ("tendermint", "duplicates-counted", 2),
    ] {
        let found = hunted(protocol, mutation, least);
        assert_eq!(found.len(), least, "{protocol} without {mutation}");
        let longest = found.iter().map(|failure| failure.link().to_fragment().unwrap().len()).max().unwrap();
        assert!(longest < 6_000, "{protocol}: {longest} characters");
    }
}

struct WhereverThePlayheadStands<'a>(&'a Scenario);

impl WithProtocol for WhereverThePlayheadStands<'_> {
    type Output = ();

    fn with<R: Playable>(self) {
        let mut run = Run::new(self.0.simulation::<R>().unwrap());
        run.run_until(3_000_000, u32::MAX);
        let events = run.simulation().events();
        let hash = run.hash_after(events);
        let dues =
            |run: &Run<R>| run.simulation().trace().messages.iter().map(|message| message.due).collect::<Vec<_>>();
        let before = dues(&run);
        for playhead in [0, 1, events / 3, events / 2, events - 1, events] {
            run.seek(playhead);
            let now = run.simulation().world().now();
            assert_eq!(run.hash_after(events), hash);
            assert_eq!(
                (run.simulation().cursor(), run.simulation().world().now()),
                (playhead, now),
                "the playhead stays"
            );
        }
        assert_eq!(dues(&run), before);
        let mut again = Run::new(self.0.simulation::<R>().unwrap());
        again.run_until(u64::MAX, events);
        assert_eq!(again.simulation().world().trace_hash(), hash, "right after the last event it is the world's");
    }
}

#[test]
fn the_hash_of_a_link_is_the_same_wherever_the_playhead_stands() {
    for entry in gallery() {
        with_protocol(&entry.scenario.protocol, WhereverThePlayheadStands(&entry.scenario)).unwrap();
    }
}

fn link_of(arguments: &[&str]) -> String {
    let (_, output, errors) = playground(&[&["run", "--link"], arguments].concat());
    let line = output.lines().find_map(|line| line.strip_prefix("link "));
    line.unwrap_or_else(|| panic!("{output}{errors}")).to_owned()
}

#[test]
fn a_run_prints_its_link_and_the_link_replays_to_the_same_hash() {
    let link = link_of(&["cut-the-leader-off", "--until", "3000"]);
    assert_eq!(link_of(&["cut-the-leader-off", "--until", "3000"]), link, "the same run is the same text");
    assert_ne!(link_of(&["cut-the-leader-off", "--until", "3000", "--seed", "3"]), link);
    for text in [link.clone(), format!("https://example.org/play/{link}")] {
        let (status, output, errors) = playground(&["run", &text]);
        assert_eq!((status, errors.as_str()), (0, ""));
        let version = env!("CARGO_PKG_VERSION");
        assert!(
            output.ends_with(&format!("the link was made by this engine, {version}; the hash agrees\n")),
            "{output}"
        );
    }
    assert_eq!(link_of(&[&link]), link, "a link to the run of a link is that link");
    assert_eq!(playground_reads(&["run", "-"], link.as_bytes()).0, 0);
}

#[test]
fn a_broken_promise_is_broken_in_the_link_too() {
    let link = link_of(&["stale-read"]);
    let (status, output, _) = playground(&["run", &link]);
    assert_eq!(status, 1);
    assert!(output.contains("not linearizable: c1's get of \"x\"") && output.contains("the hash agrees"), "{output}");
}

#[test]
fn a_hunt_prints_links_that_show_what_it_has_found() {
    let (status, output, _) =
        playground(&["hunt", "--seeds", "0..100", "--mutation", "election-restriction-off", "--failures", "2"]);
    assert_eq!(status, 1);
    for line in output.lines().filter(|line| line.starts_with('{')) {
        let failure: serde_json::Value = serde_json::from_str(line).unwrap();
        let link = failure["link"].as_str().unwrap();
        assert_eq!(u64::from(Link::read(link).unwrap().playhead), failure["event"].as_u64().unwrap() + 1);
        let (status, output, _) = playground(&["run", link]);
        assert_eq!(status, 1, "{output}");
        assert!(
            output.contains(&format!("{} broken after event {}:", failure["name"].as_str().unwrap(), failure["event"])),
            "{output}"
        );
        assert!(output.contains("; the hash agrees"), "{output}");
    }
}

#[test]
fn a_link_of_another_engine_says_so_and_whether_the_hash_still_agrees() {
    let mut link = Link::read(&link_of(&["--until", "800"])).unwrap();
    link.engine_version = "0.0.7".to_owned();
    let (status, output, _) = playground(&["run", &link.to_fragment().unwrap()]);
    assert_eq!(status, 0);
    assert!(
        output.contains("the link was made by engine 0.0.7, and this is ")
            && output.contains("; the hash agrees all the same"),
        "{output}"
    );
    link.trace_hash ^= 1;
    let (status, output, _) = playground(&["run", &link.to_fragment().unwrap()]);
    assert_eq!(status, 3);
    assert!(output.contains("; the hash does not agree: it says "), "{output}");
}

#[test]
fn a_link_that_promises_more_events_than_there_are_is_another_run() {
    let mut scenario = Scenario::of("raft");
    scenario.limits.events = 50;
    let link = Link::new(scenario, 60, 60, 1);
    let (status, output, _) = playground(&["run", &link.to_fragment().unwrap()]);
    assert_eq!(status, 3);
    assert!(output.contains("it has 60 events, and here the run ends after 50"), "{output}");
}

#[test]
fn a_bad_link_is_exit_status_2_and_says_what_is_wrong() {
    let link = link_of(&["--until", "500"]);
    for (text, expected) in [
        (&link[..link.len() - 4], "the link: checksum: "),
        ("#run=7.AAAA", "the link: format: "),
        ("#run=1.AA*", "the link: base64: "),
        ("#", "the link: link: there is no run="),
    ] {
        let (status, output, errors) = playground(&["run", text]);
        assert_eq!((status, output.as_str()), (2, ""), "{text}");
        assert!(errors.starts_with(expected), "{errors}");
    }
    let (status, _, errors) = playground(&["run", &link, "--seed", "4"]);
    assert_eq!(status, 2);
    assert!(errors.starts_with("a link says which run it is"), "{errors}");
}

/// A link to a run of two seconds, with its playhead in the middle.
struct Shared<'a>(&'a Scenario);

impl WithProtocol for Shared<'_> {
    type Output = Link;

    fn with<R: Playable>(self) -> Link {
        let mut run = Run::new(self.0.simulation::<R>().unwrap());
        run.run_until(2_000 * MILLISECOND, u32::MAX);
        let events = run.simulation().events();
        Link::new(self.0.clone(), events, events / 2, run.hash_after(events))
    }
}

/// A scenario without words, which may be worded better one day.
fn silent(scenario: Scenario) -> Scenario {
    Scenario { captions: Vec::new(), ..scenario }
}

/// One run of each protocol, and one to which much was done.
fn shared() -> Vec<(&'static str, Scenario)> {
    let names = ["stale-read", "duel", "multi-paxos-gap", "viewstamped-recovery", "pbft-two-faced-primary"];
    let mut shared: Vec<_> = gallery()
        .into_iter()
        .filter(|entry| names.contains(&entry.name))
        .map(|entry| (entry.name, silent(entry.scenario)))
        .collect();
    assert_eq!(shared.len(), names.len());
    let at = |milliseconds: u64, action| InterventionText { at: milliseconds * MILLISECOND, after_event: None, action };
    let crash = at(600, ActionText::Crash { node: "n2".to_owned() });
    let restart = at(1_100, ActionText::Restart { node: "n2".to_owned() });
    shared.push((
        "tendermint-crash",
        Scenario { seed: 3, interventions: vec![crash.clone(), restart.clone()], ..Scenario::of("tendermint") },
    ));
    let groups = vec![
        vec!["n1".to_owned(), "c1".to_owned()],
        vec!["n3".to_owned(), "n4".to_owned(), "n5".to_owned(), "c2".to_owned()],
    ];
    let partition = at(700, ActionText::Partition { groups });
    let interventions = vec![crash, partition, restart, at(1_500, ActionText::Heal)];
    let mut much =
        Scenario { seed: 9, mutations: vec!["sessions-off".to_owned()], interventions, ..Scenario::of("raft") };
    much.disk.flush_ticks = 3 * MILLISECOND;
    shared.push(("raft-much-done", much));
    shared
}

/// Links that are not what they say: by another engine, of another run, or of more events than there are.
fn doubtful() -> Vec<(&'static str, Link)> {
    let scenario = Scenario { seed: 4, ..Scenario::of("raft") };
    let link = with_protocol("raft", Shared(&scenario)).unwrap();
    let by_another = Link { engine_version: "0.0.7".to_owned(), ..link.clone() };
    let of_another_run = Link { trace_hash: link.trace_hash ^ 1, ..link.clone() };
    let mut short = Scenario { seed: 4, ..Scenario::of("raft") };
    short.limits.events = 50;
    vec![
        ("by-another-engine", by_another.clone()),
        ("by-another-engine-of-another-run", Link { trace_hash: link.trace_hash ^ 1, ..by_another }),
        ("of-another-run", of_another_run),
        ("of-more-events-than-there-are", Link::new(short, 60, 60, 1)),
    ]
}

/// The browser's tests open these links, and must find the same hashes.
#[test]
fn runs_have_the_links_that_are_written_down_and_each_is_replayed_to_its_hash() {
    let mut lines = String::new();
    for (name, scenario) in shared() {
        let fragment = with_protocol(&scenario.protocol, Shared(&scenario)).unwrap().to_fragment().unwrap();
        let (_, output, errors) = playground(&["run", &fragment]);
        assert!(output.ends_with("; the hash agrees\n"), "{name}: {output}{errors}");
        lines += &format!("{name} {fragment}\n");
    }
    for (name, link) in doubtful() {
        lines += &format!("{name} {}\n", link.to_fragment().unwrap());
    }
    expect_file!["../golden/links.txt"].assert_eq(&lines);
}
