// Which part of the run is in view: where the view begins, how large it is drawn, and whether it follows the playhead.
// In positions, the unit of the spacing that is in force (see frame.ts).

import { length, positionAt } from "./frame.js";
import type { Along, Frame, Position } from "./frame.js";
import type { Spacing } from "./spacing.js";

/** Pixels a tick, and pixels a step of cause, at first and at most. */
const SCALES = { true: { first: 2.1 / 1_000, most: 60 / 1_000 }, causal: { first: 26, most: 90 } };
/** Where phases are headed, there must be space for their names. */
const HEADED = 3;
/** Pixels around a span that the diagram was asked to show: space for its words, and for the zoom buttons. */
const SPAN_MARGIN = 48;
/** The least that such a span is drawn in, in pixels. */
const SPAN_MIN = 40;
/** Pixels left after the end where the whole run is fitted in. */
const FIT_MARGIN = 12;
/** Where in the view the playhead is kept while it is followed: at most; and at least, whatever is to be kept free. */
const FOLLOW_AT = 0.8;
const FOLLOW_AT_LEAST = 0.45;
/**
 * What part of the view may lie before the beginning: while the playhead is followed, and after a pan; and what part
 * must lie before the end.
 */
const BEFORE = { following: 0.02, panned: 0.2 };
const SEEN_OF_END = 0.1;
/** How much smaller than the whole run one can zoom out. */
const FARTHEST = 0.9 / 1.15;

export class Camera {
  start: Position = 0;
  /** Pixels for each unit of position. */
  scale: number = SCALES.true.first;
  follows = true;

  /** Another way of spacing, or another run: as at first. */
  reset(kind: Spacing["kind"], headed: boolean): void {
    this.scale = SCALES[kind].first * (headed ? HEADED : 1);
    this.follows = true;
  }

  /** Keeps the playhead in view, where it is followed: so many pixels at the end are free of what has happened. */
  follow(playhead: Position, frame: Frame, free: number): void {
    if (this.follows) {
      const visible = this.visible(frame);
      const share = Math.min(FOLLOW_AT, Math.max(FOLLOW_AT_LEAST, 1 - free / (length(frame) - frame.head)));
      this.start = Math.max(-BEFORE.following * visible, playhead - visible * share);
    }
  }

  /** Shows a span of positions, in what is left where so many pixels at the end are kept free. */
  show(from: Position, to: Position, frame: Frame, { kind }: Spacing, free: number): void {
    const whole = length(frame) - frame.head;
    const pixels = Math.max(SPAN_MIN, whole - Math.max(SPAN_MARGIN, Math.min(free, whole * (1 - FOLLOW_AT_LEAST))) - SPAN_MARGIN);
    this.scale = Math.min(SCALES[kind].most, pixels / Math.max(1, to - from));
    this.start = from - SPAN_MARGIN / this.scale;
    this.follows = false;
  }

  fit(frame: Frame, spacing: Spacing): void {
    this.follows = false;
    this.scale = Math.min(SCALES[spacing.kind].most, (length(frame) - frame.head - FIT_MARGIN) / Math.max(1, spacing.extent()));
    this.start = 0;
  }

  pan(pixels: number, frame: Frame, spacing: Spacing | null): void {
    this.follows = false;
    this.start = this.within(this.start - pixels / this.scale, frame, spacing);
  }

  /** What stands at a pixel along stays there, unless the playhead is followed. */
  zoom(factor: number, at: Along, frame: Frame, spacing: Spacing): void {
    const position = positionAt(frame, at);
    const { first, most } = SCALES[spacing.kind];
    const least = ((length(frame) - frame.head) / Math.max(spacing.extent(), 1 / 1.15)) * FARTHEST;
    this.scale = Math.min(most, Math.max(Math.min(least, first), this.scale * factor));
    if (!this.follows) {
      this.start = this.within(position - (at - frame.head) / this.scale, frame, spacing);
    }
  }

  /** How much is in view. */
  private visible(frame: Frame): Position {
    return (length(frame) - frame.head) / this.scale;
  }

  private within(start: Position, frame: Frame, spacing: Spacing | null): Position {
    const visible = this.visible(frame);
    return Math.max(-visible * BEFORE.panned, Math.min((spacing?.extent() ?? 0) - visible * SEEN_OF_END, start));
  }
}
