// The arithmetic of quorums: n replicas, f of them liars, q to a quorum.

export interface Sizes {
  n: number;
  f: number;
  q: number;
}

/** The largest quorum that honest replicas can form alone: n - f. */
export const honestQuorum = (n: number, f: number): number => n - f;

/** The smallest quorum of which any two share an honest replica: 2q - n >= f + 1. */
export const sharingQuorum = (n: number, f: number): number => Math.ceil((n + f + 1) / 2);

/** How many replicas two quorums share at least. */
export const shared = ({ n, q }: Sizes): number => Math.max(0, 2 * q - n);

export const keepsAgreement = (sizes: Sizes): boolean => shared(sizes) >= sizes.f + 1;

export const keepsProgress = ({ n, f, q }: Sizes): boolean => q <= honestQuorum(n, f);

/** The questions of the table: around 3f + 1 replicas, with the two quorums that the arithmetic names. */
export function questions(f: number): Sizes[] {
  const least = Math.max(f + 1, 3 * f - 1);
  return Array.from({ length: 3 * f + 3 - least }, (_, ordinal) => least + ordinal).flatMap((n) => {
    const quorums = new Set([honestQuorum(n, f), Math.min(n, sharingQuorum(n, f))]);
    return [...quorums].toSorted((one, other) => one - other).map((q) => ({ n, f, q }));
  });
}
