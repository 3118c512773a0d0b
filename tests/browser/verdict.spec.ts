// One badge for all checks: it names the worst, and leads to it; and what is broken is seen in the diagram, on the tape
// and in the list.

import { LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

/** How many pixels of the tape are as red as what is broken. */
function redOnTape({ page }: Playground): Promise<number> {
  return page.locator("playground-scrubber #marks").evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const probe = document.createElement("span");
    probe.style.color = "var(--bad)";
    document.body.append(probe);
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
    probe.remove();
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let found = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const away = Math.abs((pixels[at] ?? 0) - red) + Math.abs((pixels[at + 1] ?? 0) - green) + Math.abs((pixels[at + 2] ?? 0) - blue);
      found += away < 6 ? 1 : 0;
    }
    return found;
  });
}

test("nothing is claimed where no operation has completed", async ({ playground }) => {
  await playground.tape.press("Home");
  await expect(playground.verdict).toHaveText(/^\s*no operation has completed yet/);
  await expect(playground.verdict).toHaveClass(/nothing/);
  await playground.tape.press("End");
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
  await expect(playground.verdict).toHaveClass(/kept/);
  await expect(playground.verdict).toHaveAttribute("title", /\d+ properties of the protocol were watched, and hold so far\.$/);
});

test("a client that is not served is named instead of a tick, and led to", async ({ playground }) => {
  // Clients alone on one side: nothing is wrong, and nobody is served.
  await playground.cut(["n1", "n2", "n3"], ["c1", "c2"]);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
  await playground.playFor(4);
  await expect(playground.verdict).toHaveText(/^\s*c\d not served since \d\.\d{3} s.*: linearizable: \d+ operations/);
  await expect(playground.verdict).toHaveClass(/waiting/);
  await playground.button("Show where").press("Enter");
  await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText(/Operation/);
});

test("a broken property is named although the history is linearizable, and led to", async ({ playground, page }) => {
  await playground.prepared("A liar in Raft");
  await playground.tape.press("Home");
  const before = await redOnTape(playground);
  // The logs differ long before a client notices.
  await page.keyboard.press("v");
  await expect(playground.verdict).toHaveText(/^\s*Log Matching is broken/);
  await expect(playground.verdict).toHaveClass(/violated/);
  const { event } = await playground.at();

  // On the tape, in the list, and in the diagram, where it has a word beside it.
  await expect.poll(() => redOnTape(playground)).toBeGreaterThan(before + 20);
  await playground.show("Events");
  await expect(page.locator(`[data-testid="event-row"][data-event="${event - 1}"]`)).toContainText("violation:");

  // Later, more is broken: the worst is what clients were told.
  await playground.tape.press("End");
  await expect(playground.verdict).toHaveText(/^\s*\d+ acknowledged writes lost, and \d+ more/);
  await playground.button("Show where").press("Enter");
  await expect(playground.inspector.getByRole("heading", { level: 2 })).toHaveText(/Operation/);
  await playground.show("Promises");
  await page.getByTestId("invariant").and(page.locator('[data-name="log-matching"]')).getByRole("button", { name: "Show the event" }).click();
  await playground.expectEvent(event);
});

test("play halts where something is broken first, says why, goes on when asked, and can be told not to", async ({ playground }) => {
  await playground.prepared("A liar in Raft");
  await playground.tape.press("Home");
  await playground.speed.fill("1");
  await playground.play.click();
  await expect(playground.notices).toContainText("Play has halted: Log Matching is broken for the first time.");
  await expect(playground.play).toHaveText("Play");
  await expect(playground.verdict).toHaveText(/^\s*Log Matching is broken/);
  const { event } = await playground.at();
  // Whoever presses Play there has seen it.
  await playground.play.press("Enter");
  await expect.poll(async () => (await playground.at()).event).toBeGreaterThan(event + 50);
  await playground.play.press("Enter");

  await playground.button("Do not halt again").click();
  await playground.tape.press("Home");
  await playground.play.click();
  await expect.poll(async () => (await playground.at()).event).toBeGreaterThan(event + 50);
  await playground.play.click();
});

for (const protocol of ["raft", "paxos", "multi-paxos", "viewstamped", "pbft", "tendermint"]) {
  test(`no prepared run of ${protocol} has a tick beside what is broken`, async ({ playground, page }) => {
    test.slow();
    await page.getByRole("combobox", { name: "Protocol" }).selectOption(protocol);
    // The protocol's module is fetched first.
    const names = () => page.locator("playground-app").evaluate((app) => (app as unknown as { run: { entries: { title: string; scenario: { protocol: string } }[] } }).run.entries);
    await expect.poll(async () => (await names())[0]?.scenario.protocol).toBe(protocol);
    await expect(playground.tape).toHaveAttribute("aria-valuetext", /event \d/);
    // As the page writes them.
    const titles = (await names()).map(({ title }) => title.replaceAll("'", "’"));
    for (const title of titles) {
      await playground.prepared(title);
      // To where something is broken first; else as far as the run goes by itself.
      await playground.tape.press("End");
      await page.keyboard.press("v");
      await playground.show("Promises");
      const broken = (await page.locator('[data-testid="invariant"][data-holds="false"]').count()) > 0;
      if (broken) await expect(playground.verdict, title).toHaveClass(/violated/);
      await playground.show("Clients");
      if ((await page.getByTestId("lost").count()) > 0) await expect(playground.verdict, title).toHaveClass(/violated/);
    }
  });
}
