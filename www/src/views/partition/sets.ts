// Sets of links.

export function without(one: ReadonlySet<number>, other: ReadonlySet<number>): number[] {
  return [...one].filter((key) => !other.has(key));
}

export function sameSet(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return one.size === other.size && [...one].every((key) => other.has(key));
}
