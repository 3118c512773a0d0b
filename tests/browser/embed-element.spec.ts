// The element in somebody else's page: it makes a frame, sizes it, and passes on what is said.

import { gzipSync } from "node:zlib";

import { Embedded, embedded, expect, frameOf, native, script, test } from "./elsewhere.ts";

const ELEMENT_MAX_BYTES = 3_000;

test.describe("the element", () => {
  test("makes a frame that is as high as its panels", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}
      <p>Before</p><consensus-playground run="${native("stale-read")}" panels="diagram,transport" theme="light" label="A stale read of Raft">It is at another place.</consensus-playground><p>After</p>`);
    const run = await embedded(page);
    const frame = page.locator("iframe");
    await expect(frame).toHaveAttribute("title", "A stale read of Raft");
    await expect(frame).toHaveAttribute("loading", "lazy");
    await expect(frame).toHaveAttribute("referrerpolicy", "no-referrer");
    await expect(frame).toHaveAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    await expect.poll(async () => (await frame.boundingBox())?.height).toBeLessThan(500);
    const inside = await frameOf(page).evaluate(() => document.documentElement.scrollHeight);
    expect((await frame.boundingBox())?.height).toBe(inside);
    await page.waitForTimeout(300);
    await expect(run.inside.getByRole("region", { name: "Notices" }).getByRole("listitem")).toHaveCount(0);
    await expect(run.inside.getByText("Raft: A stale read")).toBeVisible();
  });

  test("is not loaded before it comes near", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<div style="height: 20000px"></div><consensus-playground></consensus-playground>`);
    await page.waitForTimeout(700);
    expect(page.frames()).toHaveLength(2);
    expect(page.frames()[1]?.url()).not.toContain("embed.html");
    await page.locator("iframe").scrollIntoViewIfNeeded();
    await embedded(page);
  });

  test("passes on what it is told, and tells what its frame says", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground height="600" protocol="paxos"></consensus-playground>`);
    const run = await embedded(page);
    await expect(page.locator("iframe")).toHaveAttribute("title", "Consensus playground paxos");
    await page.waitForTimeout(300);
    expect((await page.locator("iframe").boundingBox())?.height, "a height of one's own is kept").toBe(600);
    const answer = await page.evaluate(() => {
      const element = document.querySelector("consensus-playground") as HTMLElement & { send(message: object): void };
      return new Promise<{ type: string; link: string }>((resolve) => {
        element.addEventListener("playground-message", ({ detail }: CustomEventInit<{ type: string; link: string }>) => {
          if (detail?.type === "link") resolve(detail);
        });
        element.send({ type: "link" });
      });
    });
    expect(answer.type).toBe("link");
    expect(answer.link).toMatch(/^#run=1\./);
    // From the beginning: at its end this run has nothing left that could be played.
    await page.evaluate(() => {
      const element = document.querySelector("consensus-playground") as HTMLElement & { send(message: object): void };
      element.send({ type: "seek", event: 0 });
      element.send({ type: "play" });
    });
    await expect(run.play).toHaveText("Pause");
  });

  test("passes on what it was told before its frame could hear", async ({ elsewhere, page }) => {
    await elsewhere.open(`<consensus-playground></consensus-playground><script src="${elsewhere.playground("consensus-playground.js")}"></script>
      <script>for (const type of ["pause", "play"]) document.querySelector("consensus-playground").send({ type });</script>`);
    await expect(new Embedded(page.frameLocator("iframe")).play).toHaveText("Pause");
  });

  test("tells its frame of attributes that change, and leaves it as it is", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground height="600"></consensus-playground>`);
    const run = await embedded(page);
    await frameOf(page).evaluate(() => ((window as unknown as { kept: boolean }).kept = true));
    const set = (attributes: Record<string, string>): Promise<void> =>
      page.evaluate((all) => {
        for (const [name, value] of Object.entries(all)) document.querySelector("consensus-playground")?.setAttribute(name, value);
      }, attributes);
    await set({ panels: "history" });
    await expect(run.inside.getByRole("region", { name: "Clients" })).toBeVisible();
    await expect(run.inside.getByRole("application", { name: /^Space-time diagram/ })).toHaveCount(0);
    await set({ run: "duel", protocol: "paxos", seed: "3", panels: "board,transport" });
    await expect(run.inside.getByText("Paxos (one value): Duelling proposers")).toBeVisible();
    await expect(run.inside.getByRole("region", { name: "Acceptors" })).toBeVisible();
    await set({ theme: "dark", label: "A duel", height: "444" });
    await expect.poll(() => frameOf(page).evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark");
    await expect(page.locator("iframe")).toHaveAttribute("title", "A duel");
    expect((await page.locator("iframe").boundingBox())?.height).toBe(444);
    await page.evaluate(() => document.querySelector("consensus-playground")?.removeAttribute("height"));
    await expect.poll(async () => (await page.locator("iframe").boundingBox())?.height).not.toBe(444);
    expect(await frameOf(page).evaluate(() => (window as unknown as { kept?: boolean }).kept), "the frame is the same").toBe(true);
  });

  test("heeds no other frame, and nothing that is no height", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<iframe name="other" title="Another" srcdoc="<p>Another frame"></iframe>
      <consensus-playground panels="transport"></consensus-playground>`);
    const frame = page.locator("consensus-playground iframe");
    await new Embedded(page.frameLocator("consensus-playground iframe")).ready();
    await expect.poll(async () => (await frame.boundingBox())?.height).toBeLessThan(200);
    const height = (await frame.boundingBox())?.height;
    await page.frame({ name: "other" })?.evaluate(() => window.parent.postMessage({ consensusPlayground: 1, type: "height", height: 900 }, "*"));
    for (const wrong of [-5, 0, "tall", null, {}, Number.NaN]) {
      await frameOf(page).evaluate((value) => window.parent.postMessage({ consensusPlayground: 1, type: "height", height: value }, "*"), wrong);
    }
    await page.waitForTimeout(300);
    expect((await frame.boundingBox())?.height).toBe(height);
    await frameOf(page).evaluate(() => window.parent.postMessage({ consensusPlayground: 1, type: "height", height: 1e9 }, "*"));
    await expect.poll(async () => (await frame.boundingBox())?.height).toBe(10_000);
  });

  test("works under a strict policy of the page around", async ({ elsewhere, page }) => {
    const { origin } = new URL(elsewhere.playground(""));
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground panels="transport"></consensus-playground>`, {
      "content-security-policy": `default-src 'none'; script-src ${origin}; frame-src ${origin}`,
    });
    await embedded(page);
  });

  test("is small, and depends on nothing", async ({ request }) => {
    const text = await (await request.get("consensus-playground.js")).text();
    const bytes = gzipSync(text, { level: 9 }).length;
    console.log(`  the element: ${bytes} bytes gzipped, of ${ELEMENT_MAX_BYTES}`);
    expect(bytes).toBeLessThanOrEqual(ELEMENT_MAX_BYTES);
    expect(text, "a classic script").not.toMatch(/\b(import|export)\b/);
  });
});
