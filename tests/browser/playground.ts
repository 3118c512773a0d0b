import type { Locator, Page } from "@playwright/test";

import { expect, test as pageTest } from "./page.ts";

/** What the checker says, whatever number of operations it judged. */
export const LINEARIZABLE = /^\s*linearizable: \d+ operations/;
export const NOT_LINEARIZABLE = /^\s*not linearizable: /;

/** The page as a person knows it: what the tests say is in these words. */
export class Playground {
  readonly play: Locator;
  readonly tape: Locator;
  readonly speed: Locator;
  readonly verdict: Locator;
  readonly notices: Locator;
  readonly inspector: Locator;
  readonly canvas: Locator;
  readonly cluster: Locator;
  readonly history: Locator;
  readonly logs: Locator;
  /** The names of the rules that are off. */
  readonly switchedOff: Locator;

  constructor(readonly page: Page) {
    this.play = page.getByRole("button", { name: /^(Play|Pause)$/ }).and(page.locator("playground-transport button"));
    this.tape = page.getByRole("slider", { name: "Position in the run" });
    this.speed = page.getByRole("slider", { name: "Speed" });
    this.verdict = page.getByRole("status", { name: "Verdict" });
    this.notices = page.getByRole("region", { name: "Notices" });
    this.inspector = page.locator("playground-inspector section");
    this.canvas = page.getByRole("application", { name: /^Space-time diagram/ });
    this.cluster = page.getByRole("region", { name: "Cluster" });
    this.history = page.getByRole("region", { name: "Clients" });
    this.logs = page.getByRole("region", { name: "Logs" });
    this.switchedOff = page.getByRole("region", { name: "Rules switched off" });
  }

  /** Opens the page with the first prepared run, and waits until it can be used: nobody reads its story. */
  async open(address = "./#run=elect-and-replicate"): Promise<void> {
    await this.page.goto(address);
    await this.leaveStory();
  }

  /** Leaves the story that a run is opened with, and goes to where it shows something. */
  async leaveStory(): Promise<void> {
    await expect(this.tape).toHaveAttribute("aria-valuetext", /event [1-9]/);
    const leave = this.page.getByRole("button", { name: /^Leave( the story)?$/ });
    const left = this.page.getByRole("button", { name: /^Story: / });
    await expect(leave.or(left)).toBeVisible();
    if (await leave.isVisible()) {
      await leave.click();
      await expect(left).toBeVisible();
    }
    const { event, events } = await this.at();
    if (event < events) {
      await this.page.keyboard.press("l");
      await this.expectEvent(events);
    }
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Brings a panel of the dock to the front, by its tab: `Logs`, `Clients`, `Promises`, `Events`. */
  async show(panel: string): Promise<void> {
    const name = new RegExp(`^\\s*${panel}`);
    const below = this.page.getByRole("navigation", { name: "Views" }).getByRole("button", { name });
    if (await below.isVisible()) {
      await below.click();
      return;
    }
    const tab = this.page.getByRole("tab", { name });
    await tab.click();
    await expect(tab).toHaveAttribute("aria-selected", "true");
  }

  /** Has the card tell what happened at the playhead. */
  async inspect(): Promise<void> {
    const here = this.page.getByRole("button", { name: /^[\d,]+ events?$/ });
    if ((await here.getAttribute("aria-pressed")) === "false") {
      await here.click();
    }
    await expect(this.inspector).toBeVisible();
  }

  // Time

  /** The playhead: virtual seconds, events before it, events recorded. */
  async at(): Promise<{ time: number; event: number; events: number }> {
    const words = (await this.tape.getAttribute("aria-valuetext")) ?? "";
    const [, time, event, events] = /^([\d.]+) s, event (\d+) of (\d+)$/.exec(words) ?? [];
    return { time: Number(time), event: Number(event), events: Number(events) };
  }

  async time(): Promise<number> {
    return (await this.at()).time;
  }

  async expectEvent(event: number): Promise<void> {
    await expect(this.tape).toHaveAttribute("aria-valuenow", String(event));
  }

  /** Steps forward or back by single events, by the transport's buttons. */
  async step(events: number): Promise<void> {
    const button = this.button(events > 0 ? "Step forward" : "Step back");
    for (let done = 0; done < Math.abs(events); done += 1) {
      await button.click();
    }
  }

  /** Takes larger steps by the keyboard until something is to be seen: no further, however slow the machine. */
  async stepUntil(awaited: Locator, steps = 200): Promise<void> {
    for (let done = 0; done < steps && (await awaited.count()) === 0; done += 1) {
      const { event } = await this.at();
      await this.page.keyboard.press("Shift+ArrowRight");
      await expect.poll(async () => (await this.at()).event, { intervals: [20] }).toBeGreaterThan(event);
    }
    await expect(awaited).not.toHaveCount(0);
  }

  /** Plays at a brisk speed until what is awaited has come true, and pauses. */
  async playUntil(awaited: () => Promise<void>, speed = 3): Promise<void> {
    await this.speed.fill(String(Math.round(Math.log10(speed) * 20) / 20));
    await this.play.click();
    await awaited();
    // Where something is broken for the first time, it has halted by itself.
    await expect(async () => {
      if ((await this.play.textContent())?.trim() === "Pause") await this.play.click();
      await expect(this.play).toHaveText("Play", { timeout: 500 });
    }).toPass();
  }

  /** Plays until that much virtual time, in seconds, has passed. */
  async playFor(seconds: number): Promise<void> {
    const end = (await this.time()) + seconds;
    await this.playUntil(() => expect.poll(() => this.time(), { intervals: [50] }).toBeGreaterThanOrEqual(end));
  }

  // The cluster

  /** Chooses a prepared run of the protocol by its title, among all; nobody reads its story. */
  async prepared(title: string): Promise<void> {
    const way = this.page.getByTitle("All prepared runs");
    await way.click();
    await this.page.locator("playground-gallery").getByRole("link", { name: title, exact: true }).first().click();
    await expect(way).toContainText(title);
    await this.leaveStory();
  }

  /** Chooses the protocol, and waits for its board; nobody reads the story of its first run. */
  async choose(protocol: string, board: Locator): Promise<void> {
    await this.page.getByRole("combobox", { name: "Protocol" }).selectOption(protocol);
    await expect(board).toBeVisible();
    // The first run of each has a story, which opens a moment later.
    await expect(this.page.getByRole("button", { name: /^Leave( the story)?$/ })).toBeVisible();
    await this.leaveStory();
  }

  process(name: string): Locator {
    return this.cluster.getByRole("button", { name: new RegExp(`^(client )?${name}, `) });
  }

  /** What floats beside a click on a process or a message. */
  actions(what: string | RegExp): Locator {
    return this.page.getByRole("toolbar", { name: typeof what === "string" ? `Actions on ${what}` : what });
  }

  /** The name of the replica that leads in the highest term. */
  async leader(): Promise<string> {
    const words = await this.cluster.locator(".caption").textContent();
    return /^(n\d+) leads term/.exec(words ?? "")?.[1] ?? "";
  }

  // The partition editor

  get partition(): Locator {
    return this.page.getByRole("region", { name: "Cut the network" });
  }

  side(letter: string): Locator {
    return this.partition.getByRole("group", { name: `Side ${letter}` });
  }

  chip(name: string): Locator {
    return this.partition.getByRole("button", { name: new RegExp(`^${name}, on side `) });
  }

  get cutButton(): Locator {
    return this.button("Cut the network");
  }

  get healButton(): Locator {
    return this.button("Heal the cut");
  }

  /** Puts every process on its side by dragging, and cuts the network. */
  async cut(...sides: string[][]): Promise<void> {
    await this.openFaults();
    for (const [side, names] of sides.entries()) {
      for (const name of names) {
        await this.putOnSide(name, "ABCDEFGH".charAt(side));
      }
    }
    await this.cutInTwo();
    await expect(this.page.getByTestId("partition-state")).toContainText("Cut since");
  }

  private async putOnSide(name: string, side: string): Promise<void> {
    const there = this.side(side).getByRole("button", { name: new RegExp(`^${name}, `) });
    if ((await there.count()) === 0) {
      await this.drag(this.chip(name), this.side(side));
      await expect(there).toBeVisible();
    }
  }

  async heal(): Promise<void> {
    await this.healButton.click();
    await expect(this.page.getByTestId("partition-state")).toHaveCount(0);
  }

  /** Drags with the mouse, in several moves, as a hand does. */
  async drag(what: Locator, where: Locator): Promise<void> {
    const { mouse } = this.page;
    await what.hover();
    const to = await centre(where);
    await mouse.down();
    await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
  }

  // Logs, clients, inspector

  logRow(node: string): Locator {
    return this.logs.getByRole("row").and(this.page.locator(`[data-node="${node}"]`));
  }

  clientRow(client: string): Locator {
    return this.page.getByTestId("client-row").and(this.page.locator(`[data-client="${client}"]`));
  }

  /** How many of a client's operations were answered so far. */
  async answered(client: string): Promise<number> {
    await this.show("Clients");
    return Number(await this.clientRow(client).getAttribute("data-ok"));
  }

  operations(client: string): Locator {
    return this.history.getByRole("button", { name: new RegExp(`^${client}: `) });
  }

  /** Shows the clients' history from its beginning, as far as it fits. */
  async zoomHistoryOut(): Promise<void> {
    await this.show("Clients");
    const out = this.button("Zoom the history out");
    for (let done = 0; done < 12; done += 1) {
      await out.click();
    }
  }

  /** What a client did, in order: the words on the bar, and when it began (by a look at each in the inspector). */
  async deeds(client: string): Promise<{ words: string; began: number }[]> {
    const deeds = [];
    await this.show("Clients");
    for (const bar of await this.operations(client).all()) {
      await bar.press("Enter");
      await expect(bar).toHaveAttribute("aria-pressed", "true");
      const words = (await bar.getAttribute("aria-label")) ?? "";
      const invoked = await this.field("Invoked").textContent();
      deeds.push({ words: words.replace(/^c\d+: /, ""), began: Number.parseFloat(invoked ?? "") });
    }
    return deeds;
  }

  /** The value that stands beside a name in the inspector. */
  field(name: string): Locator {
    return this.inspector.locator(`dt:text-is("${name}") + dd`);
  }

  /** Opens what floats beside the rail, unless it is open. */
  async float(name: string | RegExp): Promise<Locator> {
    const floating = this.page.locator("playground-rail").getByRole("dialog", { name });
    if (!(await floating.isVisible())) {
      await this.page.locator("playground-rail").getByRole("button", { name, expanded: false }).press("Enter");
    }
    await expect(floating).toHaveAttribute("data-placed");
    return floating;
  }

  openFaults(): Promise<Locator> {
    return this.float("Other faults");
  }

  ruleBook(): Promise<Locator> {
    return this.float(/^All \d+ rules$/);
  }

  /** Closes what floats, by its button. */
  async closeFloat(): Promise<void> {
    const open = this.page.locator("playground-rail [popover]:popover-open");
    await open.getByRole("button", { name: /^Close: / }).press("Enter");
    await expect(open).toHaveCount(0);
  }

  /** Carries out what the partition editor has planned. */
  async cutInTwo(): Promise<void> {
    await this.openFaults();
    await this.cutButton.click();
    await this.closeFloat();
  }

  /** Opens one of the folded sections that float beside the rail. */
  async unfold(title: string): Promise<Locator> {
    await this.float(["Set-up", "Workload"].includes(title) ? "Set-up and workload" : "Other faults");
    const section = this.page.locator("details.section").filter({ has: this.page.getByRole("heading", { name: title, exact: true }) });
    if ((await section.getAttribute("open")) === null) {
      await section.locator("summary").first().click();
    }
    return section;
  }

  async setNumber(label: string, value: number): Promise<void> {
    const field = this.page.getByRole("spinbutton", { name: label, exact: true });
    await field.fill(String(value));
    await field.press("Enter");
  }

  // Keyboard

  /** Presses Tab until the focus has come to a control, or to its group, and there an arrow; no pointer is used. */
  async tabTo(control: Locator, presses = 150): Promise<void> {
    let isInGroup = false;
    for (let done = 0; done < presses; done += 1) {
      await this.page.keyboard.press(isInGroup ? "ArrowRight" : "Tab");
      isInGroup = await control.evaluate((element) => {
        const group = element.closest("[data-group]");
        const at = (element.getRootNode() as ShadowRoot).activeElement;
        // What Tab itself leads to needs no arrow: a process in the partition editor is moved by one.
        const isTabStop = (element as HTMLElement).tabIndex >= 0;
        return !isTabStop && group !== null && at !== null && at.matches("button, a, [role=button]") && group.contains(at);
      });
      if (await control.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)) {
        return;
      }
    }
    throw new Error(`Tab does not lead to ${control.toString()}`);
  }
}

async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`${locator.toString()} is not to be seen`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Playwright's `test` with the page open. */
export const test = pageTest.extend<{ playground: Playground }>({
  playground: async ({ page }, use) => {
    const playground = new Playground(page);
    await playground.open();
    await use(playground);
  },
});

export { expect };
