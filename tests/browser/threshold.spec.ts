// Quorums: the arithmetic, and what is seen when it is tried out.

import type { Locator, Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test } from "./page.ts";

async function enter(page: Page): Promise<void> {
  await page.goto("./#threshold");
  await expect(page.getByRole("heading", { name: "Quorums: how many may lie?" })).toBeVisible();
}

const slider = (page: Page, name: string): Locator => page.getByRole("slider", { name: new RegExp(`^${name}, `) });

function row(page: Page, n: number, q: number): Locator {
  return page.getByRole("table", { name: "What was seen" }).locator(`[data-n="${n}"][data-q="${q}"]`);
}

test("with four replicas and one liar, quorums of three keep both; with three replicas, each choice loses one", async ({ page }) => {
  await enter(page);
  const [agreement, progress] = [page.getByTestId("agreement"), page.getByTestId("progress")];
  await expect(agreement).toContainText("is kept");
  await expect(progress).toContainText("is kept");
  await slider(page, "n").fill("3");
  await expect(agreement, "q = 3 still").toContainText("is kept");
  await expect(progress).toContainText("is lost");
  await page.getByRole("button", { name: "q = n − f = 2" }).click();
  await expect(agreement).toContainText("is lost");
  await expect(progress).toContainText("is kept");
  await expect(page.getByTestId("lens")).toHaveAttribute("data-honest", "0");
  await expect(page.getByText("no quorum keeps both")).toBeVisible();
});

test("the sliders are moved with the keyboard", async ({ page }) => {
  await enter(page);
  await slider(page, "f").focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByTestId("agreement"), "two liars among four").toContainText("is lost");
});

test("tried out: with n = 3f honest replicas decide differently or stall, with one more neither; a run that shows it opens in the playground", async ({ page }) => {
  test.slow();
  await enter(page);
  await page.getByRole("button", { name: "Run the table for f = 1" }).click();
  await expect(row(page, 4, 3)).toContainText("150", { timeout: 90_000 });
  await expect(row(page, 4, 3)).toContainText("✓ kept");
  await expect(row(page, 4, 3)).toContainText("✓ made");
  await expect(row(page, 3, 2)).toContainText(/broken in \d+/);
  await expect(row(page, 3, 3)).toContainText("✓ kept");
  await expect(row(page, 3, 3)).toContainText(/stalled in \d+/);

  const found = row(page, 3, 2).getByRole("button", { name: /^See run/ }).first();
  await expect(found).toHaveAttribute("title", /commits .*, and .* commits /);
  await found.click();
  await expect(page.getByRole("region", { name: "Votes" })).toBeVisible();
  await page.getByRole("button", { name: "Proofs" }).or(page.getByRole("button", { name: /^Proofs \(/ })).first().click();
  await expect(page.getByTestId("agreement")).toContainText("Honest replicas disagree.");
});

for (const width of [1440, 360]) {
  test.describe(`axe, ${width} pixels`, () => {
    test.use({ viewport: { width, height: 800 } });

    test("the page, with something found", async ({ page }) => {
      await enter(page);
      await slider(page, "n").fill("3");
      await page.getByRole("button", { name: /^Try n = 3, f = 1, q = 3/ }).click();
      await expect(row(page, 3, 3)).toContainText(/stalled in \d+/);
      await expectNothingForAxe({ page });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), "no wider than the window").toBeLessThanOrEqual(width);
    });
  });
}
