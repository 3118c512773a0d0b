// What the address of an embedded playground asks for:
// `embed.html#run=...&panels=diagram,transport&captions=shown&theme=dark&start=play`. It may stand after the # or after the ?; after
// the # no server sees it.

import type { Theme } from "../design/palette.js";
import { requestIn } from "../engine/link.js";
import type { RunRequest } from "../engine/link.js";

/** In the order in which they stand, whatever the order in which they are asked for. */
export const PANELS = ["cluster", "diagram", "inspector", "board", "history", "transport"] as const;
export type PanelName = (typeof PANELS)[number];
const PANELS_DEFAULT: readonly PanelName[] = ["cluster", "diagram", "transport"];

export const THEMES: readonly Theme[] = ["system", "light", "dark"];
/** Whether the run's captions are told, if it has any. */
export const CAPTIONS = ["none", "shown"] as const;
export type Captions = (typeof CAPTIONS)[number];
const STARTS = ["still", "play"] as const;

export interface Wishes {
  request: RunRequest | null;
  panels: readonly PanelName[];
  captions: Captions;
  theme: Theme;
  /**
   * `still`: at the playhead, until somebody plays it. `play`: as soon as it is in sight, unless less motion is wanted.
   */
  start: (typeof STARTS)[number];
  /** Whether there is a whole playground beside the frame, to which it leads. */
  isLeading: boolean;
  /** What cannot be granted, in sentences. */
  troubles: readonly string[];
}

export function wishesIn(search: string, hash: string): Wishes {
  const asked = new URLSearchParams([...new URLSearchParams(hash.replace(/^#/, "")), ...new URLSearchParams(search)]);
  const troubles: string[] = [];
  const choice = <T extends string>(name: string, all: readonly T[], otherwise: T): T => {
    const wanted = asked.get(name);
    const found = all.find((each) => each === wanted);
    if (wanted !== null && found === undefined) {
      troubles.push(none(name, wanted, all));
    }
    return found ?? otherwise;
  };
  return {
    request: requestIn(asked.toString()),
    panels: panelsIn(asked.get("panels"), troubles),
    captions: choice("captions", CAPTIONS, "none"),
    theme: choice("theme", THEMES, "system"),
    start: choice("start", STARTS, "still"),
    isLeading: asked.get("open") !== "none",
    troubles: troubles.map((trouble) => `In the address, ${trouble}`),
  };
}

/** The panels of a list with commas; what is not known of is a trouble. */
export function panelsIn(text: string | null, troubles: string[]): readonly PanelName[] {
  const names = (text ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
  const wanted = PANELS.filter((panel) => names.includes(panel));
  const unknown = names.find((name) => !PANELS.some((panel) => panel === name));
  if (unknown !== undefined) {
    troubles.push(none("panels", unknown, PANELS));
  }
  return wanted.length === 0 ? PANELS_DEFAULT : wanted;
}

function none(name: string, wanted: string, all: readonly string[]): string {
  return `${name} has “${wanted.slice(0, 40)}”; there are: ${all.join(", ")}.`;
}
