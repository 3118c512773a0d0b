// Wheel and fingers over a run in somebody else's page: what is that page's, and what is the diagram's.

import type { CDPSession, Locator, Page } from "@playwright/test";

import { Embedded, embedded, expect, script, test } from "./elsewhere.ts";
import type { Elsewhere } from "./elsewhere.ts";

/** A page that is longer than its window, with a run in its middle. */
async function longPage(elsewhere: Elsewhere, page: Page): Promise<{ run: Embedded; canvas: Locator }> {
  await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<div style="height: 300px">Before</div>
    <consensus-playground panels="diagram,transport"></consensus-playground><div style="height: 3000px">After</div>`);
  const run = await embedded(page);
  // What the diagram says of its span comes to rest after its height does.
  await expect.poll(async () => {
    const before = await span(run);
    await page.waitForTimeout(400);
    return (await span(run)) === before;
  }).toBe(true);
  return { run, canvas: run.inside.getByRole("application", { name: /^Space-time diagram/ }) };
}

const scrolled = (page: Page): Promise<number> => page.evaluate(() => Math.round(scrollY));
/** The span of time that the diagram shows, as it says. */
const span = (run: Embedded): Promise<string | null> => run.inside.locator("#range").textContent();

/** Moves fingers from where they are by as much, in steps, and lifts them. */
async function drag(session: CDPSession, fingers: readonly { x: number; y: number }[], by: (finger: number) => { x: number; y: number }): Promise<void> {
  const steps = 12;
  const at = (step: number): { x: number; y: number; id: number }[] =>
    fingers.map(({ x, y }, id) => ({ x: x + (by(id).x * step) / steps, y: y + (by(id).y * step) / steps, id }));
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
  for (let step = 1; step <= steps; step += 1) {
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(step) });
  }
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** How much time that is. */
function width(text: string | null): number {
  const [from = 0, to = 0] = (text ?? "").match(/[\d.]+/g)?.map(Number) ?? [];
  return to - from;
}

async function middleOf(canvas: Locator): Promise<{ x: number; y: number }> {
  const box = await canvas.boundingBox();
  return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
}

test.describe("the wheel", () => {
  test("scrolls the page around, and a hint says how it would zoom", async ({ elsewhere, page }) => {
    const { run, canvas } = await longPage(elsewhere, page);
    const before = await span(run);
    const { x, y } = await middleOf(canvas);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 120);
    await expect.poll(() => scrolled(page)).toBeGreaterThan(60);
    await expect(run.inside.getByText("To zoom, hold Ctrl, or click the diagram first.")).toBeVisible();
    expect(await span(run)).toBe(before);
    await expect(run.inside.getByText("To zoom, hold Ctrl")).toBeHidden();
  });

  test("zooms the diagram while Ctrl is held", async ({ elsewhere, page }) => {
    const { run, canvas } = await longPage(elsewhere, page);
    const before = await span(run);
    const { x, y } = await middleOf(canvas);
    await page.mouse.move(x, y);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    await expect.poll(() => span(run)).not.toBe(before);
    expect(await scrolled(page)).toBe(0);
  });

  test("zooms the diagram while it has the focus, by pointer or by key, and no longer", async ({ elsewhere, page }) => {
    const { run, canvas } = await longPage(elsewhere, page);
    const { x, y } = await middleOf(canvas);
    for (const focus of [() => page.mouse.click(x, y), () => canvas.focus()]) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await focus();
      const before = await span(run);
      await page.mouse.move(x, y);
      await page.mouse.wheel(0, -120);
      await expect.poll(() => span(run)).not.toBe(before);
      expect(await scrolled(page)).toBe(0);
    }
    // The page around is clicked: the wheel is its own again.
    await page.mouse.click(x, 100);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 120);
    await expect.poll(() => scrolled(page)).toBeGreaterThan(60);
  });
});

test.describe("fingers", () => {
  test.use({ hasTouch: true, viewport: { width: 700, height: 700 } });

  test("one scrolls the page around, and a hint says what two do", async ({ elsewhere, page }) => {
    const { run, canvas } = await longPage(elsewhere, page);
    const before = await span(run);
    const middle = await middleOf(canvas);
    await drag(await page.context().newCDPSession(page), [middle], () => ({ x: 0, y: -150 }));
    await expect.poll(() => scrolled(page)).toBeGreaterThan(60);
    await expect(run.inside.getByText("Two fingers move the diagram.")).toBeVisible();
    expect(await span(run)).toBe(before);
  });

  test("two move the diagram, and zoom it", async ({ elsewhere, page }) => {
    const { run, canvas } = await longPage(elsewhere, page);
    const session = await page.context().newCDPSession(page);
    const { x, y } = await middleOf(canvas);
    const fingers = [{ x: x - 40, y: y - 20 }, { x: x + 40, y: y + 20 }];
    const before = await span(run);
    await drag(session, fingers, () => ({ x: 0, y: 60 }));
    await expect.poll(() => span(run)).not.toBe(before);
    const moved = await span(run);
    expect(width(moved), "they went side by side").toBeCloseTo(width(before), 1);
    await drag(session, fingers, (finger) => ({ x: finger === 0 ? -60 : 60, y: finger === 0 ? -40 : 40 }));
    await expect.poll(async () => width(await span(run))).toBeLessThan(width(moved) * 0.8);
    expect(await scrolled(page)).toBe(0);
  });

  test("a tap selects", async ({ elsewhere, page }) => {
    const { canvas, run } = await longPage(elsewhere, page);
    await run.inside.getByRole("button", { name: "Fit" }).tap();
    const { x } = await middleOf(canvas);
    const box = await canvas.boundingBox();
    const session = await page.context().newCDPSession(page);
    // A name in the head of the diagram.
    const name = { x, y: (box?.y ?? 0) + 12 };
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [name] });
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.evaluate(() => document.querySelector("consensus-playground")?.setAttribute("panels", "cluster,diagram"));
    await expect(run.inside.locator('playground-cluster [aria-pressed="true"]')).toHaveCount(1);
  });

  test("along the tape, one moves the playhead; across it, the page", async ({ elsewhere, page }) => {
    const { run } = await longPage(elsewhere, page);
    const session = await page.context().newCDPSession(page);
    await run.tape.scrollIntoViewIfNeeded();
    const box = await run.tape.boundingBox();
    const start = { x: (box?.x ?? 0) + (box?.width ?? 0) * 0.8, y: (box?.y ?? 0) + 15 };
    const before = await run.event();
    await drag(session, [start], () => ({ x: -200, y: 0 }));
    await expect.poll(() => run.event()).toBeLessThan(before);
    const top = await scrolled(page);
    await drag(session, [start], () => ({ x: 0, y: -200 }));
    await expect.poll(() => scrolled(page)).toBeGreaterThan(top + 60);
  });
});
