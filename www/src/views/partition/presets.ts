// Partitions that are worth having at hand.

import { linkKey } from "../../engine/codes.js";
import type { Catalogue } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";

/** All directed links between processes of different groups. */
export function linksBetween(groups: readonly (readonly string[])[], processes: readonly string[]): ReadonlySet<number> {
  const side = new Map(groups.flatMap((group, number) => group.map((name) => [name, number] as const)));
  const cut = new Set<number>();
  processes.forEach((one, from) =>
    processes.forEach((other, to) => {
      if (from !== to && side.get(one) !== side.get(other)) {
        cut.add(linkKey(from, to));
      }
    }),
  );
  return cut;
}

/** The ways from the first group to all others. */
export function linksFrom([first = []]: readonly (readonly string[])[], processes: readonly string[]): ReadonlySet<number> {
  return cutWhere(processes.length, (from, to) => first.includes(processes[from] ?? "") && !first.includes(processes[to] ?? ""));
}

/**
 * The sides that a set of cuts makes, if it makes any: null where some link between two sides is whole, or one within a
 * side is cut.
 */
export function sidesOf(cut: ReadonlySet<number>, processes: readonly string[]): string[][] | null {
  const sides: string[][] = [];
  processes.forEach((name, process) => {
    const side = sides.find(([first]) => first !== undefined && !cut.has(linkKey(processes.indexOf(first), process)));
    if (side === undefined) {
      sides.push([name]);
    } else {
      side.push(name);
    }
  });
  const same = linksBetween(sides, processes);
  return same.size === cut.size && [...same].every((key) => cut.has(key)) ? sides : null;
}

/** A minority with the first client, and the rest. */
export function halves({ processes, replicas }: Catalogue): string[][] {
  const minority = Math.floor((replicas - 1) / 2) || 1;
  return split(processes, (process) => (process < replicas ? process < minority : process === replicas));
}

/** One replica with one client, and the rest. */
export function isolate({ processes }: Catalogue, node: number, client: number): string[][] {
  return split(processes, (process) => process === node || process === client);
}

/** A client that can send at once: what it sends does not wait for an answer that cannot come. */
export function idleClient(run: Run): number {
  const clients = run.moment.nodes().slice(run.catalogue.replicas);
  const idle = clients.find(({ volatile }) => (volatile.find(({ name }) => name === "operation")?.value ?? null) === null);
  return idle?.place ?? run.catalogue.replicas;
}

function split(processes: readonly string[], first: (process: number) => boolean): string[][] {
  return [processes.filter((_, process) => first(process)), processes.filter((_, process) => !first(process))];
}

/** Two halves that cannot reach each other, and one replica between them that both can. Clients keep to the ends. */
export function bridge({ processes, replicas }: Catalogue): ReadonlySet<number> {
  const middle = Math.floor(replicas / 2);
  const side = (process: number): number => (process < replicas ? Math.sign(process - middle) : process % 2 === replicas % 2 ? -1 : 1);
  return cutWhere(processes.length, (from, to) => side(from) * side(to) === -1);
}

/** Each replica reaches just a majority, its neighbours in the ring, and no two the same one. Clients reach all. */
export function majorityRing({ processes, replicas }: Catalogue): ReadonlySet<number> {
  const reach = Math.ceil(Math.floor(replicas / 2) / 2);
  const distance = (from: number, to: number): number => Math.min((from - to + replicas) % replicas, (to - from + replicas) % replicas);
  return cutWhere(processes.length, (from, to) => from < replicas && to < replicas && distance(from, to) > reach);
}

function cutWhere(processes: number, test: (from: number, to: number) => boolean): ReadonlySet<number> {
  const cut = new Set<number>();
  for (let from = 0; from < processes; from += 1) {
    for (let to = 0; to < processes; to += 1) {
      if (from !== to && test(from, to)) {
        cut.add(linkKey(from, to));
      }
    }
  }
  return cut;
}
