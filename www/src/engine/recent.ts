// An answer that may be a little old while a run plays, because asking for it costs.

/** While a run plays, a costly answer may take this part of the time at most. */
const SHARE = 1 / 20;

export class Recent<T> {
  private answer: { value: T; at: number; cost: number } | undefined;

  constructor(private readonly everyMs: number) {}

  /** Where it may be old, an answer is kept for a while: the longer, the more it cost. */
  get(mayBeOld: boolean, ask: () => T): T {
    const now = performance.now();
    const { answer } = this;
    if (answer !== undefined && mayBeOld && now - answer.at < Math.max(this.everyMs, answer.cost / SHARE)) {
      return answer.value;
    }
    const value = ask();
    this.answer = { value, at: now, cost: performance.now() - now };
    return value;
  }

  /** The answer that was given last; null if there was none. */
  get last(): T | null {
    return this.answer?.value ?? null;
  }

  clear(): void {
    this.answer = undefined;
  }
}
