// A link shows the run again that it was made of, wherever it was made; and what is no link, or not what it says, is
// told.

import { readFileSync, readdirSync } from "node:fs";

import type { Page } from "@playwright/test";

import { expect, test as pageTest } from "./page.ts";
import { NOT_LINEARIZABLE, Playground, test } from "./playground.ts";

/** Links that the command line has made: tests/runs/links.rs writes them down. */
const NATIVE = new Map(
  readFileSync(new URL("../golden/links.txt", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ") as [string, string]),
);
const native = (name: string): string => NATIVE.get(name) ?? "";

/** A run of each protocol, and one to which much was done. */
const SHOWN: readonly string[] = ["stale-read", "duel", "multi-paxos-gap", "viewstamped-recovery", "pbft-two-faced-primary", "tendermint-crash", "raft-much-done"];

/** Opens the page with a link. */
async function opened(page: Page, hash: string): Promise<Playground> {
  // Only another page, and not just another hash, is loaded anew.
  await page.goto("about:blank");
  await page.goto(`./${hash}`);
  const playground = new Playground(page);
  await expect(playground.tape).toHaveAttribute("aria-valuetext", /event \d/);
  return playground;
}

/** What the page gives as the link to its run: the part after the address. */
async function shared(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Share" }).click();
  const address = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.keyboard.press("Escape");
  return address.slice(address.indexOf("#"));
}

for (const name of SHOWN) {
  pageTest(`a native link to ${name} is opened with its playhead and its hash, and the page makes the same link of it`, async ({ page }) => {
    const playground = await opened(page, native(name));
    const { event, events } = await playground.at();
    expect(event).toBe(Math.floor(events / 2));
    await expect(playground.notices.getByRole("listitem"), "nothing is complained of").toHaveCount(0);
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page.getByRole("dialog", { name: "A link to this run" })).toContainText("It is the same run: the trace hash agrees.");
    await page.keyboard.press("Escape");
    expect(await shared(page)).toBe(native(name));
  });
}

/** Without the page around them. */
pageTest("every protocol's module replays the native links to the same hashes", async ({ page, baseURL }) => {
  await page.goto("./");
  const built = readdirSync(new URL("../../www/dist/assets", import.meta.url));
  const folder = new URL("../../www/dist/assets/", import.meta.url);
  // Pictures of the protocol's runs have its name, too.
  const isEngine = (name: string): boolean => !name.endsWith(".js") || readFileSync(new URL(name, folder), "utf8").includes("_bg.wasm");
  const file = (form: RegExp): string => new URL(`assets/${built.find((each) => form.test(each) && isEngine(each))}`, baseURL).href;
  const files = (module: string) => [file(new RegExp(`^${module}-.{8}\\.js$`)), file(new RegExp(`^${module}_bg-.{8}\\.wasm$`))] as const;
  for (const [name, module] of Object.entries({
    "stale-read": "raft",
    duel: "paxos",
    "multi-paxos-gap": "multi-paxos",
    "viewstamped-recovery": "viewstamped",
    "pbft-two-faced-primary": "pbft",
    "tendermint-crash": "tendermint",
  })) {
    const [said, found, again] = await page.evaluate(
      async ([glue, wasm, linksGlue, linksWasm, link]) => {
        interface Content {
          scenario: object;
          events: number;
          playhead: number;
          trace_hash: string;
        }
        interface Module {
          default(from: object): Promise<void>;
          read_link(text: string): Content;
          write_link(content: Content): string;
          Simulation: new (scenario: object) => { step(): boolean; seek(event: number): void; hash_after(events: number): string; link_content(): Content };
        }
        const [engine, links] = (await Promise.all([import(glue), import(linksGlue)])) as [Module, Module];
        await Promise.all([engine.default({ module_or_path: wasm }), links.default({ module_or_path: linksWasm })]);
        const content = links.read_link(link);
        const run = new engine.Simulation(content.scenario);
        for (let done = 0; done < content.events; done += 1) run.step();
        run.seek(content.playhead);
        return [content.trace_hash, run.hash_after(content.events), links.write_link(run.link_content())];
      },
      [...files(module), ...files("links"), native(name)] as const,
    );
    expect(found, name).toBe(said);
    expect(again, name).toBe(native(name));
  }
});

test("what was done by hand is in the link: whoever opens it sees the same run at the same moment", async ({ playground, page, context }) => {
  await playground.prepared("A linearizable key-value store, cut in two");
  await playground.step(-20);
  await playground.cutInTwo();
  await playground.step(16);
  await playground.step(-7);
  const link = await shared(page);
  const other = await opened(await context.newPage(), link);
  expect(await other.at()).toEqual(await playground.at());
  await expect(other.page.getByTestId("partition-state")).toContainText("Cut since");
  expect(await other.logs.textContent()).toBe(await playground.logs.textContent());
  await expect(other.notices.getByRole("listitem")).toHaveCount(0);
  expect(await shared(other.page)).toBe(link);
  await expect(other.page.getByText("This run was opened from a link.")).not.toContainText("Since then");
  await other.step(3);
  await playground.step(3);
  expect(await other.logs.textContent()).toBe(await playground.logs.textContent());
});

test("the rules that are switched off are in the link, and so is what came of it", async ({ playground, page, context }) => {
  await playground.prepared("A stale read");
  await playground.playUntil(() => expect(playground.verdict).toHaveText(NOT_LINEARIZABLE));
  const other = await opened(await context.newPage(), await shared(page));
  await expect(other.verdict).toHaveText(NOT_LINEARIZABLE);
  await expect(other.button("Show why")).toBeVisible();
});

test.describe("the clipboard", () => {
  test("has the link after one press, and the page says what is in it", async ({ playground, page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await playground.cutInTwo();
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog", { name: "A link to this run" });
    await expect(dialog.getByRole("status")).toHaveText("The link is copied.");
    await expect(dialog).toContainText(/Raft with 5 replicas and 3 clients, seed \d+, 1 thing done to it and \d+ events/);
    await expect(dialog).toContainText(/It has [\d,]+ characters/);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.getByRole("textbox", { name: "Link" }).inputValue());
    expect(copied).toMatch(/^http:\/\/localhost:\d+\/#run=1\.[\w-]+$/);
    await dialog.getByRole("button", { name: "Copy the HTML" }).click();
    await expect(dialog.getByRole("status")).toHaveText("The HTML is copied.");
    await page.evaluate(() => navigator.clipboard.writeText("something else"));
    await page.getByRole("button", { name: "Share" }).click();
    await expect(dialog).toBeHidden();
    expect(await page.evaluate(() => navigator.clipboard.readText()), "the press that closes copies nothing").toBe("something else");
    await page.getByRole("button", { name: "Share" }).click();
    await dialog.getByRole("button", { name: "Copy the HTML" }).click();
    await expect(dialog.getByRole("status")).toHaveText("The HTML is copied.");
    const markup = await page.evaluate(() => navigator.clipboard.readText());
    expect(markup).toBe(await page.getByRole("textbox", { name: "HTML" }).inputValue());
    expect(markup).toMatch(/^<iframe src="http:\/\/localhost:\d+\/embed\.html#run=1\.[\w-]+(&captions=shown)?" title="A run of Raft" .*><\/iframe>$/);
  });

  test("where there is none, the link stands there selected", async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await opened(page, "");
    await page.getByRole("button", { name: "Share" }).press("Enter");
    const field = page.getByRole("textbox", { name: "Link" });
    await expect(field).toBeFocused();
    await expect(page.getByRole("dialog", { name: "A link to this run" }).getByRole("status")).toContainText("It is selected for you to copy");
    const selected = await field.evaluate((element) => {
      const { value, selectionStart, selectionEnd } = element as HTMLInputElement;
      return value.slice(selectionStart ?? 0, selectionEnd ?? 0) === value;
    });
    expect(selected).toBe(true);
  });
});

for (const [name, sentence] of [
  ["by-another-engine", /^The link was made by engine 0\.0\.7, and this is [\d.]+\. It is the same run all the same: the trace hash agrees\.$/],
  ["by-another-engine-of-another-run", /^The link was made by engine 0\.0\.7, and this is [\d.]+\. This is not the run that was shared: the trace hash does not agree\./],
  ["of-another-run", /^The link was made by this engine, [\d.]+\. This is not the run that was shared: the trace hash does not agree\./],
  ["of-more-events-than-there-are", /This is not the run that was shared: the link’s run has 60 events, and here it ends after 50\./],
] as const) {
  pageTest(`a link ${name.replaceAll("-", " ")} is opened, and told so`, async ({ page }) => {
    const playground = await opened(page, native(name));
    await expect(playground.notices.locator("li p")).toHaveText(sentence);
  });
}

const whole = native("stale-read");
for (const [what, hash, sentence] of [
  ["is cut short", whole.slice(0, -9), /^The link could not be opened: (checksum|base64): .*\.$/],
  ["has a letter changed", whole.replace(/.{3}$/, "AAA"), /^The link could not be opened: .*\.$/],
  ["is of another format", "#run=7.AAAA", /^The link could not be opened: format: this engine \([\d.]+\) reads links of format 1, not "7"\.$/],
  ["is empty", "#run=", /^The link could not be opened: format: .*\.$/],
  ["is markup", "#run=1.<img src=x onerror=alert(1)>", /^The link could not be opened: base64: .*\.$/],
  ["has wrong signs", "#run=%E0%A4%A", /^The link could not be opened: .*\.$/],
  ["is far too long", `#run=1.${"A".repeat(100_001)}`, /^The link could not be opened: .*at most 100000 characters, not \d+/],
  ["names no prepared run", "#run=stale-reed", /^Raft has no prepared run “stale-reed”\. It has: elect-and-replicate, .*\.$/],
  ["names no protocol", "#protocol=<b>rough</b>", /^There is no protocol “<b>rough<\/b>” on this page\. There are: raft, .*\.$/],
  ["has no seed", "#run=stale-read&seed=-1", /^A seed is a whole number .*, not “-1”\.$/],
] as const) {
  pageTest(`a link that ${what} is told so, and the page opens as usual`, async ({ page }) => {
    const playground = await opened(page, hash);
    await expect(playground.notices.locator("li p")).toHaveText(sentence);
    await expect(page.getByTitle("All prepared runs")).toContainText("Elect and replicate");
    await playground.step(1);
    expect(await page.locator("img, playground-notices b").count(), "it is never taken for markup").toBe(0);
  });
}

pageTest("a prepared run has an address, too, with a seed of one's own", async ({ page }) => {
  const playground = await opened(page, "#run=duel&protocol=paxos&seed=77");
  await expect(page.getByRole("combobox", { name: "Protocol" })).toHaveValue("paxos");
  await playground.button("Settings and keys").click();
  await expect(page.getByText("77", { exact: true })).toBeVisible();
});

test("in a living page, another link opens another run; what was done to the one before can be had back", async ({ playground, page }) => {
  await playground.cutInTwo();
  await playground.step(2);
  const before = await playground.at();
  await page.evaluate((hash) => (window.location.hash = hash), native("duel"));
  await expect(page.getByRole("combobox", { name: "Protocol" })).toHaveValue("paxos");
  await expect(playground.notices).toContainText("What you did to the one before is kept for a while.");
  await playground.button("Back to it").click();
  await expect(page.getByRole("combobox", { name: "Protocol" })).toHaveValue("raft");
  expect(await playground.at()).toEqual(before);
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  await expect.poll(() => new URL(page.url()).hash, "the address asks for the run that is shown").toMatch(/^#run=1\./);

  await page.evaluate((hash) => (window.location.hash = hash), native("stale-read").slice(0, 40));
  await expect(playground.notices).toContainText("The link could not be opened");
  expect(await playground.at(), "the run before stays").toEqual(before);

  await page.evaluate((hash) => (window.location.hash = hash), native("raft-much-done"));
  await expect.poll(async () => (await playground.at()).events).not.toBe(before.events);
  expect(new URL(page.url()).hash).toBe(native("raft-much-done"));
  await playground.prepared("A stale read");
  expect(new URL(page.url()).hash).toBe("#run=stale-read&protocol=raft");
});

test("a run that is too much for a link says so", async ({ playground, page }) => {
  // What cannot be packed, and a lot of it: through the page's own way to act.
  await page.evaluate(() => {
    const { run } = document.querySelector("playground-app") as unknown as { run: { act(action: object): boolean } };
    for (let sent = 0; sent < 150; sent += 1) {
      const value = Array.from(crypto.getRandomValues(new Uint8Array(800)), (byte) => String.fromCharCode(33 + (byte % 90))).join("");
      if (!run.act({ invoke: { client: "c1", command: { put: { key: "x", value } } } })) throw new Error("not done");
    }
  });
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "A link to this run" });
  await expect(dialog.getByRole("alert")).toHaveText(/^This run is too much for a link.*it would have \d+ characters, and at most 100000 are read/);
  await expect(page.getByRole("textbox", { name: "Link" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await playground.step(1);
});
