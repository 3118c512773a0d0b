// A figure of a run that is named by a link, an address or its name: made without a browser (www/still.mjs).

import { apostrophes } from "../design/words.js";
import { engineOf } from "../engine/engine.js";
import type { Engine, GalleryEntry, LinkContent } from "../engine/engine.js";
import { openContent, requestIn } from "../engine/link.js";
import type { RunRequest } from "../engine/link.js";
import type { Package } from "../engine/modules.js";
import { titleOf } from "../engine/origin.js";
import { TICKS_PER_SECOND } from "../engine/playhead.js";
import { Run } from "../engine/run.js";
import type { TimeSpan } from "../engine/view-state.js";
import type { Modules } from "../pictures/make.js";
import { aboutAsWide } from "../pictures/picture.js";
import { driveTo, spanToShow } from "../pictures/span.js";
import { PROTOCOLS, isKnown, looksOf } from "../protocols/protocol.js";
import { TrueSpacing } from "../views/diagram/spacing.js";
import type { FigureTheme } from "./colours.js";
import { layOut, svgOf } from "./figure.js";
import type { FigureSize } from "./figure.js";
import type { Measure } from "./ink.js";

/** What is asked for. Times are in seconds. */
export interface StillWanted {
  link: string;
  size: FigureSize;
  theme: FigureTheme;
  time?: "down" | "right";
  from?: number;
  to?: number;
  title?: string;
  caption?: string;
  /** Where the page is; empty where that is not known. */
  address: string;
}

/** What is shown of a link's run: as much around its playhead, in ticks, as a page has space for. */
const AROUND_PLAYHEAD = { before: 260_000, after: 60_000 };
/** Whoever looks at it may have other letters, and broader ones. */
const measure: Measure = (text, font) => 1.12 * aboutAsWide(text, font);

/** A figure shows no less. */
const SPAN_MIN = 1_000;
const NAME = /^[a-z][a-z0-9-]{1,60}$/;

/** The run, and which part of it tells what it is about. */
interface Shown {
  run: Run;
  span: () => TimeSpan;
}

/** What a text asks for: an address, what stands behind its #, or what stands behind `run=`. */
function requestOf(link: string): RunRequest {
  const part = /[#?].*$/s.exec(link)?.[0] ?? `#${link}`;
  return requestIn(part) ?? requestIn(`#run=${link}`) ?? { run: link, protocol: null, seed: null };
}

async function engineFor(start: Modules, protocol: string): Promise<Engine> {
  return engineOf((await start(looksOf(protocol).family)) as typeof Package);
}

async function ofLink(start: Modules, text: string): Promise<Shown> {
  const links = (await start("links")) as { read_link: (text: string) => LinkContent };
  const content = links.read_link(`#run=${text}`);
  const { protocol } = content.scenario;
  if (!isKnown(protocol)) {
    throw new Error(`there is no protocol ${protocol}`);
  }
  const engine = await engineFor(start, protocol);
  const run = new Run();
  run.engines.put(looksOf(protocol).family, engine);
  await openContent(run, engine, content, () => true);
  if (run.opened?.agrees !== true) {
    throw new Error(`this engine, ${engine.version()}, makes another run of the link, which was made by ${content.engine_version}`);
  }
  const { clock } = run.playhead;
  return { run, span: () => ({ start: Math.max(0, clock - AROUND_PLAYHEAD.before), end: clock + AROUND_PLAYHEAD.after }) };
}

async function prepared(start: Modules, { run: name, protocol, seed }: RunRequest): Promise<Shown> {
  if (protocol !== null && !isKnown(protocol)) {
    throw new Error(`there is no protocol ${protocol}`);
  }
  const protocols = protocol === null ? PROTOCOLS.map(([each]) => each) : [protocol];
  const course = (await start("course")) as { course_runs: () => GalleryEntry[] };
  const ofCourse = course.course_runs();
  for (const each of protocols) {
    // One after the other: most are found in the first.
    // eslint-disable-next-line no-await-in-loop
    const engine = await engineFor(start, each);
    const entries = [...engine.gallery(), ...ofCourse].filter(({ scenario }) => scenario.protocol === each);
    const entry = name === null ? entries[0] : entries.find((other) => other.name === name);
    if (entry !== undefined) {
      const run = new Run();
      run.engines.put(looksOf(each).family, engine);
      run.load(seed === null ? entry.scenario : { ...entry.scenario, seed: Number(seed) });
      return { run, span: () => spanToShow(run) };
    }
  }
  throw new Error(`there is no prepared run ${name ?? ""}`);
}

function pageOf({ link, address }: StillWanted): string {
  return address === "" ? (/^https?:[^#?]*/.exec(link)?.[0] ?? "") : address;
}

/** The SVG. Throws what is to be said. */
export async function still(start: Modules, wanted: StillWanted): Promise<string> {
  const request = requestOf(wanted.link);
  const isName = request.run === null || NAME.test(request.run);
  const { run, span } = await (isName ? prepared(start, request) : ofLink(start, request.run ?? ""));
  const found = wanted.from === undefined || wanted.to === undefined ? span() : { start: 0, end: 0 };
  const from = Math.round(wanted.from === undefined ? found.start : wanted.from * TICKS_PER_SECOND);
  const to = Math.round(wanted.to === undefined ? Math.max(found.end, from + SPAN_MIN) : wanted.to * TICKS_PER_SECOND);
  if (to - from < SPAN_MIN) {
    throw new Error("--to: it is to be at least a millisecond after --from");
  }
  if (isName) {
    // A prepared run goes on without end: it is shown as it was at the end of the picture.
    driveTo(run, to);
    run.playhead.seekTime(to);
  }
  const spacing = new TrueSpacing(run.records);
  const figure = layOut(
    run,
    {
      size: wanted.size,
      theme: wanted.theme,
      down: (wanted.time ?? run.view.looks.direction) === "down",
      span: { start: from, end: to },
      spacing,
      whole: isName,
      title: wanted.title ?? apostrophes(titleOf(run)),
      caption: wanted.caption ?? "",
      address: `${pageOf(wanted)}#${parametersOf(request)}`,
    },
    measure,
  );
  return svgOf(figure, measure, false);
}

function parametersOf({ run, protocol, seed }: RunRequest): string {
  const all = Object.entries({ run, protocol, seed }).flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]));
  return all.join("&");
}
