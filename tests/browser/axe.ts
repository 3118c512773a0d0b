// What axe finds wrong with a page as it is: nothing is to be.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect } from "./page.ts";

/** Without `iframes`, the page alone: each frame is a document with landmarks of its own, which axe compares with those of all others. */
export async function expectNothingForAxe({ page }: { page: Page }, { iframes = true } = {}): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"], iframes }).analyze();
  expect(violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ target, failureSummary }) => [target, failureSummary]) }))).toEqual([]);
}
