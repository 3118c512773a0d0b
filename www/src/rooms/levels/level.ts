// What a level is made of. A level is data: a scenario, whom the learner plays, at which moments that process is asked,
// and which answers there are. What is right the data does not say: an answer names a step, and the core takes one.

import type { CaptionMoment, Scenario } from "../../engine/engine.js";

export interface Level {
  /** In the address. */
  name: string;
  title: string;
  /** What it is about, to the reader. */
  about: string;
  minutes: number;
  /** The process that the learner plays. */
  role: string;
  scenario: Scenario;
  /** How long the run goes, in ticks. */
  until: number;
  /** So many answers right at first pass it. */
  reach: number;
  /** In the order in which their moments come. */
  questions: readonly Question[];
  /** Said at the end. */
  end: string;
  /** The right answers, by their places from 0, as its author knows them: the core is held to it. */
  solution: readonly number[];
}

export interface Question {
  /** The event by which the process answers. The run halts right before it. */
  moment: CaptionMoment;
  ask: string;
  hint?: string;
  /** Which of its own fields matter; left out: what is on its disk. */
  know?: readonly string[];
  answers: readonly Answer[];
  /** Why the core does what it does. */
  why: string;
}

export interface Answer {
  text: string;
  /** The step that it means. */
  is: Outcome;
  /** Said where it is wrong. */
  why?: string;
  /** What enters the world where it is wrong: a rule that is switched off; `unheard`: what the process says gets lost. Left out: the first rule without which the core does so. */
  world?: string;
  /** The place of the earlier question at whose moment the rule is missing; left out: at this one. */
  since?: number;
}

/** What a step must be; what is left out may be anything. */
export interface Outcome {
  /** A rule that it follows. */
  rule?: string;
  /** A rule that it does not follow. */
  without?: string;
  /** A message that it sends to another. */
  sends?: { kind: string; to?: string; fields?: Readonly<Record<string, Plain>> };
  /** It sends nothing of the kind. */
  unsent?: string;
  /** Its own fields after it. */
  now?: Readonly<Record<string, Plain>>;
}

/** A field's value as data has it: a process by its name. */
export type Plain = null | boolean | number | string | readonly Plain[];
