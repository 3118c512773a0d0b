// A level held against the core: where its questions come in the run, which answer is the step that the core takes, and
// how a wrong answer gets into the world.

import { Clone } from "../../engine/clone.js";
import type { Continuation, Misstep, Step } from "../../engine/clone.js";
import { describeError } from "../../engine/engine.js";
import type { Engines } from "../../engine/engines.js";
import { listsIn, unknownIn } from "./fill.js";
import type { Answer, Level, Question } from "./level.js";
import { isOutcome } from "./outcome.js";

/** A question, with what the core did. */
export interface Posed {
  question: Question;
  /** The event by which the process answers. */
  event: number;
  time: number;
  step: Step;
  /** The place of the answer that is this step. */
  right: number;
}

export interface Exam {
  level: Level;
  clone: Clone;
  posed: readonly Posed[];
}

/** Something that is wrong with a level, and where. */
export interface Mistake {
  place: string;
  words: string;
}

/** All that is wrong with a level. */
export class Mistaken extends Error {
  constructor(readonly mistakes: readonly Mistake[]) {
    super(mistakes.map(({ place, words }) => `${place}: ${words}`).join("\n"));
  }
}

/** How a wrong answer comes into the world. */
export interface World {
  /** The rule that is switched off; null where what the process says gets lost instead. */
  mutation: string | null;
  continuation: Continuation;
}

const UNHEARD = "unheard";

/** Makes the run of a level, and asks the core for all answers. Throws what is wrong with the level. */
export async function examine(engines: Engines, level: Level): Promise<Exam> {
  const clone = await cloneFor(engines, level);
  try {
    const posed = poseAll(clone, level);
    const exam = { level, clone, posed };
    const mistakes = posed.flatMap((each, ordinal) => [...sinceMistakes(each, ordinal), ...mistakesOf(exam, each, `questions[${ordinal}]`), ...solutionMistakes(level, each, ordinal)]);
    if (mistakes.length > 0) {
      throw new Mistaken(mistakes);
    }
    return exam;
  } catch (error) {
    clone.free();
    throw error;
  }
}

async function cloneFor(engines: Engines, { scenario, role }: Level): Promise<Clone> {
  let clone: Clone;
  try {
    clone = await Clone.of(engines, scenario);
  } catch (error) {
    throw new Mistaken([{ place: "scenario", words: describeError(error) }]);
  }
  const { processes, replicas } = clone.catalogue;
  if (!processes.slice(0, replicas).includes(role)) {
    clone.free();
    throw new Mistaken([{ place: "role", words: `the run has no server “${role}”; it has ${processes.slice(0, replicas).join(", ")}` }]);
  }
  return clone;
}

function poseAll(clone: Clone, level: Level): Posed[] {
  const { questions, role, until } = level;
  let reached: ReturnType<Clone["moments"]>;
  try {
    reached = clone.moments(questions.map(({ moment }) => ({ node: role, ...moment })), until);
  } catch (error) {
    throw new Mistaken([{ place: "questions", words: describeError(error).replaceAll("captions[", "questions[") }]);
  }
  let before = -1;
  return questions.map((question, ordinal) => {
    const place = `questions[${ordinal}].moment`;
    const moment = reached[ordinal] ?? null;
    if (moment === null) {
      throw new Mistaken([{ place, words: `it does not come before ${until}` }]);
    }
    if (moment.events <= before) {
      throw new Mistaken([{ place, words: "it comes no later than that of the question before" }]);
    }
    before = moment.events;
    const step = clone.step(moment.events - 1);
    if (step.after.name !== role) {
      throw new Mistaken([{ place, words: `it is ${step.after.name} that acts then, not ${role}` }]);
    }
    return { question, event: moment.events - 1, time: moment.time, step, right: rightIn(clone, question, step, `questions[${ordinal}].answers`) };
  });
}

/** Which answer the core's step is: exactly one. */
function rightIn({ catalogue }: Clone, { answers }: Question, step: Step, place: string): number {
  const right = answers.flatMap(({ is }, ordinal) => (isOutcome(is, step, catalogue) ? [ordinal] : []));
  const [first] = right;
  if (first === undefined || right.length > 1) {
    const did = [...step.event.rules.map(({ name }) => name), ...step.sent.map(({ label }) => `“${label}”`)].join(", ");
    throw new Mistaken([{ place, words: `${right.length === 0 ? "none of them is" : `several of them (${right.join(", ")}) are`} what the core does: ${did}` }]);
  }
  return first;
}

function mistakesOf(exam: Exam, posed: Posed, place: string): Mistake[] {
  const { question, step } = posed;
  const texts: [string, string | undefined][] = [
    ["ask", question.ask],
    ["hint", question.hint],
    ["why", question.why],
    ...question.answers.flatMap(({ text, why }, ordinal): [string, string | undefined][] => [[`answers[${ordinal}].text`, text], [`answers[${ordinal}].why`, why]]),
  ];
  const unknown = texts.flatMap(([where, text]) => unknownIn(text ?? "", step).map((name) => ({ place: `${place}.${where}`, words: `there is no {${name}}; there are ${listsIn(step)}` })));
  return [...unknown, ...question.answers.flatMap((answer, ordinal) => worldMistakes(exam, posed, answer, `${place}.answers[${ordinal}].world`))];
}

/** The rule that a level names must be one without which the core answers so. */
function worldMistakes(exam: Exam, posed: Posed, answer: Answer, place: string): Mistake[] {
  const { world } = answer;
  if (world === undefined || world === UNHEARD) {
    return [];
  }
  if (exam.clone.catalogue.mutations.every(({ name }) => name !== world)) {
    return [{ place, words: `there is no rule “${world}” to switch off` }];
  }
  return misstepTo(exam, posed, answer) === null ? [{ place, words: `without “${world}” the core does not answer so` }] : [];
}

/** An answer may have to do with an earlier question alone. */
function sinceMistakes({ question: { answers } }: Posed, ordinal: number): Mistake[] {
  return answers.flatMap(({ since }, answer) => (since === undefined || since < ordinal ? [] : [{ place: `questions[${ordinal}].answers[${answer}].since`, words: "it is to be an earlier question, from 0" }]));
}

function solutionMistakes({ solution }: Level, { right }: Posed, ordinal: number): Mistake[] {
  return solution[ordinal] === right ? [] : [{ place: `solution[${ordinal}]`, words: `the core’s answer is ${right}, not ${solution[ordinal]}` }];
}

/** Whether a wrong answer can come into the world. */
export function canStand(exam: Exam, posed: Posed, answer: Answer): boolean {
  return answer.world === UNHEARD || misstepTo(exam, posed, answer) !== null;
}

/** The world in which a wrong answer stands; null where no rule that can be switched off leads to it. */
export function worldOf(exam: Exam, posed: Posed, answer: Answer): World | null {
  const { clone, level } = exam;
  if (answer.world === UNHEARD) {
    return { mutation: null, continuation: clone.unheard(posed.event, level.until) };
  }
  const misstep = misstepTo(exam, posed, answer);
  return misstep === null ? null : { mutation: misstep.mutation, continuation: clone.wrong(misstep, level.until) };
}

/** The misstep by which the core itself gives an answer. */
function misstepTo({ clone, posed }: Exam, { event }: Posed, { is, world, since }: Answer): Misstep | null {
  const rules = world === undefined ? clone.catalogue.mutations.map(({ name }) => name) : [world];
  const at = (since === undefined ? undefined : posed[since]?.event) ?? event;
  const missteps = rules.map((mutation) => ({ event: at, mutation }));
  return clone.find(missteps, event, (step) => isOutcome(is, step, clone.catalogue));
}
