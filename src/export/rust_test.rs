//! A test in Rust that replays a run, for whoever goes after a bug, or wants one to stay away.

use crate::ENGINE_VERSION;
use crate::scenario::Link;
use crate::search::shrink::broken_by;

/// A test of a run as it is: it fails as long as the run breaks a promise, and begins to when it comes to break one.
///
/// # Errors
///
/// If the run cannot be replayed, or is too large for a link.
pub fn of_run(link: &Link) -> Result<String, String> {
    let Link { scenario, events, .. } = link;
    let (protocol, seed) = (&scenario.protocol, scenario.seed);
    match broken_by(link).map_err(|error| error.to_string())? {
        Some((promise, _)) => {
            let name = promise.name();
            let what =
                format!("A run of {protocol} with seed {seed}, which breaks {name}. It fails as long as that is so.");
            text(link, &what, &format!("{protocol}_seed_{seed}_keeps_{name}"))
        }
        None => {
            let what = format!("A run of {protocol} with seed {seed}, of {events} events, which keeps every promise.");
            text(link, &what, &format!("{protocol}_seed_{seed}_keeps_every_promise"))
        }
    }
}

/// A test that fails as long as the run of a link breaks a promise. `what`: its first sentences; `name`: of the function,
/// in kebab-case.
///
/// # Errors
///
/// If the run is too large for a link.
pub fn text(link: &Link, what: &str, name: &str) -> Result<String, String> {
    let fragment = link.to_fragment().map_err(|error| error.to_string())?;
    let function = name.replace('-', "_");
    let off = match &link.scenario.mutations[..] {
        [] => String::new(),
        mutations => format!(
            "\n//! In the run a rule is switched off: {}. With it off the test fails for ever.",
            mutations.join(", ")
        ),
    };
    Ok(format!(
        r#"//! {what}{off}
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
    ))
}
