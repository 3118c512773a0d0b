import { test as base, expect } from "@playwright/test";

/**
 * Playwright's `test`, for our page: whatever a test does, the page must not have logged an error or a warning, thrown,
 * failed to load a file, or asked any other host for one. A test that provokes such a thing removes it from
 * `complaints`.
 */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        // Tests read the canvas back; the page does not.
        const isOfTest = message.text().includes("willReadFrequently");
        if (!isOfTest && (message.type() === "error" || message.type() === "warning")) complaints.push(`${message.type()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`thrown: ${error.stack ?? error.message}`));
      page.on("requestfailed", (request) => {
        const why = request.failure()?.errorText;
        // A page that is left fetches nothing any more.
        if (why !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()}: ${why}`);
      });
      page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(baseURL ?? "") && !/^(blob|data):/.test(url)) complaints.push(`another host: ${url}`);
      });
      await use(complaints);
      expect(complaints, "what the page complained of").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
