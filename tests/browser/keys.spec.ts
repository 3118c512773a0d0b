// The keys, from the same table that the page reads: every command is in the sheet and on a control, and its key does
// what its words say.

import type { Locator } from "@playwright/test";

import { sheet } from "../../www/src/commands/sheet.ts";
import { COMMANDS, DIAGRAM_COMMANDS, PAGE_COMMANDS, keyLabel, shortcuts } from "../../www/src/commands/table.ts";
import type { CommandId, DiagramCommandId, PageCommandId } from "../../www/src/commands/table.ts";
import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const IDS = Object.keys(COMMANDS) as CommandId[];
const RAFT = { epoch: "election", decision: "commit" };

/** As Playwright wants a key: Space is named, and a letter with Shift is a capital. */
const pressed = (key: string): string => (key === " " ? "Space" : key.replace(/Shift\+([a-z])$/, (_, letter: string) => `Shift+${letter.toUpperCase()}`));

async function press({ page }: Playground, id: CommandId, key = COMMANDS[id].keys[0] ?? ""): Promise<void> {
  await page.keyboard.press(pressed(key));
}

const speed = async ({ speed: slider }: Playground): Promise<number> => Number(await slider.inputValue());
const range = async ({ page }: Playground): Promise<string> => (await page.locator("#range").textContent()) ?? "";

/** Where the playhead comes to, or what else is to be seen. */
const PAGE_CHECKS: Record<PageCommandId, (playground: Playground) => Promise<void>> = {
  play: async (playground) => {
    await press(playground, "play");
    await expect(playground.play).toHaveText("Pause");
    await press(playground, "play");
    await expect(playground.play).toHaveText("Play");
  },
  "step-back": (playground) => moves(playground, "step-back", -1),
  "step-forward": (playground) => moves(playground, "step-forward", 1),
  "leap-back": (playground) => moves(playground, "leap-back", -25),
  "leap-forward": (playground) => moves(playground, "leap-forward", 25),
  slower: async (playground) => {
    const before = await speed(playground);
    await press(playground, "slower");
    await expect.poll(() => speed(playground)).toBeLessThan(before);
  },
  faster: async (playground) => {
    const before = await speed(playground);
    await press(playground, "faster");
    await expect.poll(() => speed(playground)).toBeGreaterThan(before);
  },
  "next-epoch": async (playground) => {
    // Whoever leads stays so in this run: the election lies at its beginning.
    await playground.tape.press("Home");
    await jumps(playground, "next-epoch", 1);
  },
  "next-decision": (playground) => jumps(playground, "next-decision", 1),
  "next-violation": async (playground) => {
    // Nothing is broken in this run: the page says that it has looked.
    await press(playground, "next-violation");
    await expect(playground.notices).toContainText("No violation followed");
  },
  "previous-epoch": (playground) => jumps(playground, "previous-epoch", -1),
  "previous-decision": (playground) => jumps(playground, "previous-decision", -1),
  "previous-violation": async (playground) => {
    await press(playground, "previous-violation");
    await expect(playground.notices).toContainText("No violation lies before this moment");
  },
  "live-end": async (playground) => {
    const { events } = await playground.at();
    await playground.step(-3);
    await press(playground, "live-end");
    await playground.expectEvent(events);
  },
  "zoom-in": (playground) => zooms(playground, "zoom-in"),
  "zoom-out": (playground) => zooms(playground, "zoom-out"),
  fit: async (playground) => {
    await press(playground, "fit");
    await expect.poll(() => range(playground)).toMatch(/^0\.00 to /);
  },
  undo: async (playground) => {
    await playground.button("Cut off the leader").click();
    await press(playground, "undo");
    await expect(playground.notices).toContainText(/Undone: partition /);
    await expect(playground.page.getByTestId("partition-state")).toHaveCount(0);
  },
  redo: async (playground) => {
    for (const key of COMMANDS.redo.keys) {
      await playground.button("Cut off the leader").click();
      await expect(playground.page.getByTestId("partition-state")).toContainText("Cut since");
      await press(playground, "undo");
      await expect(playground.page.getByTestId("partition-state")).toHaveCount(0);
      await press(playground, "redo", key);
      await expect(playground.notices).toContainText(/Done again: partition /);
      await expect(playground.page.getByTestId("partition-state")).toContainText("Cut since");
      await press(playground, "undo");
    }
  },
  cluster: async (playground) => {
    await press(playground, "cluster");
    await expect(playground.canvas).toHaveCount(0);
    await expect(playground.process("n1")).toBeVisible();
    await press(playground, "cluster");
    await expect(playground.canvas).toBeVisible();
  },
  rail: async (playground) => {
    await press(playground, "rail");
    await expect(playground.cluster).toBeHidden();
    await press(playground, "rail");
    await expect(playground.cluster).toBeVisible();
  },
  dock: async (playground) => {
    const height = async (): Promise<number> => (await playground.canvas.boundingBox())?.height ?? 0;
    await playground.page.waitForFunction(() => performance.getEntriesByName("complete").length > 0);
    const before = await height();
    await press(playground, "dock");
    await expect.poll(height).toBeGreaterThan(before + 50);
    await press(playground, "dock");
    await expect.poll(height).toBeCloseTo(before, 0);
  },
  present: async (playground) => {
    await press(playground, "present");
    await expect(playground.play).toBeHidden();
    await expect(playground.canvas).toBeVisible();
    await press(playground, "deselect");
    await expect(playground.play).toBeVisible();
  },
  inspect: async (playground) => {
    await press(playground, "inspect");
    await expect(playground.inspector.getByRole("heading", { name: /^Playhead: event/ })).toBeVisible();
    await press(playground, "inspect");
    await expect(playground.inspector).toHaveCount(0);
  },
  likelihood: async (playground) => {
    const strip = playground.page.getByRole("region", { name: "When did it become inevitable?" });
    await press(playground, "likelihood");
    await expect(strip).toBeVisible();
    await press(playground, "likelihood");
    await expect(strip).toHaveCount(0);
  },
  why: async (playground) => {
    const because = playground.page.getByRole("region", { name: /^Why event \d+ happened$/ });
    await press(playground, "why");
    await expect(because.getByTestId("reason")).not.toHaveCount(0);
    await press(playground, "deselect");
    await expect(because).toHaveCount(0);
  },
  save: async (playground) => {
    const dialog = playground.page.getByRole("dialog", { name: "Save this run, or open a file" });
    await press(playground, "save");
    await expect(dialog).toBeVisible();
    await playground.page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  },
  deselect: async (playground) => {
    await playground.process("n1").click();
    await expect(playground.process("n1")).toHaveAttribute("aria-pressed", "true");
    await press(playground, "deselect");
    await expect(playground.process("n1")).toHaveAttribute("aria-pressed", "false");
  },
  palette: async (playground) => {
    await press(playground, "palette");
    await expect(playground.page.getByRole("dialog", { name: "Commands" })).toBeVisible();
    await press(playground, "palette");
    await expect(playground.page.getByRole("dialog", { name: "Commands" })).toBeHidden();
  },
  keys: async (playground) => {
    await press(playground, "keys");
    await expect(playground.page.locator("#settings")).toBeVisible();
  },
};

const DIAGRAM_CHECKS: Record<DiagramCommandId, (playground: Playground) => Promise<void>> = {
  "page-back": (playground) => pans(playground, "page-back"),
  "page-forward": (playground) => pans(playground, "page-forward"),
  "pan-back": (playground) => pans(playground, "pan-back"),
  "pan-forward": (playground) => pans(playground, "pan-forward"),
  follow: async (playground) => {
    const follow = playground.button("Follow");
    await press(playground, "page-back");
    await expect(follow).toHaveAttribute("aria-pressed", "false");
    await press(playground, "follow");
    await expect(follow).toHaveAttribute("aria-pressed", "true");
  },
  actions: async (playground) => {
    await playground.process("n3").click();
    await playground.canvas.focus();
    await press(playground, "actions");
    await expect(playground.actions("n3").getByRole("button", { name: "Crash n3" })).toBeFocused();
  },
};

async function moves(playground: Playground, id: CommandId, events: number): Promise<void> {
  const { event } = await playground.at();
  await press(playground, id);
  await playground.expectEvent(event + events);
}

async function jumps(playground: Playground, id: CommandId, direction: 1 | -1): Promise<void> {
  const { event } = await playground.at();
  await press(playground, id);
  await expect.poll(async () => Math.sign((await playground.at()).event - event)).toBe(direction);
}

async function zooms(playground: Playground, id: CommandId): Promise<void> {
  for (const key of COMMANDS[id].keys) {
    const before = await range(playground);
    await press(playground, id, key);
    await expect.poll(() => range(playground)).not.toBe(before);
  }
}

async function pans(playground: Playground, id: CommandId): Promise<void> {
  const before = await range(playground);
  await press(playground, id);
  await expect.poll(() => range(playground)).not.toBe(before);
}

test("every command has a row of its own in the sheet of keys, with its key", async ({ playground, page }) => {
  const rows = sheet(RAFT);
  expect(rows.flatMap(({ commands }) => commands).toSorted()).toEqual(IDS.toSorted());
  await page.keyboard.press("?");
  const shown = page.locator("#settings dl");
  await expect(shown.locator("dt")).toHaveText(rows.map(({ keys }) => keys));
  await expect(shown.locator("dd")).toHaveText(rows.map(({ words }) => words));
  await expect(playground.play).toHaveText("Play");
});

test("no two commands that work in one place share a key", () => {
  for (const commands of [PAGE_COMMANDS, DIAGRAM_COMMANDS]) {
    const keys = Object.values(commands).flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test("every command's key is said on a control, and why one is disabled in its title", async ({ playground, page }) => {
  // A follower: of a leader nobody asks why it does not lead.
  await playground.process("n2").click();
  const said = await page.locator("[aria-keyshortcuts]").evaluateAll((controls) => controls.flatMap((control) => (control.getAttribute("aria-keyshortcuts") ?? "").split(" ")));
  // With Shift, a step's button would need another name.
  const told = IDS.filter((id) => !id.startsWith("leap-"));
  expect(told.map((id) => shortcuts(id)).filter((keys) => !said.includes(keys))).toEqual([]);

  await playground.tape.press("Home");
  await expect(playground.button("Step back")).toBeDisabled();
  await expect(playground.button("Step back")).toHaveAttribute("title", "The playhead is at the beginning of the run");
  await expect(playground.button("To the live end")).toHaveAttribute("title", `To the live end (${keyLabel("live-end")})`);
});

for (const id of Object.keys(PAGE_CHECKS) as PageCommandId[]) {
  test(`the key of “${PAGE_COMMANDS[id].words(RAFT)}”`, async ({ playground }) => {
    await PAGE_CHECKS[id](playground);
  });
}

for (const id of Object.keys(DIAGRAM_CHECKS) as DiagramCommandId[]) {
  test(`in the diagram, the key of “${DIAGRAM_COMMANDS[id].words(RAFT)}”`, async ({ playground }) => {
    await playground.canvas.focus();
    await DIAGRAM_CHECKS[id](playground);
  });
}

test("keys work wherever the focus is", async ({ playground, page }) => {
  const works = async (name: string, place: Locator): Promise<void> => {
    const before = await speed(playground);
    await place.focus();
    await page.keyboard.press("]");
    await expect.poll(() => speed(playground), name).toBeGreaterThan(before);
    await page.keyboard.press("[");
  };
  await works("the tape", playground.tape);
  await works("the diagram", playground.canvas);
  await works("a process", playground.process("n1"));
  await works("the slider of speed", playground.speed);
  await works("a tab", page.getByRole("tab", { name: "Logs" }));
  await playground.unfold("Lose, delay or copy messages");
  await works("a slider in what floats", page.getByRole("slider", { name: "Loss in per cent" }));
  await playground.unfold("Send a command");
  await works("a box to tick", page.getByRole("checkbox", { name: /^No workload/ }));
  await playground.closeFloat();
  await playground.button("Settings and keys").click();
  await works("what is open", playground.button("Dark"));
});

test("in a field that is written in, keys write", async ({ playground, page }) => {
  await playground.button("Cut off the leader").click();
  await playground.unfold("Send a command");
  const before = await speed(playground);
  const field = page.getByLabel("Key", { exact: true });
  await field.fill("");
  await field.press("]");
  await field.press("e");
  await expect(field).toHaveValue("]e");
  expect(await speed(playground)).toBe(before);
  await field.press("ControlOrMeta+z");
  await expect(page.getByTestId("partition-state").first(), "the field undoes its own").toContainText("Cut since");
});
