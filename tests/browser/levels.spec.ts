// You are the node: each level is played with the core's own answers, and each wrong answer is judged wrong.

import { readFileSync, readdirSync } from "node:fs";

import type { Locator, Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { Playground, expect, test } from "./playground.ts";

interface Level {
  name: string;
  title: string;
  solution: number[];
  questions: { answers: { text: string }[] }[];
}

const FOLDER = new URL("../../www/src/rooms/levels/data/", import.meta.url);
const LEVELS = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Level);

const answer = (page: Page, ordinal: number): Locator => page.locator(`playground-level .answer[data-ordinal="${ordinal}"]`);
const judged = (page: Page): Locator => page.locator("playground-level .judged");
const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });

async function enter(page: Page, name: string): Promise<void> {
  await page.goto(`./#levels/${name}`);
  await expect(answer(page, 0)).toBeVisible();
}

/** Goes on from a question that is answered. */
const next = (page: Page): Promise<void> => page.locator("playground-level .row .primary").click();

for (const { name, title, solution, questions } of LEVELS) {
  test(`${name}: every wrong answer is judged wrong, and the core's pass`, async ({ page }) => {
    await enter(page, name);
    for (const [place, right] of solution.entries()) {
      for (const wrong of questions[place]?.answers.keys() ?? []) {
        if (wrong !== right) {
          await answer(page, wrong).click();
          await expect(judged(page)).toContainText("Not so.");
          await expect(answer(page, wrong)).toContainText("your answer");
        }
      }
      await answer(page, right).click();
      await expect(judged(page)).toContainText("Right.");
      await next(page);
    }
    await expect(page.getByRole("heading", { name: "Not passed yet" })).toBeVisible();

    await button(page, "Play again").click();
    for (const right of solution) {
      await answer(page, right).click();
      await expect(judged(page)).toContainText("Right.");
      await next(page);
    }
    await expect(page.getByRole("heading", { name: "Passed" })).toBeVisible();
    await expect(page.getByText(`${solution.length} of ${solution.length} right at first`)).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Levels" }).getByRole("link", { name: title }).getByLabel("passed")).toBeVisible();
  });
}

test("a wrong answer comes into the world, breaks a promise, and opens in the playground", async ({ page }) => {
  await enter(page, "raft-log-behind");
  for (const right of [1, 0]) {
    await answer(page, right).click();
    await next(page);
  }
  await answer(page, 0).click();
  await button(page, "What if your answer stands?").click();
  const world = page.getByRole("region", { name: "If your answer stands" });
  await expect(world).toContainText("Election restriction");
  await expect(world).toContainText("Leader Completeness is broken");
  await button(page, "Look for other ways on").click();
  await expect(world).toContainText(/Of 80 other ways on.* break a promise/);
  await button(page, "Back to the question").click();
  await answer(page, 1).click();
  await expect(judged(page), "the question is as it was").toContainText("Right.");

  await button(page, "What if your answer stands?").click();
  await button(page, "Open in the playground").click();
  const playground = new Playground(page);
  await expect(playground.tape).toBeVisible();
  await expect(page.getByText("n3 leads term 2 without entry 2 of term 1").first()).toBeVisible();
});

test("who comes back from the playground finds the level as it was left; another level begins anew", async ({ page }) => {
  await enter(page, "paxos-which-value");
  for (const right of [0, 1]) {
    await answer(page, right).click();
    await next(page);
  }
  await answer(page, 0).click();
  await button(page, "What if your answer stands?").click();
  await button(page, "Open in the playground").click();
  await page.getByText("Back to the level").click();
  await expect(page.getByRole("heading", { name: "If your answer stands" })).toBeVisible();
  await button(page, "Back to the question").click();
  await expect(page.getByText("question 3 of 4 · right at first: 2")).toBeVisible();
  const levels = page.getByRole("navigation", { name: "Levels" });
  await levels.getByRole("link", { name: "The gap" }).click();
  await expect(page.getByText("question 1 of 4 · right at first: 0")).toBeVisible();
});

test("what breaks nothing in a run is not said to break something", async ({ page }) => {
  await enter(page, "raft-one-vote");
  await answer(page, 1).click();
  await button(page, "What if your answer stands?").click();
  const world = page.getByRole("region", { name: "If your answer stands" });
  await expect(world).toContainText("In this run nothing broke");
  await button(page, "Look for other ways on").click();
  await expect(world).toContainText("That is no proof that nothing can");
});

test("a level is played with the keyboard alone; a hint, the core's answer, and the way back", async ({ page }) => {
  await enter(page, "raft-one-vote");
  await answer(page, 0).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(judged(page)).toContainText("A hint.");
  await button(page, "Let the core answer").focus();
  await page.keyboard.press("Enter");
  await expect(judged(page)).toContainText("The core’s answer.");
  await button(page, "Next question").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("question 2 of 3 · right at first: 0")).toBeVisible();
  await expect(page.locator("playground-level #asked"), "the reader goes on at the question").toBeFocused();
  await button(page, "Back").click();
  await expect(page.getByText("question 1 of 3")).toBeVisible();
});

test("a level from a file is held against the core, and each mistake is told with its place", async ({ page }) => {
  await page.goto("./#levels");
  const level = JSON.parse(readFileSync(new URL("raft-one-vote.json", FOLDER), "utf8")) as Record<string, unknown> & Level;
  const open = (content: unknown): Promise<void> =>
    page.getByLabel("Open a file").setInputFiles({ name: "level.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(content)) });
  const mistakes = page.getByRole("alert", { name: "What is wrong with the level" });

  await open({ ...level, minutes: 0, colour: "red" });
  await expect(mistakes).toContainText("minutes: it is to be a whole number from 1 to 60");
  await expect(mistakes).toContainText("colour: there is no such field");

  await open({ ...level, solution: [1, 1, 1], title: "My own" });
  await expect(page.getByRole("heading", { name: "My own" })).toBeVisible();
  await expect(mistakes).toContainText("solution[0]: the core’s answer is 0, not 1");

  await page.goto("./#levels");
  await open({ ...level, title: "My own" });
  await answer(page, 0).click();
  await expect(judged(page)).toContainText("Right.");
});

for (const width of [1440, 360]) {
  test.describe(`axe, ${width} pixels`, () => {
    test.use({ viewport: { width, height: 800 } });

    test("the list, a question with an answer, and a world", async ({ page }) => {
      const isNarrow = async (): Promise<void> => {
        await expectNothingForAxe({ page });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), "no wider than the window").toBeLessThanOrEqual(width);
      };
      await page.goto("./#levels");
      await expect(page.getByRole("heading", { name: "You are the node" })).toBeVisible();
      await isNarrow();
      await enter(page, "raft-one-vote");
      await answer(page, 0).click();
      await next(page);
      await answer(page, 0).click();
      await expect(judged(page)).toContainText("Not so.");
      await isNarrow();
      await button(page, "What if your answer stands?").click();
      await expect(page.getByRole("region", { name: "If your answer stands" })).toContainText("is broken");
      await isNarrow();
    });
  });
}
