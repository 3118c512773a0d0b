//! A failure as a Rust test, for whoever goes after the bug.

use std::path::Path;

use consensus_playground::ENGINE_VERSION;
use consensus_playground::scenario::Link;
use consensus_playground::search::hunt::Failure;

/// Writes a test that fails as long as the run of a link breaks what the failure broke.
pub fn write(file: &Path, failure: &Failure, link: &Link) -> Result<(), String> {
    let fragment = link.to_fragment().map_err(|error| format!("{}: {error}", file.display()))?;
    std::fs::write(file, text(failure, link, &fragment)).map_err(|error| format!("{}: {error}", file.display()))
}

fn text(failure: &Failure, link: &Link, fragment: &str) -> String {
    let Failure { seed, name, .. } = failure;
    let protocol = &link.scenario.protocol;
    let function = format!("{protocol}_seed_{seed}_keeps_{name}").replace('-', "_");
    let off = match &link.scenario.mutations[..] {
        [] => String::new(),
        mutations => format!(
            "\n//! In the run a rule is switched off: {}. With it off the test fails for ever.",
            mutations.join(", ")
        ),
    };
    format!(
        r#"//! A failure that `hunt` found: seed {seed} of {protocol} breaks {name}. It fails as long as that is so.{off}
//! It belongs into the folder tests of a package that has consensus-playground {ENGINE_VERSION} among its dev-dependencies.

use consensus_playground::scenario::Link;
use consensus_playground::search::shrink::broken_by;

/// `consensus-playground run` with this link shows the run.
const LINK: &str = "{fragment}";

#[test]
fn {function}() {{
    let link = Link::read(LINK).expect("a link");
    let broken = broken_by(&link).expect("a scenario that can be run");
    let told = broken.map(|(promise, broken)| (promise.name(), broken.sentence));
    assert_eq!(told, None);
}}
"#
    )
}
