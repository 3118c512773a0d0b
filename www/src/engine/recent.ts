// An answer that may be a little old while a run plays, because asking for it costs.

export class Recent<T> {
  private answer: { value: T; at: number } | undefined;

  constructor(private readonly everyMs: number) {}

  get(mayBeOld: boolean, ask: () => T): T {
    const now = performance.now();
    if (this.answer === undefined || !mayBeOld || now - this.answer.at > this.everyMs) {
      this.answer = { value: ask(), at: now };
    }
    return this.answer.value;
  }

  clear(): void {
    this.answer = undefined;
  }
}
