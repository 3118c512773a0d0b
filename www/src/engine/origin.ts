// What a run began as: the prepared run whose title it has, and whether something of it was changed by hand since.

import { looksOf } from "../protocols/protocol.js";
import type { GalleryEntry, Intervention, Scenario } from "./engine.js";

/** A run that may have begun as a prepared one. */
interface Begun {
  readonly scenario: Scenario;
  readonly entries: readonly GalleryEntry[];
}

/** The prepared run that it began as: what was changed since leaves it its title. */
export function preparedOf({ scenario: { title }, entries }: Begun): GalleryEntry | undefined {
  return entries.find(({ scenario }) => scenario.title === title);
}

/** Whether its settings, or what is done to it, are others than were prepared. */
export function isChanged(run: Begun): boolean {
  const prepared = preparedOf(run);
  return prepared !== undefined && (settingsOf(prepared.scenario) !== settingsOf(run.scenario) || deedsOf(prepared.scenario) !== deedsOf(run.scenario));
}

/** What it is called: its title, and that it is changed where what is said of the prepared run may not hold any more. */
export function titleOf(run: Begun): string {
  const title = preparedOf(run)?.title ?? run.scenario.title ?? looksOf(run.scenario.protocol).title;
  return isChanged(run) ? `${title}, changed` : title;
}

/** What makes a run another one than was prepared: all but what is done to it, and what is said. */
export function settingsOf(scenario: Scenario): string {
  const { captions: _captions, interventions: _interventions, limits: _limits, title: _title, ...settings } = scenario;
  return JSON.stringify(settings);
}

/** What is done, and when. After which event of that time is known only once it was done. */
function deedsOf({ interventions = [] }: Scenario): string {
  return JSON.stringify(interventions.map(({ at, action }: Intervention) => [at, action]));
}
