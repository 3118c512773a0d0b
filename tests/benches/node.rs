//! Throughput of a real cluster: three `node` processes on this machine, whose messages are carried here, and clients
//! that each write one value after another, spread over the nodes.
//!
//! `cargo bench --bench node`, with a protocol's name behind `--` for that one alone. The directory is in `target`:
//! what a disk costs is what *its* disk costs.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use serde_json::{Value, json};
    use std::io::{BufRead, BufReader, Write};
    use std::path::Path;
    use std::process::{Child, ChildStdin, Command, Stdio};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant};

    const NODES: usize = 3;
    const WARM_UP: Duration = Duration::from_millis(500);
    const MEASURED: Duration = Duration::from_secs(3);
    /// A client that has had no answer for so long asks anew.
    const PATIENCE: Duration = Duration::from_secs(1);
    const KEYS: u64 = 100;

    /// What a client waits for.
    struct Client {
        msg_id: u64,
        since: Instant,
    }

    struct Cluster {
        inputs: Vec<Mutex<ChildStdin>>,
        clients: Vec<Mutex<Client>>,
        msg_id: AtomicU64,
        /// How long each operation took that ended well, in microseconds.
        durations: Mutex<Vec<u64>>,
        failures: AtomicU64,
    }

    impl Cluster {
        fn send(&self, node: usize, line: &str) {
            if let Ok(mut input) = self.inputs[node].lock() {
                let _ = input.write_all(format!("{line}\n").as_bytes());
            }
        }

        /// Lets a client write its next value.
        fn begin(&self, place: usize, client: &mut Client) {
            let node = place % NODES;
            *client = Client { msg_id: self.msg_id.fetch_add(1, Ordering::Relaxed), since: Instant::now() };
            let body =
                json!({"type": "write", "key": client.msg_id % KEYS, "value": client.msg_id, "msg_id": client.msg_id});
            self.send(
                node,
                &json!({"src": format!("c{place}"), "dest": format!("n{}", node + 1), "body": body}).to_string(),
            );
        }

        /// Brings a line to whom it is for.
        fn carry(&self, line: &str) {
            // The fields of a message are in the order of their names, and in a text the quotes would be escaped.
            let dest = line.rfind("\"dest\":\"").map_or("", |start| &line[start + 8..]);
            let dest = dest.split('"').next().unwrap_or_default();
            let Some(number) = dest.get(1..).and_then(|number| number.parse::<usize>().ok()) else { return };
            if dest.starts_with('n') {
                return self.send(number - 1, line);
            }
            let (Some(client), Ok(message)) = (self.clients.get(number), serde_json::from_str::<Value>(line)) else {
                return;
            };
            let Ok(mut client) = client.lock() else { return };
            let body = &message["body"];
            if body["in_reply_to"] != client.msg_id {
                return;
            }
            if body["type"] == "write_ok" {
                if let Ok(mut durations) = self.durations.lock() {
                    durations.push(client.since.elapsed().as_micros() as u64);
                }
            } else {
                self.failures.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
            self.begin(number, &mut client);
        }

        fn begin_anew_what_is_late(&self) {
            for (place, client) in self.clients.iter().enumerate() {
                if let Ok(mut client) = client.lock()
                    && client.since.elapsed() > PATIENCE
                {
                    self.failures.fetch_add(1, Ordering::Relaxed);
                    self.begin(place, &mut client);
                }
            }
        }
    }

    fn spawn(protocol: &str, directory: Option<&Path>, node: usize) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_consensus-playground"));
        command.args(["node", "--protocol", protocol]).stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(directory) = directory {
            command.arg("--data").arg(directory.join(format!("n{}", node + 1)));
        }
        command.spawn().expect("a node starts")
    }

    /// Lets so many clients write for a while, and says how it went.
    fn measure(protocol: &str, directory: Option<&Path>, clients: usize) {
        let mut nodes: Vec<Child> = (0..NODES).map(|node| spawn(protocol, directory, node)).collect();
        let cluster = Arc::new(Cluster {
            inputs: nodes.iter_mut().filter_map(|node| node.stdin.take()).map(Mutex::new).collect(),
            clients: (0..clients).map(|_| Mutex::new(Client { msg_id: u64::MAX, since: Instant::now() })).collect(),
            msg_id: AtomicU64::new(1),
            durations: Mutex::default(),
            failures: AtomicU64::new(0),
        });
        for output in nodes.iter_mut().filter_map(|node| node.stdout.take()) {
            let cluster = cluster.clone();
            std::thread::spawn(move || {
                BufReader::new(output).lines().map_while(Result::ok).for_each(|line| cluster.carry(&line))
            });
        }
        let names: Vec<String> = (1..=NODES).map(|number| format!("n{number}")).collect();
        for (node, name) in names.iter().enumerate() {
            let body = json!({"type": "init", "msg_id": 0, "node_id": name, "node_ids": names});
            cluster.send(node, &json!({"src": "operator", "dest": name, "body": body}).to_string());
        }
        let wait = |duration: Duration, until: &dyn Fn() -> bool| {
            let start = Instant::now();
            while start.elapsed() < duration && !until() {
                std::thread::sleep(Duration::from_millis(20));
                cluster.begin_anew_what_is_late();
            }
            start.elapsed()
        };
        let taken =
            || cluster.durations.lock().map(|mut durations| std::mem::take(&mut *durations)).unwrap_or_default();
        for (place, client) in cluster.clients.iter().enumerate() {
            if let Ok(mut client) = client.lock() {
                cluster.begin(place, &mut client);
            }
        }
        wait(Duration::from_secs(20), &|| cluster.durations.lock().is_ok_and(|durations| durations.len() > clients));
        wait(WARM_UP, &|| false);
        taken();
        cluster.failures.store(0, Ordering::Relaxed);
        let time = wait(MEASURED, &|| false);
        let mut durations = taken();
        durations.sort_unstable();
        let at = |hundredth: usize| {
            durations.get(durations.len() * hundredth / 100).map_or(f64::NAN, |&micros| micros as f64 / 1_000.0)
        };
        println!(
            "{protocol:12} {:9} {clients:4} {:12.0} {:10.2} {:10.2} {:9}",
            if directory.is_some() { "on disk" } else { "in memory" },
            durations.len() as f64 / time.as_secs_f64(),
            at(50),
            at(99),
            cluster.failures.load(Ordering::Relaxed)
        );
        for node in &mut nodes {
            let _ = node.kill();
            let _ = node.wait();
        }
    }

    pub fn main() {
        let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("node-bench-{}", std::process::id()));
        println!("protocol     data      clients  writes a s  median ms      p99 ms  failures");
        for protocol in ["raft", "multi-paxos"]
            .into_iter()
            .filter(|name| asked.is_empty() || asked.iter().any(|asked| asked == name))
        {
            for data in [None, Some(directory.as_path())] {
                for clients in [1, 8, 64] {
                    measure(protocol, data, clients);
                    let _ = std::fs::remove_dir_all(&directory);
                }
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    native::main();
}

#[cfg(target_arch = "wasm32")]
fn main() {}
