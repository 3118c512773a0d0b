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
  await playground.switchedOff.getByRole("checkbox", { name: "Check-quorum" }).click();
  await expect(playground.switchedOff).not.toContainText("Check-quorum");
  await expect(playground.switchedOff, "the other stays off").toContainText("ReadIndex");
});

test("Show why leads to the two operations that contradict each other, and says which came first", async ({ playground, page }) => {
  await playToTheStaleRead(playground);
  await expect(page.getByRole("button", { name: /^Show (why|the messages)$/ })).toHaveCount(1);
  const spoken = (await playground.verdict.textContent()) ?? "";
  const [, value] = /returned "(\d+)"/.exec(spoken) ?? [];
  await expect(playground.verdict).toContainText(`c1’s get x = ${value}`);
  await playground.button("Show why").click();
  const because = page.getByRole("region", { name: "Why the history is not linearizable" });
  await expect(because.getByTestId("in-all")).toContainText(`returned "${value}"`);
  const reasons = await because.getByTestId("reason").locator("q").allTextContents();
  expect(reasons[0]).toMatch(/^c\d asks n\d: put x=\d+\.$/);
  expect(reasons.filter((reason) => /^Only then, \d+ ms later, does c1 begin get x\.$/.test(reason))).toHaveLength(1);
  expect(reasons.at(-1)).toBe(`n1 answers c1: ${value}, and asks nobody.`);
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
  const times = (await because.getByTestId("reason").locator("button").allTextContents()).map((words) => Number.parseFloat(/[\d.]+(?= s)/.exec(words)?.[0] ?? ""));
  const [began = NaN, , answered = NaN] = times.slice(-3);
  const finished = times.at(-4) ?? NaN;
  expect(finished).toBeLessThan(began);
  expect(from).toBeLessThan(finished);
  expect(to).toBeGreaterThan(answered);
  expect(await playground.time()).toBeCloseTo(answered, 2);
  await playground.show("Logs");
  const last = async (node: string): Promise<number> => Number(await playground.logRow(node).getAttribute("data-last"));
  expect(await last("n1"), "the old leader’s log ended before the others’").toBeLessThan(await last("n3"));
});

test("by keys: from the verdict to the messages responsible", async ({ playground, page }) => {
  await playToTheStaleRead(playground);
  await playground.tabTo(playground.button("Show why"));
  await page.keyboard.press("Enter");
  const because = page.getByRole("region", { name: "Why the history is not linearizable" });
  const steps = because.getByText(/steps, one by one$/);
  const answer = because.getByTestId("reason").last().getByRole("button");
  await playground.tabTo(steps);
  // Where the drawing has no spot for a sentence, the list is open by itself.
  if ((await answer.count()) === 0) await page.keyboard.press("Enter");
  await answer.press("Enter");
  await expect(answer).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await expect(because).toHaveCount(0);
});

test("with ReadIndex back on, the same run is linearizable", async ({ playground }) => {
  await playToTheStaleRead(playground);
  const { time } = await playground.at();
  await playground.switchedOff.getByRole("checkbox", { name: "ReadIndex" }).click();
  await expect(playground.switchedOff).not.toContainText("ReadIndex");
  await expect.poll(() => playground.time()).toBeGreaterThan(time - 0.1);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});
