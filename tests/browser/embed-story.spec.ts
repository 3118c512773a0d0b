// The captions of a run in somebody else's page, where its author wants them.

import { expectNothingForAxe } from "./axe.ts";
import { Embedded, embedded, expect, frameOf, native, script, test } from "./elsewhere.ts";

const element = (address: string, attributes: string): string => `${script(address)}<consensus-playground ${attributes}></consensus-playground>`;

test.describe("captions", () => {
  test("are told one by one, by pointer and by keys", async ({ elsewhere, page }) => {
    await elsewhere.open(element(elsewhere.playground("consensus-playground.js"), 'run="stale-read" captions'));
    const run = await embedded(page);
    const card = run.inside.getByRole("region", { name: "Story", exact: true });
    await expect(card).toContainText("1 of 5");
    const first = await run.event();
    await card.getByRole("button", { name: "Next" }).click();
    await expect(card).toContainText("2 of 5");
    const second = await run.event();
    expect(second).toBeGreaterThan(first);
    await card.getByRole("button", { name: "Back" }).click();
    await expect(card).toContainText("1 of 5");
    expect(await run.event()).toBe(first);
    for (const [key, count] of [["PageDown", "2 of 5"], ["PageDown", "3 of 5"], ["PageUp", "2 of 5"]] as const) {
      await page.keyboard.press(key);
      await expect(card).toContainText(count);
    }
    await card.getByRole("button", { name: "Next" }).press("Enter");
    await expect(card).toContainText("3 of 5");
    await expect(card.getByRole("button", { name: "Edit captions" })).toHaveCount(0);
    await card.getByRole("button", { name: "Leave the story" }).click();
    await expect(card).toHaveCount(0);
    await expect(run.inside.getByRole("button", { name: "Story: 5 captions" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(card).toContainText("3 of 5");
  });

  test("are not told where nobody asked, nor where there are none", async ({ elsewhere, page }) => {
    await elsewhere.open(element(elsewhere.playground("consensus-playground.js"), 'run="stale-read"'));
    const run = await embedded(page);
    await expect(run.inside.getByRole("region", { name: "Story", exact: true })).toHaveCount(0);
    await expect(run.inside.getByRole("button", { name: /^Story/ })).toHaveCount(0);
    await elsewhere.open(element(elsewhere.playground("consensus-playground.js"), `run="${native("raft-much-done")}" captions`));
    await embedded(page);
    await expect(run.inside.getByRole("region", { name: "Story", exact: true })).toHaveCount(0);
  });

  test("come and go with the attribute, and with another run", async ({ elsewhere, page }) => {
    await elsewhere.open(element(elsewhere.playground("consensus-playground.js"), 'run="stale-read" panels="diagram,transport"'));
    const run = await embedded(page);
    const card = run.inside.getByRole("region", { name: "Story", exact: true });
    const height = async (): Promise<number> => (await page.locator("iframe").boundingBox())?.height ?? 0;
    const before = await height();
    await page.evaluate(() => document.querySelector("consensus-playground")?.setAttribute("captions", ""));
    await expect(card).toContainText("1 of 5");
    await expect.poll(height).toBeGreaterThan(before + 100);
    await page.evaluate(() => document.querySelector("consensus-playground")?.setAttribute("run", "pbft-two-faced-primary"));
    await expect(card).toContainText("1 of 6");
    await page.evaluate(() => document.querySelector("consensus-playground")?.removeAttribute("captions"));
    await expect(card).toHaveCount(0);
    await expect.poll(height).toBe(before);
  });

  test("of the first visit do not begin by themselves, and lead out of the frame", async ({ elsewhere, page, context }) => {
    await elsewhere.open(element(elsewhere.playground("consensus-playground.js"), 'run="first-visit" captions'));
    const run = await embedded(page);
    const card = run.inside.getByRole("region", { name: "Story", exact: true });
    await expect(card).toContainText("1 of 8");
    await page.waitForTimeout(1_500);
    await expect(run.play).toHaveText("Play");
    for (let caption = 2; caption <= 8; caption += 1) {
      await card.getByRole("button", { name: "Next" }).click();
      await expect(card).toContainText(`${caption} of 8`);
    }
    const opening = context.waitForEvent("page");
    await card.getByRole("link", { name: "PBFT: a primary that equivocates" }).click();
    const whole = await opening;
    await new Embedded(whole).ready();
    expect(frameOf(page).url()).toContain("run=first-visit");
  });

  for (const width of [360, 1_000]) {
    test.describe(`axe, ${width} pixels`, () => {
      test.use({ viewport: { width, height: 800 } });

      test("nothing is found", async ({ elsewhere, page }) => {
        await elsewhere.open(`<style>:root { color-scheme: light dark }</style><main><h1>A lesson</h1>${element(elsewhere.playground("consensus-playground.js"), 'run="stale-read" captions height="760" panels="cluster,diagram,inspector,board,history,transport"')}</main>`);
        const run = await embedded(page);
        await run.inside.getByRole("region", { name: "Story", exact: true }).getByRole("button", { name: "Next" }).click();
        for (const colorScheme of ["dark", "light"] as const) {
          await page.emulateMedia({ colorScheme });
          await expect.poll(() => frameOf(page).evaluate(() => getComputedStyle(document.body).colorScheme)).toBe(colorScheme);
        }
        await expectNothingForAxe({ page });
      });
    });
  }
});
