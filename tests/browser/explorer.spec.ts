// The explorer: every state of a model, on a thread of its own; the shortest counterexample, opened in the
// diagram.

import type { Locator, Page, Worker } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test as pageTest } from "./page.ts";
import { Playground } from "./playground.ts";

/** The explorer as a person knows it. */
class Explorer {
  readonly model: Locator;
  readonly rule: Locator;
  readonly explore: Locator;
  readonly cancel: Locator;
  readonly headline: Locator;
  readonly states: Locator;
  readonly catches: Locator;

  constructor(readonly page: Page) {
    this.model = page.getByRole("combobox", { name: "Model" });
    this.rule = page.getByRole("combobox", { name: "Rule switched off" });
    this.explore = page.getByRole("button", { name: "Explore", exact: true });
    this.cancel = page.getByRole("button", { name: "Cancel" });
    this.headline = page.getByTestId("headline");
    this.states = page.getByTestId("states");
    this.catches = page.getByTestId("catch");
  }

  async open(path = ""): Promise<void> {
    await this.page.goto(`./#explore${path}`);
    await expect(this.model).toBeVisible();
  }

  property(name: string): Locator {
    return this.page.getByTestId("property").and(this.page.locator(`[data-name="${name}"]`));
  }

  /** The thread that explores. */
  async thread(): Promise<Worker> {
    await expect.poll(() => this.page.workers().length).toBe(1);
    const [worker] = this.page.workers();
    if (worker === undefined) throw new Error("there is no thread");
    return worker;
  }

  /** Acts on the module that the thread uses: imported once more under its address, it is the same instance. */
  async inEngine(act: "panic" | "fill the memory"): Promise<void> {
    const thread = await this.thread();
    await thread.evaluate(
      async (what) => {
        const names = performance.getEntriesByType("resource").map(({ name }) => name);
        const glue = names.find((name) => /\/explore-[^/]*\.js$/.test(name)) ?? "";
        const engine = (await import(glue)) as {
          default: () => Promise<{ memory: WebAssembly.Memory }>;
          Exploration: { prototype: Record<string, unknown> };
          panic_on_purpose(): void;
        };
        if (what === "panic") {
          engine.Exploration.prototype["advance"] = () => engine.panic_on_purpose();
        } else {
          const { memory } = await engine.default();
          // All but some 30 MB of what a module may have.
          memory.grow(65_536 - 480 - memory.buffer.byteLength / 65_536);
        }
      },
      act,
    );
  }
}

const test = pageTest.extend<{ explorer: Explorer }>({
  explorer: async ({ page }, use) => {
    await use(new Explorer(page));
  },
});

test("Lamport's abstract Paxos has 3,921 states, and all of them are found", async ({ explorer, page }) => {
  await explorer.open("/abstract-paxos");
  await explorer.explore.click();
  await expect(explorer.headline).toHaveText("All 3,921 states of this model within its bounds: no violation found.");
  await expect(explorer.states).toHaveText("3,921");
  await expect(page.getByTestId("covered")).toContainText("3,921 distinct states");
});

test("single-decree Paxos is explored to exhaustion in the page", async ({ explorer }) => {
  await explorer.open("/paxos");
  await explorer.explore.click();
  await expect(explorer.headline).toHaveText("All 1,485,562 states of this model within its bounds: no violation found.", { timeout: 60_000 });
  await expect(explorer.property("agreement")).toHaveAttribute("data-outcome", "not broken");
  await expect(explorer.property("agreement")).toContainText("no violation found within these bounds");
  await expect(explorer.property("a-value-is-chosen")).toContainText("reached in 7 steps");
});

test("the shortest counterexample is told step by step, and opened in the diagram it breaks the same promise", async ({ explorer, page }) => {
  await explorer.open("/paxos/majority-too-small");
  await explorer.explore.click();
  await expect(explorer.headline).toContainText("Broken in 10 steps, the fewest there are");
  await expect(explorer.property("agreement").getByTestId("step")).toHaveCount(10);
  await page.getByRole("button", { name: "Open the counterexample in the diagram" }).click();

  const playground = new Playground(page);
  await expect(page.getByRole("region", { name: "Acceptors" })).toBeVisible();
  await expect(page.getByRole("tab", { name: /^\s*Promises \d of \d+ broken/ })).toBeVisible();
  await playground.inspect();
  await expect(playground.inspector).toContainText("was chosen before");
  await expect(playground.switchedOff).toContainText("Switched off");

  await page.goBack();
  await expect(explorer.headline, "what was found is still there").toContainText("Broken in 10 steps");
});

test("the quorum lens says where the induction breaks when a promise is forgotten", async ({ explorer, page }) => {
  await explorer.open("/paxos/promise-not-durable");
  await explorer.explore.click();
  await page.getByRole("button", { name: "Open the counterexample in the diagram" }).click();
  await page.getByRole("button", { name: "Majorities" }).click();
  await expect(page.getByTestId("meeting")).toContainText("no promise tells of it");
  await expect(page.getByTestId("meeting")).toContainText("a rule that it needs is broken");
});

test("each rule's shortest counterexample comes into the table as it is found", async ({ explorer, page }) => {
  await explorer.open("/paxos");
  await page.getByRole("button", { name: "Explore without each" }).click();
  const steps: Record<string, string> = {
    "promise-not-durable": "16",
    "acceptance-not-durable": "16",
    "majority-too-small": "10",
    "stale-promises-counted": "18",
    "latest-value-taken": "23",
    "accept-raises-no-promise": "23",
    "ballot-not-durable": "13",
    "any-acceptances-counted": "14",
    "promise-ignored": "14",
    "promise-without-accepted": "14",
    "reports-ignored": "14",
    "ballots-shared": "12",
  };
  for (const [rule, number] of Object.entries(steps)) {
    await expect(explorer.catches.and(page.locator(`[data-mutation="${rule}"]`))).toHaveAttribute("data-steps", number, { timeout: 45_000 });
  }
  await expect(explorer.catches).toHaveCount(12);
});

test("a search that is cancelled, or stopped at a cap, says what it covered and claims no more", async ({ explorer, page }) => {
  await explorer.open("/paxos-ballots");
  await explorer.explore.click();
  await expect(explorer.states).not.toHaveText("0");
  await explorer.cancel.click();
  await expect(explorer.headline).toHaveText("Cancelled. No violation found within these bounds.");
  await expect(page.getByTestId("covered")).toContainText("distinct states");
  await expect(explorer.property("a-value-is-chosen")).not.toHaveAttribute("data-outcome", "out of reach");

  await page.getByRole("spinbutton", { name: "Stop at so many states" }).fill("5000");
  await explorer.explore.click();
  await expect(explorer.headline).toHaveText("Stopped at the cap of 5,000 states. No violation found within these bounds.");
  await expect(explorer.states).toHaveText("5,000");

  await page.getByRole("spinbutton", { name: "Stop at so many steps from the start" }).fill("4");
  await explorer.explore.click();
  await expect(explorer.headline).toHaveText("Stopped at the cap of depth 4. No violation found within these bounds.");

  await page.getByRole("spinbutton", { name: "Stop at so many steps from the start" }).fill("");
  await page.getByRole("spinbutton", { name: "Stop at so many states" }).fill("10000000");
  await page.getByRole("spinbutton", { name: "Stop at so many megabytes" }).fill("3");
  await explorer.explore.click();
  await expect(explorer.headline).toHaveText(/^Stopped at the cap of 3,000,000 bytes of memory\. No violation/);
});

test("by keyboard alone: a model, a rule, the search, its counterexample", async ({ explorer, page }) => {
  const playground = new Playground(page);
  await explorer.open();
  await playground.tabTo(explorer.model);
  await page.keyboard.type("paxos-learner");
  await expect(explorer.model).toHaveValue("paxos-learner");
  await playground.tabTo(explorer.rule);
  await page.keyboard.type("any");
  await expect(explorer.rule).toHaveValue("any-acceptances-counted");
  await expect(page, "the address is a link to it").toHaveURL(/#explore\/paxos-learner\/any-acceptances-counted$/);
  await playground.tabTo(explorer.explore);
  await page.keyboard.press("Enter");
  await expect(explorer.headline).toContainText("Broken in 14 steps");
  const show = page.getByRole("button", { name: "Open the counterexample in the diagram" });
  await playground.tabTo(show);
  await page.keyboard.press("Enter");
  await expect(playground.inspector).toContainText("for chosen, and it is not");
});

test("an address that names no model, or no rule of it, is answered with what is wrong", async ({ explorer, page }) => {
  await explorer.open("/no-such-model");
  await expect(page.getByRole("alert")).toHaveText("There is no model “no-such-model”.");
  await page.goto("./#explore/paxos/no-such-rule");
  await expect(page.getByRole("alert")).toHaveText("The model paxos has no rule “no-such-rule”.");
});

test("a panic of the explorer is shown, and the next search starts it anew", async ({ explorer, page, complaints }) => {
  await explorer.open("/abstract-paxos");
  await explorer.inEngine("panic");
  await explorer.explore.click();
  await expect(page.getByRole("alert")).toContainText("The explorer failed:");
  await expect(page.getByRole("alert")).toContainText("the next search starts it anew");
  await explorer.explore.click();
  await expect(explorer.headline).toContainText("All 3,921 states");
  complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !complaint.includes("this panic was asked for")));
});

test("when the memory of the browser is full, the page says so and how to go on", async ({ explorer, page, complaints }) => {
  await explorer.open("/paxos");
  await explorer.inEngine("fill the memory");
  await explorer.explore.click();
  await expect(page.getByRole("alert")).toContainText("a browser gives it no more than 4,295 MB: lower the cap on memory", { timeout: 45_000 });
  await expect(explorer.states, "what was covered before").not.toHaveText("0");
  await expect(explorer.headline).toHaveText("");
  await explorer.model.selectOption("abstract-paxos");
  await explorer.explore.click();
  await expect(explorer.headline).toContainText("All 3,921 states");
  complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !/memory allocation|out of memory|panicked/i.test(complaint)));
});

test.describe("axe", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("the explorer with a counterexample", async ({ explorer, page }) => {
    await explorer.open("/paxos/majority-too-small");
    await explorer.explore.click();
    await expect(explorer.headline).toContainText("Broken");
    await expectNothingForAxe({ page });
  });
});

test("nothing is cut off at 360 px", async ({ explorer, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await explorer.open("/paxos/majority-too-small");
  await explorer.explore.click();
  await expect(explorer.headline).toContainText("Broken");
  const overflow = await page.locator("playground-explorer").evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
