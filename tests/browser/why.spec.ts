// Why a property does not hold, of every protocol: a rule is switched off, the engine finds what is broken, and the page
// shows the few events that it names, with its words.

import type { InvariantState } from "../../src/web/types.d.ts";
import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";
import { CASES } from "./why.cases.ts";
import type { Case } from "./why.cases.ts";

/** What Rust says of a property at the playhead. */
function found({ page }: Playground, name: string): Promise<InvariantState["broken"]> {
  return page.locator("playground-diagram").evaluate((element, wanted) => {
    const { run } = element as unknown as { run: { moment: { invariants(): InvariantState[] } } };
    return run.moment.invariants().find((each) => each.name === wanted)?.broken ?? null;
  }, name);
}

/** As the page writes it. */
const written = (sentence: string): string => sentence.replaceAll("'", "’");

async function openAtTheEnd(playground: Playground, { link }: Case): Promise<void> {
  await playground.page.evaluate((hash) => (window.location.hash = hash), link);
  await expect(playground.switchedOff).toContainText("Switched off");
  await playground.tape.press("End");
}

for (const each of CASES) {
  test(`${each.protocol}, ${each.mutation}: the events responsible are shown with Rust's sentences`, async ({ playground, page }) => {
    await openAtTheEnd(playground, each);
    await playground.show("Promises");
    const property = page.locator(`[data-testid="invariant"][data-name="${each.broken}"]`);
    await property.getByRole("button", { name: /^Show why/ }).click();

    const because = page.getByRole("region", { name: /^Why .* is broken$/ });
    await expect(because.getByTestId("in-all")).toHaveText(written(each.sentence));
    const broken = await found(playground, each.broken);
    expect(broken?.sentence).toBe(each.sentence);
    const reasons = broken?.because ?? [];
    expect(reasons.length, "more than the event itself is to blame").toBeGreaterThan(1);
    expect(reasons.length).toBeLessThanOrEqual(8);
    await expect(because.getByTestId("reason").locator("q")).toHaveText(reasons.map(({ sentence }) => written(sentence)));
    await playground.expectEvent((broken?.event ?? NaN) + 1);

    // On the drawing each has its number; where a sentence finds no spot there, the list is open by itself.
    await expect(async () => {
      if (!(await because.getByTestId("reason").first().isVisible())) await because.getByText(/^\d+ steps?, one by one$/).click();
      await expect(because.getByTestId("reason").first()).toBeVisible();
    }).toPass();
    // All of them are in view; a look at one leaves the explanation where it is.
    // The heading is written a moment after the drawing.
    await expect(async () => {
      const [from = NaN, to = NaN] = ((await page.locator("#range").textContent()) ?? "").split(" to ").map(Number.parseFloat);
      for (const button of await because.getByTestId("reason").getByRole("button").all()) {
        const at = Number.parseFloat(/[\d.]+(?= s)/.exec((await button.textContent()) ?? "")?.[0] ?? "");
        expect(at).toBeGreaterThanOrEqual(from);
        expect(at).toBeLessThanOrEqual(to);
      }
    }).toPass({ timeout: 10_000 });
    await because.getByTestId("reason").getByRole("button").first().click();
    await expect(because.getByTestId("reason").getByRole("button").first()).toHaveAttribute("aria-pressed", "true");

    await page.keyboard.press("Escape");
    await expect(because).toHaveCount(0);
  });
}

test("by keys: from the badge to why, and out again by Escape", async ({ playground, page }) => {
  const [, paxos] = CASES;
  if (paxos === undefined) throw new Error("there is no run of Paxos");
  await openAtTheEnd(playground, paxos);
  await expect(playground.verdict).toHaveText(/is broken/);
  await playground.tabTo(playground.button("Show why"));
  await page.keyboard.press("Enter");
  const because = page.getByRole("region", { name: /^Why .* is broken$/ });
  await expect(because.getByTestId("reason")).not.toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(because).toHaveCount(0);
});
