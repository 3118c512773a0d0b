// The guide: chapters and sections by their links, the search, keys, paper, and access.

import type { Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test } from "./page.ts";

async function enter(page: Page, path: string, title: string): Promise<void> {
  await page.goto(`./#guide${path === "" ? "" : `/${path}`}`);
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

const search = (page: Page) => page.getByRole("searchbox", { name: "Search the guide" });
const found = (page: Page) => page.getByRole("list", { name: "Found" }).getByRole("link");

test("the guide is one of the pages, and its table of contents leads to every chapter", async ({ page }) => {
  await page.goto("./");
  await page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "Guide" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The guide" })).toBeVisible();
  const chapters = page.getByRole("navigation", { name: "Guide" }).getByRole("listitem");
  expect(await chapters.count(), "chapters").toBeGreaterThan(15);
  await page.getByRole("navigation", { name: "Guide" }).getByRole("link", { name: "Vocabulary" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Vocabulary" })).toBeVisible();
  await expect(page).toHaveURL(/#guide\/vocabulary$/);
});

test("a link leads to a section: it is in sight and has the focus", async ({ page }) => {
  await page.goto("./#guide/extending/a-goal");
  const heading = page.getByRole("heading", { level: 2, name: "A goal" });
  await expect(heading).toBeInViewport();
  await expect(heading).toBeFocused();
  await expect(page.getByRole("navigation", { name: "Guide" }).getByRole("link", { name: "Adding things" })).toHaveAttribute("aria-current", "page");
});

test("a link between chapters leads to the section in the page, and back", async ({ page }) => {
  await enter(page, "command-line", "The command line");
  await page.getByRole("article").getByRole("link", { name: "the table", exact: true }).click();
  await expect(page.getByRole("heading", { level: 2, name: "The threshold" })).toBeInViewport();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "The command line" })).toBeVisible();
});

test("the search finds sections in all chapters, by the keyboard alone", async ({ page }) => {
  await enter(page, "", "The guide");
  await page.keyboard.press("/");
  await expect(search(page)).toBeFocused();
  await page.keyboard.type("mdbook");
  await expect(found(page).first()).toContainText("mdBook");
  await page.keyboard.press("ArrowDown");
  await expect(found(page).first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(search(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "mdBook" })).toBeInViewport();
  await page.keyboard.press("/");
  await page.keyboard.type("no such word anywhere");
  await expect(page.getByRole("navigation", { name: "Guide" }).getByRole("status")).toHaveText("Nothing found");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("navigation", { name: "Guide" }).getByRole("link", { name: "Vocabulary" })).toBeVisible();
});

test("what the types say is there: a field of a scenario, an action, an option", async ({ page }) => {
  await enter(page, "scenario-reference", "Scenarios: every field and action");
  await expect(page.getByRole("row", { name: /^own_flush_ticks/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /^crash_between/ })).toContainText("A crash that waits for a replica's next write");
  await enter(page, "command-line-reference", "Command line: every command");
  await expect(page.getByText("--every-mutation").first()).toBeVisible();
});

test("a command that the tests do not run says so", async ({ page }) => {
  await enter(page, "node", "A real node");
  await expect(page.getByText("Not run by the tests.").first()).toBeVisible();
});

test("an address that leads to no chapter is answered", async ({ page }) => {
  await enter(page, "nonsense/more", "There is no such chapter");
});

test("on paper there is the text from end to end, and nothing else", async ({ page }) => {
  await enter(page, "all", "The guide");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("searchbox")).toBeHidden();
  await expect(page.getByRole("button", { name: /^Guide/ })).toBeHidden();
  const heights = await page.evaluate(() => [document.documentElement.scrollHeight, window.innerHeight] as const);
  expect(heights[0], "more than one page").toBeGreaterThan(10 * heights[1]);
});

for (const width of [1440, 360]) {
  test.describe(`axe, ${width} pixels`, () => {
    test.use({ viewport: { width, height: 800 } });

    test("a chapter with commands, one with tables, and what was found", async ({ page }) => {
      for (const [path, title] of [["command-line", "The command line"], ["scenario-reference", "Scenarios: every field and action"]] as const) {
        await enter(page, path, title);
        await expectNothingForAxe({ page });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), "no wider than the window").toBeLessThanOrEqual(width);
      }
      await search(page).fill("quorum");
      await expect(found(page).first()).toBeVisible();
      await expectNothingForAxe({ page });
    });
  });
}

