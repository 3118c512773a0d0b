//! The rules of Raft over the states of a counterexample: where one is broken there, ours does not follow.

use super::course::{Course, Role, Server};

/// The rule that a server breaks by a step, in words that follow its name; none if it breaks none of these.
pub fn broken_rule(course: &Course, place: usize, server: usize) -> Option<String> {
    let states = states_up_to(course, place);
    let (Some(after), Some(before)) = (states.last(), states.len().checked_sub(2).and_then(|last| states.get(last)))
    else {
        return None;
    };
    let (was, is) = (&before[server], &after[server]);
    term_or_vote(was, is)
        .or_else(|| election(&states, server, is))
        .or_else(|| logs(after, server, was, is))
        .or_else(|| commitment(after, server, was, is))
        .or_else(|| progress(course, server, was, is))
}

fn states_up_to(course: &Course, place: usize) -> Vec<&[Server]> {
    std::iter::once(course.start.as_slice())
        .chain(course.steps[..=place].iter().map(|step| step.after.as_slice()))
        .collect()
}

fn term_or_vote(was: &Server, is: &Server) -> Option<String> {
    if is.term < was.term {
        return Some(format!("goes back from term {} to {}", was.term, is.term));
    }
    let forgets = is.term == was.term && was.vote.is_some() && is.vote != was.vote;
    forgets.then(|| format!("does not keep its vote of term {}", is.term))
}

/// A leader has the votes of a majority in its term.
fn election(states: &[&[Server]], server: usize, is: &Server) -> Option<String> {
    if is.role != Role::Leader {
        return None;
    }
    let voted = |voter: &usize| {
        *voter == server
            || states.iter().any(|state| state[*voter].term == is.term && state[*voter].vote == Some(server))
    };
    let servers = states.last().map_or(0, |state| state.len());
    let votes = (0..servers).filter(voted).count();
    (votes * 2 <= servers).then(|| format!("leads term {} with {votes} of {servers} votes", is.term))
}

/// A leader only appends, and entries of one index and term are the same.
fn logs(after: &[Server], server: usize, was: &Server, is: &Server) -> Option<String> {
    let leads = was.role == Role::Leader && is.role == Role::Leader && was.term == is.term;
    if leads && !is.log.starts_with(&was.log) {
        return Some("leads and changes its log".to_owned());
    }
    for (other, log) in
        after.iter().enumerate().filter(|(other, _)| *other != server).map(|(other, state)| (other, &state.log))
    {
        let unlike = is.log.iter().zip(log).position(|(one, two)| one.0 == two.0 && one.1 != two.1);
        if let Some(place) = unlike {
            return Some(format!("has another entry {} of the same term than server {}", place + 1, other + 1));
        }
    }
    None
}

fn commitment(after: &[Server], server: usize, was: &Server, is: &Server) -> Option<String> {
    if is.commit < was.commit {
        return Some("commits less than before".to_owned());
    }
    if is.commit > is.log.len() as u64 {
        return Some("commits what it does not have".to_owned());
    }
    let entry =
        |state: &Server, index: u64| index.checked_sub(1).and_then(|place| state.log.get(place as usize)).cloned();
    if is.role != Role::Leader {
        return None;
    }
    if is.commit > was.commit {
        let committed = entry(is, is.commit);
        if committed.as_ref().is_some_and(|(term, _)| *term != is.term) {
            return Some(format!("leads term {} and commits an entry of an earlier one", is.term));
        }
        let copies = after.iter().filter(|state| entry(state, is.commit) == committed).count();
        if copies * 2 <= after.len() {
            return Some(format!("commits an entry that {copies} of {} have", after.len()));
        }
    }
    let held = |index: &u64| {
        let others =
            is.matches.iter().enumerate().filter(|(other, known)| *other != server && **known >= *index as i64).count();
        (others + 1) * 2 > after.len() && entry(is, *index).is_some_and(|(term, _)| term == is.term)
    };
    let due = (1..=is.log.len() as u64).rev().find(held).unwrap_or_default();
    (due > is.commit).then(|| format!("knows that a majority has entry {due} of its term, and does not commit it"))
}

fn progress(course: &Course, server: usize, was: &Server, is: &Server) -> Option<String> {
    if was.role != Role::Leader || is.role != Role::Leader || was.term != is.term {
        return None;
    }
    (0..course.servers.len()).filter(|&other| other != server).find_map(|other| {
        let name = &course.servers[other];
        if is.matches[other] < was.matches[other] {
            return Some(format!("knows less of {name} than before"));
        }
        (is.nexts[other] <= is.matches[other] && is.matches[other] > 0)
            .then(|| format!("would send {name} what it has acknowledged"))
    })
}
