//! The lines of the paper, and the rules that can be switched off.

use crate::process::catalogue;

catalogue! {
    /// A line of Lamport, "Paxos Made Simple" (2001; "PMS").
    Rule {
        BallotChosen = "ballot-chosen", "PMS 2.2, phase 1 (a); 2.5",
            "A proposer takes a ballot that nobody has used and that it has written down, and asks the acceptors to \
             promise it.";
        Promised = "promised", "PMS 2.2, phase 1 (b)",
            "No higher ballot is promised: the acceptor promises to accept nothing lower, and says what it has \
             accepted. A second copy of the prepare is answered again.";
        PrepareRefused = "prepare-refused", "PMS 2.2, phase 1 (b); 2.5",
            "The acceptor has promised a higher ballot: it refuses, and says which.";
        ValueFree = "value-free", "PMS 2.2, phase 2 (a)",
            "A majority has promised, and none of them has accepted anything: the proposer may propose its own value.";
        ValueBound = "value-bound", "PMS 2.2, phase 2 (a)",
            "A majority has promised: the proposer must propose the value of the highest ballot that one of them has \
             accepted.";
        Accepted = "accepted", "PMS 2.2, phase 2 (b)",
            "The acceptor has promised nothing higher: it accepts, and promises this ballot too.";
        AcceptRefused = "accept-refused", "PMS 2.2, phase 2 (b); 2.5",
            "The acceptor has promised a higher ballot: it refuses, and says which.";
        Learned = "learned", "PMS 2.3",
            "A majority has accepted the same ballot: its value is chosen, now and for ever.";
        Outbid = "outbid", "PMS 2.4, 2.5",
            "A higher ballot is about: the proposer gives this one up, and tries a higher one after a random pause.";
        TriedAgain = "tried-again", "PMS 2.4", "No majority has answered in time: the proposer tries a higher ballot.";
        ClientAnswered = "client-answered", "PMS 2.3", "The chosen value is known here: the client is told.";
    }
}

catalogue! {
    /// A rule of Paxos that is switched off on purpose, to see a checker find out.
    Mutation {
        StalePromisesCounted = "stale-promises-counted", "PMS 2.2, phase 2 (a)",
            "Promises of an earlier ballot count for the present one.";
        LatestValueTaken = "latest-value-taken", "PMS 2.2, phase 2 (a)",
            "The proposer takes the value of the promise that came last, not of the highest ballot.";
        PromiseNotDurable = "promise-not-durable", "PMS 2.5", "An acceptor forgets its promise in a crash.";
        AcceptanceNotDurable = "acceptance-not-durable", "PMS 2.5",
            "An acceptor forgets what it has accepted in a crash.";
        BallotNotDurable = "ballot-not-durable", "PMS 2.5", "A proposer forgets in a crash which ballots it has used.";
        AcceptRaisesNoPromise = "accept-raises-no-promise", "PMS 2.2, phase 2 (b)",
            "An acceptor that accepts a ballot promises nothing by it.";
        MajorityTooSmall = "majority-too-small", "PMS 2.1", "One acceptor less than a majority is enough.";
        AnyAcceptancesCounted = "any-acceptances-counted", "PMS 2.3",
            "A learner counts acceptances of one value, whatever their ballots.";
        OutbidsAtOnce = "outbids-at-once", "PMS 2.4",
            "A proposer that hears of a higher ballot tries a still higher one at once, without a pause.";
        NeverTriesAgain = "never-tries-again", "PMS 2.4", "A proposer whose messages were lost waits for ever.";
        PromiseIgnored = "promise-ignored", "PMS 2.2, phase 2 (b)",
            "An acceptor accepts whatever it is asked to, also below a ballot that it has promised.";
        PromiseWithoutAccepted = "promise-without-accepted", "PMS 2.2, phase 1 (b)",
            "An acceptor promises, and does not say what it has accepted.";
        ReportsIgnored = "reports-ignored", "PMS 2.2, phase 2 (a)",
            "A proposer proposes what its client wants, whatever the promises report.";
        BallotsShared = "ballots-shared", "PMS 2.5",
            "All proposers take their ballots from the same numbers, so that two may use the same one.";
    }
}
