//! What implies what, between the promises that a history keeps: on the published histories.

use std::collections::BTreeMap;
use std::path::Path;

use consensus_playground::check::consistency::{Observed, Promise, Verdict, Why, judge};
use consensus_playground::check::formats::{HistoryFile, read_kv, read_register};
use consensus_playground::check::history::Operation;
use consensus_playground::check::linearizability::Options;
use consensus_playground::check::model::{Independent, Kv, Register, Scalar};

/// Enough for most of the published histories. What is undecided then says nothing.
const STEPS_MAX: u64 = 300_000;

/// The rows of a history, of which none contradicts another.
fn rows<M: Observed>(
    name: &str,
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
) -> BTreeMap<Promise, Verdict> {
    let options = Options { steps_max: STEPS_MAX, ..Options::default() };
    let rows: BTreeMap<Promise, Verdict> = judge(model, operations, &options).into_iter().collect();
    let holds = |promise: &Promise| matches!(rows[promise], Verdict::Holds { .. });
    for (promise, verdict) in &rows {
        if let Verdict::Broken(broken) = verdict {
            assert!(!promise.stronger().iter().any(holds), "{name}: {rows:?}");
            assert!(broken.operations.iter().all(|&operation| operation < operations.len()));
        }
        let is_covered = !matches!(verdict, Verdict::Undecided(Why::NotCovered(_)));
        assert!(!is_covered || holds(promise) || !promise.stronger().iter().any(holds), "{name}: {rows:?}");
    }
    let disagrees = matches!(rows[&Promise::Convergence], Verdict::Broken(_));
    assert!(!(disagrees && holds(&Promise::Linearizable)), "{name}: {rows:?}");
    rows
}

fn is_broken(rows: &BTreeMap<Promise, Verdict>, promise: Promise) -> bool {
    matches!(rows[&promise], Verdict::Broken(_))
}

#[test]
fn no_row_of_a_published_history_contradicts_another() {
    let Some(folder) = std::env::var_os("CONFORMANCE_DATA") else {
        println!("skipped: CONFORMANCE_DATA does not name a folder with the published histories");
        return;
    };
    let folder = Path::new(&folder).join("histories");
    let register = |bytes: &[u8], initial| {
        let HistoryFile { operations, .. } = read_register(bytes).unwrap();
        (Independent::new(Register::new(initial)), operations)
    };
    let verdicts = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let mut broken = 0;
    for row in verdicts("verdicts.csv").lines().skip(1) {
        let [file, model, _, expected] = row.split(',').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let rows = if model == "etcd_register_cas" {
            let (model, operations) = register(&bytes, None);
            rows(row, &model, &operations)
        } else {
            let file = read_kv(&bytes).unwrap();
            rows(row, &Kv::new(file.missing()), &file.operations)
        };
        assert!(expected == "bad" || !is_broken(&rows, Promise::Linearizable), "{row}");
        broken += usize::from(is_broken(&rows, Promise::Linearizable));
    }
    for row in verdicts("knossos/verdicts.csv").lines().skip(1) {
        let [file, _, initial, expected] = row.split(',').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let initial = initial.parse().map(Scalar::Integer).unwrap();
        let (model, operations) = register(&std::fs::read(folder.join("knossos").join(file)).unwrap(), Some(initial));
        let rows = rows(row, &model, &operations);
        assert!(expected == "bad" || !is_broken(&rows, Promise::Linearizable), "{row}");
        broken += usize::from(is_broken(&rows, Promise::Linearizable));
    }
    assert!(broken > 20, "{broken}");
}
