// The demonstration that the page was made for: the network is cut in two while clients write.

import { LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

/** What must be true a good while after {n1, n2, c1} was cut off from {n3, n4, n5, c2, c3}. */
async function expectMinorityUnserved(playground: Playground, cutAt: number): Promise<void> {
  await playground.zoomHistoryOut();
  const since = (await playground.deeds("c1")).filter(({ began }) => began > cutAt);
  for (const { words } of since) {
    expect(words, "an operation of the minority's client").toMatch(/ (…|unknown|failed)$/);
  }
}

test("the minority's side is not served while the majority's is, and after healing the history is linearizable", async ({ playground }) => {
  await playground.cut(["n1", "n2", "c1"], ["n3", "n4", "n5", "c2", "c3"]);
  const cutAt = await playground.time();
  const before = { c2: await playground.answered("c2"), c3: await playground.answered("c3") };

  await playground.playFor(2.5);
  await expectMinorityUnserved(playground, cutAt);
  await expect(playground.clientRow("c1")).not.toHaveAttribute("data-not-ok", "0");
  expect(await playground.answered("c2")).toBeGreaterThan(before.c2);
  expect(await playground.answered("c3")).toBeGreaterThan(before.c3);
  expect(["n3", "n4", "n5"]).toContain(await playground.leader());

  const unserved = await playground.answered("c1");
  await playground.heal();
  await playground.playUntil(() => expect.poll(() => playground.answered("c1"), "the minority's client is served again").toBeGreaterThan(unserved + 3));
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("the same by keyboard alone", async ({ playground, page }) => {
  await playground.tabTo(playground.button("Other faults"));
  await page.keyboard.press("Enter");
  await playground.tabTo(playground.chip("n1"));
  await page.keyboard.press("b");
  await expect(playground.chip("n1")).toHaveAccessibleName("n1, on side B");
  await page.keyboard.press("a");
  await expect(playground.chip("n1")).toHaveAccessibleName("n1, on side A");

  await playground.tabTo(playground.cutButton);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("partition-state")).toContainText("30 ways");
  await page.keyboard.press("Escape");
  await expect(playground.button("Other faults")).toBeFocused();
  const cutAt = await playground.time();
  const before = { c1: await playground.answered("c1"), c2: await playground.answered("c2") };

  await playground.tabTo(playground.speed);
  for (let done = 0; done < 30; done += 1) await page.keyboard.press("ArrowRight");
  await playground.tabTo(playground.play);
  await page.keyboard.press("Space");
  await expect.poll(() => playground.time()).toBeGreaterThan(cutAt + 2);
  await page.keyboard.press("Space");
  await expect(playground.play).toHaveText("Play");
  expect(await playground.answered("c1")).toBeLessThanOrEqual(before.c1 + 1);
  expect(await playground.answered("c2")).toBeGreaterThan(before.c2 + 3);

  await playground.tabTo(playground.healButton);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("partition-state")).toHaveCount(0);
  const served = await playground.answered("c1");
  await playground.tabTo(playground.play);
  await page.keyboard.press("Space");
  await expect.poll(() => playground.answered("c1")).toBeGreaterThan(served);
  await page.keyboard.press("Space");
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("the leader is cut off with one press, and the cut is healed with another", async ({ playground, page }) => {
  const leader = await playground.leader();
  await playground.button("Cut off the leader").click();
  await expect(page.getByTestId("partition-state")).toContainText("24 ways");
  await playground.playUntil(() => expect.poll(() => playground.leader()).not.toMatch(new RegExp(`^(${leader}|)$`)));
  await playground.healButton.click();
  await expect(page.getByTestId("partition-state")).toHaveCount(0);
});

test("by keys: the same; and while nobody leads, it says why it can do nothing", async ({ playground, page }) => {
  const press = playground.button("Cut off the leader");
  await playground.tabTo(press);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  await expect(press, "once is enough").toBeDisabled();
  await expect(press).toHaveAccessibleDescription(/^n\d is cut off already\.$/);
  await playground.tabTo(playground.healButton);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("partition-state")).toHaveCount(0);
  await playground.tape.press("Home");
  await expect(press).toBeDisabled();
  await expect(press).toHaveAccessibleDescription("There is no leader at this moment.");
});

for (const [protocol, whom] of [["paxos", "proposer"], ["multi-paxos", "leader"], ["viewstamped", "primary"], ["pbft", "primary"], ["tendermint", "proposer"]] as const) {
  test(`in ${protocol}, it is the ${whom} that is cut off`, async ({ playground, page }) => {
    await page.getByRole("combobox", { name: "Protocol" }).selectOption(protocol);
    const press = playground.button(`Cut off the ${whom}`);
    await expect(press).toBeVisible();
    await playground.tape.press("Home");
    await expect(async () => {
      await page.keyboard.press("ArrowRight");
      await expect(press).toBeEnabled({ timeout: 100 });
    }).toPass({ intervals: [0] });
    await press.click();
    await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  });
}
