// A caption as it is written: plain fields, turned into a caption and back.

import type { Action, Caption, CaptionAsk, CaptionLook, CaptionMoment } from "../../engine/engine.js";
import { momentOf, momentDraftOf } from "./moment-kinds.js";
import type { MomentDraft } from "./moment-kinds.js";

/** What the engine takes at most. */
export const MOST = { captions: 40, text: 600, title: 80, choices: 6 };
/** The right choice is marked so, at the beginning of its line. */
const RIGHT = "*";

/** What the reader is asked for: nothing, to do something, or to answer. */
export type Asking = "nothing" | "act" | "question";

export interface Draft {
  title: string;
  text: string;
  halt: boolean;
  moment: MomentDraft;
  look: CaptionLook;
  asking: Asking;
  /** What the button says, and what it does. */
  words: string;
  action: Action | null;
  question: string;
  /** One on each line. */
  choices: string;
  answer: string;
}

export function draftOf({ title, text = "", halt = false, moment, look = {}, ask }: Caption): Draft {
  const question = ask !== undefined && "question" in ask ? ask.question : null;
  const act = ask !== undefined && "act" in ask ? ask.act : null;
  const marked = (choice: string, ordinal: number): string => `${ordinal === question?.right ? RIGHT : ""}${choice}`;
  return {
    title,
    text,
    halt,
    moment: momentDraftOf(moment),
    look,
    asking: question !== null ? "question" : act !== null ? "act" : "nothing",
    words: act?.words ?? "",
    action: act?.action ?? null,
    question: question?.question ?? "",
    choices: question?.choices.map(marked).join("\n") ?? "",
    answer: question?.answer ?? "",
  };
}

/** The caption that was written. Throws what is missing. */
export function written(draft: Draft): Caption {
  const ask = askOf(draft);
  const moment: CaptionMoment = momentOf(draft.moment);
  const told = { moment, title: draft.title.trim(), text: draft.text.trim(), halt: draft.halt };
  const look = Object.keys(draft.look).length === 0 ? {} : { look: draft.look };
  return { ...told, ...look, ...(ask === null ? {} : { ask }) };
}

function askOf(draft: Draft): CaptionAsk | null {
  if (draft.asking === "question") {
    return questionOf(draft);
  }
  if (draft.asking === "nothing") {
    return null;
  }
  if (draft.action === null) {
    throw new Error("It is not chosen yet what the reader is to do.");
  }
  return { act: { words: draft.words.trim(), action: draft.action } };
}

function questionOf({ question, choices, answer }: Draft): CaptionAsk {
  const trimmed = choices.split("\n").map((line) => line.trim());
  const lines = trimmed.filter((line) => line !== "");
  const right = lines.findIndex((line) => line.startsWith(RIGHT));
  if (right < 0) {
    throw new Error(`No choice is marked as the right one: write ${RIGHT} before it.`);
  }
  const plain = lines.map((line) => (line.startsWith(RIGHT) ? line.slice(RIGHT.length).trim() : line));
  return { question: { question: question.trim(), choices: plain, right, answer: answer.trim() } };
}
