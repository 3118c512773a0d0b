// SCORM 1.2: a package that a learning platform has started finds an object `API` in a window around it, or in the one that
// opened it. Values are texts; a score is from 0 to 100; what is to be known next time is `cmi.suspend_data`, of at most
// 4,096 characters.

import { count } from "../design/words.js";
import type { Platform, Progress } from "./platform.js";

const SUSPEND_DATA_MAX = 4_096;
/** So many windows around it are looked into. */
const WINDOWS_MAX = 10;

interface Api {
  LMSInitialize(nothing: ""): unknown;
  LMSGetValue(name: string): unknown;
  LMSSetValue(name: string, value: string): unknown;
  LMSCommit(nothing: ""): unknown;
  LMSFinish(nothing: ""): unknown;
  LMSGetLastError(): unknown;
}

export class Scorm implements Platform {
  private constructor(private readonly api: Api) {}

  static find(known: (state: unknown) => void): Scorm | null {
    const api = apiAround(window) ?? apiAround(window.opener as Window | null);
    if (api === null || !isTrue(api.LMSInitialize(""))) {
      return null;
    }
    const scorm = new Scorm(api);
    const status = String(api.LMSGetValue("cmi.core.lesson_status"));
    if (status === "" || status === "not attempted") {
      api.LMSSetValue("cmi.core.lesson_status", "incomplete");
    }
    // It may be left at any time, and is to be gone on with.
    api.LMSSetValue("cmi.core.exit", "suspend");
    window.addEventListener("pagehide", () => api.LMSFinish(""), { once: true });
    known(parsed(String(api.LMSGetValue("cmi.suspend_data"))));
    return scorm;
  }

  report({ score, passed, state }: Progress): string {
    const { text, leftOut } = suspendData(state);
    const values: [string, string][] = [
      ["cmi.core.score.min", "0"],
      ["cmi.core.score.max", "100"],
      ["cmi.core.score.raw", String(Math.round(100 * score))],
      ["cmi.suspend_data", text],
      // What was passed once stays passed.
      ...(passed ? [["cmi.core.lesson_status", "passed"] as [string, string]] : []),
    ];
    const refused = values.filter(([name, value]) => !isTrue(this.api.LMSSetValue(name, value))).map(([name]) => name);
    if (!isTrue(this.api.LMSCommit(""))) {
      refused.push("the whole");
    }
    return refused.length === 0 ? leftOut : `The learning platform did not take ${refused.join(", ")} (its error ${String(this.api.LMSGetLastError())}).`;
  }
}

/** The state as a text that fits, and what of it did not. */
export function suspendData(state: Progress["state"]): { text: string; leftOut: string } {
  const text = JSON.stringify(state);
  if (text.length <= SUSPEND_DATA_MAX) {
    return { text, leftOut: "" };
  }
  const leftOut = `The link to your run has ${count(state.link?.length ?? 0, "character")}, and the learning platform keeps ${SUSPEND_DATA_MAX.toLocaleString("en")}: your score is kept, your run is not. Copy its link if you want it again.`;
  return { text: JSON.stringify({ task: state.task }), leftOut };
}

function isTrue(value: unknown): boolean {
  return String(value) === "true";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function apiAround(from: Window | null): Api | null {
  let at = from;
  for (let tried = 0; at !== null && tried < WINDOWS_MAX; tried += 1) {
    try {
      const { API: found } = at as Window & { API?: Api };
      if (found !== undefined && found !== null) {
        return found;
      }
    } catch {
      // A window of another origin: what is around it may still be of this one.
    }
    at = at.parent === at ? null : at.parent;
  }
  return null;
}
