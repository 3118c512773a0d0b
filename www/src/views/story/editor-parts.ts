// The parts of the form in which a caption is written: its moment, what to look at, what to ask.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { seconds } from "../../design/words.js";
import type { Action, CaptionLook } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import type { Selection, TimeSpan } from "../../engine/view-state.js";
import { killOffer, powerOffers } from "../actions/offers.js";
import { cutOff } from "../side/cut-off.js";
import { MOST } from "./draft.js";
import type { Asking, Draft } from "./draft.js";
import { choiceField, numberField, plainChoices, textField, tickField } from "./editor-fields.js";
import type { Choice } from "./editor-fields.js";
import { KINDS, partsOf } from "./moment-kinds.js";
import type { MomentDraft, MomentKind } from "./moment-kinds.js";

const NTH_MAX = 1_000_000;
const INDEX_MAX = 1_000_000;
const ANYWHERE: Choice = ["", "anywhere"];
const CHOICES = "Choices, one on each line, the right one with * before it";

export type Change = (part: Partial<Draft>) => void;

// When

export function momentPart(run: Run, { moment }: Draft, change: Change): TemplateResult {
  const { catalogue, playhead } = run;
  const { names, where, has = [] } = partsOf(moment.kind);
  const set = (part: Partial<MomentDraft>): void => change({ moment: { ...moment, ...part } });
  const kinds = Object.entries(KINDS).map(([name, { words }]): Choice => [name, words]);
  const chooseKind = (kind: MomentKind): void => {
    const [what = ""] = partsOf(kind).names?.(catalogue) ?? [];
    set({ kind, what, node: "", from: "", operation: "", ending: "", nth: 1 });
  };
  const here = playhead.clock / 1_000_000;
  return html`<fieldset>
    <legend>When</legend>
    ${choiceField("It stands when", kinds, moment.kind, (kind) => chooseKind(kind as MomentKind))}
    ${moment.kind === "at"
      ? html`${numberField("Time in s", { value: moment.seconds, min: 0, max: 100_000, step: 0.001 }, (value) => set({ seconds: value }))}
          <button type="button" @click=${() => set({ seconds: here })}>At the playhead: ${seconds(playhead.clock)}</button>`
      : nothing}
    ${names === undefined ? nothing : choiceField("Which", plainChoices(names(catalogue)), moment.what, (what) => set({ what }))}
    ${where === undefined ? nothing : choiceField("Where", [ANYWHERE, ...plainChoices(processesOf(run, where))], moment.node, (node) => set({ node }))}
    ${has.includes("from") ? choiceField("Sent by", [["", "anybody"], ...plainChoices(catalogue.processes)], moment.from, (from) => set({ from })) : nothing}
    ${has.includes("operation") ? choiceField("Operation", [["", "any"], ...plainChoices(["get", "put", "delete", "cas"])], moment.operation, (operation) => set({ operation })) : nothing}
    ${has.includes("ending") ? choiceField("It ends", [["", "in any way"], ["ok", "answered"], ["failed", "not done"], ["unknown", "unknown"]], moment.ending, (ending) => set({ ending })) : nothing}
    ${has.includes("nth") ? numberField("Which of them (1 is the first)", { value: moment.nth, min: 1, max: NTH_MAX, step: 1 }, (nth) => set({ nth: Math.round(nth) })) : nothing}
  </fieldset>`;
}

function processesOf({ catalogue: { processes, replicas } }: Run, where: "replica" | "client" | "process"): readonly string[] {
  const of = { replica: processes.slice(0, replicas), client: processes.slice(replicas), process: processes };
  return of[where];
}

// What to look at

/** What was selected and shown when the editor was opened: while it is open, the story selects and shows what it tells. */
export interface Seen {
  selection: Selection | null;
  viewport: TimeSpan | null;
}

/** `time` is the caption's moment. */
export function lookPart(run: Run, { look }: Draft, seen: Seen, time: number | null, change: Change): TemplateResult {
  const said = lookWords(look);
  const add = (part: CaptionLook): void => change({ look: { ...look, ...part } });
  const selected = selectedIn(run, seen);
  const shown = spanIn(seen, time);
  return html`<fieldset>
    <legend>What to look at</legend>
    <p class="said">${said.length === 0 ? "Nothing in particular." : `${said.join(", ")}.`}</p>
    <div class="row">
      <button type="button" ?disabled=${selected === null} title=${selected === null ? "Nothing is selected" : "It is selected when the caption is read"} @click=${() => add(selected ?? {})}>What is selected now</button>
      <button type="button" ?disabled=${shown === null} title=${shown === null ? "The moment is not in what the diagram shows now" : "The diagram shows as much around the moment"} @click=${() => add(shown ?? {})}>The span that is shown now</button>
      <button type="button" class="quiet" ?disabled=${said.length === 0} title=${said.length === 0 ? "There is nothing to leave out" : "It looks at nothing in particular"} @click=${() => change({ look: {} })}>Nothing</button>
    </div>
    ${cellFields(run, look, add, () => {
      const { cell: _cell, ...rest } = look;
      change({ look: rest });
    })}
    ${tickField("Show why: the events that are responsible for what is wrong", look.why === true, (why) => {
      const { why: _why, ...rest } = look;
      change({ look: why ? { ...rest, why } : rest });
    })}
  </fieldset>`;
}

/** An entry of a log: of which replica, at which index. */
function cellFields(run: Run, { cell }: CaptionLook, add: (part: CaptionLook) => void, clear: () => void): TemplateResult {
  const choices: Choice[] = [["", "none"], ...plainChoices(processesOf(run, "replica"))];
  const choose = (node: string): void => (node === "" ? clear() : add({ cell: { node, index: cell?.index ?? 1 } }));
  return html`<div class="row">
    ${choiceField("Log entry of", choices, cell?.node ?? "", choose)}
    ${cell === undefined ? nothing : numberField("At index", { value: cell.index, min: 0, max: INDEX_MAX, step: 1 }, (index) => add({ cell: { ...cell, index: Math.round(index) } }))}
  </div>`;
}

function selectedIn(run: Run, { selection }: Seen): CaptionLook | null {
  if (selection === null || selection.kind === "event") {
    return null;
  }
  if (selection.kind === "node") {
    return { node: run.name(selection.node) };
  }
  return selection.kind === "message" ? { message: selection.message } : { operation: selection.operation };
}

/** As much time as the diagram shows, around the moment. */
function spanIn({ viewport }: Seen, time: number | null): CaptionLook | null {
  if (viewport === null || time === null || viewport.start >= time || viewport.end <= time) {
    return null;
  }
  return { span: { before: Math.round(time - viewport.start), after: Math.round(viewport.end - time) } };
}

function lookWords({ node, message, cell, operation, span, why }: CaptionLook): string[] {
  return [
    ...(node === undefined ? [] : [node]),
    ...(message === undefined ? [] : [`message ${message.toLocaleString("en")}`]),
    ...(cell === undefined ? [] : [`entry ${cell.index} of ${cell.node}`]),
    ...(operation === undefined ? [] : [`operation ${operation.toLocaleString("en")}`]),
    ...(span === undefined ? [] : [`${seconds(span.before)} before and ${seconds(span.after)} after`]),
    ...(why === true ? ["the reason of what is wrong"] : []),
  ];
}

// What to ask

const ASKINGS: readonly Choice[] = [
  ["nothing", "nothing"],
  ["act", "to do something to the run"],
  ["question", "to answer a question"],
];

export function askPart(run: Run, draft: Draft, change: Change): TemplateResult {
  return html`<fieldset>
    <legend>What to ask for</legend>
    ${choiceField("The reader is asked", ASKINGS, draft.asking, (asking) => change({ asking: asking as Asking }))}
    ${draft.asking === "act" ? actFields(run, draft, change) : nothing} ${draft.asking === "question" ? questionFields(draft, change) : nothing}
  </fieldset>`;
}

function actFields(run: Run, draft: Draft, change: Change): TemplateResult {
  const actions = actionsOf(run, draft.action);
  const chosen = JSON.stringify(draft.action);
  const choices: Choice[] = [["null", "choose…"], ...actions.map(({ words, action }): Choice => [JSON.stringify(action), words])];
  const choose = (value: string): void => {
    const found = actions.find(({ action }) => JSON.stringify(action) === value);
    change({ action: found?.action ?? null, words: draft.words === "" && found !== undefined ? found.words.slice(0, MOST.title) : draft.words });
  };
  return html`${choiceField("To do", choices, chosen, choose)} ${textField("The button says", MOST.title, draft.words, (words) => change({ words }))}`;
}

/** What was done to this run already, and what can be done to any run. */
function actionsOf(run: Run, chosen: Action | null): { words: string; action: Action }[] {
  const { whom, groups } = cutOff(run);
  const offers = run.moment.nodes().flatMap((node) => [...powerOffers(run, node), killOffer(run, node)]);
  const all = [
    ...run.moment.doneSoFar().map(({ text, action }) => ({ words: `As was done: ${text}`, action })),
    ...(groups.length === 0 ? [] : [{ words: `Cut off the ${whom}`, action: { partition: { groups } } }]),
    { words: "Heal the network", action: "heal" as const },
    ...offers.map(({ name, action }) => ({ words: name, action })),
  ];
  const isThere = chosen === null || all.some(({ action }) => JSON.stringify(action) === JSON.stringify(chosen));
  return isThere ? all : [{ words: "As it was written", action: chosen }, ...all];
}

function questionFields(draft: Draft, change: Change): TemplateResult {
  return html`${textField("Question", MOST.text, draft.question, (question) => change({ question }))}
    ${textField(CHOICES, MOST.choices * (MOST.title + 2), draft.choices, (choices) => change({ choices }), 3)}
    ${textField("Answer, shown after choosing", MOST.text, draft.answer, (answer) => change({ answer }), 2)}`;
}
