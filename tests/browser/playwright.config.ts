import { createServer, type AddressInfo } from "node:net";

import { defineConfig } from "@playwright/test";

// tests/run names the browser; by hand, from www: `npx playwright test -c ../tests/browser`.
const chromium = process.env["CHROMIUM_SHELL"] ?? process.env["CHROMIUM"] ?? "/usr/bin/chromium";

// Any free port, chosen once: the processes that Playwright starts inherit it.
process.env["PAGE_PORT"] ??= String(await freePort());
const page = `http://localhost:${process.env["PAGE_PORT"]}/`;

export default defineConfig({
  testDir: ".",
  outputDir: "results",
  reporter: [["list"]],
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // Generous: they are only ever waited out where something is wrong, however slow the machine.
  timeout: 60_000,
  // A browser that was starved by the machine is given another chance, twice; whoever needs it is listed as flaky.
  retries: 2,
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    baseURL: page,
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        // A container's root user has no sandbox to run in; nothing but our own page is loaded.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        // As on a screen of today: letters stand where they fall, and not on whole pixels.
        "--font-render-hinting=none",
      ],
    },
  },
  // The built page, as www/serve serves it.
  webServer: {
    command: `node_modules/.bin/vite preview --host localhost --port ${process.env["PAGE_PORT"]} --strictPort`,
    cwd: "../../www",
    url: page,
    reuseExistingServer: false,
  },
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "localhost", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
