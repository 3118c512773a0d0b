// What the pointer is on, in two lines.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { styled } from "../../design/styled.js";
import { seconds, span } from "../../design/words.js";
import { IN_FLIGHT } from "../../engine/codes.js";
import type { Run } from "../../engine/run.js";
import type { Selection } from "../../engine/view-state.js";
import { looksOf } from "../../protocols/protocol.js";
import type { Point } from "./frame.js";

/** Pixels from the pointer; and what a tooltip takes at most. */
const APART = 14;
const WIDTH = 250;
const HEIGHT = 130;
/** Where it stands above the pointer. */
const ABOVE = 74;

export interface Pointed {
  at: Point;
  what: Selection;
}

export function tooltip(run: Run, { at, what }: Pointed, width: number, height: number): TemplateResult {
  const left = Math.min(at.x + APART, width - WIDTH);
  const top = at.y > height - HEIGHT ? at.y - ABOVE : at.y + APART;
  const [title, detail] = what.kind === "message" ? messageWords(run, what.message) : what.kind === "event" ? eventWords(run, what.event) : ["", ""];
  return html`<div class="tooltip" role="presentation" ${styled({ left: `${Math.max(4, left)}px`, top: `${top}px` })}>
    <strong>${title}</strong><span>${detail}</span>
  </div>`;
}

function messageWords(run: Run, message: number): [string, string] {
  const { records } = run;
  const code = records.messageFate.at(message);
  const fate = code === IN_FLIGHT ? "on its way" : (run.catalogue.message_fates[code] ?? "");
  const kind = run.catalogue.message_kinds[records.messageKind.at(message)] ?? "message";
  const label = run.labels.of(message);
  const way = records.messageEnd(message) - records.messageSent.at(message);
  return [
    `${kind} ${run.name(records.messageFrom.at(message))} → ${run.name(records.messageTo.at(message))}`,
    `${label === "" ? "" : `${label} · `}sent ${seconds(records.messageSent.at(message))} · ${span(way)} · ${fate}`,
  ];
}

function eventWords(run: Run, event: number): [string, string] {
  const view = run.moment.event(event);
  const telling = looksOf(run.catalogue.protocol).tellingRules ?? [];
  const rule = (view.rules.find(({ name }) => telling.includes(name)) ?? view.rules[0])?.text ?? "";
  return [`${view.node === null ? "" : `${run.name(view.node)}: `}${view.title}`, `${seconds(view.time)}${rule === "" ? "" : ` · ${rule}`}`];
}
