// For everyone: nothing that axe knows is wrong in either theme, at either end of the widths, with everything open.

import type { Locator } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

/** How a control looks, as far as the browser has computed it. */
function look(control: Locator): Promise<string> {
  return control.evaluate((element) => {
    const { color, backgroundColor, borderTopColor, fontWeight, outlineStyle } = getComputedStyle(element);
    return [color, backgroundColor, borderTopColor, fontWeight, outlineStyle].join(" ");
  });
}

const FAULTS = ["Crash, pause or restart a server", "Lose, delay or copy messages", "Slow or wipe a disk", "Send a command", "Make it lie"];

/** What floats beside the rail, each with all that is folded in it open. */
async function expectAxeContentWithFloats(playground: Playground): Promise<void> {
  for (const title of FAULTS) await playground.unfold(title);
  await expectNothingForAxe(playground);
  await playground.unfold("Workload");
  await expectNothingForAxe(playground);
  await playground.ruleBook();
  await expectNothingForAxe(playground);
  await playground.closeFloat();
}

test.describe("axe, wide", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("everything unfolded, a process selected, something discarded", async ({ playground }) => {
    test.slow();
    await expectAxeContentWithFloats(playground);
    await playground.step(-3);
    await playground.cutInTwo();
    await playground.playFor(0.6);
    await playground.process("n1").click();
    await expectNothingForAxe(playground);
  });

  test("the list, the table of links, the invariants, a message", async ({ playground, page }) => {
    test.slow();
    await playground.prepared("A stale read");
    await playground.show("Events");
    await playground.openFaults();
    await playground.button("Link by link").click();
    await expectNothingForAxe(playground);
    await playground.closeFloat();
    await playground.show("Promises");
    await expectNothingForAxe(playground);
    await playground.show("Events");
    await page.getByTestId("event-row").nth(4).click();
    await expectNothingForAxe(playground);
  });

  test("the settings", async ({ playground }) => {
    await playground.button("Settings and keys").click();
    await expectNothingForAxe(playground);
  });
});

test.describe("axe, narrow", () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test("every view", async ({ playground, page }) => {
    test.slow();
    for (const name of ["Diagram", "Cluster", "Logs", "Clients", "Promises", "Events"]) {
      await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name }).click();
      await expectNothingForAxe(playground);
      if (name === "Cluster") await expectAxeContentWithFloats(playground);
    }
  });
});

test.describe("less motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("whoever wants less motion has a page that works, without animations", async ({ playground, page }) => {
    await playground.cutInTwo();
    await playground.playFor(0.5);
    const moving = await page.evaluate(() => document.getAnimations().map((animation) => (animation.effect as KeyframeEffect | null)?.target?.className ?? ""));
    expect(moving).toEqual([]);
  });
});

test.describe("forced colours", () => {
  test.use({ contextOptions: { forcedColors: "active" } });

  test("the system's colours are used, and what is chosen can still be told", async ({ playground }) => {
    await playground.process("n1").click();
    await expect(playground.process("n1")).toHaveAttribute("aria-pressed", "true");
    expect(await look(playground.button("Time ↓"))).not.toBe(await look(playground.button("Time →")));
    const painted = await playground.canvas.evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return new Set(Array.from({ length: pixels.length / 4 }, (_, pixel) => pixels.slice(pixel * 4, pixel * 4 + 4).join())).size;
    });
    expect(painted, "colours on the canvas").toBeGreaterThan(3);
    await expectNothingForAxe(playground);
  });
});

test("every control is reached with the Tab key, and shows that it has the focus", async ({ playground, page }) => {
  const seen = new Set<string>();
  await page.reload();
  await page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press("Tab");
    const { name, outline } = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (element === null || element === document.body) return { name: null, outline: "" };
      // A process in the picture of the cluster shows a halo.
      const halo = element.querySelector(".halo");
      const ring = halo === null ? getComputedStyle(element).outlineStyle : getComputedStyle(halo).stroke;
      return { name: (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replace(/\s+/g, " "), outline: ring };
    });
    if (name === null) break;
    expect(outline, `the focus on "${name}"`).not.toBe("none");
    seen.add(name);
  }
  for (const name of ["Protocol", "Play", "Cut off the leader", "Other faults", "Diagram", "Position in the run", "Jump to"]) {
    expect([...seen], "what the Tab key leads to").toContain(name);
  }
  // In a group, the arrows lead on.
  for (const name of ["First steps", "Step back", "Step forward", "Time ↓"]) await playground.tabTo(playground.button(name));
  await expect(playground.play).toHaveText("Play");
});
