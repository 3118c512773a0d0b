// What a run is made of, and the dials that are turned while it goes on.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const words = (playground: Playground) => playground.inspector.textContent();

test("a seed gives its run, every time", async ({ playground }) => {
  await playground.inspect();
  await playground.unfold("Set-up");
  const first = { words: await words(playground), at: await playground.at() };
  await playground.setNumber("Seed", 7);
  await expect.poll(() => words(playground)).not.toBe(first.words);
  await playground.setNumber("Seed", 1);
  await expect.poll(() => words(playground)).toBe(first.words);
  expect(await playground.at()).toEqual(first.at);
});

test("a field that is left empty or filled with nonsense keeps what stood there", async ({ playground, page }) => {
  await playground.unfold("Set-up");
  const seed = page.getByRole("spinbutton", { name: "Seed" });
  const before = await seed.inputValue();
  await seed.fill("");
  await seed.press("Enter");
  await seed.blur();
  await expect(seed).toHaveValue(before);
  await playground.setNumber("Replicas", 1_000_000);
  await expect(page.getByRole("spinbutton", { name: "Replicas" })).toHaveValue("31");
  await expect(playground.notices).toContainText("Replicas: at most 31. It is 31 from here on.");
  await expect(playground.cluster.getByRole("button", { name: /^n\d+, / })).toHaveCount(31);
});

test("a cluster may have other numbers of replicas and clients", async ({ playground }) => {
  await playground.unfold("Set-up");
  await playground.setNumber("Replicas", 3);
  await playground.setNumber("Number of clients", 1);
  await expect(playground.cluster.getByRole("button", { name: /^n\d+, / })).toHaveCount(3);
  await playground.show("Clients");
  await expect(playground.page.getByTestId("client-row")).toHaveCount(1);
  await expect(playground.logRow("n4")).toHaveCount(0);
  await playground.playFor(0.5);
  expect(await playground.answered("c1")).toBeGreaterThan(0);
});

test("by keys: a rule is found and switched off, the page says so, and on again", async ({ playground, page }) => {
  await expect(playground.switchedOff).not.toContainText("Switched off");
  await playground.tabTo(playground.button("All 31 rules"));
  await page.keyboard.press("Enter");
  const book = await playground.ruleBook();
  await playground.tabTo(book.getByRole("searchbox", { name: "Search the rules" }));
  await page.keyboard.type("at once, without");
  const rules = book.getByRole("list", { name: "Rules that can be switched off" });
  await expect(rules.getByRole("listitem")).toHaveCount(1);
  await playground.tabTo(rules.getByRole("checkbox", { name: "ReadIndex" }));
  await page.keyboard.press("Space");
  await expect(rules).toContainText("Off. A leader answers reads at once");
  await page.keyboard.press("Escape");
  await expect(book).toBeHidden();
  await expect(playground.button("All 31 rules")).toBeFocused();

  await expect(playground.switchedOff).toContainText("Switched off");
  await playground.tabTo(playground.switchedOff.getByRole("checkbox", { name: "ReadIndex" }));
  await page.keyboard.press("Space");
  await expect(playground.switchedOff).not.toContainText("ReadIndex");
});

test("the rule book marks the lines that fired at the playhead", async ({ playground }) => {
  const book = await playground.ruleBook();
  const lit = book.locator("li.lit");
  for (let steps = 0; steps < 20 && (await lit.count()) === 0; steps += 1) {
    await playground.closeFloat();
    await playground.step(1);
    await playground.ruleBook();
  }
  const fired = await lit.count();
  expect(fired).toBeGreaterThan(0);
  await expect(book.locator("summary", { hasText: `${fired} fired at this event` })).toHaveCount(1);
});

test("without a workload, clients ask for nothing but what I have them send", async ({ playground, page }) => {
  const only = page.getByRole("checkbox", { name: "No workload: I send the commands" });
  await playground.unfold("Send a command");
  await only.click();
  await playground.playFor(0.5);
  const before = await playground.answered("c1");
  await playground.playFor(1);
  expect(await playground.answered("c1")).toBe(before);
  await playground.button("Send a command by hand").click();
  await playground.tabTo(page.getByLabel("Client", { exact: true }));
  await playground.button("Send").click();
  await playground.closeFloat();
  await playground.playUntil(() => expect.poll(() => playground.answered("c1")).toBe(before + 1));
  await playground.unfold("Send a command");
  await playground.tabTo(only);
  await page.keyboard.press("Space");
  await playground.playUntil(() => expect.poll(() => playground.answered("c1")).toBeGreaterThan(before + 3));
});

test("the fault model stands beside the network's dials", async ({ playground }) => {
  const section = await playground.unfold("Lose, delay or copy messages");
  await expect(section).toContainText("Fault model: processes crash and come back, messages are lost, delayed, duplicated and reordered. Nobody lies.");
  await expect(section.getByRole("note")).toHaveCount(0);
});

test("latencies that make elections likely are warned of", async ({ playground }) => {
  const section = await playground.unfold("Lose, delay or copy messages");
  await playground.setNumber("Greatest latency in ms", 150);
  await expect(section.getByRole("note")).toContainText("expect elections although nobody has failed");
  await playground.setNumber("Greatest latency in ms", 20);
  await expect(section.getByRole("note")).toHaveCount(0);
});

for (const [dial, sign] of [["Loss", "lost"], ["Duplication", "copy made by the network"]] as const) {
  test(`the dial of ${dial.toLowerCase()} is felt by messages`, async ({ playground, page }) => {
    await playground.button("Legend").press("Enter");
    const legend = page.getByRole("list", { name: "Legend of the diagram" });
    await expect(legend).toContainText("message");
    await expect(legend).not.toContainText(sign);
    const section = await playground.unfold("Lose, delay or copy messages");
    const slider = section.getByRole("slider", { name: `${dial} in per cent` });
    await slider.focus();
    await page.keyboard.press("End");
    await expect(section).toContainText("50 %");
    await playground.closeFloat();
    await playground.playFor(0.2);
    await expect(legend).toContainText(sign);
  });
}

test("a run stops at its limit on events and says so", async ({ playground }) => {
  await playground.unfold("Set-up");
  await playground.setNumber("Stop after so many events", 3_000);
  await playground.closeFloat();
  await playground.leaveStory();
  await playground.speed.press("End");
  await playground.play.click();
  await expect(playground.notices).toContainText(/limit of 3,000 events/);
  await expect(playground.play).toHaveText("Play");
  await playground.expectEvent(3_000);
  await playground.step(-1);
  await playground.expectEvent(2_999);
});

test("at its limit, a run offers to go on to the next", async ({ playground }) => {
  await playground.unfold("Set-up");
  await playground.setNumber("Stop after so many events", 3_000);
  await playground.closeFloat();
  await playground.leaveStory();
  await playground.button("Cut off the leader").click();
  await playground.speed.press("End");
  await playground.play.click();
  await playground.button("Go on to 10,000").click();
  await expect(playground.notices).toContainText("limit of 10,000 events");
  await playground.expectEvent(10_000);
  await expect(playground.button("Go on to 100,000")).toBeVisible();
  await expect(playground.page.getByTestId("partition-state").first(), "what was done to it stays done").toContainText("Cut since");
  await expect(playground.button("Undo")).toBeEnabled();
});

test("a fresh seed keeps the set-up", async ({ playground }) => {
  await playground.unfold("Set-up");
  await playground.setNumber("Replicas", 3);
  await playground.setNumber("Stop after so many events", 5_000);
  await (await playground.ruleBook()).getByRole("checkbox", { name: "ReadIndex" }).uncheck();
  await playground.unfold("Set-up");
  const seed = playground.page.getByRole("spinbutton", { name: "Seed" });
  const before = await seed.inputValue();
  await playground.button("Settings and keys").click();
  await playground.button("Run again with a fresh seed").click();
  await playground.unfold("Set-up");
  await expect(seed).not.toHaveValue(before);
  await expect(playground.cluster.getByRole("button", { name: /^n\d+, / })).toHaveCount(3);
  await expect(playground.page.getByRole("spinbutton", { name: "Stop after so many events" })).toHaveValue("5000");
  await expect(playground.switchedOff).toContainText("ReadIndex");
});

test("by mouse: the dials of loss, duplication and reordering", async ({ playground, page }) => {
  const section = await playground.unfold("Lose, delay or copy messages");
  for (const dial of ["Loss", "Duplication", "Reordering"]) {
    const slider = section.getByRole("slider", { name: `${dial} in per cent` });
    const box = await slider.boundingBox();
    if (box === null) throw new Error("there is no dial");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(15);
  }
  await playground.button("Remove all faults").click();
  await expect(section.getByRole("slider", { name: "Reordering in per cent" })).toHaveValue("0");
});

test("a link with a latency of its own is a fault that can be removed", async ({ playground, page }) => {
  await playground.openFaults();
  const remove = playground.button("Remove all faults");
  await expect(remove).toHaveAttribute("aria-disabled", "true");
  await playground.button("Link by link").click();
  await playground.button("Set the latency of the link").click();
  await expect(page.getByTestId("link-latencies")).toContainText("60–80 ms");
  await remove.click();
  await expect(page.getByTestId("link-latencies")).toHaveCount(0);
  await expect(remove).toHaveAttribute("aria-disabled", "true");
});

test("in the past, the dials are what they were, and one that is changed there changes no other", async ({ playground, page }) => {
  await playground.unfold("Workload");
  const keys = page.getByRole("spinbutton", { name: "Keys" });
  const { event } = await playground.at();
  const before = await keys.inputValue();
  await playground.setNumber("Keys", 9);
  await playground.playFor(0.2);
  await playground.unfold("Workload");
  await playground.tape.press("Home");
  await expect(keys).toHaveValue(before);
  await playground.tape.press("End");
  await expect(keys).toHaveValue("9");
  await playground.tape.press("Home");
  for (let done = 0; done < 3; done += 1) await page.keyboard.press("Shift+ArrowRight");
  expect((await playground.at()).event).toBeLessThan(event);
  await playground.setNumber("Weight of get", 7);
  await playground.tape.press("End");
  await expect(keys).toHaveValue(before);
  await expect(page.getByRole("spinbutton", { name: "Weight of get" })).toHaveValue("7");
});

test("a protocol whose module cannot be fetched leaves the run before, under its name, and can be chosen again", async ({ playground, page, complaints }) => {
  const chosen = page.getByRole("combobox", { name: "Protocol" });
  await page.route(/tendermint.*\.wasm/, (route) => route.abort());
  await chosen.selectOption("tendermint");
  await expect(playground.notices.getByRole("listitem")).not.toHaveCount(0);
  await expect(chosen).toHaveValue("raft");
  await page.unroute(/tendermint.*\.wasm/);
  await chosen.selectOption("tendermint");
  await expect(chosen).toHaveValue("tendermint");
  await expect(playground.logs).toHaveCount(0);
  complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !/ERR_FAILED|net::/.test(complaint)));
});
