// Keeps the page around told of the run: where it stands, what was found, and what went wrong.

import type { PlaygroundState } from "../element/types/consensus-playground.js";
import { TICKS_PER_SECOND } from "../engine/playhead.js";
import type { Topic } from "../engine/emitter.js";
import type { Run } from "../engine/run.js";
import { worst } from "../views/verdict/worst.js";
import { report } from "./messages.js";

const TOPICS: readonly Topic[] = ["time", "records", "scenario", "playing", "verdict", "story"];
/** Milliseconds between two reports: while the run plays, and else what belongs together is told together. */
const PACE = { playing: 250, resting: 40 };

export function reportState(run: Run): void {
  let timer = 0;
  let before = "";
  const tell = (): void => {
    timer = 0;
    // An engine that is being started again has no state: it tells when it is there.
    if (run.reviving) {
      return;
    }
    const state = stateOf(run);
    const text = JSON.stringify(state);
    if (text !== before) {
      before = text;
      report({ type: "state", ...state });
    }
  };
  run.emitter.listen((topics) => {
    if (timer === 0 && TOPICS.some((topic) => topics.has(topic))) {
      timer = window.setTimeout(tell, run.playhead.playing ? PACE.playing : PACE.resting);
    }
  });
  tell();
}

function stateOf(run: Run): PlaygroundState {
  const { playhead, status, story } = run;
  const found = playhead.playing ? null : worst(run);
  return {
    event: status.cursor,
    events: status.events,
    time: playhead.clock / TICKS_PER_SECOND,
    playing: playhead.playing,
    verdict: found === null ? null : { standing: found.standing, sentence: found.sentence },
    caption: story.told && story.index >= 0 ? story.index + 1 : null,
  };
}

/** What the reader is told of errors, the page around is told, too. */
export function reportNotices(run: Run): void {
  let last = 0;
  const tell = (): void => {
    for (const { id, tone, text } of run.notices.list) {
      if (id > last && tone === "bad") {
        report({ type: "error", place: "", message: text });
      }
      last = Math.max(last, id);
    }
  };
  run.emitter.listen((topics) => {
    if (topics.has("notices")) {
      tell();
    }
  });
  tell();
}
