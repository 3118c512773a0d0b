//! The lines of the paper, and the rules that can be switched off.

use crate::process::catalogue;

catalogue! {
    /// A line of Castro and Liskov, "Practical Byzantine Fault Tolerance" (OSDI 1999; "PBFT").
    Rule {
        RequestOrdered = "request-ordered", "PBFT 4.2", "The primary gives a client's request the next sequence number and sends a pre-prepare to all backups.";
        RequestRelayed = "request-relayed", "PBFT 4.1", "A backup that gets a request passes it on to the primary.";
        RequestWaits = "request-waits", "PBFT 4.3", "The primary gives out no number above the high water mark: the request waits.";
        TimerStarted = "timer-started", "PBFT 4.4", "A backup that waits for a request to be executed starts its timer.";
        ReplyRepeated = "reply-repeated", "PBFT 4.1", "A request that was executed already is answered again.";
        PrePrepareAccepted = "pre-prepare-accepted", "PBFT 4.2", "A backup accepts a pre-prepare of its view, between the water marks, whose digest fits its request, if it accepted no other for the number. It sends a prepare to all.";
        PrePrepareConflicting = "pre-prepare-conflicting", "PBFT 4.2", "A backup accepts no second digest for a view and a sequence number.";
        NullRejected = "null-rejected", "PBFT 4.4", "The null request fills the gaps that a new view finds, and is taken in no other pre-prepare.";
        OutsideWaterMarks = "outside-water-marks", "PBFT 4.2, 4.3", "A sequence number that is not between the water marks is not taken: a bad primary cannot use all numbers up.";
        SignatureRejected = "signature-rejected", "PBFT 4.2", "What its signer did not sign is thrown away.";
        DigestRejected = "digest-rejected", "PBFT 4.2", "A pre-prepare whose digest does not fit its request is thrown away.";
        SenderRejected = "sender-rejected", "PBFT 4.2", "A message in a role that its signer does not have is thrown away: only the primary pre-prepares, and only backups prepare.";
        Prepared = "prepared", "PBFT 4.2", "A pre-prepare and matching prepares of 2f backups (q - 1): no other request can be prepared here in this view. It sends a commit to all.";
        CommittedLocal = "committed-local", "PBFT 4.2", "Prepared, and matching commits of 2f+1 replicas (q): it stays, through every change of view.";
        Executed = "executed", "PBFT 4.2", "A committed request is executed when all with lower numbers have been, and the client gets a reply.";
        CheckpointTaken = "checkpoint-taken", "PBFT 4.3", "Every K requests a replica digests its state and says so to all.";
        CheckpointStable = "checkpoint-stable", "PBFT 4.3", "2f+1 replicas (q) said the same of their states: this is a proof, and all before it is thrown away.";
        StateSent = "state-sent", "PBFT 4.3, 5.3", "A replica that lacks what was thrown away gets the state, with the proof of its checkpoint.";
        StateInstalled = "state-installed", "PBFT 4.3, 5.3", "A replica takes over a state that fits the digest that a quorum has signed.";
        StateRejected = "state-rejected", "PBFT 4.3, 5.3", "A state that does not fit the proof of its checkpoint is thrown away.";
        StatusAnswered = "status-answered", "after PBFT 4.4, 5.2", "A replica that lacks messages gets them again. (The paper leaves open how it is seen who lacks what.)";
        CommitmentLearned = "commitment-learned", "after PBFT 4.2", "A replica takes 2f+1 signed commits (q) for a number over from another: they prove that it is committed.";
        PrimarySuspected = "primary-suspected", "PBFT 4.4", "The timer ran out: the backup stops taking part in the view and asks for the next one.";
        ViewChangeJoined = "view-change-joined", "PBFT 4.5.2", "f+1 replicas ask for higher views, so one of them is honest: it joins the smallest, though its timer still runs.";
        ViewChangeAccepted = "view-change-accepted", "PBFT 4.4", "A view-change with valid proofs is kept.";
        ViewChangeRejected = "view-change-rejected", "PBFT 4.4", "A view-change with an invalid proof is thrown away, and hides no other.";
        ViewChangeTimerStarted = "view-change-timer-started", "PBFT 4.5.2", "2f+1 replicas (q) want the view: now the wait for its primary begins, twice as long as the last one.";
        NewViewSent = "new-view-sent", "PBFT 4.4", "The new primary has 2f+1 valid view-changes (q): it proves by them what must be proposed again.";
        NewViewAccepted = "new-view-accepted", "PBFT 4.4", "A backup has checked the view-changes and come to the same pre-prepares as the new primary.";
        NewViewRejected = "new-view-rejected", "PBFT 4.4", "A new-view without 2f+1 valid view-changes (q), or whose pre-prepares do not follow from them, is thrown away.";
        CarriedOver = "carried-over", "PBFT 4.4", "A request that was prepared in an earlier view is proposed again with its number.";
        NullRequest = "null-request", "PBFT 4.4", "A number for which nothing was prepared gets a request that does nothing.";
        ReadAnswered = "read-answered", "PBFT 5.1.3", "A read that is not to be ordered is answered at once, from the state as it is.";
        ConflictShown = "conflict-shown", "not in the paper", "A replica that hears of another digest than the one it accepted shows what the primary signed.";
        MisbehaviourProven = "misbehaviour-proven", "not in the paper; after Haeberlen, Kouznetsov and Druschel 2007", "Two messages that contradict each other bear one signature: whoever holds them can convince anybody.";
    }
}

catalogue! {
    /// A rule that can be switched off, to see what it is for.
    Mutation {
        NoPreparePhase = "no-prepare-phase", "PBFT 4.2", "A replica sends its commit as soon as it has accepted a pre-prepare.";
        QuorumTooSmall = "quorum-too-small", "PBFT 4.2", "2f replicas make a quorum, not 2f+1.";
        NewViewUnproven = "new-view-unproven", "PBFT 4.4", "A new-view is accepted whatever view-changes it carries.";
        CertificatesDropped = "certificates-dropped", "PBFT 4.4", "View-changes say nothing of what was prepared.";
        OldestCertificateWins = "oldest-certificate-wins", "PBFT 4.4", "Of two certificates for a number, a new view takes the one of the lower view.";
        DuplicatesCounted = "duplicates-counted", "PBFT 4.2", "The same vote of the same replica is counted as often as it comes.";
        WaterMarksIgnored = "water-marks-ignored", "PBFT 4.2, 4.3", "A primary gives out any sequence number, and a backup takes it.";
        SignatureUnchecked = "signature-unchecked", "PBFT 4.2", "Nobody asks whether the signer has signed.";
        DigestUnchecked = "digest-unchecked", "PBFT 4.2", "A pre-prepare is accepted whatever its digest.";
        SecondPrePrepareAccepted = "second-pre-prepare-accepted", "PBFT 4.2", "A later pre-prepare for the same view and number replaces the one that was accepted.";
        OneReplyTrusted = "one-reply-trusted", "PBFT 4.1", "A client believes the first reply.";
        WritesOfFewReplies = "writes-of-few-replies", "Berger, Reiser and Bessani 2021", "Reads are not ordered, and a write is complete with f+1 replies all the same.";
        ExecutedOutOfOrder = "executed-out-of-order", "PBFT 4.2", "A request is executed as soon as it is committed.";
        SessionsOff = "sessions-off", "PBFT 4.1, 4.2", "A request that is ordered twice is executed twice.";
        PromisesNotDurable = "promises-not-durable", "PBFT 4.2", "What a replica has accepted and prepared is gone after a crash.";
        StateUnchecked = "state-unchecked", "PBFT 4.3, 5.3", "A state is taken over whatever its digest.";
        NeverRetransmits = "never-retransmits", "PBFT 4.4", "Nobody gets a message a second time.";
        TimerNeverDoubles = "timer-never-doubles", "PBFT 4.5.2", "The wait for a new view is as long as for the first one.";
        NeverJoins = "never-joins", "PBFT 4.5.2", "A replica asks for a new view only when its own timer has run out.";
        NewPrimaryIdle = "new-primary-idle", "PBFT 4.4", "A view begins with what it carries over, and with none of the requests that wait.";
        ViewsNotDurable = "views-not-durable", "PBFT 4.4", "Which view a replica asked for or entered is gone after a crash.";
        CheckpointHidden = "checkpoint-hidden", "PBFT 4.4", "View-changes say nothing of the stable checkpoint.";
        ViewChangesChosen = "view-changes-chosen", "PBFT 4.4", "A new primary begins its view with view-changes that say nothing of what was prepared, and waits for such ones until it has all.";
        NullRequestsOff = "null-requests-off", "PBFT 4.4", "A new view leaves numbers out for which nothing was prepared.";
    }
}
