// The picture of the cluster, at the side and on the stage: nothing in it covers anything else, and where there is
// space, messages have their words.

import { expect, test } from "./playground.ts";
import type { Playground } from "./playground.ts";

interface Drawn {
  name: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where the processes stand, by their rings; and the picture that they stand in. */
async function drawn({ cluster }: Playground): Promise<{ picture: Drawn; processes: Drawn[] }> {
  return cluster.locator("svg").evaluate((svg) => {
    const [picture, ...processes] = [svg, ...svg.querySelectorAll("[data-testid=process] .ring")].map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { name: element.closest("[data-node]")?.getAttribute("data-node") ?? "", left, right, top, bottom };
    });
    if (picture === undefined) throw new Error("there is no picture");
    return { picture, processes };
  });
}

async function expectNothingCovered(playground: Playground): Promise<void> {
  const { picture, processes } = await drawn(playground);
  const covered = processes.flatMap((one, ordinal) =>
    processes.slice(ordinal + 1).flatMap((other) => {
      const apart = one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
      return apart ? [] : [`${one.name} and ${other.name}`];
    }),
  );
  expect(covered, "what covers each other").toEqual([]);
  const outside = processes.filter(({ left, right, top, bottom }) => left < picture.left - 1 || right > picture.right + 1 || top < picture.top - 1 || bottom > picture.bottom + 1);
  expect(outside.map(({ name }) => name), "what lies outside").toEqual([]);
}

for (const [replicas, clients] of [[3, 1], [5, 3], [9, 6], [13, 8]] as const) {
  test(`${replicas} servers and ${clients} clients stand apart, at the side and on the stage, whole and cut`, async ({ playground }) => {
    await playground.unfold("Set-up");
    await playground.setNumber("Replicas", replicas);
    await playground.setNumber("Number of clients", clients);
    await playground.closeFloat();
    await expect(playground.cluster.getByRole("button", { name: /^n\d+, / })).toHaveCount(replicas);
    await expectNothingCovered(playground);
    await playground.cutInTwo();
    await expect(playground.cluster.locator(".parting")).toHaveAttribute("d", /^M/);
    await expectNothingCovered(playground);
    await playground.button("Cluster").click();
    await expectNothingCovered(playground);
    await playground.heal();
    await expectNothingCovered(playground);
  });
}

test("on the stage, messages on their way have their words, which cover no process", async ({ playground }) => {
  await playground.button("Cluster").click();
  await playground.stepUntil(playground.cluster.locator("text.label"));
  const { processes } = await drawn(playground);
  const words = await playground.cluster.locator("text.label").evaluateAll((all) =>
    all.map((each) => {
      const { left, right, top, bottom } = each.getBoundingClientRect();
      return { text: each.textContent, x: (left + right) / 2, y: (top + bottom) / 2 };
    }),
  );
  expect(words.length).toBeGreaterThan(0);
  for (const { text, x, y } of words) {
    expect(text).not.toBe("");
    const under = processes.filter(({ left, right, top, bottom }) => x > left && x < right && y > top && y < bottom);
    expect(under.map(({ name }) => name), `what “${text}” covers`).toEqual([]);
  }
});
