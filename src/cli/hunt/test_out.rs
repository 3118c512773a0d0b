//! A failure as a Rust test, for whoever goes after the bug.

use std::path::Path;

use consensus_playground::export::rust_test;
use consensus_playground::scenario::Link;
use consensus_playground::search::hunt::Failure;

/// Writes a test that fails as long as the run of a link breaks what the failure broke.
pub fn write(file: &Path, failure: &Failure, link: &Link) -> Result<(), String> {
    let Failure { seed, name, .. } = failure;
    let protocol = &link.scenario.protocol;
    let what = format!(
        "A failure that `hunt` found: seed {seed} of {protocol} breaks {name}. It fails as long as that is so."
    );
    let text = rust_test::text(link, &what, &format!("{protocol}_seed_{seed}_keeps_{name}"));
    let problem = |problem: String| format!("{}: {problem}", file.display());
    std::fs::write(file, text.map_err(problem)?).map_err(|error| problem(error.to_string()))
}
