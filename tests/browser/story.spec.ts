// A story: words at moments of a run, read by pointer, by keys and by a presenter's remote; and the first visit, which
// is one.

import type { Locator, Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test as pageTest } from "./page.ts";
import { Playground } from "./playground.ts";

class Story {
  readonly card: Locator;
  readonly playground: Playground;

  constructor(readonly page: Page) {
    this.card = page.getByRole("region", { name: "Story" });
    this.playground = new Playground(page);
  }

  async open(run: string): Promise<void> {
    await this.page.goto(`./#run=${run}`);
    await expect(this.card.getByRole("heading")).not.toBeEmpty();
  }

  button(name: string | RegExp): Locator {
    return this.card.getByRole("button", { name, exact: true });
  }

  async expectCaption(number: number, of: number, title: string): Promise<void> {
    await expect(this.card.getByText(`${number} of ${of}`)).toBeVisible();
    await expect(this.card.getByRole("heading")).toHaveText(title);
  }
}

const test = pageTest.extend<{ story: Story }>({
  story: async ({ page }, use) => use(new Story(page)),
});

test("the story of a prepared run opens at its first moment, and Next and Back lead through it", async ({ story }) => {
  await story.open("cut-the-leader-off");
  await story.expectCaption(1, 6, "The leader is on the smaller side");
  expect(await story.playground.time()).toBeCloseTo(0.9, 3);
  await expect(story.button("Back")).toBeDisabled();
  await story.button("Next").click();
  await story.expectCaption(2, 6, "Two have it");
  await story.button("Next").click();
  await story.expectCaption(3, 6, "Two leaders");
  expect(await story.playground.time()).toBeCloseTo(1.069, 3);
  await story.button("Back").click();
  await story.expectCaption(2, 6, "Two have it");
});

test("every way of opening a prepared run leads to its story's first moment", async ({ story, page }) => {
  await story.open("cut-the-leader-off");
  await page.getByTitle("All prepared runs").click();
  await page.locator("playground-gallery").getByRole("link", { name: "A stale read", exact: true }).first().click();
  await expect(story.card.getByText("1 of 5")).toBeVisible();
  const first = await story.playground.time();
  await page.keyboard.press("PageDown");
  await expect(story.card.getByText("2 of 5")).toBeVisible();
  await page.goto("./#run=elect-and-replicate");
  await expect(story.card.getByText(/^1 of \d$/)).toBeVisible();
  await page.goto("./#run=stale-read");
  await expect(story.card.getByText("1 of 5")).toBeVisible();
  expect(await story.playground.time()).toBe(first);
});

test("a presenter's remote leads through it, wherever the focus is", async ({ story, page }) => {
  await story.open("cut-the-leader-off");
  for (const focus of [story.playground.canvas, story.playground.tape, story.button("Next")]) {
    await focus.focus();
    await page.keyboard.press("PageDown");
    await story.expectCaption(2, 6, "Two have it");
    await page.keyboard.press("PageUp");
    await story.expectCaption(1, 6, "The leader is on the smaller side");
  }
});

test("play halts at the next caption", async ({ story }) => {
  await story.open("cut-the-leader-off");
  await story.playground.play.click();
  await story.expectCaption(2, 6, "Two have it");
  await expect(story.playground.play).toHaveText("Play");
  expect(await story.playground.time()).toBeCloseTo(0.977, 3);
});

test("a question is answered, and says what is right and why", async ({ story }) => {
  await story.open("cut-the-leader-off");
  await story.button("Commit it with n2").press("Enter");
  await expect(story.card).toContainText("n1 cannot know that it is cut off");
  await expect(story.card.getByRole("button", { name: "✓ Append it, and wait" })).toBeDisabled();
  const wrong = story.card.getByRole("button", { name: "✗ Commit it with n2" });
  await expect(wrong).toHaveAttribute("aria-pressed", "true");
});

test("the card has one height, whatever it says, and covers nothing that has happened", async ({ story }) => {
  await story.open("stale-read");
  const heights = new Set<number>();
  for (let number = 1; number <= 5; number += 1) {
    await expect(story.card.getByText(`${number} of 5`)).toBeVisible();
    heights.add(Math.round((await story.card.boundingBox())?.height ?? 0));
    // The canvas says what it shows a little after it has drawn it.
    await expect(async () => {
      const [card, canvas] = [await story.card.boundingBox(), await story.playground.canvas.boundingBox()];
      const shown = await story.playground.canvas.getAttribute("aria-label");
      const [from = NaN, to = NaN] = (/diagram, ([\d.]+) to ([\d.]+) s/.exec(shown ?? "") ?? []).slice(1).map(Number);
      const head = 30;
      const now = (canvas?.y ?? 0) + head + (((await story.playground.time()) - from) / (to - from)) * ((canvas?.height ?? 0) - head);
      expect(now, "the playhead stands above the card").toBeLessThan(card?.y ?? 0);
    }).toPass();
    if (number < 5) await story.button("Next").click();
  }
  expect([...heights]).toHaveLength(1);
});

test("a story is left and opened again; left, it halts nothing", async ({ story, page }) => {
  await story.open("cut-the-leader-off");
  await story.button("Leave the story").press("Enter");
  await expect(story.card).toHaveCount(0);
  const folded = page.getByRole("button", { name: "Story: 6 captions" });
  await expect(folded).toBeFocused();
  await story.playground.playFor(0.4);
  await folded.click();
  await expect(story.card).toBeVisible();
});

test.describe("the first visit", () => {
  for (const [how, leave] of [
    ["by its button", (story: Story) => story.button("Leave the story").click()],
    ["by Escape", (story: Story) => story.page.keyboard.press("Escape")],
  ] as const) {
    test(`opens and plays by itself, and is left at any moment ${how}`, async ({ story, page }) => {
      await page.goto("./");
      await story.expectCaption(1, 8, "Five servers choose a leader");
      await expect(story.button("Pause the story")).toBeVisible();
      await leave(story);
      await expect(story.card).toHaveCount(0);
      const { time } = await story.playground.at();
      await page.waitForTimeout(1_500);
      expect(await story.playground.time()).toBe(time);
    });
  }

  test("is taken over by whoever does anything else", async ({ story, page }) => {
    await page.goto("./");
    await story.expectCaption(1, 8, "Five servers choose a leader");
    await story.playground.process("n2").click();
    await expect(story.playground.inspector).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(story.button("Play the story")).toBeVisible();
  });

  test("is opened again by a button", async ({ story, page }) => {
    await page.goto("./#run=cut-the-leader-off");
    await story.expectCaption(1, 6, "The leader is on the smaller side");
    await page.getByRole("button", { name: "First steps" }).click();
    await story.expectCaption(1, 8, "Five servers choose a leader");
  });

  test("asks the reader to cut the leader off, and shows what comes of it", async ({ story, page }) => {
    await page.goto("./");
    await story.expectCaption(1, 8, "Five servers choose a leader");
    await story.button("Next").click();
    await story.button("Next").click();
    await story.expectCaption(3, 8, "Cut the leader off");
    await story.button("Cut off n1 and c1").click();
    await story.expectCaption(4, 8, "The others elect n3");
    await story.button("Next").click();
    await story.expectCaption(5, 8, "A stale read");
    await story.button("Next").click();
    await story.expectCaption(6, 8, "A write that nobody else has");
    await page.keyboard.press("PageDown");
    await story.expectCaption(7, 8, "Its write is lost");
    await page.keyboard.press("PageDown");
    await story.expectCaption(8, 8, "Break it yourself");
    const ways = ["A linearizable key-value store, cut in two", "PBFT: a primary that equivocates"];
    await expect(story.card.getByRole("link")).toHaveText(ways);
    await expect(story.playground.notices).toBeEmpty();
  });

  test("plays nothing by itself where motion is to be reduced", async ({ story, page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto("./");
    await story.expectCaption(1, 8, "Five servers choose a leader");
    const { time } = await story.playground.at();
    await page.waitForTimeout(2_500);
    expect(await story.playground.time()).toBe(time);
    await story.expectCaption(1, 8, "Five servers choose a leader");
  });
});

test("axe finds nothing in the card", async ({ story, page }) => {
  await story.open("cut-the-leader-off");
  await story.button("Append it, and wait").click();
  await expectNothingForAxe({ page });
});
