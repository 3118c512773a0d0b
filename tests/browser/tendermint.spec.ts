// Tendermint in the page: rounds, votes, locks, the chain, and who voted twice.

import type { Locator } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const board = ({ page }: Playground): Locator => page.getByRole("region", { name: "Rounds" });

async function chooseTendermint(playground: Playground): Promise<void> {
  await playground.choose("tendermint", board(playground));
}

test("heights are decided one after the other, and the chain grows", async ({ playground, page }) => {
  await chooseTendermint(playground);
  await playground.prepared("A block in round 0");
  const blocks = board(playground).locator(".chain li");
  const before = await blocks.last().textContent();
  await playground.playFor(0.5);
  await expect(blocks.last()).not.toHaveText(before ?? "");
  await expect(page.getByTestId("validator")).toHaveCount(4);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("where the proposer is silent, a round ends with nil, and another proposer's block is decided", async ({ playground, page }) => {
  await chooseTendermint(playground);
  await playground.prepared("A silent proposer");
  // What was prepared ends long after that round; and n1 knows its own proposal.
  await playground.tape.press("Home");
  await page.getByRole("combobox", { name: "As counted by" }).selectOption({ label: "n2" });
  const round = (number: number): Locator => page.getByTestId("round").and(page.locator(`[data-round="${number}"]`));
  await playground.stepUntil(round(1));
  await expect(round(0)).toContainText("n1: none yet");
  await expect(round(0)).toContainText("nil");
  await expect(round(0).getByText(/polka|decided/)).toHaveCount(0);
  await playground.stepUntil(round(1).getByText("polka"));
  await expect(page.getByTestId("locked").filter({ hasText: "of round 1" })).not.toHaveCount(0);
});

test("a proposer with two faces: honest validators agree, and what it signed twice is proved", async ({ playground, page }) => {
  await chooseTendermint(playground);
  await playground.prepared("A proposer with two faces");
  await playground.playFor(1);
  await playground.button(/^Proofs/).click();
  const proof = page.getByTestId("proof").and(page.locator('[data-culprit="n1"]'));
  await expect(proof.getByTestId("holder")).not.toHaveCount(0);
  await expect(page.getByTestId("agreement")).toContainText("Honest replicas agree.");
  await expect(playground.verdict).toHaveText(/^\s*n1 is proved to have lied/);
  const halves = proof.getByRole("listitem");
  await expect(halves).toHaveCount(2);
  await halves.nth(1).getByRole("button").click();
  await expect(playground.inspector).toContainText("from n1 to");
});

test.describe("axe", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("rounds and proofs", async ({ playground, page }) => {
    await chooseTendermint(playground);
    await playground.prepared("A hidden lock");
    await playground.playFor(0.5);
    for (const view of ["Votes", /^Proofs/]) {
      await playground.button(view).click();
      await expectNothingForAxe({ page });
    }
  });
});
