// A task in a learning platform: a host page that speaks SPLICE, written from its specification, and one with the API of
// SCORM 1.2. Neither needs a server of ours.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, native, test } from "./elsewhere.ts";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));

type Said = Record<string, unknown> & { state: Record<string, unknown>; score: number };

/** A page that shows a task, keeps what it says, and answers what SPLICE's getState asks with what it kept before. */
function host(address: string, kept: object | null): string {
  return `<iframe src="${address}" title="The task" width="900" height="400" style="border: 0"></iframe>
    <script>
      window.said = [];
      const frame = document.querySelector("iframe");
      addEventListener("message", ({ source, origin, data }) => {
        if (source !== frame.contentWindow) return;
        said.push(data);
        if (data.subject === "lti.frameResize") frame.height = data.height;
        if (data.subject === "SPLICE.getState") {
          source.postMessage({ subject: "SPLICE.getState.response", message_id: "another", state: { task: "level/raft-one-vote", chosen: [[1], [1], [1]] } }, origin);
          source.postMessage({ subject: "SPLICE.getState.response", message_id: data.message_id, state: ${JSON.stringify(kept)} }, origin);
        }
      });
    </script>`;
}

const said = (page: Page, subject: string): Promise<Said[]> => page.evaluate((wanted) => (window as unknown as { said: Said[] }).said.filter((each) => each["subject"] === wanted), subject);

test("a level reports score and answers by SPLICE, and goes on from them", async ({ elsewhere, page }) => {
  const address = elsewhere.playground("task.html#level=raft-one-vote");
  await elsewhere.open(host(address, null));
  const task = page.frameLocator("iframe");
  await expect(task.getByRole("heading", { level: 1 })).toBeVisible();
  await expect.poll(async () => (await said(page, "SPLICE.getState")).length).toBe(1);
  const right = async (): Promise<void> => task.getByRole("button", { name: "Let the core answer" }).click();
  await task.locator(".answer").first().click();
  await expect.poll(async () => (await said(page, "SPLICE.reportScoreAndState")).length).toBeGreaterThan(0);
  if (await task.getByRole("button", { name: "Let the core answer" }).isVisible()) await right();
  const [before] = (await said(page, "SPLICE.reportScoreAndState")).slice(-1);
  expect(before?.state).toMatchObject({ task: "level/raft-one-vote" });
  expect(before?.score).toBeGreaterThanOrEqual(0);
  expect(before?.score).toBeLessThan(1);
  const ids = (await said(page, "SPLICE.reportScoreAndState")).map((each) => each["message_id"]);
  expect(new Set(ids).size, "each message has an id of its own").toBe(ids.length);
  // The frame is as high as it says, and the level needs no scrolling in it.
  const [resized] = (await said(page, "lti.frameResize")).slice(-1);
  expect(Number(resized?.["height"])).toBeGreaterThan(400);
  // Next time the platform knows the state.
  await elsewhere.open(host(address, before?.state ?? null));
  await expect(task.getByText(/question 2 of/)).toBeVisible();
  const [again] = (await said(page, "SPLICE.reportScoreAndState")).slice(-1);
  expect(again).toMatchObject({ score: before?.score, state: before?.state });
});

test("a lesson is gone on with, however often its reader has guessed", async ({ elsewhere, page }) => {
  const address = elsewhere.playground("task.html#lesson=no-compaction");
  await elsewhere.open(host(address, null));
  const task = page.frameLocator("iframe").first();
  const field = task.getByRole("spinbutton", { name: "Your number" }).first();
  const answer = field.locator("xpath=..").getByRole("button", { name: "Answer" });
  for (let guess = 0; guess < 15; guess += 1) {
    await field.fill(String(90_000 + guess));
    await answer.click();
  }
  const last = async (): Promise<Said | undefined> => (await said(page, "SPLICE.reportScoreAndState")).at(-1);
  const tries = async (): Promise<number[] | undefined> => (((await last())?.state["chosen"] ?? []) as number[][]).find((each) => each.length > 0);
  await expect.poll(async () => (await tries())?.at(-1)).toBe(90_014);
  expect((await tries())?.[0], "the first counts").toBe(90_000);
  const before = await last();
  await elsewhere.open(host(address, before?.state ?? null));
  await expect(task.getByText("Not in this run.")).toBeVisible();
  expect((await last())?.state).toEqual(before?.state);
});

test("a goal reports that it is met by a link that is handed in, and that link is its state", async ({ elsewhere, page }) => {
  const link = native("stale-read");
  await elsewhere.open(host(elsewhere.playground("task.html#goal=stale-read&theme=light"), null));
  const task = page.frameLocator("iframe").first();
  await expect(task.getByRole("heading", { level: 1 })).toHaveText("Get a stale read with at most one crash");
  // The run that it begins with does not meet it.
  await expect(task.getByText("Not met yet.")).toBeVisible({ timeout: 30_000 });
  await task.getByRole("textbox", { name: /hand in the link/ }).fill("#run=1.AAAA");
  await task.getByRole("button", { name: "Hand in" }).click();
  await expect(task.getByText(/Not read\./)).toBeVisible();
  await task.getByRole("textbox", { name: /hand in the link/ }).fill(link);
  await task.getByRole("button", { name: "Hand in" }).click();
  await expect(task.getByText("✓ The goal is met.")).toBeVisible();
  const [last] = (await said(page, "SPLICE.reportScoreAndState")).slice(-1);
  expect(last).toMatchObject({ score: 1, state: { task: "goal/stale-read", link } });
  const own = await page.evaluate(() => (window as unknown as { said: Said[] }).said.findLast((each) => each["type"] === "score"));
  expect(own).toMatchObject({ consensusPlayground: 1, score: 1, passed: true });
  await expectNothingForAxe({ page });
});

/** A page with the API of SCORM 1.2, which keeps what is set and refuses what the standard refuses. */
const platform = (values: Record<string, string>): string => `<!doctype html><html lang="en"><title>A learning platform</title><body>
  <iframe src="package/task.html" title="The task" width="900" height="900"></iframe>
  <script>
    window.values = ${JSON.stringify(values)};
    window.calls = [];
    let isRunning = false;
    let error = "0";
    const call = (name, answer) => (...given) => { calls.push([name, ...given]); return answer(...given); };
    window.API = {
      LMSInitialize: call("LMSInitialize", () => { isRunning = true; return "true"; }),
      LMSFinish: call("LMSFinish", () => { isRunning = false; return "true"; }),
      LMSCommit: call("LMSCommit", () => String(isRunning)),
      LMSGetValue: call("LMSGetValue", (name) => values[name] ?? ""),
      LMSSetValue: call("LMSSetValue", (name, value) => {
        const isKnown = ["cmi.core.lesson_status", "cmi.core.exit", "cmi.core.score.raw", "cmi.core.score.min", "cmi.core.score.max", "cmi.suspend_data"].includes(name);
        const isFit = name !== "cmi.suspend_data" || value.length <= 4096;
        error = !isRunning ? "301" : !isKnown ? "401" : !isFit || typeof value !== "string" ? "405" : "0";
        if (error === "0") values[name] = value;
        return String(error === "0");
      }),
      LMSGetLastError: call("LMSGetLastError", () => error),
    };
  </script>`;

/** The link of a run in which a lot was done. */
async function longLink(): Promise<string> {
  const { start } = (await import(join(WWW, "headless.mjs"))) as { start: (family: string) => Promise<{ Simulation: new (scenario: object) => { link_content: () => object }; write_link: (content: object) => string }> };
  // No pattern that would make it small.
  const interventions = Array.from({ length: 600 }, (_, ordinal) => {
    const node = `n${((ordinal * ordinal * 48_271) % 7919 % 5) + 1}`;
    return { at: 20_000 * ordinal + ((ordinal * ordinal * 7919) % 19_991), action: { pause: { node } } };
  });
  const { Simulation } = await start("raft");
  const link = (await start("links")).write_link(new Simulation({ protocol: "raft", interventions }).link_content());
  expect(link.length).toBeGreaterThan(4_096);
  return link;
}

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

test.describe("a SCORM 1.2 package", () => {
  const folder = fileURLToPath(new URL("../../target/scorm/", import.meta.url));

  /** Packs a task, and unpacks it again: its files by their names. */
  function packed(name: string): Record<string, Uint8Array> {
    execFileSync(process.execPath, [join(WWW, "scorm.mjs"), name], { stdio: "pipe" });
    const { unzipSync } = createRequire(join(WWW, "package.json"))("fflate") as { unzipSync: (bytes: Uint8Array) => Record<string, Uint8Array> };
    return unzipSync(readFileSync(join(folder, `${name.replace("/", "-")}.zip`)));
  }

  test("is made as the standard's content packaging asks, and works in a page with its API", async ({ page }) => {
    const files = packed("goal/stale-read");
    // The structure of the schema: what stands in what, in which order, and what is named where.
    const found = await page.evaluate((text) => {
      const xml = new DOMParser().parseFromString(text, "application/xml");
      const tree = (element: Element): unknown => [element.localName, ...[...element.children].filter((each) => each.localName !== "file").map(tree)];
      const ids = [...xml.querySelectorAll("[identifier]")].map((each) => each.getAttribute("identifier") ?? "");
      const resource = xml.querySelector("resource");
      return {
        broken: xml.querySelector("parsererror")?.textContent ?? "",
        tree: tree(xml.documentElement),
        namespace: xml.documentElement.namespaceURI,
        ids,
        named: [xml.querySelector("organizations")?.getAttribute("default"), xml.querySelector("item")?.getAttribute("identifierref")],
        schema: [xml.querySelector("schema")?.textContent, xml.querySelector("schemaversion")?.textContent],
        resource: [resource?.getAttribute("type"), resource?.getAttributeNS("http://www.adlnet.org/xsd/adlcp_rootv1p2", "scormtype"), resource?.getAttribute("href")],
        files: [...xml.querySelectorAll("file")].map((each) => each.getAttribute("href")),
        titles: [...xml.querySelectorAll("title")].map((each) => each.textContent),
      };
    }, new TextDecoder().decode(files["imsmanifest.xml"]));
    expect(found.broken).toBe("");
    expect(found.namespace).toBe("http://www.imsproject.org/xsd/imscp_rootv1p1p2");
    expect(found.tree).toEqual(["manifest", ["metadata", ["schema"], ["schemaversion"]], ["organizations", ["organization", ["title"], ["item", ["title"]]]], ["resources", ["resource"]]]);
    expect(new Set(found.ids).size).toBe(found.ids.length);
    expect(found.ids.every((id) => /^[A-Za-z_][\w.-]*$/.test(id)), "names as XML has them").toBe(true);
    expect(found.named.every((name) => found.ids.includes(name ?? ""))).toBe(true);
    expect(found.schema).toEqual(["ADL SCORM", "1.2"]);
    expect(found.resource).toEqual(["webcontent", "sco", "task.html"]);
    expect(found.titles).toEqual(Array(2).fill("Get a stale read with at most one crash"));
    expect(new Set(found.files), "the manifest names what is in the package").toEqual(new Set(Object.keys(files).filter((file) => file !== "imsmanifest.xml")));
    expect(Object.keys(files).some((file) => /pbft_bg/.test(file)), "a module that the task does not need stays out").toBe(false);

    let values: Record<string, string> = { "cmi.core.lesson_status": "not attempted" };
    const missing: string[] = [];
    const server = createServer((request, response) => {
      const name = (request.url ?? "").slice(1);
      const bytes = name === "" ? new TextEncoder().encode(platform(values)) : files[name.replace(/^package\//, "")];
      if (bytes === undefined) missing.push(name);
      response.writeHead(bytes === undefined ? 404 : 200, { "content-type": TYPES[name === "" ? ".html" : extname(name)] ?? "application/octet-stream" });
      response.end(bytes);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const kept = (): Promise<Record<string, string>> => page.evaluate(() => (window as unknown as { values: Record<string, string> }).values);
    const task = page.frameLocator("iframe").first();
    const handIn = async (link: string): Promise<void> => {
      await task.getByRole("textbox", { name: /hand in the link/ }).fill(link);
      await task.getByRole("button", { name: "Hand in" }).click();
    };
    await page.goto(address);
    await expect(task.getByText("Not met yet.")).toBeVisible({ timeout: 30_000 });
    expect(await kept()).toMatchObject({ "cmi.core.lesson_status": "incomplete", "cmi.core.exit": "suspend", "cmi.core.score.raw": "0" });
    const link = native("stale-read");
    await handIn(link);
    await expect(task.getByText("✓ The goal is met.")).toBeVisible();
    values = await kept();
    expect(values).toMatchObject({ "cmi.core.lesson_status": "passed", "cmi.core.score.raw": "100", "cmi.core.score.min": "0", "cmi.core.score.max": "100" });
    expect(JSON.parse(values["cmi.suspend_data"] ?? "")).toEqual({ task: "goal/stale-read", link });
    // What was kept is known again.
    await page.goto(address);
    await expect(task.getByText("✓ The goal is met.")).toBeVisible({ timeout: 30_000 });
    await expect(page.frameLocator("iframe").first().frameLocator("iframe").getByText("Open in the playground")).toHaveCount(0);
    // A link that does not fit is left out, and that is said.
    values = {};
    await page.goto(address);
    await handIn(await longLink());
    await expect(task.getByText(/The link to your run has [\d,]+ characters, and the learning platform keeps 4,096/)).toBeVisible();
    expect(await kept()).toMatchObject({ "cmi.core.score.raw": "0", "cmi.suspend_data": '{"task":"goal/stale-read"}' });
    const calls = await page.evaluate(() => (window as unknown as { calls: string[][] }).calls.map(([name]) => name));
    expect(calls[0]).toBe("LMSInitialize");
    expect(missing.filter((name) => name !== "favicon.ico"), "all that it asks for is in the package").toEqual([]);
    server.close();
  });

  test("is refused for a name that is nobody's, with those that there are", () => {
    let failure = "";
    try {
      packed("gravity");
    } catch (error) {
      failure = String((error as { stderr: unknown }).stderr);
    }
    expect(failure).toContain("There is no goal, no lesson and no level “gravity”. There are:");
    expect(failure).toContain("goal/stale-read");
    expect(failure).toContain("level/raft-one-vote");
    expect(failure).toContain("lesson/commit-rule");
  });
});
