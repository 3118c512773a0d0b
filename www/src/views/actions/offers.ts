// What can be done to a process and to a message, with the reason where it cannot be done at this moment. The panels at
// the side and what floats beside a click both take it from here.

import type { Action, MessageView, NodeView, Range } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { hasDisks } from "../../protocols/protocol.js";

export interface Offer {
  /** A word or two, where the process or message is known. */
  words: string;
  /** With the process: what tells it from the same of another. */
  name: string;
  title: string;
  action: Action;
  /** Why it cannot be done at this moment. */
  why: string | null;
}

/** What a message on its way is delayed by. */
const DELAY_TICKS = 50_000;

/** Crash and restart, pause and resume. */
export function powerOffers(run: Run, { name: node, place, condition }: NodeView): Offer[] {
  const isDown = condition === "down";
  const keeps = run.isReplica(place) && hasDisks(run.scenario);
  return [
    isDown
      ? { words: "Restart", name: `Restart ${node}`, title: keeps ? "It starts again from what its disk holds" : "It starts again, and knows nothing", action: { restart: { node } }, why: null }
      : { words: "Crash", name: `Crash ${node}`, title: keeps ? "It loses its power: all that is not on its disk is gone" : "It loses its power, and forgets all: it has no disk", action: { crash: { node } }, why: null },
    condition === "paused"
      ? { words: "Resume", name: `Resume ${node}`, title: "It goes on, and handles what it missed", action: { resume: { node } }, why: null }
      : { words: "Pause", name: `Pause ${node}`, title: "It stands still, as in a long garbage collection; what arrives waits", action: { pause: { node } }, why: isDown ? `${node} is down.` : null },
  ];
}

/** The process dies, and its machine lives on. */
export function killOffer(run: Run, { name: node, condition }: NodeView): Offer {
  return {
    words: "Kill process",
    name: `Kill process of ${node}`,
    title: hasDisks(run.scenario) ? "The process dies, and its machine lives on: what it had handed to its disk still gets there" : "The process dies, and forgets all: it has no disk",
    action: { kill: { node } },
    why: condition === "down" ? `${node} is down.` : null,
  };
}

export function timerOffers({ name: node, timers, condition }: NodeView): Offer[] {
  return timers.map((timer) => ({
    words: `Fire ${timer.name} timer`,
    name: `Fire ${timer.name} timer of ${node}`,
    title: "The timer fires at this moment",
    action: { fire_timer: { node, timer: timer.name } },
    why: condition === "paused" ? `${node} is paused.` : null,
  }));
}

/** What was said to a replica’s disk up to the playhead. */
export interface DiskState {
  stalled: boolean;
  losesFlushes: boolean;
  /** Flush times of its own. */
  flush: Range | null;
}

export function diskState(run: Run, node: string): DiskState {
  const state: DiskState = { stalled: false, losesFlushes: false, flush: null };
  for (const { action } of run.moment.doneSoFar()) {
    if (action === "remove_faults") {
      Object.assign(state, { stalled: false, losesFlushes: false, flush: null });
    } else if (typeof action === "object") {
      if ("stall_disk" in action && action.stall_disk.node === node) state.stalled = true;
      if ("release_disk" in action && action.release_disk.node === node) state.stalled = false;
      if ("lose_flushes" in action && action.lose_flushes.node === node) state.losesFlushes = true;
      if ("keep_flushes" in action && action.keep_flushes.node === node) state.losesFlushes = false;
      if ("disk" in action && action.disk.node === node) state.flush = action.disk.flush_ticks;
    }
  }
  return state;
}

/** Whether anything was done to a disk that is not undone. */
export function isTreated({ stalled, losesFlushes, flush }: DiskState): boolean {
  return stalled || losesFlushes || flush !== null;
}

/** What every protocol here must bear. */
export function diskOffers({ name: node, condition }: NodeView, { stalled }: DiskState): Offer[] {
  return [
    stalled
      ? { words: "Let flushes go on", name: `Let flushes go on, ${node}`, title: "Its disk writes again what waits", action: { release_disk: { node } }, why: null }
      : { words: "Stop flushes", name: `Stop flushes of ${node}`, title: "Its disk stands still: what waits for a write waits on", action: { stall_disk: { node } }, why: null },
    {
      words: "Fail at next write",
      name: `Fail at next write of ${node}`,
      title: "It crashes when its next write is on its disk, before what it sends with that leaves",
      action: { crash_between: { node, point: "write_and_send" } },
      why: condition === "down" ? `${node} is down.` : null,
    },
  ];
}

/** What takes away what every protocol here takes for granted. */
export function lawlessDiskOffers({ name: node, condition }: NodeView, { losesFlushes }: DiskState): Offer[] {
  return [
    losesFlushes
      ? { words: "Keep flushes", name: `Keep flushes of ${node}`, title: "What its disk calls written is written again", action: { keep_flushes: { node } }, why: null }
      : { words: "Lose flushes", name: `Lose flushes of ${node}`, title: "Its disk says “done” of what a loss of power then loses", action: { lose_flushes: { node } }, why: null },
    {
      words: "Tear next writes apart",
      name: `Tear next writes apart, ${node}`,
      title: "It crashes between the writes of its next step",
      action: { crash_between: { node, point: "writes" } },
      why: condition === "down" ? `${node} is down.` : null,
    },
    { words: "Wipe disk", name: `Wipe disk of ${node}`, title: "All that it had written is gone; if it is up, it crashes, and starts again", action: { wipe_disk: { node } }, why: null },
  ];
}

/** What can be done to a message on its way. */
export function messageOffers({ index, in_flight, handled_by }: MessageView): Offer[] {
  const why = in_flight ? null : handled_by === null ? "It is not on its way any more." : "It has been delivered.";
  const name = (words: string): string => `${words} message ${index.toLocaleString("en")}`;
  return [
    { words: "Drop", name: name("Drop"), title: "It is lost", action: { drop_message: { message: index } }, why },
    { words: "Delay", name: name("Delay"), title: `It arrives ${DELAY_TICKS / 1_000} ms later`, action: { delay_message: { message: index, by_ticks: DELAY_TICKS } }, why },
    { words: "Copy", name: name("Copy"), title: "The network delivers it twice", action: { duplicate_message: { message: index } }, why },
    { words: "Deliver now", name: name("Deliver now"), title: "It arrives at once", action: { deliver_message_now: { message: index } }, why },
  ];
}

/** The ways to lie that need no choice. */
export function lieOffers({ name: node, honesty }: NodeView): Offer[] {
  const lies = honesty.startsWith("lies");
  return [
    { words: "Fall silent", name: `Fall silent, ${node}`, title: "It says nothing to anybody from here on", action: { corrupt: { node, strategy: { silence: {} } } }, why: null },
    { words: "Lie by chance", name: `Lie by chance, ${node}`, title: "It says anything to anybody, drawn by chance", action: { corrupt: { node, strategy: "drawn" } }, why: null },
    { words: "Reform", name: `Reform ${node}`, title: "It tells the truth from here on", action: { reform: { node } }, why: lies ? null : `${node} is honest.` },
  ];
}
