// The page without a story: something to see at once, prepared runs a click away. The story of the first visit has
// story.spec.ts.

import { LINEARIZABLE, NOT_LINEARIZABLE, expect, test } from "./playground.ts";

test("the page opens on a still with a leader and served clients", async ({ playground }) => {
  await expect(playground.play).toHaveText("Play");
  await expect(playground.cluster.locator(".caption")).toHaveText(/^n\d leads term \d+\.$/);
  for (const client of ["c1", "c2", "c3"]) expect(await playground.answered(client)).toBeGreaterThan(0);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
  const { time } = await playground.at();
  await playground.canvas.hover();
  expect(await playground.time()).toBe(time);
});

test("the name of the run leads to all of them, and each shows something at once", async ({ playground, page }) => {
  await expect(page.getByTitle("All prepared runs")).toContainText("Elect and replicate");
  await playground.prepared("A linearizable key-value store, cut in two");
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  await expect(playground.cluster.locator(".parting")).toHaveAttribute("d", /^M/);
  await playground.prepared("A stale read");
  await expect(page.getByRole("heading", { name: "Switched off" })).toBeVisible();
  await playground.prepared("Elect and replicate");
  await expect(page.getByTestId("partition-state")).toHaveCount(0);
});

test("the leader that is cut off is replaced, its side goes unserved, and all heals by itself", async ({ playground, page }) => {
  await playground.prepared("A linearizable key-value store, cut in two");
  const leader = await playground.leader();
  await playground.playUntil(() => expect.poll(() => playground.leader()).not.toMatch(new RegExp(`^(${leader}|)$`)));
  await playground.playUntil(() => expect(page.getByTestId("partition-state")).toHaveCount(0));
  const served = await playground.answered("c1");
  await playground.playUntil(() => expect.poll(() => playground.answered("c1")).toBeGreaterThan(served));
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("a write that the leader took while it was cut off is overwritten", async ({ playground, page }) => {
  await playground.prepared("A linearizable key-value store, cut in two");
  await playground.show("Logs");
  const row = playground.logRow(await playground.leader());
  await playground.playUntil(() => expect(row.locator(".cell.open")).not.toHaveCount(0), 0.3);
  const lost = (await row.locator(".cell.open").last().getAttribute("aria-label")) ?? "";
  await playground.playUntil(() => expect(page.getByTestId("partition-state")).toHaveCount(0), 0.5);
  await playground.playFor(0.3);
  await page.getByRole("group", { name: "Logs, scrollable" }).evaluate((element) => element.scrollTo({ left: 0 }));
  await expect(row.getByRole("cell", { name: lost, exact: true })).toHaveCount(0);
  const index = Number(/^index (\d+),/.exec(lost)?.[1]);
  expect(Number(await row.getAttribute("data-commit")), "something else is committed in its place").toBeGreaterThanOrEqual(index);
});

test("the keys are listed, and the list is closed", async ({ playground, page }) => {
  const settings = page.locator("#settings");
  await playground.tape.focus();
  await page.keyboard.press("?");
  await expect(settings).toBeVisible();
  await expect(settings).toContainText("to the next election");
  await page.keyboard.press("Escape");
  await expect(settings).toBeHidden();
  await playground.button("Settings and keys").click();
  await expect(settings).toBeVisible();
  await expect(settings).toContainText("follow the playhead again");
  await playground.button("Settings and keys").click();
  await expect(settings).toBeHidden();
});

test("the theme is chosen by hand", async ({ playground, page }) => {
  await playground.button("Settings and keys").click();
  const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await playground.button("Light").click();
  const light = await paper();
  await playground.button("Dark").click();
  await expect.poll(paper).not.toBe(light);
  await playground.button("As the system").press("Enter");
  await expect.poll(paper).toBe(light);
});

test("a fresh seed gives another run, which is judged, too", async ({ playground }) => {
  await playground.button("Settings and keys").click();
  await playground.button("Run again with a fresh seed").click();
  await playground.playFor(0.5);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
  await expect(playground.verdict).not.toHaveText(NOT_LINEARIZABLE);
});
