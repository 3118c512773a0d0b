//! The runs of one protocol: those that were measured, and those that there are not, with the reason.
//!
//! What a script asks for may lie within a protocol's fault model with one seed, and beyond it with another. So a run that
//! cannot be made takes nothing from the others.

use super::measure::Measured;
use super::stage::Trouble;
use super::summary::Summary;
use crate::scenario::ScenarioError;

/// The runs of one protocol, in the order of their seeds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Column {
    measured: Vec<Measured>,
    not_applicable: Option<String>,
    not_applicable_runs: u64,
}

impl Column {
    /// The column of a protocol that cannot follow the script with any of so many seeds.
    pub fn without_runs(reason: String, runs: u64) -> Self {
        Self { measured: Vec::new(), not_applicable: Some(reason), not_applicable_runs: runs }
    }

    /// Takes the next run, or why there is none.
    ///
    /// # Errors
    ///
    /// If the script is wrong.
    pub fn take(&mut self, run: Result<Measured, Trouble>) -> Result<(), ScenarioError> {
        match run {
            Ok(run) => self.measured.push(run),
            Err(Trouble::NotApplicable(reason)) => {
                self.not_applicable.get_or_insert(reason);
                self.not_applicable_runs += 1;
            }
            Err(Trouble::Wrong(error)) => return Err(error),
        }
        Ok(())
    }

    /// The runs that there are.
    pub fn measured(&self) -> &[Measured] {
        &self.measured
    }

    /// All of these together; none where there is no run.
    pub fn summary(&self) -> Option<Summary> {
        (!self.measured.is_empty()).then(|| Summary::of(&self.measured))
    }

    /// Why the first of the runs that there are not is not there.
    pub fn not_applicable(&self) -> Option<&str> {
        self.not_applicable.as_deref()
    }

    /// How many runs there are not.
    pub fn not_applicable_runs(&self) -> u64 {
        self.not_applicable_runs
    }

    /// What does not fit into a cell of a table, in a line each.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let runs = self.measured.len();
        if let Some(reason) = &self.not_applicable {
            remarks.push(match runs {
                0 => format!("not applicable: {reason}"),
                _ => {
                    let (without, all) = (self.not_applicable_runs, self.not_applicable_runs + runs as u64);
                    format!("not applicable in {without} of {all} runs, of which no figure tells: {reason}")
                }
            });
        }
        let broken: Vec<&str> = self.measured.iter().filter_map(|run| run.broken).collect();
        if let Some(first) = broken.first() {
            remarks.push(format!("{first} does not hold in {} of {runs} runs", broken.len()));
        }
        if let Some(although) = self.measured.iter().find_map(|run| run.beyond) {
            remarks.push(format!("beyond its fault model, which counts on this: {although}"));
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_cannot_be_made_takes_nothing_from_the_others() {
        let mut column = Column::default();
        let broken = Measured { broken: Some("agreement"), ..Measured::default() };
        for run in [
            Ok(Measured::default()),
            Err(Trouble::NotApplicable("two forget".to_owned())),
            Ok(broken),
            Err(Trouble::NotApplicable("three forget".to_owned())),
        ] {
            column.take(run).unwrap();
        }
        assert_eq!((column.measured().len(), column.not_applicable_runs()), (2, 2));
        assert_eq!(column.summary().map(|summary| (summary.runs, summary.broken_runs)), Some((2, 1)));
        assert_eq!(
            column.remarks(),
            [
                "not applicable in 2 of 4 runs, of which no figure tells: two forget",
                "agreement does not hold in 1 of 2 runs"
            ]
        );
        let none = Column::without_runs("it bears no liar".to_owned(), 3);
        assert_eq!((none.summary(), none.remarks()), (None, vec!["not applicable: it bears no liar".to_owned()]));
        let wrong = ScenarioError::at("limits.events", "too few");
        assert_eq!(column.take(Err(Trouble::Wrong(wrong.clone()))), Err(wrong));
    }
}
