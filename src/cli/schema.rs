//! `schema`: JSON Schemas of what the other commands read and print.

use std::io::Write;
use std::process::ExitCode;

use clap::ValueEnum;
use consensus_playground::compare::Script;
use consensus_playground::grade::Goal;
use consensus_playground::scenario::Scenario;
use consensus_playground::why::any::Report;
use schemars::{Schema, schema_for};

use super::{
    check, compare, explore, grade, hunt, likelihood, prepared, reads, run as one_run, shrink, streams, threshold,
};

/// Print the JSON Schema of a scenario, or of what a command prints as JSON.
///
/// Exit status: 0, or 2 if it cannot be written.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// Of what
    #[arg(value_name = "NAME")]
    subject: Subject,
}

/// What there is a schema of.
#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// A scenario, as `run`, `hunt` and the page read it
    Scenario,
    /// What `run --json` prints
    Run,
    /// A line of `run --list --json`
    PreparedRun,
    /// A line that `hunt` prints: a failure; with --json also the counts, or a row of --every-mutation
    Hunt,
    /// A line of `hunt --list-mutations --json`
    Mutation,
    /// What `shrink --json` prints
    Shrink,
    /// What `likelihood --json` prints
    Likelihood,
    /// A line of `likelihood --json` without an outcome
    Outcome,
    /// What `why --json` prints
    Why,
    /// A script, as `compare` reads it
    Script,
    /// What `compare --json` prints
    Compare,
    /// A line of `compare --list --json`
    ReadyScript,
    /// What `reads --json` prints
    Reads,
    /// What `check --json` prints
    Check,
    /// What `check --models --json` prints
    Promises,
    /// What `explore --json` prints
    Explore,
    /// A line of `explore --list --json`
    Model,
    /// A line of `threshold --json`
    Threshold,
    /// What `grade` prints
    Grade,
    /// A line of `grade --many`
    GradedLine,
    /// A line of `grade --list`
    Goal,
}

impl Subject {
    fn schema(self) -> Schema {
        match self {
            Self::Scenario => schema_for!(Scenario),
            Self::Run => schema_for!(one_run::RunReport),
            Self::PreparedRun => schema_for!(prepared::PreparedReport),
            Self::Mutation => schema_for!(hunt::MutationReport),
            Self::Hunt => schema_for!(hunt::HuntLine),
            Self::Shrink => schema_for!(shrink::ShrinkReport),
            Self::Likelihood => schema_for!(likelihood::LikelihoodReport),
            Self::Outcome => schema_for!(likelihood::OutcomeReport),
            Self::Why => schema_for!(Report),
            Self::Script => schema_for!(Script),
            Self::Compare => schema_for!(compare::CompareReport),
            Self::ReadyScript => schema_for!(compare::ReadyReport),
            Self::Reads => schema_for!(reads::ReadsTable),
            Self::Check => schema_for!(check::CheckReport),
            Self::Promises => schema_for!(check::PromisesReport),
            Self::Explore => schema_for!(explore::ExploreReport),
            Self::Model => schema_for!(explore::ModelReport),
            Self::Threshold => schema_for!(threshold::ThresholdRow),
            Self::Grade => schema_for!(grade::Graded),
            Self::GradedLine => schema_for!(grade::GradedLine<'static>),
            Self::Goal => schema_for!(Goal),
        }
    }
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    let schema = arguments.subject.schema();
    let printed = streams::print(|out| writeln!(out, "{}", serde_json::to_string_pretty(&schema)?));
    super::exit_status(printed.map(|()| true))
}
