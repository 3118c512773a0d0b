// What a failing seed is called: not each of them breaks a promise.

/** Kinds of failure by which nothing is broken that the protocol promises. */
const UNBROKEN: Readonly<Record<string, string>> = {
  limit: "A run without end",
  undecided: "A history too hard to judge",
  judges: "Two judges of one history disagree",
};

/** What a failure of a kind is called that breaks no promise; null of one that does. */
export function unbroken(kind: string): string | null {
  return UNBROKEN[kind] ?? null;
}
