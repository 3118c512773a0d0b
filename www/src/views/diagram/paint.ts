// What is drawn, in which order: what comes later lies above.

import type { Grid } from "./label-grid.js";
import { gridOf, isLabelled, paintLabels } from "./labels.js";
import { paintBandLabels, paintBands } from "./paint-bands.js";
import { paintNames, paintTimes } from "./paint-heads.js";
import { paintInterventions, paintLanes, paintPlayhead, paintVeil } from "./paint-lanes.js";
import type { Corners, Ground } from "./paint-lanes.js";
import { paintLiars } from "./paint-lies.js";
import { paintArrows, paintDensity, paintDots } from "./paint-messages.js";
import { paintOperations } from "./paint-operations.js";
import { paintHeadings, paintPhases, phasesInView } from "./paint-phases.js";
import { paintWhy } from "./paint-why.js";
import type { Scene } from "./scene.js";

/** Pixels by which signs on the first lane may reach into the gutter. */
const OVER_GUTTER = 6;
/** How much paper is laid over what has not happened yet: over the lanes, and once more with the messages over them. */
const VEILS = { lanes: 0.44, all: 0.5 };

const NOTHING_SAID: ReadonlySet<number> = new Set();

/** Tells which sentences of an explanation have found a spot. */
export function paintScene(ground: Ground, scene: Scene): ReadonlySet<number> {
  const { context, frame, run } = ground;
  context.clearRect(0, 0, frame.width, frame.height);
  const decisions = scene.dense ? [] : phasesInView(ground);
  if (ground.wordless !== true) {
    paintTimes(ground);
    paintHeadings(ground, decisions);
  }
  context.save();
  clipToLanes(ground);
  const bands = paintBands(ground);
  paintPhases(ground, decisions);
  paintLanes(ground, scene.dense);
  paintLiars(ground);
  paintVeil(ground, VEILS.lanes);
  if (scene.dense) {
    paintDensity(ground, scene);
  } else {
    paintArrows(ground, scene);
    paintDots(ground, scene);
  }
  const grid = paintWords(ground, scene, bands);
  paintVeil(ground, VEILS.all);
  paintPlayhead(ground);
  paintOperations(ground);
  const said = grid === null ? NOTHING_SAID : paintWhy(ground, grid);
  context.restore();
  paintNames(ground, run.view.selection?.kind === "node" ? run.view.selection.node : null);
  return said;
}

/** What stands beside lines and arrows. Gives what is written and drawn, so that more finds its spot. */
function paintWords(ground: Ground, scene: Scene, bands: readonly Corners[]): Grid | null {
  const { run } = ground;
  const written = paintInterventions(ground);
  const labelled = isLabelled(run, scene);
  if (ground.wordless === true || (scene.dense && run.view.explanation === null)) {
    return null;
  }
  if (!scene.dense) {
    written.push(...paintBandLabels(ground, scene.arrows.flatMap(({ state: fate, tip }) => (fate === "lost" ? [tip] : []))));
  }
  // What is drawn is gone through only where something is to find its spot.
  if (!labelled && run.view.explanation === null) {
    return null;
  }
  const grid = gridOf(scene, [...written, ...bands]);
  if (labelled) {
    paintLabels(ground.context, ground.colours, run, scene, grid);
  }
  return grid;
}

/** Times stay in the gutter. */
function clipToLanes({ context, frame }: Ground): void {
  context.beginPath();
  if (frame.down) {
    context.rect(frame.gutter - OVER_GUTTER, 0, frame.width, frame.height);
  } else {
    context.rect(0, frame.gutter - OVER_GUTTER, frame.width, frame.height);
  }
  context.clip();
}
