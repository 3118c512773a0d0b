// How the levels went. Nothing is kept beyond the page: it forgets when it is closed.

export interface Score {
  right: number;
  of: number;
  passed: boolean;
}

const scores = new Map<string, Score>();

export function scoreOf(name: string): Score | undefined {
  return scores.get(name);
}

/** The best counts. */
export function note(name: string, score: Score): void {
  const before = scores.get(name);
  if (before === undefined || (score.passed && !before.passed) || (score.passed === before.passed && score.right > before.right)) {
    scores.set(name, score);
  }
}
