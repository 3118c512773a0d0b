//! Counterexamples of real Raft bugs: our Raft is taken through the same courses, and keeps what was broken there.
//!
//! SandTable found them in other people's implementations (EuroSys 2024). They are read from the folder that
//! `CONFORMANCE_DATA` names; the README says where they are published. Every file there that holds states of a Raft is
//! followed, whatever its steps and its number of servers ([`follow`] says what that means). A sound core keeps every
//! promise on every course; without the rule whose lack was the bug, the same course breaks one.

mod cluster;
mod course;
mod follow;
mod handmade;
mod reading;
mod rules;
mod tla;

use std::path::{Path, PathBuf};

use consensus_playground::process::Catalogue;
use consensus_playground::raft::Mutation;

use cluster::Cluster;
use course::Course;
use follow::Account;

/// The files whose bug can be had here, with the rules that are switched off for it, and the promises that is broken
/// then.
const BUGS: &[(&str, &[Mutation], &[&str])] = &[
    ("DaosRaft-leader_votes_for_others", &[Mutation::LeaderGrantsPreVotes], &["leader-grants-no-vote"]),
    // Acknowledgements have no terms there.
    (
        "PySyncObj-leader_commits_older_terms",
        &[Mutation::OldTermCommitted, Mutation::StaleRepliesCounted],
        &["commits-own-term"],
    ),
    ("RaftOS-commitment_not_advanced", &[Mutation::CommitmentStopsAtOldTerm], &["every-client-is-served"]),
    ("RaftOS-incorrect_erasing_entries", &[Mutation::TruncateAlways], &["committed-on-quorum", "acknowledged-kept"]),
    ("RaftOS-non_monotonic_match_idx", &[Mutation::MatchIndexFalls], &["match-index-grows"]),
    ("WRaft-incorrect_appending_entries", &[Mutation::CoveredEntriesAppended], &["log-matching"]),
    ("WRaft-non_monotonic_current_term", &[Mutation::SnapshotTermTaken], &["votes-kept"]),
    ("Xraft-series-election_safety", &[Mutation::StaleVotesCounted], &["election-safety"]),
    ("Xraft-series-linearizability", &[Mutation::FollowerReads], &["linearizability"]),
];

/// The files of the folder, in the order of their names. None if there is no folder to read them from.
fn files() -> Option<Vec<(String, String)>> {
    let Some(folder) = std::env::var_os("CONFORMANCE_DATA") else {
        println!("skipped: CONFORMANCE_DATA does not name a folder with counterexamples of Raft");
        return None;
    };
    let folder = Path::new(&folder).join("raft-sandtable");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: there is no folder {}", folder.display());
        return None;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt" || end == "out"));
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    Some(
        paths
            .iter()
            .map(|path| (name(path), String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()))
            .collect(),
    )
}

/// Promises that are broken, each with what was seen.
type Broken = Vec<(&'static str, String)>;

/// Takes a cluster through a course. Gives what became of the steps, and the promises that it broke.
fn through(course: &Course, mutations: &[Mutation]) -> Result<(Account, Broken), String> {
    let mut follower = follow::follow(course, Cluster::new(course, mutations)?);
    let mut broken = follower.cluster.broken();
    if broken.is_empty() {
        let served = follower.cluster.serves_afterwards();
        broken = follower.cluster.broken();
        if !served {
            broken.push(("every-client-is-served", "a client that asks after the course gets no answer".to_owned()));
        }
    }
    Ok((follower.account, broken))
}

fn print(name: &str, course: &Course, account: &Account) {
    let Account { steps, exactly, further, departed, not_followed } = account;
    println!(
        "{name} ({}, {} servers): {} of {steps} steps followed: {exactly} exactly, {} further along, {} apart from a broken rule",
        course.violated,
        course.servers.len(),
        account.followed(),
        further.len(),
        departed.len()
    );
    for (what, lines) in [("further along", further), ("apart", departed), ("not followed", not_followed)] {
        lines.iter().for_each(|line| println!("    {what}: {line}"));
    }
}

#[test]
fn a_sound_core_keeps_every_promise_on_the_course_of_every_counterexample() {
    let Some(files) = files() else { return };
    let (mut followed, mut wrong) = (0, Vec::new());
    for (name, text) in &files {
        let went = reading::course(text).and_then(|course| Ok((through(&course, &[])?, course)));
        let ((account, broken), course) = match went {
            Ok(went) => went,
            Err(problem) => {
                println!("{name}: cannot be followed: {problem}");
                continue;
            }
        };
        print(name, &course, &account);
        followed += 1;
        if !broken.is_empty() {
            wrong.push(format!("{name}: {broken:?}"));
        }
        if account.followed() * 10 < account.steps * 9 {
            wrong.push(format!("{name}: only {} of {} steps are followed", account.followed(), account.steps));
        }
    }
    println!("{followed} of {} files followed", files.len());
    assert!(followed > 0, "no file of the folder can be followed");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn without_the_rule_the_same_course_breaks_a_promise() {
    let Some(files) = files() else { return };
    let mut wrong = Vec::new();
    for (name, mutations, promises) in BUGS {
        let Some((_, text)) = files.iter().find(|(known, _)| known == name) else {
            println!("skipped: the folder has no {name}");
            continue;
        };
        let course = reading::course(text).unwrap();
        let (account, broken) = through(&course, mutations).unwrap();
        let names: Vec<&str> = mutations.iter().map(|mutation| mutation.name()).collect();
        print(name, &course, &account);
        println!("    without {}: {broken:?}", names.join(" and "));
        if !broken.iter().any(|(broken, _)| promises.contains(broken)) {
            wrong.push(format!("{name} without {}: {} kept", names.join(" and "), promises.join(" and ")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
