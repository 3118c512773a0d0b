// A level as a task: the level's own page, whose answers are told to the platform around, and given again.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { LEVELS } from "../rooms/levels/data/all.js";
import type { PlaygroundLevel } from "../rooms/levels/level-page.js";
import type { Asked } from "./task.js";
import "../rooms/levels/level-page.js";

export function draw({ name, known, report }: Asked): TemplateResult {
  const level = LEVELS.find((each) => each.name === name);
  if (level === undefined) {
    return html`<p role="alert">There is no level “${name.slice(0, 60)}”. There are: ${LEVELS.map((each) => each.name).join(", ")}.</p>`;
  }
  const tell = (event: Event): void => {
    const { play } = event.target as PlaygroundLevel;
    if (play !== null) {
      const { chosen, rightAtFirst, isPassed, exam } = play;
      report({ score: rightAtFirst / exam.posed.length, passed: isPassed, state: { task: `level/${name}`, chosen } });
    }
  };
  return html`<playground-level .level=${level} .answers=${known?.chosen} @playground-score=${tell}></playground-level>`;
}
