// Runs a scenario of Raft in which the leader is cut off, and says what the checkers found: `node example.mjs`

import { run } from "consensus-playground";

const scenario = {
  protocol: "raft",
  seed: 7,
  replicas: 3,
  clients: 2,
  interventions: [
    { at: 800_000, action: { partition: { groups: [["n1"], ["n2", "n3", "c1", "c2"]] } } },
    { at: 2_000_000, action: "heal" },
  ],
};

const { events, hash, verdict, broken } = await run(scenario);
console.log(`${events} events, trace hash ${hash}`);
console.log(verdict.sentence);
for (const { name, broken: found } of broken) {
  console.log(`${name}: ${found.sentence}`);
}
process.exitCode = verdict.kind === "linearizable" && broken.length === 0 ? 0 : 1;
