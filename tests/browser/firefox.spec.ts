import { readFileSync } from "node:fs";

import { expect, test } from "@playwright/test";
import { Builder } from "selenium-webdriver";
import { Options, ServiceBuilder } from "selenium-webdriver/firefox.js";

const { FIREFOX: firefox, GECKODRIVER: geckodriver } = process.env;

const manifest = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8");
const version = /^version = "(.*)"$/m.exec(manifest)?.[1] ?? "";

/** What the page shows as the engine's version, in whichever shadow tree it stands. */
const ENGINE_VERSION = `
  const find = (tree) => {
    for (const element of tree.querySelectorAll("*")) {
      if (element.matches("[data-engine-version]")) return element;
      const found = element.shadowRoot && find(element.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  return find(document)?.textContent?.trim();
`;

// Playwright drives only a Firefox of its own making; WebDriver drives the one that people have.
test("the built page starts in Firefox", async ({ baseURL }) => {
  test.skip(firefox === undefined || geckodriver === undefined, "FIREFOX and GECKODRIVER do not name Firefox and its driver");
  test.setTimeout(90_000);

  const options = new Options().addArguments("-headless").setBinary(firefox ?? "");
  const driver = await new Builder()
    .forBrowser("firefox")
    .setFirefoxOptions(options)
    .setFirefoxService(new ServiceBuilder(geckodriver ?? ""))
    .build();
  try {
    await driver.get(baseURL ?? "");
    await driver.wait(async () => (await driver.executeScript(ENGINE_VERSION)) === version, 20_000, "the engine's version");
    expect(await driver.getTitle()).toBe("Consensus playground");
  } finally {
    await driver.quit();
  }
});
