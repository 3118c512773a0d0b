// The space-time diagram: how it is drawn, moved about in, and what a press on it selects.

import type { Page } from "@playwright/test";

import { Playground, expect, test } from "./playground.ts";

const range = (playground: Playground) => playground.page.locator("#range");

/** Seconds from the upper to the lower edge of what is in view, once the words for it have followed the drawing. */
async function span(playground: Playground): Promise<{ from: number; to: number; length: number }> {
  await expect(playground.canvas).not.toHaveAttribute("aria-busy");
  const words = (await range(playground).textContent()) ?? "";
  const [from = NaN, to = NaN] = words.split(" to ").map(Number.parseFloat);
  return { from, to, length: to - from };
}

/** A hash of what is drawn on the canvas. */
const picture = (playground: Playground): Promise<string> => playground.canvas.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

/** Moves the pointer over the canvas until it is over a message. */
async function pointAtMessage(playground: Playground, page: Page): Promise<{ x: number; y: number }> {
  const box = await playground.canvas.boundingBox();
  if (box === null) throw new Error("there is no diagram");
  const tooltip = page.locator("playground-diagram .tooltip strong");
  for (let y = box.height * 0.3; y < box.height * 0.8; y += 5) {
    const at = { x: box.x + box.width * 0.42, y: box.y + y };
    await page.mouse.move(at.x, at.y);
    if ((await tooltip.count()) > 0 && (await tooltip.textContent())?.includes("→")) return at;
  }
  throw new Error("no message is where one was looked for");
}

test("time runs down or to the right", async ({ playground }) => {
  const down = playground.button("Time ↓");
  const right = playground.button("Time →");
  await expect(down).toHaveAttribute("aria-pressed", "true");
  const before = await picture(playground);
  await right.click();
  await expect(right).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => picture(playground)).not.toBe(before);
  const toTheRight = await picture(playground);
  await down.press("Enter");
  await expect(down).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => picture(playground)).not.toBe(toTheRight);
});

test("events are spaced by time or by cause", async ({ playground }) => {
  const before = await picture(playground);
  await playground.button("Causal").click();
  await expect(range(playground)).toHaveText("spaced by cause");
  await expect.poll(() => picture(playground)).not.toBe(before);
  await playground.button("True").press("Enter");
  await expect(range(playground)).toHaveText(/ s$/);
});

test("heartbeats are folded until they are asked for", async ({ playground, page }) => {
  const heartbeats = page.locator("#heartbeats");
  await expect(heartbeats).toHaveText(/^[1-9]\d* heartbeats folded$/);
  const before = await picture(playground);
  await heartbeats.click();
  await expect(heartbeats).toHaveText(/^[1-9]\d* heartbeats shown$/);
  await expect.poll(() => picture(playground)).not.toBe(before);
});

test("the wheel zooms, and a drag pans", async ({ playground, page }) => {
  const before = await span(playground);
  await playground.canvas.hover();
  await page.mouse.wheel(0, -300);
  await expect.poll(async () => (await span(playground)).length).toBeLessThan(before.length * 0.7);
  await page.mouse.wheel(0, 600);
  await expect.poll(async () => (await span(playground)).length).toBeGreaterThan(before.length * 1.3);

  const panned = await span(playground);
  await page.mouse.down();
  await page.mouse.move(600, 350, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await span(playground)).from).not.toBe(panned.from);
  await expect(playground.button("Follow")).toHaveAttribute("aria-pressed", "false");
});

test.describe("with two fingers", () => {
  test.use({ hasTouch: true });

  test("a pinch zooms", async ({ playground, page }) => {
    const before = await span(playground);
    const box = await playground.canvas.boundingBox();
    if (box === null) throw new Error("there is no diagram");
    const x = box.x + box.width / 2;
    const y = box.y + box.height / 2;
    const fingers = (apart: number) => [{ x, y: y - apart, id: 1 }, { x, y: y + apart, id: 2 }];
    const screen = await page.context().newCDPSession(page);
    await screen.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(40) });
    for (const apart of [60, 80, 100, 120]) await screen.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(apart) });
    await screen.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await expect.poll(async () => (await span(playground)).length).toBeLessThan(before.length * 0.6);
  });
});

test("the same by keys: zoom, pan, the whole run, and back to the playhead", async ({ playground, page }) => {
  await playground.tabTo(playground.canvas);
  const before = await span(playground);
  await page.keyboard.press("+");
  await expect.poll(async () => (await span(playground)).length).toBeLessThan(before.length * 0.9);
  await page.keyboard.press("-");
  await page.keyboard.press("-");
  await expect.poll(async () => (await span(playground)).length).toBeGreaterThan(before.length * 1.1);
  await page.keyboard.press("0");
  await expect.poll(async () => (await span(playground)).from).toBe(0);
  expect((await span(playground)).to).toBeGreaterThan(await playground.time());
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await page.keyboard.press("PageDown");
  await expect.poll(async () => (await span(playground)).from).toBeGreaterThan(0);
  await page.keyboard.press("f");
  await expect(playground.button("Follow")).toHaveAttribute("aria-pressed", "true");
  const { from, to } = await span(playground);
  expect(from).toBeLessThan(await playground.time());
  expect(to).toBeGreaterThan(await playground.time());
});

test("the buttons zoom, fit and follow", async ({ playground, page }) => {
  // What comes later with the page has its say in how large the diagram is.
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  const before = await span(playground);
  await playground.button("Zoom in").click();
  await expect.poll(async () => (await span(playground)).length).toBeLessThan(before.length);
  const { length } = await span(playground);
  await playground.button("Zoom out").click();
  await expect.poll(async () => (await span(playground)).length).toBeGreaterThan(length);
  await playground.button("Fit").click();
  await expect.poll(async () => (await span(playground)).from).toBe(0);
  await playground.button("Follow").click();
  await expect(playground.button("Follow")).toHaveAttribute("aria-pressed", "true");
});

test("pointing at a message reads it, a press selects it, and the list has the same selection", async ({ playground, page }) => {
  const at = await pointAtMessage(playground, page);
  const words = (await page.locator("playground-diagram .tooltip strong").textContent()) ?? "";
  const [, kind, from, to] = /^(\w+) (\w\d+) → (\w\d+)$/.exec(words) ?? [];
  await page.mouse.click(at.x, at.y);
  await expect(playground.inspector.getByRole("heading", { name: /^Message \d/ })).toBeVisible();
  await expect(playground.inspector).toContainText(`${kind} from ${from} to ${to}`);

  await playground.show("Events");
  const selected = page.getByRole("row", { selected: true });
  await expect(selected).toHaveCount(1);
  await expect(selected.getByRole("gridcell").nth(2)).toHaveText(from ?? "");

  await page.keyboard.press("Escape");
  await expect(selected).toHaveCount(0);
});

test("the legend explains the signs that stand in view, and no others", async ({ playground, page }) => {
  const legend = page.getByRole("list", { name: "Legend of the diagram" });
  await expect(legend).toHaveCount(0);
  await playground.button("Legend").press("Enter");
  await expect(legend).toContainText("message");
  await expect(legend).not.toContainText("network cut");
  await expect(legend).not.toContainText("crashed, down");
  await playground.button("Cut off the leader").click();
  await playground.playFor(0.1);
  await expect(legend).toContainText("network cut");
  await playground.process("n5").click();
  await playground.button("Crash n5").click();
  await expect(legend).toContainText("crashed, down");
  await page.keyboard.press("Escape");
  await playground.button("Legend").click();
  await expect(legend).toHaveCount(0);
});

test.describe("on a narrow screen", () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test("the legend is there for the asking", async ({ playground, page }) => {
    const legend = page.getByRole("list", { name: "Legend of the diagram" });
    await expect(legend).toHaveCount(0);
    const views = page.getByRole("navigation", { name: "Views" });
    await views.getByRole("button", { name: "Cluster" }).click();
    await playground.button("Legend").click();
    await views.getByRole("button", { name: "Diagram" }).click();
    await expect(legend).toBeVisible();
  });
});

test("a press on a lane's name selects the process", async ({ playground }) => {
  const box = await playground.canvas.boundingBox();
  const lane = (box?.width ?? 0) - 54 - 8;
  await playground.canvas.click({ position: { x: 54 + (lane / 8) * 1.5, y: 12 } });
  await expect(playground.inspector.getByRole("heading", { name: /^Replica n1 at / })).toBeVisible();
  await expect(playground.process("n1")).toHaveAttribute("aria-pressed", "true");
});

test("a cut and a crash change what is drawn", async ({ playground }) => {
  const before = await picture(playground);
  await playground.cutInTwo();
  await expect.poll(() => picture(playground)).not.toBe(before);
  const cut = await picture(playground);
  await playground.process("n5").click();
  await playground.button("Crash n5").click();
  await expect.poll(() => picture(playground)).not.toBe(cut);
});

test("far out, the whole of a long run is in view", async ({ playground }) => {
  await playground.speed.press("End");
  await playground.play.click();
  await expect.poll(() => playground.time()).toBeGreaterThan(60);
  await playground.play.click();
  await playground.button("Fit").click();
  await expect.poll(async () => (await span(playground)).from).toBe(0);
  expect((await span(playground)).to).toBeGreaterThan(await playground.time());
});

test("what is pointed at goes with what is discarded, and the diagram stays", async ({ playground, page }) => {
  await playground.tape.focus();
  const box = await playground.canvas.boundingBox();
  if (box === null) throw new Error("there is no diagram");
  const tooltip = page.locator("playground-diagram .tooltip strong");
  // The playhead is below: what is pointed at is late, and no message, so an event.
  search: for (let y = box.height * 0.7; y > box.height * 0.5; y -= 4) {
    for (let x = 54; x < box.width - 8; x += 6) {
      await page.mouse.move(box.x + x, box.y + y);
      if ((await tooltip.count()) > 0 && !(await tooltip.textContent())?.includes("→")) break search;
    }
  }
  await expect(tooltip).not.toContainText("→");
  for (let done = 0; done < 8; done += 1) await page.keyboard.press("Shift+ArrowLeft");
  await playground.cutInTwo();
  await expect(playground.notices).toContainText("later events were discarded");
  await expect(playground.canvas).toBeVisible();
  await expect(tooltip).toHaveCount(0);
  await expect(page.getByText("This part of the page could not be drawn")).toHaveCount(0);
});

test("far out, messages are a density, and near by they are arrows", async ({ playground }) => {
  await playground.speed.press("End");
  await playground.play.click();
  await expect.poll(() => playground.time()).toBeGreaterThan(40);
  await playground.play.click();
  await expect(playground.canvas).not.toHaveAccessibleName(/density/);
  await playground.button("Fit").click();
  await expect(playground.canvas).toHaveAccessibleName(/drawn by their density/);
  // There is ink across the whole length, and not on a few lines alone.
  const inked = await playground.canvas.evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const context = canvas.getContext("2d");
    const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: new Uint8ClampedArray() };
    let rows = 0;
    for (let y = 0; y < canvas.height; y += 1) {
      const colours = new Set<number>();
      for (let x = 80; x < canvas.width; x += 1) {
        const at = 4 * (y * canvas.width + x);
        if ((data[at + 3] ?? 0) > 0) colours.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
      }
      rows += colours.size > 3 ? 1 : 0;
    }
    return rows / canvas.height;
  });
  expect(inked).toBeGreaterThan(0.6);
});

test.describe("every text that is written", () => {
  test("meets no other", async ({ page }) => {
    await page.addInitScript(() => {
      const texts: { text: string; corners: [number, number][] }[] = [];
      Object.assign(window, { texts });
      const before = { ...Object.getOwnPropertyDescriptors(CanvasRenderingContext2D.prototype) };
      CanvasRenderingContext2D.prototype.clearRect = function (...box) {
        if (this.canvas.role === "application") texts.length = 0;
        (before.clearRect.value as typeof this.clearRect).apply(this, box);
      };
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        if (this.canvas.role === "application") {
          const { width, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down, actualBoundingBoxLeft: left } = this.measureText(text);
          const turn = this.getTransform();
          const corner = (cx: number, cy: number): [number, number] => {
            const { x: px, y: py } = turn.transformPoint({ x: cx, y: cy });
            return [px, py];
          };
          texts.push({ text, corners: [corner(x - left, y - up), corner(x - left + width, y - up), corner(x - left + width, y + down), corner(x - left, y + down)] });
        }
        (before.fillText.value as typeof this.fillText).call(this, text, x, y);
      };
    });
    const playground = new Playground(page);
    await playground.open();
    for (const title of ["Elect and replicate", "A linearizable key-value store, cut in two"]) {
      await playground.prepared(title);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      const { written, touching, turns } = await page.evaluate(() => {
        type Box = { text: string; corners: [number, number][] };
        const { texts } = window as unknown as { texts: Box[] };
        // Two convex boxes meet unless some side of one has all of the other beyond it.
        const apart = (one: Box, other: Box): boolean =>
          one.corners.some(([x, y], side) => {
            const [nx = 0, ny = 0] = one.corners[(side + 1) % 4] ?? [];
            const beyond = ([px, py]: [number, number]): number => (nx - x) * (py - y) - (ny - y) * (px - x);
            return other.corners.every((corner) => beyond(corner) < 0.5);
          });
        const meets: string[] = [];
        texts.forEach((one, ordinal) =>
          texts.slice(ordinal + 1).forEach((other) => {
            if (one.text !== other.text && !apart(one, other) && !apart(other, one)) meets.push(`${one.text} | ${other.text}`);
          }),
        );
        const turn = ({ corners: [[x, y] = [0, 0], [x2, y2] = [0, 0]] }: Box): number => (Math.atan2(y2 - y, x2 - x) * 180) / Math.PI;
        return { written: texts.map(({ text }) => text), touching: meets, turns: texts.filter(({ text }) => !text.startsWith("cut")).map(turn) };
      });
      expect(written.length).toBeGreaterThan(12);
      expect(touching).toEqual([]);
      // Texts are turned with their arrows, so far that they are read without turning one's head.
      expect(turns.some((turn) => Math.abs(turn) > 2)).toBe(true);
      expect(turns.filter((turn) => Math.abs(turn) > 41)).toEqual([]);
      // A broadcast is written once, and so are its answers.
      const broadcasts = written.filter((text) => /^(append|ok to) \d+$/.test(text));
      expect(broadcasts.length).toBeGreaterThan(1);
      expect(new Set(broadcasts).size).toBe(broadcasts.length);
    }
  });
});
