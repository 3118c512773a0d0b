// The palette of commands: what there is, by pointer and by keys, in the playground and in the other rooms.

import type { Locator, Page } from "@playwright/test";

import { PAGE_COMMANDS, keyLabel } from "../../www/src/commands/table.ts";
import type { PageCommandId } from "../../www/src/commands/table.ts";
import { expectNothingForAxe } from "./axe.ts";
import { expect, test } from "./playground.ts";

class Palette {
  readonly dialog: Locator;
  readonly field: Locator;
  readonly options: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByRole("dialog", { name: "Commands" });
    this.field = page.getByRole("combobox", { name: "Command, run, process or room" });
    this.options = this.dialog.getByRole("option");
  }

  async open(): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+k");
    await expect(this.field).toBeFocused();
  }

  /** The option to which the field says that the arrows have led. */
  async expectChosen(words: string | RegExp): Promise<void> {
    const id = await this.field.getAttribute("aria-activedescendant");
    await expect(this.dialog.locator(`#${id}`)).toContainText(words);
    await expect(this.dialog.locator(`#${id}`)).toHaveAttribute("aria-selected", "true");
  }
}

test("by keys: what is written is found, with a slip too, and Enter does it", async ({ playground, page }) => {
  const palette = new Palette(page);
  await palette.open();
  await palette.field.fill("crash n2");
  await palette.expectChosen("Crash n2");
  await page.keyboard.press("Enter");
  await expect(palette.dialog).toBeHidden();
  await expect(playground.process("n2")).toHaveAccessibleName(/down/);
  await palette.open();
  await palette.field.fill("restrat n2");
  await palette.expectChosen("Restart n2");
  await page.keyboard.press("Enter");
  await expect(playground.process("n2")).not.toHaveAccessibleName(/down/);
});

test("every command of the table is there with its key, and says why it can do nothing", async ({ playground, page }) => {
  const palette = new Palette(page);
  await playground.tape.press("Home");
  await palette.open();
  const ids = (Object.keys(PAGE_COMMANDS) as PageCommandId[]).filter((id) => id !== "palette");
  for (const id of ids) {
    const words = PAGE_COMMANDS[id].words({ epoch: "election", decision: "commit" });
    const option = palette.options.filter({ has: page.getByText(words, { exact: true }) });
    await expect(option.first()).toContainText(keyLabel(id));
  }
  const back = palette.options.filter({ hasText: "One event back" });
  await expect(back).toHaveAttribute("aria-disabled", "true");
  await expect(back).toContainText("The playhead is at the beginning of the run");
  await palette.field.fill("one event back");
  await page.keyboard.press("Enter");
  await expect(palette.dialog.getByRole("status")).toHaveText("One event back: The playhead is at the beginning of the run.");
  await expect(palette.dialog).toBeVisible();
});

test("arrows walk through the list and around its ends; Escape closes it and changes nothing", async ({ playground, page }) => {
  const palette = new Palette(page);
  await playground.canvas.focus();
  const before = await playground.at();
  await palette.open();
  await palette.expectChosen("Play and pause");
  await page.keyboard.press("ArrowDown");
  await palette.expectChosen("One event back");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await palette.expectChosen("Go to Guide");
  await page.keyboard.press("Escape");
  await expect(palette.dialog).toBeHidden();
  await expect(playground.canvas, "the focus is where it was").toBeFocused();
  expect(await playground.at()).toEqual(before);
});

test("by pointer: a panel, a run and a room are opened", async ({ playground, page }) => {
  const palette = new Palette(page);
  await palette.open();
  await palette.options.filter({ hasText: "Show Clients" }).click();
  await expect(page.getByRole("tab", { name: "Clients" })).toHaveAttribute("aria-selected", "true");
  await palette.open();
  await palette.field.fill("lock tendermint");
  await palette.field.fill("stale read raft");
  await palette.options.first().click();
  await expect(page.getByTitle("All prepared runs")).toContainText("A stale read");
  await palette.open();
  await palette.options.filter({ hasText: "Go to Quorums" }).click();
  await expect(page.locator("playground-threshold")).toBeVisible();
  await palette.open();
  await expect(palette.options.filter({ hasText: "Go to Quorums" }), "one is there already").toContainText("You are there");
  await expect(palette.options.filter({ hasText: "Play and pause" }), "what is the playground's is not offered elsewhere").toHaveCount(0);
  await palette.options.filter({ hasText: "Go to Playground" }).click();
  await expect(playground.tape).toBeVisible();
});

test("what has no such words is told so", async ({ playground, page }) => {
  const palette = new Palette(page);
  await playground.canvas.focus();
  await palette.open();
  await palette.field.fill("xylophone");
  await expect(palette.dialog.getByRole("status")).toHaveText("Nothing here has these words.");
  await page.keyboard.press("Enter");
  await expect(palette.dialog).toBeVisible();
});

test("axe finds nothing in it", async ({ playground, page }) => {
  await playground.canvas.focus();
  await new Palette(page).open();
  await expectNothingForAxe({ page }, "playground-palette");
});
