// Where the page cannot start, it says what to do.

import { pathToFileURL } from "node:url";

import type { FrameLocator, Page } from "@playwright/test";

import { expect, test } from "./elsewhere.ts";

const built = (file: string): string => new URL(`../../www/dist/${file}`, pathToFileURL(import.meta.filename)).href;
const told = (where: Page | FrameLocator) => where.getByText("It has not started");
const toldInFrame = (where: Page | FrameLocator) => where.getByText("This run has not started");

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page and a frame say what they are, and what to do", async ({ page }) => {
    await page.goto("./");
    await expect(page.getByRole("heading", { name: "Consensus playground" })).toBeVisible();
    await expect(told(page)).toBeVisible();
    await expect(page.getByText("Allow JavaScript for this page")).toBeVisible();
    await page.goto("./embed.html");
    await expect(toldInFrame(page)).toBeVisible();
  });
});

test("opened from a disk, the page and a frame say what to do", async ({ page }) => {
  await page.goto(built("index.html"));
  await expect(told(page)).toBeVisible();
  await expect(page.getByText("serve its folder")).toBeVisible();
  await page.goto(built("embed.html"));
  await expect(toldInFrame(page)).toBeVisible();
});

test("in a sandbox without scripts, and in one whose modules are refused, too", async ({ elsewhere }) => {
  const page = await elsewhere.open(`<iframe name="none" sandbox src="${elsewhere.playground("embed.html")}"></iframe>`);
  await expect(toldInFrame(page.frameLocator("[name=none]"))).toBeVisible();
  // As they are where the frame has no origin, and the server lets nobody read its files.
  await page.route("**/assets/*.js", (route) => route.abort("accessdenied"));
  await elsewhere.open(`<iframe name="scripts" sandbox="allow-scripts" src="${elsewhere.playground("")}"></iframe>`);
  await expect(told(page.frameLocator("[name=scripts]"))).toBeVisible();
  elsewhere.complaints.length = 0;
});

test("what is said goes when the page starts", async ({ page }) => {
  await page.goto("./");
  await expect(page.getByRole("slider", { name: "Position in the run" })).toBeVisible();
  await expect(told(page)).toBeHidden();
  await page.goto("./embed.html");
  await expect(page.getByRole("slider", { name: "Position in the run" })).toBeVisible();
  await expect(toldInFrame(page)).toBeHidden();
});
