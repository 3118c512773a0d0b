//! `hunt` on all cores, in shards, and shrunk; and `shrink`: the commands from outside.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::runs::commands::playground;

/// A hunt that finds some failures soon.
const HUNT: [&str; 5] = ["hunt", "--seeds", "0..60", "--mutation", "election-restriction-off"];

fn hunt(further: &[&str]) -> (i32, String, String) {
    playground(&[&HUNT[..], further].concat())
}

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn any_number_of_cores_prints_the_same() {
    let alone = hunt(&["--json", "--jobs", "1", "--no-shrink"]);
    assert_eq!((alone.0, alone.2.as_str()), (1, ""));
    assert!(alone.1.lines().count() > 2, "{}", alone.1);
    for further in [&["--jobs", "2"][..], &["--jobs", "5"], &[]] {
        assert_eq!(hunt(&[&["--json", "--no-shrink"][..], further].concat()), alone, "{further:?}");
    }
    let two = hunt(&["--json", "--jobs", "3", "--no-shrink", "--failures", "2"]).1;
    let (all, two): (Vec<&str>, Vec<&str>) = (alone.1.lines().collect(), two.lines().collect());
    assert_eq!(two[..2], all[..2]);
    assert_eq!((two.len(), &json(two[2])["failures"]), (3, &Value::from(2)));
}

#[test]
fn the_first_failure_is_shrunk_and_no_other() {
    let (_, output, _) = hunt(&["--json", "--failures", "2"]);
    let lines: Vec<Value> = output.lines().map(json).collect();
    assert_eq!(lines.len(), 4, "two failures, what the first shrinks to, and the counts");
    assert_eq!(lines[1]["seed"], lines[0]["seed"]);
    let shrunk = &lines[1]["shrunk"];
    assert_eq!(shrunk["promise"], lines[0]["name"]);
    assert!(shrunk["after"]["interventions"].as_u64() < shrunk["before"]["interventions"].as_u64(), "{shrunk}");
    let (status, run, _) = playground(&["run", shrunk["link"].as_str().unwrap()]);
    assert_eq!(status, 1);
    let broken = format!("{} broken after event {}:", lines[0]["name"].as_str().unwrap(), shrunk["event"]);
    assert!(run.contains(&broken) && run.contains(shrunk["trace_hash"].as_str().unwrap()), "{run}");
    let (_, text, _) = hunt(&["--failures", "1"]);
    let told = format!("seed {} shrunk from ", lines[0]["seed"]);
    assert!(text.lines().nth(1).unwrap().starts_with(&told), "{text}");
}

#[test]
fn a_link_is_shrunk_and_a_limit_that_comes_first_is_told() {
    let (_, output, _) = hunt(&["--failures", "1", "--no-shrink"]);
    let failure = json(output.lines().next().unwrap());
    let link = failure["link"].as_str().unwrap();
    let (status, text, errors) = playground(&["shrink", link]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(text.contains(": nothing more makes it smaller\nlink #run="), "{text}");
    let report = json(&playground(&["shrink", link, "--json"]).1);
    assert_eq!(report["ended"], "smallest");
    assert!(text.contains(report["link"].as_str().unwrap()), "{text}");
    let (_, text, _) = playground(&["shrink", link, "--tries", "10"]);
    assert!(text.contains("10 runs tried, ") && text.contains("stopped by --tries"), "{text}");
    assert_eq!(json(&playground(&["shrink", link, "--json", "--seconds", "0"]).1)["ended"], "seconds");
}

#[test]
fn what_cannot_be_shrunk_is_told() {
    for (arguments, told) in [
        (&["shrink", "cut-the-leader-off"][..], "nothing to shrink: the run breaks no promise\n"),
        (&["shrink", "no-such-run"], "no-such-run: "),
        (&["shrink", "#run=1.x"], "the link: "),
        (&["shrink", "stale-read", "--mutation", "gravity-off"], "mutations[1]: there is no mutation"),
    ] {
        let (status, output, errors) = playground(arguments);
        assert_eq!((status, output.as_str()), (2, ""), "{arguments:?}");
        assert!(errors.starts_with(told), "{errors}");
    }
}

/// What each of so many shards prints, and the folder with a file for each.
fn shards(name: &str, of: u32) -> (PathBuf, Vec<String>) {
    let folder = folder(name);
    let mut files = Vec::new();
    for number in 1..=of {
        let (_, output, errors) = hunt(&["--shard", &format!("{number}/{of}")]);
        assert_eq!(errors, "");
        let file = folder.join(format!("{number}.jsonl"));
        std::fs::write(&file, output).unwrap();
        files.push(file.to_str().unwrap().to_owned());
    }
    (folder, files)
}

fn join(files: &[&str]) -> (i32, String, String) {
    playground(&[&["hunt", "--json", "--join"][..], files].concat())
}

#[test]
fn shards_joined_are_line_for_line_what_one_hunt_prints() {
    let (_, files) = shards("shards", 4);
    let files: Vec<&str> = files.iter().rev().map(String::as_str).collect();
    assert_eq!(join(&files), hunt(&["--json"]));
}

#[test]
fn shards_that_do_not_fit_together_are_refused_with_what_and_where() {
    let (folder, files) = shards("wrong-shards", 3);
    let [one, two, three] = [0, 1, 2].map(|index| files[index].as_str());
    let refused = |files: &[&str], told: &str| {
        let (status, output, errors) = join(files);
        assert_eq!((status, output.as_str()), (2, ""), "{files:?}");
        assert!(errors.contains(told), "{told}\n{errors}");
    };
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let last_line = |file: &str| std::fs::read_to_string(file).unwrap().lines().count();
    refused(&[one, three], "missing: shard 2/3 (seeds 20..40)");
    refused(&[one, two, three, two], &format!("{two}:{}: shard 2/3 again: it is in {two}:", last_line(two)));
    let other = write("other.jsonl", &playground(&["hunt", "--seeds", "0..60", "--shard", "2/3"]).1);
    refused(
        &[one, &other, three],
        &format!("{other}:1: another hunt: its list of rules switched off is none, and in {one}:"),
    );
    let text = std::fs::read_to_string(two).unwrap();
    let cut = write("cut.jsonl", text.lines().next().unwrap());
    refused(&[one, &cut, three], &format!("{cut}: it ends without a closing line"));
    let nonsense = write("nonsense.jsonl", "60 seeds\n");
    refused(&[one, &nonsense], &format!("{nonsense}:1: this is no line that hunt --shard prints"));
    let whole = write("whole.jsonl", &playground(&["hunt", "--seeds", "0..2", "--json"]).1);
    refused(&[&whole], &format!("{whole}:1: a whole hunt, and no part of one"));
    refused(&["nowhere.jsonl"], "nowhere.jsonl: ");
    for shard in ["0/3", "4/3", "3", "x"] {
        assert_eq!(hunt(&["--shard", shard]).0, 2, "{shard}");
    }
}

/// GNU parallel spreads a hunt over its jobs, and over hosts where it is told of some. Where it is missing the test says so.
#[test]
fn gnu_parallel_spreads_a_hunt_and_its_lines_are_joined() {
    let version = Command::new("parallel").arg("--version").output();
    if !version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("GNU parallel")) {
        eprintln!("skipped: there is no GNU parallel on this machine");
        return;
    }
    let folder = folder("parallel");
    let script = format!(
        "seq 4 | parallel --will-cite --jobs 2 '{} {} --shard {{}}/4' > shards.jsonl; [ $? -le 4 ]",
        env!("CARGO_BIN_EXE_consensus-playground"),
        HUNT.join(" ")
    );
    let spread = Command::new("sh").args(["-c", &script]).current_dir(&folder).output().unwrap();
    assert!(spread.status.success(), "{}", String::from_utf8_lossy(&spread.stderr));
    let joined = join(&[folder.join("shards.jsonl").to_str().unwrap()]);
    assert_eq!(joined, hunt(&["--json"]));
}

/// Before that, an interrupt would end the program as it would end any other.
fn wait_until_it_heeds_interrupts(process: u32) {
    for _ in 0..200 {
        std::thread::sleep(Duration::from_millis(100));
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        if caught.is_none_or(|mask| mask & 2 != 0) {
            break;
        }
    }
    std::thread::sleep(Duration::from_millis(500));
}

#[test]
fn a_hunt_that_is_interrupted_says_what_it_covered() {
    let program = env!("CARGO_BIN_EXE_consensus-playground");
    let arguments = ["hunt", "--seeds", "0..1000000000", "--json"];
    let child = Command::new(program).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until_it_heeds_interrupts(child.id());
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let begun = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(30), "it ends with the runs that are under way");
    assert_eq!(output.status.code(), Some(130));
    let counts = json(String::from_utf8(output.stdout).unwrap().trim_end());
    assert_eq!(counts["interrupted"], true);
    assert_eq!((&counts["from"], &counts["to"]), (&Value::from(0), &counts["seeds"]));
}

#[test]
fn a_failure_is_written_as_a_test_that_can_be_compiled() {
    let file = folder("test-out").join("failure.rs");
    let (status, _, errors) = hunt(&["--failures", "1", "--test-out", file.to_str().unwrap()]);
    assert_eq!((status, errors.as_str()), (1, ""));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("fn raft_seed_") && text.contains("election-restriction-off"), "{text}");
    let parsed = Command::new("rustfmt").args(["--edition", "2024", "--check"]).arg(&file).output().unwrap();
    assert!(
        parsed.status.success(),
        "{}{}",
        String::from_utf8_lossy(&parsed.stdout),
        String::from_utf8_lossy(&parsed.stderr)
    );
    let link = text.split('"').find(|part| part.starts_with("#run=")).unwrap();
    assert_eq!(playground(&["run", link]).0, 1, "the run that the test replays breaks a promise");
    let (_, _, errors) = playground(&["hunt", "--seeds", "0..4", "--test-out", file.to_str().unwrap()]);
    assert_eq!(errors, "no failure, so no test is written\n");
}
