// What a person asks of the cluster through a client, and the clients' own workload.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

interface Wanted {
  client: string;
  command: "put" | "get" | "cas" | "delete";
  key: string;
  expected?: string;
  value?: string;
}

async function send(playground: Playground, { client, command, key, expected, value }: Wanted): Promise<void> {
  const { page } = playground;
  await playground.unfold("Send a command");
  await page.getByLabel("Client", { exact: true }).selectOption(client);
  await page.getByLabel("Command", { exact: true }).selectOption(command);
  await page.getByLabel("Key", { exact: true }).fill(key);
  if (expected !== undefined) await page.getByLabel("Expected value").fill(expected);
  if (value !== undefined) await page.getByLabel(command === "cas" ? "New value" : "Value", { exact: true }).fill(value);
  await playground.button("Send").click();
}

/** No client does anything of itself, and what it did at a person's wish stays in view. */
async function silence(playground: Playground): Promise<void> {
  await playground.unfold("Set-up");
  await playground.unfold("Workload");
  await playground.setNumber("Shortest pause between operations in ms", 60_000);
  await playground.setNumber("Longest pause between operations in ms", 60_000);
  await playground.playFor(0.5);
  await playground.zoomHistoryOut();
}

test("put, get, cas and delete are sent, each by the chosen client", async ({ playground }) => {
  await silence(playground);
  const answered = async (client: string, words: string): Promise<void> => {
    await playground.playUntil(() => expect(playground.operations(client).last()).toHaveAccessibleName(`${client}: ${words}`));
  };
  await send(playground, { client: "c2", command: "put", key: "colour", value: "red" });
  await answered("c2", "put colour=red ok");
  await send(playground, { client: "c3", command: "get", key: "colour" });
  await answered("c3", "get colour = red");
  await send(playground, { client: "c1", command: "cas", key: "colour", expected: "red", value: "blue" });
  await expect(playground.operations("c1").last()).toHaveAccessibleName(/^c1: cas colour/);
  await playground.playFor(0.2);
  await send(playground, { client: "c3", command: "get", key: "colour" });
  await answered("c3", "get colour = blue");
  await send(playground, { client: "c2", command: "delete", key: "colour" });
  await expect(playground.operations("c2").last()).toHaveAccessibleName(/^c2: delete colour/);
  await playground.playFor(0.2);
  await playground.process(await playground.leader()).click();
  await expect(playground.inspector).not.toContainText("colour");
});

test("a command for a client that still waits is seen to queue, and has its turn", async ({ playground, page }) => {
  await silence(playground);
  await send(playground, { client: "c1", command: "put", key: "k", value: "1" });
  await send(playground, { client: "c1", command: "get", key: "k" });
  const queue = page.getByRole("status", { name: "Queue" });
  await expect(queue).toHaveText("c1 waits for its put k=1; yours is next: get k.");
  await page.getByLabel("Client", { exact: true }).selectOption("c2");
  await expect(queue).toHaveCount(0);
  await playground.playUntil(() => expect(playground.operations("c1").last()).toHaveAccessibleName("c1: get k = 1"));
});

test("whatever is typed is shown as text", async ({ playground, page }) => {
  const nasty = "<img src=x onerror=document.title=1>";
  await silence(playground);
  await send(playground, { client: "c1", command: "put", key: nasty, value: nasty });
  await playground.playUntil(() => expect(playground.operations("c1").last()).toHaveAccessibleName(`c1: put ${nasty}=${nasty} ok`));
  await playground.operations("c1").last().click();
  await expect(playground.inspector).toContainText(`put ${nasty}=${nasty}`);
  await playground.process("n1").click();
  await expect(playground.inspector).toContainText(nasty);
  await playground.show("Logs");
  await expect(playground.logRow("n1").getByRole("cell", { name: nasty }).first()).toBeVisible();
  await playground.show("Events");
  await page.getByRole("searchbox", { name: "Text" }).fill("<img");
  await expect(page.getByTestId("event-row").first()).toContainText(nasty);
  await expect(page.locator("img")).toHaveCount(0);
  await expect(page).toHaveTitle("Elect and replicate, changed · Consensus playground");
});

test("by keys: a command is put together and sent", async ({ playground, page }) => {
  await silence(playground);
  const summary = (await playground.unfold("Send a command")).locator("summary");
  await summary.press("Enter");
  await summary.press("Enter");
  await playground.tabTo(page.getByLabel("Client", { exact: true }));
  await page.keyboard.press("ArrowDown");
  await playground.tabTo(page.getByLabel("Key", { exact: true }));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("k");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("[ v ]");
  await page.keyboard.press("Enter");
  await playground.playUntil(() => expect(playground.operations("c2").last()).toHaveAccessibleName("c2: put k=[ v ] ok"));
});

test("by keys: get, cas and delete are chosen and sent", async ({ playground, page }) => {
  await silence(playground);
  const type = async (label: string, text: string): Promise<void> => {
    await playground.tabTo(page.getByLabel(label, { exact: true }));
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(text);
  };
  for (const [command, words, fields] of [
    ["get", /^c3: get k/, ["Key"]],
    ["cas", /^c3: cas k/, ["Key", "Expected value", "New value"]],
    ["delete", /^c3: delete k/, ["Key"]],
  ] as const) {
    // It has closed when the run was played.
    await playground.unfold("Send a command");
    await playground.tabTo(page.getByLabel("Client", { exact: true }));
    await page.keyboard.type("c3");
    await playground.tabTo(page.getByLabel("Command", { exact: true }));
    await page.keyboard.type(command);
    for (const field of fields) await type(field, "k");
    await page.keyboard.press("Enter");
    await playground.playUntil(() => expect(playground.operations("c3").last()).toHaveAccessibleName(words));
  }
});

test("the workload's dials change what the clients do", async ({ playground }) => {
  await playground.unfold("Workload");
  for (const kind of ["put", "cas", "delete"]) await playground.setNumber(`Weight of ${kind}`, 0);
  await playground.setNumber("Keys", 1);
  await playground.playFor(1);
  await playground.show("Clients");
  await expect(playground.operations("c1").last()).toHaveAccessibleName(/^c1: get x/);
  for (const bar of await playground.operations("c1").all()) {
    await expect(bar).toHaveAccessibleName(/^c1: get x/);
  }
});
