// What a figure of the run would show as the page is now.

import { apostrophes } from "../../design/words.js";
import { addressOf, nameOf } from "../../engine/link.js";
import { titleOf } from "../../engine/origin.js";
import type { Run } from "../../engine/run.js";
import type { FigureSettings } from "../../figure/figure.js";
import type { PlaygroundDiagram } from "../diagram/diagram.js";
import { positionAt, visibleEnd } from "../diagram/frame.js";
import { TrueSpacing } from "../diagram/spacing.js";
import type { Spacing } from "../diagram/spacing.js";

export type Settings = Omit<FigureSettings, "address">;

/** The page's own address, without any run. */
export const PAGE = new URL("./", document.baseURI).href;

/** Where the run is to be seen. What makes links must be there; throws where it does not fit into one. */
export function addressNow(run: Run): string {
  const name = nameOf(run);
  return name === null ? addressOf(run) : `${PAGE}${name}`;
}

/** What the diagram shows; where it is not shown, the whole run. */
export function settingsNow(run: Run): Settings {
  const diagram = document.querySelector("playground-app")?.shadowRoot?.querySelector<PlaygroundDiagram>("playground-diagram");
  const scene = diagram?.scene ?? null;
  const spacing: Spacing = scene?.spacing ?? new TrueSpacing(run.records);
  const span = scene === null ? { start: 0, end: run.extent } : { start: Math.max(0, positionAt(scene.frame, scene.frame.head)), end: Math.min(visibleEnd(scene.frame), Math.max(spacing.extent(), 1)) };
  const { current, told } = run.story;
  return {
    size: "paper",
    theme: getComputedStyle(document.documentElement).colorScheme === "dark" || (document.documentElement.dataset["theme"] === undefined && matchMedia("(prefers-color-scheme: dark)").matches) ? "dark" : "light",
    down: run.view.looks.direction === "down",
    span,
    spacing,
    whole: false,
    title: apostrophes(titleOf(run)),
    caption: told && current !== undefined ? apostrophes([current.title.replace(/(?<![.?!…])$/, "."), current.text ?? ""].join(" ").trim()) : "",
  };
}
