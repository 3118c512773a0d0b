// The quorums of each ballot, where two of them meet, and what follows from it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { list } from "../../design/words.js";
import type { BallotView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { epochName } from "../protocol.js";

/** Two majorities of two ballots, and the acceptors that are in both. */
interface Meeting {
  earlier: BallotView;
  later: BallotView;
  /** The earlier ballot was chosen: its acceptors carry a value on. */
  carries: boolean;
  shared: readonly number[];
}

/** The first ballot that was chosen and the last one after it that a majority has promised; where nothing is chosen, the last two that were promised. */
function meetingOf(ballots: readonly BallotView[]): Meeting | null {
  const chosen = ballots.find((ballot) => ballot.is_chosen);
  const promised = ballots.filter((ballot) => ballot.has_promises);
  const later = promised.at(-1);
  const earlier = chosen ?? promised.at(-2);
  if (earlier === undefined || later === undefined || earlier.epoch >= later.epoch) {
    return null;
  }
  const carries = chosen !== undefined;
  const first = carries ? earlier.accepted : earlier.promised;
  return { earlier, later, carries, shared: first.filter((place) => later.promised.includes(place)) };
}

export function lens(run: Run): TemplateResult {
  const ballots = run.ballots();
  const meeting = meetingOf(ballots);
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
    ${meeting === null ? nothing : html`<p class="why" data-testid="meeting">${told(run, meeting)}</p>`}
    <p class="why">
      Why a chosen value stays: say a majority has accepted <i>v</i> in ballot <i>b</i>. A proposer with a higher ballot needs promises from a majority, and any two majorities share an acceptor. That
      one accepted <i>b</i> before it promised, for afterwards it would have refused. So a promise reports <i>v</i> in <i>b</i>, or what was accepted in a ballot between; and that is <i>v</i> as well, by the same
      argument for each of those ballots, from <i>b</i> upwards. The proposer takes the value of the highest ballot reported, which is <i>v</i>. <small>Paxos Made Simple 2.2, P2c</small>
    </p>`;
}

function row(run: Run, ballot: BallotView, meeting: Meeting | null): TemplateResult {
  const name = epochName(run.catalogue, ballot.epoch);
  const meets = (place: number): boolean => meeting !== null && (ballot === meeting.earlier || ballot === meeting.later) && meeting.shared.includes(place);
  const cells = run.catalogue.processes.slice(0, run.catalogue.replicas).map((_, place) => {
    const accepted = ballot.accepted.includes(place);
    const promised = ballot.promised.includes(place);
    const words = [promised ? "promised" : "", accepted ? "accepted" : "", meets(place) ? "in both majorities" : ""].filter((word) => word !== "").join(", ");
    return html`<td class="vote ${meets(place) ? "meets" : ""}" title=${words}>
      <span aria-hidden="true">${accepted ? "●" : promised ? "○" : "·"}</span><span class="out-of-sight">${words === "" ? "neither" : words}</span>
    </td>`;
  });
  return html`<tr data-testid="quorum-row" data-ballot=${name} ${styled({ "--term": termToken(ballot.epoch) })}>
    <th scope="row"><span class="ballot">${name}</span> <span class="value">${ballot.value ?? ""}</span></th>
    ${cells}
    <td>${ballot.is_chosen ? html`<span class="chosen">accepted: chosen</span>` : ballot.has_promises ? "promised" : html`<span class="none">none</span>`}</td>
  </tr>`;
}

function told(run: Run, { earlier, later, carries, shared }: Meeting): TemplateResult {
  const name = (ballot: BallotView): string => epochName(run.catalogue, ballot.epoch);
  const who = list(shared.map((place) => run.name(place)));
  if (shared.length === 0) {
    return html`The majorities of ${name(earlier)} and ${name(later)} share no acceptor: they are none.`;
  }
  return carries
    ? html`The majority that accepted ${name(earlier)} and the one that promised ${name(later)} meet at <b>${who}</b>: ${shared.length === 1 ? "its promise carries" : "their promises carry"} “${earlier.value}” on.`
    : html`The majorities that promised ${name(earlier)} and ${name(later)} meet at <b>${who}</b>: ${shared.length === 1 ? "it accepts" : "they accept"} nothing of ${name(earlier)} any more.`;
}
