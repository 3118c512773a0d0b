// The line that parts the sides of a cut network: where the Voronoi cells of points of two sides meet. By d3-delaunay,
// which is made for that. Points are the processes, and, where no link of one side crosses one of another, points along
// the links: so the line runs through no link that is whole.

import { Delaunay } from "d3-delaunay";

import { distance } from "./geometry.js";
import type { Point, Size } from "./geometry.js";

/** How far apart points along a link stand. */
const STEP_PX = 9;

/**
 * The pieces of the line, as the `d` of a path. `sides`: the ordinal of each process’ side. Replicas come first, in the
 * order of their ring.
 */
export function cutLine(processes: readonly Point[], replicas: number, sides: readonly number[], size: Size): string {
  const along = isInArcs(sides.slice(0, replicas)) ? pointsAlongLinks(processes.slice(0, replicas), sides) : [];
  const points = [...processes.map((point, process) => ({ ...point, side: sides[process] ?? 0 })), ...along];
  return linesBetween(points, size);
}

/** Whether the replicas of each side stand side by side on the ring. */
function isInArcs(ring: readonly number[]): boolean {
  const changes = ring.filter((side, replica) => side !== ring[(replica + 1) % ring.length]).length;
  return changes <= Math.max(2, new Set(ring).size);
}

function pointsAlongLinks(replicas: readonly Point[], sides: readonly number[]): Sided[] {
  return replicas.flatMap((one, from) =>
    replicas.slice(from + 1).flatMap((other, ordinal) => {
      const side = sides[from] ?? 0;
      if (sides[from + 1 + ordinal] !== side) {
        return [];
      }
      const steps = Math.floor(distance(one, other) / STEP_PX);
      return Array.from({ length: Math.max(0, steps - 1) }, (_, step) => {
        const part = (step + 1) / steps;
        return { x: one.x + (other.x - one.x) * part, y: one.y + (other.y - one.y) * part, side };
      });
    }),
  );
}

interface Sided extends Point {
  side: number;
}

function linesBetween(points: readonly Sided[], { width, height }: Size): string {
  const voronoi = Delaunay.from(points, ({ x }) => x, ({ y }) => y).voronoi([0, 0, width, height]);
  const pieces: string[] = [];
  points.forEach((point, ordinal) => {
    const cell = voronoi.cellPolygon(ordinal);
    for (const other of voronoi.neighbors(ordinal)) {
      const neighbour = points[other];
      if (other > ordinal && neighbour !== undefined && neighbour.side !== point.side) {
        pieces.push(...border(cell, point, neighbour));
      }
    }
  });
  return pieces.join("");
}

/** The edges of a cell that are as far from one point as from the other. */
function border(cell: readonly (readonly [number, number])[], one: Point, other: Point): string[] {
  const ends = cell.map(([x, y]) => ({ x, y }));
  return ends.slice(1).flatMap((end, ordinal) => {
    const start = ends[ordinal] ?? end;
    const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
    const isBorder = [start, middle, end].every((at) => Math.abs(distance(at, one) - distance(at, other)) < 0.01);
    return isBorder ? [`M${round(start)}L${round(end)}`] : [];
  });
}

function round({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
