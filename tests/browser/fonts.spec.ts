import type { Page, Route } from "@playwright/test";

import { Playground, expect, test } from "./playground.ts";

const FAMILIES = ["Source Sans 3", "Source Serif 4", "Source Code Pro"];
const TOTAL_MAX_BYTES = 64 * 1_024;

/** The page's own fonts that have come. */
const loaded = (page: Page) =>
  page.evaluate((families) => [...document.fonts].filter(({ family, status }) => status === "loaded" && families.includes(family.replaceAll('"', ""))).length, FAMILIES);

/** How far the page's parts have jumped, in sum, but for what a person has done. */
const jumped = (page: Page) => page.evaluate(() => (globalThis as unknown as { jumped: { sum: number } }).jumped.sum);

/** Opens the page without its fonts, which come when what this returns is called. */
async function openWithoutFonts(page: Page): Promise<() => void> {
  const kept: Route[] = [];
  let isOpen = false;
  await page.route("**/*.woff2", (route) => (isOpen ? void route.continue() : void kept.push(route)));
  // Its "load" would wait for them.
  await page.goto("./", { waitUntil: "commit" });
  await expect(new Playground(page).tape).toHaveAttribute("aria-valuetext", /event [1-9]/);
  return () => {
    isOpen = true;
    for (const route of kept) void route.continue();
  };
}

test("the page is set in its own fonts, which are small", async ({ page }) => {
  const sizes: number[] = [];
  const measured: Promise<void>[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith(".woff2")) measured.push(response.body().then((body) => void sizes.push(body.length)));
  });
  await new Playground(page).open();
  await expect.poll(() => loaded(page)).toBe(FAMILIES.length);
  await Promise.all(measured);
  expect(sizes).toHaveLength(FAMILIES.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`  fonts: ${total} bytes, of ${TOTAL_MAX_BYTES}`);
  expect(total).toBeLessThanOrEqual(TOTAL_MAX_BYTES);
});

for (const viewport of [{ width: 1440, height: 900 }, { width: 360, height: 740 }]) {
  test(`nothing jumps when the fonts come, ${viewport.width} px`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await page.addInitScript(() => {
      const seen = { sum: 0 };
      Object.assign(globalThis, { jumped: seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
          if (!entry.hadRecentInput) seen.sum += entry.value;
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    const come = await openWithoutFonts(page);
    // The page stands, in other fonts.
    expect(await loaded(page)).toBe(0);
    // What is fetched later has come, too.
    await expect.poll(() => page.evaluate(() => performance.getEntriesByName("complete").length)).toBe(1);
    await page.waitForTimeout(500);
    const before = await jumped(page);
    come();
    await expect.poll(() => loaded(page)).toBe(FAMILIES.length);
    await page.waitForTimeout(500);
    // A word may move by a pixel within its line.
    expect((await jumped(page)) - before).toBeLessThan(0.000_1);
  });
}

test("the diagram is drawn again when the fonts have come", async ({ page }) => {
  const come = await openWithoutFonts(page);
  const picture = () => new Playground(page).canvas.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await picture();
  come();
  await expect.poll(() => loaded(page)).toBe(FAMILIES.length);
  await expect.poll(picture).not.toBe(before);
});

test("the fonts' licences are shipped beside them", async ({ page }) => {
  for (const name of ["source-sans-3", "source-serif-4", "source-code-pro"]) {
    const response = await page.request.get(`./assets/${name}-LICENSE.txt`);
    expect(await response.text()).toContain("SIL OPEN FONT LICENSE");
  }
});
