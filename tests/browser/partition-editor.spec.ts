// The partition editor: sides, links, prepared partitions, and what is said before anything is done.

import { expect, test } from "./playground.ts";

test.beforeEach(async ({ playground }) => {
  await playground.openFaults();
});

test("a process is dragged to the other side, and the preview says what the cut would do", async ({ playground }) => {
  const effect = playground.partition.locator("#effect");
  await expect(effect).toHaveText("This would cut 30 of 56 ways. B is a majority.");
  await playground.drag(playground.chip("n3"), playground.side("A"));
  await expect(playground.side("A").getByRole("button")).toHaveText(["n1", "n2", "n3", "c1"]);
  await expect(effect).toHaveText("This would cut 32 of 56 ways. A is a majority.");
  await expect(playground.cluster.locator(".link.planned")).not.toHaveCount(0);
  await expect(playground.cluster.locator(".parting"), "nothing is cut before it is asked for").toHaveCount(0);

  await playground.cutButton.click();
  await expect(playground.cluster.locator(".parting")).toHaveAttribute("d", /^M/);
  await expect(effect).toHaveText("As it is: 32 of 56 ways are cut. A is a majority.");
  await expect(playground.cutButton).toBeDisabled();
  await expect(playground.cutButton).toHaveAttribute("title", "The network is cut like this already");
});

test("a process that is let go outside the sides stays where it was", async ({ playground }) => {
  await playground.drag(playground.chip("n1"), playground.cluster);
  await expect(playground.side("A").getByRole("button")).toHaveText(["n1", "n2", "c1"]);
});

test("a click moves a process on, and so do arrows and letters", async ({ playground, page }) => {
  await playground.chip("n1").click();
  await expect(playground.chip("n1")).toHaveAccessibleName("n1, on side B");
  await playground.tabTo(playground.chip("c2"));
  await page.keyboard.press("ArrowLeft");
  await expect(playground.chip("c2")).toHaveAccessibleName("c2, on side A");
  await expect(playground.chip("c2")).toBeFocused();
  await page.keyboard.press("b");
  await expect(playground.chip("c2")).toHaveAccessibleName("c2, on side B");
});

test("there may be more than two sides, and none of them a majority", async ({ playground }) => {
  await playground.button("+ Side").click();
  await playground.cut(["n1", "n2", "c1"], ["n3", "n4", "c2"], ["n5", "c3"]);
  await expect(playground.page.getByTestId("partition-state")).toContainText("42 ways");
  const served = await playground.answered("c2");
  await playground.playFor(1.5);
  expect(await playground.answered("c2")).toBeLessThanOrEqual(served + 1);
});

test("an empty side is taken away again", async ({ playground }) => {
  await playground.button("+ Side").click();
  await expect(playground.side("C")).toBeVisible();
  await playground.button("− Side").click();
  await expect(playground.side("C")).toHaveCount(0);
});

test("the leader is isolated with one press, and another one is elected", async ({ playground }) => {
  const leader = await playground.leader();
  await playground.button("Isolate the leader").click();
  await expect(playground.side("A").getByRole("button")).toHaveText([leader, /^\s*c\d\s*$/]);
  await playground.cutButton.click();
  await playground.playUntil(() => expect.poll(() => playground.leader()).not.toMatch(new RegExp(`^(${leader}|)$`)));
});

for (const [preset, links] of [["In half", 30], ["Bridge", 24], ["Ring", 10]] as const) {
  test(`the prepared partition "${preset}" says what it would cut, and cuts it`, async ({ playground, page }) => {
    await playground.tabTo(playground.button(preset));
    await page.keyboard.press("Enter");
    await expect(playground.partition.locator("#effect")).toContainText(`This would cut ${links} of 56 ways.`);
    await playground.tabTo(playground.cutButton);
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("partition-state")).toContainText(`${links} ways`);
    await playground.tabTo(playground.healButton);
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("partition-state")).toHaveCount(0);
  });
}

test("a single link is cut one way, and restored", async ({ playground, page }) => {
  await playground.button("Link by link").click();
  const link = playground.button("Cut n1 to n2");
  await link.click();
  await expect(link).toHaveAttribute("aria-pressed", "true");
  await expect(playground.button("Cut n2 to n1")).toHaveAttribute("aria-pressed", "false");
  await playground.cutButton.click();
  await expect(page.getByTestId("partition-state")).toContainText("1 way");
  await expect(playground.cluster.locator(".one-way")).toHaveCount(1);

  await playground.step(3);
  await playground.healButton.click();
  await expect(playground.cluster.locator(".one-way")).toHaveCount(0);
});

test("a write that a leader takes while it is cut off stays uncommitted, and the page shows the way there", async ({ playground, page }) => {
  await playground.button("Isolate the leader").click();
  await playground.cutButton.click();
  const hint = page.getByTestId("try-write");
  await expect(hint).toContainText("n1 still takes itself for the leader");
  await hint.getByRole("button", { name: /^Send put x=lost through c\d$/ }).press("Enter");
  await expect(hint).toContainText("sends put x=lost");
  const lost = playground.logRow("n1").getByRole("cell", { name: /put x=lost, not committed/ });
  await playground.playUntil(() => expect(lost).toHaveCount(1), 0.1);
  await expect(playground.logRow("n3").getByRole("cell", { name: /put x=lost/ })).toHaveCount(0);
});

test("a write that waits for the client's turn is said to wait, and is asked for once", async ({ playground, page }) => {
  await playground.button("Isolate the leader").click();
  await playground.cutButton.click();
  const hint = page.getByTestId("try-write");
  const send = hint.getByRole("button", { name: /^Send put x=lost through c\d$/ });
  const client = /c\d/.exec((await send.textContent()) ?? "")?.[0] ?? "";
  await playground.unfold("Send a command");
  await page.getByLabel("Client", { exact: true }).selectOption(client);
  await page.getByLabel("Value", { exact: true }).fill("first");
  await playground.button("Send").click();
  await send.click();
  await expect(hint).toContainText(`Then ${client} sends put x=lost.`);
  await expect(hint.getByRole("button")).toHaveCount(0);
});

test("the table of links is walked with arrows", async ({ playground, page }) => {
  await playground.tabTo(playground.button("Link by link"));
  await page.keyboard.press("Enter");
  await playground.tabTo(playground.button("Cut n1 to n2"));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(playground.button("Cut n2 to n3")).toBeFocused();
  await page.keyboard.press("Space");
  await expect(playground.button("Cut n2 to n3")).toHaveAttribute("aria-pressed", "true");
  await expect(playground.partition.locator("#effect")).toHaveText("This would cut 1 of 56 ways.");
});

test("a cut for a while heals by itself", async ({ playground, page }) => {
  await playground.partition.getByRole("checkbox").check();
  await playground.setNumber("Seconds until the network heals", 0.4);
  const { time } = await playground.at();
  await playground.cutButton.click();
  await expect(page.getByTestId("partition-state")).toContainText(`Heals at ${(time + 0.4).toFixed(3)} s.`);
  await playground.playUntil(() => expect(page.getByTestId("partition-state")).toHaveCount(0));
  expect(await playground.time()).toBeGreaterThan(time + 0.4);
});

test("by keys: a cut for a while heals at its time, stepped over or jumped over, and whoever opens a link to it sees it heal", async ({ playground, page, context }) => {
  await playground.tabTo(playground.partition.getByRole("checkbox"));
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("0.3");
  const { time } = await playground.at();
  await playground.tabTo(playground.cutButton);
  await page.keyboard.press("Enter");
  const state = page.getByTestId("partition-state");
  const heals = `Heals at ${(time + 0.3).toFixed(3)} s.`;
  await expect(state).toContainText(heals);

  await playground.step(1);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await playground.button("Share").click();
  const address = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.keyboard.press("Escape");
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByTestId("partition-state")).toContainText(heals);
  await other.close();

  for (let steps = 0; steps < 200 && (await state.count()) > 0; steps += 1) {
    const { event } = await playground.at();
    await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(async () => (await playground.at()).event).toBeGreaterThan(event);
  }
  await expect(state).toHaveCount(0);
  await playground.button("Step back").click();
  await page.keyboard.press("Shift+F");
  await page.getByLabel("Jump to").selectOption("last fault");
  await expect(playground.inspector.locator("p.prose").first()).toContainText("heal");
  expect(await playground.time()).toBeCloseTo(time + 0.3, 3);
});

test("healing by hand takes the place of the heal that was planned", async ({ playground, page }) => {
  await playground.partition.getByRole("checkbox").check();
  await playground.setNumber("Seconds until the network heals", 0.4);
  await playground.cutButton.click();
  await playground.heal();
  await playground.openFaults();
  await playground.partition.getByRole("checkbox").uncheck();
  await playground.button("In half").click();
  await playground.cutButton.click();
  await expect(page.getByTestId("partition-state")).not.toContainText("Heals at");
  await playground.playFor(0.7);
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
});

for (const [preset, links] of [["In half", 30], ["Bridge", 24], ["Ring", 10]] as const) {
  test(`by mouse: "${preset}" is chosen and cut`, async ({ playground, page }) => {
    await playground.button(preset).click();
    await playground.cutButton.click();
    await expect(page.getByTestId("partition-state")).toContainText(`${links} ways`);
  });
}

test("by keys: the leader is isolated", async ({ playground, page }) => {
  const leader = await playground.leader();
  await playground.tabTo(playground.button("Isolate the leader"));
  await page.keyboard.press("Enter");
  await expect(playground.side("A").getByRole("button")).toHaveText([leader, /^\s*c\d\s*$/]);
  await playground.tabTo(playground.cutButton);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
});

test("links are restored one way, one by one, and the page says which", async ({ playground, page }) => {
  await playground.button("Link by link").click();
  for (const link of ["Cut n1 to n2", "Cut n3 to n4"]) await playground.button(link).click();
  await playground.cutButton.click();
  const state = page.getByTestId("partition-state");
  const effect = playground.partition.locator("#effect");
  await expect(state).toContainText("2 ways.");
  await playground.button("Cut n1 to n2").click();
  await expect(effect).toHaveText("This would cut 1 of 56 ways. Restores n1 → n2.");
  await playground.button("Restore 1 way").click();
  await expect(state).toContainText("1 way.");
  await expect(playground.cluster.locator(".one-way")).toHaveCount(1);

  const last = playground.button("Cut n3 to n4");
  await playground.tabTo(last.or(playground.button("Cut n1 to n2")).first());
  await last.focus();
  await page.keyboard.press("Space");
  await expect(effect).toHaveText("Restores n3 → n4. Nothing stays cut.");
  await playground.tabTo(playground.button("Restore 1 way"));
  await page.keyboard.press("Enter");
  await expect(state).toHaveCount(0);
});

test("what is shown as planned is what the editor has", async ({ playground }) => {
  await playground.button("Ring").click();
  await expect(playground.cluster.locator(".link.planned")).toHaveCount(5);
  await playground.button("Link by link").click();
  await expect(playground.cluster.locator(".link.planned")).not.toHaveCount(5);
  const links = await playground.cluster.locator(".link").count();
  const planned = await playground.cluster.locator(".link.planned").count();
  await playground.cutButton.click();
  await expect(playground.cluster.locator(".link"), "what was planned is gone").toHaveCount(links - planned);
});

test("the browser's own keys move no process, and after a press the arrows are the run's", async ({ playground, page }) => {
  await playground.button("+ Side").click();
  await playground.tabTo(playground.chip("n3"));
  await page.keyboard.press("ControlOrMeta+a");
  await expect(playground.chip("n3")).toHaveAccessibleName("n3, on side B");
  await playground.chip("n1").click();
  await expect(playground.chip("n1")).toHaveAccessibleName("n1, on side B");
  const { event } = await playground.at();
  await page.keyboard.press("ArrowLeft");
  await playground.expectEvent(event - 1);
  await expect(playground.chip("n1")).toHaveAccessibleName("n1, on side B");
});
