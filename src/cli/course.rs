//! `course`: a node of the course's JSON protocol on standard input and output.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::ExitCode;

use consensus_playground::course::{LINE_BYTES_MAX, Line, Node, Settings, kinds};

use super::streams::remark;

/// Answer a course's JSON messages, one a line, with the real cores.
///
/// Reads one message a line from standard input until it ends, and answers on standard output. What cannot be read gets a remark on
/// standard error. Exit status: 0, or 2 if a stream breaks.
#[derive(clap::Args)]
#[command(after_help = types())]
pub struct Arguments {
    /// Print what the node says to its peers too, and not only where a task shows it (an addition of ours)
    #[arg(long)]
    peers: bool,
}

/// The types of messages, those of ours marked.
fn types() -> String {
    let mut text = "Types of messages, each with the task that states it; * marks additions of ours:\n".to_owned();
    for kind in kinds() {
        let _ = writeln!(text, "  {}{} ({})", kind.name, if kind.is_ours { "*" } else { "" }, kind.task);
    }
    text + "\nOther additions of ours: partition_test takes a seed; the elements of verify_linearizability's history are events as the check \
            command reads them, or operations {op, key, value, start, end}; votes of Tendermint and its status take a height; replies and errors carry more fields than the course states."
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    match converse(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the answers has gone: that is how a conversation ends.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            remark(error);
            ExitCode::from(2)
        }
    }
}

fn converse(arguments: &Arguments) -> io::Result<()> {
    let mut node = Node::new(Settings { show_peers: arguments.peers });
    let mut input = BufReader::new(io::stdin().lock());
    let mut out = io::stdout().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = LINE_BYTES_MAX as u64 + 1;
        if input.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.len() > LINE_BYTES_MAX && line.last() != Some(&b'\n') {
            remark(format_args!("a line of more than {LINE_BYTES_MAX} bytes is turned away"));
            input.skip_until(b'\n')?;
            continue;
        }
        let Ok(text) = std::str::from_utf8(&line) else {
            remark("a line that is not UTF-8 is turned away");
            continue;
        };
        for said in node.handle_line(text.trim_end()) {
            match said {
                Line::Out(text) => writeln!(out, "{text}")?,
                Line::Diagnostic(text) => remark(text),
            }
        }
        out.flush()?;
    }
}
