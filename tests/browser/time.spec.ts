// Time: play, pause, step both ways, scrub, jump; and what happens to the future of one who acts in the past.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

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
  await playground.inspect();
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
  await playground.cutInTwo();
  await playground.playFor(0.8);
  await jump.selectOption("last fault");
  await expect(words).toContainText("done from outside");
  const cut = (await playground.at()).event;
  await jump.selectOption("previous election");
  await expect(words).toContainText("After it, it is leader in term 1.");
  await jump.selectOption("next commit");
  await expect.poll(async () => (await playground.at()).event).toBeLessThan(cut);
  await jump.selectOption("next fault");
  await playground.expectEvent(cut);
  await page.keyboard.press("e");
  await expect(words).toContainText(/After it, it is leader in term [2-9]\./);
  await page.keyboard.press("Shift+E");
  await expect(words).toContainText("After it, it is leader in term 1.");
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
  await playground.cutInTwo();
  await expect(playground.notices).toContainText("The run starts again from here: 10 later events were discarded.");
  await expect.poll(async () => (await playground.at()).events).toBe(event - 10 + 1);
  await playground.notices.getByRole("button", { name: "Put them back" }).click();
  await expect.poll(async () => (await playground.at()).events).toBe(events);
  await expect(playground.page.getByTestId("partition-state")).toHaveCount(0);
});

test("after acting in the past, what is kept of the run is what would be fetched anew", async ({ page }) => {
  await page.goto("./#run=cut-the-leader-off");
  await expect(page.getByRole("slider", { name: "Position in the run" })).toHaveAttribute("aria-valuetext", /event [1-9]/);
  const [kept, anew] = await page.evaluate(() => {
    interface Run {
      status: { events: number };
      records: Record<string, unknown> & { inFlight(cursor: number, now: number): number[]; end: number };
      playhead: { step(events: number): void; seek(event: number): void; seekTime(time: number): void; clock: number };
      moment: { operations(): unknown };
      act(action: object): boolean;
      forgetFrom(event: number): void;
      arrive(): void;
    }
    const { run } = document.querySelector("playground-app") as unknown as { run: Run };
    const all = (): string[] => {
      const columns = Object.entries(run.records).flatMap(([name, value]) => {
        const column = value as { values?: ArrayLike<number>; length: number };
        // How far messages reach is only an upper bound, of which less may be known.
        return column?.values === undefined || name === "blockLatest" ? [] : [[name, Array.from(column.values).slice(0, column.length)]];
      });
      const { cut, catalogue: _catalogue, names: _names, ...changes } = run.records["changes"] as Record<string, unknown> & { cut: Set<number>; cuts: { cut: Set<number> }[] };
      const cuts = changes.cuts.map((each) => ({ ...each, cut: [...each.cut] }));
      const parts = { ...Object.fromEntries(columns), ...changes, cuts, cut: [...cut], undelivered: run.records["undelivered"], operations: run.moment.operations() };
      return Object.entries(parts).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    };
    run.playhead.step(300);
    const middle = run.status.events;
    // A message is delayed, delivered early, and a process crashes: all of it is discarded.
    for (const done of ["delay", "now", "crash"]) {
      const [message = 0] = run.records.inFlight(run.status.events, run.playhead.clock).slice(-1);
      run.act(done === "delay" ? { delay_message: { message, by_ticks: 40_000 } } : done === "now" ? { deliver_message_now: { message } } : { crash: { node: "n2" } });
      run.playhead.step(60);
    }
    run.moment.operations();
    run.playhead.seek(middle - 1);
    run.playhead.seekTime(run.playhead.clock + 1);
    run.act({ pause: { node: "n3" } });
    run.playhead.step(40);
    const first = all();
    run.forgetFrom(0);
    run.arrive();
    return [first, all()];
  });
  expect(kept).toEqual(anew);
});

test("what was done is undone and done again, at the live end too, by buttons that say what", async ({ playground, page }) => {
  const cut = page.getByTestId("partition-state");
  const [undo, redo] = [playground.button("Undo"), playground.button("Redo")];
  await expect(undo).toBeDisabled();
  await expect(undo).toHaveAttribute("title", "Nothing was done to this run that could be undone");
  const before = await playground.at();
  await playground.button("Cut off the leader").click();
  await playground.step(5);
  const cutAt = await playground.at();
  await expect(undo).toHaveAttribute("title", /^Undo: partition .* \(Ctrl \+ Z\)$/);
  await undo.click();
  await expect(playground.notices).toContainText(/Undone: partition/);
  expect(await playground.at()).toEqual(before);
  await expect(cut).toHaveCount(0);
  await redo.click();
  expect(await playground.at(), "what came after comes back, too").toEqual(cutAt);
  await expect(cut).toContainText("Cut since");
  await undo.click();
  await playground.button("Cut off the leader").click();
  await expect(redo, "another deed takes the place of what was undone").toBeDisabled();
  await undo.click();
  await expect(undo).toBeDisabled();
});

test("deeds are undone one by one, the last first, and another run begins without any", async ({ playground, page }) => {
  await playground.button("Cut off the leader").click();
  await playground.button("Heal the cut").click();
  const states = [await playground.at()];
  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.getByTestId("partition-state")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+Shift+Z");
  await page.keyboard.press("ControlOrMeta+y");
  await expect.poll(() => playground.at()).toEqual(states[0]);
  await playground.prepared("A stale read");
  await expect(playground.button("Undo")).toBeDisabled();
});

/** How many pixels of the tape have the colour in which a cut is drawn, and the share of its width. */
async function cutBar(playground: Playground): Promise<number> {
  return playground.page.locator("playground-scrubber #marks").evaluate((element) => {
    // A copy, which may be read as often as one likes.
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: (element as HTMLCanvasElement).width, height: (element as HTMLCanvasElement).height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context?.drawImage(element as HTMLCanvasElement, 0, 0);
    const { data } = context?.getImageData(0, Math.round(3 * devicePixelRatio), canvas.width, 1) ?? { data: [] as number[] };
    let cut = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
      cut += alpha > 200 && red > green + 40 && red > blue + 40 ? 1 : 0;
    }
    return cut / canvas.width;
  });
}

test("the tape shows the cuts of the run that is there, from the first moment", async ({ playground }) => {
  await expect.poll(() => cutBar(playground)).toBe(0);
  await playground.prepared("A linearizable key-value store, cut in two");
  await expect.poll(() => cutBar(playground)).toBeGreaterThan(0.01);
  await playground.prepared("Elect and replicate");
  await expect.poll(() => cutBar(playground), "the cuts of the run before are gone").toBe(0);
  await playground.cutInTwo();
  await playground.playFor(1);
  await expect.poll(() => cutBar(playground)).toBeGreaterThan(0.2);
});

test("a key leaves full speed, and another comes back to it", async ({ playground, page }) => {
  await playground.speed.press("End");
  await playground.tape.focus();
  await page.keyboard.press("[");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "×10");
  await page.keyboard.press("[");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "×6.67");
  for (let done = 0; done < 3; done += 1) await page.keyboard.press("]");
  await expect(playground.speed).toHaveAttribute("aria-valuetext", "as fast as it goes");
});

test("Space plays after a press on whatever has no use for it, and a control reached by keys keeps it", async ({ playground, page }) => {
  const plays = async (what: string): Promise<void> => {
    await page.keyboard.press("Space");
    await expect(playground.play, what).toHaveText("Pause");
    await page.keyboard.press("Space");
    await expect(playground.play, what).toHaveText("Play");
  };
  await playground.tape.click();
  await plays("the tape");
  await playground.speed.click();
  await plays("the speed");
  await playground.process("n2").click();
  await plays("a process");
  await expect(playground.process("n2"), "it stays selected").toHaveAttribute("aria-pressed", "true");
  await playground.openFaults();
  await playground.partition.getByRole("checkbox").click();
  await plays("a box");
  await expect(playground.partition.getByRole("checkbox"), "it stays ticked").toBeChecked();
  await playground.closeFloat();
  await playground.show("Events");
  await page.getByTestId("event-row").nth(8).click();
  await plays("a row");

  await playground.openFaults();
  await playground.tabTo(playground.partition.getByRole("checkbox"));
  await page.keyboard.press("Space");
  await expect(playground.partition.getByRole("checkbox")).not.toBeChecked();
  await expect(playground.play).toHaveText("Play");
});

test("by keys: jumps are chosen by arrows and made by Enter, as often as it is pressed", async ({ playground, page }) => {
  const words = playground.inspector.locator("p.prose").first();
  await playground.tape.press("Home");
  await playground.tabTo(page.getByLabel("Jump to"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await playground.expectEvent(0);
  await page.keyboard.press("Enter");
  const heading = playground.inspector.getByRole("heading", { name: /^Selected: event/ });
  await expect(heading).toBeVisible();
  const { event } = await playground.at();
  expect(event).toBeGreaterThan(0);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await playground.at()).event).toBeGreaterThan(event);
  await expect(words).toBeVisible();
});

test("by keys: to commits, and to a violation where there is one", async ({ playground, page }) => {
  await playground.tape.press("Home");
  await page.keyboard.press("c");
  const first = (await playground.at()).event;
  expect(first).toBeGreaterThan(0);
  await page.keyboard.press("c");
  await expect.poll(async () => (await playground.at()).event).toBeGreaterThan(first);
  await page.keyboard.press("Shift+C");
  await playground.expectEvent(first);
  await page.keyboard.press("Shift+V");
  await expect(playground.notices).toContainText("No violation lies before this moment.");
});

test("who starts another run is offered the one that was worked on", async ({ playground, page }) => {
  await playground.cutInTwo();
  const { events } = await playground.at();
  await playground.unfold("Set-up");
  await playground.setNumber("Seed", 99);
  await expect(playground.notices).toContainText("What you did to the one before is kept for a while.");
  await playground.notices.getByRole("button", { name: "Back to it" }).click();
  await expect.poll(async () => (await playground.at()).events).toBe(events);
  await expect(page.getByTestId("partition-state")).toContainText("Cut since");
  await playground.prepared("A linearizable key-value store, cut in two");
  await playground.notices.getByRole("button", { name: "Back to it" }).click();
  await expect.poll(async () => (await playground.at()).events).toBe(events);
});

test("a run is played from its very beginning, even by a frame that was under way when Play was pressed", async ({ playground, page, complaints }) => {
  await playground.tape.press("Home");
  await playground.expectEvent(0);
  await page.evaluate(() => {
    const next = window.requestAnimationFrame.bind(window);
    let isFirst = true;
    window.requestAnimationFrame = (draw) =>
      next((now) => {
        draw(isFirst ? now - 60 : now);
        isFirst = false;
      });
  });
  await playground.play.click();
  await expect.poll(() => playground.time()).toBeGreaterThan(0);
  await playground.play.click();
  await expect(playground.notices.getByRole("listitem")).toHaveCount(0);
  expect(complaints).toEqual([]);
});
