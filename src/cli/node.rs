//! `node`: one process of a real cluster. Threads, standard streams, the clock and the disk are here; all else is in the library.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use consensus_playground::multi_paxos::MultiPaxos;
use consensus_playground::node::{Codec, Host, Kept, LINE_LENGTH_MAX, Output, Pace, Store};
use consensus_playground::process::MILLISECOND;
use consensus_playground::raft::Raft;

use super::streams::{Out, remark, written};

/// Lines that may wait to be handled.
const LINES_WAITING_MAX: usize = 1_024;

/// Bytes of lines that are handled before what follows from them is written. More would keep those who wait for an answer waiting.
const GATHERED_BYTES_MAX: usize = 1 << 20;

/// Longest wait for a line when nothing is due.
const IDLE: Duration = Duration::from_secs(3_600);

/// Be one node of a cluster that speaks Maelstrom's protocol, workload lin-kv: a JSON message a line on standard input and output.
///
/// Each harness starts as many as it wants, sends each `init`, and carries the messages between them. Nodes talk to each other in
/// messages of the protocol's name. A line that cannot be read is named on standard error, and the node goes on.
/// Exit status: 0 the input has ended, or nobody reads the output any more, 2 the disk or a stream failed, or what is on the disk is another's or has rotted.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// The protocol of the cluster
    #[arg(long, value_enum)]
    protocol: Protocol,
    /// Keep what must survive a crash in this directory, and begin with what is there; without it, in memory
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The cluster that the data belongs to: data of another cluster is refused
    #[arg(long, value_name = "NAME", default_value = "default")]
    cluster: String,
    /// The shortest election timeout, in milliseconds; the longest is twice as long, and a heartbeat comes four times in it
    #[arg(long, value_name = "MS", default_value_t = 400, value_parser = clap::value_parser!(u64).range(20..=60_000))]
    election_timeout: u64,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Protocol {
    Raft,
    MultiPaxos,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    let ended = match arguments.protocol {
        Protocol::Raft => serve::<Raft>(arguments),
        Protocol::MultiPaxos => serve::<MultiPaxos>(arguments),
    };
    super::exit_status(ended.map(|()| true))
}

fn serve<R: Codec>(arguments: &Arguments) -> Result<(), String> {
    let (mut store, kept) = match &arguments.data {
        Some(directory) => Store::<R>::open(directory, &arguments.cluster).map(|(store, kept)| (Some(store), kept))?,
        None => (None, Kept::default()),
    };
    let pace = Pace {
        election_timeout_ticks_min: arguments.election_timeout * MILLISECOND,
        heartbeat_ticks: arguments.election_timeout * MILLISECOND / 4,
    };
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = since_1970.as_nanos() as u64 ^ u64::from(std::process::id()).rotate_left(40);
    let mut host = Host::<R>::new(pace, seed, since_1970.as_micros() as u64, kept)?;
    let start = Instant::now();
    let now = || start.elapsed().as_micros() as u64;
    let mut out = Out::new();
    let (sender, lines) = sync_channel(LINES_WAITING_MAX);
    std::thread::spawn(move || read_lines(&sender));
    loop {
        let wait = host.deadline().map_or(IDLE, |due| Duration::from_micros(due.saturating_sub(now())));
        let mut next = match lines.recv_timeout(wait) {
            Ok(incoming) => Some(incoming),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        let (mut outputs, mut gathered) = (host.tick(now()), 0);
        // All that waits is written together.
        while let Some(incoming) = next {
            gathered += incoming.bytes();
            outputs.extend(handle(&mut host, now(), incoming));
            next = if gathered < GATHERED_BYTES_MAX { lines.try_recv().ok() } else { None };
        }
        write_out(&mut out, &outputs, store.as_mut())?;
        while host.awaits_flush() {
            write_out(&mut out, &host.persisted(now()), store.as_mut())?;
        }
        if out.has_hung_up() {
            return Ok(());
        }
    }
}

fn handle<R: Codec>(host: &mut Host<R>, now: u64, incoming: Incoming) -> Vec<Output<R>> {
    match incoming {
        Incoming::Line(line) => host.line(now, &line),
        Incoming::TooLong => {
            vec![Output::Complaint(format!("a line of more than {LINE_LENGTH_MAX} bytes is left out"))]
        }
    }
}

/// What the reader has found.
enum Incoming {
    Line(String),
    TooLong,
}

impl Incoming {
    /// What it costs to handle, as a number of bytes: a short line costs something too.
    fn bytes(&self) -> usize {
        let line = if let Self::Line(line) = self { line.len() } else { 0 };
        line + 1_000
    }
}

/// Reads standard input to its end. Of a line that is too long, no more is kept than may be.
fn read_lines(to: &SyncSender<Incoming>) {
    let mut input = io::stdin().lock();
    loop {
        let mut line = Vec::new();
        let limit = LINE_LENGTH_MAX as u64 + 1;
        match input.by_ref().take(limit).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let is_too_long = line.len() > LINE_LENGTH_MAX && line.last() != Some(&b'\n');
        if is_too_long && skip_line(&mut input).is_err() {
            return;
        }
        let incoming =
            if is_too_long { Incoming::TooLong } else { Incoming::Line(String::from_utf8_lossy(&line).into_owned()) };
        if to.send(incoming).is_err() {
            return;
        }
    }
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let skipped = end.map_or(buffer.len(), |end| end + 1);
        let is_done = end.is_some() || buffer.is_empty();
        input.consume(skipped);
        if is_done {
            return Ok(());
        }
    }
}

/// Writes what the host wants: what may leave at once; what must be kept, by one commit; and when that is on the disk, all else.
fn write_out<R: Codec>(out: &mut Out, outputs: &[Output<R>], store: Option<&mut Store<R>>) -> Result<(), String> {
    let mut print = |wanted: fn(&Output<R>) -> Option<&String>| {
        let text: String = outputs.iter().filter_map(wanted).flat_map(|line| [line.as_str(), "\n"]).collect();
        written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    };
    for output in outputs {
        if let Output::Complaint(problem) = output {
            remark(problem);
        }
    }
    print(|output| if let Output::Now(line) = output { Some(line) } else { None })?;
    if let Some(store) = store {
        let persists = outputs
            .iter()
            .filter_map(|output| if let Output::Persist(persist) = output { Some(persist) } else { None });
        store.commit(persists).map_err(|problem| format!("the disk: {problem}"))?;
    }
    print(|output| if let Output::Line(line) = output { Some(line) } else { None })
}
