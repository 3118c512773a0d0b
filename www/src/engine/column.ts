// Columns that grow: typed arrays with space to spare, so that adding to 300,000 rows does not copy them each time.

/**
 * How many times larger a column becomes that is full: the larger, the fewer rows are copied at once while somebody
 * watches; but of a long one not much may lie unused.
 */
const GROWTH = { short: 5, long: 1.5 };
/** Rows of a long column. */
const LONG = 500_000;

type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

export class Column<A extends Numbers> {
  /** Longer than `length`: only the first `length` values count. */
  values: A;
  length = 0;
  private readonly make: (size: number) => A;

  constructor(make: (size: number) => A) {
    this.make = make;
    this.values = make(1024);
  }

  /** Space for `length` values, those beyond the former length filled with `filler`. */
  extend(length: number, filler: number): void {
    this.reserve(length);
    this.values.fill(filler, this.length, length);
    this.length = length;
  }

  append(more: ArrayLike<number>): void {
    this.reserve(this.length + more.length);
    this.values.set(more, this.length);
    this.length += more.length;
  }

  push(value: number): void {
    this.reserve(this.length + 1);
    this.values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }

  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  private reserve(length: number): void {
    if (length <= this.values.length) {
      return;
    }
    const growth = this.values.length < LONG ? GROWTH.short : GROWTH.long;
    const larger = this.make(Math.max(length, Math.ceil(this.values.length * growth)));
    larger.set(this.values.subarray(0, this.length));
    this.values = larger;
  }
}

export const floats = (): Column<Float64Array> => new Column((size) => new Float64Array(size));
export const words = (): Column<Uint32Array> => new Column((size) => new Uint32Array(size));
export const halves = (): Column<Uint16Array> => new Column((size) => new Uint16Array(size));
export const bytes = (): Column<Uint8Array> => new Column((size) => new Uint8Array(size));

/** The first index from which on a test holds, of so many for which it goes from false to true. */
export function firstIndexWhere(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** How many of the first `length` values, which are in order, are at most `limit`. */
export function countUpTo(values: ArrayLike<number>, length: number, limit: number): number {
  return firstIndexWhere(length, (index) => (values[index] ?? 0) > limit);
}
