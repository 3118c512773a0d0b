// Files that a person opens: what they are is told by their name and their first words. Nothing of them leaves the browser.

import { roomAt } from "../../rooms/rooms.js";
import type { Scenario } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { isKnown } from "../../protocols/protocol.js";
import type { Clerk } from "../../search/clerk.js";

const MB = 1 << 20;
/** The file, its text and its operations must fit into the memory of a page beside each other. */
const HISTORY_MAX = 64 * MB;
/** The engine takes no longer scenario. */
const SCENARIO_MAX = MB;
/** By so many of its first bytes a file is told. */
const HEAD = 4_096;

export interface HistoryText {
  name: string;
  bytes: Uint8Array;
}

/** A history that was opened, or nothing: a scenario is loaded. Throws what is wrong with the file. */
export async function openFile(run: Run, clerk: Clerk, file: File): Promise<HistoryText | null> {
  if (file.size === 0) {
    throw new Error(`${file.name} is empty.`);
  }
  const head = await file.slice(0, HEAD).text();
  if (isScenario(file.name, head)) {
    await openScenario(run, clerk, file);
    return null;
  }
  if (file.size > HISTORY_MAX) {
    throw new Error(`${file.name} has ${Math.ceil(file.size / MB)} MB. The page judges histories of at most ${HISTORY_MAX / MB} MB; the command line’s check judges larger ones.`);
  }
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** A line of a history is an object of JSON, too: but it has no protocol, and another line comes after it. */
function isScenario(name: string, head: string): boolean {
  const isOfLines = /^\s*\{.*\}\s*\n\s*\{/.test(head);
  return /^\s*\{/.test(head) && (/"protocol"\s*:/.test(head) || (/\.json$/i.test(name) && !isOfLines));
}

async function openScenario(run: Run, clerk: Clerk, file: File): Promise<void> {
  if (file.size > SCENARIO_MAX) {
    throw new Error(`${file.name} has ${Math.ceil(file.size / MB)} MB: a scenario has at most ${SCENARIO_MAX / MB}.`);
  }
  const text = await file.text();
  try {
    await clerk.ask({ kind: "scenario", text });
  } catch (error) {
    throw new Error(`${file.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const scenario = JSON.parse(text) as Scenario;
  if (!isKnown(scenario.protocol)) {
    throw new Error(`${file.name}: the page has no protocol ${scenario.protocol}.`);
  }
  const isWanted = run.engines.request();
  await run.engines.of(scenario.protocol);
  if (isWanted()) {
    run.restart(scenario, undefined, true);
    run.notices.tell({ tone: "plain", text: `${file.name} was opened.` });
    // The run is the playground's.
    if (roomAt(window.location.hash) !== null) {
      window.location.hash = "";
    }
  }
}

/** A line of a file by its number, from 1; no more of it than so many letters. */
export function lineAt({ bytes }: HistoryText, line: number, most = 300): string {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    start = bytes.indexOf(10, start) + 1;
    if (start === 0) {
      return "";
    }
  }
  const end = bytes.indexOf(10, start);
  const text = new TextDecoder().decode(bytes.subarray(start, Math.min(end === -1 ? bytes.length : end, start + 4 * most)));
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
