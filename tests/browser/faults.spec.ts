// Faults by hand: what can be done to a process, and to a message on its way, beside where it was clicked.

import type { Locator } from "@playwright/test";

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const endings = (playground: Playground) => playground.inspector.locator("p.prose").first();
const button = (playground: Playground, name: string): Locator => playground.page.locator("playground-actions").getByRole("button", { name, exact: true });
const moving = ({ cluster }: Playground): Locator => cluster.locator("[data-message]");

/** Clicks one that nothing lies over. */
async function clickAny(some: Locator): Promise<void> {
  for (const one of await some.all()) {
    const isHit = await one.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const hit = (element.getRootNode() as ShadowRoot).elementFromPoint(left + width / 2, top + height / 2);
      return element.contains(hit);
    });
    if (isHit) return one.click();
  }
  throw new Error("something lies over each of them");
}

/** Clicks a message that is on its way between the processes, and gives its number. */
async function selectMessageOnItsWay(playground: Playground): Promise<string> {
  await playground.stepUntil(moving(playground));
  await clickAny(moving(playground));
  await expect(endings(playground)).toContainText("It is on its way.");
  const heading = (await playground.inspector.getByRole("heading", { name: /^Message \d/ }).textContent()) ?? "";
  return heading.replace("Message ", "").trim();
}

test("a process is crashed and restarted, beside where it was clicked", async ({ playground }) => {
  await playground.process("n4").click();
  const toolbar = playground.actions("n4");
  const [at, process] = [await toolbar.boundingBox(), await playground.process("n4").boundingBox()];
  expect((at?.x ?? 0) - (process?.x ?? 0) - (process?.width ?? 0), "how far away it stands").toBeLessThan(24);
  await button(playground, "Crash n4").click();
  await expect(playground.process("n4")).toHaveAccessibleName(/^n4, .*down/);
  await expect(endings(playground)).toContainText("crashed. Only what it had written to its disk is left.");
  await expect(button(playground, "Pause n4")).toBeDisabled();
  await expect(button(playground, "Pause n4")).toHaveAccessibleDescription("n4 is down.");
  await button(playground, "Restart n4").click();
  await playground.step(1);
  await expect(playground.process("n4")).toHaveAccessibleName(/^n4, follower in term \d+$/);
});

test("a disk is wiped while its process is down", async ({ playground }) => {
  await playground.process("n4").click();
  await button(playground, "Crash n4").click();
  await button(playground, "More on n4").click();
  await button(playground, "Wipe disk of n4").click();
  await button(playground, "Restart n4").click();
  await playground.step(1);
  await expect(playground.process("n4")).toHaveAccessibleName(/^n4, follower in term 0$/);
  await playground.playUntil(() => expect(playground.process("n4")).toHaveAccessibleName(/^n4, follower in term [1-9]/));
});

test("a paused process lets its messages wait", async ({ playground }) => {
  await playground.process("n2").click();
  await button(playground, "Pause n2").click();
  await expect(playground.process("n2")).toHaveAccessibleName(/, paused$/);
  await playground.playFor(0.3);
  await expect(endings(playground)).toHaveText(/It is paused: [1-9]\d* inputs wait for it\./);
  await playground.process("n2").click();
  await button(playground, "Resume n2").click();
  await expect(playground.process("n2")).not.toHaveAccessibleName(/paused/);
});

test("a leader that crashes is replaced", async ({ playground }) => {
  const leader = await playground.leader();
  await playground.process(leader).click();
  await button(playground, `Crash ${leader}`).click();
  await expect(playground.cluster.locator(".caption")).toHaveText(/^Nobody leads/);
  await playground.playUntil(() => expect.poll(() => playground.leader()).not.toBe(""));
  expect(await playground.leader()).not.toBe(leader);
});

test("a process is cut off, and its timer is fired by hand", async ({ playground, page }) => {
  const follower = (await playground.leader()) === "n5" ? "n4" : "n5";
  await playground.process(follower).click();
  await button(playground, `More on ${follower}`).click();
  await button(playground, `Fire election timer of ${follower}`).click();
  await expect(playground.process(follower)).toHaveAccessibleName(/candidate in term/);
  await button(playground, `Cut off ${follower}`).click();
  await expect(page.getByTestId("partition-state")).toContainText("24 ways");
});

test("by keys: Enter opens what can be done, arrows move in it, Escape gives the focus back", async ({ playground, page }) => {
  await playground.tabTo(playground.process("n3"));
  await page.keyboard.press("Enter");
  await expect(playground.process("n3")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Enter");
  await expect(button(playground, "Crash n3")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(button(playground, "Pause n3")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(playground.process("n3")).toHaveAccessibleName(/, paused$/);
  await page.keyboard.press("Space");
  await expect(playground.process("n3")).not.toHaveAccessibleName(/paused/);
  await page.keyboard.press("End");
  await expect(button(playground, "More on n3")).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await expect(button(playground, "Wipe disk of n3")).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(playground.process("n3")).toHaveAccessibleName(/down/);
  await expect(button(playground, "Restart n3")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(playground.actions("n3")).toHaveCount(0);
  await expect(playground.process("n3")).toBeFocused();
  await expect(playground.process("n3"), "it stays selected").toHaveAttribute("aria-pressed", "true");
});

test("in the diagram, a click on a name opens what can be done to the process", async ({ playground, page }) => {
  await playground.process("n2").focus();
  const box = await playground.canvas.boundingBox();
  if (box === null) throw new Error("there is no diagram");
  // Somewhere in the heading there is a name.
  await expect(async () => {
    for (let x = 60; x < box.width; x += 20) {
      await page.mouse.click(box.x + x, box.y + 12);
      if ((await playground.actions(/^Actions on [nc]\d$/).count()) > 0) return;
    }
    throw new Error("no name was hit");
  }).toPass();
  await expect(playground.actions(/^Actions on [nc]\d$/).getByRole("button", { name: /^Crash / })).toBeVisible();
});

test("a message on its way is dropped, and nothing more can be done to it", async ({ playground }) => {
  const message = await selectMessageOnItsWay(playground);
  await button(playground, `Drop message ${message}`).click();
  await expect(endings(playground)).toContainText("It was dropped by hand.");
  await expect(button(playground, `Drop message ${message}`)).toBeDisabled();
  await expect(button(playground, `Drop message ${message}`)).toHaveAccessibleDescription("It is not on its way any more.");
});

test("of a message that has arrived, the toolbar leads back to where it can be acted on", async ({ playground, page }) => {
  const message = await selectMessageOnItsWay(playground);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  for (let steps = 0; steps < 60 && (await playground.cluster.locator(`[data-message="${message.replace(",", "")}"]`).count()) > 0; steps += 1) {
    await playground.step(1);
  }
  const { event } = await playground.at();
  await playground.page.evaluate((index) => {
    const app = document.querySelector("playground-app") as unknown as { run: { view: { select: (selection: object) => void } } };
    app.run.view.select({ kind: "message", message: index });
  }, Number(message.replace(",", "")));
  await playground.canvas.focus();
  await page.keyboard.press("Enter");
  await expect(button(playground, `Drop message ${message}`)).toBeDisabled();
  await button(playground, "Back to when it was sent").click();
  expect((await playground.at()).event).toBeLessThan(event);
  await button(playground, `Drop message ${message}`).click();
  await expect(button(playground, `Drop message ${message}`), "it is lost").toBeDisabled();
  await expect(playground.notices).toContainText("discarded");
});

test("a message on its way is delayed", async ({ playground }) => {
  const message = await selectMessageOnItsWay(playground);
  const due = Number.parseFloat((await playground.field("Due").textContent()) ?? "");
  await button(playground, `Delay message ${message}`).click();
  await expect(playground.field("Due")).toHaveText(`${(due + 0.05).toFixed(3)} s`);
});

test("a message on its way is copied", async ({ playground }) => {
  const message = await selectMessageOnItsWay(playground);
  const { events } = await playground.at();
  const before = await moving(playground).count();
  await button(playground, `Copy message ${message}`).click();
  await expect.poll(async () => (await playground.at()).events).toBe(events + 1);
  await expect(moving(playground)).toHaveCount(before + 1);
});

test("a message on its way is delivered now", async ({ playground }) => {
  const message = await selectMessageOnItsWay(playground);
  const { time } = await playground.at();
  await button(playground, `Deliver now message ${message}`).click();
  await playground.step(1);
  await expect(endings(playground)).toContainText("It was delivered.");
  expect(await playground.time()).toBe(time);
  await expect(playground.field("Handled").getByRole("button", { name: /^event [\d,]+ at [nc]\d$/ })).toBeVisible();
});

test("by keys: a message is delayed and dropped from what is said of it", async ({ playground, page }) => {
  const message = await selectMessageOnItsWay(playground);
  const due = Number.parseFloat((await playground.field("Due").textContent()) ?? "");
  await playground.inspector.getByRole("button", { name: `Actions on message ${message}` }).press("Enter");
  await expect(button(playground, `Drop message ${message}`)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(playground.field("Due")).toHaveText(`${(due + 0.05).toFixed(3)} s`);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(endings(playground)).toContainText("It was dropped by hand.");
});

test("a message that is delayed is drawn on its way until it arrives", async ({ playground }) => {
  const message = (await selectMessageOnItsWay(playground)).replaceAll(/\D/g, "");
  const due = Number.parseFloat((await playground.field("Due").textContent()) ?? "");
  const delay = button(playground, `Delay message ${Number(message).toLocaleString("en")}`);
  for (const by of [0.05, 0.1]) {
    await delay.click();
    await expect(playground.field("Due")).toHaveText(`${(due + by).toFixed(3)} s`);
  }
  while ((await playground.time()) <= due) await playground.step(1);
  expect(await playground.time(), "it has not arrived yet").toBeLessThan(due + 0.1);
  await expect(endings(playground)).toContainText("It is on its way.");
  await expect(playground.cluster.locator(`[data-message="${message}"]`)).toHaveCount(1);
  await playground.playUntil(() => expect(endings(playground)).toContainText("It was delivered."));
  await expect(playground.cluster.locator(`[data-message="${message}"]`)).toHaveCount(0);
});

test("servers are crashed and restarted from the list of all, by keys too", async ({ playground, page }) => {
  const servers = await playground.unfold("Crash, pause or restart a server");
  await servers.getByRole("button", { name: "Crash n2" }).click();
  await expect(playground.process("n2")).toHaveAccessibleName(/down/);
  await expect(servers).toContainText("1 process out");
  await playground.tabTo(servers.getByRole("button", { name: "Restart n2" }));
  await page.keyboard.press("Enter");
  await expect(servers).not.toContainText("process out");
});

test("a disk is slowed, its flushes stop and go on, and lose what they called written", async ({ playground, page }) => {
  const disks = await playground.unfold("Slow or wipe a disk");
  const state = disks.getByRole("status");
  await disks.getByRole("combobox", { name: "Whose disk" }).selectOption("n3");
  await playground.setNumber("Longest flush in ms", 40);
  await disks.getByRole("button", { name: "Set flush times" }).click();
  await expect(state).toHaveText("The disk of n3: a flush takes 0–40 ms.");
  await disks.getByRole("button", { name: "Stop flushes of n3" }).click();
  await expect(state).toContainText("its flushes stand still");
  await playground.tabTo(disks.getByRole("button", { name: "Let flushes go on, n3" }));
  await page.keyboard.press("Enter");
  await expect(state).not.toContainText("stand still");
  await disks.getByRole("button", { name: "Lose flushes of n3" }).click();
  await expect(state).toContainText("what it calls written is lost with the power");
  await disks.getByRole("button", { name: "Fail at next write of n3" }).click();
  await playground.playUntil(() => expect(playground.process("n3")).toHaveAccessibleName(/down/));
});
