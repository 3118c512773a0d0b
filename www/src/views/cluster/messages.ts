// Messages on their way between the processes, each as far as its time has come. Where there is space, with their words.

import { svg } from "lit";
import type { SVGTemplateResult } from "lit";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import type { Run } from "../../engine/run.js";
import { askBeside } from "../actions/ask.js";
import { distance } from "./geometry.js";
import type { Point } from "./geometry.js";

const DRAWN_MAX = 200;
/** More words than these cannot be read at once. */
const LABELS_MAX = 24;
/** Words do not come closer to each other, across and down. In pixels. */
const APART = { x: 76, y: 15 };

export function movingMessages(run: Run, points: readonly Point[], isLarge: boolean): SVGTemplateResult[] {
  const { records, status } = run;
  const { clock } = run.playhead;
  const moving = records.inFlight(status.cursor, clock).slice(0, DRAWN_MAX).map((message) => {
    const from = points[records.messageFrom.at(message)] ?? { x: 0, y: 0 };
    const to = points[records.messageTo.at(message)] ?? from;
    const sent = records.messageSent.at(message);
    const part = Math.min(1, Math.max(0, (clock - sent) / Math.max(1, records.messageEnd(message) - sent)));
    return { message, at: { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }, isLong: distance(from, to) > 60, isHeartbeat: records.isHeartbeat(message) };
  });
  const dots = moving.map(({ message, at, isHeartbeat }) => {
    const choose = (event: Event): void => {
      run.view.select({ kind: "message", message });
      askBeside(event, false);
    };
    // A dot is small: what is pressed reaches a little further.
    return svg`<g class="message" data-message=${message} @click=${choose}>
      <circle class="reach" r="9" cx=${at.x} cy=${at.y} />
      <circle r=${(isHeartbeat ? 2 : 3.5) * (isLarge ? 1.4 : 1)} cx=${at.x} cy=${at.y} ${styled({ fill: termToken(records.messageEpoch.at(message)) })} />
    </g>`;
  });
  return isLarge ? [...dots, ...words(run, moving.filter(({ isHeartbeat, isLong }) => !isHeartbeat && isLong))] : dots;
}

/** Of words that would cover each other, those of the message that was sent first stay. */
function words(run: Run, moving: readonly { message: number; at: Point }[]): SVGTemplateResult[] {
  const written: Point[] = [];
  const free = moving.filter(({ at }) => {
    const isFree = written.every((other) => Math.abs(other.x - at.x) > APART.x || Math.abs(other.y - at.y) > APART.y);
    if (isFree) {
      written.push(at);
    }
    return isFree;
  }).slice(0, LABELS_MAX);
  run.labels.want(free.map(({ message }) => message));
  return free.map(({ message, at }) => svg`<text class="label" x=${at.x} y=${at.y - 8}>${run.labels.of(message)}</text>`);
}
