// The learning platform around a task: it is told the score and the state, and may know the state from last time. Two kinds
// are spoken with, neither of which needs a server of ours: whoever shows this page in a frame by SPLICE's messages and by
// our own, and whoever started it as a SCORM 1.2 package by the API that it offers.

import { ANSWERS_MAX } from "../rooms/course/answers.js";
import { Scorm } from "./scorm.js";
import { Splice } from "./splice.js";

/** How far somebody has come. */
export interface Progress {
  /** From 0 to 1. */
  score: number;
  passed: boolean;
  /** From which the task goes on next time: for a goal the link, for a level or a lesson the answers. */
  state: TaskState;
}

export interface TaskState {
  /** Which task it is the state of: `goal/stale-read`. */
  task: string;
  link?: string;
  /** Of each question what was chosen, in order. */
  chosen?: readonly (readonly number[])[];
}

export interface Platform {
  /** Tells how far somebody has come; what could not be kept is said in a sentence. */
  report(progress: Progress): string;
}

/** What is known of a task from last time, once that is told; `restore` is called at most once for each platform. */
export function platforms(task: string, restore: (state: TaskState) => void): readonly Platform[] {
  const known = (value: unknown): void => {
    const state = stateIn(value, task);
    if (state !== null) {
      restore(state);
    }
  };
  return [Scorm.find(known), Splice.find(known)].filter((platform) => platform !== null);
}

const LINK_LENGTH_MAX = 1_000_000;

/** Reads a state that comes from outside; null for what is none, or that of another task. */
export function stateIn(value: unknown, task: string): TaskState | null {
  if (typeof value !== "object" || value === null || !("task" in value) || value.task !== task) {
    return null;
  }
  const link = "link" in value && typeof value.link === "string" && value.link.length <= LINK_LENGTH_MAX ? { link: value.link } : {};
  const chosen = "chosen" in value && isChosen(value.chosen) ? { chosen: value.chosen } : {};
  return { task, ...link, ...chosen };
}

const isShort = (value: unknown): value is unknown[] => Array.isArray(value) && value.length <= ANSWERS_MAX;

function isChosen(value: unknown): value is number[][] {
  return isShort(value) && value.every((answers) => isShort(answers) && answers.every((answer) => Number.isInteger(answer) && Number(answer) >= -1));
}
