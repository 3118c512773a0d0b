// Time: play, pause, step both ways, scrub, jump; and what happens to the future of one who acts in the past.

import { expect, test } from "./playground.ts";

test("it plays and pauses", async ({ playground, page }) => {
  const before = await playground.time();
  await playground.play.click();
  await expect(playground.play).toHaveText("Pause");
  await expect.poll(() => playground.time()).toBeGreaterThan(before);
  await page.keyboard.press("Space");
  await expect(playground.play).toHaveText("Play");
  const paused = await playground.at();
  await page.keyboard.press("Space");
  await expect.poll(() => playground.time()).toBeGreaterThan(paused.time);
  await page.keyboard.press("Space");
  await expect(playground.play).toHaveText("Play");
});

test("a step is one event, forward and back, by button and by key", async ({ playground, page }) => {
  const { event } = await playground.at();
  await playground.step(2);
  await playground.expectEvent(event + 2);
  await playground.step(-3);
  await playground.expectEvent(event - 1);
  await page.keyboard.press("ArrowRight");
  await playground.expectEvent(event);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await playground.expectEvent(event - 2);
  await page.keyboard.press("Shift+ArrowLeft");
  await playground.expectEvent(event - 27);
  await page.keyboard.press("Shift+ArrowRight");
  await playground.expectEvent(event - 2);
});

test("the same event looks the same whichever way it was come to", async ({ playground }) => {
  const state = async (): Promise<string> => (await playground.cluster.textContent()) + ((await playground.logs.textContent()) ?? "") + ((await playground.inspector.textContent()) ?? "");
  await playground.step(5);
  const { event } = await playground.at();
  const before = await state();
  await playground.tape.press("Home");
  await playground.expectEvent(0);
  await playground.tape.press("End");
  await playground.expectEvent(event);
  expect(await state()).toBe(before);
});

test("the speed goes from very slow to as fast as it goes", async ({ playground, page }) => {
  await playground.speed.press("Home");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "×0.001");
  await playground.speed.press("End");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "as fast as it goes");
  const box = await playground.speed.boundingBox();
  if (box === null) throw new Error("there is no slider");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(playground.speed).toHaveAttribute("aria-valuetext", /^×0\.\d+$/);
  const half = await playground.speed.getAttribute("aria-valuetext");
  await playground.tape.focus();
  await page.keyboard.press("]");
  await expect(playground.speed).not.toHaveAttribute("aria-valuetext", half ?? "");
  await page.keyboard.press("[");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", half ?? "");
});

test("as fast as it goes passes minutes at once", async ({ playground }) => {
  await playground.speed.press("End");
  await playground.play.click();
  await expect.poll(() => playground.time()).toBeGreaterThan(20);
  await playground.play.click();
  await expect(playground.play).toHaveText("Play");
});

test("the tape is dragged to any moment", async ({ playground, page }) => {
  const { events, time } = await playground.at();
  const box = await playground.tape.boundingBox();
  if (box === null) throw new Error("there is no tape");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.8, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Math.abs((await playground.time()) - time / 2)).toBeLessThan(time * 0.02);
  expect((await playground.at()).events, "nothing is lost by looking").toBe(events);
  await playground.button("To the live end").click();
  await playground.expectEvent(events);
});

test("by keys on the tape: page by page, to the start, to the end", async ({ playground, page }) => {
  const { events, time } = await playground.at();
  await playground.tabTo(playground.tape);
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await expect.poll(() => playground.time()).toBeLessThan(time);
  await page.keyboard.press("Home");
  await playground.expectEvent(0);
  await page.keyboard.press("l");
  await playground.expectEvent(events);
});

test("jumps lead to the next and the last election, commit and fault", async ({ playground, page }) => {
  const jump = page.getByLabel("Jump to");
  const words = playground.inspector.locator("p.prose").first();
  await playground.cutButton.click();
  await playground.playFor(0.8);
  await jump.selectOption("last fault");
  await expect(words).toContainText("done from outside");
  const cut = (await playground.at()).event;
  await jump.selectOption("previous election");
  await expect(words).toContainText("It is leader in term 1 now.");
  await jump.selectOption("next commit");
  await expect.poll(async () => (await playground.at()).event).toBeLessThan(cut);
  await jump.selectOption("next fault");
  await playground.expectEvent(cut);
  await page.keyboard.press("e");
  await expect(words).toContainText(/It is leader in term [2-9] now\./);
  await page.keyboard.press("Shift+E");
  await expect(words).toContainText("It is leader in term 1 now.");
});

test("what does not follow is said not to follow", async ({ playground, page }) => {
  await page.getByLabel("Jump to").selectOption("last violation");
  await expect(playground.notices).toContainText("No violation lies before this moment.");
  await playground.notices.getByRole("button", { name: "Dismiss" }).click();
  await expect(playground.notices.getByRole("listitem")).toHaveCount(0);
});

test("who acts in the past is told what is discarded, and may have it back", async ({ playground }) => {
  const { event, events } = await playground.at();
  await playground.step(-10);
  await playground.cutButton.click();
  await expect(playground.notices).toContainText("The run starts again from here: 10 later events were discarded.");
  await expect.poll(async () => (await playground.at()).events).toBe(event - 10 + 1);
  await playground.notices.getByRole("button", { name: "Put them back" }).click();
  await expect.poll(async () => (await playground.at()).events).toBe(events);
  await expect(playground.page.getByTestId("partition-state")).toHaveCount(0);
});
