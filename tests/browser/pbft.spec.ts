// PBFT in the page: a primary with two faces composed by hand, what the others do about it, and what can be proved.

import type { Locator } from "@playwright/test";

import { expectNothingForAxe } from "./axe.ts";
import { LINEARIZABLE, expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

const board = ({ page }: Playground): Locator => page.getByRole("region", { name: "Votes" });
const certificates = ({ page }: Playground): Locator => page.getByTestId("certificate");
const choice = ({ page }: Playground, name: string): Locator => page.getByRole("combobox", { name, exact: true });

async function choosePbft(playground: Playground): Promise<void> {
  await playground.choose("pbft", board(playground));
}

async function countedBy(playground: Playground, name: string): Promise<void> {
  await choice(playground, "As counted by").selectOption({ label: name });
}

/** Says to one replica, in messages of one kind, what is chosen from the forms. */
async function addLine(playground: Playground, to: string, kind: string, does: string, says?: string): Promise<void> {
  const form = playground.page.getByRole("form", { name: "A liar" });
  const receivers = form.getByRole("group", { name: "To", exact: true });
  for (const pressed of await receivers.locator('[aria-pressed="true"]').all()) await pressed.click();
  await receivers.getByRole("button", { name: `To ${to}`, exact: true }).click();
  await choice(playground, "Kind of message").selectOption(kind);
  await choice(playground, "What it does").selectOption({ label: does });
  if (says !== undefined) await choice(playground, "What it says").selectOption({ label: says });
  await form.getByRole("button", { name: "Add the line" }).click();
}

async function selectLie(playground: Playground): Promise<void> {
  await playground.page.evaluate(() => {
    const { run } = document.querySelector("playground-app") as unknown as {
      run: { records: { messages: number; isLie: (message: number) => boolean }; view: { select: (selection: unknown) => void } };
    };
    for (let message = 0; message < run.records.messages; message += 1) {
      if (run.records.isLie(message)) {
        run.view.select({ kind: "message", message });
        return;
      }
    }
  });
}

test("three phases: certificates fill up to what is needed, and time runs to the right", async ({ playground, page }) => {
  await choosePbft(playground);
  await playground.prepared("Three phases");
  await expect(page.getByRole("button", { name: "Time →" })).toHaveAttribute("aria-pressed", "true");
  await expect(board(playground)).toContainText("need 2f = 2");
  await expect(board(playground)).toContainText("need 2f+1 = 3");
  await expect(certificates(playground).and(page.locator('[data-state="executed"]'))).not.toHaveCount(0);
  await expect(playground.cluster).toContainText("n1 is the primary of view 0.");
  await expect(playground.verdict).toHaveText(LINEARIZABLE);
});

test("an equivocating primary, composed by hand: no certificate forms, the view changes, honest replicas agree, and its two faces are proved", async ({ playground, page }) => {
  await choosePbft(playground);
  await playground.prepared("Three phases");
  await playground.unfold("Make it lie");
  await choice(playground, "How it lies").selectOption({ label: "by hand, line by line" });
  await addLine(playground, "n3", "pre-prepare", "say", "another client’s request");
  await addLine(playground, "n4", "pre-prepare", "say nothing");
  await expect(page.getByRole("list", { name: "Lines" })).toContainText("To n3, pre-prepare: say another client’s request");
  await playground.button("Make n1 lie").click();
  await expect(playground.process("n1")).toHaveAttribute("aria-label", /lies/);

  // Two faces, and no certificate for either.
  await countedBy(playground, "n2");
  await playground.stepUntil(certificates(playground).and(page.locator('[data-view="0"][data-state="not accepted"]')));
  for (const name of ["n2", "n3"]) {
    await countedBy(playground, name);
    await expect(certificates(playground).and(page.locator('[data-view="0"]')).first()).toHaveAttribute("data-state", /^(not )?accepted$/);
  }
  await selectLie(playground);
  await expect(page.getByTestId("lie")).toContainText("n1 lies");
  const faces = page.getByTestId("faces").getByRole("listitem");
  await expect(faces).toHaveCount(3);
  await expect(faces.nth(1)).toContainText(/to n3: pre-prepare \d+: (get|put|cas|delete)/);
  await expect(faces.nth(2)).toContainText("to n4: nothing");

  // The backups change the view, and go on.
  await playground.playUntil(async () => expect(playground.cluster).toContainText(/n\d is the primary of view [1-9]/), 1);
  // A stable checkpoint clears them all, so it is a matter of the moment whether there are any.
  await playground.playUntil(async () => expect(certificates(playground).and(page.locator('[data-state="executed"]:not([data-view="0"])'))).not.toHaveCount(0), 1);

  // What n1 signed twice, and who holds it.
  await playground.button(/^Proofs/).click();
  const proof = page.getByTestId("proof").and(page.locator('[data-culprit="n1"]'));
  await expect(proof.getByRole("listitem")).toHaveText([/pre-prepare of number \d+ in view 0/, /pre-prepare of number \d+ in view 0/]);
  await expect(proof.getByTestId("holder").first()).toHaveText(/n[23]/);
  await expect(page.getByTestId("agreement")).toContainText("Honest replicas agree.");
  await proof.getByRole("listitem").first().getByRole("button").click();
  await expect(playground.inspector).toContainText("pre-prepare from n1");

  // No two honest replicas execute differently, and the clients see one order.
  await playground.show("Promises");
  await expect(page.locator(".broken-one")).toHaveCount(0);

  // No promise is broken, and yet all is not well: the badge says what is proved, and leads there.
  await expect(playground.verdict).toHaveText(/^\s*n1 is proved to have lied/);
  await playground.button("Show where").press("Enter");
  await expect(playground.inspector).toContainText("from n1");

  await playground.unfold("Make it lie");
  await playground.button("Reform n1").click();
  await expect(playground.process("n1")).toHaveAttribute("aria-label", /, lied$/);
});

test("a vote in another's name is seen to be forged, and thrown away", async ({ playground, page }) => {
  await choosePbft(playground);
  await playground.unfold("Make it lie");
  await choice(playground, "Who lies").selectOption("n4");
  await choice(playground, "How it lies").selectOption({ label: "tells all the same lie" });
  await choice(playground, "What all hear").selectOption({ label: "it in the name of n2" });
  await playground.button("Make n4 lie").click();
  await playground.playFor(0.5);
  await selectLie(playground);
  await expect(page.getByTestId("rejection")).toContainText("threw it away");
  await expect(page.getByTestId("rejection")).toContainText("signer did not sign");
  await playground.button("Proofs").click();
  await expect(page.getByTestId("proof"), "nothing that another signed").toHaveCount(0);
  await expect(page.getByTestId("agreement")).toContainText("Honest replicas agree.");
});

test("a liar is composed with the keyboard alone", async ({ playground, page }) => {
  await choosePbft(playground);
  await playground.openFaults();
  const summary = page.locator("playground-liars summary").first();
  await summary.focus();
  await page.keyboard.press("Enter");
  await playground.tabTo(choice(playground, "How it lies"), 5);
  await page.keyboard.type("says nothing to anybody");
  await playground.tabTo(playground.button("Make n1 lie"), 12);
  await page.keyboard.press("Enter");
  await expect(playground.process("n1")).toHaveAttribute("aria-label", /lies/);
});

test("the same liar in Raft, which believes it: logs differ where they are committed", async ({ playground, page }) => {
  await choosePbft(playground);
  await playground.button("Proofs").click();
  await board(playground).getByRole("button", { name: "Such a liar in Raft, which believes it" }).click();
  await expect(playground.logs).toBeVisible();
  await expect(page.getByTitle("All prepared runs")).toContainText("A liar in Raft");
  await expect(playground.button("Leave the story").or(playground.button("Leave"))).toBeVisible();
  await playground.leaveStory();
  await playground.tape.press("End");
  await expect(page.getByRole("tab", { name: /^\s*Promises \d of \d+ broken/ })).toBeVisible();
  await playground.show("Clients");
  await expect(page.getByTestId("lost"), "by then nobody has done what the clients asked for").toContainText(/Acknowledged and lost: (put|cas) /);
});

test.describe("axe", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("certificates, proofs, a lie, and the form for liars", async ({ playground }) => {
    await choosePbft(playground);
    await playground.prepared("PBFT: a primary that equivocates");
    await playground.playFor(0.6);
    await playground.unfold("Make it lie");
    await choice(playground, "How it lies").selectOption({ label: "by hand, line by line" });
    await addLine(playground, "n3", "pre-prepare", "say nothing");
    await selectLie(playground);
    await expectNothingForAxe(playground);
    await playground.closeFloat();
    await playground.button(/^Proofs/).click();
    await expectNothingForAxe(playground);
  });
});
