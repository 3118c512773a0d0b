//! A history is written, read again, and judged as the run was.

use consensus_playground::check::formats::read_kv;
use consensus_playground::check::linearizability::{Options, STEPS_MAX_DEFAULT, Verdict, check};
use consensus_playground::check::model::Kv;
use consensus_playground::export::history;

use super::*;

fn said(verdict: &Verdict) -> Option<bool> {
    match verdict {
        Verdict::Linearizable(_) => Some(true),
        Verdict::NotLinearizable(_) => Some(false),
        Verdict::Undecided(_) => None,
    }
}

/// What the run is judged to be, and what is said of its history in each format; none where there are no operations.
struct Judged<'a>(&'a Scenario);

impl WithProtocol for Judged<'_> {
    type Output = (Option<bool>, Vec<Option<bool>>);

    fn with<R: Playable>(self) -> Self::Output {
        let mut run = Run::new(self.0.simulation::<R>().unwrap());
        run.run_until(2_000 * MILLISECOND, u32::MAX);
        if run.history().is_empty() {
            return (None, Vec::new());
        }
        let judged = said(&run.verdict(STEPS_MAX_DEFAULT).report.verdict);
        let operations = run.judged().len();
        let texts = [history::json_lines(&mut run).unwrap().text, history::edn(&mut run).unwrap().text];
        let again = texts.iter().map(|text| {
            let file = read_kv(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(file.operations.len(), operations);
            said(&check(&Kv::new(file.missing()), &file.operations, &Options::default()).verdict)
        });
        (judged, again.collect())
    }
}

#[test]
fn every_history_is_read_again_and_gets_the_same_verdict() {
    let mut verdicts = Vec::new();
    for scenario in scenarios() {
        let (judged, again) = with_protocol(&scenario.protocol, Judged(&scenario)).unwrap();
        assert!(again.iter().all(|verdict| *verdict == judged), "{:?}: {judged:?} {again:?}", scenario.title);
        verdicts.push(judged);
    }
    assert!(verdicts.contains(&Some(true)) && verdicts.contains(&Some(false)));
}

#[test]
fn the_command_line_writes_what_it_reads() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    for (run, status) in [("stale-read", 1), ("elect-and-replicate", 0)] {
        for (file, further) in [("out.jsonl", &[][..]), ("out.edn", &[]), ("out.txt", &["--history-format", "edn"])] {
            let path = folder.join(format!("history_{run}_{file}"));
            let path = path.to_str().unwrap();
            let written = playground(&[&["run", run, "--history-out", path][..], further].concat());
            assert_eq!((written.0, written.2.as_str()), (status, ""));
            let text = std::fs::read_to_string(path).unwrap();
            assert_eq!(text.starts_with("{:process "), !file.ends_with("jsonl"), "{text}");
            let (again, output, errors) = playground(&["check", "--model", "kv", path]);
            assert_eq!((again, errors.as_str()), (status, ""), "{output}");
        }
    }
    let (status, _, errors) = playground(&["run", "stale-read", "--history-out", "/no-such-folder/x"]);
    assert!(status == 2 && errors.starts_with("/no-such-folder/x: "), "{errors}");
}

/// A compare-and-set that was refused, with what it found.
#[test]
fn what_a_refused_compare_and_set_found_is_told() {
    let invoke = |at: u64, command: &str| {
        format!(r#"{{"at":{at},"action":{{"invoke":{{"client":"c1","command":{command}}}}}}}"#)
    };
    let deeds = [
        invoke(600_000, r#"{"cas":{"key":"k","expected":"1","new":"2"}}"#),
        invoke(700_000, r#"{"put":{"key":"k","value":"3"}}"#),
        invoke(800_000, r#"{"cas":{"key":"k","expected":"1","new":"2"}}"#),
        invoke(900_000, r#"{"cas":{"key":"k","expected":"3","new":"\"4\\"}}"#),
    ];
    let scenario = format!(
        r#"{{"protocol":"raft","clients":1,"workload":{{"operations_per_client":0}},"interventions":[{}]}}"#,
        deeds.join(",")
    );
    let print = |format| playground_reads(&["run", "-", "--until", "2000", "--format", format], scenario.as_bytes());
    let (status, lines, errors) = print("jsonl");
    assert_eq!((status, errors.as_str()), (0, ""));
    for line in [
        r#"{"client":1,"from":"1","key":"k","op":"cas","to":"2","type":"fail","value":null}"#,
        r#"{"client":1,"from":"1","key":"k","op":"cas","to":"2","type":"fail","value":"3"}"#,
        r#"{"client":1,"from":"3","key":"k","op":"cas","to":"\"4\\","type":"ok"}"#,
    ] {
        assert!(lines.contains(line), "{lines}");
    }
    let (status, maps, errors) = print("edn");
    assert_eq!(status, 0);
    assert!(errors.starts_with("1 refused compare-and-sets found nothing"), "{errors}");
    assert!(maps.contains(r#":type :fail, :f :cas, :value ["k" "3"]"#), "{maps}");
    assert!(maps.contains(r#":type :ok, :f :cas, :value ["k" ["3" "\"4\\"]]"#), "{maps}");
    let creates = r#"{"protocol":"raft","interventions":[{"at":600000,"action":{"invoke":{"client":"c1","command":{"cas_or_create":{"key":"k","expected":"1","new":"2"}}}}}]}"#;
    let (status, _, errors) = playground_reads(&["run", "-", "--format", "edn"], creates.as_bytes());
    assert!(status == 2 && errors.contains("histories have no word for it"), "{errors}");
}
