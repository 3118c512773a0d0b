// Words that several protocols use. Apart from protocol.ts, which asks the protocols.

import type { Tally } from "./protocol.js";

/** `1 of the 3 needed` */
export function tallyWords({ have, need }: Tally): string {
  return `${Math.min(have, need)} of the ${need} needed`;
}
