// What axe finds wrong with a page as it is: nothing is to be, in the light and in the dark.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect } from "./page.ts";

/** As it is in the light, and as it becomes in the dark. `within` is a part of it, where not the whole page is meant. */
export async function expectNothingForAxe({ page }: { page: Page }, within?: string): Promise<void> {
  expect(await found(page, within), "in the light").toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  await settled(page);
  expect(await found(page, within), "in the dark").toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  await settled(page);
}

async function found(page: Page, within?: string): Promise<object[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  if (within !== undefined) axe.include(within);
  const { violations } = await axe.analyze();
  const wrong = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.filter(({ target }) => !(id === "landmark-unique" && target.length > 1)).map(({ target, failureSummary }) => [target, failureSummary]) }));
  // A frame is a document with landmarks of its own, and has a title: that another frame of the page has landmarks of the same names confuses nobody.
  return wrong.filter(({ where }) => where.length > 0);
}

/** Once the colours have changed over: what moves for ever is left to move. */
async function settled(page: Page): Promise<void> {
  const all = page.frames().map((frame) =>
    frame.evaluate(async () => {
      const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ending.map(({ finished }) => finished));
    }),
  );
  await Promise.all(all);
}
