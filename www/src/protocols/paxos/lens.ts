// The quorums of each ballot, where two of them meet, and what follows from it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { list } from "../../design/words.js";
import type { BallotView, MeetingView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { epochName } from "../protocol.js";

export function lens(run: Run): TemplateResult {
  const { ballots, meeting } = run.moment.quorums();
  const names = run.catalogue.processes.slice(0, run.catalogue.replicas);
  return html`${ballots.length === 0
      ? html`<p class="none">No ballot has been promised yet.</p>`
      : html`<table aria-label="Quorums">
          <thead>
            <tr>
              <th scope="col">ballot</th>
              ${names.map((name) => html`<th scope="col" class="vote">${name}</th>`)}
              <th scope="col">majority</th>
            </tr>
          </thead>
          <tbody>
            ${ballots.toReversed().map((ballot) => row(run, ballot, meeting))}
          </tbody>
        </table>`}
    ${meeting === null ? nothing : html`<p class="why" data-testid="meeting">${meetingWords(run, ballots, meeting)}</p>`}
    <p class="why">
      Why a chosen value stays: say a majority has accepted <i>v</i> in ballot <i>b</i>. A proposer with a higher ballot needs promises from a majority, and any two majorities share an acceptor. That
      one accepted <i>b</i> before it promised, for afterwards it would have refused. So a promise reports <i>v</i> in <i>b</i>, or what was accepted in a ballot between; and that is <i>v</i> as well, by the same
      argument for each of those ballots, from <i>b</i> upwards. The proposer takes the value of the highest ballot reported, which is <i>v</i>. <small>Paxos Made Simple 2.2, P2c</small>
    </p>`;
}

function row(run: Run, ballot: BallotView, meeting: MeetingView | null): TemplateResult {
  const name = epochName(run.catalogue, ballot.epoch);
  const meets = (process: number): boolean => meeting !== null && (ballot.epoch === meeting.earlier || ballot.epoch === meeting.later) && meeting.shared.includes(process);
  const cells = run.catalogue.processes.slice(0, run.catalogue.replicas).map((_, process) => {
    const accepted = ballot.accepted.includes(process);
    const promised = ballot.promised.includes(process);
    const words = [promised ? "promised" : "", accepted ? "accepted" : "", meets(process) ? "in both majorities" : ""].filter((word) => word !== "").join(", ");
    return html`<td class="vote ${meets(process) ? "meets" : ""}" title=${words}>
      <span aria-hidden="true">${accepted ? "●" : promised ? "○" : "·"}</span><span class="out-of-sight">${words === "" ? "neither" : words}</span>
    </td>`;
  });
  return html`<tr data-testid="quorum-row" data-ballot=${name} ${styled({ "--term": termToken(ballot.epoch) })}>
    <th scope="row"><span class="ballot">${name}</span> <span class="value">${ballot.value ?? ""}</span></th>
    ${cells}
    <td>${ballot.is_chosen ? html`<span class="chosen">accepted: chosen</span>` : ballot.has_promises ? "promised" : html`<span class="none">none</span>`}</td>
  </tr>`;
}

/** What follows from where the two majorities meet. */
function meetingWords(run: Run, ballots: readonly BallotView[], { earlier, later, is_chosen, shared, carried_by }: MeetingView): TemplateResult {
  const name = (epoch: number): string => epochName(run.catalogue, epoch);
  const names = (processes: readonly number[]): string => list(processes.map((process) => run.name(process)));
  if (!is_chosen) {
    return html`The majorities that promised ${name(earlier)} and ${name(later)} meet at <b>${names(shared)}</b>: ${shared.length === 1 ? "it accepts" : "they accept"} nothing of ${name(earlier)} any more.`;
  }
  const meet = html`The majority that accepted ${name(earlier)} and the one that promised ${name(later)} meet at <b>${names(shared)}</b>`;
  if (carried_by.length === 0) {
    return html`${meet}; but nobody there had accepted ${name(earlier)} when it promised ${name(later)}, so no promise tells of it. <strong class="broken-rule">The argument below does not hold here: a rule that it needs is broken.</strong>`;
  }
  const value = ballots.find(({ epoch }) => epoch === earlier)?.value ?? "";
  const who = carried_by.length === shared.length ? "" : html`, of whom <b>${names(carried_by)}</b> had accepted it before`;
  return html`${meet}${who}: ${carried_by.length === 1 ? "its promise carries" : "their promises carry"} “${value}” on.`;
}
