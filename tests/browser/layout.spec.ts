// One stage: the canvas has most of the window, nothing overlaps or is cut off, the rail and the dock fold, move and
// are remembered, and what is selected stands where time has not come yet.

import type { Page } from "@playwright/test";

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const PANELS = ["playground-header", ".side", "playground-diagram", "playground-dock", "playground-transport"];

interface Box {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where the main parts of the page stand, of those that are to be seen. */
async function boxes(page: Page, names: readonly string[] = PANELS): Promise<Box[]> {
  const found: Box[] = [];
  for (const name of names) {
    const panel = page.locator(`playground-app ${name}`).first();
    const box = (await panel.isVisible()) ? await panel.boundingBox() : null;
    if (box !== null && box.width > 0 && box.height > 0) found.push({ name, ...box });
  }
  return found;
}

function overlaps(all: readonly Box[]): string[] {
  return all.flatMap((one, ordinal) =>
    all
      .slice(ordinal + 1)
      .filter((other) => {
        const wide = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
        const high = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
        return wide > 1 && high > 1;
      })
      .map((other) => `${one.name} and ${other.name}`),
  );
}

async function expectWhole(playground: Playground, { width, height }: { width: number; height: number }, names: readonly string[] = PANELS): Promise<Box[]> {
  const { page } = playground;
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  const all = await boxes(page, names);
  expect(overlaps(all), "panels that overlap").toEqual([]);
  for (const { name, x, y, width: wide, height: high } of all) {
    expect(x, `the left edge of ${name}`).toBeGreaterThanOrEqual(-0.5);
    expect(x + wide, `the right edge of ${name}`).toBeLessThanOrEqual(width + 0.5);
    expect(y + high, `the lower edge of ${name}`).toBeLessThanOrEqual(height + 0.5);
  }
  const scroll = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight }));
  expect(scroll.wide, "no scrolling to the side").toBeLessThanOrEqual(width);
  expect(scroll.high, "no scrolling of the page as a whole").toBeLessThanOrEqual(height);
  return all;
}

/** What part of the window the canvas alone has. */
async function share({ page, canvas }: Playground): Promise<number> {
  const { width = 0, height = 0 } = (await canvas.boundingBox()) ?? {};
  const { width: wide = 1, height: high = 1 } = page.viewportSize() ?? {};
  return (width * height) / (wide * high);
}

for (const { width, height, least, where } of [
  { width: 1440, height: 900, least: 0.6, where: "at 1440 × 900" },
  { width: 1280, height: 720, least: 0.55, where: "at 1280 × 720" },
  { width: 720, height: 450, least: 0.45, where: "at 200 % of 1440 × 900" },
  { width: 640, height: 360, least: 0.45, where: "at 200 % of 1280 × 720" },
]) {
  test.describe(where, () => {
    test.use({ viewport: { width, height } });

    test(`the canvas alone has ${least * 100} % of the window`, async ({ playground, page }) => {
      expect(await share(playground)).toBeGreaterThanOrEqual(least);
      await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
      expect(await share(playground), "and when all is there").toBeGreaterThanOrEqual(least);
    });
  });
}

for (const { width, height } of [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1024, height: 768 },
]) {
  test.describe(`at ${width} × ${height}`, () => {
    test.use({ viewport: { width, height } });

    test("everything is on one screen", async ({ playground }) => {
      const all = await expectWhole(playground, { width, height });
      expect(all.map(({ name }) => name)).toEqual(PANELS);
      await expect(playground.verdict).toBeInViewport({ ratio: 1 });
    });

    test("what is selected stands after the playhead, and moves nothing", async ({ playground }) => {
      await playground.playFor(2);
      const before = await share(playground);
      await playground.process("n1").click();
      await expect(playground.inspector).toBeVisible();
      await expectWhole(playground, { width, height });
      expect(await share(playground)).toBe(before);
      const card = await playground.page.locator("playground-inspector").boundingBox();
      expect(await playheadY(playground), "the playhead stands above the card").toBeLessThan(card?.y ?? 0);
    });
  });
}

/** Where on the screen the playhead is drawn, with time down. */
async function playheadY(playground: Playground): Promise<number> {
  const box = await playground.canvas.boundingBox();
  const [from = NaN, to = NaN] = ((await playground.page.locator("#range").textContent()) ?? "").split(" to ").map(Number.parseFloat);
  const head = 40;
  const now = await playground.time();
  return (box?.y ?? 0) + head + ((now - from) / (to - from)) * ((box?.height ?? 0) - head);
}

const boxOf = async (page: Page, name: string): Promise<Box> => ({ name, x: 0, y: 0, width: 0, height: 0, ...(await page.locator(name).boundingBox()) });
const kept = (page: Page): Promise<string | null> => page.evaluate(() => sessionStorage.getItem("playground-layout"));

test.describe("the rail and the dock", () => {
  test.beforeEach(async ({ page, playground }) => {
    await expect(playground.canvas).toBeVisible();
    await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  });

  test("are folded and unfolded by buttons, and by keys", async ({ playground, page }) => {
    const { width } = await boxOf(page, "playground-diagram");
    await playground.button("Fold the rail").click();
    await expect.poll(async () => (await boxOf(page, "playground-diagram")).width).toBeGreaterThan(width + 150);
    await playground.button("Show the rail").click();
    await expect.poll(async () => (await boxOf(page, "playground-diagram")).width).toBe(width);
    const { height } = await boxOf(page, "playground-dock");
    await playground.button("Fold the panels").press("Enter");
    await expect.poll(async () => (await boxOf(page, "playground-dock")).height).toBeLessThan(32);
    await playground.show("Clients");
    await expect.poll(async () => (await boxOf(page, "playground-dock")).height, "a panel that is chosen is shown").toBe(height);
  });

  test("are resized with the pointer, and stay so for the session", async ({ playground, page }) => {
    expect(await kept(page)).toBeNull();
    const rail = await boxOf(page, ".side");
    await page.mouse.move(rail.width, rail.y + 300);
    await page.mouse.down();
    await page.mouse.move(rail.width + 60, rail.y + 300, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await boxOf(page, ".side")).width).toBeGreaterThan(rail.width + 50);
    const { width } = await boxOf(page, ".side");
    expect(await kept(page)).not.toBeNull();
    await page.reload();
    await expect(playground.canvas).toBeVisible();
    await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
    await expect.poll(async () => Math.abs((await boxOf(page, ".side")).width - width)).toBeLessThan(2);
  });

  test("are resized with the arrow keys, and folded with Enter", async ({ page }) => {
    const divider = page.getByRole("separator", { name: "Height of the panels" });
    const { height } = await boxOf(page, "playground-dock");
    await divider.focus();
    for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press("ArrowUp");
    await expect.poll(async () => (await boxOf(page, "playground-dock")).height).toBeGreaterThan(height + 20);
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await boxOf(page, "playground-dock")).height).toBeLessThan(32);
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await boxOf(page, "playground-dock")).height).toBeGreaterThan(height + 20);
    await expect(page.getByRole("separator", { name: "Width of the rail" })).toBeVisible();
  });

  test("the dock's tabs are one stop, and the arrows lead from one to the next", async ({ playground, page }) => {
    await playground.show("Logs");
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "Clients" })).toBeFocused();
    await expect(playground.history).toBeVisible();
    await page.keyboard.press("End");
    await expect(page.getByRole("tab", { name: /^Events/ })).toHaveAttribute("aria-selected", "true");
    await expect(page.getByTestId("event-row").first()).toBeVisible();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "Logs" })).toBeFocused();
  });
});

/** What has the focus, whichever shadow tree it is in. */
function focused(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element === null || element === document.body ? null : (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replaceAll(/\s+/g, " ");
  });
}

test("the Tab key stops at few places: a way to the diagram first, and Play within five", async ({ playground, page }) => {
  await page.reload();
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  const stops: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const name = await focused(page);
    if (name === null) break;
    stops.push(name);
  }
  expect(stops[0]).toBe("Skip to the diagram");
  expect(stops.slice(0, 5)).toContain("Play");
  console.log(`  ${stops.length} stops of the Tab key: ${stops.map((name) => name.slice(0, 30)).join(" | ")}`);
  expect(stops.length).toBeLessThanOrEqual(30);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(playground.canvas).toBeFocused();
});

test("the arrows lead from one control of a group to the next", async ({ playground, page }) => {
  await playground.tabTo(playground.play);
  await page.keyboard.press("ArrowRight");
  await expect(playground.button("Step forward")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(playground.button("Step back")).toBeFocused();
  const { event } = await playground.at();
  await page.keyboard.press("Enter");
  await playground.expectEvent(event - 1);
  await playground.tabTo(page.getByRole("link", { name: "Playground" }));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Playground" })).toHaveAttribute("aria-current", "false");
});

test("presented, there are the diagram, the captions and one panel, large, and nothing else", async ({ playground, page }) => {
  await page.goto("./#run=cut-the-leader-off");
  const card = page.getByRole("region", { name: "Story" });
  await expect(card.getByText("1 of 6")).toBeVisible();
  const size = (): Promise<number> => card.getByRole("heading").evaluate((heading) => heading.getBoundingClientRect().height);
  const before = await size();
  await page.keyboard.press("p");
  for (const gone of [playground.play, page.getByRole("navigation", { name: "Rooms" }), playground.cluster]) await expect(gone).toBeHidden();
  await expect(playground.canvas).toBeVisible();
  await expect(playground.logs).toBeVisible();
  expect(await size()).toBeGreaterThan(before * 1.3);
  await playground.show("Clients");
  await expect(playground.history).toBeVisible();
  await page.keyboard.press("PageDown");
  await expect(card.getByText("2 of 6")).toBeVisible();
  await page.keyboard.press("PageUp");
  await expect(card.getByText("1 of 6")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(playground.play).toBeVisible();
  await expect(card).toBeVisible();
});

test("the cluster has the stage, with what its messages say, and gives it back", async ({ playground, page }) => {
  await playground.button("Cluster").click();
  await expect(playground.canvas).toHaveCount(0);
  const ring = await playground.cluster.boundingBox();
  expect(ring?.height).toBeGreaterThan(300);
  await playground.stepUntil(playground.cluster.locator("svg.large text.label"));
  await page.keyboard.press("m");
  await expect(playground.canvas).toBeVisible();
});

test.describe("at 360 × 740", () => {
  const size = { width: 360, height: 740 };
  test.use({ viewport: size });
  const views = { Diagram: ".stage", Cluster: ".side", Logs: "playground-dock", Clients: "playground-dock", Promises: "playground-dock", Events: "playground-dock" };

  test("one view at a time, chosen below, with the transport always in reach", async ({ playground, page }) => {
    for (const [name, panel] of Object.entries(views)) {
      const tab = page.getByRole("navigation", { name: "Views" }).getByRole("button", { name });
      await tab.click();
      await expect(tab).toHaveAttribute("aria-pressed", "true");
      const all = await expectWhole(playground, size, ["playground-header", ".stage", ".side", "playground-dock", "playground-transport", "nav.tabs"]);
      expect(all.map((box) => box.name)).toEqual(["playground-header", panel, "playground-transport", "nav.tabs"]);
      await expect(playground.play).toBeInViewport({ ratio: 1 });
      await expect(playground.verdict).toBeInViewport({ ratio: 1 });
      expect(all[0]?.height, "the header is one row").toBeLessThanOrEqual(44);
    }
  });

  test("nothing inside a view needs more space than there is", async ({ playground, page }) => {
    for (const [name, panel] of Object.entries(views)) {
      await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name }).click();
      const tooWide = await page.locator(`playground-app ${panel}`).first().evaluate((host, width) => {
        const found: string[] = [];
        const look = (tree: Element | ShadowRoot): void => {
          for (const element of tree.querySelectorAll("button, input, select, p, h2, summary")) {
            const place = element.getBoundingClientRect();
            const scrolls = element.closest(".scroll, .grid, .tabs, [role=table]") !== null;
            if (place.width > 0 && !scrolls && (place.right > width + 1 || place.left < -1)) found.push(`${element.tagName} ${element.textContent}`.slice(0, 60));
          }
          for (const element of tree.querySelectorAll("*")) if (element.shadowRoot !== null) look(element.shadowRoot);
        };
        if (host.shadowRoot !== null) look(host.shadowRoot);
        look(host);
        return found;
      }, size.width);
      expect(tooWide, name).toEqual([]);
      await expect(playground.play).toBeInViewport();
    }
  });

  test("what is pressed often is 40 pixels high", async ({ playground, page }) => {
    await page.goto("./#run=cut-the-leader-off");
    const card = page.getByRole("region", { name: "Story" });
    for (const control of [playground.play, card.getByRole("button", { name: "Back" }), card.getByRole("button", { name: "Next" })]) {
      expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    }
    const [shown, canvas] = [await card.boundingBox(), await playground.canvas.boundingBox()];
    expect((canvas?.y ?? 0) + (canvas?.height ?? 0), "the captions stand below the diagram").toBeLessThanOrEqual((shown?.y ?? 0) + 1);
  });

  test("the leader is cut off and the network healed with a thumb", async ({ playground, page }) => {
    const tabs = page.getByRole("navigation", { name: "Views" });
    await tabs.getByRole("button", { name: "Cluster" }).click();
    await playground.button(/^Cut off the leader/).click();
    await playground.playFor(1);
    await tabs.getByRole("button", { name: "Clients" }).click();
    await expect(playground.clientRow("c2")).toBeVisible();
    await tabs.getByRole("button", { name: "Cluster" }).click();
    await playground.heal();
    await playground.playFor(1);
    await expect(playground.verdict).toHaveText(/^\s*linearizable/);
  });
});
