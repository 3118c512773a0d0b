// What ReadIndex is good for: without it, a leader that was cut off answers reads from the past, and the checker says so.

import { LINEARIZABLE, NOT_LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

/** A seed with which a read is stale. */
const SEED = 27;

async function playToTheStaleRead(playground: Playground): Promise<void> {
  await playground.prepared("The stale read that ReadIndex prevents");
  await playground.unfold("Set-up");
  await playground.setNumber("Seed", SEED);
  await playground.playUntil(() => expect(playground.verdict).toHaveText(NOT_LINEARIZABLE));
}

test("reads served without ReadIndex are shown not linearizable, and the operation is named", async ({ playground }) => {
  await playToTheStaleRead(playground);
  await expect(playground.verdict).toHaveText(/c1's get of "x" returned "\d+"/);
  await expect(playground.cluster).toContainText("Broken on purpose.");
});

test("a click leads from the verdict to the messages responsible", async ({ playground }) => {
  await playToTheStaleRead(playground);
  await playground.button("Show the messages").click();
  await expect(playground.inspector.getByRole("heading", { name: "Operation of c1" })).toBeVisible();
  const blamed = playground.history.locator(".operation.blamed");
  await expect(blamed).toHaveAttribute("aria-pressed", "true");
  await expect(blamed).toHaveAccessibleName(/^c1: get /);
  await expect(blamed).toBeInViewport();

  const behind = playground.inspector.getByRole("listitem").getByRole("button", { name: /n1 → c1/ });
  await behind.first().click();
  await expect(playground.inspector.getByRole("heading", { name: /^Message \d/ })).toBeVisible();
  await expect(playground.inspector).toContainText(/from n1 to c1/);
});

test("with ReadIndex back on, the same run is linearizable", async ({ playground }) => {
  await playToTheStaleRead(playground);
  const { time } = await playground.at();
  const section = await playground.unfold("Break it");
  await section.getByRole("checkbox", { checked: true }).uncheck();
  await expect(playground.cluster).not.toContainText("Broken on purpose.");
  await expect.poll(() => playground.time()).toBeGreaterThan(time - 0.1);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});
