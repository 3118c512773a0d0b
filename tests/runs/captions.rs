//! Words at moments: found in the run, kept and given up when somebody acts, refused where they are wrong.

use consensus_playground::process::{MILLISECOND, SECOND};
use consensus_playground::raft::Raft;
use consensus_playground::run::Run;
use consensus_playground::scenario::captions::{Ask, CAPTIONS_MAX, TEXT_MAX};
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::link::Link;
use consensus_playground::scenario::moments::Reached;
use consensus_playground::scenario::{ActionText, Playable, Scenario, Story, WithProtocol, parse, with_protocol};

const STEP: u64 = MILLISECOND;
const END: u64 = 5 * SECOND;

/// Plays a run to its end, doing what its captions ask for at once, and says where each caption was found.
struct Told<'a>(&'a Scenario);

impl WithProtocol for Told<'_> {
    type Output = Vec<Option<Reached>>;

    fn with<R: Playable>(self) -> Self::Output {
        let Self(scenario) = self;
        let mut run = Run::new(scenario.simulation::<R>().unwrap());
        let mut story = Story::of::<R>(scenario).unwrap();
        let mut done = vec![false; scenario.captions.len()];
        let mut found = Vec::new();
        let mut time = 0;
        while time < END {
            time += STEP;
            run.run_until(time, u32::MAX);
            found = story.read(&mut run);
            for (ordinal, caption) in scenario.captions.iter().enumerate() {
                if let (Some(reached), Some(Ask::Act { action, .. }), false) =
                    (found[ordinal], &caption.ask, done[ordinal])
                {
                    run.seek(reached.events);
                    run.intervene(action.to_action::<R>(&scenario.names().unwrap()).unwrap()).unwrap();
                    story.forget(reached.events);
                    found = story.read(&mut run);
                    done[ordinal] = true;
                }
            }
        }
        found
    }
}

fn told(scenario: &Scenario) -> Vec<Option<Reached>> {
    with_protocol(&scenario.protocol, Told(scenario)).unwrap()
}

#[test]
fn every_caption_of_every_prepared_run_is_reached_and_in_order() {
    let mut wrong = Vec::new();
    for entry in gallery() {
        let found = told(&entry.scenario);
        for (caption, reached) in entry.scenario.captions.iter().zip(&found) {
            println!("{}: {:?} {}", entry.name, reached.map(|reached| (reached.events, reached.time)), caption.title);
            if reached.is_none() {
                wrong.push(format!("{}: {} is not reached", entry.name, caption.title));
            }
        }
        if !found.is_sorted_by_key(|reached| reached.map(|reached| reached.events)) {
            wrong.push(format!("{}: captions are not in the order of their moments", entry.name));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn with_captions(captions: &str) -> Scenario {
    parse(&format!(r#"{{"protocol": "raft", "captions": [{captions}]}}"#)).unwrap()
}

fn error(captions: &str) -> String {
    let json = format!(r#"{{"protocol": "raft", "captions": [{captions}]}}"#);
    match parse(&json).and_then(|scenario| scenario.raft_simulation().map(drop)) {
        Ok(()) => panic!("accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_moment_is_the_nth_event_of_its_kind_at_its_process() {
    let leader = r#"{"moment": {"on": {"role": "leader"}}, "title": "a"}"#;
    let second = r#"{"moment": {"on": {"rule": "committed"}, "node": "n1", "nth": 2}, "title": "b"}"#;
    let found = told(&with_captions(&format!("{leader}, {second}")));
    let times: Vec<u64> = found.iter().map(|reached| reached.unwrap().time).collect();
    assert_eq!(times, [220_113, 296_653], "as the transcript has them");
}

#[test]
fn what_somebody_does_in_the_past_takes_a_moment_back() {
    let scenario = with_captions(r#"{"moment": {"on": {"role": "leader"}, "node": "n1"}, "title": "a"}"#);
    let mut run: Run<Raft> = Run::new(scenario.raft_simulation().unwrap());
    let mut story = Story::of::<Raft>(&scenario).unwrap();
    run.run_until(SECOND, u32::MAX);
    let reached = story.read(&mut run)[0].expect("n1 leads");
    run.seek(reached.events - 10);
    assert_eq!(story.read(&mut run)[0], Some(reached), "it is recorded, although the playhead stands before it");
    let cursor = run.simulation().cursor();
    let crash = ActionText::Crash { node: "n1".to_owned() }.to_action::<Raft>(&scenario.names().unwrap()).unwrap();
    run.intervene(crash).unwrap();
    story.forget(cursor);
    run.run_until(SECOND, u32::MAX);
    assert_eq!(story.read(&mut run)[0], None, "n1 is down, and never leads");
}

#[test]
fn what_is_done_at_a_time_comes_after_the_caption_that_stands_there() {
    let scenario = with_captions(r#"{"moment": {"on": {"at": 899900}}, "title": "a"}"#);
    let mut run: Run<Raft> = Run::new(scenario.raft_simulation().unwrap());
    let mut story = Story::of::<Raft>(&scenario).unwrap();
    run.run_until(SECOND, u32::MAX);
    let reached = story.read(&mut run)[0].expect("the time has come");
    run.seek(reached.events);
    let crash = ActionText::Crash { node: "n1".to_owned() }.to_action::<Raft>(&scenario.names().unwrap()).unwrap();
    run.intervene(crash).unwrap();
    story.forget(reached.events);
    assert_eq!(story.read(&mut run)[0], Some(reached), "it stays where it was");
    run.run_until(SECOND, u32::MAX);
    assert_eq!(story.read(&mut run)[0], Some(reached));
    let mut anew = Story::of::<Raft>(&scenario).unwrap();
    assert_eq!(anew.read(&mut run)[0], Some(reached), "whoever opens the run later finds it there, too");
}

#[test]
fn a_time_comes_although_nothing_happens_in_it() {
    let json = r#"{"protocol": "raft", "clients": 0, "captions": [{"moment": {"on": {"at": 500}}, "title": "a"}]}"#;
    let scenario = parse(json).unwrap();
    let mut run: Run<Raft> = Run::new(scenario.raft_simulation().unwrap());
    let mut story = Story::of::<Raft>(&scenario).unwrap();
    run.run_until(499, u32::MAX);
    assert_eq!(story.read(&mut run)[0], None);
    run.run_until(500, u32::MAX);
    assert_eq!(story.read(&mut run)[0], Some(Reached { events: run.simulation().events(), time: 500 }));
}

#[test]
fn captions_change_neither_run_nor_the_text_of_a_scenario_without_them() {
    let plain = Scenario::of("raft");
    assert!(!serde_json::to_string(&plain).unwrap().contains("captions"));
    let told = with_captions(r#"{"moment": {"on": {"at": 5}}, "title": "a"}"#);
    let hash = |scenario: &Scenario| {
        let mut run: Run<Raft> = Run::new(scenario.raft_simulation().unwrap());
        run.run_until(SECOND, u32::MAX);
        run.simulation().world().trace_hash()
    };
    assert_eq!(hash(&told), hash(&plain));
}

#[test]
fn captions_travel_in_a_link() {
    for entry in gallery() {
        let link = Link::new(entry.scenario.clone(), 5, 5, 1).to_fragment().unwrap();
        assert_eq!(Link::read(&link).unwrap().scenario.captions, entry.scenario.captions, "{}", entry.name);
    }
    let full = format!(r#"{{"moment": {{"on": {{"at": 5}}}}, "title": "a", "text": "{}"}}"#, "é".repeat(TEXT_MAX));
    let scenario = with_captions(&vec![full; CAPTIONS_MAX].join(","));
    scenario.raft_simulation().unwrap();
    let link = Link::new(scenario.clone(), 5, 5, 1).to_fragment().unwrap();
    assert_eq!(Link::read(&link).unwrap().scenario, scenario);
}

#[test]
fn what_is_wrong_with_a_caption_is_said_with_its_place() {
    let one = |rest: &str| format!(r#"{{"moment": {{"on": "decided"}}, "title": "a"{rest}}}"#);
    let on = |moment: &str| error(&format!(r#"{{"moment": {moment}, "title": "a"}}"#));
    assert_eq!(error(&vec![one(""); 41].join(",")), "captions: at most 40, not 41");
    let long = "x".repeat(601);
    assert_eq!(error(&one(&format!(r#", "text": "{long}""#))), "captions[0].text: at most 600 characters, not 601");
    assert_eq!(error(&one(r#", "text": "a\u0007""#)), "captions[0].text: plain text, without '\\u{7}'");
    assert_eq!(error(r#"{"moment": {"on": "decided"}, "title": ""}"#), "captions[0].title: it says nothing");
    assert!(
        on(r#"{"on": {"role": "king"}}"#)
            .starts_with("captions[0].moment.on.role: there is no role \"king\": there are follower, ")
    );
    assert!(
        on(r#"{"on": {"rule": "x"}}"#).starts_with("captions[0].moment.on.rule: there is no rule \"x\": there are ")
    );
    assert!(on(r#"{"on": {"broken": "x"}}"#).starts_with("captions[0].moment.on.broken: there is no invariant \"x\""));
    assert_eq!(on(r#"{"on": "decided", "node": "c1"}"#), "captions[0].moment.node: c1 is a client, not a replica");
    assert_eq!(on(r#"{"on": "proof", "nth": 2}"#), "captions[0].moment.nth: it happens once: 1, not 2");
    assert_eq!(on(r#"{"on": "decided", "nth": 0}"#), "captions[0].moment.nth: 1 to 1000000, not 0");
    assert_eq!(on(r#"{"on": "decided", "from": "n1"}"#), "captions[0].moment.from: only a message has one");
    assert!(
        error(&one(r#", "look": {"node": "n9"}"#)).starts_with("captions[0].look.node: there is no process \"n9\"")
    );
    let question = |choices: &str, right: u32| {
        let question = format!(r#"{{"question": "q", "choices": {choices}, "right": {right}, "answer": "a"}}"#);
        error(&one(&format!(r#", "ask": {{"question": {question}}}"#)))
    };
    assert_eq!(question(r#"["one"]"#, 0), "captions[0].ask.question.choices: 2 to 6 choices, not 1");
    assert_eq!(
        question(r#"["one", "two"]"#, 2),
        "captions[0].ask.question.right: there is no choice 2: there are 0 to 1"
    );
    let crash = r#", "ask": {"act": {"words": "w", "action": {"crash": {"node": "n7"}}}}"#;
    assert!(error(&one(crash)).starts_with("captions[0].ask.act.action.node: there is no process \"n7\""));
}
