// Messages on their way between the processes, each as far as its time has come. Where there is space, with their words.

import { svg } from "lit";
import type { SVGTemplateResult } from "lit";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import type { Run } from "../../engine/run.js";
import { askBeside } from "../actions/ask.js";
import { distance } from "./geometry.js";
import type { Places, Point } from "./geometry.js";

const DRAWN_MAX = 200;
/** What a character takes, and a line, and what words keep free around a process. In pixels. */
const CHARACTER_PX = 6.4;
const LINE_PX = 15;
const AROUND_PX = 16;

export function movingMessages(run: Run, { points, radius }: Places, isLarge: boolean): SVGTemplateResult[] {
  const { records, status } = run;
  const { clock } = run.playhead;
  const moving = records.inFlight(status.cursor, clock).slice(0, DRAWN_MAX).map((message) => {
    const from = points[records.messageFrom.at(message)] ?? { x: 0, y: 0 };
    const to = points[records.messageTo.at(message)] ?? from;
    const sent = records.messageSent.at(message);
    const part = Math.min(1, Math.max(0, (clock - sent) / Math.max(1, records.messageEnd(message) - sent)));
    const at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    const isClear = [from, to].every((end) => distance(end, at) > radius + AROUND_PX);
    return { message, at, isClear, isHeartbeat: records.isHeartbeat(message) };
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
  return isLarge ? [...dots, ...words(run, moving.filter(({ isHeartbeat, isClear }) => !isHeartbeat && isClear))] : dots;
}

/** Of words that would cover each other, those of the message that was sent first stay. */
function words(run: Run, moving: readonly { message: number; at: Point }[]): SVGTemplateResult[] {
  run.labels.want(moving.map(({ message }) => message));
  const written: { at: Point; half: number }[] = [];
  return moving.flatMap(({ message, at }) => {
    const text = run.labels.of(message);
    const half = (text.length * CHARACTER_PX) / 2;
    if (written.some((other) => Math.abs(other.at.x - at.x) < other.half + half && Math.abs(other.at.y - at.y) < LINE_PX)) {
      return [];
    }
    written.push({ at, half });
    return [svg`<text class="label" x=${at.x} y=${at.y - 8}>${text}</text>`];
  });
}
