// Canvases as sharp as the screen.

/** Gives a canvas one pixel for each of the screen's, and a context that draws in the style sheet's pixels. */
export function sizeCanvas(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  // Where the page is presented, it is drawn larger.
  const ratio = (devicePixelRatio || 1) * (canvas.currentCSSZoom ?? 1);
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  if (context === null) {
    throw new Error("This browser gives the page no canvas to draw on.");
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Less is no space to draw a diagram on: so it is for a moment while a page is laid out anew. */
const SPACE_PX = 64;

export function hasSpace({ clientWidth, clientHeight }: HTMLCanvasElement): boolean {
  return Math.min(clientWidth, clientHeight) > SPACE_PX;
}
