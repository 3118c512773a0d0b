// The page's address is kept current: loading the page again restores the run, Back leads to the run before, and a run
// that a room has opened leads back there. What leads nowhere is told so.

import type { Page } from "@playwright/test";

import { expect, test as pageTest } from "./page.ts";
import { Playground, test } from "./playground.ts";

/** Waits until the address has the run as it is: it is written when the run rests. */
async function addressed(page: Page, hash: RegExp = /^#run=1\./): Promise<string> {
  let before = "";
  await expect
    .poll(async () => {
      const now = new URL(page.url()).hash;
      const rests = now === before && hash.test(now);
      before = now;
      return rests;
    }, { intervals: [500] })
    .toBe(true);
  return before;
}

async function reloaded(page: Page): Promise<Playground> {
  await page.reload();
  const playground = new Playground(page);
  await expect(playground.tape).toHaveAttribute("aria-valuetext", /event \d/);
  return playground;
}

test("loading the page again restores the run, with what was done to it and where one stood", async ({ playground, page }) => {
  await playground.step(-20);
  await playground.button("Cut off the leader").click();
  await playground.step(16);
  await playground.step(-7);
  const before = await playground.at();
  const logs = await playground.logs.textContent();
  await addressed(page);
  const again = await reloaded(page);
  expect(await again.at()).toEqual(before);
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  expect(await again.logs.textContent()).toBe(logs);
  await expect(again.notices.getByRole("listitem")).toHaveCount(0);
});

test("Back leads to the run before, as it was left, and Forward to the one after", async ({ playground, page }) => {
  await playground.step(-5);
  await playground.button("Cut off the leader").click();
  const left = await playground.at();
  await addressed(page);
  await playground.prepared("A stale read");
  await addressed(page, /^#run=(stale-read|1\.)/);
  await playground.step(3);
  const later = await playground.at();
  await addressed(page);
  // The gallery, from which it was chosen, lies between them.
  await page.goBack();
  await page.goBack();
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  await expect.poll(() => playground.at()).toEqual(left);
  await page.goForward();
  await page.goForward();
  await expect.poll(() => playground.at()).toEqual(later);
});

test("a run that nobody has touched keeps its name, and one that is touched its moment", async ({ playground, page }) => {
  expect(new URL(page.url()).hash).toMatch(/^(#run=elect-and-replicate)?$/);
  await page.getByRole("combobox", { name: "Protocol" }).selectOption("paxos");
  await addressed(page, /^#run=[a-z-]+&protocol=paxos$/);
  await playground.step(-2);
  const { event } = await playground.at();
  await addressed(page);
  await (await reloaded(page)).expectEvent(event);
});

test("while it plays, the address follows", async ({ playground, page }) => {
  await playground.play.click();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/^#run=1\./);
  const first = new URL(page.url()).hash;
  await expect.poll(() => new URL(page.url()).hash).not.toBe(first);
  await playground.play.click();
});

test("a run that a lesson has opened leads back to the lesson, by a link and by Back, after a reload too", async ({ playground, page }) => {
  await page.evaluate(() => (window.location.hash = "course/commit-rule"));
  await page.getByRole("button", { name: /^Open the run/ }).first().click();
  await addressed(page, /^#run=1\..*&from=course\/commit-rule$/);
  const back = page.getByRole("link", { name: "Back to the lesson" });
  await playground.step(1);
  await addressed(page);
  const { event } = await playground.at();
  await (await reloaded(page)).expectEvent(event);
  await back.click();
  await expect(page.locator("playground-course h1")).toBeVisible();
  expect(new URL(page.url()).hash).toBe("#course/commit-rule");
  await page.goBack();
  await playground.expectEvent(event);
  await page.goBack();
  await expect(page.locator("playground-course h1")).toBeVisible();
});

test("into a room and back, the run is as it was", async ({ playground, page }) => {
  await playground.button("Cut off the leader").click();
  const before = await playground.at();
  await addressed(page);
  await page.evaluate(() => (window.location.hash = "threshold"));
  await expect(page.locator("playground-threshold")).toBeVisible();
  await page.goBack();
  await expect(playground.tape).toBeVisible();
  expect(await playground.at()).toEqual(before);
});

test("an address that is asked for while the page is at work is not written over", async ({ playground, page }) => {
  await addressed(page);
  await playground.button("Cut off the leader").click();
  // What was done is due to be written into the address, at the very moment at which another is asked for.
  await page.evaluate(() => {
    setTimeout(() => {
      const until = performance.now() + 600;
      while (performance.now() < until);
    });
    setTimeout(() => (window.location.hash = "foo=bar"), 1);
  });
  await expect(playground.notices).toContainText("This page has nothing at “#foo=bar”.");
});

pageTest("an address whose signs were written as others is read all the same", async ({ page }) => {
  await page.goto("./#run%3Dduel%26protocol%3Dpaxos");
  await expect(page.getByRole("combobox", { name: "Protocol" })).toHaveValue("paxos");
});

for (const [what, hash, asked] of [
  ["an unknown room", "#corse", "corse"],
  ["no room and no run", "#foo=bar", "foo=bar"],
  ["markup", "#<img src=x>", "<img src=x>"],
] as const) {
  pageTest(`an address of ${what} is answered with a sentence, at once and in a living page`, async ({ page }) => {
    const playground = new Playground(page);
    const sentence = `This page has nothing at “#${asked}”. It has Prepared runs (#runs), Levels (#levels), Break it (#break-it), Compare (#compare), Explorer (#explore), `;
    await page.goto(`./${hash}`);
    await expect(playground.notices).toContainText(sentence);
    await playground.notices.getByRole("button", { name: "Dismiss" }).click();
    await page.evaluate(() => (window.location.hash = "course"));
    await expect(page.locator("playground-course")).toBeVisible();
    await page.evaluate((wrong) => (window.location.hash = wrong), hash);
    await expect(playground.notices).toContainText(sentence);
    await expect(playground.tape).toBeVisible();
  });
}
