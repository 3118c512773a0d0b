// What the palette offers: the table of commands, what can be done to the run and to its processes, the panels, the
// prepared runs, the rooms. Gathered anew each time that it is opened.

import { runs } from "virtual:runs";

import { namesOf, perform } from "../../commands/perform.js";
import { PAGE_COMMANDS, keyLabel, whyUnavailable } from "../../commands/table.js";
import type { PageCommandId } from "../../commands/table.js";
import { apostrophes } from "../../design/words.js";
import type { NodeView } from "../../engine/engine.js";
import { isChanged, preparedOf } from "../../engine/origin.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { addressOf } from "../../rooms/gallery/gallery.js";
import { ROOMS, roomAt } from "../../rooms/rooms.js";
import { killOffer, lieOffers, powerOffers, timerOffers } from "../actions/offers.js";
import type { Offer } from "../actions/offers.js";
import { cutNow } from "../partition/standing.js";
import { cutOff } from "../side/cut-off.js";

export interface Item {
  group: string;
  words: string;
  /** Its keys, or what else is said beside it. */
  hint: string;
  /** Why it can do nothing now. */
  why: string | null;
  act: () => void;
}

export function itemsOf(run: Run): Item[] {
  const isInRoom = roomAt(window.location.hash) !== null;
  return [...(isInRoom ? [] : ofPlayground(run)), ...ofRuns(run), ...ofRooms()];
}

function ofPlayground(run: Run): Item[] {
  const nodes = run.moment.nodes();
  return [...commands(run), ...ofRun(run), ...panels(run), ...nodes.flatMap((node) => ofProcess(run, node))];
}

function commands(run: Run): Item[] {
  const ids = (Object.keys(PAGE_COMMANDS) as PageCommandId[]).filter((id) => id !== "palette");
  return ids.map((id) => ({
    group: "Commands",
    words: PAGE_COMMANDS[id].words(namesOf(run)),
    hint: keyLabel(id),
    why: whyUnavailable(id, run),
    act: () => perform(id, run),
  }));
}

function ofRun(run: Run): Item[] {
  const { whom, groups, why } = cutOff(run);
  const prepared = preparedOf(run);
  return [
    deed(`Cut off the ${whom}`, () => run.act({ partition: { groups } }), why),
    deed("Heal the network", () => run.act("heal"), cutNow(run).size === 0 ? "Nothing is cut" : null),
    deed("Remove all faults", () => run.act("remove_faults")),
    deed("Start again as prepared", () => run.restart(prepared?.scenario ?? run.scenario), isChanged(run) ? null : "This run is as it was prepared", prepared?.title),
    deed("Run again with a fresh seed", () => run.restart({ ...run.scenario, seed: run.freshSeed() })),
    deed("Read the story", readStory, run.story.exists ? null : "This run has no story"),
    deed("Edit captions", () => window.dispatchEvent(new CustomEvent("playground-write"))),
  ];
}

function deed(words: string, act: () => void, why: string | null = null, hint = ""): Item {
  return { group: "This run", words, hint, why, act };
}

function readStory(): void {
  window.dispatchEvent(new CustomEvent("playground-read"));
}

function panels(run: Run): Item[] {
  const board = looksOf(run.catalogue.protocol).board.name;
  const all = [
    [".board", board],
    ["playground-history", "Clients"],
    ["playground-invariants", "Promises"],
    ["playground-event-list", "Events"],
  ] as const;
  return all.map(([tag, name]) => ({
    group: "Panels",
    words: `Show ${name}`,
    hint: "",
    why: null,
    act: () => window.dispatchEvent(new CustomEvent("playground-show", { detail: tag })),
  }));
}

function ofProcess(run: Run, node: NodeView): Item[] {
  const isReplica = run.isReplica(node.place);
  const lies = isReplica && looksOf(run.catalogue.protocol).liars !== undefined ? lieOffers(node) : [];
  const offers: Offer[] = [...powerOffers(run, node), ...(isReplica ? [killOffer(run, node), ...timerOffers(node)] : []), ...lies];
  const group = "Processes";
  const select: Item = { group, words: `Select ${node.name}`, hint: "", why: null, act: () => run.view.select({ kind: "node", node: node.place }) };
  return [select, ...offers.map(({ name, action, why }) => ({ group, words: name, hint: "", why, act: () => void run.act(action) }))];
}

function ofRuns(run: Run): Item[] {
  const isInRoom = roomAt(window.location.hash) !== null;
  return runs.map((each) => {
    const { title, protocol } = each;
    const isShown = !isInRoom && run.catalogue.protocol === protocol && run.scenario.title === title && !isChanged(run);
    return {
      group: "Prepared runs",
      words: apostrophes(title),
      hint: looksOf(protocol).title,
      why: isShown ? "It is shown" : null,
      act: () => (window.location.hash = addressOf(each)),
    };
  });
}

function ofRooms(): Item[] {
  const here = roomAt(window.location.hash)?.room.name ?? "";
  const all = [{ name: "", title: "Playground" }, ...ROOMS];
  return all.map(({ name, title }) => ({
    group: "Rooms",
    words: `Go to ${title}`,
    hint: "",
    why: name === here ? "You are there" : null,
    act: () => (window.location.hash = name),
  }));
}
