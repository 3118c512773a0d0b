//! How long the published histories take to judge. `CONFORMANCE_DATA` names the folder that has them.

#[cfg(not(target_arch = "wasm32"))]
#[path = "../peers/src/store.rs"]
mod store;

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::path::{Path, PathBuf};

    use consensus_playground::check::formats::{read_kv, read_register};
    use consensus_playground::check::history::{Operation, Outcome};
    use consensus_playground::check::linearizability::{Options, Partition, Report, check};
    use consensus_playground::check::model::{Independent, Kv, KvCommand, KvResult, Missing, Register};
    use criterion::Criterion;

    use super::store::{self, Call, Kind};

    /// The files of a folder, as bytes.
    fn files(folder: &Path) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(folder).expect("the folder of histories can be read");
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().map(|path| std::fs::read(path).expect("a history can be read")).collect()
    }

    fn judge_register(bytes: &[u8]) -> Report {
        let file = read_register(bytes).expect("a published history is sound");
        check(&Independent::new(Register::default()), &file.operations, &Options::default())
    }

    fn judge_kv(bytes: &[u8], partition: Partition) -> Report {
        let file = read_kv(bytes).expect("a published history is sound");
        let options = Options { partition, ..Options::default() };
        check(&Kv::new(file.missing()), &file.operations, &options)
    }

    /// 50 clients with 1,712 puts, gets and appends on ten keys, as the checker takes them.
    fn busy(is_bad: bool) -> Vec<Operation<KvCommand, KvResult>> {
        let operation = |Call { client, key, kind, span }: Call| {
            let key = key.into();
            let (command, result) = match kind {
                Kind::Get(told) => (KvCommand::Get { key }, KvResult::Value(Some(told.into()))),
                Kind::Put(value) => (KvCommand::Put { key, value: value.into() }, KvResult::Done),
                Kind::Append(value) => (KvCommand::Append { key, value: value.into() }, KvResult::Done),
            };
            Operation { client, command, invoked_at: span.0, outcome: Outcome::Ok { completed_at: span.1, result } }
        };
        store::history(1, 50, 1712, 10, is_bad).into_iter().map(operation).collect()
    }

    pub fn run() {
        let mut criterion = Criterion::default().sample_size(10).configure_from_args();
        for (name, is_bad) in [("sound", false), ("bad", true)] {
            let history = busy(is_bad);
            criterion.bench_function(&format!("histories/50 busy clients, {name}"), |bencher| {
                bencher.iter(|| check(&Kv::new(Missing::IsEmpty), &history, &Options::default()).steps);
            });
        }
        let Some(folder) = std::env::var_os("CONFORMANCE_DATA") else {
            println!("skipped: CONFORMANCE_DATA does not name a folder with published histories");
            return;
        };
        let folder = Path::new(&folder).join("histories");
        let etcd = files(&folder.join("jepsen-etcd"));
        let kv = files(&folder.join("kv"));
        criterion.bench_function("histories/etcd, all together", |bencher| {
            bencher.iter(|| etcd.iter().map(|bytes| judge_register(bytes).steps).sum::<u64>());
        });
        for (name, partition) in [("by key", Partition::ByKey), ("whole", Partition::None)] {
            criterion.bench_function(&format!("histories/kv {name}, all together"), |bencher| {
                bencher.iter(|| kv.iter().map(|it| judge_kv(it, partition).steps).sum::<u64>());
            });
        }
        criterion.final_summary();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    native::run();
}

#[cfg(target_arch = "wasm32")]
fn main() {}
