// What the page promises to whoever embeds it or reads its source: it stays by itself and leaves nothing behind.

import { readFileSync, readdirSync } from "node:fs";

import { expect, test } from "./playground.ts";

const LINES_MAX = 400;

/** The browser asks for the icon again whenever the address changes. */
const ofIcon = (url: string): boolean => /icon-[\w-]+\.svg/.test(url);

test("the content security policy stands, and holds", async ({ playground, page, complaints }) => {
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
  const refused = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective), { once: true });
        const script = document.createElement("script");
        script.textContent = "document.title = 'an inline script ran'";
        document.head.append(script);
      }),
  );
  expect(refused).toMatch(/^script-src/);
  await expect(page).toHaveTitle("Elect and replicate · Consensus playground");
  await expect(playground.play).toBeVisible();
  expect(complaints.splice(0)).toEqual([expect.stringContaining("violates the following Content Security Policy directive")]);
});

test("once it is loaded, the page asks the network for nothing, and works without one", async ({ playground, page, context, complaints }) => {
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  await context.setOffline(true);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(...(ofIcon(request.url()) ? [] : [request.url()])));
  await playground.cutInTwo();
  await playground.playFor(1);
  await playground.show("Events");
  await playground.button("Settings and keys").click();
  await playground.button("Run again with a fresh seed").click();
  expect(asked).toEqual([]);
  complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !ofIcon(complaint) && !complaint.includes("ERR_INTERNET_DISCONNECTED")));
});

test("nothing is stored but how large the panels are, for the session, once they are moved: no cookies, no databases, no caches", async ({ playground, page, context }) => {
  await playground.button("Settings and keys").click();
  await playground.button("Dark").click();
  await page.keyboard.press("Escape");
  await playground.cutInTwo();
  await playground.playFor(0.5);
  const kept = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(kept).toEqual({ local: 0, session: 0, cookies: "", databases: 0, caches: 0, workers: 0 });
  expect(await context.cookies()).toEqual([]);

  await playground.button("Fold the rail").click();
  const stored = await page.evaluate(() => ({ local: localStorage.length, session: Object.entries(sessionStorage) }));
  expect(stored).toEqual({ local: 0, session: [["playground-layout", '{"isRail":false,"isDock":true}']] });
});

test("no file of the page's source, or of its tests, is too long to be read", () => {
  const folders = [new URL("../../www/src/", import.meta.url), new URL("./", import.meta.url)];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|css)$/.test(name) && !name.startsWith("node_modules"))
      .map((name) => new URL(name, folder)),
  );
  expect(files.length).toBeGreaterThan(150);
  const long = files.filter((file) => readFileSync(file, "utf8").split("\n").length > LINES_MAX + 1);
  expect(long.map(({ pathname }) => pathname)).toEqual([]);
});
