// The line that parts the sides of a cut network: where the Voronoi cells of processes of two sides meet. By d3-delaunay,
// which is made for that.

import { Delaunay } from "d3-delaunay";

import { distance } from "./geometry.js";
import type { Point, Size } from "./geometry.js";

/** The pieces of the line, as the `d` of a path. `sides`: the ordinal of each point’s side. */
export function cutLine(points: readonly Point[], sides: readonly number[], { width, height }: Size): string {
  const voronoi = Delaunay.from(points, ({ x }) => x, ({ y }) => y).voronoi([0, 0, width, height]);
  const pieces: string[] = [];
  points.forEach((point, ordinal) => {
    const cell = voronoi.cellPolygon(ordinal);
    for (const other of voronoi.neighbors(ordinal)) {
      const neighbour = points[other];
      if (other > ordinal && neighbour !== undefined && sides[other] !== sides[ordinal]) {
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
