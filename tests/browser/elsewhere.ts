// Somebody else's pages, on a server of their own: another origin than the playground's.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test as base } from "@playwright/test";
import type { Frame, FrameLocator, Locator, Page } from "@playwright/test";

export interface Elsewhere {
  /** Opens a page with this markup, and gives it back when it has loaded. `headers` are the server's. */
  open(markup: string, headers?: Record<string, string>): Promise<Page>;
  /** The address of a file of the playground. */
  playground(file: string): string;
  /** What the frames of the page complained of, and hosts that were asked for anything. */
  complaints: string[];
}

/** Playwright's `test`, with pages of somebody else's. */
export const test = base.extend<{ elsewhere: Elsewhere }>({
  elsewhere: async ({ page, baseURL }, use) => {
    let markup = "";
    let headers: Record<string, string> = {};
    const server = createServer((request, response) => {
      const isPage = request.url === "/";
      response.writeHead(isPage ? 200 : 204, { "content-type": "text/html; charset=utf-8", ...headers });
      response.end(isPage ? markup : undefined);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(baseURL ?? "") && !url.startsWith(address) && !url.startsWith("about:")) complaints.push(`another host: ${url}`);
    });
    await use({
      open: async (text, ofServer = {}) => {
        [markup, headers] = [`<!doctype html><html lang="en"><meta charset="utf-8"><title>A lesson</title><body>${text}`, ofServer];
        await page.goto(address);
        return page;
      },
      playground: (file) => new URL(file, baseURL).href,
      complaints,
    });
    expect(complaints, "what was complained of").toEqual([]);
    server.close();
  },
});

/** An embedded playground, as a person knows it. */
export class Embedded {
  readonly tape: Locator;
  readonly play: Locator;

  constructor(readonly inside: FrameLocator | Page) {
    this.tape = inside.getByRole("slider", { name: "Position in the run" });
    this.play = inside.locator("playground-transport").getByRole("button", { name: /^(Play|Pause)$/ });
  }

  async event(): Promise<number> {
    return Number(await this.tape.getAttribute("aria-valuenow"));
  }

  /** Waits until it can be used. Unless told that it may, it must not complain of anything. */
  async ready(mayComplain = false): Promise<this> {
    await expect(this.tape).toHaveAttribute("aria-valuetext", /event \d/);
    if (!mayComplain) await expect(this.inside.getByRole("region", { name: "Notices" }).getByRole("listitem")).toHaveCount(0);
    return this;
  }
}

/** The embedded playground of a page, once it can be used. */
export const embedded = (page: Page, mayComplain = false): Promise<Embedded> => new Embedded(page.frameLocator("iframe:not([name=other])")).ready(mayComplain);

/** The text of a link that the native engine made, by the name of its run. */
export const native = (name: string): string =>
  readFileSync(new URL("../golden/links.txt", import.meta.url), "utf8").split("\n").find((line) => line.startsWith(`${name} `))?.split(" ")[1] ?? "";

/** What loads the element. */
export const script = (address: string): string => `<script src="${address}" async></script>`;

/** The frame of a page's only playground. */
export function frameOf(page: Page): Frame {
  const frame = page.frames().find((each) => each.url().includes("embed.html"));
  if (frame === undefined) throw new Error("there is no playground on this page");
  return frame;
}

export { expect };
