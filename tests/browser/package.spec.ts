// The npm package, packed as npm would get it, and installed in a folder of somebody else's.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "@playwright/test";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tool = (name: string): string => path.join(root, "www/node_modules/.bin", name);

/** The hashes of the prepared runs, as the native tests hold them. */
const GOLDEN = readFileSync(new URL("../golden/hashes.txt", import.meta.url), "utf8");

// One folder for all: each test only reads what was installed.
test.describe.configure({ mode: "serial" });

let folder = "";
let packed = "";

/** Runs a program in the folder, and gives what it printed. What it complains of is thrown. */
function inFolder(program: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`${path.basename(program)} ended with ${status}:\n${stdout}\n${stderr}`);
  }
  return stdout;
}

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return name;
}

test.beforeAll(() => {
  test.setTimeout(300_000);
  execFileSync(path.join(root, "www/package"), ["as-built"], { cwd: root });
  folder = mkdtempSync(path.join(tmpdir(), "somebody-else-"));
  const [pack] = JSON.parse(inFolder("npm", "pack", "--json", path.join(root, "target/npm"))) as { filename: string }[];
  packed = path.join(folder, pack?.filename ?? "");
  file("package.json", JSON.stringify({ name: "somebody-else", private: true, type: "module" }));
  inFolder("npm", "install", "--offline", "--no-audit", "--no-fund", packed);
});

test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a program in Node runs every prepared run, to the hash that is written down", () => {
  const program = file(
    "golden.mjs",
    `import { PROTOCOLS, load, run } from "consensus-playground";
    for (const protocol of PROTOCOLS) {
      const { gallery } = await load(protocol);
      for (const { name, scenario } of gallery()) {
        const { events, hash } = await run(scenario, 3_500_000);
        console.log([name, events, hash].join(" "));
      }
    }`,
  );
  const lines = inFolder("node", program).trim().split("\n");
  expect(lines.length).toBeGreaterThan(15);
  for (const line of lines) {
    expect(GOLDEN).toContain(`${line}\n`);
  }
});

test("the example says what the checkers found, and a wrong scenario is told with its place", () => {
  expect(inFolder("node", "node_modules/consensus-playground/example.mjs")).toMatch(/^\d+ events, trace hash [0-9a-f]{32}\nlinearizable: \d+ operations\n$/);
  const program = file(
    "wrong.mjs",
    `import { run } from "consensus-playground";
    for (const scenario of [{ protocol: "raft", replicas: 900 }, { protocol: "raft", wishes: 1 }, { protocol: "none" }, null]) {
      await run(scenario).catch((error) => console.log([error.name, error.place ?? "", "|", error.message].join(" ")));
    }`,
  );
  const said = inFolder("node", program).trim().split("\n");
  expect(said[0]).toMatch(/^PlaygroundError replicas \|/);
  expect(said[1]).toMatch(/^PlaygroundError .*wishes/);
  expect(said[2]).toMatch(/^RangeError .*There is no protocol "none": there are raft, paxos/);
  expect(said[3]).toMatch(/^RangeError .*There is no protocol/);
});

test("its types say what it does, for programs and for templates", () => {
  file(
    "consumer.ts",
    `import { load, run } from "consensus-playground";
    import type { Outcome, Scenario } from "consensus-playground";
    import type { PlaygroundState } from "consensus-playground/element";
    const scenario: Scenario = { protocol: "raft", replicas: 3 };
    const { hash, verdict }: Outcome = await run(scenario, 1_000_000);
    const words: [string, string] = [hash, verdict.sentence];
    const { Simulation } = await load("raft");
    const simulation = new Simulation(scenario);
    const events: number = simulation.status().events;
    // @ts-expect-error There is no such field.
    simulation.status().wishes;
    export const all: [unknown, PlaygroundState["verdict"]] = [[words, events], null];`,
  );
  expect(() => inFolder(tool("tsc"), "--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom", "consumer.ts")).not.toThrow();
});

test("publint and arethetypeswrong find nothing", () => {
  const installed = path.join(folder, "node_modules/consensus-playground");
  expect(inFolder(tool("publint"), "--strict", installed)).toContain("All good!");
  expect(() => inFolder(tool("attw"), "--profile", "esm-only", packed)).not.toThrow();
});

test("a bundler takes it into somebody else's page", async ({ page }) => {
  file("index.html", `<!doctype html><title>Somebody else's</title><output></output><script type="module" src="./main.js"></script>`);
  file(
    "main.js",
    `import { run } from "consensus-playground";
    import "consensus-playground/element";
    const { events, hash } = await run({ protocol: "paxos", seed: 5 }, 3_500_000);
    document.querySelector("output").textContent = [events, hash, customElements.get("consensus-playground") !== undefined].join(" ");`,
  );
  file("node.mjs", `import { run } from "consensus-playground"; const { events, hash } = await run({ protocol: "paxos", seed: 5 }, 3_500_000); console.log([events, hash].join(" "));`);
  inFolder(tool("vite"), "build", "--logLevel", "error");
  await page.route("http://somebody-else.test/**", (route) => {
    const { pathname } = new URL(route.request().url());
    return route.fulfill({ path: path.join(folder, "dist", pathname === "/" ? "index.html" : pathname) });
  });
  await page.goto("http://somebody-else.test/");
  await expect(page.locator("output")).toHaveText(`${inFolder("node", "node.mjs").trim()} true`);
});
