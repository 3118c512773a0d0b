// Where a story is written: moments, what to look at, what to ask, the order; by pointer and by keys.

import type { Locator, Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test as pageTest } from "./playground.ts";

class Editor {
  readonly dialog: Locator;
  readonly names: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByRole("dialog", { name: "Captions of this run" });
    this.names = this.dialog.getByRole("listitem").locator(".name");
  }

  async open(): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+k");
    await this.page.getByRole("combobox", { name: "Command, run, process or room" }).fill("edit captions");
    await this.page.keyboard.press("Enter");
    await expect(this.dialog).toBeVisible();
  }

  /** A caption where the playhead stands. */
  async add(title: string): Promise<void> {
    await this.dialog.getByRole("button", { name: "Add here" }).click();
    await this.field("Title").fill(title);
    await this.save();
  }

  field(name: string): Locator {
    return this.dialog.getByRole("textbox", { name, exact: true });
  }

  choice(name: string): Locator {
    return this.dialog.getByRole("combobox", { name, exact: true });
  }

  button(name: string): Locator {
    return this.dialog.getByRole("button", { name, exact: true });
  }

  async save(): Promise<void> {
    await this.dialog.getByRole("button", { name: /^Save caption/ }).click();
  }

  async expectSaid(words: string | RegExp): Promise<void> {
    await expect(this.dialog.locator("p[role=status]")).toContainText(words);
  }

  async close(): Promise<void> {
    await this.button("Done").click();
    await expect(this.dialog).toBeHidden();
  }
}

const test = pageTest.extend<{ editor: Editor }>({
  editor: async ({ playground, page }, use) => {
    // A run without a story, and something to tell of it.
    await page.evaluate(() => {
      const { run } = document.querySelector("playground-app") as unknown as { run: { scenario: object; load(scenario: object): void } };
      run.load({ ...run.scenario, title: "Mine", captions: [] });
    });
    await playground.canvas.focus();
    await use(new Editor(page));
  },
});

const card = (page: Page): Locator => page.getByRole("region", { name: "Story" });

test("a moment is the n-th event of a kind, and the form says where that is", async ({ editor, page }) => {
  await editor.open();
  await editor.add("A vote");
  await editor.choice("It stands when").selectOption("a message is handled");
  await editor.choice("Which").selectOption("RequestVote");
  await editor.choice("Where").selectOption("n3");
  await editor.dialog.getByRole("spinbutton", { name: "Which of them (1 is the first)" }).fill("1");
  await editor.save();
  await editor.expectSaid(/^Saved\. Its moment is at \d\.\d+ s, after \d+ events\.$/);
  await expect(editor.names).toHaveText(/A vote · first message RequestVote of n3/);
  await editor.choice("It stands when").selectOption("a replica takes a role");
  await editor.choice("Which").selectOption("leader");
  await editor.dialog.getByRole("spinbutton", { name: "Which of them (1 is the first)" }).fill("9");
  await editor.save();
  await editor.expectSaid("Its moment is not reached in what is recorded of the run.");
  await editor.choice("It stands when").selectOption("a time comes");
  await editor.button("At the playhead: 1.500 s").click();
  await editor.save();
  await expect(editor.names).toHaveText(/A vote · at 1\.500 s/);
  await editor.close();
  await expect(card(page)).toContainText("A vote");
});

test("what is selected and what is shown now is what the caption looks at", async ({ editor, playground, page }) => {
  await playground.process("n4").click();
  await editor.open();
  await editor.add("Look here");
  await editor.button("What is selected now").click();
  await editor.button("The span that is shown now").click();
  await editor.choice("Log entry of").selectOption("n1");
  await editor.dialog.getByRole("spinbutton", { name: "At index" }).fill("3");
  await editor.dialog.getByRole("spinbutton", { name: "At index" }).press("Tab");
  await expect(editor.dialog).toContainText(/n4, entry 3 of n1, \d\.\d+ s before and \d\.\d+ s after\./);
  await editor.save();
  await editor.close();
  const look = await page.evaluate(() => {
    const { run } = document.querySelector("playground-app") as unknown as { run: { scenario: { captions: { look: object }[] } } };
    return run.scenario.captions[0]?.look;
  });
  expect(look).toMatchObject({ node: "n4", cell: { node: "n1", index: 3 }, span: { before: expect.any(Number), after: expect.any(Number) } });
});

test("the reader is asked to do something, and the story does it", async ({ editor, playground, page }) => {
  await editor.open();
  await editor.add("Your turn now");
  await editor.choice("The reader is asked").selectOption("to do something to the run");
  await editor.save();
  await expect(editor.dialog.getByRole("alert")).toHaveText("It is not chosen yet what the reader is to do.");
  await editor.choice("To do").selectOption("Crash n2");
  await editor.save();
  await editor.close();
  await card(page).getByRole("button", { name: "Crash n2" }).click();
  await expect(playground.process("n2")).toHaveAccessibleName(/down/);
});

test("the reader is asked a question, with choices and what is said after choosing", async ({ editor, page }) => {
  await editor.open();
  await editor.add("Think");
  await editor.choice("The reader is asked").selectOption("to answer a question");
  await editor.field("Question").fill("Who leads?");
  await editor.field("Choices, one on each line, the right one with * before it").fill("n1\nn2");
  await editor.field("Answer, shown after choosing").fill("n1 does.");
  await editor.save();
  await expect(editor.dialog.getByRole("alert")).toHaveText("No choice is marked as the right one: write * before it.");
  await editor.field("Choices, one on each line, the right one with * before it").fill("*n1\nn2");
  await editor.save();
  await editor.close();
  await card(page).getByRole("button", { name: "n1", exact: true }).click();
  await expect(card(page)).toContainText("n1 does.");
});

test("captions are put in order by pointer and by keys, and deleted", async ({ editor, page }) => {
  await editor.open();
  for (const title of ["One", "Two", "Three"]) await editor.add(title);
  await expect(editor.names).toHaveText([/^\s*One/, /^\s*Two/, /^\s*Three/]);
  await editor.names.nth(2).dragTo(editor.names.nth(0));
  await expect(editor.names).toHaveText([/^\s*Three/, /^\s*One/, /^\s*Two/]);
  await editor.names.nth(0).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(editor.names).toHaveText([/^\s*One/, /^\s*Three/, /^\s*Two/]);
  await expect(editor.names.nth(1), "the focus goes with it").toBeFocused();
  await editor.expectSaid("“Three” is number 2 of 3.");
  await editor.button("Move caption 3 up").click();
  await expect(editor.names).toHaveText([/^\s*One/, /^\s*Two/, /^\s*Three/]);
  await editor.button("Delete caption 2").click();
  await expect(editor.names).toHaveText([/^\s*One/, /^\s*Three/]);
});

test("what was written is kept when another caption is opened, and when the editor is closed", async ({ editor }) => {
  await editor.open();
  for (const title of ["One", "Two"]) await editor.add(title);
  await editor.field("Title").fill("Second");
  await editor.names.first().click();
  await expect(editor.names).toHaveText([/^\s*One/, /^\s*Second/]);
  await editor.field("Title").fill("");
  await editor.button("Done").click();
  await expect(editor.dialog.getByRole("alert"), "a caption without a title is refused").toContainText("it says nothing");
  await editor.field("Title").fill("First");
  await editor.close();
  await editor.open();
  await expect(editor.names).toHaveText([/^\s*First/, /^\s*Second/]);
});

test("how much fits is said: characters and captions", async ({ editor, page }) => {
  await page.evaluate(() => {
    const { run } = document.querySelector("playground-app") as unknown as { run: { story: { retell(captions: object[]): void } } };
    run.story.retell(Array.from({ length: 39 }, (_, at) => ({ moment: { on: { at: at * 10_000 } }, title: `Caption ${at}` })));
  });
  await editor.open();
  await editor.add("The last one");
  const add = editor.button("Add here");
  await expect(add).toBeDisabled();
  await expect(add).toHaveAttribute("title", "There are 40 captions: no more fit");
  await expect(editor.dialog).toContainText("40 of at most 40.");
  await editor.field("Text").fill("x".repeat(590));
  await expect(editor.dialog).toContainText("10 characters left of 600.");
  await editor.field("Text").pressSequentially("y".repeat(11));
  await expect(editor.field("Text")).toHaveValue(`${"x".repeat(590)}${"y".repeat(10)}`);
  await expect(editor.dialog).toContainText("600 characters: no more fit.");
});

test("axe finds nothing in the editor", async ({ editor, page }) => {
  await editor.open();
  await editor.add("One");
  await editor.choice("The reader is asked").selectOption("to answer a question");
  await expectNothingForAxe({ page }, "playground-story-editor");
});
