// A run is taken away: as a figure, in other formats, as a scenario; and files are opened.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Locator, Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test as pageTest } from "./playground.ts";

const test = pageTest.extend<{ dialog: Locator }>({
  dialog: async ({ playground, page }, use) => {
    await playground.open("./#run=cut-the-leader-off");
    await page.keyboard.press("s");
    const dialog = page.getByRole("dialog", { name: "Save this run, or open a file" });
    await expect(dialog).toBeVisible();
    await use(dialog);
  },
});

async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent("download"), press()]);
  const bytes = readFileSync(await file.path());
  return { name: file.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}

/** What a browser makes of an SVG: it is parsed as a file of its own, without the page's style sheet. */
const parsed = (page: Page, text: string): Promise<{ words: string; elements: number; broken: boolean; hrefs: string[]; size: string[] }> =>
  page.evaluate((markup) => {
    const root = new DOMParser().parseFromString(markup, "image/svg+xml").documentElement;
    return {
      words: root.textContent ?? "",
      elements: root.querySelectorAll("*").length,
      broken: root.querySelector("parsererror") !== null,
      hrefs: [...root.querySelectorAll("a")].map((link) => link.getAttribute("href") ?? ""),
      size: [root.getAttribute("width") ?? "", root.getAttribute("viewBox") ?? ""],
    };
  }, text);

test("the diagram is saved as SVG, with legend, caption and address, whatever is written in it", async ({ dialog, page }) => {
  await dialog.getByLabel("Title").fill("<script>alert(1)</script> & \"more\"");
  await dialog.getByLabel("Caption").fill("Cut: <b>n1</b>\u0001 and n2");
  const { name, text } = await saved(page, () => dialog.getByRole("button", { name: "Save as SVG" }).click());
  expect(name).toBe("a-linearizable-key-value-store-cut-in-two.svg");
  const figure = await parsed(page, text);
  expect(figure.broken).toBe(false);
  expect(text).not.toMatch(/<script|<b>|var\(--/);
  for (const words of ["<script>alert(1)</script> & \"more\"", "Cut: <b>n1</b>", "n5", "network cut", "Raft, 5 replicas, 3 clients", "#run=cut-the-leader-off"]) {
    expect(figure.words).toContain(words);
  }
  expect(figure.hrefs).toEqual([expect.stringMatching(/#run=cut-the-leader-off$/)]);
  expect(figure.size).toEqual(["85mm", expect.stringMatching(/^0 0 400 /)]);
  expect(figure.elements).toBeGreaterThan(60);
});

test("another size, time and theme make another figure, in pixels too", async ({ dialog, page }) => {
  await dialog.getByRole("button", { name: "A slide, 16:9" }).click();
  await dialog.getByRole("button", { name: "Dark" }).click();
  await dialog.getByRole("button", { name: "To the right" }).click();
  await dialog.getByLabel("From second").fill("0.85");
  await dialog.getByLabel("From second").press("Tab");
  const { text } = await saved(page, () => dialog.getByRole("button", { name: "Save as SVG" }).click());
  expect((await parsed(page, text)).size).toEqual(["1280", "0 0 800 450"]);
  expect(text).toContain('fill="#16181c"');
  expect(text).toContain("0.85 to ");
  const { name, bytes } = await saved(page, () => dialog.getByRole("button", { name: "Save as PNG" }).click());
  expect(name).toMatch(/\.png$/);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1_920, 1_080]);
});

test("by keys: the run is saved in each format, and a history that was saved is judged", async ({ dialog, page, playground }) => {
  await playground.tabTo(dialog.getByText("For other tools"));
  await page.keyboard.press("Enter");
  const begins = { mermaid: /^sequenceDiagram/, shiviz: /^\(\?<|^\S*event/, itf: /^\{"#meta"/, edn: /^\{:process/, jsonl: /^\{"client"/, rust: /fn |use / };
  for (const [format, first] of Object.entries(begins)) {
    await playground.tabTo(dialog.getByRole("button", { name: `Save ${format}` }));
    const { text } = await saved(page, () => page.keyboard.press("Enter"));
    expect(text.length, format).toBeGreaterThan(200);
    expect(text, format).toMatch(first);
    await expect(dialog.locator("playground-formats").getByRole("status")).toContainText("was saved");
    if (format === "edn" || format === "jsonl") {
      await dialog.getByLabel(/^A scenario, or a history/).setInputFiles({ name: `own.${format}`, mimeType: "", buffer: Buffer.from(text) });
      await expect(dialog.getByRole("group", { name: "Verdict on the file" })).toContainText(/^\s*Linearizable/);
    }
  }
});

test("a history that is dropped is judged: what makes it wrong is shown, with its lines", async ({ playground, page }) => {
  await playground.open();
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  const lines = ['{"client": 1, "type": "invoke", "op": "put", "key": "a", "value": "<i>1</i>"}', '{"client": 1, "type": "ok", "op": "put"}', '{"client": 2, "type": "invoke", "op": "get", "key": "a"}', '{"client": 2, "type": "ok", "op": "get", "value": "2"}'];
  await expect(async () => {
    await page.evaluate((text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "wrong.jsonl"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }, lines.join("\n"));
    await expect(page.getByRole("dialog", { name: "Save this run, or open a file" })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  const verdict = page.getByRole("group", { name: "Verdict on the file" });
  await expect(verdict).toContainText("Not linearizable");
  await expect(verdict.getByRole("list", { name: "The operation that makes it wrong" })).toContainText(lines[3] ?? "");
  await expect(verdict).toContainText("<i>1</i>");
  await expect(page.getByRole("combobox", { name: "wrong.jsonl is a history of" })).toHaveValue("kv");
});

test("files that cannot be read are refused, with the place", async ({ dialog }) => {
  const problem = dialog.getByRole("alert");
  const input = dialog.getByLabel(/^A scenario, or a history/);
  const open = (name: string, text: string): Promise<void> => input.setInputFiles({ name, mimeType: "", buffer: Buffer.from(text) });
  await open("typo.json", '{"protocol": "raft",\n "networkk": 3}');
  await expect(problem).toHaveText(/^typo\.json: .*networkk/);
  await open("broken.json", '{"protocol": "raft",\n "replicas": }');
  await expect(problem).toHaveText(/^broken\.json: .*line 2 column 14/);
  await open("broken.jsonl", '{"client": 1, "type": "invoke", "op": "put", "key": "a", "value": "1"}\n{"client": 1, "type": "what"}');
  await expect(problem).toHaveText(/^broken\.jsonl: line 2: /);
  await open("empty.edn", "");
  await expect(problem).toHaveText("empty.edn is empty.");
});

test("a scenario is saved, and opened as another run", async ({ dialog, page, playground }) => {
  const { name, text } = await saved(page, () => dialog.getByRole("button", { name: "Save the scenario" }).click());
  expect(name).toBe("a-linearizable-key-value-store-cut-in-two.json");
  const scenario = JSON.parse(text) as { title: string; protocol: string; captions: unknown };
  expect(scenario.protocol).toBe("raft");
  const other = JSON.stringify({ ...scenario, title: "Another title", captions: [] });
  await dialog.getByLabel(/^A scenario, or a history/).setInputFiles({ name: "other.json", mimeType: "", buffer: Buffer.from(other) });
  await expect(dialog).toBeHidden();
  await expect(page.getByTitle("All prepared runs")).toContainText("Another title");
  await expect(playground.notices).toContainText("other.json was opened.");
});

test("what is printed of the playground is a figure with caption and address; then the page is as it was", async ({ playground, page }) => {
  await page.goto("./#run=cut-the-leader-off");
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  const printed = page.locator("body > svg");
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await expect(printed).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await page.emulateMedia({ media: "print" });
  await expect(printed).toBeVisible();
  await expect(printed).toContainText("The leader is on the smaller side.");
  await expect(printed).toContainText("#run=cut-the-leader-off");
  await expect(playground.play).toBeHidden();
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await expect(printed).toHaveCount(0);
  await expect(playground.play).toBeVisible();
});

// www/still builds what is missing and starts this.
const STILL = fileURLToPath(new URL("../../www/still.mjs", import.meta.url));
const still = (...words: string[]): string => execFileSync(process.execPath, [STILL, ...words], { encoding: "utf8" });

test("without a browser, a name and a link give a figure, too", async ({ dialog, page }) => {
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("ArrowRight");
  await page.getByTitle("Copy a link to this run, as it is now").click();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  const named = await parsed(page, still("stale-read", "--title", "A <title>", "--address", "https://example.org/p/"));
  expect(named.broken).toBe(false);
  expect(named.size[0]).toBe("85mm");
  for (const words of ["A <title>", "c1", "https://example.org/p/#run=stale-read"]) {
    expect(named.words).toContain(words);
  }
  const linked = await parsed(page, still(link, "--size", "slide", "--theme", "dark"));
  expect(linked.size).toEqual(["1280", "0 0 800 450"]);
  expect(linked.hrefs[0]).toBe(link);
  const { status, stdout, stderr } = spawnSync(process.execPath, [STILL, "no-such-run"], { encoding: "utf8" });
  expect([status, stdout, stderr.trim()]).toEqual([2, "", "www/still: there is no prepared run no-such-run"]);
});

test("axe finds nothing wrong with it", async ({ dialog, page }) => {
  await dialog.getByText("For other tools").click();
  await expect(dialog.getByRole("button", { name: "Save mermaid" })).toBeVisible();
  await expectNothingForAxe({ page });
});
