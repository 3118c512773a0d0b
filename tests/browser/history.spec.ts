// What the clients saw: their operations, who led and what was broken meanwhile, and whether the invariants hold.

import { LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

test.beforeEach(async ({ playground }) => {
  await playground.show("Clients");
});

test("every client has a row of operations with their results", async ({ playground }) => {
  for (const client of ["c1", "c2", "c3"]) {
    await expect(playground.clientRow(client)).toContainText(/\d+ ok/);
    await expect(playground.operations(client).first()).toHaveAccessibleName(/^c\d: (put|get|cas|delete) /);
  }
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
  await expect(playground.history.locator(".points circle")).not.toHaveCount(0);
});

/** How each client's operations stand. */
function stand(playground: Playground): Promise<string[]> {
  return playground.page
    .getByTestId("client-row")
    .evaluateAll((rows) =>
      rows.map((row) => `${row.getAttribute("data-ok")} ok, ${row.getAttribute("data-not-ok")} not, ${row.querySelectorAll("[data-outcome=pending]").length} under way`),
    );
}

async function wind(playground: Playground, key: string): Promise<void> {
  const { event } = await playground.at();
  await playground.page.keyboard.press(key);
  await expect.poll(async () => (await playground.at()).event).not.toBe(event);
  // The tape is told first; the panels follow with the next frame.
  await playground.page.evaluate(() => new Promise((resume) => requestAnimationFrame(() => requestAnimationFrame(resume))));
}

test("wherever the playhead is wound to, the history is as it was then", async ({ playground }) => {
  const stands = [await stand(playground)];
  for (let steps = 0; steps < 12; steps += 1) {
    await wind(playground, "Shift+ArrowRight");
    stands.push(await stand(playground));
  }
  expect(new Set(stands.map(String)).size).toBeGreaterThan(6);
  for (const then of stands.toReversed().slice(1)) {
    await wind(playground, "Shift+ArrowLeft");
    await expect.poll(() => stand(playground)).toEqual(then);
  }
  for (const then of stands.slice(1)) {
    await wind(playground, "Shift+ArrowRight");
    await expect.poll(() => stand(playground)).toEqual(then);
  }
});

test("where the past is acted upon, the history goes on from there", async ({ playground }) => {
  const then = await stand(playground);
  for (let steps = 0; steps < 8; steps += 1) await wind(playground, "Shift+ArrowRight");
  const later = await stand(playground);
  for (let steps = 0; steps < 8; steps += 1) await wind(playground, "Shift+ArrowLeft");
  await playground.cutInTwo();
  await expect(playground.notices).toContainText(/later events were discarded/);
  await expect.poll(() => stand(playground)).toEqual(then);
  // The button that has the focus since what floated has closed knows nothing of arrows.
  await playground.tape.focus();
  for (let steps = 0; steps < 8; steps += 1) await wind(playground, "Shift+ArrowRight");
  expect(await stand(playground)).not.toEqual(later);
  for (let steps = 0; steps < 8; steps += 1) await wind(playground, "Shift+ArrowLeft");
  await expect.poll(() => stand(playground)).toEqual(then);
});

test("an operation leads to its messages", async ({ playground }) => {
  const bar = playground.operations("c2").first();
  const words = (await bar.getAttribute("aria-label"))?.replace(/^c2: | [=o…].*$/g, "") ?? "";
  await bar.click();
  await expect(playground.inspector.getByRole("heading", { name: "Operation of c2" })).toBeVisible();
  await expect(playground.inspector).toContainText(words);
  await playground.inspector.getByRole("button", { name: /^c2 → n\d/ }).first().click();
  await expect(playground.inspector.getByRole("heading", { name: /^Message/ })).toBeVisible();
});

test("an operation is shown in the diagram", async ({ playground, page }) => {
  await playground.operations("c2").first().press("Enter");
  const began = Number.parseFloat((await playground.field("Invoked").textContent()) ?? "");
  await playground.button("Show in the diagram").press("Enter");
  const range = page.locator("#range");
  await expect.poll(async () => Number.parseFloat((await range.textContent()) ?? "")).toBeLessThanOrEqual(began);
  await expect(playground.button("Follow")).toHaveAttribute("aria-pressed", "false");
});

test("an operation without an answer has an open end, and says that its outcome is unknown", async ({ playground }) => {
  await playground.unfold("Workload");
  for (const kind of ["get", "cas", "delete"]) await playground.setNumber(`Weight of ${kind}`, 0);
  await playground.cutInTwo();
  await playground.playFor(2.4);
  await playground.zoomHistoryOut();
  const unknown = playground.operations("c1").and(playground.page.locator("[data-outcome=unknown]")).first();
  await expect(unknown).toHaveCSS("border-right-width", "0px");
  await unknown.press("Enter");
  await expect(playground.inspector).toContainText("its outcome is unknown");
});

test("leaders and faults stand below the operations that felt them", async ({ playground }) => {
  await playground.cutInTwo();
  await playground.playFor(0.8);
  await playground.zoomHistoryOut();
  await expect(playground.history.getByText(/^n\d, term 1$/)).toBeVisible();
  await expect(playground.history.getByText(/^n\d, term [2-9]$/).first()).toBeVisible();
  await expect(playground.history.locator(".cut")).toHaveAttribute("title", /n1/);
});

test("the history is zoomed, panned and brought back to the playhead", async ({ playground, page }) => {
  const width = async (): Promise<number> => (await playground.operations("c2").last().boundingBox())?.width ?? 0;
  const before = await width();
  await playground.button("Zoom the history in").click();
  await expect.poll(width).toBeGreaterThan(before);
  const row = playground.clientRow("c2");
  const box = await row.boundingBox();
  if (box === null) throw new Error("there is no row");
  await page.mouse.move(box.x + 200, box.y + 29);
  await page.mouse.down();
  await page.mouse.move(box.x + 320, box.y + 29, { steps: 4 });
  await page.mouse.up();
  const follow = playground.button("Follow the playhead");
  await expect(follow).toBeEnabled();
  await follow.click();
  await expect(follow).toBeDisabled();
});

test("Raft's five properties are listed by name, and hold", async ({ playground, page }) => {
  await playground.show("Promises");
  const listed = page.getByRole("list", { name: "Invariants" }).getByTestId("invariant");
  for (const name of [/Election Safety/, /Leader Append.Only/, /Log Matching/, /Leader Completeness/, /State Machine Safety/]) {
    await expect(listed.filter({ has: page.locator("strong", { hasText: name }) })).toContainText("holds so far");
  }
});

test("a property that is broken says by what, and leads to the event", async ({ playground, page }) => {
  await playground.prepared("A linearizable key-value store, cut in two");
  await (await playground.ruleBook()).getByRole("checkbox", { name: "A majority commits" }).uncheck();
  await playground.closeFloat();
  const tab = page.getByRole("tab", { name: /^\s*Promises \d of \d+ broken/ });
  await playground.playUntil(() => expect(tab).toBeVisible());
  await playground.playFor(2);
  await tab.click();
  const broken = page.getByTestId("invariant").filter({ hasText: /State Machine Safety/ });
  await expect(broken).toHaveAttribute("data-holds", "false");
  await expect(broken).toContainText(/n\d commits entry \d+ of term \d+; of term \d+ it is committed already/);
  await broken.getByRole("button", { name: "Show the event" }).click();
  await expect(playground.inspector.locator("p.bad").first()).toContainText("committed already");
  const event = (await playground.at()).event;

  await playground.tape.press("Home");
  await playground.expectEvent(0);
  await page.getByLabel("Jump to").selectOption("next violation");
  await playground.inspect();
  await expect(playground.inspector.locator("p.bad").first()).toBeVisible();
  expect((await playground.at()).event).toBeLessThanOrEqual(event);
});

test("a drag that begins on an operation pans, and selects nothing", async ({ playground, page }) => {
  const bar = playground.operations("c2").last();
  const box = await bar.boundingBox();
  if (box === null) throw new Error("there is no bar");
  const x = box.x + Math.min(box.width, 40) / 2;
  await page.mouse.move(x, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(x + 90, box.y + 10, { steps: 6 });
  await page.mouse.up();
  await expect(playground.button("Follow the playhead")).toBeEnabled();
  await expect(playground.history.locator(".operation[aria-pressed=true]")).toHaveCount(0);
  await bar.click();
  await expect(bar).toHaveAttribute("aria-pressed", "true");
});

test("by keys: one bar is come to, the others by arrows, and the view is panned", async ({ playground, page }) => {
  await playground.tabTo(playground.history.locator(".operation[tabindex='0']"));
  expect(await playground.history.locator(".operation[tabindex='0']").count()).toBe(1);
  const focused = playground.history.locator(".operation:focus");
  await page.keyboard.press("End");
  const last = (await focused.getAttribute("data-operation")) ?? "";
  const client = await focused.getAttribute("data-client");
  await page.keyboard.press("ArrowLeft");
  await expect(focused).not.toHaveAttribute("data-operation", last);
  await expect(focused).toHaveAttribute("data-client", client ?? "");
  await page.keyboard.press("ArrowDown");
  await expect(focused).not.toHaveAttribute("data-client", client ?? "");
  await page.keyboard.press("ArrowUp");
  await expect(focused).toHaveAttribute("data-client", client ?? "");
  await page.keyboard.press("Enter");
  await expect(focused).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Home");
  await expect(focused).toBeInViewport();
  const first = Number(await focused.getAttribute("data-operation"));
  expect(first).toBeLessThan(Number(last));
  await page.keyboard.press("Escape");
  const bar = playground.history.locator(`[data-operation="${first}"]`);
  for (let done = 0; done < 3; done += 1) await page.keyboard.press("PageDown");
  await expect(bar).toHaveCount(0);
  await expect(focused, "the focus stays on a bar that is in view").toBeInViewport();
  for (let done = 0; done < 3; done += 1) await page.keyboard.press("PageUp");
  await expect(bar).toHaveCount(1);
});
