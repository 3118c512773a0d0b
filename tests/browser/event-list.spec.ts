// The diagram's twin: every event as a row, for those who do not see the picture or look for something in it.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const rows = (playground: Playground) => playground.page.getByTestId("event-row");
const number = (playground: Playground) => playground.page.getByRole("group", { name: "Filter the events" }).getByRole("status");

test.beforeEach(async ({ playground }) => {
  await playground.button("List").click();
});

test("every event is a row", async ({ playground, page }) => {
  const { events } = await playground.at();
  await expect(number(playground)).toHaveText(`${events.toLocaleString("en")} events`);
  await expect(page.getByRole("grid", { name: "Events" })).toHaveAttribute("aria-rowcount", String(events + 1));
  await expect(page.getByRole("columnheader", { name: "What happened" })).toBeVisible();
});

test("events are found by process", async ({ playground, page }) => {
  await page.getByLabel("Process", { exact: true }).selectOption("n3");
  await expect(number(playground)).not.toHaveText(`${(await playground.at()).events.toLocaleString("en")} events`);
  for (const row of (await rows(playground).all()).slice(0, 8)) {
    await expect(row.getByRole("gridcell").nth(2)).toHaveText("n3");
  }
});

test("events are found by kind", async ({ playground, page }) => {
  await page.getByLabel("Kind", { exact: true }).selectOption("RequestVote");
  await expect(rows(playground).first()).toContainText("RequestVote from n");
  await page.getByLabel("Kind", { exact: true }).selectOption("timer");
  await expect(rows(playground).first()).toContainText("timer fired");
});

test("events are found by text, and where there are none it says so", async ({ playground, page }) => {
  const text = page.getByRole("searchbox", { name: "Text" });
  await text.fill("put x=");
  await expect(rows(playground).first()).toContainText("put x=");
  await text.fill("no such thing");
  await expect(number(playground)).toHaveText("0 events");
  await text.fill("");
  await expect(rows(playground)).not.toHaveCount(0);
});

test("a press on a row selects its event", async ({ playground }) => {
  const row = rows(playground).nth(8);
  await row.click();
  const event = await row.getAttribute("data-event");
  await expect(playground.inspector.getByRole("heading", { name: `Selected: event ${Number(event).toLocaleString("en")}` })).toBeVisible();
  await expect(row).toHaveAttribute("aria-selected", "true");
});

test("by keys: rows are walked, and Enter puts the playhead there", async ({ playground, page }) => {
  const { event } = await playground.at();
  await playground.tabTo(page.locator(`[data-event="${event - 1}"]`));
  for (let done = 0; done < 4; done += 1) await page.keyboard.press("ArrowUp");
  const heading = playground.inspector.getByRole("heading", { name: /^Selected: event/ });
  const there = event - 5;
  await expect(heading).toContainText(`event ${there.toLocaleString("en")}`);
  await expect(page.locator(`[data-event="${there}"]`)).toBeFocused();
  await page.keyboard.press("Enter");
  await playground.expectEvent(there + 1);

  await page.keyboard.press("Home");
  await expect(heading).toContainText("event 0");
  await page.keyboard.press("End");
  await expect(heading).toContainText(`event ${((await playground.at()).events - 1).toLocaleString("en")}`);
});

test("what was selected in the list is selected in the diagram, too", async ({ playground, page }) => {
  await rows(playground).nth(8).click();
  const heading = await playground.inspector.getByRole("heading", { name: /^Selected/ }).textContent();
  await playground.button("Diagram").click();
  await expect(playground.inspector.getByRole("heading", { name: /^Selected/ })).toHaveText(heading ?? "");
  await playground.button("List").click();
  await expect(page.getByRole("row", { selected: true })).toHaveCount(1);
});
