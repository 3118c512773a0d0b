// What changed when in a run: terms, roles, conditions, cuts, who leads; and the events that one wants to get to. Noted
// as events come in, so that a drawing finds what holds at a moment without looking at all events. Nothing here works
// out what a protocol does: it only sorts what the engine said.

import { FLAG, NOBODY, STRUCK, linkKey } from "./codes.js";
import { firstIndexWhere } from "./column.js";
import type { Action, Catalogue, InterventionView } from "./engine.js";
import type { Records } from "./records.js";

/** From an event on, a process has this value. */
export interface Change {
  event: number;
  time: number;
  value: number;
}

export type Condition = "up" | "down" | "paused";
export interface ConditionChange {
  event: number;
  time: number;
  condition: Condition;
}

/** From an event on, these directed links are cut, by `linkKey`. */
export interface CutChange {
  event: number;
  time: number;
  cut: ReadonlySet<number>;
  text: string;
}

export interface Leadership {
  event: number;
  time: number;
  node: number;
  epoch: number;
}

export class Changes {
  epochs: Change[][] = [];
  roles: Change[][] = [];
  /** Of clients: 1 while an operation waits for its answer, else 0. */
  busy: Change[][] = [];
  conditions: ConditionChange[][] = [];
  /** 1 while a process lies, as it was told to from outside; no process knows it of another. */
  lies: Change[][] = [];
  cuts: CutChange[] = [];
  leaders: Leadership[] = [];
  leaderEvents: number[] = [];
  commits: number[] = [];
  violations: number[] = [];
  invocations: number[] = [];
  interventionEvents: number[] = [];
  /** Highest term so far, and the event from which on: paints the scrubber. */
  topEpochs: Change[] = [];

  /** The links that are cut after the last event. */
  private cut = new Set<number>();
  /** Processes by name: interventions have names. */
  private readonly names: ReadonlyMap<string, number>;

  /** `crownedRole` is the code of a leader's role. */
  constructor(
    private readonly catalogue: Catalogue,
    private readonly crownedRole: number,
  ) {
    this.names = new Map(catalogue.processes.map((name, process) => [name, process]));
    this.clear();
  }

  clear(): void {
    const none = <T>(): T[][] => this.catalogue.processes.map(() => []);
    this.epochs = none();
    this.roles = none();
    this.busy = none();
    this.conditions = none();
    this.lies = none();
    this.cuts = [];
    this.leaders = [];
    this.leaderEvents = [];
    this.commits = [];
    this.violations = [];
    this.invocations = [];
    this.interventionEvents = [];
    this.topEpochs = [];
    this.cut = new Set();
  }

  /** The event from which on another leads a later epoch than a leader elected by an event; null if there is none. */
  replacedBy(event: number, epoch: number): number | null {
    const first = firstIndexWhere(this.leaders.length, (ordinal) => (this.leaders[ordinal]?.event ?? Infinity) > event);
    for (let ordinal = first; ordinal < this.leaders.length; ordinal += 1) {
      const later = this.leaders[ordinal];
      if (later !== undefined && later.epoch > epoch) {
        return later.event;
      }
    }
    return null;
  }

  /** Discards all from an event on. */
  truncate(event: number): void {
    const lists = [...this.epochs, ...this.roles, ...this.busy, ...this.conditions, ...this.lies, this.cuts, this.leaders, this.topEpochs];
    for (const list of lists) {
      list.length = firstIndexWhere(list.length, (ordinal) => (list[ordinal]?.event ?? 0) >= event);
    }
    for (const events of [this.leaderEvents, this.commits, this.violations, this.invocations, this.interventionEvents]) {
      events.length = firstIndexWhere(events.length, (ordinal) => (events[ordinal] ?? 0) >= event);
    }
    this.cut = new Set(this.cuts.at(-1)?.cut);
  }

  /** Notes where terms, roles, conditions and cuts change from `first` on. */
  index(records: Records, first: number, interventions: () => InterventionView[]): void {
    let done: Map<number, InterventionView> | undefined;
    for (let event = first; event < records.events; event += 1) {
      const node = records.eventNode.at(event);
      const time = records.eventTime.at(event);
      const flags = records.eventFlags.at(event);
      if ((flags & FLAG.committed) !== 0) this.commits.push(event);
      if ((flags & FLAG.violation) !== 0) this.violations.push(event);
      if ((flags & FLAG.completed) !== 0) this.busy[node]?.push({ event, time, value: 0 });
      if ((flags & FLAG.invoked) !== 0) {
        this.invocations.push(event);
        this.busy[node]?.push({ event, time, value: 1 });
      }
      if (records.isIntervention(event)) {
        this.interventionEvents.push(event);
        done ??= new Map(interventions().map((each) => [each.after_event, each]));
        const intervention = done.get(event);
        if (intervention !== undefined) {
          this.indexIntervention(records, event, time, intervention);
        }
        if (node !== NOBODY && records.eventDetail.at(event) === STRUCK) {
          this.conditions[node]?.push({ event, time, condition: "down" });
        }
        if (node === NOBODY || (intervention !== undefined && leavesRunning(intervention.action))) {
          continue;
        }
      }
      if (node !== NOBODY) {
        this.indexProcess(records, event, node, time);
      }
    }
  }

  private indexProcess(records: Records, event: number, node: number, time: number): void {
    const epoch = records.eventEpoch.at(event);
    const role = records.eventRole.at(event);
    const epochs = this.epochs[node];
    const roles = this.roles[node];
    if (epochs !== undefined && epochs.at(-1)?.value !== epoch) {
      epochs.push({ event, time, value: epoch });
      if (node < this.catalogue.replicas && epoch > (this.topEpochs.at(-1)?.value ?? -1)) {
        this.topEpochs.push({ event, time, value: epoch });
      }
    }
    if (roles !== undefined && roles.at(-1)?.value !== role) {
      roles.push({ event, time, value: role });
      if (node < this.catalogue.replicas && role === this.crownedRole) {
        this.leaders.push({ event, time, node, epoch });
        this.leaderEvents.push(event);
      }
    }
  }

  private indexIntervention(records: Records, event: number, time: number, { action, text }: InterventionView): void {
    const condition = (name: string, to: Condition): void => {
      this.conditions[this.names.get(name) ?? -1]?.push({ event, time, condition: to });
    };
    if (action === "heal" || action === "remove_faults") {
      this.recut(event, time, text, () => this.cut.clear());
    }
    if (action === "remove_faults") {
      this.conditions.forEach((changes) => changes.push({ event, time, condition: "up" }));
      this.lies.forEach((changes) => changes.push({ event, time, value: 0 }));
    }
    if (typeof action === "string") {
      return;
    }
    if ("partition" in action) {
      this.recut(event, time, text, () => this.partition(action.partition.groups));
    } else if ("cut" in action) {
      this.recut(event, time, text, () => action.cut.links.forEach((link) => this.cut.add(this.key(link))));
    } else if ("restore" in action) {
      this.recut(event, time, text, () => action.restore.links.forEach((link) => this.cut.delete(this.key(link))));
    } else if ("delay_message" in action) {
      records.reschedule(event, action.delay_message.message, time, records.messageDue.at(action.delay_message.message) + action.delay_message.by_ticks);
    } else if ("deliver_message_now" in action) {
      records.reschedule(event, action.deliver_message_now.message, time, time);
    } else if ("crash" in action) {
      condition(action.crash.node, "down");
    } else if ("kill" in action) {
      condition(action.kill.node, "down");
    } else if ("restart" in action) {
      condition(action.restart.node, "up");
    } else if ("pause" in action) {
      condition(action.pause.node, "paused");
    } else if ("resume" in action) {
      condition(action.resume.node, "up");
    } else {
      this.indexHonesty(event, time, action);
    }
  }

  private indexHonesty(event: number, time: number, action: Exclude<Action, string>): void {
    const set = (name: string, value: number): void => {
      this.lies[this.names.get(name) ?? -1]?.push({ event, time, value });
    };
    if ("corrupt" in action) {
      set(action.corrupt.node, 1);
    } else if ("say" in action) {
      set(action.say.node, 1);
    } else if ("depart" in action) {
      set(action.depart.node, 1);
    } else if ("reform" in action) {
      set(action.reform.node, 0);
    }
  }

  private recut(event: number, time: number, text: string, change: () => void): void {
    change();
    this.cuts.push({ event, time, text, cut: new Set(this.cut) });
  }

  private key(link: { from: string; to: string }): number {
    return linkKey(this.names.get(link.from) ?? 0, this.names.get(link.to) ?? 0);
  }

  private partition(groups: string[][]): void {
    const side = new Map<number, number>();
    groups.forEach((group, number) => group.forEach((name) => side.set(this.names.get(name) ?? -1, number)));
    this.cut.clear();
    const processes = this.catalogue.processes.length;
    for (let from = 0; from < processes; from += 1) {
      for (let to = 0; to < processes; to += 1) {
        if (from !== to && side.get(from) !== side.get(to)) {
          this.cut.add(linkKey(from, to));
        }
      }
    }
  }
}

/** Whether the process that an action concerns is afterwards in the term and role in which it was. */
function leavesRunning(action: Action): boolean {
  return typeof action === "object" && !("crash" in action || "kill" in action || "wipe_disk" in action || "restart" in action);
}

/** The change that holds when `cursor` events have happened. */
export function inForce<C extends { event: number }>(changes: readonly C[], cursor: number): C | undefined {
  return changes[firstIndexWhere(changes.length, (ordinal) => (changes[ordinal]?.event ?? 0) >= cursor) - 1];
}
