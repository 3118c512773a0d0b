// The diagram as a guest in somebody else's page: the wheel scrolls that page, and so does one finger. The wheel moves the
// diagram while it has the focus or Ctrl is held, two fingers always. Who tries otherwise is told how.
//
// What is the page's is kept from the diagram on its way down to it; what is done with it, the browser knows.

/** How long a hint stands. */
const HINT_MS = 2_000;
/** A finger that moved further is no tap. */
const TAP_PX = 10;

const KEY = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";
const OF_WHEEL = `To zoom, hold ${KEY}, or click the diagram first.`;
const OF_FINGER = "Two fingers move the diagram.";

export class Guest {
  private timer = 0;
  private words = "";
  private start: { pointer: number; x: number; y: number } | null = null;

  constructor(private readonly changed: () => void) {}

  /** What is said of the ways to move the diagram; empty for a while after nobody tried. */
  get hint(): string {
    return this.words;
  }

  readonly wheel = {
    capture: true,
    handleEvent: (event: WheelEvent): void => {
      const canvas = canvasOf(event);
      if (canvas !== null && !event.ctrlKey && !event.metaKey && !hasFocus(canvas)) {
        event.stopPropagation();
        this.say(OF_WHEEL);
      }
    },
  };

  /** Two fingers are the diagram's: the browser must not scroll with them. */
  readonly touch = {
    capture: true,
    passive: false,
    handleEvent: (event: TouchEvent): void => {
      if (canvasOf(event) !== null && event.touches.length > 1 && event.cancelable) {
        event.preventDefault();
      }
    },
  };

  readonly down = (event: PointerEvent): void => {
    const isFirst = event.isPrimary && event.pointerType === "touch" && canvasOf(event) !== null;
    this.start = isFirst ? { pointer: event.pointerId, x: event.clientX, y: event.clientY } : null;
  };

  readonly move = (event: PointerEvent): void => {
    const { start } = this;
    if (start?.pointer === event.pointerId && Math.hypot(event.clientX - start.x, event.clientY - start.y) > TAP_PX) {
      this.start = null;
      this.say(OF_FINGER);
    }
  };

  private say(words: string): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.show(""), HINT_MS);
    this.show(words);
  }

  private show(words: string): void {
    if (words !== this.words) {
      this.words = words;
      this.changed();
    }
  }
}

function canvasOf(event: Event): HTMLCanvasElement | null {
  const [target] = event.composedPath();
  return target instanceof HTMLCanvasElement ? target : null;
}

function hasFocus(canvas: HTMLCanvasElement): boolean {
  const root = canvas.getRootNode();
  return document.hasFocus() && root instanceof ShadowRoot && root.activeElement === canvas;
}
