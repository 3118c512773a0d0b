// Where the processes stand in the picture of the cluster, whatever its size: replicas on a ring, clients around it. As
// long as nothing is cut, clients stand in a row at the foot. Once the network is cut in sides, each stands beside
// replicas of its own side, so that one line can part them.

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Places {
  centre: Point;
  /** Of the ring on which the replicas stand. */
  ring: number;
  /** Of a replica. */
  radius: number;
  /** Half the width and height of a client. */
  client: Point;
  /** By process. */
  points: readonly Point[];
}

/** With more replicas than this, names stand outside the ring, and links are taken for granted. */
export const CROWD = 15;
const RADIUS_MAX = 34;
/** What a replica takes of its share of the ring. */
const SHARE = 0.62;
/** Directions that are tried for a client. */
const DIRECTIONS = 72;

/** `sides`: the ordinal of each process’ side; null where the network is not cut in sides. */
export function placesIn({ width, height }: Size, replicas: number, processes: number, sides: readonly number[] | null): Places {
  const clients = processes - replicas;
  const scale = Math.min(width, height) / 160;
  // A row of many becomes narrow.
  const share = (width - 2) / (2 * Math.max(1, clients)) - 1;
  const client = { x: Math.min(26, share, Math.max(11, 11 * scale)), y: Math.min(15, Math.max(8, 8 * scale)) };
  // Beside the ring there is space for clients, and for crowns and names above and outside.
  const margin = clients === 0 ? 0 : 2 * client.y + 6;
  const most = Math.max(24, Math.min(width, height - margin) / 2);
  const radius = Math.min(RADIUS_MAX, 0.14 * most + 4, (Math.PI * 0.72 * most * SHARE) / Math.max(1, replicas));
  const crowded = replicas > CROWD ? 14 : 0;
  const ring = replicas === 1 ? 0 : most - radius - Math.max(12, radius * 0.75) - crowded;
  const centre = { x: width / 2, y: radius + Math.max(12, radius * 0.75) + crowded + ring };
  const points = Array.from({ length: replicas }, (_, replica) => onCircle(centre, ring, -Math.PI / 2 + (replica * 2 * Math.PI) / replicas));
  const foot = Math.min(height - client.y - 1, centre.y + ring + radius + margin + client.y);
  const row = Array.from({ length: clients }, (_, ordinal) => inRow(ordinal, clients, { centre, foot, width, client }));
  const places: Places = { centre, ring, radius, client, points: [...points, ...row] };
  return sides === null ? places : { ...places, points: besideTheirOwn(places, replicas, sides, { width, height }) };
}

function onCircle(centre: Point, radius: number, angle: number): Point {
  return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
}

function inRow(ordinal: number, clients: number, { centre, foot, width, client }: { centre: Point; foot: number; width: number; client: Point }): Point {
  const step = Math.min(client.x * 3.4, (width - 2 * client.x - 2) / Math.max(1, clients - 1));
  return { x: centre.x + (ordinal - (clients - 1) / 2) * step, y: foot };
}

/** Clients one after the other, each where it is near to its own side, far from the others’, and in nobody’s way. */
function besideTheirOwn({ centre, radius, client, points }: Places, replicas: number, sides: readonly number[], { width, height }: Size): Point[] {
  const placed = points.slice(0, replicas);
  const taken: { point: Point; clearance: number }[] = placed.map((point) => ({ point, clearance: radius + client.x + 9 }));
  for (let process = replicas; process < points.length; process += 1) {
    const to = (own: boolean, from: Point): number =>
      Math.min(Infinity, ...placed.slice(0, replicas).flatMap((point, other) => ((sides[other] === sides[process]) === own ? [distance(point, from)] : [])));
    const worth = (from: Point): number => {
      const collides = taken.reduce((sum, { point, clearance }) => sum + Math.max(0, clearance - distance(point, from)), 0);
      return Math.min(to(false, from), 4 * radius + 40) - to(true, from) - 20 * collides;
    };
    const best = candidates(centre, client, { width, height }).reduce((one, other) => (worth(other) > worth(one) + 1e-6 ? other : one));
    const hasOwn = sides.slice(0, replicas).includes(sides[process] ?? -1);
    const point = hasOwn ? best : (points[process] ?? best);
    placed.push(point);
    taken.push({ point, clearance: 2 * client.x + 3 });
  }
  return placed;
}

/** Points around the ring, at the edge of the picture. */
function candidates(centre: Point, client: Point, { width, height }: Size): Point[] {
  const across = width / 2 - client.x - 1;
  return Array.from({ length: DIRECTIONS }, (_, ordinal) => {
    const angle = Math.PI / 2 + (ordinal * 2 * Math.PI) / DIRECTIONS;
    const down = Math.sin(angle) > 0 ? height - centre.y - client.y - 1 : centre.y - client.y - 1;
    return { x: centre.x + across * Math.cos(angle), y: centre.y + down * Math.sin(angle) };
  });
}

export function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
