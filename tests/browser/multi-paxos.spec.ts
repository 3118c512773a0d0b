// Multi-Paxos in the page: chosen from the header, its slots, its leader, a gap, and the partition demo with its
// verdict.

import type { Locator } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const protocol = ({ page }: Playground): Locator => page.getByRole("combobox", { name: "Protocol" });
const board = ({ page }: Playground): Locator => page.getByRole("region", { name: "Slots" });
const caption = ({ cluster }: Playground): Locator => cluster.locator(".caption");

function acceptor(playground: Playground, name: string): Locator {
  return board(playground).getByTestId("slot-row").and(playground.page.locator(`[data-node="${name}"]`));
}

function slot(playground: Playground, number: number): Locator {
  return board(playground).getByTestId("slot").and(playground.page.locator(`[data-slot="${number}"]`));
}

const inSlot = (row: Locator, number: number): Locator => row.locator(`[data-slot="${number}"]`);

async function chooseMultiPaxos(playground: Playground): Promise<void> {
  await playground.choose("multi-paxos", board(playground));
}

test("the minority's side chooses nothing while the majority's does, and after healing the history is linearizable", async ({ playground }) => {
  await chooseMultiPaxos(playground);
  // Past all that was prepared for this run.
  await playground.playUntil(() => expect.poll(() => playground.time()).toBeGreaterThan(2.6));
  await expect(caption(playground)).toHaveText(/^n\d leads ballot/);
  await playground.cut(["n1", "n2", "c1"], ["n3", "n4", "n5", "c2", "c3"]);
  const before = { c1: await playground.answered("c1"), c2: await playground.answered("c2"), c3: await playground.answered("c3") };

  await playground.playFor(2.5);
  expect(await playground.answered("c1"), "nothing is chosen on the minority's side").toBeLessThanOrEqual(before.c1 + 1);
  expect(await playground.answered("c2")).toBeGreaterThan(before.c2);
  expect(await playground.answered("c3")).toBeGreaterThan(before.c3);
  await expect(caption(playground)).toHaveText(/^n[345] leads ballot \d+\.n[345]/);

  const unserved = await playground.answered("c1");
  await playground.heal();
  await playground.playUntil(() => expect.poll(() => playground.answered("c1"), "the minority's client is served again").toBeGreaterThan(unserved + 3));
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("the prepared partition by the keyboard alone: the leader is cut off, another takes over, and the verdict is linearizable", async ({ playground, page }) => {
  test.slow();
  await playground.tabTo(protocol(playground));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(board(playground)).toBeVisible();
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  await playground.tabTo(playground.button("Leave the story"));
  await page.keyboard.press("Enter");
  await playground.tabTo(playground.speed);
  for (let done = 0; done < 30; done += 1) await page.keyboard.press("ArrowRight");
  await playground.tabTo(playground.play);
  await page.keyboard.press("Space");
  await expect.poll(() => playground.time()).toBeGreaterThan(3);
  await page.keyboard.press("Space");
  await expect(playground.play).toHaveText("Play");
  await expect(caption(playground)).toHaveText(/leads ballot/);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("a gap is seen as a gap, and the next leader fills it with a no-op", async ({ playground }) => {
  await chooseMultiPaxos(playground);
  await playground.prepared("A gap in the log");
  // The run opens on a still that shows it.
  await expect(acceptor(playground, "n2").getByTestId("gap")).toHaveAccessibleName(/slot 1: a gap/);
  await expect(slot(playground, 1)).toHaveAttribute("data-chosen", "");
  await expect(inSlot(acceptor(playground, "n2"), 2)).toHaveAttribute("data-chosen", "false");

  await playground.playUntil(() => expect(slot(playground, 1)).toHaveAttribute("data-chosen", "no-op"), 0.5);
  await expect(acceptor(playground, "n2").getByTestId("gap")).toHaveCount(0);
  await expect(slot(playground, 2)).toHaveAttribute("data-chosen", /put y/);
  await expect(inSlot(acceptor(playground, "n1"), 1), "what n1 accepted in its own ballot is not what is chosen").toHaveAttribute("data-chosen", "false");
});

test("slots that were applied are folded once the state is saved", async ({ playground }) => {
  await chooseMultiPaxos(playground);
  await playground.healButton.click();
  await playground.playUntil(() => expect(board(playground).locator(".folded").first()).toBeVisible(), 10);
  await expect(board(playground).locator(".folded").first()).toHaveAccessibleName(/forgotten: the saved state stands for them/);
});

test.describe("axe", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("the slots, with a gap", async ({ playground, page }) => {
    await chooseMultiPaxos(playground);
    await playground.prepared("A gap in the log");
    await expect(acceptor(playground, "n2").getByTestId("gap")).toHaveCount(1);
    await expectNothingForAxe({ page });
  });
});
