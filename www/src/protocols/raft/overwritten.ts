// Log entries that were overwritten are seen to go: they stay, struck out, for a little virtual time.

import type { LogView, NodeView } from "../../engine/engine.js";

interface Gone {
  index: number;
  epoch: number;
  text: string;
  at: number;
}

const STAY_TICKS = 500_000;

export class Overwritten {
  private before = new Map<number, Map<number, { epoch: number; text: string }>>();
  private gone = new Map<number, Gone[]>();
  /**
   * The epoch of the entry that was seen committed at an index, at whatever process: wherever in the run that was, it
   * holds.
   */
  private decided = new Map<number, number>();
  private generation = -1;
  private cursor = 0;

  /** Compares the logs with those of the last call. Going back in time, or to another run, forgets. */
  watch(nodes: readonly NodeView[], generation: number, cursor: number, now: number): void {
    const forward = generation === this.generation && cursor >= this.cursor;
    if (!forward) {
      this.gone.clear();
    }
    if (generation !== this.generation) {
      this.decided.clear();
    }
    nodes.forEach(({ log }) => this.learn(log));
    for (const { place, log } of nodes) {
      const cells = new Map((log?.cells ?? []).map(({ index, epoch, text }) => [index, { epoch, text }]));
      const kept = (this.gone.get(place) ?? []).filter(({ at }) => now - at < STAY_TICKS);
      const before = this.before.get(place);
      // A log that is empty altogether went with its disk: nothing was written over.
      if (forward && before !== undefined && (cells.size > 0 || (log?.snapshot_index ?? 0) > 0)) {
        kept.push(...this.lost(before, cells, log?.snapshot_index ?? 0, now));
      }
      this.gone.set(place, kept);
      this.before.set(place, cells);
    }
    this.generation = generation;
    this.cursor = cursor;
  }

  of(process: number): readonly Gone[] {
    return this.gone.get(process) ?? [];
  }

  private learn(log: LogView | null): void {
    for (const { index, epoch } of log?.cells ?? []) {
      if (index <= (log?.commit_index ?? 0)) {
        this.decided.set(index, epoch);
      }
    }
  }

  /** An entry that a snapshot took in is lost only if another one is known to be committed in its place. */
  private lost(before: Map<number, { epoch: number; text: string }>, after: Map<number, { epoch: number; text: string }>, snapshot: number, at: number): Gone[] {
    return [...before]
      .filter(([index, { epoch }]) => (index > snapshot ? after.get(index)?.epoch !== epoch : (this.decided.get(index) ?? epoch) !== epoch))
      .map(([index, { epoch, text }]) => ({ index, epoch, text, at }));
  }
}
