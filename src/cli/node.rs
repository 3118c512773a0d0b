//! `node`: one process of a real cluster. Threads, standard streams, the clock and the disk are here; all else is in the library.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use consensus_playground::multi_paxos::MultiPaxos;
use consensus_playground::node::{Codec, Host, LINE_LENGTH_MAX, Output, Pace};
use consensus_playground::process::MILLISECOND;
use consensus_playground::raft::Raft;

/// Lines that may wait to be handled.
const LINES_WAITING_MAX: usize = 1_024;

/// Longest wait for a line when nothing is due.
const IDLE: Duration = Duration::from_secs(3_600);

/// Be one node of a cluster that speaks Maelstrom's protocol, workload lin-kv: a JSON message a line on standard input and output.
///
/// Each harness starts as many as it wants, sends each `init`, and carries the messages between them. Nodes talk to each other in
/// messages of the protocol's name. A line that cannot be read is named on standard error, and the node goes on.
/// Exit status: 0 the input has ended, 2 the journal or a stream failed.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// The protocol of the cluster
    #[arg(long, value_enum)]
    protocol: Protocol,
    /// Keep what must survive a crash in this directory, and begin with what is there; without it, in memory
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
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
    let (mut journal, written) = match &arguments.data {
        Some(directory) => open_journal(directory, R::PROTOCOL).map(|(file, text)| (Some(file), text))?,
        None => (None, String::new()),
    };
    let pace = Pace {
        election_timeout_ticks_min: arguments.election_timeout * MILLISECOND,
        heartbeat_ticks: arguments.election_timeout * MILLISECOND / 4,
    };
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = since_1970.as_nanos() as u64 ^ u64::from(std::process::id()).rotate_left(40);
    let mut host = Host::<R>::new(pace, seed, since_1970.as_micros() as u64, written.lines())?;
    let start = Instant::now();
    let now = || start.elapsed().as_micros() as u64;
    let (sender, lines) = sync_channel(LINES_WAITING_MAX);
    std::thread::spawn(move || read_lines(&sender));
    loop {
        let wait = host.deadline().map_or(IDLE, |due| Duration::from_micros(due.saturating_sub(now())));
        let outputs = match lines.recv_timeout(wait) {
            Ok(Incoming::Line(line)) => host.line(now(), &line),
            Ok(Incoming::TooLong) => vec![Output::Complaint(format!("a line of more than {LINE_LENGTH_MAX} bytes is left out"))],
            Err(RecvTimeoutError::Timeout) => host.tick(now()),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        write_out(outputs, journal.as_mut()).map_err(|error| error.to_string())?;
    }
}

/// What the reader has found.
enum Incoming {
    Line(String),
    TooLong,
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
        let incoming = if is_too_long { Incoming::TooLong } else { Incoming::Line(String::from_utf8_lossy(&line).into_owned()) };
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

/// Writes what the host wants, in its order: what is in the journal is on the disk before what follows is sent.
fn write_out(outputs: Vec<Output>, mut journal: Option<&mut File>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut unsynced = false;
    for output in outputs {
        match output {
            Output::Journal(line) => {
                if let Some(journal) = journal.as_deref_mut() {
                    journal.write_all(format!("{line}\n").as_bytes())?;
                    unsynced = true;
                }
            }
            Output::Line(line) => {
                if let Some(journal) = journal.as_deref_mut().filter(|_| unsynced) {
                    journal.sync_data()?;
                    unsynced = false;
                }
                writeln!(out, "{line}")?;
            }
            Output::Complaint(problem) => eprintln!("{problem}"),
        }
    }
    if let Some(journal) = journal.filter(|_| unsynced) {
        journal.sync_data()?;
    }
    out.flush()
}

/// Opens the journal of a directory, and gives what is in it. A last line without an end was being written when the node stopped: nothing
/// that rests on it was sent, and it is cut off.
fn open_journal(directory: &Path, protocol: &str) -> Result<(File, String), String> {
    let path = directory.join(format!("{protocol}.journal"));
    let open = || -> io::Result<(File, String)> {
        std::fs::create_dir_all(directory)?;
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        bytes.truncate(whole);
        let text = String::from_utf8(bytes).map_err(io::Error::other)?;
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok((file, text))
    };
    open().map_err(|error| format!("{}: {error}", path.display()))
}
