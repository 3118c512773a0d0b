// Where things stand on the canvas: time runs along one axis, processes stand across the other.

export interface Point {
  x: number;
  y: number;
}

export interface Frame {
  down: boolean;
  width: number;
  height: number;
  /** Room along the time axis for the processes' names. */
  head: number;
  /** Room across for the times. */
  gutter: number;
  /** Position at the edge of the heading, in the spacing's unit, and pixels a unit. */
  start: number;
  scale: number;
  /** Where each process's lane stands, by place; and the places in the order of their lanes. */
  lanes: readonly number[];
  order: readonly number[];
}

/** Clients stand at the edges, so that a side of a partition can be a side of the picture. Lanes keep this order. */
export function laneOrder(replicas: number, processes: number): number[] {
  const all = Array.from({ length: processes }, (_, place) => place);
  const clients = all.slice(replicas);
  const before = Math.floor(clients.length / 2);
  return [...clients.slice(0, before), ...all.slice(0, replicas), ...clients.slice(before)];
}

export function makeFrame(width: number, height: number, down: boolean, replicas: number, processes: number, start: number, scale: number, headed = false): Frame {
  const order = laneOrder(replicas, processes);
  const narrow = width < 480;
  const head = down ? 30 : 44;
  const gutter = down ? (narrow ? 36 : 54) : headed ? 52 : 24;
  const room = (down ? width : height) - gutter - 8;
  const gap = room / order.length;
  const lanes: number[] = [];
  order.forEach((place, position) => {
    lanes[place] = gutter + gap * (position + 0.5);
  });
  return { down, width, height, head, gutter, start, scale, lanes, order };
}

/** Pixels along the time axis. */
export const along = (frame: Frame, position: number): number => frame.head + (position - frame.start) * frame.scale;

/** The position at a pixel along the time axis. */
export const positionAt = (frame: Frame, pixel: number): number => frame.start + (pixel - frame.head) / frame.scale;

export const lane = (frame: Frame, place: number): number => frame.lanes[place] ?? 0;

/** Pixels of the time axis. */
export const length = (frame: Frame): number => (frame.down ? frame.height : frame.width);

export const breadth = (frame: Frame): number => (frame.down ? frame.width : frame.height);

export const visibleEnd = (frame: Frame): number => positionAt(frame, length(frame));

export const laneGap = (frame: Frame): number => (breadth(frame) - frame.gutter - 8) / frame.order.length;

export function point(frame: Frame, alongPixel: number, across: number): Point {
  return frame.down ? { x: across, y: alongPixel } : { x: alongPixel, y: across };
}

/** A rectangle given along and across. */
export function fillBox(context: CanvasRenderingContext2D, frame: Frame, from: number, to: number, near: number, far: number): void {
  if (frame.down) {
    context.fillRect(near, from, far - near, to - from);
  } else {
    context.fillRect(from, near, to - from, far - near);
  }
}
