// One screen: nothing overlaps, nothing is cut off at the side, the transport is always in reach.

import type { Page } from "@playwright/test";

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const PANELS = ["playground-header", ".side", "playground-diagram", "playground-inspector", "playground-logs", "playground-history", "playground-transport"];

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

for (const { width, height, seen } of [
  { width: 1440, height: 900, seen: 7 },
  { width: 1280, height: 800, seen: 7 },
  { width: 1024, height: 768, seen: 6 },
]) {
  test.describe(`at ${width} × ${height}`, () => {
    test.use({ viewport: { width, height } });

    test("everything is on one screen, side by side", async ({ playground }) => {
      const all = await expectWhole(playground, { width, height });
      expect(all.map(({ name }) => name)).toHaveLength(seen);
      const diagram = all.find(({ name }) => name === "playground-diagram");
      expect((diagram?.width ?? 0) * (diagram?.height ?? 0), "the diagram is the heart of the page").toBeGreaterThan(width * height * 0.25);
    });

    test("it stays so while a run is long and something is selected", async ({ playground }) => {
      await playground.playFor(3);
      await playground.process("n1").click();
      await expect(playground.inspector).toBeVisible();
      await expectWhole(playground, { width, height }, PANELS.filter((name) => width > 1180 || name !== "playground-inspector"));
      const controls = await playground.play.boundingBox();
      expect(controls?.y ?? height).toBeLessThan(height - 20);
    });
  });
}

test.describe("at 360 × 740", () => {
  const size = { width: 360, height: 740 };
  test.use({ viewport: size });
  const views = { Messages: "playground-diagram", Cluster: ".side", Logs: "playground-logs", Clients: "playground-history", Inspect: "playground-inspector" };

  test("one view at a time, chosen below, with the transport always in reach", async ({ playground, page }) => {
    for (const [name, panel] of Object.entries(views)) {
      const tab = page.getByRole("navigation", { name: "Views" }).getByRole("button", { name });
      await tab.click();
      await expect(tab).toHaveAttribute("aria-pressed", "true");
      const all = await expectWhole(playground, size, [...PANELS, ".tabs"]);
      expect(all.map((box) => box.name)).toEqual(["playground-header", panel, "playground-transport", ".tabs"]);
      await expect(playground.play).toBeInViewport({ ratio: 1 });
      await expect(playground.verdict).toBeInViewport({ ratio: 1 });
    }
  });

  test("nothing inside a view needs more space than there is", async ({ playground, page }) => {
    for (const [name, panel] of Object.entries(views)) {
      await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name }).click();
      const tooWide = await page.locator(`playground-app ${panel}`).first().evaluate((host, width) => {
        const found: string[] = [];
        const look = (tree: Element | ShadowRoot): void => {
          for (const element of tree.querySelectorAll("button, input, select, p, h2, summary")) {
            const box = element.getBoundingClientRect();
            const scrolls = element.closest(".scroll, .grid, [role=table]") !== null;
            if (box.width > 0 && !scrolls && (box.right > width + 1 || box.left < -1)) found.push(`${element.tagName} ${element.textContent}`.slice(0, 60));
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

  test("the partition is cut and healed with a thumb", async ({ playground, page }) => {
    const tabs = page.getByRole("navigation", { name: "Views" });
    await tabs.getByRole("button", { name: "Cluster" }).click();
    await playground.cut(["n1", "n2", "c1"], ["n3", "n4", "n5", "c2", "c3"]);
    await playground.playFor(1);
    await tabs.getByRole("button", { name: "Clients" }).click();
    await expect(playground.clientRow("c2")).toBeVisible();
    await tabs.getByRole("button", { name: "Cluster" }).click();
    await playground.heal();
    await playground.playFor(1);
    await expect(playground.verdict).toHaveText(/^\s*linearizable/);
  });
});
