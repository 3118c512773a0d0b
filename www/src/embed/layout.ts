// Where the panels of an embedded playground stand, and how much space they take.

import type { PanelName } from "./wishes.js";

/** From this width on, panels stand side by side. */
export const WIDE = "(min-width: 720px)";

/** One strip across the frame. */
interface Strip {
  panels: readonly PanelName[];
  /** Its least height in pixels; null: as much as it takes. What space is left goes to those with a height. */
  height: number | null;
}

export interface Layout {
  /** As the style sheet has them. */
  rows: string;
  columns: string;
  areas: string;
  /** Least heights of the strips that have one, together. */
  height: number;
  /** The panels that have none. */
  measured: readonly PanelName[];
}

const STAGE: readonly PanelName[] = ["cluster", "diagram", "inspector"];
const STAGE_HEIGHT = 380;
const BELOW: readonly PanelName[] = ["board", "history"];
const BELOW_HEIGHT = 230;
/** Heights of panels that have a strip of their own. The cluster's ring and the transport take what they take. */
const ALONE: Readonly<Record<PanelName, number | null>> = { cluster: null, diagram: 380, inspector: 260, board: 240, history: 220, transport: null };

/** Arranges panels. The foot of the frame stands below them. */
export function layout(panels: readonly PanelName[], wide: boolean): Layout {
  const strips = wide ? besideEachOther(panels) : panels.map((panel): Strip => ({ panels: [panel], height: ALONE[panel] }));
  return {
    rows: [...strips.map(({ height }) => (height === null ? "max-content" : `minmax(0, ${height}fr)`)), "max-content"].join(" "),
    columns: wide ? columns(panels) : "minmax(0, 1fr)",
    areas: [...strips.map((strip) => (wide ? fourCells(strip.panels) : strip.panels[0])), wide ? "foot foot foot foot" : "foot"].map((row) => `"${row}"`).join(" "),
    height: strips.reduce((sum, { height }) => sum + (height ?? 0), 0),
    measured: strips.filter(({ height }) => height === null).flatMap((strip) => strip.panels),
  };
}

function besideEachOther(panels: readonly PanelName[]): Strip[] {
  const strip = (among: readonly PanelName[], height: number | null): Strip => ({ panels: panels.filter((panel) => among.includes(panel)), height });
  const onlyRing = !panels.includes("diagram") && !panels.includes("inspector");
  return [strip(STAGE, onlyRing ? null : STAGE_HEIGHT), strip(BELOW, BELOW_HEIGHT), strip(["transport"], null)].filter((each) => each.panels.length > 0);
}

/** Four columns: the ring's, two that share the space, and the inspector's. */
function columns(panels: readonly PanelName[]): string {
  const among = STAGE.filter((panel) => panels.includes(panel)).length > 1;
  const left = among && panels.includes("cluster") ? "minmax(190px, 252px)" : "0px";
  const right = among && panels.includes("inspector") ? "minmax(220px, 288px)" : "0px";
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
