// The keys' sheet: the table of commands, in rows that a person reads.

import { keyLabel } from "./table.js";
import type { CommandId, Names } from "./table.js";

/** A row of the keys' sheet: commands that belong together, and what is said of them. */
interface SheetRow {
  commands: readonly CommandId[];
  /** Those that Shift adds to it; the words tell of them. */
  shifted?: readonly CommandId[];
  words: (names: Names) => string;
}

const SHEET: readonly SheetRow[] = [
  { commands: ["play"], words: () => "play and pause" },
  {
    commands: ["step-back", "step-forward"],
    shifted: ["leap-back", "leap-forward"],
    words: () => "one event back or forward; with Shift, twenty-five",
  },
  { commands: ["slower", "faster"], words: () => "slower, faster" },
  {
    commands: ["next-epoch", "next-decision", "next-violation"],
    shifted: ["previous-epoch", "previous-decision", "previous-violation"],
    words: ({ epoch, decision }) => `to the next ${epoch}, ${decision}, violation; with Shift, to the one before`,
  },
  { commands: ["live-end"], words: () => "to the live end" },
  { commands: ["zoom-in", "zoom-out"], words: () => "zoom the diagram" },
  { commands: ["fit"], words: () => "fit the whole run into the diagram" },
  { commands: ["page-back", "page-forward"], words: () => "pan the diagram, while it has the focus" },
  { commands: ["pan-back", "pan-forward"], words: () => "pan it a little, while it has the focus" },
  { commands: ["follow"], words: () => "follow the playhead again, while the diagram has the focus" },
  { commands: ["actions"], words: () => "what can be done to what is selected, while the diagram has the focus" },
  { commands: ["undo", "redo"], words: () => "undo what was done to the run, and do it again" },
  { commands: ["inspect"], words: () => "what happened at the playhead" },
  { commands: ["why"], words: () => "why? the causes of what is selected" },
  { commands: ["likelihood"], words: () => "when did it become inevitable?" },
  { commands: ["save"], words: () => "save as a figure, or for other tools; open a file" },
  { commands: ["cluster"], words: () => "the cluster in the diagram’s place, and back" },
  { commands: ["rail", "dock"], words: () => "fold or unfold the rail at the left, and the panels below" },
  { commands: ["present"], words: () => "present: the diagram, its captions and one panel, large" },
  { commands: ["deselect"], words: () => "deselect, or close what is open" },
  { commands: ["palette"], words: () => "search all commands, runs, processes and rooms" },
  { commands: ["keys"], words: () => "this list" },
];

/** The keys' sheet: keys as they are written on a keyboard, what they do, and which commands that are. */
export function sheet(names: Names): { keys: string; words: string; commands: readonly CommandId[] }[] {
  return SHEET.map(({ commands, shifted = [], words }) => ({
    keys: commands.map((id) => keyLabel(id)).join(" "),
    words: words(names),
    commands: [...commands, ...shifted],
  }));
}
