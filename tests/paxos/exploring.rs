//! The explorer on a model without some rules, and what it finds. For the tests of Multi-Paxos, too.

use consensus_playground::search::explore::{Limits, Outcome, Report};
use consensus_playground::search::models::{Search, begin};

/// A model without these rules, explored until the end or the first failure.
pub fn explored(model: &str, mutations: &[&str]) -> Box<dyn Search> {
    let mutations: Vec<String> = mutations.iter().map(|&name| name.to_owned()).collect();
    let mut exploration = begin(model, &mutations, Limits::default()).unwrap();
    while exploration.advance(u32::MAX).ended.is_none() {}
    exploration
}

/// The properties that are broken, and after how many steps at the least.
pub fn broken(report: &Report) -> Vec<(&str, usize)> {
    let broken = report.properties.iter().filter(|property| property.outcome == Outcome::Broken);
    broken.map(|property| (property.name, property.path.as_ref().unwrap().steps.len())).collect()
}
