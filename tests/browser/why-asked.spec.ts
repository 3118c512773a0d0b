// Why is asked of an event, of an operation that hangs, and of a server that does not lead: the words are Rust's, and each
// step leads to its event.

import { expectNothingForAxe } from "./axe.ts";
import { expect, test } from "./playground.ts";

/** What the diagram shows, as far as it is asked here. */
interface Shown {
  status: { now: number };
  playhead: { step(events: number): void };
  moment: { operations(): { index: number; outcome: string; kind: string; client: number }[] };
  view: { select(selection: object): void };
}

test("by keys: why the event at the playhead happened, step by step, and out again", async ({ playground, page }) => {
  await playground.tape.press("End");
  await page.keyboard.press("y");
  const because = page.getByRole("region", { name: /^Why event \d+ happened$/ });
  await expect(because.getByTestId("in-all")).toContainText("It could know of");
  const steps = because.getByTestId("reason");
  await expect(steps).not.toHaveCount(0);
  await expect(async () => {
    if (!(await steps.first().isVisible())) await because.getByText(/^\d+ steps?, one by one$/).click();
    await expect(steps.first()).toBeVisible();
  }).toPass();
  // Each step is an event: a look at it leaves the answer where it is.
  await steps.first().getByRole("button").click();
  await expect(steps.first().getByRole("button")).toHaveAttribute("aria-pressed", "true");
  await expect(because).toBeVisible();
  await expectNothingForAxe({ page });
  await page.keyboard.press("Escape");
  await expect(because).toHaveCount(0);
});

test("a write of a leader that is cut off waits for those whom it cannot reach; a follower has not tried", async ({ playground, page }) => {
  await playground.open("./#run=cut-the-leader-off");
  // n1 is cut off with n2 and c1 at 0.9 s, and takes a write after that.
  const waiting = await page.locator("playground-diagram").evaluate((element) => {
    const { run } = element as unknown as { run: Shown };
    while (run.status.now < 1_250_000) run.playhead.step(5);
    const found = run.moment.operations().find(({ outcome, kind, client }) => outcome === "pending" && kind !== "get" && client === 5);
    if (found !== undefined) run.view.select({ kind: "operation", operation: found.index });
    return found?.index ?? null;
  });
  expect(waiting, "c1 waits for a write").not.toBeNull();
  await playground.inspector.getByRole("button", { name: "Why?" }).click();
  const became = page.getByRole("region", { name: /^What became of / });
  await expect(became.getByTestId("in-all")).toContainText(/n1 has 2 of the 3 acknowledgements needed, without n3, n4 and n5/);
  await expect(became.getByTestId("reason").filter({ hasText: "n1 and n3 cannot reach each other since 0.900 s" })).toHaveCount(1);
  await page.keyboard.press("Escape");

  await playground.process("n2").click();
  await playground.inspector.getByRole("button", { name: "Why is it not the leader?" }).click();
  await expect(page.getByRole("region", { name: "Why n2 does not lead" }).getByTestId("in-all")).toContainText("N2 ");
});
