// A caption as it is written: plain fields, turned into a caption and back.

import { seconds } from "../../design/words.js";
import type { Caption, CaptionAsk, CaptionMoment } from "../../engine/engine.js";

/** What the engine takes at most. */
export const MOST = { captions: 40, text: 600, title: 80, choices: 6 };
/** The right choice is marked so, at the beginning of its line. */
const RIGHT = "*";

export interface Draft {
  title: string;
  text: string;
  halt: boolean;
  question: string;
  /** One on each line. */
  choices: string;
  answer: string;
}

export function draftOf({ title, text = "", halt = false, ask }: Caption): Draft {
  const question = ask !== undefined && "question" in ask ? ask.question : null;
  const marked = (choice: string, ordinal: number): string => `${ordinal === question?.right ? RIGHT : ""}${choice}`;
  const choices = question?.choices.map(marked).join("\n") ?? "";
  return { title, text, halt, question: question?.question ?? "", choices, answer: question?.answer ?? "" };
}

/** The caption with what was written; what a form has no field for stays. */
export function written(caption: Caption, draft: Draft): Caption {
  const { ask: before, ...rest } = caption;
  const kept = before !== undefined && "act" in before ? before : undefined;
  const ask = draft.question.trim() === "" ? kept : questionOf(draft);
  const told = { ...rest, title: draft.title.trim(), text: draft.text.trim(), halt: draft.halt };
  return ask === undefined ? told : { ...told, ask };
}

function questionOf({ question, choices, answer }: Draft): CaptionAsk {
  const trimmed = choices.split("\n").map((line) => line.trim());
  const lines = trimmed.filter((line) => line !== "");
  const right = Math.max(0, lines.findIndex((line) => line.startsWith(RIGHT)));
  const plain = lines.map((line) => (line.startsWith(RIGHT) ? line.slice(RIGHT.length).trim() : line));
  return { question: { question: question.trim(), choices: plain, right, answer: answer.trim() } };
}

/** A moment in words: `at 0.900 s`, `second leader of n1`. */
export function momentWords({ on, node, nth = 1 }: CaptionMoment): string {
  if (typeof on === "object" && "at" in on) {
    return `at ${seconds(on.at)}`;
  }
  const [kind, what] = typeof on === "string" ? [on, ""] : (Object.entries(on)[0] ?? ["", ""]);
  const which = nth === 1 ? "first" : `number ${nth}:`;
  const parts = [which, kind, what, node === undefined ? "" : `of ${node}`];
  return parts.filter((word) => word !== "").join(" ");
}
