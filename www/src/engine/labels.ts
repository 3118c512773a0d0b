// Short texts for messages, asked for in bulk and kept.

export class LabelCache {
  private readonly texts = new Map<number, string>();

  constructor(private readonly ask: (messages: Uint32Array) => string[]) {}

  clear(): void {
    this.texts.clear();
  }

  /** Makes sure that these messages' texts are known. */
  want(messages: Iterable<number>): void {
    const missing = Uint32Array.from([...messages].filter((message) => !this.texts.has(message)));
    if (missing.length === 0) {
      return;
    }
    this.ask(missing).forEach((text, ordinal) => this.texts.set(missing[ordinal] ?? 0, text));
  }

  of(message: number): string {
    const known = this.texts.get(message);
    if (known === undefined) {
      this.want([message]);
    }
    return this.texts.get(message) ?? "";
  }
}
