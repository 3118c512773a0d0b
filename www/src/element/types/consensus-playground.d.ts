// Types of <consensus-playground>: its attributes, what is said to it, and what it says.

/** Where the run stands. */
export interface PlaygroundState {
  /** How many events are up to the playhead. */
  event: number;
  /** How many are recorded. */
  events: number;
  /** Seconds of virtual time. */
  time: number;
  playing: boolean;
  /** The worst of what was found; null while the run plays. */
  verdict: { standing: "violated" | "lied" | "open" | "waiting" | "nothing" | "kept"; sentence: string } | null;
  /** The caption that is read, counted from 1. */
  caption: number | null;
}

/** What the frame says: the `detail` of the event `playground-message`, and of one with a name of its own: `playground-state`. */
export type PlaygroundReport =
  | { type: "ready" }
  | { type: "opened"; protocol: string; title: string; events: number }
  | { type: "height"; height: number }
  | ({ type: "state" } & PlaygroundState)
  | { type: "link"; link: string }
  | { type: "goal"; goal: string; met: boolean; event: number | null; sentence: string }
  | { type: "error"; place: string; message: string };

/** The events of the element, by their names. */
export type PlaygroundEvents = { "playground-message": CustomEvent<PlaygroundReport> } & {
  [Report in PlaygroundReport as `playground-${Report["type"]}`]: CustomEvent<Report>;
};

/** What can be said to it. */
export type PlaygroundOrder =
  | { type: "play" | "pause" | "link" }
  | { type: "step"; events: number }
  | { type: "seek"; event: number }
  | { type: "goal"; goal: string }
  | { type: "theme"; theme: "system" | "light" | "dark" }
  | { type: "panels"; panels: string }
  | { type: "captions"; captions: "shown" | "none" }
  | { type: "open"; run?: string | null; protocol?: string | null; seed?: string | null };

export interface PlaygroundAttributes {
  /** A link, or the name of a prepared run. */
  run?: string;
  protocol?: string;
  seed?: string | number;
  /** Of cluster, diagram, inspector, board, history, transport, with commas. */
  panels?: string;
  captions?: boolean | "" | "shown" | "none";
  theme?: "system" | "light" | "dark";
  start?: "still" | "play";
  /** Pixels, instead of as high as the panels are. */
  height?: string | number;
  /** The frame's name for those who do not see it. */
  label?: string;
  /** Where embed.html is, if not beside the element's file. */
  src?: string;
  credentialless?: boolean | "";
}

export interface ConsensusPlaygroundElement extends HTMLElement {
  /** Says something to the run, as soon as it is there. */
  send(message: PlaygroundOrder): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "consensus-playground": ConsensusPlaygroundElement;
  }
  interface HTMLElementEventMap extends PlaygroundEvents {}
}
