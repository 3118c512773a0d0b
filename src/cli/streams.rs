//! What commands write: what they have found on standard output, remarks on standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};

/// Standard output. A reader that hangs up early (`| head`) has what it wanted: what comes after is thrown away, and the
/// command ends with the status of its work. All else that goes wrong is an error, so that nobody takes half an answer
/// for the whole.
pub struct Out {
    buffer: BufWriter<Stdout>,
    has_hung_up: bool,
}

impl Out {
    pub fn new() -> Self {
        Self { buffer: BufWriter::new(io::stdout()), has_hung_up: false }
    }

    /// Whether nobody reads any more.
    pub fn has_hung_up(&self) -> bool {
        self.has_hung_up
    }

    /// Writes a line that somebody may be waiting for.
    pub fn line(&mut self, text: impl Display) -> Result<(), String> {
        written(writeln!(self, "{text}").and_then(|()| self.flush()))
    }

    fn unless_hung_up<T>(&mut self, result: io::Result<T>, then: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.has_hung_up = true;
                Ok(then)
            }
            result => result,
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.has_hung_up {
            return Ok(bytes.len());
        }
        let result = self.buffer.write(bytes);
        self.unless_hung_up(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.has_hung_up {
            return Ok(());
        }
        let result = self.buffer.flush();
        self.unless_hung_up(result, ())
    }
}

/// What writing to standard output came to.
pub fn written(result: io::Result<()>) -> Result<(), String> {
    result.map_err(|error| format!("standard output cannot be written: {error}"))
}

/// Writes all that a command prints.
pub fn print(write: impl FnOnce(&mut Out) -> io::Result<()>) -> Result<(), String> {
    let mut out = Out::new();
    written(write(&mut out).and_then(|()| out.flush()))
}

/// A remark for a person. Nobody need be there to read it.
pub fn remark(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
