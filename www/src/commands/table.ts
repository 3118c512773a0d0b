// Everything that a key does, in one table: the keys' sheet (sheet.ts), the controls' `aria-keyshortcuts` and titles,
// the listener and the browser tests all read it. It imports nothing, so that the tests can read it outside the page.
//
// A command of the page works wherever the focus is; one of the diagram while the diagram has it, and there the diagram
// says what it does.

/** What the protocol calls the events that one jumps to. */
export interface Names {
  epoch: string;
  decision: string;
}

/** Events that one jumps to. */
export type Mark = "epoch" | "decision" | "fault" | "violation";

/** What commands ask of a run. */
export interface CommandedRun {
  readonly status: { readonly cursor: number };
  readonly playhead: { readonly inPast: boolean; toggle(): void; step(events: number): void; speedBy(factor: number): void; toEnd(): void };
  readonly deeds: { readonly undoable: string | null; readonly redoable: string | null; undo(): void; redo(): void };
  readonly view: {
    readonly selection: object | null;
    readonly highlighted: { readonly size: number };
    readonly isReadersChoice: boolean;
    readonly inspecting: boolean;
    readonly arrangement: { readonly stage: "diagram" | "cluster"; readonly rail: boolean; readonly dock: boolean; readonly presenting: boolean };
    select(selection: null): void;
    inspect(inspects: boolean): void;
    arrange(arrangement: { stage?: "diagram" | "cluster"; rail?: boolean; dock?: boolean; presenting?: boolean }): void;
  };
  readonly story: { readonly told: boolean; leave(): void };
}

/** What a command acts on. */
export interface Stage {
  run: CommandedRun;
  jump: (mark: Mark, direction: 1 | -1) => void;
  zoom: (way: Zoom) => void;
  toggleKeys: () => void;
  togglePalette: () => void;
  toggleLikelihood: () => void;
  why: () => void;
  save: () => void;
}

export type Zoom = "in" | "out" | "fit";

export interface Command {
  /** What it does, as a sentence of a palette or a title begins: `One event back`. */
  words: (names: Names) => string;
  /**
   * As `KeyboardEvent.key` has them, letters in lower case, with `Control+` and `Shift+` before where they make a
   * difference. The first is the one that is shown. On a Mac, the command key does what Control does elsewhere.
   */
  keys: readonly string[];
}

export interface PageCommand extends Command {
  act: (stage: Stage) => void;
  /** Why it can do nothing now, in a sentence; null where it can. */
  unavailable?: (run: CommandedRun) => string | null;
}

const LARGE_STEP = 25;
const SPEED_STEP = 1.5;

const atBeginning = ({ status }: CommandedRun): string | null =>
  status.cursor === 0 ? "The playhead is at the beginning of the run" : null;
const atLiveEnd = ({ playhead }: CommandedRun): string | null =>
  playhead.inPast ? null : "The playhead is at the live end";
const nothingDone = ({ deeds }: CommandedRun): string | null =>
  deeds.undoable === null ? "Nothing was done to this run that could be undone" : null;
const nothingUndone = ({ deeds }: CommandedRun): string | null =>
  deeds.redoable === null ? "Nothing was undone that could be done again" : null;
/** What Escape closes: what stands before the others first. */
function closeTopmost({ view, story }: CommandedRun): (() => void) | null {
  if (view.isReadersChoice || (!story.told && (view.selection !== null || view.highlighted.size > 0))) {
    return () => view.select(null);
  }
  if (view.inspecting) {
    return () => view.inspect(false);
  }
  if (view.arrangement.presenting) {
    return () => view.arrange({ presenting: false });
  }
  return story.told ? () => story.leave() : null;
}

const PAGE = {
  play: { keys: [" "], words: () => "Play and pause", act: ({ run }) => run.playhead.toggle() },
  "step-back": {
    keys: ["ArrowLeft"],
    words: () => "One event back",
    unavailable: atBeginning,
    act: ({ run }) => run.playhead.step(-1),
  },
  "step-forward": { keys: ["ArrowRight"], words: () => "One event forward", act: ({ run }) => run.playhead.step(1) },
  "leap-back": {
    keys: ["Shift+ArrowLeft"],
    words: () => "Twenty-five events back",
    unavailable: atBeginning,
    act: ({ run }) => run.playhead.step(-LARGE_STEP),
  },
  "leap-forward": {
    keys: ["Shift+ArrowRight"],
    words: () => "Twenty-five events forward",
    act: ({ run }) => run.playhead.step(LARGE_STEP),
  },
  slower: { keys: ["["], words: () => "Slower", act: ({ run }) => run.playhead.speedBy(1 / SPEED_STEP) },
  faster: { keys: ["]"], words: () => "Faster", act: ({ run }) => run.playhead.speedBy(SPEED_STEP) },
  "next-epoch": { keys: ["e"], words: ({ epoch }) => `To the next ${epoch}`, act: ({ jump }) => jump("epoch", 1) },
  "next-decision": {
    keys: ["c"],
    words: ({ decision }) => `To the next ${decision}`,
    act: ({ jump }) => jump("decision", 1),
  },
  "next-violation": { keys: ["v"], words: () => "To the next violation", act: ({ jump }) => jump("violation", 1) },
  "previous-epoch": {
    keys: ["Shift+e"],
    words: ({ epoch }) => `To the ${epoch} before`,
    act: ({ jump }) => jump("epoch", -1),
  },
  "previous-decision": {
    keys: ["Shift+c"],
    words: ({ decision }) => `To the ${decision} before`,
    act: ({ jump }) => jump("decision", -1),
  },
  "previous-violation": {
    keys: ["Shift+v"],
    words: () => "To the violation before",
    act: ({ jump }) => jump("violation", -1),
  },
  "live-end": {
    keys: ["l"],
    words: () => "To the live end",
    unavailable: atLiveEnd,
    act: ({ run }) => run.playhead.toEnd(),
  },
  "zoom-in": { keys: ["+", "="], words: () => "Zoom the diagram in", act: ({ zoom }) => zoom("in") },
  "zoom-out": { keys: ["-"], words: () => "Zoom the diagram out", act: ({ zoom }) => zoom("out") },
  fit: { keys: ["0"], words: () => "Fit the whole run", act: ({ zoom }) => zoom("fit") },
  undo: {
    keys: ["Control+z"],
    words: () => "Undo what was done last",
    unavailable: nothingDone,
    act: ({ run }) => run.deeds.undo(),
  },
  redo: {
    keys: ["Control+Shift+z", "Control+y"],
    words: () => "Redo what was undone last",
    unavailable: nothingUndone,
    act: ({ run }) => run.deeds.redo(),
  },
  cluster: {
    keys: ["m"],
    words: () => "The cluster in the diagram’s place, and back",
    act: ({ run: { view } }) => view.arrange({ stage: view.arrangement.stage === "diagram" ? "cluster" : "diagram" }),
  },
  rail: {
    keys: ["b"],
    words: () => "Fold or unfold the rail at the left",
    act: ({ run: { view } }) => view.arrange({ rail: !view.arrangement.rail }),
  },
  dock: {
    keys: ["j"],
    words: () => "Fold or unfold the panels below",
    act: ({ run: { view } }) => view.arrange({ dock: !view.arrangement.dock }),
  },
  present: {
    keys: ["p"],
    words: () => "Present: the diagram, its captions and one panel, large",
    act: ({ run: { view } }) => view.arrange({ presenting: !view.arrangement.presenting }),
  },
  inspect: {
    keys: ["i"],
    words: () => "What happened at the playhead",
    act: ({ run }) => run.view.inspect(!run.view.inspecting),
  },
  likelihood: {
    keys: ["w"],
    words: () => "When did it become inevitable?",
    act: ({ toggleLikelihood }) => toggleLikelihood(),
  },
  why: { keys: ["y"], unavailable: atBeginning, words: () => "Why? The causes of what is selected", act: ({ why }) => why() },
  save: { keys: ["s"], words: () => "Save as…, or open a file", act: ({ save }) => save() },
  deselect: {
    keys: ["Escape"],
    words: () => "Deselect, or close what is open",
    unavailable: (run) => (closeTopmost(run) === null ? "Nothing is selected or open" : null),
    act: ({ run }) => closeTopmost(run)?.(),
  },
  palette: { keys: ["Control+k"], words: () => "Search all commands", act: ({ togglePalette }) => togglePalette() },
  keys: { keys: ["?"], words: () => "Settings and keys", act: ({ toggleKeys }) => toggleKeys() },
} satisfies Record<string, PageCommand>;

const DIAGRAM = {
  "page-back": { keys: ["PageUp"], words: () => "Pan the diagram back by a page" },
  "page-forward": { keys: ["PageDown"], words: () => "Pan the diagram forward by a page" },
  "pan-back": { keys: ["ArrowUp"], words: () => "Pan the diagram back a little" },
  "pan-forward": { keys: ["ArrowDown"], words: () => "Pan the diagram forward a little" },
  follow: { keys: ["f"], words: () => "Keep the playhead in view" },
  actions: { keys: ["Enter"], words: () => "What can be done to what is selected" },
} satisfies Record<string, Command>;

export type PageCommandId = keyof typeof PAGE;
export type DiagramCommandId = keyof typeof DIAGRAM;
export type CommandId = PageCommandId | DiagramCommandId;

export const PAGE_COMMANDS: Readonly<Record<PageCommandId, PageCommand>> = PAGE;
export const DIAGRAM_COMMANDS: Readonly<Record<DiagramCommandId, Command>> = DIAGRAM;
export const COMMANDS: Readonly<Record<CommandId, Command>> = { ...PAGE, ...DIAGRAM };

const LABELS: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  "-": "−",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Escape: "Esc",
  Control: "Ctrl",
};

/** The parts of a key, named: `Control`, `Shift` and the key itself. A letter is written as its capital. */
function parts(key: string, labels: Readonly<Record<string, string>>): string[] {
  return key.split(/(?<=.)\+/).map((part) => labels[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}

/** A command's first key as it is written on a keyboard. */
export function keyLabel(id: CommandId): string {
  return parts(COMMANDS[id].keys[0] ?? "", LABELS).join(" + ");
}

const ARIA_NAMES: Readonly<Record<string, string>> = { " ": "Space", "+": "Plus" };

/** The keys of some commands as `aria-keyshortcuts` wants them. */
export function shortcuts(...ids: readonly CommandId[]): string {
  return ids.map((id) => parts(COMMANDS[id].keys[0] ?? "", ARIA_NAMES).join("+")).join(" ");
}

/** Why a command can do nothing now, in a sentence; null where it can. */
export function whyUnavailable(id: CommandId, run: CommandedRun): string | null {
  const command: Command & Pick<PageCommand, "unavailable"> = COMMANDS[id];
  return command.unavailable?.(run) ?? null;
}

/** A title for a command's control: `One event back (←)`; where it can do nothing now, why. */
export function titleOf(id: CommandId, run: CommandedRun, names: Names): string {
  return whyUnavailable(id, run) ?? `${COMMANDS[id].words(names)} (${keyLabel(id)})`;
}

/** What was pressed on a keyboard. */
export interface Press {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/**
 * The command of some that a press means. Shift counts only where a command asks for it: on some keyboards `+` takes
 * it, on others not.
 */
export function commandFor<Id extends string>(commands: Readonly<Record<Id, Command>>, press: Press): Id | undefined {
  const plain = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const control = press.ctrlKey || press.metaKey ? "Control+" : "";
  const ids = Object.keys(commands) as Id[];
  const withKey = (wanted: string): Id | undefined => ids.find((id) => commands[id].keys.includes(wanted));
  return (press.shiftKey ? withKey(`${control}Shift+${plain}`) : undefined) ?? withKey(`${control}${plain}`);
}
