// How large the rail and the dock are, and whether they are folded: as it was left, for as long as the browser's tab is
// open. Nothing is stored until a reader has changed it.

import type { Arrangement } from "../../engine/view-state.js";

/** Under this name in sessionStorage. */
const KEY = "playground-layout";

/** In pixels. */
const RAIL = { width: 176, least: 120, most: 420 };
const DOCK = { least: 112, most: 180, share: 0.2 };
/** What is dragged to less than this is folded. */
const FOLDED_PX = 60;
/** The row of tabs: it stays when the dock is folded. */
const TABS_PX = 30;

interface Kept {
  rail?: number;
  dock?: number;
  isRail?: boolean;
  isDock?: boolean;
}

export class Sizes {
  private kept: Kept = read();

  /** What was folded when the page was left. */
  get folded(): Partial<Arrangement> {
    return { rail: this.kept.isRail ?? true, dock: this.kept.isDock ?? true };
  }

  /** The rail's width. */
  rail({ rail }: Arrangement): number {
    return rail ? within(this.kept.rail ?? RAIL.width, RAIL.least, RAIL.most) : 0;
  }

  /** The dock's height: a share of the window, until it was chosen. */
  dock({ dock }: Arrangement): number {
    const chosen = this.kept.dock ?? within(Math.round(innerHeight * DOCK.share), DOCK.least, DOCK.most);
    return dock ? within(chosen, TABS_PX, innerHeight * 0.7) : TABS_PX;
  }

  /** A reader has moved what parts the rail from the stage. */
  setRail(width: number): Partial<Arrangement> {
    return this.keep(width < FOLDED_PX ? { isRail: false } : { rail: width, isRail: true });
  }

  /** Enter on the divider moves it to 0 and back: the row of tabs stays, so from there 0 comes once more. */
  setDock(height: number): Partial<Arrangement> {
    const isAgain = height === 0 && this.folded.dock === false;
    return this.keep(height < FOLDED_PX ? { isDock: isAgain } : { dock: height, isDock: true });
  }

  setFolded({ rail, dock }: Arrangement): void {
    if (rail !== this.folded.rail || dock !== this.folded.dock) {
      this.keep({ isRail: rail, isDock: dock });
    }
  }

  private keep(kept: Kept): Partial<Arrangement> {
    this.kept = { ...this.kept, ...kept };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.kept));
    } catch {
      // A frame without an origin, or a browser that stores nothing: then it is not remembered.
    }
    return this.folded;
  }
}

/** What was kept, as far as it is what this page writes. */
function read(): Kept {
  try {
    const text = sessionStorage.getItem(KEY);
    const found: unknown = text === null ? null : JSON.parse(text);
    if (typeof found !== "object" || found === null) {
      return {};
    }
    const { rail, dock, isRail, isDock } = found as Record<string, unknown>;
    return {
      ...(typeof rail === "number" ? { rail } : {}),
      ...(typeof dock === "number" ? { dock } : {}),
      ...(typeof isRail === "boolean" ? { isRail } : {}),
      ...(typeof isDock === "boolean" ? { isDock } : {}),
    };
  } catch {
    return {};
  }
}

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));
