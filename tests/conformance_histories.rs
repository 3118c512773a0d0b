//! The published histories of etcd and of a key-value store, against their published verdicts.
//!
//! They are read from the folder that `CONFORMANCE_DATA` names; the README says where they are published.

use std::path::Path;

use consensus_playground::check::formats::{read_kv, read_register};
use consensus_playground::check::linearizability::{Options, Partition, Verdict, check, zones};
use consensus_playground::check::model::{Independent, Kv, Register, Scalar};

/// Enough for the hardest, a history of ten keys that is judged as one object.
const STEPS_MAX: u64 = 20_000_000;

fn judge(bytes: &[u8], model: &str, partition: Partition) -> Verdict {
    let options = Options { partition, steps_max: STEPS_MAX, ..Options::default() };
    match model {
        "etcd_register_cas" => {
            check(&Independent::new(Register::default()), &read_register(bytes).unwrap().operations, &options).verdict
        }
        "kv_string_append" => {
            let file = read_kv(bytes).unwrap();
            check(&Kv::new(file.missing()), &file.operations, &options).verdict
        }
        model => panic!("verdicts.csv names the model {model:?}"),
    }
}

#[test]
fn published_histories_have_their_published_verdicts() {
    let Some(folder) = std::env::var_os("CONFORMANCE_DATA") else {
        println!("skipped: CONFORMANCE_DATA does not name a folder with the published histories");
        return;
    };
    let folder = Path::new(&folder).join("histories");
    let verdicts = std::fs::read_to_string(folder.join("verdicts.csv")).unwrap();
    let mut judged = 0;
    for row in verdicts.lines().skip(1) {
        let [file, model, partition, expected] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("verdicts.csv has the row {row:?}");
        };
        let partition = match partition {
            "by_key" => Partition::ByKey,
            "none" => Partition::None,
            partition => panic!("verdicts.csv names the partition {partition:?}"),
        };
        let verdict = judge(&std::fs::read(folder.join(file)).unwrap(), model, partition);
        match verdict {
            Verdict::Linearizable(_) => assert_eq!(expected, "ok", "{row}"),
            Verdict::NotLinearizable(violation) => {
                assert_eq!(expected, "bad", "{row}");
                assert!(violation.is_first, "{row}");
                assert!(violation.linearization.is_some(), "{row}");
            }
            Verdict::Undecided(_) => panic!("undecided: {row}"),
        }
        judged += 1;
    }
    assert_eq!(judged, 59);
}

#[test]
fn knossos_histories_have_their_published_verdicts() {
    let Some(folder) = std::env::var_os("CONFORMANCE_DATA") else {
        println!("skipped: CONFORMANCE_DATA does not name a folder with the published histories");
        return;
    };
    let folder = Path::new(&folder).join("histories/knossos");
    let verdicts = std::fs::read_to_string(folder.join("verdicts.csv")).unwrap();
    let mut judged = 0;
    for row in verdicts.lines().skip(1) {
        let [file, "register", initial, expected] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("verdicts.csv has the row {row:?}");
        };
        let register = Independent::new(Register::new(Some(initial.parse().map(Scalar::Integer).unwrap())));
        let history = read_register(&std::fs::read(folder.join(file)).unwrap()).unwrap().operations;
        let report = check(&register, &history, &Options::default());
        assert_eq!(zones::judge(&register, &history).disagreement(&report), None, "{row}");
        match report.verdict {
            Verdict::Linearizable(_) => assert_eq!(expected, "ok", "{row}"),
            Verdict::NotLinearizable(_) => assert_eq!(expected, "bad", "{row}"),
            Verdict::Undecided(_) => panic!("undecided: {row}"),
        }
        judged += 1;
    }
    assert_eq!(judged, 9);
}

#[test]
fn by_key_or_whole_the_same_completion_is_the_first_bad_one() {
    let Some(folder) = std::env::var_os("CONFORMANCE_DATA") else {
        println!("skipped: CONFORMANCE_DATA does not name a folder with the published histories");
        return;
    };
    for name in ["c01-bad.txt", "c10-bad.txt"] {
        let bytes = std::fs::read(Path::new(&folder).join("histories/kv").join(name)).unwrap();
        let found =
            [Partition::ByKey, Partition::None].map(|partition| match judge(&bytes, "kv_string_append", partition) {
                Verdict::NotLinearizable(violation) => (violation.operation, violation.sentence()),
                verdict => panic!("{name}: {verdict:?}"),
            });
        assert_eq!(found[0], found[1]);
    }
}
