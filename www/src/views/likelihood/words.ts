// What the counted forks say, in careful words: of forks that were made, and never of all that could be.

import { apostrophes, count, seconds } from "../../design/words.js";
import type { Counting } from "./counting.js";

/** What ends so, as the end of a sentence. */
export const endOf = ({ plan }: Counting): string => apostrophes(plan?.sentence ?? "");

/** What is to be said now. */
export function sentenceOf(counting: Counting): string {
  const { stage, plan, failure, done, outcomes } = counting;
  if (stage === "failed") {
    return `No forks could be made: ${failure}`;
  }
  if (plan === null && stage === "stopped") {
    return "Stopped before anything was counted.";
  }
  if (plan === null) {
    return stage === "over" && outcomes.length === 0 ? "Nobody leads, is served or waits long in this run, and nothing is broken." : "Looking how this run ends…";
  }
  const all = `${count(plan.moments.length, "moment")}, ${count(plan.forks, "fork")} of each`;
  if (stage === "counting" || stage === "planning") {
    return `Counting: ${done} of ${all}.`;
  }
  return stage === "stopped" ? `Stopped after ${done} of ${all}.` : reading(counting);
}

function reading({ plan, reading: read, counted }: Counting): string {
  if (plan === null || read === null) {
    return "";
  }
  const { forks, moments } = plan;
  const sameAt = (place: number): number => counted[place]?.same ?? 0;
  if (read.all_from === null) {
    return `Also at its last moment, ${sameAt(moments.length - 1)} of ${forks} forks end so.`;
  }
  if (read.all_from === 0) {
    return `At every moment, ${forks} of ${forks} forks end so: no chance that was left decides it.`;
  }
  const { event, time } = moments[read.all_from] ?? { event: 0, time: 0 };
  const before = read.all_from === 1 ? "at the beginning" : `at the moment before ${sameAt(read.all_from - 1)} did, at the beginning`;
  return `From ${seconds(time)} (event ${event}) on, ${forks} of ${forks} forks end so; ${before} ${sameAt(0)}${read.all_from === 1 ? " did" : ""}.`;
}

/** A moment and its share: `1.204 s, event 512: 30 of 30 forks`. */
export function momentWords({ plan, counted, reading: read }: Counting, place: number): string {
  const moment = plan?.moments[place];
  if (plan === null || moment === undefined) {
    return "";
  }
  const found = counted[place];
  const share = found === undefined ? "not counted yet" : `${found.same} of ${plan.forks} forks`;
  const jump = read?.jumps.includes(place) === true ? `, a jump from ${counted[place - 1]?.same ?? 0}` : "";
  return `${seconds(moment.time)}, event ${moment.event}: ${share}${jump}`;
}
