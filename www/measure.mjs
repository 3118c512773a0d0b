// The page's speed in headless Chromium, by www/measure: what a frame costs while a person zooms and pans over 100,000
// messages, whether full-speed play ever blocks input, how long a seek takes in a run of 300,000 events, how long an action in the middle of one of 1,000,000, and the first load.
//
// Work in a frame is all that the page's main thread did for it (scripts, style, layout, painting, commit), in the thread's own
// time, from the browser's trace: an interval between frames would say 16.7 ms whatever the work.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { chromium } from "@playwright/test";
import { preview } from "vite";

const MESSAGES = 100_000;
const GESTURES = 240;
/** Turns of the wheel, across and down: out, along, in, back, far out, in again. */
const TURNS = [[0, 110], [55, 0], [0, -110], [-70, 0], [0, 160], [0, -160]];
const SEEKS = 24;
const LOADS = 5;

/** Events of the run in whose middle something is done. */
const LONG = 1_000_000;
const DEEDS = 3;

/** Replicas of PBFT, and how long they are watched at most, in milliseconds: to the run's limit, if that comes first. */
const REPLICAS = 31;
const WATCHED_MS = 20_000;

let browser;

/** In the page: the run that it shows. */
const RUN = `document.querySelector("playground-app").run`;

async function measure(address) {
  console.log(`Chromium ${browser.version()}, headless, 1440 × 900 pixels, without a graphics card`);
  await firstLoad(address);
  const page = await open(address);
  const toMessages = await play(page, MESSAGES);
  await gestures(page, `${MESSAGES.toLocaleString("en")} messages`);
  const toLimit = await play(page, Infinity);
  const longest = Math.max(toMessages, toLimit);
  say("Full-speed play, longest task", `${milliseconds(longest)} of the thread's own time`, "input never blocked for over 50 ms");
  await seeks(page);
  await gestures(page, `${(await page.evaluate(`${RUN}.status.messages`)).toLocaleString("en")} messages`);
  await manyReplicas(address);
  await longRun(address);
}

/** Something is done in the middle of a long run: until the page shows what came of it. And what such a run takes of the machine's memory. */
async function longRun(address) {
  const page = await open(address);
  await page.evaluate(`(async () => {
    const run = ${RUN};
    // A story would halt it.
    run.restart({ ...run.scenario, captions: [], limits: { events: ${2 * LONG} } });
    run.playhead.setSpeed(Infinity);
    run.playhead.play();
    while (run.status.events < ${LONG}) await new Promise((resume) => setTimeout(resume, 100));
    run.playhead.pause();
  })()`);
  say(`A run of ${LONG.toLocaleString("en")} events: memory of the page's process`, `${Math.round(await resident())} MB`, "under 500 MB");
  const times = await page.evaluate(`(async () => {
    const run = ${RUN};
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = resolve; channel.port2.postMessage(0); }));
    const found = { acted: [], drawn: [] };
    for (let deed = ${DEEDS}; deed > 0; deed -= 1) {
      run.playhead.seek(Math.floor((${LONG} * (deed + 1)) / ${2 * DEEDS + 2}));
      await drawn();
      await new Promise((resume) => setTimeout(resume, 1_000));
      const started = performance.now();
      if (!run.act({ pause: { node: "n" + (deed + 2) } })) throw new Error("it was not done");
      found.acted.push(performance.now() - started);
      await drawn();
      found.drawn.push(performance.now() - started);
    }
    return found;
  })()`);
  say("  something done in its middle", spread(times.acted));
  say("  until all views are drawn", `${spread(times.drawn)}, most ${milliseconds(Math.max(...times.drawn))}`, "under 1 s");
}

/** The largest renderer's resident memory, in megabytes: the page's. */
async function resident() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const kilobytes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0));
  return Math.max(...kilobytes) / 1_024;
}

/** PBFT with many replicas, all of whose votes go to all others: what is executed in a second of real time, while the page shows it. */
async function manyReplicas(address) {
  const page = await open(address);
  const executed = `Math.max(...${RUN}.moment.nodes().slice(0, ${REPLICAS}).map(({ log }) => log.commit_index))`;
  await page.evaluate(`(async () => {
    const run = ${RUN};
    await run.choose("pbft");
    run.load({ protocol: "pbft", replicas: ${REPLICAS}, clients: 3, seed: 1, limits: { events: 2_000_000 } });
    run.playhead.setSpeed(Infinity);
  })()`);
  const before = await page.evaluate(`[${executed}, ${RUN}.status.events]`);
  await page.evaluate(`${RUN}.playhead.play()`);
  const started = Date.now();
  const stopped = page.waitForFunction(() => document.querySelector("playground-app").run.status.stopped !== null, null, { polling: 50, timeout: 0 });
  // What is still waited for ends with its page.
  await Promise.race([page.waitForTimeout(WATCHED_MS), stopped.catch(() => {})]);
  const after = await page.evaluate(`(${RUN}.playhead.pause(), [${executed}, ${RUN}.status.events])`);
  const seconds = (Date.now() - started) / 1_000;
  const rate = (place) => (after[place] - before[place]) / seconds;
  say(`PBFT with ${REPLICAS} replicas at full speed`, `${rate(0).toFixed(1)} decisions a second`, "at least 10");
  say("", `${Math.round(rate(1)).toLocaleString("en")} events a second, over ${seconds.toFixed(0)} s`);
  await page.close();
}

function say(what, found, wanted) {
  console.log(`${what.padEnd(44)} ${found.padEnd(34)} ${wanted === undefined ? "" : `(wanted: ${wanted})`}`);
}

const milliseconds = (time) => `${time.toFixed(1)} ms`;

/** The value below which this part of all lies. */
function quantile(values, part) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function spread(values) {
  return `p50 ${milliseconds(quantile(values, 0.5))}, p95 ${milliseconds(quantile(values, 0.95))}`;
}

async function open(address) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(address);
  await page.getByRole("button", { name: /^Play/ }).waitFor();
  // Where a story is told, play halts.
  await page.evaluate(`${RUN}.story.leave()`);
  return page;
}

async function firstLoad(address) {
  const times = [];
  let bytes = 0;
  for (let load = 0; load < LOADS; load += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const bodies = [];
    page.on("response", (response) => bodies.push(response.body()));
    await page.goto(address, { waitUntil: "networkidle" });
    // The page makes this mark when its views stand there for the first time, and answer.
    times.push(await page.evaluate(() => performance.getEntriesByName("interactive")[0]?.startTime ?? NaN));
    bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
    await context.close();
  }
  say("First load, gzipped", `${(bytes / 1_000).toFixed(1)} kB`, "at most 350 kB");
  say("Interactive, from localhost", `median ${quantile(times, 0.5).toFixed(0)} ms of ${LOADS}`, "under 1 s");
}

/** Plays as fast as it goes until there are so many messages, or to the run's limit; returns the longest task meanwhile. */
async function play(page, messagesMax) {
  const before = await page.evaluate(`${RUN}.status.events`);
  let passed = 0;
  const tasks = ownTasks(
    await trace(page, async () => {
      await page.evaluate(`${RUN}.playhead.setSpeed(Infinity), ${RUN}.playhead.play()`);
      const started = Date.now();
      await page.waitForFunction(
        (most) => {
          const { run } = document.querySelector("playground-app");
          const done = run.status.messages >= most || run.status.stopped !== null;
          if (done) run.playhead.pause();
          return done;
        },
        messagesMax,
        { polling: 50, timeout: 300_000 },
      );
      passed = Date.now() - started;
    }),
  );
  const [events, messages] = await page.evaluate(`[${RUN}.status.events, ${RUN}.status.messages]`);
  say("Played at full speed", `to ${events.toLocaleString("en")} events, ${messages.toLocaleString("en")} messages`);
  const long = tasks.filter(({ dur }) => dur > 50_000).length;
  say("", `${Math.round(((events - before) / passed) * 1_000).toLocaleString("en")} events a second; ${long} of ${tasks.length} tasks over 50 ms by the clock`);
  return Math.max(0, ...tasks.map(({ tdur }) => tdur ?? 0)) / 1_000;
}

/** Zooms out and in, and pans, with the wheel, one turn a frame. */
async function gestures(page, at) {
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  const box = await page.getByRole("application", { name: /^Space-time diagram/ }).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const frames = perFrame(
    await trace(page, async () => {
      for (let turn = 0; turn < GESTURES; turn += 1) {
        const [dx, dy] = TURNS[Math.floor(turn / (GESTURES / TURNS.length))] ?? [0, 0];
        await page.mouse.wheel(dx, dy);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      }
    }),
  );
  say(`Work in a frame, zooming and panning`, `${spread(frames.script)} scripts`);
  say(`  over ${at}`, `${spread(frames.all)} everything`, "p95 under 8 ms");
}

/** What the page's main thread did while something went on, by the browser's trace. */
async function trace(page, action) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline", "toplevel", "disabled-by-default-devtools.timeline"] } });
  await action();
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  const thread = events.find(({ name }) => name === "FireAnimationFrame");
  return events.filter((event) => thread !== undefined && event.pid === thread.pid && event.tid === thread.tid && event.ph === "X").toSorted((one, other) => one.ts - other.ts);
}

const ownTasks = (own) => own.filter(({ name }) => name === "RunTask");

/** For each frame that answered a turn of the wheel: all that the main thread did up to its commit, and the scripts among that. */
function perFrame(own) {
  const scripts = outermost(own.filter(({ name }) => ["EventDispatch", "FireAnimationFrame", "FunctionCall", "RunMicrotasks", "TimerFire"].includes(name)));
  const commits = own.filter(({ name }) => name === "Commit").map(({ ts, dur }) => ts + dur);
  const frameOf = (ts) => commits.findIndex((end) => end >= ts);
  const frames = commits.map(() => ({ all: 0, script: 0, wheel: false }));
  const add = (list, key) => {
    for (const { ts, tdur } of list) {
      const frame = frames[frameOf(ts)];
      // The thread's own time: what other programs took from it meanwhile is not the page's work.
      if (frame !== undefined) frame[key] += (tdur ?? 0) / 1_000;
    }
  };
  add(ownTasks(own), "all");
  add(scripts, "script");
  for (const { name, args, ts } of own) {
    const frame = frames[frameOf(ts)];
    if (frame !== undefined && name === "EventDispatch" && args?.data?.type === "wheel") frame.wheel = true;
  }
  const answered = frames.filter(({ wheel }) => wheel);
  return { all: answered.map(({ all }) => all), script: answered.map(({ script }) => script) };
}

function outermost(events) {
  let end = 0;
  return events.filter(({ ts, dur }) => {
    const outside = ts >= end;
    end = Math.max(end, ts + dur);
    return outside;
  });
}

/** Winds to places all over the run, far apart. */
async function seeks(page) {
  let times = { engine: [], drawn: [] };
  const own = await trace(page, async () => {
    times = await page.evaluate(`(async () => {
    const run = ${RUN};
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = resolve; channel.port2.postMessage(0); }));
    const found = { engine: [], drawn: [] };
    for (let seek = 0; seek < ${SEEKS}; seek += 1) {
      // Steps of the golden ratio land everywhere, and never near the last place.
      const events = Math.floor((((seek + 1) * 0.6180339887) % 1) * run.status.events);
      const started = performance.now();
      run.live.call((simulation) => simulation.seek(events));
      found.engine.push(performance.now() - started);
      run.live.call((simulation) => simulation.seek(run.status.cursor));
      await drawn();
      const again = performance.now();
      run.playhead.seek(events);
      await drawn();
      found.drawn.push(performance.now() - again);
    }
    return found;
  })()`);
  });
  const each = ownTasks(own).reduce((sum, { tdur }) => sum + (tdur ?? 0), 0) / 1_000 / SEEKS;
  say(`A seek among ${(await page.evaluate(`${RUN}.status.events`)).toLocaleString("en")} events: engine`, `${spread(times.engine)}, most ${milliseconds(Math.max(...times.engine))}`);
  say("  until all views are drawn", `${spread(times.drawn)}, most ${milliseconds(Math.max(...times.drawn))}`, "under 100 ms");
  say("  the thread's own time of that", `${milliseconds(each)} on average`);
}

const server = await preview({ logLevel: "warn", preview: { host: "localhost", port: 0, strictPort: false } });
browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // A container's root user has no sandbox to run in; nothing but our own page is loaded.
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
});
try {
  const address = server.resolvedUrls?.local[0] ?? "";
  // `www/measure replicas` and `www/measure long` measure that alone.
  const alone = { replicas: manyReplicas, long: longRun };
  await (alone[process.argv[2]] ?? measure)(address);
} finally {
  await browser.close();
  await server.close();
}
