// The numbers of a moment in a level's sentences: `{message.term}`, `{my.voted for}`, `{answer.term}`.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { show } from "../../design/words.js";
import type { Step } from "../../engine/clone.js";
import type { Field, FieldValue, NodeView } from "../../engine/engine.js";

const PLACE = /\{([a-z]+)\.([^{}]+)\}/g;

type Name = (process: number) => string;

/** What stands for a place; undefined where nothing does. */
function valueAt(list: string, name: string, step: Step): FieldValue | undefined {
  const fields: Readonly<Record<string, readonly Field[]>> = listsOf(step);
  return fields[list]?.find((each) => each.name === name)?.value;
}

function listsOf({ input, sent, before, after }: Step): Record<string, readonly Field[]> {
  const from = input === null ? [] : [{ name: "from", value: { process: input.from } }];
  return { message: [...from, ...(input?.fields ?? [])], my: ownFields(before), now: ownFields(after), answer: sent[0]?.fields ?? [] };
}

/** A process's own fields, its role and epoch, and where its log ends. */
export function ownFields({ durable, volatile, log, epoch, role }: NodeView): Field[] {
  const last = log?.cells.at(-1);
  const ends = log === null ? [] : [{ name: "last term", value: last?.epoch ?? log.snapshot_epoch }, { name: "last index", value: last?.index ?? log.snapshot_index }];
  return [...durable, ...volatile, ...ends, { name: "epoch", value: epoch }, { name: "role", value: role }];
}

/** The places of a text for which nothing stands. */
export function unknownIn(text: string, step: Step): string[] {
  return [...text.matchAll(PLACE)].flatMap(([, list = "", name = ""]) => (valueAt(list, name, step) === undefined ? [`${list}.${name}`] : []));
}

/** What can stand in a text. */
export function listsIn(step: Step): string {
  return Object.entries(listsOf(step))
    .flatMap(([list, fields]) => fields.map(({ name }) => `{${list}.${name}}`))
    .join(", ");
}

/** A text with the moment's numbers, which stand out. */
export function fill(text: string, step: Step, name: Name): TemplateResult {
  const parts = text.split(PLACE);
  const filled = parts.map((part, ordinal) => {
    const list = parts[ordinal - 1] ?? "";
    switch (ordinal % 3) {
      case 0:
        return html`${part}`;
      case 2:
        return html`<b>${show(valueAt(list, part, step) ?? null, name)}</b>`;
      default:
        return html``;
    }
  });
  return html`${filled}`;
}
