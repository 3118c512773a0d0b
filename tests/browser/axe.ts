// What axe finds wrong with a page as it is: nothing is to be.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect } from "./page.ts";

export async function expectNothingForAxe({ page }: { page: Page }): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.filter(({ target }) => !(id === "landmark-unique" && target.length > 1)).map(({ target, failureSummary }) => [target, failureSummary]) }));
  // A frame is a document with landmarks of its own, and has a title: that another frame of the page has landmarks of the same names confuses nobody.
  expect(found.filter(({ where }) => where.length > 0)).toEqual([]);
}
