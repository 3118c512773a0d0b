// Runs of several protocols at one time: a playhead for all of them. Each is a run of its own, made by the protocol's own
// module from what the comparison says of it, and compared with that by its trace hash.

import { list, span } from "../../design/words.js";
import type { ComparedRun } from "../../engine/engine.js";
import { linkOf } from "../../engine/link.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import type { Camera } from "../../views/diagram/camera.js";
import { makeFrame } from "../../views/diagram/frame.js";
import type { Frame } from "../../views/diagram/frame.js";
import { timeCharacters } from "../../views/diagram/paint-heads.js";
import { headsPhases } from "../../views/diagram/paint-phases.js";
import { TrueSpacing } from "../../views/diagram/spacing.js";

/** Ticks that are shown at least and at most. */
const SPAN_MIN = 200_000;
const SPAN_MAX = 1_200_000;

export interface Shown {
  compared: ComparedRun;
  run: Run;
  readonly spacing: TrueSpacing;
  /** Whether it is the run that was measured. */
  agrees: boolean;
}

/**
 * Makes a run again, up to its end, in the place of one that was shown before. Null where the protocol has none. `page`:
 * the run whose engines are used.
 */
export async function shownOf(page: Run, compared: ComparedRun, until: number, run: Run): Promise<Shown | null> {
  const { scenario, protocol } = compared;
  if (scenario === null) {
    return null;
  }
  const engine = await page.engines.of(protocol);
  run.engines.put(looksOf(protocol).family, engine);
  run.load(scenario, until, false);
  run.view.setLooks({ direction: "right" });
  // A slow machine needs longer than a page may take to open a run.
  run.playhead.reach(() => (run.status.events >= compared.events ? true : undefined), until);
  const { events, trace_hash: hash } = run.linkContent();
  const { records } = run;
  return { compared, run, spacing: new TrueSpacing(records), agrees: events !== compared.events || hash === compared.trace_hash };
}

/** Puts the playhead of each at a time. */
export function seekAll(all: readonly Shown[], time: number): void {
  for (const { run } of all) {
    run.playhead.seekTime(time);
  }
}

/** When the next thing happens in any of them, or the last that happened before a time. */
export function nextTime(all: readonly Shown[], time: number, direction: 1 | -1): number | null {
  const times = all.flatMap(({ run: { records } }) => {
    const event = direction === 1 ? records.eventsUpTo(time) : records.eventsUpTo(time - 1) - 1;
    return event >= 0 && event < records.events ? [records.eventTime.at(event)] : [];
  });
  return times.length === 0 ? null : direction === 1 ? Math.min(...times) : Math.max(...times);
}

const after = (from: number | null, ticks: number | null): number => (from === null || ticks === null ? 0 : from + ticks);

/** What there is to see: from the first fault to the last of what came of it; without one, a while in calm. */
export function spanOf(all: readonly Shown[], steady: number): { start: number; end: number } {
  const ends = all.flatMap(({ compared: { fault, struck, unserved, elected, carried_out: carriedOut } }) => {
    return [after(struck, unserved), after(fault, elected), after(fault, carriedOut)];
  });
  const faults = all.flatMap(({ compared: { fault } }) => (fault === null ? [] : [fault]));
  const start = faults.length === 0 ? steady : Math.min(...faults);
  return { start: Math.max(0, start), end: Math.min(start + SPAN_MAX, Math.max(start + SPAN_MIN, ...ends)) };
}

/** Where things stand on a canvas: the time axis is the same for all. */
export function frameOf({ run }: Shown, { clientWidth: width, clientHeight: height }: HTMLCanvasElement, { start, scale }: Camera, clock: number): Frame {
  const { replicas, processes } = run.catalogue;
  const digits = timeCharacters(scale, false, start + width / scale, clock);
  return makeFrame({ width, height, down: false, digits, replicas, processes: processes.length, start, scale, headed: headsPhases(run) });
}

/** What came of the faults, and when. */
export function sentenceOf({ struck, fault, unserved, elected, carried_out: carriedOut }: ComparedRun): string {
  if (fault === null) {
    return "";
  }
  const parts = [
    elected === null ? "" : `another leads after ${span(elected)}`,
    carriedOut === null ? "" : `all entries are carried out after ${span(carriedOut)}`,
    struck === null ? "" : unserved === null ? "nobody is served again" : `unserved for ${span(unserved)}`,
  ];
  return list(parts.filter((part) => part !== ""));
}

/** A link to a run where its playhead stands; null where it is too large for one. */
export function linkTo(run: Run): string | null {
  try {
    return linkOf(run);
  } catch {
    return null;
  }
}
