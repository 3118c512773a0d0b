import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "@playwright/test";
import { Builder } from "selenium-webdriver";
import type { WebDriver, WebElement } from "selenium-webdriver";
import { Options, ServiceBuilder } from "selenium-webdriver/firefox.js";

const { FIREFOX: firefox, GECKODRIVER: geckodriver } = process.env;

const manifest = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8");
const version = /^version = "(.*)"$/m.exec(manifest)?.[1] ?? "";

/**
 * The first element that matches, in whichever shadow tree it stands: of it the wanted part, after a click if one is
 * asked for.
 */
const FIND = `
  const [selector, text, part] = arguments;
  const find = (tree) => {
    for (const element of tree.querySelectorAll("*")) {
      if (element.matches(selector) && (text === "" || element.textContent.trim() === text)) return element;
      const found = element.shadowRoot && find(element.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  const element = find(document);
  if (element === null) return null;
  if (part === "click") { element.click(); return ""; }
  return part === "text" ? element.textContent.trim() : element.getAttribute(part);
`;

/**
 * The page in Firefox, by WebDriver: Playwright drives only a Firefox of its own making, and this is the one that
 * people have.
 */
class Firefox {
  constructor(readonly driver: WebDriver) {}

  read(selector: string, part = "text"): Promise<string | null> {
    return this.driver.executeScript(FIND, selector, "", part);
  }

  async click(selector: string, text = ""): Promise<void> {
    expect(await this.driver.executeScript(FIND, selector, text, "click"), `${selector} ${text}`).toBe("");
  }

  /** Waits until what is read passes. */
  async until(selector: string, part: string, passes: (words: string) => boolean): Promise<void> {
    await this.driver.wait(async () => passes((await this.read(selector, part)) ?? ""), 20_000, `${part} of ${selector}`);
  }

  async playUntil(selector: string, part: string, passes: (words: string) => boolean): Promise<void> {
    await this.click("button.play");
    await this.until(selector, part, passes);
    await this.click("button.play");
  }
}

function start(): Promise<WebDriver> {
  const options = new Options().addArguments("-headless").setBinary(firefox ?? "");
  return new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(new ServiceBuilder(geckodriver ?? "")).build();
}

const links = readFileSync(new URL("../golden/links.txt", import.meta.url), "utf8");
const link = /^raft-much-done (.*)$/m.exec(links)?.[1] ?? "";

test.describe("in Firefox", () => {
  test.skip(firefox === undefined || geckodriver === undefined, "FIREFOX and GECKODRIVER do not name Firefox and its driver");
  test.setTimeout(90_000);

  test("the built page starts; it is stepped, cut and healed, and the history is linearizable", async ({ baseURL }) => {
    const driver = await start();
    try {
      const page = new Firefox(driver);
      await driver.get(baseURL ?? "");
      await page.until("[data-engine-version]", "text", (words) => words === version);
      expect(await driver.getTitle()).toBe("The first two minutes · Consensus playground");

      await driver.get(`${baseURL}#run=elect-and-replicate`);
      await page.until("a[title='All prepared runs']", "text", (words) => words.includes("Elect and replicate"));
      await page.click("button", "Leave the story");
      await page.click("button[aria-label='To the live end']");
      await page.click("[role=tab]", "Clients");

      const before = Number(await page.read("[role=slider]", "aria-valuenow"));
      await page.click("button[aria-label='Step forward']");
      await page.until("[role=slider]", "aria-valuenow", (event) => Number(event) === before + 1);

      const answered = async (client: string): Promise<number> => Number(await page.read(`[data-testid=client-row][data-client=${client}]`, "data-ok"));
      await page.click("button", "Other faults");
      await page.until("button[aria-label='Cut the network']", "text", (words) => words !== "");
      await page.click("button[aria-label='Cut the network']");
      await page.until("[data-testid=partition-state]", "text", (words) => words.startsWith("Cut since"));
      const served = { c1: await answered("c1"), c2: await answered("c2") };
      await page.playUntil("[data-client=c2]", "data-ok", (ok) => Number(ok) > served.c2 + 3);
      expect(await answered("c1")).toBeLessThanOrEqual(served.c1 + 1);

      await page.click("button", "Heal the cut");
      const unserved = await answered("c1");
      await page.playUntil("[data-client=c1]", "data-ok", (ok) => Number(ok) > unserved);
      await page.until("[aria-label=Verdict]", "text", (words) => /^linearizable: \d+ operations/.test(words));
    } finally {
      await driver.quit();
    }
  });

  test("a link that the command line made is the same run here, in the page and in a frame of it", async ({ baseURL }) => {
    const driver = await start();
    try {
      const page = new Firefox(driver);
      await driver.get(`${baseURL}${link}`);
      await page.until("[role=slider]", "aria-valuetext", (words) => {
        const [, event, events] = /event (\d+) of (\d+)$/.exec(words) ?? [];
        return events !== undefined && Number(event) === Math.floor(Number(events) / 2);
      });
      const playhead = await page.read("[role=slider]", "aria-valuenow");
      await page.click("button.share");
      await page.until("#share", "text", (words) => words.includes("It is the same run: the trace hash agrees."));

      await driver.get(`${baseURL}embed.html${link}`);
      await page.until("[role=slider]", "aria-valuenow", (event) => event === playhead);
      await page.until("footer a", "text", (words) => words === "Open in the playground");
    } finally {
      await driver.quit();
    }
  });

  test("the element follows the colours of the page around, and what it is told before its run is there", async ({ baseURL }) => {
    const host = `<!doctype html><html lang="en"><title>A lesson</title><style>:root { color-scheme: dark }</style>
      <script src="${baseURL}consensus-playground.js"></script>
      <consensus-playground run="duel" panels="transport"><p>A duel.</p></consensus-playground>
      <script>document.querySelector("consensus-playground").send({ type: "seek", event: 7 });</script>`;
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(host);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const driver = await start();
    try {
      await driver.get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const page = new Firefox(driver);
      await page.until("div", "class", (words) => words === "ready");
      const frame = await driver.executeScript<WebElement>('return document.querySelector("consensus-playground").shadowRoot.querySelector("iframe")');
      const inside = async <T>(script: string): Promise<T> => {
        await driver.switchTo().frame(frame);
        const found = await driver.executeScript<T>(script);
        await driver.switchTo().defaultContent();
        return found;
      };
      const theme = (): Promise<string> => inside("return document.documentElement.dataset.theme");
      expect(await theme()).toBe("dark");
      await driver.executeScript('document.documentElement.style.colorScheme = "light"');
      await driver.wait(async () => (await theme()) === "light", 20_000, "the frame's theme");
      await driver.switchTo().frame(frame);
      await page.until("[role=slider]", "aria-valuenow", (event) => event === "7");
      await page.until("footer h1", "text", (words) => words === "Paxos (one value): Duelling proposers");
    } finally {
      await driver.quit();
      server.close();
    }
  });
});
