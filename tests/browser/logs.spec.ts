// The logs: what is committed, what is not yet, and what is lost when the network heals.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const cells = (playground: Playground, node: string) => playground.logRow(node).getByRole("cell");
const open = (playground: Playground, node: string) => playground.logRow(node).locator(".cell.open");

/** A leader that does not notice that it was cut off takes its client's writes, and cannot commit them. */
async function cutOffAnUnsuspectingLeader(playground: Playground): Promise<string> {
  await playground.unfold("Set-up");
  await playground.page.getByRole("checkbox", { name: "CheckQuorum" }).uncheck();
  await playground.unfold("Workload");
  for (const kind of ["get", "cas", "delete"]) await playground.setNumber(`Weight of ${kind}`, 0);
  const leader = await playground.leader();
  await playground.button("Cut off the leader").click();
  // To the very moment: a little later, the end of the logs has moved on.
  await playground.page.keyboard.press("e");
  await expect.poll(() => playground.leader()).not.toBe(leader);
  return leader;
}

test("every replica has a row, and every cell says its index, term and command", async ({ playground }) => {
  for (const node of ["n1", "n2", "n3", "n4", "n5"]) {
    await expect(playground.logRow(node).getByRole("rowheader")).toHaveText(node);
    await expect(cells(playground, node).last()).toHaveAccessibleName(/^index \d+, term \d+, .+, (not )?committed$/);
  }
  await expect(playground.logs.getByRole("columnheader", { name: /^\d+$/ }).first()).toBeVisible();
});

test("committed entries are solid, the others dashed", async ({ playground }) => {
  const leader = await cutOffAnUnsuspectingLeader(playground);
  await expect(open(playground, leader).last()).toHaveCSS("border-top-style", "dashed");
  await expect(open(playground, leader).last()).toHaveAccessibleName(/, not committed$/);
  const committed = playground.logRow("n3").locator("[data-committed=true]").last();
  await expect(committed).toHaveCSS("border-top-style", "solid");
  await expect(committed).toHaveAccessibleName(/, committed$/);
});

test("the leader's picture of its followers is marked, and what is applied", async ({ playground }) => {
  await expect(playground.logs.locator(".mark.match")).not.toHaveCount(0);
  await expect(playground.logs.locator(".mark.next")).not.toHaveCount(0);
  await expect(playground.logRow("n1").locator(".mark.applied")).toHaveAttribute("title", /^applied up to \d+$/);
});

test("where logs differ is said, and shown when asked", async ({ playground }) => {
  await playground.prepared("A linearizable key-value store, cut in two");
  const differ = playground.logs.getByRole("button", { name: /^The logs differ from \d+: show$/ });
  await playground.playUntil(() => expect(differ).toBeVisible(), 0.3);
  const index = /\d+/.exec((await differ.textContent()) ?? "")?.[0] ?? "";
  await differ.press("Enter");
  const cell = (node: string) => playground.logRow(node).locator(`.cell[data-index="${index}"]`);
  await expect(cell("n1")).toBeInViewport();
  expect(await cell("n1").getAttribute("data-epoch")).not.toBe(await cell("n3").getAttribute("data-epoch"));
});

test("entries that a healed network overwrites are seen to go", async ({ playground }) => {
  const leader = await cutOffAnUnsuspectingLeader(playground);
  const lost = (await open(playground, leader).last().getAttribute("aria-label")) ?? "";
  expect(lost).toMatch(/^index \d+, term 1, .*, not committed$/);
  await playground.heal();
  const gone = playground.logRow(leader).locator(".gone");
  await playground.playUntil(() => expect(gone).not.toHaveCount(0), 0.1);
  await expect(gone.first()).toHaveCSS("text-decoration-line", "line-through");
  await expect(gone.first()).toHaveAttribute("title", /^overwritten: /);
  await expect(playground.logs).toContainText("struck out: overwritten");
  await expect(playground.logRow(leader).getByRole("cell", { name: lost, exact: true })).toHaveCount(0);

  const known = Number(await playground.logRow("n3").getAttribute("data-commit"));
  await playground.playFor(0.6);
  await expect(gone).toHaveCount(0);
  expect(Number(await playground.logRow(leader).getAttribute("data-commit")), "it has caught up").toBeGreaterThanOrEqual(known);
});

test("what a snapshot took in is one folded block", async ({ playground }) => {
  await playground.unfold("Set-up");
  await playground.setNumber("Snapshot after so many entries", 10);
  await playground.playUntil(() => expect(playground.logs.getByRole("cell", { name: /^snapshot up to index \d+$/ }).first()).toBeVisible());
});

test("the rows are scrolled by keys", async ({ playground, page }) => {
  await playground.playFor(1);
  const scroller = page.getByRole("group", { name: "Logs, scrollable" });
  await playground.tabTo(scroller);
  const left = (): Promise<number> => scroller.evaluate((element) => element.scrollLeft);
  await expect.poll(left).toBeGreaterThan(0);
  const before = await left();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(left).toBeLessThan(before);
});

test("a command that was sent again and stands in the log twice says that it is applied once", async ({ playground }) => {
  await playground.prepared("A linearizable key-value store, cut in two");
  const again = playground.logRow("n1").getByRole("cell", { name: /retried: it stands further up, too, and is applied once$/ });
  await playground.playUntil(() => expect(again).not.toHaveCount(0), 0.3);
  await expect(again.first()).toHaveText(/^↻/);
  const command = /term \d+, (.+), not committed/.exec((await again.first().getAttribute("aria-label")) ?? "")?.[1] ?? "";
  expect(await playground.logRow("n1").getByRole("cell", { name: `, ${command},` }).count(), "the command stands there before, too").toBeGreaterThan(await again.count());
});

test("a disk that is wiped takes its log with it: nothing of it was overwritten", async ({ playground }) => {
  await expect(playground.logRow("n4").locator(".cell")).not.toHaveCount(0);
  await playground.process("n4").click();
  await playground.actions("n4").getByRole("button", { name: "Crash n4" }).click();
  await playground.actions("n4").getByRole("button", { name: "More on n4" }).click();
  await playground.actions("n4").getByRole("button", { name: "Wipe disk of n4" }).click();
  await expect(playground.logRow("n4").locator(".cell:not(.snapshot)")).toHaveCount(0);
  await expect(playground.logs.locator(".gone")).toHaveCount(0);
});

test("a cell tells who wrote it, when it was committed, and by whose acknowledgements", async ({ playground, page }) => {
  const committed = playground.logRow("n3").locator("[data-committed=true]").last();
  await committed.click();
  const { inspector } = playground;
  await expect(inspector.getByRole("heading", { level: 2 })).toHaveText(/^Entry \d+ of n3 at /);
  const origin = inspector.getByTestId("origin");
  await expect(origin).toContainText(new RegExp(`by ${await playground.leader()} at \\d+\\.\\d+ s`));
  await expect(origin).toContainText(/by n\d, n\d and n\d: these made the quorum/);
  await expect(committed).toHaveClass(/selected/);

  // By keys alone: from cell to cell.
  const before = await inspector.getByRole("heading", { level: 2 }).textContent();
  await playground.logRow("n3").locator(".cell[tabindex='0']").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(inspector.getByRole("heading", { level: 2 })).not.toHaveText(before ?? "");
});

test("what was overwritten is struck out by whatever way the playhead came there", async ({ playground }) => {
  const leader = await cutOffAnUnsuspectingLeader(playground);
  await playground.heal();
  const gone = playground.logRow(leader).locator(".gone");
  await playground.playUntil(() => expect(gone).not.toHaveCount(0), 0.1);
  const title = (await gone.first().getAttribute("title")) ?? "";
  const { event } = await playground.at();
  await playground.tape.press("Home");
  await expect(gone).toHaveCount(0);
  // One leap, without anything between.
  await playground.tape.press("End");
  await expect.poll(async () => (await playground.at()).event).toBe(event);
  await expect(gone.first()).toHaveAttribute("title", title);
});

test("a broken property is a red diamond in the cells that it is about", async ({ playground }) => {
  await playground.prepared("A liar in Raft");
  const broken = playground.logs.locator(".cell.broken");
  await playground.playUntil(() => expect(broken).not.toHaveCount(0), 0.3);
  await expect(broken.first()).toHaveAccessibleName(/; .+ is broken/);
  await broken.first().click();
  await expect(playground.inspector).toContainText(/is broken: /);
});
