// When did it become inevitable? The strip above the tape counts forks that end as the run does; by pointer and by keys.

import type { Locator, Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { LINEARIZABLE, NOT_LINEARIZABLE, expect, test as pageTest } from "./playground.ts";
import type { Playground } from "./playground.ts";

/** The strip as a person knows it. */
class Strip {
  readonly region: Locator;
  readonly sentence: Locator;
  readonly outcome: Locator;
  readonly plot: Locator;
  readonly stop: Locator;
  readonly again: Locator;
  readonly rows: Locator;

  constructor(readonly page: Page) {
    this.region = page.getByRole("region", { name: "When did it become inevitable?" });
    this.sentence = page.getByTestId("likelihood");
    this.outcome = page.getByRole("combobox", { name: "How the run ends" });
    this.plot = page.getByRole("slider", { name: /^Forks that end so/ });
    this.stop = this.region.getByRole("button", { name: "Stop" });
    this.again = this.region.getByRole("button", { name: "Count again" });
    this.rows = this.region.getByRole("row");
  }

  async over(): Promise<void> {
    await expect(this.sentence).toContainText("forks end so", { timeout: 60_000 });
  }

  async openNumbers(): Promise<void> {
    await this.region.getByText("Numbers").click();
    await expect(this.rows.nth(1)).toBeVisible();
  }
}

const test = pageTest.extend<{ strip: Strip }>({
  strip: async ({ page }, use) => {
    await use(new Strip(page));
  },
});

/** A stale read, up to where it is one. */
async function openStaleRead(playground: Playground): Promise<void> {
  await playground.prepared("A stale read");
  await playground.playUntil(() => expect(playground.verdict).toHaveText(NOT_LINEARIZABLE));
}

test("by keys: the strip opens, arrows lead from moment to moment, Enter goes there, and its key closes it", async ({ playground, strip, page }) => {
  await page.keyboard.press("w");
  await expect(strip.plot).toBeFocused();
  await strip.over();
  await expect(strip.sentence).not.toContainText(/certain|inevitable/);
  await page.keyboard.press("Home");
  await expect(strip.plot).toHaveAttribute("aria-valuetext", /^0\.000 s, event 0: \d+ of 30 forks$/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(strip.plot).toHaveAttribute("aria-valuenow", "3");
  const words = (await strip.plot.getAttribute("aria-valuetext")) ?? "";
  const event = Number(/event (\d+):/.exec(words)?.[1]);
  await page.keyboard.press("Enter");
  await playground.expectEvent(event);
  await page.keyboard.press("w");
  await expect(strip.region).toHaveCount(0);
});

test("of a broken promise Show why leads to the strip, and a press on a jump leads there", async ({ playground, strip, page }) => {
  await openStaleRead(playground);
  await playground.button("Show why").click();
  await playground.button("When did it become inevitable?").click();
  await expect(strip.outcome).toHaveValue("broken:linearizability");
  await strip.over();
  await expect(strip.sentence).toHaveText(/^From \d\.\d{3} s \(event \d+\) on, 30 of 30 forks end so; at the moment before \d+ did, at the beginning \d+\.$/);

  await strip.openNumbers();
  const jump = strip.region.locator("tr.jumps").first();
  const event = Number((await jump.locator("td").first().innerText()).replaceAll(",", ""));
  await strip.region.getByText("Numbers").click();
  const mark = await strip.plot.locator(".jump").first().boundingBox();
  if (mark === null) throw new Error("a jump is marked");
  await page.mouse.click(mark.x + mark.width / 2, mark.y + mark.height / 2);
  await playground.expectEvent(event);
});

test("another end of the run is chosen; of a leader any was as likely at the beginning", async ({ playground, strip, page }) => {
  await expect(playground.play).toBeVisible();
  await page.keyboard.press("w");
  await strip.over();
  const leader = await strip.outcome.locator("option[value^='leader:']").first().getAttribute("value");
  await strip.outcome.selectOption(leader);
  await strip.over();
  await expect(strip.plot).toHaveAttribute("aria-label", /n\d begins to lead$/);
  await strip.openNumbers();
  const shares = (await strip.rows.locator("td:nth-child(3)").allInnerTexts()).map((text) => Number(/(\d+) of 30/.exec(text)?.[1]));
  expect(shares[0]).toBeLessThan(20);
  expect(shares.at(-1)).toBe(30);
});

test("a fork opens as a run of its own, and the strip says that it is another", async ({ playground, strip, page }) => {
  await openStaleRead(playground);
  await page.keyboard.press("w");
  await strip.over();
  await strip.openNumbers();
  await strip.region.getByRole("button", { name: /^Open a fork from 0\.000 s that does not end so/ }).click();
  await expect(strip.sentence).toContainText("This is another run.");
  await expect(page).toHaveURL(/#run=1\./);
  await page.keyboard.press("l");
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
  await expect(strip.again).toBeVisible();
});

test("any number of workers, and none, count the same", async ({ playground, strip, page }) => {
  const told: string[] = [];
  for (const cores of [2, 4, 0]) {
    await page.addInitScript((count) => {
      Object.defineProperty(navigator, "hardwareConcurrency", { value: count, configurable: true });
      if (count === 0) Reflect.deleteProperty(window, "Worker");
    }, cores);
    await page.goto("about:blank");
    await playground.open();
    await page.keyboard.press("w");
    await strip.over();
    await strip.openNumbers();
    told.push(await strip.region.getByRole("table").innerText());
  }
  expect(told[1]).toBe(told[0]);
  expect(told[2]).toBe(told[0]);
});

test("counting is stopped, and begun again; closing the strip ends the workers", async ({ playground, strip, page }) => {
  await page.context().route(/hunt_bg/, async (route) => {
    await new Promise((resume) => setTimeout(resume, 1_000));
    await route.continue();
  });
  await expect(playground.play).toBeVisible();
  await page.keyboard.press("w");
  await strip.stop.click();
  await expect(strip.sentence).toHaveText("Stopped before anything was counted.");
  await strip.again.click();
  await strip.over();
  expect(page.workers().length).toBeGreaterThan(0);
  await strip.region.getByRole("button", { name: "Close the forks" }).click();
  await expect(strip.region).toHaveCount(0);
  await expect.poll(() => page.workers().length).toBe(0);
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
]) {
  test.describe(`axe, ${viewport.width}`, () => {
    test.use({ viewport });

    test("the strip and its numbers", async ({ playground, strip, page }) => {
      test.slow();
      await page.keyboard.press("w");
      await strip.over();
      await expectNothingForAxe(playground);
      await strip.openNumbers();
      await expectNothingForAxe(playground);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide).toBe(false);
    });
  });
}
