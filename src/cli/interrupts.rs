//! Ctrl-C, for commands that can end early and say what they have done.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The exit status of a command that was interrupted, as shells have it.
pub const INTERRUPTED: u8 = 130;

/// A flag that Ctrl-C sets. Where it is set already, Ctrl-C ends the command.
pub fn heed_interrupts() -> io::Result<Arc<AtomicBool>> {
    use signal_hook::consts::SIGINT;
    let interrupted = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register_conditional_shutdown(SIGINT, i32::from(INTERRUPTED), interrupted.clone())?;
    signal_hook::flag::register(SIGINT, interrupted.clone())?;
    Ok(interrupted)
}
