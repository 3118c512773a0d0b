// Single-decree Paxos in the page: chosen from the header, its acceptors, its duel, its quorums.

import type { Locator } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const protocol = ({ page }: Playground): Locator => page.getByRole("combobox", { name: "Protocol" });
const board = ({ page }: Playground): Locator => page.getByRole("region", { name: "Acceptors" });

function acceptor(playground: Playground, name: string): Locator {
  return playground.page.getByTestId("acceptor-row").and(playground.page.locator(`[data-node="${name}"]`));
}

function quorum(playground: Playground, ballot: string): Locator {
  return playground.page.getByTestId("quorum-row").and(playground.page.locator(`[data-ballot="${ballot}"]`));
}

async function choosePaxos(playground: Playground): Promise<void> {
  await playground.choose("paxos", board(playground));
}

test("Paxos is chosen with the keyboard, and Raft again", async ({ playground, page }) => {
  await playground.tabTo(protocol(playground));
  await page.keyboard.press("ArrowDown");
  await expect(board(playground)).toBeVisible();
  await expect(playground.logs, "there is no log").toHaveCount(0);
  await expect(page.getByTitle("All prepared runs")).toContainText("One value is chosen");
  await playground.choose("raft", playground.logs);
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("one value is chosen, and every acceptor of the majority shows ballot and value", async ({ playground }) => {
  await choosePaxos(playground);
  await playground.prepared("One value is chosen");
  // It opens where nothing is left to happen.
  await playground.tape.press("Home");
  await playground.playUntil(() => expect(acceptor(playground, "n1").getByTestId("learner")).toContainText("takes tea for chosen"));
  await expect(acceptor(playground, "n1").getByTestId("promised")).toHaveText("1.n1");
  await expect(acceptor(playground, "n1").getByTestId("accepted")).toHaveText(/1\.n1\s+tea/);
  await expect(acceptor(playground, "n1").getByTestId("learner")).toContainText("takes tea for chosen");
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("duelling proposers outbid each other, until one is left alone for long enough", async ({ playground }) => {
  await choosePaxos(playground);
  await playground.prepared("Duelling proposers");
  await expect(board(playground)).not.toContainText("for chosen");
  await playground.playFor(0.3);
  await expect(board(playground)).toContainText("for chosen");
  await playground.button("Majorities").click();
  expect(await playground.page.getByTestId("quorum-row").count(), "many ballots for one value").toBeGreaterThan(6);
});

test("a value that was chosen is handed on where two majorities meet", async ({ playground, page }) => {
  await choosePaxos(playground);
  await playground.prepared("Chosen, in spite of a lost majority");
  await playground.playFor(1);
  await playground.button("Majorities").click();
  await expect(quorum(playground, "1.n1")).toContainText("chosen");
  await expect(page.getByTestId("meeting")).toContainText("“tea” on");
  await expect(quorum(playground, "1.n1").locator(".meets")).not.toHaveCount(0);
});

test.describe("axe", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("acceptors and quorums", async ({ playground, page }) => {
    await choosePaxos(playground);
    await playground.prepared("Chosen, in spite of a lost majority");
    for (const view of ["Roles", "Majorities"]) {
      await playground.button(view).click();
      await expectNothingForAxe({ page });
    }
  });
});
