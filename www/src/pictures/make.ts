// All prepared runs, those of the course too, with what the gallery shows of them. Made when the page is built
// (www/pictures.mjs): the page itself only reads what comes of it.

import { engineOf } from "../engine/engine.js";
import type { GalleryEntry, Scenario } from "../engine/engine.js";
import type { Family, Package } from "../engine/modules.js";
import { Run } from "../engine/run.js";
import { PROTOCOLS, looksOf } from "../protocols/protocol.js";
import { actOf } from "./act.js";
import type { Act } from "./act.js";
import { pictureOf } from "./picture.js";

/** A prepared run in the gallery. */
export interface PreparedRun {
  name: string;
  title: string;
  about: string;
  protocol: string;
  act: Act;
  /** Where the protocol's own module does not have it: it is the course's. */
  entry?: GalleryEntry;
}

export interface Made {
  run: PreparedRun;
  /** The elements of its picture. */
  picture: string;
}

/** The exports of a module that was started. */
export type Modules = (name: Family) => Promise<unknown>;

export async function makeAll(start: Modules): Promise<Made[]> {
  const course = (await start("course")) as { course_runs: () => GalleryEntry[] };
  const ofCourse = course.course_runs();
  const made: Made[] = [];
  for (const [protocol] of PROTOCOLS) {
    const engine = engineOf((await start(looksOf(protocol).family)) as typeof Package);
    const own = engine.gallery().filter(({ scenario }) => scenario.protocol === protocol);
    const others = ofCourse.filter(({ name, scenario }) => scenario.protocol === protocol && own.every((each) => each.name !== name));
    const paint = (scenario: Scenario, name: string): string => {
      const run = new Run();
      run.engines.put(looksOf(protocol).family, engine);
      run.load(scenario);
      return pictureOf(run, name);
    };
    for (const entry of [...own, ...others]) {
      const { name, title, about, scenario } = entry;
      const run: PreparedRun = { name, title, about, protocol, act: actOf(scenario) };
      made.push({ run: own.includes(entry) ? run : { ...run, entry }, picture: paint(scenario, name) });
    }
  }
  return made;
}
