// The rooms of the page beside the playground itself: each is a view of its own, fetched when it is entered for the
// first time, and has an address in the hash: `#course`, `#course/echo`. A room is one folder in www/src/rooms and one
// entry here.

import type { TemplateResult } from "lit";

import type { Run } from "../engine/run.js";

export interface Room {
  /** In the hash, and so in links. */
  name: string;
  /** In the menu. */
  title: string;
  /** What there is, in a sentence. */
  about: string;
  /** To what one returns from a run that was opened there. */
  returnTo: string;
  /** Fetches what draws it. `path` is what follows the name in the hash, without the stroke. */
  open(): Promise<(run: Run, path: string) => TemplateResult>;
}

export const ROOMS: readonly Room[] = [
  {
    name: "runs",
    title: "Prepared runs",
    about: "All runs that are prepared, with their pictures: calm ones, faults, rules switched off, and lies.",
    returnTo: "all prepared runs",
    open: async () => (await import("./gallery/gallery.js")).draw,
  },
  {
    name: "levels",
    title: "Levels",
    about: "You are the node: play one server of a real run, and let the protocol’s own core judge your answers.",
    returnTo: "the level",
    open: async () => (await import("./levels/levels.js")).draw,
  },
  {
    name: "break-it",
    title: "Break it",
    about: "Switch a rule off, hunt, and look at the smallest run that misses it.",
    returnTo: "the hunt",
    open: async () => (await import("./break-it/break-it.js")).draw,
  },
  {
    name: "compare",
    title: "Compare",
    about: "One script, followed by two to four protocols: their diagrams, and what each of them costs.",
    returnTo: "the comparison",
    open: async () => (await import("./compare/compare.js")).draw,
  },
  {
    name: "explore",
    title: "Explorer",
    about: "Every state that a few processes can reach, whatever the order of messages, losses and crashes.",
    returnTo: "the explorer",
    open: async () => (await import("./explore/explorer.js")).draw,
  },
  {
    name: "threshold",
    title: "Quorums",
    about: "Why it takes 3f + 1 replicas to bear f liars: the argument, a picture, and a table that is tried out.",
    returnTo: "the table of quorums",
    open: async () => (await import("./threshold/threshold.js")).draw,
  },
  {
    name: "course",
    title: "Course",
    about: "Twenty tasks answered by the real cores, goals to reach, and lessons beside the runs that show them.",
    returnTo: "the lesson",
    open: async () => (await import("./course/room.js")).draw,
  },
  {
    name: "guide",
    title: "Guide",
    about: "How everything is used and how it is built: scenarios, the command line, links, embedding, the code.",
    returnTo: "the guide",
    open: async () => (await import("./guide/guide.js")).draw,
  },
];

/** The room that an address leads to, and the way inside it; null for the playground. */
export function roomAt(hash: string): { room: Room; path: string } | null {
  const [name, ...path] = plainText(hash.replace(/^#/, "")).split("/");
  const room = ROOMS.find((each) => each.name === name);
  return room === undefined ? null : { room, path: path.join("/") };
}

/** What is said of an address that leads nowhere: what was asked for, and what there is. Null for one that leads. */
export function nowhere(hash: string): string | null {
  const asked = plainText(hash.replace(/^#/, ""));
  if (asked === "" || roomAt(hash) !== null) {
    return null;
  }
  const rooms = ROOMS.map(({ name, title }) => `${title} (#${name})`).join(", ");
  return `This page has nothing at “#${asked.slice(0, 40)}”. It has ${rooms}, and runs, as #run=stale-read.`;
}

/** Without the signs that stand for others; what has wrong ones is left as it is. */
function plainText(hash: string): string {
  try {
    return decodeURI(hash);
  } catch {
    return hash;
  }
}
