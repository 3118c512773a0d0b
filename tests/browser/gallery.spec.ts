import type { Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { Playground, expect, test } from "./playground.ts";

const cards = (page: Page) => page.locator("playground-gallery a.card");

/** The title of the run that the playground shows. */
const shownRun = (page: Page) => page.locator("playground-app").evaluate((app) => (app as unknown as { run: { scenario: { title?: string } } }).run.scenario.title);

test.beforeEach(async ({ page }) => {
  await page.goto("./#runs");
  await expect(page.getByRole("heading", { name: "Prepared runs", level: 1 })).toBeVisible();
});

test("every prepared run has a card with a picture, a title and a sentence", async ({ page }) => {
  await expect(cards(page).first()).toBeVisible();
  const number = await cards(page).count();
  expect(number).toBeGreaterThanOrEqual(38);
  for (const card of await cards(page).all()) {
    const name = (await card.locator("strong").textContent()) ?? "";
    // Lanes and what happens on them.
    await expect(card.locator("svg path, svg text"), name).not.toHaveCount(0);
    expect(await card.locator("svg path").count(), name).toBeGreaterThan(10);
    expect((await card.locator(".about").textContent())?.length, name).toBeGreaterThan(20);
  }
  for (const protocol of ["Raft", "Paxos (one value)", "Multi-Paxos", "Viewstamped Replication", "PBFT", "Tendermint"]) {
    await expect(page.getByRole("region", { name: protocol })).toBeVisible();
  }
});

test("the first two are the headline demos", async ({ page }) => {
  const first = page.getByRole("list", { name: "To begin with" }).getByRole("link");
  await expect(first.locator("strong")).toHaveText(["A linearizable key-value store, cut in two", "PBFT: a primary that equivocates"]);
  await first.nth(1).click();
  await expect.poll(() => shownRun(page)).toBe("PBFT: a primary that equivocates");
});

test("runs stand by what happens in them", async ({ page }) => {
  const raft = page.getByRole("region", { name: "Raft", exact: true });
  await expect(raft.getByRole("heading", { level: 3 })).toHaveText(["Nothing goes wrong", "Faults", "A rule switched off", "Lies"]);
  const rule = raft.getByRole("heading", { name: "A rule switched off" }).locator("+ ul");
  await expect(rule.getByRole("link", { name: "A stale read", exact: true })).toBeVisible();
  const lies = raft.getByRole("heading", { name: "Lies" }).locator("+ ul");
  await expect(lies.getByRole("link", { name: "A liar in Raft", exact: true })).toBeVisible();
});

test("pictures have the theme's own colours", async ({ page }) => {
  const lane = cards(page).first().locator("svg path[fill^='var(--term']").first();
  const fill = () => lane.evaluate((path) => getComputedStyle(path).fill);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await fill();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(fill).not.toBe(light);
});

test("a card opens its run, one of the course as well", async ({ page }) => {
  await page.getByRole("link", { name: "Figure 8", exact: true }).click();
  await expect(new Playground(page).canvas).toBeVisible();
  expect(await shownRun(page)).toBe("Figure 8");
  await page.goBack();
  await page.getByRole("link", { name: "Duelling proposers", exact: true }).click();
  await expect(new Playground(page).canvas).toBeVisible();
  await expect.poll(() => shownRun(page)).toBe("Duelling proposers");
});

test("the window's title names the room, and then the run", async ({ page }) => {
  await expect(page).toHaveTitle("Prepared runs · Consensus playground");
  await page.getByRole("link", { name: "Duelling proposers", exact: true }).click();
  await expect(page).toHaveTitle("Duelling proposers · Consensus playground");
});

test("an address leads to one of the course's runs", async ({ page }) => {
  await page.goto("about:blank");
  await page.goto("./#run=figure-8&protocol=raft&seed=5");
  const playground = new Playground(page);
  await expect(playground.canvas).toBeVisible();
  expect(await shownRun(page)).toBe("Figure 8");
});

test("one protocol's runs alone, by the keyboard", async ({ page }) => {
  const all = await cards(page).count();
  const way = page.getByRole("navigation", { name: "Protocols" }).getByRole("link", { name: "Tendermint" });
  await new Playground(page).tabTo(way);
  await page.keyboard.press("Enter");
  await expect(way).toHaveAttribute("aria-current", "page");
  const own = await cards(page).count();
  expect(own).toBeGreaterThanOrEqual(4);
  expect(own).toBeLessThan(all);
  await page.keyboard.press("Tab");
  await expect(cards(page).first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(new Playground(page).canvas).toBeVisible();
  expect(await shownRun(page)).toBe("A block in round 0");
});

test("cards stand one below the other on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const [first, second] = [await cards(page).nth(0).boundingBox(), await cards(page).nth(1).boundingBox()];
  expect(first?.width).toBeGreaterThan(300);
  expect(second?.y).toBeGreaterThan((first?.y ?? 0) + (first?.height ?? 0));
  expect(await page.locator("main.room").evaluate((room) => room.scrollWidth - room.clientWidth)).toBe(0);
});

test("axe finds nothing in the gallery", async ({ page }) => {
  await expect(cards(page).first()).toBeVisible();
  await expectNothingForAxe({ page });
});
