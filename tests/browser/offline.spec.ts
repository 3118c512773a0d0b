// The page without a network, and when it was published anew. It stands on a server of its own here, which can be cut off, and
// which may have another version; under a name that is not localhost, where no service worker is started.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test as base } from "@playwright/test";
import type { Page } from "@playwright/test";

const dist = new URL("../../www/dist/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css", wasm: "application/wasm", svg: "image/svg+xml", woff2: "font/woff2" };

interface Host {
  /** The page's address; by its number, where it has no service worker. */
  address: string;
  number: string;
  /** Files that are gone. */
  gone: RegExp | null;
  /** What index.html has in its title; the service worker knows its content. */
  version: string;
  /** From now on nothing answers. */
  cut(): Promise<void>;
}

const test = base.extend<{ host: Host }>({
  // Playwright reads from the pattern what a fixture needs.
  // eslint-disable-next-line no-empty-pattern
  host: async ({}, use) => {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", "http://host").pathname.replace(/^\/$/, "/index.html").slice(1);
      const answer = async (): Promise<void> => {
        const file = await readFile(new URL(path, dist));
        const body = /^(index\.html|service-worker\.js)$/.test(path)
          ? file.toString().replace("<title>", `<title>${host.version}`).replace(/("index\.html",\s*"?revision"?:\s*")/, `$1${host.version}`)
          : file;
        response.writeHead(200, { "content-type": TYPES[path.split(".").at(-1) ?? ""] ?? "text/plain", "cache-control": "no-store" }).end(body);
      };
      if (host.gone?.test(path) === true) response.writeHead(404).end();
      else answer().catch(() => response.writeHead(404).end());
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const cut = (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    const host: Host = { address: `http://playground.localhost:${port}/`, number: `http://127.0.0.1:${port}/`, gone: null, version: "", cut };
    await use(host);
    await cut();
  },
});

const MISSING = "A part of the page cannot be fetched: there is no connection, or a newer version was published.";

const tape = (page: Page) => page.getByRole("slider", { name: "Position in the run" });
const notices = (page: Page) => page.getByRole("region", { name: "Notices" });

/** Opens an address as one who comes anew does, and waits until the run is there. */
async function visit(page: Page, address: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(address);
  await expect(tape(page)).toHaveAttribute("aria-valuetext", /event \d/);
}

/** Until the service worker has all that it keeps from the beginning. */
async function kept(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state), { timeout: 30_000 }).toBe("activated");
}

const keptFiles = (page: Page) =>
  page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => url);
  });

test("after the first visit it works without a network, with protocols that were not shown before", async ({ page, host }) => {
  await visit(page, host.address);
  await kept(page);
  const files = await keptFiles(page);
  expect(files.every((url) => url.startsWith(host.address)), "no other host's files").toBe(true);
  const modules = files.flatMap((url) => /assets\/(.*)_bg-.*\.wasm/.exec(url)?.[1] ?? []);
  expect(new Set(modules)).toEqual(new Set(["links", "multi-paxos", "paxos", "pbft", "raft", "tendermint", "viewstamped"]));
  expect(files.some((url) => url.includes("embed.html")), "the course has figures, which are frames").toBe(true);
  expect(files.some((url) => url.includes("task"))).toBe(false);

  await host.cut();
  await visit(page, host.address);
  await visit(page, `${host.address}#run=pbft-two-faced-primary`);
  await expect(page).toHaveTitle(/PBFT: a primary that equivocates/);
  await page.goto(`${host.address}#guide/hosting`);
  await expect(page.getByRole("heading", { name: "Hosting", exact: true })).toBeVisible();
});

test("the module of a room is kept once it was used; before, it is said what is missing", async ({ page, host, context }) => {
  await visit(page, host.address);
  await kept(page);
  await page.goto(`${host.address}#explore`);
  await expect(page.getByRole("button", { name: "Explore", exact: true })).toBeEnabled();
  await host.cut();
  const other = await context.newPage();
  await other.goto(`${host.address}#explore`);
  await expect(other.getByRole("button", { name: "Explore", exact: true })).toBeEnabled();
  await other.goto(`${host.address}#course/echo`);
  await expect(other.getByText(MISSING).first()).toBeVisible();
  await other.goto(`${host.address}#break-it`);
  await expect(other.getByText(MISSING).first()).toBeVisible();
});

test("it says when a newer version is there, and takes it when the reader reloads", async ({ page, host }) => {
  await visit(page, `${host.address}#run=stale-read`);
  await kept(page);
  host.version = "2";
  await visit(page, `${host.address}#run=stale-read`);
  const markup = () => page.evaluate(async () => (await (await fetch("./")).text()).includes("<title>2"));
  expect(await markup(), "the old version, until it is asked for").toBe(false);
  await expect(notices(page)).toContainText("A newer version of the playground is there. Your run is kept when you reload.");
  const answered = page.waitForEvent("load");
  await notices(page).getByRole("button", { name: "Reload" }).click();
  await answered;
  await expect(tape(page)).toHaveAttribute("aria-valuetext", /event \d/);
  await expect(page).toHaveTitle(/A stale read/);
  expect(await markup()).toBe(true);
});

test("an open page survives that it is published anew: its parts are kept", async ({ page, host }) => {
  await visit(page, host.address);
  await kept(page);
  host.gone = /^assets\//;
  await page.goto(`${host.address}#run=one-value`);
  await expect(page).toHaveTitle(/One value is chosen/);
  await page.goto(`${host.address}#guide`);
  await expect(page.getByRole("heading", { name: "The guide", exact: true })).toBeVisible();
  await expect(notices(page).getByRole("listitem")).toHaveCount(0);
});

test("without a network and without what was kept, a room says what is missing", async ({ page, host }) => {
  await visit(page, host.number);
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  host.gone = /_bg-.*\.wasm$/;
  await page.goto(`${host.number}#explore`);
  await expect(page.getByText(MISSING).first()).toBeVisible();
});

test("where a part is gone, it says so, and the run is there again", async ({ page, host }) => {
  await visit(page, `${host.number}#run=stale-read`);
  host.gone = /^assets\/(guide|duel|paxos)/;
  await page.getByRole("button", { name: "Play", exact: true }).first().click();
  await expect(page).toHaveURL(/#run=1\./);
  const { hash } = new URL(page.url());
  await page.evaluate(() => (window.location.hash = "#run=duel"));
  await expect(notices(page)).toContainText(`${MISSING} Your run is kept when you reload.`);
  await expect.poll(() => new URL(page.url()).hash.length).toBeGreaterThanOrEqual(hash.length);
  host.gone = null;
  const answered = page.waitForEvent("load");
  await notices(page).getByRole("button", { name: "Reload" }).click();
  await answered;
  await expect(page).toHaveTitle(/A stale read/);
});

test("neither a frame nor a page on this machine keeps anything", async ({ page, host }) => {
  for (const address of [`${host.address}embed.html`, host.number]) {
    await visit(page, address);
    if (address === host.number) await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
    // Whoever registers does so by now.
    await page.waitForTimeout(500);
    expect(await page.evaluate(async () => [(await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length])).toEqual([0, 0]);
  }
});
