// Faults by hand: what can be done to a process, and to a message on its way.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const faults = (playground: Playground, name: string) => playground.inspector.getByRole("group", { name: `Faults of ${name}` });
const endings = (playground: Playground) => playground.inspector.locator("p.prose").first();
const actions = (playground: Playground) => playground.inspector.getByRole("group", { name: "What can be done to the message" });

/** Steps on until the event at the playhead has just sent something, and selects the first message of it. */
async function selectMessageOnItsWay(playground: Playground): Promise<string> {
  const sent = playground.inspector.getByRole("heading", { name: /^\d+ messages? sent$/ });
  await playground.inspect();
  await expect(async () => {
    await playground.step(1);
    await expect(sent).toBeVisible({ timeout: 100 });
  }).toPass();
  await playground.inspector.locator("h3", { hasText: "sent" }).locator("+ ul").getByRole("button").first().click();
  const heading = playground.inspector.getByRole("heading", { name: /^Message \d/ });
  await expect(endings(playground)).toContainText("It is on its way.");
  return (await heading.textContent()) ?? "";
}

test("a process is crashed and restarted", async ({ playground }) => {
  await playground.process("n4").click();
  await faults(playground, "n4").getByRole("button", { name: "Crash" }).click();
  await expect(playground.process("n4")).toHaveAccessibleName(/^n4, .*down/);
  await expect(endings(playground)).toContainText("crashed. Only what it had written to its disk is left.");
  await expect(playground.inspector.getByRole("heading", { name: /^Durable/ })).toBeVisible();
  await faults(playground, "n4").getByRole("button", { name: "Restart" }).click();
  await playground.step(1);
  await expect(playground.process("n4")).toHaveAccessibleName(/^n4, follower in term \d+$/);
});

test("a disk is wiped while its process is down", async ({ playground }) => {
  await playground.process("n4").click();
  await faults(playground, "n4").getByRole("button", { name: "Crash" }).click();
  await faults(playground, "n4").getByRole("button", { name: "Wipe disk" }).click();
  await faults(playground, "n4").getByRole("button", { name: "Restart" }).click();
  await playground.step(1);
  await expect(playground.process("n4")).toHaveAccessibleName(/^n4, follower in term 0$/);
  await playground.playUntil(() => expect(playground.process("n4")).toHaveAccessibleName(/^n4, follower in term [1-9]/));
});

test("a paused process lets its messages wait", async ({ playground }) => {
  await playground.process("n2").click();
  await faults(playground, "n2").getByRole("button", { name: "Pause" }).click();
  await expect(playground.process("n2")).toHaveAccessibleName(/, paused$/);
  await playground.playFor(0.3);
  await expect(endings(playground)).toHaveText(/It is paused: [1-9]\d* inputs wait for it\./);
  await faults(playground, "n2").getByRole("button", { name: "Resume" }).click();
  await expect(playground.process("n2")).not.toHaveAccessibleName(/paused/);
});

test("a leader that crashes is replaced", async ({ playground }) => {
  const leader = await playground.leader();
  await playground.process(leader).click();
  await faults(playground, leader).getByRole("button", { name: "Crash" }).click();
  await expect(playground.cluster.locator(".caption")).toHaveText(/^Nobody leads/);
  await playground.playUntil(() => expect.poll(() => playground.leader()).not.toBe(""));
  expect(await playground.leader()).not.toBe(leader);
});

test("a timer is fired by hand, and the process campaigns", async ({ playground }) => {
  const follower = (await playground.leader()) === "n5" ? "n4" : "n5";
  await playground.process(follower).click();
  await faults(playground, follower).getByRole("button", { name: "Fire election timer" }).click();
  await expect(playground.process(follower)).toHaveAccessibleName(/candidate in term/);
});

test("by keys: a process is selected, crashed and restarted", async ({ playground, page }) => {
  await playground.tabTo(playground.process("n3"));
  await page.keyboard.press("Enter");
  await playground.tabTo(faults(playground, "n3").getByRole("button", { name: "Crash" }));
  await page.keyboard.press("Enter");
  await expect(playground.process("n3")).toHaveAccessibleName(/down/);
  await playground.tabTo(faults(playground, "n3").getByRole("button", { name: "Restart" }));
  await page.keyboard.press("Space");
  await playground.step(1);
  await expect(playground.process("n3")).not.toHaveAccessibleName(/down/);
});

test("a message on its way is dropped", async ({ playground }) => {
  await selectMessageOnItsWay(playground);
  await actions(playground).getByRole("button", { name: "Drop" }).click();
  await expect(endings(playground)).toContainText("It was dropped by hand.");
  await expect(actions(playground)).toHaveCount(0);
});

test("a message on its way is delayed", async ({ playground }) => {
  await selectMessageOnItsWay(playground);
  const due = Number.parseFloat((await playground.field("Due").textContent()) ?? "");
  await actions(playground).getByRole("button", { name: "Delay by 50 ms" }).click();
  await expect(playground.field("Due")).toHaveText(`${(due + 0.05).toFixed(3)} s`);
});

test("a message on its way is duplicated", async ({ playground }) => {
  const message = await selectMessageOnItsWay(playground);
  await actions(playground).getByRole("button", { name: "Duplicate" }).click();
  await playground.page.keyboard.press("Escape");
  await playground.inspector.locator("h3", { hasText: "sent" }).locator("+ ul").getByRole("button").first().click();
  await expect(playground.field("Copy of").getByRole("button")).toHaveText(new RegExp(`^${message}$`, "i"));
});

test("a message on its way is delivered now", async ({ playground }) => {
  await selectMessageOnItsWay(playground);
  const { time } = await playground.at();
  await actions(playground).getByRole("button", { name: "Deliver now" }).click();
  await playground.step(1);
  await expect(endings(playground)).toContainText("It was delivered.");
  expect(await playground.time()).toBe(time);
  await expect(playground.field("Handled").getByRole("button", { name: /^event [\d,]+ at [nc]\d$/ })).toBeVisible();
});

/** Presses a button among a process's faults, come to by the Tab key. */
async function pressFault(playground: Playground, node: string, name: string): Promise<void> {
  await playground.tabTo(faults(playground, node).getByRole("button", { name }));
  await playground.page.keyboard.press("Enter");
}

test("by keys: a process is paused and resumed, and its timer is fired", async ({ playground, page }) => {
  await playground.tabTo(playground.process("n3"));
  await page.keyboard.press("Enter");
  await pressFault(playground, "n3", "Pause");
  await expect(playground.process("n3")).toHaveAccessibleName(/, paused$/);
  await pressFault(playground, "n3", "Resume");
  await expect(playground.process("n3")).not.toHaveAccessibleName(/paused/);
  await pressFault(playground, "n3", "Fire election timer");
  await expect(playground.process("n3")).toHaveAccessibleName(/candidate in term/);
});

test("by keys: a disk is wiped, and its process starts again with nothing", async ({ playground, page }) => {
  await playground.process("n3").focus();
  await page.keyboard.press("Enter");
  await pressFault(playground, "n3", "Crash");
  await pressFault(playground, "n3", "Wipe disk");
  await pressFault(playground, "n3", "Restart");
  await expect(playground.process("n3")).toHaveAccessibleName(/^n3, follower in term 0$/);
});

test("by keys: a message is delayed, duplicated and delivered now", async ({ playground, page }) => {
  await selectMessageOnItsWay(playground);
  const press = async (name: string): Promise<void> => {
    await playground.tabTo(actions(playground).getByRole("button", { name }));
    await page.keyboard.press("Enter");
  };
  const due = Number.parseFloat((await playground.field("Due").textContent()) ?? "");
  await press("Delay by 50 ms");
  await expect(playground.field("Due")).toHaveText(`${(due + 0.05).toFixed(3)} s`);
  const { events } = await playground.at();
  await press("Duplicate");
  await expect.poll(async () => (await playground.at()).events).toBe(events + 1);
  const { time } = await playground.at();
  await press("Deliver now");
  await playground.step(1);
  await expect(endings(playground)).toContainText("It was delivered.");
  expect(await playground.time()).toBe(time);
});

test("a message that is delayed is drawn on its way until it arrives", async ({ playground }) => {
  const message = (await selectMessageOnItsWay(playground)).replaceAll(/\D/g, "");
  const due = Number.parseFloat((await playground.field("Due").textContent()) ?? "");
  const delay = actions(playground).getByRole("button", { name: "Delay by 50 ms" });
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

test("by keys: a message is found in the list of what was sent, and dropped", async ({ playground, page }) => {
  await selectMessageOnItsWay(playground);
  await playground.tabTo(actions(playground).getByRole("button", { name: "Drop" }));
  await page.keyboard.press("Enter");
  await expect(endings(playground)).toContainText("It was dropped by hand.");
});
