// The course's module: fetched once, started anew after a death. And what all its views need: opening a prepared run,
// choosing a goal.

import type * as CoursePackage from "../../../pkg/course/course.js";
import { isDeath, startModule } from "../../engine/engine.js";
import type { Course, CourseGoal, GalleryEntry } from "../../engine/engine.js";
import { isKeptUndecided, loadEntry } from "../../engine/prepared.js";
import type { Run } from "../../engine/run.js";
import { isKnown } from "../../protocols/protocol.js";

/** The course's module: its node, its texts, its goals, what is measured. */
export type CourseEngine = typeof CoursePackage;

export interface Loaded {
  engine: CourseEngine;
  course: Course;
  runs: ReadonlyMap<string, GalleryEntry>;
}

let loaded: Promise<Loaded> | undefined;

/** The course, with its engine. */
export function loadCourse(): Promise<Loaded> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Loaded> {
  try {
    const engine = await startModule<CourseEngine>("course");
    const runs = new Map(engine.course_runs().map((entry) => [entry.name, entry]));
    return { engine, course: engine.course(), runs };
  } catch (error) {
    loaded = undefined;
    throw error;
  }
}

/** Asks the course's engine. If it dies, the next who asks gets a fresh one. */
export async function ask<T>(question: (engine: CourseEngine) => T): Promise<T> {
  const { engine } = await loadCourse();
  try {
    return question(engine);
  } catch (error) {
    if (isDeath(error)) {
      loaded = undefined;
    }
    throw error;
  }
}

/** Whether the page can show a run: it knows its protocol. */
export function canOpen(entry: GalleryEntry): boolean {
  return isKnown(entry.scenario.protocol);
}

/** Opens a prepared run in the playground. */
export async function openRun(run: Run, entry: GalleryEntry): Promise<void> {
  const isWanted = run.engines.request();
  await run.engines.of(entry.scenario.protocol);
  if (isWanted()) {
    loadEntry(run, entry);
    window.location.hash = "";
    if (isKeptUndecided(entry)) {
      showSide();
    }
  }
}

/** Where one view is shown at a time: the one with the goal and the scheduler. */
function showSide(): void {
  window.dispatchEvent(new CustomEvent("playground-show", { detail: "playground-partition" }));
}

let chosen: CourseGoal | null = null;

/** The goal that the person tries to reach in the playground. */
export function chosenGoal(): CourseGoal | null {
  return chosen;
}

/** Chooses a goal, or none. */
export function chooseGoal(goal: CourseGoal | null): void {
  chosen = goal;
  window.dispatchEvent(new CustomEvent("playground-goal"));
  if (goal !== null) {
    showSide();
  }
}
