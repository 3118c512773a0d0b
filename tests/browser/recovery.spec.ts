// What goes wrong inside stays small: a view that fails says so in its place, and an engine that dies is replaced.

import type { Page } from "@playwright/test";

import { expect, test } from "./playground.ts";

/** The module of the engine that the page uses: imported once more under the same address, it is the same instance. */
async function engineAddress(page: Page, module = "raft"): Promise<string> {
  return page.evaluate((wanted) => {
    const names = performance.getEntriesByType("resource").map(({ name }) => name);
    return names.find((name) => new RegExp(`/${wanted}-[^/]*\\.js$`).test(name)) ?? "";
  }, module);
}

/** The engine's next call of that name panics: a true panic, inside wasm. */
async function panicAtNext(page: Page, call: string, module = "raft"): Promise<void> {
  await page.evaluate(
    async ([address, name]) => {
      const engine = (await import(address)) as { Simulation: { prototype: Record<string, unknown> }; panic_on_purpose(): void };
      engine.Simulation.prototype[name] = () => engine.panic_on_purpose();
    },
    [await engineAddress(page, module), call] as const,
  );
}

const isPanic = (complaint: string): boolean => complaint.includes("this panic was asked for");

function forgivePanics(complaints: string[]): void {
  complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !isPanic(complaint)));
}

test("a panic is shown, and the run is replayed to the event before it", async ({ playground, page, complaints }) => {
  await playground.cutInTwo();
  await playground.step(3);
  const before = await playground.at();
  await playground.inspect();
  const words = await playground.inspector.textContent();
  const hash = await playground.logs.textContent();

  await panicAtNext(page, "step");
  await playground.button("Step forward").click();
  await expect(playground.notices).toContainText(`The engine failed after event ${before.event}`);
  await expect(playground.notices).toContainText("The run is being replayed up to that event.");
  await expect.poll(() => playground.at()).toEqual(before);
  await expect.poll(() => playground.inspector.textContent()).toBe(words);
  await expect.poll(() => playground.logs.textContent()).toBe(hash);
  await expect(page.getByTestId("partition-state"), "what was done by hand is done again").toContainText("Cut since");

  await playground.step(1);
  await playground.expectEvent(before.event + 1);
  expect(complaints.filter(isPanic)).toHaveLength(1);
  forgivePanics(complaints);
});

test("a panic while the run plays pauses it, and it can be played on", async ({ playground, page, complaints }) => {
  await playground.play.click();
  await panicAtNext(page, "run_until");
  await expect(playground.notices).toContainText("The engine failed after event");
  await expect(playground.play).toHaveText("Play");
  const { time } = await playground.at();
  await playground.playFor(0.2);
  expect(await playground.time()).toBeGreaterThan(time);
  forgivePanics(complaints);
});

for (const [protocol, prepared] of [["paxos", "Duelling proposers"], ["multi-paxos", "Cut the leader off"]] as const) {
  test(`a panic in the module of ${protocol} is shown, and its run is replayed while Raft's module is as it was`, async ({ playground, page, complaints }) => {
    const chosen = page.getByRole("combobox", { name: "Protocol" });
    await chosen.selectOption(protocol);
    await expect(playground.logs).toHaveCount(0);
    await playground.prepared(prepared);
    await playground.step(3);
    const before = await playground.at();
    const board = page.locator(".board");
    const words = await board.textContent();

    await panicAtNext(page, "step", protocol);
    await playground.button("Step forward").click();
    await expect(playground.notices).toContainText(`The engine failed after event ${before.event}`);
    await expect.poll(() => playground.at()).toEqual(before);
    await expect.poll(() => board.textContent()).toBe(words);
    await playground.step(1);
    await playground.expectEvent(before.event + 1);

    await chosen.selectOption("raft");
    await expect(playground.logs).toBeVisible();
    const { event } = await playground.at();
    await playground.step(1);
    await playground.expectEvent(event + 1);
    expect(complaints.filter(isPanic)).toHaveLength(1);
    forgivePanics(complaints);
  });
}

test("an error in one view does not take the page down", async ({ playground, page, complaints }) => {
  await page.evaluate(async (address) => {
    const engine = (await import(address)) as { Simulation: { prototype: Record<string, unknown> } };
    const { prototype } = engine.Simulation;
    const sound = prototype["invariants"];
    Object.assign(window, { mend: () => (prototype["invariants"] = sound) });
    prototype["invariants"] = () => {
      throw new Error("a view that fails");
    };
  }, await engineAddress(page));
  await playground.step(1);
  const broken = page.getByRole("alert").filter({ hasText: "This part of the page could not be drawn: a view that fails" });
  await expect(broken.first()).toBeVisible();
  await expect(playground.cluster.locator(".caption")).toHaveText(/leads/);
  const { event } = await playground.at();
  await playground.step(1);
  await playground.expectEvent(event + 1);

  await page.evaluate(() => (window as unknown as { mend(): void }).mend());
  await expect(async () => {
    await broken.first().getByRole("button", { name: "Try again" }).click({ timeout: 500 }).catch(() => undefined);
    await expect(broken).toHaveCount(0, { timeout: 100 });
  }).toPass();
  await playground.show("Promises");
  await expect(page.getByRole("list", { name: "Invariants" })).toBeVisible();
  expect(complaints.every((complaint) => complaint.includes("a view that fails"))).toBe(true);
  complaints.length = 0;
});

test("where many events had passed, the run is replayed to the very event before the panic", async ({ playground, page, complaints }) => {
  const before = (await playground.at()).event;
  const last = before + 700;
  const address = new URL(await engineAddress(page)).pathname;
  // The next instance dies again, at the same event as the first.
  await page.route(new RegExp(`${address.replaceAll(".", "\\.")}\\?instance=`), async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    const isFirst = route.request().url().endsWith("instance=1");
    const trap = `{ const { step } = Simulation.prototype; let steps = 0; Simulation.prototype.step = function () { return steps++ < ${last} ? step.call(this) : panic_on_purpose(); }; }`;
    await route.fulfill({ response, body: isFirst ? `${body}\n${trap}` : body });
  });
  await panicAtNext(page, "run_until");
  await playground.play.click();
  await expect(playground.notices).toContainText(`The run fails at the event after ${last}.`);
  await playground.expectEvent(last);
  await expect(playground.play).toHaveText("Play");
  await playground.step(1);
  await playground.expectEvent(last + 1);
  expect(complaints.filter(isPanic)).toHaveLength(2);
  forgivePanics(complaints);
});

test("where no other engine can be started, the page says so, and tries again when it is told to", async ({ playground, page, complaints }) => {
  const { event } = await playground.at();
  await page.route(/\?instance=/, (route) => route.abort());
  await panicAtNext(page, "step");
  await playground.button("Step forward").click();
  await expect(playground.notices).toContainText("The engine could not be started again");
  await expect(page.getByText("The engine is being started again")).toHaveCount(0);
  await page.unroute(/\?instance=/);
  await playground.notices.getByRole("button", { name: "Try again" }).click();
  await playground.expectEvent(event);
  await playground.step(1);
  await playground.expectEvent(event + 1);
  complaints.length = 0;
});

test("a run that is asked for while the engine is started again is the one that is shown", async ({ playground, page, complaints }) => {
  const held: (() => void)[] = [];
  await page.route(/\/raft-[^/]*\.js\?instance=/, async (route) => {
    await new Promise<void>((resume) => held.push(resume));
    await route.continue();
  });
  await panicAtNext(page, "step");
  await playground.button("Step forward").click();
  await expect(playground.notices).toContainText("The engine failed after event");
  await page.evaluate(() => (window.location.hash = "#protocol=multi-paxos"));
  const chosen = page.getByRole("combobox", { name: "Protocol" });
  await expect(chosen).toHaveValue("multi-paxos");
  const { event } = await playground.at();
  await playground.step(1);
  await playground.expectEvent(event + 1);
  await expect.poll(() => held.length).toBe(1);
  held.forEach((resume) => resume());
  await playground.step(1);
  await playground.expectEvent(event + 2);
  await page.unroute(/\/raft-[^/]*\.js\?instance=/);
  await chosen.selectOption("raft");
  await expect(playground.logs).toBeVisible();
  await expect(chosen).toHaveValue("raft");
  forgivePanics(complaints);
});
