// Where the panels of an embedded playground stand, and how much space they take.
//
// A wide frame has them side by side, a narrow one below each other. Whoever gives a frame a height of its own gives it
// one height for all widths: where a narrow frame is too low for its panels, they share the space, one at a time.

import type { PanelName } from "./wishes.js";

/** Up to 640 pixels panels do not stand side by side. */
export const WIDE = "(min-width: 641px)";

export type Mode = "wide" | "stacked" | "in-turn";

/** One strip across the frame. */
interface Strip {
  panels: readonly PanelName[];
  /** Its height in pixels; null: as much as it takes. What space is left goes to those with a height. */
  height: Heights | null;
}

interface Heights {
  /** What is asked for. */
  good: number;
  /** Below it something would be cut off. */
  least: number;
}

export interface Layout {
  /** As the style sheet has them. */
  rows: string;
  columns: string;
  areas: string;
  /** Of the strips that have heights, together. */
  height: Heights;
  /** The others, which take what they take. */
  measured: readonly string[];
}

const STAGE: readonly PanelName[] = ["cluster", "diagram", "inspector"];
const STAGE_HEIGHT: Heights = { good: 380, least: 240 };
const BELOW: readonly PanelName[] = ["board", "history"];
const BELOW_HEIGHT: Heights = { good: 230, least: 170 };
/** Of panels that have a strip of their own. */
const ALONE: Readonly<Record<Exclude<PanelName, "transport">, Heights>> = {
  cluster: { good: 320, least: 200 },
  diagram: { good: 380, least: 280 },
  inspector: { good: 260, least: 180 },
  board: { good: 240, least: 180 },
  history: { good: 220, least: 160 },
};
/** Of the one that is shown. */
const IN_TURN: Heights = { good: 380, least: 240 };

/** The panels of which a low, narrow frame shows one at a time. The transport is always there. */
export const inTurn = (panels: readonly PanelName[]): readonly Exclude<PanelName, "transport">[] => panels.filter((panel) => panel !== "transport");

/** Whether the cluster has a strip of its own, and takes what its ring and its words take. */
export const isRingNatural = (panels: readonly PanelName[], { mode, tight }: Pick<Manner, "mode" | "tight">): boolean =>
  !tight && (mode === "stacked" || (mode === "wide" && isOnlyRing(panels)));

const isOnlyRing = (panels: readonly PanelName[]): boolean => !panels.includes("diagram") && !panels.includes("inspector");

export interface Manner {
  mode: Mode;
  /** Whether the frame is lower than its panels would like. */
  tight: boolean;
  /** The panel that is shown where one is. */
  front: PanelName;
  /** Whether captions are told. */
  isTold: boolean;
}

/** Arranges panels. Below them: the captions, if they are told, the transport and the foot of the frame. */
export function layout(panels: readonly PanelName[], manner: Manner): Layout {
  const { mode, front, isTold } = manner;
  const among = inTurn(panels);
  const ofCluster = isRingNatural(panels, manner) ? null : ALONE.cluster;
  const strips = {
    wide: () => besideEachOther(among, ofCluster),
    stacked: () => among.map((panel): Strip => ({ panels: [panel], height: panel === "cluster" ? ofCluster : ALONE[panel] })),
    "in-turn": (): Strip[] => [{ panels: [front], height: IN_TURN }],
  }[mode]();
  const isWide = mode === "wide";
  const sum = (of: keyof Heights): number => strips.reduce((before, { height }) => before + (height?.[of] ?? 0), 0);
  const tabs = mode === "in-turn" ? ["tabs"] : [];
  const below = isTold ? ["story", "bottom"] : ["bottom"];
  const row = (area: string): string => (isWide ? `${area} ${area} ${area} ${area}` : area);
  return {
    rows: [
      ...tabs.map(() => "max-content"),
      ...strips.map(({ height }) => (height === null ? "max-content" : `minmax(0, ${height.good}fr)`)),
      ...below.map(() => "max-content"),
    ].join(" "),
    columns: isWide ? columns(among) : "minmax(0, 1fr)",
    areas: [
      ...tabs,
      ...strips.map((strip) => (isWide ? fourCells(strip.panels) : (strip.panels[0] ?? ""))),
      ...below.map(row),
    ].map((each) => `"${each}"`).join(" "),
    height: { good: sum("good"), least: sum("least") },
    measured: [...tabs, ...strips.filter(({ height }) => height === null).flatMap((strip) => strip.panels), ...below],
  };
}

function besideEachOther(panels: readonly PanelName[], ofCluster: Heights | null): Strip[] {
  const strip = (among: readonly PanelName[], height: Heights | null): Strip => ({ panels: panels.filter((panel) => among.includes(panel)), height });
  return [strip(STAGE, isOnlyRing(panels) ? ofCluster : STAGE_HEIGHT), strip(BELOW, BELOW_HEIGHT)].filter((each) => each.panels.length > 0);
}

/** Four columns: the ring's, two that share the space, and the inspector's. */
function columns(panels: readonly PanelName[]): string {
  const among = STAGE.filter((panel) => panels.includes(panel)).length > 1;
  const left = among && panels.includes("cluster") ? "clamp(150px, 23vw, 252px)" : "0px";
  const right = among && panels.includes("inspector") ? "clamp(180px, 27vw, 288px)" : "0px";
  return `${left} minmax(0, 1fr) minmax(0, 1fr) ${right}`;
}

/** Which panel has each of the four columns. */
function fourCells(panels: readonly PanelName[]): string {
  const [one, two, three] = panels;
  const cells =
    three !== undefined ? [one, two, two, three]
    : two === undefined ? [one, one, one, one]
    : one === "cluster" ? [one, two, two, two]
    : two === "inspector" ? [one, one, one, two]
    : [one, one, two, two];
  return cells.join(" ");
}
