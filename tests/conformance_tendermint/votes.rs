//! The counting of votes by power, beside the specification's.

use super::*;

/// The counting of votes by power: each vote is given, and the tallies and thresholds compared.
pub(super) fn replay_votes(states: &[Value], mutations: Mutations<Mutation>) -> Checked<Replayed> {
    let set = states[0]["bookkeeper"]["validatorSet"].as_array().unwrap();
    let names: Vec<&str> = set.iter().map(|pair| pair[0].as_str().unwrap()).collect();
    let powers: Vec<u64> = set.iter().map(|pair| pair[1].as_u64().unwrap()).collect();
    let validators = Validators::new(&powers);
    let mut log = VoteLog::default();
    let mut steps = 0;
    for state in &states[1..] {
        let Some(weighted) = state["weightedVote"].get("WV") else { continue };
        let of = &weighted[0];
        let signer = NodeId(names.iter().position(|name| of["srcAddress"] == **name).unwrap() as u16);
        let body = Vote {
            kind: kind(&of["voteType"]),
            height: 1,
            round: of["round"].as_u64().unwrap(),
            id: value(&of["valueId"]),
        };
        log.add(&sign(signer, body), &validators, mutations.has(Mutation::DuplicatesCounted));
        let current = round(&weighted[2]).unwrap();
        let mut emitted = BTreeSet::new();
        for pair in state["bookkeeper"]["rounds"].as_array().unwrap() {
            let (number, theirs) = (pair[0].as_u64().unwrap(), &pair[1]);
            let votes = log.round(number).ok_or("no votes of the round")?;
            for (name, tally) in [("prevotes", &votes.prevotes), ("precommits", &votes.precommits)] {
                let theirs = theirs[name]["valuesWeights"].as_array().unwrap();
                let ours: BTreeSet<(Option<BlockId>, u64)> = tally.powers().iter().copied().collect();
                let theirs: BTreeSet<_> =
                    theirs.iter().map(|pair| (value(&pair[0]), pair[1].as_u64().unwrap())).collect();
                if ours != theirs {
                    return Err(format!("round {number}, {name}: ours {ours:?}, theirs {theirs:?}"));
                }
            }
            emitted.extend(theirs["emittedOutputs"].as_array().unwrap().iter().map(Value::to_string));
            check_thresholds(number, current, theirs, votes, &validators, mutations)?;
        }
        steps += 1;
    }
    Ok(Replayed { steps, compared: steps })
}

pub(super) fn check_thresholds(
    number: u64,
    current: u64,
    theirs: &Value,
    votes: &consensus_playground::tendermint::vote::RoundVotes,
    validators: &Validators,
    mutations: Mutations<Mutation>,
) -> Checked<()> {
    let emitted = theirs["emittedOutputs"].as_array().unwrap();
    let has = |tag: &str| emitted.iter().any(|output| output.get(tag).is_some());
    let for_value =
        |tally: &Tally| tally.powers().iter().any(|(id, power)| id.is_some() && validators.is_quorum(*power));
    let skip = if mutations.has(Mutation::SkipCountsSenderTwice) {
        votes.prevotes.power() + votes.precommits.power()
    } else {
        validators.power_of(votes.voters())
    };
    // The specification says a thing once, and the strongest first; so what it has said must hold, and the strongest
    // that holds be said.
    let polka_nil = validators.is_quorum(votes.prevotes.power_for(None));
    let polka_any = validators.is_quorum(votes.prevotes.power());
    let table = [
        ("PolkaValueVKOutput", for_value(&votes.prevotes), true),
        ("PrecommitValueVKOutput", for_value(&votes.precommits), true),
        ("PolkaNilVKOutput", polka_nil, true),
        ("PolkaAnyVKOutput", polka_any, polka_any && !polka_nil && !for_value(&votes.prevotes) && number == current),
        (
            "SkipVKOutput",
            number > current && validators.has_honest(skip),
            number > current && !for_value(&votes.prevotes) && !polka_any,
        ),
    ];
    for (tag, holds, is_said_whenever_it_holds) in table {
        if (has(tag) && !holds) || (holds && is_said_whenever_it_holds && !has(tag)) {
            return Err(format!("round {number}: {tag} is {holds} here, and they have {emitted:?}"));
        }
    }
    Ok(())
}
