// Links: a run in the part of the page's address after the #, which no browser sends to any server. The engine packs
// and reads them (`src/scenario/link` has the format). Here a run is opened from one and compared with what the link
// says of it, or a link to a run is made.

import { count } from "../design/words.js";
import { PROTOCOL_FIRST, PROTOCOLS, isKnown, looksOf } from "../protocols/protocol.js";
import { describeError, isDeath } from "./engine.js";
import type { Engine, LinkContent, Simulation } from "./engine.js";
import { linkText, loadLinkText } from "./link-text.js";
import { isMissing } from "./missing.js";
import { courseRun, loadEntry, protocolOf } from "./prepared.js";
import { replayInTurns } from "./revival.js";
import { Run } from "./run.js";

/** What an address asks for: a link, the name of a prepared run, or just a protocol. */
export interface RunRequest {
  /** What follows `run=`: the text of a link, or a name. */
  run: string | null;
  /** Whose run it is. For a link it only tells which module to fetch first. */
  protocol: string | null;
  /** Another seed for a prepared run. */
  seed: string | null;
}

/** The link that a run was opened from, and what came of it. */
export interface Opened {
  content: LinkContent;
  /** How many events the run had here. */
  events: number;
  /** Whether it had as many events as the link says, and the same trace hash after them. */
  agrees: boolean;
}

/** A replay of more events than this is announced. */
const LONG = 100_000;
/** What a prepared run is called. What looks otherwise is meant as a link. */
const NAME = /^[a-z][a-z0-9-]{1,60}$/;
/** The prepared run that is the first visit's story, and when it opens: before the first election. */
export const FIRST_VISIT = "first-visit";
const FIRST_VISIT_TICKS = 150_000;
export const FIRST_VISIT_REQUEST: RunRequest = { run: FIRST_VISIT, protocol: PROTOCOL_FIRST, seed: null };
/** Seeds are whole numbers that JavaScript can hold. */
const SEED = /^\d{1,15}$/;

/**
 * What the part of an address after its # (or ?) asks for; null if for no run. Programs that pass addresses on have been
 * seen to write its signs as others: `#run%3Dduel`.
 */
export function requestIn(part: string): RunRequest | null {
  const text = part.replace(/^[#?]/, "");
  const parameters = new URLSearchParams(/^(run|protocol)%3D/i.test(text) ? decoded(text) : text);
  const request = { run: parameters.get("run"), protocol: parameters.get("protocol"), seed: parameters.get("seed") };
  return request.run === null && request.protocol === null ? null : request;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A link to the run as it is recorded, with its playhead: `#run=1.` and so on. `loadLinkText` comes first. Throws what
 * is to be said if the run does not fit into one.
 */
export function linkOf(run: Run): string {
  return linkText(run.linkContent());
}

/** The address of a prepared run that is as it was prepared: `#run=duel&protocol=paxos`. Null for any other. */
export function nameOf({ named, scenario }: Run): string | null {
  const words = JSON.stringify(scenario);
  const entry = named.find((each) => JSON.stringify(each.scenario) === words);
  if (entry === undefined) {
    return null;
  }
  const { protocol } = scenario;
  const isTold = protocol === PROTOCOL_FIRST || entry.name.startsWith(`${protocol}-`);
  return `#run=${entry.name}${isTold ? "" : `&protocol=${protocol}`}`;
}

/** The address of the page with a link to the run. */
export function addressOf(run: Run, page = "./"): string {
  const address = new URL(page, document.baseURI);
  address.search = "";
  address.hash = linkOf(run);
  return address.href;
}

/**
 * A run as an address asks for it; where it asks for none, another, if there is one to begin with. What cannot be opened
 * is told, and the page begins with the first prepared run.
 */
export async function firstRun(wanted: RunRequest | null, otherwise: RunRequest | null = null): Promise<Run> {
  const run = new Run();
  const request = wanted ?? otherwise;
  let problem: unknown;
  if (request !== null) {
    try {
      await open(run, request);
      return run;
    } catch (error) {
      problem = error;
    }
  }
  await run.choose(PROTOCOL_FIRST);
  if (wanted !== null) {
    refuse(run, wanted, problem);
  }
  return run;
}

/** Opens the story of the first visit, whichever protocol is shown. */
export async function openFirstVisit(run: Run): Promise<void> {
  await open(run, FIRST_VISIT_REQUEST);
}

/** Opens what is asked for in a living page. What cannot be opened is told, and the run before stays. */
export async function openIn(run: Run, request: RunRequest): Promise<void> {
  const before = run.hasMoreThanItBeganWith ? run.mark() : null;
  try {
    await open(run, request);
  } catch (error) {
    refuse(run, request, error);
    return;
  }
  run.deeds.offerBack(before, "Another run was opened.");
}

function refuse(run: Run, request: RunRequest, error: unknown): void {
  if (isMissing(error)) {
    run.notices.report(error);
  } else {
    run.notices.tell({ tone: "bad", text: refusal(request, error) });
  }
}

/** Why what was asked for could not be opened, in a sentence. */
export function refusal({ run }: RunRequest, error: unknown): string {
  const why = describeError(error).replace(/\.$/, "");
  return isLink(run) ? `The link could not be opened: ${why}.` : `${why}.`;
}

/** What version and hash of a link say of the run that was opened from it. */
export function comparison({ content, events, agrees }: Opened, engineVersion: string): string {
  const made = content.is_of_this_engine ? `The link was made by this engine, ${engineVersion}` : `The link was made by engine ${content.engine_version}, and this is ${engineVersion}`;
  if (agrees) {
    return content.is_of_this_engine ? `${made}. It is the same run: the trace hash agrees.` : `${made}. It is the same run all the same: the trace hash agrees.`;
  }
  const difference = events < content.events ? `the link’s run has ${count(content.events, "event")}, and here it ends after ${events.toLocaleString("en")}` : "the trace hash does not agree";
  return `${made}. This is not the run that was shared: ${difference}. What is shown is what this engine makes of the same set-up, seed and actions.`;
}

function isLink(text: string | null): text is string {
  return text !== null && !NAME.test(text);
}

/** Opens what is asked for, or throws what is to be said of it. */
export async function open(run: Run, request: RunRequest): Promise<void> {
  const { protocol } = request;
  if (protocol !== null && !isKnown(protocol)) {
    throw new Error(unknownProtocol(protocol));
  }
  await (isLink(request.run) ? openLink(run, request.run, protocol) : openPrepared(run, request));
}

function unknownProtocol(protocol: string): string {
  return `There is no protocol “${protocol.slice(0, 40)}” on this page. There are: ${PROTOCOLS.map(([name]) => name).join(", ")}.`;
}

/** A prepared run, by its name; without one, the protocol's first. */
async function openPrepared(run: Run, { run: name, protocol, seed }: RunRequest): Promise<void> {
  if (seed !== null && !SEED.test(seed)) {
    throw new Error(`A seed is a whole number of at most 15 digits, not “${seed.slice(0, 40)}”.`);
  }
  const isWanted = run.engines.request();
  const whose = protocol ?? (name === null ? undefined : await protocolOf(name)) ?? PROTOCOL_FIRST;
  const engine = await run.engines.of(whose);
  if (!isWanted()) {
    return;
  }
  const entries = engine.gallery().filter(({ scenario }) => scenario.protocol === whose);
  const entry = name === null ? entries[0] : entries.find((each) => each.name === name);
  if (name !== null && entry === undefined) {
    const ofCourse = await courseRun(name, whose);
    if (ofCourse !== undefined) {
      if (isWanted()) {
        loadEntry(run, ofCourse, seed === null ? undefined : Number(seed));
      }
      return;
    }
    throw new Error(`${looksOf(whose).title} has no prepared run “${name}”. It has: ${entries.map((each) => each.name).join(", ")}.`);
  }
  const scenario = entry?.scenario ?? { protocol: whose };
  run.load(seed === null ? scenario : { ...scenario, seed: Number(seed) }, name === FIRST_VISIT ? FIRST_VISIT_TICKS : undefined);
}

/**
 * The run of a link: replayed for as many events as it has, compared by its trace hash, and the playhead put where it
 * stood.
 */
async function openLink(run: Run, text: string, protocolFirst: string | null): Promise<void> {
  const isWanted = run.engines.request();
  // The module that the address names is fetched beside the one that reads links.
  const [links] = await Promise.all([loadLinkText(), protocolFirst === null ? null : run.engines.of(protocolFirst)]);
  const content = links.read(`#run=${text}`);
  // What was read is not yet known to be a scenario.
  const protocol: unknown = content.scenario.protocol;
  if (typeof protocol !== "string" || !isKnown(protocol)) {
    throw new Error(unknownProtocol(String(protocol)));
  }
  await openContent(run, await run.engines.of(protocol), content, isWanted);
  const { opened } = run;
  if (opened?.content === content && !(opened.agrees && content.is_of_this_engine)) {
    run.notices.tell({ tone: opened.agrees ? "plain" : "bad", text: comparison(opened, run.engineVersion) });
  }
}

/** Replays the run of a link, and shows it if it is still wanted then. */
export async function openContent(run: Run, engine: Engine, content: LinkContent, isWanted: () => boolean): Promise<void> {
  const simulation = simulate(engine, content);
  try {
    if (content.events > LONG) {
      run.notices.tell({ tone: "plain", text: `The run of the link is being replayed: ${count(content.events, "event")}.` });
    }
    const events = await replayInTurns(simulation, content.events, isWanted);
    if (!isWanted()) {
      simulation.free();
      return;
    }
    const agrees = events === content.events && simulation.hash_after(events) === content.trace_hash;
    simulation.seek(Math.min(content.playhead, events));
    run.story.beginAnew();
    run.adopt(engine, simulation, { content, events, agrees });
  } catch (error) {
    if (isDeath(error)) {
      run.engineDied(engine, error);
      throw new Error(`the engine failed while the run was replayed: ${describeError(error)}`, { cause: error });
    }
    simulation.free();
    throw error;
  }
}

/** What the scenario of another engine's link names may be nothing that this one knows. */
function simulate(engine: Engine, { scenario, is_of_this_engine: isOurs, engine_version: version }: LinkContent): Simulation {
  try {
    return engine.simulate(scenario);
  } catch (error) {
    throw isOurs || isDeath(error) ? error : new Error(`${describeError(error)} (the link was made by engine ${version}, and this is ${engine.version()})`, { cause: error });
  }
}
