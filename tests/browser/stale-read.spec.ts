// What ReadIndex is good for: without it, a leader that was cut off answers reads from the past, and the checker says
// so.

import { LINEARIZABLE, NOT_LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

/** A seed with which a read is stale. */
const SEED = 27;

async function playToTheStaleRead(playground: Playground): Promise<void> {
  await playground.prepared("A stale read");
  await playground.unfold("Set-up");
  await playground.setNumber("Seed", SEED);
  await playground.playUntil(() => expect(playground.verdict).toHaveText(NOT_LINEARIZABLE));
}

test("reads served without ReadIndex are shown not linearizable, and the operation is named", async ({ playground }) => {
  await playToTheStaleRead(playground);
  await expect(playground.verdict).toHaveText(/c1’s get of "x" returned "\d+"/);
  await expect(playground.switchedOff).toContainText("ReadIndex");
  await expect(playground.switchedOff).toContainText("Check-quorum");
});

test("Show why leads to the two operations that contradict each other, and says which came first", async ({ playground, page }) => {
  await playToTheStaleRead(playground);
  await expect(page.getByRole("button", { name: /^Show (why|the messages)$/ })).toHaveCount(1);
  const spoken = (await playground.verdict.textContent()) ?? "";
  const [, value] = /returned "(\d+)"/.exec(spoken) ?? [];
  await expect(playground.verdict).toContainText(`c1’s get x = ${value}`);
  await playground.button("Show why").click();
  await expect(playground.inspector.getByRole("heading", { name: "Operation of c1" })).toBeVisible();
  await expect(playground.inspector.getByTestId("relation")).toHaveText(/^\s*c\d: put x=\d+ ok finished at\s+[\d.]+ s, before get x of c1 began at/);

  await playground.show("Clients");
  const blamed = playground.history.locator(".operation.blamed");
  const known = playground.history.locator(".operation.known");
  await expect(blamed).toHaveAttribute("aria-pressed", "true");
  await expect(blamed).toHaveAccessibleName(`c1: get x = ${value}`);
  await expect(known).toHaveAccessibleName(/^c\d: put x=\d+ ok$/);
  for (const bar of [blamed, known]) {
    await expect(bar).toBeInViewport();
    expect(await bar.evaluate((element) => element.scrollWidth <= element.clientWidth), "its words are not cut short").toBe(true);
  }

  // Both lie within what the diagram shows, with space around them; and all views stand at the moment of the answer.
  const [from = NaN, to = NaN] = ((await page.locator("#range").textContent()) ?? "").split(" to ").map(Number.parseFloat);
  const answered = Number.parseFloat((await playground.field("Completed").textContent()) ?? "");
  const [finished = NaN, began = NaN] = ((await playground.inspector.getByTestId("relation").textContent()) ?? "").match(/\d+\.\d+/g)?.map(Number) ?? [];
  expect(finished).toBeLessThan(began);
  expect(from).toBeLessThan(finished);
  expect(to).toBeGreaterThan(answered);
  expect(await playground.time()).toBeCloseTo(answered, 2);
  await playground.show("Logs");
  await expect(playground.logRow("n1")).toContainText(/ends at \d+/);
});

test("by keys: from the verdict to the messages responsible", async ({ playground, page }) => {
  await playToTheStaleRead(playground);
  await playground.tabTo(playground.button("Show why"));
  await page.keyboard.press("Enter");
  const behind = playground.inspector.getByRole("listitem").getByRole("button", { name: /n1 → c1/ });
  await behind.first().press("Enter");
  await expect(playground.inspector.getByRole("heading", { name: /^Message \d/ })).toBeVisible();
  await expect(playground.inspector).toContainText(/from n1 to c1/);
});

test("with ReadIndex back on, the same run is linearizable", async ({ playground }) => {
  await playToTheStaleRead(playground);
  const { time } = await playground.at();
  await playground.switchedOff.getByRole("checkbox", { name: "ReadIndex" }).click();
  await expect(playground.switchedOff).not.toContainText("ReadIndex");
  await expect.poll(() => playground.time()).toBeGreaterThan(time - 0.1);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});
