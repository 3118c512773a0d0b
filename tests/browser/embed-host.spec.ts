// The element in hosts of all kinds: dark and light, classic and module scripts, bundled, and where there is no document.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import type { Page } from "@playwright/test";
import * as esbuild from "esbuild";
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

  for (const [bundler, bundle] of [
    ["Vite", async (folder: string) => {
      await build({ root: folder, configFile: false, logLevel: "error", build: { outDir: "out", rollupOptions: { input: join(folder, "app.js") } } });
      const [file = ""] = readdirSync(join(folder, "out/assets"));
      return readFileSync(join(folder, "out/assets", file), "utf8");
    }],
    ["esbuild", async (folder: string) => {
      const { outputFiles } = await esbuild.build({ entryPoints: [join(folder, "app.js")], bundle: true, minify: true, format: "esm", write: false });
      return outputFiles[0]?.text ?? "";
    }],
  ] as const) {
    test(`works in a bundle of ${bundler}, and where it is loaded twice`, async ({ elsewhere, page }) => {
      const folder = mkdtempSync(join(tmpdir(), "bundle-"));
      try {
        writeFileSync(join(folder, "app.js"), `import ${JSON.stringify(FILE)};\ndocument.querySelector("consensus-playground").send({ type: "seek", event: 5 });\n`);
        const text = await bundle(folder);
        for (const twice of ["", script(elsewhere.playground("consensus-playground.js"))]) {
          await elsewhere.open(`${twice}<consensus-playground src="${elsewhere.playground("embed.html")}" panels="transport"></consensus-playground><script type="module">${text}</script>`);
          const run = await embedded(page);
          await expect(run.tape).toHaveAttribute("aria-valuenow", "5");
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  test("does nothing where there is no document", () => {
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", `await import(${JSON.stringify(pathToFileURL(FILE).href)}); console.log("imported");`], { encoding: "utf8" });
    expect(said.trim()).toBe("imported");
  });

  test("has types, for the DOM and for TSX", () => {
    const folder = mkdtempSync(join(tmpdir(), "types-"));
    try {
      const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
      cpSync(dirname(FILE), folder, { recursive: true, filter: (source) => source === dirname(FILE) || source.endsWith(".d.ts") });
      // What is used of React's types.
      mkdirSync(join(folder, "node_modules/react"), { recursive: true });
      file("node_modules/react/index.d.ts", `export interface HTMLAttributes<T> { className?: string; onClick?: (event: T) => void }
        export type DetailedHTMLProps<P, T> = P & { ref?: (element: T | null) => void };
        export namespace JSX { interface IntrinsicElements { p: object } }`);
      file("node_modules/react/jsx-runtime.d.ts", `export { JSX } from "react"; export function jsx(): unknown;`);
      file("app.tsx", `import "./consensus-playground-react";
        export const right = <consensus-playground run="duel" captions height={640} className="run" onplayground-state={({ detail }) => console.log(detail.time)} />;
        // @ts-expect-error: a state has no message
        export const other = <consensus-playground onplayground-state={({ detail }) => console.log(detail.message)} />;
        // @ts-expect-error: there is no such theme
        export const wrong = <consensus-playground theme="blue" />;
        const element = document.querySelector("consensus-playground");
        element?.send({ type: "seek", event: 5 });
        // @ts-expect-error: an event is a number
        element?.send({ type: "seek", event: "5" });
        element?.addEventListener("playground-message", ({ detail }) => detail.type === "goal" && console.log(detail.met));
        element?.addEventListener("playground-error", ({ detail }) => console.log(detail.message));`);
      file("tsconfig.json", `{ "compilerOptions": { "strict": true, "jsx": "react-jsx", "module": "ESNext", "moduleResolution": "bundler", "lib": ["ES2023", "DOM"], "noEmit": true, "types": [] }, "files": ["app.tsx"] }`);
      const found = spawnSync(join(dirname(FILE), "../node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
      expect(found.stdout).toBe("");
      expect(found.status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("works in a page that isolates itself, without credentials where it must be", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground credentialless panels="transport"></consensus-playground>`, {
      "cross-origin-embedder-policy": "credentialless",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await embedded(page);
    await expect(page.locator("iframe")).toHaveAttribute("credentialless", "");
  });

  test("says each thing under a name of its own, too", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground run="stale-read" panels="transport"></consensus-playground>
      <script>
        window.heard = [];
        const element = document.querySelector("consensus-playground");
        for (const name of ["state", "goal", "error"]) element.addEventListener("playground-" + name, ({ detail }) => heard.push([name, detail]));
      </script>`);
    await embedded(page);
    const last = (name: string): Promise<Record<string, unknown> | undefined> =>
      page.evaluate((wanted) => (window as unknown as { heard: [string, Record<string, unknown>][] }).heard.findLast(([each]) => each === wanted)?.[1], name);
    const send = (message: object): Promise<void> => page.evaluate((what) => (document.querySelector("consensus-playground") as HTMLElement & { send(message: object): void }).send(what), message);
    await expect.poll(() => last("state")).toMatchObject({ type: "state", playing: false, verdict: { standing: "kept" } });
    await send({ type: "play" });
    await expect.poll(() => last("state")).toMatchObject({ playing: true, verdict: null });
    await send({ type: "pause" });
    await send({ type: "goal", goal: "stale-read" });
    await expect.poll(() => last("goal"), { timeout: 30_000 }).toMatchObject({ type: "goal", goal: "stale-read" });
    await send({ type: "explode" });
    await expect.poll(() => last("error")).toMatchObject({ type: "error", place: "type" });
  });

  test("tells a page that asks whenever the run rests when a goal is reached", async ({ elsewhere, page }) => {
    await elsewhere.open(`${script(elsewhere.playground("consensus-playground.js"))}<consensus-playground run="stale-read" panels="transport"></consensus-playground>
      <output></output>
      <script>
        const playground = document.querySelector("consensus-playground");
        playground.addEventListener("playground-state", ({ detail }) => {
          if (!detail.playing) playground.send({ type: "goal", goal: "stale-read" });
        });
        playground.addEventListener("playground-goal", ({ detail }) => (document.querySelector("output").textContent = detail.met + ": " + detail.sentence));
      </script>`);
    await embedded(page);
    await expect(page.locator("output")).toContainText("false: ", { timeout: 30_000 });
    await page.evaluate(() => (document.querySelector("consensus-playground") as HTMLElement & { send(message: object): void }).send({ type: "step", events: 2_000 }));
    await expect(page.locator("output")).toContainText("true: ", { timeout: 30_000 });
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
