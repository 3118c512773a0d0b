// Tendermint in the page: rounds, votes, locks, the chain, and who voted twice.

import { AxeBuilder } from "@axe-core/playwright";

import type { Locator } from "@playwright/test";

import { LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const board = ({ page }: Playground): Locator => page.getByRole("region", { name: "Rounds" });

async function chooseTendermint(playground: Playground): Promise<void> {
  await playground.page.getByRole("combobox", { name: "Protocol" }).selectOption("tendermint");
  await expect(board(playground)).toBeVisible();
}

test("heights are decided one after the other, and the chain grows", async ({ playground, page }) => {
  await chooseTendermint(playground);
  await playground.prepared("A block a height");
  const blocks = board(playground).locator(".chain li");
  const before = await blocks.last().textContent();
  await playground.playFor(0.5);
  await expect(blocks.last()).not.toHaveText(before ?? "");
  await expect(page.getByTestId("validator")).toHaveCount(4);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("a proposer with two faces: no polka, a round that ends with nil, another proposer, and evidence", async ({ playground, page }) => {
  await chooseTendermint(playground);
  await playground.prepared("A proposer with two faces");
  const second = page.getByTestId("round").and(page.locator('[data-round="1"]'));
  await playground.stepUntil(second);
  await expect(page.getByTestId("round").and(page.locator('[data-round="0"]'))).toContainText("nil");
  await expect(page.getByTestId("round").and(page.locator('[data-round="0"]')).getByText("decided")).toHaveCount(0);
  await playground.playFor(1);
  await playground.button(/^Proofs/).click();
  const proof = page.getByTestId("proof").and(page.locator('[data-culprit="n1"]'));
  await expect(proof.getByTestId("holder")).not.toHaveCount(0);
  await expect(page.getByTestId("agreement")).toContainText("Honest replicas agree.");
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("voting twice is proved by two votes, each with a message", async ({ playground, page }) => {
  await chooseTendermint(playground);
  await playground.prepared("Voting twice");
  await playground.playFor(0.5);
  await playground.button(/^Proofs/).click();
  const proof = page.getByTestId("proof").and(page.locator('[data-culprit="n4"]'));
  const halves = proof.getByRole("listitem");
  await expect(halves).toHaveCount(2);
  await halves.nth(1).getByRole("button").click();
  await expect(playground.inspector).toContainText("from n4 to n1");
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`axe, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport: { width: 1440, height: 900 } });

    test("rounds and proofs", async ({ playground, page }) => {
      await chooseTendermint(playground);
      await playground.prepared("A proposer with two faces");
      await playground.playFor(0.5);
      for (const view of ["Votes", /^Proofs/]) {
        await playground.button(view).click();
        const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
        expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ target, failureSummary }) => [target, failureSummary]) }))).toEqual([]);
      }
    });
  });
}
