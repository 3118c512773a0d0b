// A run that is not as it was prepared any more is named so: what is said of a prepared run may not hold of it.

import { expect, test } from "./playground.ts";

test("a run that something is done to is called changed, until that is undone", async ({ playground, page }) => {
  const title = page.getByTitle("All prepared runs");
  await playground.prepared("A stale read");
  await playground.step(3);
  await expect(title).not.toContainText("changed");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command, run, process or room" }).fill("crash n2");
  await page.keyboard.press("Enter");
  await expect(title).toContainText("A stale read, changed");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(title).not.toContainText("changed");
});

test("other settings make it changed, too, and “As prepared” leads back", async ({ playground, page }) => {
  const title = page.getByTitle("All prepared runs");
  await playground.button("Settings and keys").click();
  await playground.button("Run again with a fresh seed").click();
  await page.keyboard.press("Escape");
  await expect(title).toContainText("Elect and replicate, changed");
  const back = page.getByRole("button", { name: /^As prepared/ });
  await back.press("Enter");
  await expect(title).not.toContainText("changed");
  await expect(back).toHaveCount(0);
});

test("no prepared run is called changed by itself, however long it plays", async ({ playground, page }) => {
  await expect(playground.tape).toBeVisible();
  for (const protocol of ["raft", "paxos", "multi-paxos", "viewstamped", "pbft", "tendermint"]) {
    await page.getByRole("combobox", { name: "Protocol" }).selectOption(protocol);
    await expect(page.getByRole("combobox", { name: "Protocol" })).toHaveValue(protocol);
    const changed = await page.evaluate(async () => {
      interface Entry {
        scenario: object;
      }
      const { run } = document.querySelector("playground-app") as unknown as { run: { entries: Entry[]; load(scenario: object, until: number): void; takeSnapshot(): void } };
      const header = document.querySelector("playground-app")?.shadowRoot?.querySelector("playground-header");
      const found: string[] = [];
      for (const { scenario } of run.entries) {
        run.load(scenario, 6_000_000);
        run.takeSnapshot();
        await new Promise((resume) => setTimeout(resume, 60));
        const title = header?.shadowRoot?.querySelector(".title")?.textContent ?? "";
        if (title === "" || title.includes("changed")) found.push(title);
      }
      return found;
    });
    expect(changed, protocol).toEqual([]);
  }
});
