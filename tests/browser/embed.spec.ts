// A playground in somebody else's page: by a frame, and by the element that makes one.

import { gzipSync } from "node:zlib";

import type { Page } from "@playwright/test";

import { onlyProtocol } from "../../www/src/engine/names.ts";
import { expectNothingForAxe } from "./axe.ts";
import { Embedded, embedded, expect, frameOf, native, test } from "./elsewhere.ts";

const ALL = "cluster,diagram,inspector,board,history,transport";
/** As for the page, without the fonts; and what there is of it besides the protocol's module. */
const FIRST_LOAD_MAX_BYTES = 433_500;
const BESIDES_MAX_BYTES = 96_500;

/** Keeps what the page around is told, in `told`. */
const LISTENING = `<script>window.told = []; addEventListener("message", ({ data, origin }) => told.push({ ...data, origin }));</script>`;

const framed = (address: string, style = "width: 900px; height: 640px"): string => `${LISTENING}<iframe title="A run" src="${address}" style="${style}"></iframe>`;

function told(page: Page, type: string): Promise<Record<string, unknown>[]> {
  return page.evaluate((wanted) => (window as unknown as { told: Record<string, unknown>[] }).told.filter((each) => each["type"] === wanted), type);
}

async function say(page: Page, message: unknown): Promise<void> {
  await page.evaluate((data) => document.querySelector("iframe")?.contentWindow?.postMessage(data, "*"), message);
}

test.describe("a frame", () => {
  test("is a still picture until it is played", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground("embed.html")));
    const run = await embedded(page);
    const before = await run.event();
    expect(before).toBeGreaterThan(0);
    await page.waitForTimeout(700);
    expect(await run.event()).toBe(before);
    await run.play.click();
    await expect.poll(() => run.event()).toBeGreaterThan(before);
  });

  test("plays by itself where that was asked for, once it is in sight", async ({ elsewhere, page }) => {
    await elsewhere.open(`<div style="height: 3000px"></div>${framed(elsewhere.playground("embed.html#start=play"))}`);
    const run = await embedded(page);
    const before = await run.event();
    await page.waitForTimeout(700);
    expect(await run.event(), "nobody sees it yet").toBe(before);
    await page.locator("iframe").scrollIntoViewIfNeeded();
    await expect.poll(() => run.event()).toBeGreaterThan(before);
    await expect(run.play).toHaveText("Pause");
  });

  test.describe("where less motion is wanted", () => {
    test.use({ contextOptions: { reducedMotion: "reduce" } });

    test("never plays by itself", async ({ elsewhere, page }) => {
      await elsewhere.open(framed(elsewhere.playground("embed.html#start=play")));
      const run = await embedded(page);
      const before = await run.event();
      await page.waitForTimeout(700);
      expect(await run.event()).toBe(before);
    });
  });

  test("has the panels that are asked for, in their order, and the theme", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground("embed.html#panels=transport,board,diagram&theme=dark")));
    await embedded(page);
    const inside = await frameOf(page).evaluate(() => {
      const root = document.querySelector("playground-embed")?.shadowRoot;
      // What can be done to a process floats over the panels, and has no place among them.
      const placed = [...(root?.querySelectorAll(".page > *") ?? [])].filter((each) => getComputedStyle(each).display !== "contents");
      return placed.map((each) => each.className || each.localName);
    });
    expect(inside).toEqual(["diagram", "board", "bottom"]);
    expect(await frameOf(page).evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark");
  });

  test("shows the run of a link, and leads to the whole playground with it", async ({ elsewhere, page, context }) => {
    await elsewhere.open(framed(elsewhere.playground(`embed.html${native("raft-much-done")}&panels=${ALL}`)));
    const run = await embedded(page);
    const before = await run.event();
    await run.inside.getByRole("button", { name: "Step forward" }).click();
    await expect(run.tape).toHaveAttribute("aria-valuenow", String(before + 1));
    const opening = context.waitForEvent("page");
    await run.inside.getByRole("link", { name: "Open in the playground" }).click();
    const whole = await opening;
    expect(whole.url()).toMatch(/^http:\/\/localhost:\d+\/#run=1\./);
    const there = new Embedded(whole);
    await there.ready();
    expect(await there.event()).toBe(before + 1);
    expect(await whole.getByRole("table", { name: /Logs/ }).textContent()).toBe(await run.inside.getByRole("table", { name: /Logs/ }).textContent());
  });

  test("shows a prepared run with a seed", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground("embed.html?protocol=paxos&run=duel&seed=3&panels=board,transport")));
    const run = await embedded(page);
    await expect(run.inside.getByText("Paxos (one value): Duelling proposers")).toBeVisible();
    await say(page, { consensusPlayground: 1, type: "link" });
    await expect.poll(() => told(page, "link")).toHaveLength(1);
    const [first] = await told(page, "link");
    await say(page, { consensusPlayground: 1, type: "open", run: "duel", protocol: "paxos", seed: "4" });
    await expect(run.tape).toHaveAttribute("aria-valuetext", /event \d/);
    await say(page, { consensusPlayground: 1, type: "link" });
    await expect.poll(() => told(page, "link")).toHaveLength(2);
    expect((await told(page, "link"))[1]).not.toEqual(first);
  });

  for (const [name, title] of [
    ["duel", "Paxos (one value): Duelling proposers"],
    ["pbft-two-faced-primary", "PBFT: a primary that equivocates"],
    ["figure-8", "Raft: "],
  ] as const) {
    test(`finds whose prepared run ${name} is`, async ({ elsewhere, page }) => {
      await elsewhere.open(framed(elsewhere.playground(`embed.html#run=${name}&panels=transport`)));
      const run = await embedded(page);
      await expect(run.inside.getByRole("heading", { level: 1 })).toContainText(title);
    });
  }

  test("asks which protocol is meant where two have a run of that name", () => {
    const runs = [{ name: "duel", protocol: "paxos" }, { name: "duel", protocol: "raft" }, { name: "gap", protocol: "raft" }];
    expect(() => onlyProtocol("duel", runs)).toThrow("More than one protocol has a prepared run “duel”: say which with protocol=paxos or protocol=raft.");
    expect(onlyProtocol("gap", runs)).toBe("raft");
    expect(onlyProtocol("nothing", runs)).toBeUndefined();
  });

  for (const [address, sentence] of [
    ["#panels=diagram,transport,foo", "In the address, panels has “foo”; there are: cluster, diagram, inspector, board, history, transport."],
    ["#theme=<b>", "In the address, theme has “<b>”; there are: system, light, dark."],
    ["#start=now", "In the address, start has “now”; there are: still, play."],
    ["#run=1.AAAAAAAAAAAAAAAA", "The link could not be opened: checksum: it does not fit: part of the link is missing or changed."],
    ["#run=fast", "Raft has no prepared run “fast”. It has: elect-and-replicate, cut-the-leader-off, stale-read"],
    ["?protocol=rough", "There is no protocol “rough” on this page."],
  ] as const) {
    test(`tells what it cannot make of ${address}, and opens as usual`, async ({ elsewhere, page }) => {
      await elsewhere.open(framed(elsewhere.playground(`embed.html${address}`)));
      const run = await embedded(page, true);
      await expect(run.inside.getByRole("region", { name: "Notices" })).toContainText(sentence);
      await run.inside.getByRole("button", { name: "Step forward" }).click();
    });
  }

  test("says how high it would be, again when its width changes, and grows with the frame", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground(`embed.html#panels=${ALL}`)));
    await embedded(page);
    await expect.poll(async () => (await told(page, "height")).length).toBeGreaterThan(0);
    const wide = Number((await told(page, "height")).at(-1)?.["height"]);
    expect(wide).toBeGreaterThan(600);
    expect(wide).toBeLessThan(900);
    await page.locator("iframe").evaluate((frame) => (frame.style.width = "360px"));
    await expect.poll(async () => Number((await told(page, "height")).at(-1)?.["height"])).toBeGreaterThan(1_200);
    // As a page around does that heeds it.
    const asked = async (): Promise<number> => Number((await told(page, "height")).at(-1)?.["height"]);
    await expect.poll(async () => {
      const height = await asked();
      await page.locator("iframe").evaluate((frame, pixels) => (frame.style.height = `${pixels}px`), height);
      // The page's fonts come after its first picture.
      await page.waitForTimeout(500);
      return (await asked()) - height;
    }).toBe(0);
    const narrow = await asked();
    for (const height of [narrow, narrow + 300]) {
      await page.locator("iframe").evaluate((frame, pixels) => (frame.style.height = `${pixels}px`), height);
      await expect.poll(() => frameOf(page).evaluate(() => document.documentElement.scrollHeight), "nothing is to be scrolled").toBe(height);
    }
    await page.waitForTimeout(300);
    expect(await asked(), "a higher frame does not make it ask for more").toBeLessThanOrEqual(narrow);
  });

  // In a frame, where browsers that keep sites apart would refuse to say, and by itself.
  test("keeps nothing: no cookie, no storage; and asks no other host", async ({ elsewhere, page, context }) => {
    await elsewhere.open(framed(elsewhere.playground(`embed.html#panels=${ALL}`)));
    const inFrame = await embedded(page);
    await inFrame.play.click();
    await page.goto(elsewhere.playground(`embed.html#panels=${ALL}`));
    const run = await new Embedded(page).ready();
    await run.play.click();
    await page.waitForTimeout(500);
    expect(await context.cookies()).toEqual([]);
    const kept = await page.evaluate(async () => ({
      cookie: document.cookie,
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    }));
    expect(kept).toEqual({ cookie: "", local: 0, session: 0, databases: 0, workers: 0 });
  });

  test("works under the strictest sandbox that lets its scripts run, where the server lets other origins read", async ({ elsewhere, page }) => {
    // The preview's server says so; a sandboxed frame without allow-same-origin has no origin, and modules need leave.
    await elsewhere.open(`<iframe title="A run" sandbox="allow-scripts" src="${elsewhere.playground("embed.html")}" style="width: 800px; height: 560px"></iframe>`);
    const run = await embedded(page);
    await run.inside.getByRole("button", { name: "Step forward" }).click();
  });
});

test.describe("what the page around says", () => {
  test("is carried out: play, pause, step, seek, theme", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground("embed.html")));
    const run = await embedded(page);
    await expect.poll(() => told(page, "ready")).toHaveLength(1);
    await say(page, { consensusPlayground: 1, type: "seek", event: 100 });
    await expect(run.tape).toHaveAttribute("aria-valuenow", "100");
    await say(page, { consensusPlayground: 1, type: "step", events: -3 });
    await expect(run.tape).toHaveAttribute("aria-valuenow", "97");
    await say(page, { consensusPlayground: 1, type: "play" });
    await expect(run.play).toHaveText("Pause");
    await say(page, { consensusPlayground: 1, type: "pause" });
    await expect(run.play).toHaveText("Play");
    await say(page, { consensusPlayground: 1, type: "theme", theme: "dark" });
    await expect.poll(() => frameOf(page).evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark");
    expect(await told(page, "error")).toEqual([]);
  });

  test("is answered with an error where it makes no sense, and ignored where it is not meant for us", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground("embed.html")));
    const run = await embedded(page);
    const before = await run.event();
    for (const data of [null, 7, "play", [], {}, { type: "play" }, { type: "seek", event: 1 }, [1]]) await say(page, data);
    const bad: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ consensusPlayground: 2, type: "play" }, "consensusPlayground"],
      [{ consensusPlayground: 1 }, "type"],
      [{ consensusPlayground: 1, type: "explode" }, "type"],
      [{ consensusPlayground: 1, type: "seek" }, "event"],
      [{ consensusPlayground: 1, type: "seek", event: -1 }, "event"],
      [{ consensusPlayground: 1, type: "seek", event: "12" }, "event"],
      [{ consensusPlayground: 1, type: "seek", event: 1e300 }, "event"],
      [{ consensusPlayground: 1, type: "step", events: 0.5 }, "events"],
      [{ consensusPlayground: 1, type: "step", events: 1_000_000 }, "events"],
      [{ consensusPlayground: 1, type: "theme", theme: "<img>" }, "theme"],
      [{ consensusPlayground: 1, type: "panels", panels: "diagram,foo" }, "panels"],
      [{ consensusPlayground: 1, type: "captions", captions: "loud" }, "captions"],
      [{ consensusPlayground: 1, type: "open", run: {} }, "run"],
      [{ consensusPlayground: 1, type: "open", run: "9".repeat(100_001) }, "run"],
      [{ consensusPlayground: 1, type: "open", run: "1.AAAA" }, ""],
      [{ consensusPlayground: 1, type: "open", protocol: "rough" }, ""],
    ];
    for (const [data] of bad) await say(page, data);
    await expect.poll(async () => (await told(page, "error")).map(({ place }) => place)).toEqual(bad.map(([, place]) => place));
    for (const { message } of await told(page, "error")) expect(message).toMatch(/\w/);
    expect(await run.event()).toBe(before);
    await expect(run.play).toHaveText("Play");
  });

  test("is not needed to know where the run stands: the frame tells", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground("embed.html#run=stale-read&captions=shown&panels=diagram,transport")));
    const run = await embedded(page);
    const state = async (): Promise<Record<string, unknown> | undefined> => (await told(page, "state")).at(-1);
    await expect.poll(state).toMatchObject({ event: await run.event(), playing: false, caption: 1, verdict: { standing: "kept" } });
    const time = Number((await state())?.["time"]);
    expect(time).toBeCloseTo(0.9, 2);
    await say(page, { consensusPlayground: 1, type: "play" });
    await expect.poll(state).toMatchObject({ playing: true, verdict: null });
    await expect.poll(async () => Number((await state())?.["time"])).toBeGreaterThan(time);
    const reports = (await told(page, "state")).length;
    await page.waitForTimeout(1_000);
    expect((await told(page, "state")).length - reports, "a frame that plays is no flood").toBeLessThanOrEqual(6);
    await say(page, { consensusPlayground: 1, type: "pause" });
    await run.inside.getByRole("button", { name: "Step back" }).click();
    await expect.poll(state).toMatchObject({ playing: false, event: await run.event() });
  });

  test("may be a goal, which the run meets or not", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground("embed.html#run=stale-read&panels=transport")));
    await embedded(page);
    await say(page, { consensusPlayground: 1, type: "goal", goal: "split-vote" });
    await expect.poll(async () => (await told(page, "goal")).at(-1)).toMatchObject({ goal: "split-vote", met: false, event: null });
    await say(page, { consensusPlayground: 1, type: "goal", goal: "world-peace" });
    await expect.poll(async () => (await told(page, "error")).at(-1)).toMatchObject({ place: "goal" });
  });

  test("is answered by what the reader is told of errors, too", async ({ elsewhere, page }) => {
    await elsewhere.open(framed(elsewhere.playground("embed.html#run=fast&theme=<b>&panels=transport")));
    await embedded(page, true);
    await expect.poll(async () => (await told(page, "error")).map(({ message }) => String(message).slice(0, 40))).toEqual([
      "Raft has no prepared run “fast”. It has:",
      "In the address, theme has “<b>”; there a",
    ]);
  });

  test("is heeded from nobody else", async ({ elsewhere, page }) => {
    await elsewhere.open(`${framed(elsewhere.playground("embed.html"))}<iframe name="other" title="Another" srcdoc="<p>Another frame"></iframe>`);
    const run = await embedded(page);
    await page.frame({ name: "other" })?.evaluate(() => window.parent.frames[0]?.postMessage({ consensusPlayground: 1, type: "play" }, "*"));
    await page.waitForTimeout(400);
    await expect(run.play).toHaveText("Play");
  });
});

test("the first load of a frame is small", async ({ page }) => {
  const measured: Promise<{ bytes: number; isModule: boolean }>[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith(".woff2")) return;
    measured.push(response.body().then((body) => ({ bytes: gzipSync(body, { level: 9 }).length, isModule: response.url().endsWith(".wasm") })));
  });
  await page.goto("./embed.html");
  await new Embedded(page).ready();
  await page.waitForLoadState("networkidle");
  const files = await Promise.all(measured);
  const sum = (all: typeof files): number => all.reduce((before, { bytes }) => before + bytes, 0);
  const [total, besides] = [sum(files), sum(files.filter(({ isModule }) => !isModule))];
  console.log(`  first load of a frame: ${total} bytes gzipped, of ${FIRST_LOAD_MAX_BYTES}; ${besides} of them besides the module, in ${files.length - 1} files`);
  expect(files.filter(({ isModule }) => isModule)).toHaveLength(1);
  expect(besides).toBeLessThanOrEqual(BESIDES_MAX_BYTES);
  expect(total).toBeLessThanOrEqual(FIRST_LOAD_MAX_BYTES);
});

test.describe("by keyboard", () => {
  test("everything is reached, and the keys work", async ({ elsewhere, page }) => {
    await elsewhere.open(`<a href="#">A link before</a>${framed(elsewhere.playground(`embed.html#panels=${ALL}`), "width: 1000px; height: 760px")}`);
    const run = await embedded(page);
    const before = await run.event();
    const names = new Set<string>();
    for (let presses = 0; presses < 90; presses += 1) {
      await page.keyboard.press("Tab");
      const name = await frameOf(page).evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element === null || element === document.body ? "" : (element.getAttribute("aria-label") ?? element.textContent ?? "").trim();
      });
      names.add(name);
      if (name === "Open in the playground") break;
    }
    for (const name of ["Diagram", "Play", "Position in the run", "Jump to", "Open in the playground"]) {
      expect([...names], "what the Tab key leads to").toContain(name);
    }
    await page.keyboard.press("ArrowLeft");
    // The link has the focus, and wants no arrow. Buttons that belong together are reached by arrows.
    await run.play.focus();
    await page.keyboard.press("ArrowRight");
    await expect(run.inside.getByRole("button", { name: "Step forward" })).toBeFocused();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await expect(run.inside.getByRole("button", { name: "Step back" })).toBeFocused();
    await run.play.focus();
    await page.keyboard.press("Space");
    await expect(run.play).toHaveText("Pause");
    await page.keyboard.press("Space");
    await expect(run.play).toHaveText("Play");
    expect(await run.event()).toBeGreaterThanOrEqual(before);
  });
});

for (const width of [360, 1_000]) {
  test.describe(`axe, ${width} pixels`, () => {
    test.use({ viewport: { width, height: 800 } });

    test("nothing is found in a frame, and nothing is too wide", async ({ page }) => {
      await page.goto(`./embed.html#panels=${ALL}&run=stale-read`);
      const run = await new Embedded(page).ready();
      await run.inside.getByRole("button", { name: "Step forward" }).click();
      await expectNothingForAxe({ page });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });

    for (const theme of ["light", "dark"]) {
      test(`nothing is found in a page with the element, which is ${theme}`, async ({ elsewhere, page }) => {
        await elsewhere.open(`<main><h1>A lesson</h1><script src="${elsewhere.playground("consensus-playground.js")}" async></script>
          <consensus-playground theme="${theme}"></consensus-playground></main>`);
        await embedded(page);
        await expectNothingForAxe({ page });
      });
    }
  });
}
