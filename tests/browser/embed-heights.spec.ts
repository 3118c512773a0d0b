// How high a frame has to be: whatever panels it has, one height of 640 pixels holds at every width, 760 with captions;
// and the height that the frame asks for shows all of them at once.

import type { Frame, Page } from "@playwright/test";

import { embedded, expect, frameOf, test } from "./elsewhere.ts";

const PANELS = ["cluster", "diagram", "inspector", "board", "history", "transport"] as const;
const WIDTHS = [320, 660, 1_080];
/** All sets of panels. */
const SETS = Array.from({ length: 2 ** PANELS.length - 1 }, (_, index) => PANELS.filter((_panel, bit) => ((index + 1) >> bit) % 2 === 1));
/** Less than that, and nobody can read it. */
const LEAST = { height: 100, width: 130 };

/** What is wrong with a frame as it stands: what is cut off, covered, or too small; and what its tabs are. */
async function troubles(frame: Frame, panels: readonly string[], least: typeof LEAST): Promise<{ troubles: string[]; tabs: string[] }> {
  return frame.evaluate(
    async ({ wanted, atLeast }) => {
      const root = document.querySelector("playground-embed")?.shadowRoot as ShadowRoot;
      // What is measured in one frame is laid out in the next.
      for (let past = 0; past < 4; past += 1) await new Promise(requestAnimationFrame);
      const found: string[] = [];
      const inside = (name: string, element: Element | null | undefined, size = { height: 1, width: 1 }): void => {
        const box = element?.getBoundingClientRect();
        if (box === undefined) found.push(`${name} is missing`);
        else if (box.top < -0.5 || box.left < -0.5 || box.bottom > innerHeight + 0.5 || box.right > innerWidth + 0.5) found.push(`${name} is cut off: ${JSON.stringify(box)} of ${innerWidth} x ${innerHeight}`);
        else if (box.height < size.height || box.width < size.width) found.push(`${name} is small: ${box.width} x ${box.height}`);
      };
      const { scrollHeight, scrollWidth } = document.documentElement;
      if (scrollHeight > innerHeight || scrollWidth > innerWidth) found.push(`it scrolls: ${scrollWidth} x ${scrollHeight} in ${innerWidth} x ${innerHeight}`);
      const tabs = [...root.querySelectorAll<HTMLElement>(".tabs button")].map(({ textContent }) => textContent?.trim() ?? "");
      const others = wanted.filter((panel) => panel !== "transport");
      const shown = others.filter((panel) => root.querySelector(`.page > .${panel}`) !== null);
      if (tabs.length > 0 ? shown.length !== 1 || tabs.length !== others.length : shown.length !== others.length) found.push(`of ${others.join()} it shows ${shown.join()}, with tabs ${tabs.join()}`);
      for (const panel of shown) inside(panel, root.querySelector(`.page > .${panel}`), atLeast);
      if (shown.includes("cluster")) {
        const ring = root.querySelector("playground-cluster")?.shadowRoot?.querySelector("svg")?.getBoundingClientRect();
        const space = root.querySelector(".cluster")?.getBoundingClientRect();
        if (ring === undefined || space === undefined || ring.bottom > space.bottom || ring.right > space.right || ring.height < 60) found.push(`the ring has ${ring?.width} x ${ring?.height} in ${space?.width} x ${space?.height}`);
      }
      if (shown.includes("diagram")) inside("the canvas", root.querySelector("playground-diagram")?.shadowRoot?.querySelector("canvas"), { height: 90, width: 250 });
      inside("the foot", root.querySelector("footer"));
      inside("the way to the playground", root.querySelector("footer a"));
      if (wanted.includes("transport")) {
        const play = root.querySelector("playground-transport")?.shadowRoot?.querySelector(".play");
        inside("Play", play, { height: 28, width: 60 });
        const { x = 0, y = 0, width = 0, height = 0 } = play?.getBoundingClientRect() ?? {};
        const seen = play?.getRootNode() as ShadowRoot | undefined;
        const top = seen?.elementFromPoint(x + width / 2, y + height / 2) ?? null;
        if (play?.contains(top) !== true) found.push(`Play is covered by ${top?.localName} ${top?.className}`);
      }
      return { troubles: found, tabs };
    },
    { wanted: panels, atLeast: least },
  );
}

async function say(page: Page, message: object): Promise<void> {
  await page.evaluate(
    (data) =>
      new Promise<void>((resolve) => {
        // An answer to what is asked last says that all before was done.
        addEventListener("message", function heard(event: MessageEvent<{ type?: string }>) {
          if (event.data.type === "link") {
            removeEventListener("message", heard);
            resolve();
          }
        });
        const frame = document.querySelector("iframe")?.contentWindow;
        for (const each of [data, { type: "link" }]) frame?.postMessage({ consensusPlayground: 1, ...each }, "*");
      }),
    message,
  );
}

const framed = (address: string, width: number, height: number): string =>
  `<body style="margin: 0"><script>window.asked = 0; addEventListener("message", ({ data }) => { if (data.type === "height") asked = data.height; });</script>
  <iframe title="A run" src="${address}" style="display: block; border: 0; width: ${width}px; height: ${height}px"></iframe>`;

for (const width of WIDTHS) {
  test.describe(`${width} pixels wide`, () => {
    test.use({ viewport: { width: Math.max(width, 800), height: 800 } });

    test("640 pixels are enough for every set of panels: nothing is cut off, and Play is in sight", async ({ elsewhere, page }) => {
      test.setTimeout(240_000);
      await elsewhere.open(framed(elsewhere.playground("embed.html"), width, 640));
      await embedded(page);
      for (const panels of SETS) {
        await say(page, { type: "panels", panels: panels.join() });
        const { troubles: wrong, tabs } = await troubles(frameOf(page), panels, LEAST);
        expect(wrong, panels.join()).toEqual([]);
        if (panels.length === PANELS.length) {
          for (const tab of tabs) {
            await page.frameLocator("iframe").getByRole("navigation", { name: "Views" }).getByRole("button", { name: tab }).click();
            expect((await troubles(frameOf(page), panels, LEAST)).troubles, `${tab} in front`).toEqual([]);
          }
        }
      }
    });

    test("760 pixels are enough with captions", async ({ elsewhere, page }) => {
      test.setTimeout(240_000);
      await elsewhere.open(framed(elsewhere.playground("embed.html#run=stale-read&protocol=raft&captions=shown"), width, 760));
      await embedded(page);
      for (const panels of SETS.filter((each) => each.includes("transport"))) {
        await say(page, { type: "panels", panels: panels.join() });
        expect((await troubles(frameOf(page), panels, LEAST)).troubles, panels.join()).toEqual([]);
        await expect(page.frameLocator("iframe").getByRole("button", { name: "Next", exact: true })).toBeInViewport();
      }
    });

    test("the height that is asked for shows all panels at once", async ({ elsewhere, page }) => {
      test.setTimeout(240_000);
      await elsewhere.open(framed(elsewhere.playground("embed.html"), width, 300));
      await embedded(page);
      for (const panels of SETS.filter((_, index) => index % 4 === 2)) {
        await say(page, { type: "panels", panels: panels.join() });
        await expect
          .poll(async () => {
            const missing = await page.evaluate(() => {
              const frame = document.querySelector("iframe") as HTMLIFrameElement;
              const { asked } = window as unknown as { asked: number };
              const before = frame.offsetHeight;
              frame.style.height = `${asked}px`;
              return asked - before;
            });
            await page.waitForTimeout(50);
            return missing;
          }, panels.join())
          .toBe(0);
        const { troubles: wrong, tabs } = await troubles(frameOf(page), panels, LEAST);
        expect(wrong, panels.join()).toEqual([]);
        expect(tabs, panels.join()).toEqual([]);
      }
    });
  });
}

test("a learning platform is told the height in its own words", async ({ elsewhere, page }) => {
  await elsewhere.open(`<script>window.heard = []; addEventListener("message", ({ data }) => heard.push(data));</script>
    <iframe title="A run" src="${elsewhere.playground("embed.html#panels=transport")}" style="width: 800px; height: 300px"></iframe>`);
  await embedded(page);
  const heard = await page.evaluate(() => (window as unknown as { heard: { subject?: string; type?: string; height?: number }[] }).heard);
  const ours = heard.findLast(({ type }) => type === "height")?.height;
  expect(ours).toBeGreaterThan(50);
  expect(heard.findLast(({ subject }) => subject === "lti.frameResize")).toEqual({ subject: "lti.frameResize", height: ours });
});

test("where one panel is shown at a time, arrows lead from one to the next, and Enter shows it", async ({ elsewhere, page }) => {
  await elsewhere.open(framed(elsewhere.playground("embed.html#panels=cluster,diagram,history,transport"), 320, 640));
  const run = await embedded(page);
  const tabs = run.inside.getByRole("navigation", { name: "Views" }).getByRole("button");
  await expect(tabs).toHaveText(["Cluster", "Messages", "Clients"]);
  await expect(tabs.nth(1)).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Tab");
  await expect(tabs.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(run.inside.getByRole("region", { name: "Clients" })).toBeVisible();
  await expect(run.inside.getByRole("application", { name: /^Space-time diagram/ })).toHaveCount(0);
});

test("a frame that is lower than that keeps Play in sight", async ({ elsewhere, page }) => {
  await elsewhere.open(framed(elsewhere.playground(`embed.html#panels=${PANELS.join()}`), 320, 360));
  const run = await embedded(page);
  await expect(run.play).toBeInViewport({ ratio: 1 });
  await frameOf(page).evaluate(() => document.documentElement.scrollTo(0, 10_000));
  await expect(run.play).toBeInViewport({ ratio: 1 });
});
