//! `completions` and `man`: what a shell and `man` know of the commands, made from the declarations that the help is made of.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::streams;

/// Print what a shell needs to complete commands and options.
///
/// Exit status: 0, or 2 if it cannot be written.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Completions {
    /// For which shell
    shell: Shell,
}

/// Write man pages into a folder, one for each command.
///
/// Exit status: 0, or 2 if they cannot be written.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Man {
    /// The folder, which is made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Runs `completions`.
pub fn completions(arguments: &Completions) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), env!("CARGO_PKG_NAME"), &mut text);
    super::exit_status(streams::print(|out| out.write_all(&text)).map(|()| true))
}

/// Runs `man`.
pub fn man(arguments: &Man) -> ExitCode {
    let folder = &arguments.folder;
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(super::Arguments::command(), folder))
        .map_err(|error| format!("{}: {error}", folder.display()));
    super::exit_status(written.map(|()| true))
}
