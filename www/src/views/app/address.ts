// The page's address, kept current: loading the page again, and the browser's Back, restore the run.
//
//   #run=stale-read        a prepared run that nobody has touched yet
//   #run=1.…               a run as it is now: a link (engine/link.ts)
//   …&from=course/echo     the room from which it was opened
//
// While the same run is shown, its address is replaced; when another is opened by hand, an entry is added to the
// browser's history. When the address itself asks for a run, its entry is there already. Nothing is stored: what stands
// after the # is part of the address, and goes with it.

import { linkOf, nameOf, requestIn } from "../../engine/link.js";
import { isLinkTextLoaded, loadLinkText } from "../../engine/link-text.js";
import type { Run } from "../../engine/run.js";
import { roomAt } from "../../rooms/rooms.js";

/** How long the run must rest before the address is written. */
const REST_MS = 300;
/** How often it is written while the run plays. */
const PLAYING_MS = 2_000;

/** Where a run stands, and how much was done to it. */
interface Standing {
  events: number;
  cursor: number;
  scenario: object;
}

export class Address {
  /** What stands in the address for the run that is shown. */
  private written: string;
  /** The address that the page has acted on. One that was just set is told to the page a moment later: until then it is left alone. */
  private heeded: string;
  /** The room from which the run was opened, as in the address; empty for none. */
  private from: string;
  /** The run that it is about, by its ordinal; and the one with which the page began. */
  private ordinal: number;
  private readonly first: number;
  /** Whether a person has done anything since the run was opened. */
  private touched = false;
  /** Where the run stood when nobody had touched it. */
  private untouched: Standing | null = null;
  /** It was said that the run is too much for an address. */
  private saidTooMuch = false;
  /** How many runs are being opened that the address has asked for. */
  private asked = 0;
  private timer = 0;

  constructor(private readonly run: Run, hash: string) {
    this.written = hash;
    this.heeded = hash;
    this.from = fromIn(this.written);
    this.ordinal = run.ordinal;
    this.first = run.ordinal;
    run.beforeAnother(() => this.onLeave());
    run.emitter.listen((topics) => {
      if (run.ordinal !== this.ordinal) {
        this.onAnother();
      }
      if (topics.has("time") || topics.has("records") || topics.has("playing") || topics.has("scenario") || topics.has("story")) {
        this.writeSoon();
      }
    });
    for (const type of ["pointerdown", "keydown"]) {
      window.addEventListener(type, this.onTouch, { capture: true });
    }
  }

  /** The way back to where the run was opened; null where it was opened in the playground. */
  get wayBack(): { address: string; words: string } | null {
    const found = roomAt(`#${this.from}`);
    return found === null ? null : { address: `#${this.from}`, words: `Back to ${found.room.returnTo}` };
  }

  /** Whether an address is that of the run that is shown: then there is nothing to open. */
  isOfShown(hash: string): boolean {
    return requestIn(hash) !== null && hash === this.written;
  }

  /** The page acts on an address: from now on it may be replaced. */
  heed(hash: string): void {
    this.heeded = hash;
    this.writeSoon();
  }

  /** Opens what the address asks for. */
  async follow(hash: string, open: () => Promise<void>): Promise<void> {
    const { ordinal } = this.run;
    this.asked += 1;
    try {
      await open();
    } finally {
      this.asked -= 1;
    }
    if (this.run.ordinal !== ordinal) {
      this.written = hash;
      this.from = fromIn(hash);
    }
    // Where nothing was opened, the address is that of the run before again.
    this.writeSoon();
  }

  private readonly onTouch = (event: Event): void => {
    if (!this.touched && !(event instanceof KeyboardEvent && ["Shift", "Control", "Alt", "Meta"].includes(event.key))) {
      this.note();
      this.touched = true;
    }
  };

  /** The run is about to give way to another: its address is brought up to date, where it is in the address. */
  private onLeave(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    const room = roomAt(window.location.hash);
    if (this.asked === 0 && room === null) {
      this.replace();
    }
    this.from = this.asked > 0 || room === null ? "" : window.location.hash.slice(1);
  }

  private onAnother(): void {
    this.ordinal = this.run.ordinal;
    this.touched = false;
    this.untouched = null;
    this.saidTooMuch = false;
    // A room opens its run and leaves by an entry of its own.
    if (this.asked === 0 && this.from === "" && roomAt(window.location.hash) === null) {
      window.history.pushState(null, "", this.address() ?? plain());
      this.wrote();
    }
  }

  private writeSoon(): void {
    const { playing } = this.run.playhead;
    if (playing && this.timer !== 0) {
      return;
    }
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.replace();
    }, playing ? PLAYING_MS : REST_MS);
  }

  private replace(): void {
    const { hash } = window.location;
    if (this.asked > 0 || this.run.reviving || hash !== this.heeded || roomAt(hash) !== null || this.isAsItWasAsked(hash)) {
      return;
    }
    const address = this.address();
    if (address !== null && address !== hash) {
      window.history.replaceState(null, "", address);
      this.wrote();
    }
  }

  private wrote(): void {
    this.written = window.location.hash;
    this.heeded = this.written;
  }

  /** Whether nobody has touched the run that an address asked for: it stays, as a link of another engine does. */
  private isAsItWasAsked(hash: string): boolean {
    const isAsked = hash === "" ? this.ordinal === this.first : hash === this.written && requestIn(hash) !== null;
    return isAsked && this.isUntouched();
  }

  /** The address of the run; null where it has none, or what makes it is not there yet. */
  private address(): string | null {
    const from = this.from === "" ? "" : `&from=${this.from}`;
    // A room may open a prepared run at another moment than its name does.
    const name = this.isUntouched() && from === "" ? nameOf(this.run) : null;
    if (name !== null) {
      return name;
    }
    if (!isLinkTextLoaded()) {
      loadLinkText().then(() => this.writeSoon(), () => undefined);
      return null;
    }
    try {
      return `${linkOf(this.run)}${from}`;
    } catch {
      this.tellTooMuch();
      return null;
    }
  }

  private tellTooMuch(): void {
    if (!this.saidTooMuch) {
      this.saidTooMuch = true;
      this.run.notices.tell({
        tone: "plain",
        text: "What was done to this run is too much for the page’s address. Loading the page again leads back to how the run stood before.",
      });
    }
  }

  /** Notes where the run stands that nobody has touched yet. */
  private note(): void {
    const { status, scenario } = this.run;
    this.untouched = { events: status.events, cursor: status.cursor, scenario };
  }

  /** Whether the run is as it was opened. A story that plays by itself leaves it so. */
  private isUntouched(): boolean {
    const { status, scenario } = this.run;
    if (!this.touched) {
      this.note();
    }
    const { untouched } = this;
    return untouched !== null && untouched.events === status.events && untouched.cursor === status.cursor && untouched.scenario === scenario;
  }
}

/** The room that an address names as the one from which its run was opened; empty for none, or for what is no room. */
function fromIn(hash: string): string {
  const from = new URLSearchParams(hash.replace(/^#/, "")).get("from") ?? "";
  return roomAt(`#${from}`) === null ? "" : from;
}

/** The page's address without what it asks for. */
function plain(): string {
  return `${window.location.pathname}${window.location.search}`;
}
