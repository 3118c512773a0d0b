// The inspector: a process, an event and a message, and the algorithm's lines that fired.

import { expect, test } from "./playground.ts";

test("a leader shows what survives a crash apart from what does not, its timers and its peers", async ({ playground }) => {
  const leader = await playground.leader();
  await playground.process(leader).click();
  const { inspector } = playground;
  await expect(inspector.getByRole("heading", { level: 2 })).toHaveText(new RegExp(`^Replica ${leader} at `));
  await expect(inspector.locator(".durable dt")).toContainText([/term/i, /vote/i]);
  await expect(inspector.locator(".volatile dt").filter({ hasText: /commit index/i })).toHaveCount(1);
  await expect(inspector.getByRole("heading", { name: "Timers" })).toBeVisible();
  const peers = inspector.getByRole("table");
  await expect(peers.getByRole("columnheader", { name: /match index/i })).toBeVisible();
  await expect(peers.getByRole("rowheader")).toHaveCount(4);
  await expect(inspector.getByRole("heading", { name: "Key-value store" })).toBeVisible();
});

test("a client shows whom it takes for the leader", async ({ playground }) => {
  await playground.process("c1").click();
  await expect(playground.inspector).toContainText(`takes ${await playground.leader()} for the leader`);
});

test("without a selection, the event at the playhead is told where it is asked for", async ({ playground, page }) => {
  await expect(playground.inspector).toHaveCount(0);
  await page.keyboard.press("i");
  const { event } = await playground.at();
  const heading = playground.inspector.getByRole("heading", { level: 2 });
  await expect(heading).toContainText(`Playhead: event ${(event - 1).toLocaleString("en")}`);
  await playground.step(-1);
  await expect(heading).toContainText(`Playhead: event ${(event - 2).toLocaleString("en")}`);
  await page.keyboard.press("Escape");
  await expect(playground.inspector).toHaveCount(0);
});

test("an election is explained: the rules that fired are lit, each with its section", async ({ playground, page }) => {
  await playground.tape.press("Home");
  await page.getByLabel("Jump to").selectOption("next election");
  await playground.inspect();
  const { inspector } = playground;
  await expect(inspector).toContainText(/, it is leader in term \d+\./);
  await expect(inspector.getByRole("heading", { name: "The rules that fired" })).toBeVisible();
  const fired = inspector.locator(".lit-only li");
  await expect(fired.first()).toContainText(/Raft/);
  const rule = (await fired.first().getAttribute("data-rule")) ?? "";
  await inspector.getByText("The rules of Raft").click();
  const line = inspector.locator(`details li[data-rule="${rule}"]`);
  await expect(line).toHaveClass(/lit/);
  await expect(inspector.locator("details li:not(.lit)").first()).toBeVisible();
});

test("causes are followed back: from an event to its message, and to the event that sent it", async ({ playground, page }) => {
  await page.getByLabel("Jump to").selectOption("previous commit");
  const { inspector } = playground;
  const heading = inspector.getByRole("heading", { level: 2 });
  await expect(heading).toContainText("Selected: event");
  const from = (await playground.at()).event - 1;
  await inspector.getByText("Caused by").getByRole("button").click();
  await expect(heading).toHaveText(/^Message \d/);
  for (const name of ["Sent", "Handled", "On its way", "Of term"]) await expect(playground.field(name)).toBeVisible();
  await expect(inspector.getByRole("heading", { name: "Every field" })).toBeVisible();
  await playground.field("Sent").getByRole("button", { name: /^event [\d,]+: the (AppendEntriesReply|heartbeat|AppendEntries|Invoke|invoke|\w+) (timer )?of \w\d$/ }).click();
  await expect(heading).toContainText("Selected: event");
  expect(Number(/event ([\d,]+)/.exec((await heading.textContent()) ?? "")?.[1]?.replaceAll(",", ""))).toBeLessThan(from);

  await playground.button("Put the playhead here").click();
  await expect.poll(async () => (await playground.at()).event).toBeLessThan(from);
  await playground.button("Deselect").click();
  await expect(heading).toHaveCount(0);
});

test("by keys: a process is selected, its cause followed, and the selection given up", async ({ playground, page }) => {
  await playground.tabTo(playground.process("n2"));
  await page.keyboard.press("Space");
  const heading = playground.inspector.getByRole("heading", { level: 2 });
  await expect(heading).toHaveText(/^Replica n2 at /);
  await page.keyboard.press("Escape");
  await expect(heading).toHaveCount(0);
});

test("what set a timer is said in words, and leads there", async ({ playground, page }) => {
  await playground.show("Events");
  await page.getByRole("combobox", { name: "Kind" }).selectOption("timer");
  await page.getByTestId("event-row").last().click();
  const cause = playground.inspector.getByText(/^The timer was set by/);
  await expect(cause).toContainText(/(heartbeat|timer|start|AppendEntries|RequestVote\w*|PreVote\w*) of \w\d+ at [\d.]+ s/);
  await cause.getByRole("button").press("Enter");
  await expect(playground.inspector.getByRole("heading", { name: /^Selected: event/ })).toBeVisible();
});

test("a process's timers are arcs that shrink, as around it in the cluster", async ({ playground, page }) => {
  await playground.process("n3").click();
  const arcs = playground.inspector.locator(".timers .arc");
  const left = async (): Promise<number> => Number(await arcs.first().getAttribute("data-left"));
  await expect(arcs).not.toHaveCount(0);
  // Each timer that it shows can be fired by hand.
  const actions = page.locator("playground-actions");
  await actions.getByRole("button", { name: "More on n3", exact: true }).click();
  await expect(actions.getByRole("button", { name: /^Fire .* timer of n3$/ })).toHaveCount(await arcs.count());
  const before = await left();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThanOrEqual(1);
  await playground.step(1);
  await expect.poll(left).toBeLessThan(before);
});
