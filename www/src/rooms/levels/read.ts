// A level read from JSON: what is not as it must be is told with its place. What only the core can know is asked of it
// later (`examine`).

import { Mistaken } from "./exam.js";
import type { Mistake } from "./exam.js";
import type { Level } from "./level.js";

/** Looks at a value, and notes what is wrong with it. */
type Look = (value: unknown, place: string, note: (place: string, words: string) => void) => void;

const text =
  (most: number): Look =>
  (value, place, note) => {
    if (typeof value !== "string" || value.trim() === "") {
      note(place, "it is to be a text");
    } else if (value.length > most) {
      note(place, `it has ${value.length} characters, and may have ${most}`);
    }
  };

const whole =
  (least: number, most: number): Look =>
  (value, place, note) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
      note(place, `it is to be a whole number from ${least} to ${most}`);
    }
  };

const listOf =
  (each: Look, least: number, most: number): Look =>
  (value, place, note) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      note(place, `it is to be a list of ${least} to ${most}`);
      return;
    }
    value.forEach((one, ordinal) => each(one, `${place}[${ordinal}]`, note));
  };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** An object that has these fields and may have those, and no others. */
const object =
  (must: Readonly<Record<string, Look>>, may: Readonly<Record<string, Look>> = {}): Look =>
  (value, place, note) => {
    const at = (name: string): string => (place === "" ? name : `${place}.${name}`);
    if (!isObject(value)) {
      note(place, "it is to be an object");
      return;
    }
    for (const [name, look] of Object.entries(must)) {
      look(value[name], at(name), note);
    }
    for (const [name, given] of Object.entries(value)) {
      if (!(name in must)) {
        const look = may[name];
        if (look === undefined) {
          note(at(name), `there is no such field; there are ${[...Object.keys(must), ...Object.keys(may)].join(", ")}`);
        } else {
          look(given, at(name), note);
        }
      }
    }
  };

/** What the engine looks at. */
const any: Look = (value, place, note) => {
  if (!isObject(value)) {
    note(place, "it is to be an object");
  }
};

const sentence = text(600);
const word = text(80);
const TICKS_MAX = 60_000_000;
const QUESTIONS_MAX = 12;

const outcome: Look = (value, place, note) => {
  const sends = object({ kind: word }, { to: word, fields: any });
  object({}, { rule: word, without: word, sends, unsent: word, now: any })(value, place, note);
  if (isObject(value) && Object.keys(value).length === 0) {
    note(place, "it says nothing: every step would be it");
  }
};

const answer = object({ text: text(160), is: outcome }, { why: sentence, world: word, since: whole(0, QUESTIONS_MAX) });

const question = object({ moment: any, ask: text(300), answers: listOf(answer, 2, 4), why: sentence }, { hint: sentence, know: listOf(word, 0, 12) });

const level = object({
  name: word,
  title: word,
  about: sentence,
  minutes: whole(1, 60),
  role: word,
  scenario: any,
  until: whole(1, TICKS_MAX),
  reach: whole(0, QUESTIONS_MAX),
  questions: listOf(question, 1, QUESTIONS_MAX),
  end: sentence,
  solution: listOf(whole(0, 3), 1, QUESTIONS_MAX),
});

/** Throws all that is wrong. */
export function readLevel(value: unknown): Level {
  const mistakes: Mistake[] = [];
  level(value, "", (place, words) => mistakes.push({ place: place === "" ? "the level" : place, words }));
  if (mistakes.length > 0) {
    throw new Mistaken(mistakes);
  }
  const read = value as Level;
  const { length } = read.questions;
  if (read.reach > length) {
    throw new Mistaken([{ place: "reach", words: `there are ${length} questions` }]);
  }
  if (read.solution.length !== length) {
    throw new Mistaken([{ place: "solution", words: `it is to have an answer for each of the ${length} questions, and has ${read.solution.length}` }]);
  }
  return read;
}

/** A level from a file's text. */
export function levelIn(json: string): Level {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Mistaken([{ place: "the file", words: error instanceof Error ? error.message : String(error) }]);
  }
  return readLevel(value);
}
