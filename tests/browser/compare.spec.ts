// The comparison in the page: a script, several protocols, their diagrams at one time, the table, the plots, and the way
// to each run.

import type { Locator, Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test as pageTest } from "./page.ts";
import { Unreadable, addressOf, choiceIn } from "../../www/src/rooms/compare/choice.ts";

/** The comparison as a person knows it. */
class Compare {
  readonly figures: Locator;
  readonly position: Locator;
  readonly time: Locator;
  readonly measure: Locator;
  readonly diagrams: Locator;

  constructor(readonly page: Page) {
    this.figures = page.getByTestId("figures");
    this.position = page.getByRole("slider", { name: "Position in the runs" });
    this.time = page.getByLabel("Time", { exact: true });
    this.measure = page.getByRole("button", { name: "Measure", exact: true });
    this.diagrams = page.locator("compare-diagrams canvas");
  }

  async enter(path = ""): Promise<void> {
    await this.page.goto(`./#compare${path}`);
    await expect(this.figures.getByRole("columnheader").first()).toBeVisible();
  }

  row(name: string | RegExp): Locator {
    return this.figures.getByRole("row", { name });
  }

  async fill(field: string, number: number): Promise<void> {
    const input = this.page.getByRole("spinbutton", { name: field, exact: true });
    await input.fill(String(number));
    await input.press("Tab");
  }
}

const test = pageTest.extend<{ room: Compare }>({
  room: async ({ page }, use) => {
    await use(new Compare(page));
  },
});

test("three protocols stand above each other at one time, and each run opens in the playground at that moment", async ({ room, page }) => {
  await room.enter("/leader-crash-50-uncommitted/seed=0");
  await expect(room.figures.getByRole("columnheader")).toHaveText(["Raft", "Multi-Paxos", "Viewstamped Replication"]);
  await expect(room.row(/^entries that the leader was left with: p50/)).toHaveText(/50\s*50\s*50/);
  await expect(room.row(/^promises kept, runs/)).toHaveText(/1 of 1\s*1 of 1\s*1 of 1/);
  await expect(room.diagrams).toHaveCount(3);
  await expect(page.getByText("the trace hash does not agree")).toHaveCount(0);
  await expect(page.locator("compare-diagrams article").first()).toContainText(/another leads after .*all entries are carried out after .*unserved for/);

  await room.position.focus();
  await page.keyboard.press("Home");
  await expect(room.time).toHaveText("0.000 s");
  await page.keyboard.press("PageUp");
  await expect(room.time).toHaveText("0.250 s");
  await page.keyboard.press("ArrowRight");
  await expect(room.position).not.toHaveValue("250000");
  for (const canvas of await room.diagrams.all()) {
    await expect(canvas).toHaveAttribute("aria-label", new RegExp(`playhead at ${await room.time.innerText()}`));
  }
  await page.keyboard.press(" ");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.keyboard.press(" ");
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();

  const link = page.getByRole("link", { name: "Open Raft’s run in the playground" });
  await expect(link).toHaveAttribute("href", /^#run=1\..*&from=compare\/leader-crash-50-uncommitted\/seed=0$/);
  // The link leads to where the playhead came to rest.
  const before = await link.getAttribute("href");
  await room.position.press("PageUp");
  await expect(link).not.toHaveAttribute("href", before ?? "");
  await link.click();
  await expect(page.getByRole("slider", { name: "Position in the run" })).toHaveAttribute("aria-valuetext", /event [1-9]\d*/);
  await page.getByRole("link", { name: "Back to the comparison" }).click();
  await expect(room.diagrams).toHaveCount(3);
});

test("a script, protocols and seeds are chosen by keys, the address has them, and loading the page again restores them", async ({ room, page }) => {
  await room.enter();
  await page.getByRole("link", { name: /^Leader crash The leader crashes at 1 s/ }).press("Enter");
  await expect(page).toHaveURL(/#compare\/leader-crash$/);
  await expect(page.getByRole("heading", { level: 2, name: /leader crashes/i })).toBeVisible();
  await page.getByRole("checkbox", { name: "Multi-Paxos" }).press(" ");
  await expect(room.figures.getByRole("columnheader")).toHaveText(["Raft", "Viewstamped Replication"]);
  await room.fill("Seed", 4);
  await room.fill("Seeds", 6);
  await room.measure.press("Enter");
  await expect(page).toHaveURL(/#compare\/leader-crash\/protocols=raft,viewstamped\/seed=4\/seeds=6$/);
  await expect(page.getByText(/^12 runs in/)).toBeVisible();
  await expect(room.row(/^answered again, runs/)).toHaveText(/6 of 6\s*6 of 6/);
  const told = await room.figures.innerText();
  await expect(page.getByRole("img", { name: /^Time without an answer/ }).locator("canvas")).toBeVisible();
  await page.getByRole("region", { name: "Time without an answer after the fault" }).getByText("The figures as a table").click();
  await expect(page.getByTestId("unserved").getByRole("row", { name: /^Raft 6 6/ })).toBeVisible();

  await page.reload();
  await expect(page.getByText(/^12 runs in/)).toBeVisible();
  expect(await room.figures.innerText()).toBe(told);
  await page.getByRole("button", { name: "Seed 4 alone" }).click();
  await expect(room.row(/^answered again, runs/)).toHaveText(/1 of 1\s*1 of 1/);
});

test("work on many seeds is cancelled, and what a change of leaders costs is plotted by the entries left", async ({ room, page }) => {
  await room.enter("/leader-crash-50-uncommitted/seeds=100");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText(/^Cancelled after /)).toBeVisible();
  await page.getByRole("button", { name: "Measure 0 to 200 entries" }).click();
  await expect(page.getByRole("img", { name: /^Messages until all entries are carried out/ }).locator("canvas")).toBeVisible();
  await page.getByRole("region", { name: /^What a change of leaders costs/ }).getByText("The figures as a table").click();
  await expect(page.getByTestId("entries").getByRole("row", { name: /^50 / })).not.toContainText("…", { timeout: 20_000 });
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("combobox", { name: "Cost" }).selectOption("Bytes");
  await expect(page.getByRole("img", { name: /^Bytes until all entries are carried out/ })).toBeVisible();
});

test("what a protocol cannot follow has a column that says why; an impossible script is refused with its place", async ({ room, page }) => {
  await room.enter("/liar/protocols=raft,pbft");
  await expect(page.getByTestId("remarks")).toContainText("Raft: not applicable: with 5 replicas it bears no liar");
  await expect(room.row(/^operations answered a second/)).toHaveText(/not applicable\s*[\d.]+/);
  await expect(room.diagrams).toHaveCount(1);

  await page.getByText("The script as JSON").click();
  const script = page.getByRole("textbox", { name: "Script as JSON" });
  await script.fill('{"protocols": ["raft", "viewstamped"], "interventions": [{"at": 1, "action": {"crash": {"node": "n1"}}}]}');
  await page.getByRole("button", { name: "Compare this script" }).click();
  await expect(page.getByRole("alert")).toContainText("interventions[0].action: n1 plays another part in each protocol");
  await script.fill('{"protocols": ["raft", "viewstamped"], "title": "Mine", "until_ticks": 1000000}');
  await page.getByRole("button", { name: "Compare this script" }).click();
  await expect(page.getByRole("heading", { name: "Mine" })).toBeVisible();
  await expect(page).toHaveURL(/#compare\/script=[\w-]+$/);
  await expect(room.row(/^operations answered/)).toBeVisible();

  await page.goto("./#compare/no-such-script");
  await expect(page.getByRole("alert")).toContainText("There is no script “no-such-script”.");
});

test("an address says what was chosen, letter for letter, and what it cannot mean is refused", () => {
  const scripts = [{ name: "calm", about: "", json: "{}" }];
  for (const path of ["calm", "calm/protocols=raft,pbft/seed=7/seeds=100/entries=10/batch=1", "calm/seed=0"]) {
    expect(addressOf(choiceIn(path, scripts))).toBe(`#compare/${path}`);
  }
  const own = choiceIn("calm/seed=2", scripts);
  const address = addressOf({ ...own, name: "", script: '{"title": "Ü → √"}' }) ?? "";
  expect(choiceIn(address.slice("#compare/".length), scripts)).toMatchObject({ name: "", script: '{"title": "Ü → √"}', seed: 2 });
  for (const path of ["storm", "calm/seeds=0", "calm/seeds=101", "calm/seed=x", "calm/entries=201", "calm/protocols=raft", "calm/protocols=raft,raft", "calm/batch=2", "script=%"]) {
    expect(() => choiceIn(path, scripts), path).toThrow(Unreadable);
  }
  expect(addressOf({ ...own, name: "", script: "x".repeat(20_000) })).toBeNull();
});

test("the room has no violation of accessibility, and nothing is cut off on a phone", async ({ room, page }) => {
  await room.enter("/leader-crash-50-uncommitted/seeds=2");
  await expect(page.getByText(/^6 runs in/)).toBeVisible();
  await expect(room.diagrams).toHaveCount(3);
  await page.getByText("The script as JSON").click();
  for (const summary of await page.getByText("The figures as a table").all()) await summary.click();
  await expectNothingForAxe({ page });
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
