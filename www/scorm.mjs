// Packs one task as a SCORM 1.2 package, a zip file that learning platforms take in: node www/scorm.mjs goal/stale-read
//
// Into it goes what task.html needs of the built page and nothing else: the files that it names, those that these name, and
// so on; of the wasm modules, those of the task. Files have the same time in every package: the same page makes the same zip.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { zipSync } from "fflate";

import { start } from "./headless.mjs";

const DIST = new URL("dist/", import.meta.url);
const OUT = new URL("../target/scorm/", import.meta.url);
const ENTRY = "task.html";
/** Zip files know no time before it. */
const MADE = new Date(1980, 0, 1);
const PROTOCOLS = ["raft", "paxos", "multi-paxos", "viewstamped", "pbft", "tendermint"];
const MODULES = [...PROTOCOLS, "links", "threshold", "explore", "hunt", "course"];

/** All that can be packed. */
async function tasks() {
  const engine = await start("course");
  const { goals, tracks, lessons } = engine.course();
  const protocols = new Map(engine.course_runs().map(({ name, scenario }) => [name, scenario.protocol]));
  const read = [...tracks.flatMap((track) => track.tasks), ...lessons];
  const shown = ({ name, runs }) => [...runs, ...engine.course_questions(name).map(({ run }) => run)].map((run) => protocols.get(run));
  const folder = new URL("src/rooms/levels/data/", import.meta.url);
  const levels = readdirSync(folder).filter((file) => file.endsWith(".json")).map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")));
  return [
    ...goals.map(({ name, title, protocol }) => ({ kind: "goal", name, title, modules: [protocol, "links", "course"] })),
    ...read.map((lesson) => ({ kind: "lesson", name: lesson.name, title: lesson.title, modules: [...new Set(shown(lesson)), "links", "course"] })),
    ...levels.map(({ name, title, scenario }) => ({ kind: "level", name, title, modules: [scenario.protocol, "links"] })),
  ];
}

/** The files that the entry needs, by their names in the page. */
function needed(modules) {
  const folder = fileURLToPath(DIST);
  const found = new Set();
  const all = new Set(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/")));
  const isLeftOut = (file) => MODULES.some((module) => !modules.includes(module) && file.startsWith(`assets/${module}_bg-`));
  const follow = (file) => {
    if (found.has(file) || !all.has(file) || isLeftOut(file)) {
      return;
    }
    found.add(file);
    if (/\.(html|js|css)$/.test(file)) {
      const text = readFileSync(new URL(file, DIST), "utf8");
      // Names in assets have a hash of the content in them, and stand where they are needed as they are.
      [...all].filter((other) => other.startsWith("assets/") && text.includes(other.slice("assets/".length))).forEach(follow);
    }
  };
  [ENTRY, "embed.html"].forEach(follow);
  for (const file of all) {
    if (/^(LICENSE|licences)/i.test(file)) {
      found.add(file);
    }
  }
  return [...found].toSorted();
}

const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);

/** As the content packaging of SCORM 1.2 has it: one organization of one item, which is one resource that speaks with the platform. */
function manifest({ kind, name, title }, files) {
  const id = `consensus-playground.${kind}.${name}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${id}" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="${id}.organization">
    <organization identifier="${id}.organization">
      <title>${escaped(title)}</title>
      <item identifier="${id}.item" identifierref="${id}.resource" isvisible="true">
        <title>${escaped(title)}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="${id}.resource" type="webcontent" adlcp:scormtype="sco" href="${ENTRY}">
${files.map((file) => `      <file href="${escaped(file)}"/>`).join("\n")}
    </resource>
  </resources>
</manifest>
`;
}

/** The task's page, in which its task is written: no platform passes parameters on in the same way. */
function page({ kind, name }) {
  const text = readFileSync(new URL(ENTRY, DIST), "utf8");
  const marked = text.replace("<title>", `<meta name="playground-task" content="${kind}=${name}">\n    <title>`);
  if (marked === text) {
    throw new Error(`${ENTRY} has no title to write the task before`);
  }
  return marked;
}

const asked = process.argv[2] ?? "";
const all = await tasks();
const fitting = all.filter(({ kind, name }) => asked === name || asked === `${kind}/${name}`);
const [task] = fitting;
if (task === undefined || fitting.length > 1) {
  const names = (fitting.length > 1 ? fitting : all).map(({ kind, name }) => `  ${kind}/${name}`).join("\n");
  console.error(`${fitting.length > 1 ? `“${asked}” is several:` : `There is no goal, no lesson and no level “${asked}”. There are:`}\n${names}`);
  process.exit(2);
}
const files = needed(task.modules);
const encoder = new TextEncoder();
const contents = Object.fromEntries(files.map((file) => [file, file === ENTRY ? encoder.encode(page(task)) : new Uint8Array(readFileSync(new URL(file, DIST)))]));
const zip = zipSync({ "imsmanifest.xml": encoder.encode(manifest(task, files)), ...contents }, { level: 9, mtime: MADE });
const out = new URL(`${task.kind}-${task.name}.zip`, OUT);
mkdirSync(dirname(fileURLToPath(out)), { recursive: true });
writeFileSync(out, zip);
console.log(`${fileURLToPath(out)}: ${files.length} files, ${zip.length.toLocaleString("en")} bytes`);
