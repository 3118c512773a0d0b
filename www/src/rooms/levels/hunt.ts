// From a wrong answer on, other ways in which the run may go on are looked through: with other random numbers, and with
// faults that the level does not have. The shortest that breaks a promise is kept.

import type { Clone, Continuation } from "../../engine/clone.js";
import type { Action } from "../../engine/engine.js";

/** How many ways are tried. */
export const FORKS = 80;
/** How long faults come, and how long each lasts at most, in ticks. */
const FAULTS_TICKS = 600_000;
const LASTS_TICKS = 300_000;
const FAULTS_MAX = 4;
/** How long the run goes on after them. */
const CALM_TICKS = 1_500_000;
/** Milliseconds of work at a time: the page stays responsive. */
const TURN_MS = 24;

interface Deed {
  at: number;
  action: Action;
}

/** Whole numbers that look drawn, the same for the same seed (xorshift, 32 bits). */
export function numbers(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  next();
  return (below) => next() % below;
}

/** Whether a process lies in a run: then it is the one of which the protocol bears no more. */
function isLiedIn({ scenario }: Continuation): boolean {
  return (scenario.interventions ?? []).some(({ action }) => typeof action === "object" && ("corrupt" in action || "say" in action || "depart" in action || "collude" in action));
}

/**
 * Faults that every protocol here bears: one server crashes and returns, but not beside a liar; cuts; timers that
 * fire early. In the end, none.
 */
function faults(clone: Clone, from: number, seed: number, mayCrash: boolean): Deed[] {
  const draw = numbers(seed);
  const { processes, replicas, replica_timers: timers } = clone.catalogue;
  const servers = processes.slice(0, replicas);
  const deeds: Deed[] = [];
  let isDownOnce = false;
  for (let left = 1 + draw(FAULTS_MAX); left > 0; left -= 1) {
    const at = from + 1 + draw(FAULTS_TICKS);
    const end = at + 1 + draw(LASTS_TICKS);
    const node = servers[draw(servers.length)] ?? "";
    switch (draw(3)) {
      case 0:
        if (!mayCrash || isDownOnce) {
          break;
        }
        isDownOnce = true;
        deeds.push({ at, action: { crash: { node } } }, { at: end, action: { restart: { node } } });
        break;
      case 1: {
        const side = processes.filter(() => draw(2) === 0);
        const other = processes.filter((each) => !side.includes(each));
        deeds.push(...(side.length === 0 || other.length === 0 ? [] : [{ at, action: { partition: { groups: [side, other] } } }, { at: end, action: "heal" as const }]));
        break;
      }
      default:
        deeds.push({ at, action: { fire_timer: { node, timer: timers[0] ?? "" } } });
    }
  }
  return [...deeds, { at: from + FAULTS_TICKS + LASTS_TICKS + 2, action: "remove_faults" }];
}

/** What a hunt has come to. */
export interface Hunted {
  tried: number;
  broke: number;
  /** The one that breaks a promise after the fewest events. */
  shortest: Continuation | null;
}

/** Tries all ways on, some at a time, and tells after each turn; ends when nobody asks any more. */
export async function hunt(clone: Clone, wrong: Continuation, time: number, tell: (hunted: Hunted) => boolean): Promise<void> {
  let hunted: Hunted = { tried: 0, broke: 0, shortest: wrong.broken === null ? null : wrong };
  let turn = performance.now();
  const mayCrash = !isLiedIn(wrong);
  for (let seed = 1; seed <= FORKS; seed += 1) {
    hunted = withOne(hunted, clone.fork(wrong, time, seed, faults(clone, time, seed, mayCrash), time + FAULTS_TICKS + LASTS_TICKS + CALM_TICKS));
    if (performance.now() - turn > TURN_MS || seed === FORKS) {
      if (!tell(hunted)) {
        return;
      }
      await new Promise((resume) => setTimeout(resume));
      turn = performance.now();
    }
  }
}

function withOne({ tried, broke, shortest }: Hunted, fork: Continuation): Hunted {
  const isShorter = fork.broken !== null && fork.broken.event < (shortest?.broken?.event ?? Infinity);
  return { tried: tried + 1, broke: broke + (fork.broken === null ? 0 : 1), shortest: isShorter ? fork : shortest };
}
