// The diagram's twin: every event as a row, for those who do not see the picture or look for something in it.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const rows = (playground: Playground) => playground.page.getByTestId("event-row");
const number = (playground: Playground) => playground.page.getByRole("group", { name: "Filter the events" }).getByRole("status");

test.beforeEach(async ({ playground }) => {
  await playground.show("Events");
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
  await playground.show("Logs");
  await expect(playground.inspector.getByRole("heading", { name: /^Selected/ })).toHaveText(heading ?? "");
  await playground.show("Events");
  await expect(page.getByRole("row", { selected: true })).toHaveCount(1);
});

test("the list stays where it was scrolled to, and follows the playhead again once it is back in sight", async ({ playground, page }) => {
  const grid = page.getByRole("grid", { name: "Events" });
  const top = (): Promise<number> => grid.evaluate((element) => element.scrollTop);
  const before = await top();
  expect(before).toBeGreaterThan(1_000);
  await grid.hover();
  await page.mouse.wheel(0, -900);
  await expect.poll(top).toBe(before - 900);
  await playground.step(1);
  await playground.step(1);
  expect(await top(), "the playhead does not pull it back").toBe(before - 900);
  await grid.hover();
  await page.mouse.wheel(0, 5_000);
  await expect.poll(top).toBeGreaterThan(before - 100);
  await playground.tape.press("Home");
  await expect.poll(top).toBe(0);
});

test("by keys: after a page, the focus is on the row that is selected", async ({ playground, page }) => {
  const { event } = await playground.at();
  await playground.tabTo(page.locator(`[data-event="${event - 1}"]`));
  for (const key of ["PageUp", "PageUp", "PageUp", "Home", "PageDown", "End"]) {
    await page.keyboard.press(key);
    const selected = page.getByRole("row", { selected: true });
    await expect(selected).toBeFocused();
    await expect(selected).toBeInViewport();
  }
});

test("a message that came to nothing stands where it was sent, and is found", async ({ playground, page }) => {
  await playground.cutInTwo();
  await playground.playFor(0.3);
  const { events } = await playground.at();
  await page.getByLabel("Kind", { exact: true }).selectOption("cut");
  await expect(number(playground)).toHaveText(/^[1-9]\d* events?$/);
  await expect(number(playground)).not.toHaveText(`${events.toLocaleString("en")} events`);
  const before = Number((await number(playground).textContent())?.split(" ")[0]);
  await expect(rows(playground).first().getByRole("gridcell").last()).toContainText(/✕ cut: to [nc]\d/);
  await page.getByLabel("Kind", { exact: true }).selectOption("");
  await page.getByRole("searchbox", { name: "Text" }).fill("cut: to");
  await expect(number(playground)).toHaveText(new RegExp(`^${before} events?$`));

  // What is cut after the list has looked at its sending is found, too.
  await playground.playFor(0.3);
  const later = Number((await number(playground).textContent())?.split(" ")[0]);
  expect(later).toBeGreaterThan(before);
  await page.getByRole("searchbox", { name: "Text" }).fill("");
  await page.getByRole("searchbox", { name: "Text" }).fill("cut: to");
  await expect(number(playground)).toHaveText(`${later} events`);
});

test("a command says what a client was asked for, and whether by hand", async ({ playground, page }) => {
  await page.getByLabel("Kind", { exact: true }).selectOption("invoke");
  await expect(rows(playground).first()).toContainText(/invoke: (put|get|cas|delete) /);
  await playground.unfold("Send a command");
  await page.getByLabel("Value", { exact: true }).fill("mine");
  await playground.button("Send").click();
  await page.getByRole("searchbox", { name: "Text" }).fill("=mine, by hand");
  await expect(number(playground)).toHaveText("1 event");
});
