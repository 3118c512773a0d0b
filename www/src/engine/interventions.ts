// What a run's interventions say of it.

import type { GalleryEntry, InterventionView, Scenario } from "./engine.js";

/** Virtual time that has passed when a run is opened: long enough for a leader and a few answers. */
const OPENING_TICKS = 1_500_000;
/** How long after the first intervention there is something to see. */
const AFTER_FIRST_TICKS = 100_000;

/** Many links in a row are only counted. */
export function shortText({ text, action }: InterventionView): string {
  if (typeof action === "object" && ("cut" in action || "restore" in action)) {
    const [verb, links] = "cut" in action ? ["cut", action.cut.links] : ["restore", action.restore.links];
    return links.length > 2 ? `${verb} ${links.length} links` : text;
  }
  return text;
}

/** Whether it does no harm, and only says what happens next. */
export function isSteering({ action }: InterventionView): boolean {
  return typeof action === "object" && ("deliver_message_now" in action || "fire_timer" in action);
}

/**
 * When a prepared run has something to show: a little after the first thing that is done to it, else when it has
 * settled.
 */
export function openingOf(scenario: Scenario): number {
  const done = scenario.interventions?.filter(({ action }) => typeof action === "string" || !("invoke" in action));
  const first = done?.reduce((least, { at }) => Math.min(least, at), Infinity) ?? Infinity;
  return Number.isFinite(first) ? first + AFTER_FIRST_TICKS : OPENING_TICKS;
}

/** Whether something was done to a run besides what a link, or the prepared run of its title, has. */
export function hasMoreDone({ title, interventions = [] }: Scenario, linked: Scenario | undefined, prepared: readonly GalleryEntry[]): boolean {
  const given = linked ?? prepared.find(({ scenario }) => scenario.title === title)?.scenario;
  return interventions.length !== (given?.interventions?.length ?? 0);
}

/** A scenario with the captions and limits of another: with them, nothing else happens. */
export function retold(scenario: Scenario, { captions, limits }: Scenario): Scenario {
  const { captions: _captions, limits: _limits, ...rest } = scenario;
  return { ...rest, ...(captions === undefined ? {} : { captions }), ...(limits === undefined ? {} : { limits }) };
}
