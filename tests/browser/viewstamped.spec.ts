// Viewstamped Replication in the page: chosen from the header, its logs with their viewstamps, a view change, a replica
// that recovers by its nonce, an old report that counts, and the same run in somebody else's page.

import type { Locator } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { Embedded } from "./elsewhere.ts";
import { LINEARIZABLE, NOT_LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const caption = ({ cluster }: Playground): Locator => cluster.locator(".caption");
const standing = (playground: Playground, name: string): Locator => playground.logRow(name).getByRole("rowheader");
const cells = (playground: Playground, name: string): Locator => playground.logRow(name).locator(".cell[data-index]");

function replica({ logs, page }: Playground, name: string): Locator {
  return logs.getByTestId("replica").and(page.locator(`[data-node="${name}"]`));
}

async function chooseViewstamped(playground: Playground): Promise<void> {
  await playground.choose("viewstamped", playground.logs);
  await expect(playground.page.locator("playground-viewstamped")).toBeVisible();
}

async function command({ page }: Playground, words: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command, run, process or room" }).fill(words);
  await page.keyboard.press("Enter");
}

/** The primary of view 0 is down, and nothing else is done to the run. */
async function crashThePrimary(playground: Playground): Promise<void> {
  await chooseViewstamped(playground);
  await playground.healButton.click();
  await expect(caption(playground)).toHaveText("n1 is the primary of view 0.");
  await command(playground, "Crash n1");
  await expect(standing(playground, "n1")).toHaveAttribute("data-status", "down");
}

test("a primary crashes, and the one whose turn it is begins the next view", async ({ playground, page }) => {
  await crashThePrimary(playground);
  await playground.playUntil(() => expect(caption(playground)).toHaveText(/^n2 is the primary of view 1/), 0.3);
  await expect(standing(playground, "n2")).toHaveAccessibleName(/^n2: primary, view 1, op-number \d+, commit-number \d+$/);
  const before = await playground.answered("c2");
  await playground.playFor(1);
  expect(await playground.answered("c2"), "clients find the new primary").toBeGreaterThan(before);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);

  // What view 0 has begun stays what it was; what came later is of view 1.
  await playground.show("Logs");
  await expect(cells(playground, "n2").last()).toHaveAttribute("data-epoch", "1");
  await expect(cells(playground, "n2").last()).toHaveAccessibleName(/^operation \d+ of view 1: /);
  // The keys lead to where somebody wanted the view first.
  await page.keyboard.press("Shift+E");
  await expect(caption(playground)).toHaveText(/wants? view 1/);
});

test("a replica without a disk comes back with nothing, and recovers by the nonce of its life", async ({ playground }) => {
  await crashThePrimary(playground);
  await playground.button("Replicas").click();
  await expect(playground.logs.getByTestId("away")).toHaveText("Down or recovering: n1. At most f = 2 may be at once.");
  await expect(replica(playground, "n1")).toContainText("knows nothing");
  await playground.playUntil(() => expect(replica(playground, "n2")).toHaveAttribute("data-status", "primary"), 0.3);

  await command(playground, "Restart n1");
  await playground.stepUntil(playground.logs.locator('[data-node="n1"][data-status="recovering"]'));
  await expect(replica(playground, "n1")).toContainText("nonce 1");
  await expect(caption(playground)).toHaveText(/n1 recovers \(\d of the 3 needed/);
  await playground.playUntil(() => expect(replica(playground, "n1")).toHaveAttribute("data-status", "backup"), 0.1);
  await expect(replica(playground, "n1").getByTestId("crash-vector"), "its earlier life is over").toHaveText("(1 0 0 0 0)");
  await expect(playground.logs.getByTestId("away")).toHaveCount(0);
  await expect(playground.logs.getByTestId("client-table")).toHaveText(/Client table of n2.*c1: \d+/);
});

test("without crash vectors an old report counts, and a write is lost that was answered", async ({ playground }) => {
  await chooseViewstamped(playground);
  await playground.prepared("The paper’s own recovery");
  await expect(playground.switchedOff).toContainText("Crash vectors");
  await playground.playUntil(() => expect(playground.verdict).toHaveClass(/violated/), 0.1);
  // It has halted there, and is played on.
  await playground.playUntil(() => expect(playground.verdict).toHaveText(NOT_LINEARIZABLE), 0.1);
});

test("what can be done to replicas that have no disk says so, and one with a disk keeps what it knew", async ({ playground, page }) => {
  await chooseViewstamped(playground);
  await playground.openFaults();
  const section = page.locator("playground-rail details.section");
  await section.filter({ has: page.getByRole("heading", { name: "Slow or wipe a disk" }) }).locator("summary").click();
  await expect(page.getByText("Replicas have no disk in this run: a crash forgets all.")).toBeVisible();
  await expect(page.getByText(/at most f of 2f \+ 1 are down or recovering at once/).first()).toBeAttached();
  await playground.closeFloat();

  await playground.unfold("Set-up");
  await page.getByRole("checkbox", { name: "Replicas have disks" }).check();
  await playground.closeFloat();
  await playground.playFor(0.5);
  await command(playground, "Crash n2");
  await expect(standing(playground, "n2")).toHaveAccessibleName(/^n2: down, view \d+, op-number [1-9]\d*$/);
});

test("operations that were carried out are folded once there is a checkpoint", async ({ playground }) => {
  await chooseViewstamped(playground);
  await playground.healButton.click();
  await playground.playUntil(() => expect(playground.logs.locator(".folded").first()).toBeVisible(), 10);
  await expect(playground.logs.locator(".folded").first()).toHaveAccessibleName(/^a checkpoint stands for the operations up to \d+$/);
});

test("somebody else’s page has it, too, with its logs", async ({ page }) => {
  await page.goto("./embed.html#protocol=viewstamped&panels=cluster,diagram,board,transport");
  await new Embedded(page).ready();
  const logs = page.getByRole("region", { name: "Logs" });
  await expect(logs.getByTestId("log-row")).toHaveCount(5);
  await expect(page.getByRole("region", { name: "Cluster" }).locator(".caption")).toHaveText(/is the primary of view 0/);
});

test.describe("axe", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("the logs, and a replica that recovers", async ({ playground, page }) => {
    const expectNothing = async (): Promise<void> => {
      await expectNothingForAxe({ page });
    };
    await crashThePrimary(playground);
    await expectNothing();
    await command(playground, "Restart n1");
    await playground.stepUntil(playground.logs.locator('[data-node="n1"] [data-status="recovering"]'));
    await expectNothing();
    await playground.button("Replicas").click();
    await expect(replica(playground, "n1")).toContainText("recovering");
    await expectNothing();
  });
});
