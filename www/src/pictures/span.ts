// Which span of a prepared run tells what it is about: of those that its captions show, the one in which the most
// happens; without captions, where something is found broken, else what is done to it, else its common course.

import { DELIVERED } from "../engine/codes.js";
import { openingOf } from "../engine/interventions.js";
import type { Run } from "../engine/run.js";
import type { TimeSpan } from "../engine/view-state.js";

/** Ticks around a moment. */
const AROUND = { before: 110_000, after: 40_000 };
/** Ticks around all that is done to a run. */
const MARGIN = { before: 20_000, after: 80_000 };
/** Where more is on its way than this, single arrows cannot be told apart in a small picture. */
const ARROWS_MAX = 110;
/** How much longer than its last intervention a run is driven to find what is broken. */
const DRIVEN_TICKS = 2_500_000;
/** What is done earlier only sets the scene. */
const SCENE_TICKS = 5_000;
/** How much what is seen in a span counts: one who begins to lead, and what is found broken; a message that is lost or a lie counts one. */
const WEIGHT = { leader: 4, broken: 20 };

const around = (time: number): TimeSpan => ({ start: Math.max(0, time - AROUND.before), end: time + AROUND.after });
const holds = ({ start, end }: TimeSpan, time: number): boolean => time >= start && time <= end;

/** Drives the run that far, however slow the machine is. */
export function driveTo(run: Run, time: number): void {
  run.playhead.reach(() => (run.status.end >= time ? true : undefined), time);
}

function arrowsIn({ records }: Run, { start, end }: TimeSpan): number {
  const { messages, heartbeats } = records.countSent(start, end);
  return messages - heartbeats;
}

/** How much happens in a span that is not the common course of things. */
function weightOf({ records }: Run, span: TimeSpan, broken: readonly number[]): number {
  let weight = 0;
  records.eachMessageWithin(span.start, span.end, (message) => {
    weight += records.isLie(message) || records.messageFate.at(message) > DELIVERED ? 1 : 0;
  });
  const leaders = records.changes.leaders.filter(({ event }) => holds(span, records.eventTime.at(event)));
  const found = broken.filter((event) => holds(span, records.eventTime.at(event)));
  return weight + WEIGHT.leader * leaders.length + WEIGHT.broken * found.length;
}

/** What a caption has in view, of the caption around which the most happens. */
function spanOfStory(run: Run, broken: readonly number[]): TimeSpan | null {
  const { story } = run;
  story.open();
  const spans = story.captions.flatMap(({ look }, index) => {
    const moment = story.momentOf(index);
    const { before, after } = look?.span ?? AROUND;
    const span = { start: Math.max(0, (moment?.time ?? 0) - before), end: (moment?.time ?? 0) + after };
    return moment === null || arrowsIn(run, span) > ARROWS_MAX ? [] : [span];
  });
  const weights = spans.map((span) => weightOf(run, span, broken));
  return spans[weights.indexOf(Math.max(...weights))] ?? null;
}

/** No more than can be told apart: the end of it. */
function thinned(run: Run, span: TimeSpan): TimeSpan {
  return arrowsIn(run, span) <= ARROWS_MAX ? span : thinned(run, { start: (span.start + span.end) / 2, end: span.end });
}

export function spanToShow(run: Run): TimeSpan {
  const times = (run.scenario.interventions ?? []).map(({ at }) => at).filter((at) => at > SCENE_TICKS);
  const opening = openingOf(run.scenario);
  driveTo(run, Math.max(opening, ...times) + DRIVEN_TICKS);
  const broken = run.moment.violations();
  const story = spanOfStory(run, broken);
  if (story !== null) {
    return story;
  }
  if (broken[0] !== undefined) {
    return thinned(run, around(run.records.eventTime.at(broken[0])));
  }
  if (times.length === 0) {
    return thinned(run, around(run.status.end / 2));
  }
  const whole = { start: Math.max(0, Math.min(...times) - MARGIN.before), end: Math.max(...times) + MARGIN.after };
  return arrowsIn(run, whole) <= 2 * ARROWS_MAX ? whole : thinned(run, around(Math.min(...times)));
}
