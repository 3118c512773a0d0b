import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { expect, test } from "./page.ts";

/** Of the fonts, fonts.spec.ts says how large they may be. */
const FIRST_LOAD_MAX_BYTES = 452_500;

const manifest = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8");
const version = /^version = "(.*)"$/m.exec(manifest)?.[1] ?? "";

// wasm-pack's own tests never run wasm-opt: only the built page shows whether its output is sound.
test("the built page starts the engine, which says its version", async ({ page }) => {
  await page.goto("./");
  await expect(page).toHaveTitle("The first two minutes · Consensus playground");
  await expect(page.locator("[data-engine-version]")).toHaveText(version);
});

test("the first load is small", async ({ page }) => {
  const sizes: { path: string; bytes: number }[] = [];
  const measured: Promise<void>[] = [];
  page.on("response", (response) => {
    measured.push(response.body().then((body) => {
      sizes.push({ path: new URL(response.url()).pathname, bytes: gzipSync(body, { level: 9 }).length });
    }));
  });
  await page.goto("./");
  await expect(page.locator("[data-engine-version]")).toHaveText(version);
  await page.waitForLoadState("networkidle");
  await Promise.all(measured);

  // What draws the story comes last of what is needed at once: what was asked for after it, the page could be used without.
  const later = await page.evaluate(() => {
    const asked = performance.getEntriesByType("resource").map(({ name, startTime }) => ({ path: new URL(name).pathname, startTime }));
    const last = asked.find(({ path }) => path.includes("/story-"))?.startTime ?? Infinity;
    return asked.filter(({ startTime }) => startTime > last).map(({ path }) => path);
  });
  const total = sizes.filter(({ path }) => !path.endsWith(".woff2") && !later.includes(path)).reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`  first load without fonts: ${total} bytes gzipped, of ${FIRST_LOAD_MAX_BYTES}`);
  for (const { path, bytes } of sizes) console.log(`    ${bytes} ${path}${later.includes(path) ? " (later)" : ""}`);
  expect(sizes.some(({ path }) => path.endsWith(".wasm"))).toBe(true);
  expect(total).toBeLessThanOrEqual(FIRST_LOAD_MAX_BYTES);
});
