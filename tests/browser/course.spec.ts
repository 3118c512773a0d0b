// The course: the console, goals that a run meets or does not, lessons by their links, keys, and access.

import type { Page } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

async function enter(page: Page, path: string, title: string): Promise<void> {
  await page.goto(`./#course${path === "" ? "" : `/${path}`}`);
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

async function chooseGoal(page: Page, task: string, title: string, goal: string): Promise<void> {
  await enter(page, task, title);
  await page.getByRole("button", { name: `Try it: ${goal}` }).click();
  await expect(page.getByRole("region", { name: "Goal" })).toContainText(goal);
}

async function askIt({ page }: Playground): Promise<void> {
  await page.getByRole("button", { name: "Does this run meet it?" }).click();
}

test.describe("the console", () => {
  test("an example is one click away, and its replies are explained", async ({ page }) => {
    await enter(page, "prepare-promise", "Prepare and promise");
    await page.getByRole("button", { name: "1, then 5, then 3" }).click();
    const lines = page.getByRole("log", { name: "Conversation with the node" });
    await expect(lines).toContainText('"reason": "already_promised_higher"');
    await expect(lines).toContainText('"highest_promised": 5');
    const last = lines.locator(".line").last();
    await last.getByText("What the fields say").click();
    await expect(last).toContainText("The highest number that it has promised.");
  });

  test("errors are seen: a refusal as a reply, what cannot be read as a remark", async ({ page }) => {
    await enter(page, "commit-rule", "The commitment rule");
    await page.getByRole("button", { name: "A table without numbers (is refused)" }).click();
    const lines = page.getByRole("log", { name: "Conversation with the node" });
    const refusal = lines.locator(".line.bad");
    await expect(refusal).toContainText('"code": 12');
    await expect(refusal).toContainText("match_indices.n1");
    const field = page.getByRole("textbox", { name: /^A message to the node/ });
    await field.fill("{ this is no JSON");
    await field.press("Enter");
    await expect(lines.locator(".line.remark")).toContainText("standard error");
    await field.fill('{"src":"c1","dest":"n1","body":{"type":"no_such_type","msg_id":7}}');
    await field.press("Enter");
    await expect(lines.locator(".line.bad").last()).toContainText('"code": 10');
  });

  test("a message before init is refused, and a node that begins anew has forgotten", async ({ page }) => {
    await enter(page, "accept-accepted", "Accept and accepted");
    const lines = page.getByRole("log", { name: "Conversation with the node" });
    await page.getByRole("button", { name: "Send" }).click();
    await expect(lines).toContainText("send init first");
    await page.getByRole("button", { name: "Begin anew" }).click();
    await expect(lines.locator(".line")).toHaveCount(0);
  });

  test("what goes to peers is shown when it is asked for", async ({ page }) => {
    await enter(page, "log-replication", "Log replication");
    await page.getByRole("checkbox", { name: "show what the node says to its peers" }).check();
    await page.getByRole("button", { name: "Two commands" }).click();
    await expect(page.getByRole("log", { name: "Conversation with the node" })).toContainText('"dest": "n2"');
  });
});

test.describe("goals", () => {
  test("a leader without a split vote: the run that opens first meets it, and its link is the answer", async ({ playground, page }) => {
    await chooseGoal(page, "log-replication", "Log replication", "Elect a leader at the first try");
    await askIt(playground);
    const goal = page.getByRole("region", { name: "Goal" });
    await expect(goal).toContainText("Met: ");
    await expect(goal).toContainText("became the leader");
    await expect(goal.getByRole("textbox", { name: /^The link for your teacher/ })).toHaveValue(/#run=1\./);
  });

  test("the minority's write: a calm run does not meet it, the run with the cut does", async ({ playground, page }) => {
    await chooseGoal(page, "log-matching", "Log matching", "Make the minority's write disappear after healing");
    await askIt(playground);
    const goal = page.getByRole("region", { name: "Goal" });
    await expect(goal).toContainText("Not met: ");
    await expect(goal.getByRole("textbox")).toHaveCount(0);
    await playground.prepared("A linearizable key-value store, cut in two");
    await playground.playUntil(() => expect.poll(() => playground.time(), { intervals: [50] }).toBeGreaterThan(4), 8);
    await askIt(playground);
    await expect(goal).toContainText("Met: ");
    await goal.getByRole("button", { name: /^Event \d+$/ }).click();
    await expect(playground.inspector).toBeVisible();
    await page.getByRole("button", { name: "Leave the goal" }).click();
    await expect(goal).toHaveCount(0);
  });
});

/** All lessons, by their addresses and titles. */
const LESSONS = {
  flp: "FLP and practice",
  "why-raft": "Why Raft, if there is Paxos?",
  lock: "A distributed lock",
  "two-leaders": "Two leaders in a partition",
  "linearizable-or-eventual": "Linearizable or eventual?",
  "applying-before-commitment": "Applying before commitment",
  "wrong-previous-entry": "The wrong previous entry",
  "no-compaction": "No compaction",
  "lock-held-during-a-call": "Holding a lock during a call",
  "waiting-for-every-follower": "Waiting for every follower",
  "raft-multi-paxos-viewstamped": "Raft, Multi-Paxos, Viewstamped Replication",
  "linearizable-sequential-eventual": "Linearizable, sequential, eventual",
};

test.describe("lessons", () => {
  test("all are reached by their links, and the page leads to no other", async ({ page }) => {
    for (const [name, title] of Object.entries(LESSONS)) {
      await enter(page, `lesson/${name}`, title);
    }
    const links = page.getByRole("navigation", { name: "Course", exact: true }).locator('a[href*="lesson/"]');
    expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")))).toEqual(Object.keys(LESSONS).map((name) => `#course/lesson/${name}`));
  });

  test("each has an address, and its answer is disclosed on a click", async ({ page }) => {
    await enter(page, "lesson/two-leaders", "Two leaders in a partition");
    const answer = page.getByText("Being leader is a belief, being committed is a fact.");
    await expect(answer).toBeHidden();
    await page.getByText("What a good answer contains").click();
    await expect(answer).toBeVisible();
    await expect(page.getByText(/section 6\.2: a leader that hears no majority/)).toBeVisible();
  });

  test("a run is in the text, fetched when it is in view, and asked about before it is seen", async ({ page }) => {
    await enter(page, "no-op-on-election", "A new leader's first entry");
    const part = page.getByRole("region", { name: "The leader crashes" });
    const first = part.getByRole("group", { name: /Which server is elected/ });
    await first.getByRole("button", { name: "n3" }).click();
    await expect(first.getByText("Not in this run.")).toBeVisible();
    await first.getByRole("button", { name: "n2" }).click();
    await expect(first.getByText("Right: n2")).toBeVisible();
    const second = part.getByRole("group", { name: /When does it commit it/ });
    await second.getByRole("button", { name: "Never." }).click();
    await second.getByRole("button", { name: "Tell me" }).click();
    await expect(second.getByText("The run says: Later, with an entry of its own term.")).toBeVisible();
    // The figure goes to the moment: n2 is the leader there.
    await first.getByRole("button", { name: "See it in the run" }).click();
    const figure = page.frameLocator('iframe[title="Run: The leader crashes"]');
    await expect(figure.getByRole("slider", { name: "Position in the run" })).toHaveAttribute("aria-valuetext", /0\.220/);
    await expectNothingForAxe({ page });
  });

  test("a mistake opens its run with the rule switched off, and a curve measures it", async ({ page }) => {
    await enter(page, "lesson/waiting-for-every-follower", "Waiting for every follower");
    await expect(page.getByRole("img", { name: /^The highest commit index/ })).toBeVisible();
    await page.getByRole("button", { name: "Open the run: Mistake: waiting for every follower" }).click();
    await expect(page.getByRole("heading", { name: "Switched off" })).toBeVisible();
  });

  test("the lock loses a line when its holder stands still, and the token saves it", async ({ page }) => {
    await enter(page, "lesson/lock", "A distributed lock");
    await page.getByRole("button", { name: "All is well" }).click();
    await expect(page.getByText("The file: A, B.")).toBeVisible();
    await page.getByRole("button", { name: "A stands still" }).click();
    await expect(page.getByText("one line is gone")).toBeVisible();
    await page.getByRole("checkbox", { name: /^The store refuses a token/ }).check();
    await expect(page.getByText("both lines are there")).toBeVisible();
  });

  test("two protocols are measured on one script", async ({ page }) => {
    await enter(page, "lesson/why-raft", "Why Raft, if there is Paxos?");
    await expect(page.getByRole("region", { name: "Measured: table" })).toContainText("Messages between servers for one answer");
  });

  test("a cluster is kept undecided, and decides when it is let go", async ({ playground, page }) => {
    await enter(page, "lesson/flp", "FLP and practice");
    await page.getByRole("button", { name: "Open the run: Raft, kept undecided" }).click();
    await page.getByRole("button", { name: "Kept undecided" }).click();
    await page.getByRole("button", { name: "Keep it undecided" }).click();
    await playground.playUntil(() => expect.poll(() => playground.time(), { intervals: [50] }).toBeGreaterThan(5), 8);
    // It has closed when the run was played.
    await page.getByRole("button", { name: "Kept undecided" }).click();
    await expect(page.getByText(/nothing is decided, \d+ messages? held back/)).toBeVisible();
    expect(await playground.leader()).toBe("");
    await page.getByRole("button", { name: "Let go" }).click();
    await playground.playUntil(() => expect.poll(() => playground.leader(), { intervals: [100] }).not.toBe(""), 8);
  });
});

test("the course is entered from the menu, walked by the keyboard, and left", async ({ playground, page }) => {
  await playground.open();
  await page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "Course" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The course" })).toBeVisible();
  const first = page.getByRole("navigation", { name: "Course", exact: true }).getByRole("link", { name: /Log replication/ });
  await first.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Log replication" })).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "The course" })).toBeVisible();
});

test("an address that leads nowhere says so", async ({ page }) => {
  await enter(page, "no-such-task", "There is no such page");
  await expect(page.getByText("The course has no task or lesson “no-such-task”.")).toBeVisible();
});

for (const width of [1440, 360]) {
  test.describe(`axe, ${width}`, () => {
    test.use({ viewport: { width, height: 900 } });

    test("the overview, a task with its conversation, lessons", async ({ page }) => {
      test.slow();
      await enter(page, "", "The course");
      await expectNothingForAxe({ page });
      await enter(page, "log-matching", "Log matching");
      await page.getByRole("button", { name: "A conflict is cut off" }).click();
      await page.getByText("What the fields say").last().click();
      await expectNothingForAxe({ page });
      await enter(page, "lesson/lock", "A distributed lock");
      await page.getByText("What a good answer contains").click();
      await page.getByText("All events").click();
      await expectNothingForAxe({ page });
      await enter(page, "lesson/no-compaction", "No compaction");
      await page.getByText("The figures").click();
      await expectNothingForAxe({ page });
      await enter(page, "lesson/raft-multi-paxos-viewstamped", "Raft, Multi-Paxos, Viewstamped Replication");
      await expect(page.getByRole("region", { name: "Measured: table" })).toBeVisible();
      await expectNothingForAxe({ page });
    });
  });
}

test.describe("axe in the playground", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("a goal that is met, and the scheduler", async ({ playground, page }) => {
    await chooseGoal(page, "log-replication", "Log replication", "Elect a leader at the first try");
    await askIt(playground);
    await expect(page.getByRole("region", { name: "Goal" })).toContainText("Met: ");
    await playground.unfold("Keep it undecided");
    await expectNothingForAxe({ page });
  });
});
