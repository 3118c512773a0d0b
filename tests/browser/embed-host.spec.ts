// The element in hosts of all kinds: dark and light, classic and module scripts, bundled, and where there is no document.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import type { Page } from "@playwright/test";
import { build } from "vite";

import { embedded, expect, frameOf, script, test } from "./elsewhere.ts";

const FILE = fileURLToPath(new URL("../../www/dist/consensus-playground.js", import.meta.url));

const schemeInside = (page: Page): Promise<string> => frameOf(page).evaluate(() => getComputedStyle(document.body).colorScheme);

/** The colour of a pixel as it is seen: `[17, 17, 17]`. */
async function pixel(page: Page, x: number, y: number): Promise<number[]> {
  const picture = (await page.screenshot({ clip: { x, y, width: 1, height: 1 } })).toString("base64");
  return page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0);
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context?.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0);
    return [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
  }, picture);
}

test.describe("the colours of the page around", () => {
  for (const [host, style, expected] of [
    ["that says nothing", "", "light"],
    ["that is dark by its scheme", ":root { color-scheme: dark }", "dark"],
    ["that is dark by its colours alone", "body { background: #111; color: #eee }", "dark"],
    ["that follows the system", ":root { color-scheme: light dark }", "light"],
    ["whose text is written in another space of colours", "body { background: black; color: oklch(90% 0.05 200) }", "dark"],
  ] as const) {
    test(`are followed in a page ${host}`, async ({ elsewhere, page }) => {
      await elsewhere.open(`<style>${style}</style>${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground panels="transport"></consensus-playground>`);
      await embedded(page);
      expect(await schemeInside(page)).toBe(expected);
    });
  }

  test("are followed when they change: by a class, by a style sheet, by the system", async ({ elsewhere, page }) => {
    await elsewhere.open(`<style>:root { color-scheme: light dark } .night { color-scheme: dark }</style>
      ${script(elsewhere.playground("consensus-playground.js"))}<div id="part"><consensus-playground panels="transport"></consensus-playground></div>`);
    const run = await embedded(page);
    await run.inside.getByRole("button", { name: "Step back" }).click();
    const event = await run.event();
    await page.evaluate(() => document.querySelector("#part")?.classList.add("night"));
    await expect.poll(() => schemeInside(page)).toBe("dark");
    await page.evaluate(() => document.querySelector("#part")?.classList.remove("night"));
    await expect.poll(() => schemeInside(page)).toBe("light");
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(() => schemeInside(page)).toBe("dark");
    await page.evaluate(() => document.head.append(Object.assign(document.createElement("style"), { textContent: "#part { color-scheme: light }" })));
    await expect.poll(() => schemeInside(page)).toBe("light");
    expect(await run.event(), "the run stays where it was").toBe(event);
  });

  test("give way to the attribute theme", async ({ elsewhere, page }) => {
    await elsewhere.open(`<style>:root { color-scheme: dark }</style>${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground theme="light" panels="transport"></consensus-playground>`);
    await embedded(page);
    expect(await schemeInside(page)).toBe("light");
    await page.evaluate(() => document.querySelector("consensus-playground")?.setAttribute("theme", "system"));
    await expect.poll(() => schemeInside(page)).toBe("dark");
  });

  for (const [host, style, paper] of [
    ["dark", ":root { color-scheme: dark } body { background: rgb(17 17 17) }", [17, 17, 17]],
    ["dark without saying so", "body { background: rgb(20 30 40); color: white }", [20, 30, 40]],
    ["light", "body { background: rgb(250 240 230) }", [250, 240, 230]],
  ] as const) {
    test(`show through until the run is there, in a page that is ${host}: and so do the author’s words`, async ({ elsewhere, page }) => {
      const gate = new EventTarget();
      const opened = new Promise((resolve) => gate.addEventListener("open", resolve));
      await page.route("**/*.wasm", async (route) => {
        await opened;
        await route.continue();
      });
      await elsewhere.open(`<style>body { margin: 0 } ${style}</style>${script(elsewhere.playground("consensus-playground.js"))}
        <consensus-playground height="400"><p id="words">What there is to see, in words.</p></consensus-playground>`);
      await expect(page.frameLocator("iframe").getByText("Starting")).toHaveCount(1);
      await page.waitForTimeout(300);
      await expect(page.locator("#words")).toBeVisible();
      await expect(page.locator("iframe")).toBeHidden();
      expect(await pixel(page, 600, 300)).toEqual(paper);
      gate.dispatchEvent(new Event("open"));
      await embedded(page);
      await expect(page.locator("iframe")).toBeVisible();
      await expect(page.locator("#words")).toBeHidden();
    });
  }
});

test.describe("the element", () => {
  test("is a block, and can be hidden", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground panels="transport"></consensus-playground>`);
    await embedded(page);
    const display = (): Promise<string> => page.evaluate(() => getComputedStyle(document.querySelector("consensus-playground") as Element).display);
    expect(await display()).toBe("block");
    await page.evaluate(() => ((document.querySelector("consensus-playground") as HTMLElement).hidden = true));
    expect(await display()).toBe("none");
  });

  for (const [kind, load] of [
    ["a module script", (file: string) => `<script type="module" src="${file}"></script>`],
    ["an import of another script", (file: string) => `<script type="module">import "${file}";</script>`],
    ["a classic script with a version", (file: string) => `<script src="${file}?v=7"></script>`],
  ] as const) {
    test(`works as ${kind}, and finds its files`, async ({ elsewhere, page }) => {
      await elsewhere.open(`${load(elsewhere.playground("consensus-playground.js"))}<consensus-playground panels="transport"></consensus-playground>`);
      await embedded(page);
    });
  }

  test("works in a bundle, loaded twice", async ({ elsewhere, page }) => {
    const folder = mkdtempSync(join(tmpdir(), "bundle-"));
    try {
      writeFileSync(join(folder, "app.js"), `import ${JSON.stringify(FILE)};\ndocument.querySelector("consensus-playground").send({ type: "seek", event: 5 });\n`);
      await build({ root: folder, configFile: false, logLevel: "error", build: { outDir: "out", rollupOptions: { input: join(folder, "app.js") } } });
      const [bundle = ""] = readdirSync(join(folder, "out/assets"));
      const text = readFileSync(join(folder, "out/assets", bundle), "utf8");
      await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}
        <consensus-playground src="${elsewhere.playground("embed.html")}" panels="transport"></consensus-playground><script type="module">${text}</script>`);
      const run = await embedded(page);
      await expect(run.tape).toHaveAttribute("aria-valuenow", "5");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("does nothing where there is no document", () => {
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", `await import(${JSON.stringify(pathToFileURL(FILE).href)}); console.log("imported");`], { encoding: "utf8" });
    expect(said.trim()).toBe("imported");
  });

  test("carries out what it was told before the run was there, in order", async ({ elsewhere, page }) => {
    await elsewhere.open(`<script>window.heard = []; addEventListener("playground-message", ({ detail }) => heard.push(detail), true);</script>
      ${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground panels="transport"></consensus-playground>
      <script>
        customElements.whenDefined("consensus-playground").then(() => {
          const element = document.querySelector("consensus-playground");
          element.send({ type: "open", protocol: "paxos", run: "duel" });
          element.send({ type: "seek", event: 7 });
          element.send({ type: "step", events: 2 });
          element.send({ type: "link" });
        });
      </script>`);
    const run = await embedded(page);
    await expect(run.inside.getByText("Paxos (one value): Duelling proposers")).toBeVisible();
    await expect(run.tape).toHaveAttribute("aria-valuenow", "9");
    const heard = (): Promise<Record<string, unknown>[]> => page.evaluate(() => (window as unknown as { heard: Record<string, unknown>[] }).heard.filter(({ type }) => type !== "height" && type !== "state"));
    await expect.poll(async () => (await heard()).map(({ type }) => type)).toEqual(["ready", "opened", "opened", "link"]);
    const [, first, second] = await heard();
    expect(first).toMatchObject({ protocol: "raft", title: "Elect and replicate" });
    expect(second).toMatchObject({ protocol: "paxos", title: "Duelling proposers" });
    expect(second?.["events"]).toBeGreaterThan(9);
  });
});
