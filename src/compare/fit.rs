//! Whether a protocol can follow a script at all.

use super::cast::Cast;
use super::script::Script;
use super::stage::Trouble;
use crate::kv::Replica as _;
use crate::process::NodeSet;
use crate::scenario::{ActionText, Playable, ScenarioError};
use crate::sim::Action;
use crate::viewstamped::Viewstamped;

/// Whether an action is a fault, or undoes one. What clients are asked for is none, and neither is chance.
pub fn is_a_fault(action: &ActionText) -> bool {
    !matches!(
        action,
        ActionText::Workload(_) | ActionText::Invoke { .. } | ActionText::Reseed { .. } | ActionText::FireTimer { .. }
    )
}

/// Whether an action undoes a fault.
pub fn undoes(action: &ActionText) -> bool {
    matches!(
        action,
        ActionText::Heal
            | ActionText::Restore { .. }
            | ActionText::Restart { .. }
            | ActionText::Resume { .. }
            | ActionText::ReleaseDisk { .. }
            | ActionText::KeepFlushes { .. }
            | ActionText::Reform { .. }
            | ActionText::RemoveFaults
    )
}

/// The first step that a protocol has no such thing for as it names: another's timer, rule or kind of message.
///
/// # Errors
///
/// Says which, and why.
pub fn check_words<R: Playable>(script: &Script) -> Result<(), ScenarioError> {
    actions::<R>(script).map(|_| ())
}

fn actions<R: Playable>(script: &Script) -> Result<Vec<Action>, ScenarioError> {
    let names = script.scenario(R::PROTOCOL, script.seed).names()?;
    let cast = Cast::assumed(names.replicas);
    let action = |(place, step): (usize, &crate::scenario::InterventionText)| {
        let played = cast.played(&step.action, cast.leader);
        played.to_action::<R>(&names).map_err(|error| error.within(&format!("interventions[{place}].action")))
    };
    script.interventions.iter().enumerate().map(action).collect()
}

/// Whether a script stays within what a protocol is made for, as far as that can be said beforehand.
///
/// # Errors
///
/// Says what it cannot follow.
pub fn check<R: Playable>(script: &Script) -> Result<(), Trouble> {
    let scenario = script.scenario(R::PROTOCOL, script.seed);
    drop(scenario.simulation::<R>()?);
    let config = R::config(&scenario)?;
    let actions = actions::<R>(script).map_err(|error| Trouble::NotApplicable(error.to_string()))?;
    let not_applicable = |reason: String| Err(Trouble::NotApplicable(reason));
    let replicas = script.replicas as u16;
    let liar = |action: &Action| match action {
        Action::Corrupt(node, _) | Action::Say(node, _) | Action::Depart(node, _) => Some(*node),
        _ => None,
    };
    let liars = actions.iter().filter_map(liar).collect::<NodeSet>().len();
    let borne = R::liars_tolerated(&config, replicas);
    if liars > borne {
        return not_applicable(match borne {
            0 => format!("with {replicas} replicas it bears no liar"),
            _ => format!("{liars} replicas lie, and with {replicas} replicas it bears {borne}"),
        });
    }
    let keeps_no_disk = R::PROTOCOL == Viewstamped::PROTOCOL && !scenario.viewstamped.on_disk;
    let is_of_a_disk = |action: &Action| {
        matches!(
            action,
            Action::WipeDisk(_)
                | Action::CrashAt(..)
                | Action::Disk(..)
                | Action::StallDisk(_)
                | Action::ReleaseDisk(_)
                | Action::LoseFlushes(_)
                | Action::KeepFlushes(_)
        )
    };
    if keeps_no_disk && actions.iter().any(is_of_a_disk) {
        return not_applicable("it keeps nothing on a disk (viewstamped.on_disk is false)".to_owned());
    }
    let crashes = |action: &Action| match action {
        Action::Crash(node) | Action::Kill(node) | Action::CrashAt(node, _) => node.0 < replicas,
        _ => false,
    };
    let is_made_for_liars = !R::repertoire().faces.is_empty();
    if actions.iter().any(crashes) && replicas > 1 {
        // Where replicas may lie, one that is down is among the f that it counts on.
        if is_made_for_liars && borne == 0 {
            return not_applicable(format!("with {replicas} replicas f is 0, and it bears no fault"));
        }
        if R::absent_tolerated(&config, replicas) == 0 {
            return not_applicable(format!("with {replicas} replicas none of them may be down"));
        }
    }
    Ok(())
}
