// Whoever hears the page, or speaks to it, tells its controls apart by their names alone.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const CONTROLS = /^\s*- (button|link|checkbox|switch|combobox|slider|spinbutton|textbox|searchbox|tab|radio|menuitem) "((?:[^"\\]|\\.)*)"/;

/** The names of all controls that can be seen, as the browser computes them. */
async function namesOfControls({ page }: Playground): Promise<string[]> {
  const lines = (await page.locator("body").ariaSnapshot()).split("\n");
  return lines.flatMap((line) => CONTROLS.exec(line)?.[2] ?? []);
}

async function expectNoTwoAlike(playground: Playground, where: string): Promise<void> {
  const names = await namesOfControls(playground);
  expect(names.length, where).toBeGreaterThan(15);
  expect(names.filter((name, ordinal) => names.indexOf(name) !== ordinal), where).toEqual([]);
}

for (const protocol of ["raft", "paxos", "multi-paxos", "viewstamped", "pbft", "tendermint"]) {
  test(`in ${protocol}, no two controls have one name`, async ({ playground, page }) => {
    await page.getByRole("combobox", { name: "Protocol" }).selectOption(protocol);
    await expect(page.getByRole("combobox", { name: "Protocol" })).toHaveValue(protocol);
    for (const tab of await page.getByRole("tablist", { name: "Panels" }).getByRole("tab").all()) {
      await tab.click();
      await expectNoTwoAlike(playground, `with the panel “${await tab.textContent()}”`);
    }
    await playground.process("n1").click();
    await playground.actions("n1").getByRole("button", { name: "More on n1" }).click();
    await expectNoTwoAlike(playground, "with what can be done to n1");
    await page.keyboard.press("Escape");

    for (const title of ["Crash, pause or restart a server", "Lose, delay or copy messages", "Slow or wipe a disk", "Send a command", "Propose a value", "Make it lie"]) {
      const section = page.locator("playground-rail details.section").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
      await playground.openFaults();
      if ((await section.count()) > 0) await section.locator("summary").first().click();
    }
    await page.getByRole("combobox", { name: "How it lies" }).selectOption({ label: "by hand, line by line" });
    await expectNoTwoAlike(playground, "with all faults");
    await playground.button("Link by link").click();
    await expectNoTwoAlike(playground, "with all links");
    await playground.unfold("Workload");
    await expectNoTwoAlike(playground, "with the set-up");
    await playground.ruleBook();
    await expectNoTwoAlike(playground, "with the rule book");
  });
}
