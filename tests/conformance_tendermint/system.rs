//! A whole system of validators.

use std::collections::BTreeMap;

use super::validator::*;
use super::*;

/// Nothing that its log makes possible is yet to be done.
fn is_quiet(es: &Value) -> bool {
    es["pendingInputs"] == json!([]) && matches!(es["pendingStepChange"].as_str(), Some("NoStep" | "CommitStep"))
}

/// A whole system: every module instance in the trace has its own.
pub(super) fn replay_system(states: &[Value], instance: &str, mutations: Mutations<Mutation>) -> Checked<Replayed> {
    let (system, history) = (format!("{instance}system"), format!("{instance}_hist"));
    let mut validators: BTreeMap<String, Validator> = BTreeMap::new();
    let mut steps = 0;
    for (index, pair) in states.windows(2).enumerate() {
        let (before, after) = (&pair[0], &pair[1]);
        if after[&history] == before[&history] {
            continue;
        }
        let step = &after[&history];
        let (name, input, output) = match step {
            Value::Array(parts) => (&parts[0], &parts[1], &parts[2]),
            parts => (&parts["validator"], &parts["input"], &parts["output"]),
        };
        let name = name.as_str().unwrap();
        let Some(theirs) = entry(&after[&system], name) else { continue };
        let cs_before = &entry(&before[&system], name).unwrap()["es"]["cs"];
        let (es, cs) = (&theirs["es"], &theirs["es"]["cs"]);
        let powers = es["valset"].as_array().unwrap();
        let count = powers.len() as u16;
        let config = Config { mutations, ..Config::of(Validators::equal(count)) };
        let height = round(&cs["height"]).unwrap() + 1;
        let validator =
            validators.entry(name.to_owned()).or_insert_with(|| Validator::new(&json!(name), &config, height));
        let here = |problem| format!("state {}, {name}, {input}: {problem}", index + 1);
        // A new height there begins with the input Start.
        let start_of_height = if input == "StartDInput" { cs } else { cs_before };
        validator.reach(height, count);
        validator.input(input, start_of_height, count).map_err(here)?;
        validator.catch_up(es, count);
        validator.output(output, cs, count);
        if is_quiet(es) {
            validator.compare(cs).map_err(here)?;
        }
        steps += 1;
    }
    // At the end: what they have done we have; what we have done besides is what they have pending.
    for (name, validator) in &validators {
        let last = entry(&states[states.len() - 1][&system], name).unwrap();
        // Once a height is decided, who waited for what in it is over; they go on to wait for precommits, and algorithm
        // 1 does not.
        let decided =
            |height: u64| validator.ours.iter().any(|done| matches!(done, Done::Decided(at, _) if *at == height));
        let is_idle = |done: &&Done| match done {
            Done::Waits(height, ..) => decided(*height),
            Done::Voted(vote) => {
                vote.kind == VoteKind::Prevote && validator.answered_at_once.contains(&(vote.height, vote.round))
            }
            _ => false,
        };
        let missing: Vec<_> = validator.theirs.difference(&validator.ours).filter(|done| !is_idle(done)).collect();
        let more: Vec<_> = validator.ours.difference(&validator.theirs).filter(|done| !is_idle(done)).collect();
        if !missing.is_empty() || (is_quiet(&last["es"]) && !more.is_empty()) {
            return Err(format!("{name} at the end: missing {missing:?}, more {more:?}"));
        }
    }
    Ok(Replayed { steps, compared: validators.values().map(|validator| validator.compared).sum() })
}
